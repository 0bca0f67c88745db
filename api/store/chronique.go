package store

import (
	"context"
	"fmt"
	"strings"

	"apilos/api/auth"
	"apilos/api/chronique"
	"apilos/api/convention"

	"github.com/google/uuid"
)

// chronologieSQL merges what happened to the rows @ids of a family (JO-13). A publication taken over has no row in
// publication_spf: the columns of the convention tell it. The end of a convention is told once, by its root, with the
// avenant that carries its papers.
const chronologieSQL = `WITH c AS (SELECT * FROM convention WHERE id IN @ids),
fin AS (SELECT a.id, t.type_code FROM c a JOIN convention_type_avenant t ON t.convention_id = a.id AND t.type_code IN ('denonciation','resiliation') WHERE a.statut IN ('DENONCEE','RESILIEE')),
l AS (
 SELECT CASE WHEN parent_id IS NULL THEN 'SIGNATURE' ELSE 'AVENANT' END AS nature, CASE WHEN parent_id IS NULL THEN 1 ELSE 2 END AS ordre, id AS convention_id, signe_le AS jour,
        precision_date_signature = 'ANNEE' AS annee_seule, '' AS reference, '' AS motif, NULL::bigint AS evenement_id, coalesce(rang_avenant, 0)::bigint AS rang
   FROM c WHERE statut IN ('SIGNEE','PUBLICATION_EN_COURS','PUBLIE','RESILIEE','DENONCEE')
     AND NOT EXISTS (SELECT FROM convention_type_avenant t WHERE t.convention_id = c.id AND t.type_code IN ('denonciation','resiliation'))
 UNION ALL
 SELECT CASE WHEN p.date_publication IS NULL THEN 'REFUS' ELSE 'PUBLICATION' END, CASE WHEN p.date_publication IS NULL THEN 3 ELSE 4 END, p.convention_id,
        coalesce(p.date_publication, p.date_refus), false, p.reference, p.motif_refus, NULL, p.id
   FROM publication_spf p WHERE p.convention_id IN @ids AND (p.date_publication IS NOT NULL OR p.date_refus IS NOT NULL)
 UNION ALL
 SELECT 'PUBLICATION', 4, c.id, c.date_publication_spf, false, c.reference_spf, '', NULL, 0 FROM c
  WHERE c.date_publication_spf IS NOT NULL AND NOT EXISTS (SELECT FROM publication_spf p WHERE p.convention_id = c.id AND p.date_publication IS NOT NULL)
 UNION ALL
 SELECT CASE WHEN c.statut = 'DENONCEE' THEN 'DENONCIATION' ELSE 'RESILIATION' END, 6, coalesce((SELECT max(fin.id) FROM fin), c.id),
        CASE WHEN c.statut = 'DENONCEE' THEN c.date_denonciation ELSE c.date_resiliation END, false, '', '', NULL, 0
   FROM c WHERE c.parent_id IS NULL AND c.statut IN ('DENONCEE','RESILIEE')
 UNION ALL
 SELECT 'EVENEMENT', 5, e.convention_id, e.survenu_le, false, '', '', e.id, e.id FROM evenement e WHERE @faits AND e.convention_id IN @ids AND e.annule_le IS NULL
)
SELECT l.*, c.uuid AS convention_uuid, c.parent_id IS NOT NULL AS est_avenant, c.numero, e.uuid AS evenement_uuid, coalesce(e.type_evenement, '') AS type,
       coalesce(e.description, '') AS description, count(*) OVER () AS total
FROM l JOIN c ON c.id = l.convention_id LEFT JOIN evenement e ON e.id = l.evenement_id
ORDER BY l.jour DESC NULLS LAST, l.ordre DESC, l.rang DESC, l.convention_id DESC LIMIT @limite OFFSET @debut`

// Chronologie implements chronique.Store: three statements, whatever the size of the family (CC-51).
func (d Chroniques) Chronologie(ctx context.Context, p auth.Principal, racineID int64, faits bool, page chronique.Page) ([]chronique.Element, int, error) {
	cond, args := perimetre(p, vueRecherche)
	var ids []int64
	err := d.db(ctx).Raw(`SELECT r.convention_id FROM convention_recherche r JOIN convention c ON c.id = r.convention_id
		WHERE (c.id = ? OR c.parent_id = ?) AND c.supprime_le IS NULL AND `+cond, append([]any{racineID, racineID}, args...)...).Scan(&ids).Error
	if err != nil {
		return nil, 0, fmt.Errorf("read family: %w", err)
	}
	var lignes []struct {
		chronique.Element
		Total int
	}
	err = d.db(ctx).Raw(chronologieSQL, map[string]any{"ids": ids, "faits": faits, "limite": page.ParPage, "debut": (page.Page - 1) * page.ParPage}).Scan(&lignes).Error
	if err != nil || len(lignes) == 0 {
		return nil, 0, err
	}
	conventions, evenements := []int64{}, []int64{}
	for _, l := range lignes {
		if l.EvenementID != nil {
			evenements = append(evenements, *l.EvenementID)
		} else {
			conventions = append(conventions, l.ConventionID)
		}
	}
	documents, err := d.piecesDe(ctx, `r.remplace_le IS NULL AND (r.evenement_id IN ? OR r.convention_id IN ? AND r.rubrique IN ?)`, evenements, conventions,
		[]string{convention.RubriqueDocumentSigne, convention.RubriqueDocumentPublie, convention.RubriqueInstructionDenonciation, convention.RubriqueInstructionResiliation})
	if err != nil {
		return nil, 0, err
	}
	out := make([]chronique.Element, 0, len(lignes))
	for _, l := range lignes {
		for _, x := range documents {
			if montre(l.Element, x) {
				l.Element.Documents = append(l.Element.Documents, x)
			}
		}
		out = append(out, l.Element)
	}
	return out, lignes[0].Total, nil
}

