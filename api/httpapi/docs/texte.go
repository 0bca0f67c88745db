package docs

import (
	"fmt"
	"net/http"
	"strings"

	"apilos/api/httpapi"
	"apilos/api/httpapi/depreciation"

	"github.com/labstack/echo/v4"
)

// Texte is a page of documentation written in Markdown: the guide, the changes.
type Texte struct {
	source []byte
	page   httpapi.PublicPage
	policy httpapi.PagePolicy
}

// NewTexte renders source once.
func NewTexte(source []byte, policy httpapi.PagePolicy) Texte {
	title, body := renderMarkdown(string(source))
	return Texte{source: source, page: httpapi.PublicPage{Titre: title, Corps: body}, policy: policy}
}

// NewChangements renders the changes, followed by what is deprecated now.
func NewChangements(source []byte, policy httpapi.PagePolicy) Texte {
	text := strings.TrimRight(string(source), "\n") + "\n\n" + depreciations()
	title, body := renderMarkdown(text)
	return Texte{source: []byte(text), page: httpapi.PublicPage{Titre: title, Corps: body}, policy: policy}
}

// depreciations is the part of the page that the declarations make.
func depreciations() string {
	var b strings.Builder
	b.WriteString("## Dépréciations en cours\n\nCe qui suit fonctionne encore. Chaque réponse qui s’en sert porte les en-têtes `Deprecation` et `Sunset`.\n\n" +
		"| Adresse | Déprécié | À la place | Depuis | Retrait |\n|---|---|---|---|---|\n")
	for _, d := range depreciation.Liste() {
		what := "l’adresse entière"
		if d.Parametre != "" {
			what = "paramètre `" + d.Parametre + "`"
		}
		fmt.Fprintf(&b, "| `%s %s` | %s | `%s` | %s | %s |\n", d.Methode, d.Chemin, what, d.Remplacant, d.Depuis.Format("02/01/2006"), d.Retrait.Format("02/01/2006"))
	}
	return b.String()
}

// Page answers the page, or its source to who asks for Markdown.
func (t Texte) Page(c echo.Context) error {
	if _, err := httpapi.Query(c); err != nil {
		return err
	}
	if strings.Contains(c.Request().Header.Get(echo.HeaderAccept), "text/markdown") {
		return c.Blob(http.StatusOK, "text/markdown; charset=utf-8", t.source)
	}
	return t.policy.WritePage(c, t.page)
}
