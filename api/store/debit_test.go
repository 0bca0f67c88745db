package store_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"apilos/api/internal/fixture"
	"apilos/api/store"

	"github.com/stretchr/testify/require"
)

func TestDebitsPartagesEntreProcessus(t *testing.T) {
	m := fixture.Nouveau(t)
	ctx := context.Background()
	un, deux := store.NewDebits(m.Store), store.NewDebits(m.Store)
	var pris atomic.Int32
	var wg sync.WaitGroup
	for i := range 60 {
		d := un
		if i%2 == 0 {
			d = deux
		}
		wg.Go(func() {
			_, ok, err := d.Prendre(ctx, "connexion:192.0.2.1", 0.001, 20)
			if err != nil {
				t.Errorf("take: %v", err)
			}
			if ok {
				pris.Add(1)
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, 20, pris.Load(), "twenty tokens, whoever draws them")
	reste, ok, err := un.Prendre(ctx, "connexion:192.0.2.1", 0.001, 20)
	require.NoError(t, err)
	require.False(t, ok)
	require.Less(t, reste, 1.0)

	require.NoError(t, deux.Rendre(ctx, "connexion:192.0.2.1", 20, 1))
	_, ok, err = un.Prendre(ctx, "connexion:192.0.2.1", 0.001, 20)
	require.NoError(t, err)
	require.True(t, ok, "what was given back can be drawn")
	require.NoError(t, deux.Rendre(ctx, "connexion:192.0.2.1", 20, 500))
	require.Equal(t, 1, m.Compter(`SELECT count(*) FROM limite_debit WHERE jetons = 20`), "never more than the burst")

	_, ok, err = un.Prendre(ctx, "connexion:192.0.2.2", 0.001, 20)
	require.NoError(t, err)
	require.True(t, ok, "another address is not held back")
	m.Executer(`UPDATE limite_debit SET jetons = 0, maj_le = clock_timestamp() - interval '1 minute'`)
	reste, ok, err = un.Prendre(ctx, "connexion:192.0.2.2", 20.0/60, 20)
	require.NoError(t, err)
	require.True(t, ok)
	require.InDelta(t, 19, reste, 0.1, "full again after a minute")
}
