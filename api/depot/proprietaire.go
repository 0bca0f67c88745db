package depot

import "sync"

// maxProprietaires bounds the memory of owners: more than the revisions that are deposited at the same time.
const maxProprietaires = 10_000

// proprietaire is whose revision it is, and of which commune: neither ever changes.
type proprietaire struct{ client, commune string }

// proprietaires remembers the owners of the revisions being deposited, each of which is asked for three
// times. A revision deleted meanwhile is still refused by the engine. It is safe for concurrent use.
type proprietaires struct {
	mu     sync.Mutex
	connus map[string]proprietaire
}

func (m *proprietaires) lire(id string) (proprietaire, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p, ok := m.connus[id]
	return p, ok
}

func (m *proprietaires) garder(id string, p proprietaire) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.connus == nil || len(m.connus) >= maxProprietaires {
		m.connus = map[string]proprietaire{}
	}
	m.connus[id] = p
}
