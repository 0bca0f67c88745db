package webhook

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"apilos/api/alert"
	"apilos/api/auth"

	"github.com/google/uuid"
)

// Types lists the events (00 decision 32).
func Types() []string {
	return []string{
		"convention.creee", "convention.statut_change", "convention.numero_attribue", "avenant.cree",
		"commentaire.cree", "commentaire.statut_change", "document.pret", "document.signe", "document.publie", RevisionPublieeType,
	}
}

// porteeDe is the scope without which a client does not hear of an event, "" for what is public.
func porteeDe(typ string) auth.Portee {
	if typ == RevisionPublieeType {
		return ""
	}
	return auth.ConventionsLire
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
	// Who may hear of it besides the staff: the clients that see a convention now, or every client when it is
	// Public. With neither, no client does.
	ConventionID int64
	Public       bool
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
	if abonnes, err = s.admis(ctx, e, abonnes); err != nil || len(abonnes) == 0 {
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

// admis keeps the webhooks that may hear of e: those of the staff, and those of the clients that have the scope and
// see the convention at this very moment, by the predicate that answers their requests (PE-20).
func (s *Service) admis(ctx context.Context, e Evenement, abonnes []Webhook) ([]Webhook, error) {
	vus := map[int64]bool{}
	var out []Webhook
	for _, w := range abonnes {
		if w.JetonApiID == nil {
			out = append(out, w)
			continue
		}
		voit, connu := vus[*w.JetonApiID]
		if !connu {
			var err error
			if voit, err = s.voit(ctx, *w.JetonApiID, e); err != nil {
				return nil, fmt.Errorf("perimeter of webhook %s: %w", w.UUID, err)
			}
			vus[*w.JetonApiID] = voit
		}
		if voit {
			out = append(out, w)
		}
	}
	return out, nil
}

func (s *Service) voit(ctx context.Context, clientID int64, e Evenement) (bool, error) {
	if s.c.Clients == nil || !e.Public && e.ConventionID == 0 {
		return false, nil
	}
	p, ok, err := s.c.Clients.Principal(ctx, clientID)
	if err != nil || !ok || p.Client == nil {
		return false, err
	}
	if portee := porteeDe(e.Type); portee != "" && !p.Client.A(portee) {
		return false, nil
	}
	if e.Public {
		return true, nil
	}
	return s.c.Store.Voit(ctx, p, e.ConventionID)
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
