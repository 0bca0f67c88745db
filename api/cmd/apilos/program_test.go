package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"apilos/api/app"
)

type outcome struct {
	code           int
	stdout, stderr string
}

func runProgram(t *testing.T, environ []string, args ...string) outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := program{
		environ: environ, stdout: &stdout, stderr: &stderr,
		build: app.BuildInfo{Version: "1.2.3", Commit: "abc", Date: "2026-11-22"},
	}.run(t.Context(), args)
	return outcome{code, stdout.String(), stderr.String()}
}

func TestWrongUsageExitsWithTwoAndSaysWhy(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		args []string
		want string
	}{
		{"nothing", nil, "Usage : apilos COMMANDE"},
		{"unknown command", []string{"bonjour"}, "commande inconnue « bonjour »"},
		{"unknown flag", []string{"serve", "--couleur"}, "option inconnue : -couleur"},
		{"flag without value", []string{"serve", "--port"}, "l'option -port attend une valeur"},
		{"port is not a number", []string{"serve", "--port", "abc"}, `valeur "abc" refusée pour l'option -port`},
		{"port out of range", []string{"serve", "--port", "70000"}, "--port attend un nombre de 0 à 65535"},
		{"boolean is not one", []string{"serve", "--reset=peut-être"}, `valeur "peut-être" refusée pour l'option -reset`},
		{"stray argument", []string{"serve", "maintenant"}, "argument inattendu « maintenant »"},
		{"migrate without direction", []string{"migrate"}, "précisez up, down ou status"},
		{"migrate with another direction", []string{"migrate", "left"}, "précisez up, down ou status"},
		{"negative number of conventions", []string{"seed", "--conventions", "-4"}, "--conventions attend un nombre positif"},
		{"nothing to ask SIAP", []string{"siap"}, "précisez ce qui est demandé à SIAP : alertes"},
		{"login without habilitation", []string{"siap", "alertes", "--login", "a"}, "--login et --habilitation se donnent ensemble"},
		{"convention that is none", []string{"siap", "alertes", "--convention", "12"}, "--convention attend un identifiant"},
		{"nothing to repair", []string{"repair"}, "précisez ce qui est à corriger : zonages"},
		{"repair without who", []string{"repair", "zonages", "--run", "--motif", "reprise"}, "--acteur attend une adresse électronique"},
		{"repair without why", []string{"repair", "zonages", "--run", "--acteur", "a@example.org"}, "--motif est obligatoire avec --run"},
		{"end of no convention", []string{"convention"}, "précisez terminer"},
		{"end of another kind", []string{"convention", "terminer", "--mode", "suspension"}, "--mode vaut denonciation ou resiliation"},
		{"end by nobody", []string{"convention", "terminer", "--mode", "resiliation"}, "--operateur attend une adresse électronique"},
		{"end of no list", []string{"convention", "terminer", "--mode", "resiliation", "--operateur", "a@example.org"}, "--fichier attend le chemin"},
		{"reassignment of nothing", []string{"administration"}, "précisez reaffecter"},
		{"reassignment without target", []string{"administration", "reaffecter", "--operations", "x"}, "--vers attend le code"},
		{"reassignment by nobody", []string{"administration", "reaffecter", "--operations", "x", "--vers", "35047"}, "--acteur attend une adresse électronique"},
		{"reassignment without why", []string{"administration", "reaffecter", "--operations", "x", "--vers", "35047", "--acteur", "a@example.org", "--run"}, "--motif est obligatoire avec --run"},
		{"token without command", []string{"token"}, "précisez issue, list ou revoke UUID"},
		{"token of nobody", []string{"token", "issue", "--nom", "x"}, "issue attend --nom, --portees et --perimetre"},
		{"token to revoke missing", []string{"token", "revoke"}, "précisez issue, list ou revoke UUID"},
		{"token in another state", []string{"token", "list", "--etat", "neuf"}, "--etat vaut actif, expire ou revoque"},
		{"unknown document", []string{"openapi", "autre"}, "précisez une API"},
		{"unknown format", []string{"openapi", "--format", "xml"}, "--format vaut json ou yaml"},
		{"argument of version", []string{"version", "x"}, "argument inattendu"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := runProgram(t, nil, test.args...)
			require.Equal(t, 2, got.code)
			require.Contains(t, got.stderr, test.want)
			require.Contains(t, got.stderr, "Usage : apilos")
			require.Empty(t, got.stdout)
		})
	}
}

// 06 §4.1: nobody can confirm without a terminal; on one, the number of rows must be typed.
func TestRepairAsksBeforeWriting(t *testing.T) {
	t.Parallel()
	require.ErrorIs(t, confirmer(strings.NewReader("3\n"), io.Discard, 3), errSansTerminal)
	require.ErrorIs(t, confirmer(nil, io.Discard, 3), errSansTerminal)
	require.NoError(t, repondre(strings.NewReader(" 3 \n"), io.Discard, 3))
	for _, reponse := range []string{"", "oui\n", "4\n"} {
		require.ErrorContains(t, repondre(strings.NewReader(reponse), io.Discard, 3), "rien n’a été écrit", reponse)
	}
}

