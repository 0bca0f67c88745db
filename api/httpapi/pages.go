package httpapi

import (
	"bytes"
	"html/template"
	"net/http"

	"github.com/labstack/echo/v4"
)

// PublicPage is a page of documentation that the server makes itself. It works without script and without the
// application, and has the look of the sign-in pages (their style sheet).
type PublicPage struct {
	Titre string
	Corps template.HTML // already escaped
}

var publicTemplate = template.Must(template.New("page").Parse(`<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/accounts/style.css">
<title>{{.Titre}} – APiLos</title>
</head>
<body class="doc">
<header><div>
<p class="marque">République<br>Française</p>
<p class="service"><strong>APiLos</strong><span>Documentation de l’API</span></p>
</div></header>
<nav aria-label="Documentation"><ul>
<li><a href="/api/v1/guide">Guide</a></li>
<li><a href="/api/v1/docs">Référence</a></li>
<li><a href="/problemes">Codes d’erreur</a></li>
<li><a href="/api/v1/changements">Changements</a></li>
</ul></nav>
<main>
{{.Corps}}
</main>
</body>
</html>
`))

// WritePage answers a public page, with the policy of our pages.
func (p PagePolicy) WritePage(c echo.Context, page PublicPage) error {
	var body bytes.Buffer
	if err := publicTemplate.Execute(&body, page); err != nil {
		return err
	}
	p.SetHTML(c)
	return c.HTMLBlob(http.StatusOK, body.Bytes())
}
