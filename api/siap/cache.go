package siap

import (
	"context"
	"sync"
	"time"
)

// CacheStore keeps the last good answers so that a restart survives an outage of the SIAP (table
// siap_cache). Get returns nil bytes and no error when the key is unknown.
type CacheStore interface {
	Get(ctx context.Context, key string) (value []byte, receivedAt time.Time, err error)
	Put(ctx context.Context, key string, value []byte, receivedAt time.Time) error
}

// cache keeps answers as bytes: each reader decodes its own copy, so none can change what another reads.
type cache struct {
	ttl  time.Duration // an entry is fresh for that long
	keep time.Duration // and kept for that long, as a fallback; 0 means for ever
	max  int

	mu sync.Mutex
	m  map[string]entry
}

type entry struct {
	data       []byte
	receivedAt time.Time
}

func newCache(ttl, keep time.Duration, limit int) *cache {
	return &cache{ttl: ttl, keep: keep, max: limit, m: make(map[string]entry)}
}

// get returns the entry of key; fresh tells whether it may be used without asking the SIAP.
func (c *cache) get(key string, now time.Time) (data []byte, fresh bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.m[key]
	if !ok || c.tooOld(e, now) {
		return nil, false
	}
	return e.data, now.Sub(e.receivedAt) < c.ttl
}

func (c *cache) tooOld(e entry, now time.Time) bool {
	return c.keep > 0 && now.Sub(e.receivedAt) >= c.keep
}

// put keeps data, unless a more recent answer is already there.
func (c *cache) put(key string, data []byte, receivedAt, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.m[key]; ok && e.receivedAt.After(receivedAt) {
		return
	}
	if _, ok := c.m[key]; !ok && len(c.m) >= c.max {
		c.evict(now)
	}
	c.m[key] = entry{data, receivedAt}
}

// evict drops what is too old, then the oldest entry if that was not enough.
func (c *cache) evict(now time.Time) {
	var oldest string
	var when time.Time
	for k, e := range c.m {
		if c.tooOld(e, now) {
			delete(c.m, k)
			continue
		}
		if when.IsZero() || e.receivedAt.Before(when) {
			oldest, when = k, e.receivedAt
		}
	}
	if len(c.m) >= c.max {
		delete(c.m, oldest)
	}
}
