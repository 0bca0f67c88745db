package store

import (
	"context"
	"fmt"

	"apilos/api/event"
	"apilos/api/operation"
)

var _ operation.StoreZonages = OperationStore{}

// VerrouillerCommande implements operation.StoreZonages, until the end of the transaction.
func (s OperationStore) VerrouillerCommande(ctx context.Context, nom string) (bool, error) {
	var pris bool
	if err := s.db(ctx).Raw(`SELECT pg_try_advisory_xact_lock(hashtextextended('commande:' || ?, 0))`, nom).Scan(&pris).Error; err != nil {
		return false, fmt.Errorf("lock command: %w", err)
	}
	return pris, nil
}

// ZonagesEchanges implements operation.StoreZonages.
func (s OperationStore) ZonagesEchanges(ctx context.Context, apres int64, limite int) ([]operation.ZonesOperation, error) {
	var out []operation.ZonesOperation
	err := s.db(ctx).Raw(`SELECT id, numero_operation, zone_123, zone_abc FROM operation
WHERE id > ? AND zone_abc ~ ? ORDER BY id LIMIT ?`, apres, `^(0?[123]|1bis)$`, limite).Scan(&out).Error
	if err != nil {
		return nil, fmt.Errorf("find exchanged zonages: %w", err)
	}
	return out, nil
}

// JournaliserHorsFamille implements operation.StoreZonages.
func (s OperationStore) JournaliserHorsFamille(ctx context.Context, j event.Journal) error {
	if err := s.db(ctx).Create(&j).Error; err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return nil
}
