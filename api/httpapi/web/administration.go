package web

import (
	"net/http"

	"apilos/api/auth"
	"apilos/api/httpapi"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// Administrations serves the instructing services that the caller may know of.
type Administrations struct {
	Liste  ListeEntites
	Fiches ServiceAdministrations
}

// Routes implements httpapi.Resource.
func (r Administrations) Routes() []httpapi.Route {
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/administrations", Access: httpapi.Requires(auth.ViewAdministration), Handler: r.lister},
		{Method: http.MethodGet, Path: "/administrations/:uuid", Access: httpapi.Requires(auth.ViewAdministration), Handler: r.lire},
		{Method: http.MethodPatch, Path: "/administrations/:uuid", Access: httpapi.Requires(auth.ChangeAdministration).Write(), Handler: r.modifier},
	}
}

// LigneAdministration is an administration in a list.
type LigneAdministration struct {
	UUID uuid.UUID `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Nom  string    `json:"nom" validate:"required"`
	Code string    `json:"code" validate:"required" example:"DD035"`
} // @name LigneAdministration

// PageAdministrations is a page of administrations.
type PageAdministrations struct {
	Resultats []LigneAdministration `json:"resultats" validate:"required"`
	Page      int                   `json:"page" validate:"required" minimum:"1"`
	ParPage   int                   `json:"par_page" validate:"required" minimum:"1" maximum:"100"`
	Total     int                   `json:"total" validate:"required" minimum:"0"`
} // @name PageAdministrations

// lister lists administrations.
//
//	@Summary		Lister les administrations
//	@Description	Les services instructeurs de votre périmètre : le vôtre, et ceux des opérations que vous voyez.
//	@Tags			referentiels
//	@Produce		json
//	@Param			q			query		string				false	"Partie du nom, ou début du code"	maxLength(1000)
//	@Param			page		query		int					false	"Page"				minimum(1)	default(1)
//	@Param			par_page	query		int					false	"Lignes par page"	minimum(1)	maximum(100)	default(20)
//	@Success		200			{object}	PageAdministrations	"Page d’administrations"
//	@Failure		400,401,403,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/administrations [get]
func (r Administrations) lister(c echo.Context) error {
	page, lignes, total, err := listerEntites(c, r.Liste)
	if err != nil {
		return err
	}
	out := make([]LigneAdministration, 0, len(lignes))
	for _, l := range lignes {
		out = append(out, LigneAdministration{UUID: l.UUID, Nom: l.Nom, Code: l.Code})
	}
	return httpapi.JSONPage(c, page, total, out)
}
