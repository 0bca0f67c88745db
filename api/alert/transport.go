package alert

import (
	"context"
	"fmt"
	"time"
)

// Canaux of message_sortant whose rows other packages write and deliver through a Transport (07 §8).
const (
	CanalBAN        = "BAN"
	CanalMessagerie = "MESSAGERIE"
	CanalPartenaire = "PARTENAIRE"
	CanalWebhook    = "WEBHOOK"
)

// Transport delivers the rows of a canal, or of one type, that this package knows nothing of. The claim, the
// order, the tries and the end stay with the Service.
type Transport interface {
	// Livrer makes one try. externe is the identifier that the recipient gave, if any. An error is followed
	// by another try, unless it is Definitif. It may be called again for a row that already left.
	Livrer(ctx context.Context, l *Ligne) (externe string, err error)
	// Politique says how long to insist.
	Politique() Politique
}

// Politique is when a row is tried again, and given up (ABANDON).
type Politique struct {
	// Essais is the greatest number of tries; 0: no limit.
	Essais int
	// Duree is the age of a row after which it is not tried again; 0: no limit.
	Duree time.Duration
	// Pauses follow the tries 1, 2…; the last one is repeated. Empty: 10 s doubled each time up to one hour.
	Pauses []time.Duration
}

// pause is the wait after try n, with a fifth of jitter downwards.
func (p Politique) pause(n int, alea float64) time.Duration {
	if len(p.Pauses) == 0 {
		return recul(n, alea)
	}
	d := p.Pauses[min(max(n, 1), len(p.Pauses))-1]
	return time.Duration(float64(d) * (1 - 0.2*alea))
}

// epuise tells whether the row had its last try.
func (p Politique) epuise(l *Ligne, prochain time.Time) bool {
	return (p.Essais > 0 && l.essais() >= p.Essais) || (p.Duree > 0 && prochain.Sub(l.depuis()) > p.Duree)
}

// Definitif marks a failure that another try would meet again: the row ends in ECHEC.
func Definitif(err error) error {
	if err == nil {
		return nil
	}
	return &erreurDefinitive{err}
}

// transport finds who delivers a row: by its type, else by its canal; nil for those of this package.
func (s *Service) transport(m *MessageSortant) Transport {
	if t, ok := s.cfg.Transports[m.Type]; ok {
		return t
	}
	return s.cfg.Transports[m.Canal]
}

// exterieur makes a try of a row that another package delivers.
func (t *essai) exterieur(ctx context.Context, transport Transport) error {
	externe, err := transport.Livrer(ctx, t.l)
	if err != nil {
		return t.echouer(ctx, err, false)
	}
	return t.conclure(ctx, Issue{Etat: Envoye, Externe: tronquer(externe, longueurDescriptif)})
}

// Ajouter writes rows planned by another package and enqueues their delivery, in the transaction of ctx. A
// row whose key exists is left out, its ID stays 0.
func (s *Service) Ajouter(ctx context.Context, lignes ...*MessageSortant) error {
	le := s.maintenant()
	var envois []Envoi
	for _, m := range lignes {
		m.Etat, m.ProchainEssaiLe, m.CreeLe = AEnvoyer, le, le
		if err := s.cfg.Store.InsererMessage(ctx, m); err != nil {
			return fmt.Errorf("message %s: %w", m.Type, err)
		}
		if m.ID != 0 {
			envois = append(envois, Envoi{m.ID, m.Type})
		}
	}
	if len(envois) == 0 {
		return nil
	}
	if err := s.cfg.File.LivrerMessages(ctx, envois...); err != nil {
		return fmt.Errorf("enqueue messages: %w", err)
	}
	return nil
}

// Relancer enqueues a row again, in the transaction of ctx that put it back to A_ENVOYER.
func (s *Service) Relancer(ctx context.Context, m *MessageSortant) error {
	if err := s.cfg.File.LivrerMessages(ctx, Envoi{m.ID, m.Type}); err != nil {
		return fmt.Errorf("enqueue message %d: %w", m.ID, err)
	}
	return nil
}
