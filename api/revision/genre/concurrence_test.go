package genre_test

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"testing"

	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/internal/fixture"
	"apilos/api/revision"

	"github.com/stretchr/testify/require"
)

// TestCC03_depositsAndCancellationsTogether: deposits of a signed document, cancellations and restorations
// of one convention at once. They wait for each other in one order, so none ends in a deadlock: each one
// succeeds or is refused in words.
func TestCC03_depositsAndCancellationsTogether(t *testing.T) {
	b := nouveauBanc(t, false)
	ctx := context.Background()
	id := b.Convention(fixture.Conv{Statut: convention.ASigner})
	deposer := func(i int) error {
		d, err := b.conv.Lire(ctx, b.bailleur, id)
		if err != nil {
			return err
		}
		_, err = b.conv.Deposer(ctx, b.bailleur, id, convention.Depot{
			Version: d.Convention.Version, Rubrique: convention.RubriqueDocumentSigne, Nom: "a.pdf", Contenu: bytes.NewReader(fixture.PDF(fmt.Sprint(i))),
		})
		return err
	}
	annuler := func() error {
		d, err := b.conv.Lire(ctx, b.bailleur, id)
		if err != nil {
			return err
		}
		doc := d.DocumentCourant(convention.RubriqueDocumentSigne)
		if doc == nil {
			return nil
		}
		return b.conv.AnnulerDepot(ctx, b.bailleur, id, doc.Rattache.UUID, d.Convention.Version)
	}
	restaurer := func() error {
		a := revision.Personne(b.service)
		r, err := b.moteur.Courante(ctx, a, revision.ConventionSignee, id.String())
		if err != nil {
			return err
		}
		if r, err = b.moteur.Restaurer(ctx, a, r.ID); err != nil {
			return err
		}
		if _, err = b.moteur.Calculer(ctx, a, r.ID); err != nil {
			return err
		}
		_, err = b.moteur.Publier(ctx, a, r.ID, revision.Publication{})
		return err
	}
	erreurs := make([]error, 18)
	var wg sync.WaitGroup
	for i := range erreurs {
		wg.Go(func() {
			for range 3 {
				var err error
				switch i % 3 {
				case 0:
					err = deposer(i)
				case 1:
					err = annuler()
				default:
					err = restaurer()
				}
				if fault.As(err) == nil && err != nil {
					erreurs[i] = err
				}
			}
		})
	}
	wg.Wait()
	for _, err := range erreurs {
		require.NoError(t, err)
	}
	require.NoError(t, deposer(0))
	require.Equal(t, 1, b.enVigueur("DOCUMENT_SIGNE"))
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM revision r JOIN fichier_rattache a ON a.revision_id = r.id WHERE r.courante AND a.remplace_le IS NULL`),
		"the current revision is that of the document in force")
	require.NoError(t, b.Store.VerifierJournaux(ctx))
}
