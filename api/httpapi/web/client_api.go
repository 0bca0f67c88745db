package web

import (
	"context"
	"net/http"
	"time"

	"apilos/api/auth"
	"apilos/api/clientapi"
	"apilos/api/httpapi"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// ServiceClientsAPI is what the routes of API clients ask of the domain.
type ServiceClientsAPI interface {
	Lister(ctx context.Context, p auth.Principal, f clientapi.Filtre) ([]clientapi.Fiche, int, error)
	Lire(ctx context.Context, p auth.Principal, id uuid.UUID) (*clientapi.Fiche, error)
	Chercher(ctx context.Context, p auth.Principal, g clientapi.Genre, q string) ([]clientapi.Entite, error)
	Courant(ctx context.Context, p auth.Principal) (*clientapi.Fiche, error)
	Creer(ctx context.Context, p auth.Principal, d clientapi.Demande) (*clientapi.Fiche, string, error)
	Modifier(ctx context.Context, p auth.Principal, id uuid.UUID, version int, r clientapi.Reglage) (*clientapi.Fiche, error)
	Tourner(ctx context.Context, p auth.Principal, id uuid.UUID, version int, grace time.Duration) (*clientapi.Fiche, string, error)
	Revoquer(ctx context.Context, p auth.Principal, id uuid.UUID, version int) error
}

// ClientsAPI lets the staff make the programs that call the API (00 decision 33), and a program read what it is.
type ClientsAPI struct {
	Service ServiceClientsAPI
	Horloge func() time.Time
}

// Routes implements httpapi.Resource. An answer that holds a token is not kept for Idempotency-Key.
func (r ClientsAPI) Routes() []httpapi.Route {
	lecture, ecriture := httpapi.Authenticated(), httpapi.Authenticated().Write()
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/client", Access: lecture, Handler: r.courant},
		{Method: http.MethodGet, Path: "/admin/clients-api", Access: lecture, Handler: r.lister},
		{Method: http.MethodPost, Path: "/admin/clients-api", Access: ecriture, Handler: r.creer, NoReplay: true},
		{Method: http.MethodGet, Path: "/admin/clients-api/perimetres", Access: lecture, Handler: r.chercher},
		{Method: http.MethodGet, Path: "/admin/clients-api/:uuid", Access: lecture, Handler: r.lire},
		{Method: http.MethodPatch, Path: "/admin/clients-api/:uuid", Access: ecriture, Handler: r.modifier},
		{Method: http.MethodDelete, Path: "/admin/clients-api/:uuid", Access: ecriture, Handler: r.revoquer},
		{Method: http.MethodPost, Path: "/admin/clients-api/:uuid/jeton", Access: ecriture, Handler: r.tourner, NoReplay: true},
	}
}

// courant tells a client what it is.
//
//	@Summary		Lire le client d’API qui appelle
//	@Description	Portées, périmètre, débit et échéance du jeton présenté dans `Authorization: Bearer apl_…`. Ouverte à tout client d’API, quelles que soient ses portées ; fermée aux personnes.
//	@Tags			clients-api
//	@Produce		json
//	@Success		200	{object}	ClientAPICourant
//	@Failure		400,401,403,404,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/client [get]
func (r ClientsAPI) courant(c echo.Context) error {
	if _, err := httpapi.Query(c); err != nil {
		return err
	}
	f, err := r.Service.Courant(c.Request().Context(), httpapi.Principal(c))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, vueClientCourant(f, r.Horloge()))
}

// lister lists the clients.
//
//	@Summary		Lister les clients d’API
//	@Description	Réservé à l’équipe de la plateforme. Les plus récents d’abord.
//	@Tags			clients-api
//	@Produce		json
//	@Param			q			query		string	false	"Partie du nom, ou début du préfixe du jeton"
//	@Param			etat		query		string	false	"État"				Enums(ACTIF, EXPIRE, REVOQUE)
//	@Param			page		query		int		false	"Page"				minimum(1)
//	@Param			par_page	query		int		false	"Lignes par page"	minimum(1)	maximum(100)
//	@Success		200			{object}	PageClientsAPI
//	@Failure		400,401,403,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/admin/clients-api [get]
func (r ClientsAPI) lister(c echo.Context) error {
	q, err := httpapi.Query(c, "q", "etat", "page", "par_page")
	if err != nil {
		return err
	}
	page := q.Page()
	filtre := clientapi.Filtre{Q: q.Text("q"), Decalage: page.Offset(), Limite: page.ParPage}
	filtre.Etat = clientapi.Etat(q.Choice("etat", "", string(clientapi.Actif), string(clientapi.Expire), string(clientapi.Revoque)))
	if err := q.Err(); err != nil {
		return err
	}
	liste, total, err := r.Service.Lister(c.Request().Context(), httpapi.Principal(c), filtre)
	if err != nil {
		return err
	}
	out := make([]ClientAPI, 0, len(liste))
	for i := range liste {
		out = append(out, vueClientAPI(&liste[i], r.Horloge()))
	}
	return httpapi.JSONPage(c, page, total, out)
}

