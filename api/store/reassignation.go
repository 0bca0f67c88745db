package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"apilos/api/event"
	"apilos/api/reassignation"

	"github.com/google/uuid"
	"github.com/lib/pq"
)

// Reassignations keeps the mass reassignments of services (02 PE-43).
type Reassignations struct{ db *DB }

// NewReassignations returns the store of package reassignation.
func NewReassignations(db *DB) *Reassignations { return &Reassignations{db: db} }

var _ reassignation.Store = (*Reassignations)(nil)

// InTx implements reassignation.Store.
func (s *Reassignations) InTx(ctx context.Context, fn func(ctx context.Context) error) error {
	return s.db.InTx(ctx, fn)
}

// Journaliser implements reassignation.Store.
func (s *Reassignations) Journaliser(ctx context.Context, j event.Journal) error {
	return NewComptes(s.db).Journaliser(ctx, j)
}

// Administration implements reassignation.Store.
func (s *Reassignations) Administration(ctx context.Context, id uuid.UUID, code string) (*reassignation.Administration, error) {
	q, arg := "uuid = ?", any(id)
	if id == uuid.Nil {
		q, arg = "code = ?", code
	}
	var rows []reassignation.Administration
	err := s.db.db(ctx).Raw(`SELECT id, uuid, nom, code FROM administration WHERE `+q, arg).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}

// DepartementsInconnus implements reassignation.Store.
func (s *Reassignations) DepartementsInconnus(ctx context.Context, codes []string) ([]string, error) {
	var out []string
	err := s.db.db(ctx).Raw(`SELECT c FROM unnest(?::text[]) c WHERE NOT EXISTS (SELECT FROM departement d WHERE d.code_insee = c) ORDER BY c`,
		pq.StringArray(codes)).Scan(&out).Error
	return out, err
}

// NumerosInconnus implements reassignation.Store.
func (s *Reassignations) NumerosInconnus(ctx context.Context, numeros []string) ([]string, error) {
	var out []string
	err := s.db.db(ctx).Raw(`SELECT c FROM unnest(?::text[]) c
		WHERE NOT EXISTS (SELECT FROM operation o WHERE o.origine_id IS NULL AND o.numero_operation_pour_recherche = c)`, pq.StringArray(numeros)).Scan(&out).Error
	return out, err
}

// CommunesDesCodesPostaux implements reassignation.Store.
func (s *Reassignations) CommunesDesCodesPostaux(ctx context.Context, codes []string) ([]reassignation.CommuneConnue, error) {
	var out []reassignation.CommuneConnue
	err := s.db.db(ctx).Raw(`SELECT p.code_postal, c.code_insee AS code, c.nom FROM commune_code_postal p JOIN commune c ON c.code = p.commune_code
		WHERE p.code_postal = ANY(?) AND c.code_insee IS NOT NULL ORDER BY p.code_postal, c.code_insee`, pq.StringArray(codes)).Scan(&out).Error
	return out, err
}

// Simuler implements reassignation.Store.
func (s *Reassignations) Simuler(ctx context.Context, n reassignation.Nouvelle, avant time.Time) error {
	db := s.db.db(ctx)
	if err := db.Exec(`DELETE FROM reassignation WHERE etat = 'SIMULATION' AND cree_le < ?`, avant).Error; err != nil {
		return fmt.Errorf("forget old simulations: %w", err)
	}
	criteres, err := json.Marshal(n.Criteres)
	if err != nil {
		return fmt.Errorf("describe a simulation: %w", err)
	}
	if n.Rejets == nil {
		n.Rejets = []reassignation.Rejet{}
	}
	rejets, err := json.Marshal(n.Rejets)
	if err != nil {
		return fmt.Errorf("describe a simulation: %w", err)
	}
	var row struct{ ID int64 }
	err = db.Raw(`INSERT INTO reassignation (uuid, acteur_id, motif, criteres, cible_id, rejets, nb_communes, sans_commune, cree_le)
		VALUES (?, ?, '', ?, ?, ?, ?, (SELECT count(*) FROM operation o WHERE o.origine_id IS NULL AND o.code_insee_commune = '' AND o.code_postal = ANY(?)), ?)
		RETURNING id`, n.UUID, n.ActeurID, string(criteres), n.Cible.ID, string(rejets), len(n.Criteres.Communes), pq.StringArray(n.CodesPostaux), n.Le).Scan(&row).Error
	if err != nil {
		return fmt.Errorf("keep a simulation: %w", err)
	}
	cond, args := critereOperation(n.Criteres)
	args["reassignation"], args["cible"] = row.ID, n.Cible.ID
	res := db.Exec(`WITH racines AS (
  SELECT o.id FROM operation o WHERE o.origine_id IS NULL AND `+cond+`
), membres AS (
  SELECT id AS groupe_id, id AS operation_id FROM racines
  UNION
  SELECT r.operation_id, m.operation_id FROM racines x JOIN convention r ON r.operation_id = x.id AND r.parent_id IS NULL
    JOIN convention m ON m.parent_id = r.id)
INSERT INTO reassignation_ligne (reassignation_id, operation_id, ancienne_administration_id, groupe_id)
SELECT CAST(@reassignation AS bigint), o.id, o.administration_id, m.groupe_id FROM membres m JOIN operation o ON o.id = m.operation_id
 WHERE o.administration_id IS DISTINCT FROM @cible`, args)
	if res.Error != nil {
		return fmt.Errorf("find the operations of a simulation: %w", res.Error)
	}
	return db.Exec(`UPDATE reassignation SET nb = (SELECT count(DISTINCT groupe_id) FROM reassignation_ligne WHERE reassignation_id = ?) WHERE id = ?`, row.ID, row.ID).Error
}

