package store

import (
	"context"
	"fmt"
	"time"

	"apilos/api/administration"
	"apilos/api/auth"
	"apilos/api/bailleur"
	"apilos/api/convention"
	"apilos/api/echange"
	"apilos/api/event"
	"apilos/api/operation"

	"github.com/lib/pq"
	"gorm.io/gorm"
)

// Echanges reads and writes for the calls of SIAP.
type Echanges struct{ *DB }

var _ echange.Store = Echanges{}

// NewEchanges returns the store of the calls of SIAP.
func NewEchanges(d *DB) Echanges { return Echanges{d} }

// Compter implements echange.Store in one statement. Each statut is counted by itself: without anything to
// tell apart in the rows, PostgreSQL only walks a range of the partial indexes made for it (ix_recherche_kpi_*), which
// takes half the time of one pass over the four statuts.
func (s Echanges) Compter(ctx context.Context, p auth.Principal, statuts []convention.Statut) (map[convention.Statut]int, error) {
	cond, args := perimetre(p, vueRecherche)
	var lignes []struct {
		Statut convention.Statut
		Nombre int
	}
	err := s.db(ctx).Raw(`
SELECT s.statut, (SELECT count(*) FROM convention_recherche r
  WHERE r.parent_id IS NULL AND r.statut IN ('PROJET','INSTRUCTION','CORRECTION','A_SIGNER') AND r.statut = s.statut AND `+cond+`) AS nombre
FROM unnest(?::varchar[]) AS s (statut)`, append(args, codesStatut(statuts))...).Scan(&lignes).Error
	if err != nil {
		return nil, fmt.Errorf("count conventions by statut: %w", err)
	}
	out := map[convention.Statut]int{}
	for _, l := range lignes {
		out[l.Statut] = l.Nombre
	}
	return out, nil
}

func codesStatut(statuts []convention.Statut) pq.StringArray {
	out := make(pq.StringArray, 0, len(statuts))
	for _, s := range statuts {
		out = append(out, string(s))
	}
	return out
}

// Versions implements echange.Store.
func (s Echanges) Versions(ctx context.Context, numero string) ([]operation.Operation, error) {
	var out []operation.Operation
	err := s.db(ctx).Raw(`
WITH racine AS MATERIALIZED (SELECT id FROM operation WHERE origine_id IS NULL AND numero_operation = @numero AND numero_operation <> '')
SELECT o.* FROM operation o WHERE o.id IN (SELECT id FROM racine UNION SELECT v.id FROM operation v JOIN racine ON v.origine_id = racine.id)
ORDER BY o.cree_le, o.id`, map[string]any{"numero": numero}).Scan(&out).Error
	if err != nil {
		return nil, fmt.Errorf("find operation: %w", err)
	}
	return out, nil
}

// Acteurs implements echange.Store.
func (s Echanges) Acteurs(ctx context.Context, o operation.Operation) (bailleur.Bailleur, *administration.Administration, error) {
	var b bailleur.Bailleur
	if err := s.db(ctx).Take(&b, o.BailleurID).Error; err != nil {
		return b, nil, fmt.Errorf("read bailleur: %w", err)
	}
	if o.AdministrationID == nil {
		return b, nil, nil
	}
	a := &administration.Administration{}
	if err := s.db(ctx).Take(a, *o.AdministrationID).Error; err != nil {
		return b, nil, fmt.Errorf("read administration: %w", err)
	}
	return b, a, nil
}

// Contenu implements echange.Store: six statements, whatever the number of rows.
func (s Echanges) Contenu(ctx context.Context, versionIDs []int64) (echange.Contenu, error) {
	out := echange.Contenu{}
	err := s.db(ctx).Where("operation_id IN ? AND supprime_le IS NULL", versionIDs).Order("cree_le, id").Find(&out.Conventions).Error
	if err != nil {
		return out, fmt.Errorf("read conventions: %w", err)
	}
	return out, s.completer(ctx, &out)
}

