package compte

import (
	"context"
	"errors"
	"fmt"
	"time"

	"apilos/api/securite"

	"github.com/google/uuid"
)

// reverifier asks SIAP again for the habilitations of a session and returns the session as it then is.
// When SIAP does not answer in time the session goes on with what it has: it was verified less than a
// day ago. Calls for one session that come together ask once.
func (s *Service) reverifier(ctx context.Context, e *Etat) (*Etat, error) {
	// The answer is shared with other requests: the departure of the one that came first must not spoil it.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), delaiSIAP)
	defer cancel()
	_, err, _ := s.revalide.Do(e.Session.ID.String(), func() (any, error) {
		return nil, s.verifier(ctx, e)
	})
	if err != nil {
		var injoignable *siapInjoignable
		if !errors.As(err, &injoignable) {
			return nil, err
		}
		s.cfg.Journal.WarnContext(ctx, "habilitations non revérifiées", "user", e.Utilisateur.ID, "error", err.Error())
	}
	frais, err := s.relire(context.WithoutCancel(ctx), e.Session.ID)
	if err != nil {
		return nil, err
	}
	if frais == nil || !frais.ouverte(s.maintenant()) {
		return nil, nonAuthentifie()
	}
	return frais, nil
}

// siapInjoignable says that a verification could not be made.
type siapInjoignable struct{ cause error }

func (e *siapInjoignable) Error() string { return "SIAP injoignable: " + e.cause.Error() }
func (e *siapInjoignable) Unwrap() error { return e.cause }

// verifier reads the habilitations of the person from SIAP and writes them in the session (PE-15). Those
// that were activated stay so, if SIAP still gives them; the roles of those that vanished are ended.
func (s *Service) verifier(ctx context.Context, e *Etat) error {
	recues, err := s.cfg.SIAP.RefreshHabilitations(ctx, e.login(), 0)
	if err != nil && !siapRefuse(err) {
		return &siapInjoignable{cause: err}
	}
	now := s.maintenant()
	nouvelles := s.lire(ctx, recues, e.Utilisateur.ID, now)
	var retirees []int64
	err = s.cfg.Store.InTx(ctx, func(ctx context.Context) error {
		retirees = nil
		courant, err := s.cfg.Store.VerrouillerEtat(ctx, e.Session.ID)
		if err != nil {
			return fmt.Errorf("lock session: %w", err)
		}
		if courant == nil || !courant.ouverte(now) {
			return nil
		}
		habs, err := s.reporter(ctx, courant, nouvelles, now)
		if err != nil {
			return err
		}
		retirees = disparues(courant.Habilitations, habs, now)
		if err := s.cfg.Store.FinirRoles(ctx, courant.Utilisateur.ID, retirees, now); err != nil {
			return fmt.Errorf("end roles: %w", err)
		}
		return s.cfg.Store.EcrireHabilitations(ctx, courant.Session.ID, habs, now)
	})
	if err != nil {
		return err
	}
	s.cache.oublier(e.Session.ID.String())
	for _, id := range retirees {
		s.securite(ctx, securite.Retrait, securite.Refus, e.Utilisateur.ID, id, Appel{}, "session", e.Session.ID.String())
	}
	return nil
}

// reporter activates again what the session had activated: the entity may have changed in SIAP, or its
// row here.
func (s *Service) reporter(ctx context.Context, courant *Etat, nouvelles []Habilitation, now time.Time) ([]Habilitation, error) {
	habs := append([]Habilitation(nil), nouvelles...)
	for i, h := range habs {
		if avant, ok := trouver(courant.Habilitations, h.ID); !ok || !avant.prete(now) || !h.utilisable(now) {
			continue
		}
		activee, err := s.activerEntite(ctx, courant, h, now)
		if err != nil {
			return nil, err
		}
		habs[i] = activee
	}
	return habs, nil
}

// disparues lists what could be used and no longer can.
func disparues(avant, apres []Habilitation, now time.Time) []int64 {
	var ids []int64
	for _, h := range avant {
		if n, ok := trouver(apres, h.ID); h.utilisable(now) && (!ok || !n.utilisable(now)) {
			ids = append(ids, h.ID)
		}
	}
	return ids
}

// VerifierSessions asks SIAP again for the sessions in use whose habilitations were read more than 15
// minutes ago, at most limite of them, and returns how many were done. It is meant to be run every minute
// or so by a job; a SIAP that does not answer stops it, without error.
func (s *Service) VerifierSessions(ctx context.Context, limite int) (int, error) {
	now := s.maintenant()
	ids, err := s.cfg.Store.ARevalider(ctx, now.Add(-delaiVerification), now.Add(-delaiVerification), now, limite)
	if err != nil {
		return 0, fmt.Errorf("list sessions to verify: %w", err)
	}
	for n, id := range ids {
		if err := s.verifierUne(ctx, id); err != nil {
			var injoignable *siapInjoignable
			if errors.As(err, &injoignable) {
				s.cfg.Journal.WarnContext(ctx, "habilitations non revérifiées", "error", err.Error())
				return n, nil
			}
			return n, err
		}
	}
	return len(ids), nil
}

func (s *Service) verifierUne(ctx context.Context, id uuid.UUID) error {
	e, err := s.cfg.Store.Etat(ctx, id)
	if err != nil || e == nil {
		return err
	}
	return s.verifier(ctx, e)
}

// Purger deletes ended sessions and dead one-time tokens. A session is kept 24 h after its habilitations
// were read, since they serve when SIAP does not answer (05 C.4).
func (s *Service) Purger(ctx context.Context) (int, error) {
	now := s.maintenant()
	if err := s.cfg.Store.CloreDetournements(ctx, now); err != nil { // before the sessions that tell their end go
		return 0, fmt.Errorf("end impersonations: %w", err)
	}
	if err := s.cfg.Store.PurgerTentatives(ctx, now.Add(-s.cfg.DureeVerrou), now); err != nil {
		return 0, fmt.Errorf("forget failures: %w", err)
	}
	return s.cfg.Store.PurgerSessions(ctx, now.Add(-confianceSansSIAP), now)
}
