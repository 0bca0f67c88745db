package store

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"
)

// seuilIndex is the number of new conventions from which rebuilding an index costs less than keeping it up to date.
const seuilIndex = 5_000

// tablesMesure are those whose secondary indexes are worth rebuilding, the longest work first.
const tablesMesure = `'{convention_recherche,operation,convention_historique,convention,lot,logement,commentaire,publication_spf,reference_cadastrale,pret}'`

// indexEcartable is true of an index that checks nothing: it is not unique, or it is only unique because it holds the
// primary key, which keeps its own index.
const indexEcartable = `(NOT i.indisunique OR EXISTS (
  SELECT FROM pg_index k WHERE k.indrelid = i.indrelid AND k.indisprimary AND k.indexrelid <> i.indexrelid AND i.indpred IS NULL
    AND string_to_array(k.indkey::text, ' ') <@ string_to_array(i.indkey::text, ' ')))`

// ecarterIndex puts the secondary indexes of the loaded tables aside: PostgreSQL then neither writes nor reads them.
// They are left in the state of an interrupted CREATE INDEX CONCURRENTLY, which REINDEX repairs: if the program
// is killed, their definition is still there, and the next run finds and rebuilds them. Unique indexes
// that check the rows stay.
func (c *chargement) ecarterIndex(ctx context.Context, nouvelles int) ([]string, error) {
	if !c.superuser || nouvelles < seuilIndex {
		return c.indexEcartes(ctx)
	}
	err := c.db.db(ctx).Exec(`
UPDATE pg_index i SET indisvalid = false, indisready = false
FROM pg_class t WHERE t.oid = i.indrelid AND t.relnamespace = 'public'::regnamespace AND t.relname = ANY(`+tablesMesure+`)
  AND `+indexEcartable+` AND i.indisready AND t.reltuples <= ?`, nouvelles).Error
	if err != nil {
		return nil, fmt.Errorf("put indexes aside: %w", err)
	}
	return c.indexEcartes(ctx)
}

// indexEcartes lists the indexes put aside, by this run or by one that was killed.
func (c *chargement) indexEcartes(ctx context.Context) ([]string, error) {
	if !c.superuser {
		return nil, nil
	}
	var noms []string
	err := c.db.db(ctx).Raw(`
SELECT x.relname FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid JOIN pg_am m ON m.oid = x.relam
WHERE t.relnamespace = 'public'::regnamespace AND t.relname = ANY(` + tablesMesure + `) AND NOT i.indisready AND ` + indexEcartable + `
ORDER BY m.amname = 'gin' DESC, array_position(` + tablesMesure + `::name[], t.relname), x.relname`).Scan(&noms).Error
	if err != nil {
		return nil, fmt.Errorf("list indexes put aside: %w", err)
	}
	return noms, nil
}

// rebatir rebuilds the indexes put aside, then reads statistics again.
func (c *chargement) rebatir(ctx context.Context, index []string) error {
	var taches []string
	for _, nom := range index {
		taches = append(taches, `REINDEX INDEX "`+nom+`"`)
	}
	if err := c.executerToutes(ctx, taches); err != nil {
		return fmt.Errorf("rebuild indexes: %w", err)
	}
	if c.ecrites == 0 {
		return nil
	}
	taches = taches[:0]
	for _, table := range []string{
		"operation", "convention_recherche", "convention", "convention_historique", "logement", "commentaire", "lot", "publication_spf", "bailleur",
		"utilisateur", "pret", "reference_cadastrale", "convention_type_avenant", "convention_foyer_residence",
	} {
		taches = append(taches, "ANALYZE "+table)
	}
	if err := c.executerToutes(ctx, taches); err != nil {
		return fmt.Errorf("read statistics: %w", err)
	}
	return nil
}

// executerToutes runs statements two at a time, in their order.
func (c *chargement) executerToutes(ctx context.Context, sqls []string) error {
	file := make(chan string, len(sqls))
	for _, sql := range sqls {
		file <- sql
	}
	close(file)
	var g errgroup.Group
	for range 2 {
		g.Go(func() error {
			var errs []error
			for sql := range file {
				errs = append(errs, c.executer(ctx, "SET LOCAL maintenance_work_mem = '256MB'", "SET LOCAL max_parallel_maintenance_workers = 0", sql))
			}
			return errors.Join(errs...)
		})
	}
	return g.Wait()
}

// executer runs statements in a transaction without the limit on their duration.
func (c *chargement) executer(ctx context.Context, sqls ...string) error {
	return c.db.InTx(ctx, func(ctx context.Context) error {
		for _, sql := range append([]string{"SET LOCAL statement_timeout = 0"}, sqls...) {
			if err := c.db.db(ctx).Exec(sql).Error; err != nil {
				return fmt.Errorf("%s: %w", sql, err)
			}
		}
		return nil
	})
}
