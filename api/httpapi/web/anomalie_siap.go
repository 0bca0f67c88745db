package web

import (
	"context"
	"net/http"
	"time"

	"apilos/api/anomalie"
	"apilos/api/auth"
	"apilos/api/fault"
	"apilos/api/httpapi"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// ServiceAnomalies is what the routes of data-quality events ask of the domain.
type ServiceAnomalies interface {
	Lister(ctx context.Context, p auth.Principal, f anomalie.Filtre, t anomalie.Tri, decalage, limite int) ([]anomalie.Anomalie, int, error)
	Autoriser(p auth.Principal) error
	Exporter(ctx context.Context, p auth.Principal, f anomalie.Filtre, fn func(anomalie.Anomalie) error) error
	Lire(ctx context.Context, p auth.Principal, id uuid.UUID) (anomalie.Anomalie, error)
	Resoudre(ctx context.Context, p auth.Principal, id uuid.UUID, version int, resolue bool) (anomalie.Anomalie, error)
}

// AnomaliesSIAP shows the staff what SIAP says that could not be used (05 B.9).
type AnomaliesSIAP struct{ Service ServiceAnomalies }

// Routes implements httpapi.Resource.
func (r AnomaliesSIAP) Routes() []httpapi.Route {
	const base = "/admin/anomalies-siap"
	return []httpapi.Route{
		{Method: http.MethodGet, Path: base, Access: httpapi.Authenticated(), Handler: r.lister},
		{
			Method: http.MethodGet, Path: base + "/export", Access: httpapi.Authenticated(), Handler: r.exporter,
			Limit: httpapi.LimitExport, Stream: true, Timeout: -1,
		},
		{Method: http.MethodGet, Path: base + "/:uuid", Access: httpapi.Authenticated(), Handler: r.lire},
		{Method: http.MethodPatch, Path: base + "/:uuid", Access: httpapi.Authenticated().Write(), Handler: r.resoudre},
	}
}

// AnomalieSIAP is a data-quality event.
type AnomalieSIAP struct {
	UUID            uuid.UUID  `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Version         int        `json:"version" validate:"required"`
	NumeroOperation string     `json:"numero_operation" validate:"required" example:"20240870001"`
	Code            string     `json:"code" validate:"required" example:"VALEUR_INCONNUE"`
	Champ           string     `json:"champ" validate:"required" example:"donneesLocalisation.zonage123"`
	Valeur          string     `json:"valeur" validate:"required" example:"04"`
	Message         string     `json:"message" validate:"required" example:"Zonage inconnu : il a été ignoré."`
	PremiereFois    time.Time  `json:"premiere_fois" validate:"required"`
	DerniereFois    time.Time  `json:"derniere_fois" validate:"required"`
	Occurrences     int        `json:"occurrences" validate:"required" minimum:"1"`
	ResolueLe       *time.Time `json:"resolue_le" extensions:"x-nullable"`
} // @name AnomalieSIAP

// PageAnomaliesSIAP is a page of events.
type PageAnomaliesSIAP = httpapi.Page[AnomalieSIAP]

// AnomalieSIAPModification is the decision of the staff.
type AnomalieSIAPModification struct {
	Resolue *bool `json:"resolue" validate:"required" example:"true"`
} // @name AnomalieSIAPModification

func vueAnomalie(a anomalie.Anomalie) AnomalieSIAP {
	return AnomalieSIAP{
		UUID: a.UUID, Version: a.Version(), NumeroOperation: a.NumeroOperation, Code: a.Code, Champ: a.Champ, Valeur: a.Valeur, Message: a.Message,
		PremiereFois: a.PremiereFois.UTC(), DerniereFois: a.DerniereFois.UTC(), Occurrences: a.Occurrences, ResolueLe: instantUTC(a.ResolueLe),
	}
}

func instantUTC(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	u := t.UTC()
	return &u
}

func filtreAnomalies(q *httpapi.Params) anomalie.Filtre {
	return anomalie.Filtre{
		Etat:  anomalie.Etat(q.Choice("etat", string(anomalie.Ouvertes), string(anomalie.Ouvertes), string(anomalie.Resolues), string(anomalie.Toutes))),
		Codes: q.List("code", anomalie.Codes()...), Numero: q.TextMax("numero", 255), Texte: q.Text("q"), Depuis: q.Instant("depuis"),
	}
}

// lister lists the events.
//
//	@Summary		Lister les anomalies de données du SIAP
//	@Description	Ce que les opérations et les habilitations du SIAP disent d’inutilisable ou de contraire à la plateforme. Réservé à l’équipe de la plateforme. Les anomalies ouvertes, de la plus récente à la plus ancienne, sauf demande contraire.
//	@Tags			admin
//	@Produce		json
//	@Param			etat		query		string		false	"État"	Enums(ouvertes, resolues, toutes)	default(ouvertes)
//	@Param			code		query		[]string	false	"Codes"	collectionFormat(multi)	Enums(VALEUR_INCONNUE, VALEUR_INVALIDE, TEXTE_TRONQUE, FINANCEMENT_EN_DOUBLE, BAILLEUR_SANS_NOM, BAILLEUR_RENOMME, BAILLEUR_DIFFERENT, SIRET_DEJA_UTILISE, ECART_SIAP, OPERATION_INCOMPLETE, BAILLEUR_NON_IDENTIFIE, OPERATION_EN_DOUBLON, OPERATION_EN_CONFLIT, SANS_TRAVAUX_INCOHERENT, OUTRE_MER_NATURE, BAILLEUR_NOM_HABILITATION, ALERTE_DONNEE_ABSENTE)
//	@Param			numero		query		string		false	"Numéro d’opération, sans tenir compte des séparateurs"	maxLength(255)
//	@Param			q			query		string		false	"Texte cherché dans le numéro, le champ, la valeur ou le message"	maxLength(1000)
//	@Param			depuis		query		string		false	"Rencontrées depuis cet instant"	format(date-time)
//	@Param			tri			query		string		false	"Ordre : derniere_fois, premiere_fois, occurrences ou numero_operation, précédé de « - » pour décroissant"	default(-derniere_fois)
//	@Param			page		query		int			false	"Page"				minimum(1)
//	@Param			par_page	query		int			false	"Lignes par page"	minimum(1)	maximum(100)
//	@Success		200			{object}	PageAnomaliesSIAP
//	@Failure		400,401,403,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/admin/anomalies-siap [get]
func (r AnomaliesSIAP) lister(c echo.Context) error {
	q, err := httpapi.Query(c, "etat", "code", "numero", "q", "depuis", "tri", "page", "par_page")
	if err != nil {
		return err
	}
	page, filtre := q.Page(), filtreAnomalies(q)
	tri := anomalie.Tri{Ordre: anomalie.ParDate, Decroissant: true}
	if cles := q.Sort(string(anomalie.ParDate), string(anomalie.ParPremiere), string(anomalie.ParOccurrences), string(anomalie.ParNumero)); len(cles) > 0 {
		tri = anomalie.Tri{Ordre: anomalie.Ordre(cles[0].Cle), Decroissant: cles[0].Decroissant}
	}
	if err := q.Err(); err != nil {
		return err
	}
	liste, total, err := r.Service.Lister(c.Request().Context(), httpapi.Principal(c), filtre, tri, page.Offset(), page.ParPage)
	if err != nil {
		return err
	}
	out := make([]AnomalieSIAP, 0, len(liste))
	for _, a := range liste {
		out = append(out, vueAnomalie(a))
	}
	return httpapi.JSONPage(c, page, total, out)
}

// lire returns an event.
//
//	@Summary		Lire une anomalie de données du SIAP
//	@Description	Réservé à l’équipe de la plateforme. La version change chaque fois que la donnée est rencontrée à nouveau, et à chaque décision.
//	@Tags			admin
//	@Produce		json
//	@Param			uuid	path		string	true	"Identifiant de l’anomalie"	format(uuid)
//	@Success		200		{object}	AnomalieSIAP
//	@Header			200		{string}	ETag	"Version"
//	@Failure		400,401,403,404,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/admin/anomalies-siap/{uuid} [get]
func (r AnomaliesSIAP) lire(c echo.Context) error {
	id, err := uuidSeul(c)
	if err != nil {
		return err
	}
	a, err := r.Service.Lire(c.Request().Context(), httpapi.Principal(c), id)
	if err != nil {
		return err
	}
	httpapi.SetETag(c, a.Version())
	return c.JSON(http.StatusOK, vueAnomalie(a))
}

// resoudre closes an event, or opens it again.
//
//	@Summary		Clore ou rouvrir une anomalie de données
//	@Description	Réservé à l’équipe de la plateforme. Une anomalie close se rouvre d’elle-même si la donnée est rencontrée à nouveau : sa version change alors, pour que personne ne la close sans l’avoir revue.
//	@Tags			admin
//	@Accept			application/merge-patch+json,json
//	@Produce		json
//	@Param			uuid		path		string						true	"Identifiant de l’anomalie"	format(uuid)
//	@Param			If-Match	header		string						true	"Version lue, entre guillemets"
//	@Param			corps		body		AnomalieSIAPModification	true	"Décision"
//	@Success		200			{object}	AnomalieSIAP
//	@Header			200			{string}	ETag	"Nouvelle version"
//	@Failure		400,401,403,404,412,413,415,422,428,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/admin/anomalies-siap/{uuid} [patch]
func (r AnomaliesSIAP) resoudre(c echo.Context) error {
	id, err := httpapi.UUIDParam(c, "uuid")
	if err != nil {
		return err
	}
	version, err := httpapi.IfMatch(c)
	if err != nil {
		return err
	}
	var corps AnomalieSIAPModification
	if err := httpapi.BindJSON(c, &corps); err != nil {
		return err
	}
	p := httpapi.Principal(c)
	if err := r.Service.Autoriser(p); err != nil {
		return err
	}
	if corps.Resolue == nil {
		return fault.New(fault.Invalid, "anomalie_invalide", "« resolue » est obligatoire : true pour clore l’anomalie, false pour la rouvrir.")
	}
	a, err := r.Service.Resoudre(c.Request().Context(), p, id, version, *corps.Resolue)
	if err != nil {
		return err
	}
	httpapi.SetETag(c, a.Version())
	return c.JSON(http.StatusOK, vueAnomalie(a))
}
