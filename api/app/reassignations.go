package app

import (
	"apilos/api/httpapi"
	"apilos/api/httpapi/web"
	"apilos/api/reassignation"
	"apilos/api/store"

	"github.com/google/uuid"
)

// reassignations moves many operations to another service, for the routes, the workers and the command line (02 PE-43).
func (p *pieces) reassignations() *reassignation.Service {
	return &reassignation.Service{Store: store.NewReassignations(p.db), File: p.messages.Client, Horloge: p.now, NouvelID: uuid.New}
}

func (p *pieces) ressourceReassignations() httpapi.Resource {
	return web.Reassignations{Service: p.reassignations()}
}
