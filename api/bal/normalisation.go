package bal

import (
	"bytes"
	"slices"
	"unicode"
	"unicode/utf8"
)

// Normaliser gives the form of a street name that is compared with others (07 §10.15): without accents nor
// case, words expanded, articles removed, numbers in French words. Two names with the same form are the same
// street. It is never shown, and a name made of articles only gives the empty text.
func Normaliser(nom string) string {
	var n normaliseur
	return string(n.ajouter(nil, nom))
}

// normaliseur normalises names one after the other with the same memory. One per goroutine.
type normaliseur struct {
	plie []byte   // the name without accents, lower-cased, then the expansions
	mots [][]byte // parts of plie
}

// ajouter appends the normalised name to dst.
func (n *normaliseur) ajouter(dst []byte, nom string) []byte {
	n.plie = plier(n.plie[:0], nom)
	n.mots = decouperMots(n.mots[:0], n.plie)
	mots := n.mots
	for i, m := range mots {
		if long, ok := abreviation(m, i == 0); ok {
			debut := len(n.plie)
			n.plie = append(n.plie, long...)
			mots[i] = n.plie[debut:]
		}
	}
	if len(mots) > 1 && string(mots[0]) == "rue" && slices.ContainsFunc(mots[1:], finitParRue) {
		mots = mots[1:] // Rue Grande Rue
	}
	if len(mots) > 2 && string(mots[0]) == "lieu" && string(mots[1]) == "dit" {
		mots = mots[2:]
	}
	debut := len(dst)
	for _, m := range mots {
		if motVide(m) {
			continue
		}
		if len(dst) > debut {
			dst = append(dst, ' ')
		}
		dst = ajouterMot(dst, m)
	}
	return dst
}

func finitParRue(mot []byte) bool { return bytes.HasSuffix(mot, []byte("rue")) }

// ajouterMot appends a word, a number in French words.
func ajouterMot(dst, mot []byte) []byte {
	var n uint64
	chiffres := 0
	for _, c := range mot {
		if c < '0' || c > '9' {
			return append(dst, mot...)
		}
		if n > 0 || c > '0' {
			chiffres++
		}
		if chiffres > maxChiffres {
			return append(dst, mot...)
		}
		n = n*10 + uint64(c-'0')
	}
	return ajouterNombre(dst, n)
}

// abreviation expands the usual abbreviations: those of kinds of street only in the first word, those of
// titles only in the others. The reference writes « hammeau »; as both sides get it, it does no harm.
func abreviation(mot []byte, premier bool) (long string, ok bool) {
	if premier {
		return genreDeVoie(string(mot))
	}
	return titre(string(mot))
}

func genreDeVoie(mot string) (string, bool) {
	switch mot {
	case "pl":
		return "place", true
	case "av":
		return "avenue", true
	case "bd":
		return "boulevard", true
	case "sq":
		return "square", true
	case "che", "chem":
		return "chemin", true
	case "rte":
		return "route", true
	case "all":
		return "allee", true
	case "pas":
		return "passage", true
	case "vla":
		return "villa", true
	case "imp":
		return "impasse", true
	case "qu":
		return "quai", true
	case "ham":
		return "hammeau", true
	case "prt":
		return "porte", true
	case "parv":
		return "parvis", true
	case "lot":
		return "lotissement", true
	case "sen", "snt":
		return "sente", true
	case "r":
		return "rue", true
	case "rle":
		return "ruelle", true
	case "car":
		return "carrefour", true
	case "mte":
		return "montee", true
	case "ptte":
		return "placette", true
	case "str":
		return "sentier", true
	case "tsse":
		return "terrasse", true
	}
	return "", false
}

func titre(mot string) (string, bool) {
	switch mot {
	case "st":
		return "saint", true
	case "ste":
		return "sainte", true
	case "gal":
		return "general", true
	case "mal":
		return "marechal", true
	}
	return "", false
}

// motVide says whether a word does not distinguish streets.
func motVide(mot []byte) bool {
	switch string(mot) {
	case "la", "le", "les", "l", "d", "du", "de", "des", "dos", "las", "los",
		"sur", "sous", "a", "par", "et", "au", "aux":
		return true
	}
	return false
}

// plier appends the text without diacritics, lower-cased.
func plier(dst []byte, texte string) []byte {
	for i := 0; i < len(texte); {
		c := texte[i]
		if c < utf8.RuneSelf {
			if c >= 'A' && c <= 'Z' {
				c += 'a' - 'A'
			}
			dst = append(dst, c)
			i++
			continue
		}
		r, taille := utf8.DecodeRuneInString(texte[i:])
		i += taille
		switch {
		case r >= 0xC0 && r < 0x180:
			dst = append(dst, sansAccent[r-0xC0]...)
		case diacritique(r):
		default:
			dst = utf8.AppendRune(dst, unicode.ToLower(r))
		}
	}
	return dst
}

// diacritique says whether the character only modifies the one before.
func diacritique(r rune) bool {
	return r >= 0x300 && r <= 0x36F || r >= 0x20D0 && r <= 0x20FF || r >= 0xFE20 && r <= 0xFE2F
}

// sansAccent gives the base letters of U+00C0 to U+017F. Multiplication and division signs stay.
var sansAccent = [...]string{
	"a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i", // À
	"d", "n", "o", "o", "o", "o", "o", "×", "o", "u", "u", "u", "u", "y", "th", "ss", // Ð
	"a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i", // à
	"d", "n", "o", "o", "o", "o", "o", "÷", "o", "u", "u", "u", "u", "y", "th", "y", // ð
	"a", "a", "a", "a", "a", "a", "c", "c", "c", "c", "c", "c", "c", "c", "d", "d", // Ā
	"d", "d", "e", "e", "e", "e", "e", "e", "e", "e", "e", "e", "g", "g", "g", "g", // Đ
	"g", "g", "g", "g", "h", "h", "h", "h", "i", "i", "i", "i", "i", "i", "i", "i", // Ġ
	"i", "i", "ij", "ij", "j", "j", "k", "k", "k", "l", "l", "l", "l", "l", "l", "l", // İ
	"l", "l", "l", "n", "n", "n", "n", "n", "n", "'n", "n", "n", "o", "o", "o", "o", // ŀ
	"o", "o", "oe", "oe", "r", "r", "r", "r", "r", "r", "s", "s", "s", "s", "s", "s", // Ő
	"s", "s", "t", "t", "t", "t", "t", "t", "u", "u", "u", "u", "u", "u", "u", "u", // Š
	"u", "u", "u", "u", "w", "w", "y", "y", "y", "z", "z", "z", "z", "z", "z", "s", // Ű
}
