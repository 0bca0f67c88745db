package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"apilos/api/convention"
	"apilos/api/date"

	"github.com/google/uuid"
)

// VerrouillerMembres implements convention.Store: the caller holds the root, the others follow by ascending id (CC-04).
func (d *DB) VerrouillerMembres(ctx context.Context, racineID, saufID int64, statuts ...convention.Statut) ([]uuid.UUID, error) {
	var rows []struct {
		ID     int64
		UUID   uuid.UUID
		Statut convention.Statut
	}
	err := d.db(ctx).Raw(`SELECT id, uuid, statut FROM convention WHERE (id = ? OR parent_id = ?) AND supprime_le IS NULL ORDER BY id FOR UPDATE`,
		racineID, racineID).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("lock family: %w", err)
	}
	var out []uuid.UUID
	for _, r := range rows {
		if r.ID != saufID && slices.Contains(statuts, r.Statut) {
			out = append(out, r.UUID)
		}
	}
	return out, nil
}

// DaterPublication implements convention.Store.
func (d *DB) DaterPublication(ctx context.Context, conventionID int64, jour date.Date, le time.Time) error {
	err := d.db(ctx).Exec(`UPDATE publication_spf SET date_publication = ?, mis_a_jour_le = ? WHERE id = (
		SELECT id FROM publication_spf WHERE convention_id = ? AND date_publication IS NOT NULL ORDER BY id DESC LIMIT 1)`,
		jour, le, conventionID).Error
	if err != nil {
		return fmt.Errorf("date publication: %w", err)
	}
	return nil
}

// RacinesParNumero implements convention.Store.
func (d *DB) RacinesParNumero(ctx context.Context, numero string) ([]convention.RacineNumerotee, error) {
	var rows []struct {
		UUID   uuid.UUID
		Statut convention.Statut
	}
	err := d.db(ctx).Raw(`SELECT uuid, statut FROM convention WHERE parent_id IS NULL AND supprime_le IS NULL AND statut <> 'ANNULEE'
		AND upper(btrim(numero)) = upper(btrim(?)) ORDER BY id LIMIT 3`, numero).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("find conventions by number: %w", err)
	}
	out := make([]convention.RacineNumerotee, 0, len(rows))
	for _, r := range rows {
		out = append(out, convention.RacineNumerotee{UUID: r.UUID, Statut: r.Statut})
	}
	return out, nil
}
