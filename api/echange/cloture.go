package echange

import (
	"context"
	"fmt"
	"slices"
	"time"

	"apilos/api/compte"
	"apilos/api/convention"
	"apilos/api/date"
)

// Cloture is an operation with what decides of its closing (05 A.7).
type Cloture struct {
	*Famille
	// ToutesSignees is true when nothing is in progress any more, hence also when there is nothing.
	ToutesSignees bool
	// DernierEtat is the latest validated element of each line of life.
	DernierEtat []convention.Convention
}

// Cloture tells whether an operation may be closed. It writes nothing.
func (s *Service) Cloture(ctx context.Context, a compte.AppelantSIAP, numero string) (*Cloture, error) {
	f, err := s.Operation(ctx, a, numero)
	if err != nil {
		return nil, err
	}
	return cloture(f), nil
}

// Clore is Cloture for an operation that SIAP has just closed: the fact is noted, once a day in France.
func (s *Service) Clore(ctx context.Context, a compte.AppelantSIAP, numero string) (*Cloture, error) {
	c, err := s.Cloture(ctx, a, numero)
	if err != nil {
		return nil, err
	}
	err = s.cfg.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.cfg.Store.VerrouillerNumero(ctx, numero); err != nil {
			return err
		}
		racine := c.racine()
		deja, err := s.cfg.Store.FaitDepuis(ctx, racine.ID, FaitCloture, debutDuJour(s.maintenant()))
		if err != nil || deja {
			return err
		}
		return s.noter(ctx, a, racine, FaitCloture, map[string]any{"toutes_signees": c.ToutesSignees})
	})
	if err != nil {
		return nil, fmt.Errorf("note the closing of operation %s: %w", numero, err)
	}
	return c, nil
}

// debutDuJour is the first instant of the day in France.
func debutDuJour(t time.Time) time.Time {
	j := date.InParis(t)
	return time.Date(j.Year(), j.Month(), j.Day(), 0, 0, 0, 0, date.Paris())
}

func cloture(f *Famille) *Cloture {
	c := &Cloture{Famille: f, ToutesSignees: true}
	derniers := map[int64]convention.Convention{}
	debuts := map[int64]convention.Convention{} // first element of a line: its root, unless it was deleted
	for _, v := range f.Conventions {           // oldest first
		if _, vu := debuts[ligne(v)]; !vu || v.ParentID == nil {
			debuts[ligne(v)] = v
		}
		switch {
		case enCours(v.Statut):
			c.ToutesSignees = false
		case v.Statut != convention.Annulee:
			derniers[ligne(v)] = v
		}
	}
	for _, v := range derniers {
		c.DernierEtat = append(c.DernierEtat, v)
	}
	slices.SortFunc(c.DernierEtat, func(x, y convention.Convention) int {
		a, b := debuts[ligne(x)], debuts[ligne(y)]
		if n := a.CreeLe.Compare(b.CreeLe); n != 0 {
			return n
		}
		return int(a.ID - b.ID)
	})
	return c
}
