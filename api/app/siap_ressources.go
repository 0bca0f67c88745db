package app

import (
	"apilos/api/anomalie"
	"apilos/api/httpapi"
	"apilos/api/httpapi/web"
	"apilos/api/operation"
	"apilos/api/store"
)

// ressourcesSIAP are the routes of /api/v1 about what SIAP sends.
func (p *pieces) ressourcesSIAP() []httpapi.Resource {
	return []httpapi.Resource{
		web.OperationsSIAP{Service: operation.NewProposeur(p.siap, store.NewOperationStore(p.db))},
		web.AnomaliesSIAP{Service: anomalie.NewService(store.NewAnomalies(p.db), p.now)},
	}
}
