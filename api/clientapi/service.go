package clientapi

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"strings"
	"time"

	"apilos/api/auth"
	"apilos/api/event"
	"apilos/api/fault"

	"github.com/google/uuid"
)

// Config is what New needs; every member but Alea is required.
type Config struct {
	Store    Store
	Horloge  func() time.Time
	NouvelID func() uuid.UUID
	Journal  *slog.Logger // security log too
	Alea     io.Reader    // nil: crypto/rand
}

// Service makes clients and recognises their tokens. It is safe for concurrent use; several processes may work
// on the same database.
type Service struct {
	c       Config
	memoire *memoire
}

// New returns the service, or an error when a dependency is missing.
func New(c Config) (*Service, error) {
	if c.Store == nil || c.Horloge == nil || c.NouvelID == nil || c.Journal == nil {
		return nil, errors.New("clientapi: a dependency is missing")
	}
	if c.Alea == nil {
		c.Alea = rand.Reader
	}
	return &Service{c: c, memoire: nouvelleMemoire(c.Horloge)}, nil
}

func (s *Service) maintenant() time.Time { return s.c.Horloge().UTC().Truncate(time.Microsecond) }

// reserve lets in the staff, who may write when ecrire is true.
func reserve(p auth.Principal, ecrire bool) error {
	if p.Client != nil || !(p.Staff || p.Superuser) || (ecrire && p.EnLecture()) {
		return fault.PermissionRefusee()
	}
	return nil
}

func inconnu() *fault.Error {
	return fault.New(fault.NotFound, "introuvable", "Ce client d’API n’existe pas.")
}

// Lister lists clients, newest first. Errors: PERMISSION_REFUSEE.
func (s *Service) Lister(ctx context.Context, p auth.Principal, f Filtre) ([]Fiche, int, error) {
	if err := reserve(p, false); err != nil {
		return nil, 0, err
	}
	f.Le, f.Q = s.maintenant(), strings.TrimPrefix(f.Q, MarqueJeton)
	return s.c.Store.Lister(ctx, f)
}

// Lire returns a client. Errors: not found, also for those who may know of none.
func (s *Service) Lire(ctx context.Context, p auth.Principal, id uuid.UUID) (*Fiche, error) {
	if reserve(p, false) != nil {
		return nil, inconnu()
	}
	return s.fiche(ctx, id)
}

func (s *Service) fiche(ctx context.Context, id uuid.UUID) (*Fiche, error) {
	f, err := s.c.Store.Fiche(ctx, id)
	if err == nil && f == nil {
		return nil, inconnu()
	}
	return f, err
}

// nombreCherche is how many bailleurs or administrations a search proposes.
const nombreCherche = 10

// Chercher proposes bailleurs or administrations for a perimeter, in the whole country: the staff gives perimeters
// that its own habilitation does not see. Errors: PERMISSION_REFUSEE.
func (s *Service) Chercher(ctx context.Context, p auth.Principal, g Genre, q string) ([]Entite, error) {
	if err := reserve(p, false); err != nil {
		return nil, err
	}
	return s.c.Store.Chercher(ctx, g, q, nombreCherche)
}

// Courant returns the client that calls, for itself. Errors: PERMISSION_REFUSEE for a person.
func (s *Service) Courant(ctx context.Context, p auth.Principal) (*Fiche, error) {
	if p.Client == nil {
		return nil, fault.New(fault.Forbidden, "PERMISSION_REFUSEE", "Cette adresse décrit le client d’API qui l’appelle : utilisez le jeton d’un client.")
	}
	id, err := uuid.Parse(p.Client.UUID)
	if err != nil {
		return nil, inconnu()
	}
	return s.fiche(ctx, id)
}

// Maintenant is the instant by which the states of clients are told.
func (s *Service) Maintenant() time.Time { return s.maintenant() }

// tracer writes the journal, and the line of the security log once the transaction is committed is the caller's.
func (s *Service) tracer(ctx context.Context, p auth.Principal, action, commande string, c *Client, avant, apres []byte) error {
	j := event.Journal{
		NomTable: c.TableName(), LigneID: &c.ID, ObjetUUID: &c.UUID, Action: action, Commande: commande, Avant: avant, Apres: apres, CreeLe: s.maintenant(),
	}
	j.Signer(p)
	return s.c.Store.Journaliser(ctx, j)
}

// securite writes a line of the security log (05 D): who gave what to which client, never a token.
func (s *Service) securite(ctx context.Context, evenement string, p auth.Principal, c *Client) {
	s.c.Journal.InfoContext(ctx, "security",
		"event", evenement, "user", p.UtilisateurID, "habilitation", p.HabilitationID, "ip", p.IP, "request_id", p.RequeteID, "outcome", "ok",
		"client", c.UUID.String(), "portees", []string(c.Portees), "perimetre", string(c.Perimetre))
}