// completer reads the lots of the conventions of c, and what they hold.
func (s Echanges) completer(ctx context.Context, c *echange.Contenu) error {
	lots, err := parCle(s.db(ctx), "convention_id IN ?", cles(c.Conventions, func(v convention.Convention) int64 { return v.ID }), "convention_id, id",
		func(l convention.Lot) int64 { return l.ConventionID })
	if err != nil {
		return err
	}
	c.Lots = lots
	idsLots := clesGroupes(lots, func(l convention.Lot) int64 { return l.ID })
	const ordre = "lot_id, ordre, id"
	if c.Logements, err = parCle(s.db(ctx), "lot_id IN ?", idsLots, ordre, func(l convention.Logement) int64 { return l.LotID }); err != nil {
		return err
	}
	idsLogements := clesGroupes(c.Logements, func(l convention.Logement) int64 { return l.ID })
	c.Annexes, err = parCle(s.db(ctx), "logement_id IN ?", idsLogements, "logement_id, ordre, id", func(a convention.Annexe) int64 { return a.LogementID })
	if err != nil {
		return err
	}
	if c.Prets, err = parCle(s.db(ctx), "lot_id IN ?", idsLots, ordre, func(p convention.Pret) int64 { return p.LotID }); err != nil {
		return err
	}
	c.Stationnements, err = parCle(s.db(ctx), "lot_id IN ?", idsLots, ordre, func(x convention.Stationnement) int64 { return x.LotID })
	return err
}

// parCle reads rows in one statement and groups them by a key; without ids it reads nothing.
func parCle[T any](db *gorm.DB, cond string, ids []int64, ordre string, cle func(T) int64) (map[int64][]T, error) {
	out := map[int64][]T{}
	if len(ids) == 0 {
		return out, nil
	}
	var lignes []T
	if err := db.Where(cond, ids).Order(ordre).Find(&lignes).Error; err != nil {
		return nil, fmt.Errorf("read %T: %w", *new(T), err)
	}
	for _, l := range lignes {
		out[cle(l)] = append(out[cle(l)], l)
	}
	return out, nil
}

func cles[T any](lignes []T, cle func(T) int64) []int64 {
	out := make([]int64, 0, len(lignes))
	for _, l := range lignes {
		out = append(out, cle(l))
	}
	return out
}

func clesGroupes[T any](groupes map[int64][]T, cle func(T) int64) []int64 {
	var out []int64
	for _, g := range groupes {
		out = append(out, cles(g, cle)...)
	}
	return out
}

// Visible implements echange.Store with the predicate itself.
func (s Echanges) Visible(ctx context.Context, p auth.Principal, numero string) (bool, error) {
	cond, args := operationVisible(p)
	var visible bool
	err := s.db(ctx).Raw(`SELECT EXISTS (SELECT FROM operation o WHERE o.origine_id IS NULL AND o.numero_operation = ? AND `+cond+`)`,
		append([]any{numero}, args...)...).Scan(&visible).Error
	if err != nil {
		return false, fmt.Errorf("check perimeter: %w", err)
	}
	return visible, nil
}

// VerrouillerNumero implements echange.Store with the lock of the synchronisations.
func (s Echanges) VerrouillerNumero(ctx context.Context, numero string) error {
	return NewOperationStore(s.DB).VerrouillerNumero(ctx, operation.NormaliserNumero(numero))
}

// VerrouillerConventions implements echange.Store: family by family, the root before its avenants (CC-04). They
// are read after the lock, so that an avenant created meanwhile is seen.
func (s Echanges) VerrouillerConventions(ctx context.Context, versionIDs []int64) ([]convention.Convention, error) {
	var ids []int64
	err := s.db(ctx).Raw(`SELECT id FROM convention WHERE operation_id IN ?
		ORDER BY coalesce(parent_id, id), parent_id IS NOT NULL, id FOR UPDATE`, versionIDs).Scan(&ids).Error
	if err != nil {
		return nil, fmt.Errorf("lock conventions: %w", err)
	}
	var out []convention.Convention
	err = s.db(ctx).Raw(`
SELECT c.* FROM convention c WHERE c.supprime_le IS NULL AND (c.operation_id IN @versions
  OR c.operation_id IN (SELECT id FROM operation WHERE origine_id IN @versions))
ORDER BY c.cree_le, c.id`, map[string]any{"versions": versionIDs}).Scan(&out).Error
	if err != nil {
		return nil, fmt.Errorf("read conventions: %w", err)
	}
	return out, nil
}

// FaitDepuis implements echange.Store.
func (s Echanges) FaitDepuis(ctx context.Context, operationID int64, commande string, depuis time.Time) (bool, error) {
	var deja bool
	err := s.db(ctx).Raw(`SELECT EXISTS (SELECT FROM journal_audit
		WHERE nom_table = 'operation' AND ligne_id = ? AND commande = ? AND cree_le >= ?)`, operationID, commande, depuis).Scan(&deja).Error
	if err != nil {
		return false, fmt.Errorf("read journal: %w", err)
	}
	return deja, nil
}

// Journaliser implements echange.Store, outside any family of conventions.
func (s Echanges) Journaliser(ctx context.Context, j event.Journal) error {
	if err := s.db(ctx).Create(&j).Error; err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return nil
}
