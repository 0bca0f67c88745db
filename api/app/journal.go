package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"apilos/api/config"
	"apilos/api/event"
	"apilos/api/journal"

	"github.com/google/uuid"
)

// ErrJournalRompu says that the journal or its seals were altered; the report has said where.
var ErrJournalRompu = errors.New("le journal a été altéré")

// VerificationJournal says what to verify.
type VerificationJournal struct {
	Famille *uuid.UUID // of this convention only; nil for every family and every chain of readings
	Sceaux  bool       // the seals of the file storage too
	// Empreinte is the digest of a seal archived elsewhere, to be found among them; "" asks for nothing.
	Empreinte string
	JSON      bool
}

// rapportJournal is what a verification found.
type rapportJournal struct {
	event.BilanChaines
	Sceaux *journal.Bilan `json:"sceaux,omitempty"`
}

// VerifierJournal reads the chains of the journal again (02 CC-32, CC-33), writes the first broken link of each and what the
// seals contradict, and fails with ErrJournalRompu when there is one.
func VerifierJournal(ctx context.Context, cfg config.Config, v VerificationJournal, w io.Writer) error {
	avec := func(ctx context.Context, b *base, g *journal.Garde) error {
		r, err := v.verifier(ctx, b, g)
		if err != nil {
			return err
		}
		if err := r.ecrire(w, v.JSON); err != nil {
			return fmt.Errorf("write report: %w", err)
		}
		if len(r.Ruptures) > 0 || r.Sceaux != nil && len(r.Sceaux.Anomalies) > 0 {
			return ErrJournalRompu
		}
		return nil
	}
	if v.Sceaux {
		return avecGarde(ctx, cfg, avec)
	}
	return avecBase(ctx, cfg, func(ctx context.Context, b *base) error { return avec(ctx, b, garde(b, time.Now)) })
}

func (v VerificationJournal) verifier(ctx context.Context, b *base, g *journal.Garde) (r rapportJournal, err error) {
	if v.Famille != nil {
		r.BilanChaines, err = b.db.ControlerJournal(ctx, v.Famille)
		return r, err
	}
	if r.BilanChaines, err = verifierChaines(ctx, b.db, g); err != nil || !v.Sceaux {
		return r, err
	}
	sceaux, err := g.Verifier(ctx, v.Empreinte)
	r.Sceaux = &sceaux
	return r, err
}

func (r rapportJournal) ecrire(w io.Writer, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(r)
	}
	var lignes []any
	for _, x := range r.Ruptures {
		lignes = append(lignes, x)
	}
	lignes = append(lignes, fmt.Sprintf("%d lignes de %d familles lues, %d chaînes rompues.", r.Lignes, r.Familles, len(r.Ruptures)))
	if l := r.Lectures; l != nil {
		lignes = append(lignes, fmt.Sprintf("%d lectures de %d chaînes lues, %d purgées après un an.", l.Lignes, l.Chaines, l.Purgees))
	}
	if s := r.Sceaux; s != nil {
		for _, a := range s.Anomalies {
			lignes = append(lignes, a)
		}
		lignes = append(lignes, fmt.Sprintf("%d sceaux lus, %d fins de chaîne retrouvées, %d anomalies.", s.Sceaux, s.Fins, len(s.Anomalies)))
	}
	for _, l := range lignes {
		if _, err := fmt.Fprintln(w, l); err != nil {
			return err
		}
	}
	return nil
}
