package bal

import (
	"context"
	"strings"
	"sync"
)

// Districts gives the identifier of a commune in the Base Adresse Nationale. ok is false when it is not known, or when
// the answer did not come in time. It may be called by several goroutines.
type Districts interface {
	District(ctx context.Context, insee string) (uuid string, ok bool)
}

// resolveurDistricts asks once for each commune of a file.
type resolveurDistricts struct {
	districts Districts
	mu        sync.Mutex
	demandes  map[string]*demandeDistrict
}

type demandeDistrict struct {
	une    sync.Once
	uuid   string
	connue bool
}

func nouveauResolveur(d Districts) *resolveurDistricts {
	return &resolveurDistricts{districts: d, demandes: map[string]*demandeDistrict{}}
}

// de gives the identifier of a commune; nothing is asked for what is not a commune.
func (r *resolveurDistricts) de(ctx context.Context, c *commune) (string, bool) {
	if r.districts == nil || c == nil || !c.connue() {
		return "", false
	}
	r.mu.Lock()
	demande := r.demandes[c.code]
	if demande == nil {
		demande = &demandeDistrict{}
		r.demandes[c.code] = demande
	}
	r.mu.Unlock()
	demande.une.Do(func() { demande.uuid, demande.connue = r.districts.District(ctx, c.code) })
	return demande.uuid, demande.connue
}

// contredit tells whether the identifier of commune of a row is known to be that of another commune.
func (r *resolveurDistricts) contredit(ctx context.Context, c *commune, id []byte) bool {
	uuid, connue := r.de(ctx, c)
	return connue && uuid != string(id)
}

// DistrictsConnus are identifiers known beforehand, by INSEE code.
type DistrictsConnus map[string]string

// District implements Districts.
func (d DistrictsConnus) District(_ context.Context, insee string) (string, bool) {
	uuid, ok := d[strings.ToUpper(insee)]
	return uuid, ok
}
