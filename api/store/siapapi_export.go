package store

import (
	"context"
	"fmt"

	"apilos/api/administration"
	"apilos/api/bailleur"
	"apilos/api/convention"
	"apilos/api/echange"
	"apilos/api/operation"

	"github.com/google/uuid"
)

// portionExport is how many conventions of the export are in memory together.
const portionExport = 500

// Parcourir implements echange.Store with a keyset on uuid: a portion costs the same at the end of the table as
// at its beginning.
func (s Echanges) Parcourir(ctx context.Context, limite int, fn func(echange.Portion) error) error {
	dernier := uuid.Nil
	for lues := 0; limite <= 0 || lues < limite; {
		taille := portionExport
		if limite > 0 {
			taille = min(taille, limite-lues)
		}
		p := echange.Portion{}
		err := s.db(ctx).Where("uuid > ? AND supprime_le IS NULL", dernier).Order("uuid").Limit(taille).Find(&p.Conventions).Error
		if err != nil {
			return fmt.Errorf("read conventions: %w", err)
		}
		if len(p.Conventions) == 0 {
			return nil
		}
		if err := s.garnir(ctx, &p); err != nil {
			return err
		}
		if err := fn(p); err != nil {
			return err
		}
		lues += len(p.Conventions)
		dernier = p.Conventions[len(p.Conventions)-1].UUID
	}
	return nil
}

// garnir reads what is written beside the conventions of a portion, in a constant number of statements.
func (s Echanges) garnir(ctx context.Context, p *echange.Portion) error {
	if err := s.completer(ctx, &p.Contenu); err != nil {
		return err
	}
	var err error
	p.Operations, err = parID(ctx, s.DB, cles(p.Conventions, func(c convention.Convention) int64 { return c.OperationID }), func(o operation.Operation) int64 { return o.ID })
	if err != nil {
		return err
	}
	var idsBailleurs, idsAdministrations []int64
	for _, o := range p.Operations {
		idsBailleurs = append(idsBailleurs, o.BailleurID)
		if o.AdministrationID != nil {
			idsAdministrations = append(idsAdministrations, *o.AdministrationID)
		}
	}
	if p.Bailleurs, err = parID(ctx, s.DB, idsBailleurs, func(b bailleur.Bailleur) int64 { return b.ID }); err != nil {
		return err
	}
	if p.Administrations, err = parID(ctx, s.DB, idsAdministrations, func(a administration.Administration) int64 { return a.ID }); err != nil {
		return err
	}
	return s.parentes(ctx, p)
}

func parID[T any](ctx context.Context, d *DB, ids []int64, cle func(T) int64) (map[int64]T, error) {
	groupes, err := parCle(d.db(ctx), "id IN ?", ids, "id", cle)
	out := make(map[int64]T, len(groupes))
	for id, g := range groupes {
		out[id] = g[0]
	}
	return out, err
}

// parentes reads the parents and the types of the avenants, and the gestionnaires of foyers.
func (s Echanges) parentes(ctx context.Context, p *echange.Portion) error {
	p.Parents, p.Types, p.Gestionnaires = map[int64]echange.Parent{}, map[int64][]string{}, map[int64]string{}
	var idsParents []int64
	for _, c := range p.Conventions {
		if c.ParentID != nil {
			idsParents = append(idsParents, *c.ParentID)
		}
	}
	parents, err := parID(ctx, s.DB, idsParents, func(c convention.Convention) int64 { return c.ID })
	if err != nil {
		return err
	}
	for id, c := range parents {
		p.Parents[id] = echange.Parent{UUID: c.UUID, Numero: c.Numero, SigneLe: c.SigneLe}
	}
	ids := cles(p.Conventions, func(c convention.Convention) int64 { return c.ID })
	types, err := parCle(s.db(ctx), "convention_id IN ?", ids, "convention_id, type_code", func(t convention.ConventionTypeAvenant) int64 { return t.ConventionID })
	if err != nil {
		return err
	}
	for id, liste := range types {
		for _, t := range liste {
			p.Types[id] = append(p.Types[id], t.TypeCode)
		}
	}
	foyers, err := parCle(s.db(ctx), "convention_id IN ?", ids, "convention_id", func(f convention.FoyerResidence) int64 { return f.ConventionID })
	for id, f := range foyers {
		p.Gestionnaires[id] = f[0].Gestionnaire
	}
	return err
}
