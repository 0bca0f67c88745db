package operation_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"apilos/api/operation"
	"github.com/stretchr/testify/require"
)

func TestB65OneLineAddress(t *testing.T) {
	for _, c := range []struct{ ligne, rue, cp, ville string }{
		{"3 quai Bleu 35000 Rennes", "3 quai Bleu", "35000", "Rennes"},
		{"3 quai Bleu, 35000 ; Rennes ;", "3 quai Bleu", "35000", "Rennes"},
		{"35000 avenue du 35000 35000 Rennes", "35000 avenue du 35000", "35000", "Rennes"}, // the last group
		{"Lot 123456 rue Haute 35000 Rennes", "Lot 123456 rue Haute", "35000", "Rennes"},   // digits inside a longer number
		{"Lot 1234567 rue Haute", "Lot 1234567 rue Haute", "", ""},
		{"12345", "", "12345", ""},
		{"35000 Rennes", "", "35000", "Rennes"},
		{"rue du Port 35000", "rue du Port", "35000", ""},
		{"rueA35000Rennes", "rueA", "35000", "Rennes"},
		{"place Haute, Rennes", "place Haute, Rennes", "", ""},
		{" ;, ", "", "", ""},
		{"", "", "", ""},
		{"3 quai Bleu\u00a035000\u00a0Rennes", "3 quai Bleu", "35000", "Rennes"},
	} {
		rue, cp, ville := operation.DecouperAdresse(c.ligne)
		require.Equal(t, []string{c.rue, c.cp, c.ville}, []string{rue, cp, ville}, "%q", c.ligne)
	}
}

func TestB65AddressSource(t *testing.T) {
	t.Run("in parts, null parts are empty", func(t *testing.T) {
		o := lire(t, func(o objet) {
			localisation(o)["adresseComplete"] = objet{"adresse": nil, "codePostal": nil, "commune": "Rennes"}
		}).Operation
		require.Equal(t, []string{"", "", "Rennes"}, []string{o.Adresse, o.CodePostal, o.Ville})
	})
	t.Run("a missing part gives way to the line", func(t *testing.T) {
		o := lire(t, func(o objet) {
			localisation(o)["adresseComplete"] = objet{"adresse": "Ailleurs", "commune": "Ailleurs"}
		}).Operation
		require.Equal(t, []string{"3 quai Bleu", "35000", "Rennes"}, []string{o.Adresse, o.CodePostal, o.Ville})
	})
	t.Run("line only", func(t *testing.T) {
		o := lire(t, func(o objet) {
			delete(localisation(o), "adresseComplete")
			localisation(o)["adresse"] = "Résidence des Pins"
		}).Operation
		require.Equal(t, []string{"Résidence des Pins", "", ""}, []string{o.Adresse, o.CodePostal, o.Ville})
	})
	t.Run("a postcode that is not one is dropped and told", func(t *testing.T) {
		p := lire(t, func(o objet) { localisation(o)["adresseComplete"].(objet)["codePostal"] = "ABCDE" })
		require.Equal(t, "", p.Operation.CodePostal)
		require.Contains(t, anomalies(p), "VALEUR_INVALIDE donneesLocalisation.adresseComplete.codePostal")
	})
}

func FuzzDecouperAdresse(f *testing.F) {
	for _, s := range []string{"3 quai Bleu 35000 Rennes", "35000", "123456 12345 1234", ";, é\xff35000", "0 00000 000000"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		rue, cp, ville := operation.DecouperAdresse(s)
		if cp == "" {
			require.Empty(t, ville)
			require.Contains(t, s, rue)
			return
		}
		require.Len(t, cp, 5)
		require.Empty(t, strings.Trim(cp, "0123456789"))
		i := strings.LastIndex(s, cp)
		require.GreaterOrEqual(t, i, 0)
		require.Contains(t, s, rue)
		require.Contains(t, s, ville)
		require.NotRegexp(t, `(^|[^0-9])[0-9]{5}([^0-9]|$)`, ville, "a later group would have been the postcode")
		if utf8.ValidString(s) {
			require.True(t, utf8.ValidString(rue) && utf8.ValidString(ville))
		}
	})
}
