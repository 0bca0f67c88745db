package web

import (
	"context"
	"net/http"
	"time"

	"apilos/api/alert"
	"apilos/api/auth"
	"apilos/api/httpapi"
	"apilos/api/webhook"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// ServiceWebhooks is what the routes of webhooks ask of the domain.
type ServiceWebhooks interface {
	Lister(ctx context.Context, p auth.Principal, decalage, limite int) ([]webhook.Webhook, int, error)
	Lire(ctx context.Context, p auth.Principal, id uuid.UUID) (*webhook.Webhook, error)
	Creer(ctx context.Context, p auth.Principal, r webhook.Reglage) (*webhook.Webhook, string, error)
	Modifier(ctx context.Context, p auth.Principal, id uuid.UUID, version int, r webhook.Reglage) (*webhook.Webhook, error)
	RenouvelerSecret(ctx context.Context, p auth.Principal, id uuid.UUID, version int) (*webhook.Webhook, string, error)
	Supprimer(ctx context.Context, p auth.Principal, id uuid.UUID, version int) error
	Livraisons(ctx context.Context, p auth.Principal, id uuid.UUID, etat string, decalage, limite int) ([]alert.MessageSortant, int, error)
	Livraison(ctx context.Context, p auth.Principal, id, livraison uuid.UUID) (*webhook.Livraison, error)
	Rejouer(ctx context.Context, p auth.Principal, id, livraison uuid.UUID) (*webhook.Livraison, error)
}

// Webhooks lets the staff, and each API client for itself, register the addresses that hear of what happens (00
// decision 32).
type Webhooks struct{ Service ServiceWebhooks }

// Routes implements httpapi.Resource. An answer that holds a secret is not kept for Idempotency-Key.
func (r Webhooks) Routes() []httpapi.Route {
	lecture, ecriture := httpapi.Authenticated(), httpapi.Authenticated().Write()
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/webhooks", Access: lecture, Handler: r.lister},
		{Method: http.MethodPost, Path: "/webhooks", Access: ecriture, Handler: r.creer, NoReplay: true},
		{Method: http.MethodGet, Path: "/webhooks/:uuid", Access: lecture, Handler: r.lire},
		{Method: http.MethodPatch, Path: "/webhooks/:uuid", Access: ecriture, Handler: r.modifier},
		{Method: http.MethodDelete, Path: "/webhooks/:uuid", Access: ecriture, Handler: r.supprimer},
		{Method: http.MethodPost, Path: "/webhooks/:uuid/secret", Access: ecriture, Handler: r.renouveler, NoReplay: true},
		{Method: http.MethodGet, Path: "/webhooks/:uuid/livraisons", Access: lecture, Handler: r.livraisons},
		{Method: http.MethodGet, Path: "/webhooks/:uuid/livraisons/:id", Access: lecture, Handler: r.livraison},
		{Method: http.MethodPost, Path: "/webhooks/:uuid/livraisons/:id/rejouer", Access: ecriture, Handler: r.rejouer},
	}
}

