package store

import (
	"context"
	"fmt"
	"strings"

	"apilos/api/auth"
	"apilos/api/convention"

	"github.com/lib/pq"
	"gorm.io/gorm"
)

// filtrerEnsembles applies the filters that are a set of values or a flag of the read model (05 E.3).
func filtrerEnsembles(q *gorm.DB, f convention.Filtre) *gorm.DB {
	for condition, valeurs := range map[string]pq.StringArray{
		"r.financements && ?":        textes(f.Financements),
		"r.nature_logement = ANY(?)": textes(f.Natures),
		"r.type_operation = ANY(?)":  textes(f.TypesOperation),
		"r.departement = ANY(?)":     textes(f.Departements),
		"r.region = ANY(?)":          textes(f.Regions),
		"r.administration_id IN (SELECT id FROM administration WHERE code = ANY(?))": textes(f.Administrations),
	} {
		if len(valeurs) > 0 {
			q = q.Where(condition, valeurs)
		}
	}
	if len(f.Annees) > 0 {
		q = q.Where("r.annee_signature IN ?", f.Annees)
	}
	for _, x := range []struct {
		condition string
		voulu     *bool
	}{
		{"r.anru = ?", f.Anru}, {"r.anah = ?", f.Anah}, {"r.seconde_vie = ?", f.SecondeVie}, {"(cardinality(r.financements) > 1) = ?", f.Mixte},
	} {
		if x.voulu != nil {
			q = q.Where(x.condition, *x.voulu)
		}
	}
	switch f.Avenants {
	case convention.AvenantsExclus:
		q = q.Where("r.parent_id IS NULL")
	case convention.AvenantsSeuls:
		q = q.Where("r.parent_id IS NOT NULL")
	case convention.AvenantsInclus:
	}
	if f.ModifieDepuis != nil {
		q = q.Where("r.flux_le >= ?", *f.ModifieDepuis)
	}
	return q
}

func textes[T ~string](valeurs []T) pq.StringArray {
	out := make(pq.StringArray, 0, len(valeurs))
	for _, v := range valeurs {
		out = append(out, string(v))
	}
	return out
}

// classer joins the score of each row (06 §1.5, §1.6), for the most recent rows that match only: ranking
// every match of a common word would read them all.
func classer(q, candidates *gorm.DB, f convention.Filtre) *gorm.DB {
	var termes []string
	var args []any
	ajouter := func(terme string, valeurs ...any) {
		termes, args = append(termes, terme), append(args, valeurs...)
	}
	for _, nom := range []string{f.OperationNom, f.Texte} {
		if nom != "" {
			ajouter("round(ts_rank(r.nom_tsv, plainto_tsquery('fr_unaccent', ?))::numeric, 2)", nom)
		}
	}
	for _, lieu := range []string{f.Lieu, f.Texte} {
		if lieu != "" {
			ajouter(seuil("similarity(sans_accent(o.ville), ?)")+" + "+seuil("similarity(o.code_postal, ?)")+
				" + CASE WHEN sans_accent(o.ville) = ? THEN 0.3 ELSE 0 END",
				sansAccent(lieu), sansAccent(lieu), lieu, lieu, sansAccent(lieu))
		}
	}
	for _, numero := range []string{normaliserNumero(f.Numero), normaliserNumero(f.Texte)} {
		if numero == "" {
			continue
		}
		for _, colonne := range []string{"r.operation_norm", "r.numero_norm", "r.parent_numero_norm"} {
			ajouter(seuil("similarity(coalesce("+colonne+", ''), ?)"), numero, numero)
		}
		ajouter(`CASE WHEN ? IN (r.operation_norm, r.numero_norm) THEN 1.0
			WHEN r.operation_norm LIKE ? OR r.numero_norm LIKE ? THEN 0.3 ELSE 0 END`, numero, echapper(numero)+"%", echapper(numero)+"%")
	}
	ajouter("CASE WHEN r.est_avenant THEN -0.3 ELSE 0 END")
	return q.Where("r.convention_id IN (?)", candidates.Select("r.convention_id").Order("r.cree_le DESC, r.convention_id DESC").Limit(convention.MaxClasses)).
		Joins("CROSS JOIN LATERAL (SELECT ("+strings.Join(termes, " + ")+")::numeric AS points) score", args...)
}

// seuil counts a similarity above 0.3 only, to two decimals; expr is written twice, and so are its arguments.
func seuil(expr string) string {
	return "CASE WHEN " + expr + " > 0.3 THEN round(" + expr + "::numeric, 2) ELSE 0 END"
}

// LotsDes implements convention.Store.
func (d *DB) LotsDes(ctx context.Context, p auth.Principal, conventionIDs []int64) ([]convention.LotResume, error) {
	cond, args := perimetre(p, vueRecherche)
	var out []convention.LotResume
	err := d.db(ctx).Raw(`
SELECT l.uuid, l.convention_id, l.financement, l.type_habitat, l.nb_logements,
  coalesce((SELECT sum(x.montant) FROM pret x WHERE x.lot_id = l.id), 0) AS montant_prets,
  coalesce((SELECT sum(x.nb_stationnements) FROM stationnement x WHERE x.lot_id = l.id), 0) AS nb_stationnements
FROM lot l JOIN convention_recherche r ON r.convention_id = l.convention_id
WHERE l.convention_id = ANY(?) AND `+cond+` ORDER BY l.convention_id, l.id`, append([]any{pq.Int64Array(conventionIDs)}, args...)...).Scan(&out).Error
	if err != nil {
		return nil, fmt.Errorf("read lots of conventions: %w", err)
	}
	return out, nil
}
