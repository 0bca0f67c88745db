package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"apilos/api/alert"
	"apilos/api/compte"
	"apilos/api/fichier"

	"github.com/lib/pq"
	"gorm.io/gorm"
)

// Entretien serves the jobs that keep the platform clean (jobs.Entretien), and knows which objects belong
// to a file (jobs.Inventaire, jobs.Fichiers).
type Entretien struct{ db *DB }

// NewEntretien returns the store of package jobs.
func NewEntretien(db *DB) *Entretien { return &Entretien{db: db} }

// InTx implements jobs.Entretien.
func (s *Entretien) InTx(ctx context.Context, fn func(ctx context.Context) error) error {
	return s.db.InTx(ctx, fn)
}

// vivante is a job that will do its work: waiting, or running for a short while.
const vivante = `(j.state IN ('available','pending','retryable','scheduled') OR (j.state = 'running' AND j.attempted_at > now() - make_interval(secs => ?)))`

// MessagesSansTache implements jobs.Entretien. Containment in args is served by River's own index.
func (s *Entretien) MessagesSansTache(ctx context.Context, le time.Time, bail time.Duration, limite int) ([]alert.Envoi, error) {
	var out []alert.Envoi
	err := s.db.db(ctx).Raw(`
SELECT m.id AS message_id, m.type FROM message_sortant m
WHERE m.etat IN ('A_ENVOYER','EN_COURS') AND m.prochain_essai_le <= ?
  AND NOT EXISTS (SELECT FROM river_job j WHERE j.args @> jsonb_build_object('message_id', m.id) AND `+vivante+`)
ORDER BY m.prochain_essai_le, m.id LIMIT ? FOR UPDATE OF m SKIP LOCKED`, le, bail.Seconds(), limite).Scan(&out).Error
	if err != nil {
		return nil, fmt.Errorf("messages without job: %w", err)
	}
	return out, nil
}

// dureeAnalyse is how long a scan may run before its worker is taken for dead.
const dureeAnalyse = 5 * time.Minute

// FichiersSansTache implements jobs.Entretien.
func (s *Entretien) FichiersSansTache(ctx context.Context, depuis, avant time.Time, limite int) ([]int64, error) {
	var ids []int64
	err := s.db.db(ctx).Raw(`
SELECT f.id FROM fichier f
WHERE f.antivirus IN ('EN_ATTENTE','ECHEC') AND f.supprime_le IS NULL AND f.cree_le >= ? AND f.cree_le < ?
  AND NOT EXISTS (SELECT FROM river_job j WHERE j.args @> jsonb_build_object('fichier_id', f.id) AND `+vivante+`)
ORDER BY f.id LIMIT ? FOR UPDATE OF f SKIP LOCKED`, depuis, avant, dureeAnalyse.Seconds(), limite).Scan(&ids).Error
	if err != nil {
		return nil, fmt.Errorf("files without scan: %w", err)
	}
	return ids, nil
}

// DemandeFusion implements jobs.Entretien.
func (s *Entretien) DemandeFusion(ctx context.Context, bailleurID, habilitationID int64) (compte.DemandeFusion, bool, error) {
	var rows []struct{ Siren, Login string }
	err := s.db.db(ctx).Raw(`
SELECT coalesce(b.siren, '') AS siren, u.cerbere_login AS login
FROM bailleur b JOIN role r ON r.bailleur_id = b.id AND r.habilitation_id = ? JOIN utilisateur u ON u.id = r.utilisateur_id
WHERE b.id = ? AND u.est_actif AND u.cerbere_login IS NOT NULL AND b.siren IS NOT NULL ORDER BY r.mis_a_jour_le DESC LIMIT 1`,
		habilitationID, bailleurID).Scan(&rows).Error
	if err == nil && len(rows) == 0 { // asked by a call of SIAP for somebody who has no account here
		err = s.db.db(ctx).Raw(`
SELECT b.siren, f.login FROM fusion_lecture f JOIN bailleur b ON b.id = f.bailleur_id
WHERE f.bailleur_id = ? AND f.habilitation_id = ? AND b.siren IS NOT NULL`, bailleurID, habilitationID).Scan(&rows).Error
	}
	if err != nil || len(rows) == 0 {
		return compte.DemandeFusion{}, false, err
	}
	return compte.DemandeFusion{BailleurID: bailleurID, Siren: rows[0].Siren, Login: rows[0].Login, HabilitationID: habilitationID}, true, nil
}

