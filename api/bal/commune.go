package bal

import "apilos/api/cog"

// commune is what the geographic code of the validator says of a code (07 §10.5).
type commune struct {
	code     string // upper case, as given when it is that of nothing
	nom      string // official name, of a current commune only
	actuelle bool
	ancienne bool
}

func (c *commune) connue() bool { return c.actuelle || c.ancienne }

// communes finds communes by their code and remembers the answers: a file has a handful of them. One per goroutine.
type communes struct {
	cog     *cog.Cog
	trouves map[string]*commune
}

// maxCommunes bounds the memory of a file made of invented codes; the memory starts again from nothing.
const maxCommunes = 4096

func nouvellesCommunes(c *cog.Cog) *communes {
	return &communes{cog: c, trouves: make(map[string]*commune)}
}

func (c *communes) trouver(brut []byte) *commune {
	if trouve, ok := c.trouves[string(brut)]; ok {
		return trouve
	}
	trouve := &commune{code: string(enCapitales(brut))}
	if trouve.actuelle = c.cog.ActuelleBAL(trouve.code); trouve.actuelle {
		actuelle, _ := c.cog.Commune(trouve.code)
		trouve.nom = actuelle.Nom
	}
	_, trouve.ancienne = c.cog.AncienneBAL(trouve.code)
	if len(c.trouves) >= maxCommunes {
		clear(c.trouves)
	}
	if len(brut) <= 16 {
		c.trouves[string(brut)] = trouve
	}
	return trouve
}

// devenue tells whether a former code became part of the commune.
func (c *communes) devenue(ancien []byte, commune string) bool {
	actuelle, ok := c.cog.AncienneBAL(string(ancien))
	return ok && actuelle == commune
}