func TestHelpListsTheStableCommands(t *testing.T) {
	t.Parallel()
	got := runProgram(t, nil, "help")
	require.Equal(t, 0, got.code)
	for _, name := range []string{"serve", "worker", "migrate", "seed", "doctor", "siap-sim", "cas-sim", "token", "openapi", "version", "healthcheck"} {
		require.Contains(t, got.stdout, "\n  "+name+" ")
		help := runProgram(t, nil, name, "-h")
		require.Equal(t, 0, help.code, name)
		require.True(t, strings.HasPrefix(help.stdout, "Usage : apilos "+name), name)
		require.Empty(t, help.stderr, name)
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	require.True(t, strings.HasPrefix(runProgram(t, nil, "version").stdout, "apilos 1.2.3 (abc, 2026-11-22, go"))

	var decoded map[string]string
	require.NoError(t, json.Unmarshal([]byte(runProgram(t, nil, "version", "--json").stdout), &decoded))
	require.Equal(t, "1.2.3", decoded["version"])
	require.Equal(t, "abc", decoded["commit"])
	require.Equal(t, "2026-11-22", decoded["date"])
	require.NotEmpty(t, decoded["go"])
}

func TestProductionRefusesToStartAndListsWhatIsMissing(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"serve"}, {"worker"}, {"migrate", "up"}, {"seed"}, {"doctor"}} {
		got := runProgram(t, []string{"ENVIRONMENT=production"}, args...)
		require.Equal(t, 1, got.code, args)
		require.Contains(t, got.stderr, "Configuration refusée (ENVIRONMENT=production)")
		require.Contains(t, got.stderr, "\n- DATABASE_URL : obligatoire ; ")
		require.NotContains(t, got.stderr, "Usage", "the command was well written")
	}
}

func TestSimulatorsNeverStartInProduction(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"siap-sim", "cas-sim"} {
		got := runProgram(t, completeProduction(), name)
		require.Equal(t, 1, got.code)
		require.Contains(t, got.stderr, "USE_SIAP_SIMULATOR : les simulateurs ne démarrent pas en production")
	}
}

func TestInventedOrErasedDataIsRefusedInProduction(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"seed", "--demo"}, {"seed", "--conventions", "10"}, {"serve", "--reset"}} {
		got := runProgram(t, completeProduction(), args...)
		require.Equal(t, 1, got.code, args)
		require.Regexp(t, "production|refusé hors développement", got.stderr)
	}
}

func TestHealthcheck(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		status int
		want   int
	}{{"alive", http.StatusOK, 0}, {"unwell", http.StatusServiceUnavailable, 1}} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(test.status) }))
			t.Cleanup(server.Close)
			require.Equal(t, test.want, runProgram(t, nil, "healthcheck", "--url", server.URL).code)
		})
	}
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	require.Equal(t, 1, runProgram(t, nil, "healthcheck", "--url", closed.URL).code)
}

func TestFlagsMayFollowTheArguments(t *testing.T) {
	t.Parallel()
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	var stdout, stderr bytes.Buffer
	p := program{environ: []string{"ENVIRONMENT=production"}, stdout: &stdout, stderr: &stderr}
	require.Equal(t, 1, p.run(canceled, []string{"migrate", "status", "--json"}), "read as a flag, then the settings are refused")
	require.Contains(t, stderr.String(), "Configuration refusée")
}

func completeProduction() []string {
	return []string{
		"ENVIRONMENT=production",
		"PUBLIC_BASE_URL=https://apilos.example.org",
		"DATABASE_URL=postgres://apilos@base.example.org/apilos",
		"JWT_SIGN_KEYS=a:cle-siap-entrante-0123456789-abcdefghij",
		"SIAP_CLIENT_HOST=https://siap.example.org",
		"SIAP_CLIENT_JWT_SIGN_KEY=cle-siap-sortante-0123456789-abcdefghij",
		"CERBERE_AUTH=https://cerbere.example.org/cas/",
		"WEB_JWT_KEYS=a:cle-des-sessions-web-0123456789-abcdefg",
		"SECRET_KEY=cle-des-liens-signes-0123456789-abcdefg",
		"JOURNAL_SEAL_KEYS=2026:cle-des-sceaux-0123456789-abcdefghijkl",
		"MEDIA_ROOT=/srv/apilos",
		"SMTP_URL=smtp://mail.example.org:587",
		"DEFAULT_FROM_EMAIL=ne-pas-repondre@example.org",
		"CONTACT_EMAIL=contact@example.org",
		"CLAMD_ADDR=clamd:3310",
	}
}
