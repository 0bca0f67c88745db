package app

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"runtime"
	"time"

	"apilos/api/antivirus"
	"apilos/api/convention"
	"apilos/api/revision"
	octets "apilos/api/revision/coffre"
	"apilos/api/revision/genre"
	"apilos/api/store"
)

// ouvrirRevisions builds the engine of revisions; the natures are registered by those who own them.
func (p *pieces) ouvrirRevisions(context.Context) error {
	var scanner revision.Scanner
	if p.cfg.Antivirus.Enabled() {
		scanner = analyseur{p.scanner}
	}
	moteur, err := p.moteur(p.now, scanner)
	p.revisions = moteur
	return err
}

// moteur returns an engine without any nature.
func (p *pieces) moteur(horloge func() time.Time, scanner revision.Scanner) (*revision.Service, error) {
	ids, err := revision.NewIdentifiants(horloge, rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("identifiers of revisions: %w", err)
	}
	return revision.New(revision.Config{
		Store: store.NewRevisions(p.db), Coffre: octets.New(p.fichiers), Identifiants: ids, Horloge: horloge, Scanner: scanner,
		Ouvriers: ouvriers(p.cfg.Depot.ValidationWorkers), DelaiCalcul: p.cfg.Depot.ValidationTimeout, Publiee: p.publiee,
	})
}

// conventions returns the service of conventions whose files go through moteur, and registers its natures.
func (p *pieces) conventions(moteur *revision.Service, sortant convention.Sortant, a convention.Analyseur, horloge func() time.Time, options ...convention.Option) (*convention.Service, error) {
	c := convention.NewService(p.db, sortant, genre.Depots{Moteur: moteur, Coffre: octets.New(p.fichiers)}, a, horloge, options...)
	return c, moteur.Enregistrer(genre.Natures(c)...)
}

// analyseur gives the antivirus to the engine.
type analyseur struct{ antivirus.Scanner }

// Analyser implements revision.Scanner.
func (a analyseur) Analyser(ctx context.Context, r io.Reader) (bool, error) {
	v, err := a.Scan(ctx, r)
	return v.Statut == antivirus.Infecte, err
}

// ouvriers is how many validations run together: as asked, or one per processor.
func ouvriers(n int) int {
	if n > 0 {
		return n
	}
	return runtime.GOMAXPROCS(0)
}

// gardeRevisions is how long a pending revision waits for its publication (07 §11).
func (p *pieces) gardeRevisions() time.Duration {
	return time.Duration(p.cfg.Depot.PendingTTLDays) * 24 * time.Hour
}
