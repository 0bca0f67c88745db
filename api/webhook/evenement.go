package webhook

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"apilos/api/alert"

	"github.com/google/uuid"
)

// Types lists the events (00 decision 32).
func Types() []string {
	return []string{
		"convention.creee", "convention.statut_change", "convention.numero_attribue", "avenant.cree",
		"commentaire.cree", "commentaire.statut_change", "document.pret", "document.signe", "document.publie", RevisionPublieeType,
	}
}

// RevisionPublieeType is the event of a revision that became current.
const RevisionPublieeType = "revision.publiee"

// Objet is what an event is about.
type Objet struct {
	Type string `json:"type"`
	// UUID identifies the object: a UUID, or the 24 hexadecimal characters of a revision.
	UUID string `json:"uuid"`
	URL  string `json:"url"`
}

// Evenement is something that happened.
type Evenement struct {
	Type      string
	SurvenuLe time.Time
	Objet     Objet
	// Donnees is encoded as JSON; it must hold no secret and no more personal data than the receiver needs.
	Donnees any
	// Ordre groups the events that must arrive in order; the object itself when empty.
	Ordre string
	// RevisionID links the message to its revision, "" when there is none.
	RevisionID string
}

// corps is what is sent, and what message_sortant.charge holds.
type corps struct {
	ID        uuid.UUID       `json:"id"`
	Type      string          `json:"type"`
	SurvenuLe string          `json:"survenu_le"`
	Objet     Objet           `json:"objet"`
	Donnees   json.RawMessage `json:"donnees"`
}

// lireCorps gives the bytes to send of a stored event: always the same ones, members in the order of the
// contract (the database keeps its own).
func lireCorps(charge json.RawMessage) ([]byte, error) {
	var c corps
	if err := json.Unmarshal(charge, &c); err != nil {
		return nil, fmt.Errorf("read event: %w", err)
	}
	return json.Marshal(c)
}

// Emettre writes one message per webhook that listens, in the transaction of ctx. It costs one read when
// nobody listens.
func (s *Service) Emettre(ctx context.Context, e Evenement) error {
	if !slices.Contains(Types(), e.Type) {
		return fmt.Errorf("webhook: unknown event %q", e.Type)
	}
	abonnes, err := s.c.Store.Abonnes(ctx, e.Type)
	if err != nil || len(abonnes) == 0 {
		return err
	}
	donnees, err := json.Marshal(e.Donnees)
	if err != nil {
		return fmt.Errorf("encode event %s: %w", e.Type, err)
	}
	if e.Donnees == nil {
		donnees = []byte("{}")
	}
	contenu := corps{ID: s.c.NouvelID(), Type: e.Type, SurvenuLe: e.SurvenuLe.UTC().Format("2006-01-02T15:04:05.000Z"), Objet: e.Objet, Donnees: donnees}
	charge, err := json.Marshal(contenu)
	if err != nil {
		return fmt.Errorf("encode event %s: %w", e.Type, err)
	}
	lignes := make([]*alert.MessageSortant, 0, len(abonnes))
	for _, w := range abonnes {
		lignes = append(lignes, message(w, e, contenu.ID, charge))
	}
	if err := s.c.Messages.Ajouter(ctx, lignes...); err != nil {
		return fmt.Errorf("emit %s: %w", e.Type, err)
	}
	return nil
}

func message(w Webhook, e Evenement, id uuid.UUID, charge []byte) *alert.MessageSortant {
	ordre := e.Ordre
	if ordre == "" {
		ordre = e.Objet.Type + ":" + e.Objet.UUID
	}
	numero := strconv.FormatInt(w.ID, 10)
	m := &alert.MessageSortant{
		Canal: alert.CanalWebhook, Type: e.Type, Destinataire: w.UUID.String(), CleUnicite: "webhook:" + numero + ":" + id.String(),
		Charge: charge, WebhookID: &w.ID, CleOrdre: "webhook:" + numero + ":" + ordre,
	}
	if e.RevisionID != "" {
		m.RevisionID = &e.RevisionID
	}
	return m
}
