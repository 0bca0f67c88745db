package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"apilos/api/sim"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

func TestCentile(t *testing.T) {
	t.Parallel()
	suite := make([]time.Duration, 20)
	for i := range suite {
		suite[i] = time.Duration(i+1) * time.Millisecond
	}
	for _, test := range []struct {
		durees []time.Duration
		p      int
		want   time.Duration
	}{
		{nil, 50, 0},
		{suite[:1], 50, time.Millisecond},
		{suite[:1], 95, time.Millisecond},
		{suite, 50, 10 * time.Millisecond},
		{suite, 95, 19 * time.Millisecond},
		{suite, 100, 20 * time.Millisecond},
	} {
		require.Equal(t, test.want, centile(test.durees, test.p))
	}
}

func TestInstructions(t *testing.T) {
	t.Parallel()
	require.Equal(t, "–", instructions(nil))
	require.Equal(t, "2", instructions([]int{2, 2, 2}))
	require.Equal(t, "2 (max 5)", instructions([]int{2, 2, 5}))
}

func TestReportComparesBothDatabases(t *testing.T) {
	t.Parallel()
	une := func(nom string, clients int, p50 time.Duration, sql ...int) serie {
		return serie{nom: nom, clients: clients, durees: []time.Duration{p50}, total: 2 * p50, sql: sql}
	}
	var b strings.Builder
	require.NoError(t, rapport{
		coeurs: 2, versionGo: "go1.26", postgres: "18.1", series: []int{1, 8}, bases: []string{"petite", "grande"},
		mesures: [][]serie{
			{une(reference, 1, time.Millisecond, 0), une("liste", 1, 3*time.Millisecond, 2), une(reference, 8, time.Millisecond, 0)},
			{une(reference, 1, time.Millisecond, 0), une("liste", 1, 4*time.Millisecond, 7), une(reference, 8, time.Millisecond, 0)},
		},
	}.ecrire(&b))
	require.Contains(t, b.String(), "PostgreSQL 18.1, go1.26, 2 cœurs")
	require.Contains(t, b.String(), "\n| liste | 4.0 | 4.0 | 125 | 4 | 2 | 7 |\n", "times of the large database, statements of both")
	require.Equal(t, 1, strings.Count(b.String(), "| liste |"), "each series has its own table")
	require.Contains(t, b.String(), "8 clients simultanés")
}

func TestScenarioHasTheOperationsToOpen(t *testing.T) {
	t.Parallel()
	document, err := ecrireScenario("732829320", 3)
	require.NoError(t, err)
	s, err := sim.Parse(document)
	require.NoError(t, err, "the simulator accepts it")
	require.Len(t, s.Operations, 3)
	for i := range 3 {
		o, err := s.OperationDTO(numeroOperation(i))
		require.NoError(t, err)
		require.Equal(t, "732829320", o.DonneesMo.Siren.String())
	}
	habilitations, err := s.Users[bailleur].HabilitationsDTO()
	require.NoError(t, err)
	require.Equal(t, "732829320", habilitations[0].EntiteMorale.Siren.String())
	require.Contains(t, s.Users, national)
	require.Contains(t, s.Users, instructeur)
}

func TestStatementsAreCountedPerRequest(t *testing.T) {
	t.Parallel()
	c := nouveauCompteur(0)
	h := c.entourer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		c.TraceQueryStart(r.Context(), nil, pgx.TraceQueryStartData{})
		if r.URL.Path == "/deux" {
			c.TraceQueryStart(r.Context(), nil, pgx.TraceQueryStartData{})
		}
	}))
	c.TraceQueryStart(context.Background(), nil, pgx.TraceQueryStartData{}) // a background job
	for _, chemin := range []string{"/deux", "/un"} {
		r := httptest.NewRequest(http.MethodGet, chemin, nil)
		r.Header.Set(enTete, "lecture")
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/sans-nom", nil))
	require.Equal(t, []int{1, 2}, c.prendre("lecture"))
	require.Empty(t, c.prendre("lecture"))
	require.Empty(t, c.prendre(""))
}

func TestSlowStatementsAreListed(t *testing.T) {
	t.Parallel()
	c := nouveauCompteur(time.Nanosecond)
	h := c.entourer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		ctx := c.TraceQueryStart(r.Context(), nil, pgx.TraceQueryStartData{SQL: "SELECT\n  1"})
		c.TraceQueryEnd(ctx, nil, pgx.TraceQueryEndData{})
	}))
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set(enTete, "lecture")
	h.ServeHTTP(httptest.NewRecorder(), r)
	var b strings.Builder
	c.ecrireLentes(&b)
	require.Regexp(t, `^1 fois, jusqu’à [0-9.]+ ms, lecture : SELECT 1\n$`, b.String())
}
