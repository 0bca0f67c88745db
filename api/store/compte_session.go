package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"apilos/api/compte"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// CreerSession implements compte.Store.
func (s *Comptes) CreerSession(ctx context.Context, row compte.Session, habs []compte.Habilitation) error {
	raw, err := compte.EncoderHabilitations(habs)
	if err != nil {
		return err
	}
	row.Habilitations = raw
	return s.db.db(ctx).Create(&row).Error
}

// Etat implements compte.Store.
func (s *Comptes) Etat(ctx context.Context, id uuid.UUID) (*compte.Etat, error) {
	return s.etat(ctx, id, false)
}

// VerrouillerEtat implements compte.Store.
func (s *Comptes) VerrouillerEtat(ctx context.Context, id uuid.UUID) (*compte.Etat, error) {
	return s.etat(ctx, id, true)
}

func (s *Comptes) etat(ctx context.Context, id uuid.UUID, lock bool) (*compte.Etat, error) {
	q := s.db.db(ctx)
	if lock {
		q = q.Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate})
	}
	var e compte.Etat
	err := q.Where("id = ?", id).Take(&e.Session).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read session: %w", err)
	}
	if e.Habilitations, err = compte.DecoderHabilitations(e.Session.Habilitations); err != nil {
		return nil, err
	}
	e.Session.Habilitations = nil
	if err := s.db.db(ctx).Where("id = ?", e.Session.UtilisateurID).Take(&e.Utilisateur).Error; err != nil {
		return nil, fmt.Errorf("read the account of a session: %w", err)
	}
	if e.Utilisateur.CerbereLogin == nil {
		if e.RoleLocal, err = s.RoleLocal(ctx, e.Utilisateur.ID); err != nil {
			return nil, fmt.Errorf("read the local role: %w", err)
		}
	}
	return &e, s.lireDetournement(ctx, &e)
}

// EcrireHabilitations implements compte.Store.
func (s *Comptes) EcrireHabilitations(ctx context.Context, id uuid.UUID, habs []compte.Habilitation, verifieesLe time.Time) error {
	raw, err := compte.EncoderHabilitations(habs)
	if err != nil {
		return err
	}
	return s.db.db(ctx).Table("session").Where("id = ?", id).
		Updates(map[string]any{"habilitations": raw, "habilitations_verifiees_le": verifieesLe}).Error
}

// EcrireDefaut implements compte.Store.
func (s *Comptes) EcrireDefaut(ctx context.Context, id uuid.UUID, habilitationID int64) error {
	return s.db.db(ctx).Exec("UPDATE session SET habilitation_defaut_id = ? WHERE id = ?", habilitationID, id).Error
}

// Prolonger implements compte.Store.
func (s *Comptes) Prolonger(ctx context.Context, id uuid.UUID, vueLe, expireInactiviteLe time.Time) error {
	return s.db.db(ctx).Exec("UPDATE session SET vue_le = ?, expire_inactivite_le = ? WHERE id = ?",
		vueLe, expireInactiviteLe, id).Error
}

// RevoquerParTicket implements compte.Store.
func (s *Comptes) RevoquerParTicket(ctx context.Context, empreinte string, le time.Time) (*compte.Session, error) {
	var rows []compte.Session
	err := s.db.db(ctx).Omit("habilitations").Where("cas_ticket_empreinte = ? AND revoquee_le IS NULL", empreinte).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	ok, err := s.Revoquer(ctx, rows[0].ID, le)
	if err != nil || !ok {
		return nil, err
	}
	rows[0].RevoqueeLe = &le
	return &rows[0], nil
}

// SessionsOuvertes implements compte.Store.
func (s *Comptes) SessionsOuvertes(ctx context.Context, utilisateurID int64, le time.Time) ([]compte.Session, error) {
	var rows []compte.Session
	err := s.db.db(ctx).Omit("habilitations").
		Where("utilisateur_id = ? AND detournement_id IS NULL AND revoquee_le IS NULL", utilisateurID).
		Where("expire_inactivite_le > ? AND expire_absolue_le > ?", le, le).
		Order("cree_le DESC, id").Find(&rows).Error
	return rows, err
}

