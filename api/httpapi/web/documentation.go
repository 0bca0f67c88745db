package web

import (
	"net/http"

	"apilos/api/httpapi"
	"apilos/api/httpapi/docs"
	"github.com/labstack/echo/v4"
)

// Documentation serves the OpenAPI document of this API, its page, the guide and the list of changes.
type Documentation struct {
	Document           *docs.Document
	Guide, Changements docs.Texte
}

// Routes implements httpapi.Resource.
func (d Documentation) Routes() []httpapi.Route {
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/schema", Access: httpapi.Public(), Handler: d.schema},
		{Method: http.MethodGet, Path: "/docs", Access: httpapi.Public(), Handler: d.page},
		{Method: http.MethodGet, Path: "/guide", Access: httpapi.Public(), Handler: d.guide},
		{Method: http.MethodGet, Path: "/changements", Access: httpapi.Public(), Handler: d.changements},
		{Method: http.MethodGet, Path: "/docs/:fichier", Access: httpapi.Public(), Stream: true, Handler: d.fichier},
	}
}

// schema answers the document.
//
//	@Summary		Document OpenAPI
//	@Description	Le document OpenAPI 3.0 de cette API, en JSON ou en YAML.
//	@Tags			sante
//	@Produce		json,application/yaml
//	@Param			format		query		string			false	"Format"	Enums(json, yaml)	default(json)
//	@Success		200			{object}	object			"Document"
//	@Failure		400,429,500	{object}	httpapi.Problem	"Problème"
//	@Router			/schema [get]
func (d Documentation) schema(c echo.Context) error { return d.Document.Schema(c) }

// page answers the page.
//
//	@Summary		Documentation interactive
//	@Description	Page de documentation de cette API.
//	@Tags			sante
//	@Produce		html
//	@Success		200		{string}	string			"Page"
//	@Failure		429,500	{object}	httpapi.Problem	"Problème"
//	@Router			/docs [get]
func (d Documentation) page(c echo.Context) error { return d.Document.Page(c) }

// fichier answers a file of the page.
//
//	@Summary		Fichier de la documentation
//	@Description	Script ou feuille de style de la page de documentation.
//	@Tags			sante
//	@Produce		text/javascript,text/css
//	@Param			fichier		path		string			true	"Nom du fichier"
//	@Success		200			{string}	string			"Contenu"
//	@Failure		404,429,500	{object}	httpapi.Problem	"Problème"
//	@Router			/docs/{fichier} [get]
func (d Documentation) fichier(c echo.Context) error { return d.Document.File(c) }

// guide answers the guide.
//
//	@Summary		Guide de l’API
//	@Description	Comment lire, suivre et modifier des conventions, avec des exemples exécutés par les tests. En Markdown avec « Accept: text/markdown ».
//	@Tags			sante
//	@Produce		html,text/markdown
//	@Success		200			{string}	string			"Page"
//	@Failure		400,429,500	{object}	httpapi.Problem	"Problème"
//	@Router			/guide [get]
func (d Documentation) guide(c echo.Context) error { return d.Guide.Page(c) }

// changements answers the list of changes.
//
//	@Summary		Changements de l’API
//	@Description	Ce qui est nouveau et ce qui est déprécié, avec la date de retrait. En Markdown avec « Accept: text/markdown ».
//	@Tags			sante
//	@Produce		html,text/markdown
//	@Success		200			{string}	string			"Page"
//	@Failure		400,429,500	{object}	httpapi.Problem	"Problème"
//	@Router			/changements [get]
func (d Documentation) changements(c echo.Context) error { return d.Changements.Page(c) }
