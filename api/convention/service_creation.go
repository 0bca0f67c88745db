package convention

import (
	"context"
	"encoding/json"
	"fmt"

	"apilos/api/auth"
	"apilos/api/event"
)

// ConventionCreee records T01 for a convention inserted in the transaction of ctx: history ∅→PROJET
// with the role of the creator, and journal. No message leaves (02 §1.4).
func (s *Service) ConventionCreee(ctx context.Context, conventionID int64, p auth.Principal, origine string) error {
	id, racine, err := s.store.UUIDConvention(ctx, conventionID)
	if err != nil {
		return fmt.Errorf("record creation of convention %d: %w", conventionID, err)
	}
	le, _ := s.maintenant()
	h := &event.Historique{
		ConventionID: conventionID, Statut: string(Projet), Transition: string(Creer), Origine: origine,
		ElementsIncomplets: json.RawMessage("[]"), CreeLe: le,
	}
	h.Signer(p)
	if origine == event.OrigineSIAP {
		h.RoleTypologie = nil // created by SIAP: neither side did it (02 §1.4 T03)
	}
	if err := s.store.InsererHistorique(ctx, h); err != nil {
		return err
	}
	j, err := journal(p, event.Ajout, "convention", conventionID, id, string(Creer), nil, map[string]any{"statut": Projet, "origine": origine}, le)
	if err != nil {
		return err
	}
	if err := s.store.Journaliser(ctx, conventionID, j); err != nil {
		return err
	}
	a := Annonce{Type: AnnonceCreation, Le: le, ConventionID: conventionID, ConventionUUID: id, Objet: ObjetConvention, ObjetUUID: id}
	if racine != nil {
		a.Type, a.Objet = AnnonceAvenant, ObjetAvenant
	}
	a.Donnees = ConventionAnnoncee{Projet, racine, origine}
	return s.annoncer(ctx, a)
}
