package store

import (
	"context"
	"fmt"
	"time"

	"apilos/api/event"
	"apilos/api/journal"

	"github.com/jackc/pgx/v5"
)

// Sceaux implements journal.Store.
type Sceaux struct{ *DB }

var _ journal.Store = Sceaux{}

// verrouSceau is the advisory lock of those who seal.
const verrouSceau = 0x73636561750a

// SousVerrou implements journal.Store: the lock belongs to a connection of its own and ends with it.
func (s Sceaux) SousVerrou(ctx context.Context, fn func(ctx context.Context) error) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, int64(verrouSceau)); err != nil {
			return fmt.Errorf("wait for the other seal: %w", err)
		}
		return fn(ctx)
	})
}

// Horizon implements journal.Store. A transaction that writes the journal holds a lock on the table before it takes the id
// of a row, and until what it wrote is visible or gone.
func (s Sceaux) Horizon(ctx context.Context) (id int64, enCours []string, err error) {
	if err := s.pool.QueryRow(ctx, `SELECT last_value FROM journal_audit_id_seq`).Scan(&id); err != nil {
		return 0, nil, fmt.Errorf("horizon of the journal: %w", err)
	}
	rows, err := s.pool.Query(ctx, `SELECT DISTINCT virtualtransaction FROM pg_locks WHERE locktype = 'relation' AND mode = 'RowExclusiveLock'
		AND relation = 'journal_audit'::regclass AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY 1`)
	if err != nil {
		return 0, nil, fmt.Errorf("writers of the journal: %w", err)
	}
	if enCours, err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil {
		return 0, nil, fmt.Errorf("writers of the journal: %w", err)
	}
	return id, enCours, nil
}

// Fins implements journal.Store. The families are found by the rows that were written, on the primary key of the journal.
func (s Sceaux) Fins(ctx context.Context, depuis int64, fn func(journal.Fin) error) error {
	return s.instantane(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
SELECT false, a.racine_id, a.lignes, a.dernier_id, a.empreinte FROM journal_ancre a
 WHERE $1::bigint = 0 OR a.racine_id IN (SELECT racine_id FROM journal_audit WHERE id > $1 AND racine_id IS NOT NULL AND chaine_id IS NULL)
UNION ALL
SELECT true, id, lignes, dernier_id, empreinte FROM journal_lecture WHERE purgee_le IS NULL AND lignes > 0
ORDER BY 1, 2`, depuis)
		if err != nil {
			return fmt.Errorf("ends of the chains: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			var f journal.Fin
			if err := rows.Scan(&f.Lectures, &f.Chaine, &f.Lignes, &f.DernierID, &f.Empreinte); err != nil {
				return fmt.Errorf("ends of the chains: %w", err)
			}
			if err := fn(f); err != nil {
				return err
			}
		}
		return rows.Err()
	})
}

// Retrouver implements journal.Store: one statement. The end of a chain of readings may be gone with a purge.
func (s Sceaux) Retrouver(ctx context.Context, fins []journal.Fin) ([]journal.Fin, error) {
	if len(fins) == 0 {
		return nil, nil
	}
	n := len(fins)
	lectures, chaines, lignes, derniers, empreintes := make([]bool, n), make([]int64, n), make([]int64, n), make([]int64, n), make([]string, n)
	for i, f := range fins {
		lectures[i], chaines[i], lignes[i], derniers[i], empreintes[i] = f.Lectures, f.Chaine, f.Lignes, f.DernierID, f.Empreinte
	}
	rows, err := s.pool.Query(ctx, `
SELECT f.n FROM unnest($1::boolean[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[]) WITH ORDINALITY f(lectures, chaine, lignes, dernier, empreinte, n)
  LEFT JOIN journal_audit j ON j.id = f.dernier AND j.empreinte = f.empreinte
        AND CASE WHEN f.lectures THEN j.chaine_id = f.chaine ELSE j.racine_id = f.chaine AND j.chaine_id IS NULL END
 WHERE j.id IS NULL AND NOT (f.lectures AND EXISTS (SELECT FROM journal_lecture c WHERE c.id = f.chaine AND c.purgee_le IS NOT NULL
        AND (c.lignes > f.lignes OR c.lignes = f.lignes AND c.dernier_id = f.dernier AND c.empreinte = f.empreinte)))
 ORDER BY f.n`, lectures, chaines, lignes, derniers, empreintes)
	if err != nil {
		return nil, fmt.Errorf("look for sealed ends: %w", err)
	}
	rangs, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return nil, fmt.Errorf("look for sealed ends: %w", err)
	}
	perdues := make([]journal.Fin, len(rangs))
	for i, r := range rangs {
		perdues[i] = fins[r-1]
	}
	return perdues, nil
}

// SceauxInscrits implements journal.Store.
func (s Sceaux) SceauxInscrits(ctx context.Context) ([]event.SceauInscrit, error) {
	rows, err := s.pool.Query(ctx, `SELECT numero, cle_objet, empreinte, cree_le FROM journal_sceau ORDER BY numero`)
	if err != nil {
		return nil, fmt.Errorf("list seals: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[event.SceauInscrit])
	if err != nil {
		return nil, fmt.Errorf("list seals: %w", err)
	}
	return out, nil
}

// InscrireSceau implements journal.Store.
func (s Sceaux) InscrireSceau(ctx context.Context, x event.SceauInscrit) error {
	if _, err := s.pool.Exec(ctx, `INSERT INTO journal_sceau (numero, cle_objet, empreinte, cree_le) VALUES ($1, $2, $3, $4)`,
		x.Numero, x.CleObjet, x.Empreinte, x.CreeLe); err != nil {
		return fmt.Errorf("note a seal: %w", err)
	}
	return nil
}

// PremiereLigne implements journal.Store.
func (s Sceaux) PremiereLigne(ctx context.Context) (*time.Time, error) {
	rows, err := s.pool.Query(ctx, `SELECT cree_le FROM journal_audit ORDER BY id LIMIT 1`)
	if err != nil {
		return nil, fmt.Errorf("first row of the journal: %w", err)
	}
	lues, err := pgx.CollectRows(rows, pgx.RowTo[time.Time])
	if err != nil || len(lues) == 0 {
		return nil, err
	}
	return &lues[0], nil
}
