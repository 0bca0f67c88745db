package store

import (
	"context"
	"fmt"

	"apilos/api/auth"
	"apilos/api/convention"

	"github.com/google/uuid"
	"gorm.io/gorm/clause"
)

// VersionLue implements convention.Store. Whoever writes a part of a convention raises its version before committing
// (CC-02): while the row is shared, what other transactions show is that version, whole.
func (d *DB) VersionLue(ctx context.Context, p auth.Principal, id uuid.UUID) (conventionID int64, version int, err error) {
	ids, err := d.visible(ctx, p, id)
	if err != nil {
		return 0, 0, err
	}
	if err := d.db(ctx).Raw(`SELECT version FROM convention WHERE id = ? FOR SHARE`, ids.id).Scan(&version).Error; err != nil {
		return 0, 0, fmt.Errorf("read version: %w", err)
	}
	if _, err := d.visible(ctx, p, id); err != nil {
		return 0, 0, err
	}
	return ids.id, version, nil
}

// GarderVersion implements convention.Store. The row is touched when it exists: the cleaning lets alone what was kept a
// moment ago.
func (d *DB) GarderVersion(ctx context.Context, v convention.VersionGardee) (int64, error) {
	v.Empreinte = empreinte(v.Donnees)
	err := d.db(ctx).Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "convention_id"}, {Name: "version"}, {Name: "empreinte"}},
		DoUpdates: clause.Assignments(map[string]any{"cree_le": v.CreeLe}),
	}, clause.Returning{Columns: []clause.Column{{Name: "id"}}}).Create(&v).Error
	if err != nil {
		return 0, fmt.Errorf("keep version: %w", err)
	}
	return v.ID, nil
}

// GarderSoumission implements convention.Store.
func (d *DB) GarderSoumission(ctx context.Context, s convention.Soumission) error {
	if err := d.db(ctx).Create(&s).Error; err != nil {
		return fmt.Errorf("keep submission: %w", err)
	}
	return nil
}

// GarderLecture implements convention.Store.
func (d *DB) GarderLecture(ctx context.Context, l convention.Lecture) error {
	if err := d.db(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&l).Error; err != nil {
		return fmt.Errorf("keep reading: %w", err)
	}
	return nil
}

// DerniereLecture implements convention.Store.
func (d *DB) DerniereLecture(ctx context.Context, p auth.Principal, conventionID int64, contenu bool) (*convention.Moment, error) {
	if p.UtilisateurID == 0 || p.DetourneParID != 0 {
		return nil, nil
	}
	return un(d.moments(ctx, 1, `SELECT v.version, l.lu_le AS le, CASE WHEN ? THEN v.donnees END AS donnees FROM lecture l JOIN convention_version v ON v.id = l.convention_version_id
		WHERE l.utilisateur_id = ? AND l.habilitation_id = ? AND l.convention_id = ?`, contenu, p.UtilisateurID, p.HabilitationID, conventionID))
}

// Soumissions implements convention.Store.
func (d *DB) Soumissions(ctx context.Context, conventionID int64, limite int, contenu bool) ([]convention.Moment, error) {
	return d.moments(ctx, limite, `SELECT v.version, s.soumise_le AS le, CASE WHEN ? THEN v.donnees END AS donnees FROM convention_soumission s
		JOIN convention_version v ON v.id = s.convention_version_id WHERE s.convention_id = ? ORDER BY s.id DESC`, contenu, conventionID)
}

// VersionGardee implements convention.Store.
func (d *DB) VersionGardee(ctx context.Context, conventionID int64, version int) (*convention.Moment, error) {
	return un(d.moments(ctx, 1, `SELECT version, cree_le AS le, donnees FROM convention_version WHERE convention_id = ? AND version = ?
		ORDER BY id DESC`, conventionID, version))
}

func (d *DB) moments(ctx context.Context, limite int, sql string, args ...any) ([]convention.Moment, error) {
	var out []convention.Moment
	if err := d.db(ctx).Raw(sql+` LIMIT ?`, append(args, limite)...).Scan(&out).Error; err != nil {
		return nil, fmt.Errorf("read kept versions: %w", err)
	}
	return out, nil
}

func un(moments []convention.Moment, err error) (*convention.Moment, error) {
	if err != nil || len(moments) == 0 {
		return nil, err
	}
	return &moments[0], nil
}

// ModifieesDepuisLecture implements convention.Store.
func (d *DB) ModifieesDepuisLecture(ctx context.Context, p auth.Principal, ids []uuid.UUID) ([]uuid.UUID, error) {
	cond, args := perimetre(p, vueRecherche)
	var lignes []struct{ UUID uuid.UUID }
	err := d.db(ctx).Raw(`
SELECT r.uuid FROM lecture l JOIN convention_version v ON v.id = l.convention_version_id
  JOIN convention c ON c.id = l.convention_id JOIN convention_recherche r ON r.convention_id = c.id
WHERE l.utilisateur_id = ? AND l.habilitation_id = ? AND r.uuid IN ? AND c.version > v.version AND `+cond,
		append([]any{p.UtilisateurID, p.HabilitationID, ids}, args...)...).Scan(&lignes).Error
	if err != nil {
		return nil, fmt.Errorf("list changed since reading: %w", err)
	}
	out := make([]uuid.UUID, 0, len(lignes))
	for _, l := range lignes {
		out = append(out, l.UUID)
	}
	return out, nil
}

// versionsSansLecteur deletes the contents that nobody compares with any more. Those kept a moment ago stay: their reading
// is written just after them.
const versionsSansLecteur = `DELETE FROM convention_version v WHERE v.cree_le < ?
  AND NOT EXISTS (SELECT 1 FROM lecture l WHERE l.convention_version_id = v.id)
  AND NOT EXISTS (SELECT 1 FROM convention_soumission s WHERE s.convention_version_id = v.id)`
