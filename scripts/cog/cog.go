package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// ecrireCog writes what api/cog reads; its lire.go describes the lines.
func (s source) ecrireCog(w io.Writer) (int, error) {
	lignes := &ecriture{w: w}
	lignes.ecrire("millesime", fmt.Sprint(s.millesime))
	lignes.ecrire("source", fmt.Sprintf("Code officiel géographique %d (INSEE) et intercommunalités (DGCL), Licence Ouverte, "+
		"d’après @etalab/decoupage-administratif %s (MIT)", s.millesime, s.version))
	for _, c := range s.communes {
		slices.Sort(c.AnciensCodes)
		lignes.ecrire("C", c.Code, c.Nom, c.Departement, c.Region, c.Commune, strings.Join(c.AnciensCodes, " "))
	}
	for _, e := range s.epci {
		membres := make([]string, 0, len(e.Membres))
		for _, m := range e.Membres {
			membres = append(membres, m.Code)
		}
		slices.Sort(membres)
		lignes.ecrire("E", e.Code, e.Type, e.Nom, strings.Join(membres, " "))
	}
	return len(s.communes), lignes.err
}

// ecriture writes lines of fields separated by tabs, and keeps the first error.
type ecriture struct {
	w   io.Writer
	err error
}

func (e *ecriture) ecrire(champs ...string) {
	ligne := strings.Join(champs, "\t")
	if e.err == nil && (strings.Count(ligne, "\t") != len(champs)-1 || strings.Contains(ligne, "\n")) {
		e.err = fmt.Errorf("line %q: a field contains a separator", ligne)
	}
	if e.err == nil {
		_, e.err = io.WriteString(e.w, ligne+"\n")
	}
}
