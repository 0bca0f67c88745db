package store

import (
	"context"
	"errors"
	"fmt"
)

// ErrSchemaEnRetard says that the database lacks migrations of this binary.
var ErrSchemaEnRetard = errors.New("le schéma de la base est en retard sur le programme : lancez « apilos migrate up »")

// Pret answers nil when the database can be reached and its schema suits this binary.
func (d *DB) Pret(ctx context.Context) error {
	etat, err := d.EtatMigrations(ctx)
	if err != nil {
		return fmt.Errorf("reach database: %w", err)
	}
	if !etat.AJour() {
		return ErrSchemaEnRetard
	}
	return nil
}