// creer makes a client.
//
//	@Summary		Créer un client d’API
//	@Description	Réservé à l’équipe de la plateforme. La réponse donne le jeton, une seule fois : seule son empreinte est conservée. Le périmètre ne change plus ensuite : un autre périmètre est un autre client.
//	@Tags			clients-api
//	@Accept			json
//	@Produce		json
//	@Param			corps	body		ClientAPICreation	true	"Client"
//	@Success		201		{object}	ClientAPIJeton
//	@Header			201		{string}	Location	"Adresse du client"
//	@Header			201		{string}	ETag		"Version"
//	@Failure		400,401,403,409,413,415,422,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/admin/clients-api [post]
func (r ClientsAPI) creer(c echo.Context) error {
	var corps ClientAPICreation
	if err := httpapi.BindJSON(c, &corps); err != nil {
		return err
	}
	f, jeton, err := r.Service.Creer(c.Request().Context(), httpapi.Principal(c), corps.demande())
	if err != nil {
		return err
	}
	httpapi.SetETag(c, f.Version)
	return httpapi.Created(c, "/api/v1/admin/clients-api/"+f.UUID.String(), ClientAPIJeton{vueClientAPI(f, r.Horloge()), jeton})
}

// chercher proposes what a perimeter may be made of.
//
//	@Summary		Chercher un bailleur ou une administration pour un périmètre
//	@Description	Réservé à l’équipe de la plateforme. Dans toute la France, quelle que soit l’habilitation ; dix propositions au plus.
//	@Tags			clients-api
//	@Produce		json
//	@Param			type	query		string	false	"Ce qui est cherché"	Enums(BAILLEURS, ADMINISTRATION)
//	@Param			q		query		string	false	"Partie du nom, ou début du SIREN ou du code"
//	@Success		200		{array}		EntiteCherchee
//	@Failure		400,401,403,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/admin/clients-api/perimetres [get]
func (r ClientsAPI) chercher(c echo.Context) error {
	q, err := httpapi.Query(c, "type", "q")
	if err != nil {
		return err
	}
	genre := clientapi.Genre(q.Choice("type", string(clientapi.DeBailleurs), string(clientapi.DeBailleurs), string(clientapi.DAdministration)))
	texte := q.Text("q")
	if err := q.Err(); err != nil {
		return err
	}
	trouvees, err := r.Service.Chercher(c.Request().Context(), httpapi.Principal(c), genre, texte)
	if err != nil {
		return err
	}
	out := make([]EntiteCherchee, 0, len(trouvees))
	for _, e := range trouvees {
		out = append(out, EntiteCherchee{e.UUID, e.Nom, e.Code})
	}
	return c.JSON(http.StatusOK, out)
}

// lire returns a client.
//
//	@Summary		Lire un client d’API
//	@Description	Réservé à l’équipe de la plateforme. Sans son jeton, qui n’est connu que de ceux qui l’ont reçu.
//	@Tags			clients-api
//	@Produce		json
//	@Param			uuid	path		string	true	"Identifiant du client"	format(uuid)
//	@Success		200		{object}	ClientAPI
//	@Header			200		{string}	ETag	"Version"
//	@Failure		400,401,403,404,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/admin/clients-api/{uuid} [get]
func (r ClientsAPI) lire(c echo.Context) error {
	id, err := uuidSeul(c)
	if err != nil {
		return err
	}
	f, err := r.Service.Lire(c.Request().Context(), httpapi.Principal(c), id)
	if err != nil {
		return err
	}
	return r.fiche(c, f)
}

