package store

import (
	"context"
	"fmt"

	"apilos/api/auth"
	"apilos/api/operation"

	"github.com/lib/pq"
)

var _ operation.StoreProposees = OperationStore{}

// Connues implements operation.StoreProposees.
func (s OperationStore) Connues(ctx context.Context, p auth.Principal, numeros []string) (map[string]bool, error) {
	cond, args := operationVisible(p)
	var vus []string
	err := s.db(ctx).Raw(`SELECT o.numero_operation_pour_recherche FROM operation o
WHERE o.origine_id IS NULL AND o.numero_operation_pour_recherche = ANY(?) AND `+cond, append([]any{pq.StringArray(numeros)}, args...)...).Scan(&vus).Error
	if err != nil {
		return nil, fmt.Errorf("find operations: %w", err)
	}
	out := map[string]bool{}
	for _, n := range vus {
		out[n] = true
	}
	return out, nil
}
