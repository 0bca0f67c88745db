package journaux_test

import (
	"fmt"
	"testing"

	"apilos/api/internal/journaux"

	"github.com/stretchr/testify/require"
)

// faux is a test that remembers its failures.
type faux struct {
	fin    []func()
	echecs []string
}

func (*faux) Helper()             {}
func (f *faux) Cleanup(fn func()) { f.fin = append(f.fin, fn) }
func (f *faux) Errorf(format string, a ...any) {
	f.echecs = append(f.echecs, fmt.Sprintf(format, a...))
}

func (f *faux) finir() []string {
	for _, fn := range f.fin {
		fn()
	}
	return f.echecs
}

func TestSecretsFailTheTestThatLoggedThem(t *testing.T) {
	for nom, texte := range map[string]string{
		"JWT":               "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.sig",
		"API client":        "apl_abcd1234_0123456789abcdef",
		"webhook":           "apwh_0123456789abcdef",
		"ticket":            "https://cas/serviceValidate?ticket=ST-0123456789abcdefgh&x=1",
		"numbered ticket":   "ST-12345-AbCdEf.cas01",
		"bearer":            "Bearer 0123456789abcdef0123",
		"deposit token":     "Token 0123456789abcdef01234567",
		"database password": "postgres://apilos:motdepasse@base:5432/apilos",
		"body":              `{"identifiant":"a","mot_de_passe":"azerty"}`,
	} {
		t.Run(nom, func(t *testing.T) {
			f := &faux{}
			journaux.Nouveau(f).Logger().Debug("appel", "detail", texte)
			echecs := f.finir()
			require.Len(t, echecs, 1)
			require.Contains(t, echecs[0], "appel", "the line is told")
			require.NotContains(t, echecs[0], "0123456789abcdef", "not the secret")
		})
	}
}

func TestOrdinaryLinesPass(t *testing.T) {
	f := &faux{}
	g := journaux.Nouveau(f)
	g.Interdire("123456", "", "abc")
	g.Logger().Info("request", "path", "/api/v1/conventions", "jti", "6f1c1d52-6a0b-4c43-9a53-0c7a8f0c1a11", "url", "http://127.0.0.1:8080/x@y",
		"jeton_sha256", "0011223344556677", "montant", "1234567", "duree", "0.123456", "abc", "abc", "mot_de_passe", "")
	require.Empty(t, f.finir())
}

func TestRegisteredSecretsAreFoundEvenLater(t *testing.T) {
	f := &faux{}
	g := journaux.Nouveau(f)
	g.Logger().Info("code", "pin", 654321)
	g.Logger().Info("lien", "url", "/api/v1/telechargements/Zm9vYmFy")
	g.Interdire("654321", "Zm9vYmFy")
	require.Len(t, f.finir(), 2)
}
