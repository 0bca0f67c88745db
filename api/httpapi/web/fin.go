package web

import (
	"net/http"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/httpapi"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// FinsDeConvention serves the forms of the avenants that end a convention (02 §3.7, §3.8).
type FinsDeConvention struct{ Conventions Conventions }

// Routes implements httpapi.Resource.
func (r FinsDeConvention) Routes() []httpapi.Route {
	lire, changer := httpapi.Requires(auth.ViewConvention), httpapi.Requires(auth.ChangeConvention).Write()
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/conventions/:uuid/denonciation", Access: lire, Handler: r.lireDenonciation},
		{Method: http.MethodPut, Path: "/conventions/:uuid/denonciation", Access: changer, Handler: r.enregistrerDenonciation},
		{Method: http.MethodGet, Path: "/conventions/:uuid/resiliation", Access: lire, Handler: r.lireResiliation},
		{Method: http.MethodPut, Path: "/conventions/:uuid/resiliation", Access: changer, Handler: r.enregistrerResiliation},
	}
}

// DenonciationSaisie is the body of the step "denonciation"; an absent field is unchanged.
type DenonciationSaisie struct {
	DateDenonciation    *string     `json:"date_denonciation,omitempty" format:"date" example:"2031-06-30"`
	MotifDenonciation   *string     `json:"motif_denonciation,omitempty" maxLength:"5000"`
	ConfirmerErreurs    bool        `json:"confirmer_erreurs,omitempty"`
	CommentairesResolus []uuid.UUID `json:"commentaires_resolus,omitempty" swaggertype:"array,string" format:"uuid"`
} // @name DenonciationSaisie

// ResiliationSaisie is the body of the step "resiliation"; an absent field is unchanged.
type ResiliationSaisie struct {
	DateResiliation     *string     `json:"date_resiliation,omitempty" format:"date" example:"2027-12-31"`
	MotifResiliation    *string     `json:"motif_resiliation,omitempty" maxLength:"5000"`
	Commentaires        *string     `json:"commentaires,omitempty" maxLength:"5000"`
	ActeResiliation     *string     `json:"acte_resiliation,omitempty" maxLength:"5000"`
	ConfirmerErreurs    bool        `json:"confirmer_erreurs,omitempty"`
	CommentairesResolus []uuid.UUID `json:"commentaires_resolus,omitempty" swaggertype:"array,string" format:"uuid"`
} // @name ResiliationSaisie

// lireDenonciation returns the form of a dénonciation.
//
//	@Summary		Lire l’étape « Dénonciation »
//	@Description	Les champs d’un avenant de dénonciation, avec leurs règles et leurs valeurs. 404 pour une convention ou un autre avenant.
//	@Tags			avenants
//	@Produce		json
//	@Param			uuid	path		string	true	"Identifiant"	format(uuid)
//	@Success		200		{object}	Etape
//	@Header			200		{string}	ETag	"Version"
//	@Failure		400,401,403,404,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/conventions/{uuid}/denonciation [get]
func (r FinsDeConvention) lireDenonciation(c echo.Context) error {
	return r.Conventions.lireEtape(convention.EtapeDenonciation)(c)
}

// enregistrerDenonciation saves the form of a dénonciation.
//
//	@Summary		Enregistrer l’étape « Dénonciation »
//	@Description	Un champ absent ne change pas. Les pièces se déposent par une révision de nature « instruction ».
//	@Tags			avenants
//	@Accept			json
//	@Produce		json
//	@Param			uuid		path		string				true	"Identifiant"	format(uuid)
//	@Param			If-Match	header		string				true	"Version lue, entre guillemets"
//	@Param			corps		body		DenonciationSaisie	true	"Champs à enregistrer"
//	@Success		200			{object}	Etape
//	@Header			200			{string}	ETag	"Nouvelle version"
//	@Failure		400,401,403,404,409,412,413,415,422,428,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/conventions/{uuid}/denonciation [put]
func (r FinsDeConvention) enregistrerDenonciation(c echo.Context) error {
	return r.Conventions.enregistrerEtape(c, convention.EtapeDenonciation)
}

