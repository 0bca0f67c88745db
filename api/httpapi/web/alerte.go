package web

import (
	"context"
	"net/http"
	"strings"
	"time"

	"apilos/api/alert"
	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/httpapi"
	"apilos/api/siap"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// ServiceAlertes lists what left the platform, or is about to, and sends again what was lost.
type ServiceAlertes interface {
	Lister(ctx context.Context, p auth.Principal, f alert.FiltreRegistre) ([]alert.Inscription, int, error)
	Lire(ctx context.Context, p auth.Principal, id uuid.UUID) (*alert.Fiche, error)
	AuSIAP(ctx context.Context, p auth.Principal, convention uuid.UUID) ([]siap.AlerteDTO, string)
	RelancerPerdu(ctx context.Context, p auth.Principal, id uuid.UUID, motif string) (*alert.Fiche, error)
	RelancerPerdus(ctx context.Context, p auth.Principal, f alert.FiltreRegistre, motif string, simulation bool) (alert.Relances, error)
}

// LectureConvention reads a dossier in the perimeter of the caller.
type LectureConvention interface {
	Lire(ctx context.Context, p auth.Principal, id uuid.UUID) (*convention.Dossier, error)
}

// Alertes shows what left for SIAP and by e-mail: one's own messages, all of them for staff (05 E.2, 02 AL-06).
type Alertes struct {
	Service     ServiceAlertes
	Conventions LectureConvention
}

// Routes implements httpapi.Resource.
func (r Alertes) Routes() []httpapi.Route {
	lecture, ecriture := httpapi.Requires(auth.ViewConvention), httpapi.Authenticated().Write()
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/alertes", Access: lecture, Handler: r.lister},
		{Method: http.MethodGet, Path: "/alertes/:uuid", Access: lecture, Handler: r.lire},
		{Method: http.MethodPost, Path: "/alertes/:uuid/relance", Access: ecriture, Handler: r.relancer},
		{Method: http.MethodPost, Path: "/alertes/relances", Access: ecriture, Handler: r.relancerTout},
		{Method: http.MethodGet, Path: "/conventions/:uuid/alertes", Access: lecture, Handler: r.deLaConvention},
	}
}

// AlerteLigne is a message sent, or to be sent.
type AlerteLigne struct {
	UUID            uuid.UUID  `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Canal           string     `json:"canal" validate:"required" enums:"ALERTE_SIAP,EMAIL,BAN,MESSAGERIE,PARTENAIRE,WEBHOOK"`
	Type            string     `json:"type" validate:"required" example:"alerte.creer"`
	Libelle         string     `json:"libelle" validate:"required"`
	Etiquette       string     `json:"etiquette" validate:"required" example:"Convention à instruire"` // of an alert, else empty
	Destinataire    string     `json:"destinataire" validate:"required"`
	Etat            string     `json:"etat" validate:"required" enums:"A_ENVOYER,EN_COURS,ENVOYE,ECHEC,ABANDON,IGNOREE,SANS_DESTINATAIRE"`
	EtatLibelle     string     `json:"etat_libelle" validate:"required"`
	Tentatives      int        `json:"tentatives" validate:"required"`
	ProchainEssaiLe *time.Time `json:"prochain_essai_le" extensions:"x-nullable"`
	Erreur          string     `json:"erreur,omitempty"`           // staff only
	ErreurLibelle   string     `json:"erreur_libelle,omitempty"`   // the same for people, staff only
	Auteur          string     `json:"auteur,omitempty"`           // staff only
	IdentifiantSIAP string     `json:"identifiant_siap,omitempty"` // given by SIAP
	// EtatSIAP is where an alert that left stands, on the list of a convention and when SIAP was read.
	EtatSIAP         string     `json:"etat_siap,omitempty" enums:"PRESENTE,RETIREE"`
	ConventionUUID   *uuid.UUID `json:"convention_uuid" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	ConventionNumero string     `json:"convention_numero" validate:"required"`
	NumeroOperation  string     `json:"numero_operation" validate:"required"`
	OperationNom     string     `json:"operation_nom" validate:"required"`
	Relances         int        `json:"relances" validate:"required"`
	RelanceLe        *time.Time `json:"relance_le" extensions:"x-nullable"`
	CreeLe           time.Time  `json:"cree_le" validate:"required"`
	TraiteLe         *time.Time `json:"traite_le" extensions:"x-nullable"`
} // @name AlerteLigne

// PageAlertes is a page of messages.
type PageAlertes = httpapi.Page[AlerteLigne]

var (
	canauxAlertes = []string{alert.CanalAlerte, alert.CanalCourriel, alert.CanalBAN, alert.CanalMessagerie, alert.CanalPartenaire, alert.CanalWebhook}
	etatsAlertes  = []string{alert.AEnvoyer, alert.EnCours, alert.Envoye, alert.Echec, alert.Abandon, alert.Ignoree, alert.SansDestinataire}
)

