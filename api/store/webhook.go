package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"apilos/api/alert"
	"apilos/api/auth"
	"apilos/api/event"
	"apilos/api/webhook"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Webhooks keeps webhooks, and reads their deliveries in message_sortant.
type Webhooks struct{ db *DB }

// NewWebhooks returns the store of package webhook.
func NewWebhooks(db *DB) *Webhooks { return &Webhooks{db: db} }

var (
	_ webhook.Store        = (*Webhooks)(nil)
	_ webhook.StoreLivreur = (*Webhooks)(nil)
)

// InTx implements webhook.Store.
func (s *Webhooks) InTx(ctx context.Context, fn func(ctx context.Context) error) error {
	return s.db.InTx(ctx, fn)
}

// Journaliser implements webhook.Store: a row of no family, hence not chained.
func (s *Webhooks) Journaliser(ctx context.Context, j event.Journal) error {
	if err := s.db.db(ctx).Create(&j).Error; err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return nil
}

// Abonnes implements webhook.Store.
func (s *Webhooks) Abonnes(ctx context.Context, typ string) ([]webhook.Webhook, error) {
	var out []webhook.Webhook
	// The share lock makes a deletion wait: the messages written next refer to these rows.
	err := s.db.db(ctx).Clauses(clause.Locking{Strength: "KEY SHARE"}).Select("id", "uuid", "jeton_api_id").
		Where("actif AND evenements @> ARRAY[?]::text[]", typ).
		Where("(jeton_api_id IS NULL OR EXISTS (SELECT FROM jeton_api j WHERE j.id = jeton_api_id AND j.revoque_le IS NULL))").
		Order("id").Find(&out).Error
	if err != nil {
		return nil, fmt.Errorf("webhooks of %s: %w", typ, err)
	}
	return out, nil
}

// ParID implements webhook.StoreLivreur.
func (s *Webhooks) ParID(ctx context.Context, id int64) (*webhook.Webhook, error) {
	w, err := s.un(ctx, "id = ?", id)
	if err != nil || w == nil || w.JetonApiID == nil {
		return w, err
	}
	var vivant bool
	err = s.db.db(ctx).Raw(`SELECT EXISTS (SELECT FROM jeton_api WHERE id = ? AND revoque_le IS NULL AND (expire_le IS NULL OR expire_le > now()))`,
		*w.JetonApiID).Scan(&vivant).Error
	if err != nil {
		return nil, fmt.Errorf("client of webhook: %w", err)
	}
	w.Actif = w.Actif && vivant
	return w, nil
}

// Voit implements webhook.Store. A convention inserted in the transaction of ctx may not be in the read model yet.
func (s *Webhooks) Voit(ctx context.Context, p auth.Principal, conventionID int64) (bool, error) {
	cond, args := perimetre(p, vueRecherche)
	for range 2 {
		var rows []bool
		err := s.db.db(ctx).Raw(`SELECT (`+cond+`) IS TRUE FROM convention_recherche r WHERE r.convention_id = ?`, append(args, conventionID)...).Scan(&rows).Error
		if err != nil {
			return false, fmt.Errorf("perimeter: %w", err)
		}
		if len(rows) > 0 {
			return rows[0], nil
		}
		if err := s.db.RafraichirRecherche(ctx, conventionID); err != nil {
			return false, err
		}
	}
	return false, nil
}

// ParUUID implements webhook.Store.
func (s *Webhooks) ParUUID(ctx context.Context, id uuid.UUID) (*webhook.Webhook, error) {
	return s.un(ctx, "uuid = ?", id)
}

func (s *Webhooks) un(ctx context.Context, ou string, arg any) (*webhook.Webhook, error) {
	var w webhook.Webhook
	err := s.db.db(ctx).Where(ou, arg).Take(&w).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read webhook: %w", err)
	}
	return &w, nil
}

// Lister implements webhook.Store.
func (s *Webhooks) Lister(ctx context.Context, clientID *int64, decalage, limite int) ([]webhook.Webhook, int, error) {
	q := s.db.db(ctx).Model(&webhook.Webhook{}).Where("jeton_api_id IS NOT DISTINCT FROM ?", clientID)
	var total int64
	if err := q.Session(&gorm.Session{}).Count(&total).Error; err != nil {
		return nil, 0, fmt.Errorf("count webhooks: %w", err)
	}
	var out []webhook.Webhook
	if err := q.Session(&gorm.Session{}).Order("id DESC").Offset(decalage).Limit(limite).Find(&out).Error; err != nil {
		return nil, 0, fmt.Errorf("list webhooks: %w", err)
	}
	return out, int(total), nil
}

