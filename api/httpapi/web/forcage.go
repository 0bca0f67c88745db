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

// ServiceForcage forces a statut (convention.Service).
type ServiceForcage interface {
	CiblesForcage(ctx context.Context, p auth.Principal, id uuid.UUID) (*convention.Dossier, []convention.CibleForcage, error)
	Forcer(ctx context.Context, p auth.Principal, id uuid.UUID, f convention.Forcage) (*convention.Dossier, error)
}

// Forcages serves the change of statut outside of the table of transitions, for superusers (02 CC-34).
type Forcages struct {
	Service     ServiceForcage
	Conventions Conventions
}

// Routes implements httpapi.Resource.
func (r Forcages) Routes() []httpapi.Route {
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/conventions/:uuid/forcage", Access: httpapi.Requires(auth.ViewConvention), Handler: r.lire},
		{Method: http.MethodPost, Path: "/conventions/:uuid/forcage", Access: httpapi.Requires(auth.ViewConvention).Write(), Handler: r.forcer},
	}
}

// StatutForcable is a statut and what refuses it.
type StatutForcable struct {
	Statut   string         `json:"statut" validate:"required" enums:"PROJET,INSTRUCTION,CORRECTION,A_SIGNER,SIGNEE,PUBLICATION_EN_COURS,PUBLIE,RESILIEE,DENONCEE,ANNULEE"`
	Libelle  string         `json:"libelle" validate:"required"`
	Possible bool           `json:"possible" validate:"required"`
	Refus    []RefusForcage `json:"refus" validate:"required"`
} // @name StatutForcable

// RefusForcage is why a statut cannot be forced.
type RefusForcage struct {
	Code   string `json:"code" validate:"required"`
	Detail string `json:"detail" validate:"required"`
} // @name RefusForcage

// StatutsForcables are the other statuts of a convention.
type StatutsForcables struct {
	Version int              `json:"version" validate:"required"`
	Statuts []StatutForcable `json:"statuts" validate:"required"`
} // @name StatutsForcables

// ForcageDemande is the body of a forced statut.
type ForcageDemande struct {
	Statut string `json:"statut" validate:"required" enums:"PROJET,INSTRUCTION,CORRECTION,A_SIGNER,SIGNEE,PUBLICATION_EN_COURS,PUBLIE,RESILIEE,DENONCEE,ANNULEE"`
	Motif  string `json:"motif" validate:"required" maxLength:"5000" example:"Dénonciation validée par erreur, demande du service du 12 mars"`
} // @name ForcageDemande

// lire lists the statuts that could be forced.
//
//	@Summary		Lister les statuts qui peuvent être forcés
//	@Description	Pour l’administration de la plateforme (superadmin). Chaque statut dit pourquoi il est refusé, quand une règle d’intégrité l’interdit.
//	@Tags			conventions
//	@Produce		json
//	@Param			uuid	path		string	true	"Identifiant"	format(uuid)
//	@Success		200		{object}	StatutsForcables
//	@Header			200		{string}	ETag	"Version"
//	@Failure		400,401,403,404,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/conventions/{uuid}/forcage [get]
func (r Forcages) lire(c echo.Context) error {
	id, err := uuidSeul(c)
	if err != nil {
		return err
	}
	p := httpapi.Principal(c)
	d, cibles, err := r.Service.CiblesForcage(c.Request().Context(), p, id)
	if err != nil {
		return err
	}
	out := StatutsForcables{Version: d.Convention.Version, Statuts: []StatutForcable{}}
	for _, x := range cibles {
		s := StatutForcable{Statut: string(x.Statut), Libelle: x.Statut.Libelle(true, d.Genre()), Possible: len(x.Refus) == 0, Refus: []RefusForcage{}}
		for _, f := range x.Refus {
			s.Refus = append(s.Refus, RefusForcage{f.Code, f.Detail})
		}
		out.Statuts = append(out.Statuts, s)
	}
	httpapi.SetETag(c, d.Convention.Version)
	return c.JSON(http.StatusOK, out)
}

// forcer changes the statut.
//
//	@Summary		Forcer le statut d’une convention ou d’un avenant
//	@Description	Pour l’administration de la plateforme (superadmin), avec un motif, conservé dans l’historique et dans le journal. Aucun courriel ne part ; les alertes d’action du SIAP sont supprimées. Ce qui romprait une règle d’intégrité répond 422 FORCAGE_REFUSE, avec toutes les raisons. Une convention qui sort de sa fin remet en vigueur les avenants qui avaient pris fin avec elle.
//	@Tags			conventions
//	@Accept			json
//	@Produce		json
//	@Param			uuid		path		string			true	"Identifiant"	format(uuid)
//	@Param			If-Match	header		string			true	"Version lue, entre guillemets"
//	@Param			corps		body		ForcageDemande	true	"Statut et motif"
//	@Success		200			{object}	Convention
//	@Header			200			{string}	ETag	"Nouvelle version"
//	@Failure		400,401,403,404,409,412,413,415,422,428,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/conventions/{uuid}/forcage [post]
func (r Forcages) forcer(c echo.Context) error {
	id, err := uuidSeul(c)
	if err != nil {
		return err
	}
	version, err := httpapi.IfMatch(c)
	if err != nil {
		return err
	}
	var corps ForcageDemande
	if err := httpapi.BindJSON(c, &corps); err != nil {
		return err
	}
	ctx, p := c.Request().Context(), httpapi.Principal(c)
	d, err := r.Service.Forcer(ctx, p, id, convention.Forcage{Version: version, Statut: convention.Statut(corps.Statut), Motif: corps.Motif})
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
