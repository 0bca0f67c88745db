package store

import (
	"context"
	"fmt"
	"time"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/fichier"

	"github.com/google/uuid"
)

// PromouvoirPiece implements convention.Store.
func (d *DB) PromouvoirPiece(ctx context.Context, dos *convention.Dossier, piece convention.Document, p auth.Principal, le time.Time) (uuid.UUID, error) {
	r := fichier.FichierRattache{
		UUID: uuid.Must(uuid.NewV7()), FichierID: piece.Fichier.ID, ConventionID: &dos.Convention.ID, Rubrique: convention.RubriqueDocumentSigne,
		Description: piece.Rattache.Description, CreeLe: le,
	}
	if p.UtilisateurID != 0 {
		r.CreeParID = &p.UtilisateurID
	}
	if err := d.db(ctx).Create(&r).Error; err != nil {
		return uuid.Nil, fmt.Errorf("promote attachment: %w", err)
	}
	return r.UUID, nil
}
