package echange

import (
	"encoding/json"
	"fmt"
	"time"

	"apilos/api/compte"
	"apilos/api/event"
	"apilos/api/operation"
)

// modeSIAP is the mode of the rows of the journal that SIAP causes.
const modeSIAP = "SIAP"

// ligneJournal is the row of the journal of one fact about an operation.
func ligneJournal(a compte.AppelantSIAP, o operation.Operation, commande string, effet map[string]any, le time.Time) (event.Journal, error) {
	id, objet := o.ID, o.UUID
	j := event.Journal{
		NomTable: "operation", LigneID: &id, ObjetUUID: &objet, Action: event.Fait, Commande: commande, Mode: modeSIAP, CreeLe: le,
	}
	if len(effet) > 0 {
		apres, err := json.Marshal(effet)
		if err != nil {
			return j, fmt.Errorf("describe %s: %w", commande, err)
		}
		j.Apres = apres
	}
	j.Signer(a.Principal)
	return j, nil
}
