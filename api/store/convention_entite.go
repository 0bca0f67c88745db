package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"apilos/api/convention"

	"github.com/google/uuid"
	"github.com/lib/pq"
)

// ChercherBailleurs implements convention.Store. A private bailleur has no code: its key is an e-mail, never given.
func (d *DB) ChercherBailleurs(ctx context.Context, choix convention.ChoixBailleurs, q string, id uuid.UUID, limite int) ([]convention.Entite, error) {
	cond, args := "TRUE", []any{}
	switch {
	case choix.Tous:
	case choix.IDs != nil:
		cond, args = "b.id = ANY(?)", []any{pq.Int64Array(choix.IDs)}
	default:
		cond, args = "b.siren = ANY(?)", []any{pq.StringArray(choix.Sirens)}
	}
	if q = strings.TrimSpace(q); strings.Trim(q, "0123456789 ") == "" && q != "" {
		cond, args = cond+" AND b.siren LIKE ?", append(args, chiffresSeuls(q)+"%")
	} else if q != "" {
		cond, args = cond+" AND sans_accent(b.nom) LIKE ?", append(args, "%"+echapper(sansAccent(q))+"%")
	}
	return d.chercherEntites(ctx, "SELECT b.id, b.uuid, b.nom, coalesce(b.siren, '') AS code FROM bailleur b WHERE ", "b", cond, args, id, limite)
}

// ChercherAdministrations implements convention.Store.
func (d *DB) ChercherAdministrations(ctx context.Context, q string, id uuid.UUID, limite int) ([]convention.Entite, error) {
	cond, args := "TRUE", []any{}
	if q = strings.TrimSpace(q); q != "" {
		cond += " AND (sans_accent(a.nom) LIKE ? OR upper(a.code) LIKE ?)"
		args = append(args, "%"+echapper(sansAccent(q))+"%", echapper(strings.ToUpper(q))+"%")
	}
	return d.chercherEntites(ctx, "SELECT a.id, a.uuid, a.nom, a.code FROM administration a WHERE ", "a", cond, args, id, limite)
}

func (d *DB) chercherEntites(ctx context.Context, sql, alias, cond string, args []any, id uuid.UUID, limite int) ([]convention.Entite, error) {
	if id != uuid.Nil {
		cond += " AND " + alias + ".uuid = ?"
		args = append(args, id)
	}
	var out []convention.Entite
	err := d.db(ctx).Raw(sql+cond+" ORDER BY sans_accent("+alias+".nom), "+alias+".id LIMIT ?", append(args, limite)...).Scan(&out).Error
	if err != nil {
		return nil, fmt.Errorf("search entities: %w", err)
	}
	return out, nil
}

// Voisines implements convention.Store.
func (d *DB) Voisines(ctx context.Context, operationID int64) ([]convention.Voisine, error) {
	var out []convention.Voisine
	err := d.db(ctx).Raw(`SELECT id, uuid, statut FROM convention WHERE operation_id = ? AND parent_id IS NULL AND supprime_le IS NULL ORDER BY id`,
		operationID).Scan(&out).Error
	if err != nil {
		return nil, fmt.Errorf("find conventions of operation: %w", err)
	}
	return out, nil
}

// ChangerAdministration implements convention.Store.
func (d *DB) ChangerAdministration(ctx context.Context, operationID, administrationID int64, le time.Time) (int, error) {
	args := map[string]any{"operation": operationID, "administration": administrationID, "le": le}
	const membres = `SELECT m.id, m.operation_id FROM convention r JOIN convention m ON m.id = r.id OR m.parent_id = r.id
WHERE r.operation_id = @operation AND r.parent_id IS NULL`
	var ids []int64
	err := d.db(ctx).Raw(`SELECT c.id FROM convention c WHERE c.id IN (SELECT id FROM (`+membres+`) x)
ORDER BY c.parent_id IS NOT NULL, c.id FOR UPDATE`, args).Scan(&ids).Error
	if err != nil {
		return 0, fmt.Errorf("lock families: %w", err)
	}
	res := d.db(ctx).Exec(`UPDATE operation SET administration_id = @administration, version = version + 1, mis_a_jour_le = @le
WHERE id IN (SELECT operation_id FROM (`+membres+`) x) AND administration_id IS DISTINCT FROM @administration`, args)
	if res.Error != nil {
		return 0, fmt.Errorf("change administration: %w", res.Error)
	}
	if res.RowsAffected == 0 {
		return 0, nil
	}
	if err := d.db(ctx).Exec(`UPDATE convention SET version = version + 1, mis_a_jour_le = ? WHERE id IN ?`, le, ids).Error; err != nil {
		return 0, fmt.Errorf("raise versions of families: %w", err)
	}
	return int(res.RowsAffected), d.RafraichirRecherche(ctx, ids...)
}
