package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"apilos/api/alert"
	"apilos/api/auth"
	"apilos/api/date"

	"github.com/lib/pq"
)

// personne is the common part of the lists of recipients: open accounts, in a stable order.
const personne = `SELECT DISTINCT u.id, u.email, u.prenom, u.nom, u.preferences_email = 'AUCUN' AS sans_courriel, u.est_actif AS active FROM utilisateur u `

// roleVif is a role that has not ended and whose territory covers the operation o.
const roleVif = `(r.expire_le IS NULL OR r.expire_le >= @jour)
   AND (r.perimetre_region IS NULL OR r.perimetre_region = o.code_insee_region)
   AND (r.perimetre_departement IS NULL OR r.perimetre_departement = o.code_insee_departement)`

// aAgi tells that the person appears in the history of the convention on one side.
const aAgi = `EXISTS (SELECT FROM convention_historique h WHERE h.convention_id = c.id AND h.utilisateur_id = u.id AND h.role_typologie IN `

// DestinatairesBailleur implements alert.Store: PARTIEL who acted on the convention for a bailleur, or
// TOUS. All still have a role there: somebody who left must not go on reading. The bailleurs are the one
// who has the row (PE-21), the one of its own version when it is an avenant (PE-22), and their parents, who see the same.
func (s *Alertes) DestinatairesBailleur(ctx context.Context, conventionID int64, le time.Time) ([]alert.Personne, error) {
	return s.personnes(ctx, "bailleur", `
WITH cible AS (
  SELECT bailleur_effectif_id AS id FROM convention_recherche WHERE convention_id = @convention
  UNION SELECT o.bailleur_id FROM convention c JOIN operation o ON o.id = c.operation_id WHERE c.id = @convention AND c.parent_id IS NOT NULL
), vu AS (SELECT id FROM cible UNION SELECT b.parent_id FROM bailleur b JOIN cible ON cible.id = b.id WHERE b.parent_id IS NOT NULL)
`+personne+`
JOIN role r ON r.utilisateur_id = u.id AND r.typologie = 'BAILLEUR' AND r.bailleur_id IN (SELECT id FROM vu)
JOIN convention c ON c.id = @convention JOIN operation o ON o.id = c.operation_id
WHERE u.est_actif AND u.pseudonymise_le IS NULL AND `+roleVif+`
  AND (u.preferences_email = 'TOUS' OR (u.preferences_email = 'PARTIEL' AND `+aAgi+`('BAILLEUR'))))
ORDER BY u.id`, map[string]any{"convention": conventionID, "jour": date.InParis(le)})
}

// DestinatairesInstructeurs implements alert.Store: as for a bailleur, with the administration. Those of a
// région or of the central administration who acted on the convention are told of what follows.
func (s *Alertes) DestinatairesInstructeurs(ctx context.Context, conventionID, administrationID int64, le time.Time) ([]alert.Personne, error) {
	return s.personnes(ctx, "instructeur", personne+`
JOIN role r ON r.utilisateur_id = u.id
JOIN convention c ON c.id = @convention JOIN operation o ON o.id = c.operation_id
WHERE u.est_actif AND u.pseudonymise_le IS NULL AND `+roleVif+`
  AND ((r.typologie = 'INSTRUCTEUR' AND r.administration_id = @administration
        AND (u.preferences_email = 'TOUS' OR (u.preferences_email = 'PARTIEL' AND `+aAgi+`('INSTRUCTEUR','ADMINISTRATEUR')))))
    OR (r.typologie = 'ADMINISTRATEUR' AND u.preferences_email IN ('TOUS','PARTIEL') AND `+aAgi+`('INSTRUCTEUR','ADMINISTRATEUR'))))
ORDER BY u.id`, map[string]any{"convention": conventionID, "administration": administrationID, "jour": date.InParis(le)})
}

// DestinatairesAdministration implements alert.Store.
func (s *Alertes) DestinatairesAdministration(ctx context.Context, conventionID, administrationID int64, le time.Time) ([]alert.Personne, error) {
	return s.personnes(ctx, "administration", personne+`
JOIN role r ON r.utilisateur_id = u.id AND r.typologie = 'INSTRUCTEUR' AND r.administration_id = @administration
JOIN convention c ON c.id = @convention JOIN operation o ON o.id = c.operation_id
WHERE u.est_actif AND u.pseudonymise_le IS NULL AND u.preferences_email IN ('TOUS','PARTIEL') AND `+roleVif+`
ORDER BY u.id`, map[string]any{"convention": conventionID, "administration": administrationID, "jour": date.InParis(le)})
}

func (s *Alertes) personnes(ctx context.Context, quoi, sql string, args map[string]any) ([]alert.Personne, error) {
	var out []alert.Personne
	if err := s.db.db(ctx).Raw(sql, args).Scan(&out).Error; err != nil {
		return nil, fmt.Errorf("recipients (%s): %w", quoi, err)
	}
	return out, nil
}

// AdressesRefusees implements alert.Store.
func (s *Alertes) AdressesRefusees(ctx context.Context, adresses []string) (map[string]bool, error) {
	if len(adresses) == 0 {
		return nil, nil
	}
	var rows []struct{ Email, EmailSecondaire string }
	err := s.db.db(ctx).Raw(`SELECT lower(email) AS email, lower(email_secondaire) AS email_secondaire FROM utilisateur
		WHERE (lower(email) = ANY(?) OR lower(email_secondaire) = ANY(?)) AND (preferences_email = 'AUCUN' OR NOT est_actif)`,
		pq.StringArray(adresses), pq.StringArray(adresses)).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("addresses that refuse mail: %w", err)
	}
	out := map[string]bool{}
	for _, r := range rows {
		out[strings.TrimSpace(r.Email)], out[strings.TrimSpace(r.EmailSecondaire)] = true, true
	}
	delete(out, "")
	return out, nil
}

// Personne implements alert.Store.
func (s *Alertes) Personne(ctx context.Context, id int64) (*alert.Personne, error) {
	out, err := s.personnes(ctx, "account", personne+`WHERE u.id = @id`, map[string]any{"id": id})
	if err != nil || len(out) == 0 {
		return nil, err
	}
	return &out[0], nil
}

// Gestionnaire implements alert.Store.
func (s *Alertes) Gestionnaire(ctx context.Context, administrationID int64) (*alert.Gestionnaire, error) {
	var rows []alert.Gestionnaire
	err := s.db.db(ctx).Raw(`SELECT nom, adresse, code_postal, ville, nb_convention_exemplaires AS nb_exemplaires FROM administration WHERE id = ?`,
		administrationID).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}

// NumeroRacine implements alert.Store.
func (s *Alertes) NumeroRacine(ctx context.Context, racineID int64) (string, error) {
	var numero string
	err := s.db.db(ctx).Raw(`SELECT coalesce(numero, '') FROM convention WHERE id = ?`, racineID).Scan(&numero).Error
	return numero, err
}

// MarquerQuestionnaire implements alert.Store.
func (s *Alertes) MarquerQuestionnaire(ctx context.Context, utilisateurID int64, cote auth.Typologie, le time.Time) (bool, error) {
	colonne := "questionnaire_instructeur_le"
	if cote == auth.Bailleur {
		colonne = "questionnaire_bailleur_le"
	}
	res := s.db.db(ctx).Exec(`UPDATE utilisateur SET `+colonne+` = ? WHERE id = ? AND `+colonne+` IS NULL`, le, utilisateurID)
	return res.RowsAffected == 1, res.Error
}
