package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"apilos/api/auth"
	"apilos/api/convention"

	"github.com/lib/pq"
)

// copieTable says what becomes of each column of a table when a version is copied into an avenant (02 §3.2). A column is
// in one of the three lists: TestAV09_everyColumnIsDecided fails for one that is added to the schema and not here.
type copieTable struct {
	table string
	// copiees keep the value of the source.
	copiees []string
	// calculees are those of the new version: column → expression, with the parameters of Cloner.
	calculees map[string]string
	// remises start again from their default.
	remises []string
	// source is what the rows come from: s is the row to copy.
	source string
}

// instruction writes the copy.
func (c copieTable) instruction() string {
	colonnes, valeurs := strings.Join(c.copiees, ", "), "s."+strings.Join(c.copiees, ", s.")
	for _, colonne := range slices.Sorted(maps.Keys(c.calculees)) {
		colonnes += ", " + colonne
		valeurs += ", " + c.calculees[colonne]
	}
	return "INSERT INTO " + c.table + " (" + colonnes + ") SELECT " + valeurs + " FROM " + c.source
}

const (
	// parLot joins the rows of a lot of the source with the lot of the same financement of the avenant.
	parLot = ` s JOIN lot a ON a.id = s.lot_id AND a.convention_id = @source JOIN lot n ON n.convention_id = @avenant AND n.financement = a.financement
ORDER BY s.lot_id, s.ordre, s.id`
	deLOperation = ` s WHERE s.operation_id = @operation_source ORDER BY s.ordre, s.id`
)

var horodatage = map[string]string{"cree_le": "@le", "mis_a_jour_le": "@le"}

func avecHorodatage(m map[string]string) map[string]string {
	for k, v := range horodatage {
		m[k] = v
	}
	return m
}

// copieOperationVersion is the version of the operation: everything, under the root operation.
func copieOperationVersion() copieTable {
	return copieTable{
		table: "operation",
		copiees: []string{
			"nom", "numero_operation", "seconde_vie", "bailleur_id", "administration_id", "administration_precedente_id", "adresse", "code_postal", "ville",
			"code_insee_commune", "code_insee_departement", "code_insee_region", "annee_gestion_programmation", "zone_123", "zone_abc",
			"surface_utile_totale", "surface_corrigee_totale", "type_operation", "nature_logement", "anru", "anah", "nb_locaux_commerciaux", "nb_bureaux",
			"autres_locaux_hors_convention", "vendeur", "acquereur", "date_acte_notarie", "reference_notaire", "reference_publication_acte",
			"acte_de_propriete", "effet_relatif", "certificat_adressage", "reference_cadastrale", "edd_volumetrique",
			"mention_publication_edd_volumetrique", "edd_classique", "mention_publication_edd_classique", "edd_stationnements", "permis_construire",
			"date_achevement_previsible", "date_achevement", "date_achat", "date_autorisation_hors_habitat_inclusif", "date_convention_location",
			"agrement_intermediation_date", "agrement_intermediation_departement", "agrement_intermediation_ville", "source", "anomalie_import",
			"siap_synchronise_le",
		},
		calculees: avecHorodatage(map[string]string{"origine_id": "coalesce(s.origine_id, s.id)"}),
		remises:   []string{"id", "uuid", "version"},
		source:    "operation s WHERE s.id = @operation_source",
	}
}

// copieAvenant is the row of the avenant.
func copieAvenant() copieTable {
	return copieTable{
		table: "convention",
		copiees: []string{
			"adresse", "date_fin_conventionnement", "fond_propre", "historique_financement_public", "type1and2", "type2_options", "signataire_nom",
			"signataire_fonction", "signataire_date_deliberation", "signataire_bloc_signature", "identification_bailleur", "identification_bailleur_detail",
		},
		calculees: avecHorodatage(map[string]string{
			"uuid": "CAST(@uuid AS uuid)", "operation_id": "CAST(@operation AS bigint)", "parent_id": "CAST(@racine AS bigint)", "base_id": "s.id",
			"statut": "'PROJET'", "source": "'APILOS'", "cree_par_id": "nullif(CAST(@auteur AS bigint), 0)",
		}),
		remises: []string{
			"id", "bailleur_effectif_id", "numero", "rang_avenant", "commentaires", "desc_avenant", "champ_libre_avenant", "premiere_soumission_le",
			"soumis_le", "valide_le", "signe_le", "precision_date_signature", "donnees_modifiees_apres_signature", "date_publication_spf",
			"reference_spf", "date_denonciation", "motif_denonciation", "date_resiliation", "motif_resiliation", "acte_resiliation", "anomalie_import",
			"fusionnee_dans_id", "supprime_le", "supprime_par_id", "version",
		},
		source: "convention s WHERE s.id = @source",
	}
}

