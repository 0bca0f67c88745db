package reassignation

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Ligne is a line of the list: what it says, and where.
type Ligne struct {
	Numero     int    // in the file, from 1, headers included
	CodePostal string // as written
	Commune    string // as written
}

// Rejet is a line that names no commune, or one already named.
type Rejet struct {
	Ligne      int    `json:"ligne"`
	CodePostal string `json:"code_postal"`
	Commune    string `json:"commune"`
	Code       string `json:"code"`
	Detail     string `json:"detail"`
}

// Reasons of a refusal.
const (
	RejetIncomplete        = "ligne_incomplete"
	RejetCodePostal        = "code_postal_invalide"
	RejetCodePostalInconnu = "code_postal_inconnu"
	RejetCommune           = "commune_inconnue"
	RejetAmbigue           = "commune_ambigue"
	RejetDoublon           = "doublon"
)

// CommuneConnue is a commune that has a postcode.
type CommuneConnue struct {
	CodePostal string
	Code       string // INSEE
	Nom        string
}

// storeCommunes reads the dictionary of places.
type storeCommunes interface {
	// CommunesDesCodesPostaux lists the communes of these postcodes, pseudo-communes left out.
	CommunesDesCodesPostaux(ctx context.Context, codes []string) ([]CommuneConnue, error)
}

// Reconnues is what a list gives: the INSEE codes of its communes, its postcodes, and the lines that were refused.
type Reconnues struct {
	Codes        []string
	CodesPostaux []string
	Rejets       []Rejet
}

// reconnaitre finds the commune of each line: the one of that name which has that postcode, nothing approximate. A commune
// that has several postcodes is named by any of them, and is taken whole.
func reconnaitre(ctx context.Context, st storeCommunes, lignes []Ligne) (Reconnues, error) {
	var out Reconnues
	demandes := map[string]bool{}
	for _, l := range lignes {
		if cp, ok := codePostal(l.CodePostal); ok {
			demandes[cp] = true
		}
	}
	out.CodesPostaux = slices.Sorted(maps.Keys(demandes))
	connues, err := st.CommunesDesCodesPostaux(ctx, out.CodesPostaux)
	if err != nil {
		return out, fmt.Errorf("find communes: %w", err)
	}
	dictionnaire := map[string]map[string][]CommuneConnue{}
	for _, c := range connues {
		if dictionnaire[c.CodePostal] == nil {
			dictionnaire[c.CodePostal] = map[string][]CommuneConnue{}
		}
		dictionnaire[c.CodePostal][cleCommune(c.Nom)] = append(dictionnaire[c.CodePostal][cleCommune(c.Nom)], c)
	}
	premiere := map[string]int{}
	for _, l := range lignes {
		code, refus, detail := reconnaitreLigne(l, dictionnaire)
		if n, deja := premiere[code]; refus == "" && deja {
			refus, detail = RejetDoublon, fmt.Sprintf("La commune est déjà donnée à la ligne %d.", n)
		}
		if refus != "" {
			out.Rejets = append(out.Rejets, Rejet{l.Numero, l.CodePostal, l.Commune, refus, detail})
			continue
		}
		premiere[code] = l.Numero
		out.Codes = append(out.Codes, code)
	}
	slices.Sort(out.Codes)
	return out, nil
}

// reconnaitreLigne answers a code, or why there is none.
func reconnaitreLigne(l Ligne, dictionnaire map[string]map[string][]CommuneConnue) (code, refus, detail string) {
	if strings.TrimSpace(l.CodePostal) == "" || strings.TrimSpace(l.Commune) == "" {
		return "", RejetIncomplete, "Le code postal et la commune sont tous deux attendus."
	}
	cp, ok := codePostal(l.CodePostal)
	if !ok {
		return "", RejetCodePostal, "Un code postal compte cinq chiffres."
	}
	noms := dictionnaire[cp]
	if len(noms) == 0 {
		return "", RejetCodePostalInconnu, "Aucune commune n’a ce code postal."
	}
	switch trouvees := noms[cleCommune(l.Commune)]; len(trouvees) {
	case 0:
		return "", RejetCommune, "Aucune commune de ce nom n’a ce code postal. Il est celui de : " + proposer(noms) + "."
	case 1:
		return trouvees[0].Code, "", ""
	default:
		return "", RejetAmbigue, "Plusieurs communes de ce nom ont ce code postal."
	}
}

// maxProposees is how many names a refusal gives.
const maxProposees = 5

func proposer(noms map[string][]CommuneConnue) string {
	var liste []string
	for _, cle := range slices.Sorted(maps.Keys(noms)) {
		liste = append(liste, noms[cle][0].Nom)
	}
	if len(liste) > maxProposees {
		return strings.Join(liste[:maxProposees], ", ") + fmt.Sprintf(" et %d autres", len(liste)-maxProposees)
	}
	return strings.Join(liste, ", ")
}

// codePostal reads a postcode; spreadsheets lose its first zero when they take it for a number.
func codePostal(s string) (string, bool) {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
	if len(s) == 4 {
		s = "0" + s
	}
	if len(s) != 5 || strings.Trim(s, "0123456789") != "" {
		return "", false
	}
	return s, true
}

// cleCommune makes names comparable (06 §4.2): no accents, no punctuation, capitals, ST and STE in full.
func cleCommune(nom string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.NewReplacer("œ", "oe", "Œ", "OE", "æ", "ae", "Æ", "AE").Replace(nom)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(unicode.ToUpper(r))
		default:
			b.WriteByte(' ')
		}
	}
	mots := strings.Fields(b.String())
	for i, m := range mots {
		switch m {
		case "ST":
			mots[i] = "SAINT"
		case "STE":
			mots[i] = "SAINTE"
		}
	}
	return strings.Join(mots, " ")
}
