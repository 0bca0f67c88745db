package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"apilos/api/event"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// pageJournal is how many rows one statement of a verification reads: memory is bounded whatever the size of the journal,
// and no statement lasts.
const pageJournal = 5000

const colonnesChaine = `id, racine_id, nom_table, ligne_id, objet_uuid, action, commande, mode, avant, apres, motif, utilisateur_id,
  detourne_par_id, acteur, habilitation_id, requete_id, empreinte_precedente, empreinte, cree_le`

// lecteurLignes is a pool or a transaction.
type lecteurLignes interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// ControlerJournal reads the chain of every family, or of one, and reports the first broken link of each (CC-32). A family
// that somebody writes meanwhile may look broken, its rows and its anchor being read at two instants: what looks
// broken is read again in one snapshot before it is said.
func (d *DB) ControlerJournal(ctx context.Context, famille *uuid.UUID) (event.BilanChaines, error) {
	bilan := event.BilanChaines{Ruptures: []event.Rupture{}}
	if famille != nil {
		var racine int64
		err := d.pool.QueryRow(ctx, `SELECT coalesce(parent_id, id) FROM convention WHERE uuid = $1`, *famille).Scan(&racine)
		if errors.Is(err, pgx.ErrNoRows) {
			return bilan, fmt.Errorf("aucune convention ne porte l’identifiant %s", *famille)
		}
		if err != nil {
			return bilan, fmt.Errorf("find family: %w", err)
		}
		return bilan, d.controlerFamille(ctx, racine, &bilan)
	}
	suspectes, err := d.parcourirChaines(ctx, &bilan)
	if err != nil {
		return bilan, err
	}
	for _, racine := range suspectes {
		var seule event.BilanChaines
		if err := d.controlerFamille(ctx, racine, &seule); err != nil {
			return bilan, err
		}
		bilan.Ruptures = append(bilan.Ruptures, seule.Ruptures...)
	}
	return bilan, nil
}

