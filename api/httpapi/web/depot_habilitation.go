package web

import (
	"context"
	"net/http"
	"strings"
	"time"

	"apilos/api/depot"
	"apilos/api/httpapi"

	"github.com/labstack/echo/v4"
)

// HabilitationDepot is the agreement of a commune.
type HabilitationDepot struct {
	ID           string         `json:"id" validate:"required"`
	Client       ReferenceDepot `json:"client" validate:"required"`
	CodeCommune  string         `json:"code_commune" validate:"required"`
	NomCommune   string         `json:"nom_commune" validate:"required"`
	EmailCommune *string        `json:"email_commune" extensions:"x-nullable"`
	Statut       string         `json:"statut" validate:"required" enums:"pending,accepted,rejected"`
	Preuve       string         `json:"preuve,omitempty" enums:"email,proconnect,internal,franceconnect"`
	CreeLe       time.Time      `json:"cree_le" validate:"required"`
	AccepteLe    *time.Time     `json:"accepte_le" extensions:"x-nullable"`
	RejeteLe     *time.Time     `json:"rejete_le" extensions:"x-nullable"`
	ExpireLe     *time.Time     `json:"expire_le" extensions:"x-nullable"`
} // @name HabilitationDepot

// PageHabilitationsDepot is a page of habilitations.
type PageHabilitationsDepot struct {
	Resultats []HabilitationDepot `json:"resultats" validate:"required"`
	Page      int                 `json:"page" validate:"required" minimum:"1"`
	ParPage   int                 `json:"par_page" validate:"required" minimum:"1" maximum:"100"`
	Total     int                 `json:"total" validate:"required" minimum:"0"`
} // @name PageHabilitationsDepot

func (r Depots) vueHabilitation(h *depot.Habilitation, client string) HabilitationDepot {
	v := HabilitationDepot{
		ID: h.ID, Client: ReferenceDepot{h.ClientID, client}, CodeCommune: h.CodeCommune, NomCommune: r.Service.NomCommune(h.CodeCommune), EmailCommune: h.EmailCommune,
		Statut: h.Statut, CreeLe: h.CreeLe.UTC(), AccepteLe: enUTC(h.AccepteLe), RejeteLe: enUTC(h.RejeteLe), ExpireLe: enUTC(h.ExpireLe),
	}
	if p := h.Preuve(); p != nil {
		v.Preuve = p.Type
	}
	return v
}

// habilitations lists habilitations.
//
//	@Summary		Lister les habilitations du dépôt
//	@Description	Les demandes d’habilitation, de la plus récente à la plus ancienne.
//	@Tags			depot
//	@Param			q			query		string					false	"Commune (nom ou code) ou nom du client"	maxLength(1000)
//	@Param			statut		query		string					false	"État"	Enums(pending, accepted, rejected)
//	@Param			page		query		int						false	"Page"				minimum(1)	default(1)
//	@Param			par_page	query		int						false	"Lignes par page"	minimum(1)	maximum(100)	default(20)
//	@Success		200			{object}	PageHabilitationsDepot	"Page d’habilitations"
//	@Failure		400,401,403,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/depot/habilitations [get]
func (r Depots) habilitations(c echo.Context) error {
	q, err := httpapi.Query(c, "q", "statut", "page", "par_page")
	if err != nil {
		return err
	}
	statut := q.Choice("statut", "", depot.HabilitationEnAttente, depot.HabilitationAcceptee, depot.HabilitationRejetee)
	if err := q.Err(); err != nil {
		return err
	}
	lister := func(ctx context.Context, a depot.Acteur, texte string, f depot.Fenetre) ([]depot.HabilitationDetail, int, error) {
		return r.Service.ListeHabilitations(ctx, a, depot.FiltreHabilitations{Texte: texte, Statut: statut, Fenetre: f})
	}
	return listeDepot(c, r, lister, func(d *depot.HabilitationDetail) HabilitationDepot {
		return r.vueHabilitation(&d.Habilitation, d.Client.Nom)
	}, "statut")
}

// validerHabilitation accepts a habilitation.
//
//	@Summary		Valider une habilitation du dépôt
//	@Description	Accepte la demande sans autre preuve ; le client peut alors publier pour la commune.
//	@Tags			depot
//	@Param			id	path		string				true	"Identifiant de l’habilitation"
//	@Success		200	{object}	HabilitationDepot	"Habilitation acceptée"
//	@Failure		400,401,403,404,409,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/depot/habilitations/{id}/valider [post]
func (r Depots) validerHabilitation(c echo.Context) error {
	a, err := r.acteur(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	h, err := r.Service.Accepter(ctx, a, httpapi.PathParam(c, "id"))
	if err != nil {
		return enFrancais(err, "Cette habilitation")
	}
	client, err := r.Service.LireClient(ctx, h.ClientID)
	if err != nil {
		return enFrancais(err, "Ce client")
	}
	return c.JSON(http.StatusOK, r.vueHabilitation(h, client.Nom))
}

// TerritoireDepot is a commune, a département or an EPCI.
type TerritoireDepot struct {
	Type string `json:"type" validate:"required" enums:"commune,departement,epci"`
	Code string `json:"code" validate:"required" example:"87"`
	Nom  string `json:"nom" validate:"required" example:"Haute-Vienne"`
} // @name TerritoireDepot

// territoires finds territories for perimetres.
//
//	@Summary		Chercher un territoire
//	@Description	Les communes, départements ou EPCI dont le nom contient le texte ou dont le code commence par lui, ou ceux dont les codes sont donnés.
//	@Tags			depot
//	@Param			type	query	string			false	"Sorte de territoire"	Enums(commune, departement, epci)	default(commune)
//	@Param			q		query	string			false	"Partie du nom, ou début du code"	maxLength(1000)
//	@Param			codes	query	string			false	"Codes séparés par des virgules"	maxLength(1000)
//	@Param			limite	query	int				false	"Nombre de réponses"	minimum(1)	maximum(100)	default(10)
//	@Success		200		{array}	TerritoireDepot	"Territoires"
//	@Failure		400,401,403,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/depot/territoires [get]
func (r Depots) territoires(c echo.Context) error {
	q, err := httpapi.Query(c, "type", "q", "codes", "limite")
	if err != nil {
		return err
	}
	f := depot.FiltreTerritoires{
		Type:  q.Choice("type", depot.PerimetreCommune, depot.PerimetreCommune, depot.PerimetreDepartement, depot.PerimetreEPCI),
		Texte: q.Text("q"), Limite: q.Int("limite", 10, 1, 100),
	}
	if codes := q.Text("codes"); codes != "" {
		f.Codes = strings.Split(codes, ",")
	}
	if err := q.Err(); err != nil {
		return err
	}
	if _, err := r.acteur(c); err != nil {
		return err
	}
	trouves, err := r.Service.Territoires(c.Request().Context(), f)
	if err != nil {
		return err
	}
	out := make([]TerritoireDepot, 0, len(trouves))
	for _, t := range trouves {
		out = append(out, TerritoireDepot{t.Type, t.Code, t.Nom})
	}
	return c.JSON(http.StatusOK, out)
}