// copiesVersion are the rows that a version holds, in the order of their references.
func copiesVersion() []copieTable {
	return []copieTable{
		{
			table: "convention_foyer_residence",
			copiees: []string{
				"gestionnaire", "gestionnaire_signataire_nom", "gestionnaire_signataire_fonction", "gestionnaire_signataire_date_deliberation",
				"gestionnaire_signataire_bloc_signature", "gestionnaire_bloc_info_complementaire", "type_attribution", "publics", "agees_autre_detail",
				"handicapes_autre_detail", "inclusif_conditions_specifiques", "inclusif_conditions_admission", "inclusif_modalites_attribution",
				"inclusif_partenariats", "inclusif_activites", "reservation_prefectorale_pct", "modalites_reservations", "modalites_choix_personnes",
				"prestations_integrees", "prestations_facultatives", "variantes", "variante_2_travaux", "variante_2_nb_annees", "variante_2_nb_tranches",
			},
			calculees: map[string]string{"convention_id": "@avenant"},
			source:    "convention_foyer_residence s WHERE s.convention_id = @source",
		},
		{
			table: "lot",
			copiees: []string{
				"financement", "type_habitat", "nb_logements", "nb_logements_plai_adp", "types_annexes", "lgts_mixite_sociale_negocies", "loyer_derogatoire",
				"loyer_associations_foncieres", "surface_habitable_totale", "surface_locaux_collectifs_residentiels", "foyer_residence_nb_garage_parking",
				"foyer_residence_dependance", "foyer_residence_locaux_hors_convention",
			},
			calculees: avecHorodatage(map[string]string{"convention_id": "@avenant", "origine_id": "r.id"}),
			remises:   []string{"id", "uuid", "operation_unicite_id", "version"},
			source: `lot s LEFT JOIN lot r ON r.convention_id = @racine AND r.financement = s.financement
WHERE s.convention_id = @source ORDER BY s.id`,
		},
		copieLogements(),
		copieAnnexe(),
		{
			table:     "pret",
			copiees:   []string{"preteur", "autre", "numero", "date_octroi", "duree", "montant", "ordre"},
			calculees: avecHorodatage(map[string]string{"lot_id": "n.id"}),
			remises:   []string{"id", "uuid"}, source: "pret" + parLot,
		},
		{
			table:     "stationnement",
			copiees:   []string{"typologie", "nb_stationnements", "loyer", "ordre"},
			calculees: avecHorodatage(map[string]string{"lot_id": "n.id"}),
			remises:   []string{"id", "uuid"}, source: "stationnement" + parLot,
		},
		{
			table:     "local_collectif",
			copiees:   []string{"type_local", "surface_habitable", "nombre", "ordre"},
			calculees: avecHorodatage(map[string]string{"lot_id": "n.id"}),
			remises:   []string{"id", "uuid"}, source: "local_collectif" + parLot,
		},
		{
			table:     "repartition_surface",
			copiees:   []string{"typologie", "type_habitat", "quantite"},
			calculees: map[string]string{"lot_id": "n.id"},
			remises:   []string{"id", "uuid"},
			source:    "repartition_surface" + strings.Replace(parLot, "s.ordre, ", "", 1),
		},
		{
			table:     "reference_cadastrale",
			copiees:   []string{"section", "numero", "lieudit", "surface", "surface_m2", "autre", "ordre"},
			calculees: avecHorodatage(map[string]string{"operation_id": "@operation"}),
			remises:   []string{"id", "uuid"}, source: "reference_cadastrale" + deLOperation,
		},
		{
			table:     "logement_edd",
			copiees:   []string{"designation", "financement", "numero_lot", "ordre"},
			calculees: avecHorodatage(map[string]string{"operation_id": "@operation"}),
			remises:   []string{"id", "uuid"}, source: "logement_edd" + deLOperation,
		},
		{
			// The objects are shared: they never change. Those of the convention itself are not copied.
			table:     "fichier_rattache",
			copiees:   []string{"fichier_id", "rubrique", "type_piece", "description", "ordre", "revision_id", "cree_par_id", "cree_le"},
			calculees: map[string]string{"operation_id": "@operation"},
			remises:   []string{"id", "uuid", "convention_id", "evenement_id", "remplace_le", "remplace_par_id"},
			source:    `fichier_rattache s WHERE s.operation_id = @operation_source AND s.remplace_le IS NULL ORDER BY s.id`,
		},
	}
}

func copieLogements() copieTable {
	return copieTable{
		table: "logement",
		copiees: []string{
			"tableau", "ordre", "designation", "typologie", "surface_habitable", "surface_annexes", "surface_annexes_retenue", "surface_utile",
			"surface_corrigee", "loyer_par_metre_carre", "coefficient", "loyer", "importe",
		},
		calculees: avecHorodatage(map[string]string{"lot_id": "n.id"}),
		remises:   []string{"id", "uuid"}, source: "logement" + parLot,
	}
}

