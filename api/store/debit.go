package store

import (
	"context"
	"fmt"
)

// Debits keeps the rate limits that every process shares (RATE_LIMIT_SHARED, 05 D): token buckets in an
// unlogged table, lost with a crash of the database, which only opens them again.
type Debits struct{ db *DB }

// NewDebits returns the shared buckets of db.
func NewDebits(db *DB) *Debits { return &Debits{db} }

// Prendre draws one token from a bucket that refills by parSeconde and holds max at most. It returns the
// tokens left, and whether there was one to draw. The clock is that of the database: processes may differ.
func (s *Debits) Prendre(ctx context.Context, cle string, parSeconde, max float64) (reste float64, pris bool, err error) {
	const niveau = `least(?::float8, d.jetons + extract(epoch FROM clock_timestamp() - d.maj_le) * ?::float8)`
	var restes []float64
	err = s.db.db(ctx).Raw(`INSERT INTO limite_debit AS d (cle, jetons, maj_le) VALUES (?, ?::float8 - 1, clock_timestamp())
		ON CONFLICT (cle) DO UPDATE SET jetons = `+niveau+` - 1, maj_le = clock_timestamp() WHERE `+niveau+` >= 1
		RETURNING d.jetons`, cle, max, max, parSeconde, max, parSeconde).Scan(&restes).Error
	if err != nil {
		return 0, false, fmt.Errorf("take from rate limit: %w", err)
	}
	if len(restes) > 0 {
		return restes[0], true, nil
	}
	err = s.db.db(ctx).Raw(`SELECT `+niveau+` FROM limite_debit d WHERE cle = ?`, max, parSeconde, cle).Scan(&reste).Error
	if err != nil {
		return 0, false, fmt.Errorf("read rate limit: %w", err)
	}
	return reste, false, nil
}

// Rendre puts n tokens back, never above max.
func (s *Debits) Rendre(ctx context.Context, cle string, max float64, n int) error {
	err := s.db.db(ctx).Exec(`UPDATE limite_debit SET jetons = least(?::float8, jetons + ?) WHERE cle = ?`, max, n, cle).Error
	if err != nil {
		return fmt.Errorf("give back to rate limit: %w", err)
	}
	return nil
}
