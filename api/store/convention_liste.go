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

// criteres gives the expression of each order and the type its cursor is compared as. %s is the value of
// rows that have none: after the others, in both directions.
var criteres = map[string]struct{ expr, typ, premier, dernier string }{
	"cree_le":        {"r.cree_le", "timestamptz", "", ""},
	"mis_a_jour_le":  {"r.mis_a_jour_le", "timestamptz", "", ""},
	"attente":        {"coalesce(h.cree_le, r.cree_le)", "timestamptz", "", ""},
	"ville":          {"lower(o.ville)", "text", "", ""},
	"bailleur":       {"sans_accent(b.nom)", "text", "", ""},
	"statut":         {"r.statut_rang", "smallint", "", ""},
	"nb_logements":   {"r.nb_logements", "integer", "", ""},
	"numero":         {"coalesce(r.numero_norm, %s)", "text", "''", "'~'"},
	"date_signature": {"coalesce(r.date_signature, %s)", "date", "DATE '-infinity'", "DATE 'infinity'"},
	"date_livraison": {"coalesce(r.date_livraison, %s)", "date", "DATE '-infinity'", "DATE 'infinity'"},
	"pertinence":     {"score.points", "numeric", "", ""},
}

type ordre struct{ expr, typ, sens string }

func ordreDe(t convention.Tri) ordre {
	nom, descendant := t.Colonne()
	c, ok := criteres[nom]
	if !ok {
		return ordreDe(convention.TriRecents)
	}
	o := ordre{c.expr, c.typ, "ASC"}
	absent := c.dernier
	if descendant || t == convention.TriPertinence {
		o.sens, absent = "DESC", c.premier
	}
	if absent != "" {
		o.expr = fmt.Sprintf(c.expr, absent)
	}
	return o
}

// Lister implements convention.Store: one statement for the page, one for the count, whatever the size.
func (d *DB) Lister(ctx context.Context, p auth.Principal, f convention.Filtre) (convention.Page, error) {
	var page convention.Page
	var total int64
	if err := d.filtrer(ctx, p, f).Count(&total).Error; err != nil {
		return page, fmt.Errorf("count conventions: %w", err)
	}
	page.Total = int(total)
	if f.Tri == convention.TriPertinence && !f.ParTexte() {
		f.Tri = convention.TriRecents
	}
	tri := ordreDe(f.Tri)
	parPage := min(max(f.ParPage, 1), 100)
	candidates := d.filtrer(ctx, p, f)
	if f.Tri == convention.TriPertinence {
		page.Tronque = page.Total > convention.MaxClasses
		candidates = classer(candidates, d.filtrer(ctx, p, f), f)
	}
	q := detailler(candidates).Select(colonnesLigne + ", (" + tri.expr + ")::text AS cle_tri").
		Order(tri.expr + " " + tri.sens + ", r.convention_id " + tri.sens).Limit(parPage + 1)
	switch {
	case f.Apres != nil:
		op := ">"
		if tri.sens == "DESC" {
			op = "<"
		}
		q = q.Where("("+tri.expr+", r.convention_id) "+op+" (?::"+tri.typ+", ?)", f.Apres.Valeur, f.Apres.ID)
	case f.Page > 1:
		q = q.Offset((f.Page - 1) * parPage)
	}
	var lignes []ligneListe
	if err := q.Scan(&lignes).Error; err != nil {
		return page, fmt.Errorf("list conventions: %w", err)
	}
	if len(lignes) > parPage {
		lignes = lignes[:parPage]
		derniere := lignes[parPage-1]
		page.Suivant = &convention.Curseur{Valeur: derniere.CleTri, ID: derniere.ID}
	}
	for _, l := range lignes {
		page.Lignes = append(page.Lignes, l.ligne())
	}
	return page, nil
}

type ligneListe struct {
	convention.Ligne
	Finances pq.StringArray `gorm:"column:finances;type:text[]"`
	CleTri   string
}

func (l ligneListe) ligne() convention.Ligne {
	l.Ligne.Financements = l.Finances
	return l.Ligne
}