// lister lists messages.
//
//	@Summary		Lister les alertes et les courriels
//	@Description	Ceux que vos actions ont provoqués ; tous pour l’équipe de la plateforme. Les plus récents d’abord. Les adresses des autres personnes ne sont montrées qu’à cette équipe. « total » ne dépasse pas 10 000.
//	@Tags			alertes
//	@Produce		json
//	@Param			statut		query		[]string	false	"États"							collectionFormat(csv)	Enums(A_ENVOYER, EN_COURS, ENVOYE, ECHEC, ABANDON, IGNOREE, SANS_DESTINATAIRE)
//	@Param			canal		query		[]string	false	"Canaux"						collectionFormat(csv)	Enums(ALERTE_SIAP, EMAIL, BAN, MESSAGERIE, PARTENAIRE, WEBHOOK)
//	@Param			operation	query		string		false	"Numéro d’opération"
//	@Param			convention	query		string		false	"Identifiant de la convention"	format(uuid)
//	@Param			depuis		query		string		false	"Créés à partir de ce jour (AAAA-MM-JJ, heure de Paris) ou de cet instant"
//	@Param			jusqua		query		string		false	"Créés avant la fin de ce jour, ou avant cet instant"
//	@Param			tri			query		string		false	"Tri"							Enums(cree_le, -cree_le, prochain_essai_le, -prochain_essai_le, tentatives, -tentatives)
//	@Param			page		query		int			false	"Page"							minimum(1)
//	@Param			par_page	query		int			false	"Lignes par page"				minimum(1)	maximum(100)
//	@Success		200			{object}	PageAlertes
//	@Failure		400,401,403,404,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/alertes [get]
func (r Alertes) lister(c echo.Context) error {
	q, err := httpapi.Query(c, "statut", "canal", "operation", "convention", "depuis", "jusqua", "tri", "page", "par_page")
	if err != nil {
		return err
	}
	page := q.Page()
	f := alert.FiltreRegistre{
		Etats: q.List("statut", etatsAlertes...), Canaux: q.List("canal", canauxAlertes...), Operation: q.Text("operation"),
		Depuis: moment(q, "depuis", 0), Jusqua: moment(q, "jusqua", 1), Decalage: page.Offset(), Limite: page.ParPage,
	}
	if tri := q.Sort(alert.TriCreeLe, alert.TriProchainEssai, alert.TriTentatives); len(tri) > 0 {
		f.Tri, f.Croissant = tri[0].Cle, !tri[0].Decroissant
	}
	id := q.UUID("convention")
	if err := q.Err(); err != nil {
		return err
	}
	ctx, p := c.Request().Context(), httpapi.Principal(c)
	if id != nil {
		d, err := r.Conventions.Lire(ctx, p, *id)
		if err != nil {
			return err
		}
		f.ConventionID = d.Convention.ID
	}
	liste, total, err := r.Service.Lister(ctx, p, f)
	if err != nil {
		return err
	}
	out := make([]AlerteLigne, 0, len(liste))
	for _, m := range liste {
		out = append(out, vueAlerte(m, p))
	}
	return httpapi.JSONPage(c, page, total, out)
}

// moment reads a day of Paris, moved by so many days, or an instant.
func moment(q *httpapi.Params, nom string, jours int) *time.Time {
	if len(q.Text(nom)) > len("2026-04-15") {
		return q.Instant(nom)
	}
	jour := q.Day(nom)
	if jour == nil {
		return nil
	}
	return minuit(*jour, jours)
}

// minuit is the beginning of a day of Paris, moved by so many days.
func minuit(d date.Date, jours int) *time.Time {
	t := time.Date(d.Year(), d.Month(), d.Day()+jours, 0, 0, 0, 0, date.Paris())
	return &t
}

func equipePlateforme(p auth.Principal) bool { return p.Staff || p.Superuser }

func vueAlerte(m alert.Inscription, p auth.Principal) AlerteLigne {
	v := AlerteLigne{
		UUID: m.UUID, Canal: m.Canal, Type: m.Type, Libelle: m.Libelle(), Etiquette: m.Etiquette, Destinataire: m.Destinataire,
		Etat: m.Etat, EtatLibelle: alert.LibelleEtat(m.Etat), Tentatives: m.Tentatives,
		ConventionUUID: m.ConventionUUID, ConventionNumero: m.ConventionNumero, NumeroOperation: m.NumeroOperation, OperationNom: m.OperationNom,
		Relances: m.Relances, RelanceLe: m.RelanceLe, CreeLe: m.CreeLe, TraiteLe: m.TraiteLe,
	}
	if m.TraiteLe == nil {
		v.ProchainEssaiLe = &m.ProchainEssaiLe
	}
	if m.Canal == alert.CanalAlerte {
		v.IdentifiantSIAP = m.IdentifiantExterne
	}
	switch {
	case equipePlateforme(p):
		v.Erreur, v.ErreurLibelle, v.Auteur = m.Erreur, alert.LibelleErreur(m.Erreur), m.AuteurNom
	case m.Canal != alert.CanalAlerte && !strings.EqualFold(m.Destinataire, p.Email):
		v.Destinataire = "" // addresses of others are never disclosed (EM-25)
	}
	return v
}

