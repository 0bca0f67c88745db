package contract

import (
	"encoding/json"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// sample builds a value that a schema accepts, as a base to break.
func sample(s *openapi3.Schema) any {
	switch {
	case s == nil:
		return map[string]any{}
	case len(s.Enum) > 0:
		return s.Enum[0]
	case len(s.OneOf) > 0:
		return sample(s.OneOf[0].Value)
	case len(s.AnyOf) > 0:
		return sample(s.AnyOf[0].Value)
	case len(s.AllOf) > 0:
		out := map[string]any{}
		for _, part := range s.AllOf {
			if m, ok := sample(part.Value).(map[string]any); ok {
				for k, v := range m {
					out[k] = v
				}
			}
		}
		return out
	case s.Type.Is("array"):
		if s.Items == nil {
			return []any{}
		}
		return []any{sample(s.Items.Value)}
	case s.Type.Is("integer"), s.Type.Is("number"):
		if s.Min != nil {
			return *s.Min
		}
		return 1
	case s.Type.Is("boolean"):
		return true
	case s.Type.Is("string"):
		return sampleText(s)
	}
	out := map[string]any{}
	for name, p := range s.Properties {
		out[name] = sample(p.Value)
	}
	return out
}

func sampleText(s *openapi3.Schema) string {
	switch s.Format {
	case "uuid":
		return "00000000-0000-4000-8000-000000000001"
	case "date":
		return "2026-04-15"
	case "date-time":
		return "2026-04-15T08:00:00Z"
	}
	return "texte"
}

// breakages are bodies that must be refused or at least survived, by what is wrong with them.
func breakages(s *openapi3.Schema) map[string]string {
	valid := sample(s)
	out := map[string]string{
		"empty":           "",
		"cut short":       `{"`,
		"null":            "null",
		"array":           "[]",
		"text":            `"texte"`,
		"number":          "12",
		"two values":      `{} {}`,
		"invalid UTF-8":   "{\"a\":\"\xff\xfe\"}",
		"lone surrogate":  `{"a":"\ud800"}`,
		"unknown field":   `{"champ_qui_n_existe_pas":1}`,
		"case of a name":  `{"UUID":"x","Statut":"x","MESSAGE":"x"}`,
		"prototype":       `{"__proto__":{"admin":true},"constructor":null}`,
		"repeated fields": `{"a":1,"a":2}`,
		"deep":            deep(200),
		"empty object":    "{}",
	}
	object, ok := valid.(map[string]any)
	if !ok {
		return out
	}
	names := make([]string, 0, len(object))
	for n := range object {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, name := range names {
		for what, v := range wrongValues() {
			changed := map[string]any{}
			for k, old := range object {
				changed[k] = old
			}
			changed[name] = v
			text, err := json.Marshal(changed)
			if err == nil {
				out[name+": "+what] = string(text)
			}
		}
	}
	return out
}

func wrongValues() map[string]any {
	return map[string]any{
		"object": map[string]any{"x": 1}, "array": []any{[]any{}}, "true": true, "null": nil, "empty text": "",
		"negative": -1, "huge": json.Number("99999999999999999999999999"), "fraction": json.Number("1.5e-300"),
		"accents": "éàœŒ€ 𝔘𝔫𝔦 \u202egauche", "NUL": "a\x00b", "quotes": "'\";--<script>${{7*7}}", "long": long(6000),
		"spaces": "   ", "control": "\x01\x1f\u0085", "date": "2026-02-30", "year zero": "0000-00-00",
		"stranger": "00000000-0000-4000-8000-000000000099", "not a number": "NaN", "exponent": "1e400", "negative text": "-1",
	}
}

func long(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = 'a'
	}
	return string(b)
}

func deep(n int) string {
	out := ""
	for range n {
		out += `{"a":[`
	}
	return out
}
