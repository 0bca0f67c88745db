package cog

import (
	"bytes"
	"compress/gzip"
	"testing"

	"github.com/stretchr/testify/require"
)

func comprimer(t *testing.T, texte string) []byte {
	t.Helper()
	var b bytes.Buffer
	gz := gzip.NewWriter(&b)
	_, err := gz.Write([]byte(texte))
	require.NoError(t, err)
	require.NoError(t, gz.Close())
	return b.Bytes()
}

func TestLire_refusesBrokenData(t *testing.T) {
	t.Parallel()
	const entete = "millesime\t2026\nsource\ttexte\n"
	const commune = "C\t01001\tNom\t01\t84\t\t\n"
	const epci = "E\t200000172\tCC\tCC du Nom\t01001\n"
	_, err := lire(comprimer(t, entete+commune+epci))
	require.NoError(t, err)
	for nom, texte := range map[string]string{
		"empty":                   "",
		"no vintage":              commune + epci,
		"no EPCI":                 entete + commune,
		"code there twice":        entete + commune + commune + epci,
		"code current and former": entete + commune + "C\t01002\tNom\t01\t84\t\t01001\n" + epci,
		"malformed code":          entete + "C\t1001\tNom\t01\t84\t\t\n" + epci,
		"unknown member":          entete + commune + "E\t200000172\tCC\tCC du Nom\t01002\n",
		"unknown mother":          entete + "C\t01001\tNom\t01\t84\t01002\t\n" + epci,
		"EPCI not sorted":         entete + commune + epci + "E\t100000172\tCC\tCC du Nom\t\n",
		"unknown line":            entete + commune + epci + "X\n",
	} {
		_, err := lire(comprimer(t, texte))
		require.Error(t, err, nom)
	}
	_, err = lire([]byte("not compressed"))
	require.ErrorContains(t, err, "open")
}

func BenchmarkLire(b *testing.B) {
	for b.Loop() {
		if _, err := lire(donnees); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCommune(b *testing.B) {
	c := Charger()
	for b.Loop() {
		if _, ok := c.Commune("2A004"); !ok {
			b.Fatal("2A004")
		}
	}
}
