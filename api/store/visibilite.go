package store

import (
	"context"
	"fmt"
)

// interrupteurVisibilite decides between the two readings of PE-21.
const interrupteurVisibilite = "visibilite_avenant_bailleur"

// parFamille is true when the latest signed avenant gives the whole family to its bailleur, false when each row is judged
// on the bailleur of its own version of the operation (PE-21).
const parFamille = `coalesce((SELECT actif FROM interrupteur WHERE nom = '` + interrupteurVisibilite + `'), true)`

// Who sees a row of the read model, from the row c, its version o of the operation and its root racine: its effective
// bailleur, and the future one, who reads the avenant from INSTRUCTION to A_SIGNER (PE-22, 00 decision 31).
const (
	titulaireDeLigne = `CASE WHEN ` + parFamille + ` THEN racine.bailleur_effectif_id ELSE o.bailleur_id END`
	lecteurDeLigne   = `CASE WHEN c.parent_id IS NOT NULL AND c.statut IN ('INSTRUCTION','CORRECTION','A_SIGNER')
        AND o.bailleur_id <> racine.bailleur_effectif_id AND ` + parFamille + ` THEN o.bailleur_id END`
	// effectif is the bailleur of the latest avenant signed at least once and not cancelled, else the one of the
	// operation of the root r.
	effectif = `coalesce(
    (SELECT o.bailleur_id FROM convention a JOIN operation o ON o.id = a.operation_id
      WHERE a.parent_id = r.id AND a.signe_le IS NOT NULL AND a.statut <> 'ANNULEE' AND a.supprime_le IS NULL AND ` + parFamille + `
      ORDER BY a.rang_avenant DESC NULLS LAST, a.cree_le DESC, a.id DESC LIMIT 1),
    (SELECT o.bailleur_id FROM operation o WHERE o.id = r.operation_id))`
)

// RecalculerBailleurEffectif applies PE-21 to a root.
func (d *DB) RecalculerBailleurEffectif(ctx context.Context, racineID int64) error {
	err := d.db(ctx).Exec(`UPDATE convention r SET bailleur_effectif_id = `+effectif+`
		WHERE r.id = ? AND r.parent_id IS NULL AND r.bailleur_effectif_id IS DISTINCT FROM `+effectif, racineID).Error
	if err != nil {
		return fmt.Errorf("effective bailleur: %w", err)
	}
	return nil
}

// rejugerFamilles applies PE-21 again to every family that has avenants, when the switch has moved: the others are read
// the same way in both cases. Two statements, which write the rows that change and no other.
func (d *DB) rejugerFamilles(ctx context.Context) error {
	for _, instruction := range []string{
		`UPDATE convention r SET bailleur_effectif_id = ` + effectif + `
WHERE r.id IN (SELECT DISTINCT parent_id FROM convention WHERE parent_id IS NOT NULL) AND r.bailleur_effectif_id IS DISTINCT FROM ` + effectif,
		`UPDATE convention_recherche x SET bailleur_effectif_id = n.titulaire, bailleur_lecture_id = n.lecteur FROM (
  SELECT c.id, ` + titulaireDeLigne + ` AS titulaire, ` + lecteurDeLigne + ` AS lecteur
  FROM convention c JOIN operation o ON o.id = c.operation_id JOIN convention racine ON racine.id = coalesce(c.parent_id, c.id)
  WHERE coalesce(c.parent_id, c.id) IN (SELECT DISTINCT parent_id FROM convention WHERE parent_id IS NOT NULL)) n
WHERE x.convention_id = n.id AND (x.bailleur_effectif_id, x.bailleur_lecture_id) IS DISTINCT FROM (n.titulaire, n.lecteur)`,
	} {
		if err := d.db(ctx).Exec(instruction).Error; err != nil {
			return fmt.Errorf("judge the families again: %w", err)
		}
	}
	return nil
}
