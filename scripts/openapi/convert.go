package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"sort"
	"strings"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/getkin/kin-openapi/openapi2conv"
	"github.com/getkin/kin-openapi/openapi3"
	"sigs.k8s.io/yaml"
)

const (
	mimeProblem = "application/problem+json"
	mimeJSON    = "application/json"
	titleAPI    = "API APiLos" // the document of /api/v1, whose chain says more (common.go)
	// schemaDepotError is the error body of the deposit and of SIAP, the audiences without problem+json.
	schemaDepotError = "Erreur"
)

// convert turns Swagger 2.0 into OpenAPI 3.0.3, says what Swagger 2.0 could not, and validates.
func convert(ctx context.Context, v2 []byte) ([]byte, error) {
	var old openapi2.T
	if err := json.Unmarshal(v2, &old); err != nil {
		return nil, fmt.Errorf("read Swagger 2.0: %w", err)
	}
	doc, err := openapi2conv.ToV3(&old)
	if err != nil {
		return nil, fmt.Errorf("convert to OpenAPI 3: %w", err)
	}
	doc.OpenAPI = "3.0.3"
	patchSecurity(doc)
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			op.OperationID = operationID(method, path)
			patchProblems(op)
		}
	}
	if doc.Info.Title == titleAPI {
		if err := describeChain(doc); err != nil {
			return nil, err
		}
	}
	text, err := doc.MarshalJSON()
	if err != nil {
		return nil, fmt.Errorf("write OpenAPI 3: %w", err)
	}
	if text, err = patchText(text); err != nil {
		return nil, err
	}
	return text, validate(ctx, text)
}

// schemeSession is the token of our own sessions; those of other audiences are plain words. schemeAdmin is
// the only one whose guard says 403 even to a caller without token (07 section 2.2).
const (
	schemeSession = "BearerAuth"
	schemeAdmin   = "AdminAuth"
	schemeSIAP    = "jwtAuth" // the token that SIAP signs
)

// patchSecurity replaces the header key, the only form Swagger 2.0 has, by a bearer token.
func patchSecurity(doc *openapi3.T) {
	for name, ref := range doc.Components.SecuritySchemes {
		if ref.Value.Type == "apiKey" && ref.Value.Name == "Authorization" {
			format := ""
			if name == schemeSession || name == schemeSIAP {
				format = "JWT"
			}
			doc.Components.SecuritySchemes[name] = &openapi3.SecuritySchemeRef{Value: &openapi3.SecurityScheme{
				Type: "http", Scheme: "bearer", BearerFormat: format, Description: ref.Value.Description,
			}}
		}
	}
}

// patchProblems gives error answers their media type: Swagger 2.0 has one list for a whole operation.
func patchProblems(op *openapi3.Operation) {
	for status, ref := range op.Responses.Map() {
		if ref.Value == nil || status < "400" {
			continue
		}
		for mediaType, content := range ref.Value.Content {
			if content.Schema == nil {
				continue
			}
			switch name := content.Schema.Ref; {
			case strings.HasSuffix(name, "/httpapi.Problem"):
				delete(ref.Value.Content, mediaType)
				ref.Value.Content[mimeProblem] = content
			case strings.HasSuffix(name, "/"+schemaDepotError): // also where the answer is a file
				delete(ref.Value.Content, mediaType)
				ref.Value.Content[mimeJSON] = content
			}
		}
	}
}

// operationID derives a stable name from the route: get-conventions-uuid.
func operationID(method, path string) string {
	words := strings.FieldsFunc(path, func(r rune) bool { return r == '/' || r == '{' || r == '}' })
	return strings.ToLower(method) + "-" + strings.Join(words, "-")
}

// patchText renames the schemas and rewrites nullable references, on the document as plain JSON.
func patchText(text []byte) ([]byte, error) {
	var root map[string]any
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	if err := dec.Decode(&root); err != nil {
		return nil, fmt.Errorf("read OpenAPI 3: %w", err)
	}
	if err := renameSchemas(root); err != nil {
		return nil, err
	}
	nullableReferences(root)
	nullableFreeValues(root)
	walk(root, func(node map[string]any) {
		delete(node, "x-originalParamName") // traces of the conversion
		delete(node, "x-formData-name")
		if values, ok := node["enum"].([]any); ok && node["nullable"] == true && values[len(values)-1] != nil {
			node["enum"] = append(values, nil) // a nullable enumeration must list null
		}
	})
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(root); err != nil {
		return nil, fmt.Errorf("write OpenAPI 3: %w", err)
	}
	return out.Bytes(), nil
}

