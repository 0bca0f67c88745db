package webhook

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"apilos/api/alert"
	"apilos/api/auth"
	"apilos/api/event"
	"apilos/api/fault"
	"apilos/api/sceau"

	"github.com/google/uuid"
)

// UsageSceau is the use under which secrets are sealed.
const UsageSceau = "webhook"

// Limits of what one event can cost: webhooks of the staff together, and of one client.
const (
	maxWebhooks       = 100
	maxWebhooksClient = 10
)

const longueurDescription = 200

// Messages writes rows of message_sortant and has them delivered (alert.Service).
type Messages interface {
	Ajouter(ctx context.Context, lignes ...*alert.MessageSortant) error
	Relancer(ctx context.Context, m *alert.MessageSortant) error
}

// Clients says who an API client is now; ok is false when it is revoked, expired or gone.
type Clients interface {
	Principal(ctx context.Context, clientID int64) (p auth.Principal, ok bool, err error)
}

// Config is what New needs; every member but Clients and Prive is required.
type Config struct {
	Store    Store
	Messages Messages
	// Clients is nil in a program where no API client exists: webhooks of clients then receive nothing.
	Clients  Clients
	Sceau    *sceau.Sceau // made for UsageSceau
	Horloge  func() time.Time
	NouvelID func() uuid.UUID
	// Prive lets addresses of this machine and http in: development only.
	Prive bool
}

// Service registers webhooks and emits events.
type Service struct{ c Config }

// New returns the service, or an error when a dependency is missing.
func New(c Config) (*Service, error) {
	if c.Store == nil || c.Messages == nil || c.Sceau == nil || c.Horloge == nil || c.NouvelID == nil {
		return nil, errors.New("webhook: a dependency is missing")
	}
	return &Service{c}, nil
}

func (s *Service) maintenant() time.Time { return s.c.Horloge().UTC().Truncate(time.Microsecond) }

// Reglage is what is chosen of a webhook; nil members do not change.
type Reglage struct {
	URL         *string
	Evenements  []string
	Description *string
	Actif       *bool
}

// equipe tells whether p is of the staff, who alone knows of the staff's webhooks.
func equipe(p auth.Principal) bool { return p.Client == nil && (p.Staff || p.Superuser) }

// gerant tells whose webhooks p manages: those of the staff (nil), or of the client that it is. Nobody else knows of
// webhooks, nor a client of those of another one.
func gerant(p auth.Principal) (clientID *int64, ok bool) {
	if p.Client != nil {
		return &p.Client.ID, p.Client.A(auth.WebhooksGerer)
	}
	return nil, equipe(p)
}

// reserve lets in those who manage webhooks, and may write when ecrire is true.
func reserve(p auth.Principal, ecrire bool) error {
	if _, ok := gerant(p); !ok || (ecrire && p.EnLecture()) {
		return fault.PermissionRefusee()
	}
	return nil
}

// Lister lists the webhooks that p manages, newest first. Errors: PERMISSION_REFUSEE.
func (s *Service) Lister(ctx context.Context, p auth.Principal, decalage, limite int) ([]Webhook, int, error) {
	if err := reserve(p, false); err != nil {
		return nil, 0, err
	}
	client, _ := gerant(p)
	return s.c.Store.Lister(ctx, client, decalage, limite)
}

// Lire returns a webhook that p manages. Errors: not found, also for those who may know of none.
func (s *Service) Lire(ctx context.Context, p auth.Principal, id uuid.UUID) (*Webhook, error) {
	inconnu := fault.New(fault.NotFound, "introuvable", "Ce webhook n’existe pas. Il a peut-être été supprimé.")
	client, ok := gerant(p)
	if !ok {
		return nil, inconnu
	}
	w, err := s.c.Store.ParUUID(ctx, id)
	if err != nil {
		return nil, err
	}
	if w == nil || !memeClient(w.JetonApiID, client) {
		return nil, inconnu
	}
	return w, nil
}

