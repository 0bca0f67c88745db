package web

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"apilos/api/auth"
	"apilos/api/chronique"
	"apilos/api/date"
	"apilos/api/httpapi"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// ServiceChroniques tells what happened to a convention (chronique.Service).
type ServiceChroniques interface {
	Chronologie(ctx context.Context, p auth.Principal, id uuid.UUID, page chronique.Page) (chronique.Chronologie, error)
	Historique(ctx context.Context, p auth.Principal, id uuid.UUID, statuts bool, apres *chronique.Curseur, limite int) (chronique.Historique, error)
}

// Chroniques serves the chronologie and the history of conventions (02 §7.4, JO-13).
type Chroniques struct{ Service ServiceChroniques }

// Routes implements httpapi.Resource.
func (r Chroniques) Routes() []httpapi.Route {
	lire := httpapi.Requires(auth.ViewConvention)
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/conventions/:uuid/chronologie", Access: lire, Handler: r.chronologie},
		{Method: http.MethodGet, Path: "/conventions/:uuid/historique", Access: lire, Handler: r.historique},
	}
}

// ElementChronologie is one thing that happened to a family.
type ElementChronologie struct {
	Nature         string           `json:"nature" validate:"required" enums:"SIGNATURE,AVENANT,REFUS,PUBLICATION,EVENEMENT,DENONCIATION,RESILIATION"`
	Jour           *date.Date       `json:"jour" extensions:"x-nullable" swaggertype:"string" format:"date"`
	AnneeSeule     bool             `json:"annee_seule" validate:"required"`
	AVenir         bool             `json:"a_venir" validate:"required"`
	Titre          string           `json:"titre" validate:"required"`
	Detail         string           `json:"detail" validate:"required"`
	ConventionUUID uuid.UUID        `json:"convention_uuid" validate:"required" swaggertype:"string" format:"uuid"`
	EvenementUUID  *uuid.UUID       `json:"evenement_uuid" extensions:"x-nullable" swaggertype:"string" format:"uuid"`
	Lien           string           `json:"lien" validate:"required"`
	Documents      []PieceEvenement `json:"documents" validate:"required"`
} // @name ElementChronologie

// ChronologiePage is a page of the chronologie.
type ChronologiePage struct {
	Resultats []ElementChronologie `json:"resultats" validate:"required"`
	Page      int                  `json:"page" validate:"required" minimum:"1" example:"1"`
	ParPage   int                  `json:"par_page" validate:"required" minimum:"1" maximum:"100" example:"20"`
	Total     int                  `json:"total" validate:"required" minimum:"0"`
} // @name ChronologiePage

// chronologie reads what happened to a family of conventions.
//
//	@Summary		Lire la chronologie d’une convention
//	@Description	Signature, avenants, publications et refus, dénonciation ou résiliation de toute la famille, du plus récent au plus ancien, avec leurs documents. Le service et l’administration y lisent aussi les événements du journal de bord.
//	@Tags			conventions
//	@Produce		json
//	@Param			uuid		path		string	true	"Identifiant de la convention ou d’un de ses avenants"	format(uuid)
//	@Param			page		query		int		false	"Page"				minimum(1)	default(1)
//	@Param			par_page	query		int		false	"Éléments par page"	minimum(1)	maximum(100)	default(20)
//	@Success		200			{object}	ChronologiePage
//	@Failure		400,401,403,404,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/conventions/{uuid}/chronologie [get]
func (r Chroniques) chronologie(c echo.Context) error {
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
	ch, err := r.Service.Chronologie(c.Request().Context(), httpapi.Principal(c), id, chronique.Page(page))
	if err != nil {
		return err
	}
	out := ChronologiePage{Resultats: []ElementChronologie{}, Page: page.Page, ParPage: page.ParPage, Total: ch.Total}
	for _, e := range ch.Elements {
		out.Resultats = append(out.Resultats, ElementChronologie{
			Nature: string(e.Nature), Jour: e.Jour, AnneeSeule: e.AnneeSeule, AVenir: e.AVenir(ch.Jour), Titre: e.Titre(), Detail: e.Detail(),
			ConventionUUID: e.ConventionUUID, EvenementUUID: e.EvenementUUID, Lien: lienElement(e), Documents: vuePieces(e.Documents),
		})
	}
	httpapi.SetLinks(c, page, ch.Total)
	return c.JSON(http.StatusOK, out)
}

// lienElement is the page that tells more of an element.
func lienElement(e chronique.Element) string {
	base := "/conventions/" + e.ConventionUUID.String()
	switch e.Nature {
	case chronique.Fait:
		return base + "/journal"
	case chronique.Publication, chronique.Refus:
		return base + "/publication"
	case chronique.Signature:
		return base + "/document"
	default:
		return base + "/recapitulatif"
	}
}

// ChangementHistorique is one value that changed, in words.
type ChangementHistorique struct {
	Cle     string `json:"cle" validate:"required"`
	Libelle string `json:"libelle" validate:"required" example:"Nom de l’opération"`
	Avant   string `json:"avant" validate:"required"`
	Apres   string `json:"apres" validate:"required"`
} // @name ChangementHistorique