var packagePrefix = regexp.MustCompile(`(^|[-_,])(?:[a-z0-9]+[._])+([A-Z])`)

// shortName removes package names: web.Convention is Convention, httpapi.Page-web_Ligne is PageLigne.
func shortName(name string) string {
	name = packagePrefix.ReplaceAllString(name, "$1$2")
	return strings.NewReplacer("-", "", "_", "", ",", "").Replace(name)
}

func renameSchemas(root map[string]any) error {
	components, _ := root["components"].(map[string]any)
	schemas, _ := components["schemas"].(map[string]any)
	names := make([]string, 0, len(schemas))
	for name := range schemas {
		names = append(names, name)
	}
	sort.Strings(names)
	origin := map[string]string{}
	renamed := map[string]any{}
	for _, name := range names {
		short := shortName(name)
		if other, taken := origin[short]; taken {
			return fmt.Errorf("types %s and %s would both be called %s: rename one", other, name, short)
		}
		origin[short] = name
		renamed[short] = schemas[name]
	}
	if len(renamed) > 0 {
		components["schemas"] = renamed
	}
	const prefix = "#/components/schemas/"
	walk(root, func(node map[string]any) {
		if ref, ok := node["$ref"].(string); ok && strings.HasPrefix(ref, prefix) {
			node["$ref"] = prefix + shortName(strings.TrimPrefix(ref, prefix))
		}
	})
	return nil
}

// nullableReferences rewrites {allOf: [one reference], nullable: true}. In OpenAPI 3.0 "nullable" has
// no effect beside a composition, so null must be one of the alternatives; an object that can only be
// null is how 3.0 says it.
func nullableReferences(root map[string]any) {
	walk(root, func(node map[string]any) {
		all, ok := node["allOf"].([]any)
		if !ok || len(all) != 1 || node["nullable"] != true {
			return
		}
		delete(node, "allOf")
		delete(node, "nullable")
		node["oneOf"] = []any{all[0], map[string]any{"type": "object", "nullable": true, "enum": []any{nil}}}
	})
}

// nullableFreeValues lets a map of free values hold null: "any" in Go is also nil, which Swagger 2.0 cannot say.
func nullableFreeValues(root map[string]any) {
	walk(root, func(m map[string]any) {
		if free, ok := m["additionalProperties"].(map[string]any); ok && len(free) == 0 {
			m["additionalProperties"] = map[string]any{"nullable": true}
		}
	})
}

func walk(node any, visit func(map[string]any)) {
	switch n := node.(type) {
	case map[string]any:
		visit(n)
		for _, child := range n {
			walk(child, visit)
		}
	case []any:
		for _, child := range n {
			walk(child, visit)
		}
	}
}

// validate reads the text again, as any client will, and checks it against the standard.
func validate(ctx context.Context, text []byte) error {
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		return fmt.Errorf("read back: %w", err)
	}
	if err := doc.Validate(ctx); err != nil {
		return fmt.Errorf("not valid: %w", err)
	}
	return nil
}

// gaps lists the operations whose annotations say too little (05 E.4): every one is described, tagged,
// and says how it fails.
func gaps(text []byte) ([]string, error) {
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		return nil, fmt.Errorf("read back: %w", err)
	}
	var missing []string
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			if what := incomplete(op); what != "" {
				missing = append(missing, fmt.Sprintf("%s %s: %s", method, path, what))
			}
		}
	}
	sort.Strings(missing)
	return missing, nil
}

func incomplete(op *openapi3.Operation) string {
	switch {
	case op.Summary == "" || op.Description == "":
		return "needs @Summary and @Description"
	case len(op.Tags) == 0:
		return "needs @Tags"
	case op.Responses.Status(500) == nil:
		return "needs @Failure 500"
	case secured(op) && op.Responses.Status(401) == nil:
		return "is secured and needs @Failure 401"
	}
	return ""
}

// secured tells whether a caller without token gets 401.
func secured(op *openapi3.Operation) bool {
	if op.Security == nil {
		return false
	}
	for _, requirement := range *op.Security {
		if _, admin := requirement[schemeAdmin]; !admin {
			return true
		}
	}
	return false
}

func toYAML(text []byte) ([]byte, error) {
	out, err := yaml.JSONToYAML(text)
	if err != nil {
		return nil, fmt.Errorf("write YAML: %w", err)
	}
	return out, nil
}