// PurgerTemporaires implements jobs.Entretien.
func (s *Entretien) PurgerTemporaires(ctx context.Context, reponsesAvant, brouillonsAvant time.Time) (int, error) {
	n := 0
	for _, p := range []struct {
		sql   string
		avant time.Time
	}{
		{`DELETE FROM requete_idempotente WHERE cree_le < ?`, reponsesAvant},
		{`DELETE FROM brouillon WHERE cree_le < ?`, brouillonsAvant},
		{versionsSansLecteur, reponsesAvant},
		{`DELETE FROM limite_debit WHERE maj_le < ?`, reponsesAvant},
		{`DELETE FROM fichier WHERE id IN (SELECT fichier_id FROM tache WHERE expire_le < ?)`, reponsesAvant}, // their objects go with the orphans
		{`DELETE FROM tache WHERE expire_le < ?`, reponsesAvant},
	} {
		res := s.db.db(ctx).Exec(p.sql, p.avant)
		if res.Error != nil {
			return n, fmt.Errorf("purge: %w", res.Error)
		}
		n += int(res.RowsAffected)
	}
	return n, nil
}

// ViderMessages implements jobs.Entretien.
func (s *Entretien) ViderMessages(ctx context.Context, contenuAvant, ligneAvant time.Time, limite int) (int, error) {
	res := s.db.db(ctx).Exec(`UPDATE message_sortant SET charge = NULL WHERE id IN (
		SELECT id FROM message_sortant WHERE charge IS NOT NULL AND traite_le < ? ORDER BY id LIMIT ?)`, contenuAvant, limite)
	if res.Error != nil {
		return 0, fmt.Errorf("empty messages: %w", res.Error)
	}
	n := int(res.RowsAffected)
	res = s.db.db(ctx).Exec(`DELETE FROM message_sortant WHERE id IN (
		SELECT id FROM message_sortant WHERE traite_le < ? ORDER BY id LIMIT ?)`, ligneAvant, limite)
	if res.Error != nil {
		return n, fmt.Errorf("delete messages: %w", res.Error)
	}
	return n + int(res.RowsAffected), nil
}

// Fichier implements jobs.Fichiers.
func (s *Entretien) Fichier(ctx context.Context, id int64) (*fichier.Fichier, error) {
	var f fichier.Fichier
	err := s.db.db(ctx).Take(&f, id).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read file: %w", err)
	}
	return &f, nil
}

// ClesConnues implements jobs.Inventaire. An infected file keeps its row but not its object.
func (s *Entretien) ClesConnues(ctx context.Context, compartiment string, cles []string) (map[string]bool, error) {
	out := map[string]bool{}
	if len(cles) == 0 {
		return out, nil
	}
	var rows []string
	liste := pq.StringArray(cles)
	err := s.db.db(ctx).Raw(`
SELECT cle_objet FROM fichier WHERE compartiment = ? AND cle_objet = ANY(?) AND NOT (antivirus = 'INFECTE' AND supprime_le IS NOT NULL)
UNION ALL SELECT cle_miniature FROM fichier WHERE compartiment = ? AND cle_miniature = ANY(?)
UNION ALL SELECT cle_objet FROM revision_fichier WHERE compartiment = ? AND cle_objet = ANY(?) AND antivirus <> 'INFECTE'`,
		compartiment, liste, compartiment, liste, compartiment, liste).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("known objects: %w", err)
	}
	for _, cle := range rows {
		out[cle] = true
	}
	return out, nil
}
