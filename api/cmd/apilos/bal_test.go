package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	publics     = "../../bal/testdata/public/files/"
	horlogeTest = "2026-06-15T12:00:00Z"
)

func TestBalValidateExitCodes(t *testing.T) {
	t.Parallel()
	for _, cas := range []struct {
		fichier string
		code    int
		stdout  string
		stderr  string
	}{
		{publics + "003-valid-1.3.csv", 0, "003-valid-1.3.csv : valide, sans anomalie.", ""},
		{publics + "212-field-source-valeur_manquante.csv", 0, "source.valeur_manquante — 1 ligne : 3", ""},
		{publics + "145-field-numero-type_invalide.csv", 1, "non valide.", ""},
		{publics + "080-file-too-few-fields.csv", 1, "Il manque des colonnes (ligne 3)", ""},
		{publics + "088-file-binary-png.csv", 2, "illisible.", ""},
		{publics + "057-file-utf16le.csv", 2, "illisible.", ""},
		{"absent.csv", 2, "", "absent.csv : le fichier n'existe pas"},
	} {
		t.Run(filepath.Base(cas.fichier), func(t *testing.T) {
			t.Parallel()
			got := runProgram(t, nil, "bal", "validate", cas.fichier, "--horloge", horlogeTest)
			require.Equal(t, cas.code, got.code, got.stdout+got.stderr)
			require.Contains(t, got.stdout, cas.stdout)
			require.Contains(t, got.stderr, cas.stderr)
			if cas.stderr == "" {
				require.Empty(t, got.stderr)
			}
		})
	}
}

func TestBalUsage(t *testing.T) {
	t.Parallel()
	fichier := publics + "003-valid-1.3.csv"
	for message, args := range map[string][]string{
		"précisez validate ou autofix":       {"bal"},
		"précisez validate ou autofix, puis": {"bal", "verifier", fichier},
		"profil inconnu « 2.0 »":             {"bal", "validate", fichier, "--profile", "2.0"},
		"--horloge attend un instant":        {"bal", "validate", fichier, "--horloge", "hier"},
		"le fichier de --districts":          {"bal", "validate", fichier, "--districts", "absent.json"},
		"n'est pas un objet JSON":            {"bal", "validate", fichier, "--districts", fichier},
		"précisez le fichier à écrire":       {"bal", "autofix", fichier},
	} {
		got := runProgram(t, nil, args...)
		require.Equal(t, 2, got.code)
		require.Contains(t, got.stderr, message)
		require.Empty(t, got.stdout)
	}
}

// TestBalValidateJSON prints one object, with rows only when asked for.
func TestBalValidateJSON(t *testing.T) {
	t.Parallel()
	districts := filepath.Join(t.TempDir(), "districts.json")
	require.NoError(t, os.WriteFile(districts, []byte(`{"27115":"0c7a9b1e-8f43-4d7e-a6b2-94d1e2f30a55"}`), 0o600))
	args := []string{"bal", "validate", publics + "279-ids-district-remediation.csv", "--json", "--horloge", horlogeTest, "--districts", districts}
	got := runProgram(t, nil, args...)
	require.Equal(t, 0, got.code, got.stderr)
	require.Equal(t, 1, strings.Count(got.stdout, "\n"))
	var rapport map[string]any
	require.NoError(t, json.Unmarshal([]byte(got.stdout), &rapport))
	require.NotContains(t, rapport, "rows")
	require.NotContains(t, rapport, "autofix")
	require.Equal(t, "1.4", rapport["profile"])

	got = runProgram(t, nil, append(args, "--lignes")...)
	require.NoError(t, json.Unmarshal([]byte(got.stdout), &rapport))
	lignes := rapport["rows"].([]any)
	require.Len(t, lignes, 7)
	require.Equal(t, "0c7a9b1e-8f43-4d7e-a6b2-94d1e2f30a55", lignes[0].(map[string]any)["remediations"].(map[string]any)["id_ban_commune"])

	got = runProgram(t, nil, "bal", "validate", publics+"001-valid-1.1.csv", "--json", "--profile", "1.1-strict")
	require.Equal(t, 0, got.code, "valid in the profile asked for")
}

// TestBalAutofix writes the corrected file, may replace the original, and writes nothing for a file it cannot read.
func TestBalAutofix(t *testing.T) {
	t.Parallel()
	dossier := t.TempDir()
	original, err := os.ReadFile(publics + "215-field-date_der_maj-date_invalide_fr.csv")
	require.NoError(t, err)
	chemin := filepath.Join(dossier, "a.csv")
	require.NoError(t, os.WriteFile(chemin, original, 0o600))
	got := runProgram(t, nil, "bal", "autofix", chemin, "-o", chemin, "--horloge", horlogeTest)
	require.Equal(t, 0, got.code, got.stderr)
	require.Contains(t, got.stdout, "date_der_maj : 1 valeur proposée")
	corrige, err := os.ReadFile(chemin)
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(string(corrige), "id_ban_commune;id_ban_toponyme;"))
	require.Equal(t, 1, runProgram(t, nil, "bal", "validate", chemin).code, "identifiers of commune stay unknown")

	sortie := filepath.Join(dossier, "b.csv")
	got = runProgram(t, nil, "bal", "autofix", publics+"090-file-pdf.csv", "-o", sortie)
	require.Equal(t, 2, got.code)
	require.NoFileExists(t, sortie)
	restes, err := filepath.Glob(filepath.Join(dossier, ".apilos-*"))
	require.NoError(t, err)
	require.Empty(t, restes)
}
