package journal

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"apilos/api/event"
)

// PurgerLectures removes the readings that were kept one year (CC-33), by whole chains: a chain is verified, what will
// remain of it is signed, and the database removes its rows. A broken chain stays, as a proof. It returns how many rows
// went.
func (g *Garde) PurgerLectures(ctx context.Context) (int64, error) {
	chaines, err := g.Store.ChainesLectures(ctx)
	if err != nil {
		return 0, err
	}
	var total int64
	var echecs []error
	for _, c := range chaines {
		if !c.Purgeable(g.Horloge()) {
			continue
		}
		n, err := g.purger(ctx, c.ID)
		total += n
		echecs = append(echecs, err)
	}
	if total > 0 {
		g.Journal.InfoContext(ctx, "lectures de plus d’un an purgées", "lignes", total)
	}
	return total, errors.Join(echecs...)
}

func (g *Garde) purger(ctx context.Context, id int64) (int64, error) {
	rupture, _, c, err := g.Store.ControlerChaine(ctx, id)
	switch {
	case err != nil:
		return 0, err
	case rupture != nil:
		rupture.Lectures = id
		return 0, fmt.Errorf("purge refusée : %s", rupture)
	case !c.Purgeable(g.Horloge()):
		return 0, nil // another process did
	}
	le := g.Horloge().UTC().Truncate(time.Microsecond)
	cle := g.Cles[0]
	return g.Store.PurgerChaine(ctx, c, le, cle.ID+" "+parapher(cle, c.TextePurge(le)))
}

// Authentique tells whether one of our keys signed the purge of a chain.
func (g *Garde) Authentique(c event.ChaineLectures) bool {
	if c.PurgeeLe == nil || c.Signature == nil {
		return false
	}
	id, signature, ok := strings.Cut(*c.Signature, " ")
	return ok && paraphe(g.Cles, id, signature, c.TextePurge(*c.PurgeeLe))
}

// ControlerLectures verifies the chains of readings and their purges, and adds what it found to bilan.
func (g *Garde) ControlerLectures(ctx context.Context, bilan *event.BilanChaines) error {
	return g.Store.ControlerLectures(ctx, g.Authentique, bilan)
}
