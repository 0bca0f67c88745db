package web

import (
	"context"
	"net/http"
	"time"

	"apilos/api/administration"
	"apilos/api/auth"
	"apilos/api/httpapi"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// ServiceAdministrations reads and changes one administration.
type ServiceAdministrations interface {
	Lire(ctx context.Context, p auth.Principal, id uuid.UUID) (administration.Administration, error)
	Modifier(ctx context.Context, p auth.Principal, id uuid.UUID, version int, m administration.Modification) (administration.Administration, error)
}

// AdministrationFiche is an administration with all that its page shows.
type AdministrationFiche struct {
	UUID                    uuid.UUID `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Version                 int       `json:"version" validate:"required"`
	Nom                     string    `json:"nom" validate:"required"`
	Code                    string    `json:"code" validate:"required" example:"DD035"`
	VilleSignature          string    `json:"ville_signature" validate:"required"`
	Adresse                 string    `json:"adresse" validate:"required"`
	CodePostal              string    `json:"code_postal" validate:"required"`
	Ville                   string    `json:"ville" validate:"required"`
	NbConventionExemplaires int       `json:"nb_convention_exemplaires" validate:"required" minimum:"1" maximum:"20"`
	SignataireBlocSignature string    `json:"signataire_bloc_signature" validate:"required"`
	CreeLe                  time.Time `json:"cree_le" validate:"required"`
	MisAJourLe              time.Time `json:"mis_a_jour_le" validate:"required"`
} // @name Administration

// AdministrationModification is the body of a change: what is absent stays, null erases.
type AdministrationModification struct {
	VilleSignature          httpapi.Optional[string] `json:"ville_signature" swaggertype:"string" extensions:"x-nullable" maxLength:"255"`
	Adresse                 httpapi.Optional[string] `json:"adresse" swaggertype:"string" extensions:"x-nullable" maxLength:"1000"`
	CodePostal              httpapi.Optional[string] `json:"code_postal" swaggertype:"string" extensions:"x-nullable" maxLength:"5"`
	Ville                   httpapi.Optional[string] `json:"ville" swaggertype:"string" extensions:"x-nullable" maxLength:"255"`
	SignataireBlocSignature httpapi.Optional[string] `json:"signataire_bloc_signature" swaggertype:"string" extensions:"x-nullable" maxLength:"5000"`
	NbConventionExemplaires httpapi.Optional[int]    `json:"nb_convention_exemplaires" swaggertype:"integer" extensions:"x-nullable" minimum:"1" maximum:"20"`
} // @name AdministrationModification

func vueAdministration(a administration.Administration) AdministrationFiche {
	return AdministrationFiche{
		UUID: a.UUID, Version: a.Version, Nom: a.Nom, Code: a.Code, VilleSignature: a.VilleSignature, Adresse: a.Adresse, CodePostal: a.CodePostal,
		Ville: a.Ville, NbConventionExemplaires: a.NbConventionExemplaires, SignataireBlocSignature: a.SignataireBlocSignature,
		CreeLe: a.CreeLe, MisAJourLe: a.MisAJourLe,
	}
}

// lire returns one administration.
//
//	@Summary		Lire une administration
//	@Description	Un service instructeur de votre périmètre, avec ce qui figure sur les conventions qu’il signe.
//	@Tags			referentiels
//	@Produce		json
//	@Param			uuid	path		string				true	"Identifiant"	format(uuid)
//	@Success		200		{object}	AdministrationFiche	"Administration"
//	@Failure		400,401,403,404,429,500	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/administrations/{uuid} [get]
func (r Administrations) lire(c echo.Context) error {
	id, err := uuidSeul(c)
	if err != nil {
		return err
	}
	a, err := r.Fiches.Lire(c.Request().Context(), httpapi.Principal(c), id)
	if err != nil {
		return err
	}
	httpapi.SetETag(c, a.Version)
	return c.JSON(http.StatusOK, vueAdministration(a))
}

// modifier changes an administration.
//
//	@Summary		Modifier une administration
//	@Description	Par une personne de ce service instructeur. Le nom et le code, donnés par le SIAP, ne se modifient pas ici.
//	@Tags			referentiels
//	@Accept			application/merge-patch+json,json
//	@Produce		json
//	@Param			uuid		path		string						true	"Identifiant"	format(uuid)
//	@Param			If-Match	header		string						true	"Version lue, entre guillemets"
//	@Param			corps		body		AdministrationModification	true	"Informations à changer"
//	@Success		200			{object}	AdministrationFiche			"Administration à jour"
//	@Header			200			{string}	ETag						"Nouvelle version"
//	@Failure		400,401,403,404,412,413,415,422,428,429,500	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/administrations/{uuid} [patch]
func (r Administrations) modifier(c echo.Context) error {
	id, err := httpapi.UUIDParam(c, "uuid")
	if err != nil {
		return err
	}
	version, err := httpapi.IfMatch(c)
	if err != nil {
		return err
	}
	var corps AdministrationModification
	if err := httpapi.BindJSON(c, &corps); err != nil {
		return err
	}
	a, err := r.Fiches.Modifier(c.Request().Context(), httpapi.Principal(c), id, version, administration.Modification{
		VilleSignature: fusionne(corps.VilleSignature), Adresse: fusionne(corps.Adresse), CodePostal: fusionne(corps.CodePostal), Ville: fusionne(corps.Ville),
		SignataireBlocSignature: fusionne(corps.SignataireBlocSignature), NbConventionExemplaires: fusionne(corps.NbConventionExemplaires),
	})
	if err != nil {
		return err
	}
	httpapi.SetETag(c, a.Version)
	return c.JSON(http.StatusOK, vueAdministration(a))
}
