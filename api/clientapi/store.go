package clientapi

import (
	"context"
	"time"

	"apilos/api/event"

	"github.com/google/uuid"
)

// Store keeps clients. Methods that return a pointer give nil when there is no such row.
type Store interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	Journaliser(ctx context.Context, j event.Journal) error

	// ParPrefixe finds the client of a token in force, or of the one before the last rotation.
	ParPrefixe(ctx context.Context, prefixe string) (*Actrice, error)
	ParID(ctx context.Context, id int64) (*Actrice, error)
	// Utilise remembers when a client was last heard, at most once a minute whatever the number of processes.
	Utilise(ctx context.Context, id int64, le time.Time) error

	Lister(ctx context.Context, f Filtre) ([]Fiche, int, error)
	Fiche(ctx context.Context, id uuid.UUID) (*Fiche, error)
	// EnService counts the clients that are not revoked.
	EnService(ctx context.Context) (int, error)
	// Inserer adds a client with its technical account and its bailleurs, and fills its identifiers. A name that
	// another client in service has comes back as NOM_CLIENT_PRIS.
	Inserer(ctx context.Context, c *Client, bailleurs []int64) error
	// Modifier writes the columns that change after creation if the version is still version, and gives it the
	// next one; the technical account takes its name. Errors: NOM_CLIENT_PRIS.
	Modifier(ctx context.Context, c *Client, version int) (bool, error)

	RegionExiste(ctx context.Context, code string) (bool, error)
	DepartementExiste(ctx context.Context, code string) (bool, error)
	Administration(ctx context.Context, id uuid.UUID) (*Entite, error)
	// Chercher finds bailleurs (DeBailleurs) or administrations of the whole country by name or code, limite at most.
	Chercher(ctx context.Context, g Genre, q string, limite int) ([]Entite, error)
	// Bailleurs finds bailleurs, in any order; unknown ones are left out.
	Bailleurs(ctx context.Context, ids []uuid.UUID) ([]Entite, error)
}

// Filtre is a page of the list of clients, newest first.
type Filtre struct {
	Q                string // part of the name or the beginning of a prefix
	Etat             Etat   // "" means all
	Le               time.Time
	Decalage, Limite int
}
