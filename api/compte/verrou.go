package compte

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"apilos/api/fault"
	"apilos/api/securite"
)

// Figures of 05 C.6 that are not settings.
const (
	defautEchecs = 5
	defautVerrou = 6 * time.Hour

	// echecsCompte is how many failures of one account, from anywhere, begin to slow the attempts down; pauseCompte is
	// the first wait, doubled at each failure up to maxPauseCompte. An outsider can slow an account down, never lock
	// its owner out for hours.
	echecsCompte   = 20
	pauseCompte    = 5 * time.Second
	maxPauseCompte = 15 * time.Minute

	maxCompte = 254 // length of the column compte
)

// toutesAdresses is the address of the row that counts the failures of an account from anywhere.
const toutesAdresses = ""

// storeTentative counts failures of sign-in.
type storeTentative interface {
	// VerrouillerTentatives returns the rows of an account for one address and for all of them, created empty when
	// there are none, locked until the end of the transaction and always in the same order.
	VerrouillerTentatives(ctx context.Context, compte, ip string, le time.Time) (paire, total *TentativeConnexion, err error)
	EcrireTentative(ctx context.Context, t TentativeConnexion) error
	// OublierTentatives deletes the row of one address, or all of them with ip "".
	OublierTentatives(ctx context.Context, compte, ip string) (int, error)
	// PurgerTentatives deletes the rows whose last failure and lock are past.
	PurgerTentatives(ctx context.Context, avant, le time.Time) error
}

// engager counts an attempt as a failure before the password is looked at, so that attempts made together are counted
// exactly; acquitter takes it back. It fails with account_locked when the attempt may not be made, and then counts
// nothing: waiting is enough.
func (s *Service) engager(ctx context.Context, compte string, utilisateur int64, a Appel) error {
	var attente time.Duration
	var verrouille bool
	err := s.cfg.Store.InTx(ctx, func(ctx context.Context) error {
		now := s.maintenant()
		paire, total, err := s.cfg.Store.VerrouillerTentatives(ctx, compte, a.Adresse, now)
		if err != nil {
			return err
		}
		if attente = max(paire.attente(now), total.attente(now)); attente > 0 {
			return nil
		}
		paire.compter(now, s.cfg.DureeVerrou)
		total.compter(now, s.cfg.DureeVerrou)
		if verrouille = paire.Echecs >= s.cfg.EchecsMax; verrouille {
			paire.bloquer(now, s.cfg.DureeVerrou)
		}
		if total.Echecs >= echecsCompte {
			total.bloquer(now, pauseApres(total.Echecs))
		}
		if err := s.cfg.Store.EcrireTentative(ctx, *paire); err != nil {
			return err
		}
		return s.cfg.Store.EcrireTentative(ctx, *total)
	})
	if err != nil {
		return fmt.Errorf("count an attempt: %w", err)
	}
	if attente > 0 {
		s.securite(ctx, securite.Verrouillage, securite.Refus, utilisateur, 0, a)
		return compteVerrouille(attente)
	}
	if verrouille {
		s.securite(ctx, securite.Verrouillage, securite.Verrou, utilisateur, 0, a)
	}
	return nil
}

// acquitter forgets the failures of this address: the password was right. Those made from elsewhere stay counted but
// for the attempt itself, so that a success does not give an outsider new tries.
func (s *Service) acquitter(ctx context.Context, compte string, a Appel) error {
	err := s.cfg.Store.InTx(ctx, func(ctx context.Context) error {
		now := s.maintenant()
		_, total, err := s.cfg.Store.VerrouillerTentatives(ctx, compte, a.Adresse, now)
		if err != nil {
			return err
		}
		total.Echecs, total.BloqueJusquA = max(0, total.Echecs-1), nil
		if err := s.cfg.Store.EcrireTentative(ctx, *total); err != nil {
			return err
		}
		_, err = s.cfg.Store.OublierTentatives(ctx, compte, a.Adresse)
		return err
	})
	if err != nil {
		return fmt.Errorf("forget failures: %w", err)
	}
	return nil
}

// attente is how long the row still refuses.
func (t *TentativeConnexion) attente(now time.Time) time.Duration {
	if t.BloqueJusquA == nil || !now.Before(*t.BloqueJusquA) {
		return 0
	}
	return t.BloqueJusquA.Sub(now)
}

// compter adds a failure. Those older than the memory are forgotten, and a lock of an address that is over starts
// again from nothing.
func (t *TentativeConnexion) compter(now time.Time, memoire time.Duration) {
	if now.Sub(t.DernierEchecLe) >= memoire || (t.IP != toutesAdresses && t.BloqueJusquA != nil) {
		t.Echecs = 0
	}
	t.Echecs++
	t.DernierEchecLe, t.BloqueJusquA = now, nil
}

func (t *TentativeConnexion) bloquer(now time.Time, duree time.Duration) {
	fin := now.Add(duree)
	t.BloqueJusquA = &fin
}

// pauseApres is the wait after n failures from anywhere.
func pauseApres(n int) time.Duration {
	facteur := math.Pow(2, float64(min(n-echecsCompte, 20)))
	return min(maxPauseCompte, time.Duration(facteur*float64(pauseCompte)))
}

// cleTentative names an account in the count of failures: one name for the two identifiers of an account that
// exists, a digest for anything else. People do type their password in the wrong field: it must not be kept.
func cleTentative(u *Utilisateur, identifiant string) string {
	if u == nil {
		return "?" + empreinte(strings.ToLower(identifiant))
	}
	cle := []rune(strings.ToLower(u.Username))
	return string(cle[:min(len(cle), maxCompte)])
}

func compteVerrouille(attente time.Duration) *fault.Error {
	return fault.New(fault.RateLimited, CodeCompteVerrouille,
		"Trop de tentatives ont échoué : la connexion est bloquée pour un moment. Patientez, ou réinitialisez votre mot de passe.").
		With("retry_after", max(1, int(math.Ceil(attente.Seconds()))))
}
