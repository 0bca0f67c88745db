package convention

import (
	"context"
	"time"

	"apilos/api/auth"
	"apilos/api/fault"
	"github.com/google/uuid"
)

// CurseurFlux is where a reader of changes stopped. Ranks grow with the transactions that write; within a
// rank conventions come before withdrawals, then by identifier.
type CurseurFlux struct {
	Rang    int64
	Retrait bool
	ID      int64
	Total   int64 // conventions counted when the reading began: counting them at each page would cost more than reading it
}

// Retrait is a convention that the reader saw and must forget: deleted, or out of its perimeter.
type Retrait struct {
	UUID  uuid.UUID
	Motif string // SUPPRIMEE, HORS_PERIMETRE
	Le    time.Time
}

// PageFlux is a part of the changes, oldest first. Suivant is never nil: kept, it reads what comes next,
// now or in a month.
type PageFlux struct {
	Lignes   []Ligne
	Retraits []Retrait
	Total    int // when the reading began
	Suivant  CurseurFlux
	Fini     bool // nothing else for now
}

// Flux returns the conventions in the perimeter of p that match f and changed after the cursor, or since
// f.ModifieDepuis at the beginning, and those that left the perimeter meanwhile. A change is given at least
// once; one that is not committed yet, or that an older transaction still running could precede, comes with
// a later call and is never skipped.
func (s *Service) Flux(ctx context.Context, p auth.Principal, f Filtre, apres *CurseurFlux) (PageFlux, error) {
	if !p.Peut(auth.ViewConvention) {
		return PageFlux{}, fault.PermissionRefusee()
	}
	_, f.jour = s.maintenant()
	return s.store.Flux(ctx, p, f, apres)
}
