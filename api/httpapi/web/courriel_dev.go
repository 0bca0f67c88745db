package web

import (
	"bytes"
	_ "embed"
	"errors"
	"html/template"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"apilos/api/date"
	"apilos/api/fault"
	"apilos/api/httpapi"
	"apilos/api/mail"

	"github.com/labstack/echo/v4"
)

const (
	cheminCourriels      = "/__dev/mails"
	cheminStyleCourriels = cheminCourriels + "/style.css"
	maxCourriels         = 200
	// politiqueBoite is that of the pages of the mailbox: our style sheet, the frame of the message, nothing else.
	politiqueBoite = "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	// politiqueMessage is that of a message shown as its reader would see it: its own styles, no script, no
	// form, nothing loaded; its links open elsewhere.
	politiqueMessage = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'self'"
)

//go:embed courriel_dev.css
var styleCourriels []byte

// Boite is the mailbox of a platform that sends nothing (mail.Directory).
type Boite interface {
	List(limit int) ([]mail.Envelope, error)
	Read(id string) (*mail.Received, error)
}

// CourrielsDev shows the messages that development writes instead of sending. It is mounted at the root of
// the server, in development only: anybody who reaches it reads everything.
type CourrielsDev struct{ Boite Boite }

// Routes implements httpapi.Resource.
func (r CourrielsDev) Routes() []httpapi.Route {
	return []httpapi.Route{
		{Method: http.MethodGet, Path: cheminCourriels, Access: httpapi.Public(), Handler: r.liste},
		{Method: http.MethodGet, Path: cheminStyleCourriels, Access: httpapi.Public(), Handler: r.style},
		{Method: http.MethodGet, Path: cheminCourriels + "/:id", Access: httpapi.Public(), Handler: r.message},
		{Method: http.MethodGet, Path: cheminCourriels + "/:id/corps", Access: httpapi.Public(), Handler: r.corps},
	}
}

var modeleCourriels = template.Must(template.New("courriels").Funcs(template.FuncMap{
	"heure": func(t time.Time) string { return t.In(date.Paris()).Format("02/01/2006 à 15:04:05") },
	"iso":   func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
	"liste": func(l []string) string { return strings.Join(l, ", ") },
}).Parse(`{{define "debut"}}<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{{.}} – Courriels – APiLos (développement)</title>
<link rel="stylesheet" href="/__dev/mails/style.css">
</head>
<body>
<header><p><strong>APiLos</strong> – courriels écrits au lieu d’être envoyés. Cette page n’existe qu’en développement.</p></header>
<main>{{end}}
{{define "fin"}}</main>
</body>
</html>
{{end}}
{{define "page-liste"}}{{template "debut" "Boîte aux lettres"}}
<h1>Boîte aux lettres</h1>
<p>{{if .}}{{len .}} message{{if gt (len .) 1}}s{{end}}, du plus récent au plus ancien.{{else}}Aucun message pour l’instant. Soumettez une convention pour en voir un ici.{{end}} <a href="/__dev/mails">Actualiser</a></p>
{{if .}}<ol class="messages">
{{range .}}<li>
<a href="/__dev/mails/{{.ID}}">{{.Subject}}</a>
<dl>
<div><dt>À</dt><dd>{{liste .To}}</dd></div>
{{if .Cc}}<div><dt>Copie</dt><dd>{{liste .Cc}}</dd></div>
{{end}}<div><dt>Le</dt><dd><time datetime="{{iso .Date}}">{{heure .Date}}</time></dd></div>
{{if .Files}}<div><dt>Pièces jointes</dt><dd>{{.Files}}</dd></div>
{{end}}</dl>
</li>
{{end}}</ol>{{end}}
{{template "fin"}}{{end}}
{{define "page-message"}}{{template "debut" .Message.Subject}}
<p><a href="/__dev/mails">Retour à la boîte aux lettres</a></p>
<h1>{{.Message.Subject}}</h1>
<dl>
<div><dt>De</dt><dd>{{.Message.From}}</dd></div>
<div><dt>À</dt><dd>{{liste .Message.To}}</dd></div>
{{if .Message.Cc}}<div><dt>Copie</dt><dd>{{liste .Message.Cc}}</dd></div>
{{end}}<div><dt>Le</dt><dd><time datetime="{{iso .Message.Date}}">{{heure .Message.Date}}</time></dd></div>
<div><dt>Identifiant</dt><dd><code>{{.Message.MessageID}}</code></dd></div>
{{range .Message.Attachments}}<div><dt>Pièce jointe</dt><dd>{{.Name}} ({{len .Content}} octets)</dd></div>
{{end}}</dl>
{{if .Liens}}<h2>Liens</h2>
<ul class="liens">
{{range .Liens}}<li><a href="{{.}}">{{.}}</a></li>
{{end}}</ul>{{end}}
<h2>Version mise en forme</h2>
<iframe src="/__dev/mails/{{.Message.ID}}/corps" title="Message mis en forme" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>
<h2>Version texte</h2>
<pre tabindex="0" aria-label="Texte du message">{{.Message.Text}}</pre>
{{template "fin"}}{{end}}
`))

// liste shows the newest messages.
func (r CourrielsDev) liste(c echo.Context) error {
	messages, err := r.Boite.List(maxCourriels)
	if err != nil {
		return err
	}
	return r.page(c, "page-liste", messages)
}

// message shows one message in its two versions, with its links.
func (r CourrielsDev) message(c echo.Context) error {
	m, err := r.lire(c)
	if err != nil {
		return err
	}
	return r.page(c, "page-message", struct {
		Message *mail.Received
		Liens   []string
	}{m, liensDe(m.Text)})
}

// corps serves the HTML version alone, for the frame of the message page.
func (r CourrielsDev) corps(c echo.Context) error {
	m, err := r.lire(c)
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Content-Security-Policy", politiqueMessage)
	h.Set("X-Frame-Options", "SAMEORIGIN")
	return c.HTML(http.StatusOK, strings.Replace(m.HTML, "<head>", `<head><base target="_blank">`, 1))
}

func (r CourrielsDev) lire(c echo.Context) (*mail.Received, error) {
	m, err := r.Boite.Read(c.Param("id"))
	if errors.Is(err, mail.ErrNotFound) {
		return nil, fault.Introuvable("Ce message")
	}
	return m, err
}

func (r CourrielsDev) page(c echo.Context, modele string, donnees any) error {
	var corps bytes.Buffer
	if err := modeleCourriels.ExecuteTemplate(&corps, modele, donnees); err != nil {
		return err
	}
	c.Response().Header().Set("Content-Security-Policy", politiqueBoite)
	return c.HTMLBlob(http.StatusOK, corps.Bytes())
}

func (r CourrielsDev) style(c echo.Context) error {
	return c.Blob(http.StatusOK, "text/css; charset=utf-8", styleCourriels)
}

var reLien = regexp.MustCompile(`https?://[^\s<>"]+`)

// liensDe lists the addresses of a text, once each.
func liensDe(texte string) []string {
	liens := reLien.FindAllString(texte, -1)
	for i, l := range liens {
		liens[i] = strings.TrimRight(l, ".,;:)»")
	}
	slices.Sort(liens)
	return slices.Compact(liens)
}
