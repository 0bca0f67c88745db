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

// After a restoration of the database most objects look like orphans: nothing is removed.
func TestSweepRefusesToEmptyTheStore(t *testing.T) {
	b := nouveauBancBalayage(t)
	for i := range 601 { // more than one page of the listing
		b.objet(fmt.Sprintf("conventions/%04d.pdf", i))
	}
	require.NoError(t, b.balayage.Passer(context.Background()))
	liste, err := b.contenus.List(context.Background(), "", "", 1000)
	require.NoError(t, err)
	require.Len(t, liste, 601)
}