const colonnesLigne = `r.convention_id AS id, r.uuid, parent.uuid AS parent_uuid,
  CASE WHEN NOT r.est_avenant THEN 'convention'
       WHEN EXISTS (SELECT 1 FROM convention_type_avenant t WHERE t.convention_id = r.convention_id AND t.type_code = 'denonciation') THEN 'denonciation'
       WHEN EXISTS (SELECT 1 FROM convention_type_avenant t WHERE t.convention_id = r.convention_id AND t.type_code = 'resiliation') THEN 'resiliation'
       ELSE 'avenant' END AS genre,
  r.statut, c.numero, o.numero_operation, o.nom AS operation_nom, b.uuid AS bailleur_uuid, b.nom AS bailleur_nom,
  coalesce(a.nom, '') AS administration_nom, coalesce(a.code, '') AS administration_code, r.financements AS finances,
  o.ville, o.code_postal, r.nb_logements, r.cree_le, r.mis_a_jour_le, r.date_signature,
  coalesce(h.cree_le, r.cree_le) AS statut_depuis, coalesce(k.ouverts, 0) AS commentaires_ouverts, coalesce(k.resolus, 0) AS commentaires_resolus,
  k.premier AS premier_commentaire, k.premier_resolu, coalesce(` + creeParInstructeur + `, false) AS cree_par_instructeur`

const creeParInstructeur = `(SELECT h0.role_typologie <> 'BAILLEUR' FROM convention_historique h0
  WHERE h0.convention_id = r.convention_id AND h0.statut_precedent IS NULL ORDER BY h0.id LIMIT 1)`

// detailler joins what a row shows and no filter reads; each join gives at most one row.
func detailler(q *gorm.DB) *gorm.DB {
	return q.Joins("JOIN convention c ON c.id = r.convention_id").
		Joins("LEFT JOIN administration a ON a.id = r.administration_id").
		Joins("LEFT JOIN convention parent ON parent.id = r.parent_id").
		Joins(`LEFT JOIN LATERAL (SELECT hh.cree_le FROM convention_historique hh WHERE hh.convention_id = r.convention_id ORDER BY hh.id DESC LIMIT 1) h ON true`).
		Joins(`LEFT JOIN LATERAL (SELECT count(*) FILTER (WHERE x.statut = 'OUVERT') AS ouverts, count(*) FILTER (WHERE x.statut = 'RESOLU') AS resolus,
		   (array_agg(x.uuid ORDER BY x.id) FILTER (WHERE x.statut = 'OUVERT'))[1] AS premier,
		   (array_agg(x.uuid ORDER BY x.id) FILTER (WHERE x.statut = 'RESOLU'))[1] AS premier_resolu
		   FROM commentaire x WHERE x.convention_id = r.convention_id) k ON true`)
}

// filtrer applies the perimeter and the filters.
func (d *DB) filtrer(ctx context.Context, p auth.Principal, f convention.Filtre) *gorm.DB {
	cond, args := perimetre(p, vueRecherche)
	q := d.db(ctx).Table("convention_recherche r").
		Joins("JOIN operation o ON o.id = r.operation_id").
		Joins("JOIN bailleur b ON b.id = r.bailleur_effectif_id").
		Where(cond, args...)
	if len(f.Statuts) > 0 {
		q = q.Where(conditionStatuts(f))
	}
	q = filtrerEnsembles(q, f)
	if f.Bailleur != nil {
		q = q.Where("b.uuid = ?", *f.Bailleur)
	}
	if f.BailleurTexte != "" {
		q = q.Where("(sans_accent(b.nom) LIKE ? OR b.siren LIKE ?)", contient(f.BailleurTexte), prefixe(f.BailleurTexte))
	}
	if f.Lieu != "" {
		q = q.Where("(sans_accent(o.ville) LIKE ? OR o.code_postal LIKE ?)", contient(f.Lieu), prefixe(f.Lieu))
	}
	if f.Numero != "" {
		q = filtrerNumero(q, f.Numero)
	}
	if f.OperationNom != "" {
		q = q.Where("r.nom_tsv @@ plainto_tsquery('fr_unaccent', ?)", f.OperationNom)
	}
	if f.Texte != "" {
		t := contient(f.Texte)
		q = q.Where(`(r.nom_norm LIKE ? OR sans_accent(o.ville) LIKE ? OR sans_accent(b.nom) LIKE ? OR r.numeros LIKE ?)`,
			t, t, t, "%"+echapper(normaliserNumero(f.Texte))+"%")
	}
	if f.OperationID != 0 {
		q = q.Where("(o.id = ? OR o.origine_id = ?)", f.OperationID, f.OperationID)
	}
	if f.AMoi {
		q = q.Where(conditionAMoi(p))
	}
	return q
}

