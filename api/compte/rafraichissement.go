package compte

import (
	"context"
	"fmt"
	"time"

	"apilos/api/fault"
	"apilos/api/securite"

	"github.com/google/uuid"
)

// Demande is a renewal: the cookie, and the habilitation the tab works under.
type Demande struct {
	Jeton string
	// HabilitationID names a habilitation of the session without changing its default, so that two tabs may
	// work under two of them; 0 means the default.
	HabilitationID int64
	Appel          Appel
}

// Acces is what a tab gets from a renewal.
type Acces struct {
	AccessToken string
	ExpireLe    time.Time
	// Jeton is the refresh token to keep from now on; empty means that the browser already has a later one.
	Jeton           string
	SessionExpireLe time.Time
}

// Rafraichir renews the access token and rotates the refresh token (05 C.3). It asks SIAP for the
// habilitations when they were read more than 15 minutes ago (PE-15).
//
// 401: unknown or expired token, session ended, habilitation of the session withdrawn in SIAP (the session
// is then ended, so that signing in again offers the others), token used again more than 30 s after it was
// replaced (somebody else has it: the session is ended and a security event written).
// 403: the habilitation asked is not one of the session's, or gives no access; nothing is changed.
func (s *Service) Rafraichir(ctx context.Context, d Demande) (Acces, error) {
	e, err := s.sessionDuJeton(ctx, d)
	if err != nil {
		return Acces{}, err
	}
	if e.aVerifier(s.maintenant()) {
		if e, err = s.reverifier(ctx, e); err != nil {
			return Acces{}, err
		}
	}
	habilitation, err := s.habilitationDuJeton(ctx, e, d)
	if err != nil {
		return Acces{}, err
	}
	jeton, err := s.tourner(ctx, e.Session.ID, d)
	if err != nil {
		return Acces{}, err
	}
	if e, err = s.relire(ctx, e.Session.ID); err != nil {
		return Acces{}, err
	}
	if e == nil {
		return Acces{}, nonAuthentifie()
	}
	acces := Acces{Jeton: jeton, SessionExpireLe: e.Session.ExpireInactiviteLe}
	acces.AccessToken, acces.ExpireLe, err = s.nouvelAcces(ctx, e, habilitation)
	return acces, err
}

// sessionDuJeton finds the open session of a refresh token that may still be used.
func (s *Service) sessionDuJeton(ctx context.Context, d Demande) (*Etat, error) {
	if !formeJeton(d.Jeton) {
		return nil, nonAuthentifie()
	}
	j, err := s.cfg.Store.Jeton(ctx, empreinte(d.Jeton))
	if err != nil {
		return nil, fmt.Errorf("read refresh token: %w", err)
	}
	if j == nil {
		return nil, nonAuthentifie()
	}
	e, err := s.relire(ctx, j.SessionID)
	if err != nil {
		return nil, err
	}
	now := s.maintenant()
	if e == nil || !e.ouverte(now) || !e.Utilisateur.EstActif {
		return nil, nonAuthentifie()
	}
	if j.reutilise(now) {
		return nil, s.punir(ctx, e, d.Appel)
	}
	return e, nil
}

// reutilise tells whether the token was replaced too long ago to be another tab of the same browser.
func (j JetonRafraichissement) reutilise(now time.Time) bool {
	return j.RemplaceLe != nil && now.Sub(*j.RemplaceLe) > graceRafraichement
}

// punir ends a session whose refresh token came back after its time: a copy of it exists.
func (s *Service) punir(ctx context.Context, e *Etat, a Appel) error {
	err := s.revoquer(ctx, e, faitReutilise, a)
	if err != nil {
		return err
	}
	s.securite(ctx, securite.JetonReutilise, securite.Refus, e.Utilisateur.ID, e.defaut(), a, "session", e.Session.ID.String())
	return nonAuthentifie()
}

