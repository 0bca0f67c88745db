package compte

import "context"

// Fields of a habilitation whose codes are listed in 05 B.5.
const (
	champRole   = "habilitation.groupe.codeRole"
	champProfil = "habilitation.groupe.profil.code"
)

// signalerInconnue has a code of SIAP that the platform does not know noted for the staff. It never fails what the
// person is doing.
func (s *Service) signalerInconnue(ctx context.Context, champ, code string) {
	if s.cfg.ValeurInconnue == nil {
		return
	}
	if err := s.cfg.ValeurInconnue(ctx, champ, lisible(code, 60)); err != nil {
		s.cfg.Journal.WarnContext(ctx, "code inconnu du SIAP non noté", "champ", champ, "error", err.Error())
	}
}