// parcourirChaines reads the whole journal in the order of its families, beside the anchors in the same order, and
// returns the families to look at again.
func (d *DB) parcourirChaines(ctx context.Context, bilan *event.BilanChaines) ([]int64, error) {
	ancres := &curseurAncres{source: d.pool}
	var suspectes []int64
	var courante int64
	chaine := &event.Chaine{}
	finir := func() error {
		// Anchors of families whose rows are all gone come before.
		orphelines, a, err := ancres.jusqua(ctx, courante)
		if err != nil {
			return err
		}
		suspectes = append(suspectes, orphelines...)
		bilan.Familles += int64(len(orphelines))
		if courante == 0 {
			return nil
		}
		bilan.Familles, bilan.Lignes = bilan.Familles+1, bilan.Lignes+chaine.Lignes()
		if chaine.Finir(a) != nil {
			suspectes = append(suspectes, courante)
		}
		return nil
	}
	err := lireChaines(ctx, d.pool, `racine_id IS NOT NULL AND chaine_id IS NULL`, func(racine int64, m event.Maillon) error {
		if racine != courante {
			if err := finir(); err != nil {
				return err
			}
			courante, chaine = racine, &event.Chaine{}
		}
		chaine.Suivre(m)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := finir(); err != nil {
		return nil, err
	}
	orphelines, _, err := ancres.jusqua(ctx, -1)
	bilan.Familles += int64(len(orphelines))
	return append(suspectes, orphelines...), err
}

// controlerFamille verifies one family in one snapshot.
func (d *DB) controlerFamille(ctx context.Context, racine int64, bilan *event.BilanChaines) error {
	tx, err := d.pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return fmt.Errorf("verify family: %w", err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	chaine := &event.Chaine{}
	err = lireChaines(ctx, tx, fmt.Sprintf(`racine_id = %d AND chaine_id IS NULL`, racine), func(_ int64, m event.Maillon) error { chaine.Suivre(m); return nil })
	if err != nil {
		return err
	}
	_, a, err := (&curseurAncres{source: tx, apres: racine - 1}).jusqua(ctx, racine)
	if err != nil {
		return err
	}
	bilan.Familles, bilan.Lignes = bilan.Familles+1, bilan.Lignes+chaine.Lignes()
	r := chaine.Finir(a)
	if r == nil {
		return nil
	}
	r.RacineID = racine
	var id uuid.UUID
	switch err := tx.QueryRow(ctx, `SELECT uuid FROM convention WHERE id = $1`, racine).Scan(&id); {
	case err == nil:
		r.RacineUUID = &id
	case !errors.Is(err, pgx.ErrNoRows):
		return fmt.Errorf("verify family: %w", err)
	}
	bilan.Ruptures = append(bilan.Ruptures, *r)
	return nil
}

// lireChaines gives the rows that satisfy a condition to fn, family after family, each in the order of its ids.
func lireChaines(ctx context.Context, source lecteurLignes, condition string, fn func(racine int64, m event.Maillon) error) error {
	for racine, id := int64(0), int64(0); ; {
		rows, err := source.Query(ctx, `SELECT `+colonnesChaine+` FROM journal_audit WHERE `+condition+
			` AND (racine_id, id) > ($1, $2) ORDER BY racine_id, id LIMIT $3`, racine, id, pageJournal)
		if err != nil {
			return fmt.Errorf("read journal: %w", err)
		}
		n := 0
		var j event.Journal
		for rows.Next() {
			j = event.Journal{}
			if err := rows.Scan(&j.ID, &j.RacineID, &j.NomTable, &j.LigneID, &j.ObjetUUID, &j.Action, &j.Commande, &j.Mode, &j.Avant, &j.Apres,
				&j.Motif, &j.UtilisateurID, &j.DetourneParID, &j.Acteur, &j.HabilitationID, &j.RequeteID, &j.EmpreintePrecedente, &j.Empreinte, &j.CreeLe); err != nil {
				rows.Close()
				return fmt.Errorf("read journal: %w", err)
			}
			calculee, err := empreinteJournal(j.EmpreintePrecedente, j)
			if err == nil {
				err = fn(*j.RacineID, event.Maillon{ID: j.ID, CreeLe: j.CreeLe, Precedente: j.EmpreintePrecedente, Empreinte: j.Empreinte, Calculee: calculee})
			}
			if err != nil {
				rows.Close()
				return fmt.Errorf("verify journal: %w", err)
			}
			racine, id, n = *j.RacineID, j.ID, n+1
		}
		if err := rows.Err(); err != nil {
			return fmt.Errorf("read journal: %w", err)
		}
		if n < pageJournal {
			return nil
		}
	}
}

// curseurAncres reads the anchors in the order of their families, page after page.
type curseurAncres struct {
	source lecteurLignes
	apres  int64
	page   []event.Ancre
	fini   bool
}

// jusqua moves to a family and returns its anchor, nil when it has none, with the families passed on the way. A negative
// family means the end.
func (c *curseurAncres) jusqua(ctx context.Context, racine int64) (passees []int64, trouvee *event.Ancre, err error) {
	for {
		for len(c.page) > 0 {
			a := c.page[0]
			if racine >= 0 && a.RacineID > racine {
				return passees, nil, nil
			}
			c.page = c.page[1:]
			if a.RacineID == racine {
				return passees, &a, nil
			}
			passees = append(passees, a.RacineID)
		}
		if c.fini {
			return passees, nil, nil
		}
		rows, err := c.source.Query(ctx, `SELECT racine_id, lignes, dernier_id, empreinte FROM journal_ancre WHERE racine_id > $1 ORDER BY racine_id LIMIT $2`, c.apres, pageJournal)
		if err != nil {
			return nil, nil, fmt.Errorf("read anchors: %w", err)
		}
		c.page, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (a event.Ancre, err error) {
			return a, row.Scan(&a.RacineID, &a.Lignes, &a.DernierID, &a.Empreinte)
		})
		if err != nil {
			return nil, nil, fmt.Errorf("read anchors: %w", err)
		}
		c.fini = len(c.page) < pageJournal
		if len(c.page) > 0 {
			c.apres = c.page[len(c.page)-1].RacineID
		}
	}
}

// VerifierJournal reports the first broken link of a family as an error.
func (d *DB) VerifierJournal(ctx context.Context, racineID int64) error {
	var bilan event.BilanChaines
	if err := d.controlerFamille(ctx, racineID, &bilan); err != nil {
		return err
	}
	return ErreurChaines(bilan)
}

// VerifierJournaux reports the first broken links of every family and of every chain of readings as an error. It takes the
// purges as they are: only who has the key of the seals recognises them.
func (d *DB) VerifierJournaux(ctx context.Context) error {
	bilan, err := d.ControlerJournal(ctx, nil)
	if err == nil {
		err = d.ControlerLectures(ctx, nil, &bilan)
	}
	if err != nil {
		return err
	}
	return ErreurChaines(bilan)
}

// rupturesCitees bounds what an error says.
const rupturesCitees = 10

// ErreurChaines says as an error what a verification found, nil when nothing is broken.
func ErreurChaines(b event.BilanChaines) error {
	if len(b.Ruptures) == 0 {
		return nil
	}
	var textes []string
	familles := 0
	for _, r := range b.Ruptures {
		if r.RacineID != 0 {
			familles++
		}
		if len(textes) < rupturesCitees {
			textes = append(textes, r.String())
		} else if len(textes) == rupturesCitees {
			textes = append(textes, "…")
		}
	}
	texte := fmt.Sprintf("chaîne rompue pour %d famille(s) sur %d", familles, b.Familles)
	if n := len(b.Ruptures) - familles; n > 0 {
		texte += fmt.Sprintf(" et %d rupture(s) dans les lectures", n)
	}
	return fmt.Errorf("journal : %s (%s)", texte, strings.Join(textes, " ; "))
}