// habilitationDuJeton decides which habilitation the new token names.
func (s *Service) habilitationDuJeton(ctx context.Context, e *Etat, d Demande) (int64, error) {
	now := s.maintenant()
	voulue := d.HabilitationID
	if voulue == 0 {
		voulue = e.defaut()
	}
	if voulue == 0 { // an account with rights of its own
		return 0, nil
	}
	h, ok := trouver(e.Habilitations, voulue)
	switch {
	case (!ok || !h.utilisable(now)) && voulue == e.defaut():
		if err := s.revoquer(ctx, e, faitRetrait, d.Appel); err != nil {
			return 0, err
		}
		s.securite(ctx, securite.Retrait, securite.Refus, e.Utilisateur.ID, voulue, d.Appel, "session", e.Session.ID.String())
		return 0, habilitationRetiree()
	case !ok:
		s.securite(ctx, securite.Habilitation, securite.Refus, e.Utilisateur.ID, voulue, d.Appel)
		return 0, habilitationInvalide()
	case !h.utilisable(now):
		return 0, h.erreur(now)
	case !h.prete(now):
		return voulue, s.activer(ctx, e, voulue, false, d.Appel)
	}
	return voulue, nil
}

// tourner replaces the refresh token and prolongs the session. It returns the token to keep, or "" when
// the browser already got a later one.
func (s *Service) tourner(ctx context.Context, sid uuid.UUID, d Demande) (string, error) {
	var suivant string
	var reutilise bool
	err := s.cfg.Store.InTx(ctx, func(ctx context.Context) error {
		suivant, reutilise = "", false
		now := s.maintenant()
		e, err := s.cfg.Store.VerrouillerEtat(ctx, sid) // two tabs come one after the other from here
		if err != nil {
			return fmt.Errorf("lock session: %w", err)
		}
		if e == nil || !e.ouverte(now) {
			return nonAuthentifie()
		}
		j, err := s.cfg.Store.VerrouillerJeton(ctx, empreinte(d.Jeton))
		if err != nil {
			return fmt.Errorf("lock refresh token: %w", err)
		}
		switch {
		case j == nil:
			return nonAuthentifie()
		case j.reutilise(now):
			reutilise = true
			return nil
		case j.RemplaceLe != nil:
			suivant, err = s.dejaTourne(ctx, d.Jeton)
		default:
			suivant, err = s.remplacerJeton(ctx, *j, d.Jeton, now)
		}
		if err != nil {
			return err
		}
		fin := premierInstant(now.Add(s.cfg.Inactivite), e.Session.ExpireAbsolueLe)
		return s.cfg.Store.Prolonger(ctx, sid, now, fin)
	})
	if err != nil {
		return "", err
	}
	if reutilise {
		e, err := s.relire(ctx, sid)
		if err != nil {
			return "", err
		}
		return "", s.punir(ctx, e, d.Appel)
	}
	return suivant, nil
}

func (s *Service) remplacerJeton(ctx context.Context, j JetonRafraichissement, jeton string, now time.Time) (string, error) {
	suivant := s.jetonSuivant(jeton)
	if err := s.cfg.Store.RemplacerJeton(ctx, j.Empreinte, now); err != nil {
		return "", fmt.Errorf("replace refresh token: %w", err)
	}
	err := s.cfg.Store.AjouterJeton(ctx, JetonRafraichissement{Empreinte: empreinte(suivant), SessionID: j.SessionID, CreeLe: now})
	if err != nil {
		return "", fmt.Errorf("create refresh token: %w", err)
	}
	return suivant, nil
}

// dejaTourne gives a second tab the same new token as the first, as long as it is the latest one.
func (s *Service) dejaTourne(ctx context.Context, jeton string) (string, error) {
	suivant := s.jetonSuivant(jeton)
	j, err := s.cfg.Store.Jeton(ctx, empreinte(suivant))
	if err != nil {
		return "", fmt.Errorf("read refresh token: %w", err)
	}
	if j == nil || j.RemplaceLe != nil {
		return "", nil
	}
	return suivant, nil
}

// codeDe returns the code of a refusal, for the log.
func codeDe(err error) string {
	if f := fault.As(err); f != nil {
		return f.Code
	}
	return "internal"
}
