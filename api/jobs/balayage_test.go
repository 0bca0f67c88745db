package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"apilos/api/jobs"
	"apilos/api/storage"
	"apilos/api/store"

	"github.com/stretchr/testify/require"
)

type bancBalayage struct {
	*banc
	contenus *storage.Local
	balayage *jobs.Balayage
}

// nouveauBancBalayage has a clock two days ahead: whatever is written now is old.
func nouveauBancBalayage(t *testing.T) *bancBalayage {
	b := &bancBalayage{banc: nouveauBanc(t)}
	var err error
	b.contenus, err = storage.NewLocal(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { _ = b.contenus.Close() })
	b.balayage = &jobs.Balayage{Objets: b.contenus, Inventaire: store.NewEntretien(b.db), Journal: b.journal,
		Horloge: func() time.Time { return time.Now().Add(48 * time.Hour) }}
	return b
}

func (b *bancBalayage) objet(cle string) {
	b.t.Helper()
	_, err := b.contenus.Put(context.Background(), cle, strings.NewReader("x"), storage.Options{})
	require.NoError(b.t, err)
}

func (b *bancBalayage) present(cle string) bool {
	_, err := b.contenus.Stat(context.Background(), cle)
	require.True(b.t, err == nil || errors.Is(err, storage.ErrNotFound), "%v", err)
	return err == nil
}

func (b *bancBalayage) fichier(cle, antivirus string, supprime bool) {
	b.Executer(`INSERT INTO fichier (compartiment, cle_objet, nom_reel, nom_stockage, antivirus, supprime_le, cle_miniature)
		VALUES ('local', $1::text, 'a.pdf', 'a.pdf', $2, CASE WHEN $3 THEN now() END, $1::text || '-miniature')`, cle, antivirus, supprime)
}

func TestSweepRemovesOldOrphansOnly(t *testing.T) {
	b := nouveauBancBalayage(t)
	b.objet("sceaux/2026/05/04/0000000001")
	for _, cle := range []string{"a/connu.pdf", "a/connu.pdf-miniature", "a/orphelin.pdf", "b/infecte.pdf", "c/supprime.pdf"} {
		b.objet(cle)
	}
	b.fichier("a/connu.pdf", "SAIN", false)
	b.fichier("b/infecte.pdf", "INFECTE", true)
	b.fichier("c/supprime.pdf", "SAIN", true)
	require.NoError(t, b.balayage.Passer(context.Background()))
	require.True(t, b.present("a/connu.pdf"))
	require.True(t, b.present("a/connu.pdf-miniature"))
	require.True(t, b.present("c/supprime.pdf"), "a file that a person removed is archived, not erased")
	require.False(t, b.present("a/orphelin.pdf"))
	require.False(t, b.present("b/infecte.pdf"), "an infected object has no reason to stay")

	b.objet("a/neuf.pdf")
	b.balayage.Horloge = time.Now
	require.NoError(t, b.balayage.Passer(context.Background()))
	require.True(t, b.present("a/neuf.pdf"), "a deposit under way is not an orphan")
}

// entrepot is a store of objects in memory, as large as a test needs.
type entrepot struct {
	cles     []string
	retirees []string
}

func (e *entrepot) Name() string { return "memoire" }

func (e *entrepot) List(_ context.Context, _, apres string, limite int) ([]storage.Info, error) {
	var out []storage.Info
	for _, cle := range e.cles {
		if cle > apres && len(out) < limite {
			out = append(out, storage.Info{Key: cle, ModTime: time.Now()})
		}
	}
	return out, nil
}

func (e *entrepot) Delete(_ context.Context, cle string) error {
	e.retirees = append(e.retirees, cle)
	return nil
}

func (e *entrepot) Sweep(context.Context, time.Time) (int, error) { return 0, nil }

// After a restoration of the database most objects look like orphans: nothing is removed.
func TestSweepRefusesToEmptyTheStore(t *testing.T) {
	b := nouveauBanc(t)
	passer := func(objets, connus int) int {
		e := &entrepot{}
		b.Executer(`DELETE FROM fichier`)
		for i := range objets {
			e.cles = append(e.cles, fmt.Sprintf("conventions/%06d.pdf", i))
		}
		b.Executer(`INSERT INTO fichier (compartiment, cle_objet, nom_reel, nom_stockage, antivirus)
			SELECT 'memoire', 'conventions/' || lpad(i::text, 6, '0') || '.pdf', 'a', 'a', 'SAIN' FROM generate_series(0, $1::int - 1) i`, connus)
		require.NoError(t, (&jobs.Balayage{Objets: e, Inventaire: store.NewEntretien(b.db), Journal: b.journal,
			Horloge: func() time.Time { return time.Now().Add(48 * time.Hour) }}).Passer(context.Background()))
		return len(e.retirees)
	}
	require.Equal(t, 100, passer(1100, 1000), "leftovers, over several pages")
	require.Zero(t, passer(601, 0))
	require.Zero(t, passer(10_000, 9_850))
	require.Equal(t, 150, passer(15_000, 14_850), "one in a hundred is not strange in a large store")
}
