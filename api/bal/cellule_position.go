package bal

import "golang.org/x/text/unicode/norm"

// positions are the kinds of place that an address may point to, with the form that approximate spellings are
// compared with.
var positions = [...]struct{ valeur, normalisee string }{
	{"entrée", "entree"},
	{"bâtiment", "batiment"},
	{"cage d’escalier", "cage d escalier"},
	{"logement", "logement"},
	{"service technique", "service technique"},
	{"délivrance postale", "delivrance postale"},
	{"parcelle", "parcelle"},
	{"segment", "segment"},
}

// lirePosition accepts the exact values, then those that only differ by case, accents or punctuation.
func lirePosition(c *cellule, v []byte) {
	for i := range positions {
		if string(v) == positions[i].valeur {
			c.garder(v)
			return
		}
	}
	composee := norm.NFC.String(string(v))
	normalisee := normaliserPosition(composee)
	for i := range positions {
		if normalisee != positions[i].normalisee {
			continue
		}
		if composee != positions[i].valeur {
			c.relever(genreEnumFlou)
		}
		c.garder([]byte(positions[i].valeur))
		return
	}
	c.relever(genreValeurInvalide)
}

// normaliserPosition removes accents and case, and replaces what is neither a letter, a digit nor an underscore by one
// space.
func normaliserPosition(composee string) string {
	var mots []byte
	separe := false
	for _, c := range plier(nil, composee) {
		if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_') {
			separe = true
			continue
		}
		if separe && len(mots) > 0 {
			mots = append(mots, ' ')
		}
		separe = false
		mots = append(mots, c)
	}
	return string(mots)
}
