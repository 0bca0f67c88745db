package main

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
)

// enTete names the measure a request belongs to.
const enTete = "X-Mesure"

// compteur counts the statements that each request sends to PostgreSQL, begin and commit included. Those of the
// background jobs have no request: they are not counted.
type compteur struct {
	mu       sync.Mutex
	requetes map[string][]int
}

func nouveauCompteur() *compteur { return &compteur{requetes: map[string][]int{}} }

type cle struct{}

// TraceQueryStart implements pgx.QueryTracer.
func (c *compteur) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	if n, ok := ctx.Value(cle{}).(*atomic.Int64); ok {
		n.Add(1)
	}
	return ctx
}

// TraceQueryEnd implements pgx.QueryTracer.
func (c *compteur) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// entourer counts the statements of the requests that carry a name.
func (c *compteur) entourer(suite http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		nom := r.Header.Get(enTete)
		if nom == "" {
			suite.ServeHTTP(w, r)
			return
		}
		n := new(atomic.Int64)
		suite.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), cle{}, n)))
		c.mu.Lock()
		defer c.mu.Unlock()
		c.requetes[nom] = append(c.requetes[nom], int(n.Load()))
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
