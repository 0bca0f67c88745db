package store

import (
	"context"
	"fmt"
	"time"

	"apilos/api/compte"

	"github.com/google/uuid"
)

// FicheCompte implements compte.Store. Roles in force come first.
func (s *Comptes) FicheCompte(ctx context.Context, id uuid.UUID) (*compte.FicheCompte, error) {
	var rows []struct {
		compte.LigneCompte
		ClientAPI bool `gorm:"column:client_api"`
	}
	err := s.db.db(ctx).Raw(`
SELECT u.*, EXISTS (SELECT FROM jeton_api a WHERE a.utilisateur_id = u.id) AS client_api,
  (SELECT max(t.bloque_jusqu_a) FROM tentative_connexion t WHERE t.compte = left(lower(u.username), 254) AND t.bloque_jusqu_a > ?) AS verrouille_jusqu_a
FROM utilisateur u WHERE u.uuid = ?`, time.Now(), id).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	f := &compte.FicheCompte{LigneCompte: rows[0].LigneCompte, ClientAPI: rows[0].ClientAPI}
	err = s.db.db(ctx).Raw(`
SELECT r.typologie, r.lecture_seule, coalesce(b.nom, a.nom, '') AS entite, coalesce(r.perimetre_region, '') AS region,
  coalesce(r.perimetre_departement, '') AS departement, coalesce(r.profil_siap, '') AS profil, coalesce(r.habilitation_id, 0) AS habilitation, r.expire_le
FROM role r LEFT JOIN bailleur b ON b.id = r.bailleur_id LEFT JOIN administration a ON a.id = r.administration_id
WHERE r.utilisateur_id = ? ORDER BY (r.expire_le IS NULL) DESC, r.expire_le DESC, r.mis_a_jour_le DESC, r.id DESC LIMIT 50`, f.ID).Scan(&f.Roles).Error
	if err != nil {
		return nil, fmt.Errorf("roles of an account: %w", err)
	}
	return f, nil
}
