package validateur

import (
	"fmt"
	"io"
	"strings"
)

// serie is what was measured on a file.
type serie struct {
	variante variante
	mesures  map[string]mesure
}

// rapport is the result of a run.
type rapport struct {
	coeurs, octets int
	versionGo      string
	repos          mesure
	series         []serie
}

func (r rapport) ecrire(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %d cœurs ; fichiers de %.0f Mo au format 1.4 ; au repos, le processus occupe %.0f Mo.\n\n",
		r.versionGo, r.coeurs, megaoctets(int64(r.octets)), megaoctets(r.repos.pointe))
	b.WriteString("| fichier | mesure | durée (s) | Mo/s | lignes/s | mémoire au-dessus du repos (Mo) | × lecture nue | plus rapide que npm | mémoire de pointe / npm |\n")
	b.WriteString("|---|---|---:|---:|---:|---:|---:|---:|---:|\n")
	for _, s := range r.series {
		for _, nom := range []string{mesureCSV, mesureUnCoeur, mesureTousCoeurs, mesureReference} {
			if m, ok := s.mesures[nom]; ok {
				r.ecrireMesure(&b, s, nom, m)
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (r rapport) ecrireMesure(b *strings.Builder, s serie, nom string, m mesure) {
	nue := s.mesures[mesureCSV].secondes()
	memoire := megaoctets(m.pointe - r.repos.pointe)
	if nom == mesureReference {
		memoire = megaoctets(m.pointe)
	}
	fmt.Fprintf(b, "| %s | %s | %.2f | %.0f | %.0f | %.0f | %.1f |", s.variante.description, nom, m.secondes(),
		megaoctets(int64(r.octets))/m.secondes(), float64(m.Lignes)/m.secondes(), memoire, m.secondes()/nue)
	if npm, ok := s.mesures[mesureReference]; ok && (nom == mesureUnCoeur || nom == mesureTousCoeurs) {
		fmt.Fprintf(b, " %.0f fois | %.3f |\n", npm.secondes()/m.secondes(), float64(m.pointe)/float64(npm.pointe))
		return
	}
	b.WriteString(" | |\n")
}

func megaoctets(octets int64) float64 { return float64(octets) / 1e6 }
