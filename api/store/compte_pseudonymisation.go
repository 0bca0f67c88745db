package store

import (
	"context"
	"fmt"
	"time"

	"apilos/api/date"
)

// EffacerTraces implements compte.Store.
func (s *Comptes) EffacerTraces(ctx context.Context, utilisateurID int64, nom string, le time.Time) error {
	veille := date.InParis(le).AddDays(-1)
	for _, e := range []struct {
		sql  string
		args []any
	}{
		{`UPDATE role SET expire_le = ?, version = version + 1, mis_a_jour_le = ? WHERE utilisateur_id = ? AND (expire_le IS NULL OR expire_le > ?)`,
			[]any{veille, le, utilisateurID, veille}},
		{`UPDATE commentaire SET auteur_nom = ?, version = version + 1, mis_a_jour_le = ? WHERE auteur_id = ?`, []any{nom, le, utilisateurID}},
		{`DELETE FROM brouillon WHERE utilisateur_id = ?`, []any{utilisateurID}},
		{`DELETE FROM lecture WHERE utilisateur_id = ?`, []any{utilisateurID}},
		{`DELETE FROM recherche_sauvegardee WHERE utilisateur_id = ?`, []any{utilisateurID}},
		{`DELETE FROM utilisateur_filtre_departement WHERE utilisateur_id = ?`, []any{utilisateurID}},
		{`DELETE FROM jeton_unique WHERE utilisateur_id = ?`, []any{utilisateurID}},
	} {
		if err := s.db.db(ctx).Exec(e.sql, e.args...).Error; err != nil {
			return fmt.Errorf("erase account %d: %w", utilisateurID, err)
		}
	}
	return nil
}
