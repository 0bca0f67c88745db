package alert

import (
	"context"
	"errors"
	"fmt"
	"time"

	"apilos/api/siap"
)

// Suite says what a delivery asks of the queue.
type Suite struct {
	// Attendre: the row is not finished, come back after that; 0 when nothing is left to do.
	Attendre time.Duration
	// Perdu is why the message will never leave (ECHEC, ABANDON); "" otherwise.
	Perdu string
}

// Livrer tries to deliver a row. It may be called any number of times, by any number of workers: a
// finished row does nothing, a row held by another worker or behind an earlier one asks to wait. An
// error means that the database did not answer: the row is then as a dead worker leaves it.
func (s *Service) Livrer(ctx context.Context, id int64) (Suite, error) {
	l, err := s.cfg.Store.Ligne(ctx, id)
	if err != nil {
		return Suite{}, fmt.Errorf("message %d: %w", id, err)
	}
	if l == nil || fini(l.Etat) {
		return Suite{}, nil
	}
	if attente := s.disjoncteurOuvert(l); attente > 0 {
		return Suite{Attendre: attente}, nil
	}
	r, err := s.cfg.Store.Reclamer(ctx, id, s.maintenant(), s.cfg.Bail)
	if err != nil {
		return Suite{}, fmt.Errorf("claim message %d: %w", id, err)
	}
	if r.Ligne == nil {
		return Suite{Attendre: r.Attendre}, nil
	}
	t := &essai{s: s, l: r.Ligne, doute: r.Doute}
	if err := t.livrer(ctx); err != nil {
		return Suite{}, fmt.Errorf("message %d: %w", id, err)
	}
	return t.suite, nil
}

// disjoncteurOuvert tells how long to leave SIAP alone (AL-26): no call, no try counted. A row that is
// older than its time goes on, to be given up.
func (s *Service) disjoncteurOuvert(l *Ligne) time.Duration {
	etat := s.cfg.SIAP.State()
	if l.Canal != CanalAlerte || etat.Breaker != siap.Open || s.tropTard(l) {
		return 0
	}
	const pause = time.Minute // 02 AL-26
	reste := max(pause-s.cfg.Horloge().Sub(etat.OpenedAt), 0)
	return reste + time.Duration(float64(5*time.Second)*s.cfg.Alea()) + time.Second
}

// tropTard tells whether the 24 hours of an alert are over; it had its chance even if no worker ran.
func (s *Service) tropTard(l *Ligne) bool {
	return l.essais() > 0 && s.maintenant().Sub(l.depuis()) >= dureeAlerte
}

// essai is one try on a claimed row.
type essai struct {
	s     *Service
	l     *Ligne
	doute bool
	suite Suite
	// compte is who calls SIAP.
	compte CompteTechnique
}

func (t *essai) livrer(ctx context.Context) error {
	coupe, err := t.coupe(ctx)
	switch {
	case err != nil:
		return err
	case coupe:
		return t.conclure(ctx, Issue{Etat: Ignoree, Erreur: "interrupteur fermé"})
	case t.l.Canal == CanalAlerte:
		return t.alerte(ctx)
	}
	transport := t.s.transport(&t.l.MessageSortant)
	switch {
	case transport != nil:
		return t.exterieur(ctx, transport)
	case t.l.Canal != CanalCourriel:
		return t.perdre(ctx, Abandon, "aucun service n’est configuré pour ce message")
	case APreparer(t.l.Type):
		return t.preparer(ctx)
	}
	return t.envoyer(ctx)
}

// coupe reads the switch of the canal at the moment of sending (SW-01).
func (t *essai) coupe(ctx context.Context) (bool, error) {
	if t.l.Canal == CanalAlerte {
		ouvert, err := t.s.cfg.Store.InterrupteurOuvert(ctx, InterrupteurAlertes)
		return !ouvert, err
	}
	if t.l.Canal == CanalCourriel {
		return t.s.cfg.Store.InterrupteurOuvert(ctx, InterrupteurCourriels)
	}
	return false, nil
}

// erreurDefinitive is a failure that another try would meet again.
type erreurDefinitive struct{ cause error }

func (e *erreurDefinitive) Error() string { return e.cause.Error() }
func (e *erreurDefinitive) Unwrap() error { return e.cause }

func definitif(format string, a ...any) error {
	return &erreurDefinitive{fmt.Errorf(format, a...)}
}

// echouer writes a failed try: given up at once when trying again is useless, or after the last one.
func (t *essai) echouer(ctx context.Context, cause error, doute bool) error {
	le, texte := t.s.maintenant(), tronquer(cause.Error(), longueurErreur)
	var sansRemede *erreurDefinitive
	if errors.As(cause, &sansRemede) {
		return t.perdre(ctx, Echec, texte)
	}
	prochain := le.Add(t.politique().pause(t.l.essais(), t.s.cfg.Alea()))
	if t.politique().epuise(t.l, prochain) {
		return t.perdre(ctx, Abandon, texte)
	}
	etat := AEnvoyer
	if doute {
		etat = EnCours // it may have left (AL-23)
	}
	t.suite = Suite{Attendre: prochain.Sub(le)}
	return t.conclure(ctx, Issue{Etat: etat, ProchainEssaiLe: prochain, Erreur: texte})
}

// politique is 24 hours for an alert (AL-22), 10 retries for an e-mail (EM-26), that of its transport for
// another message.
func (t *essai) politique() Politique {
	if tr := t.s.transport(&t.l.MessageSortant); tr != nil {
		return tr.Politique()
	}
	if t.l.Canal == CanalAlerte {
		return Politique{Duree: dureeAlerte}
	}
	return Politique{Essais: reprisesCourriel + 1}
}

func (t *essai) perdre(ctx context.Context, etat, texte string) error {
	t.suite = Suite{Perdu: texte}
	t.s.cfg.Journal.ErrorContext(ctx, "message sortant perdu", "message", t.l.ID, "type", t.l.Type, "etat", etat, "essais", t.l.Tentatives, "error", texte)
	return t.conclure(ctx, Issue{Etat: etat, Erreur: texte})
}

// conclure writes the outcome with its line of log. The deadline of the job no longer counts: what is known
// must not be lost. Nothing is written when another worker has taken the row over.
func (t *essai) conclure(ctx context.Context, i Issue) error {
	ctx = context.WithoutCancel(ctx)
	i.Le = t.s.maintenant()
	err := t.s.cfg.Store.InTx(ctx, func(ctx context.Context) error {
		nous, err := t.s.cfg.Store.Conclure(ctx, t.l, i)
		if err != nil || !nous || t.l.Canal != CanalAlerte {
			return err
		}
		return t.journaliser(ctx, i)
	})
	if err == nil && fini(i.Etat) {
		t.s.cfg.Metriques.MessageTraite(t.l.Canal, i.Etat)
	}
	return err
}

// journaliser writes the line of the try; a purge has already written one per alert it deleted.
func (t *essai) journaliser(ctx context.Context, i Issue) error {
	statut := logEnvoyee
	switch i.Etat {
	case AEnvoyer, EnCours, Echec:
		statut = Echec
	case Abandon, Ignoree:
		statut = i.Etat
	}
	log := logDe(t.l, statut, i.Erreur, i.Le)
	if t.l.Type == TypeCreer {
		log.AlerteID = lireAlerteID(i.Externe)
	}
	return t.s.cfg.Store.InsererLog(ctx, log)
}
