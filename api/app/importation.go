package app

import (
	"context"

	"apilos/api/auth"
	"apilos/api/compte"
	"apilos/api/convention"
	"apilos/api/httpapi"
	"apilos/api/httpapi/web"
	octets "apilos/api/revision/coffre"
	"apilos/api/revision/genre"
	"apilos/api/store"
)

// importations are the use cases that record by hand, on the services of the platform.
func (p *pieces) importations() *convention.Importation {
	s := store.NewImportations(p.db)
	return convention.NewImportation(p.conv, s, p.operations, genre.Depots{Moteur: p.revisions, Coffre: octets.New(p.fichiers)}, interrupteurs{p.comptes, s})
}

// ressourceImportations serves them.
func (p *pieces) ressourceImportations() httpapi.Resource {
	return web.Importations{Service: p.importations(), Conventions: web.Conventions{Service: p.conv, Horloge: p.now}}
}

// interrupteurs gives the switches of the accounts to those who obey them.
type interrupteurs struct {
	comptes         *compte.Service
	administrations store.Importations
}

// Ouvert implements convention.Interrupteurs.
func (i interrupteurs) Ouvert(ctx context.Context, p auth.Principal, nom string) (bool, error) {
	code := ""
	if p.AdministrationID != 0 {
		var err error
		if code, err = i.administrations.CodeAdministration(ctx, p.AdministrationID); err != nil {
			return false, err
		}
	}
	return i.comptes.Ouvert(ctx, p, nom, code)
}
