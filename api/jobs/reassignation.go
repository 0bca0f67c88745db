package jobs

import (
	"context"
	"errors"

	"apilos/api/reassignation"

	"github.com/riverqueue/river"
)

// Reassignations moves operations between services (reassignation.Service).
type Reassignations interface {
	Executer(ctx context.Context, reassignationID int64) error
	Abandonner(ctx context.Context, reassignationID int64) error
}

// ReassignerAdministrations works a run of mass reassignment (02 PE-43), or its undo.
type ReassignerAdministrations struct {
	ReassignationID int64 `json:"reassignation_id"`
}

// Kind implements river.JobArgs.
func (ReassignerAdministrations) Kind() string { return reassignation.TypeTache }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (ReassignerAdministrations) InsertOpts() river.InsertOpts { return dans(FileLots, essaisLot) }

// Reassigner has a run worked once the transaction of ctx is committed (reassignation.File).
func (c *Client) Reassigner(ctx context.Context, reassignationID int64) error {
	return c.inserer(ctx, river.InsertManyParams{Args: ReassignerAdministrations{reassignationID}})
}

// reassigner says that a run stopped when its last try failed; somebody launches it again.
func (a *atelier) reassigner(ctx context.Context, j *river.Job[ReassignerAdministrations]) error {
	err := a.t.Reassignations.Executer(ctx, j.Args.ReassignationID)
	if err != nil && j.Attempt >= j.MaxAttempts {
		// The deadline of the job may be what ended it.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), delaiSysteme)
		defer cancel()
		err = errors.Join(err, a.t.Reassignations.Abandonner(ctx, j.Args.ReassignationID))
	}
	return err
}
