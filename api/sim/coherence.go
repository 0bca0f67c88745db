package sim

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"apilos/api/siap"
)

// coherence checks what the schema cannot say: links between parts, and that the platform can read
// what will be sent to it.
func (s *Scenario) coherence() []Problem {
	c := &checker{s: s}
	c.users()
	c.operations()
	c.rest()
	return c.problems
}

type checker struct {
	s        *Scenario
	problems []Problem
}

func (c *checker) fail(path, format string, a ...any) {
	c.problems = append(c.problems, Problem{path, fmt.Sprintf(format, a...)})
}

func (c *checker) users() {
	habilitations := map[int64]string{}
	ids := map[string]string{}
	for _, login := range slices.Sorted(maps.Keys(c.s.Users)) {
		u := c.s.Users[login]
		path := "users." + login
		if strings.TrimSpace(login) == "" {
			c.fail("users", "un login est vide")
		}
		if other, twice := ids[u.Cerbere.ID]; twice {
			c.fail(path+".cerbere.id", "identifiant %s déjà donné à %s", u.Cerbere.ID, other)
		}
		ids[u.Cerbere.ID] = login
		list, err := u.HabilitationsDTO()
		if err != nil {
			c.fail(path+".habilitations", "%v", err)
		}
		for i, h := range list {
			at := path + ".habilitations[" + strconv.Itoa(i) + "]"
			if other, twice := habilitations[h.ID]; twice {
				c.fail(at+".id", "habilitation %d déjà donnée à %s", h.ID, other)
			}
			habilitations[h.ID] = login
			if h.EntiteMorale != nil {
				c.siren(at+".entiteMorale.siren", h.EntiteMorale.Siren)
			}
		}
	}
}

func (c *checker) operations() {
	for _, numero := range slices.Sorted(maps.Keys(c.s.Operations)) {
		path := "operations." + numero
		o, err := c.s.OperationDTO(numero)
		if err != nil {
			c.fail(path, "%v", err)
			continue
		}
		if got := o.DonneesOperation.NumeroOperation.String(); got != numero {
			c.fail(path+".donneesOperation.numeroOperation", "« %s » ne correspond pas à la clé « %s »", got, numero)
		}
		if o.DonneesMo != nil {
			c.siren(path+".donneesMo.siren", o.DonneesMo.Siren)
		}
		if o.EntiteMorale != nil {
			c.siren(path+".entiteMorale.siren", o.EntiteMorale.Siren)
		}
	}
}

func (c *checker) rest() {
	for i, f := range c.s.Fusions {
		at := "fusions[" + strconv.Itoa(i) + "]"
		c.siren(at+".sirenAbsorbe", f.SirenAbsorbe)
		c.siren(at+".sirenAbsorbant", f.SirenAbsorbant)
		if f.SirenAbsorbe == f.SirenAbsorbant {
			c.fail(at, "une société ne s'absorbe pas elle-même")
		}
	}
	seen := map[int64]bool{}
	for i, raw := range c.s.Alertes {
		at := "alertes[" + strconv.Itoa(i) + "]"
		var a siap.AlerteDTO
		if err := json.Unmarshal(raw, &a); err != nil {
			c.fail(at, "%v", err)
		}
		if a.ID != 0 && seen[a.ID] {
			c.fail(at+".id", "identifiant %d en double", a.ID)
		}
		seen[a.ID] = true
	}
	for i, f := range c.s.Faults {
		for _, p := range f.problems() {
			c.fail("faults["+strconv.Itoa(i)+"]"+p.Path, "%s", p.Message)
		}
	}
}

// siren refuses a number that is not one; an absent siren is allowed, it is a case of the platform.
func (c *checker) siren(path string, code siap.Code) {
	s := code.String()
	if s == "" {
		return
	}
	if len(s) != 9 || !luhn(s) {
		c.fail(path, "« %s » n'est pas un SIREN (9 chiffres avec clé de Luhn)", s)
	}
}

func luhn(s string) bool {
	sum := 0
	for i := range len(s) {
		d := int(s[len(s)-1-i]) - '0'
		if d < 0 || d > 9 {
			return false
		}
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}
