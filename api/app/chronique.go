package app

import (
	"apilos/api/chronique"
	"apilos/api/httpapi"
	"apilos/api/httpapi/web"
	"apilos/api/store"
)

// chroniques is the service that tells what happened to conventions; it keeps nothing.
func (p *pieces) chroniques() *chronique.Service {
	return chronique.NewService(store.NewChroniques(p.db), p.conv, p.now)
}

// ressourcesChronique are the journal de bord, the chronologie, the history and the attachments of conventions.
func (p *pieces) ressourcesChronique() []httpapi.Resource {
	return []httpapi.Resource{
		web.Evenements{Service: p.chroniques()},
		web.Chroniques{Service: p.chroniques()},
		web.PiecesJointes{Service: p.conv, Conventions: web.Conventions{Service: p.conv, Horloge: p.now}},
	}
}
