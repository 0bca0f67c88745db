package bailleur

import (
	"strings"

	"apilos/api/fault"
)

// TypeIdentifiant says what the unique key of a bailleur is made of (01 §4.1).
type TypeIdentifiant string

// Types of identifier.
const (
	TypeSiren      TypeIdentifiant = "SIREN"
	TypeSiret      TypeIdentifiant = "SIRET"
	TypeEmail      TypeIdentifiant = "EMAIL"      // private owner; never leaves the platform as siren or siret
	TypeHistorique TypeIdentifiant = "HISTORIQUE" // imported key of another kind
)

// OrigineParent says who attached a bailleur to its parent.
type OrigineParent string

// Origins of a parent. A merger told by SIAP never undoes one made by hand (05 B.5.4).
const (
	ParentSIAP   OrigineParent = "SIAP"
	ParentManuel OrigineParent = "MANUEL"
)

// Identifiant is the search key of a bailleur with what can be deduced from it.
type Identifiant struct {
	Type   TypeIdentifiant
	Valeur string // normalised: digits without separators, e-mail in lower case
	Siren  string // nine digits, "" when it cannot be deduced
}

// sirenLaPoste is the one legal person whose establishments do not follow the Luhn key.
const sirenLaPoste = "356000000"

// Classer normalises texte and says what it is; it never refuses anything, so that imported keys keep
// their value. A value that must be right goes through NouvelIdentifiant.
func Classer(texte string) Identifiant {
	t := strings.TrimSpace(texte)
	if strings.Contains(t, "@") {
		return Identifiant{Type: TypeEmail, Valeur: strings.ToLower(t)}
	}
	compact := sansSeparateurs(t)
	switch {
	case chiffres(compact) && len(compact) == 9:
		return Identifiant{Type: TypeSiren, Valeur: compact, Siren: compact}
	case chiffres(compact) && len(compact) == 14:
		return Identifiant{Type: TypeSiret, Valeur: compact, Siren: compact[:9]}
	}
	return Identifiant{Type: TypeHistorique, Valeur: t}
}

// NouvelIdentifiant classifies the key of a bailleur about to be created. It fails with
// BAILLEUR_NON_IDENTIFIE when texte is empty, is no SIREN, SIRET nor e-mail, or has a wrong key.
func NouvelIdentifiant(texte string) (Identifiant, error) {
	id := Classer(texte)
	ok := false
	switch id.Type {
	case TypeSiren:
		ok = SirenValide(id.Valeur)
	case TypeSiret:
		ok = SiretValide(id.Valeur)
	case TypeEmail:
		ok = emailPlausible(id.Valeur)
	case TypeHistorique:
	}
	if !ok {
		return Identifiant{}, NonIdentifie("Le SIREN, le SIRET ou l’adresse électronique du bailleur manque ou n’est pas valide. Faites corriger le maître d’ouvrage dans le SIAP.")
	}
	return id, nil
}

// NonIdentifie is the error of a bailleur that nothing identifies (05 B.6.8).
func NonIdentifie(message string) *fault.Error {
	return fault.New(fault.Invalid, "BAILLEUR_NON_IDENTIFIE", message)
}

// SirenValide tells whether s is nine digits with a right Luhn key.
func SirenValide(s string) bool { return len(s) == 9 && chiffres(s) && luhn(s) }

// SiretValide tells whether s is fourteen digits with a right key: Luhn, or for La Poste a sum of
// digits that five divides.
func SiretValide(s string) bool {
	if len(s) != 14 || !chiffres(s) {
		return false
	}
	if strings.HasPrefix(s, sirenLaPoste) {
		return luhn(s) || sommeChiffres(s)%5 == 0
	}
	return luhn(s)
}

// Appliquer writes the key and what it gives on b, siret included: a private owner keeps none (00
// decision 23), a legal person gets siret, or else its SIREN (05 B.6.1).
func (id Identifiant) Appliquer(b *Bailleur, siret string) {
	b.TypeIdentifiant, b.Identifiant = id.Type, id.Valeur
	b.Siren, b.Siret = nil, nil
	if id.Siren != "" {
		siren := id.Siren
		b.Siren = &siren
	}
	if b.NatureBailleur == Prives || id.Type == TypeEmail {
		return
	}
	if siret = sansSeparateurs(strings.TrimSpace(siret)); !SiretValide(siret) {
		siret = id.Valeur
	}
	b.Siret = &siret
}

// sansSeparateurs removes the blanks, dots and dashes that people put in numbers.
func sansSeparateurs(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\t', '\u00a0', '\u202f', '.', '-':
			return -1
		}
		return r
	}, s)
}

func chiffres(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// luhn checks the key of s, made of digits.
func luhn(s string) bool {
	sum := 0
	for i := range len(s) {
		d := int(s[len(s)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

func sommeChiffres(s string) int {
	sum := 0
	for i := range len(s) {
		sum += int(s[i] - '0')
	}
	return sum
}

// emailPlausible accepts what has one @ between two parts and a dot in the second; the address proves
// nothing, it is only a key.
func emailPlausible(s string) bool {
	local, domaine, ok := strings.Cut(s, "@")
	return ok && local != "" && strings.Contains(domaine, ".") && !strings.ContainsAny(s, " \t\n\x00") &&
		!strings.Contains(domaine, "@") && len(s) <= 254
}
