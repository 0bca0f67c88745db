package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"apilos/api/alert"
	"apilos/api/auth"
	"apilos/api/compte"
	"apilos/api/siap"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Alertes keeps what leaves the platform: rows of message_sortant, their log and their recipients.
type Alertes struct{ db *DB }

// NewAlertes returns the store of package alert.
func NewAlertes(db *DB) *Alertes { return &Alertes{db: db} }

var _ alert.Store = (*Alertes)(nil)

// InTx implements alert.Store.
func (s *Alertes) InTx(ctx context.Context, fn func(ctx context.Context) error) error {
	return s.db.InTx(ctx, fn)
}

// InterrupteurActif implements alert.Store.
func (s *Alertes) InterrupteurActif(ctx context.Context, nom string, p auth.Principal, code string) (bool, error) {
	actif, portee, err := s.interrupteur(ctx, nom)
	if err != nil || !actif || portee == nil {
		return actif, err
	}
	return slices.Contains(portee.Utilisateurs, p.UtilisateurUUID) || slices.Contains(portee.Typologies, string(p.Typologie)) ||
		(code != "" && slices.Contains(portee.Administrations, code)) ||
		(p.Departement != "" && slices.Contains(portee.Departements, p.Departement)), nil
}

// InterrupteurOuvert implements alert.Store. A switch that stops everything must not be limited to some
// people to count here, one that allows must only be on.
func (s *Alertes) InterrupteurOuvert(ctx context.Context, nom string) (bool, error) {
	actif, portee, err := s.interrupteur(ctx, nom)
	if nom == alert.InterrupteurCourriels {
		return actif && portee == nil, err
	}
	return actif, err
}

// interrupteur reads a switch; one that is not in the table has its default of 02 §12.
func (s *Alertes) interrupteur(ctx context.Context, nom string) (bool, *compte.Portee, error) {
	var rows []struct {
		Actif  bool
		Portee json.RawMessage
	}
	if err := s.db.db(ctx).Raw(`SELECT actif, portee FROM interrupteur WHERE nom = ?`, nom).Scan(&rows).Error; err != nil {
		return false, nil, fmt.Errorf("read switch %s: %w", nom, err)
	}
	if len(rows) == 0 {
		return nom == alert.InterrupteurAlertes, nil, nil
	}
	portee, err := compte.DecoderPortee(rows[0].Portee)
	return rows[0].Actif, portee, err
}

// InsererMessage implements alert.Store.
func (s *Alertes) InsererMessage(ctx context.Context, m *alert.MessageSortant) error {
	if m.Sequence == 0 && m.ConventionID != nil {
		err := s.db.db(ctx).Raw(`SELECT coalesce(max(sequence), 0) + 1 FROM message_sortant WHERE convention_id = ? AND canal = ?`,
			*m.ConventionID, m.Canal).Scan(&m.Sequence).Error
		if err != nil {
			return fmt.Errorf("next message: %w", err)
		}
	}
	res := s.db.db(ctx).Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "cle_unicite"}}, DoNothing: true}).Create(m)
	if res.Error != nil {
		return fmt.Errorf("insert message: %w", res.Error)
	}
	if res.RowsAffected == 0 {
		m.ID = 0
	}
	return nil
}

// selectLigne reads a row with its context in one statement.
const selectLigne = `
SELECT m.*, c.uuid AS convention_uuid, coalesce(c.statut, '') AS statut, coalesce(u.cerbere_login, '') AS login,
       EXISTS (SELECT FROM message_sortant p WHERE p.convention_id = m.convention_id AND p.canal = m.canal
                AND p.type = 'alerte.purger' AND p.sequence > m.sequence AND p.etat <> 'IGNOREE') AS depassee
FROM message_sortant m LEFT JOIN convention c ON c.id = m.convention_id LEFT JOIN utilisateur u ON u.id = m.utilisateur_id
WHERE m.id = ?`

