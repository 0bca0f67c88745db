package convention

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"time"

	"apilos/api/auth"
	"apilos/api/event"

	"github.com/google/uuid"
)

// ConventionCreee records T01 for a root inserted in the transaction of ctx.
func (s *Service) ConventionCreee(ctx context.Context, conventionID int64, p auth.Principal, origine string) error {
	id, err := s.store.UUIDConvention(ctx, conventionID)
	if err != nil {
		return fmt.Errorf("record creation of convention %d: %w", conventionID, err)
	}
	le, _ := s.maintenant()
	return s.inscrireCreation(ctx, p, creation{id: conventionID, uuid: id, famille: conventionID, origine: origine, le: le})
}

// creation is a row that has just been inserted: at the statut PROJET by T01, or already signed by T23 (importee).
type creation struct {
	id       int64
	uuid     uuid.UUID
	importee bool
	famille  int64      // id of its root
	racine   *uuid.UUID // of an avenant, nil for a root
	origine  string
	faits    map[string]any // for the journal, beside statut and origine
	le       time.Time
}

// inscrireCreation is what follows the insertion of a convention or an avenant: history ∅→PROJET (T01) or ∅→SIGNEE (T23) with the role
// of the creator, journal of the family, announcement. No message leaves (02 §1.4).
func (s *Service) inscrireCreation(ctx context.Context, p auth.Principal, c creation) error {
	statut, code := Projet, Creer
	if c.importee {
		statut, code = Signee, Importer
	}
	h := &event.Historique{
		ConventionID: c.id, Statut: string(statut), Transition: string(code), Origine: c.origine,
		ElementsIncomplets: json.RawMessage("[]"), CreeLe: c.le,
	}
	h.Signer(p)
	if c.origine == event.OrigineSIAP {
		h.RoleTypologie = nil // created by SIAP: neither side did it (02 §1.4 T03)
	}
	if err := s.store.InsererHistorique(ctx, h); err != nil {
		return err
	}
	apres := map[string]any{"statut": statut, "origine": c.origine}
	maps.Copy(apres, c.faits)
	j, err := journal(p, event.Ajout, "convention", c.id, c.uuid, string(code), nil, apres, c.le)
	if err != nil {
		return err
	}
	if c.origine == event.OrigineLot {
		j.Mode = modeLot
	}
	if err := s.store.Journaliser(ctx, c.famille, j); err != nil {
		return err
	}
	a := Annonce{
		Type: AnnonceCreation, Le: c.le, ConventionID: c.id, ConventionUUID: c.uuid, Objet: ObjetConvention, ObjetUUID: c.uuid,
		Donnees: ConventionAnnoncee{statut, c.racine, c.origine},
	}
	if c.racine != nil {
		a.Type, a.Objet = AnnonceAvenant, ObjetAvenant
	}
	return s.annoncer(ctx, a)
}
