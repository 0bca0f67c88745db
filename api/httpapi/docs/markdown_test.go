package docs

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMarkdownOfOurTexts(t *testing.T) {
	title, body := renderMarkdown("# Titre & suite\n\nUn **mot** et `<code>`.\nSuite avec [lien](/ici) et [mauvais](javascript:x).\n\n" +
		"- un\n  suite\n- deux\n\n1. a\n2. b\n\n```bash\ncurl \"<x>\"\n```\n\n## L’été à 8 h\n\n| A | B |\n|---|---|\n| `c` | d<e |\n")
	require.Equal(t, "Titre & suite", title)
	for _, want := range []string{
		`<h1 id="titre--suite">Titre &amp; suite</h1>`, "<p>Un <strong>mot</strong> et <code>&lt;code&gt;</code>. Suite avec", `<a href="/ici">lien</a> et mauvais.</p>`,
		"<ul>\n<li>un suite</li>\n<li>deux</li>\n</ul>", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>", "<pre tabindex=\"0\"><code>curl &#34;&lt;x&gt;&#34;</code></pre>",
		`<h2 id="lété-à-8-h">`, "<thead><tr><th>A</th><th>B</th></tr></thead>\n<tbody>\n<tr><td><code>c</code></td><td>d&lt;e</td></tr>",
	} {
		require.Contains(t, string(body), want)
	}
	require.NotContains(t, string(body), "javascript")
}
