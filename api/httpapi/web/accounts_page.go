package web

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"

	"apilos/api/httpapi"

	"github.com/labstack/echo/v4"
)

const cheminStyle = "/accounts/style.css"

//go:embed accounts.css
var feuilleStyle []byte

// PagesConnexion writes the few pages that the server makes itself, for people who have no session: why a
// sign-in failed, whether to leave. They work without script and without the application.
type PagesConnexion struct {
	Politique     httpapi.PagePolicy
	URLAssistance string // SIAP_ASSISTANCE_URL, "" for none
}

type pageConnexion struct {
	Titre, Texte  string
	Formulaire    string // where the button posts, "" without button
	Bouton        string
	Liens         []lienPage
	URLAssistance string
	Requete       string // number to quote to the support, "" when nothing went wrong
}

type lienPage struct{ Libelle, URL string }

var modelePage = template.Must(template.New("connexion").Parse(`<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{{.Titre}} – APiLos</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/accounts/style.css">
</head>
<body>
<header><div>
<p class="marque">République<br>Française</p>
<p class="service"><strong>APiLos</strong><span>Conventions APL des logements sociaux</span></p>
</div></header>
<main>
<h1>{{.Titre}}</h1>
<p class="texte">{{.Texte}}</p>
{{if .Formulaire}}<form method="post" action="{{.Formulaire}}"><button class="bouton" type="submit">{{.Bouton}}</button></form>{{end}}
{{if .Liens}}<ul class="actions">
{{range .Liens}}<li><a class="bouton" href="{{.URL}}">{{.Libelle}}</a></li>
{{end}}</ul>{{end}}
{{if .Requete}}<p class="reference">Numéro à donner à l’assistance : <code>{{.Requete}}</code></p>{{end}}
</main>
{{if .URLAssistance}}<footer><p><a href="{{.URLAssistance}}">Contacter l’assistance</a></p></footer>
{{end}}</body>
</html>
`))

func (p PagesConnexion) ecrire(c echo.Context, statut int, contenu pageConnexion) error {
	contenu.URLAssistance = p.URLAssistance
	var corps bytes.Buffer
	if err := modelePage.Execute(&corps, contenu); err != nil {
		return err
	}
	p.Politique.SetHTML(c)
	c.Response().Header().Set("Cache-Control", "no-store")
	c.Response().Header().Set("Referrer-Policy", "no-referrer")
	if c.Request().Method == http.MethodHead {
		return c.NoContent(statut)
	}
	return c.HTMLBlob(statut, corps.Bytes())
}

// EcrireProbleme is the httpapi.ProblemWriter of the prefix /accounts: the problem as a page.
func (p PagesConnexion) EcrireProbleme(c echo.Context, pb httpapi.Problem) error {
	contenu := pageConnexion{Titre: titreConnexion(pb), Texte: pb.Detail, Requete: pb.RequestID}
	if gestion, ok := pb.Extra("lien_gestion").(string); ok {
		contenu.Liens = append(contenu.Liens, lienPage{"Gérer mes habilitations dans le SIAP", gestion})
	}
	if reprise, ok := pb.Extra("reprise").(string); ok {
		contenu.Liens = append(contenu.Liens, lienPage{"Recommencer la connexion", reprise})
	} else {
		contenu.Liens = append(contenu.Liens, lienPage{"Revenir à l’accueil", "/"})
	}
	return p.ecrire(c, pb.Status, contenu)
}

// titreConnexion is the heading of a refusal, made for people who were only signing in.
func titreConnexion(pb httpapi.Problem) string {
	switch pb.Code {
	case "compte_incomplet":
		return "Votre compte CERBERE est incomplet"
	case "compte_desactive":
		return "Votre compte est désactivé"
	case "habilitation_not_valid":
		return "Aucune habilitation"
	case "profil_not_supported", "BAILLEUR_NON_IDENTIFIE":
		return "Votre habilitation ne permet pas d’entrer"
	case "PERIMETRE_ABSENT":
		return "Le territoire de votre habilitation n’est pas renseigné"
	case "siap_unavailable":
		return "Le SIAP ne répond pas"
	case "cerbere_indisponible", "cerbere_reponse_invalide":
		return "CERBERE ne répond pas"
	case "ticket_refuse", "ticket_deja_utilise", "etat_connexion_invalide":
		return "La connexion n’a pas abouti"
	}
	return pb.Title
}

// style serves the style sheet of these pages.
func (p PagesConnexion) style(c echo.Context) error {
	c.Response().Header().Set("Cache-Control", "public, max-age=3600")
	return c.Blob(http.StatusOK, "text/css; charset=utf-8", feuilleStyle)
}
