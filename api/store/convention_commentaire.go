package store

import (
	"context"
	"fmt"
	"time"

	"apilos/api/auth"
	"apilos/api/comment"
	"apilos/api/convention"
	"apilos/api/fault"
	"github.com/google/uuid"
)

func (d *DB) chargerCommentaires(ctx context.Context, out *convention.Dossier) error {
	var lignes []struct {
		comment.Commentaire `gorm:"embedded"`
		ParResolution       string
		ParCloture          string
	}
	err := d.db(ctx).Raw(`SELECT k.*, btrim(concat(r.prenom, ' ', r.nom)) AS par_resolution, btrim(concat(f.prenom, ' ', f.nom)) AS par_cloture
		FROM commentaire k LEFT JOIN utilisateur r ON r.id = k.resolu_par_id LEFT JOIN utilisateur f ON f.id = k.clos_par_id
		WHERE k.convention_id = ? ORDER BY k.cree_le, k.id`, out.Convention.ID).Scan(&lignes).Error
	if err != nil {
		return err
	}
	out.Commentaires = make([]comment.Commentaire, 0, len(lignes))
	for _, l := range lignes {
		l.ResoluPar, l.ClosPar = l.ParResolution, l.ParCloture
		out.Commentaires = append(out.Commentaires, l.Commentaire)
	}
	return nil
}

// CloreCommentaires implements convention.Store: the automatic closing of T08 (CO-12).
func (d *DB) CloreCommentaires(ctx context.Context, dos *convention.Dossier, p auth.Principal, le time.Time) error {
	var par *int64
	if p.UtilisateurID != 0 {
		par = &p.UtilisateurID
	}
	err := d.db(ctx).Exec(`UPDATE commentaire SET statut = 'CLOS', clos_le = ?, clos_par_id = ?, version = version + 1, mis_a_jour_le = ?
	   WHERE convention_id = ? AND statut IN ('OUVERT','RESOLU')`, le, par, le, dos.Convention.ID).Error
	if err != nil {
		return fmt.Errorf("close comments: %w", err)
	}
	return nil
}

// ConventionDuCommentaire implements convention.Store.
func (d *DB) ConventionDuCommentaire(ctx context.Context, id uuid.UUID) (uuid.UUID, error) {
	var row struct{ UUID uuid.UUID }
	res := d.db(ctx).Raw(`SELECT c.uuid FROM commentaire k JOIN convention c ON c.id = k.convention_id WHERE k.uuid = ?`, id).Scan(&row)
	if res.Error != nil {
		return uuid.Nil, fmt.Errorf("find comment: %w", res.Error)
	}
	if res.RowsAffected == 0 {
		return uuid.Nil, fault.Introuvable("Ce commentaire")
	}
	return row.UUID, nil
}

// InsererCommentaire implements convention.Store.
func (d *DB) InsererCommentaire(ctx context.Context, c *comment.Commentaire) error {
	if err := d.db(ctx).Create(c).Error; err != nil {
		return fmt.Errorf("insert comment: %w", err)
	}
	return nil
}

// ModifierCommentaire implements convention.Store.
func (d *DB) ModifierCommentaire(ctx context.Context, c *comment.Commentaire, version int) error {
	res := d.db(ctx).Table("commentaire").Where("id = ? AND version = ?", c.ID, version).Updates(map[string]any{
		"message": c.Message, "statut": c.Statut, "resolu_le": c.ResoluLe, "resolu_par_id": c.ResoluParID,
		"clos_le": c.ClosLe, "clos_par_id": c.ClosParID, "version": version + 1, "mis_a_jour_le": c.MisAJourLe,
	})
	if res.Error != nil {
		return fmt.Errorf("write comment: %w", res.Error)
	}
	if res.RowsAffected == 0 {
		return convention.VersionPerimee(version)
	}
	c.Version = version + 1
	return nil
}

// LigneDuDossier implements convention.Store (CO-03).
func (d *DB) LigneDuDossier(ctx context.Context, dos *convention.Dossier, id uuid.UUID) (bool, error) {
	var ok bool
	err := d.db(ctx).Raw(`SELECT EXISTS (
  SELECT 1 FROM convention WHERE uuid = @u AND id = @c
  UNION ALL SELECT 1 FROM operation WHERE uuid = @u AND id = @o
  UNION ALL SELECT 1 FROM logement_edd WHERE uuid = @u AND operation_id = @o
  UNION ALL SELECT 1 FROM reference_cadastrale WHERE uuid = @u AND operation_id = @o
  UNION ALL SELECT 1 FROM lot WHERE uuid = @u AND convention_id = @c
  UNION ALL SELECT 1 FROM logement x JOIN lot l ON l.id = x.lot_id WHERE x.uuid = @u AND l.convention_id = @c
  UNION ALL SELECT 1 FROM annexe x JOIN logement g ON g.id = x.logement_id JOIN lot l ON l.id = g.lot_id WHERE x.uuid = @u AND l.convention_id = @c
  UNION ALL SELECT 1 FROM local_collectif x JOIN lot l ON l.id = x.lot_id WHERE x.uuid = @u AND l.convention_id = @c
  UNION ALL SELECT 1 FROM stationnement x JOIN lot l ON l.id = x.lot_id WHERE x.uuid = @u AND l.convention_id = @c
  UNION ALL SELECT 1 FROM pret x JOIN lot l ON l.id = x.lot_id WHERE x.uuid = @u AND l.convention_id = @c)`,
		map[string]any{"u": id, "c": dos.Convention.ID, "o": dos.Operation.ID}).Scan(&ok).Error
	if err != nil {
		return false, fmt.Errorf("find commented row: %w", err)
	}
	return ok, nil
}
