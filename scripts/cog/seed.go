package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// ecrireSeed makes one line per commune: code, name, postcodes separated by spaces. The departement is the
// beginning of the code, so it is checked here and not written.
func (s source) ecrireSeed(w io.Writer) (n int, err error) {
	entete := fmt.Sprintf("# Communes : Code officiel géographique %d (INSEE) ; codes postaux : base officielle (La Poste).\n"+
		"# Licence Ouverte. Extrait de @etalab/decoupage-administratif %s (MIT) par scripts/cog.\n", s.millesime, s.version)
	if _, err := io.WriteString(w, entete); err != nil {
		return 0, fmt.Errorf("write list: %w", err)
	}
	for _, c := range s.communes {
		if c.Departement == "984" || c.Departement == "989" {
			continue
		}
		if !strings.HasPrefix(c.Code, c.Departement) || strings.ContainsAny(c.Nom, "\t\n") {
			return 0, fmt.Errorf("commune %s of departement %s: unexpected code or name", c.Code, c.Departement)
		}
		slices.Sort(c.CodesPostaux)
		if _, err := fmt.Fprintf(w, "%s\t%s\t%s\n", c.Code, c.Nom, strings.Join(c.CodesPostaux, " ")); err != nil {
			return 0, fmt.Errorf("write list: %w", err)
		}
		n++
	}
	return n, nil
}
