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

// ServiceTypes chooses the type I or II of a convention (convention.Service).
type ServiceTypes interface {
	ChoisirType(ctx context.Context, p auth.Principal, id uuid.UUID, version int, c convention.ChoixType) (*convention.Dossier, error)
}

// TypesConvention serves the block I or II (02 NA-03).
type TypesConvention struct {
	Service     ServiceTypes
	Conventions Conventions
}

// Routes implements httpapi.Resource.
func (r TypesConvention) Routes() []httpapi.Route {
	return []httpapi.Route{
		{Method: http.MethodPut, Path: "/conventions/:uuid/type1and2", Access: httpapi.Requires(auth.ChangeConvention).Write(), Handler: r.choisir},
	}
}

// ConventionTypeChoisi is the type of a convention whose bailleur is neither HLM nor SEM; absent for the others.
type ConventionTypeChoisi struct {
	Valeur     *string `json:"valeur" extensions:"x-nullable" enums:"Type1,Type2"`
	Options    []int32 `json:"options" validate:"required"` // clauses du type II conservées, de 1 à 8
	Modifiable bool    `json:"modifiable" validate:"required"`
} // @name ConventionTypeChoisi

func vueType(p auth.Principal, d *convention.Dossier) *ConventionTypeChoisi {
	if !d.TypeUnDeuxRequis() {
		return nil
	}
	return &ConventionTypeChoisi{Valeur: d.Convention.Type1and2, Options: append([]int32{}, d.Convention.Type2Options...), Modifiable: d.TypeModifiable(p)}
}

// ConventionTypeSaisi is the body of a choice.
type ConventionTypeSaisi struct {
	Type1and2 *string `json:"type1and2" extensions:"x-nullable" enums:"Type1,Type2"`
	Options   []int   `json:"options"` // absentes : inchangées
} // @name ConventionTypeSaisi

// choisir writes the type.
//
//	@Summary		Choisir le type I ou II d’une convention
//	@Description	Pour un bailleur ni HLM ni SEM, hors foyer et résidence ; le bailleur et le service le choisissent, en projet, en instruction ou en correction. « options » donne les logements concernés d’un type II : celles qui manquent sont rayées dans le document.
//	@Tags			conventions
//	@Accept			json
//	@Produce		json
//	@Param			uuid		path		string				true	"Identifiant"	format(uuid)
//	@Param			If-Match	header		string				true	"Version lue, entre guillemets"
//	@Param			corps		body		ConventionTypeSaisi	true	"Type et options"
//	@Success		200			{object}	Convention
//	@Header			200			{string}	ETag	"Nouvelle version"
//	@Failure		400,401,403,404,409,412,413,415,422,428,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/conventions/{uuid}/type1and2 [put]
func (r TypesConvention) choisir(c echo.Context) error {
	id, err := uuidSeul(c)
	if err != nil {
		return err
	}
	version, err := httpapi.IfMatchOrNone(c)
	if err != nil {
		return err
	}
	var corps ConventionTypeSaisi
	if err := httpapi.BindJSON(c, &corps); err != nil {
		return err
	}
	ctx, p := c.Request().Context(), httpapi.Principal(c)
	d, err := r.Service.ChoisirType(ctx, p, id, version, convention.ChoixType{Valeur: corps.Type1and2, Options: corps.Options})
	if err != nil {
		return err
	}
	v, err := r.Conventions.vue(ctx, p, d)
	if err != nil {
		return err
	}
	httpapi.SetETag(c, d.Convention.Version)
	return c.JSON(http.StatusOK, v)
}
