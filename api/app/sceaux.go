package app

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"apilos/api/config"
	"apilos/api/event"
	"apilos/api/journal"
	"apilos/api/store"
)

// gardeJournal guards the journal from the file storage.
func (p *pieces) gardeJournal() *journal.Garde {
	g := garde(p.base, p.now)
	g.Objets = p.fichiers
	return g
}

// garde is without storage: it verifies, and neither seals nor reads a seal.
func garde(b *base, now func() time.Time) *journal.Garde {
	g := &journal.Garde{
		Store: store.Sceaux{DB: b.db}, Horloge: now, Journal: b.log, Retenue: time.Duration(b.cfg.Journal.SealRetention) * 24 * time.Hour,
	}
	for _, k := range b.cfg.Journal.SealKeys {
		g.Cles = append(g.Cles, journal.Cle{ID: k.ID, Secret: []byte(k.Secret.Reveal())})
	}
	return g
}

// avecGarde opens the database and the file storage, and nothing else.
func avecGarde(ctx context.Context, cfg config.Config, fn func(ctx context.Context, b *base, g *journal.Garde) error) error {
	return avecBase(ctx, cfg, func(ctx context.Context, b *base) error {
		p := &pieces{base: b, now: time.Now}
		defer func() {
			for _, f := range p.fermetures {
				f()
			}
		}()
		if err := p.ouvrirFichiers(ctx); err != nil {
			return err
		}
		return fn(ctx, b, p.gardeJournal())
	})
}

// ScellerJournal writes a seal of the journal in the file storage now and prints its digest, to be archived elsewhere.
func ScellerJournal(ctx context.Context, cfg config.Config, w io.Writer, asJSON bool) error {
	return avecGarde(ctx, cfg, func(ctx context.Context, _ *base, g *journal.Garde) error {
		s, err := g.Sceller(ctx)
		if err != nil {
			return err
		}
		if asJSON {
			err = json.NewEncoder(w).Encode(s)
		} else {
			_, err = fmt.Fprintf(w, "Sceau n° %d du %s : %s\n%d chaînes scellées, dans l’objet %s. Conservez cette empreinte hors de la plateforme.\n",
				s.Numero, s.CreeLe.Format("02/01/2006 15:04:05 UTC"), s.Empreinte, s.Chaines, s.Cle)
		}
		if err != nil {
			return fmt.Errorf("write report: %w", err)
		}
		return nil
	})
}

// verifierChaines reads every chain again, those of readings and their purges included.
func verifierChaines(ctx context.Context, db *store.DB, g *journal.Garde) (event.BilanChaines, error) {
	bilan, err := db.ControlerJournal(ctx, nil)
	if err == nil {
		err = g.ControlerLectures(ctx, &bilan)
	}
	return bilan, err
}

// sceauxIntacts says as an error what the seals contradict.
func sceauxIntacts(ctx context.Context, g *journal.Garde) error {
	b, err := g.Verifier(ctx, "")
	if err != nil || len(b.Anomalies) == 0 {
		return err
	}
	return fmt.Errorf("%d anomalie(s) ; %s", len(b.Anomalies), b.Anomalies[0])
}
