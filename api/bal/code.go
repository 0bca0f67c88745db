package bal

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Niveau is the severity of a code in a profile.
type Niveau byte

const (
	// Erreur makes the file not valid.
	Erreur Niveau = 'E'
	// Avertissement is shown to the producer of the file, which stays valid.
	Avertissement Niveau = 'W'
	// Information is neither; it is the level of the codes that a profile does not know.
	Information Niveau = 'I'
)

// String returns the letter of the level.
func (n Niveau) String() string { return string(rune(n)) }

// Profil is a set of levels for one version of the format (07 §10.9).
type Profil struct {
	Code    string
	Nom     string
	Version string // of the format: fields of other versions are left out of its report
	Utilise bool   // may be chosen automatically; the others only on request
}

// profils are in the order of the columns of tableCodes.
var profils = [...]Profil{
	{"1.1-strict", "BAL 1.1 Strict", "1.1", false},
	{"1.2-strict", "BAL 1.2 Strict", "1.2", false},
	{"1.3-strict", "BAL 1.3 Strict", "1.3", false},
	{"1.3-relax", "BAL 1.3 Relax (legacy)", "1.3", false},
	{"1.3", "BAL 1.3 (legacy)", "1.3", true},
	{"1.4", "BAL 1.4 (defaut)", "1.4", true},
	{"1.5", "BAL 1.5 (beta)", "1.5", true},
}

// Profils returns the profiles, latest version first.
func Profils() []Profil {
	liste := slices.Clone(profils[:])
	slices.Reverse(liste)
	return liste
}

// ProfilDe returns the profile of that code.
func ProfilDe(code string) (Profil, bool) {
	if i := rangProfil(code); i >= 0 {
		return profils[i], true
	}
	return Profil{}, false
}

// NiveauDe is the level of a code in a profile. A code of a regional column is looked up as that of any
// language (voie_nom_bre.trop_court as voie_nom_@@.trop_court). Anything unknown is Information.
func NiveauDe(profil, code string) Niveau {
	p := rangProfil(profil)
	if p < 0 {
		return Information
	}
	ligne, ok := codes().chercher(code)
	if !ok {
		return Information
	}
	return ligne.niveaux[p]
}

// HorsVersion says whether the code is about a field that the version of the profile does not have, so that
// the profile does not report it. A code of a regional column follows its base field; the codes of the
// file, of rows and of the whole of rows are never left out (07 §10.10).
func HorsVersion(profil, code string) bool {
	p := rangProfil(profil)
	if p < 0 {
		return false
	}
	d := decouperCode(code)
	return d.surChamp && !d.champ.dansVersion(profils[p].Version)
}

func rangProfil(code string) int {
	for i := range profils {
		if profils[i].Code == code {
			return i
		}
	}
	return -1
}

// codeDecoupe is a code seen as a field, a language and a rule.
type codeDecoupe struct {
	champ    champ
	surChamp bool // champ is meaningful; false for file.*, row.*, rows.* and unknown fields
	langue   string
	regle    string
}

func decouperCode(code string) codeDecoupe {
	tete, regle, _ := strings.Cut(code, ".")
	if tete == "field" {
		nom, quoi, _ := strings.Cut(regle, ".")
		c, ok := champDe(nom)
		return codeDecoupe{champ: c, surChamp: ok, regle: quoi}
	}
	if c, ok := champDe(tete); ok {
		return codeDecoupe{champ: c, surChamp: true, regle: regle}
	}
	c, langue, ok := couperRegional(tete)
	return codeDecoupe{champ: c, surChamp: ok, langue: langue, regle: regle}
}

// infoCode is a row of tableCodes made ready.
type infoCode struct {
	niveaux [len(profils)]Niveau
	libelle string
}

type indexCodes map[string]infoCode

var codes = sync.OnceValue(func() indexCodes {
	index := make(indexCodes, len(tableCodes))
	for _, l := range tableCodes {
		info := infoCode{libelle: l.libelle}
		for i, lettre := range strings.Fields(l.niveaux) {
			lettre = strings.Trim(lettre, "()")
			if i >= len(profils) || len(lettre) != 1 {
				panic(fmt.Sprintf("bal: table of codes: levels of %s", l.code)) // a test reads the whole table
			}
			info.niveaux[i] = Niveau(lettre[0])
		}
		index[l.code] = info
	}
	return index
})

// chercher finds the row of a code, that of any language for a code of a regional column.
func (x indexCodes) chercher(code string) (infoCode, bool) {
	if info, ok := x[code]; ok {
		return info, true
	}
	if d := decouperCode(code); d.langue != "" {
		info, ok := x[d.champ.nom()+"_@@."+d.regle]
		return info, ok
	}
	return infoCode{}, false
}
