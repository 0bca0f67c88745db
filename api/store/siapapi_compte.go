package store

import (
	"context"
	"fmt"
)

// CompteDuLogin implements compte.Store.
func (s *Comptes) CompteDuLogin(ctx context.Context, login string) (int64, error) {
	var id int64
	err := s.db.db(ctx).Raw(`SELECT id FROM utilisateur WHERE cerbere_login = ? AND est_actif`, login).Scan(&id).Error
	if err != nil {
		return 0, fmt.Errorf("find account of a login: %w", err)
	}
	return id, nil
}
