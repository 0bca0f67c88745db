package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"apilos/api/event"

	"github.com/jackc/pgx/v5"
)

// valeursLecture are the values that the digest of a reading covers, in the order of contenu_lecture() of the database.
const valeursLecture = `ARRAY[id::text, chaine_id::text, racine_id::text, nom_table::text, ligne_id::text, objet_uuid::text, commande::text, mode::text,
  avant::text, apres::text, motif::text, utilisateur_id::text, detourne_par_id::text, acteur::text, habilitation_id::text, requete_id::text,
  floor(extract(epoch FROM cree_le) * 1000000)::bigint::text]`

const colonnesLecture = `id, mois, lignes, premier_id, premiere_empreinte, dernier_id, empreinte, purgee_le, signature`

// empreinteLecture computes again, outside of the database, the digest that its trigger gave to a reading.
func empreinteLecture(precedente *string, valeurs []*string) string {
	var b strings.Builder
	if precedente != nil {
		b.WriteString(*precedente)
	}
	for i, v := range valeurs {
		if i > 0 {
			b.WriteByte(',')
		}
		if v == nil {
			b.WriteByte('-')
			continue
		}
		b.WriteString(strconv.Itoa(len(*v)) + ":" + *v)
	}
	return empreinte([]byte(b.String()))
}

func lireChaineLectures(row pgx.CollectableRow) (c event.ChaineLectures, err error) {
	var mois time.Time
	err = row.Scan(&c.ID, &mois, &c.Lignes, &c.PremierID, &c.PremiereEmpreinte, &c.DernierID, &c.Empreinte, &c.PurgeeLe, &c.Signature)
	return c, errors.Join(err, c.Mois.Scan(mois))
}

// ChainesLectures lists the chains of readings in the order of their numbers, purged ones included.
func (d *DB) ChainesLectures(ctx context.Context) ([]event.ChaineLectures, error) {
	return chainesLectures(ctx, d.pool, `true`)
}

func chainesLectures(ctx context.Context, source lecteurLignes, condition string, args ...any) ([]event.ChaineLectures, error) {
	rows, err := source.Query(ctx, `SELECT `+colonnesLecture+` FROM journal_lecture WHERE `+condition+` ORDER BY id`, args...)
	if err != nil {
		return nil, fmt.Errorf("chains of readings: %w", err)
	}
	out, err := pgx.CollectRows(rows, lireChaineLectures)
	if err != nil {
		return nil, fmt.Errorf("chains of readings: %w", err)
	}
	return out, nil
}

// ControlerLectures reads the chains of readings again and adds to bilan what it read and what is broken (CC-33): a row
// changed, removed or added, a chain removed with or without its end, a purge that authentique does not recognise. Nil
// recognises every purge. Rows written meanwhile do not look broken: each chain is read in one snapshot.
func (d *DB) ControlerLectures(ctx context.Context, authentique func(event.ChaineLectures) bool, bilan *event.BilanChaines) error {
	bilan.Lectures = &event.BilanLectures{}
	perdues, hors, chaines, err := d.inventaireLectures(ctx)
	if err != nil {
		return err
	}
	for _, id := range perdues {
		bilan.Ruptures = append(bilan.Ruptures, event.Rupture{Lectures: id, Nature: event.ChaineRetiree})
	}
	if hors > 0 {
		bilan.Ruptures = append(bilan.Ruptures, event.Rupture{LigneID: hors, Nature: event.LectureHorsChaine})
	}
	for _, c := range chaines {
		r, lignes, c, err := d.ControlerChaine(ctx, c.ID)
		if err != nil {
			return err
		}
		bilan.Lectures.Chaines, bilan.Lectures.Lignes = bilan.Lectures.Chaines+1, bilan.Lectures.Lignes+lignes
		if c.PurgeeLe != nil {
			bilan.Lectures.Purgees += c.Lignes
			if r == nil && authentique != nil && !authentique(c) {
				r = &event.Rupture{Nature: event.PurgeFausse}
			}
		}
		if r != nil {
			r.Lectures = c.ID
			bilan.Ruptures = append(bilan.Ruptures, *r)
		}
	}
	return nil
}

