package direct

import (
	"context"
	"time"

	"apilos/api/auth"

	"github.com/google/uuid"
)

// Objets of a change.
const (
	ObjetConvention = "convention"
	ObjetAvenant    = "avenant"
)

// Changement is a convention or an avenant that moved. Retrait says that it left the perimeter of the reader, or was
// deleted: Version and Statut are then empty.
type Changement struct {
	Objet   string
	UUID    uuid.UUID
	Version int
	Statut  string
	Rang    int64 // in the feed of changes (05 E.3, modifie_depuis)
	Retrait bool
}

// Message is what a subscriber receives: a change, or the order to read everything again when ToutRelire is true.
// Repere, given back at the next connection, replays what follows it.
type Message struct {
	Changement Changement
	ToutRelire bool
	Repere     int64
}

// Motif says why a subscription ended.
type Motif string

// Reasons why a subscription ends.
const (
	MotifDroits       Motif = "droits"       // session closed, rights changed: come back with a new token
	MotifReprise      Motif = "reprise"      // something may have been missed: come back with the last identifier
	MotifLent         Motif = "lent"         // the subscriber does not read
	MotifLimite       Motif = "limite"       // the person has opened too many others since
	MotifArret        Motif = "arret"        // the program stops
	MotifIndisponible Motif = "indisponible" // the database is not listened to now
)

// Avis is what the database tells. Exactly one field is set.
type Avis struct {
	RacineID      int64
	Tout          bool
	SessionID     string
	UtilisateurID int64
}

// Lecteur reads what changed.
type Lecteur interface {
	// Perimetre identifies what p sees: two principals with the same answer see the same conventions.
	Perimetre(p auth.Principal) string
	// Changements reads, for each principal, the members of the families that it sees, and those that it lost since the
	// rank depuis. Repere is the rank below which everything was committed when it read.
	Changements(ctx context.Context, publics []auth.Principal, racines []int64, depuis int64) (lus [][]Changement, repere int64, err error)
	// Depuis reads what p would have been told since a rank. Entier is false when there was more than limite.
	Depuis(ctx context.Context, p auth.Principal, rang int64, limite int) (lus []Changement, entier bool, err error)
	// Repere is the present value of the rank below which everything is committed.
	Repere(ctx context.Context) (int64, error)
}

// Source gives what the database tells. It calls pret once it listens, then recevoir for each notice, and returns when
// the connection is lost or ctx ends.
type Source interface {
	Ecouter(ctx context.Context, pret func(), recevoir func(Avis)) error
}

// Limites bounds what subscribers cost. The zero value takes the defaults.
type Limites struct {
	ParPersonne  int           // subscriptions of one person, default 8; the oldest ends when one more comes
	ParProcessus int           // default 2000
	Tampon       int           // messages waiting for one subscriber, default 64
	Regroupement time.Duration // wait for other changes before reading, default 150 ms
	Rejeu        int           // changes replayed to whoever comes back, default 200
}

func (l Limites) completes() Limites {
	defaut := func(v *int, d int) {
		if *v == 0 {
			*v = d
		}
	}
	defaut(&l.ParPersonne, 8)
	defaut(&l.ParProcessus, 2000)
	defaut(&l.Tampon, 64)
	defaut(&l.Rejeu, 200)
	if l.Regroupement == 0 {
		l.Regroupement = 150 * time.Millisecond
	}
	return l
}
