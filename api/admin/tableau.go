package admin

import (
	"context"
	"time"

	"apilos/api/auth"
	"apilos/api/fault"
)

// Compte is a number of things with the age of the oldest.
type Compte struct {
	Nombre       int
	PlusAncienne *time.Time
}

// Messages are those of one canal that are not gone: waiting, and lost (ECHEC or ABANDON).
type Messages struct {
	Canal   string
	EnCours Compte
	Perdus  Compte
}

// Taches are the background jobs.
type Taches struct {
	EnAttente Compte // due now
	Relancees int    // failed, to be tried again
	Perdues   Compte // failed for the last time
}

// Stockage is what the platform keeps of files.
type Stockage struct {
	Fichiers int
	Octets   int64
}

// Comptes is what one look at the database gives.
type Comptes struct {
	Messages  []Messages
	Anomalies Compte // of the data of SIAP, not resolved
	Taches    Taches
	Stockage  Stockage
	// Schema is the number of the last migration; Base the size of the database in bytes.
	Schema int64
	Base   int64
}

// Service is a part of the platform and whether it answers.
type Service struct {
	Nom      string
	Repond   bool
	Remarque string // "" when all is well
}

// Tableau is the dashboard.
type Tableau struct {
	Comptes
	Services []Service
	LuLe     time.Time
}

// Store reads the numbers.
type Store interface {
	Comptes(ctx context.Context, le time.Time) (Comptes, error)
}

// Sonde asks a part of the platform how it is; it must answer by itself within a second or so.
type Sonde func(ctx context.Context) Service

// Bord is the dashboard of the staff.
type Bord struct {
	Store   Store
	Sondes  []Sonde
	Horloge func() time.Time
}

// Lire returns the dashboard. Errors: PERMISSION_REFUSEE.
func (b *Bord) Lire(ctx context.Context, p auth.Principal) (Tableau, error) {
	if !p.Staff && !p.Superuser {
		return Tableau{}, fault.PermissionRefusee()
	}
	t := Tableau{LuLe: b.Horloge().UTC()}
	var err error
	if t.Comptes, err = b.Store.Comptes(ctx, t.LuLe); err != nil {
		return t, err
	}
	for _, sonde := range b.Sondes {
		t.Services = append(t.Services, sonde(ctx))
	}
	return t, nil
}
