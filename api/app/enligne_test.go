package app

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"apilos/frontend"

	"github.com/stretchr/testify/require"
)

// What the policy of our pages would block, and what must come from nowhere else.
var enLigne = map[string]*regexp.Regexp{
	"inline script":      regexp.MustCompile(`(?i)<script\b[^>]*>\s*[^<\s]`),
	"script without src": regexp.MustCompile(`(?i)<script\b(?:[^>s]|s[^r]|sr[^c])*>`),
	"inline style":       regexp.MustCompile(`(?i)<style\b`),
	"style attribute":    regexp.MustCompile(`(?i)<[a-z][^>]*\sstyle\s*=`),
	"event attribute":    regexp.MustCompile(`(?i)<[a-z][^>]*\son[a-z]+\s*=`),
	"script address":     regexp.MustCompile(`(?i)(?:href|src|action)\s*=\s*["']?\s*javascript:`),
	"other site":         regexp.MustCompile(`(?i)<(?:script|link|img|iframe|source|object|embed)\b[^>]*(?:src|href)\s*=\s*["']?(?:https?:)?//`),
}

func elementsEnLigne(page string) []string {
	var out []string
	for nom, modele := range enLigne {
		if trouve := modele.FindString(page); trouve != "" {
			out = append(out, nom+": "+trouve)
		}
	}
	return out
}

func TestElementsEnLigneSontReconnus(t *testing.T) {
	for _, page := range []string{
		`<script>alert(1)</script>`, `<script type="module">import "x"</script>`, `<p style="color:red">`, `<body onload=x()>`, `<style>p{}</style>`,
		`<a href="javascript:x()">`, `<script src="https://ailleurs.example/x.js"></script>`, `<link rel=stylesheet href=//ailleurs.example/x.css>`,
	} {
		require.NotEmpty(t, elementsEnLigne(page), page)
	}
	require.Empty(t, elementsEnLigne(`<!DOCTYPE html><html lang="fr"><head><link rel="stylesheet" href="/a.css"><script type="module" src="/a.js"></script></head>`+
		`<body class="styles"><a href="https://ailleurs.example/">lien</a></body></html>`))
}

// fichiers lists the files of the application.
func fichiers(t *testing.T) []string {
	t.Helper()
	var out []string
	require.NoError(t, fs.WalkDir(frontend.Dist(), ".", func(nom string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			out = append(out, nom)
		}
		return err
	}))
	return out
}

// TestApplicationConstruiteSansRienEnLigne: the built pages hold no inline script nor style, and ask nothing of
// another site (05 D, G.12).
func TestApplicationConstruiteSansRienEnLigne(t *testing.T) {
	if !frontend.Built() {
		t.Skip("the application is not built: run ./scripts/build, as the checks of the repository do")
	}
	pages := 0
	for _, nom := range fichiers(t) {
		texte, err := fs.ReadFile(frontend.Dist(), nom)
		require.NoError(t, err)
		switch {
		case strings.HasSuffix(nom, ".html"):
			pages++
			require.Empty(t, elementsEnLigne(string(texte)), nom)
		case strings.HasSuffix(nom, ".css"):
			require.NotRegexp(t, `(?:url\(|@import)\s*["']?(?:https?:)?//`, string(texte), nom)
		case strings.HasSuffix(nom, ".js"):
			require.NotRegexp(t, `\bnew Function\(|[^.\w]eval\(`, string(texte), nom)
		case strings.HasSuffix(nom, ".svg"):
			require.NotContains(t, strings.ToLower(string(texte)), "<script", nom)
		}
	}
	require.Positive(t, pages)
}