func memeClient(a, b *int64) bool {
	return a == nil && b == nil || a != nil && b != nil && *a == *b
}

// pourEcrire is Lire for somebody who is about to write.
func (s *Service) pourEcrire(ctx context.Context, p auth.Principal, id uuid.UUID) (*Webhook, error) {
	w, err := s.Lire(ctx, p, id)
	if err != nil {
		return nil, err
	}
	return w, reserve(p, true)
}

// Creer registers a webhook and returns its secret, which is never shown again. Errors: PERMISSION_REFUSEE,
// webhook_invalide, WEBHOOKS_TROP_NOMBREUX.
func (s *Service) Creer(ctx context.Context, p auth.Principal, r Reglage) (*Webhook, string, error) {
	if err := reserve(p, true); err != nil {
		return nil, "", err
	}
	le := s.maintenant()
	client, _ := gerant(p)
	w := &Webhook{UUID: s.c.NouvelID(), JetonApiID: client, Actif: true, Version: 1, CreeLe: le, MisAJourLe: le}
	if p.UtilisateurID != 0 {
		w.CreeParID = &p.UtilisateurID
	}
	if r.URL == nil {
		r.URL = new(string)
	}
	if r.Evenements == nil {
		r.Evenements = []string{}
	}
	if err := s.appliquer(p, w, r); err != nil {
		return nil, "", err
	}
	secret := nouveauSecret()
	w.SecretChiffre = s.c.Sceau.Sceller([]byte(secret), w.UUID.String())
	err := s.c.Store.InTx(ctx, func(ctx context.Context) error {
		_, total, err := s.c.Store.Lister(ctx, client, 0, 1)
		if err != nil {
			return err
		}
		if total >= maxWebhooks || client != nil && total >= maxWebhooksClient {
			return fault.Newf(fault.Conflict, "WEBHOOKS_TROP_NOMBREUX", "Il y a déjà %d webhooks. Supprimez ceux qui ne servent plus.", total)
		}
		if err := s.c.Store.Inserer(ctx, w); err != nil {
			return err
		}
		return s.journaliser(ctx, p, event.Ajout, "webhook.creer", w, nil)
	})
	if err != nil {
		return nil, "", err
	}
	return w, secret, nil
}

// Modifier changes a webhook. Errors: PERMISSION_REFUSEE, not found, webhook_invalide, VERSION_PERIMEE.
func (s *Service) Modifier(ctx context.Context, p auth.Principal, id uuid.UUID, version int, r Reglage) (*Webhook, error) {
	return s.changer(ctx, p, id, version, "webhook.modifier", func(w *Webhook) error { return s.appliquer(p, w, r) })
}

// RenouvelerSecret replaces the secret: the old one is of no use from then on. Errors: as Modifier.
func (s *Service) RenouvelerSecret(ctx context.Context, p auth.Principal, id uuid.UUID, version int) (*Webhook, string, error) {
	secret := nouveauSecret()
	w, err := s.changer(ctx, p, id, version, "webhook.secret", func(w *Webhook) error {
		w.SecretChiffre = s.c.Sceau.Sceller([]byte(secret), w.UUID.String())
		return nil
	})
	if err != nil {
		return nil, "", err
	}
	return w, secret, nil
}

func (s *Service) changer(ctx context.Context, p auth.Principal, id uuid.UUID, version int, commande string, fn func(*Webhook) error) (*Webhook, error) {
	var out *Webhook
	err := s.c.Store.InTx(ctx, func(ctx context.Context) error {
		w, err := s.pourEcrire(ctx, p, id)
		if err != nil {
			return err
		}
		if w.Version != version {
			return perimee(w)
		}
		avant := *w
		if err := fn(w); err != nil {
			return err
		}
		w.MisAJourLe = s.maintenant()
		ok, err := s.c.Store.Modifier(ctx, w, version)
		if err != nil {
			return err
		}
		if !ok {
			return perimee(w)
		}
		out = w
		return s.journaliser(ctx, p, event.Modification, commande, w, &avant)
	})
	return out, err
}