// Ligne implements alert.Store.
func (s *Alertes) Ligne(ctx context.Context, id int64) (*alert.Ligne, error) {
	var l alert.Ligne
	err := s.db.db(ctx).Raw(selectLigne, id).Take(&l).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read message: %w", err)
	}
	return &l, nil
}

// pauseOrdre is the wait for a row that another worker is sending right now.
const pauseOrdre = time.Second

// Reclamer implements alert.Store. The advisory lock is that of the convention and canal: with it, the
// look at earlier rows and the claim are one step, whatever the number of workers. It is released with the
// transaction, so nothing is locked during the call to the outside.
func (s *Alertes) Reclamer(ctx context.Context, id int64, le time.Time, bail time.Duration) (alert.Reclamation, error) {
	var out alert.Reclamation
	err := s.db.InTx(ctx, func(ctx context.Context) error {
		out = alert.Reclamation{}
		if err := s.verrouillerFile(ctx, id); err != nil {
			return err
		}
		l, err := s.Ligne(ctx, id)
		if err != nil || l == nil || (l.Etat != alert.AEnvoyer && l.Etat != alert.EnCours) {
			return err
		}
		if attente := l.ProchainEssaiLe.Sub(le); attente > 0 {
			out.Attendre = courte(attente, l.Etat == alert.EnCours, bail)
			return nil
		}
		if out.Attendre, err = s.attenteOrdre(ctx, l, le, bail); err != nil || out.Attendre > 0 {
			return err
		}
		out.Doute = l.Etat == alert.EnCours
		l.Etat, l.Tentatives, l.ProchainEssaiLe, l.Erreur = alert.EnCours, l.Tentatives+1, le.Add(bail), ""
		out.Ligne = l
		return s.db.db(ctx).Exec(`UPDATE message_sortant SET etat = ?, tentatives = ?, prochain_essai_le = ?, erreur = '' WHERE id = ?`,
			l.Etat, l.Tentatives, l.ProchainEssaiLe, id).Error
	})
	if err != nil {
		return alert.Reclamation{}, fmt.Errorf("claim message: %w", err)
	}
	return out, nil
}

func (s *Alertes) verrouillerFile(ctx context.Context, id int64) error {
	return s.db.db(ctx).Exec(`SELECT pg_advisory_xact_lock(hashtextextended('message_sortant:' || canal || ':' || coalesce(convention_id::text, nullif('o' || cle_ordre, 'o'), 'm' || id), 0))
		FROM message_sortant WHERE id = ?`, id).Error
}

// attenteOrdre tells how long an earlier row that is not finished makes l wait (AL-21), 0 when none does.
// An e-mail only waits for those to the same person and for those whose recipients are not known yet.
func (s *Alertes) attenteOrdre(ctx context.Context, l *alert.Ligne, le time.Time, bail time.Duration) (time.Duration, error) {
	enAttente := []string{alert.AEnvoyer, alert.EnCours}
	q := s.db.db(ctx).Table("message_sortant").Select("etat, prochain_essai_le")
	switch {
	case l.ConventionID != nil:
		q = q.Where("convention_id = ? AND canal = ? AND sequence < ? AND etat IN ?", *l.ConventionID, l.Canal, l.Sequence, enAttente)
	case l.CleOrdre != "":
		q = q.Where("canal = ? AND cle_ordre = ? AND id < ? AND etat IN ?", l.Canal, l.CleOrdre, l.ID, enAttente)
	default:
		return 0, nil
	}
	if l.Canal == alert.CanalCourriel {
		if l.Destinataire == "" { // a preparation waits for nobody
			return 0, nil
		}
		q = q.Where("(destinataire = '' OR lower(destinataire) = lower(?))", l.Destinataire)
	}
	var avant []struct {
		Etat            string
		ProchainEssaiLe time.Time
	}
	if err := q.Order("sequence DESC, id DESC").Limit(1).Scan(&avant).Error; err != nil {
		return 0, err
	}
	if len(avant) == 0 {
		return s.attenteRelance(ctx, l, le, bail)
	}
	return courte(max(avant[0].ProchainEssaiLe.Sub(le), pauseOrdre), avant[0].Etat == alert.EnCours, bail), nil
}

