package bal

import "time"

// jour is a calendar day written as the number yyyymmdd: days compare as numbers.
type jour int

// premierJour is the day before which a date of update is too old to be believed.
const premierJour jour = 20100101

func jourDe(annee, mois, quantieme int) jour { return jour(annee*10000 + mois*100 + quantieme) }

// jourUTC is the day of an instant. Dates are compared as pure calendar days, so that the time zone of the machine
// never changes a report.
func jourUTC(t time.Time) jour {
	annee, mois, quantieme := t.UTC().Date()
	return jourDe(annee, int(mois), quantieme)
}

// existe tells whether the calendar has that day.
func existe(annee, mois, quantieme int) bool {
	return mois >= 1 && mois <= 12 && quantieme >= 1 && quantieme <= joursDuMois(annee, mois)
}

func joursDuMois(annee, mois int) int {
	switch mois {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if annee%4 == 0 && (annee%100 != 0 || annee%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// lireJourISO reads yyyy-mm-dd.
func lireJourISO(v []byte) (jour, bool) {
	if len(v) != 10 || v[4] != '-' || v[7] != '-' ||
		!estNombreEntier(v[:4]) || !estNombreEntier(v[5:7]) || !estNombreEntier(v[8:]) {
		return 0, false
	}
	annee, mois, quantieme := entier(v[:4]), entier(v[5:7]), entier(v[8:])
	return jourDe(annee, mois, quantieme), existe(annee, mois, quantieme)
}

// entier reads a short run of digits.
func entier(chiffres []byte) int {
	n := 0
	for _, c := range chiffres {
		n = n*10 + int(c-'0')
	}
	return n
}

func (l *lecteurCellule) lireDate(c *cellule, v []byte) {
	j, ok := lireJourISO(v)
	switch {
	case !ok:
		c.relever(genreDateInvalide)
	case j > l.aujourdhui:
		c.relever(genreDateFuture)
	default:
		if j < premierJour {
			c.relever(genreDateAncienne)
		}
		c.garder(v)
	}
}
