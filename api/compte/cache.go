package compte

import (
	"sync"
	"time"
)

// dureeCache is how long a session is used without being read again: the delay of a revocation made by
// another process (05 C.3).
const dureeCache = 5 * time.Second

// maxCache bounds the memory; beyond it everything is forgotten, which only costs reads.
const maxCache = 20_000

// cacheEtats keeps the sessions of the last seconds, with the perimeters worked out for them. What it
// holds is never changed, only replaced.
type cacheEtats struct {
	now func() time.Time

	mu sync.Mutex
	m  map[string]*entreeCache
}

type entreeCache struct {
	etat       *Etat
	luLe       time.Time
	perimetres map[int64]Perimetre
}

func newCacheEtats(now func() time.Time) *cacheEtats {
	return &cacheEtats{now: now, m: map[string]*entreeCache{}}
}

// lire returns a session read less than five seconds ago, or nil.
func (c *cacheEtats) lire(sid string) *Etat {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.fraiche(sid); e != nil {
		return e.etat
	}
	return nil
}

func (c *cacheEtats) fraiche(sid string) *entreeCache {
	e, ok := c.m[sid]
	if !ok || c.now().Sub(e.luLe) >= dureeCache {
		return nil
	}
	return e
}

// ecrire keeps a session that was read at luLe, the instant before the query.
func (c *cacheEtats) ecrire(sid string, e *Etat, luLe time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.m) >= maxCache {
		c.balayer()
	}
	c.m[sid] = &entreeCache{etat: e, luLe: luLe, perimetres: map[int64]Perimetre{}}
}

func (c *cacheEtats) balayer() {
	for k, e := range c.m {
		if c.now().Sub(e.luLe) >= dureeCache {
			delete(c.m, k)
		}
	}
	if len(c.m) >= maxCache {
		clear(c.m)
	}
}

// perimetre returns the perimeter worked out for this very reading of the session.
func (c *cacheEtats) perimetre(etat *Etat, habilitation int64) (Perimetre, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.fraiche(etat.Session.ID.String())
	if e == nil || e.etat != etat {
		return Perimetre{}, false
	}
	p, ok := e.perimetres[habilitation]
	return p, ok
}

func (c *cacheEtats) ecrirePerimetre(etat *Etat, habilitation int64, p Perimetre) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.fraiche(etat.Session.ID.String()); e != nil && e.etat == etat {
		e.perimetres[habilitation] = p
	}
}

// oublier makes the next request read the session again.
func (c *cacheEtats) oublier(sid string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.m, sid)
}