// Inserer implements webhook.Store.
func (s *Webhooks) Inserer(ctx context.Context, w *webhook.Webhook) error {
	if err := s.db.db(ctx).Create(w).Error; err != nil {
		return fmt.Errorf("insert webhook: %w", err)
	}
	return nil
}

// Modifier implements webhook.Store.
func (s *Webhooks) Modifier(ctx context.Context, w *webhook.Webhook, version int) (bool, error) {
	res := s.db.db(ctx).Model(&webhook.Webhook{}).Where("id = ? AND version = ?", w.ID, version).Updates(map[string]any{
		"url": w.URL, "evenements": w.Evenements, "secret_chiffre": w.SecretChiffre, "actif": w.Actif, "description": w.Description,
		"version": version + 1, "mis_a_jour_le": w.MisAJourLe,
	})
	if res.Error != nil {
		return false, fmt.Errorf("update webhook: %w", res.Error)
	}
	w.Version = version + 1
	return res.RowsAffected == 1, nil
}

// Supprimer implements webhook.Store.
func (s *Webhooks) Supprimer(ctx context.Context, id int64) error {
	if err := s.db.db(ctx).Delete(&webhook.Webhook{}, id).Error; err != nil {
		return fmt.Errorf("delete webhook: %w", err)
	}
	return nil
}

// Livraisons implements webhook.Store.
func (s *Webhooks) Livraisons(ctx context.Context, webhookID int64, etat string, decalage, limite int) ([]alert.MessageSortant, int, error) {
	q := s.db.db(ctx).Model(&alert.MessageSortant{}).Where("webhook_id = ?", webhookID)
	if etat != "" {
		q = q.Where("etat = ?", etat)
	}
	var total int64
	if err := q.Session(&gorm.Session{}).Count(&total).Error; err != nil {
		return nil, 0, fmt.Errorf("count deliveries: %w", err)
	}
	var out []alert.MessageSortant
	if err := q.Session(&gorm.Session{}).Omit("charge").Order("id DESC").Offset(decalage).Limit(limite).Find(&out).Error; err != nil {
		return nil, 0, fmt.Errorf("list deliveries: %w", err)
	}
	return out, int(total), nil
}

// Livraison implements webhook.Store.
func (s *Webhooks) Livraison(ctx context.Context, webhookID int64, id uuid.UUID) (*alert.MessageSortant, error) {
	var m alert.MessageSortant
	err := s.db.db(ctx).Where("webhook_id = ? AND uuid = ?", webhookID, id).Take(&m).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read delivery: %w", err)
	}
	return &m, nil
}

// Relancer implements webhook.Store.
func (s *Webhooks) Relancer(ctx context.Context, id int64, le time.Time) (bool, error) {
	res := s.db.db(ctx).Exec(`UPDATE message_sortant SET etat = 'A_ENVOYER', tentatives = 0, prochain_essai_le = ?, erreur = '', traite_le = NULL
		WHERE id = ? AND charge IS NOT NULL AND etat NOT IN ('A_ENVOYER','EN_COURS')`, le, id)
	if res.Error != nil {
		return false, fmt.Errorf("replay delivery: %w", res.Error)
	}
	return res.RowsAffected == 1, nil
}

// Essais implements webhook.Store.
func (s *Webhooks) Essais(ctx context.Context, messageID int64) ([]webhook.Essai, error) {
	var out []webhook.Essai
	if err := s.db.db(ctx).Where("message_id = ?", messageID).Order("id").Find(&out).Error; err != nil {
		return nil, fmt.Errorf("tries of a delivery: %w", err)
	}
	return out, nil
}

// InsererEssai implements webhook.StoreLivreur.
func (s *Webhooks) InsererEssai(ctx context.Context, e *webhook.Essai) error {
	if err := s.db.db(ctx).Create(e).Error; err != nil {
		return fmt.Errorf("insert try: %w", err)
	}
	return nil
}
