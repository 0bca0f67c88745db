package cerbere

import (
	"fmt"
	"strings"

	"apilos/api/compte"
)

// Attributes of a CERBERE account that are read (05 C.1); any other is ignored.
const (
	attrID     = "UTILISATEUR.ID"
	attrLogin  = "UTILISATEUR.LOGIN"
	attrNom    = "UTILISATEUR.NOM"
	attrPrenom = "UTILISATEUR.PRENOM"
	attrMel    = "UTILISATEUR.MEL"
)

// identity maps attributes to an identity. The two that identify a person must not have two values.
func identity(attrs map[string][]string) (compte.Identite, error) {
	for _, name := range []string{attrID, attrLogin} {
		if len(distinct(attrs[name])) > 1 {
			return compte.Identite{}, fmt.Errorf("%w: attribute %s has several values", ErrInvalidAnswer, name)
		}
	}
	first := func(name string) string {
		if v := distinct(attrs[name]); len(v) > 0 {
			return v[0]
		}
		return ""
	}
	return compte.Identite{
		ID: first(attrID), Login: first(attrLogin), Nom: first(attrNom), Prenom: first(attrPrenom), Email: first(attrMel),
	}, nil
}

// distinct returns the different values that are not blank, in order.
func distinct(values []string) []string {
	var out []string
	for _, v := range values {
		v = strings.TrimSpace(v)
		if v == "" || (len(out) > 0 && out[len(out)-1] == v) {
			continue
		}
		out = append(out, v)
	}
	return out
}
