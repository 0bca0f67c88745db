package compte

import (
	"context"
	"fmt"

	"apilos/api/event"
	"apilos/api/fault"
)

// NomEfface replaces the name of somebody whose account was erased, in comments and lists (02 CO-16).
const NomEfface = "Utilisateur supprimé"

// Pseudonymiser erases who an account belonged to, at the request of that person: names, addresses, password, rights
// and drafts go, sessions end; the row stays under a pseudonym, so that histories keep their thread (02 CC-35, 06
// §7.8). There is no way back. COMPTE_ACTIF_EQUIPE (409) for a member of the staff: withdraw the rights first.
func (s *Service) Pseudonymiser(ctx context.Context, identifiant string, i Intervention) (Utilisateur, error) {
	var u *Utilisateur
	err := s.intervenir(ctx, i, func(ctx context.Context) (err error) {
		if u, err = s.verrouillerDesigne(ctx, identifiant); err != nil {
			return err
		}
		if u.EstStaff || u.EstSuperuser {
			return fault.New(fault.Conflict, "COMPTE_ACTIF_EQUIPE", "Ce compte a des droits d’équipe : retirez-les d’abord (revoke).")
		}
		now := s.maintenant()
		// The e-mail names the account in the command only: the journal keeps neither.
		pseudonyme := fmt.Sprintf("supprime-%d", u.ID)
		err = s.modifier(ctx, u, map[string]any{
			"username": pseudonyme, "cerbere_login": nil, "email": "", "email_secondaire": "", "prenom": "", "nom": fmt.Sprintf("%s n° %d", NomEfface, u.ID),
			"telephone": "", "mot_de_passe_hash": nil, "est_actif": false, "preferences_email": "AUCUN", "pseudonymise_le": now,
		}, now)
		if err != nil {
			return err
		}
		if err := s.cfg.Store.EffacerTraces(ctx, u.ID, NomEfface, now); err != nil {
			return fmt.Errorf("erase the traces of an account: %w", err)
		}
		closes, err := s.cfg.Store.RevoquerToutes(ctx, u.ID, "", now)
		if err != nil {
			return fmt.Errorf("end the sessions of an account: %w", err)
		}
		u.Username, u.Prenom, u.Nom, u.Email = pseudonyme, "", fmt.Sprintf("%s n° %d", NomEfface, u.ID), ""
		return s.journaliserIntervention(ctx, *u, event.Modification, "utilisateur.pseudonymisation", i, map[string]any{"sessions_closes": len(closes)})
	})
	if u == nil {
		u = &Utilisateur{}
	}
	s.noter(ctx, i, err, u.ID, "utilisateur.pseudonymisation")
	return *u, err
}