// LigneHistorique is a line of the history: a change of statut, or another change.
type LigneHistorique struct {
	UUID      uuid.UUID `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Categorie string    `json:"categorie" validate:"required" enums:"statut,champs,document,commentaire,evenement"`
	// Transition is the code of the command that made the change.
	Transition         string                 `json:"transition" validate:"required"`
	Libelle            string                 `json:"libelle" validate:"required"`
	Statut             *string                `json:"statut" extensions:"x-nullable"` // null when the line is not about it
	StatutPrecedent    *string                `json:"statut_precedent" extensions:"x-nullable"`
	Commentaire        string                 `json:"commentaire" validate:"required"`
	ElementsIncomplets []ElementConfirme      `json:"elements_incomplets" validate:"required"`
	Changements        []ChangementHistorique `json:"changements" validate:"required"`
	Mode               string                 `json:"mode" validate:"required" enums:"NORMAL,EXPERT,LOT,SIAP,FORCAGE,IMPORT"`
	Auteur             *AuteurHistorique      `json:"auteur,omitempty"`
	Origine            string                 `json:"origine_regroupement,omitempty"` // financements de la convention absorbée qui l’a vécu
	CreeLe             time.Time              `json:"cree_le" validate:"required"`
} // @name LigneHistorique

// HistoriquePage is a part of the history, newest first.
type HistoriquePage struct {
	Evenements []LigneHistorique `json:"evenements" validate:"required"`
	Suivant    *string           `json:"suivant" extensions:"x-nullable"`
} // @name HistoriquePage

// historique reads the history of a convention.
//
//	@Summary		Lire l’historique d’une convention
//	@Description	Du plus récent au plus ancien : les changements de statut et, pour le service et l’administration, ce qui a été modifié, avec chaque valeur avant et après, son auteur et la personne qui l’assistait. Un bailleur lit les changements de statut seuls, comme avec « categorie=statut ».
//	@Tags			conventions
//	@Produce		json
//	@Param			uuid		path		string	true	"Identifiant"	format(uuid)
//	@Param			categorie	query		string	false	"Seulement les changements de statut"	Enums(statut)
//	@Param			apres		query		string	false	"Curseur donné par « suivant »"
//	@Param			limite		query		int		false	"Lignes au plus"	minimum(1)	maximum(100)	default(50)
//	@Success		200			{object}	HistoriquePage
//	@Failure		400,401,403,404,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/conventions/{uuid}/historique [get]
func (r Chroniques) historique(c echo.Context) error {
	id, err := httpapi.UUIDParam(c, "uuid")
	if err != nil {
		return err
	}
	q, err := httpapi.Query(c, "categorie", "apres", "limite")
	if err != nil {
		return err
	}
	statuts, texte, limite := q.Choice("categorie", "", "statut") != "", q.Text("apres"), q.Int("limite", 50, 1, 100)
	if err := q.Err(); err != nil {
		return err
	}
	var apres *chronique.Curseur
	if texte != "" {
		if apres, err = lireCurseurHistorique(texte); err != nil {
			return err
		}
	}
	p := httpapi.Principal(c)
	h, err := r.Service.Historique(c.Request().Context(), p, id, statuts, apres, limite)
	if err != nil {
		return err
	}
	out := HistoriquePage{Evenements: []LigneHistorique{}}
	for _, l := range h.Lignes {
		out.Evenements = append(out.Evenements, vueLigneHistorique(p, h, l))
	}
	if h.Suivant != nil {
		suivant := ecrireCurseurHistorique(*h.Suivant)
		out.Suivant = &suivant
		httpapi.SetNextLink(c, suivant)
	}
	return c.JSON(http.StatusOK, out)
}

func vueLigneHistorique(p auth.Principal, h chronique.Historique, l chronique.Ligne) LigneHistorique {
	v := LigneHistorique{
		UUID: l.UUID, Categorie: string(l.Categorie()), Transition: l.Commande, Libelle: h.Libelle(p, l), StatutPrecedent: l.StatutPrecedent,
		Commentaire: l.Commentaire, ElementsIncomplets: []ElementConfirme{}, Changements: []ChangementHistorique{}, Mode: l.Mode, Origine: l.OrigineLibelle, CreeLe: l.Le,
	}
	if l.Statut != "" {
		v.Statut = &l.Statut
	}
	// Written by the engine; a row that cannot be read shows no item rather than failing the page.
	_ = json.Unmarshal(l.Elements, &v.ElementsIncomplets)
	for _, x := range h.Changements(l) {
		v.Changements = append(v.Changements, ChangementHistorique(x))
	}
	if l.ActeurNom != "" || l.Entite != "" {
		v.Auteur = &AuteurHistorique{Nom: l.ActeurNom, Role: l.Role, Entite: l.Entite}
		if l.DetourNom != "" {
			v.Auteur.AuNomDePar = &l.DetourNom
		}
	}
	return v
}

// A cursor of the history is opaque: instant, source and id of the last line, in base64.
func ecrireCurseurHistorique(c chronique.Curseur) string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "historique\x00%d\x00%t\x00%d", c.Le.UnixMicro(), c.Journal, c.ID))
}

func lireCurseurHistorique(s string) (*chronique.Curseur, error) {
	refus := parametreInvalide("apres", "reprenez la valeur « suivant » de la page précédente")
	brut, err := base64.RawURLEncoding.DecodeString(s)
	parts := strings.Split(string(brut), "\x00")
	if err != nil || len(parts) != 4 || parts[0] != "historique" {
		return nil, refus
	}
	micro, err := strconv.ParseInt(parts[1], 10, 64)
	le := time.UnixMicro(micro).UTC()
	if err != nil || le.Year() < 1900 || le.Year() > 2500 { // what the database can compare
		return nil, refus
	}
	c := chronique.Curseur{Le: le}
	if c.Journal, err = strconv.ParseBool(parts[2]); err != nil {
		return nil, refus
	}
	if c.ID, err = strconv.ParseInt(parts[3], 10, 64); err != nil {
		return nil, refus
	}
	return &c, nil
}
