package jobs_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"apilos/api/jobs"

	"github.com/stretchr/testify/require"
)

type purgeRevisions struct{ avant atomic.Pointer[time.Time] }

func (p *purgeRevisions) PurgerPerimees(_ context.Context, avant time.Time) (int, error) {
	p.avant.Store(&avant)
	return 1, nil
}

// TestRevision_11_pendingRevisionsArePurgedByAJob: those created before the time to wait.
func TestRevision_11_pendingRevisionsArePurgedByAJob(t *testing.T) {
	b := nouveauBanc(t)
	purge := &purgeRevisions{}
	b.lancer(jobs.Travaux{Revisions: &jobs.RetentionRevisions{Revisions: purge, Garde: 90 * 24 * time.Hour}})
	b.Executer(`INSERT INTO river_job (kind, args, max_attempts, queue, state) VALUES ('purger_revisions', '{}', 3, $1, 'available')`, jobs.FileFichiers)
	bientot(t, "the job runs", func() bool { return purge.avant.Load() != nil })
	require.WithinDuration(t, time.Now().AddDate(0, 0, -90), *purge.avant.Load(), time.Hour*2)
}
