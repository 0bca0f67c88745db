package docs

const head = `<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>{{.Titre}} – documentation</title>
`

// uiTemplate starts Swagger UI; the document is named by a data attribute, read by init.js.
const uiTemplate = head + `<link rel="stylesheet" href="{{.Base}}/swagger-ui.css">
<script src="{{.Base}}/swagger-ui-bundle.js" defer></script>
<script src="{{.Base}}/init.js" defer></script>
</head>
<body>
<noscript><p>Cette page a besoin de JavaScript. Le document est aussi disponible en <a href="{{.Schema}}">JSON</a> et en <a href="{{.Schema}}?format=yaml">YAML</a>.</p></noscript>
<div id="swagger-ui" data-document="{{.Schema}}"></div>
</body>
</html>
`

// listTemplate shows the same document without any script.
const listTemplate = head + `</head>
<body>
<main>
<h1>{{.Titre}}</h1>
<p>{{.Description}}</p>
<p>Document complet : <a href="{{.Schema}}">JSON</a>, <a href="{{.Schema}}?format=yaml">YAML</a>.</p>
{{range .Groupes}}<h2>{{.Nom}}</h2>
<p>{{.Description}}</p>
<dl>
{{range .Operations}}<dt><code>{{.Methode}} {{.Chemin}}</code></dt><dd>{{.Resume}}. {{.Description}}</dd>
{{end}}</dl>
{{end}}</main>
</body>
</html>
`
