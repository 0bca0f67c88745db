package web

import (
	"encoding/json"
	"net/http"
	"time"

	"apilos/api/alert"
	"apilos/api/httpapi"
	"apilos/api/webhook"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// LivraisonWebhook is an event sent, or to be sent, to a webhook. ProchainEssaiLe is null once it is finished.
type LivraisonWebhook struct {
	UUID            uuid.UUID  `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Evenement       string     `json:"evenement" validate:"required" example:"revision.publiee"`
	Etat            string     `json:"etat" validate:"required" enums:"A_ENVOYER,EN_COURS,ENVOYE,ECHEC,ABANDON"`
	EtatLibelle     string     `json:"etat_libelle" validate:"required"`
	Tentatives      int        `json:"tentatives" validate:"required"`
	ProchainEssaiLe *time.Time `json:"prochain_essai_le" extensions:"x-nullable"`
	Erreur          string     `json:"erreur" validate:"required"`
	CreeLe          time.Time  `json:"cree_le" validate:"required"`
	TraiteLe        *time.Time `json:"traite_le" extensions:"x-nullable"`
} // @name LivraisonWebhook

// EssaiLivraison is one try of a delivery. StatutHTTP is null when nobody answered.
type EssaiLivraison struct {
	Tentative  int       `json:"tentative" validate:"required"`
	StatutHTTP *int      `json:"statut_http" extensions:"x-nullable"`
	DureeMS    int       `json:"duree_ms" validate:"required"`
	Erreur     string    `json:"erreur" validate:"required"`
	Reponse    string    `json:"reponse" validate:"required"`
	Le         time.Time `json:"le" validate:"required"`
} // @name EssaiLivraison

// LivraisonDetail is a delivery with its tries. Corps is the text that was signed and sent; null once the
// retention rule emptied it.
type LivraisonDetail struct {
	Livraison LivraisonWebhook `json:"livraison" validate:"required"`
	Corps     *string          `json:"corps" extensions:"x-nullable"`
	Essais    []EssaiLivraison `json:"essais" validate:"required"`
} // @name LivraisonDetail

// PageLivraisons is a page of deliveries.
type PageLivraisons = httpapi.Page[LivraisonWebhook]

func vueLivraison(m alert.MessageSortant) LivraisonWebhook {
	v := LivraisonWebhook{
		UUID: m.UUID, Evenement: m.Type, Etat: m.Etat, EtatLibelle: alert.LibelleEtat(m.Etat), Tentatives: m.Tentatives, Erreur: m.Erreur,
		CreeLe: m.CreeLe, TraiteLe: m.TraiteLe,
	}
	if m.TraiteLe == nil {
		v.ProchainEssaiLe = &m.ProchainEssaiLe
	}
	return v
}

func vueLivraisonDetail(l *webhook.Livraison) LivraisonDetail {
	out := LivraisonDetail{Livraison: vueLivraison(l.MessageSortant), Corps: texteDe(l.Corps), Essais: []EssaiLivraison{}}
	for _, e := range l.Essais {
		out.Essais = append(out.Essais, EssaiLivraison{e.Tentative, e.StatutHTTP, e.DureeMS, e.Erreur, e.Reponse, e.CreeLe})
	}
	return out
}

func texteDe(corps json.RawMessage) *string {
	if corps == nil {
		return nil
	}
	s := string(corps)
	return &s
}

// livraisons lists the deliveries of a webhook.
//
//	@Summary		Lister les livraisons d’un webhook
//	@Description	L’équipe de la plateforme y trouve ses webhooks, un client d’API (portée `webhooks:gerer`) les siens. Les plus récentes d’abord.
//	@Tags			webhooks
//	@Produce		json
//	@Param			uuid		path		string	true	"Identifiant du webhook"	format(uuid)
//	@Param			etat		query		string	false	"État"						Enums(A_ENVOYER, EN_COURS, ENVOYE, ECHEC, ABANDON)
//	@Param			page		query		int		false	"Page"						minimum(1)
//	@Param			par_page	query		int		false	"Lignes par page"			minimum(1)	maximum(100)
//	@Success		200			{object}	PageLivraisons
//	@Failure		400,401,403,404,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/webhooks/{uuid}/livraisons [get]
func (r Webhooks) livraisons(c echo.Context) error {
	id, err := httpapi.UUIDParam(c, "uuid")
	if err != nil {
		return err
	}
	q, err := httpapi.Query(c, "etat", "page", "par_page")
	if err != nil {
		return err
	}
	etat := q.Choice("etat", "", alert.AEnvoyer, alert.EnCours, alert.Envoye, alert.Echec, alert.Abandon)
	page := q.Page()
	if err := q.Err(); err != nil {
		return err
	}
	liste, total, err := r.Service.Livraisons(c.Request().Context(), httpapi.Principal(c), id, etat, page.Offset(), page.ParPage)
	if err != nil {
		return err
	}
	out := make([]LivraisonWebhook, 0, len(liste))
	for _, m := range liste {
		out = append(out, vueLivraison(m))
	}
	return httpapi.JSONPage(c, page, total, out)
}

// livraison returns a delivery.
//
//	@Summary		Lire une livraison
//	@Description	L’équipe de la plateforme y trouve ses webhooks, un client d’API (portée `webhooks:gerer`) les siens. Ce qui a été envoyé et chaque essai : statut reçu, durée, début de la réponse.
//	@Tags			webhooks
//	@Produce		json
//	@Param			uuid		path		string	true	"Identifiant du webhook"		format(uuid)
//	@Param			id			path		string	true	"Identifiant de la livraison"	format(uuid)
//	@Success		200			{object}	LivraisonDetail
//	@Failure		400,401,403,404,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/webhooks/{uuid}/livraisons/{id} [get]
func (r Webhooks) livraison(c echo.Context) error {
	id, livraison, err := deuxIdentifiants(c)
	if err != nil {
		return err
	}
	l, err := r.Service.Livraison(c.Request().Context(), httpapi.Principal(c), id, livraison)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, vueLivraisonDetail(l))
}

func deuxIdentifiants(c echo.Context) (id, livraison uuid.UUID, err error) {
	if id, err = httpapi.UUIDParam(c, "uuid"); err != nil {
		return id, livraison, err
	}
	if _, err = httpapi.Query(c); err != nil {
		return id, livraison, err
	}
	livraison, err = httpapi.UUIDParam(c, "id")
	return id, livraison, err
}

// rejouer sends a delivery again.
//
//	@Summary		Rejouer une livraison
//	@Description	L’équipe de la plateforme y trouve ses webhooks, un client d’API (portée `webhooks:gerer`) les siens. Le même événement repart, avec le même `id`, une nouvelle signature et de nouveau douze essais.
//	@Tags			webhooks
//	@Produce		json
//	@Param			uuid			path		string	true	"Identifiant du webhook"		format(uuid)
//	@Param			id				path		string	true	"Identifiant de la livraison"	format(uuid)
//	@Param			Idempotency-Key	header		string	false	"Clé d’une intention"
//	@Success		200				{object}	LivraisonDetail
//	@Failure		400,401,403,404,409,422,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/webhooks/{uuid}/livraisons/{id}/rejouer [post]
func (r Webhooks) rejouer(c echo.Context) error {
	id, livraison, err := deuxIdentifiants(c)
	if err != nil {
		return err
	}
	l, err := r.Service.Rejouer(c.Request().Context(), httpapi.Principal(c), id, livraison)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, vueLivraisonDetail(l))
}
