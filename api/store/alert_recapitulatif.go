package store

import (
	"context"
	"fmt"
	"time"

	"apilos/api/alert"
	"apilos/api/auth"
	"apilos/api/date"

	"github.com/lib/pq"
)

// porteeRecapitulatif says, by side, which dossiers of the read model (alias r) a role (alias y) reaches, and which of
// them somebody who wants few e-mails is told of (02 §6, monthly digests).
var porteeRecapitulatif = map[auth.Typologie]struct{ role, partiel string }{
	auth.Instructeur: {
		role:    `y.administration_id = r.administration_id`,
		partiel: `(r.statut = 'INSTRUCTION' OR EXISTS (SELECT FROM convention_historique h WHERE h.convention_id = r.convention_id AND h.utilisateur_id = g.id))`,
	},
	auth.Bailleur: {
		role: `r.bailleur_effectif_id IN (SELECT y.bailleur_id UNION ALL SELECT b.id FROM bailleur b WHERE b.parent_id = y.bailleur_id)`,
		partiel: `((SELECT c.cree_par_id FROM convention c WHERE c.id = r.convention_id) = g.id OR (r.statut = 'CORRECTION' AND EXISTS (
			SELECT FROM convention_historique h WHERE h.convention_id = r.convention_id AND h.utilisateur_id = g.id)))`,
	},
}

// Recapitulatifs implements alert.Store: one statement for a batch of people, ordered by person, statut and age.
func (s *Alertes) Recapitulatifs(ctx context.Context, cote auth.Typologie, statuts []string, apres int64, gens, dossiers int, le time.Time) ([]alert.RecapitulatifDossier, error) {
	portee := porteeRecapitulatif[cote]
	var out []alert.RecapitulatifDossier
	err := s.db.db(ctx).Raw(`
WITH g AS (
  SELECT u.id, u.email, u.prenom, u.nom, u.preferences_email FROM utilisateur u
  WHERE u.id > @apres AND u.est_actif AND u.pseudonymise_le IS NULL AND u.preferences_email IN ('TOUS','PARTIEL')
    AND EXISTS (SELECT FROM role y WHERE y.utilisateur_id = u.id AND y.typologie = @cote AND (y.expire_le IS NULL OR y.expire_le >= @jour))
  ORDER BY u.id LIMIT @gens)
SELECT g.id, g.email, g.prenom, g.nom, true AS active, d.uuid, coalesce(d.statut, '') AS statut, coalesce(d.libelle, '') AS libelle, coalesce(d.total, 0) AS total
FROM g LEFT JOIN LATERAL (
  SELECT x.*, row_number() OVER (PARTITION BY x.statut ORDER BY x.mis_a_jour_le, x.convention_id) AS rang, count(*) OVER (PARTITION BY x.statut) AS total
  FROM (
    SELECT r.convention_id, r.uuid, r.statut, r.mis_a_jour_le,
      o.nom || ', ' || array_to_string(r.financements, ' et ') || CASE WHEN r.est_avenant THEN ' (avenant)' ELSE '' END
        || CASE WHEN o.ville <> '' THEN ', ' || o.ville ELSE '' END AS libelle
    FROM convention_recherche r JOIN operation o ON o.id = r.operation_id
    WHERE r.statut = ANY(CAST(@statuts AS varchar[]))
      AND EXISTS (SELECT FROM role y WHERE y.utilisateur_id = g.id AND y.typologie = @cote AND (y.expire_le IS NULL OR y.expire_le >= @jour)
        AND (y.perimetre_region IS NULL OR y.perimetre_region = r.region) AND (y.perimetre_departement IS NULL OR y.perimetre_departement = r.departement)
        AND `+portee.role+`)
      AND (g.preferences_email = 'TOUS' OR `+portee.partiel+`)) x
) d ON d.rang <= @dossiers
ORDER BY g.id, d.statut, d.rang`, map[string]any{
		"apres": apres, "cote": string(cote), "jour": date.InParis(le), "gens": gens, "dossiers": dossiers, "statuts": pq.StringArray(statuts),
	}).Scan(&out).Error
	if err != nil {
		return nil, fmt.Errorf("digests: %w", err)
	}
	return out, nil
}
