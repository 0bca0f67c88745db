package siapapi

import (
	"net/http"
	"strings"

	"apilos/api/httpapi"

	"github.com/labstack/echo/v4"
)

// Configuration says where SIAP finds the pages and the routes of the platform (05 A.4).
type Configuration struct {
	RacineURLAccesWeb      string `json:"racine_url_acces_web" validate:"required" example:"https://apilos.example.org"`
	URLAccesAPICloture     string `json:"url_acces_api_cloture_operation" validate:"required" example:"/api-siap/v0/close_operation/{NUMERO_OPERATION_SIAP}/"`
	URLAccesAPIAnnulation  string `json:"url_acces_api_annulation_operation" validate:"required" example:"/api-siap/v0/cancel_operation/{NUMERO_OPERATION_SIAP}/"`
	URLAccesAPIConventions string `json:"url_acces_api_conventions_operation" validate:"required" example:"/api-siap/v0/operation/{NUMERO_OPERATION_SIAP}"`
	URLAccesAPIKPI         string `json:"url_acces_api_kpi" validate:"required" example:"/api-siap/v0/convention_kpi/"`
	URLAccesWebOperation   string `json:"url_acces_web_operation" validate:"required" example:"/operations/{NUMERO_OPERATION_SIAP}"`
	URLAccesWebRecherche   string `json:"url_acces_web_recherche" validate:"required" example:"/conventions"`
	Version                string `json:"version" validate:"required" example:"0.0"`
} // @name APiLosConfiguration

const (
	marqueNumero = "{NUMERO_OPERATION_SIAP}" // SIAP replaces it
	versionAPI   = "0.0"                     // 0.0.1 without its last part
)

// config says where the platform is.
//
//	@Summary		Adresses de la plateforme
//	@Description	Les adresses des pages et des routes que le SIAP utilise. « {NUMERO_OPERATION_SIAP} » est à remplacer par le numéro de l’opération. Un jeton valide suffit, sans habilitation.
//	@Tags			config-resource
//	@Success		200				{object}	Configuration	"Adresses"
//	@Failure		401,405,429,500,503	{object}	Erreur			"Refus"
//	@Security		jwtAuth
//	@Router			/config/ [get]
func (r *API) config(c echo.Context) error {
	racine := r.RacineWeb
	if racine == "" {
		racine = c.Scheme() + "://" + c.Request().Host
	}
	return repondre(c, http.StatusOK, Configuration{
		RacineURLAccesWeb:      strings.TrimRight(racine, "/"),
		URLAccesAPICloture:     Base + "/close_operation/" + marqueNumero + "/",
		URLAccesAPIAnnulation:  Base + "/cancel_operation/" + marqueNumero + "/",
		URLAccesAPIConventions: Base + "/operation/" + marqueNumero,
		URLAccesAPIKPI:         Base + "/convention_kpi/",
		URLAccesWebOperation:   "/operations/" + marqueNumero,
		URLAccesWebRecherche:   "/conventions",
		Version:                versionAPI,
	})
}

// schema answers the OpenAPI document.
//
//	@Summary		Document OpenAPI
//	@Description	Ce document, en YAML, ou en JSON avec « format=json » ou « Accept: application/json ».
//	@Tags			config-resource
//	@Produce		json,application/yaml
//	@Param			format	query		string	false	"Forme"	Enums(json, yaml)
//	@Success		200		{object}	object	"Document"
//	@Failure		400,405,429,500,503	{object}	Erreur	"Refus"
//	@Router			/schema/ [get]
func (r *API) schema(c echo.Context) error {
	q, err := httpapi.Query(c, "format")
	if err != nil {
		return err
	}
	defaut := "yaml"
	if strings.Contains(c.Request().Header.Get(echo.HeaderAccept), echo.MIMEApplicationJSON) {
		defaut = "json"
	}
	format := q.Choice("format", defaut, "json", "yaml")
	if err := q.Err(); err != nil {
		return err
	}
	asJSON, asYAML := r.Document.Forms()
	c.Response().Header().Set("Cache-Control", "no-cache")
	c.Response().Header().Add("Vary", echo.HeaderAccept)
	if format == "json" {
		return c.Blob(http.StatusOK, echo.MIMEApplicationJSON, asJSON)
	}
	return c.Blob(http.StatusOK, "application/yaml", asYAML)
}

// page answers the interactive documentation.
//
//	@Summary		Documentation interactive
//	@Description	Le document OpenAPI dans une page où chaque route peut être essayée.
//	@Tags			config-resource
//	@Produce		html
//	@Success		200	{string}	string	"Page"
//	@Failure		405,429,500,503	{object}	Erreur	"Refus"
//	@Router			/schema-ui/ [get]
func (r *API) page(c echo.Context) error { return r.Document.Page(c) }

// fichierPage answers one file of the documentation.
//
//	@Summary		Fichier de la documentation
//	@Description	Script ou feuille de style de la documentation interactive.
//	@Tags			config-resource
//	@Produce		json,text/javascript,text/css
//	@Param			fichier	path		string	true	"Nom du fichier"
//	@Success		200		{string}	string	"Fichier"
//	@Failure		404,405,429,500,503	{object}	Erreur	"Refus"
//	@Router			/schema-ui/{fichier} [get]
func (r *API) fichierPage(c echo.Context) error { return r.Document.File(c) }

// pageRedoc answers the documentation to read.
//
//	@Summary		Documentation à lire
//	@Description	Le document OpenAPI présenté par ReDoc, à lire ou à imprimer.
//	@Tags			config-resource
//	@Produce		html
//	@Success		200	{string}	string	"Page"
//	@Failure		405,429,500,503	{object}	Erreur	"Refus"
//	@Router			/schema-redoc/ [get]
func (r *API) pageRedoc(c echo.Context) error { return r.Document.Redoc(c) }
