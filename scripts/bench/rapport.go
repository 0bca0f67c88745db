package main

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// rapport is the result of a run: the same measures on each database.
type rapport struct {
	coeurs              int
	versionGo, postgres string
	series              []int // numbers of clients
	bases               []string
	mesures             [][]serie
}

func (r rapport) ecrire(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "PostgreSQL %s, %s, %d cœurs partagés entre les clients, le serveur, PostgreSQL et le simulateur.\n\n", r.postgres, r.versionGo, r.coeurs)
	for i, description := range r.bases {
		fmt.Fprintf(&b, "- base %d : %s\n", i+1, description)
	}
	derniere := len(r.mesures) - 1
	for _, clients := range r.series {
		fmt.Fprintf(&b, "\n%s, base %d :\n\n", nombreClients(clients), derniere+1)
		b.WriteString("| mesure | p50 (ms) | p95 (ms) | requêtes/s | p50 / référence |")
		for i := range r.bases {
			fmt.Fprintf(&b, " SQL, base %d |", i+1)
		}
		b.WriteString("\n|---|---:|---:|---:|---:|" + strings.Repeat("---:|", len(r.bases)) + "\n")
		ref := trouver(r.mesures[derniere], reference, clients)
		for _, m := range r.mesures[derniere] {
			if m.clients != clients {
				continue
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %.0f | %.0f |", m.nom, ms(m.centile(50)), ms(m.centile(95)), m.parSeconde(), rapporter(m, ref))
			for _, base := range r.mesures {
				fmt.Fprintf(&b, " %s |", instructions(trouver(base, m.nom, clients).sql))
			}
			b.WriteString("\n")
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func trouver(mesures []serie, nom string, clients int) serie {
	for _, m := range mesures {
		if m.nom == nom && m.clients == clients {
			return m
		}
	}
	return serie{}
}

func rapporter(m, ref serie) float64 {
	if ref.centile(50) == 0 {
		return 0
	}
	return float64(m.centile(50)) / float64(ref.centile(50))
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f", float64(d.Microseconds())/1000) }

// instructions writes the median of sorted counts, and the greatest when it differs: now and then a request reads the
// session again, or meets a dossier with more kinds of rows.
func instructions(n []int) string {
	if len(n) == 0 {
		return "–"
	}
	mediane, max := n[(len(n)-1)/2], n[len(n)-1]
	if mediane == max {
		return fmt.Sprint(mediane)
	}
	return fmt.Sprintf("%d (max %d)", mediane, max)
}

func nombreClients(n int) string {
	if n == 1 {
		return "Un client"
	}
	return fmt.Sprintf("%d clients simultanés", n)
}
