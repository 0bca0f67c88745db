package event

import (
	"fmt"
	"time"
)

// What the verification of the readings finds beside the broken links of a chain (CC-33).
const (
	// ChaineRetiree: a number is missing among the chains, or rows belong to one that is not there any more.
	ChaineRetiree NatureRupture = "CHAINE_RETIREE"
	// PurgeFausse: the chain is said to be purged and nobody who has the key signed it, or its rows are still there.
	PurgeFausse NatureRupture = "PURGE_FAUSSE"
	// LectureHorsChaine: a reading belongs to no chain.
	LectureHorsChaine NatureRupture = "LECTURE_HORS_CHAINE"
)

var rupturesDeLectures = map[NatureRupture]string{
	ChaineRetiree:     "la chaîne a été retirée",
	PurgeFausse:       "la chaîne est dite purgée, sans signature valable",
	LectureHorsChaine: "des lectures ont été écrites hors de toute chaîne",
}

// BilanLectures is what a verification of the readings read.
type BilanLectures struct {
	Chaines int64 `json:"chaines"`
	Lignes  int64 `json:"lignes"`
	Purgees int64 `json:"lignes_purgees"` // kept one year, then removed with a signature
}

// GardeLectures is how many months after the beginning of its own a chain of readings may be purged: each of its rows is
// then one year old (06 §7.8).
const GardeLectures = 13

// Ancre is the end of the chain as the verification of a chain wants it.
func (c ChaineLectures) Ancre() *Ancre {
	a := &Ancre{Lignes: c.Lignes}
	if c.DernierID != nil && c.Empreinte != nil {
		a.DernierID, a.Empreinte = *c.DernierID, *c.Empreinte
	}
	return a
}

// Purgeable tells whether every row of the chain is one year old.
func (c ChaineLectures) Purgeable(le time.Time) bool {
	return c.PurgeeLe == nil && c.Empreinte != nil && !le.UTC().Before(c.Mois.Time().AddDate(0, GardeLectures, 0))
}

// TextePurge is what the signature of a purge covers: all that is left of the chain.
func (c ChaineLectures) TextePurge(le time.Time) string {
	return fmt.Sprintf("purge %d %s %d %d %s %d %s %d", c.ID, c.Mois, c.Lignes, deref(c.PremierID), deref(c.PremiereEmpreinte),
		deref(c.DernierID), deref(c.Empreinte), le.UnixMicro())
}

// MemeDebut tells whether m is the first row that the chain remembers.
func (c ChaineLectures) MemeDebut(m Maillon) bool {
	return c.PremierID != nil && *c.PremierID == m.ID && memeTexte(c.PremiereEmpreinte, m.Empreinte)
}

// DansLeMois tells whether a row belongs to the month of the chain.
func (c ChaineLectures) DansLeMois(m Maillon) bool {
	le := m.CreeLe.UTC()
	return le.Year() == c.Mois.Year() && le.Month() == c.Mois.Month()
}

func deref[T any](v *T) (out T) {
	if v != nil {
		out = *v
	}
	return out
}
