package store

import (
	"context"
	"fmt"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/fault"

	"github.com/google/uuid"
	"github.com/lib/pq"
)

// InterrupteurOuvert implements convention.Store.
func (d *DB) InterrupteurOuvert(ctx context.Context, nom string) (bool, error) {
	var actif bool
	err := d.db(ctx).Raw(`SELECT coalesce((SELECT actif FROM interrupteur WHERE nom = ?), false)`, nom).Scan(&actif).Error
	if err != nil {
		return false, fmt.Errorf("read feature switch %s: %w", nom, err)
	}
	return actif, nil
}

// Regroupables implements convention.Store.
func (d *DB) Regroupables(ctx context.Context, p auth.Principal, operationIDs []int64) ([]uuid.UUID, error) {
	cond, args := perimetre(p, vueRecherche)
	var lignes []struct{ UUID uuid.UUID }
	err := d.db(ctx).Raw(`
SELECT r.uuid FROM convention_recherche r
WHERE r.operation_id = ANY(?) AND r.statut = 'PROJET' AND NOT r.est_avenant AND (`+cond+`)
  AND NOT EXISTS (SELECT FROM convention a WHERE a.parent_id = r.convention_id AND a.supprime_le IS NULL)
  AND NOT EXISTS (SELECT FROM convention_seconde_vie v WHERE v.convention_id = r.convention_id)
  AND NOT EXISTS (SELECT FROM convention_seconde_vie v JOIN convention e ON e.id = v.convention_id WHERE v.parent_id = r.convention_id AND e.supprime_le IS NULL)
ORDER BY r.cree_le, r.uuid`, append([]any{pq.Int64Array(operationIDs)}, args...)...).Scan(&lignes).Error
	if err != nil {
		return nil, fmt.Errorf("find conventions to group: %w", err)
	}
	out := make([]uuid.UUID, 0, len(lignes))
	for _, l := range lignes {
		out = append(out, l.UUID)
	}
	return out, nil
}

// absorptions move what belongs to the absorbed convention, in this order. Its documents of a validation or of a signature
// join the archives of the survivor: they are not about the whole.
var absorptions = []struct{ quoi, sql string }{
	{"note the grouping", `INSERT INTO regroupement (absorbee_id, survivante_id, libelle, regroupee_le) VALUES (@absorbee, @survivante, @libelle, @le)`},
	{"note origins", `
INSERT INTO regroupement_origine (objet_uuid, nature, absorbee_id)
SELECT uuid, 'COMMENTAIRE', CAST(@absorbee AS bigint) FROM commentaire WHERE convention_id = @absorbee
UNION ALL SELECT uuid, 'EVENEMENT', CAST(@absorbee AS bigint) FROM evenement WHERE convention_id = @absorbee
UNION ALL SELECT uuid, 'FICHIER', CAST(@absorbee AS bigint) FROM fichier_rattache WHERE convention_id = @absorbee
ON CONFLICT (objet_uuid) DO NOTHING`},
	{"move lots", `UPDATE lot SET convention_id = @survivante, version = version + 1, mis_a_jour_le = @le WHERE convention_id = @absorbee`},
	{"move comments", `UPDATE commentaire SET convention_id = @survivante WHERE convention_id = @absorbee`},
	{"move events", `UPDATE evenement SET convention_id = @survivante WHERE convention_id = @absorbee`},
	{"archive documents", `
UPDATE fichier_rattache a SET remplace_le = @le, remplace_par_id = @auteur
WHERE a.convention_id = @absorbee AND a.remplace_le IS NULL AND a.rubrique IN ('DOCUMENT_SIGNE','DOCUMENT_PUBLIE','DOCUMENT_GENERE','CERFA_PERSONNALISE','PREUVE_SIGNATURE')`},
	{"move files", `UPDATE fichier_rattache SET convention_id = @survivante WHERE convention_id = @absorbee`},
	{"copy origins", `
INSERT INTO convention_seconde_vie (convention_id, parent_id) SELECT CAST(@survivante AS bigint), parent_id FROM convention_seconde_vie WHERE convention_id = @absorbee
ON CONFLICT DO NOTHING`},
	{"remove origins", `DELETE FROM convention_seconde_vie WHERE convention_id = @absorbee`},
	{"erase drafts", `DELETE FROM brouillon WHERE convention_id = @absorbee`},
}

// Absorber implements convention.Store.
func (d *DB) Absorber(ctx context.Context, p auth.Principal, absorbee *convention.Dossier, r convention.Regroupement) error {
	args := map[string]any{
		"absorbee": r.AbsorbeeID, "survivante": r.SurvivanteID, "libelle": r.Libelle, "le": r.RegroupeeLe, "auteur": optionnel(p.UtilisateurID),
	}
	for _, a := range absorptions {
		if err := d.db(ctx).Exec(a.sql, args).Error; err != nil {
			return fmt.Errorf("%s of convention %d: %w", a.quoi, r.AbsorbeeID, conflitMixte(err))
		}
	}
	return d.Modifier(ctx, absorbee, map[string]any{
		"fusionnee_dans_id": r.SurvivanteID, "supprime_le": r.RegroupeeLe, "supprime_par_id": optionnel(p.UtilisateurID),
	}, r.RegroupeeLe)
}

// conflitMixte gives its words to the rule that a convention has one lot per financement (MX-06).
func conflitMixte(err error) error {
	if constraint(err) == "lot_convention_id_financement_key" {
		return fault.New(fault.Invalid, convention.CodeFinancementEnDouble, "Deux lots portent le même financement : regroupement impossible.").Because(err)
	}
	return conflitConvention(err)
}

func optionnel(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}

