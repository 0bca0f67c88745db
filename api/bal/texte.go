package bal

import (
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
)

// estEspace tells the white space of 07 §10.6, which is neither that of Go (U+0085 is not one here) nor that of ASCII
// (U+FEFF is one).
func estEspace(r rune) bool {
	switch {
	case r <= ' ':
		return r == ' ' || r >= '\t' && r <= '\r'
	case r < 0xA0:
		return false
	case r <= 0x200A:
		return r == 0xA0 || r == 0x1680 || r >= 0x2000
	}
	return r == 0x2028 || r == 0x2029 || r == 0x202F || r == 0x205F || r == 0x3000 || r == 0xFEFF
}

// rogner removes the white space of both ends.
func rogner(v []byte) []byte {
	for len(v) > 0 {
		c := v[0]
		if c > ' ' && c < utf8.RuneSelf {
			break
		}
		r, n := utf8.DecodeRune(v)
		if !estEspace(r) {
			break
		}
		v = v[n:]
	}
	for len(v) > 0 {
		c := v[len(v)-1]
		if c > ' ' && c < utf8.RuneSelf {
			break
		}
		r, n := utf8.DecodeLastRune(v)
		if !estEspace(r) {
			break
		}
		v = v[:len(v)-n]
	}
	return v
}

// longueur counts UTF-16 units, the measure of every length of the format.
func longueur(v []byte) int {
	n := 0
	for _, c := range v {
		if c < 0x80 || c >= 0xC0 {
			n++ // first byte of a character
		}
		if c >= 0xF0 {
			n++ // outside the basic plane: two units
		}
	}
	return n
}

func estASCII(v []byte) bool {
	for _, c := range v {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// toutEnCapitales tells whether v is equal to its upper case, which is also true of a text without letters.
func toutEnCapitales(v []byte) bool {
	for _, c := range v {
		if c >= 'a' && c <= 'z' {
			return false
		}
	}
	return estASCII(v) || string(cases.Upper(language.Und).Bytes(v)) == string(v)
}

// toutEnMinuscules tells whether v is equal to its lower case.
func toutEnMinuscules(v []byte) bool {
	for _, c := range v {
		if c >= 'A' && c <= 'Z' {
			return false
		}
	}
	return estASCII(v) || string(cases.Lower(language.Und).Bytes(v)) == string(v)
}

// enMinuscules and enCapitales return v itself when it is already so.
func enMinuscules(v []byte) []byte {
	if toutEnMinuscules(v) {
		return v
	}
	return cases.Lower(language.Und).Bytes(v)
}

func enCapitales(v []byte) []byte {
	if toutEnCapitales(v) {
		return v
	}
	return cases.Upper(language.Und).Bytes(v)
}

// estNombreEntier tells whether v is made of one or more ASCII digits.
func estNombreEntier(v []byte) bool {
	for _, c := range v {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(v) > 0
}

// estUUID4 recognises a UUID of version 4, whatever its case.
func estUUID4(v []byte) bool {
	if len(v) != 36 || v[14] != '4' {
		return false
	}
	switch v[19] {
	case '8', '9', 'a', 'b', 'A', 'B':
	default:
		return false
	}
	for i, c := range v {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if c != '-' {
				return false
			}
			continue
		}
		if !(c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F') {
			return false
		}
	}
	return true
}
