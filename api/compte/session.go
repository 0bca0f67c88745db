package compte

import (
	"context"
	"encoding/json"
	"fmt"

	"apilos/api/auth"
	"apilos/api/fault"
	"apilos/api/securite"

	"github.com/google/uuid"
)

// revoquer ends a session, once, with its line in the journal. fait says why.
func (s *Service) revoquer(ctx context.Context, e *Etat, fait string, a Appel) error {
	err := s.cfg.Store.InTx(ctx, func(ctx context.Context) error {
		ok, err := s.cfg.Store.Revoquer(ctx, e.Session.ID, s.maintenant())
		if err != nil {
			return fmt.Errorf("end session: %w", err)
		}
		if !ok {
			return nil
		}
		return s.journaliser(ctx, e, fait, e.defaut(), a, nil)
	})
	s.cache.oublier(e.Session.ID.String())
	return err
}

// SessionOuverte tells whether a refresh token opens a session, without renewing anything: a person who
// is already signed in does not need CERBERE.
func (s *Service) SessionOuverte(ctx context.Context, jeton string) (bool, error) {
	e, err := s.sessionVivante(ctx, jeton)
	return e != nil, err
}

func (s *Service) sessionVivante(ctx context.Context, jeton string) (*Etat, error) {
	if !formeJeton(jeton) {
		return nil, nil
	}
	j, err := s.cfg.Store.Jeton(ctx, empreinte(jeton))
	if err != nil {
		return nil, fmt.Errorf("read refresh token: %w", err)
	}
	now := s.maintenant()
	if j == nil || j.reutilise(now) {
		return nil, nil
	}
	e, err := s.relire(ctx, j.SessionID)
	if err != nil || e == nil || !e.ouverte(now) || !e.Utilisateur.EstActif {
		return nil, err
	}
	return e, nil
}

// Fermer ends the session of a refresh token. A token that opens nothing is not an error: the person is
// signed out, which is what was wanted.
func (s *Service) Fermer(ctx context.Context, jeton string, a Appel) error {
	e, err := s.sessionVivante(ctx, jeton)
	if err != nil || e == nil {
		return err
	}
	if err := s.revoquer(ctx, e, faitFermeture, a); err != nil {
		return err
	}
	s.securite(ctx, securite.Fermeture, securite.OK, e.Utilisateur.ID, e.defaut(), a)
	return nil
}

// FermerParTickets ends the sessions opened with these CAS tickets (single logout, 05 C.1) and returns how
// many there were.
func (s *Service) FermerParTickets(ctx context.Context, tickets []string, a Appel) (int, error) {
	fermees := 0
	for _, t := range tickets {
		var row *Session
		err := s.cfg.Store.InTx(ctx, func(ctx context.Context) (err error) {
			if row, err = s.cfg.Store.RevoquerParTicket(ctx, empreinte(t), s.maintenant()); err != nil || row == nil {
				return err
			}
			e := &Etat{Session: *row, Utilisateur: Utilisateur{ID: row.UtilisateurID}}
			return s.journaliser(ctx, e, faitDeconnexion, e.defaut(), a, nil)
		})
		if err != nil {
			return fermees, fmt.Errorf("end the session of a ticket: %w", err)
		}
		if row == nil {
			continue
		}
		fermees++
		s.cache.oublier(row.ID.String())
		s.securite(ctx, securite.DeconnexionCAS, securite.OK, row.UtilisateurID, 0, a)
	}
	return fermees, nil
}

// Sessions lists the open sessions of the caller, newest first.
func (s *Service) Sessions(ctx context.Context, p auth.Principal) ([]Session, error) {
	rows, err := s.cfg.Store.SessionsOuvertes(ctx, p.UtilisateurID, s.maintenant())
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	return rows, nil
}