// critereOperation is the condition on a root operation.
func critereOperation(c reassignation.Criteres) (cond string, args map[string]any) {
	args = map[string]any{}
	switch {
	case len(c.Departements) > 0:
		cond, args["codes"] = "o.code_insee_departement = ANY(@codes)", pq.StringArray(c.Departements)
	case len(c.Operations) > 0:
		cond, args["codes"] = "o.numero_operation_pour_recherche = ANY(@codes)", pq.StringArray(c.Operations)
	case len(c.Communes) > 0:
		cond, args["codes"] = "o.code_insee_commune = ANY(@codes)", pq.StringArray(c.Communes)
	default: // no line of the list names a commune
		return "FALSE", args
	}
	if c.De != 0 {
		cond, args["de"] = cond+" AND o.administration_id = @de", c.De
	}
	return cond, args
}

// ligneReassignation is a row with what surrounds it.
type ligneReassignation struct {
	reassignation.Fiche
	CibleID                       int64
	CibleUUID                     uuid.UUID
	CibleNom, CibleCode           string
	CriteresBruts, RejetsBruts    string
	Prevues, Deplacees, Ignorees  int
	Rendues, Laissees, Operations int
}

const lireReassignation = `SELECT r.id, r.uuid, r.etat, r.motif, r.nb_communes, r.sans_commune, r.cree_le, r.confirmee_le, r.terminee_le, r.annulee_le,
  r.motif_annulation, r.tache_id, t.uuid AS tache_uuid, coalesce(t.etat, '') AS tache_etat, r.criteres::text AS criteres_bruts, r.rejets::text AS rejets_bruts,
  a.id AS cible_id, a.uuid AS cible_uuid, a.nom AS cible_nom, a.code AS cible_code, trim(u.prenom || ' ' || u.nom) AS auteur_nom,
  coalesce(trim(v.prenom || ' ' || v.nom), '') AS annulee_par_nom,
  coalesce(l.prevues, 0) AS prevues, coalesce(l.deplacees, 0) AS deplacees, coalesce(l.ignorees, 0) AS ignorees, coalesce(l.rendues, 0) AS rendues, coalesce(l.laissees, 0) AS laissees
FROM reassignation r JOIN administration a ON a.id = r.cible_id JOIN utilisateur u ON u.id = r.acteur_id
LEFT JOIN utilisateur v ON v.id = r.annulee_par_id LEFT JOIN tache t ON t.id = r.tache_id
LEFT JOIN LATERAL (SELECT count(*) FILTER (WHERE g.etat = 'PREVUE') AS prevues, count(*) FILTER (WHERE g.etat = 'DEPLACEE') AS deplacees,
    count(*) FILTER (WHERE g.etat = 'IGNOREE') AS ignorees, count(*) FILTER (WHERE g.etat = 'RENDUE') AS rendues, count(*) FILTER (WHERE g.etat = 'LAISSEE') AS laissees
  FROM (SELECT groupe_id, min(etat) AS etat FROM reassignation_ligne x WHERE x.reassignation_id = r.id GROUP BY groupe_id) g) l ON true `

func (l ligneReassignation) fiche() (reassignation.Fiche, error) {
	f := l.Fiche
	f.Cible = reassignation.Administration{ID: l.CibleID, UUID: l.CibleUUID, Nom: l.CibleNom, Code: l.CibleCode}
	f.Avancee = reassignation.Avancee{Prevues: l.Prevues, Deplacees: l.Deplacees, Ignorees: l.Ignorees, Rendues: l.Rendues, Laissees: l.Laissees}
	if err := json.Unmarshal([]byte(l.CriteresBruts), &f.Criteres); err != nil {
		return f, fmt.Errorf("criteria of reassignment %d: %w", f.ID, err)
	}
	return f, nil
}

func (s *Reassignations) une(ctx context.Context, id uuid.UUID) (*ligneReassignation, error) {
	var rows []ligneReassignation
	err := s.db.db(ctx).Raw(lireReassignation+"WHERE r.uuid = ?", id).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}

