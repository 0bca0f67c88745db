package event

import (
	"fmt"
	"time"

	"github.com/google/uuid"
)

// NatureRupture says what happened to a chain of journal.
type NatureRupture string

// What a verification finds (CC-32).
const (
	// LigneModifiee: the content of the row is not the one that its digest covers.
	LigneModifiee NatureRupture = "MODIFIEE"
	// LigneRetiree: the row does not follow the one before it; one was removed between both, or replaced.
	LigneRetiree NatureRupture = "RETIREE"
	// LigneInseree: the row was put between two rows that follow each other, or after the last one.
	LigneInseree NatureRupture = "INSEREE"
	// FinRetiree: the chain stops before the end that its anchor remembers.
	FinRetiree NatureRupture = "FIN_RETIREE"
	// AncreFausse: the rows hold together, but the anchor is missing or remembers another end.
	AncreFausse NatureRupture = "ANCRE_FAUSSE"
)

// Rupture is the first broken link of a family, or of a chain of readings.
type Rupture struct {
	Lectures   int64         `json:"chaine_lectures,omitempty"` // number of the chain of readings, 0 for a family
	RacineID   int64         `json:"-"`
	RacineUUID *uuid.UUID    `json:"famille"` // nil when the convention is not there any more
	LigneID    int64         `json:"ligne"`   // row of the journal, 0 when none is left
	CreeLe     *time.Time    `json:"cree_le"`
	Nature     NatureRupture `json:"nature"`
}

// String says it in words.
func (r Rupture) String() string {
	ou := fmt.Sprintf("famille n° %d", r.RacineID)
	switch {
	case r.Nature == LectureHorsChaine:
		ou = "lectures"
	case r.Lectures != 0:
		ou = fmt.Sprintf("lectures, chaîne n° %d", r.Lectures)
	case r.RacineUUID != nil:
		ou = "famille " + r.RacineUUID.String()
	}
	if texte, ok := rupturesDeLectures[r.Nature]; ok {
		return ou + " : " + texte
	}
	le := ""
	if r.CreeLe != nil {
		le = " du " + r.CreeLe.UTC().Format("02/01/2006 15:04:05") + " UTC"
	}
	quoi := map[NatureRupture]string{
		LigneModifiee: "la ligne %d%s a été modifiée",
		LigneRetiree:  "une ligne a été retirée ou remplacée avant la ligne %d%s",
		LigneInseree:  "la ligne %d%s a été insérée",
		FinRetiree:    "des lignes ont été retirées après la ligne %d%s",
		AncreFausse:   "la fin enregistrée ne correspond pas à la ligne %d%s",
	}[r.Nature]
	return ou + " : " + fmt.Sprintf(quoi, r.LigneID, le)
}

// BilanChaines is what a verification read.
type BilanChaines struct {
	Familles int64          `json:"familles"`
	Lignes   int64          `json:"lignes"`
	Ruptures []Rupture      `json:"ruptures"` // the first one of each family and of each chain of readings
	Lectures *BilanLectures `json:"lectures,omitempty"`
}

// Maillon is what the verification of a chain reads of a row.
type Maillon struct {
	ID         int64
	CreeLe     time.Time
	Precedente *string
	Empreinte  *string
	Calculee   string // digest of the content after Precedente
}

// Chaine verifies one family, row after row in the order of their ids. It keeps the last two rows only.
type Chaine struct {
	lignes          int64
	dernier, avant  *Maillon
	rupture         *Rupture
	attendu         *string // digest that the row after a broken link would follow, were that row inserted
	regarderSuivant bool
}

// Suivre reads the next row.
func (c *Chaine) Suivre(m Maillon) {
	c.lignes++
	switch {
	case c.rupture == nil:
		c.verifier(m)
	case c.regarderSuivant:
		if memeTexte(m.Precedente, c.attendu) {
			c.rupture.Nature = LigneInseree
		}
		c.regarderSuivant = false
	}
	c.avant, c.dernier = c.dernier, &m
}

func (c *Chaine) verifier(m Maillon) {
	if m.Empreinte == nil || *m.Empreinte != m.Calculee {
		c.rompre(m, LigneModifiee)
		return
	}
	fin := empreinteDe(c.dernier)
	if memeTexte(m.Precedente, fin) {
		return
	}
	if c.dernier != nil && memeTexte(m.Precedente, empreinteDe(c.avant)) {
		c.rompre(*c.dernier, LigneInseree) // this row and the one before the last follow each other
		return
	}
	c.rompre(m, LigneRetiree)
	c.attendu, c.regarderSuivant = fin, true
}

func (c *Chaine) rompre(m Maillon, n NatureRupture) {
	c.rupture = &Rupture{LigneID: m.ID, CreeLe: &m.CreeLe, Nature: n}
}

// Finir compares the end of the chain with its anchor, nil when there is none, and returns the first broken link.
func (c *Chaine) Finir(a *Ancre) *Rupture {
	fin := Maillon{}
	if c.dernier != nil {
		fin = *c.dernier
	}
	switch {
	case c.rupture != nil:
		return c.rupture
	case a == nil && c.lignes == 0:
		return nil
	case a == nil:
		c.rompre(fin, AncreFausse)
	case a.Lignes > c.lignes:
		c.rompre(fin, FinRetiree)
	case a.Lignes < c.lignes:
		c.rompre(fin, LigneInseree)
	case a.DernierID != fin.ID || fin.Empreinte == nil || a.Empreinte != *fin.Empreinte:
		c.rompre(fin, AncreFausse)
	}
	if c.rupture != nil && c.lignes == 0 {
		c.rupture.CreeLe = nil
	}
	return c.rupture
}

// Lignes counts the rows that were read.
func (c *Chaine) Lignes() int64 { return c.lignes }

func empreinteDe(m *Maillon) *string {
	if m == nil {
		return nil
	}
	return m.Empreinte
}

func memeTexte(a, b *string) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
