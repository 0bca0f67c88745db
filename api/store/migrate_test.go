package store_test

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"apilos/api/internal/testdb"
	"apilos/migrations"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
)

func TestListe_namesAreNumberedVerbObject(t *testing.T) {
	steps, err := migrations.Liste()
	require.NoError(t, err)
	require.NotEmpty(t, steps)
	format := regexp.MustCompile(`^[0-9]{4}_(create|add|alter|drop|seed|fix|fill)_[a-z0-9_]+\.(sql|go)$`)
	seen := map[int64]string{}
	for _, s := range steps {
		require.Regexp(t, format, s.Nom)
		require.True(t, strings.HasPrefix(s.Nom, fmt.Sprintf("%04d_", s.Version)), s.Nom)
		require.Empty(t, seen[s.Version], "%s and %s share a number", s.Nom, seen[s.Version])
		seen[s.Version] = s.Nom
	}
	last, err := migrations.VersionAttendue()
	require.NoError(t, err)
	require.Equal(t, steps[len(steps)-1].Version, last)
}

func TestMigrations_upDownUpGivesTheSameCatalogue(t *testing.T) {
	ctx := context.Background()
	b := testdb.NewVide(t)
	before := catalogue(t, b.Pool)

	n, err := migrations.Appliquer(ctx, b.Pool, nil)
	require.NoError(t, err)
	steps, err := migrations.Liste()
	require.NoError(t, err)
	river, err := migrations.RiverAttendue()
	require.NoError(t, err)
	require.Equal(t, len(steps)+river, n)
	first := catalogue(t, b.Pool)
	require.Greater(t, len(first), 1000, "the catalogue is really read")

	undone, err := migrations.Annuler(ctx, b.Pool, nil, 0)
	require.NoError(t, err)
	require.Equal(t, n, undone)
	require.Equal(t, before, sansGoose(catalogue(t, b.Pool)), "nothing is left but the table of versions")

	_, err = migrations.Appliquer(ctx, b.Pool, nil)
	require.NoError(t, err)
	require.Equal(t, first, catalogue(t, b.Pool))
}

func TestMigrations_eachStepCanBeUndoneAlone(t *testing.T) {
	ctx := context.Background()
	b := testdb.New(t)
	complete := catalogue(t, b.Pool)
	steps, err := migrations.Liste()
	require.NoError(t, err)
	for i := len(steps) - 1; i >= 0; i-- {
		n, err := migrations.AnnulerDerniere(ctx, b.Pool, nil)
		require.NoError(t, err, steps[i].Nom)
		require.Positive(t, n, steps[i].Nom)
		etat, err := migrations.LireEtat(ctx, b.Pool)
		require.NoError(t, err)
		previous := int64(0)
		if i > 0 {
			previous = steps[i-1].Version
		}
		require.Equal(t, previous, etat.Version, steps[i].Nom)
	}
	n, err := migrations.AnnulerDerniere(ctx, b.Pool, nil)
	require.NoError(t, err)
	require.Zero(t, n)
	_, err = migrations.Appliquer(ctx, b.Pool, nil)
	require.NoError(t, err)
	require.Equal(t, complete, catalogue(t, b.Pool))
}

func TestAppliquer_severalProcessesStartTogether(t *testing.T) {
	ctx := context.Background()
	b := testdb.NewVide(t)
	steps, err := migrations.Liste()
	require.NoError(t, err)
	river, err := migrations.RiverAttendue()
	require.NoError(t, err)

	const processes = 4
	applied := make([]int, processes)
	errs := make([]error, processes)
	var wg sync.WaitGroup
	for i := range processes {
		wg.Go(func() {
			pool, err := pgxpool.New(ctx, b.URL)
			if err != nil {
				errs[i] = err
				return
			}
			defer pool.Close()
			applied[i], errs[i] = migrations.Appliquer(ctx, pool, nil)
		})
	}
	wg.Wait()
	total := 0
	for i := range processes {
		require.NoError(t, errs[i])
		total += applied[i]
	}
	require.Equal(t, len(steps)+river, total, "each step is applied once")
}

func TestAppliquer_givesUpWithItsContextWhenAnotherProcessHoldsTheLock(t *testing.T) {
	b := testdb.New(t)
	other, err := pgx.Connect(context.Background(), b.URL)
	require.NoError(t, err)
	defer other.Close(context.Background())
	var ok bool
	require.NoError(t, other.QueryRow(context.Background(), "SELECT pg_try_advisory_lock($1)", int64(0x6170696c6f73)).Scan(&ok))
	require.True(t, ok)
	ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	_, err = migrations.Appliquer(ctx, b.Pool, nil)
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

func TestAppliquer_ignoresTheStatementTimeoutOfTheApplication(t *testing.T) {
	ctx := context.Background()
	b := testdb.NewVide(t)
	cfg, err := pgxpool.ParseConfig(b.URL)
	require.NoError(t, err)
	cfg.ConnConfig.RuntimeParams["statement_timeout"] = "1"
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	require.NoError(t, err)
	defer pool.Close()
	_, err = migrations.Appliquer(ctx, pool, nil)
	require.NoError(t, err)
}

func TestLireEtat_onAnEmptyDatabaseReadsAndCreatesNothing(t *testing.T) {
	ctx := context.Background()
	b := testdb.NewVide(t)
	before := catalogue(t, b.Pool)
	etat, err := migrations.LireEtat(ctx, b.Pool)
	require.NoError(t, err)
	require.Zero(t, etat.Version)
	require.Zero(t, etat.River)
	require.False(t, etat.AJour())
	require.Equal(t, before, catalogue(t, b.Pool))
}

func TestLireEtat_afterMigrationAndAfterALaterRelease(t *testing.T) {
	ctx := context.Background()
	b := testdb.New(t)
	etat, err := migrations.LireEtat(ctx, b.Pool)
	require.NoError(t, err)
	require.True(t, etat.AJour())
	require.Equal(t, etat.Attendue, etat.Version)
	require.Equal(t, etat.RiverAttendue, etat.River)
	for _, m := range etat.Migrations {
		require.True(t, m.Appliquee, m.Nom)
		require.WithinDuration(t, time.Now(), m.AppliqueeLe, 24*time.Hour)
	}
	_, err = b.Pool.Exec(ctx, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)")
	require.NoError(t, err)
	etat, err = migrations.LireEtat(ctx, b.Pool)
	require.NoError(t, err)
	require.True(t, etat.AJour(), "an older binary goes on while a newer one is rolled out")
	require.Equal(t, int64(9999), etat.Version)
}
