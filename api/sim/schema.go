package sim

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

//go:embed scenario.schema.json
var schemaJSON []byte

// Schema returns the JSON Schema of scenario files (draft 2020-12).
func Schema() []byte { return slices.Clone(schemaJSON) }

// schema is the part of JSON Schema that scenario.schema.json uses; newSchema refuses any other keyword,
// so that nothing written in the file is silently ignored.
type schema struct {
	Comment              string             `json:"$comment"`
	Dialect              string             `json:"$schema"`
	ID                   string             `json:"$id"`
	Ref                  string             `json:"$ref"`
	Defs                 map[string]*schema `json:"$defs"`
	Title                string             `json:"title"`
	Description          string             `json:"description"`
	Type                 typeNames          `json:"type"`
	Properties           map[string]*schema `json:"properties"`
	PatternProperties    map[string]*schema `json:"patternProperties"`
	AdditionalProperties *additional        `json:"additionalProperties"`
	Required             []string           `json:"required"`
	Items                *schema            `json:"items"`
	Enum                 []any              `json:"enum"`
	Pattern              string             `json:"pattern"`
	MinLength            *int               `json:"minLength"`
	MaxLength            *int               `json:"maxLength"`
	Minimum              *json.Number       `json:"minimum"`
	Maximum              *json.Number       `json:"maximum"`
}

type typeNames []string

func (t *typeNames) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		*t = []string{""}
		return json.Unmarshal(data, &(*t)[0])
	}
	return json.Unmarshal(data, (*[]string)(t))
}

// additional is additionalProperties: false, true or a schema.
type additional struct {
	forbidden bool
	schema    *schema
}

func (a *additional) UnmarshalJSON(data []byte) error {
	switch strings.TrimSpace(string(data)) {
	case "false":
		a.forbidden = true
		return nil
	case "true":
		return nil
	}
	a.schema = new(schema)
	return decodeStrict(data, a.schema)
}

func newSchema() (*schema, error) {
	root := new(schema)
	if err := decodeStrict(schemaJSON, root); err != nil {
		return nil, fmt.Errorf("scenario.schema.json : %w", err)
	}
	return root, nil
}

// Problem is one fault of a scenario; Path is where, as users.une@example.org.habilitations[0].id.
type Problem struct {
	Path    string `json:"chemin"`
	Message string `json:"message"`
}

// check validates v and returns what is wrong, in the order of the document's keys.
func (root *schema) check(v any) []Problem {
	w := &walker{root: root}
	w.visit("", root, v)
	return w.problems
}

type walker struct {
	root     *schema
	problems []Problem
}

func (w *walker) fail(path, format string, a ...any) {
	if path == "" {
		path = "(racine)"
	}
	w.problems = append(w.problems, Problem{path, fmt.Sprintf(format, a...)})
}

func (w *walker) visit(path string, s *schema, v any) {
	if s.Ref != "" {
		def, ok := w.root.Defs[strings.TrimPrefix(s.Ref, "#/$defs/")]
		if !ok {
			w.fail(path, "schéma : référence %s inconnue", s.Ref)
			return
		}
		w.visit(path, def, v)
	}
	if len(s.Type) > 0 && !slices.ContainsFunc(s.Type, func(t string) bool { return hasType(v, t) }) {
		w.fail(path, "%s attendu, %s reçu", names(s.Type), nameOf(v))
		return
	}
	if len(s.Enum) > 0 && v != nil && !slices.Contains(s.Enum, normal(v)) {
		w.fail(path, "valeur %v inconnue, attendu %s", v, join(s.Enum))
	}
	switch v := v.(type) {
	case map[string]any:
		w.object(path, s, v)
	case []any:
		if s.Items != nil {
			for i, x := range v {
				w.visit(path+"["+strconv.Itoa(i)+"]", s.Items, x)
			}
		}
	case string:
		w.text(path, s, v)
	case json.Number:
		w.number(path, s, v)
	}
}

