package direct

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"apilos/api/auth"
	"apilos/api/fault"
)

// Diffuseur holds the subscriptions of one process.
type Diffuseur struct {
	lecteur Lecteur
	source  Source
	limites Limites
	now     func() time.Time
	log     *slog.Logger

	mu          sync.Mutex
	ecoute      bool // the database is listened to
	abonnes     map[*Abonne]struct{}
	parPersonne map[int64][]*Abonne // oldest first
	repere      repere
	abandons    int64 // subscribers dropped because they did not read
	diffuses    int64 // messages put in a buffer
}

// Abonne is one subscription. Whoever holds it reads Messages until it is closed, then Motif.
type Abonne struct {
	p         auth.Principal
	perimetre string
	messages  chan Message
	motif     Motif
}

// New returns a Diffuseur, which tells nothing until Diffuser runs.
func New(lecteur Lecteur, source Source, l Limites, now func() time.Time, log *slog.Logger) *Diffuseur {
	return &Diffuseur{
		lecteur: lecteur, source: source, limites: l.completes(), now: now, log: log,
		abonnes: map[*Abonne]struct{}{}, parPersonne: map[int64][]*Abonne{},
	}
}

// Messages gives what the subscriber is told; it is closed when the subscription ends.
func (a *Abonne) Messages() <-chan Message { return a.messages }

// Motif says why the subscription ended, once Messages is closed.
func (a *Abonne) Motif() Motif { return a.motif }

// Abonner opens a subscription for p. With the identifier of the last message that it received, what it missed is read
// before; rejoue is false when it must read everything again instead. The subscription must be given back to
// Desabonner. When nothing can be told now, the subscription is already ended.
func (d *Diffuseur) Abonner(ctx context.Context, p auth.Principal, dernier *int64) (a *Abonne, manques []Message, rejoue bool, err error) {
	a = &Abonne{p: p, perimetre: d.lecteur.Perimetre(p), messages: make(chan Message, d.limites.Tampon)}
	// Subscribed first: what is committed after the reading below is told, what was before is read.
	if err := d.inscrire(a); err != nil {
		return nil, nil, false, err
	}
	if dernier == nil {
		return a, nil, false, nil
	}
	lus, entier, err := d.lecteur.Depuis(ctx, p, *dernier, d.limites.Rejeu)
	if err != nil {
		d.Desabonner(a)
		return nil, nil, false, fmt.Errorf("replay missed changes: %w", err)
	}
	if !entier {
		return a, nil, false, nil
	}
	for _, c := range lus {
		manques = append(manques, Message{Changement: c, Repere: *dernier})
	}
	return a, manques, true, nil
}

func (d *Diffuseur) inscrire(a *Abonne) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.ecoute {
		a.motif = MotifIndisponible
		close(a.messages)
		return nil
	}
	if len(d.abonnes) >= d.limites.ParProcessus {
		return fault.New(fault.Unavailable, "DIRECT_SATURE",
			"Trop de pages suivent les mises à jour en direct. La vôtre se mettra à jour quand vous l’actualiserez.")
	}
	if siens := d.parPersonne[a.p.UtilisateurID]; len(siens) >= d.limites.ParPersonne {
		d.terminer(siens[0], MotifLimite)
	}
	d.abonnes[a] = struct{}{}
	d.parPersonne[a.p.UtilisateurID] = append(d.parPersonne[a.p.UtilisateurID], a)
	return nil
}

// Desabonner ends a subscription that its holder does not want any more.
func (d *Diffuseur) Desabonner(a *Abonne) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.terminer(a, "")
}

// terminer closes a subscription once; d.mu is held.
func (d *Diffuseur) terminer(a *Abonne, m Motif) {
	if _, ouvert := d.abonnes[a]; !ouvert {
		return
	}
	delete(d.abonnes, a)
	siens := d.parPersonne[a.p.UtilisateurID]
	for i, x := range siens {
		if x == a {
			siens = append(siens[:i:i], siens[i+1:]...)
			break
		}
	}
	if len(siens) == 0 {
		delete(d.parPersonne, a.p.UtilisateurID)
	} else {
		d.parPersonne[a.p.UtilisateurID] = siens
	}
	a.motif = m
	close(a.messages)
}

// terminerSi ends the subscriptions that satisfy a condition.
func (d *Diffuseur) terminerSi(m Motif, condition func(p auth.Principal) bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for a := range d.abonnes {
		if condition(a.p) {
			d.terminer(a, m)
		}
	}
}

func tous(auth.Principal) bool { return true }

// Etat is what the process measures of its subscriptions.
type Etat struct {
	Ecoute   bool  // the database is listened to
	Abonnes  int   // open subscriptions
	Diffuses int64 // messages told since the start
	Abandons int64 // subscribers dropped since the start because they did not read
}

// Etat returns the present figures.
func (d *Diffuseur) Etat() Etat {
	d.mu.Lock()
	defer d.mu.Unlock()
	return Etat{Ecoute: d.ecoute, Abonnes: len(d.abonnes), Diffuses: d.diffuses, Abandons: d.abandons}
}

// publics groups the subscribers by what they see.
func (d *Diffuseur) publics() (cles []string, publics []auth.Principal) {
	d.mu.Lock()
	defer d.mu.Unlock()
	vus := map[string]bool{}
	for a := range d.abonnes {
		if !vus[a.perimetre] {
			vus[a.perimetre] = true
			cles, publics = append(cles, a.perimetre), append(publics, a.p)
		}
	}
	return cles, publics
}

// distribuer puts messages in the buffers of those who see what cles[i] names. Whoever has no room left is dropped.
func (d *Diffuseur) distribuer(parPerimetre map[string][]Message) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for a := range d.abonnes {
		for _, m := range parPerimetre[a.perimetre] {
			select {
			case a.messages <- m:
				d.diffuses++
				continue
			default:
			}
			d.abandons++
			d.terminer(a, MotifLent)
			break
		}
	}
}
