package web

import (
	"apilos/api/convention"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// ChampLibreSaisie is the body of the step "champ_libre".
type ChampLibreSaisie struct {
	ChampLibreAvenant   *string     `json:"champ_libre_avenant,omitempty" maxLength:"5000"`
	ConfirmerErreurs    bool        `json:"confirmer_erreurs,omitempty"`
	CommentairesResolus []uuid.UUID `json:"commentaires_resolus,omitempty" swaggertype:"array,string" format:"uuid"`
} // @name ChampLibreSaisie

// lireChampLibre returns the free text of an avenant.
//
//	@Summary		Lire l’étape « Informations complémentaires » d’un avenant
//	@Description	Le texte imprimé à la fin de l’avenant. 404 pour une convention.
//	@Tags			conventions
//	@Produce		json
//	@Param			uuid			path		string	true	"Identifiant"	format(uuid)
//	@Param			X-Mode-Edition	header		string	false	"« expert » : corriger une convention en vigueur ; toute autre valeur est sans effet"	example(expert)
//	@Success		200				{object}	Etape
//	@Header			200				{string}	ETag	"Version"
//	@Failure		400,401,403,404,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/conventions/{uuid}/champ_libre [get]
func (r Conventions) lireChampLibre(c echo.Context) error {
	return r.lireEtape(convention.EtapeChampLibre)(c)
}

// enregistrerChampLibre saves the free text of an avenant.
//
//	@Summary		Enregistrer l’étape « Informations complémentaires » d’un avenant
//	@Description	Modifiable quand l’avenant coche ce type. Un champ absent ne change pas.
//	@Tags			conventions
//	@Accept			json
//	@Produce		json
//	@Param			uuid		path		string				true	"Identifiant"	format(uuid)
//	@Param			If-Match	header		string				true	"Version lue, entre guillemets"
//	@Param			corps		body		ChampLibreSaisie	true	"Champs à enregistrer"
//	@Param			X-Mode-Edition	header		string	false	"« expert » : corriger une convention en vigueur ; toute autre valeur est sans effet"	example(expert)
//	@Success		200			{object}	Etape
//	@Header			200			{string}	ETag	"Nouvelle version"
//	@Failure		400,401,403,404,409,412,413,415,422,428,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/conventions/{uuid}/champ_libre [put]
func (r Conventions) enregistrerChampLibre(c echo.Context) error {
	return r.enregistrerEtape(c, convention.EtapeChampLibre)
}

// CommentairesSaisie is the body of the step "commentaires".
type CommentairesSaisie struct {
	Commentaires        *string     `json:"commentaires,omitempty" maxLength:"5000"`
	ConfirmerErreurs    bool        `json:"confirmer_erreurs,omitempty"`
	CommentairesResolus []uuid.UUID `json:"commentaires_resolus,omitempty" swaggertype:"array,string" format:"uuid"`
} // @name CommentairesSaisie

// lireMessage returns the message to the service.
//
//	@Summary		Lire l’étape « Commentaires »
//	@Description	Le message à l’attention du service instructeur, jamais imprimé. Les commentaires du service sont à une autre adresse.
//	@Tags			conventions
//	@Produce		json
//	@Param			uuid			path		string	true	"Identifiant"	format(uuid)
//	@Param			X-Mode-Edition	header		string	false	"« expert » : corriger une convention en vigueur ; toute autre valeur est sans effet"	example(expert)
//	@Success		200				{object}	Etape
//	@Header			200				{string}	ETag	"Version"
//	@Failure		400,401,403,404,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/conventions/{uuid}/message-au-service [get]
func (r Conventions) lireMessage(c echo.Context) error {
	return r.lireEtape(convention.EtapeCommentaires)(c)
}

// enregistrerMessage saves the message to the service.
//
//	@Summary		Enregistrer l’étape « Commentaires »
//	@Description	Un champ absent ne change pas.
//	@Tags			conventions
//	@Accept			json
//	@Produce		json
//	@Param			uuid		path		string				true	"Identifiant"	format(uuid)
//	@Param			If-Match	header		string				true	"Version lue, entre guillemets"
//	@Param			corps		body		CommentairesSaisie	true	"Champs à enregistrer"
//	@Param			X-Mode-Edition	header		string	false	"« expert » : corriger une convention en vigueur ; toute autre valeur est sans effet"	example(expert)
//	@Success		200			{object}	Etape
//	@Header			200			{string}	ETag	"Nouvelle version"
//	@Failure		400,401,403,404,409,412,413,415,422,428,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/conventions/{uuid}/message-au-service [put]
func (r Conventions) enregistrerMessage(c echo.Context) error {
	return r.enregistrerEtape(c, convention.EtapeCommentaires)
}
