package ban

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"apilos/api/distant"

	"github.com/google/uuid"
)

// District returns the identifier of the district of a commune, in lower case; false when it has none or the
// BAN does not say within two seconds (07 §10.1). It serves the validator (bal.Districts).
func (c *Client) District(ctx context.Context, insee string) (string, bool) {
	id, err := c.district(ctx, insee)
	if err != nil && !errors.Is(err, ErrNonConfigure) {
		c.journal.WarnContext(ctx, "district de la BAN non lu", "commune", insee, "error", err.Error())
	}
	return id, id != ""
}

func (c *Client) district(ctx context.Context, insee string) (string, error) {
	if c.appel == nil {
		return "", ErrNonConfigure
	}
	if err := verifier(insee); err != nil {
		return "", err
	}
	if id, ok := c.districts.lire(insee); ok {
		return id, nil
	}
	ctx, cancel := context.WithTimeout(ctx, delaiDistrict) // attempts and pause included
	defer cancel()
	var rep struct {
		Response json.RawMessage `json:"response"`
	}
	err := c.appel.Lire(ctx, distant.Requete{Segments: []string{"api", "district", "cog", insee}, Delai: delaiDistrict}, &rep)
	if distant.Statut(err) == http.StatusNotFound {
		c.districts.garder(insee, "")
		return "", nil
	}
	if err != nil {
		return "", err
	}
	id, err := premierDistrict(rep.Response)
	if err != nil {
		return "", err
	}
	if id != "" {
		lu, err := uuid.Parse(id)
		if err != nil || len(id) != 36 {
			return "", distant.Illisible("BAN", errors.New("identifiant de district qui n’est pas un UUID"))
		}
		id = strings.ToLower(lu.String())
	}
	c.districts.garder(insee, id)
	return id, nil
}

// memoire keeps the districts read, absence included; failures are not kept.
type memoire struct {
	horloge func() time.Time
	mu      sync.Mutex
	lignes  map[string]district
}

type district struct {
	id  string
	lue time.Time
}

func (m *memoire) lire(insee string) (string, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	d, ok := m.lignes[insee]
	duree := gardeDistrict
	if d.id == "" {
		duree = gardeAbsence
	}
	return d.id, ok && m.horloge().Sub(d.lue) < duree
}

func (m *memoire) garder(insee, id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.lignes) >= maxDistricts {
		clear(m.lignes)
	}
	m.lignes[insee] = district{id, m.horloge()}
}