// montre tells whether a document shows an element.
func montre(e chronique.Element, x convention.Document) bool {
	if e.EvenementID != nil {
		return x.Rattache.EvenementID != nil && *x.Rattache.EvenementID == *e.EvenementID
	}
	if x.Rattache.ConventionID == nil || *x.Rattache.ConventionID != e.ConventionID {
		return false
	}
	switch r := x.Rattache.Rubrique; e.Nature {
	case chronique.Signature, chronique.Avenant:
		return r == convention.RubriqueDocumentSigne
	case chronique.Publication:
		return r == convention.RubriqueDocumentPublie
	case chronique.Denonciation, chronique.Resiliation:
		// without an avenant of its own, the root holds the papers of its signature only
		return e.EstAvenant && r != convention.RubriqueDocumentPublie
	default:
		return false
	}
}

// historiqueSQL reads the changes of statut of a convention, each with the columns that the journal says it changed,
// and the other changes of the journal. A reading is not a change.
var historiqueSQL = `WITH l AS (
 SELECT false AS journal, h.id, h.uuid, h.cree_le AS le, h.transition AS commande, ''::text AS "table", h.statut::text, h.statut_precedent, h.commentaire, h.elements_incomplets AS elements,
        coalesce(j.mode, 'NORMAL') AS mode, j.avant, j.apres, h.utilisateur_id, h.detourne_par_id, coalesce(h.role_typologie, '') AS role, h.entite, coalesce(j.acteur, '') AS acteur, NULL::bigint AS ligne_id, li.libelle AS origine_libelle
   FROM convention_historique h JOIN (` + strings.Replace(lignee, "?", "@convention", 1) + `SELECT id, libelle FROM lignee) li ON li.id = h.convention_id LEFT JOIN LATERAL (SELECT * FROM journal_audit j WHERE @toutes AND j.racine_id = @racine AND j.nom_table = 'convention' AND j.ligne_id = h.convention_id
        AND j.commande = h.transition AND j.cree_le = h.cree_le ORDER BY j.id LIMIT 1) j ON true
 UNION ALL
 SELECT true, j.id, NULL, j.cree_le, j.commande, j.nom_table, '', NULL, j.motif, '[]', j.mode, j.avant, j.apres, j.utilisateur_id, j.detourne_par_id, '', '', j.acteur, j.ligne_id, ''
   FROM journal_audit j
  WHERE @toutes AND j.racine_id = @racine AND j.action <> 'L' AND (
        j.nom_table = 'convention' AND j.ligne_id = @convention AND NOT EXISTS (SELECT FROM convention_historique h WHERE h.convention_id = @convention AND h.transition = j.commande AND h.cree_le = j.cree_le)
     OR j.nom_table = 'operation' AND j.ligne_id = @operation
     OR j.nom_table = 'commentaire' AND EXISTS (SELECT FROM commentaire k WHERE k.id = j.ligne_id AND k.convention_id = @convention)
     OR j.nom_table = 'fichier' AND EXISTS (SELECT FROM fichier_rattache r WHERE r.fichier_id = j.ligne_id AND (r.convention_id = @convention OR r.operation_id = @operation))
     OR j.nom_table = 'evenement' AND EXISTS (SELECT FROM evenement e WHERE e.id = j.ligne_id AND e.convention_id = @convention))
)
SELECT l.*, coalesce(nullif(btrim(concat(u.prenom, ' ', u.nom)), ''), l.acteur) AS acteur_nom, coalesce(btrim(concat(s.prenom, ' ', s.nom)), '') AS detour_nom,
       coalesce(k.nom_objet, '') AS nom_objet, coalesce(k.champ_objet, '') AS champ
FROM l LEFT JOIN utilisateur u ON u.id = l.utilisateur_id LEFT JOIN utilisateur s ON s.id = l.detourne_par_id
LEFT JOIN commentaire k ON l."table" = 'commentaire' AND k.id = l.ligne_id
WHERE NOT @reprise OR (l.le, l.journal, l.id) < (cast(@le AS timestamptz), cast(@journal AS boolean), cast(@id AS bigint))
ORDER BY l.le DESC, l.journal DESC, l.id DESC LIMIT @limite`

// Historique implements chronique.Store: one statement.
func (d Chroniques) Historique(ctx context.Context, dos *convention.Dossier, toutes bool, apres *chronique.Curseur, limite int) ([]chronique.Ligne, error) {
	c := chronique.Curseur{}
	if apres != nil {
		c = *apres
	}
	var out []chronique.Ligne
	err := d.db(ctx).Raw(historiqueSQL, map[string]any{
		"convention": dos.Convention.ID, "racine": dos.Racine.ID, "operation": dos.Operation.ID, "toutes": toutes, "limite": limite,
		"reprise": apres != nil, "le": c.Le, "journal": c.Journal, "id": c.ID,
	}).Scan(&out).Error
	if err != nil {
		return nil, fmt.Errorf("history of convention: %w", err)
	}
	for i := range out {
		if out[i].Journal { // rows of the journal have no name of their own: a stable one is made
			out[i].UUID = uuid.NewSHA1(uuid.NameSpaceOID, fmt.Appendf(nil, "journal_audit:%d", out[i].ID))
		}
	}
	return out, nil
}
