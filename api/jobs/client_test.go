package jobs_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"apilos/api/alert"
	"apilos/api/convention"
	"apilos/api/internal/fixture"
	"apilos/api/jobs"
	"apilos/api/store"

	"github.com/stretchr/testify/require"
)

// What packages ask of each other holds at compile time.
var (
	_ alert.File           = (*jobs.Client)(nil)
	_ convention.Analyseur = (*jobs.Client)(nil)
	_ jobs.Livreur         = (*alert.Service)(nil)
	_ jobs.Verdicts        = (*convention.Service)(nil)
	_ jobs.Entretien       = (*store.Entretien)(nil)
	_ jobs.Inventaire      = (*store.Entretien)(nil)
	_ jobs.Fichiers        = (*store.Entretien)(nil)
)

func TestAL20_rowsAndJobsAreOneTransaction(t *testing.T) {
	b := nouveauBanc(t)
	id := b.Convention(fixture.Conv{})
	bai := b.EnBailleur()
	err := b.db.InTx(context.Background(), func(ctx context.Context) error {
		d, err := b.conv.Lire(ctx, bai, id)
		require.NoError(t, err)
		_, err = b.conv.Executer(ctx, bai, id, convention.Soumettre, convention.Commande{Version: d.Convention.Version, ConfirmerIncomplet: true, Commentaire: "essai"})
		require.NoError(t, err)
		return errForcee
	})
	require.ErrorIs(t, err, errForcee)
	require.Zero(t, b.Compter(`SELECT count(*) FROM message_sortant`))
	require.Zero(t, b.Compter(`SELECT count(*) FROM river_job`))
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM convention WHERE uuid = $1 AND statut = 'PROJET'`, id))

	require.NoError(t, b.soumettre(bai, id))
	require.Equal(t, 5, b.Compter(`SELECT count(*) FROM message_sortant`))
	require.Equal(t, 5, b.Compter(`SELECT count(*) FROM message_sortant m JOIN river_job j ON j.args = jsonb_build_object('message_id', m.id)
		WHERE (m.type, j.kind, j.queue) IN (('alerte.purger','alerte.purger','siap'), ('alerte.creer','alerte.creer','siap'),
		      ('preparer.EM-01','preparer_courriel','courriels'), ('preparer.EM-02','preparer_courriel','courriels'))`),
		"one job per row, in its queue, holding an id only")
	require.Equal(t, 5, b.Compter(`SELECT count(*) FROM river_job`))
}

func TestClientRefusesToEnqueueOutsideATransaction(t *testing.T) {
	b := nouveauBanc(t)
	require.ErrorIs(t, b.client.AnalyserFichier(context.Background(), 1), jobs.ErrHorsTransaction)
	require.NoError(t, b.client.LivrerMessages(context.Background()), "nothing to enqueue needs none")
	require.Zero(t, b.Compter(`SELECT count(*) FROM river_job`))
}

func TestRunnerRefusesUnknownQueues(t *testing.T) {
	b := nouveauBanc(t)
	for _, c := range []map[string]int{{"courriel": 1}, {"siap": 0}, {"siap": 1 << 20}} {
		_, err := jobs.NewRunner(b.db.Pool(), jobs.Options{Client: b.client, Horloge: time.Now, Journal: slog.New(slog.DiscardHandler), Concurrence: c})
		require.Error(t, err)
	}
	require.Equal(t, map[string]int{"documents": 2, "courriels": 5, "siap": 5, "fichiers": 4, "lots": 1, "bal": 2, "systeme": 1, "exterieur": 8}, jobs.Concurrence())
}
