package webhook

import (
	"context"
	"encoding/json"

	"apilos/api/alert"
	"apilos/api/auth"
	"apilos/api/event"
	"apilos/api/fault"

	"github.com/google/uuid"
)

// Livraison is a message to a webhook with its tries.
type Livraison struct {
	alert.MessageSortant
	// Corps is what is sent, nil once emptied by the retention rule.
	Corps  json.RawMessage
	Essais []Essai
}

// Livraisons lists the deliveries of a webhook, newest first; etat "" means all. Errors: as Lire.
func (s *Service) Livraisons(ctx context.Context, p auth.Principal, id uuid.UUID, etat string, decalage, limite int) ([]alert.MessageSortant, int, error) {
	w, err := s.Lire(ctx, p, id)
	if err != nil {
		return nil, 0, err
	}
	return s.c.Store.Livraisons(ctx, w.ID, etat, decalage, limite)
}

// Livraison returns a delivery with its tries. Errors: as Lire.
func (s *Service) Livraison(ctx context.Context, p auth.Principal, id, livraison uuid.UUID) (*Livraison, error) {
	w, err := s.Lire(ctx, p, id)
	if err != nil {
		return nil, err
	}
	m, err := s.c.Store.Livraison(ctx, w.ID, livraison)
	if err != nil {
		return nil, err
	}
	if m == nil {
		return nil, fault.New(fault.NotFound, "introuvable", "Cette livraison n’existe pas, ou n’est plus conservée.")
	}
	out := &Livraison{MessageSortant: *m}
	if len(m.Charge) > 0 {
		if out.Corps, err = lireCorps(m.Charge); err != nil {
			return nil, err
		}
	}
	out.Essais, err = s.c.Store.Essais(ctx, m.ID)
	return out, err
}

// Rejouer sends a finished delivery again, as the same event with a new signature; it gets 12 tries again.
// Errors: as Lire, LIVRAISON_NON_REJOUABLE.
func (s *Service) Rejouer(ctx context.Context, p auth.Principal, id, livraison uuid.UUID) (*Livraison, error) {
	err := s.c.Store.InTx(ctx, func(ctx context.Context) error {
		if _, err := s.pourEcrire(ctx, p, id); err != nil {
			return err
		}
		l, err := s.Livraison(ctx, p, id, livraison)
		if err != nil {
			return err
		}
		le := s.maintenant()
		ok, err := s.c.Store.Relancer(ctx, l.ID, le)
		if err != nil {
			return err
		}
		if !ok {
			return fault.New(fault.Conflict, "LIVRAISON_NON_REJOUABLE", "Cette livraison est déjà en attente d’envoi, ou son contenu n’est plus conservé.")
		}
		if err := s.c.Messages.Relancer(ctx, &l.MessageSortant); err != nil {
			return err
		}
		j := event.Journal{NomTable: l.TableName(), LigneID: &l.ID, ObjetUUID: &l.UUID, Action: event.Fait, Commande: "webhook.rejouer", CreeLe: le}
		j.Signer(p)
		return s.c.Store.Journaliser(ctx, j)
	})
	if err != nil {
		return nil, err
	}
	return s.Livraison(ctx, p, id, livraison)
}
