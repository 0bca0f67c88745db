package store

import (
	"context"
	"fmt"

	"apilos/api/auth"
	"apilos/api/bailleur"
	"apilos/api/operation"
	"github.com/google/uuid"
	"github.com/lib/pq"
)

// OperationStore implements operation.Store and operation.Recherche.
type OperationStore struct{ *DB }

var (
	_ operation.Store     = OperationStore{}
	_ operation.Recherche = OperationStore{}
)

// NewOperationStore returns the store of operations.
func NewOperationStore(d *DB) OperationStore { return OperationStore{d} }

type ligneRacine struct {
	operation.Operation `gorm:"embedded"`
	BailleurUUID        uuid.UUID       `gorm:"column:bailleur_uuid"`
	BailleurNom         string          `gorm:"column:bailleur_nom"`
	BailleurSiren       *string         `gorm:"column:bailleur_siren"`
	BailleurIdentifiant string          `gorm:"column:bailleur_identifiant"`
	BailleurNature      bailleur.Nature `gorm:"column:bailleur_nature"`
	AdministrationNom   *string         `gorm:"column:administration_nom"`
	AdministrationCode  *string         `gorm:"column:administration_code"`
	NbConventions       int             `gorm:"column:nb_conventions"`
}

// selectRacines lists root operations (alias o) with their actors; the conditions follow it.
const selectRacines = `
SELECT o.*, b.uuid AS bailleur_uuid, b.nom AS bailleur_nom, b.siren AS bailleur_siren, b.identifiant AS bailleur_identifiant,
  b.nature_bailleur AS bailleur_nature, a.nom AS administration_nom, a.code AS administration_code, n.nb AS nb_conventions
FROM operation o
JOIN bailleur b ON b.id = o.bailleur_id
LEFT JOIN administration a ON a.id = o.administration_id
CROSS JOIN LATERAL (SELECT count(*) AS nb FROM convention c WHERE c.operation_id = o.id AND c.supprime_le IS NULL) n
WHERE o.origine_id IS NULL AND `

// Racines implements operation.Store.
func (s OperationStore) Racines(ctx context.Context, numero string) ([]operation.Racine, error) {
	return s.racines(ctx, selectRacines+`o.numero_operation_pour_recherche = ? ORDER BY n.nb DESC, o.cree_le, o.id`, numero)
}

// RacinesVisibles implements operation.Store.
func (s OperationStore) RacinesVisibles(ctx context.Context, p auth.Principal, numero string) ([]operation.Racine, error) {
	cond, args := operationVisible(p)
	return s.racines(ctx, selectRacines+`o.numero_operation_pour_recherche = ? AND `+cond+` ORDER BY n.nb DESC, o.cree_le, o.id`,
		append([]any{numero}, args...)...)
}

// Proches implements operation.Store: trigram similarity above 0.3 on the normalised number, best
// first, then most recent (CR-26).
func (s OperationStore) Proches(ctx context.Context, p auth.Principal, numero string, limite int) ([]operation.Racine, error) {
	cond, args := operationVisible(p)
	args = append(append([]any{numero, numero}, args...), numero, limite)
	return s.racines(ctx, selectRacines+`o.numero_operation_pour_recherche % ?
  AND similarity(o.numero_operation_pour_recherche, ?) > 0.3 AND `+cond+`
ORDER BY similarity(o.numero_operation_pour_recherche, ?) DESC, o.cree_le DESC, o.id DESC LIMIT ?`, args...)
}

func (s OperationStore) racines(ctx context.Context, sql string, args ...any) ([]operation.Racine, error) {
	var lignes []ligneRacine
	if err := s.db(ctx).Raw(sql, args...).Scan(&lignes).Error; err != nil {
		return nil, fmt.Errorf("find operations: %w", err)
	}
	out := make([]operation.Racine, 0, len(lignes))
	for _, l := range lignes {
		out = append(out, operation.Racine(l))
	}
	return out, nil
}

// operationVisible is the perimeter on a root operation, alias o: a convention of its family is
// visible, or it has none and a first one would be. An operation whose conventions went to another
// bailleur is therefore no longer seen by the former one (PE-21, PE-26).
func operationVisible(p auth.Principal) (string, []any) {
	surConventions, args := perimetre(p, vueRecherche)
	surOperation, args2 := perimetre(p, vueOperation)
	const famille = `SELECT FROM convention_recherche r JOIN operation v ON v.id = r.operation_id
  WHERE (v.id = o.id OR v.origine_id = o.id)`
	return `(EXISTS (` + famille + ` AND ` + surConventions + `) OR ((` + surOperation + `) AND NOT EXISTS (` + famille + `)))`,
		append(args, args2...)
}

type ligneConvention struct {
	ID           int64                  `gorm:"column:id"`
	UUID         uuid.UUID              `gorm:"column:uuid"`
	OperationID  int64                  `gorm:"column:operation_id"`
	ParentID     *int64                 `gorm:"column:parent_id"`
	Statut       string                 `gorm:"column:statut"`
	Source       operation.SourceDonnee `gorm:"column:source"`
	CreeParID    *int64                 `gorm:"column:cree_par_id"`
	Financements pq.StringArray         `gorm:"column:financements;type:text[]"`
	NbLogements  pq.Int64Array          `gorm:"column:nb_logements;type:bigint[]"`
	TypesHabitat pq.StringArray         `gorm:"column:types_habitat;type:text[]"`
}

