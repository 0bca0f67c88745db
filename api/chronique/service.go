package chronique

import (
	"context"
	"time"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/event"
	"apilos/api/fichier"

	"github.com/google/uuid"
)

// Conventions reads a dossier in the perimeter of a principal (convention.Service).
type Conventions interface {
	Lire(ctx context.Context, p auth.Principal, id uuid.UUID) (*convention.Dossier, error)
}

// Store keeps the facts and reads what the rest of the platform wrote.
type Store interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	// Verrouiller locks the family of a convention that p sees, then loads it; not_found outside the perimeter.
	Verrouiller(ctx context.Context, p auth.Principal, id uuid.UUID) (*convention.Dossier, error)
	Journaliser(ctx context.Context, racineID int64, j event.Journal) error

	storeEvenement
	// Chronologie reads a page of the line of a family, the latest first, and how many elements there are. Only the
	// rows of the family that p sees count; facts come only when faits is true.
	Chronologie(ctx context.Context, p auth.Principal, racineID int64, faits bool, page Page) ([]Element, int, error)
	// Historique reads the changes of statut of a convention, and with toutes every change of it, the latest first.
	Historique(ctx context.Context, d *convention.Dossier, toutes bool, apres *Curseur, limite int) ([]Ligne, error)
}

type storeEvenement interface {
	// ConventionDeLEvenement returns the convention of a fact, uuid.Nil when there is none.
	ConventionDeLEvenement(ctx context.Context, id uuid.UUID) (uuid.UUID, error)
	// Evenements reads a page of the facts of a convention, the latest first, and how many there are.
	Evenements(ctx context.Context, conventionID int64, page Page) ([]Evenement, int, error)
	// Evenement reads a fact of a convention with its files, nil when it has none of that name.
	Evenement(ctx context.Context, conventionID int64, id uuid.UUID) (*Evenement, error)
	// Versions reads the previous versions of a fact, the latest first.
	Versions(ctx context.Context, evenementID int64) ([]Version, error)
	InsererEvenement(ctx context.Context, e *event.Evenement) error
	// ModifierEvenement writes e and keeps the version it replaces; stale when e.Version is not the one stored.
	// On return e.Version is the new one.
	ModifierEvenement(ctx context.Context, e *event.Evenement, auteur *int64) error
	// JoindreFichiers puts the files of a revision in place of those of a fact.
	JoindreFichiers(ctx context.Context, evenementID int64, revisionID string, fichiers []fichier.Fichier, auteur *int64, le time.Time) error
	// RetirerFichier archives one attached file of a fact.
	RetirerFichier(ctx context.Context, rattacheID int64, auteur *int64, le time.Time) error
	// FichierEvenement finds a file of a fact, in force or not, with the convention of the fact; nil when there is none.
	FichierEvenement(ctx context.Context, document uuid.UUID) (*fichier.Fichier, uuid.UUID, error)
}

// Page is the page asked for, from 1.
type Page struct{ Page, ParPage int }

// Service holds the use cases.
type Service struct {
	store       Store
	conventions Conventions
	horloge     func() time.Time
}

// NewService returns the service.
func NewService(store Store, conventions Conventions, horloge func() time.Time) *Service {
	return &Service{store: store, conventions: conventions, horloge: horloge}
}

func (s *Service) maintenant() (time.Time, date.Date) {
	le := s.horloge().UTC().Truncate(time.Microsecond)
	return le, date.InParis(le)
}

// service tells whether p is on the side that keeps the journal de bord (JO-12).
func service(p auth.Principal) bool { return p.CoteInstructeur() || p.Superuser || p.Staff }