// Webhook is an address that hears of what happens.
type Webhook struct {
	UUID        uuid.UUID `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Version     int       `json:"version" validate:"required"`
	URL         string    `json:"url" validate:"required" example:"https://exemple.fr/reception"`
	Evenements  []string  `json:"evenements" validate:"required" enums:"convention.creee,convention.statut_change,convention.numero_attribue,avenant.cree,commentaire.cree,commentaire.statut_change,document.pret,document.signe,document.publie,revision.publiee"`
	Description string    `json:"description" validate:"required"`
	Actif       bool      `json:"actif" validate:"required"`
	CreeLe      time.Time `json:"cree_le" validate:"required"`
	MisAJourLe  time.Time `json:"mis_a_jour_le" validate:"required"`
} // @name Webhook

// WebhookSecret is a webhook with its secret, which signs the deliveries; it is shown once.
type WebhookSecret struct {
	Webhook Webhook `json:"webhook" validate:"required"`
	Secret  string  `json:"secret" validate:"required" example:"apwh_0123456789abcdef"`
} // @name WebhookSecret

// WebhookCreation is the body of a new webhook.
type WebhookCreation struct {
	URL         string   `json:"url" validate:"required" maxLength:"2000" example:"https://exemple.fr/reception"`
	Evenements  []string `json:"evenements" validate:"required" enums:"convention.creee,convention.statut_change,convention.numero_attribue,avenant.cree,commentaire.cree,commentaire.statut_change,document.pret,document.signe,document.publie,revision.publiee"`
	Description string   `json:"description,omitempty" maxLength:"200"`
} // @name WebhookCreation

// WebhookModification changes a webhook; what is absent does not change.
type WebhookModification struct {
	URL         *string   `json:"url,omitempty" maxLength:"2000"`
	Evenements  *[]string `json:"evenements,omitempty" enums:"convention.creee,convention.statut_change,convention.numero_attribue,avenant.cree,commentaire.cree,commentaire.statut_change,document.pret,document.signe,document.publie,revision.publiee"`
	Description *string   `json:"description,omitempty" maxLength:"200"`
	Actif       *bool     `json:"actif,omitempty"`
} // @name WebhookModification

// PageWebhooks is a page of webhooks.
type PageWebhooks = httpapi.Page[Webhook]

func vueWebhook(w webhook.Webhook) Webhook {
	return Webhook{
		UUID: w.UUID, Version: w.Version, URL: w.URL, Evenements: append([]string{}, w.Evenements...), Description: w.Description, Actif: w.Actif,
		CreeLe: w.CreeLe, MisAJourLe: w.MisAJourLe,
	}
}

// lister lists the webhooks.
//
//	@Summary		Lister les webhooks
//	@Description	L’équipe de la plateforme y trouve ses webhooks, un client d’API (portée `webhooks:gerer`) les siens. Les plus récents d’abord.
//	@Tags			webhooks
//	@Produce		json
//	@Param			page		query		int	false	"Page"				minimum(1)
//	@Param			par_page	query		int	false	"Lignes par page"	minimum(1)	maximum(100)
//	@Success		200			{object}	PageWebhooks
//	@Failure		400,401,403,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/webhooks [get]
func (r Webhooks) lister(c echo.Context) error {
	q, err := httpapi.Query(c, "page", "par_page")
	if err != nil {
		return err
	}
	page := q.Page()
	if err := q.Err(); err != nil {
		return err
	}
	liste, total, err := r.Service.Lister(c.Request().Context(), httpapi.Principal(c), page.Offset(), page.ParPage)
	if err != nil {
		return err
	}
	out := make([]Webhook, 0, len(liste))
	for _, w := range liste {
		out = append(out, vueWebhook(w))
	}
	return httpapi.JSONPage(c, page, total, out)
}

// creer registers a webhook.
//
//	@Summary		Enregistrer un webhook
//	@Description	L’équipe de la plateforme y trouve ses webhooks, un client d’API (portée `webhooks:gerer`) les siens. La réponse donne le secret, une seule fois. Chaque livraison est un POST JSON `{id, type, survenu_le, objet, donnees}` signé par l’en-tête `X-Apilos-Signature: t=<secondes>,v1=<HMAC-SHA256 hexadécimal de "t.corps" avec le secret>`. Un événement arrive au moins une fois, dans l’ordre pour un même objet, avec douze essais sur 24 heures : répondez 2xx, et reconnaissez les répétitions à leur `id`.
//	@Tags			webhooks
//	@Accept			json
//	@Produce		json
//	@Param			corps	body		WebhookCreation	true	"Webhook"
//	@Success		201		{object}	WebhookSecret
//	@Header			201		{string}	Location	"Adresse du webhook"
//	@Header			201		{string}	ETag		"Version"
//	@Failure		400,401,403,409,413,415,422,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/webhooks [post]
func (r Webhooks) creer(c echo.Context) error {
	var corps WebhookCreation
	if err := httpapi.BindJSON(c, &corps); err != nil {
		return err
	}
	w, secret, err := r.Service.Creer(c.Request().Context(), httpapi.Principal(c), webhook.Reglage{
		URL: &corps.URL, Evenements: append([]string{}, corps.Evenements...), Description: &corps.Description,
	})
	if err != nil {
		return err
	}
	httpapi.SetETag(c, w.Version)
	return httpapi.Created(c, "/api/v1/webhooks/"+w.UUID.String(), WebhookSecret{vueWebhook(*w), secret})
}

// lire returns a webhook.
//
//	@Summary		Lire un webhook
//	@Description	L’équipe de la plateforme y trouve ses webhooks, un client d’API (portée `webhooks:gerer`) les siens. Sans son secret.
//	@Tags			webhooks
//	@Produce		json
//	@Param			uuid	path		string	true	"Identifiant du webhook"	format(uuid)
//	@Success		200		{object}	Webhook
//	@Header			200		{string}	ETag	"Version"
//	@Failure		400,401,403,404,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/webhooks/{uuid} [get]
func (r Webhooks) lire(c echo.Context) error {
	id, err := uuidSeul(c)
	if err != nil {
		return err
	}
	w, err := r.Service.Lire(c.Request().Context(), httpapi.Principal(c), id)
	if err != nil {
		return err
	}
	httpapi.SetETag(c, w.Version)
	return c.JSON(http.StatusOK, vueWebhook(*w))
}

// modifier changes a webhook.
//
//	@Summary		Modifier un webhook
//	@Description	L’équipe de la plateforme y trouve ses webhooks, un client d’API (portée `webhooks:gerer`) les siens. Un webhook inactif ne reçoit plus rien ; ce qui attendait d’être livré est abandonné et peut être rejoué.
//	@Tags			webhooks
//	@Accept			application/merge-patch+json,json
//	@Produce		json
//	@Param			uuid		path		string				true	"Identifiant du webhook"	format(uuid)
//	@Param			If-Match	header		string				true	"Version lue, entre guillemets"
//	@Param			corps		body		WebhookModification	true	"Champs à modifier"
//	@Success		200			{object}	Webhook
//	@Header			200			{string}	ETag	"Nouvelle version"
//	@Failure		400,401,403,404,412,413,415,422,428,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/webhooks/{uuid} [patch]
func (r Webhooks) modifier(c echo.Context) error {
	id, err := httpapi.UUIDParam(c, "uuid")
	if err != nil {
		return err
	}
	version, err := httpapi.IfMatch(c)
	if err != nil {
		return err
	}
	var corps WebhookModification
	if err := httpapi.BindJSON(c, &corps); err != nil {
		return err
	}
	reglage := webhook.Reglage{URL: corps.URL, Description: corps.Description, Actif: corps.Actif}
	if corps.Evenements != nil {
		reglage.Evenements = append([]string{}, *corps.Evenements...)
	}
	w, err := r.Service.Modifier(c.Request().Context(), httpapi.Principal(c), id, version, reglage)
	if err != nil {
		return err
	}
	httpapi.SetETag(c, w.Version)
	return c.JSON(http.StatusOK, vueWebhook(*w))
}

// supprimer deletes a webhook.
//
//	@Summary		Supprimer un webhook
//	@Description	L’équipe de la plateforme y trouve ses webhooks, un client d’API (portée `webhooks:gerer`) les siens. Ses livraisons et leur historique sont supprimés avec lui ; ce qui attendait ne part plus.
//	@Tags			webhooks
//	@Produce		json
//	@Param			uuid		path	string	true	"Identifiant du webhook"	format(uuid)
//	@Param			If-Match	header	string	true	"Version lue, entre guillemets"
//	@Success		204
//	@Failure		400,401,403,404,412,428,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/webhooks/{uuid} [delete]
func (r Webhooks) supprimer(c echo.Context) error {
	id, err := httpapi.UUIDParam(c, "uuid")
	if err != nil {
		return err
	}
	version, err := httpapi.IfMatch(c)
	if err != nil {
		return err
	}
	if err := r.Service.Supprimer(c.Request().Context(), httpapi.Principal(c), id, version); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// renouveler replaces the secret of a webhook.
//
//	@Summary		Renouveler le secret d’un webhook
//	@Description	L’équipe de la plateforme y trouve ses webhooks, un client d’API (portée `webhooks:gerer`) les siens. L’ancien secret ne sert plus dès la livraison suivante ; le nouveau n’est montré qu’une fois.
//	@Tags			webhooks
//	@Produce		json
//	@Param			uuid		path		string	true	"Identifiant du webhook"	format(uuid)
//	@Param			If-Match	header		string	true	"Version lue, entre guillemets"
//	@Success		200			{object}	WebhookSecret
//	@Header			200			{string}	ETag	"Nouvelle version"
//	@Failure		400,401,403,404,412,428,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/webhooks/{uuid}/secret [post]
func (r Webhooks) renouveler(c echo.Context) error {
	id, err := httpapi.UUIDParam(c, "uuid")
	if err != nil {
		return err
	}
	version, err := httpapi.IfMatch(c)
	if err != nil {
		return err
	}
	w, secret, err := r.Service.RenouvelerSecret(c.Request().Context(), httpapi.Principal(c), id, version)
	if err != nil {
		return err
	}
	httpapi.SetETag(c, w.Version)
	return c.JSON(http.StatusOK, WebhookSecret{vueWebhook(*w), secret})
}
