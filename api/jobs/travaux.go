package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"apilos/api/alert"
	"apilos/api/compte"

	"github.com/riverqueue/river"
)

// Livreur delivers messages (alert.Service).
type Livreur interface {
	Livrer(ctx context.Context, messageID int64) (alert.Suite, error)
	// Bail is the time after which a message that is being sent is given to somebody else.
	Bail() time.Duration
}

// Recapitulatifs writes the monthly digests (alert.Service).
type Recapitulatifs interface {
	Recapituler(ctx context.Context) error
}

// Sessions keeps sessions in step with SIAP and forgets the dead ones (compte.Service).
type Sessions interface {
	VerifierSessions(ctx context.Context, limite int) (int, error)
	Purger(ctx context.Context) (int, error)
}

// Fusions reads the mergers of a bailleur (compte.Fusions).
type Fusions interface {
	Actualiser(ctx context.Context, d compte.DemandeFusion) error
}

// Entretien is what the store does for the scheduled jobs.
type Entretien interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	// MessagesSansTache lists messages that are due although no living job will deliver them: a job that
	// has been running for longer than bail belongs to a worker that died.
	MessagesSansTache(ctx context.Context, le time.Time, bail time.Duration, limite int) ([]alert.Envoi, error)
	// FichiersSansTache lists the files deposited since depuis that were not scanned and have no job.
	FichiersSansTache(ctx context.Context, depuis, avant time.Time, limite int) ([]int64, error)
	// DemandeFusion finds on whose behalf the mergers of a bailleur are read; ok is false when nobody can.
	DemandeFusion(ctx context.Context, bailleurID, habilitationID int64) (d compte.DemandeFusion, ok bool, err error)
	// PurgerTemporaires deletes recorded answers and drafts older than these instants.
	PurgerTemporaires(ctx context.Context, reponsesAvant, brouillonsAvant time.Time) (int, error)
	// ViderMessages empties the content of messages finished before the first instant and deletes those
	// finished before the second one, at most limite of each; it returns how many rows changed.
	ViderMessages(ctx context.Context, contenuAvant, ligneAvant time.Time, limite int) (int, error)
}

// Travaux is what the workers need. A nil member leaves its kinds without worker, for tests.
type Travaux struct {
	Messages       Livreur
	Recapitulatifs Recapitulatifs
	Analyse        *Analyse
	Sessions       Sessions
	Fusions        Fusions
	Entretien      Entretien
	Balayage       *Balayage
	Revisions      *RetentionRevisions
	Exports        Exports
	Journal        GardeJournal
	Reassignations Reassignations
}

// Durations of 06 §5.2 and §7.8.
const (
	delaiMessage   = time.Minute
	delaiCourriel  = 30 * time.Second
	delaiAnalyse   = 2 * time.Minute
	delaiSysteme   = time.Minute
	delaiBalayage  = time.Hour
	delaiRetention = 10 * time.Minute

	gardeReponse   = 24 * time.Hour
	gardeBrouillon = 30 * 24 * time.Hour
	gardeContenu   = 90 * 24 * time.Hour
	gardeMessage   = 365 * 24 * time.Hour
	gardeAnalyse   = 7 * 24 * time.Hour

	lotRelance   = 500
	lotSessions  = 50
	lotRetention = 2000
)

// ouvrier is a worker made of a function.
type ouvrier[T river.JobArgs] struct {
	river.WorkerDefaults[T]
	delai time.Duration
	faire func(ctx context.Context, job *river.Job[T]) error
}

// Timeout implements river.Worker.
func (o *ouvrier[T]) Timeout(*river.Job[T]) time.Duration { return o.delai }

// Work implements river.Worker.
func (o *ouvrier[T]) Work(ctx context.Context, job *river.Job[T]) error { return o.faire(ctx, job) }

func embaucher[T river.JobArgs](w *river.Workers, delai time.Duration, faire func(ctx context.Context, job *river.Job[T]) error) error {
	return river.AddWorkerSafely(w, &ouvrier[T]{delai: delai, faire: faire})
}

// atelier holds what the workers share.
type atelier struct {
	t       Travaux
	client  *Client
	horloge func() time.Time
	journal *slog.Logger
}

