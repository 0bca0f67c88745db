package store

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"

	"apilos/api/mesure"

	"github.com/lib/pq"
	"golang.org/x/sync/errgroup"
)

// BilanMesure tells what ChargerMesure did.
type BilanMesure struct {
	Conventions int           // conventions and avenants written
	Presentes   int           // those an earlier run had written
	Copie       time.Duration // from the first row to the last one, read model included
	Index       time.Duration // rebuilding of the indexes that were put aside, statistics
}

// SuiviMesure is told how many conventions out of the total are in the database, then that the indexes are being rebuilt
// (faites = total). It is called by one goroutine at a time.
type SuiviMesure func(faites, total int)

// ChargerMesure writes generated conventions: one transaction per Tranche, several at the same time, each with
// its rows of the read model and the counters of its numbers. A Tranche that is already there is left alone, so
// that an interrupted run is completed by the same command; it fails when the seed served for another number of
// conventions.
//
// A superuser loads faster: foreign keys and triggers of the new rows are not checked again
// (session_replication_role), and when the new rows are many, secondary indexes are put aside and rebuilt.
func (d *DB) ChargerMesure(ctx context.Context, o mesure.Options, suivi SuiviMesure) (BilanMesure, error) {
	var bilan BilanMesure
	faites, err := d.tranchesPresentes(ctx, o)
	if err != nil {
		return bilan, err
	}
	for rang := range faites {
		bilan.Presentes += o.Taille(rang)
	}
	if bilan.Presentes == o.Conventions {
		return bilan, nil
	}
	g, err := d.preparerMesure(ctx, o)
	if err != nil {
		return bilan, err
	}
	c := chargement{db: d, o: o, generateur: g, faites: faites, suivi: suivi, ecrites: bilan.Presentes}
	if err := c.privileges(ctx); err != nil {
		return bilan, err
	}
	debut := time.Now()
	index, err := c.ecarterIndex(ctx, o.Conventions-bilan.Presentes)
	if err == nil {
		err = c.charger(ctx)
	}
	bilan.Copie, bilan.Conventions = time.Since(debut), c.ecrites-bilan.Presentes
	// Indexes come back whatever happened, and even when the caller stopped waiting.
	debut = time.Now()
	err = errors.Join(err, c.rebatir(context.WithoutCancel(ctx), index))
	bilan.Index = time.Since(debut)
	return bilan, err
}

// tranchesPresentes lists the Tranches that an earlier run wrote.
func (d *DB) tranchesPresentes(ctx context.Context, o mesure.Options) (map[int]bool, error) {
	present := map[int]bool{}
	for rang := range o.Tranches() {
		premiere, derniere := o.Bornes(rang)
		var n int
		err := d.db(ctx).Raw(`SELECT count(*) FROM convention WHERE uuid IN (?, ?)`, premiere, derniere).Scan(&n).Error
		if err != nil {
			return nil, fmt.Errorf("look for generated conventions: %w", err)
		}
		switch {
		case n == 2, n == 1 && premiere == derniere:
			present[rang] = true
		case n == 1:
			return nil, graineServie(o)
		}
	}
	var n int
	if err := d.db(ctx).Raw(`SELECT count(*) FROM convention WHERE uuid = ?`, o.Apres()).Scan(&n).Error; err != nil {
		return nil, fmt.Errorf("look for generated conventions: %w", err)
	}
	if n > 0 {
		return nil, graineServie(o)
	}
	return present, nil
}

// ErrGraineServie says that a seed has already written another number of conventions.
var ErrGraineServie = errors.New("cette graine a déjà servi à écrire un autre nombre de conventions : choisissez-en une autre")

func graineServie(o mesure.Options) error {
	return fmt.Errorf("graine %d : %w", o.Graine, ErrGraineServie)
}

func (d *DB) preparerMesure(ctx context.Context, o mesure.Options) (*mesure.Generateur, error) {
	ref, err := d.lireReferentiel(ctx)
	if err != nil {
		return nil, err
	}
	if ref.Premiers, err = d.reserver(ctx, o.Reserver()); err != nil {
		return nil, err
	}
	g, err := mesure.Nouveau(o, ref)
	if err != nil {
		return nil, err
	}
	return g, d.installer(ctx, g.Acteurs(), o.Graine)
}