// FermerSession ends one of the caller's own sessions, the current one included. Anything else, another
// person's session too, is not found.
func (s *Service) FermerSession(ctx context.Context, p auth.Principal, id uuid.UUID, a Appel) error {
	a = a.par(p)
	e, err := s.relire(ctx, id)
	if err != nil {
		return err
	}
	if e == nil || e.Utilisateur.ID != p.UtilisateurID || e.Session.DetournementID != nil || !e.ouverte(s.maintenant()) {
		return fault.Introuvable("Cette session")
	}
	if err := s.revoquer(ctx, e, faitRevocation, a); err != nil {
		return err
	}
	s.securite(ctx, securite.Revocation, securite.OK, p.UtilisateurID, p.HabilitationID, a, "session", id.String())
	return nil
}

// ChangerHabilitation makes another habilitation the active one of the session (05 C.4), after asking
// SIAP again (PE-15). The access token in use keeps the rights of the former one: a new token must be asked.
// 403 for a habilitation that is not the person's, or gives no access; the current one is then kept.
func (s *Service) ChangerHabilitation(ctx context.Context, p auth.Principal, habilitationID int64, a Appel) error {
	a = a.par(p)
	id, err := uuid.Parse(p.SessionID)
	if err != nil {
		return nonAuthentifie()
	}
	e, err := s.relire(ctx, id)
	if err != nil {
		return err
	}
	if e == nil || !e.ouverte(s.maintenant()) {
		return nonAuthentifie()
	}
	if e.login() != "" {
		if e, err = s.reverifier(ctx, e); err != nil {
			return err
		}
	}
	if err := s.activer(ctx, e, habilitationID, true, a); err != nil {
		if fault.Is(err, fault.Forbidden) {
			s.securite(ctx, securite.Habilitation, securite.Refus, p.UtilisateurID, habilitationID, a, "code", codeDe(err))
		}
		return err
	}
	s.cache.oublier(p.SessionID)
	s.securite(ctx, securite.Habilitation, securite.OK, p.UtilisateurID, habilitationID, a, "avant", p.HabilitationID)
	return nil
}

// OuvrirSessionSimulee opens a session for a local account without CERBERE, habilitations still coming from
// SIAP. It serves MOCK_CERBERE_USER_ID, which the settings refuse outside development and test.
func (s *Service) OuvrirSessionSimulee(ctx context.Context, utilisateurID int64, habilitationID int64, a Appel) (Ouverte, error) {
	u, err := s.cfg.Store.Utilisateur(ctx, utilisateurID)
	if err != nil {
		return Ouverte{}, fmt.Errorf("read the simulated account: %w", err)
	}
	if u == nil || !u.EstActif {
		return Ouverte{}, compteDesactive()
	}
	return s.ouvrirPour(ctx, *u, Ouverture{HabilitationID: habilitationID, Appel: a})
}

// VerifierUtilisateurSimule fails when the account of MOCK_CERBERE_USER_ID does not exist: the program must
// then not start.
func (s *Service) VerifierUtilisateurSimule(ctx context.Context, utilisateurID int64) error {
	u, err := s.cfg.Store.Utilisateur(ctx, utilisateurID)
	if err != nil {
		return fmt.Errorf("read the simulated account: %w", err)
	}
	if u == nil || !u.EstActif {
		return fmt.Errorf("MOCK_CERBERE_USER_ID=%d : aucun compte actif ne porte cet identifiant", utilisateurID)
	}
	return nil
}

// EncoderHabilitations and DecoderHabilitations are the stored form of a list of habilitations.
func EncoderHabilitations(habs []Habilitation) (json.RawMessage, error) {
	if habs == nil {
		habs = []Habilitation{}
	}
	return json.Marshal(habs)
}

// DecoderHabilitations reads what EncoderHabilitations wrote.
func DecoderHabilitations(raw json.RawMessage) ([]Habilitation, error) {
	var habs []Habilitation
	if len(raw) == 0 {
		return nil, nil
	}
	if err := json.Unmarshal(raw, &habs); err != nil {
		return nil, fmt.Errorf("read stored habilitations: %w", err)
	}
	return habs, nil
}
