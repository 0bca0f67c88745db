package compte

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"apilos/api/auth"
)

// dureeInterrupteurs is how long switches are used without being read again (02 §12).
const dureeInterrupteurs = 30 * time.Second

// Interrupteur is a feature switch (02 §12). A portee limits it to some people.
type Interrupteur struct {
	Nom    string
	Actif  bool
	Portee *Portee
}

// Portee says for whom a switch is on; empty lists limit nothing, and one match is enough.
type Portee struct {
	Utilisateurs    []string `json:"utilisateurs,omitempty"`    // uuids
	Typologies      []string `json:"typologies,omitempty"`      // BAILLEUR, INSTRUCTEUR, ADMINISTRATEUR
	Administrations []string `json:"administrations,omitempty"` // codes
	Departements    []string `json:"departements,omitempty"`    // perimeter of the person
}

// DecoderPortee reads the column portee of a switch, nil when it targets nobody in particular.
func DecoderPortee(raw json.RawMessage) (*Portee, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	var p Portee
	if err := json.Unmarshal(raw, &p); err != nil {
		return nil, fmt.Errorf("read the scope of a switch: %w", err)
	}
	if p.vide() {
		return nil, nil
	}
	return &p, nil
}

func (p Portee) vide() bool {
	return len(p.Utilisateurs)+len(p.Typologies)+len(p.Administrations)+len(p.Departements) == 0
}

// actifPour tells whether the switch is on for a person acting under a habilitation; codeEntite is the code
// of the administration, if any.
func (i Interrupteur) actifPour(p auth.Principal, codeEntite string) bool {
	if !i.Actif || i.Portee == nil {
		return i.Actif
	}
	return slices.Contains(i.Portee.Utilisateurs, p.UtilisateurUUID) ||
		slices.Contains(i.Portee.Typologies, string(p.Typologie)) ||
		(p.AdministrationID != 0 && slices.Contains(i.Portee.Administrations, codeEntite)) ||
		(p.Departement != "" && slices.Contains(i.Portee.Departements, p.Departement))
}

type cacheInterrupteurs struct {
	now func() time.Time

	mu    sync.Mutex
	liste []Interrupteur
	luLe  time.Time
}

func newCacheInterrupteurs(now func() time.Time) *cacheInterrupteurs {
	return &cacheInterrupteurs{now: now}
}

// interrupteurs returns the switches as they were less than 30 seconds ago.
func (s *Service) interrupteurs(ctx context.Context) ([]Interrupteur, error) {
	c := s.drapeaux
	c.mu.Lock()
	liste, age := c.liste, c.now().Sub(c.luLe)
	c.mu.Unlock()
	if liste != nil && age < dureeInterrupteurs {
		return liste, nil
	}
	now := c.now()
	liste, err := s.cfg.Store.Interrupteurs(ctx)
	if err != nil {
		return nil, fmt.Errorf("read switches: %w", err)
	}
	c.mu.Lock()
	c.liste, c.luLe = liste, now
	c.mu.Unlock()
	return liste, nil
}
