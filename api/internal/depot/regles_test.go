package depot_test

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// reglesTSV lists the rules of life and rights: identifier, what it says, and why no test carries it when none does yet.
//
//go:embed testdata/regles.tsv
var reglesTSV string

// TestReglesEcritesDansLesTests prints which tests carry each rule, and fails for one that none carries and that gives no
// reason, or that gives a reason although a test carries it.
func TestReglesEcritesDansLesTests(t *testing.T) {
	t.Parallel()
	lignes := strings.Split(strings.TrimSpace(reglesTSV), "\n")
	ids := make([]string, 0, len(lignes))
	for _, ligne := range lignes {
		id, _, _ := strings.Cut(ligne, "\t")
		ids = append(ids, normaliser(id))
	}
	tests, couvertes := testsParRegle(t, ids), 0
	for _, ligne := range lignes {
		colonnes := strings.Split(ligne, "\t")
		require.True(t, len(colonnes) == 2 || len(colonnes) == 3, ligne)
		id, titre := colonnes[0], colonnes[1]
		noms := tests[normaliser(id)]
		slices.Sort(noms)
		noms = slices.Compact(noms)
		switch {
		case len(noms) == 0 && len(colonnes) == 2:
			t.Errorf("%s (%s): no test carries it and no reason is written in testdata/regles.tsv", id, titre)
		case len(noms) > 0 && len(colonnes) == 3:
			t.Errorf("%s (%s): %s carries it: remove the reason from testdata/regles.tsv", id, titre, noms[0])
		case len(noms) == 0:
			t.Logf("%-8s %-70s none yet: %s", id, titre, colonnes[2])
		default:
			couvertes++
			t.Logf("%-8s %-70s %s", id, titre, strings.Join(noms[:min(len(noms), 3)], ", "))
		}
	}
	t.Logf("%d rules of %d carried by a test", couvertes, len(lignes))
}

// normaliser gives one form to an identifier: AV-09, AV09 and AV_09 are the same.
func normaliser(id string) string { return strings.NewReplacer("-", "", "_", "").Replace(id) }

// reglesDans returns the rules that a text names. The longest identifier wins (ST-T02b before ST-T02), and letters or
// digits around it make another word (PALU_AV_21 is no rule).
func reglesDans(texte string, ids []string) []string {
	texte = normaliser(texte)
	var out []string
	for i := 0; i < len(texte); {
		trouve := ""
		for _, id := range ids {
			if len(id) > len(trouve) && strings.HasPrefix(texte[i:], id) && !estChiffre(texte[i+len(id):]) {
				trouve = id
			}
		}
		if trouve == "" || (i > 0 && texte[i-1] >= 'A' && texte[i-1] <= 'Z') {
			i++
			continue
		}
		out = append(out, trouve)
		i += len(trouve)
	}
	return out
}

func estChiffre(suite string) bool { return suite != "" && suite[0] >= '0' && suite[0] <= '9' }

// testsParRegle reads the names of test functions, and the names and messages inside them.
func testsParRegle(t *testing.T, ids []string) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	noter := func(ou, texte string) {
		for _, id := range reglesDans(texte, ids) {
			out[id] = append(out[id], ou)
		}
	}
	for _, racine := range []string{"api", "migrations", "scripts", "openapi", "frontend/src"} {
		err := filepath.WalkDir(filepath.Join(root, racine), func(chemin string, _ os.DirEntry, err error) error {
			switch nom := filepath.Base(chemin); {
			case err != nil:
				return err
			case strings.HasSuffix(nom, "_test.go") && nom != "regles_test.go":
				return lireTestGo(chemin, noter)
			case strings.HasSuffix(nom, ".spec.ts") || strings.Contains(nom, ".test.ts"):
				b, err := os.ReadFile(chemin)
				noter(nom, string(b))
				return err
			}
			return nil
		})
		require.NoError(t, err)
	}
	return out
}

func lireTestGo(chemin string, noter func(ou, texte string)) error {
	f, err := parser.ParseFile(token.NewFileSet(), chemin, nil, parser.SkipObjectResolution)
	if err != nil {
		return fmt.Errorf("read %s: %w", chemin, err)
	}
	for _, d := range f.Decls {
		ou := filepath.Base(chemin)
		if fn, ok := d.(*ast.FuncDecl); ok && strings.HasPrefix(fn.Name.Name, "Test") {
			ou = fn.Name.Name
			noter(ou, fn.Name.Name)
		}
		ast.Inspect(d, func(n ast.Node) bool {
			if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
				if s, err := strconv.Unquote(l.Value); err == nil {
					noter(ou, s)
				}
			}
			return true
		})
	}
	return nil
}