func perimee(w *Webhook) error {
	return fault.New(fault.Stale, "VERSION_PERIMEE", "Ce webhook a été modifié entre-temps. Relisez-le avant de recommencer.").With("version", w.Version)
}

// Supprimer deletes a webhook as it was read; what waited to be sent to it is not. Errors: PERMISSION_REFUSEE, not
// found, VERSION_PERIMEE.
func (s *Service) Supprimer(ctx context.Context, p auth.Principal, id uuid.UUID, version int) error {
	return s.c.Store.InTx(ctx, func(ctx context.Context) error {
		w, err := s.pourEcrire(ctx, p, id)
		if err != nil {
			return err
		}
		if w.Version != version {
			return perimee(w)
		}
		if err := s.c.Store.Supprimer(ctx, w.ID); err != nil {
			return err
		}
		return s.journaliser(ctx, p, event.Retrait, "webhook.supprimer", w, w)
	})
}

// appliquer checks what p wrote, all of it at once, and changes w.
func (s *Service) appliquer(p auth.Principal, w *Webhook, r Reglage) error {
	var fautes []fault.Field
	refuser := func(champ, code, detail string) {
		fautes = append(fautes, fault.Field{Pointer: "/" + champ, Code: code, Detail: detail})
	}
	if r.URL != nil {
		w.URL = strings.TrimSpace(*r.URL)
		if motif := verifierURL(w.URL, s.c.Prive); motif != "" {
			refuser("url", "url_invalide", motif)
		}
	}
	if r.Evenements != nil {
		w.Evenements = distincts(r.Evenements)
		if len(w.Evenements) == 0 {
			refuser("evenements", "obligatoire", "Choisissez au moins un événement.")
		}
		for _, e := range w.Evenements {
			if !slices.Contains(Types(), e) {
				refuser("evenements", "bad_choice", "L’événement « "+couper(e, 60)+" » n’existe pas.")
			} else if portee := porteeDe(e); p.Client != nil && portee != "" && !p.Client.A(portee) {
				refuser("evenements", "PORTEE_MANQUANTE", "L’événement « "+e+" » demande la portée « "+string(portee)+" ».")
			}
		}
	}
	if r.Description != nil {
		if w.Description = strings.TrimSpace(*r.Description); utf8.RuneCountInString(w.Description) > longueurDescription {
			refuser("description", "trop_long", fmt.Sprintf("%d caractères au plus.", longueurDescription))
		}
	}
	if r.Actif != nil {
		w.Actif = *r.Actif
	}
	if len(fautes) > 0 {
		return fault.New(fault.Invalid, "webhook_invalide", "Ce webhook ne peut pas être enregistré. Corrigez les champs indiqués.").WithFields(fautes...)
	}
	return nil
}

func distincts(liste []string) []string {
	out := make([]string, 0, len(liste))
	for _, e := range liste {
		if e = strings.TrimSpace(e); !slices.Contains(out, e) {
			out = append(out, e)
		}
	}
	return out
}

// journaliser never writes the secret.
func (s *Service) journaliser(ctx context.Context, p auth.Principal, action, commande string, w, avant *Webhook) error {
	j := event.Journal{NomTable: w.TableName(), LigneID: &w.ID, ObjetUUID: &w.UUID, Action: action, Commande: commande, CreeLe: s.maintenant()}
	var err error
	if avant != nil {
		if j.Avant, err = json.Marshal(trace(avant)); err != nil {
			return err
		}
	}
	if action != event.Retrait {
		if j.Apres, err = json.Marshal(trace(w)); err != nil {
			return err
		}
	}
	j.Signer(p)
	return s.c.Store.Journaliser(ctx, j)
}

func trace(w *Webhook) map[string]any {
	return map[string]any{"url": w.URL, "evenements": []string(w.Evenements), "description": w.Description, "actif": w.Actif, "version": w.Version}
}
