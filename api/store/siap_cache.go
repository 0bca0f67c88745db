package store

import (
	"context"
	"fmt"
	"time"
)

// CacheSIAP keeps the last good answers of SIAP, so that a restart survives its outage (table siap_cache).
type CacheSIAP struct{ db *DB }

// NewCacheSIAP returns the cache.
func NewCacheSIAP(d *DB) CacheSIAP { return CacheSIAP{d} }

// Get implements siap.CacheStore.
func (c CacheSIAP) Get(ctx context.Context, key string) ([]byte, time.Time, error) {
	var row struct {
		Valeur string
		RecuLe time.Time
	}
	res := c.db.db(ctx).Raw(`SELECT valeur::text AS valeur, recu_le FROM siap_cache WHERE cle = ?`, key).Scan(&row)
	if res.Error != nil {
		return nil, time.Time{}, fmt.Errorf("read SIAP cache: %w", res.Error)
	}
	if res.RowsAffected == 0 {
		return nil, time.Time{}, nil
	}
	return []byte(row.Valeur), row.RecuLe, nil
}

// Put implements siap.CacheStore; an older answer never replaces a newer one.
func (c CacheSIAP) Put(ctx context.Context, key string, value []byte, receivedAt time.Time) error {
	err := c.db.db(ctx).Exec(`INSERT INTO siap_cache AS s (cle, valeur, recu_le) VALUES (?, ?::jsonb, ?)
	   ON CONFLICT (cle) DO UPDATE SET valeur = excluded.valeur, recu_le = excluded.recu_le WHERE s.recu_le <= excluded.recu_le`,
		key, string(value), receivedAt).Error
	if err != nil {
		return fmt.Errorf("write SIAP cache: %w", err)
	}
	return nil
}
