package siap

import (
	"encoding/json"
	"strings"
)

// mask returns a JSON answer with the values of personal keys replaced, cut at 2 000 characters.
// What is not JSON is reduced to its masked beginning.
func mask(data []byte) string {
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		return excerpt(data)
	}
	b, err := json.Marshal(maskValue(v))
	if err != nil {
		return ""
	}
	s := reMail.ReplaceAllString(string(b), "[courriel]")
	if r := []rune(s); len(r) > 2000 {
		s = string(r[:2000]) + "…"
	}
	return s
}

func maskValue(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			switch x.(type) {
			case map[string]any, []any:
				v[k] = maskValue(x)
			case nil:
			default:
				if personal(k) {
					v[k] = "***"
				}
			}
		}
	case []any:
		for i := range v {
			v[i] = maskValue(v[i])
		}
	}
	return v
}

// personal tells whether a key holds data about a person; the keys of addresses are masked with
// them because a private owner is one.
func personal(key string) bool {
	c := strings.ToLower(key)
	for _, m := range []string{"nom", "prenom", "mail", "mel", "login", "adresse", "raisonsociale", "telephone", "soustitre", "entete"} {
		if c == m || strings.HasPrefix(c, m) && c != "nomoperation" {
			return true
		}
	}
	return false
}
