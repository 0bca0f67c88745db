package convention_test

import (
	"testing"
	"time"

	"apilos/api/convention"
	"apilos/api/date"

	"github.com/stretchr/testify/require"
)

func pret(preteur string, octroi date.Date, duree int) convention.Pret {
	return convention.Pret{Preteur: preteur, DateOctroi: &octroi, Duree: &duree}
}

func TestEcheanceCinqCas(t *testing.T) {
	avril, septembre := date.New(2026, time.April, 15), date.New(2026, time.September, 1)
	long := pret("CDCL", date.New(2026, time.January, 15), 40) // ends on 15 January 2066
	for _, c := range []struct {
		nom      string
		e        convention.Echeance
		min, max int
	}{
		{"1 mixte follows the loans, PLS or not", convention.Echeance{Reference: avril, Mixte: true, PLS: true, Prets: []convention.Pret{long}}, 2066, 0},
		{"1 mixte without loan", convention.Echeance{Reference: avril, Mixte: true, OutreMer: true}, 0, 0},
		{"2 outre-mer without loan", convention.Echeance{Reference: septembre, OutreMer: true, FoyerOuResidence: true}, 2035, 0},
		{"2 outre-mer, any lender counts", convention.Echeance{Reference: avril, OutreMer: true, Prets: []convention.Pret{pret("VILLE", date.New(2026, time.March, 1), 20)}}, 2046, 0},
		{"2 outre-mer without works ignores loans", convention.Echeance{Reference: avril, OutreMer: true, SansTravaux: true, Prets: []convention.Pret{long}}, 2035, 0},
		{"3 PLS before July", convention.Echeance{Reference: avril, PLS: true}, 2041, 2066},
		{"3 PLS on 30 June", convention.Echeance{Reference: date.New(2026, time.June, 30), PLS: true}, 2041, 2066},
		{"3 PLS after June", convention.Echeance{Reference: septembre, PLS: true}, 2042, 2067},
		{"3 PLS résidence ends in December, no maximum", convention.Echeance{Reference: septembre, PLS: true, FoyerOuResidence: true}, 2041, 0},
		{"3 PLS avenant, no maximum", convention.Echeance{Reference: avril, PLS: true, Avenant: true}, 2041, 0},
		{"3 before 4", convention.Echeance{Reference: avril, PLS: true, SansTravaux: true}, 2041, 2066},
		{"4 without works", convention.Echeance{Reference: avril, SansTravaux: true}, 2035, 0},
		{"4 without works after June", convention.Echeance{Reference: septembre, SansTravaux: true}, 2036, 0},
		{"4 résidence without works after June", convention.Echeance{Reference: septembre, SansTravaux: true, FoyerOuResidence: true}, 2035, 0},
		{"5 no loan, no check", convention.Echeance{Reference: avril}, 0, 0},
		{"5 another lender, no check", convention.Echeance{Reference: avril, Prets: []convention.Pret{pret("VILLE", avril, 50)}}, 0, 0},
		{"5 without date, no check", convention.Echeance{Reference: avril, Prets: []convention.Pret{{Preteur: "CDCF"}}}, 0, 0},
		{"5 the one that ends last", convention.Echeance{Reference: avril, Prets: []convention.Pret{pret("CDCF", date.New(2026, time.March, 1), 50), long}}, 2076, 0},
		{"5 ends after June, one year more", convention.Echeance{Reference: avril, Prets: []convention.Pret{pret("CDCL", date.New(2026, time.July, 1), 40)}}, 2067, 0},
		{"5 ends in June", convention.Echeance{Reference: avril, Prets: []convention.Pret{pret("CDCL", date.New(2026, time.June, 30), 40)}}, 2066, 0},
		{"5 résidence ends in December", convention.Echeance{Reference: avril, FoyerOuResidence: true, Prets: []convention.Pret{pret("CDCL", date.New(2026, time.July, 1), 40)}}, 2066, 0},
		{"5 short loan, nine years", convention.Echeance{Reference: avril, Prets: []convention.Pret{pret("CDCL", date.New(2026, time.March, 1), 5)}}, 2035, 0},
		{"5 short loan granted after June", convention.Echeance{Reference: avril, Prets: []convention.Pret{pret("CDCL", date.New(2026, time.October, 1), 5)}}, 2036, 0},
		{"5 29 February", convention.Echeance{Reference: avril, Prets: []convention.Pret{pret("CDCL", date.New(2024, time.February, 29), 9)}}, 2033, 0},
	} {
		require.Equal(t, convention.BornesFin{Min: c.min, Max: c.max}, c.e.Bornes(), c.nom)
	}
	require.Equal(t, "2033-02-28", date.New(2024, time.February, 29).AddYears(9).String(), "03 §3.5: 29 February gives 28 February")
}