// conditionStatuts: a RESILIEE or DENONCEE convention whose date lies ahead still counts as SIGNEE (ST-01).
func conditionStatuts(f convention.Filtre) (string, pq.StringArray) {
	codes := make(pq.StringArray, 0, len(f.Statuts))
	signee := false
	for _, s := range f.Statuts {
		codes = append(codes, string(s))
		signee = signee || s == convention.Signee
	}
	if signee {
		return "(r.statut = ANY(?) OR (r.statut IN ('RESILIEE','DENONCEE') AND r.date_fin_effet >= DATE '" + f.Jour().String() + "'))", codes
	}
	return "r.statut = ANY(?)", codes
}

// conditionAMoi is convention.MainDe in SQL: the statuts in which the caller's side must act.
func conditionAMoi(p auth.Principal) string {
	if p.CoteInstructeur() {
		return "(r.statut IN ('INSTRUCTION','A_SIGNER','PUBLICATION_EN_COURS') OR (r.statut = 'PROJET' AND coalesce(" + creeParInstructeur + ", false)))"
	}
	return "(r.statut IN ('CORRECTION','A_SIGNER') OR (r.statut = 'PROJET' AND NOT coalesce(" + creeParInstructeur + ", false)))"
}

// filtrerNumero: 1 to 4 characters mean "ends with" on original conventions, 5 or more "contains"
// on the three numbers (01 §4.3).
func filtrerNumero(q *gorm.DB, texte string) *gorm.DB {
	n := normaliserNumero(texte)
	if n == "" {
		return q
	}
	if len([]rune(n)) <= 4 {
		inverse := []rune(n)
		for i, j := 0, len(inverse)-1; i < j; i, j = i+1, j-1 {
			inverse[i], inverse[j] = inverse[j], inverse[i]
		}
		motif := echapper(string(inverse)) + "%"
		return q.Where("(r.numero_rev LIKE ? OR r.parent_numero_rev LIKE ?)", motif, motif)
	}
	return q.Where("r.numeros LIKE ?", "%"+echapper(n)+"%")
}

func normaliserNumero(s string) string {
	return strings.ToUpper(strings.NewReplacer("/", "", "-", "", " ", "", ".", "", "\u00a0", "").Replace(strings.TrimSpace(s)))
}

// echapper neutralises the wildcards of LIKE.
func echapper(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}

func contient(s string) string { return "%" + echapper(sansAccent(s)) + "%" }
func prefixe(s string) string  { return echapper(strings.TrimSpace(s)) + "%" }

// Onglets implements convention.Store: the count of each statut in the perimeter.
func (d *DB) Onglets(ctx context.Context, p auth.Principal, f convention.Filtre) (map[convention.Statut]int, error) {
	cond, args := perimetre(p, vueRecherche)
	var rows []struct {
		Statut convention.Statut
		N      int
	}
	err := d.db(ctx).Raw(`SELECT r.statut, count(*) AS n FROM convention_recherche r WHERE `+cond+` GROUP BY r.statut`, args...).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("count by statut: %w", err)
	}
	out := map[convention.Statut]int{}
	for _, r := range rows {
		out[r.Statut] = r.N
	}
	return out, nil
}
