package cog

import (
	"iter"
	"slices"
	"sort"
	"sync"
)

// Commune is a current commune or a municipal arrondissement.
type Commune struct {
	Code        string // INSEE code, five characters
	Nom         string // official name, with its case and accents
	Departement string // 2 or 3 characters: 01, 2A, 974
	Region      string
	EPCI        string // SIREN of the EPCI with own taxation; empty for the communes without one and for an arrondissement, whose commune has it
	Mere        string // commune of a municipal arrondissement (75056, 69123 or 13055), else empty
	// AnciensCodes are the codes that became this commune, sorted.
	AnciensCodes []string
}

// EPCI is a group of communes with its own taxation.
type EPCI struct {
	Siren   string
	Nom     string
	Type    string   // CA, CC, CU, METRO or MET69
	Membres []string // INSEE codes of the communes, sorted; never those of arrondissements
}

// Cog is the geographic code of one vintage.
type Cog struct {
	millesime, source string
	communes          []Commune // by code
	epci              []EPCI    // by SIREN
	// rangs gives, for the rank of a code, 1 + the index of its commune; anciens does it for former codes.
	// Two flat tables answer faster than maps, and the validator asks several times per row.
	rangs, anciens []uint16
}

var charger = sync.OnceValue(func() *Cog {
	c, err := lire(donnees)
	if err != nil {
		panic("cog: embedded file: " + err.Error()) // a test reads the same bytes
	}
	return c
})

// Charger returns the geographic code embedded in the program. The first call reads it (about 20 ms), the
// others return the same value.
func Charger() *Cog { return charger() }

// Millesime is the year of the geographic code, "2026".
func (c *Cog) Millesime() string { return c.millesime }

// Source tells where the data come from and under which licence, in French.
func (c *Cog) Source() string { return c.source }

// Commune returns a current commune or a municipal arrondissement; 75056, 69123 and 13055 are there too.
func (c *Cog) Commune(code string) (Commune, bool) {
	if i := indice(c.rangs, code); i >= 0 {
		return c.communes[i], true
	}
	return Commune{}, false
}

// Ancienne returns the current commune that a former code became part of.
func (c *Cog) Ancienne(code string) (actuelle string, ok bool) {
	if i := indice(c.anciens, code); i >= 0 {
		return c.communes[i].Code, true
	}
	return "", false
}

// Actuelle says whether the code is that of a current commune or of a municipal arrondissement.
func (c *Cog) Actuelle(code string) bool { return indice(c.rangs, code) >= 0 }

// Connue says whether the code is current or former; no code is both.
func (c *Cog) Connue(code string) bool {
	return indice(c.rangs, code) >= 0 || indice(c.anciens, code) >= 0
}

// ActuelleBAL says whether an address file may use the code: a current one, except 75056, 69123 and 13055,
// whose arrondissements must be used (07 §10.5).
func (c *Cog) ActuelleBAL(code string) bool { return !decoupee(code) && c.Actuelle(code) }

// AncienneBAL is Ancienne for address files: the former code 69232, which only Lyon as a whole gathers, is
// unknown to them (07 §10.5: 4 239 codes and not 4 240).
func (c *Cog) AncienneBAL(code string) (actuelle string, ok bool) {
	actuelle, ok = c.Ancienne(code)
	if !ok || decoupee(actuelle) {
		return "", false
	}
	return actuelle, true
}

// EPCI returns the EPCI of that SIREN.
func (c *Cog) EPCI(siren string) (EPCI, bool) {
	i := sort.Search(len(c.epci), func(i int) bool { return c.epci[i].Siren >= siren })
	if i == len(c.epci) || c.epci[i].Siren != siren {
		return EPCI{}, false
	}
	return c.epci[i], true
}

// Communes gives all current communes and municipal arrondissements, in the order of codes.
func (c *Cog) Communes() iter.Seq[Commune] { return slices.Values(c.communes) }

// TousEPCI gives all EPCI, in the order of SIREN.
func (c *Cog) TousEPCI() iter.Seq[EPCI] { return slices.Values(c.epci) }

// decoupee says whether the commune is divided into municipal arrondissements.
func decoupee(code string) bool {
	return code == "75056" || code == "69123" || code == "13055"
}
