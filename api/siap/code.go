package siap

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Code is an identifier or a code of the SIAP, which sends the same one as a number or as a string
// ("2A", 93, "93"). It is a string from the moment it enters, without surrounding spaces; null is "".
type Code string

// String returns the code.
func (c Code) String() string { return string(c) }

// UnmarshalJSON accepts a string, a whole number or null.
func (c *Code) UnmarshalJSON(data []byte) error {
	data = bytes.TrimSpace(data)
	switch {
	case bytes.Equal(data, []byte("null")):
		*c = ""
		return nil
	case len(data) > 0 && data[0] == '"':
		var s string
		if err := json.Unmarshal(data, &s); err != nil {
			return fmt.Errorf("lecture d'un code : %w", err)
		}
		*c = Code(strings.TrimSpace(s))
		return nil
	}
	var n json.Number
	if err := json.Unmarshal(data, &n); err != nil {
		return fmt.Errorf("un code est un texte ou un nombre entier, pas %.20s", data)
	}
	if i, err := n.Int64(); err == nil {
		*c = Code(strconv.FormatInt(i, 10))
		return nil
	}
	f, err := n.Float64()
	if err != nil || f != float64(int64(f)) {
		return fmt.Errorf("un code est un nombre entier, pas %s", n)
	}
	*c = Code(strconv.FormatInt(int64(f), 10))
	return nil
}

// Region returns the code as a région code of two digits ("93", "01"), or "" when it is not one.
func (c Code) Region() string {
	s := string(c)
	if !digits(s) || len(s) > 2 || strings.Trim(s, "0") == "" {
		return ""
	}
	return strings.Repeat("0", 2-len(s)) + s
}

// Departement returns the code as a département code: two characters ("01", "2A") or three overseas
// ("974"). It returns "" when it is not one; "20" is not one since Corsica was split in two.
func (c Code) Departement() string {
	s := strings.ToUpper(string(c))
	switch {
	case s == "2A", s == "2B":
		return s
	case !digits(s), strings.Trim(s, "0") == "":
		return ""
	case len(s) == 1:
		return "0" + s
	case len(s) == 2 && s != "20" && s <= "95":
		return s
	case len(s) == 3 && (strings.HasPrefix(s, "97") || strings.HasPrefix(s, "98")):
		return s
	}
	return ""
}

func digits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return s != ""
}
