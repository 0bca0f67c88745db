package compte

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Identite is who CERBERE says a person is (05 C.1). Nothing else of its answer is kept.
type Identite struct {
	ID     string // UTILISATEUR.ID, stable: the pivot
	Login  string // UTILISATEUR.LOGIN, sent to the SIAP as user-login
	Nom    string
	Prenom string
	Email  string
}

// Lengths of the columns of utilisateur, in characters.
const (
	maxUsername = 150
	maxLogin    = 255
	maxNom      = 150
	maxEmail    = 254
)

// propre trims what people typed elsewhere. Identifiers are compared byte for byte and left alone.
func (i Identite) propre() Identite {
	i.Nom, i.Prenom = lisible(i.Nom, maxNom), lisible(i.Prenom, maxNom)
	i.Email = lisible(i.Email, maxEmail)
	return i
}

// complete tells whether the identity can open an account: ID and LOGIN are required, and must fit.
func (i Identite) complete() bool {
	return identifiantSain(i.ID, maxUsername) && identifiantSain(i.Login, maxLogin)
}

func identifiantSain(s string, max int) bool {
	if s == "" || s != strings.TrimSpace(s) || !utf8.ValidString(s) || utf8.RuneCountInString(s) > max {
		return false
	}
	return !strings.ContainsFunc(s, unicode.IsControl)
}

// lisible drops control characters and cuts at max characters.
func lisible(s string, max int) string {
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, s))
	if r := []rune(s); len(r) > max {
		s = strings.TrimSpace(string(r[:max]))
	}
	return s
}
