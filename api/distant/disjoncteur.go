package distant

import (
	"errors"
	"sync"
	"time"
)

// After this many failed attempts in a row the service is left alone for a while; then one attempt decides.
const (
	echecsAvantOuverture = 5
	dureeOuverture       = 30 * time.Second
)

var errOuvert = errors.New("laissé en repos après plusieurs échecs")

// disjoncteur spares a service that does not answer, and those who wait for it.
type disjoncteur struct {
	mu       sync.Mutex
	echecs   int
	ouvertLe time.Time // zero when closed
	essai    bool      // one attempt is deciding
}

func (d *disjoncteur) permet(le time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.ouvertLe.IsZero():
		return true
	case d.essai || le.Sub(d.ouvertLe) < dureeOuverture:
		return false
	}
	d.essai = true
	return true
}

// noter records an attempt that was allowed; one that the caller gave up says nothing of the service.
func (d *disjoncteur) noter(le time.Time, joint, abandonne bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case joint:
		d.echecs, d.ouvertLe = 0, time.Time{}
	case !abandonne:
		if d.echecs++; d.essai || d.echecs >= echecsAvantOuverture {
			d.ouvertLe = le
		}
	}
	d.essai = false
}