func (r ClientsAPI) fiche(c echo.Context, f *clientapi.Fiche) error {
	httpapi.SetETag(c, f.Version)
	return c.JSON(http.StatusOK, vueClientAPI(f, r.Horloge()))
}

// modifier changes a client.
//
//	@Summary		Modifier un client d’API
//	@Description	Réservé à l’équipe de la plateforme. Nom, description, portées, échéance, débit, compte SIAP. Les droits changent dans les cinq secondes.
//	@Tags			clients-api
//	@Accept			application/merge-patch+json,json
//	@Produce		json
//	@Param			uuid		path		string					true	"Identifiant du client"	format(uuid)
//	@Param			If-Match	header		string					true	"Version lue, entre guillemets"
//	@Param			corps		body		ClientAPIModification	true	"Champs à modifier"
//	@Success		200			{object}	ClientAPI
//	@Header			200			{string}	ETag	"Nouvelle version"
//	@Failure		400,401,403,404,409,412,413,415,422,428,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/admin/clients-api/{uuid} [patch]
func (r ClientsAPI) modifier(c echo.Context) error {
	id, version, err := uuidEtVersion(c)
	if err != nil {
		return err
	}
	var corps ClientAPIModification
	if err := httpapi.BindJSON(c, &corps); err != nil {
		return err
	}
	f, err := r.Service.Modifier(c.Request().Context(), httpapi.Principal(c), id, version, corps.reglage())
	if err != nil {
		return err
	}
	return r.fiche(c, f)
}

// tourner gives a client a new token.
//
//	@Summary		Donner un nouveau jeton à un client d’API
//	@Description	Réservé à l’équipe de la plateforme. La réponse donne le nouveau jeton, une seule fois. L’ancien reste valable `grace_heures` heures (24 par défaut, 0 pour l’arrêter aussitôt), le temps de le remplacer ; celui d’avant s’arrête aussitôt.
//	@Tags			clients-api
//	@Accept			json
//	@Produce		json
//	@Param			uuid		path		string				true	"Identifiant du client"	format(uuid)
//	@Param			If-Match	header		string				true	"Version lue, entre guillemets"
//	@Param			corps		body		ClientAPIRotation	false	"Délai"
//	@Success		200			{object}	ClientAPIJeton
//	@Header			200			{string}	ETag	"Nouvelle version"
//	@Failure		400,401,403,404,409,412,413,415,422,428,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/admin/clients-api/{uuid}/jeton [post]
func (r ClientsAPI) tourner(c echo.Context) error {
	id, version, err := uuidEtVersion(c)
	if err != nil {
		return err
	}
	var corps ClientAPIRotation
	if err := httpapi.BindOptionalJSON(c, &corps); err != nil {
		return err
	}
	f, jeton, err := r.Service.Tourner(c.Request().Context(), httpapi.Principal(c), id, version, corps.grace())
	if err != nil {
		return err
	}
	httpapi.SetETag(c, f.Version)
	return c.JSON(http.StatusOK, ClientAPIJeton{vueClientAPI(f, r.Horloge()), jeton})
}

// revoquer ends a client.
//
//	@Summary		Révoquer un client d’API
//	@Description	Réservé à l’équipe de la plateforme. Définitif : ses jetons sont refusés dans les cinq secondes et ses webhooks ne reçoivent plus rien. Ce qu’il a fait garde son nom.
//	@Tags			clients-api
//	@Produce		json
//	@Param			uuid		path	string	true	"Identifiant du client"	format(uuid)
//	@Param			If-Match	header	string	true	"Version lue, entre guillemets"
//	@Success		204
//	@Failure		400,401,403,404,409,412,428,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/admin/clients-api/{uuid} [delete]
func (r ClientsAPI) revoquer(c echo.Context) error {
	id, version, err := uuidEtVersion(c)
	if err != nil {
		return err
	}
	if err := r.Service.Revoquer(c.Request().Context(), httpapi.Principal(c), id, version); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

func uuidEtVersion(c echo.Context) (uuid.UUID, int, error) {
	id, err := httpapi.UUIDParam(c, "uuid")
	if err != nil {
		return uuid.Nil, 0, err
	}
	version, err := httpapi.IfMatch(c)
	return id, version, err
}
