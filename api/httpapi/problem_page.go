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

var problemTemplate = template.Must(template.New("probleme").Parse(`{{if .Un}}{{with index .Codes 0}}<h1>{{.Titre}}</h1>
<dl>
<dt>Code</dt><dd><code>{{.Code}}</code></dd>
<dt>Statut HTTP</dt><dd>{{.Statut}}</dd>
<dt>Ce que cela veut dire</dt><dd>{{.Explication}}</dd>
<dt>Que faire</dt><dd>{{.QueFaire}}</dd>
</dl>
<p><a href="/problemes">Tous les codes d’erreur</a></p>{{end}}
{{else}}<h1>Codes d’erreur de l’API</h1>
<p>Le membre « code » d’une réponse d’erreur est stable ; le texte de « detail » est fait pour être lu et peut changer.</p>
<div class="tableau" tabindex="0" role="region" aria-label="Codes d’erreur"><table>
<caption>Codes d’erreur</caption>
<thead><tr><th scope="col">Code</th><th scope="col">Statut</th><th scope="col">Titre</th><th scope="col">Que faire</th></tr></thead>
<tbody>
{{range .Codes}}<tr><th scope="row"><a href="/problemes/{{.Code}}"><code>{{.Code}}</code></a></th><td>{{.Statut}}</td><td>{{.Titre}}</td><td>{{.QueFaire}}</td></tr>
{{end}}</tbody>
</table></div>{{end}}`))

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
	var corps bytes.Buffer
	if err := problemTemplate.Execute(&corps, struct {
		Un    bool
		Codes []CodeDoc
	}{one, docs}); err != nil {
		return err
	}
	titre := "Codes d’erreur de l’API"
	if one {
		titre = docs[0].Titre
	}
	return p.Policy.WritePage(c, PublicPage{Titre: titre, Corps: template.HTML(corps.String())}) //nolint:gosec // made by html/template just above
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
