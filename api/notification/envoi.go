package notification

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"apilos/api/alert"
	"apilos/api/depot"
)

// Moteur writes rows and has them delivered (alert.Service).
type Moteur interface {
	Ajouter(ctx context.Context, lignes ...*alert.MessageSortant) error
}

// Boite implements depot.Messages.
type Boite struct{ moteur Moteur }

// NewBoite returns the outbox of the deposit.
func NewBoite(m Moteur) *Boite { return &Boite{m} }

var _ depot.Messages = (*Boite)(nil)

// Envoyer implements depot.Messages.
func (b *Boite) Envoyer(ctx context.Context, messages ...depot.Message) error {
	if len(messages) == 0 {
		return nil
	}
	lignes := make([]*alert.MessageSortant, 0, len(messages))
	for _, m := range messages {
		l, err := ligne(m)
		if err != nil {
			return fmt.Errorf("message %s: %w", m.Type, err)
		}
		lignes = append(lignes, l)
	}
	return b.moteur.Ajouter(ctx, lignes...)
}

func ligne(m depot.Message) (*alert.MessageSortant, error) {
	if m.CleUnicite == "" {
		return nil, errors.New("no key of idempotence")
	}
	charge, err := json.Marshal(m.Charge)
	if err != nil {
		return nil, err
	}
	l := &alert.MessageSortant{Canal: m.Canal, Type: m.Type, Destinataire: m.Destinataire, CleUnicite: m.CleUnicite, Charge: charge, CleOrdre: ordre(m)}
	if m.RevisionID != "" {
		l.RevisionID = &m.RevisionID
	}
	return l, nil
}

// ordre keeps the messages about one client of the partner directory in their order: a deactivation must not
// arrive before the creation.
func ordre(m depot.Message) string {
	if c, ok := m.Charge.(depot.ChargePartenaire); ok {
		return "partenaire:" + c.ClientID
	}
	return ""
}
