package revision_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"apilos/api/revision"

	"github.com/stretchr/testify/require"
)

// BenchmarkQuatreEtapes measures complete publications of 2 kB by 8 clients, each on its own scope (07 §14).
func BenchmarkQuatreEtapes(b *testing.B) {
	banc := nouveauBanc(b)
	banc.genre.nature = revision.Bal
	banc.service = banc.nouveauService()
	banc.Executer(`INSERT INTO depot_mandataire (id, nom, email) VALUES ('65f000000000000000000001', 'm', 'm@example.org')`)
	banc.Executer(`INSERT INTO depot_client (id, mandataire_id, nom, jeton_empreinte, jeton_prefixe, strategie)
		VALUES ('65f000000000000000000002', '65f000000000000000000001', 'c', repeat('a', 64), 'abc', 'internal')`)
	acteur := revision.Acteur{ClientID: "65f000000000000000000002", Nom: "c"}
	contenu := bytes.Repeat([]byte("x"), 2000)
	banc.genre.types[0].Max = 1_000_000
	// The template of the test databases was analysed while empty: without new statistics every plan would
	// read whole tables, which no database in use does.
	for i := range 400 {
		require.NoError(b, publication(banc.service, acteur, fmt.Sprint("depart", i%100), contenu))
	}
	banc.Executer(`ANALYZE revision, revision_fichier, journal_audit, depot_client`)
	var n atomic.Int64
	var mu sync.Mutex
	var durees []time.Duration
	b.ResetTimer()
	var wg sync.WaitGroup
	for c := range 8 {
		wg.Go(func() {
			for i := 0; n.Add(1) <= int64(b.N); i++ {
				debut := time.Now()
				if err := publication(banc.service, acteur, fmt.Sprint(c, "-", i%50), contenu); err != nil {
					b.Error(err)
					return
				}
				mu.Lock()
				durees = append(durees, time.Since(debut))
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	slices.Sort(durees)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "publications/s")
	b.ReportMetric(float64(durees[len(durees)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(durees[len(durees)*95/100].Microseconds())/1000, "p95-ms")
}

// publication is the four steps of one file.
func publication(s *revision.Service, a revision.Acteur, cle string, contenu []byte) error {
	ctx := context.Background()
	r, err := s.Creer(ctx, a, revision.Creation{Nature: revision.Bal, PorteeType: "commune", PorteeCle: cle})
	if err != nil {
		return err
	}
	d := revision.Depot{Type: "document", Contenu: bytes.NewReader(contenu), TailleAnnoncee: int64(len(contenu))}
	if _, err := s.Deposer(ctx, a, r.ID, d); err != nil {
		return err
	}
	if _, err := s.Calculer(ctx, a, r.ID); err != nil {
		return err
	}
	_, err = s.Publier(ctx, a, r.ID, revision.Publication{})
	return err
}