// copieAnnexe finds the new dwelling of each annexe by its rank: dwellings were copied in this order, in one statement.
func copieAnnexe() copieTable {
	const rangs = `(SELECT g.id, row_number() OVER (ORDER BY %s) AS rang FROM logement g JOIN lot l ON l.id = g.lot_id WHERE l.convention_id = %s
  AND l.financement IN (SELECT financement FROM lot WHERE convention_id = @avenant))`
	return copieTable{
		table:     "annexe",
		copiees:   []string{"typologie", "surface_hors_surface_retenue", "loyer_par_metre_carre", "loyer", "importe", "ordre"},
		calculees: avecHorodatage(map[string]string{"logement_id": "n.id"}),
		remises:   []string{"id", "uuid"},
		source: "annexe s JOIN " + fmt.Sprintf(rangs, "g.lot_id, g.ordre, g.id", "@source") + " a ON a.id = s.logement_id JOIN " +
			fmt.Sprintf(rangs, "g.id", "@avenant") + " n ON n.rang = a.rang ORDER BY a.rang, s.ordre, s.id",
	}
}

// SourceAvenant implements convention.Store.
func (d *DB) SourceAvenant(ctx context.Context, racineID int64) (int64, error) {
	var id int64
	err := d.db(ctx).Raw(`
SELECT coalesce((SELECT a.id FROM convention a WHERE a.parent_id = @racine AND a.supprime_le IS NULL AND a.statut IN ('SIGNEE','PUBLICATION_EN_COURS','PUBLIE')
   ORDER BY a.rang_avenant DESC NULLS LAST, a.cree_le DESC, a.id DESC LIMIT 1), @racine)`, map[string]any{"racine": racineID}).Scan(&id).Error
	if err != nil {
		return 0, fmt.Errorf("find version to copy: %w", err)
	}
	return id, nil
}

// Cloner implements convention.Store: one statement per table.
func (d *DB) Cloner(ctx context.Context, n convention.NouvelAvenant) (int64, error) {
	p := map[string]any{"source": n.SourceID, "racine": n.RacineID, "uuid": n.UUID, "auteur": n.CreeParID, "le": n.Le}
	var operationSource, operation, avenant int64
	for _, etape := range []struct {
		nom, sql string
		vers     *int64
	}{
		{"operation_source", `SELECT operation_id FROM convention WHERE id = @source`, &operationSource},
		{"operation", copieOperationVersion().instruction() + " RETURNING id", &operation},
		{"avenant", copieAvenant().instruction() + " RETURNING id", &avenant},
	} {
		if err := d.db(ctx).Raw(etape.sql, p).Scan(etape.vers).Error; err != nil {
			return 0, fmt.Errorf("clone %s: %w", etape.nom, conflitConvention(err))
		}
		p[etape.nom] = *etape.vers
	}
	for _, c := range copiesVersion() {
		if err := d.db(ctx).Exec(c.instruction(), p).Error; err != nil {
			return 0, fmt.Errorf("clone %s: %w", c.table, err)
		}
	}
	p["types"] = pq.StringArray(n.Types)
	err := d.db(ctx).Exec(`INSERT INTO convention_type_avenant (convention_id, type_code, coche_le)
		SELECT @avenant, unnest(CAST(@types AS varchar[])), @le`, p).Error
	if err != nil {
		return 0, fmt.Errorf("tick types: %w", err)
	}
	return avenant, nil
}

// Avenants implements convention.Store.
func (d *DB) Avenants(ctx context.Context, p auth.Principal, racineID int64) ([]convention.Avenant, error) {
	cond, args := perimetre(p, vueRecherche)
	var lignes []struct {
		convention.Avenant
		TypesTexte string
	}
	err := d.db(ctx).Raw(`
SELECT a.uuid, a.statut, a.numero, a.rang_avenant AS rang, a.signe_le, a.precision_date_signature AS precision_signature, a.valide_le, a.cree_le, a.mis_a_jour_le, b.nom AS bailleur,
  coalesce(trim(u.prenom || ' ' || u.nom), '') AS cree_par,
  coalesce((SELECT string_agg(t.type_code, ',' ORDER BY y.ordre) FROM convention_type_avenant t JOIN type_avenant y ON y.code = t.type_code WHERE t.convention_id = a.id), '') AS types_texte
FROM convention a JOIN convention_recherche r ON r.convention_id = a.id JOIN operation o ON o.id = a.operation_id JOIN bailleur b ON b.id = o.bailleur_id LEFT JOIN utilisateur u ON u.id = a.cree_par_id
WHERE a.parent_id = ? AND a.supprime_le IS NULL AND `+cond+` ORDER BY a.rang_avenant NULLS LAST, a.cree_le, a.id`,
		append([]any{racineID}, args...)...).Scan(&lignes).Error
	if err != nil {
		return nil, fmt.Errorf("list avenants: %w", err)
	}
	out := make([]convention.Avenant, 0, len(lignes))
	for _, l := range lignes {
		l.Avenant.Types = []string{}
		if l.TypesTexte != "" {
			l.Avenant.Types = strings.Split(l.TypesTexte, ",")
		}
		out = append(out, l.Avenant)
	}
	return out, nil
}
