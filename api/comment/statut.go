package comment

import (
	"strings"
	"time"
	"unicode/utf8"

	"apilos/api/fault"
)

// Statut is the state of a comment (02 §4.2).
type Statut string

// Statuts of a comment. CLOS is final.
const (
	Ouvert Statut = "OUVERT"
	Resolu Statut = "RESOLU"
	Clos   Statut = "CLOS"
)

// Libelle returns the label shown to people.
func (s Statut) Libelle() string {
	switch s {
	case Ouvert:
		return "Ouvert"
	case Resolu:
		return "Résolu"
	case Clos:
		return "Clos"
	}
	return string(s)
}

// OuvreLeChamp tells whether a comment in this statut opens its field to the bailleur (CO-08).
func (s Statut) OuvreLeChamp() bool { return s == Ouvert || s == Resolu }

// PeutPasser tells whether a comment may move from s to vers; closing is for the service only (02 §4.2).
func (s Statut) PeutPasser(vers Statut, coteInstructeur bool) bool {
	switch {
	case s == Ouvert && vers == Resolu, s == Resolu && vers == Ouvert:
		return true
	case (s == Ouvert || s == Resolu) && vers == Clos:
		return coteInstructeur
	}
	return false
}

// MaxMessage is the greatest length of a message, in characters (CO-01).
const MaxMessage = 5000

// ValiderMessage trims and checks a message (CO-01). It fails with invalid.
func ValiderMessage(message string) (string, error) {
	m := strings.TrimSpace(message)
	n := utf8.RuneCountInString(m)
	if n == 0 {
		return "", fault.New(fault.Invalid, "invalide", "Écrivez votre commentaire avant de l’envoyer.").
			WithFields(fault.Field{Pointer: "/message", Code: "required", Detail: "Le message est obligatoire."})
	}
	if n > MaxMessage {
		return "", fault.New(fault.Invalid, "invalide", "Votre commentaire est trop long.").
			WithFields(fault.Field{Pointer: "/message", Code: "too_long", Detail: "Message : 5 000 caractères au maximum."})
	}
	return m, nil
}

// Marquer moves the comment to a statut and writes who did it and when; reopening clears the
// resolution (CO-06). The caller has checked PeutPasser.
func (c *Commentaire) Marquer(vers Statut, utilisateurID int64, le time.Time) {
	var par *int64
	if utilisateurID != 0 {
		par = &utilisateurID
	}
	c.Statut, c.MisAJourLe = vers, le
	switch vers {
	case Ouvert:
		c.ResoluLe, c.ResoluParID = nil, nil
	case Resolu:
		c.ResoluLe, c.ResoluParID = &le, par
	case Clos:
		c.ClosLe, c.ClosParID = &le, par
	}
}
