package store

import (
	"context"
	"fmt"
	"time"

	"apilos/api/auth"
	"apilos/api/compte"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// lireDetournement adds who is behind an impersonated session (05 C.5). It is over too when the staff member lost the
// right to it, or when the target joined the staff.
func (s *Comptes) lireDetournement(ctx context.Context, e *compte.Etat) error {
	if e.Session.DetournementID == nil {
		return nil
	}
	var row struct {
		compte.Detournement
		StaffUUID          uuid.UUID
		StaffNom           string
		Actif, Staff, Chef bool
	}
	err := s.db.db(ctx).Raw(`SELECT d.*, u.uuid AS staff_uuid, trim(u.prenom || ' ' || u.nom) AS staff_nom,
			u.est_actif AS actif, u.est_staff AS staff, u.est_superuser AS chef
		FROM detournement d JOIN utilisateur u ON u.id = d.staff_id WHERE d.id = ?`, *e.Session.DetournementID).Scan(&row).Error
	if err != nil {
		return fmt.Errorf("read impersonation: %w", err)
	}
	d := row.Detournement
	e.Detournement, e.DetourneParNom, e.DetourneParUUID, e.Mode = &d, row.StaffNom, row.StaffUUID.String(), auth.ModeDetournement(d.Mode)
	permis := row.Actif && (row.Chef || (row.Staff && e.Mode == auth.DetournementLecture && !e.Utilisateur.EstStaff && !e.Utilisateur.EstSuperuser))
	e.DetournementFini = d.FinLe != nil || !permis
	return nil
}

// AjouterDetournement implements compte.Store.
func (s *Comptes) AjouterDetournement(ctx context.Context, d *compte.Detournement) error {
	return s.db.db(ctx).Clauses(clause.Returning{}).Create(d).Error
}

// SessionsDetournees implements compte.Store.
func (s *Comptes) SessionsDetournees(ctx context.Context, parente uuid.UUID) ([]uuid.UUID, error) {
	var ids []uuid.UUID
	err := s.db.db(ctx).Raw("SELECT id FROM session WHERE parente_id = ? AND revoquee_le IS NULL ORDER BY id", parente).Scan(&ids).Error
	return ids, err
}

// Revoquer implements compte.Store.
func (s *Comptes) Revoquer(ctx context.Context, id uuid.UUID, le time.Time) (bool, error) {
	closes, err := s.revoquer(ctx, le, "id = ? OR parente_id = ?", id, id)
	if err != nil {
		return false, err
	}
	for _, c := range closes {
		if c == id {
			return true, nil
		}
	}
	return false, nil
}

// RevoquerToutes implements compte.Store.
func (s *Comptes) RevoquerToutes(ctx context.Context, utilisateurID int64, sauf string, le time.Time) ([]uuid.UUID, error) {
	return s.revoquer(ctx, le, "(utilisateur_id = ? AND id::text <> ?) OR parente_id IN (SELECT id FROM session WHERE utilisateur_id = ? AND id::text <> ?)",
		utilisateurID, sauf, utilisateurID, sauf)
}

// revoquer ends the open sessions of a condition, and writes the end of the impersonations among them.
func (s *Comptes) revoquer(ctx context.Context, le time.Time, condition string, args ...any) ([]uuid.UUID, error) {
	var ids []uuid.UUID
	err := s.db.db(ctx).Raw(`
WITH closes AS (
  UPDATE session SET revoquee_le = ? WHERE revoquee_le IS NULL AND (`+condition+`) RETURNING id, detournement_id
), finis AS (
  UPDATE detournement SET fin_le = ? WHERE fin_le IS NULL AND id IN (SELECT detournement_id FROM closes) RETURNING id
)
SELECT id FROM closes`, append(append([]any{le}, args...), le)...).Scan(&ids).Error
	if err != nil {
		return nil, fmt.Errorf("end sessions: %w", err)
	}
	return ids, nil
}

// CloreDetournements implements compte.Store.
func (s *Comptes) CloreDetournements(ctx context.Context, le time.Time) error {
	return s.db.db(ctx).Exec(`
UPDATE detournement d SET fin_le = greatest(d.debut_le, coalesce(s.revoquee_le, s.expire_absolue_le))
FROM session s
WHERE s.detournement_id = d.id AND d.fin_le IS NULL AND (s.revoquee_le IS NOT NULL OR s.expire_absolue_le <= ?)`, le).Error
}

// Detournements implements compte.Store. The end of one that ran out is that of its session.
func (s *Comptes) Detournements(ctx context.Context, f compte.FiltreDetournements, le time.Time, decalage, limite int) ([]compte.LigneDetournement, int, error) {
	q := s.db.db(ctx).Table("detournement d")
	if f.CibleID != 0 {
		q = q.Where("d.cible_id = ?", f.CibleID)
	}
	if f.StaffID != 0 {
		q = q.Where("d.staff_id = ?", f.StaffID)
	}
	var total int64
	if err := q.Session(&gorm.Session{}).Count(&total).Error; err != nil {
		return nil, 0, fmt.Errorf("count impersonations: %w", err)
	}
	var rows []compte.LigneDetournement
	err := q.Select(`d.id, d.uuid, d.staff_id, d.cible_id, d.motif, d.mode, d.debut_le,
		coalesce(d.fin_le, s.revoquee_le, CASE WHEN s.expire_absolue_le <= ? THEN s.expire_absolue_le END) AS fin_le,
		(d.fin_le IS NULL AND s.id IS NOT NULL AND s.revoquee_le IS NULL AND s.expire_absolue_le > ?) AS en_cours,
		p.uuid AS staff_uuid, trim(p.prenom || ' ' || p.nom) AS staff_nom,
		c.uuid AS cible_uuid, trim(c.prenom || ' ' || c.nom) AS cible_nom`, le, le).
		Joins("JOIN utilisateur p ON p.id = d.staff_id").Joins("JOIN utilisateur c ON c.id = d.cible_id").
		Joins("LEFT JOIN session s ON s.detournement_id = d.id").
		Order("d.debut_le DESC, d.id DESC").Offset(decalage).Limit(limite).Scan(&rows).Error
	if err != nil {
		return nil, 0, fmt.Errorf("list impersonations: %w", err)
	}
	return rows, int(total), nil
}
