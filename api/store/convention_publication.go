package store

import (
	"context"
	"fmt"
	"time"

	"apilos/api/convention"
	"apilos/api/date"
)

// chargerPublications reads the sendings to the land registry; before its signature a convention has none.
func (d *DB) chargerPublications(ctx context.Context, out *convention.Dossier) error {
	if out.Convention.SigneLe == nil {
		return nil
	}
	return d.db(ctx).Where("convention_id = ?", out.Convention.ID).Order("id DESC").Find(&out.Publications).Error
}

// OuvrirPublication implements convention.Store. A sending whose day is unknown is one that was imported.
func (d *DB) OuvrirPublication(ctx context.Context, conventionID int64, envoi *date.Date, le time.Time) error {
	p := convention.PublicationSPF{ConventionID: conventionID, DateEnvoi: envoi, Importe: envoi == nil, CreeLe: le, MisAJourLe: le}
	if err := d.db(ctx).Create(&p).Error; err != nil {
		return fmt.Errorf("record sending to the land registry: %w", err)
	}
	return nil
}

// ClorePublication implements convention.Store.
func (d *DB) ClorePublication(ctx context.Context, conventionID int64, issue convention.PublicationSPF, le time.Time) error {
	res := d.db(ctx).Exec(`
UPDATE publication_spf SET date_publication = @publication, reference = @reference, date_refus = @refus, motif_refus = @motif, annule_le = @annule, mis_a_jour_le = @le
WHERE id = (SELECT id FROM publication_spf WHERE convention_id = @convention AND date_publication IS NULL AND date_refus IS NULL AND annule_le IS NULL
            ORDER BY id DESC LIMIT 1)`,
		map[string]any{
			"publication": issue.DatePublication, "reference": issue.Reference, "refus": issue.DateRefus, "motif": issue.MotifRefus,
			"annule": issue.AnnuleLe, "le": le, "convention": conventionID,
		})
	if res.Error != nil {
		return fmt.Errorf("record the outcome of a publication: %w", res.Error)
	}
	if res.RowsAffected > 0 {
		return nil
	}
	issue.ConventionID, issue.Importe, issue.CreeLe, issue.MisAJourLe = conventionID, true, le, le
	if err := d.db(ctx).Create(&issue).Error; err != nil {
		return fmt.Errorf("record the outcome of a publication: %w", err)
	}
	return nil
}
