package store

import (
	"context"
	"fmt"

	"apilos/api/admin"
)

// ReserverRequete reserves an idempotency key in one atomic statement (CC-10). nouvelle is true for the
// one caller that must now handle the request; otherwise r is what is known of the first one. A record
// older than 24 h, or a reservation older than 15 minutes left by a process that stopped, is taken over.
func (d *DB) ReserverRequete(ctx context.Context, appelant, cle, empreinte string) (nouvelle bool, r admin.RequeteIdempotente, err error) {
	err = d.db(ctx).Raw(`
INSERT INTO requete_idempotente AS r (appelant, cle, empreinte) VALUES (?, ?, ?)
ON CONFLICT (appelant, cle) DO UPDATE SET empreinte = excluded.empreinte, statut_http = NULL, reponse = NULL, cree_le = now()
  WHERE r.cree_le < now() - interval '24 hours' OR (r.statut_http IS NULL AND r.cree_le < now() - interval '15 minutes')
RETURNING true`, appelant, cle, empreinte).Scan(&nouvelle).Error
	if err != nil {
		return false, r, fmt.Errorf("reserve idempotency key: %w", err)
	}
	if nouvelle {
		return true, r, nil
	}
	err = d.db(ctx).Where("appelant = ? AND cle = ?", appelant, cle).Limit(1).Find(&r).Error
	if err != nil {
		return false, r, fmt.Errorf("read idempotency key: %w", err)
	}
	return false, r, nil
}

// GarderReponse keeps the answer to the request that reserved the key.
func (d *DB) GarderReponse(ctx context.Context, appelant, cle string, statut int, reponse []byte) error {
	err := d.db(ctx).Exec(`UPDATE requete_idempotente SET statut_http = ?, reponse = ? WHERE appelant = ? AND cle = ?`,
		statut, reponse, appelant, cle).Error
	if err != nil {
		return fmt.Errorf("keep answer: %w", err)
	}
	return nil
}

// LibererRequete gives the key back: the request wrote nothing and may be tried again.
func (d *DB) LibererRequete(ctx context.Context, appelant, cle string) error {
	err := d.db(ctx).Exec(`DELETE FROM requete_idempotente WHERE appelant = ? AND cle = ? AND statut_http IS NULL`, appelant, cle).Error
	if err != nil {
		return fmt.Errorf("release idempotency key: %w", err)
	}
	return nil
}
