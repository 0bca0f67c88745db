package event

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"apilos/api/auth"

	"github.com/google/uuid"
)

// Ligne names the row that a change is about.
type Ligne struct {
	Table string
	ID    int64
	UUID  uuid.UUID
}

// NouvelleModification returns the columns that differ between two states of a row, compared as the journal shows them,
// and the line of journal of their change by p. It returns no column when nothing differs.
func NouvelleModification(p auth.Principal, l Ligne, commande string, avant, apres map[string]any, le time.Time) (map[string]any, Journal, error) {
	j := Journal{NomTable: l.Table, LigneID: &l.ID, ObjetUUID: &l.UUID, Action: Modification, Commande: commande, Mode: "NORMAL", CreeLe: le}
	ecarts, a, b := map[string]any{}, map[string]json.RawMessage{}, map[string]json.RawMessage{}
	for colonne, valeur := range apres {
		ancienne, err := json.Marshal(avant[colonne])
		if err != nil {
			return nil, j, fmt.Errorf("journal of %s: %w", l.Table, err)
		}
		nouvelle, err := json.Marshal(valeur)
		if err != nil {
			return nil, j, fmt.Errorf("journal of %s: %w", l.Table, err)
		}
		if !bytes.Equal(ancienne, nouvelle) {
			ecarts[colonne], a[colonne], b[colonne] = valeur, ancienne, nouvelle
		}
	}
	var err error
	if j.Avant, err = json.Marshal(a); err != nil {
		return nil, j, fmt.Errorf("journal of %s: %w", l.Table, err)
	}
	if j.Apres, err = json.Marshal(b); err != nil {
		return nil, j, fmt.Errorf("journal of %s: %w", l.Table, err)
	}
	j.Signer(p)
	return ecarts, j, nil
}
