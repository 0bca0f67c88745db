package web

import (
	"context"
	"net/http"

	"apilos/api/auth"
	"apilos/api/httpapi"
	"apilos/api/operation"

	"github.com/labstack/echo/v4"
)

// ServiceProposees lists the operations of a habilitation (operation.Proposeur).
type ServiceProposees interface {
	Proposer(ctx context.Context, p auth.Principal, q string, limite int) (operation.Proposees, error)
}

// OperationsSIAP offers people the operations that SIAP lists for them.
type OperationsSIAP struct{ Service ServiceProposees }

// limiteProposees is how many operations are offered at once.
const limiteProposees = 500

// Routes implements httpapi.Resource.
func (r OperationsSIAP) Routes() []httpapi.Route {
	return []httpapi.Route{{Method: http.MethodGet, Path: "/moi/operations-siap", Access: httpapi.Requires(auth.ViewConvention), Handler: r.lister}}
}

// OperationProposee is an operation that SIAP lists for the habilitation.
type OperationProposee struct {
	Numero  string   `json:"numero" validate:"required" example:"20240870001"`
	Nom     string   `json:"nom" validate:"required" example:"Les Tilleuls de Beaubreuil"`
	Adresse string   `json:"adresse" validate:"required" example:"12 rue des Tilleuls 87000 Limoges"`
	Aides   []string `json:"aides" validate:"required" example:"PLUS,PLAI"`
	Connue  bool     `json:"connue" validate:"required"`
} // @name OperationProposee

// OperationsProposees is the list, or the reason why there is none.
type OperationsProposees struct {
	Resultats []OperationProposee `json:"resultats" validate:"required"`
	Total     int                 `json:"total" validate:"required" minimum:"0"`
	Message   *OperationMessage   `json:"message" extensions:"x-nullable"`
} // @name OperationsProposees

// lister lists the operations of the habilitation.
//
//	@Summary		Lister ses opérations du SIAP
//	@Description	Les opérations que le SIAP donne à l’habilitation active, du plus grand numéro au plus petit, 500 au plus. « connue » dit si l’opération est déjà sur la plateforme. Si le SIAP ne répond pas ou ne sait pas les lister, la liste est vide et « message » dit pourquoi.
//	@Tags			operations
//	@Produce		json
//	@Param			q	query		string	false	"Texte cherché dans le numéro, le nom ou l’adresse"	maxLength(255)
//	@Success		200	{object}	OperationsProposees
//	@Failure		400,401,403,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/moi/operations-siap [get]
func (r OperationsSIAP) lister(c echo.Context) error {
	q, err := httpapi.Query(c, "q")
	if err != nil {
		return err
	}
	texte := q.TextMax("q", 255)
	if err := q.Err(); err != nil {
		return err
	}
	liste, err := r.Service.Proposer(c.Request().Context(), httpapi.Principal(c), texte, limiteProposees)
	if err != nil {
		return err
	}
	out := OperationsProposees{Resultats: make([]OperationProposee, 0, len(liste.Resultats)), Total: liste.Total}
	for _, o := range liste.Resultats {
		out.Resultats = append(out.Resultats, OperationProposee{Numero: o.Numero, Nom: o.Nom, Adresse: o.Adresse, Aides: o.Aides, Connue: o.Connue})
	}
	if liste.Message != nil {
		out.Message = &messagesOperation([]operation.Message{*liste.Message})[0]
	}
	return c.JSON(http.StatusOK, out)
}