// DernieresHabilitations implements compte.Store.
func (s *Comptes) DernieresHabilitations(ctx context.Context, utilisateurID int64, depuis time.Time) ([]compte.Habilitation, time.Time, bool, error) {
	var rows []compte.Session
	err := s.db.db(ctx).Where("utilisateur_id = ? AND detournement_id IS NULL AND habilitations_verifiees_le > ?", utilisateurID, depuis).
		Order("habilitations_verifiees_le DESC, cree_le DESC").Limit(1).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, time.Time{}, false, err
	}
	habs, err := compte.DecoderHabilitations(rows[0].Habilitations)
	return habs, *rows[0].HabilitationsVerifieesLe, err == nil, err
}

// ARevalider implements compte.Store: the longest unverified first.
func (s *Comptes) ARevalider(ctx context.Context, vueDepuis, verifieeAvant, le time.Time, limite int) ([]uuid.UUID, error) {
	var ids []uuid.UUID
	err := s.db.db(ctx).Raw(`
SELECT s.id FROM session s JOIN utilisateur u ON u.id = s.utilisateur_id
WHERE s.revoquee_le IS NULL AND s.expire_inactivite_le > ? AND s.expire_absolue_le > ? AND s.vue_le >= ?
  AND u.est_actif AND u.cerbere_login IS NOT NULL
  AND (s.habilitations_verifiees_le IS NULL OR s.habilitations_verifiees_le <= ? OR s.habilitations_verifiees_le < s.cree_le)
ORDER BY s.habilitations_verifiees_le NULLS FIRST, s.id LIMIT ?`, le, le, vueDepuis, verifieeAvant, limite).Scan(&ids).Error
	return ids, err
}

// PurgerSessions implements compte.Store.
func (s *Comptes) PurgerSessions(ctx context.Context, avant, le time.Time) (int, error) {
	res := s.db.db(ctx).Exec(`DELETE FROM session
		WHERE (revoquee_le IS NOT NULL OR expire_inactivite_le <= ? OR expire_absolue_le <= ?)
		  AND coalesce(habilitations_verifiees_le, cree_le) < ?`, le, le, avant)
	if res.Error != nil {
		return 0, fmt.Errorf("purge sessions: %w", res.Error)
	}
	if err := s.db.db(ctx).Exec("DELETE FROM jeton_unique WHERE expire_le <= ?", le).Error; err != nil {
		return 0, fmt.Errorf("purge one-time tokens: %w", err)
	}
	return int(res.RowsAffected), nil
}

// ConsommerTicket implements compte.Store.
func (s *Comptes) ConsommerTicket(ctx context.Context, empreinte string, expireLe time.Time) (bool, error) {
	res := s.db.db(ctx).Exec(`INSERT INTO jeton_unique (empreinte, usage, expire_le, utilise_le)
		VALUES (?, 'TICKET_CAS', ?, now()) ON CONFLICT (empreinte) DO NOTHING`, empreinte, expireLe)
	return res.RowsAffected == 1, res.Error
}

// AjouterJeton implements compte.Store.
func (s *Comptes) AjouterJeton(ctx context.Context, j compte.JetonRafraichissement) error {
	return s.db.db(ctx).Create(&j).Error
}

// Jeton implements compte.Store.
func (s *Comptes) Jeton(ctx context.Context, empreinte string) (*compte.JetonRafraichissement, error) {
	return s.jeton(s.db.db(ctx), empreinte)
}

// VerrouillerJeton implements compte.Store.
func (s *Comptes) VerrouillerJeton(ctx context.Context, empreinte string) (*compte.JetonRafraichissement, error) {
	return s.jeton(s.db.db(ctx).Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate}), empreinte)
}

func (s *Comptes) jeton(q *gorm.DB, empreinte string) (*compte.JetonRafraichissement, error) {
	var j compte.JetonRafraichissement
	err := q.Where("empreinte = ?", empreinte).Take(&j).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, nil
	}
	return &j, err
}

// RemplacerJeton implements compte.Store.
func (s *Comptes) RemplacerJeton(ctx context.Context, empreinte string, le time.Time) error {
	return s.db.db(ctx).Exec("UPDATE jeton_rafraichissement SET remplace_le = ? WHERE empreinte = ?", le, empreinte).Error
}