// chargement is a run of ChargerMesure.
type chargement struct {
	db         *DB
	o          mesure.Options
	generateur *mesure.Generateur
	faites     map[int]bool
	suivi      SuiviMesure
	ecrites    int
	superuser  bool
}

func (c *chargement) privileges(ctx context.Context) error {
	if err := c.db.db(ctx).Raw(`SELECT current_setting('is_superuser')::boolean`).Scan(&c.superuser).Error; err != nil {
		return fmt.Errorf("read privileges: %w", err)
	}
	return nil
}

// charger generates Tranches in one goroutine and writes them in several.
func (c *chargement) charger(ctx context.Context) error {
	pretes, ecrites := make(chan *mesure.Tranche, 1), make(chan int)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(pretes)
		for t := c.generateur.Suivante(); t != nil; t = c.generateur.Suivante() {
			if c.faites[t.Rang] {
				continue
			}
			select {
			case pretes <- t:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	ecrivains, ctxEcrivains := errgroup.WithContext(ctx)
	for range min(max(runtime.GOMAXPROCS(0), 2), 4) {
		ecrivains.Go(func() error {
			for t := range pretes {
				if err := c.ecrire(ctxEcrivains, t); err != nil {
					return fmt.Errorf("load tranche %d: %w", t.Rang, err)
				}
				ecrites <- len(t.Conventions)
			}
			return nil
		})
	}
	g.Go(func() error {
		defer close(ecrites)
		return ecrivains.Wait()
	})
	for n := range ecrites {
		c.ecrites += n
		if c.suivi != nil {
			c.suivi(c.ecrites, c.o.Conventions)
		}
	}
	return g.Wait()
}

// ecrire loads a Tranche in one transaction.
func (c *chargement) ecrire(ctx context.Context, t *mesure.Tranche) error {
	return c.db.InTx(ctx, func(ctx context.Context) error {
		tx, _ := Tx(ctx)
		// The rows of the Tranche are found by their keys: tables that grow under its feet mislead the planner.
		reglages := `SET LOCAL statement_timeout = 0; SET LOCAL synchronous_commit = off; SET LOCAL jit = off;
			SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL enable_seqscan = off`
		if c.superuser {
			reglages += `; SET LOCAL session_replication_role = replica`
		}
		if _, err := tx.Exec(ctx, reglages); err != nil {
			return err
		}
		if err := copierTranche(ctx, tx, t); err != nil {
			return err
		}
		recherche, err := rechercheParPlage()
		if err != nil {
			return err
		}
		premiere, derniere := t.Conventions[0].ID, t.Conventions[len(t.Conventions)-1].ID
		if _, err := tx.Exec(ctx, recherche, premiere, derniere); err != nil {
			return fmt.Errorf("write read model: %w", err)
		}
		return c.avancerCompteurs(ctx, t)
	})
}

// rechercheParPlage is the statement of RafraichirRecherche for new conventions whose identifiers follow each
// other: finding the families of a list, and rows that may already be there, is most of its cost.
func rechercheParPlage() (string, error) {
	insertion, _, _ := strings.Cut(ecrireRecherche, "ON CONFLICT")
	parListe := "c.id IN (" + famille + ")"
	if strings.Count(insertion, parListe) != 1 {
		return "", errors.New("the statement of the read model does not choose its rows by family any more")
	}
	return strings.Replace(insertion, parListe, "c.id BETWEEN $1 AND $2", 1), nil
}

// avancerCompteurs comes last: the counters stay locked until the transaction ends.
func (c *chargement) avancerCompteurs(ctx context.Context, t *mesure.Tranche) error {
	deps, annees, derniers := make(pq.StringArray, 0), make(pq.Int64Array, 0), make(pq.Int64Array, 0)
	for _, k := range t.Compteurs {
		deps, annees, derniers = append(deps, k.CodeDepartement), append(annees, int64(k.Annee)), append(derniers, int64(k.Dernier))
	}
	err := c.db.db(ctx).Exec(`
INSERT INTO compteur_numero_convention AS n (code_departement, annee, dernier)
SELECT * FROM unnest(?::varchar[], ?::int[], ?::int[])
ON CONFLICT (code_departement, annee) DO UPDATE SET dernier = greatest(n.dernier, excluded.dernier)`, deps, annees, derniers).Error
	if err != nil {
		return fmt.Errorf("advance number sequences: %w", err)
	}
	return nil
}
