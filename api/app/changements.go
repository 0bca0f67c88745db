package app

import (
	"context"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/httpapi"
	"apilos/api/httpapi/web"
)

// habilitations gives to conventions what the sessions know of a person. Sessions are made after conventions: the service
// is read at the moment of the call.
type habilitations struct{ *pieces }

var _ convention.Habilitations = habilitations{}

// SirensMorales implements convention.Habilitations.
func (h habilitations) SirensMorales(ctx context.Context, p auth.Principal, region string) ([]string, error) {
	return h.comptes.SirensMorales(ctx, p, region)
}

// changements are the changes of bailleur and of administration of a convention.
func (p *pieces) changements() httpapi.Resource { return web.Changements{Service: p.conv} }
