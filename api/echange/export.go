package echange

import (
	"context"
	"fmt"

	"apilos/api/administration"
	"apilos/api/bailleur"
	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/operation"

	"github.com/google/uuid"
)

// Portion is some conventions of the export, by uuid, with everything that is written of them (05 A.9).
type Portion struct {
	Contenu
	Operations      map[int64]operation.Operation
	Bailleurs       map[int64]bailleur.Bailleur
	Administrations map[int64]administration.Administration
	Parents         map[int64]Parent   // by id of the parent
	Types           map[int64][]string // names of the types of an avenant, by its id
	Gestionnaires   map[int64]string   // of foyers and résidences, by convention
}

// Parent is what an avenant repeats of its convention.
type Parent struct {
	UUID    uuid.UUID
	Numero  *string
	SigneLe *date.Date
}

// Exporter hands every convention and avenant to fn, by uuid, limite of them at most (0: all). Nothing is kept
// in memory but the portion in hand.
func (s *Service) Exporter(ctx context.Context, limite int, fn func(Portion, convention.Convention) error) error {
	err := s.cfg.Store.Parcourir(ctx, limite, func(p Portion) error {
		for _, c := range p.Conventions {
			if err := fn(p, c); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("export conventions: %w", err)
	}
	return nil
}
