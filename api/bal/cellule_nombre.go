package bal

import (
	"bytes"
	"strconv"
)

// lireCoordonnee accepts -?(0|[1-9]\d*)(\.\d+)?\d?, then the same with a comma.
func lireCoordonnee(c *cellule, v []byte) {
	if n, ok := lireDecimal(v); ok {
		c.nombre = n
		c.garder(v)
		return
	}
	if i := bytes.IndexByte(v, ','); i >= 0 {
		corrige := bytes.Clone(v)
		corrige[i] = '.'
		if n, ok := lireDecimal(corrige); ok {
			c.relever(genreSeparateurDecimal)
			c.nombre = n
			c.garder(corrige)
			return
		}
	}
	c.relever(genreValeurInvalide)
}

// puissances are the powers of ten that a float64 holds exactly.
var puissances = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// lireDecimal reads the grammar of coordinates. One digit may follow a leading zero, and no more.
func lireDecimal(v []byte) (float64, bool) {
	chiffres := v
	negatif := len(v) > 0 && v[0] == '-'
	if negatif {
		chiffres = v[1:]
	}
	mantisse, entiers, decimales, point := uint64(0), 0, 0, false
	for _, c := range chiffres {
		switch {
		case c >= '0' && c <= '9':
			mantisse = mantisse*10 + uint64(c-'0')
			if point {
				decimales++
			} else {
				entiers++
			}
		case c == '.' && !point && entiers > 0:
			point = true
		default:
			return 0, false
		}
	}
	if entiers == 0 || point && decimales == 0 {
		return 0, false
	}
	if chiffres[0] == '0' && (entiers > 2 || entiers == 2 && point) {
		return 0, false
	}
	if entiers+decimales > len(puissances) {
		n, err := strconv.ParseFloat(string(v), 64)
		_ = err // out of range: the grammar is right and the value is infinite
		return n, true
	}
	n := float64(mantisse) / puissances[decimales]
	if negatif && n != 0 {
		n = -n
	}
	return n, true
}