// inventaireLectures lists the chains, those that are missing, and one reading that belongs to none, 0 without any.
func (d *DB) inventaireLectures(ctx context.Context) (perdues []int64, hors int64, chaines []event.ChaineLectures, err error) {
	err = d.instantane(ctx, func(tx pgx.Tx) error {
		if chaines, err = chainesLectures(ctx, tx, `true`); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `
SELECT n FROM generate_series(1, (SELECT coalesce(max(id), 0) FROM journal_lecture)) n WHERE NOT EXISTS (SELECT FROM journal_lecture c WHERE c.id = n)
UNION SELECT chaine_id FROM journal_audit j WHERE chaine_id IS NOT NULL AND NOT EXISTS (SELECT FROM journal_lecture c WHERE c.id = j.chaine_id) ORDER BY 1`)
		if err != nil {
			return fmt.Errorf("missing chains: %w", err)
		}
		if perdues, err = pgx.CollectRows(rows, pgx.RowTo[int64]); err != nil {
			return fmt.Errorf("missing chains: %w", err)
		}
		// a reading with a digest and no chain of readings is a link of the chain of its family, older than those chains
		return tx.QueryRow(ctx, `SELECT coalesce(min(id), 0) FROM journal_audit WHERE action = 'L' AND chaine_id IS NULL AND (empreinte IS NULL OR racine_id IS NULL)`).Scan(&hors)
	})
	return perdues, hors, chaines, err
}

// ControlerChaine verifies one chain of readings in one snapshot, and returns its end as it is in that snapshot.
func (d *DB) ControlerChaine(ctx context.Context, id int64) (rupture *event.Rupture, lignes int64, c event.ChaineLectures, err error) {
	err = d.instantane(ctx, func(tx pgx.Tx) error {
		trouvees, err := chainesLectures(ctx, tx, `id = $1`, id)
		if err != nil {
			return err
		}
		if len(trouvees) == 0 {
			rupture, c.ID = &event.Rupture{Nature: event.ChaineRetiree}, id
			return nil
		}
		c = trouvees[0]
		chaine := &event.Chaine{}
		var fausse *event.Maillon // the first row that contradicts what the chain remembers
		err = lireLectures(ctx, tx, id, func(m event.Maillon) {
			if fausse == nil && (chaine.Lignes() == 0 && !c.MemeDebut(m) || !c.DansLeMois(m)) {
				fausse = &m
			}
			chaine.Suivre(m)
		})
		if err != nil {
			return err
		}
		lignes = chaine.Lignes()
		if c.PurgeeLe != nil {
			if lignes > 0 {
				rupture = &event.Rupture{Nature: event.PurgeFausse}
			}
			return nil
		}
		if rupture = chaine.Finir(c.Ancre()); rupture == nil && fausse != nil {
			rupture = &event.Rupture{LigneID: fausse.ID, CreeLe: &fausse.CreeLe, Nature: event.AncreFausse}
		}
		return nil
	})
	return rupture, lignes, c, err
}

// lireLectures gives the rows of a chain in their order, page after page.
func lireLectures(ctx context.Context, source lecteurLignes, chaine int64, fn func(event.Maillon)) error {
	for dernier := int64(0); ; {
		rows, err := source.Query(ctx, `SELECT id, cree_le, empreinte_precedente, empreinte, `+valeursLecture+`
			FROM journal_audit WHERE chaine_id = $1 AND id > $2 ORDER BY id LIMIT $3`, chaine, dernier, pageJournal)
		if err != nil {
			return fmt.Errorf("read readings: %w", err)
		}
		n := 0
		for rows.Next() {
			var m event.Maillon
			var valeurs []*string
			if err := rows.Scan(&m.ID, &m.CreeLe, &m.Precedente, &m.Empreinte, &valeurs); err != nil {
				rows.Close()
				return fmt.Errorf("read readings: %w", err)
			}
			m.Calculee = empreinteLecture(m.Precedente, valeurs)
			fn(m)
			dernier, n = m.ID, n+1
		}
		if err := rows.Err(); err != nil {
			return fmt.Errorf("read readings: %w", err)
		}
		if n < pageJournal {
			return nil
		}
	}
}

// PurgerChaine removes the rows of a chain of readings whose end is c, and leaves the signature in their place. The
// database refuses a chain that is not one year old or that has changed.
func (d *DB) PurgerChaine(ctx context.Context, c event.ChaineLectures, le time.Time, signature string) (int64, error) {
	var n int64
	if err := d.pool.QueryRow(ctx, `SELECT purger_lectures($1, $2, $3, $4)`, c.ID, c.Empreinte, le, signature).Scan(&n); err != nil {
		return 0, fmt.Errorf("purge readings: %w", err)
	}
	return n, nil
}

// instantane runs fn in one read-only snapshot.
func (d *DB) instantane(ctx context.Context, fn func(pgx.Tx) error) error {
	return pgx.BeginTxFunc(ctx, d.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, fn)
}
