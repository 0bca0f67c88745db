package store_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"apilos/api/internal/fixture"
	"apilos/api/store"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"
)

func TestInTxAnnuleTout(t *testing.T) {
	m := fixture.Nouveau(t)
	ctx := context.Background()
	echec := errors.New("forced")
	err := m.Store.InTx(ctx, func(ctx context.Context) error {
		_, _, err := m.Store.ReserverRequete(ctx, "moi", "cle-1", empreinteEssai)
		require.NoError(t, err)
		require.NoError(t, m.Store.InTx(ctx, func(ctx context.Context) error { // joins
			_, _, err := m.Store.ReserverRequete(ctx, "moi", "cle-2", empreinteEssai)
			return err
		}))
		return echec
	})
	require.ErrorIs(t, err, echec)
	require.Equal(t, 0, m.Compter(`SELECT count(*) FROM requete_idempotente`))
	require.Panics(t, func() {
		_ = m.Store.InTx(ctx, func(ctx context.Context) error {
			_, _, _ = m.Store.ReserverRequete(ctx, "moi", "cle-3", empreinteEssai)
			panic("forced")
		})
	})
	require.Equal(t, 0, m.Compter(`SELECT count(*) FROM requete_idempotente`))
}

func TestInTxDitPourquoiElleEstInterrompue(t *testing.T) {
	m := fixture.Nouveau(t)
	socket := errors.New("write tcp: i/o timeout") // what the driver says when the context ends during a write
	ctx, cancel := context.WithCancel(context.Background())
	err := m.Store.InTx(ctx, func(context.Context) error {
		cancel()
		return socket
	})
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, err, socket)
	require.NotErrorIs(t, m.Store.InTx(context.Background(), func(context.Context) error { return socket }), context.Canceled)
}

func TestInTxRecommenceUneInterblocage(t *testing.T) {
	m := fixture.Nouveau(t)
	essais := 0
	err := m.Store.InTx(context.Background(), func(context.Context) error {
		essais++
		if essais < 3 {
			return &pgconn.PgError{Code: "40P01"}
		}
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, 3, essais)
	essais = 0
	err = m.Store.InTx(context.Background(), func(context.Context) error {
		essais++
		return &pgconn.PgError{Code: "40001"}
	})
	require.Error(t, err)
	require.Equal(t, 3, essais, "bounded")
	essais = 0
	_ = m.Store.InTx(context.Background(), func(context.Context) error {
		essais++
		return &pgconn.PgError{Code: "23505"}
	})
	require.Equal(t, 1, essais, "a violated rule is final")
}

const empreinteEssai = "0000000000000000000000000000000000000000000000000000000000000001"

func TestCC10UnSeulReserveLaCle(t *testing.T) {
	m := fixture.Nouveau(t)
	ctx := context.Background()
	var mu sync.Mutex
	nouvelles := 0
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			nouvelle, _, err := m.Store.ReserverRequete(ctx, "moi", "cle", empreinteEssai)
			if err != nil {
				t.Errorf("reserve: %v", err)
			}
			mu.Lock()
			defer mu.Unlock()
			if nouvelle {
				nouvelles++
			}
		})
	}
	wg.Wait()
	require.Equal(t, 1, nouvelles)
	nouvelle, r, err := m.Store.ReserverRequete(ctx, "moi", "cle", empreinteEssai)
	require.NoError(t, err)
	require.False(t, nouvelle)
	require.Nil(t, r.StatutHttp, "still running")
	require.NoError(t, m.Store.GarderReponse(ctx, "moi", "cle", 201, []byte("réponse")))
	require.NoError(t, m.Store.LibererRequete(ctx, "moi", "cle"), "a kept answer is never released")
	_, r, err = m.Store.ReserverRequete(ctx, "moi", "cle", empreinteEssai)
	require.NoError(t, err)
	require.Equal(t, 201, *r.StatutHttp)
	require.Equal(t, "réponse", string(r.Reponse))
	nouvelle, _, err = m.Store.ReserverRequete(ctx, "autre", "cle", empreinteEssai)
	require.NoError(t, err)
	require.True(t, nouvelle, "keys belong to their caller")
	m.Executer(`UPDATE requete_idempotente SET cree_le = now() - interval '25 hours' WHERE appelant = 'moi'`)
	nouvelle, _, err = m.Store.ReserverRequete(ctx, "moi", "cle", empreinteEssai)
	require.NoError(t, err)
	require.True(t, nouvelle, "forgotten after a day")
}

func TestCacheSIAPGardeLaPlusRecente(t *testing.T) {
	m := fixture.Nouveau(t)
	ctx := context.Background()
	c := store.NewCacheSIAP(m.Store)
	v, _, err := c.Get(ctx, "config")
	require.NoError(t, err)
	require.Nil(t, v)
	le := time.Date(2026, 4, 15, 9, 0, 0, 0, time.UTC)
	require.NoError(t, c.Put(ctx, "config", []byte(`{"version":"v2"}`), le))
	require.NoError(t, c.Put(ctx, "config", []byte(`{"version":"v1"}`), le.Add(-time.Hour)))
	v, recu, err := c.Get(ctx, "config")
	require.NoError(t, err)
	require.JSONEq(t, `{"version":"v2"}`, string(v))
	require.True(t, le.Equal(recu))
}
