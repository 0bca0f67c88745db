package docs

import (
	"bytes"
	"crypto/rand"
	_ "embed" // redoc.js
	"fmt"
	"html/template"
	"net/http"

	"github.com/labstack/echo/v4"
)

//go:embed redoc.js
var redocScript []byte

// Files of ReDoc, beside those of Swagger UI.
const (
	fileRedoc     = "redoc.standalone.js"
	fileRedocInit = "redoc.js"
)

// redocTemplate starts ReDoc. The style sheets that it makes carry the nonce of the answer: nothing else inline is let in.
const redocTemplate = head + `<script src="{{.Base}}/redoc.standalone.js" defer></script>
<script src="{{.Base}}/redoc.js" defer></script>
</head>
<body>
<noscript><p>Cette page a besoin de JavaScript. Le document est aussi disponible en <a href="{{.Schema}}?format=json">JSON</a> et en <a href="{{.Schema}}?format=yaml">YAML</a>.</p></noscript>
<div id="redoc" data-document="{{.Schema}}?format=json" data-nonce="{{.Nonce}}"></div>
</body>
</html>
`

// redocPage is what the template needs; it is written for each answer.
type redocPage struct {
	tmpl                *template.Template
	Titre, Base, Schema string
	Nonce               string
}

func newRedoc(v pageView) (*redocPage, error) {
	tmpl, err := template.New("redoc").Parse(redocTemplate)
	if err != nil {
		return nil, fmt.Errorf("read documentation page: %w", err)
	}
	return &redocPage{tmpl: tmpl, Titre: v.Titre, Base: v.Base, Schema: v.Schema}, nil
}

// RedocBuilt tells whether ReDoc is in the program.
func RedocBuilt() bool {
	_, err := ui.ReadFile("ui/" + fileRedoc + ".gz")
	return err == nil
}

// Redoc answers the document shown by ReDoc, or the plain list in a program built without it.
func (d *Document) Redoc(c echo.Context) error {
	if !RedocBuilt() {
		return d.List(c)
	}
	page := *d.redoc
	page.Nonce = rand.Text()
	var b bytes.Buffer
	if err := page.tmpl.Execute(&b, page); err != nil {
		return fmt.Errorf("write documentation page: %w", err)
	}
	d.policy.SetHTMLWithStyleNonce(c, page.Nonce)
	return c.HTMLBlob(http.StatusOK, b.Bytes())
}
