package docs

import (
	"bytes"
	"compress/gzip"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"sort"
	"strings"

	"apilos/api/httpapi"
	"github.com/labstack/echo/v4"
)

//go:embed all:ui
var ui embed.FS

//go:embed init.js
var initScript []byte

// Files of the page, by the name in its address.
const (
	fileScript = "swagger-ui-bundle.js"
	fileStyle  = "swagger-ui.css"
	fileInit   = "init.js"
)

// Document is one OpenAPI document with its page.
type Document struct {
	json, yaml []byte
	page       []byte
	list       []byte // the plain list, whatever the page is
	redoc      *redocPage
	policy     httpapi.PagePolicy
}

// New returns the handlers of a document given in both forms. base is the address of the page, under
// which its files are served; schema is that of the document.
func New(jsonDoc, yamlDoc []byte, base, schema string, policy httpapi.PagePolicy) (*Document, error) {
	page, err := render(jsonDoc, base, schema, Built())
	if err != nil {
		return nil, err
	}
	list, err := render(jsonDoc, base, schema, false)
	if err != nil {
		return nil, err
	}
	redoc, err := newRedoc(pageView{Titre: title(jsonDoc), Base: base, Schema: schema})
	if err != nil {
		return nil, err
	}
	return &Document{json: jsonDoc, yaml: yamlDoc, page: page, list: list, redoc: redoc, policy: policy}, nil
}

// render writes the page: Swagger UI when its files are there, else the plain list.
func render(jsonDoc []byte, base, schema string, built bool) ([]byte, error) {
	var content openAPI
	if err := json.Unmarshal(jsonDoc, &content); err != nil {
		return nil, fmt.Errorf("read OpenAPI document: %w", err)
	}
	text := listTemplate
	if built {
		text = uiTemplate
	}
	tmpl, err := template.New("page").Parse(text)
	if err != nil {
		return nil, fmt.Errorf("read documentation page: %w", err)
	}
	view := pageView{Titre: content.Info.Title, Description: content.Info.Description, Base: base, Schema: schema, Groupes: content.groups()}
	var page bytes.Buffer
	if err := tmpl.Execute(&page, view); err != nil {
		return nil, fmt.Errorf("write documentation page: %w", err)
	}
	return page.Bytes(), nil
}

// title is the title of a document that was read before.
func title(jsonDoc []byte) string {
	var content openAPI
	_ = json.Unmarshal(jsonDoc, &content)
	return content.Info.Title
}

// Built tells whether the files of Swagger UI are in the program.
func Built() bool {
	_, errScript := ui.ReadFile("ui/" + fileScript + ".gz")
	_, errStyle := ui.ReadFile("ui/" + fileStyle + ".gz")
	return errScript == nil && errStyle == nil
}

// Schema answers the document: YAML when asked for by ?format=yaml, JSON otherwise.
func (d *Document) Schema(c echo.Context) error {
	q, err := httpapi.Query(c, "format")
	if err != nil {
		return err
	}
	format := q.Choice("format", "json", "json", "yaml")
	if err := q.Err(); err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-cache")
	if format == "yaml" {
		return c.Blob(http.StatusOK, "application/yaml", d.yaml)
	}
	return c.Blob(http.StatusOK, echo.MIMEApplicationJSON, d.json)
}

// Page answers the documentation page.
func (d *Document) Page(c echo.Context) error {
	d.policy.SetHTML(c)
	return c.HTMLBlob(http.StatusOK, d.page)
}

// List answers the plain list of the operations, which needs no script.
func (d *Document) List(c echo.Context) error {
	d.policy.SetHTML(c)
	return c.HTMLBlob(http.StatusOK, d.list)
}

// Forms returns the document as JSON and as YAML, for an audience that chooses between them in its own way.
func (d *Document) Forms() (asJSON, asYAML []byte) { return d.json, d.yaml }

// File answers one file of the page, named by the path parameter fichier.
func (d *Document) File(c echo.Context) error {
	name := c.Param("fichier")
	c.Response().Header().Set("Cache-Control", "no-cache")
	switch name {
	case fileInit:
		return c.Blob(http.StatusOK, "text/javascript; charset=utf-8", initScript)
	case fileRedocInit:
		return c.Blob(http.StatusOK, "text/javascript; charset=utf-8", redocScript)
	case fileScript, fileRedoc:
		return zipped(c, name, "text/javascript; charset=utf-8")
	case fileStyle:
		return zipped(c, name, "text/css; charset=utf-8")
	}
	return echo.ErrNotFound
}

// zipped sends a file kept compressed, as it is to browsers that take it.
func zipped(c echo.Context, name, mediaType string) error {
	content, err := ui.ReadFile("ui/" + name + ".gz")
	if err != nil {
		return echo.ErrNotFound
	}
	h := c.Response().Header()
	h.Set("Vary", echo.HeaderAcceptEncoding)
	if strings.Contains(c.Request().Header.Get(echo.HeaderAcceptEncoding), "gzip") {
		h.Set(echo.HeaderContentEncoding, "gzip")
		return c.Blob(http.StatusOK, mediaType, content)
	}
	reader, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	plain, err := io.ReadAll(reader)
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	return c.Blob(http.StatusOK, mediaType, plain)
}

// openAPI is the part of a document that the plain list shows.
type openAPI struct {
	Info struct {
		Title       string `json:"title"`
		Description string `json:"description"`
	} `json:"info"`
	Servers []struct {
		URL string `json:"url"`
	} `json:"servers"`
	Tags []struct {
		Name        string `json:"name"`
		Description string `json:"description"`
	} `json:"tags"`
	Paths map[string]map[string]json.RawMessage `json:"paths"`
}

type groupView struct {
	Nom, Description string
	Operations       []operationView
}

type operationView struct{ Methode, Chemin, Resume, Description string }

type pageView struct {
	Titre, Description, Base, Schema string
	Groupes                          []groupView
}

// groups returns the operations under their first tag, in the order of the document's tags.
func (o openAPI) groups() []groupView {
	prefix := ""
	if len(o.Servers) > 0 {
		prefix = o.Servers[0].URL
	}
	byTag := map[string][]operationView{}
	for path, item := range o.Paths {
		for method, raw := range item {
			var op struct {
				Summary     string   `json:"summary"`
				Description string   `json:"description"`
				Tags        []string `json:"tags"`
			}
			if json.Unmarshal(raw, &op) != nil || len(op.Tags) == 0 {
				continue
			}
			byTag[op.Tags[0]] = append(byTag[op.Tags[0]], operationView{strings.ToUpper(method), prefix + path, op.Summary, op.Description})
		}
	}
	var out []groupView
	for _, tag := range o.Tags {
		ops := byTag[tag.Name]
		sort.Slice(ops, func(i, j int) bool {
			return ops[i].Chemin+" "+ops[i].Methode < ops[j].Chemin+" "+ops[j].Methode
		})
		if len(ops) > 0 {
			out = append(out, groupView{tag.Name, tag.Description, ops})
		}
	}
	return out
}