// attenteRelance makes an alert that was sent again wait for a later one that is leaving right now: a purge must
// know which alerts are not its own. The later one cannot start another try before this row is finished.
func (s *Alertes) attenteRelance(ctx context.Context, l *alert.Ligne, le time.Time, bail time.Duration) (time.Duration, error) {
	if l.RelanceLe == nil || l.Canal != alert.CanalAlerte || l.ConventionID == nil {
		return 0, nil
	}
	var fins []time.Time
	err := s.db.db(ctx).Raw(`SELECT prochain_essai_le FROM message_sortant
		WHERE convention_id = ? AND canal = ? AND sequence > ? AND etat = 'EN_COURS' AND prochain_essai_le > ? ORDER BY prochain_essai_le DESC LIMIT 1`,
		*l.ConventionID, l.Canal, l.Sequence, le).Scan(&fins).Error
	if err != nil || len(fins) == 0 {
		return 0, err
	}
	return courte(max(fins[0].Sub(le), pauseOrdre), true, bail), nil
}

// ecartHorloges covers what separates the moments two workers read: their clocks, and the wait of one of
// them for the lock. Without it a lease taken a little later looks longer than a lease.
const ecartHorloges = 5 * time.Second

// courte shortens the wait for a row that is probably leaving right now: its lease is long, the call is not.
func courte(attente time.Duration, enCours bool, bail time.Duration) time.Duration {
	if enCours && attente <= bail+ecartHorloges {
		return pauseOrdre
	}
	return attente
}

// Prolonger implements alert.Store.
func (s *Alertes) Prolonger(ctx context.Context, l *alert.Ligne, jusqua time.Time) (bool, error) {
	res := s.db.db(ctx).Exec(`UPDATE message_sortant SET prochain_essai_le = ? WHERE id = ? AND etat = 'EN_COURS' AND tentatives = ?`,
		jusqua, l.ID, l.Tentatives)
	return res.RowsAffected == 1, res.Error
}

// Conclure implements alert.Store: fenced by the number of the try.
func (s *Alertes) Conclure(ctx context.Context, l *alert.Ligne, i alert.Issue) (bool, error) {
	set := map[string]any{"etat": i.Etat, "erreur": i.Erreur}
	if i.Externe != "" {
		set["identifiant_externe"] = i.Externe
	}
	if i.Etat == alert.AEnvoyer || i.Etat == alert.EnCours {
		set["prochain_essai_le"] = i.ProchainEssaiLe
	} else {
		set["traite_le"] = i.Le
	}
	res := s.db.db(ctx).Table("message_sortant").Where("id = ? AND etat = 'EN_COURS' AND tentatives = ?", l.ID, l.Tentatives).Updates(set)
	if res.Error != nil {
		return false, fmt.Errorf("write outcome of message: %w", res.Error)
	}
	return res.RowsAffected == 1, nil
}

// InsererLog implements alert.Store.
func (s *Alertes) InsererLog(ctx context.Context, l *alert.AlerteSIAPLog) error {
	if err := s.db.db(ctx).Create(l).Error; err != nil {
		return fmt.Errorf("log of alert: %w", err)
	}
	return nil
}

