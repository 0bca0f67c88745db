package docs

import (
	"testing"

	"apilos/api/httpapi"
	"github.com/stretchr/testify/require"
)

const small = `{"info":{"title":"API <X>","description":"Une API."},"servers":[{"url":"/api/v1"}],
 "tags":[{"name":"b","description":"Groupe b"},{"name":"a","description":"Groupe a"},{"name":"vide","description":"Rien"}],
 "paths":{"/z":{"get":{"summary":"Lire z","description":"Détail.","tags":["a"]},"post":{"summary":"Écrire z","description":"D.","tags":["a"]},"parameters":[]},
          "/y/{uuid}":{"get":{"summary":"Lire y","description":"D.","tags":["b"]}}}}`

func TestPageWithoutSwaggerUIListsTheOperations(t *testing.T) {
	page, err := render([]byte(small), "/docs", "/schema", false)
	require.NoError(t, err)
	text := string(page)
	require.Contains(t, text, "<h1>API &lt;X&gt;</h1>", "text is escaped")
	require.Contains(t, text, "<dt><code>GET /api/v1/z</code></dt><dd>Lire z. Détail.</dd>\n<dt><code>POST /api/v1/z</code></dt>")
	require.Regexp(t, `(?s)<h2>b</h2>.*GET /api/v1/y/\{uuid\}.*<h2>a</h2>`, text, "in the order of the tags")
	require.NotContains(t, text, "<h2>vide</h2>")
	require.NotContains(t, text, "<script")
	require.Contains(t, text, `href="/schema?format=yaml"`)
}

func TestPageWithSwaggerUIHasNoInlineScript(t *testing.T) {
	page, err := render([]byte(small), "/docs", "/schema", true)
	require.NoError(t, err)
	text := string(page)
	require.Contains(t, text, `<script src="/docs/swagger-ui-bundle.js" defer></script>`)
	require.Contains(t, text, `data-document="/schema"`)
	require.NotRegexp(t, `<script[^>]*>[^<]`, text)
	require.NotContains(t, text, "style=")
}

func TestBrokenDocumentIsRefusedAtStart(t *testing.T) {
	_, err := New([]byte("{"), nil, "/docs", "/schema", httpapi.PagePolicy{})
	require.Error(t, err)
}
