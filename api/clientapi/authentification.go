package clientapi

import (
	"context"
	"fmt"
	"sync"
	"time"

	"apilos/api/auth"
	"apilos/api/fault"
)

// Delays of 05 C.3, the same as for sessions.
const (
	dureeCache   = 5 * time.Second // of a revocation made by another process
	pasUsage     = time.Minute     // between two writings of the last use
	maxEnMemoire = 5_000           // clients; beyond it everything is forgotten, which only costs reads
)

// Reconnait tells whether a bearer token is that of an API client.
func Reconnait(bearer string) bool {
	return len(bearer) >= len(MarqueJeton) && bearer[:len(MarqueJeton)] == MarqueJeton
}

func refuse() *fault.Error {
	return fault.New(fault.Unauthenticated, "non_authentifie", "Ce jeton n’est pas reconnu : il est mal copié, expiré, remplacé ou révoqué.")
}

// Authenticate turns the token of a client into a principal. It fails with kind Unauthenticated when the token
// is unknown, replaced since longer than its grace, expired or revoked, in the same words. The client is read at
// most once per five seconds, and its last use written at most once a minute.
func (s *Service) Authenticate(ctx context.Context, bearer string) (auth.Principal, error) {
	prefixe, ok := prefixeDe(bearer)
	if !ok {
		return auth.Principal{}, refuse()
	}
	a := s.memoire.lire(prefixe)
	if a == nil {
		lu := s.c.Horloge()
		var err error
		if a, err = s.c.Store.ParPrefixe(ctx, prefixe); err != nil {
			return auth.Principal{}, fmt.Errorf("read client: %w", err)
		}
		if a == nil {
			return auth.Principal{}, refuse()
		}
		s.memoire.ecrire(prefixe, a, lu)
	}
	le := s.maintenant()
	if !a.accepte(empreinte(bearer), le) {
		return auth.Principal{}, refuse()
	}
	s.noterUsage(ctx, a, le)
	return a.principal(), nil
}

// accepte compares with both digests, always, so that the time says nothing of which one is close.
func (a *Actrice) accepte(recue string, le time.Time) bool {
	courant := egales(recue, a.Empreinte)
	ancien := egales(recue, valeur(a.AncienneEmpreinte)) && a.AncienJeton(le) != nil
	return (courant || ancien) && a.Etat(le) == Actif
}

// noterUsage costs nothing but a look at the memory most of the time. A failure is no reason to refuse a call.
func (s *Service) noterUsage(ctx context.Context, a *Actrice, le time.Time) {
	if !s.memoire.aNoter(a, le) {
		return
	}
	if err := s.c.Store.Utilise(ctx, a.ID, le); err != nil {
		s.c.Journal.WarnContext(ctx, "last use of an API client not written", "client", a.UUID.String(), "error", err.Error())
	}
}

// Principal returns who a client is now, for what is decided without its token: ok is false when it is revoked,
// expired or gone.
func (s *Service) Principal(ctx context.Context, id int64) (p auth.Principal, ok bool, err error) {
	a, err := s.c.Store.ParID(ctx, id)
	if err != nil || a == nil || a.Etat(s.maintenant()) != Actif {
		return auth.Principal{}, false, err
	}
	return a.principal(), true, nil
}

// memoire keeps the clients of the last seconds. What it holds is never changed, only replaced.
type memoire struct {
	now func() time.Time

	mu      sync.Mutex
	clients map[string]entree // by prefix
	vus     map[int64]time.Time
}

type entree struct {
	actrice *Actrice
	luLe    time.Time
}

func nouvelleMemoire(now func() time.Time) *memoire {
	return &memoire{now: now, clients: map[string]entree{}, vus: map[int64]time.Time{}}
}

func (m *memoire) lire(prefixe string) *Actrice {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, ok := m.clients[prefixe]
	if !ok || m.now().Sub(e.luLe) >= dureeCache {
		return nil
	}
	return e.actrice
}

func (m *memoire) ecrire(prefixe string, a *Actrice, luLe time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.clients) >= maxEnMemoire {
		clear(m.clients)
	}
	m.clients[prefixe] = entree{a, luLe}
}

// aNoter tells whether the use of a client must be written, and remembers that it is being.
func (m *memoire) aNoter(a *Actrice, le time.Time) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	dernier, ok := m.vus[a.ID]
	if !ok && a.DerniereUtilisationLe != nil {
		dernier = *a.DerniereUtilisationLe
	}
	if le.Sub(dernier) < pasUsage {
		return false
	}
	if len(m.vus) >= maxEnMemoire {
		clear(m.vus)
	}
	m.vus[a.ID] = le
	return true
}

// oublier makes the next call read a client again.
func (m *memoire) oublier(id int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for k, e := range m.clients {
		if e.actrice.ID == id {
			delete(m.clients, k)
		}
	}
}
