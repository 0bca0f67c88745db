package validateur

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMediane_timeInTheMiddleAndLargestPeak(t *testing.T) {
	t.Parallel()
	m := mediane([]mesure{{Millisecondes: 30, pointe: 1}, {Millisecondes: 10, pointe: 9}, {Millisecondes: 20, pointe: 2}})
	require.Equal(t, 20.0, m.Millisecondes)
	require.EqualValues(t, 9, m.pointe)
}

func TestMemeResultat(t *testing.T) {
	t.Parallel()
	a := mesure{Lu: true, Lignes: 2, Profil: "1.4", Codes: []string{"x"}, Millisecondes: 1}
	b := a
	b.Millisecondes, b.pointe = 1000, 7
	require.NoError(t, a.memeResultat(b))
	b.Codes = []string{"y"}
	require.ErrorContains(t, a.memeResultat(b), "disagree")
}

// The measures of this process, on a small file: what they count, not how long they take.
func TestMesurerIci(t *testing.T) {
	t.Parallel()
	fichier := filepath.Join(t.TempDir(), "a.csv")
	require.NoError(t, os.WriteFile(fichier, []byte("numero;voie_nom\n1;Rue Haute\n2;Rue Haute\n"), 0o600))
	for _, nom := range []string{mesureCSV, mesureUnCoeur, mesureTousCoeurs} {
		var b strings.Builder
		require.NoError(t, mesurerIci(t.Context(), nom, fichier, &b))
		require.Contains(t, b.String(), `"lignes":2`, nom)
	}
	require.ErrorContains(t, mesurerIci(t.Context(), "autre", fichier, &strings.Builder{}), "unknown measure")
	require.ErrorContains(t, mesurerIci(t.Context(), mesureCSV, fichier+"x", &strings.Builder{}), "open")
}

func TestRapport_ratios(t *testing.T) {
	t.Parallel()
	r := rapport{coeurs: 2, octets: 50_000_000, versionGo: "go1", repos: mesure{pointe: 20_000_000}, series: []serie{{
		variante: variante{description: "sans anomalie"},
		mesures: map[string]mesure{
			mesureCSV:        {Millisecondes: 200, Lignes: 160_000, pointe: 21_000_000},
			mesureTousCoeurs: {Millisecondes: 500, Lignes: 160_000, pointe: 70_000_000},
			mesureReference:  {Millisecondes: 15_000, Lignes: 160_000, pointe: 1_000_000_000},
		},
	}}}
	var b strings.Builder
	require.NoError(t, r.ecrire(&b))
	require.Contains(t, b.String(), "| sans anomalie | tous les cœurs | 0.50 | 100 | 320000 | 50 | 2.5 | 30 fois | 0.070 |\n")
	require.Contains(t, b.String(), "| sans anomalie | paquet npm | 15.00 | 3 | 10667 | 1000 | 75.0 | | |\n")
}

func TestMesurer_wrongArguments(t *testing.T) {
	t.Setenv(dejaMesure, "1") // a mistake here must not start processes
	for _, args := range [][]string{{"-octets", "10"}, {"-repetitions", "0"}, {"fichier"}, {"-inconnu"}, {"-mesure", "x"}} {
		require.ErrorContains(t, Mesurer(t.Context(), args, &strings.Builder{}), "usage", "%v", args)
	}
}
