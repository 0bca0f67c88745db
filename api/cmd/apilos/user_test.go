package main

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"apilos/api/internal/testdb"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
)

func TestUser_wrongUsage(t *testing.T) {
	t.Parallel()
	for nom, c := range map[string]struct {
		args []string
		want string
	}{
		"nothing":            {[]string{"user"}, "précisez create, role, promote"},
		"no account":         {[]string{"user", "create"}, "précisez create, role, promote"},
		"unknown subcommand": {[]string{"user", "delete", "nora"}, "précisez create, role, promote"},
		"run without author": {[]string{"user", "unlock", "nora", "--run"}, "--run attend --acteur et --motif"},
		"unknown role":       {[]string{"user", "role", "nora", "--role", "chef"}, "--role vaut bailleur"},
		"role without role":  {[]string{"user", "role", "nora"}, "donnez le rôle avec --role"},
		"promote to nothing": {[]string{"user", "promote", "nora"}, "donnez --staff ou --superuser"},
	} {
		got := runProgram(t, nil, c.args...)
		require.Equal(t, 2, got.code, nom)
		require.Contains(t, got.stderr, c.want, nom)
	}
	got := runProgram(t, nil, "user", "password", "nora")
	require.Equal(t, 1, got.code)
	require.Contains(t, got.stderr, "entrée standard")
}

// A superuser is made on an empty platform, tried first, then written, then stripped.
func TestUser_lifeOfASuperuser(t *testing.T) {
	t.Parallel()
	base := testdb.New(t)
	environ := []string{"ENVIRONMENT=test", "DATABASE_URL=" + base.URL, "DATA_DIR=" + t.TempDir(), "CERBERE_AUTH=aucun", "LOGLEVEL=error"}
	lancer := func(secret string, args ...string) outcome {
		var stdout, stderr bytes.Buffer
		code := program{environ: environ, stdin: strings.NewReader(secret), stdout: &stdout, stderr: &stderr}.run(t.Context(), append([]string{"user"}, args...))
		return outcome{code, stdout.String(), stderr.String()}
	}
	run := []string{"--run", "--acteur", "exploitation@example.org", "--motif", "Ouverture du service"}
	creer := []string{"create", "omar", "--email", "omar@example.org", "--nom", "Essai", "--superuser", "--mot-de-passe"}

	got := lancer("grue bleuet ancre mercure\n", creer...)
	require.Equal(t, 0, got.code, got.stderr)
	require.Contains(t, got.stdout, "simulation")
	require.Zero(t, compter(t, base.Pool, `SELECT count(*) FROM utilisateur`))

	got = lancer("motdepasse123\n", append(creer, run...)...)
	require.Equal(t, 1, got.code)
	require.Contains(t, got.stderr, "essaie en premier")
	require.NotContains(t, got.stderr, "motdepasse123")

	got = lancer("grue bleuet ancre mercure\n", append(creer, run...)...)
	require.Equal(t, 0, got.code, got.stderr)
	require.Contains(t, got.stdout, "super-utilisateur")
	require.NotContains(t, got.stdout+got.stderr, "bleuet")
	require.Equal(t, 1, compter(t, base.Pool, `SELECT count(*) FROM utilisateur WHERE est_superuser AND mot_de_passe_hash LIKE '$argon2id$%'`))

	got = lancer("", append([]string{"revoke", "OMAR@example.org"}, run...)...)
	require.Equal(t, 0, got.code, got.stderr)
	require.Zero(t, compter(t, base.Pool, `SELECT count(*) FROM utilisateur WHERE est_superuser OR est_staff`))
	got = lancer("", append([]string{"promote", "inconnu", "--staff"}, run...)...)
	require.Equal(t, 1, got.code)
	require.Equal(t, 2, compter(t, base.Pool, `SELECT count(*) FROM journal_audit WHERE acteur = 'exploitation@example.org'`))
}

func compter(t *testing.T, pool *pgxpool.Pool, query string) int {
	t.Helper()
	var n int
	require.NoError(t, pool.QueryRow(context.Background(), query).Scan(&n))
	return n
}
