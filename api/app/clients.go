package app

import (
	"context"

	"apilos/api/auth"
	"apilos/api/clientapi"
	"apilos/api/convention"
	"apilos/api/httpapi"
	"apilos/api/store"
	"apilos/api/webhook"

	"github.com/google/uuid"
)

func (p *pieces) ouvrirClientsAPI(context.Context) error {
	var err error
	p.clientsAPI, err = clientapi.New(clientapi.Config{Store: store.NewClientsAPI(p.db), Horloge: p.now, NouvelID: uuid.New, Journal: p.log})
	return err
}

// authentificateur recognises people by their session and programs by their token (00 decision 33). A token of one
// kind is never tried as the other.
type authentificateur struct{ personnes, clients httpapi.Authenticator }

// Authenticate implements httpapi.Authenticator.
func (a authentificateur) Authenticate(ctx context.Context, bearer string) (auth.Principal, error) {
	if clientapi.Reconnait(bearer) {
		return a.clients.Authenticate(ctx, bearer)
	}
	return a.personnes.Authenticate(ctx, bearer)
}

// annonceur tells the webhooks what happens to conventions (00 decision 32), in the transaction of the change.
// Everything about one convention arrives in order, its comments and its documents included.
type annonceur struct{ *pieces }

// Annoncer implements convention.Annonceur.
func (n annonceur) Annoncer(ctx context.Context, a convention.Annonce) error {
	return n.exterieur.webhooks.Emettre(ctx, webhook.Evenement{
		Type: a.Type, SurvenuLe: a.Le, ConventionID: a.ConventionID, Ordre: "convention:" + a.ConventionUUID.String(), Donnees: a.Donnees,
		Objet: webhook.Objet{Type: a.Objet, UUID: a.ObjetUUID.String(), URL: n.cfg.Server.PublicBaseURL + "/api/v1" + cheminObjet(a)},
	})
}

// cheminObjet is where the object of an announcement is read.
func cheminObjet(a convention.Annonce) string {
	switch {
	case a.Objet == convention.ObjetCommentaire:
		return "/commentaires/" + a.ObjetUUID.String()
	case a.Objet == convention.ObjetDocument:
		return "/conventions/" + a.ConventionUUID.String() + "/documents"
	}
	return "/conventions/" + a.ConventionUUID.String()
}
