package store

import (
	"context"
	"fmt"

	"github.com/lib/pq"
)

// RafraichirRecherche rewrites the read model of the families of the given conventions, in the
// transaction of ctx: the list is never behind the data. Deleted rows leave it.
func (d *DB) RafraichirRecherche(ctx context.Context, conventionIDs ...int64) error {
	if len(conventionIDs) == 0 {
		return nil
	}
	ids := pq.Int64Array(conventionIDs)
	if err := d.db(ctx).Exec(supprimerRecherche, ids).Error; err != nil {
		return fmt.Errorf("refresh read model: %w", err)
	}
	if err := d.db(ctx).Exec(ecrireRecherche, ids).Error; err != nil {
		return fmt.Errorf("refresh read model: %w", err)
	}
	return nil
}

const famille = `SELECT f.id FROM convention f
  WHERE coalesce(f.parent_id, f.id) IN (SELECT coalesce(c.parent_id, c.id) FROM convention c WHERE c.id = ANY($1))`

const supprimerRecherche = `DELETE FROM convention_recherche r USING convention c
  WHERE r.convention_id = c.id AND c.supprime_le IS NOT NULL AND c.id IN (` + famille + `)`

// ecrireRecherche derives every column from its source (01 table convention_recherche).
const ecrireRecherche = `
INSERT INTO convention_recherche (convention_id, uuid, parent_id, operation_id, bailleur_effectif_id, bailleur_lecture_id,
  bailleur_id, administration_id, commune_code, code_postal, departement, region, statut, statut_rang, date_fin_effet,
  nature_logement, type_operation, financements, annee_signature, date_signature, date_livraison, nb_logements,
  anru, anah, seconde_vie, est_avenant, numero_norm, numero_rev, parent_numero_norm, parent_numero_rev, operation_norm,
  numeros, nom_norm, nom_tsv, cree_le, mis_a_jour_le)
SELECT c.id, c.uuid, c.parent_id, c.operation_id, ` + titulaireDeLigne + `, ` + lecteurDeLigne + `,
  o.bailleur_id, o.administration_id, co.code, o.code_postal, o.code_insee_departement, o.code_insee_region,
  c.statut, c.statut_rang,
  CASE c.statut WHEN 'RESILIEE' THEN c.date_resiliation WHEN 'DENONCEE' THEN c.date_denonciation END,
  o.nature_logement, o.type_operation, coalesce(l.financements, '{}'), extract(year FROM c.signe_le)::int, c.signe_le,
  o.date_achevement_compile, coalesce(l.nb, 0), o.anru, o.anah, o.seconde_vie, c.parent_id IS NOT NULL,
  c.numero_pour_recherche, reverse(c.numero_pour_recherche), parent.numero_pour_recherche, reverse(parent.numero_pour_recherche),
  o.numero_operation_pour_recherche,
  concat_ws(' ', c.numero_pour_recherche, parent.numero_pour_recherche, nullif(o.numero_operation_pour_recherche, '')),
  left(sans_accent(o.nom), 255), o.recherche_nom, c.cree_le, c.mis_a_jour_le
FROM convention c
JOIN operation o ON o.id = c.operation_id
JOIN convention racine ON racine.id = coalesce(c.parent_id, c.id)
LEFT JOIN convention parent ON parent.id = c.parent_id
LEFT JOIN commune co ON co.code = o.code_insee_commune
LEFT JOIN LATERAL (
  SELECT array_agg(x.financement::text ORDER BY x.id) AS financements, sum(x.nb_logements)::int AS nb
  FROM lot x WHERE x.convention_id = c.id) l ON true
WHERE c.supprime_le IS NULL AND racine.supprime_le IS NULL AND c.id IN (` + famille + `)
ON CONFLICT (convention_id) DO UPDATE SET
  operation_id = excluded.operation_id, bailleur_effectif_id = excluded.bailleur_effectif_id,
  bailleur_lecture_id = excluded.bailleur_lecture_id, bailleur_id = excluded.bailleur_id,
  administration_id = excluded.administration_id, commune_code = excluded.commune_code, code_postal = excluded.code_postal,
  departement = excluded.departement, region = excluded.region, statut = excluded.statut, statut_rang = excluded.statut_rang,
  date_fin_effet = excluded.date_fin_effet, nature_logement = excluded.nature_logement, type_operation = excluded.type_operation,
  financements = excluded.financements, annee_signature = excluded.annee_signature, date_signature = excluded.date_signature,
  date_livraison = excluded.date_livraison, nb_logements = excluded.nb_logements, anru = excluded.anru, anah = excluded.anah,
  seconde_vie = excluded.seconde_vie, numero_norm = excluded.numero_norm, numero_rev = excluded.numero_rev,
  parent_numero_norm = excluded.parent_numero_norm, parent_numero_rev = excluded.parent_numero_rev,
  operation_norm = excluded.operation_norm, numeros = excluded.numeros, nom_norm = excluded.nom_norm,
  nom_tsv = excluded.nom_tsv, mis_a_jour_le = excluded.mis_a_jour_le`
