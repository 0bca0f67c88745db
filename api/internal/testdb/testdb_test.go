package testdb_test

import (
	"context"
	"testing"
	"time"

	"apilos/api/internal/testdb"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

func TestNew_databasesAreMigratedAndIsolated(t *testing.T) {
	ctx := context.Background()
	a, b := testdb.New(t), testdb.New(t)
	_, err := a.Pool.Exec(ctx, `INSERT INTO siap_cache (cle, valeur) VALUES ('x', '{}')`)
	require.NoError(t, err)
	var n int
	require.NoError(t, b.Pool.QueryRow(ctx, `SELECT count(*) FROM siap_cache`).Scan(&n))
	require.Zero(t, n)
	require.NotEqual(t, a.URL, b.URL)
}

func TestNew_isDroppedWithItsTestEvenInUse(t *testing.T) {
	ctx := context.Background()
	var name string
	var other *pgx.Conn
	require.True(t, t.Run("inner", func(t *testing.T) {
		b := testdb.New(t)
		require.NoError(t, b.Pool.QueryRow(ctx, `SELECT current_database()`).Scan(&name))
		var err error
		other, err = pgx.Connect(ctx, b.URL) // still open when the test ends
		require.NoError(t, err)
	}))
	defer other.Close(ctx)
	observer := testdb.NewVide(t)
	var exists bool
	require.NoError(t, observer.Pool.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`, name).Scan(&exists))
	require.False(t, exists)
}

func TestNewVide_hasNoTable(t *testing.T) {
	ctx := context.Background()
	b := testdb.NewVide(t)
	var n int
	require.NoError(t, b.Pool.QueryRow(ctx, `SELECT count(*) FROM pg_tables WHERE schemaname = 'public'`).Scan(&n))
	require.Zero(t, n)
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		start := time.Now()
		testdb.New(b)
		b.ReportMetric(float64(time.Since(start).Milliseconds()), "ms/base")
	}
}
