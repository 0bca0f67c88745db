package revision_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"apilos/api/fault"
	"apilos/api/revision"
	"apilos/api/store"

	"github.com/stretchr/testify/require"
)

// deuxServices are two processes on one database and one store of objects: their own pools, their own ids.
func deuxServices(b *banc) []*revision.Service {
	b.t.Helper()
	autre, err := store.Open(context.Background(), b.Base.URL, store.Options{})
	require.NoError(b.t, err)
	b.t.Cleanup(autre.Close)
	return []*revision.Service{b.service, b.nouveauService(func(c *revision.Config) { c.Store = store.NewRevisions(autre) })}
}

// TestRevision_14_fiftyParallelPublications: of 50 ready revisions of one scope published at once, one wins
// and the others are told so; at no instant are there two.
func TestRevision_14_fiftyParallelPublications(t *testing.T) {
	t.Parallel()
	b := nouveauBanc(t)
	services := deuxServices(b)
	const n = 50
	ids := make([]string, n)
	for i := range ids {
		ids[i] = b.prete("a", fmt.Sprint("contenu ", i)).ID
	}
	erreurs := make([]error, n)
	depart := make(chan struct{})
	var wg sync.WaitGroup
	for i := range ids {
		wg.Go(func() {
			<-depart
			_, erreurs[i] = services[i%2].Publier(context.Background(), b.acteur, ids[i], revision.Publication{})
		})
	}
	close(depart)
	wg.Wait()
	gagnants := 0
	for i, err := range erreurs {
		if err == nil {
			gagnants++
			continue
		}
		require.True(t, fault.HasCode(err, revision.CodeEnCours) || fault.HasCode(err, revision.CodeImpossible), "%d: %v", i, err)
		require.True(t, fault.Is(err, fault.Stale))
	}
	require.Equal(t, 1, gagnants)
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM revision WHERE courante`))
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM revision WHERE statut = 'published'`))
	require.Zero(t, b.Compter(`SELECT count(*) FROM revision WHERE statut = 'pending' AND prete`), "competitors must be computed again")
}

// TestRevision_14_sameRevisionPublishedTwentyTimes: one answer is a success.
func TestRevision_14_sameRevisionPublishedTwentyTimes(t *testing.T) {
	t.Parallel()
	b := nouveauBanc(t)
	services := deuxServices(b)
	id := b.prete("a", "x").ID
	erreurs := make([]error, 20)
	var wg sync.WaitGroup
	for i := range erreurs {
		wg.Go(func() {
			_, erreurs[i] = services[i%2].Publier(context.Background(), b.acteur, id, revision.Publication{})
		})
	}
	wg.Wait()
	gagnants := 0
	for _, err := range erreurs {
		if err == nil {
			gagnants++
			continue
		}
		require.True(t, fault.Is(err, fault.Stale), "%v", err)
	}
	require.Equal(t, 1, gagnants)
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM journal_audit WHERE commande = 'revision.publiee'`))
}

// TestRevision_14_twentyParallelUploads: one file, one object, the others 412.
func TestRevision_14_twentyParallelUploads(t *testing.T) {
	t.Parallel()
	b := nouveauBanc(t)
	services := deuxServices(b)
	id := b.creer("a").ID
	erreurs := make([]error, 20)
	depart := make(chan struct{})
	var wg sync.WaitGroup
	for i := range erreurs {
		wg.Go(func() {
			<-depart
			_, erreurs[i] = services[i%2].Deposer(context.Background(), b.acteur, id, texte(fmt.Sprint("contenu ", i)))
		})
	}
	close(depart)
	wg.Wait()
	gagnants := 0
	for _, err := range erreurs {
		if err == nil {
			gagnants++
			continue
		}
		refus(t, err, revision.CodeDejaAttache, "Fichier déjà attaché a la révision")
	}
	require.Equal(t, 1, gagnants)
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM revision_fichier`))
	lu, err := b.service.Lire(context.Background(), b.acteur, id)
	require.NoError(t, err)
	require.Equal(t, []string{lu.Fichiers[0].CleObjet}, b.cles())
}

// TestRevision_14_everythingAtOnce: steps of many revisions of one scope interleave; there is never more
// than one current revision and every refusal is a 412.
func TestRevision_14_everythingAtOnce(t *testing.T) {
	t.Parallel()
	b := nouveauBanc(t)
	services := deuxServices(b)
	erreurs := make([]error, 16)
	var wg sync.WaitGroup
	for i := range erreurs {
		wg.Go(func() { erreurs[i] = quatreEtapes(b, services[i%2], 4) })
	}
	for fini, surveille := make(chan struct{}), 0; ; surveille++ {
		if surveille == 0 {
			go func() { wg.Wait(); close(fini) }()
		}
		require.LessOrEqual(t, b.Compter(`SELECT count(*) FROM revision WHERE courante`), 1)
		select {
		case <-fini:
			for _, err := range erreurs {
				require.NoError(t, err)
			}
			require.Equal(t, 1, b.Compter(`SELECT count(*) FROM revision WHERE courante`))
			return
		default:
		}
	}
}

// quatreEtapes publishes n revisions of one scope; being refused by a competitor is no error.
func quatreEtapes(b *banc, s *revision.Service, n int) error {
	ctx := context.Background()
	for k := range n {
		r, err := s.Creer(ctx, b.acteur, revision.Creation{Nature: revision.Annexe, PorteeType: "convention", PorteeCle: "a"})
		if err != nil {
			return err
		}
		if _, err = s.Deposer(ctx, b.acteur, r.ID, texte(fmt.Sprint(r.ID, k))); err != nil {
			return err
		}
		if _, err = s.Calculer(ctx, b.acteur, r.ID); err != nil {
			return err
		}
		if _, err = s.Publier(ctx, b.acteur, r.ID, revision.Publication{}); err != nil && !fault.Is(err, fault.Stale) {
			return err
		}
	}
	return nil
}
