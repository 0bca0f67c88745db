package jobs_test

import (
	"context"
	"testing"
	"time"

	"apilos/api/convention"
	"apilos/api/internal/fixture"
	"apilos/api/jobs"
	"apilos/api/siap"
	"apilos/api/sim"

	"github.com/stretchr/testify/require"
)

func TestMessagesLeaveInOrderThroughTheQueue(t *testing.T) {
	b := nouveauBanc(t)
	bai, ins := b.EnBailleur(), b.EnInstructeur()
	id := b.Convention(fixture.Conv{})
	b.lancer(jobs.Travaux{})
	require.NoError(t, b.soumettre(bai, id))
	bientot(t, "messages delivered", b.finis)
	require.Equal(t, []string{"Convention en instruction", "Convention à instruire"}, b.etiquettes(id))
	recus, err := b.courrier.List(10)
	require.NoError(t, err)
	require.Len(t, recus, 2)
	require.ElementsMatch(t, []string{bai.Email, ins.Email}, []string{recus[0].To[0], recus[1].To[0]})
	bientot(t, "jobs completed", func() bool {
		return b.Compter(`SELECT count(*) FROM river_job WHERE kind IN ('alerte.creer','alerte.purger','preparer_courriel','envoyer_courriel') AND state = 'completed'`) == 7
	})
}

func TestJobInsertedByOneProcessIsWorkedByAnother(t *testing.T) {
	b := nouveauBanc(t)
	id := b.Convention(fixture.Conv{})
	require.NoError(t, b.soumettre(b.EnBailleur(), id)) // this process has no worker
	b.processus()
	bientot(t, "messages delivered by the other process", b.finis)
	require.Equal(t, []string{"Convention en instruction", "Convention à instruire"}, b.etiquettes(id))
}

// The acceptance test of kill -9: SIAP has accepted the alert, the worker dies before it knows. After a
// restart the alert is there once.
func TestAL23_killedWorkerSendsNothingTwice(t *testing.T) {
	b := nouveauBanc(t)
	id := b.Convention(fixture.Conv{})
	require.NoError(t, b.sim.AddFaults(sim.Fault{Match: sim.Match{Route: string(siap.CallAlerteCreate)}, After: true, Drop: true, DelayMS: 30_000}))
	victime := b.processus()
	require.NoError(t, b.soumettre(b.EnBailleur(), id))
	bientot(t, "SIAP accepts the first alert", func() bool { return len(b.sim.Alertes(id.String())) == 1 })
	require.NoError(t, victime.Process.Kill())

	b.processus()
	bientot(t, "the other process finishes the work", b.finis)
	require.Equal(t, []string{"Convention en instruction", "Convention à instruire"}, b.etiquettes(id))
	require.Len(t, b.sim.Requests(string(siap.CallAlerteCreate)), 2)
	require.Zero(t, b.Compter(`SELECT count(*) FROM message_sortant WHERE etat NOT IN ('ENVOYE','SANS_DESTINATAIRE')`))
}

func TestLostJobsAreEnqueuedAgain(t *testing.T) {
	b := nouveauBanc(t)
	id := b.Convention(fixture.Conv{Statut: convention.Projet})
	require.NoError(t, b.soumettre(b.EnBailleur(), id))
	b.Executer(`DELETE FROM river_job`)
	b.lancer(jobs.Travaux{}) // looks for lost messages when it starts
	bientot(t, "messages delivered", b.finis)
	require.Len(t, b.etiquettes(id), 2)
}

func TestStopWaitsForTheRunningJob(t *testing.T) {
	b := nouveauBanc(t)
	id := b.Convention(fixture.Conv{})
	require.NoError(t, b.sim.AddFaults(sim.Fault{Match: sim.Match{Route: string(siap.CallAlertesConvention)}, DelayMS: 1000}))
	w, err := b.ouvrier(jobs.Travaux{})
	require.NoError(t, err)
	require.NoError(t, w.Start(context.Background()))
	require.NoError(t, b.soumettre(b.EnBailleur(), id))
	bientot(t, "a call is under way", func() bool { return len(b.sim.Requests(string(siap.CallAlertesConvention))) == 1 })
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	require.NoError(t, w.Stop(ctx))
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM message_sortant WHERE type = 'alerte.purger' AND etat = 'ENVOYE'`), "the call under way was finished")
	require.Zero(t, b.Compter(`SELECT count(*) FROM river_job WHERE state = 'running'`))
}

// A message given up ends its job as cancelled, so that the queue shows it too.
func TestLostMessageCancelsItsJob(t *testing.T) {
	b := nouveauBanc(t)
	id := b.Convention(fixture.Conv{})
	require.NoError(t, b.sim.AddFaults(sim.Fault{Match: sim.Match{Route: string(siap.CallAlerteCreate)}, Status: 400}))
	observes := make(chan string, 100)
	w, err := jobs.NewRunner(b.db.Pool(), jobs.Options{Client: b.client, Travaux: jobs.Travaux{Messages: b.alertes}, Horloge: time.Now, Journal: b.journal,
		Observer: func(kind, issue string, _ time.Duration) { observes <- kind + " " + issue }})
	require.NoError(t, err)
	require.NoError(t, w.Start(context.Background()), "a runner without scheduled jobs starts too")
	t.Cleanup(func() { require.NoError(t, w.Stop(context.Background())) })
	require.NoError(t, b.soumettre(b.EnBailleur(), id))
	bientot(t, "messages finished", b.finis)
	bientot(t, "job cancelled", func() bool {
		return b.Compter(`SELECT count(*) FROM river_job WHERE kind = 'alerte.creer' AND state = 'cancelled'`) == 1
	})
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM message_sortant WHERE etat = 'ECHEC'`))
	vus := map[string]bool{}
	for len(observes) > 0 {
		vus[<-observes] = true
	}
	require.True(t, vus["alerte.creer annulee"], "%v", vus)
	require.True(t, vus["alerte.purger ok"], "%v", vus)
}
