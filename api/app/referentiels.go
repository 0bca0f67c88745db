package app

import (
	"apilos/api/administration"
	"apilos/api/bailleur"
	"apilos/api/httpapi"
	"apilos/api/httpapi/docs"
	"apilos/api/httpapi/web"
	"apilos/api/store"
	"apilos/openapi"
)

func (p *pieces) ressourceBailleurs() web.Bailleurs {
	return web.Bailleurs{
		Liste:  store.NewBailleurs(p.db),
		Fiches: bailleur.Fiches{Store: store.FichesBailleurs{DB: p.db}, Horloge: p.now},
	}
}

func (p *pieces) ressourceAdministrations() web.Administrations {
	return web.Administrations{
		Liste:  store.NewAdministrations(p.db),
		Fiches: administration.Fiches{Store: store.FichesAdministrations{DB: p.db}, Horloge: p.now},
	}
}

// documentation serves what the API says of itself.
func documentation(document *docs.Document, politique httpapi.PagePolicy) web.Documentation {
	return web.Documentation{
		Document: document,
		Guide:    docs.NewTexte(openapi.Guide(), politique), Changements: docs.NewChangements(openapi.Changements(), politique),
	}
}
