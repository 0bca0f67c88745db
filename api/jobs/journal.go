package jobs

import (
	"context"
	"time"

	"github.com/riverqueue/river"
)

// delaiJournal is for the first seal, which lists every family.
const delaiJournal = time.Hour

// GardeJournal seals the journal and purges old readings (journal.Garde).
type GardeJournal interface {
	ScellerDuJour(ctx context.Context) error
	PurgerLectures(ctx context.Context) (int64, error)
}

type (
	// ScellerJournal writes the seal of the day in the file storage (02 CC-32).
	ScellerJournal struct{}
	// PurgerLectures removes the readings that were kept one year (02 CC-33).
	PurgerLectures struct{}
)

// Kind implements river.JobArgs.
func (ScellerJournal) Kind() string { return "sceller_journal" }

// Kind implements river.JobArgs.
func (PurgerLectures) Kind() string { return "purger_lectures" }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (ScellerJournal) InsertOpts() river.InsertOpts { return seul(FileLots, essaisSysteme) }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (PurgerLectures) InsertOpts() river.InsertOpts { return seul(FileLots, essaisSysteme) }