// Envoyees implements alert.Store. Action alerts older than the last purge are gone from SIAP, so they are
// left out.
func (s *Alertes) Envoyees(ctx context.Context, conventionID int64, avant int) ([]alert.Envoyee, error) {
	var rows []ligneEnvoyee
	err := s.db.db(ctx).Raw(`
SELECT m.sequence, m.identifiant_externe, m.charge->'creation' AS charge FROM message_sortant m
WHERE m.convention_id = ? AND m.canal = 'ALERTE_SIAP' AND m.type = 'alerte.creer' AND m.etat = 'ENVOYE' AND m.sequence < ?
  AND m.charge->'creation' IS NOT NULL
  AND (m.charge->'creation'->>'categorieInformation' <> ? OR m.sequence > (SELECT coalesce(max(p.sequence), 0) FROM message_sortant p
        WHERE p.convention_id = m.convention_id AND p.canal = m.canal AND p.type = 'alerte.purger' AND p.etat = 'ENVOYE' AND p.sequence < ?))
ORDER BY m.sequence`, conventionID, avant, siap.AlerteAction, avant).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("list alerts sent: %w", err)
	}
	return envoyees(rows)
}

// Posterieures implements alert.Store.
func (s *Alertes) Posterieures(ctx context.Context, conventionID int64, apres int) ([]alert.Envoyee, error) {
	var rows []ligneEnvoyee
	err := s.db.db(ctx).Raw(`
SELECT m.sequence, m.identifiant_externe, m.charge->'creation' AS charge FROM message_sortant m
WHERE m.convention_id = ? AND m.canal = 'ALERTE_SIAP' AND m.type = 'alerte.creer' AND m.sequence > ?
  AND (m.etat = 'ENVOYE' OR (m.etat NOT IN ('IGNOREE','SANS_DESTINATAIRE') AND m.tentatives > 0)) AND m.charge->'creation' IS NOT NULL
ORDER BY m.sequence DESC`, conventionID, apres).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("list later alerts: %w", err)
	}
	return envoyees(rows)
}

type ligneEnvoyee struct {
	Sequence           int
	IdentifiantExterne string
	Charge             json.RawMessage
}

func envoyees(rows []ligneEnvoyee) ([]alert.Envoyee, error) {
	out := make([]alert.Envoyee, 0, len(rows))
	for _, r := range rows {
		e := alert.Envoyee{Sequence: r.Sequence, Externe: r.IdentifiantExterne}
		if err := json.Unmarshal(r.Charge, &e.Creation); err != nil {
			return nil, fmt.Errorf("alert sent: %w", err)
		}
		out = append(out, e)
	}
	return out, nil
}

// SignalerAnomalie implements alert.Store.
func (s *Alertes) SignalerAnomalie(ctx context.Context, a alert.Anomalie) error {
	err := s.db.db(ctx).Exec(`
INSERT INTO siap_anomalie (numero_operation, code, champ, message, premiere_fois, derniere_fois) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (numero_operation, code, champ, valeur) DO UPDATE SET message = EXCLUDED.message, derniere_fois = EXCLUDED.derniere_fois,
   occurrences = siap_anomalie.occurrences + 1, resolue_le = NULL`, a.NumeroOperation, a.Code, a.Champ, a.Message, a.Le, a.Le).Error
	if err != nil {
		return fmt.Errorf("record anomaly: %w", err)
	}
	return nil
}

// ResoudreAnomalies implements alert.Store.
func (s *Alertes) ResoudreAnomalies(ctx context.Context, numero, code string, le time.Time) error {
	err := s.db.db(ctx).Exec(`UPDATE siap_anomalie SET resolue_le = ? WHERE numero_operation = ? AND code = ? AND resolue_le IS NULL`, le, numero, code).Error
	if err != nil {
		return fmt.Errorf("resolve anomalies: %w", err)
	}
	return nil
}

// Attente implements alert.Store.
func (s *Alertes) Attente(ctx context.Context, le time.Time) (int, time.Time, error) {
	var row struct {
		N            int
		PlusAncienne *time.Time
	}
	err := s.db.db(ctx).Raw(`SELECT count(*) AS n, min(cree_le) AS plus_ancienne FROM message_sortant
		WHERE etat IN ('A_ENVOYER','EN_COURS') AND prochain_essai_le <= ?`, le).Scan(&row).Error
	if err != nil || row.PlusAncienne == nil {
		return 0, time.Time{}, err
	}
	return row.N, *row.PlusAncienne, nil
}
