package store

import (
	"context"
	"testing"

	"apilos/api/internal/testdb"
	"apilos/api/mesure"

	"github.com/stretchr/testify/require"
)

// Large loads put secondary indexes aside: a program killed in the middle leaves them so, and the next load,
// even a small one, brings them back.
func TestChargerMesure_indexesComeBack(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	base := testdb.New(t)
	db, err := Open(ctx, base.URL, Options{})
	require.NoError(t, err)
	t.Cleanup(db.Close)
	nombre := func(condition string) int {
		var n int
		require.NoError(t, base.Pool.QueryRow(ctx, `SELECT count(*) FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
			WHERE t.relnamespace = 'public'::regnamespace AND `+condition).Scan(&n))
		return n
	}
	tous := nombre(`indisvalid AND indisready`)

	c := chargement{db: db, superuser: true}
	noms, err := c.ecarterIndex(ctx, seuilIndex)
	require.NoError(t, err)
	require.Greater(t, len(noms), 40)
	require.Equal(t, len(noms), nombre(`NOT indisvalid AND NOT indisready`))
	var uniques []string
	require.NoError(t, base.Pool.QueryRow(ctx, `SELECT array_agg(indexrelid::regclass::text ORDER BY indexrelid::regclass::text) FROM pg_index
		WHERE indisunique AND NOT indisvalid`).Scan(&uniques))
	require.Equal(t, []string{"convention_id_est_avenant_key", "operation_id_est_version_key"}, uniques,
		"unique indexes check the rows, unless the primary key does it for them")

	bilan, err := db.ChargerMesure(ctx, mesure.Options{Conventions: 200, Graine: 1}, nil)
	require.NoError(t, err)
	require.Equal(t, 200, bilan.Conventions)
	require.Equal(t, tous, nombre(`indisvalid AND indisready`))

	// The rebuilt indexes hold the rows.
	tx, err := base.Pool.Begin(ctx)
	require.NoError(t, err)
	defer func() { _ = tx.Rollback(ctx) }()
	_, err = tx.Exec(ctx, `SET LOCAL enable_seqscan = off`)
	require.NoError(t, err)
	var parIndex int
	require.NoError(t, tx.QueryRow(ctx, `SELECT count(*) FROM convention_recherche WHERE statut = ANY('{SIGNEE,PUBLIE}')`).Scan(&parIndex))
	require.Greater(t, parIndex, 100)
}
