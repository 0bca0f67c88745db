package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"apilos/api/alert"
	"apilos/api/event"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

const colonnesInscription = `m.id, m.uuid, m.canal, m.type, m.convention_id, m.historique_id, m.revision_id, m.sequence, m.destinataire, m.cle_unicite,
  m.utilisateur_id, m.habilitation_id, m.etat, m.tentatives, m.prochain_essai_le, m.identifiant_externe, m.erreur, m.cree_le, m.traite_le,
  m.webhook_id, m.cle_ordre, m.relance_le, m.relances, m.essais_avant,
  c.uuid AS convention_uuid, coalesce(c.numero, '') AS convention_numero, coalesce(o.numero_operation, '') AS numero_operation,
  coalesce(o.nom, '') AS operation_nom, coalesce(trim(u.prenom || ' ' || u.nom), '') AS auteur_nom,
  coalesce(m.charge->'creation'->>'etiquettePersonnalisee', '') AS etiquette`

// registre joins a message with what it is about.
func (s *Alertes) registre(ctx context.Context) *gorm.DB {
	return s.db.db(ctx).Table("message_sortant m").
		Joins("LEFT JOIN convention c ON c.id = m.convention_id").
		Joins("LEFT JOIN operation o ON o.id = c.operation_id").
		Joins("LEFT JOIN utilisateur u ON u.id = m.utilisateur_id")
}

// Inscriptions implements alert.Store.
func (s *Alertes) Inscriptions(ctx context.Context, f alert.FiltreRegistre) ([]alert.Inscription, int, error) {
	var total int
	compte := filtrer(s.registre(ctx), f).Select("1").Limit(alert.PlafondTotal)
	if err := s.db.db(ctx).Raw("SELECT count(*) FROM (?) t", compte).Scan(&total).Error; err != nil {
		return nil, 0, fmt.Errorf("count messages: %w", err)
	}
	var rows []alert.Inscription
	err := filtrer(s.registre(ctx), f).Select(colonnesInscription).Order(ordreRegistre(f)).Offset(f.Decalage).Limit(f.Limite).Find(&rows).Error
	if err != nil {
		return nil, 0, fmt.Errorf("list messages: %w", err)
	}
	return rows, total, nil
}

func filtrer(q *gorm.DB, f alert.FiltreRegistre) *gorm.DB {
	if f.UtilisateurID != 0 {
		q = q.Where("m.utilisateur_id = ?", f.UtilisateurID)
	}
	if f.Perimetre != nil {
		cond, args := perimetre(*f.Perimetre, vueRecherche)
		q = q.Where("(m.convention_id IS NULL OR EXISTS (SELECT FROM convention_recherche r WHERE r.convention_id = m.convention_id AND "+cond+"))", args...)
	}
	if f.ConventionID != 0 {
		q = q.Where("m.convention_id = ?", f.ConventionID)
	}
	if f.Operation != "" {
		q = q.Where("m.convention_id IN (SELECT fc.id FROM convention fc JOIN operation fo ON fo.id = fc.operation_id WHERE fo.numero_operation IN (?, ?))",
			f.Operation, strings.ToUpper(f.Operation))
	}
	if len(f.Canaux) > 0 {
		q = q.Where("m.canal IN ?", f.Canaux)
	}
	if len(f.Etats) > 0 {
		q = q.Where("m.etat IN ?", f.Etats)
	}
	if f.Depuis != nil {
		q = q.Where("m.cree_le >= ?", *f.Depuis)
	}
	if f.Jusqua != nil {
		q = q.Where("m.cree_le < ?", *f.Jusqua)
	}
	return q
}

// ordreRegistre always ends with the id, so that pages are stable.
func ordreRegistre(f alert.FiltreRegistre) string {
	colonne := map[string]string{
		alert.TriCreeLe: "m.cree_le", alert.TriProchainEssai: "m.prochain_essai_le", alert.TriTentatives: "m.tentatives",
	}[f.Tri]
	if colonne == "" {
		colonne = "m.cree_le"
	}
	sens := " DESC"
	if f.Croissant {
		sens = " ASC"
	}
	return colonne + sens + ", m.id" + sens
}

// Inscription implements alert.Store; unlike a list, it reads the content.
func (s *Alertes) Inscription(ctx context.Context, id uuid.UUID) (*alert.Inscription, error) {
	var rows []alert.Inscription
	if err := s.registre(ctx).Select(colonnesInscription+", m.charge").Where("m.uuid = ?", id).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read message: %w", err)
	}
	if len(rows) == 0 {
		return nil, nil
	}
	return &rows[0], nil
}

