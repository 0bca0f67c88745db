// Package openapi carries the OpenAPI documents inside the binary. They are written by scripts/openapi
// from the comments of the handlers and never by hand.
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
