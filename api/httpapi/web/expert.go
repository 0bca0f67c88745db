package web

import (
	"context"
	"net/http"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/httpapi"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// ServiceExpert corrects what is signed (convention.Service).
type ServiceExpert interface {
	CorrigerNumero(ctx context.Context, p auth.Principal, id uuid.UUID, version int, numero string) (convention.Resultat, error)
}

// Expert serves the correction of a number in expert mode (02 §2.4). The corrections of the form are those of the steps,
// with the same header.
type Expert struct {
	Service     ServiceExpert
	Conventions Conventions
}

// Routes implements httpapi.Resource.
func (r Expert) Routes() []httpapi.Route {
	return []httpapi.Route{
		{Method: http.MethodPut, Path: "/conventions/:uuid/numero", Access: httpapi.Requires(auth.ChangeConvention).Write(), Handler: r.corrigerNumero},
	}
}

// NumeroSaisi is the body of a correction of number.
type NumeroSaisi struct {
	Numero string `json:"numero" validate:"required" maxLength:"255" example:"87.D.26.0042"`
} // @name NumeroSaisi

// NumeroCorrige is the convention with its new number, and what deserves attention.
type NumeroCorrige struct {
	Convention     Convention      `json:"convention" validate:"required"`
	Avertissements []Avertissement `json:"avertissements" validate:"required"`
} // @name NumeroCorrige

// corrigerNumero gives another number to what is in force.
//
//	@Summary		Corriger le numéro d’une convention ou d’un avenant en vigueur
//	@Description	En mode expert seulement (en-tête X-Mode-Edition), pour le service. Le numéro reste unique ; le statut et le document signé ne changent pas. L’ancien numéro est conservé dans l’historique.
//	@Tags			conventions
//	@Accept			json
//	@Produce		json
//	@Param			uuid			path		string		true	"Identifiant"	format(uuid)
//	@Param			If-Match		header		string		true	"Version lue, entre guillemets"
//	@Param			X-Mode-Edition	header		string		false	"« expert » : corriger une convention en vigueur ; toute autre valeur est sans effet"	example(expert)
//	@Param			corps			body		NumeroSaisi	true	"Numéro"
//	@Success		200				{object}	NumeroCorrige
//	@Header			200				{string}	ETag	"Nouvelle version"
//	@Failure		400,401,403,404,409,412,413,415,422,428,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/conventions/{uuid}/numero [put]
func (r Expert) corrigerNumero(c echo.Context) error {
	id, err := uuidSeul(c)
	if err != nil {
		return err
	}
	version, err := httpapi.IfMatch(c)
	if err != nil {
		return err
	}
	var corps NumeroSaisi
	if err := httpapi.BindJSON(c, &corps); err != nil {
		return err
	}
	ctx, p := c.Request().Context(), httpapi.Principal(c)
	res, err := r.Service.CorrigerNumero(ctx, p, id, version, corps.Numero)
	if err != nil {
		return err
	}
	v, err := r.Conventions.vue(ctx, p, res.Dossier)
	if err != nil {
		return err
	}
	httpapi.SetETag(c, res.Dossier.Convention.Version)
	return c.JSON(http.StatusOK, NumeroCorrige{v, vueAvertissements(res.Avertissements)})
}

func vueAvertissements(avertissements []convention.Avertissement) []Avertissement {
	out := make([]Avertissement, 0, len(avertissements))
	for _, a := range avertissements {
		out = append(out, Avertissement{a.Code, a.Detail})
	}
	return out
}
