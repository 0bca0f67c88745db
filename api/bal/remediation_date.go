package bal

import (
	"bytes"
	"fmt"
	"strings"
)

// String writes the day in ISO form.
func (j jour) String() string { return fmt.Sprintf("%04d-%02d-%02d", j/10000, j/100%100, j%100) }

// devinerDate reads a date written in another way (07 §10.12). Only a day after 2010-01-01 and not after today is
// believed.
func (x *examen) devinerDate(v []byte) (jour, bool) {
	for _, lire := range lecturesDate {
		annee, mois, quantieme, ok := lire(string(v))
		if !ok || !existe(annee, mois, quantieme) {
			continue
		}
		if j := jourDe(annee, mois, quantieme); j > premierJour && j <= x.aujourdhui {
			return j, true
		}
	}
	return 0, false
}

type lectureDate func(v string) (annee, mois, quantieme int, ok bool)

// lecturesDate are the accepted forms, in the order in which they are tried.
var lecturesDate = [...]lectureDate{
	jourMoisAnnee("/", 2), jourMoisAnnee("/", 4), anneeMoisJour("/"),
	jourMoisAnnee("-", 4), anneeMoisJour("-"), jourMoisAnnee(" ", 4), anneeMoisJour(" "),
	moisEnLettres, dateEtHeure,
}

// jourMoisAnnee reads dd/MM/yy or dd/MM/yyyy; day and month may have one digit.
func jourMoisAnnee(separateur string, chiffresAnnee int) lectureDate {
	return func(v string) (int, int, int, bool) {
		p := strings.Split(v, separateur)
		if len(p) != 3 || !deuxChiffres(p[0]) || !deuxChiffres(p[1]) || !desChiffres(p[2], chiffresAnnee, chiffresAnnee) {
			return 0, 0, 0, false
		}
		annee := nombre(p[2])
		if chiffresAnnee == 2 {
			annee += 2000
		}
		return annee, nombre(p[1]), nombre(p[0]), true
	}
}

func anneeMoisJour(separateur string) lectureDate {
	return func(v string) (int, int, int, bool) {
		p := strings.Split(v, separateur)
		if len(p) != 3 || !desChiffres(p[0], 4, 4) || !deuxChiffres(p[1]) || !deuxChiffres(p[2]) {
			return 0, 0, 0, false
		}
		return nombre(p[0]), nombre(p[1]), nombre(p[2]), true
	}
}

// dateEtHeure reads yyyy-MM-dd HH:mm.
func dateEtHeure(v string) (int, int, int, bool) {
	date, heure, _ := strings.Cut(v, " ")
	h, m, ok := strings.Cut(heure, ":")
	if !ok || !deuxChiffres(h) || !deuxChiffres(m) || nombre(h) > 23 || nombre(m) > 59 {
		return 0, 0, 0, false
	}
	return anneeMoisJour("-")(date)
}

var moisFrancais = [...]string{
	"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre",
}

// abreviationsMois may be followed by a dot. A single letter stands for the first month that begins with it.
var abreviationsMois = map[string]int{
	"janv": 1, "févr": 2, "mars": 3, "avr": 4, "mai": 5, "juin": 6, "juil": 7, "juill": 7, "août": 8, "sept": 9, "oct": 10,
	"nov": 11, "déc": 12, "j": 1, "f": 2, "m": 3, "a": 4, "s": 9, "o": 10, "n": 11, "d": 12,
}

// moisEnLettres reads d MMMM yyyy.
func moisEnLettres(v string) (int, int, int, bool) {
	p := strings.Split(v, " ")
	if len(p) != 3 || !deuxChiffres(p[0]) || !desChiffres(p[2], 4, 4) {
		return 0, 0, 0, false
	}
	nom := strings.ToLower(p[1])
	mois := abreviationsMois[strings.TrimSuffix(nom, ".")]
	for i, m := range moisFrancais {
		if nom == m {
			mois = i + 1
		}
	}
	return nombre(p[2]), mois, nombre(p[0]), mois != 0
}

func deuxChiffres(v string) bool { return desChiffres(v, 1, 2) }

func desChiffres(v string, minimum, maximum int) bool {
	return len(v) >= minimum && len(v) <= maximum && estNombreEntier([]byte(v))
}

func nombre(v string) int { return entier(bytes.TrimLeft([]byte(v), "0")) }
