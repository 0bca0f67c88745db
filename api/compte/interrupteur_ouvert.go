package compte

import (
	"context"

	"apilos/api/auth"
)

// Ouvert tells whether a switch is on for someone; codeEntite is the code of its administration, if any. A switch that is
// not in the table has its default, which is on for every one that is read here (02 §12).
func (s *Service) Ouvert(ctx context.Context, p auth.Principal, nom, codeEntite string) (bool, error) {
	liste, err := s.interrupteurs(ctx)
	if err != nil {
		return false, err
	}
	for _, i := range liste {
		if i.Nom == nom {
			return i.actifPour(p, codeEntite), nil
		}
	}
	return true, nil
}
