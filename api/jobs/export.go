package jobs

import (
	"context"
	"errors"
	"time"

	"apilos/api/export"

	"github.com/riverqueue/river"
)

// Exports writes the file of a task (export.Service).
type Exports interface {
	Executer(ctx context.Context, tacheID int64) error
	Abandonner(ctx context.Context, tacheID int64) error
}

// ExporterConventions writes the file of a long export.
type ExporterConventions struct {
	TacheID int64 `json:"tache_id"`
}

const (
	delaiLot  = 2 * time.Hour // 06 §5.2
	essaisLot = 3
)

// Kind implements river.JobArgs.
func (ExporterConventions) Kind() string { return export.TypeConventions }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (ExporterConventions) InsertOpts() river.InsertOpts { return dans(FileLots, essaisLot) }

// ExporterConventions has an export written once the transaction of ctx is committed (export.File).
func (c *Client) ExporterConventions(ctx context.Context, tacheID int64) error {
	return c.inserer(ctx, river.InsertManyParams{Args: ExporterConventions{tacheID}})
}

// exporter tells the owner of the task when the last try failed.
func (a *atelier) exporter(ctx context.Context, j *river.Job[ExporterConventions]) error {
	err := a.t.Exports.Executer(ctx, j.Args.TacheID)
	if err != nil && j.Attempt >= j.MaxAttempts {
		// The deadline of the job may be what ended it.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), delaiSysteme)
		defer cancel()
		err = errors.Join(err, a.t.Exports.Abandonner(ctx, j.Args.TacheID))
	}
	return err
}