// lireResiliation returns the form of a résiliation.
//
//	@Summary		Lire l’étape « Résiliation »
//	@Description	Les champs d’un avenant de résiliation, avec leurs règles et leurs valeurs. L’acte n’est donné au bailleur que s’il a fait la demande, ou une fois la résiliation validée.
//	@Tags			avenants
//	@Produce		json
//	@Param			uuid	path		string	true	"Identifiant"	format(uuid)
//	@Success		200		{object}	Etape
//	@Header			200		{string}	ETag	"Version"
//	@Failure		400,401,403,404,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/conventions/{uuid}/resiliation [get]
func (r FinsDeConvention) lireResiliation(c echo.Context) error {
	return r.Conventions.lireEtape(convention.EtapeResiliation)(c)
}

// enregistrerResiliation saves the form of a résiliation.
//
//	@Summary		Enregistrer l’étape « Résiliation »
//	@Description	Un champ absent ne change pas. Les pièces de l’acte se déposent par une révision de nature « instruction ».
//	@Tags			avenants
//	@Accept			json
//	@Produce		json
//	@Param			uuid		path		string				true	"Identifiant"	format(uuid)
//	@Param			If-Match	header		string				true	"Version lue, entre guillemets"
//	@Param			corps		body		ResiliationSaisie	true	"Champs à enregistrer"
//	@Success		200			{object}	Etape
//	@Header			200			{string}	ETag	"Nouvelle version"
//	@Failure		400,401,403,404,409,412,413,415,422,428,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/conventions/{uuid}/resiliation [put]
func (r FinsDeConvention) enregistrerResiliation(c echo.Context) error {
	return r.Conventions.enregistrerEtape(c, convention.EtapeResiliation)
}

// FinVue is the end of a convention: asked for by an avenant, planned, or past.
type FinVue struct {
	Genre string     `json:"genre" validate:"required" enums:"denonciation,resiliation"`
	Date  *date.Date `json:"date" extensions:"x-nullable" swaggertype:"string" format:"date"`
	Motif string     `json:"motif" validate:"required"`
	// Phrase is empty while the procedure is not validated.
	Phrase string `json:"phrase" validate:"required" example:"Dénonciation prévue le 30/06/2031"`
	// Terme is the next day the convention would end or be renewed.
	Terme          *date.Date      `json:"terme" extensions:"x-nullable" swaggertype:"string" format:"date"`
	Avertissements []Avertissement `json:"avertissements" validate:"required"`
	// DepotPossible: the caller may deposit the pieces of the acte now.
	DepotPossible bool `json:"depot_possible" validate:"required"`
	ActeVisible   bool `json:"acte_visible" validate:"required"`
	// DepotCommentairesPossible: likewise for the files joined to the comments of a résiliation.
	DepotCommentairesPossible bool `json:"depot_commentaires_possible" validate:"required"`
} // @name FinDeConvention

// vueFin is nil for a convention in force.
func vueFin(p auth.Principal, d *convention.Dossier, jour date.Date) *FinVue {
	f := d.FinDeConvention(jour)
	if f == nil {
		return nil
	}
	v := &FinVue{
		Genre: string(f.Genre), Date: f.Jour, Motif: f.Motif, Phrase: f.Phrase, Terme: f.Terme, Avertissements: []Avertissement{},
		ActeVisible: !f.ActeMasque,
	}
	if r := d.RubriqueInstruction(); r != "" {
		v.DepotPossible = d.PeutAttacher(p, r) == nil
		v.DepotCommentairesPossible = d.Genre() == convention.GenreResiliation && d.PeutAttacher(p, convention.RubriqueCommentaires) == nil
	}
	for _, a := range f.Avertissements {
		v.Avertissements = append(v.Avertissements, Avertissement{a.Code, a.Detail})
	}
	return v
}