// copieDetachee is the convention of a lot that leaves its group: the form is copied; number, dates of the life and
// documents stay with the original (MX-11).
func copieDetachee() copieTable {
	return copieTable{
		table: "convention",
		copiees: []string{
			"operation_id", "bailleur_effectif_id", "adresse", "date_fin_conventionnement", "fond_propre", "historique_financement_public", "commentaires",
			"type1and2", "type2_options", "signataire_nom", "signataire_fonction", "signataire_date_deliberation", "signataire_bloc_signature",
			"identification_bailleur", "identification_bailleur_detail", "source", "anomalie_import", "cree_par_id",
		},
		calculees: avecHorodatage(map[string]string{"uuid": "CAST(@uuid AS uuid)", "statut": "'PROJET'"}),
		remises: []string{
			"id", "parent_id", "base_id", "numero", "rang_avenant", "desc_avenant", "champ_libre_avenant", "premiere_soumission_le", "soumis_le",
			"valide_le", "signe_le", "precision_date_signature", "donnees_modifiees_apres_signature", "date_publication_spf", "reference_spf",
			"date_denonciation", "motif_denonciation", "date_resiliation", "motif_resiliation", "acte_resiliation", "fusionnee_dans_id", "supprime_le", "supprime_par_id",
			"version",
		},
		source: "convention s WHERE s.id = @source",
	}
}

// detachements follow the row of the new convention. Rows of a lot have uuids of their own: the comments on them are
// found by these (MX-12).
var detachements = []struct{ quoi, sql string }{
	{"move the lot", `UPDATE lot SET convention_id = @avenant, version = version + 1, mis_a_jour_le = @le WHERE id = @lot AND convention_id = @source`},
	{"move the comments of the lot", `
UPDATE commentaire c SET convention_id = @avenant WHERE c.convention_id = @source AND c.uuid_objet IN (
  SELECT uuid FROM lot WHERE id = @lot
  UNION ALL SELECT uuid FROM logement WHERE lot_id = @lot
  UNION ALL SELECT a.uuid FROM annexe a JOIN logement g ON g.id = a.logement_id WHERE g.lot_id = @lot
  UNION ALL SELECT uuid FROM pret WHERE lot_id = @lot
  UNION ALL SELECT uuid FROM stationnement WHERE lot_id = @lot
  UNION ALL SELECT uuid FROM local_collectif WHERE lot_id = @lot
  UNION ALL SELECT uuid FROM repartition_surface WHERE lot_id = @lot)`},
	{"copy the files of the form", `
INSERT INTO fichier_rattache (fichier_id, convention_id, rubrique, description, ordre, revision_id, cree_par_id, cree_le)
SELECT fichier_id, CAST(@avenant AS bigint), rubrique, description, ordre, revision_id, cree_par_id, cree_le FROM fichier_rattache
WHERE convention_id = @source AND rubrique IN ('COMMENTAIRES','ATTACHED') AND remplace_le IS NULL ORDER BY id`},
}

// Detacher implements convention.Store.
func (d *DB) Detacher(ctx context.Context, dos *convention.Dossier, n convention.Detachement) (int64, error) {
	p := map[string]any{"source": dos.Convention.ID, "uuid": n.UUID, "le": n.Le, "lot": n.LotID}
	var id int64
	if err := d.db(ctx).Raw(copieDetachee().instruction()+" RETURNING id", p).Scan(&id).Error; err != nil {
		return 0, fmt.Errorf("detach lot %d: %w", n.LotID, conflitConvention(err))
	}
	p["avenant"] = id // name of the target in the copies of a version
	if err := d.db(ctx).Exec(copiesVersion()[0].instruction(), p).Error; err != nil {
		return 0, fmt.Errorf("copy the block of foyer: %w", err)
	}
	for _, x := range detachements {
		if err := d.db(ctx).Exec(x.sql, p).Error; err != nil {
			return 0, fmt.Errorf("%s %d: %w", x.quoi, n.LotID, conflitConvention(err))
		}
	}
	return id, nil
}

// regroupee says where an absorbed convention went, to those who see the survivor; for the others it does not exist.
func (d *DB) regroupee(ctx context.Context, p auth.Principal, id uuid.UUID) error {
	cond, args := perimetre(p, vueRecherche)
	var row struct{ UUID uuid.UUID }
	err := d.db(ctx).Raw(`
WITH RECURSIVE suite AS (
  SELECT c.id, c.fusionnee_dans_id FROM convention c WHERE c.uuid = ? AND c.fusionnee_dans_id IS NOT NULL
  UNION SELECT c.id, c.fusionnee_dans_id FROM convention c JOIN suite ON c.id = suite.fusionnee_dans_id)
SELECT r.uuid FROM suite JOIN convention_recherche r ON r.convention_id = suite.id WHERE `+cond+` LIMIT 1`, append([]any{id}, args...)...).Scan(&row).Error
	if err != nil {
		return fmt.Errorf("find survivor: %w", err)
	}
	if row.UUID == uuid.Nil {
		return fault.Introuvable("Ce dossier")
	}
	return fault.New(fault.NotFound, convention.CodeConventionRegroupee,
		"Cette convention a été regroupée avec une autre de la même opération : ouvrez celle qui la remplace.").With("convention_uuid", row.UUID.String())
}

// lignee is the convention itself and those it absorbed, with what they were called: their history is its own (MX-07).
const lignee = `
WITH RECURSIVE lignee AS (
  SELECT CAST(? AS bigint) AS id, CAST('' AS varchar) AS libelle
  UNION SELECT g.absorbee_id, g.libelle FROM regroupement g JOIN lignee ON lignee.id = g.survivante_id)
`
