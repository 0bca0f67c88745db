package jobs

import (
	"context"
	"time"

	"github.com/riverqueue/river"
)

// PurgerRevisions deletes the pending revisions that nobody published (07 §11). Their objects go with them;
// those that an interrupted run left are orphans, for BalayerObjets.
type PurgerRevisions struct{}

// Kind implements river.JobArgs.
func (PurgerRevisions) Kind() string { return "purger_revisions" }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (PurgerRevisions) InsertOpts() river.InsertOpts { return seul(FileFichiers, essaisSysteme) }

// RetentionRevisions says what happens to revisions that stay pending.
type RetentionRevisions struct {
	// Revisions deletes the pending ones created before an instant (revision.Service).
	Revisions interface {
		PurgerPerimees(ctx context.Context, avant time.Time) (int, error)
	}
	Garde time.Duration // DEPOT_PENDING_TTL_DAYS
}

func (a *atelier) purgerRevisions(ctx context.Context, _ *river.Job[PurgerRevisions]) error {
	n, err := a.t.Revisions.Revisions.PurgerPerimees(ctx, a.horloge().Add(-a.t.Revisions.Garde))
	if n > 0 {
		a.journal.InfoContext(ctx, "révisions jamais publiées supprimées", "nombre", n)
	}
	return err
}
