package app

import (
	"apilos/api/export"
	"apilos/api/httpapi"
	"apilos/api/httpapi/web"
	"apilos/api/store"

	"github.com/google/uuid"
)

// exports is the service that writes lists of conventions, for the routes and for the workers.
func (p *pieces) exports() *export.Service {
	return &export.Service{
		Store: store.NewExports(p.db), File: p.messages.Client, Objets: p.fichiers, Horloge: p.now, NouvelID: uuid.New, Base: p.cfg.Server.PublicBaseURL,
	}
}

// ressourcesExports are the routes of exports and of the tasks that one follows.
func (p *pieces) ressourcesExports() []httpapi.Resource {
	s := p.exports()
	return []httpapi.Resource{
		web.Exports{Service: s, Adresses: p.serviceTelechargements(), Horloge: p.now},
		web.Taches{Service: s},
	}
}
