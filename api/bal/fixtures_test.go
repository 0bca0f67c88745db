package bal_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"apilos/api/bal"
	"apilos/api/cog"
)

// cas is one file of testdata/public with its expected report; its README explains the keys.
type cas struct {
	Fichier    string              `json:"file"`
	SHA256     string              `json:"sha256"`
	Etiquettes []string            `json:"tags"`
	Districts  bal.DistrictsConnus `json:"districts"`
	Attendu    map[string]any      `json:"expected"`
}

type jeu struct {
	Horloge time.Time `json:"clock"`
	Cas     []cas     `json:"cases"`
}

func lireJeu(t testing.TB) jeu {
	t.Helper()
	texte, err := os.ReadFile("testdata/public/expected.json")
	require.NoError(t, err)
	var j jeu
	require.NoError(t, json.Unmarshal(texte, &j))
	require.Len(t, j.Cas, 290)
	return j
}

func source(contenu []byte) bal.Source {
	return func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(contenu)), nil }
}

func (j jeu) options(c cas, travailleurs int) bal.Options {
	o := bal.Options{Horloge: j.Horloge, Cog: cog.Charger(), Travailleurs: travailleurs, Graine: [16]byte{1}}
	if c.Districts != nil {
		o.Districts = c.Districts
	}
	return o
}

// enJSON is what a reader of the JSON sees.
func enJSON(t testing.TB, valeur any) map[string]any {
	t.Helper()
	texte, err := json.Marshal(valeur)
	require.NoError(t, err)
	var m map[string]any
	require.NoError(t, json.Unmarshal(texte, &m))
	return m
}

// TestFichiersPublics compares every key of the report of the 290 files, 07 §15.1.
func TestFichiersPublics(t *testing.T) {
	t.Parallel()
	j := lireJeu(t)
	for _, c := range j.Cas {
		contenu, err := os.ReadFile(filepath.Join("testdata/public/files", c.Fichier))
		require.NoError(t, err)
		require.Equal(t, c.SHA256, fmt.Sprintf("%x", sha256.Sum256(contenu)), "%s was changed, by Git perhaps", c.Fichier)
		for _, travailleurs := range []int{1, 2, 7} {
			t.Run(c.Fichier, func(t *testing.T) {
				t.Parallel()
				o := j.options(c, travailleurs)
				var lignes []bal.CompactLigne
				o.Ligne = func(l bal.Ligne) error {
					if compacte, utile := l.Compacter(); utile {
						lignes = append(lignes, compacte)
					}
					return nil
				}
				rapport, err := bal.Valider(t.Context(), source(contenu), o)
				require.NoError(t, err)
				comparer(t, c, enJSON(t, struct {
					bal.Compact
					Lignes []bal.CompactLigne `json:"rows"`
				}{rapport.Compacter(), lignes}))
			})
		}
	}
}

func comparer(t *testing.T, c cas, obtenu map[string]any) {
	t.Helper()
	if c.Attendu["thrown"] == true {
		if slices.Contains(c.Etiquettes, "deleguee") {
			require.Equal(t, true, obtenu["parseOk"])
			return
		}
		require.Equal(t, false, obtenu["parseOk"])
		erreur := obtenu["parseErrors"].([]any)[0].(map[string]any)
		require.Equal(t, "File", erreur["type"])
		attendu := "NonTextFile"
		if slices.Contains(c.Etiquettes, "encoding") {
			attendu = "UnsupportedEncoding"
		}
		require.Equal(t, attendu, erreur["code"])
		return
	}
	for cle, attendu := range c.Attendu {
		switch cle {
		case "autofix": // TestCorrectionsPubliques
		case "rows":
			comparerLignes(t, attendu, obtenu[cle])
		case "profiles":
			comparerProfils(t, attendu.(map[string]any), obtenu[cle].(map[string]any))
		default:
			require.Equal(t, attendu, obtenu[cle], cle)
		}
	}
}

func comparerProfils(t *testing.T, attendus, obtenus map[string]any) {
	t.Helper()
	require.Len(t, obtenus, len(attendus))
	for code, attendu := range attendus {
		require.Equal(t, attendu, obtenus[code], code)
	}
}

var uuidGenere = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

func comparerLignes(t *testing.T, attendu, obtenu any) {
	t.Helper()
	attendues, obtenues := attendu.([]any), []any{}
	if obtenu != nil {
		obtenues = obtenu.([]any)
	}
	require.Len(t, obtenues, len(attendues), "rows")
	for i := range attendues {
		a, o := attendues[i].(map[string]any), obtenues[i].(map[string]any)
		require.Equal(t, a["line"], o["line"])
		require.Equal(t, a["isValid"], o["isValid"], "isValid of row %v", a["line"])
		require.ElementsMatch(t, a["errors"], o["errors"], "errors of row %v", a["line"])
		if valeurs, ok := a["parsedValues"]; ok {
			require.Equal(t, valeurs, o["parsedValues"], "values of row %v", a["line"])
		}
		remedes, _ := a["remediations"].(map[string]any)
		proposes, _ := o["remediations"].(map[string]any)
		require.Len(t, proposes, len(remedes), "remediations of row %v: %v", a["line"], proposes)
		for champ, valeur := range remedes {
			require.Contains(t, proposes, champ)
			if valeur == "<uuid>" {
				require.Regexp(t, uuidGenere, proposes[champ])
				continue
			}
			require.Equal(t, valeur, proposes[champ], "remediation of %s on row %v", champ, a["line"])
		}
	}
}