// selectConventions lists the rows of the families of a number: the versions of an operation follow its
// root, whatever their own number has become.
const selectConventions = `
WITH racine AS MATERIALIZED (SELECT id FROM operation WHERE origine_id IS NULL AND numero_operation_pour_recherche = ?),
famille AS (SELECT id FROM racine UNION SELECT v.id FROM operation v JOIN racine ON v.origine_id = racine.id)
SELECT c.id, c.uuid, c.operation_id, c.parent_id, c.statut, c.source, c.cree_par_id,
  coalesce(l.financements, '{}') AS financements, coalesce(l.nb_logements, '{}') AS nb_logements, coalesce(l.types_habitat, '{}') AS types_habitat
FROM famille
JOIN convention c ON c.operation_id = famille.id AND c.supprime_le IS NULL
LEFT JOIN LATERAL (
  SELECT array_agg(x.financement::text ORDER BY x.id) AS financements, array_agg(coalesce(x.nb_logements, 0) ORDER BY x.id) AS nb_logements,
    array_agg(x.type_habitat::text ORDER BY x.id) AS types_habitat
  FROM lot x WHERE x.convention_id = c.id) l ON true`

// Conventions implements operation.Store.
func (s OperationStore) Conventions(ctx context.Context, numero string) ([]operation.ConventionOperation, error) {
	return s.conventions(ctx, selectConventions+` ORDER BY c.cree_le, c.id`, numero)
}

// ConventionsVisibles implements operation.Store.
func (s OperationStore) ConventionsVisibles(ctx context.Context, p auth.Principal, numero string) ([]operation.ConventionOperation, error) {
	cond, args := perimetre(p, vueRecherche)
	return s.conventions(ctx, selectConventions+` JOIN convention_recherche r ON r.convention_id = c.id AND `+cond+` ORDER BY c.cree_le, c.id`,
		append([]any{numero}, args...)...)
}

func (s OperationStore) conventions(ctx context.Context, sql string, args ...any) ([]operation.ConventionOperation, error) {
	var lignes []ligneConvention
	if err := s.db(ctx).Raw(sql, args...).Scan(&lignes).Error; err != nil {
		return nil, fmt.Errorf("list conventions of operation: %w", err)
	}
	out := make([]operation.ConventionOperation, 0, len(lignes))
	for _, l := range lignes {
		c := operation.ConventionOperation{
			ID: l.ID, UUID: l.UUID, OperationID: l.OperationID, ParentID: l.ParentID,
			Statut: l.Statut, Source: l.Source, CreeParID: l.CreeParID, TypesHabitat: l.TypesHabitat,
		}
		for i, f := range l.Financements {
			c.Financements = append(c.Financements, operation.CodeAide(f))
			c.NbLogements = append(c.NbLogements, int(l.NbLogements[i]))
		}
		out = append(out, c)
	}
	return out, nil
}

// DansPerimetre implements operation.Store with the predicate itself, on an operation that may not
// exist yet.
func (s OperationStore) DansPerimetre(ctx context.Context, p auth.Principal, x operation.Situation) (bool, error) {
	cond, args := perimetre(p, vueOperation)
	var dedans bool
	err := s.db(ctx).Raw(`SELECT coalesce(`+cond+`, false) FROM (SELECT CAST(? AS bigint) AS bailleur_id, CAST(? AS bigint) AS administration_id,
  CAST(? AS varchar) AS code_insee_departement, CAST(? AS varchar) AS code_insee_region) o`,
		append(args, x.BailleurID, x.AdministrationID, x.Departement, x.Region)...).Scan(&dedans).Error
	if err != nil {
		return false, fmt.Errorf("check perimeter: %w", err)
	}
	return dedans, nil
}

// ADesOrigines implements operation.Store.
func (s OperationStore) ADesOrigines(ctx context.Context, numero string) (bool, error) {
	var oui bool
	err := s.db(ctx).Raw(`
SELECT EXISTS (SELECT FROM operation o JOIN convention c ON c.operation_id = o.id AND c.supprime_le IS NULL
  JOIN convention_seconde_vie v ON v.convention_id = c.id
  WHERE o.origine_id IS NULL AND o.numero_operation_pour_recherche = ?)`, numero).Scan(&oui).Error
	if err != nil {
		return false, fmt.Errorf("look for origins: %w", err)
	}
	return oui, nil
}

// SecondeVieOuverte implements operation.Store; a switch that is not there is off.
func (s OperationStore) SecondeVieOuverte(ctx context.Context) (bool, error) {
	var actif bool
	err := s.db(ctx).Raw(`SELECT coalesce((SELECT actif FROM interrupteur WHERE nom = 'seconde_vie_on'), false)`).Scan(&actif).Error
	if err != nil {
		return false, fmt.Errorf("read feature switch: %w", err)
	}
	return actif, nil
}