// Lister implements reassignation.Store.
func (s *Reassignations) Lister(ctx context.Context, decalage, limite int) ([]reassignation.Fiche, int, error) {
	var total int64
	if err := s.db.db(ctx).Raw(`SELECT count(*) FROM reassignation WHERE etat <> 'SIMULATION'`).Scan(&total).Error; err != nil {
		return nil, 0, err
	}
	var rows []ligneReassignation
	err := s.db.db(ctx).Raw(lireReassignation+"WHERE r.etat <> 'SIMULATION' ORDER BY r.confirmee_le DESC, r.id DESC LIMIT ? OFFSET ?", limite, decalage).Scan(&rows).Error
	if err != nil {
		return nil, 0, err
	}
	out := make([]reassignation.Fiche, 0, len(rows))
	for _, l := range rows {
		f, err := l.fiche()
		if err != nil {
			return nil, 0, err
		}
		out = append(out, f)
	}
	return out, int(total), nil
}

// Lire implements reassignation.Store.
func (s *Reassignations) Lire(ctx context.Context, id uuid.UUID) (*reassignation.Detail, error) {
	l, err := s.une(ctx, id)
	if err != nil || l == nil {
		return nil, err
	}
	var d reassignation.Detail
	if d.Fiche, err = l.fiche(); err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(l.RejetsBruts), &d.Rejets); err != nil {
		return nil, fmt.Errorf("refused lines of reassignment %d: %w", l.ID, err)
	}
	db := s.db.db(ctx)
	err = errors.Join(
		db.Raw(`SELECT count(DISTINCT x.groupe_id) AS operations, count(DISTINCT c.id) FILTER (WHERE c.parent_id IS NULL) AS familles, count(DISTINCT c.id) AS conventions
			FROM reassignation_ligne x LEFT JOIN convention c ON c.operation_id = x.operation_id AND c.supprime_le IS NULL WHERE x.reassignation_id = ?`, l.ID).Scan(&d.Comptes).Error,
		db.Raw(`SELECT a.uuid AS administration_uuid, coalesce(a.nom, '') AS nom, coalesce(a.code, '') AS code, count(DISTINCT x.groupe_id) AS operations, count(DISTINCT c.id) AS conventions
			FROM reassignation_ligne x LEFT JOIN administration a ON a.id = x.ancienne_administration_id
			LEFT JOIN convention c ON c.operation_id = x.operation_id AND c.supprime_le IS NULL
			WHERE x.reassignation_id = ? GROUP BY a.id ORDER BY 5 DESC, a.nom`, l.ID).Scan(&d.Origines).Error,
		db.Raw(`SELECT c.uuid, coalesce(c.numero, '') AS numero, c.statut, o.numero_operation, o.nom AS operation_nom, o.ville, o.code_postal, b.nom AS bailleur_nom, coalesce(a.nom, '') AS administration_nom
			FROM reassignation_ligne x JOIN operation o ON o.id = x.operation_id JOIN bailleur b ON b.id = o.bailleur_id
			JOIN convention c ON c.operation_id = x.operation_id AND c.supprime_le IS NULL
			LEFT JOIN administration a ON a.id = x.ancienne_administration_id
			WHERE x.reassignation_id = ? ORDER BY c.parent_id IS NOT NULL, o.ville, o.nom, c.id LIMIT ?`, l.ID, reassignation.MaxExemples).Scan(&d.Exemples).Error,
		db.Raw(`SELECT (SELECT r.uuid FROM convention r WHERE r.operation_id = o.id AND r.parent_id IS NULL AND r.supprime_le IS NULL ORDER BY r.id LIMIT 1) AS uuid,
			o.numero_operation, o.nom AS operation_nom, o.ville, coalesce(a.nom, '') AS administration_nom, g.etat = 'LAISSEE' AS annulation
			FROM (SELECT groupe_id, min(etat) AS etat FROM reassignation_ligne WHERE reassignation_id = ? AND etat IN ('IGNOREE','LAISSEE') GROUP BY groupe_id) g
			JOIN operation o ON o.id = g.groupe_id LEFT JOIN administration a ON a.id = o.administration_id ORDER BY o.ville, o.nom, o.id LIMIT ?`,
			l.ID, reassignation.MaxRestees).Scan(&d.Restees).Error,
	)
	if err == nil && d.Etat == reassignation.Terminee {
		var retenues struct{ N int }
		err = db.Raw(`SELECT count(DISTINCT x.groupe_id) AS n FROM reassignation_ligne x WHERE x.reassignation_id = ? AND x.etat = 'DEPLACEE' AND `+aBouge, l.ID).Scan(&retenues).Error
		d.Retenues, d.Annulables = retenues.N, d.Avancee.Deplacees-retenues.N
	}
	if err != nil {
		return nil, fmt.Errorf("detail of reassignment %d: %w", l.ID, err)
	}
	return &d, nil
}

// aBouge tells whether the operation of a moved line x has left the target since, or was moved there again by a later run.
var aBouge = strings.TrimSpace(`
(EXISTS (SELECT FROM operation o JOIN reassignation r ON r.id = x.reassignation_id WHERE o.id = x.operation_id AND o.administration_id IS DISTINCT FROM r.cible_id)
 OR EXISTS (SELECT FROM reassignation_ligne y JOIN reassignation s ON s.id = y.reassignation_id JOIN reassignation r ON r.id = x.reassignation_id
   WHERE y.operation_id = x.operation_id AND y.etat = 'DEPLACEE' AND s.confirmee_le > r.confirmee_le))`)