// ouvriers registers a worker for each kind.
func (a *atelier) ouvriers() (*river.Workers, error) {
	w := river.NewWorkers()
	var errs []error
	if a.t.Messages != nil {
		errs = append(errs,
			embaucher(w, delaiMessage, func(ctx context.Context, j *river.Job[AlerteCreer]) error { return a.livrer(ctx, j.Args.MessageID) }),
			embaucher(w, delaiMessage, func(ctx context.Context, j *river.Job[AlertePurger]) error { return a.livrer(ctx, j.Args.MessageID) }),
			embaucher(w, delaiCourriel, func(ctx context.Context, j *river.Job[PreparerCourriel]) error {
				return a.livrer(ctx, j.Args.MessageID)
			}),
			embaucher(w, delaiCourriel, func(ctx context.Context, j *river.Job[EnvoyerCourriel]) error { return a.livrer(ctx, j.Args.MessageID) }),
			embaucher(w, delaiCourriel, func(ctx context.Context, j *river.Job[LivrerExterieur]) error { return a.livrer(ctx, j.Args.MessageID) }),
		)
	}
	if a.t.Recapitulatifs != nil {
		errs = append(errs, embaucher(w, delaiRetention, func(ctx context.Context, _ *river.Job[Recapituler]) error { return a.t.Recapitulatifs.Recapituler(ctx) }))
	}
	if a.t.Analyse != nil {
		errs = append(errs, embaucher(w, delaiAnalyse, a.analyser))
	}
	if a.t.Sessions != nil {
		errs = append(errs, embaucher(w, delaiSysteme, a.verifierHabilitations))
	}
	if a.t.Entretien != nil {
		errs = append(errs,
			embaucher(w, delaiSysteme, a.relancerMessages), embaucher(w, delaiSysteme, a.relancerAnalyses),
			embaucher(w, delaiSysteme, a.purger), embaucher(w, delaiRetention, a.retenir))
	}
	if a.t.Fusions != nil && a.t.Entretien != nil {
		errs = append(errs, embaucher(w, delaiMessage, a.lireFusions))
	}
	if a.t.Balayage != nil {
		errs = append(errs, embaucher(w, delaiBalayage, func(ctx context.Context, _ *river.Job[BalayerObjets]) error { return a.t.Balayage.Passer(ctx) }))
	}
	if a.t.Revisions != nil {
		errs = append(errs, embaucher(w, delaiRetention, a.purgerRevisions))
	}
	if a.t.Journal != nil {
		errs = append(errs,
			embaucher(w, delaiJournal, func(ctx context.Context, _ *river.Job[ScellerJournal]) error { return a.t.Journal.ScellerDuJour(ctx) }),
			embaucher(w, delaiJournal, func(ctx context.Context, _ *river.Job[PurgerLectures]) error {
				_, err := a.t.Journal.PurgerLectures(ctx)
				return err
			}))
	}
	if a.t.Exports != nil {
		errs = append(errs, embaucher(w, delaiLot, a.exporter))
	}
	if a.t.Reassignations != nil {
		errs = append(errs, embaucher(w, delaiLot, a.reassigner))
	}
	return w, errors.Join(errs...)
}

// livrer wakes a message up. Its own tries and pauses are those of its row, so the job is put to sleep
// rather than failed; a lost message ends the job as cancelled, to be found in the queue too.
func (a *atelier) livrer(ctx context.Context, messageID int64) error {
	suite, err := a.t.Messages.Livrer(ctx, messageID)
	switch {
	case err != nil:
		return err
	case suite.Attendre > 0:
		return river.JobSnooze(suite.Attendre)
	case suite.Perdu != "":
		return river.JobCancel(errors.New(suite.Perdu))
	}
	return nil
}

func (a *atelier) verifierHabilitations(ctx context.Context, _ *river.Job[VerifierHabilitations]) error {
	_, err := a.t.Sessions.VerifierSessions(ctx, lotSessions)
	return err
}

// lireFusions asks SIAP on behalf of somebody who holds the habilitation. Nobody left to ask for is an end.
func (a *atelier) lireFusions(ctx context.Context, j *river.Job[LireFusions]) error {
	d, ok, err := a.t.Entretien.DemandeFusion(ctx, j.Args.BailleurID, j.Args.HabilitationID)
	if err != nil || !ok {
		return err
	}
	return a.t.Fusions.Actualiser(ctx, d)
}

// bail is how long a message may stay with a worker that gives no sign of life.
func (a *atelier) bail() time.Duration {
	if a.t.Messages == nil {
		return delaiMessage
	}
	return a.t.Messages.Bail()
}

// relancerMessages is the net under the jobs: a row that is due and that no living job looks at gets one.
func (a *atelier) relancerMessages(ctx context.Context, _ *river.Job[RelancerMessages]) error {
	return a.t.Entretien.InTx(ctx, func(ctx context.Context) error {
		envois, err := a.t.Entretien.MessagesSansTache(ctx, a.horloge(), a.bail(), lotRelance)
		if err != nil || len(envois) == 0 {
			return err
		}
		a.journal.WarnContext(ctx, "messages sortants sans tâche, relancés", "nombre", len(envois))
		return a.client.LivrerMessages(ctx, envois...)
	})
}

// relancerAnalyses gives another chance to recent files whose scan was given up: the antivirus was away.
func (a *atelier) relancerAnalyses(ctx context.Context, _ *river.Job[RelancerAnalyses]) error {
	le := a.horloge()
	return a.t.Entretien.InTx(ctx, func(ctx context.Context) error {
		ids, err := a.t.Entretien.FichiersSansTache(ctx, le.Add(-gardeAnalyse), le.Add(-delaiAnalyse), lotRelance)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := a.client.AnalyserFichier(ctx, id); err != nil {
				return err
			}
		}
		return nil
	})
}

func (a *atelier) purger(ctx context.Context, _ *river.Job[Purger]) error {
	le := a.horloge()
	n, err := a.t.Entretien.PurgerTemporaires(ctx, le.Add(-gardeReponse), le.Add(-gardeBrouillon))
	if err != nil {
		return err
	}
	sessions := 0
	if a.t.Sessions != nil {
		if sessions, err = a.t.Sessions.Purger(ctx); err != nil {
			return fmt.Errorf("purge sessions: %w", err)
		}
	}
	if n+sessions > 0 {
		a.journal.InfoContext(ctx, "données expirées purgées", "temporaires", n, "sessions", sessions)
	}
	return nil
}

// retenir works by small transactions: nothing waits behind it.
func (a *atelier) retenir(ctx context.Context, _ *river.Job[AppliquerRetention]) error {
	le := a.horloge()
	for {
		n, err := a.t.Entretien.ViderMessages(ctx, le.Add(-gardeContenu), le.Add(-gardeMessage), lotRetention)
		if err != nil || n == 0 {
			return err
		}
	}
}
