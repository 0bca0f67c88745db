package convention

import (
	"context"
	"fmt"

	"apilos/api/auth"
	"apilos/api/event"
	"github.com/google/uuid"
)

// AnnulationSIAP is a request of SIAP to cancel conventions (05 A.8).
type AnnulationSIAP struct {
	Acteur auth.Principal // of the call: SIAP has no account here, the history has no author
	// CompteID is the account of the person behind the call, 0 for none: messages leave under its login.
	CompteID int64
	// Conventions are cancelled in this order: avenants come before their root.
	Conventions []uuid.UUID
}

// AnnulerPourSIAP is T20 asked by SIAP for conventions in progress that the caller has locked, in its
// transaction (05 A.8, CR-30): statut, history of origin SIAP without author, journal, read model, and the
// messages of a cancellation, which remove the action alerts. Neither perimeter nor side is looked at: they
// are the business of the caller (05 A.3).
func (s *Service) AnnulerPourSIAP(ctx context.Context, a AnnulationSIAP) error {
	t, ok := trouverTransition(Annuler)
	if !ok {
		return fmt.Errorf("transition %s is not in the table", Annuler)
	}
	for _, id := range a.Conventions {
		if err := s.annulerPourSIAP(ctx, t, a, id); err != nil {
			return fmt.Errorf("cancel convention %s for SIAP: %w", id, err)
		}
	}
	return nil
}

func (s *Service) annulerPourSIAP(ctx context.Context, t transition, a AnnulationSIAP, id uuid.UUID) error {
	d, err := s.store.Verrouiller(ctx, auth.Principal{Superuser: true}, id) // the whole country, to load it only
	if err != nil {
		return err
	}
	if !d.Convention.Statut.EnCours() && d.Convention.Statut != ASigner {
		return nil
	}
	le, jour := s.maintenant()
	e := &execution{
		ctx: ctx, s: s, d: d, p: a.Acteur, le: le, jour: jour, origine: event.OrigineSIAP, compteID: a.CompteID,
		changements: map[string]any{}, avant: map[string]any{}, notes: map[string]any{},
	}
	return e.conclure(t, Annulee)
}
