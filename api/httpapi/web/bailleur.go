package web

import (
	"context"
	"net/http"

	"apilos/api/auth"
	"apilos/api/compte"
	"apilos/api/httpapi"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// ListeEntites lists bailleurs or administrations in the perimeter of a principal, with their total.
type ListeEntites interface {
	Lister(ctx context.Context, p auth.Principal, q string, limite, decalage int) ([]compte.LigneEntite, int, error)
}

// Bailleurs serves the landlords that the caller may know of.
type Bailleurs struct {
	Liste  ListeEntites
	Fiches ServiceBailleurs
}

// Routes implements httpapi.Resource.
func (r Bailleurs) Routes() []httpapi.Route {
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/bailleurs", Access: httpapi.Requires(auth.ViewBailleur), Handler: r.lister},
		{Method: http.MethodGet, Path: "/bailleurs/:uuid", Access: httpapi.Requires(auth.ViewBailleur), Handler: r.lire},
		{Method: http.MethodPatch, Path: "/bailleurs/:uuid", Access: httpapi.Requires(auth.ChangeBailleur).Write(), Handler: r.modifier},
	}
}

// LigneBailleur is a bailleur in a list.
type LigneBailleur struct {
	UUID  uuid.UUID `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Nom   string    `json:"nom" validate:"required"`
	Siren *string   `json:"siren" extensions:"x-nullable" example:"900000001"`
} // @name LigneBailleur

// PageBailleurs is a page of bailleurs.
type PageBailleurs struct {
	Resultats []LigneBailleur `json:"resultats" validate:"required"`
	Page      int             `json:"page" validate:"required" minimum:"1"`
	ParPage   int             `json:"par_page" validate:"required" minimum:"1" maximum:"100"`
	Total     int             `json:"total" validate:"required" minimum:"0"`
} // @name PageBailleurs

// lister lists bailleurs.
//
//	@Summary		Lister les bailleurs
//	@Description	Les bailleurs de votre périmètre : le vôtre et ceux qu’il a absorbés, ou ceux des opérations que vous voyez. « siren » est nul pour un bailleur privé, dont l’adresse électronique n’est jamais donnée.
//	@Tags			referentiels
//	@Produce		json
//	@Param			q			query		string			false	"Partie du nom, ou début du SIREN"	maxLength(1000)
//	@Param			page		query		int				false	"Page"				minimum(1)	default(1)
//	@Param			par_page	query		int				false	"Lignes par page"	minimum(1)	maximum(100)	default(20)
//	@Success		200			{object}	PageBailleurs	"Page de bailleurs"
//	@Failure		400,401,403,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/bailleurs [get]
func (r Bailleurs) lister(c echo.Context) error {
	page, lignes, total, err := listerEntites(c, r.Liste)
	if err != nil {
		return err
	}
	out := make([]LigneBailleur, 0, len(lignes))
	for _, l := range lignes {
		out = append(out, LigneBailleur{UUID: l.UUID, Nom: l.Nom, Siren: ouNul(l.Code)})
	}
	return httpapi.JSONPage(c, page, total, out)
}

// listerEntites reads the parameters that both lists share and asks for the page.
func listerEntites(c echo.Context, liste ListeEntites) (httpapi.Pagination, []compte.LigneEntite, int, error) {
	q, err := httpapi.Query(c, "q", "page", "par_page")
	if err != nil {
		return httpapi.Pagination{}, nil, 0, err
	}
	page, texte := q.Page(), q.Text("q")
	if err := q.Err(); err != nil {
		return page, nil, 0, err
	}
	lignes, total, err := liste.Lister(c.Request().Context(), httpapi.Principal(c), texte, page.ParPage, page.Offset())
	return page, lignes, total, err
}
