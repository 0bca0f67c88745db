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

// ServiceMixtes groups and ungroups conventions (convention.Service).
type ServiceMixtes interface {
	Regrouper(ctx context.Context, p auth.Principal, ids []uuid.UUID) (convention.Regroupee, error)
	Degrouper(ctx context.Context, p auth.Principal, id uuid.UUID, version int) (convention.Degroupee, error)
}

// Mixtes serves conventions of several financements (02 §8.1).
type Mixtes struct {
	Service     ServiceMixtes
	Conventions Conventions // shows what comes out
}

// Routes implements httpapi.Resource.
func (r Mixtes) Routes() []httpapi.Route {
	changer := httpapi.Requires(auth.ChangeConvention).Write()
	return []httpapi.Route{
		{Method: http.MethodPost, Path: "/conventions/regroupements", Access: changer, Handler: r.regrouper},
		{Method: http.MethodPost, Path: "/conventions/:uuid/degroupement", Access: changer, Handler: r.degrouper},
	}
}

// RegroupementDemande is the body of a grouping.
type RegroupementDemande struct {
	UUIDs []uuid.UUID `json:"uuids" validate:"required" swaggertype:"array,string"`
} // @name RegroupementDemande

// RegroupementEcart is a value of the form that the conventions did not share (MX-08).
type RegroupementEcart struct {
	Champ    string                      `json:"champ" validate:"required" example:"adresse"`
	Libelle  string                      `json:"libelle" validate:"required" example:"Adresse"`
	Gardee   string                      `json:"gardee" validate:"required"`
	Ecartees []RegroupementValeurEcartee `json:"ecartees" validate:"required"`
} // @name RegroupementEcart

// RegroupementValeurEcartee is a value that was not kept; the journal keeps it.
type RegroupementValeurEcartee struct {
	Financements string `json:"financements" validate:"required" example:"PLAI"`
	Valeur       string `json:"valeur" validate:"required"`
} // @name RegroupementValeurEcartee

// RegroupementFait is the answer to a grouping.
type RegroupementFait struct {
	Convention Convention          `json:"convention" validate:"required"`
	Absorbees  []uuid.UUID         `json:"absorbees" validate:"required" swaggertype:"array,string"`
	Ecarts     []RegroupementEcart `json:"ecarts" validate:"required"`
} // @name RegroupementFait

// DegroupementFait is the answer to an ungrouping.
type DegroupementFait struct {
	Convention Convention            `json:"convention" validate:"required"`
	Creees     []ConventionReference `json:"creees" validate:"required"`
} // @name DegroupementFait

// regrouper makes one convention of several.
//
//	@Summary		Grouper des conventions d’une opération
//	@Description	Les conventions en projet d’une même opération n’en font plus qu’une, avec un lot par financement : la plus ancienne garde son identifiant et reçoit les lots, les commentaires, les événements et les fichiers des autres, dont l’historique se lit avec le sien. « ecarts » donne les valeurs qui différaient. Il n’y a pas de version à fournir : chaque condition est vérifiée à nouveau au moment d’agir.
//	@Tags			conventions
//	@Accept			json
//	@Produce		json
//	@Param			Idempotency-Key	header		string				false	"Clé d’idempotence"
//	@Param			corps			body		RegroupementDemande	true	"Conventions à grouper"
//	@Success		200				{object}	RegroupementFait
//	@Header			200				{string}	ETag	"Version de la convention qui reste"
//	@Failure		400,401,403,404,409,413,415,422,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/conventions/regroupements [post]
func (r Mixtes) regrouper(c echo.Context) error {
	var corps RegroupementDemande
	if err := httpapi.BindJSON(c, &corps); err != nil {
		return err
	}
	ctx, p := c.Request().Context(), httpapi.Principal(c)
	res, err := r.Service.Regrouper(ctx, p, corps.UUIDs)
	if err != nil {
		return err
	}
	v, err := r.Conventions.vue(ctx, p, res.Dossier)
	if err != nil {
		return err
	}
	out := RegroupementFait{Convention: v, Absorbees: res.Absorbees, Ecarts: []RegroupementEcart{}}
	for _, e := range res.Ecarts {
		ecart := RegroupementEcart{Champ: e.Champ, Libelle: e.Libelle, Gardee: e.Gardee}
		for _, x := range e.Ecartees {
			ecart.Ecartees = append(ecart.Ecartees, RegroupementValeurEcartee(x))
		}
		out.Ecarts = append(out.Ecarts, ecart)
	}
	httpapi.SetETag(c, res.Dossier.Convention.Version)
	return c.JSON(http.StatusOK, out)
}

// degrouper gives each lot its own convention.
//
//	@Summary		Dégrouper une convention
//	@Description	La convention garde son premier lot, son identifiant, son numéro, ses commentaires et son historique ; chaque autre lot devient une convention en projet, avec une copie de la saisie et les commentaires posés sur ses lignes.
//	@Tags			conventions
//	@Produce		json
//	@Param			uuid			path		string	true	"Identifiant"	format(uuid)
//	@Param			If-Match		header		string	true	"Version lue, entre guillemets"
//	@Param			Idempotency-Key	header		string	false	"Clé d’idempotence"
//	@Success		200				{object}	DegroupementFait
//	@Header			200				{string}	ETag	"Nouvelle version"
//	@Failure		400,401,403,404,409,412,413,415,422,428,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/conventions/{uuid}/degroupement [post]
func (r Mixtes) degrouper(c echo.Context) error {
	id, err := uuidSeul(c)
	if err != nil {
		return err
	}
	version, err := httpapi.IfMatchOrNone(c)
	if err != nil {
		return err
	}
	ctx, p := c.Request().Context(), httpapi.Principal(c)
	res, err := r.Service.Degrouper(ctx, p, id, version)
	if err != nil {
		return err
	}
	v, err := r.Conventions.vue(ctx, p, res.Dossier)
	if err != nil {
		return err
	}
	out := DegroupementFait{Convention: v, Creees: []ConventionReference{}}
	for _, d := range res.Creees {
		for _, f := range d.Financements() {
			out.Creees = append(out.Creees, ConventionReference{d.Convention.UUID, string(f)})
		}
	}
	httpapi.SetETag(c, res.Dossier.Convention.Version)
	return c.JSON(http.StatusOK, out)
}
