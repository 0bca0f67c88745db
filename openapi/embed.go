// Package openapi carries the documentation of the APIs inside the binary: the OpenAPI documents, written by
// scripts/openapi from the comments of the handlers and never by hand, the guide and the list of changes.
package openapi

import _ "embed"

//go:embed apilos.json
var apilosJSON []byte

//go:embed apilos.yaml
var apilosYAML []byte

// Apilos returns the document of /api/v1 in both forms.
func Apilos() (json, yaml []byte) { return apilosJSON, apilosYAML }

//go:embed depot.json
var depotJSON []byte

//go:embed depot.yaml
var depotYAML []byte

// Depot returns the document of the deposit API in both forms.
func Depot() (json, yaml []byte) { return depotJSON, depotYAML }

//go:embed siap.json
var siapJSON []byte

//go:embed siap.yaml
var siapYAML []byte

// Siap returns the document of the API that SIAP calls in both forms.
func Siap() (json, yaml []byte) { return siapJSON, siapYAML }

//go:embed GUIDE.md
var guide []byte

// Guide returns the guide of /api/v1, in Markdown.
func Guide() []byte { return guide }

//go:embed CHANGEMENTS.md
var changements []byte

// Changements returns the list of changes of /api/v1, in Markdown.
func Changements() []byte { return changements }
