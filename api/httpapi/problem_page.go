package httpapi

import (
	"bytes"
	"html/template"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

// noTime disables the date of modification: embedded files have none.
var noTime time.Time

var problemTemplate = template.Must(template.New("probleme").Parse(`<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>{{if .Un}}{{(index .Codes 0).Titre}} – {{end}}Codes d’erreur de l’API APiLos</title>
</head>
<body>
<main>
{{if .Un}}{{with index .Codes 0}}<h1>{{.Titre}}</h1>
<dl>
<dt>Code</dt><dd><code>{{.Code}}</code></dd>
<dt>Statut HTTP</dt><dd>{{.Statut}}</dd>
<dt>Ce que cela veut dire</dt><dd>{{.Explication}}</dd>
<dt>Que faire</dt><dd>{{.QueFaire}}</dd>
</dl>
<p><a href="/problemes">Tous les codes d’erreur</a></p>{{end}}
{{else}}<h1>Codes d’erreur de l’API APiLos</h1>
<p>Le membre « code » d’une réponse d’erreur est stable ; le texte de « detail » est fait pour être lu et peut changer.</p>
<table>
<caption>Codes d’erreur</caption>
<thead><tr><th scope="col">Code</th><th scope="col">Statut</th><th scope="col">Titre</th><th scope="col">Que faire</th></tr></thead>
<tbody>
{{range .Codes}}<tr><th scope="row"><a href="/problemes/{{.Code}}"><code>{{.Code}}</code></a></th><td>{{.Statut}}</td><td>{{.Titre}}</td><td>{{.QueFaire}}</td></tr>
{{end}}</tbody>
</table>{{end}}
</main>
</body>
</html>
`))

// ProblemPages serves /problemes and /problemes/{code}: what the member "type" of a problem links to.
type ProblemPages struct{ Policy PagePolicy }

// Routes implements Resource; they are mounted at the root of the server.
func (p ProblemPages) Routes() []Route {
	return []Route{
		{Method: http.MethodGet, Path: "/problemes", Access: Public(), Handler: p.list},
		{Method: http.MethodGet, Path: "/problemes/:code", Access: Public(), Handler: p.one},
	}
}

func (p ProblemPages) list(c echo.Context) error { return p.write(c, Catalogue(), false) }

func (p ProblemPages) one(c echo.Context) error {
	code := c.Param("code")
	if !validCode(code) {
		return echo.ErrNotFound
	}
	doc, ok := documented(code)
	if !ok {
		return echo.ErrNotFound
	}
	return p.write(c, []CodeDoc{doc}, true)
}

// write answers JSON to programs that ask for it, a page to people.
func (p ProblemPages) write(c echo.Context, docs []CodeDoc, one bool) error {
	if accepts(c.Request(), echo.MIMEApplicationJSON) && !accepts(c.Request(), echo.MIMETextHTML) {
		if one {
			return c.JSON(http.StatusOK, docs[0])
		}
		return c.JSON(http.StatusOK, docs)
	}
	var page bytes.Buffer
	if err := problemTemplate.Execute(&page, struct {
		Un    bool
		Codes []CodeDoc
	}{one, docs}); err != nil {
		return err
	}
	p.Policy.SetHTML(c)
	return c.HTMLBlob(http.StatusOK, page.Bytes())
}

// accepts tells whether the caller names mediaType among what it wants.
func accepts(r *http.Request, mediaType string) bool {
	for _, v := range r.Header.Values(echo.HeaderAccept) {
		for _, item := range strings.Split(v, ",") {
			name, _, _ := strings.Cut(item, ";")
			if strings.EqualFold(strings.TrimSpace(name), mediaType) {
				return true
			}
		}
	}
	return false
}
