package bal

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Written by scripts/bal/noms.mjs with the published package.
//
//go:embed testdata/normalisation.tsv.gz
var nomsNormalises []byte

// 07 §10.15, on 8 000 invented names.
func TestNormaliser_agreesWithThePublishedPackage(t *testing.T) {
	t.Parallel()
	gz, err := gzip.NewReader(bytes.NewReader(nomsNormalises))
	require.NoError(t, err)
	texte, err := io.ReadAll(gz)
	require.NoError(t, err)
	var n normaliseur
	var tampon []byte
	noms := 0
	for ligne := range strings.Lines(string(texte)) {
		nom, attendu, ok := strings.Cut(strings.TrimSuffix(ligne, "\n"), "\t")
		require.True(t, ok)
		tampon = n.ajouter(tampon[:0], nom)
		require.Equal(t, attendu, string(tampon), "%q", nom)
		noms++
	}
	require.Equal(t, 8_000, noms)
}

// The examples of 07 §10.15.
func TestNormaliser(t *testing.T) {
	t.Parallel()
	for _, cas := range []struct{ nom, attendu string }{
		{"", ""},
		{"Rue des 3 Places", "rue trois places"},
		{"Rue des Trois Places", "rue trois places"},
		{"Av du Gal Leclerc", "avenue general leclerc"},
		{"avenue general leclerc", "avenue general leclerc"},
		{"Lieu-dit Le Bas", "bas"},
		{"lieu dit", "lieu dit"},
		{"Rue Grande Rue", "grande rue"},
		{"Rue", "rue"},
		{"ST Paul", "st paul"},
		{"Rue St Paul", "rue saint paul"},
		{"L", ""},
		{"3e rue", "trois e rue"},
		{"Rue du 11-Novembre_1918", "rue onze novembre mille neuf cent dix huit"},
		{"Rue 0", "rue zéro"},
		{"Rue 1", "rue un"},
		{"Rue 21", "rue vingt et un"},
		{"Rue 71", "rue soixante et onze"},
		{"Rue 80", "rue quatre vingts"},
		{"Rue 200", "rue deux cents"},
		{"Rue 1000", "rue mille"},
		{"Rue 1945", "rue mille neuf cent quarante cinq"},
		{"Rue 007", "rue sept"},
		{"Rue 9999999999999999", "rue 9999999999999999"}, // more than 15 digits: not in words
		{"Rue 0000000000000000001", "rue un"},
		{"Cœur de Straße, Ærø", "coeur strasse aero"},
		{"Rue\u00a0de l’Église", "rue eglise"},
	} {
		require.Equal(t, cas.attendu, Normaliser(cas.nom), "%q", cas.nom)
	}
}

func TestNormaliseur_doesNotAllocate(t *testing.T) {
	var n normaliseur
	var tampon []byte
	require.Zero(t, testing.AllocsPerRun(100, func() {
		tampon = n.ajouter(tampon[:0], "Av du Gal Leclerc, 3e étage 1945")
	}))
}

func BenchmarkNormaliser(b *testing.B) {
	var n normaliseur
	var tampon []byte
	for b.Loop() {
		tampon = n.ajouter(tampon[:0], "Avenue du Général Leclerc")
	}
}
