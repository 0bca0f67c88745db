package revision_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"sync"
	"testing"
	"time"

	"apilos/api/revision"

	"github.com/stretchr/testify/require"
)

func TestRevision_2_1_identifiers(t *testing.T) {
	t.Parallel()
	le := time.Date(2026, 4, 15, 9, 30, 0, 0, time.UTC)
	horloge := func() time.Time { return le }
	ids, err := revision.NewIdentifiants(horloge, bytes.NewReader([]byte{1, 2, 3, 4, 5, 0xff, 0xff, 0xfe}))
	require.NoError(t, err)
	require.Equal(t, "69df5a980102030405ffffff", ids.Nouveau())
	require.Equal(t, "69df5a980102030405000000", ids.Nouveau(), "the counter turns round")
	le = le.Add(time.Second)
	require.Equal(t, "69df5a990102030405000001", ids.Nouveau(), "ordered by time")

	autre, err := revision.NouvelID(le, rand.Reader)
	require.NoError(t, err)
	require.True(t, revision.IDValide(autre))
	_, err = revision.NewIdentifiants(horloge, bytes.NewReader(nil))
	require.Error(t, err)
	for _, mauvais := range []string{"", "65f0", "65f00000000000000000000g", "65f0000000000000000000001", "65f00000000000000000000 "} {
		require.False(t, revision.IDValide(mauvais), mauvais)
	}
	require.True(t, revision.IDValide("65F00000000000000000000A"), "07 §2.1: any case in a path")

	vus, mu := map[string]bool{}, sync.Mutex{}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 1000 {
				id := ids.Nouveau()
				mu.Lock()
				vus[id] = true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	require.Len(t, vus, 8000)
}

// TestRevision_14_smallFilesNeverWaitForLargeOnes: with every place that long validations may take busy, a
// short one runs at once.
func TestRevision_14_smallFilesNeverWaitForLargeOnes(t *testing.T) {
	t.Parallel()
	b := nouveauBanc(t, func(c *revision.Config) { c.Ouvriers = 2 })
	b.genre.types[0].Max = 10_000_000
	ctx, arreter := context.WithCancel(context.Background())
	defer arreter()
	entrees := make(chan struct{}, 3)
	b.genre.pendant = func(ctx context.Context, e revision.Entree) error {
		if e.Fichiers[0].Taille > 1_000_000 {
			entrees <- struct{}{}
			<-ctx.Done()
			return ctx.Err()
		}
		return nil
	}
	var wg sync.WaitGroup
	interrompues := make([]error, 3)
	for i := range interrompues {
		r := b.creer("a")
		lourd := bytes.Repeat([]byte("x"), 2_000_000)
		_, err := b.service.Deposer(ctx, b.acteur, r.ID, revision.Depot{Type: "document", Contenu: bytes.NewReader(lourd), TailleAnnoncee: int64(len(lourd))})
		require.NoError(t, err)
		wg.Go(func() { _, interrompues[i] = b.service.Calculer(ctx, b.acteur, r.ID) })
	}
	<-entrees // one long validation runs, the others wait
	b.prete("b", "petit")
	require.Empty(t, entrees, "long ones leave a place")
	arreter()
	wg.Wait()
	for _, err := range interrompues {
		require.ErrorIs(t, err, context.Canceled)
	}
}
