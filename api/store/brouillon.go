package store

import (
	"context"
	"errors"
	"fmt"

	"apilos/api/auth"
	"apilos/api/convention"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Brouillon implements convention.Store; nil when there is none.
func (d *DB) Brouillon(ctx context.Context, p auth.Principal, conventionID int64, etape convention.CodeEtape) (*convention.Brouillon, error) {
	var b convention.Brouillon
	err := d.db(ctx).Where("utilisateur_id = ? AND habilitation_id = ? AND convention_id = ? AND etape = ?",
		p.UtilisateurID, p.HabilitationID, conventionID, etape).Take(&b).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read draft: %w", err)
	}
	return &b, nil
}

// Brouillons implements convention.Store: the drafts of p on conventions still in the perimeter.
func (d *DB) Brouillons(ctx context.Context, p auth.Principal) ([]convention.BrouillonEnAttente, error) {
	cond, args := perimetre(p, vueRecherche)
	var out []convention.BrouillonEnAttente
	err := d.db(ctx).Raw(`
SELECT r.uuid AS convention_uuid, b.etape, o.nom AS operation_nom, b.cree_le
FROM brouillon b JOIN convention_recherche r ON r.convention_id = b.convention_id JOIN operation o ON o.id = r.operation_id
WHERE b.utilisateur_id = ? AND b.habilitation_id = ? AND `+cond+` ORDER BY b.cree_le DESC LIMIT 10`,
		append([]any{p.UtilisateurID, p.HabilitationID}, args...)...).Scan(&out).Error
	if err != nil {
		return nil, fmt.Errorf("list drafts: %w", err)
	}
	return out, nil
}

// GarderBrouillon implements convention.Store.
func (d *DB) GarderBrouillon(ctx context.Context, b convention.Brouillon) error {
	err := d.db(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&b).Error
	if err != nil {
		return fmt.Errorf("keep draft: %w", err)
	}
	return nil
}

// JeterBrouillon implements convention.Store.
func (d *DB) JeterBrouillon(ctx context.Context, p auth.Principal, conventionID int64, etape convention.CodeEtape) error {
	err := d.db(ctx).Where("utilisateur_id = ? AND habilitation_id = ? AND convention_id = ? AND etape = ?",
		p.UtilisateurID, p.HabilitationID, conventionID, etape).Delete(&convention.Brouillon{}).Error
	if err != nil {
		return fmt.Errorf("erase draft: %w", err)
	}
	return nil
}
