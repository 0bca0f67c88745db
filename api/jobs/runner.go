package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"
)

// Options of a Runner. Client, Travaux, Horloge and Journal are required.
type Options struct {
	Client  *Client
	Travaux Travaux
	Horloge func() time.Time
	Journal *slog.Logger

	// Concurrence changes the number of jobs at the same time of some queues (JOBS_CONCURRENCY).
	Concurrence map[string]int
	// SansCalendrier leaves scheduled jobs to other processes (CRON_ENABLED=false).
	SansCalendrier bool
	// Observer, optional, is told the end of each run: kind, issue (ok, attente, erreur, annulee), duration.
	Observer func(kind, issue string, duree time.Duration)
}

// Retention and rescue of jobs (06 §5.2): finished ones 7 days, lost ones 90.
const (
	gardeTerminees  = 7 * 24 * time.Hour
	gardeAbandons   = 90 * 24 * time.Hour
	secoursApres    = 5 * time.Minute
	arretForceApres = 20 * time.Second // then the contexts of running jobs are cancelled
	reculInitial    = 10 * time.Second
	reculMax        = time.Hour
)

// Runner works the jobs of a database, with any number of other processes.
type Runner struct {
	river   *river.Client[pgx.Tx]
	journal *slog.Logger
	bail    time.Duration // of a message being delivered
}

// NewRunner prepares the workers; nothing runs before Start.
func NewRunner(pool *pgxpool.Pool, o Options) (*Runner, error) {
	if pool == nil || o.Client == nil || o.Horloge == nil || o.Journal == nil {
		return nil, errors.New("jobs: a dependency is missing")
	}
	a := &atelier{t: o.Travaux, client: o.Client, horloge: o.Horloge, journal: o.Journal}
	ouvriers, err := a.ouvriers()
	if err != nil {
		return nil, fmt.Errorf("jobs: %w", err)
	}
	files, err := files(o.Concurrence)
	if err != nil {
		return nil, err
	}
	cfg := &river.Config{
		Queues: files, Workers: ouvriers, Logger: slog.New(seuil{o.Journal.Handler()}), ErrorHandler: pannes{o.Journal}, RetryPolicy: politique{rand.Float64},
		JobTimeout: time.Minute, RescueStuckJobsAfter: secoursApres, SoftStopTimeout: arretForceApres,
		CompletedJobRetentionPeriod: gardeTerminees, CancelledJobRetentionPeriod: gardeAbandons, DiscardedJobRetentionPeriod: gardeAbandons,
	}
	if !o.SansCalendrier {
		cfg.PeriodicJobs = o.Travaux.calendrier()
	}
	if o.Observer != nil {
		cfg.Middleware = []rivertype.Middleware{&observation{observer: o.Observer}}
	}
	r, err := river.NewClient(riverpgxv5.New(pool), cfg)
	if err != nil {
		return nil, fmt.Errorf("jobs: %w", err)
	}
	return &Runner{river: r, journal: o.Journal, bail: a.bail()}, nil
}

// seuil keeps the warnings and errors of the queue: it tells its counts every few seconds at the level of our
// own milestones.
type seuil struct{ slog.Handler }

func (h seuil) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && h.Handler.Enabled(ctx, l)
}

func (h seuil) WithAttrs(a []slog.Attr) slog.Handler { return seuil{h.Handler.WithAttrs(a)} }
func (h seuil) WithGroup(n string) slog.Handler      { return seuil{h.Handler.WithGroup(n)} }

// files merges the concurrency asked for with the default one.
func files(voulue map[string]int) (map[string]river.QueueConfig, error) {
	out := map[string]river.QueueConfig{}
	for nom, n := range Concurrence() {
		out[nom] = river.QueueConfig{MaxWorkers: n}
	}
	for nom, n := range voulue {
		if _, connue := out[nom]; !connue {
			return nil, fmt.Errorf("file de tâches inconnue : %q", nom)
		}
		if n < 1 || n > river.QueueNumWorkersMax {
			return nil, fmt.Errorf("file de tâches %q : %d tâches simultanées, attendu de 1 à %d", nom, n, river.QueueNumWorkersMax)
		}
		out[nom] = river.QueueConfig{MaxWorkers: n}
	}
	return out, nil
}

// Start begins to work and returns. The end of ctx does not stop the workers: Stop does. What a process
// killed earlier left behind is looked for at once, without waiting for an election.
func (r *Runner) Start(ctx context.Context) error {
	if err := r.river.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("start jobs: %w", err)
	}
	// The second search comes when the leases that a dead process held are over.
	for _, opts := range []*river.InsertOpts{nil, {ScheduledAt: time.Now().Add(r.bail)}} {
		if _, err := r.river.Insert(ctx, RelancerMessages{}, opts); err != nil {
			var inconnu *river.UnknownJobKindError
			if errors.As(err, &inconnu) {
				return nil
			}
			return errors.Join(fmt.Errorf("look for lost messages: %w", err), r.Stop(ctx))
		}
	}
	return nil
}

// Stop takes no new job and waits for those that run; after a while their contexts are cancelled, and they
// go back to the queue. It returns the error of ctx when that takes too long.
func (r *Runner) Stop(ctx context.Context) error {
	if err := r.river.Stop(ctx); err != nil {
		forcer, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		return errors.Join(fmt.Errorf("stop jobs: %w", err), r.river.StopAndCancel(forcer))
	}
	return nil
}

// politique is the pause between two tries of a job: 10 s doubled each time up to one hour, with jitter.
type politique struct{ alea func() float64 }

// NextRetry implements river.ClientRetryPolicy.
func (p politique) NextRetry(job *rivertype.JobRow) time.Time {
	d := reculMax
	if n := len(job.Errors); n < 10 {
		d = min(reculInitial<<n, reculMax)
	}
	return time.Now().Add(time.Duration(float64(d) * (1 - 0.2*p.alea())))
}

// pannes logs the failures of jobs, once each.
type pannes struct{ journal *slog.Logger }

// HandleError implements river.ErrorHandler.
func (p pannes) HandleError(ctx context.Context, job *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	niveau := slog.LevelWarn
	if job.Attempt >= job.MaxAttempts {
		niveau = slog.LevelError
	}
	p.journal.Log(ctx, niveau, "tâche de fond en échec", "job_id", job.ID, "tache", job.Kind, "essai", job.Attempt, "essais_max", job.MaxAttempts, "error", err.Error())
	return nil
}

// HandlePanic implements river.ErrorHandler.
func (p pannes) HandlePanic(ctx context.Context, job *rivertype.JobRow, panicVal any, trace string) *river.ErrorHandlerResult {
	p.journal.ErrorContext(ctx, "tâche de fond interrompue par une panique", "job_id", job.ID, "tache", job.Kind, "panic", fmt.Sprint(panicVal), "trace", trace)
	return nil
}

// observation measures the runs of jobs.
type observation struct {
	river.MiddlewareDefaults
	observer func(kind, issue string, duree time.Duration)
}

// Work implements rivertype.WorkerMiddleware.
func (o *observation) Work(ctx context.Context, job *rivertype.JobRow, suite func(context.Context) error) error {
	debut := time.Now()
	err := suite(ctx)
	o.observer(job.Kind, issueDe(err), time.Since(debut))
	return err
}

func issueDe(err error) string {
	var attente *river.JobSnoozeError
	var annulee *river.JobCancelError
	switch {
	case err == nil:
		return "ok"
	case errors.As(err, &attente):
		return "attente"
	case errors.As(err, &annulee):
		return "annulee"
	}
	return "erreur"
}
