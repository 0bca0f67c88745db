package app

import (
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"time"

	"apilos/api/mesure"
	"apilos/api/store"
)

// semerMesures writes generated conventions and tells how fast it went. Doing it again adds nothing.
func semerMesures(ctx context.Context, p *pieces, opts SeedOptions) error {
	o := mesure.Options{Conventions: opts.Conventions, Graine: opts.Graine}
	avance := avancement{sortie: opts.Output, terminal: estTerminal(opts.Output), debut: time.Now()}
	bilan, err := p.db.ChargerMesure(ctx, o, avance.noter)
	avance.finir()
	if err != nil {
		return fmt.Errorf("données de mesure : %w", err)
	}
	return annoncerMesures(opts.Output, o, bilan)
}

func annoncerMesures(sortie io.Writer, o mesure.Options, bilan store.BilanMesure) error {
	if sortie == nil {
		return nil
	}
	if bilan.Conventions == 0 {
		_, err := fmt.Fprintf(sortie, "Les %d conventions de la graine %d étaient déjà là : rien n’a été ajouté.\n", o.Conventions, o.Graine)
		return err
	}
	total := bilan.Copie + bilan.Index
	_, err := fmt.Fprintf(sortie, "%d conventions et avenants écrits en %.1f s, soit %d par seconde (lignes : %.1f s, %d par seconde ; index et statistiques : %.1f s).\n",
		bilan.Conventions, total.Seconds(), parSeconde(bilan.Conventions, total), bilan.Copie.Seconds(), parSeconde(bilan.Conventions, bilan.Copie), bilan.Index.Seconds())
	return err
}

func parSeconde(n int, d time.Duration) int {
	return int(math.Round(float64(n) / max(d.Seconds(), 0.001)))
}

// avancement shows how far the loading is: a line that moves on a terminal, a line from time to time elsewhere.
type avancement struct {
	sortie   io.Writer
	terminal bool
	debut    time.Time
	dixiemes int
}

func (a *avancement) noter(faites, total int) {
	if a.sortie == nil {
		return
	}
	if a.terminal {
		fmt.Fprintf(a.sortie, "\r\033[K%d conventions sur %d (%d %%)", faites, total, faites*100/total)
		return
	}
	if d := faites * 10 / total; d > a.dixiemes {
		a.dixiemes = d
		fmt.Fprintf(a.sortie, "%d conventions sur %d\n", faites, total)
	}
}

func (a *avancement) finir() {
	if a.sortie != nil && a.terminal {
		fmt.Fprint(a.sortie, "\r\033[K")
	}
}

func estTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
