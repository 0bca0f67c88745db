package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
)

// ADesConventions tells whether the platform holds any convention.
func (d *DB) ADesConventions(ctx context.Context) (bool, error) {
	var oui bool
	if err := d.db(ctx).Raw(`SELECT EXISTS (SELECT 1 FROM convention)`).Scan(&oui).Error; err != nil {
		return false, fmt.Errorf("look for conventions: %w", err)
	}
	return oui, nil
}

// CompleterDemonstration fills the steps of a demonstration convention that its actors would have typed:
// signatory, end date, loans, dwellings, cadastre; for a foyer or a résidence, its manager too.
func (d *DB) CompleterDemonstration(ctx context.Context, id uuid.UUID) error {
	for _, sql := range completerDemonstration {
		if err := d.db(ctx).Exec(sql, map[string]any{"id": id}).Error; err != nil {
			return fmt.Errorf("complete demonstration convention: %w", err)
		}
	}
	return nil
}

var completerDemonstration = []string{
	`UPDATE convention c SET signataire_nom = 'Catherine Vallade', signataire_fonction = 'Directrice générale',
	   signataire_date_deliberation = DATE '2025-03-18', fond_propre = 185000,
	   date_fin_conventionnement = CASE WHEN o.nature_logement IN ('AUTRE','HEBERGEMENT','RESISDENCESOCIALE','PENSIONSDEFAMILLE','RESIDENCEDACCUEIL')
	     THEN DATE '2065-12-31' ELSE DATE '2066-06-30' END
	   FROM operation o WHERE o.id = c.operation_id AND c.uuid = @id`,
	`UPDATE operation o SET permis_construire = 'PC 0870852400123', date_achat = DATE '2024-02-12', date_acte_notarie = DATE '2024-02-12',
	   date_achevement_previsible = DATE '2027-09-30', vendeur = 'Ville de Limoges', acquereur = b.nom,
	   reference_notaire = 'Maître Élodie Fargeas, notaire à Limoges', reference_publication_acte = 'Service de publicité foncière, volume 2024 P n° 1432'
	   FROM convention c, bailleur b WHERE c.operation_id = o.id AND b.id = o.bailleur_id AND c.uuid = @id AND o.vendeur = ''`,
	`INSERT INTO reference_cadastrale (operation_id, section, numero, lieudit, surface, surface_m2, ordre)
	   SELECT c.operation_id, x.section, x.numero, 'Beaubreuil', x.surface, x.m2, x.ordre
	   FROM convention c, (VALUES ('DM','0142','0 ha 18 a 40 ca',1840,0), ('DM','0143','0 ha 04 a 12 ca',412,1)) AS x(section, numero, surface, m2, ordre)
	   WHERE c.uuid = @id AND NOT EXISTS (SELECT 1 FROM reference_cadastrale r WHERE r.operation_id = c.operation_id)`,
	// dwellings: useful area = living + retained annexes, rent = area × price, as the rules ask
	`INSERT INTO logement (lot_id, tableau, ordre, designation, typologie, surface_habitable, surface_annexes, surface_annexes_retenue,
	     surface_utile, loyer_par_metre_carre, coefficient, loyer)
	   SELECT x.lot_id, CASE WHEN x.foyer THEN 'FOYER_RESIDENCE' ELSE 'UTILE_LOYER' END, x.n, x.lettre || lpad((x.n + 1)::text, 2, '0'),
	     CASE x.n % 4 WHEN 0 THEN 'T2' WHEN 1 THEN 'T3' WHEN 2 THEN 'T3' ELSE 'T4' END, x.sh,
	     CASE WHEN NOT x.foyer THEN 6.00 END, CASE WHEN NOT x.foyer THEN 3.00 END, CASE WHEN NOT x.foyer THEN x.sh + 3 END,
	     CASE WHEN NOT x.foyer THEN x.prix END, CASE WHEN NOT x.foyer THEN 1.0000 END,
	     CASE WHEN x.foyer THEN 412.50 ELSE round((x.sh + 3) * x.prix, 2) END
	   FROM (SELECT l.id AS lot_id, g.n, CASE l.financement WHEN 'PLAI' THEN 'A' WHEN 'PLUS' THEN 'B' ELSE 'C' END AS lettre,
	           CASE g.n % 4 WHEN 0 THEN 46.20 WHEN 1 THEN 63.80 WHEN 2 THEN 65.10 ELSE 82.40 END AS sh,
	           CASE l.financement WHEN 'PLAI' THEN 5.28 WHEN 'PLS' THEN 8.94 ELSE 5.96 END AS prix,
	           o.nature_logement IN ('AUTRE','HEBERGEMENT','RESISDENCESOCIALE','PENSIONSDEFAMILLE','RESIDENCEDACCUEIL') AS foyer
	         FROM lot l JOIN convention c ON c.id = l.convention_id JOIN operation o ON o.id = c.operation_id,
	              generate_series(0, coalesce(l.nb_logements, 0) - 1) AS g(n)
	         WHERE c.uuid = @id AND NOT EXISTS (SELECT 1 FROM logement e WHERE e.lot_id = l.id)) x`,
	`UPDATE lot l SET types_annexes = '{CAVES,BALCONS}', surface_habitable_totale = (SELECT sum(surface_habitable) FROM logement g WHERE g.lot_id = l.id)
	   FROM convention c WHERE c.id = l.convention_id AND c.uuid = @id`,
	`INSERT INTO pret (lot_id, preteur, numero, date_octroi, duree, montant, ordre)
	   SELECT l.id, x.preteur, x.numero || l.id, DATE '2024-11-05', x.duree, x.montant, x.ordre
	   FROM lot l JOIN convention c ON c.id = l.convention_id,
	        (VALUES ('CDCF','5512',40,240000.00,10), ('CDCL','5513',40,1180000.00,11)) AS x(preteur, numero, duree, montant, ordre)
	   WHERE c.uuid = @id AND NOT EXISTS (SELECT 1 FROM pret p WHERE p.lot_id = l.id AND p.preteur = 'CDCL')`,
	`INSERT INTO convention_foyer_residence (convention_id, gestionnaire, gestionnaire_signataire_nom, gestionnaire_signataire_fonction,
	     gestionnaire_signataire_date_deliberation, type_attribution, publics, modalites_reservations, modalites_choix_personnes)
	   SELECT c.id, 'Association Limousin Accueil', 'Bernard Chastaing', 'Président', DATE '2025-01-22',
	     CASE WHEN o.nature_logement = 'AUTRE' THEN 'INCLUSIF' ELSE 'RESIDENCE' END,
	     CASE WHEN o.nature_logement = 'AUTRE' THEN '{}'::text[] ELSE '{RESIDENCE_SOCIALE_ORDINAIRE}'::text[] END,
	     'Commission d’attribution mensuelle avec les réservataires.', 'Entretien d’admission et accord de la commission.'
	   FROM convention c JOIN operation o ON o.id = c.operation_id
	   WHERE c.uuid = @id AND o.nature_logement IN ('AUTRE','HEBERGEMENT','RESISDENCESOCIALE','PENSIONSDEFAMILLE','RESIDENCEDACCUEIL')
	   ON CONFLICT (convention_id) DO UPDATE SET gestionnaire = excluded.gestionnaire,
	     gestionnaire_signataire_nom = excluded.gestionnaire_signataire_nom, gestionnaire_signataire_fonction = excluded.gestionnaire_signataire_fonction,
	     gestionnaire_signataire_date_deliberation = excluded.gestionnaire_signataire_date_deliberation, type_attribution = excluded.type_attribution,
	     publics = excluded.publics, modalites_reservations = excluded.modalites_reservations, modalites_choix_personnes = excluded.modalites_choix_personnes`,
}
