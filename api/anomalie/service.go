package anomalie

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"apilos/api/auth"
	"apilos/api/event"
	"apilos/api/fault"
	"apilos/api/operation"

	"github.com/google/uuid"
)

// Anomalie is a row of siap_anomalie.
type Anomalie = operation.AnomalieSIAP

// Etat chooses open or resolved events.
type Etat string

// States of the filter.
const (
	Ouvertes Etat = "ouvertes"
	Resolues Etat = "resolues"
	Toutes   Etat = "toutes"
)

// Filtre narrows a list; zero members do not.
type Filtre struct {
	Etat   Etat // Ouvertes when empty
	Codes  []string
	Numero string // of the operation, separators ignored
	Texte  string // in the number, the field, the value or the message
	Depuis *time.Time
}

// Ordre is the order of a list; rows of equal rank follow from the newest.
type Ordre string

// Orders.
const (
	ParDate        Ordre = "derniere_fois"
	ParPremiere    Ordre = "premiere_fois"
	ParOccurrences Ordre = "occurrences"
	ParNumero      Ordre = "numero_operation"
)

// Tri is an order and its direction.
type Tri struct {
	Ordre       Ordre
	Decroissant bool
}

// Store keeps the events.
type Store interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	Lister(ctx context.Context, f Filtre, t Tri, decalage, limite int) ([]Anomalie, int, error)
	// Parcourir calls fn with every event of f, newest first, by portions: memory does not grow with their number.
	Parcourir(ctx context.Context, f Filtre, fn func(Anomalie) error) error
	// Lire returns an event, or nil.
	Lire(ctx context.Context, id uuid.UUID) (*Anomalie, error)
	// Verrouiller returns an event, locked, or nil.
	Verrouiller(ctx context.Context, id uuid.UUID) (*Anomalie, error)
	// Dater writes the instant of the resolution; nil opens the event again.
	Dater(ctx context.Context, id int64, resolueLe *time.Time) error
	Journaliser(ctx context.Context, j event.Journal) error
}

// Service is what the staff may do with the events.
type Service struct {
	store   Store
	horloge func() time.Time
}

// NewService returns the service.
func NewService(s Store, horloge func() time.Time) *Service { return &Service{s, horloge} }

// reserve lets in the staff, who may write when ecrire is true.
func reserve(p auth.Principal, ecrire bool) error {
	if !p.Staff && !p.Superuser || ecrire && p.EnLecture() {
		return fault.PermissionRefusee()
	}
	return nil
}

// Lister returns a page of events and their number. Errors: PERMISSION_REFUSEE.
func (s *Service) Lister(ctx context.Context, p auth.Principal, f Filtre, t Tri, decalage, limite int) ([]Anomalie, int, error) {
	if err := reserve(p, false); err != nil {
		return nil, 0, err
	}
	liste, total, err := s.store.Lister(ctx, f, t, decalage, limite)
	if err != nil {
		return nil, 0, fmt.Errorf("list anomalies: %w", err)
	}
	return liste, total, nil
}

// Autoriser tells whether p may export: the answer of Exporter has begun when it fails. Errors: PERMISSION_REFUSEE.
func (s *Service) Autoriser(p auth.Principal) error { return reserve(p, false) }

// Exporter calls fn with every event of f, newest first. Errors: PERMISSION_REFUSEE, and those of fn.
func (s *Service) Exporter(ctx context.Context, p auth.Principal, f Filtre, fn func(Anomalie) error) error {
	if err := reserve(p, false); err != nil {
		return err
	}
	if err := s.store.Parcourir(ctx, f, fn); err != nil {
		return fmt.Errorf("export anomalies: %w", err)
	}
	return nil
}

// Lire returns an event; not_found, for whoever is not of the staff too.
func (s *Service) Lire(ctx context.Context, p auth.Principal, id uuid.UUID) (Anomalie, error) {
	if reserve(p, false) != nil {
		return Anomalie{}, fault.Introuvable("Cette anomalie") // as if it did not exist
	}
	a, err := s.store.Lire(ctx, id)
	if err != nil {
		return Anomalie{}, fmt.Errorf("read anomaly: %w", err)
	}
	if a == nil {
		return Anomalie{}, fault.Introuvable("Cette anomalie")
	}
	return *a, nil
}

// Resoudre marks an event as resolved, or opens it again, as it was read in this version: one that was met again
// meanwhile is not closed unseen. Errors: PERMISSION_REFUSEE, not_found, VERSION_PERIMEE.
func (s *Service) Resoudre(ctx context.Context, p auth.Principal, id uuid.UUID, version int, resolue bool) (Anomalie, error) {
	if err := reserve(p, true); err != nil {
		return Anomalie{}, err
	}
	var out Anomalie
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		a, err := s.store.Verrouiller(ctx, id)
		if err != nil {
			return err
		}
		if a == nil {
			return fault.Introuvable("Cette anomalie")
		}
		if a.Version() != version {
			return perimee(*a)
		}
		out = *a
		if (a.ResolueLe != nil) == resolue {
			return nil
		}
		out.ResolueLe = nil
		if resolue {
			le := s.horloge().UTC().Truncate(time.Microsecond)
			out.ResolueLe = &le
		}
		if err := s.store.Dater(ctx, a.ID, out.ResolueLe); err != nil {
			return err
		}
		return s.journaliser(ctx, p, *a, out)
	})
	if err != nil {
		return Anomalie{}, fmt.Errorf("resolve anomaly: %w", err)
	}
	return out, nil
}

func perimee(a Anomalie) error {
	return fault.New(fault.Stale, "VERSION_PERIMEE", "Cette anomalie a changé entre-temps. Relisez-la avant de décider.").With("version", a.Version())
}

func (s *Service) journaliser(ctx context.Context, p auth.Principal, avant, apres Anomalie) error {
	resolution := func(a Anomalie) (json.RawMessage, error) {
		return json.Marshal(map[string]any{"numero_operation": a.NumeroOperation, "code": a.Code, "champ": a.Champ, "resolue_le": a.ResolueLe})
	}
	j := event.Journal{NomTable: "siap_anomalie", LigneID: &avant.ID, ObjetUUID: &avant.UUID, Action: event.Modification, Commande: "siap_anomalie.resoudre"}
	if apres.ResolueLe == nil {
		j.Commande = "siap_anomalie.rouvrir"
	}
	var err error
	if j.Avant, err = resolution(avant); err != nil {
		return err
	}
	if j.Apres, err = resolution(apres); err != nil {
		return err
	}
	j.Signer(p)
	return s.store.Journaliser(ctx, j)
}
