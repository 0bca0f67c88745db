package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
)

// enTete names the measure a request belongs to.
const enTete = "X-Mesure"

// compteur counts the statements that each request sends to PostgreSQL, begin and commit included. Those of the
// background jobs have no request: they are not counted.
type compteur struct {
	seuil time.Duration // statements slower than this are kept; 0 keeps none

	mu       sync.Mutex
	requetes map[string][]int
	lentes   map[lente]lenteurs
}

// lente is a slow statement of a measure.
type lente struct{ mesure, sql string }

// lenteurs are the times a statement was slow.
type lenteurs struct {
	fois int
	max  time.Duration
}

func nouveauCompteur(seuil time.Duration) *compteur {
	return &compteur{seuil: seuil, requetes: map[string][]int{}, lentes: map[lente]lenteurs{}}
}

// suivi is what the context of a request carries.
type suivi struct {
	mesure string
	n      atomic.Int64
}

type (
	cleSuivi struct{}
	cleDebut struct{}
)

// debutInstruction is when a statement left.
type debutInstruction struct {
	sql string
	le  time.Time
}

// TraceQueryStart implements pgx.QueryTracer.
func (c *compteur) TraceQueryStart(ctx context.Context, _ *pgx.Conn, d pgx.TraceQueryStartData) context.Context {
	s, ok := ctx.Value(cleSuivi{}).(*suivi)
	if !ok {
		return ctx
	}
	s.n.Add(1)
	if c.seuil == 0 {
		return ctx
	}
	return context.WithValue(ctx, cleDebut{}, debutInstruction{d.SQL, time.Now()})
}

// TraceQueryEnd implements pgx.QueryTracer.
func (c *compteur) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryEndData) {
	s, _ := ctx.Value(cleSuivi{}).(*suivi)
	d, ok := ctx.Value(cleDebut{}).(debutInstruction)
	if !ok {
		return
	}
	if duree := time.Since(d.le); duree > c.seuil {
		c.mu.Lock()
		defer c.mu.Unlock()
		k := lente{s.mesure, d.sql}
		c.lentes[k] = lenteurs{c.lentes[k].fois + 1, max(c.lentes[k].max, duree)}
	}
}

// ecrireLentes lists the slow statements, the most often slow first.
func (c *compteur) ecrireLentes(w io.Writer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	ordre := slices.SortedFunc(maps.Keys(c.lentes), func(a, b lente) int {
		return cmp.Or(cmp.Compare(c.lentes[b].fois, c.lentes[a].fois), cmp.Compare(c.lentes[b].max, c.lentes[a].max))
	})
	for _, l := range ordre {
		fmt.Fprintf(w, "%d fois, jusqu’à %s ms, %s : %s\n", c.lentes[l].fois, ms(c.lentes[l].max), l.mesure, strings.Join(strings.Fields(l.sql), " "))
	}
}

// entourer counts the statements of the requests that carry a name.
func (c *compteur) entourer(suite http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		nom := r.Header.Get(enTete)
		if nom == "" {
			suite.ServeHTTP(w, r)
			return
		}
		s := &suivi{mesure: nom}
		suite.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), cleSuivi{}, s)))
		c.mu.Lock()
		defer c.mu.Unlock()
		c.requetes[nom] = append(c.requetes[nom], int(s.n.Load()))
	})
}

// prendre returns the counts of a measure, in order, and forgets them.
func (c *compteur) prendre(nom string) []int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := c.requetes[nom]
	delete(c.requetes, nom)
	slices.Sort(n)
	return n
}
