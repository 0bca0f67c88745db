package bal_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"apilos/api/bal"
	"apilos/api/cog"
)

var unUUID = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}`)

// comparable tells whether 07 §10.12 lets the expected file be compared: no uid_adresse, no regional column.
func comparable(c cas) bool {
	for _, champ := range c.Attendu["fields"].([]any) {
		if champ == "uid_adresse" || strings.Contains(champ.(string), "=>") {
			return false
		}
	}
	return true
}

// TestCorrectionsPubliques compares the corrected files: identifiers that the expected file masks must be new ones, and
// the same wherever the mask stands for the same thing.
func TestCorrectionsPubliques(t *testing.T) {
	t.Parallel()
	j := lireJeu(t)
	compares := 0
	for _, c := range j.Cas {
		attendu, ok := c.Attendu["autofix"].(string)
		if !ok || !comparable(c) {
			continue
		}
		compares++
		t.Run(c.Fichier, func(t *testing.T) {
			t.Parallel()
			contenu, err := os.ReadFile(filepath.Join("testdata/public/files", c.Fichier))
			require.NoError(t, err)
			obtenu := corriger(t, contenu, j.options(c, 2))
			require.Equal(t, attendu, masquer(string(obtenu), string(contenu)))
		})
	}
	require.Greater(t, compares, 10)
}

// masquer hides the identifiers that the original file has not got.
func masquer(corrige, original string) string {
	return unUUID.ReplaceAllStringFunc(corrige, func(id string) string {
		if strings.Contains(original, id) {
			return id
		}
		return "<uuid>"
	})
}

func corriger(t testing.TB, contenu []byte, o bal.Options) []byte {
	t.Helper()
	var sortie bytes.Buffer
	c, err := bal.Corriger(t.Context(), source(contenu), &sortie, o)
	require.NoError(t, err)
	require.Equal(t, c.Rapport.LectureReussie && c.Rapport.Lignes > 0, c.Ecrite)
	return sortie.Bytes()
}

// TestCorrectionIdempotente corrects the correction of every public file, 07 §10.12.
func TestCorrectionIdempotente(t *testing.T) {
	t.Parallel()
	j := lireJeu(t)
	for _, c := range j.Cas {
		contenu, err := os.ReadFile(filepath.Join("testdata/public/files", c.Fichier))
		require.NoError(t, err)
		une := corriger(t, contenu, j.options(c, 1))
		if len(une) == 0 {
			continue
		}
		require.Equal(t, string(une), string(corriger(t, une, j.options(c, 1))), c.Fichier)
		require.Equal(t, string(une), string(corriger(t, contenu, j.options(c, 4))), "%s with other workers", c.Fichier)
	}
}

func TestCorrectionVariantes(t *testing.T) {
	t.Parallel()
	contenu := "numero;voie_nom;voie_nom_bre;voie_nom_cos;commune_nom;commune_nom_bre;source\n" +
		"1;Rue A;;;Breux;;x\n" +
		"2;_ab;straed_a;;Breux;Ker;\"y \"\"z\"\";\"\n"
	obtenu := corriger(t, []byte(contenu), bal.Options{Horloge: horloge, Cog: cog.Charger()})
	lignes := strings.Split(masquer(string(obtenu), contenu), "\r\n")
	require.Equal(t, []string{
		"id_ban_commune;id_ban_toponyme;id_ban_adresse;cle_interop;commune_insee;commune_nom;commune_nom_bre;commune_deleguee_insee;commune_deleguee_nom;toponyme;toponyme_bre;lieudit_complement_nom;numero;suffixe;position;x;y;long;lat;cad_parcelles;source;date_der_maj;certification_commune",
		";<uuid>;<uuid>;;;Breux;;;;Rue A;;;1;;;;;;;;x;2026-06-15;0",
		";<uuid>;<uuid>;;;Breux;Ker;;;;straed a;;2;;;;;;;;\"y \"\"z\"\";\";2026-06-15;0",
	}, lignes)
}

// TestCorrectionUID reads the identifiers of uid_adresse, each in its own column.
func TestCorrectionUID(t *testing.T) {
	t.Parallel()
	contenu := "uid_adresse;numero;voie_nom\n" +
		"@c:1bef012c-6285-4f84-971f-d8fe3a389ef5 @v:5af760ae-fb11-44c0-a288-84b47d724a2e @a:e80a341b-f5f4-434a-b86b-c3e6f6dad0ea;1;Rue A\n"
	obtenu := string(corriger(t, []byte(contenu), bal.Options{Horloge: horloge, Cog: cog.Charger()}))
	require.Contains(t, obtenu, "\r\n1bef012c-6285-4f84-971f-d8fe3a389ef5;5af760ae-fb11-44c0-a288-84b47d724a2e;e80a341b-f5f4-434a-b86b-c3e6f6dad0ea;;")
}
