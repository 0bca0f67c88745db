package convention

import (
	"context"

	"apilos/api/auth"
	"apilos/api/fault"
	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// LotResume is a lot with its totals, for lists.
type LotResume struct {
	UUID             uuid.UUID
	ConventionID     int64
	Financement      Financement
	TypeHabitat      TypeHabitat
	NbLogements      *int
	MontantPrets     decimal.Decimal
	NbStationnements int
}

// LotsDes returns the lots of conventions that a list has just given, by convention; one statement. Those
// out of the perimeter of p are left out.
func (s *Service) LotsDes(ctx context.Context, p auth.Principal, conventionIDs []int64) (map[int64][]LotResume, error) {
	if !p.Peut(auth.ViewConvention) {
		return nil, fault.PermissionRefusee()
	}
	lots, err := s.store.LotsDes(ctx, p, conventionIDs)
	if err != nil {
		return nil, err
	}
	out := map[int64][]LotResume{}
	for _, l := range lots {
		out[l.ConventionID] = append(out[l.ConventionID], l)
	}
	return out, nil
}