func (w *walker) object(path string, s *schema, v map[string]any) {
	for _, k := range s.Required {
		if _, ok := v[k]; !ok {
			w.fail(path, "clé « %s » absente", k)
		}
	}
	for _, k := range slices.Sorted(maps.Keys(v)) {
		child := k
		if path != "" {
			child = path + "." + k
		}
		if p, ok := s.Properties[k]; ok {
			w.visit(child, p, v[k])
			continue
		}
		if p := matching(s.PatternProperties, k); p != nil {
			w.visit(child, p, v[k])
			continue
		}
		if s.AdditionalProperties == nil {
			continue
		}
		if s.AdditionalProperties.forbidden {
			w.fail(child, "clé inconnue")
		} else if s.AdditionalProperties.schema != nil {
			w.visit(child, s.AdditionalProperties.schema, v[k])
		}
	}
}

func matching(patterns map[string]*schema, key string) *schema {
	for p, s := range patterns {
		if ok, err := regexp.MatchString(p, key); err == nil && ok {
			return s
		}
	}
	return nil
}

func (w *walker) text(path string, s *schema, v string) {
	n := utf8.RuneCountInString(v)
	if s.MinLength != nil && n < *s.MinLength {
		w.fail(path, "texte trop court (%d caractère(s), %d au moins)", n, *s.MinLength)
	}
	if s.MaxLength != nil && n > *s.MaxLength {
		w.fail(path, "texte trop long (%d caractères, %d au plus)", n, *s.MaxLength)
	}
	if s.Pattern != "" {
		if ok, err := regexp.MatchString(s.Pattern, v); err != nil || !ok {
			w.fail(path, "« %.60s » n'a pas la forme attendue (%s)", v, s.Pattern)
		}
	}
}

func (w *walker) number(path string, s *schema, v json.Number) {
	x, ok := new(big.Rat).SetString(v.String())
	if !ok {
		w.fail(path, "nombre illisible")
		return
	}
	if s.Minimum != nil {
		if m, ok := new(big.Rat).SetString(s.Minimum.String()); ok && x.Cmp(m) < 0 {
			w.fail(path, "%s est inférieur à %s", v, *s.Minimum)
		}
	}
	if s.Maximum != nil {
		if m, ok := new(big.Rat).SetString(s.Maximum.String()); ok && x.Cmp(m) > 0 {
			w.fail(path, "%s est supérieur à %s", v, *s.Maximum)
		}
	}
}

func hasType(v any, t string) bool {
	switch t {
	case "null":
		return v == nil
	case "object":
		_, ok := v.(map[string]any)
		return ok
	case "array":
		_, ok := v.([]any)
		return ok
	case "string":
		_, ok := v.(string)
		return ok
	case "boolean":
		_, ok := v.(bool)
		return ok
	case "number":
		_, ok := v.(json.Number)
		return ok
	case "integer":
		n, ok := v.(json.Number)
		if !ok {
			return false
		}
		_, err := n.Int64()
		return err == nil
	}
	return false
}

func nameOf(v any) string {
	for _, t := range []string{"null", "object", "array", "string", "boolean", "integer", "number"} {
		if hasType(v, t) {
			return french(t)
		}
	}
	return "valeur"
}

func names(types []string) string {
	out := make([]string, len(types))
	for i, t := range types {
		out[i] = french(t)
	}
	return strings.Join(out, " ou ")
}

func french(t string) string {
	switch t {
	case "null":
		return "null"
	case "object":
		return "objet"
	case "array":
		return "liste"
	case "string":
		return "texte"
	case "boolean":
		return "booléen"
	case "integer":
		return "nombre entier"
	case "number":
		return "nombre"
	}
	return t
}

// normal makes a number comparable with those of an enum, which encoding/json reads as float64.
func normal(v any) any {
	if n, ok := v.(json.Number); ok {
		if f, err := n.Float64(); err == nil {
			return f
		}
	}
	return v
}

func join(values []any) string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = fmt.Sprint(v)
	}
	return strings.Join(out, ", ")
}
