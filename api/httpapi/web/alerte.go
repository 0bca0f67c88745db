package web

import (
	"context"
	"net/http"
	"strings"
	"time"

	"apilos/api/alert"
	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/httpapi"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// ServiceAlertes lists the messages of a convention that the caller may know of.
type ServiceAlertes interface {
	Lister(ctx context.Context, p auth.Principal, conventionID int64, decalage, limite int) ([]alert.MessageSortant, int, error)
}

// LectureConvention reads a dossier in the perimeter of the caller.
type LectureConvention interface {
	Lire(ctx context.Context, p auth.Principal, id uuid.UUID) (*convention.Dossier, error)
}

// Alertes shows what left for SIAP and by e-mail: one's own messages, all of them for staff (02 AL-06).
type Alertes struct {
	Service     ServiceAlertes
	Conventions LectureConvention
}

// Routes implements httpapi.Resource.
func (r Alertes) Routes() []httpapi.Route {
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/alertes", Access: httpapi.Requires(auth.ViewConvention), Handler: r.lister},
	}
}

// AlerteLigne is a message sent, or to be sent, about a convention.
type AlerteLigne struct {
	UUID         uuid.UUID  `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Canal        string     `json:"canal" validate:"required" enums:"ALERTE_SIAP,EMAIL"`
	Type         string     `json:"type" validate:"required" example:"alerte.creer"`
	Libelle      string     `json:"libelle" validate:"required"`
	Destinataire string     `json:"destinataire" validate:"required"`
	Etat         string     `json:"etat" validate:"required" enums:"A_ENVOYER,EN_COURS,ENVOYE,ECHEC,ABANDON,IGNOREE,SANS_DESTINATAIRE"`
	EtatLibelle  string     `json:"etat_libelle" validate:"required"`
	Tentatives   int        `json:"tentatives" validate:"required"`
	Erreur       string     `json:"erreur,omitempty"` // staff only
	CreeLe       time.Time  `json:"cree_le" validate:"required"`
	TraiteLe     *time.Time `json:"traite_le" extensions:"x-nullable"`
} // @name AlerteLigne

// PageAlertes is a page of messages.
type PageAlertes = httpapi.Page[AlerteLigne]

// lister lists the messages of a convention.
//
//	@Summary		Lister les alertes et les courriels d’une convention
//	@Description	Ceux que vos actions ont provoqués ; tous pour l’équipe de la plateforme. Les adresses des autres personnes ne sont montrées qu’à cette équipe.
//	@Tags			alertes
//	@Produce		json
//	@Param			convention	query		string	true	"Identifiant de la convention"	format(uuid)
//	@Param			page		query		int		false	"Page"							minimum(1)
//	@Param			par_page	query		int		false	"Lignes par page"				minimum(1)	maximum(100)
//	@Success		200			{object}	PageAlertes
//	@Failure		400,401,403,404,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/alertes [get]
func (r Alertes) lister(c echo.Context) error {
	q, err := httpapi.Query(c, "convention", "page", "par_page")
	if err != nil {
		return err
	}
	id, page := q.UUID("convention"), q.Page()
	if err := q.Err(); err != nil {
		return err
	}
	if id == nil {
		return fault.New(fault.BadRequest, "parametre_invalide", "Le paramètre « convention » est nécessaire.").
			WithFields(fault.Field{Pointer: "convention", Code: "parametre_invalide", Detail: "Donnez l’identifiant d’une convention."})
	}
	ctx, p := c.Request().Context(), httpapi.Principal(c)
	d, err := r.Conventions.Lire(ctx, p, *id)
	if err != nil {
		return err
	}
	messages, total, err := r.Service.Lister(ctx, p, d.Convention.ID, page.Offset(), page.ParPage)
	if err != nil {
		return err
	}
	out := make([]AlerteLigne, 0, len(messages))
	for _, m := range messages {
		out = append(out, vueAlerte(m, p))
	}
	return httpapi.JSONPage(c, page, total, out)
}

func vueAlerte(m alert.MessageSortant, p auth.Principal) AlerteLigne {
	v := AlerteLigne{
		UUID: m.UUID, Canal: m.Canal, Type: m.Type, Libelle: m.Libelle(), Destinataire: m.Destinataire,
		Etat: m.Etat, EtatLibelle: alert.LibelleEtat(m.Etat), Tentatives: m.Tentatives, CreeLe: m.CreeLe, TraiteLe: m.TraiteLe,
	}
	switch {
	case p.Staff || p.Superuser:
		v.Erreur = m.Erreur
	case m.Canal == alert.CanalCourriel && !strings.EqualFold(m.Destinataire, p.Email):
		v.Destinataire = "" // addresses of others are never disclosed (EM-25)
	}
	return v
}
