package compte

import (
	"context"
	"fmt"
	"slices"

	"apilos/api/auth"
	"apilos/api/siap"

	"github.com/google/uuid"
)

// SirensMorales lists the SIREN of the valid habilitations of legal persons of p that have no région or that one,
// whatever the habilitation he acts under (02 PE-40). Nobody without a session has any.
func (s *Service) SirensMorales(ctx context.Context, p auth.Principal, region string) ([]string, error) {
	id, err := uuid.Parse(p.SessionID)
	if err != nil {
		return nil, nil //nolint:nilerr // an API client or a batch has no session, hence no habilitation
	}
	e, err := s.etat(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("habilitations of the session: %w", err)
	}
	if e == nil {
		return nil, nil
	}
	var sirens []string
	now := s.maintenant()
	for _, h := range e.Habilitations {
		if h.Profil == string(siap.MOPersMorale) && h.utilisable(now) && (h.Region == "" || h.Region == region) &&
			h.Entite.Type == siap.EntiteBailleur && h.Entite.Pivot != "" && !slices.Contains(sirens, h.Entite.Pivot) {
			sirens = append(sirens, h.Entite.Pivot)
		}
	}
	return sirens, nil
}
