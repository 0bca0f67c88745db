package store

import (
	"context"
	"fmt"
	"time"

	"apilos/api/convention"
)

// PropagerNumeroOperation implements convention.Store.
func (d *DB) PropagerNumeroOperation(ctx context.Context, dos *convention.Dossier, le time.Time) error {
	args := map[string]any{"operation": dos.Operation.ID, "le": le}
	const versions = `SELECT v.id FROM operation v JOIN operation o ON o.id = @operation
WHERE v.origine_id = o.id AND v.numero_operation IS DISTINCT FROM o.numero_operation`
	var ids []int64
	err := d.db(ctx).Raw(`SELECT c.id FROM convention c WHERE c.parent_id IS NOT NULL AND c.operation_id IN (`+versions+`) ORDER BY c.id FOR UPDATE`, args).
		Scan(&ids).Error
	if err != nil {
		return fmt.Errorf("lock avenants of operation: %w", err)
	}
	err = d.db(ctx).Exec(`UPDATE operation SET numero_operation = (SELECT numero_operation FROM operation WHERE id = @operation),
version = version + 1, mis_a_jour_le = @le WHERE id IN (`+versions+`)`, args).Error
	if err != nil {
		return fmt.Errorf("number of the versions of operation: %w", err)
	}
	if len(ids) == 0 {
		return nil
	}
	if err := d.db(ctx).Exec(`UPDATE convention SET version = version + 1, mis_a_jour_le = ? WHERE id IN ?`, le, ids).Error; err != nil {
		return fmt.Errorf("raise versions of avenants: %w", err)
	}
	return d.RafraichirRecherche(ctx, ids...)
}