// Essais implements alert.Store.
func (s *Alertes) Essais(ctx context.Context, messageID int64) ([]alert.AlerteSIAPLog, error) {
	var rows []alert.AlerteSIAPLog
	if err := s.db.db(ctx).Where("message_id = ?", messageID).Order("id").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("tries of a message: %w", err)
	}
	return rows, nil
}

// Compter implements alert.Store; both halves are served by partial indexes.
func (s *Alertes) Compter(ctx context.Context) ([]alert.Compte, error) {
	var rows []alert.Compte
	err := s.db.db(ctx).Raw(`
SELECT canal, etat, count(*) AS nombre, min(cree_le) AS plus_ancienne FROM message_sortant
WHERE etat IN ('A_ENVOYER','EN_COURS') GROUP BY canal, etat
UNION ALL
SELECT canal, etat, count(*), min(cree_le) FROM message_sortant WHERE etat IN ('ECHEC','ABANDON') GROUP BY canal, etat
ORDER BY 1, 2`).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("count messages: %w", err)
	}
	return rows, nil
}

// perdues selects what can be sent again.
func (s *Alertes) perdues(ctx context.Context, f alert.FiltreRegistre) *gorm.DB {
	return filtrer(s.registre(ctx), f).Where("m.etat IN ('ECHEC','ABANDON') AND (m.charge IS NOT NULL OR m.type = 'alerte.purger')")
}

// Perdues implements alert.Store.
func (s *Alertes) Perdues(ctx context.Context, f alert.FiltreRegistre) ([]alert.Inscription, error) {
	var rows []alert.Inscription
	// The join is on primary keys: only the rows of m are locked.
	sql := s.perdues(ctx, f).Select(colonnesInscription + ", m.charge").Order("m.convention_id, m.canal, m.sequence, m.id").Limit(f.Limite)
	if err := s.db.db(ctx).Raw("? FOR UPDATE OF m SKIP LOCKED", sql).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("list lost messages: %w", err)
	}
	return rows, nil
}

// CompterPerdues implements alert.Store.
func (s *Alertes) CompterPerdues(ctx context.Context, f alert.FiltreRegistre) (int, error) {
	var n int64
	if err := s.perdues(ctx, f).Count(&n).Error; err != nil {
		return 0, fmt.Errorf("count lost messages: %w", err)
	}
	return int(n), nil
}

// Relancer implements alert.Store. The condition on the état makes two simultaneous requests do it once. The
// count of tries goes on, since it fences claims; essais_avant says where it starts again.
func (s *Alertes) Relancer(ctx context.Context, id int64, etat string, charge json.RawMessage, le time.Time) (bool, error) {
	var contenu any
	if len(charge) > 0 {
		contenu = string(charge)
	}
	res := s.db.db(ctx).Exec(`UPDATE message_sortant SET etat = ?, charge = ?::jsonb, essais_avant = tentatives, relances = relances + 1, relance_le = ?,
		prochain_essai_le = ?, erreur = '', traite_le = NULL
		WHERE id = ? AND etat IN ('ECHEC','ABANDON') AND (charge IS NOT NULL OR type = 'alerte.purger')`, etat, contenu, le, le, id)
	if res.Error != nil {
		return false, fmt.Errorf("send message again: %w", res.Error)
	}
	return res.RowsAffected == 1, nil
}

// Complements implements alert.Store.
func (s *Alertes) Complements(ctx context.Context, conventionID int64) (alert.Complements, error) {
	var out alert.Complements
	err := s.db.db(ctx).Raw(`
SELECT c.numero, o.code_insee_commune, coalesce(a.code, '') AS code_gestion, coalesce(b.siren, '') AS siren
FROM convention c JOIN operation o ON o.id = c.operation_id JOIN bailleur b ON b.id = o.bailleur_id
LEFT JOIN administration a ON a.id = o.administration_id WHERE c.id = ?`, conventionID).Scan(&out).Error
	if err != nil {
		return out, fmt.Errorf("read facts of an alert: %w", err)
	}
	return out, nil
}

// Journaliser implements alert.Store: a row of no family, hence not chained.
func (s *Alertes) Journaliser(ctx context.Context, j event.Journal) error {
	if err := s.db.db(ctx).Create(&j).Error; err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return nil
}
