package store

import (
	"context"
	"fmt"
	"strings"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/operation"

	"github.com/google/uuid"
	"github.com/lib/pq"
)

type ligneOrigine struct {
	UUID            uuid.UUID
	Numero          *string
	Statut          convention.Statut
	OperationNom    string
	NumeroOperation string
	Ville           string
	Bailleur        string
	Financements    pq.StringArray `gorm:"type:text[]"`
	NbLogements     int
	SigneLe         *date.Date
	Total           int
}

// selectOrigines reads conventions (alias r) as origins; the conditions follow it.
const selectOrigines = `
SELECT r.uuid, c.numero, r.statut, o.nom AS operation_nom, o.numero_operation, o.ville, b.nom AS bailleur, r.financements, r.nb_logements,
  c.signe_le, count(*) OVER () AS total
FROM convention_recherche r JOIN convention c ON c.id = r.convention_id JOIN operation o ON o.id = r.operation_id
JOIN bailleur b ON b.id = r.bailleur_effectif_id `

func (d *DB) origines(ctx context.Context, sql string, args ...any) ([]convention.Origine, int, error) {
	var lignes []ligneOrigine
	if err := d.db(ctx).Raw(selectOrigines+sql, args...).Scan(&lignes).Error; err != nil {
		return nil, 0, fmt.Errorf("read origins: %w", err)
	}
	out, total := make([]convention.Origine, 0, len(lignes)), 0
	for _, l := range lignes {
		total = l.Total
		out = append(out, convention.Origine{
			UUID: l.UUID, Numero: l.Numero, Statut: l.Statut, OperationNom: l.OperationNom, NumeroOperation: l.NumeroOperation, Ville: l.Ville,
			Bailleur: l.Bailleur, Financements: l.Financements, NbLogements: l.NbLogements, SigneLe: l.SigneLe,
		})
	}
	return out, total, nil
}

// Candidates implements convention.Store (SV-02).
func (d *DB) Candidates(ctx context.Context, p auth.Principal, f convention.FiltreOrigines) (convention.PageOrigines, error) {
	cond, args := perimetre(p, vueRecherche)
	sql := `WHERE NOT r.est_avenant AND r.statut IN ('SIGNEE','PUBLICATION_EN_COURS','PUBLIE') AND NOT r.seconde_vie
  AND NOT EXISTS (SELECT FROM convention_seconde_vie v WHERE v.convention_id = r.convention_id)
  AND o.numero_operation_pour_recherche <> ? AND (` + cond + `)`
	args = append([]any{f.NumeroOperation}, args...)
	if f.Statut != "" {
		sql, args = sql+` AND r.statut = ?`, append(args, string(f.Statut))
	}
	if strings.TrimSpace(f.Texte) != "" {
		sql += ` AND (r.nom_norm LIKE ? OR sans_accent(o.ville) LIKE ?`
		args = append(args, contient(f.Texte), contient(f.Texte))
		if numero := operation.NormaliserNumero(f.Texte); numero != "" {
			sql, args = sql+` OR r.numeros LIKE ?`, append(args, "%"+echapper(numero)+"%")
		}
		sql += `)`
	}
	out, total, err := d.origines(ctx, sql+` ORDER BY r.cree_le DESC, r.convention_id DESC LIMIT ? OFFSET ?`,
		append(args, f.ParPage, (f.Page-1)*f.ParPage)...)
	return convention.PageOrigines{Resultats: out, Total: total}, err
}

// Origines implements convention.Store.
func (d *DB) Origines(ctx context.Context, p auth.Principal, conventionIDs []int64) ([]convention.Origine, int, error) {
	if len(conventionIDs) == 0 {
		return []convention.Origine{}, 0, nil
	}
	cond, args := perimetre(p, vueRecherche)
	ids := pq.Int64Array(conventionIDs)
	out, _, err := d.origines(ctx, `WHERE r.convention_id IN (SELECT parent_id FROM convention_seconde_vie WHERE convention_id = ANY(?)) AND (`+cond+`)
ORDER BY o.nom, r.convention_id`, append([]any{ids}, args...)...)
	if err != nil {
		return nil, 0, err
	}
	var toutes int
	if err := d.db(ctx).Raw(`SELECT count(DISTINCT parent_id) FROM convention_seconde_vie WHERE convention_id = ANY(?)`, ids).Scan(&toutes).Error; err != nil {
		return nil, 0, fmt.Errorf("count origins: %w", err)
	}
	return out, toutes - len(out), nil
}

// ConventionsSecondeVie implements convention.Store.
func (d *DB) ConventionsSecondeVie(ctx context.Context, p auth.Principal, numero string) ([]uuid.UUID, error) {
	cond, args := perimetre(p, vueRecherche)
	var lignes []struct{ UUID uuid.UUID }
	err := d.db(ctx).Raw(`
SELECT r.uuid FROM operation o JOIN convention_recherche r ON r.operation_id = o.id
WHERE o.origine_id IS NULL AND o.numero_operation_pour_recherche = ? AND NOT r.est_avenant AND r.statut <> 'ANNULEE'
  AND EXISTS (SELECT FROM convention_seconde_vie v WHERE v.convention_id = r.convention_id) AND (`+cond+`)
ORDER BY r.cree_le, r.convention_id`, append([]any{numero}, args...)...).Scan(&lignes).Error
	if err != nil {
		return nil, fmt.Errorf("find conventions with origins: %w", err)
	}
	out := make([]uuid.UUID, 0, len(lignes))
	for _, l := range lignes {
		out = append(out, l.UUID)
	}
	return out, nil
}

// RemplacerOrigines implements convention.Store.
func (d *DB) RemplacerOrigines(ctx context.Context, conventionID int64, origines []int64) error {
	ids := pq.Int64Array(origines)
	if err := d.db(ctx).Exec(`DELETE FROM convention_seconde_vie WHERE convention_id = ? AND NOT parent_id = ANY(?)`, conventionID, ids).Error; err != nil {
		return fmt.Errorf("remove origins: %w", err)
	}
	err := d.db(ctx).Exec(`INSERT INTO convention_seconde_vie (convention_id, parent_id) SELECT CAST(? AS bigint), unnest(CAST(? AS bigint[])) ON CONFLICT DO NOTHING`,
		conventionID, ids).Error
	if err != nil {
		return fmt.Errorf("link origins: %w", err)
	}
	return nil
}
