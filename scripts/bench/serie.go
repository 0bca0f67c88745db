package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
)

// requete is one call to the platform.
type requete struct {
	methode, chemin string
	jeton           string
	corps           string
	version         string // If-Match
}

// serie is what a series of requests gave.
type serie struct {
	nom     string
	clients int
	durees  []time.Duration // sorted
	total   time.Duration
	sql     []int // statements per request, sorted
}

func (m serie) centile(p int) time.Duration { return centile(m.durees, p) }

// centile is the smallest value that p percent of the sorted values do not exceed.
func centile(durees []time.Duration, p int) time.Duration {
	if len(durees) == 0 {
		return 0
	}
	rang := (len(durees)*p + 99) / 100
	return durees[max(rang, 1)-1]
}

func (m serie) parSeconde() float64 {
	if m.total <= 0 {
		return 0
	}
	return float64(len(m.durees)) / m.total.Seconds()
}

// client sends requests to a platform.
type client struct {
	http *http.Client
	base *base
}

func nouveauClient(b *base, clients int) *client {
	transport := &http.Transport{MaxIdleConns: clients, MaxIdleConnsPerHost: clients, MaxConnsPerHost: clients}
	b.fermetures = append(b.fermetures, transport.CloseIdleConnections)
	return &client{http: &http.Client{Transport: transport, Timeout: 30 * time.Second}, base: b}
}

// envoyer sends a request and reads its answer; nom is empty when it is not measured.
func (c *client) envoyer(ctx context.Context, nom string, r requete) ([]byte, http.Header, error) {
	req, err := http.NewRequestWithContext(ctx, r.methode, c.base.url+r.chemin, bytes.NewReader([]byte(r.corps)))
	if err != nil {
		return nil, nil, err
	}
	for k, v := range map[string]string{enTete: nom, "If-Match": r.version} {
		if v != "" {
			req.Header.Set(k, v)
		}
	}
	if r.jeton != "" {
		req.Header.Set("Authorization", "Bearer "+r.jeton)
	}
	if r.corps != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, nil, err
	}
	defer res.Body.Close()
	corps, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, nil, err
	}
	if res.StatusCode != http.StatusOK {
		return nil, nil, fmt.Errorf("%s %s: status %d, body %.400s", r.methode, r.chemin, res.StatusCode, corps)
	}
	return corps, res.Header, nil
}

// mesurer sends the requests, shared between the clients, and times each of them.
func (c *client) mesurer(ctx context.Context, nom string, clients int, requetes []requete) (serie, error) {
	durees := make([]time.Duration, len(requetes))
	suivantes := make(chan int, len(requetes))
	for i := range requetes {
		suivantes <- i
	}
	close(suivantes)
	debut := time.Now()
	g, ctx := errgroup.WithContext(ctx)
	for range clients {
		g.Go(func() error {
			for i := range suivantes {
				depart := time.Now()
				if _, _, err := c.envoyer(ctx, nom, requetes[i]); err != nil {
					return fmt.Errorf("%s: %w", nom, err)
				}
				durees[i] = time.Since(depart)
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return serie{}, err
	}
	m := serie{nom: nom, clients: clients, durees: durees, total: time.Since(debut), sql: c.base.compteur.prendre(nom)}
	slices.Sort(m.durees)
	return m, nil
}