// AlerteSIAP is an alert that SIAP shows.
type AlerteSIAP struct {
	ID         int64  `json:"id" validate:"required"`
	Libelle    string `json:"libelle" validate:"required"`
	Action     bool   `json:"action" validate:"required"` // something to do, else an information
	CreeLe     string `json:"cree_le" validate:"required" example:"2026-04-15"`
	Supprimee  bool   `json:"supprimee" validate:"required"`
	PlateForme bool   `json:"de_la_plateforme" validate:"required"` // created by a message of the list below
} // @name AlerteSIAP

// AlertesSIAP says what SIAP shows, or why it could not be read.
type AlertesSIAP struct {
	Disponible bool         `json:"disponible" validate:"required"`
	Raison     string       `json:"raison,omitempty" enums:"indisponible,compte_local"`
	Alertes    []AlerteSIAP `json:"alertes" validate:"required"`
} // @name AlertesSIAP

// AlertesConvention is what is known of the alerts of a convention, on both sides.
type AlertesConvention struct {
	SIAP      AlertesSIAP   `json:"siap" validate:"required"`
	Resultats []AlerteLigne `json:"resultats" validate:"required"`
	Page      int           `json:"page" validate:"required" minimum:"1" example:"1"`
	ParPage   int           `json:"par_page" validate:"required" minimum:"1" maximum:"100" example:"20"`
	Total     int           `json:"total" validate:"required" minimum:"0" example:"3"`
} // @name AlertesConvention

// deLaConvention lists what SIAP shows of a convention and what the platform sent about it.
//
//	@Summary		Lister les alertes d’une convention
//	@Description	Ce que le SIAP affiche pour cette convention, et ce que la plateforme lui a envoyé ou doit lui envoyer, courriels compris : vos messages, ou tous pour l’équipe de la plateforme. Si le SIAP ne répond pas, « siap.disponible » vaut false et les messages de la plateforme sont donnés quand même.
//	@Tags			alertes
//	@Produce		json
//	@Param			uuid		path		string	true	"Identifiant de la convention"	format(uuid)
//	@Param			page		query		int		false	"Page"							minimum(1)
//	@Param			par_page	query		int		false	"Lignes par page"				minimum(1)	maximum(100)
//	@Success		200			{object}	AlertesConvention
//	@Failure		400,401,403,404,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/conventions/{uuid}/alertes [get]
func (r Alertes) deLaConvention(c echo.Context) error {
	id, err := httpapi.UUIDParam(c, "uuid")
	if err != nil {
		return err
	}
	q, err := httpapi.Query(c, "page", "par_page")
	if err != nil {
		return err
	}
	page := q.Page()
	if err := q.Err(); err != nil {
		return err
	}
	ctx, p := c.Request().Context(), httpapi.Principal(c)
	d, err := r.Conventions.Lire(ctx, p, id)
	if err != nil {
		return err
	}
	liste, total, err := r.Service.Lister(ctx, p, alert.FiltreRegistre{ConventionID: d.Convention.ID, Decalage: page.Offset(), Limite: page.ParPage})
	if err != nil {
		return err
	}
	auSIAP, raison := r.Service.AuSIAP(ctx, p, d.Convention.UUID)
	out := AlertesConvention{
		SIAP:      AlertesSIAP{Disponible: raison == "", Raison: raison, Alertes: []AlerteSIAP{}},
		Resultats: make([]AlerteLigne, 0, len(liste)), Page: page.Page, ParPage: page.ParPage, Total: total,
	}
	notres := map[string]bool{}
	for _, m := range liste {
		v := vueAlerte(m, p)
		if raison == "" {
			v.EtatSIAP = alert.EtatSIAP(m.MessageSortant, auSIAP)
		}
		if v.IdentifiantSIAP != "" {
			notres[v.IdentifiantSIAP] = true
		}
		out.Resultats = append(out.Resultats, v)
	}
	for _, a := range auSIAP {
		out.SIAP.Alertes = append(out.SIAP.Alertes, vueAlerteSIAP(a, notres))
	}
	httpapi.SetLinks(c, page, total)
	return c.JSON(http.StatusOK, out)
}
