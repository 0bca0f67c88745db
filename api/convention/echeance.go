package convention

import (
	"fmt"
	"time"

	"apilos/api/date"
	"apilos/api/operation"
)

// The year of the end of a convention lies from premiereAnneeFin to dureeMax years after the day of the save.
const (
	premiereAnneeFin = 1977
	dureeMax         = 500
)

// Echeance is what the end of a convention depends on (03 §3.5).
type Echeance struct {
	// Reference is the day of the save; for an avenant, the day the convention was signed when it is known.
	Reference        date.Date
	Mixte            bool
	OutreMer         bool
	PLS              bool // the first lot is of PLS type
	SansTravaux      bool
	FoyerOuResidence bool
	Avenant          bool
	Prets            []Pret
}

// BornesFin are the first and last years in which a convention may end; 0 when there is no limit.
type BornesFin struct{ Min, Max int }

// Bornes applies the five cases of 03 §3.5: the first that fits. A day in the second half of the year leads to the June
// of the year after, except for foyers and résidences, which end in December.
func (e Echeance) Bornes() BornesFin {
	apresJuin := 0
	if e.Reference.Month() > time.June && !e.FoyerOuResidence {
		apresJuin = 1
	}
	annee := e.Reference.Year()
	switch {
	case e.Mixte:
		return BornesFin{Min: e.finDesPretsCDC()}
	case e.OutreMer:
		min := annee + 9
		if !e.SansTravaux {
			for _, p := range e.Prets {
				if fin, ok := p.fin(); ok {
					min = max(min, fin.Year())
				}
			}
		}
		return BornesFin{Min: min}
	case e.PLS:
		b := BornesFin{Min: annee + 15 + apresJuin}
		if !e.FoyerOuResidence && !e.Avenant {
			b.Max = annee + 40 + apresJuin
		}
		return b
	case e.SansTravaux:
		return BornesFin{Min: annee + 9 + apresJuin}
	}
	return BornesFin{Min: e.finDesPretsCDC()}
}

// finDesPretsCDC is the year that the loan of the Caisse des dépôts ending last asks for, at least nine years after it
// was granted; 0 without such a loan.
func (e Echeance) finDesPretsCDC() int {
	var octroi, fin date.Date
	for _, p := range e.Prets {
		if f, ok := p.fin(); ok && p.CDC() && (fin.IsZero() || f.After(fin)) {
			octroi, fin = *p.DateOctroi, f
		}
	}
	if fin.IsZero() {
		return 0
	}
	annee := max(fin.Year(), octroi.Year()+9)
	if !e.FoyerOuResidence && fin.Month() > time.June {
		annee++
	}
	return annee
}

// fin is the last day of a loan, known when its date and its duration are.
func (p Pret) fin() (date.Date, bool) {
	if p.DateOctroi == nil || p.Duree == nil {
		return date.Date{}, false
	}
	return p.DateOctroi.AddYears(*p.Duree), true
}

// echeance is what the end of this convention depends on, on a day.
func (d *Dossier) echeance(jour date.Date) Echeance {
	e := Echeance{
		Reference: jour, Mixte: len(d.Lots) > 1, OutreMer: d.EstOutreMer(), PLS: len(d.Lots) > 0 && d.Lots[0].Financement.TypePLS(),
		SansTravaux: d.Operation.TypeOperation == operation.SansTravaux, FoyerOuResidence: d.FoyerOuResidence(),
		Avenant: d.EstAvenant(), Prets: d.Prets,
	}
	if d.EstAvenant() && d.Racine.SigneLe != nil {
		e.Reference = *d.Racine.SigneLe
	}
	return e
}

// verifierEcheance checks the year of the end, when it is known.
func (d *Dossier) verifierEcheance(jour date.Date) []Anomalie {
	fin := d.Convention.DateFinConventionnement
	if fin == nil {
		return nil
	}
	refus := func(code, format string, a ...any) []Anomalie {
		return []Anomalie{{Pointer: "/annee_fin_conventionnement", Code: code, Detail: fmt.Sprintf(format, a...), Niveau: NiveauErreur}}
	}
	annee, b := fin.Year(), d.echeance(jour).Bornes()
	switch {
	case annee < premiereAnneeFin || annee > jour.Year()+dureeMax:
		return refus("out_of_range", "L’année de fin de la convention est comprise entre %d et %d.", premiereAnneeFin, jour.Year()+dureeMax)
	case annee < b.Min:
		return refus("fin_trop_tot", "L’année de fin de conventionnement ne peut pas être inférieure à %d.", b.Min)
	case b.Max != 0 && annee > b.Max:
		return refus("fin_trop_tard", "L’année de fin de conventionnement ne peut pas être supérieure à %d.", b.Max)
	}
	return nil
}
