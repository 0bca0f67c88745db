package app

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"apilos/api/internal/testdb"
	"apilos/api/mesure"
	"apilos/api/sim"
	"apilos/api/store"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// instructions counts the statements of all requests; requests come one at a time.
type instructions struct{ n atomic.Int64 }

func (i *instructions) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	i.n.Add(1)
	return ctx
}

func (*instructions) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// essaiBanc is a bench on a database of generated conventions, used by someone who sees the whole country.
type essaiBanc struct {
	t     *testing.T
	banc  *Banc
	db    *testdb.Base
	sql   *instructions
	jeton string
}

func ouvrirEssaiBanc(t *testing.T, conventions int) essaiBanc {
	t.Helper()
	ctx := t.Context()
	simulateur, err := sim.Start(ctx, sim.Options{Scenario: "demo", Environment: "test"})
	require.NoError(t, err)
	e := essaiBanc{t: t, db: testdb.New(t), sql: &instructions{}}
	cfg := reglages(t, simulateur, e.db.URL, "http://127.0.0.1:8080")
	db, err := store.Open(ctx, e.db.URL, store.Options{})
	require.NoError(t, err)
	_, err = db.ChargerMesure(ctx, mesure.Options{Conventions: conventions, Graine: 1}, nil)
	db.Close()
	require.NoError(t, err)
	e.banc, err = OuvrirBanc(ctx, cfg, e.sql, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	t.Cleanup(e.banc.Fermer)
	scenario, err := sim.Load("demo")
	require.NoError(t, err)
	e.jeton, err = e.banc.Jeton(ctx, scenario, "sophie.bernard@example.org")
	require.NoError(t, err)
	return e
}

// compter answers the number of statements of a request. It is sent three times: the first one reads the session and the
// rights, which are kept for some seconds.
func (e essaiBanc) compter(chemin string) int64 {
	e.t.Helper()
	moins := int64(1 << 30)
	for range 3 {
		r := httptest.NewRequestWithContext(e.t.Context(), http.MethodGet, "http://127.0.0.1:8080/api/v1"+chemin, nil)
		r.Header.Set("Authorization", "Bearer "+e.jeton)
		avant, w := e.sql.n.Load(), httptest.NewRecorder()
		e.banc.Handler().ServeHTTP(w, r)
		require.Equal(e.t, http.StatusOK, w.Code, "%s: %s", chemin, w.Body)
		moins = min(moins, e.sql.n.Load()-avant)
	}
	return moins
}

// dossier finds an ordinary dossier being instructed, with the fewest or the most dwellings.
func (e essaiBanc) dossier(ordre string) (id string, logements int) {
	e.t.Helper()
	require.NoError(e.t, e.db.Pool.QueryRow(e.t.Context(), `
SELECT r.uuid::text, (SELECT count(*) FROM logement g JOIN lot l ON l.id = g.lot_id WHERE l.convention_id = r.convention_id) AS n
FROM convention_recherche r WHERE r.statut = 'INSTRUCTION' AND NOT r.est_avenant AND r.nature_logement = 'LOGEMENTSORDINAIRES'
ORDER BY n `+ordre+`, 1 LIMIT 1`).Scan(&id, &logements))
	return id, logements
}

func TestCC51_StatementsDoNotDependOnTheNumberOfRows(t *testing.T) {
	petite, grande := ouvrirEssaiBanc(t, 400), ouvrirEssaiBanc(t, 2500)
	for _, chemin := range []string{
		"/conventions", "/conventions?statut=SIGNEE", "/conventions?lieu=limoges", "/conventions?numero=2025", "/conventions?q=tilleuls", "/moi/a-faire",
	} {
		n := petite.compter(chemin)
		require.Equal(t, n, grande.compter(chemin), chemin)
		require.Positive(t, n, chemin)
	}
	require.Equal(t, grande.compter("/conventions?par_page=20"), grande.compter("/conventions?par_page=100"), "CC-51: 20 then 100 rows")

	a, petit := petite.dossier("ASC")
	b, grand := grande.dossier("DESC")
	require.Greater(t, grand, petit)
	for _, suite := range []string{"", "/recapitulatif", "/historique", "/operation", "/commentaires"} {
		require.Equal(t, petite.compter("/conventions/"+a+suite), grande.compter("/conventions/"+b+suite), "one dwelling or many: %q", suite)
	}
}

func TestSeedTellsWhatItWrote(t *testing.T) {
	ctx := t.Context()
	simulateur, err := sim.Start(ctx, sim.Options{Scenario: "demo", Environment: "test"})
	require.NoError(t, err)
	cfg := reglages(t, simulateur, testdb.New(t).URL, "http://127.0.0.1:8080")
	var sortie bytes.Buffer
	opts := SeedOptions{Conventions: 120, Graine: 4, Output: &sortie}
	require.NoError(t, Seed(ctx, cfg, opts))
	require.Regexp(t, `(?m)^120 conventions sur 120\n120 conventions et avenants écrits en [0-9.]+ s, soit [0-9]+ par seconde`, sortie.String())
	sortie.Reset()
	require.NoError(t, Seed(ctx, cfg, opts))
	require.Equal(t, "Les 120 conventions de la graine 4 étaient déjà là : rien n’a été ajouté.\n", sortie.String())
	opts.Conventions = 121
	require.ErrorContains(t, Seed(ctx, cfg, opts), "choisissez-en une autre")
}
