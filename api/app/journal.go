package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"apilos/api/config"

	"github.com/google/uuid"
)

// ErrJournalRompu says that at least one chain of the journal is broken; the report has said which.
var ErrJournalRompu = errors.New("le journal a été altéré")

// VerifierJournal reads the chains of the journal again (02 CC-32), of every family or of the one of a convention, writes
// the first broken link of each, and fails with ErrJournalRompu when there is one.
func VerifierJournal(ctx context.Context, cfg config.Config, famille *uuid.UUID, w io.Writer, asJSON bool) error {
	return avecBase(ctx, cfg, func(ctx context.Context, b *base) error {
		bilan, err := b.db.ControlerJournal(ctx, famille)
		if err != nil {
			return err
		}
		if asJSON {
			if err := json.NewEncoder(w).Encode(bilan); err != nil {
				return fmt.Errorf("write report: %w", err)
			}
		} else {
			for _, r := range bilan.Ruptures {
				if _, err := fmt.Fprintln(w, r); err != nil {
					return fmt.Errorf("write report: %w", err)
				}
			}
			if _, err := fmt.Fprintf(w, "%d lignes de %d familles lues, %d chaînes rompues.\n", bilan.Lignes, bilan.Familles, len(bilan.Ruptures)); err != nil {
				return fmt.Errorf("write report: %w", err)
			}
		}
		if len(bilan.Ruptures) > 0 {
			return ErrJournalRompu
		}
		return nil
	})
}
