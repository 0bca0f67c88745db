package bal

import (
	"apilos/api/cog"
	"time"
)

// Valeur is a raw value as a field of the format understands it.
type Valeur struct {
	Valeur any      `json:"value"` // string, int, Coordonnee, bool or []string; nil without parsed value
	Codes  []string `json:"errors"`
}

// LireValeur reads the raw value of a field alone, as a row would: champ is the name of a base or of a regional column.
// ok is false when the format has no such field.
func LireValeur(champ, brut string, horloge time.Time, code *cog.Cog) (v Valeur, ok bool) {
	ch, ok := champDe(champ)
	regional := false
	if !ok {
		if ch, _, ok = couperRegional(champ); !ok {
			return Valeur{}, false
		}
		regional = true
	}
	l := lecteurCellule{communes: nouvellesCommunes(code), aujourdhui: jourUTC(horloge)}
	c := l.lire(ch, regional, []byte(brut))
	v.Codes = []string{}
	for reste := c.codes; reste != 0; {
		var g int
		g, reste = reste.suivante()
		v.Codes = append(v.Codes, champ+"."+nomsGenre[g])
	}
	if c.lue {
		v.Valeur = c.exporter(ch)
	}
	return v, true
}
