package direct

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"apilos/api/auth"
)

// Waits between two tries to listen to the database.
const (
	attenteMin = 500 * time.Millisecond
	attenteMax = 30 * time.Second
)

// famillesMax is how many families are read one by one; beyond, everybody reads everything again.
const famillesMax = 200

// delaiLecture bounds the reading of a batch.
const delaiLecture = 10 * time.Second

// margeRepere is how old the rank given to subscribers is: a change committed before it was told long ago, whatever the
// time that notices take.
const margeRepere = 5 * time.Second

// repere keeps two readings of the rank below which everything is committed, so that an old one can be given.
type repere struct {
	sur, recent int64
	lu          time.Time
}

func (r *repere) poser(rang int64, le time.Time) {
	if le.Sub(r.lu) >= margeRepere {
		r.sur, r.recent, r.lu = r.recent, rang, le
	}
}

// Diffuser listens to the database until ctx ends, again each time the connection is lost. At the end every
// subscription is closed, so that the server can stop.
func (d *Diffuseur) Diffuser(ctx context.Context) error {
	defer d.fermer(MotifArret)
	attente := attenteMin
	for ctx.Err() == nil {
		debut := d.now()
		err := d.ecouter(ctx)
		if ctx.Err() != nil {
			return nil
		}
		// What is told from now on is lost: pages come back when the database is listened to again, with what they have.
		d.fermer(MotifReprise)
		if d.now().Sub(debut) > attenteMax {
			attente = attenteMin
		}
		d.log.WarnContext(ctx, "live updates interrupted", "error", fmt.Sprint(err), "again_in", attente.String())
		select {
		case <-ctx.Done():
		case <-time.After(attente/2 + rand.N(attente)):
		}
		attente = min(2*attente, attenteMax)
	}
	return nil
}

func (d *Diffuseur) fermer(m Motif) {
	d.mu.Lock()
	d.ecoute = false
	d.mu.Unlock()
	d.terminerSi(m, tous)
}

// ecouter runs one connection: one goroutine receives, this one reads and tells.
func (d *Diffuseur) ecouter(ctx context.Context) error {
	ctx, arreter := context.WithCancel(ctx)
	avis := make(chan Avis, 1024)
	fin := make(chan error, 1)
	pret, rendu := make(chan struct{}), make(chan struct{})
	defer func() { arreter(); <-rendu }()
	go func() {
		defer close(rendu)
		fin <- d.source.Ecouter(ctx, func() { close(pret) }, func(a Avis) {
			select {
			case avis <- a:
			case <-ctx.Done():
			}
		})
	}()
	select {
	case err := <-fin:
		return err
	case <-pret:
	}
	rang, err := d.lecteur.Repere(ctx)
	if err != nil {
		return fmt.Errorf("read the rank of changes: %w", err)
	}
	d.ouvrir(rang)
	return d.traiter(ctx, avis, fin)
}

func (d *Diffuseur) ouvrir(rang int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ecoute = true
	d.repere = repere{sur: rang, recent: rang, lu: d.now()}
}

// traiter tells batch after batch until the connection is lost.
func (d *Diffuseur) traiter(ctx context.Context, avis <-chan Avis, fin <-chan error) error {
	l := lot{racines: map[int64]bool{}}
	var echeance <-chan time.Time
	for {
		select {
		case err := <-fin:
			return err
		case a := <-avis:
			switch {
			case a.SessionID != "":
				d.terminerSi(MotifDroits, func(p auth.Principal) bool { return p.SessionID == a.SessionID })
			case a.UtilisateurID != 0:
				d.terminerSi(MotifDroits, func(p auth.Principal) bool { return p.UtilisateurID == a.UtilisateurID })
			default:
				l.ajouter(a)
				if echeance == nil {
					echeance = time.After(d.limites.Regroupement)
				}
			}
		case <-echeance:
			echeance = nil
			if err := d.diffuser(ctx, l); err != nil {
				return err // everybody comes back and asks for what was missed
			}
			l = lot{racines: map[int64]bool{}}
		}
	}
}

// lot is what moved since the last reading.
type lot struct {
	racines map[int64]bool
	tout    bool
}

func (l *lot) ajouter(a Avis) {
	if a.Tout || len(l.racines) >= famillesMax {
		l.tout = true
		return
	}
	l.racines[a.RacineID] = true
}

// diffuser reads what moved once for each distinct perimeter and tells it.
func (d *Diffuseur) diffuser(ctx context.Context, l lot) error {
	cles, publics := d.publics()
	if len(publics) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, delaiLecture)
	defer cancel()
	d.mu.Lock()
	depuis := d.repere.sur
	d.mu.Unlock()
	messages := map[string][]Message{}
	if l.tout {
		rang, err := d.lecteur.Repere(ctx)
		if err != nil {
			return fmt.Errorf("read the rank of changes: %w", err)
		}
		sur := d.noterRepere(rang)
		for _, cle := range cles {
			messages[cle] = []Message{{ToutRelire: true, Repere: sur}}
		}
	} else {
		racines := make([]int64, 0, len(l.racines))
		for r := range l.racines {
			racines = append(racines, r)
		}
		slices.Sort(racines)
		lus, rang, err := d.lecteur.Changements(ctx, publics, racines, depuis)
		if err != nil {
			return fmt.Errorf("read changes: %w", err)
		}
		sur := d.noterRepere(rang)
		for i, cle := range cles {
			for _, c := range lus[i] {
				messages[cle] = append(messages[cle], Message{Changement: c, Repere: sur})
			}
		}
	}
	d.distribuer(messages)
	return nil
}

// noterRepere keeps the rank that was read and returns the one that subscribers may rely on.
func (d *Diffuseur) noterRepere(rang int64) int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.repere.poser(rang, d.now())
	return d.repere.sur
}

// RepereSur is the rank to give to a page that has just read everything.
func (d *Diffuseur) RepereSur() int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.repere.sur
}
