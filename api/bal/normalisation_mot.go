package bal

import "unicode/utf8"

// classe is what a character of a folded name is for the cutting into words.
type classe uint8

const (
	separateur classe = iota
	lettre            // a to z and what is left of Latin-1
	autre             // letters of other alphabets and symbols that do not separate
	chiffre           // 0 to 9
	isole             // pictograms and all that is beyond U+FFFF: a word alone
)

func classeDe(r rune) classe {
	switch {
	case r >= 'a' && r <= 'z':
		return lettre
	case r >= '0' && r <= '9':
		return chiffre
	case r < 0xC0:
		return separateur
	case r < 0x100:
		if r == '×' || r == '÷' {
			return separateur
		}
		return lettre
	case r >= 0x2000 && r <= 0x206F, // punctuation, spaces
		r == 0x1680, r == 0x180E, r == 0x3000, r == 0xFEFF:
		return separateur
	case r >= 0x2700 && r <= 0x27BF, r > 0xFFFF:
		return isole
	}
	return autre
}

// decouperMots appends the words of a folded name: maximal runs of letters or of digits. As in the published
// rules, two English habits remain: an ordinal stays whole (« 1st », « 2nd », « 4th ») and so does a
// contraction at the end of a word (« l's »).
func decouperMots(mots [][]byte, plie []byte) [][]byte {
	for i := 0; i < len(plie); {
		r, taille := utf8.DecodeRune(plie[i:])
		fin := i + taille
		switch classeDe(r) {
		case separateur:
			i = fin
			continue
		case lettre, autre:
			fin = finDeMot(plie, i)
		case chiffre:
			fin = finDeNombre(plie, i)
		case isole:
		}
		mots = append(mots, plie[i:fin:fin])
		i = fin
	}
	return mots
}

// finDeMot is the end of the word of letters that begins at i.
func finDeMot(plie []byte, i int) int {
	fin, suivante := i, separateur
	uniforme, premiere := true, separateur
	for fin < len(plie) {
		r, taille := utf8.DecodeRune(plie[fin:])
		c := classeDe(r)
		if c != lettre && c != autre {
			suivante = c
			break
		}
		if fin == i {
			premiere = c
		}
		uniforme = uniforme && c == premiere
		fin += taille
	}
	if suivante != separateur {
		return fin
	}
	avec := finDeContraction(plie, fin)
	switch {
	case avec == fin || uniforme && premiere == autre:
		return fin
	case uniforme && !separe(plie, avec):
		return fin // l'd of « l'dorado » is not a contraction
	}
	return avec
}

// finDeContraction is the end of 'd, 'll, 'm, 're, 's, 't or 've at i, or i.
func finDeContraction(plie []byte, i int) int {
	reste := plie[i:]
	n := 0
	switch {
	case len(reste) > 0 && reste[0] == '\'':
		n = 1
	case len(reste) > 2 && string(reste[:3]) == "’":
		n = 3
	default:
		return i
	}
	reste = reste[n:]
	for _, c := range [...]string{"d", "ll", "m", "re", "s", "t", "ve"} {
		if len(reste) >= len(c) && string(reste[:len(c)]) == c {
			return i + n + len(c)
		}
	}
	return i
}

// separe says whether a separator or the end is at i.
func separe(plie []byte, i int) bool {
	if i == len(plie) {
		return true
	}
	r, _ := utf8.DecodeRune(plie[i:])
	return classeDe(r) == separateur
}

// finDeNombre is the end of the digits that begin at i, or of the ordinal.
func finDeNombre(plie []byte, i int) int {
	if fin := ordinal(plie, i); fin > i {
		return fin
	}
	for i < len(plie) && plie[i] >= '0' && plie[i] <= '9' {
		i++
	}
	return i
}

// ordinal is the end of the English ordinal that begins at i, or i.
func ordinal(plie []byte, i int) int {
	j := i
	for j < len(plie) && plie[j] >= '0' && plie[j] <= '9' {
		j++
	}
	fin := j + 2
	if j == i || fin > len(plie) {
		return i
	}
	ok := false
	switch string(plie[j:fin]) {
	case "st":
		ok = plie[j-1] == '1'
	case "nd":
		ok = plie[j-1] == '2'
	case "rd":
		ok = plie[j-1] == '3'
	case "th":
		ok = plie[j-1] < '1' || plie[j-1] > '3'
	}
	if !ok || fin < len(plie) && alphanumerique(plie[fin]) {
		return i
	}
	return fin
}

func alphanumerique(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' }
