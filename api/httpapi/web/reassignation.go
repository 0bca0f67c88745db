package web

import (
	"context"
	"net/http"
	"time"

	"apilos/api/auth"
	"apilos/api/httpapi"
	"apilos/api/reassignation"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// ServiceReassignations moves many operations to another service (reassignation.Service).
type ServiceReassignations interface {
	Autoriser(p auth.Principal) error
	Simuler(ctx context.Context, p auth.Principal, d reassignation.Demande) (*reassignation.Detail, error)
	Lire(ctx context.Context, p auth.Principal, id uuid.UUID) (*reassignation.Detail, error)
	Lister(ctx context.Context, p auth.Principal, decalage, limite int) ([]reassignation.Fiche, int, error)
	Confirmer(ctx context.Context, p auth.Principal, id uuid.UUID, motif string) (*reassignation.Detail, error)
	Annuler(ctx context.Context, p auth.Principal, id uuid.UUID, motif string) (*reassignation.Detail, error)
}

// Reassignations serves P83, the mass reassignment of administrations (02 PE-43).
type Reassignations struct{ Service ServiceReassignations }

// Routes implements httpapi.Resource.
func (r Reassignations) Routes() []httpapi.Route {
	const base = "/admin/reassignations"
	lire, ecrire := httpapi.Authenticated(), httpapi.Authenticated().Write()
	return []httpapi.Route{
		{Method: http.MethodPost, Path: base, Access: ecrire, Handler: r.simuler},
		{Method: http.MethodPost, Path: base + "/communes", Access: ecrire, Handler: r.simulerListe, BodyLimit: reassignation.MaxFichier + (1 << 16), Limit: httpapi.LimitUpload},
		{Method: http.MethodGet, Path: base, Access: lire, Handler: r.lister},
		{Method: http.MethodGet, Path: base + "/:uuid", Access: lire, Handler: r.lire},
		{Method: http.MethodPost, Path: base + "/:uuid/confirmation", Access: ecrire, Handler: r.confirmer},
		{Method: http.MethodPost, Path: base + "/:uuid/annulation", Access: ecrire, Handler: r.annuler},
	}
}

// DemandeReassignation asks for the simulation of a reassignment by département.
type DemandeReassignation struct {
	Cible        string   `json:"cible" validate:"required" maxLength:"255" example:"35047"` // code or uuid of the administration
	Departements []string `json:"departements" validate:"required" example:"35,56"`          // codes INSEE
} // @name DemandeReassignation

// MotifReassignation is why a reassignment is launched or taken back.
type MotifReassignation struct {
	Motif string `json:"motif" validate:"required" minLength:"5" maxLength:"500" example:"Prise de délégation de la métropole au 1er janvier."`
} // @name MotifReassignation

// OrigineReassignation is what a service loses.
type OrigineReassignation struct {
	Administration *LigneAdministration `json:"administration" extensions:"x-nullable"` // null: operations without service
	Operations     int                  `json:"operations" validate:"required"`
	Conventions    int                  `json:"conventions" validate:"required"`
} // @name OrigineReassignation

// ExempleReassignation is a convention of a reassignment.
type ExempleReassignation struct {
	UUID            uuid.UUID `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Numero          string    `json:"numero" validate:"required"`
	Statut          string    `json:"statut" validate:"required" example:"SIGNEE"`
	StatutLibelle   string    `json:"statut_libelle" validate:"required" example:"Signée"`
	NumeroOperation string    `json:"numero_operation" validate:"required"`
	OperationNom    string    `json:"operation_nom" validate:"required"`
	Ville           string    `json:"ville" validate:"required"`
	CodePostal      string    `json:"code_postal" validate:"required"`
	Bailleur        string    `json:"bailleur" validate:"required"`
	Administration  string    `json:"administration" validate:"required"` // before the reassignment
} // @name ExempleReassignation

// LigneRefusee is a line of a list that names no commune, or one already named.
type LigneRefusee struct {
	Ligne      int    `json:"ligne" validate:"required" minimum:"1"`
	CodePostal string `json:"code_postal" validate:"required"`
	Commune    string `json:"commune" validate:"required"`
	Code       string `json:"code" validate:"required" enums:"ligne_incomplete,code_postal_invalide,code_postal_inconnu,commune_inconnue,commune_ambigue,doublon,operation_inconnue"`
	Detail     string `json:"detail" validate:"required"`
} // @name LigneRefusee

// OperationRestee is an operation that a reassignment, or its undo, left where it was.
type OperationRestee struct {
	ConventionUUID  *uuid.UUID `json:"convention_uuid" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	NumeroOperation string     `json:"numero_operation" validate:"required"`
	OperationNom    string     `json:"operation_nom" validate:"required"`
	Ville           string     `json:"ville" validate:"required"`
	Administration  string     `json:"administration" validate:"required"` // now
	Annulation      bool       `json:"annulation" validate:"required"`     // left by the undo
} // @name OperationRestee

// ReassignationResume is a reassignment in the history. The counts are of operations, each with all its families.
type ReassignationResume struct {
	UUID            uuid.UUID           `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Etat            string              `json:"etat" validate:"required" enums:"SIMULATION,CONFIRMEE,TERMINEE,ANNULATION,ANNULEE"`
	Interrompue     bool                `json:"interrompue" validate:"required"` // stopped before its end: confirm again to go on
	Cible           LigneAdministration `json:"cible" validate:"required"`
	Departements    []string            `json:"departements" validate:"required"`
	Fichier         string              `json:"fichier" validate:"required"` // name of the list of communes, "" for départements
	Communes        int                 `json:"communes" validate:"required"`
	Auteur          string              `json:"auteur" validate:"required"`
	Motif           string              `json:"motif" validate:"required"`
	CreeLe          time.Time           `json:"cree_le" validate:"required"`
	ConfirmeeLe     *time.Time          `json:"confirmee_le" extensions:"x-nullable"`
	TermineeLe      *time.Time          `json:"terminee_le" extensions:"x-nullable"`
	AnnuleeLe       *time.Time          `json:"annulee_le" extensions:"x-nullable"`
	AnnuleePar      string              `json:"annulee_par" validate:"required"`
	MotifAnnulation string              `json:"motif_annulation" validate:"required"`
	TacheUUID       *uuid.UUID          `json:"tache_uuid" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	Total           int                 `json:"total" validate:"required"`
	Prevues         int                 `json:"prevues" validate:"required"`
	Deplacees       int                 `json:"deplacees" validate:"required"`
	Ignorees        int                 `json:"ignorees" validate:"required"` // changed service since the simulation
	Rendues         int                 `json:"rendues" validate:"required"`
	Laissees        int                 `json:"laissees" validate:"required"` // moved since: the undo left them
} // @name ReassignationResume

// Reassignation is a reassignment with what it holds.
type Reassignation struct {
	ReassignationResume
	Familles    int                    `json:"familles" validate:"required"`
	Conventions int                    `json:"conventions" validate:"required"`  // and avenants
	SansCommune int                    `json:"sans_commune" validate:"required"` // operations of the postcodes of the list whose commune is not known
	Origines    []OrigineReassignation `json:"origines" validate:"required"`
	Exemples    []ExempleReassignation `json:"exemples" validate:"required"`
	Rejets      []LigneRefusee         `json:"rejets" validate:"required"`
	Annulables  int                    `json:"annulables" validate:"required"` // what an undo would give back now
	Retenues    int                    `json:"retenues" validate:"required"`   // what it would leave
	Restees     []OperationRestee      `json:"restees" validate:"required"`
} // @name Reassignation

// PageReassignations is a page of them.
type PageReassignations = httpapi.Page[ReassignationResume]

// simuler finds what a reassignment by département would move.
//
//	@Summary		Simuler une réassignation par département
//	@Description	Réservé à l’équipe de la plateforme. Cherche les opérations de ces départements qui ne sont pas déjà à l’administration voulue, avec toutes leurs conventions et leurs avenants. Rien ne change : la simulation est gardée un jour, et c’est elle que l’on confirme.
//	@Tags			admin
//	@Accept			json
//	@Produce		json
//	@Param			Idempotency-Key	header		string					false	"Clé d’une intention"
//	@Param			corps			body		DemandeReassignation	true	"Administration et départements"
//	@Success		201				{object}	Reassignation			"Simulation"
//	@Header			201				{string}	Location				"Adresse de la simulation"
//	@Failure		400,401,403,409,413,415,422,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/admin/reassignations [post]
func (r Reassignations) simuler(c echo.Context) error {
	if _, err := httpapi.Query(c); err != nil {
		return err
	}
	if err := r.Service.Autoriser(httpapi.Principal(c)); err != nil {
		return err
	}
	var corps DemandeReassignation
	if err := httpapi.BindJSON(c, &corps); err != nil {
		return err
	}
	return r.creer(c, reassignation.Demande{Departements: corps.Departements}, corps.Cible)
}

// creer simulates for an administration named by its uuid or by its code.
func (r Reassignations) creer(c echo.Context, d reassignation.Demande, cible string) error {
	if id, err := uuid.Parse(cible); err == nil {
		d.Cible = id
	} else {
		d.CodeCible = cible
	}
	detail, err := r.Service.Simuler(c.Request().Context(), httpapi.Principal(c), d)
	if err != nil {
		return lectureDuCorps(err)
	}
	return httpapi.Created(c, "/api/v1/admin/reassignations/"+detail.UUID.String(), vueReassignation(detail))
}

// simulerListe finds what a reassignment by communes would move.
//
//	@Summary		Simuler une réassignation par liste de communes
//	@Description	Réservé à l’équipe de la plateforme. La liste est un classeur XLSX (feuille « Communes », sinon la première) ou un texte CSV, de 2 Mo et 5 000 lignes au plus, avec les colonnes « Code postal » et « Commune ». Chaque ligne désigne la commune de ce nom qui a ce code postal, et la commune est prise entière ; les autres lignes reviennent dans « rejets » avec leur numéro et leur valeur. Rien ne change : la simulation est gardée un jour, et c’est elle que l’on confirme.
//	@Tags			admin
//	@Accept			multipart/form-data
//	@Produce		json
//	@Param			Idempotency-Key	header		string			false	"Clé d’une intention"
//	@Param			cible			query		string			true	"Code ou identifiant de l’administration voulue"	maxLength(255)
//	@Param			fichier			formData	file			true	"Liste de communes (XLSX ou CSV)"
//	@Success		201				{object}	Reassignation	"Simulation"
//	@Header			201				{string}	Location		"Adresse de la simulation"
//	@Failure		400,401,403,409,413,415,422,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/admin/reassignations/communes [post]
func (r Reassignations) simulerListe(c echo.Context) error {
	q, err := httpapi.Query(c, "cible")
	if err != nil {
		return err
	}
	if err := r.Service.Autoriser(httpapi.Principal(c)); err != nil {
		return err
	}
	cible := q.TextMax("cible", 255)
	if err := q.Err(); err != nil {
		return err
	}
	nom, contenu, err := lireFichier(c)
	if err != nil {
		return err
	}
	return r.creer(c, reassignation.Demande{NomFichier: nom, Fichier: contenu}, cible)
}

// lister lists the reassignments.
//
//	@Summary		Lister les réassignations
//	@Description	Réservé à l’équipe de la plateforme. De la plus récente à la plus ancienne ; les simulations n’y sont pas.
//	@Tags			admin
//	@Produce		json
//	@Param			page		query		int	false	"Page"				minimum(1)
//	@Param			par_page	query		int	false	"Lignes par page"	minimum(1)	maximum(100)
//	@Success		200			{object}	PageReassignations
//	@Failure		400,401,403,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/admin/reassignations [get]
func (r Reassignations) lister(c echo.Context) error {
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
	out := make([]ReassignationResume, 0, len(liste))
	for _, f := range liste {
		out = append(out, vueResume(f))
	}
	return httpapi.JSONPage(c, page, total, out)
}

// lire returns a reassignment.
//
//	@Summary		Lire une réassignation
//	@Description	Réservé à l’équipe de la plateforme : ses comptes, les administrations d’origine, dix conventions, les lignes refusées, et ce qu’elle a laissé. L’avancement d’une réassignation en cours se suit ici ou par sa tâche.
//	@Tags			admin
//	@Produce		json
//	@Param			uuid	path		string	true	"Identifiant de la réassignation"	format(uuid)
//	@Success		200		{object}	Reassignation
//	@Failure		400,401,403,404,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/admin/reassignations/{uuid} [get]
func (r Reassignations) lire(c echo.Context) error {
	id, err := uuidSeul(c)
	if err != nil {
		return err
	}
	d, err := r.Service.Lire(c.Request().Context(), httpapi.Principal(c), id)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, vueReassignation(d))
}

// confirmer launches a reassignment.
//
//	@Summary		Confirmer une réassignation
//	@Description	Réservé à l’équipe de la plateforme. Lance en arrière-plan ce que la simulation a montré. Une famille qui a changé d’administration depuis reste où elle est. Refaire la demande ne change rien, ou relance une réassignation arrêtée avant sa fin.
//	@Tags			admin
//	@Accept			json
//	@Produce		json
//	@Param			uuid			path		string				true	"Identifiant de la réassignation"	format(uuid)
//	@Param			Idempotency-Key	header		string				false	"Clé d’une intention"
//	@Param			corps			body		MotifReassignation	true	"Raison, gardée au journal de chaque famille"
//	@Success		202				{object}	Reassignation		"Réassignation lancée"
//	@Header			202				{string}	Location			"Adresse de la réassignation, à suivre"
//	@Failure		400,401,403,404,409,413,415,422,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/admin/reassignations/{uuid}/confirmation [post]
func (r Reassignations) confirmer(c echo.Context) error { return r.decider(c, r.Service.Confirmer) }

// annuler gives back what a reassignment moved.
//
//	@Summary		Annuler une réassignation
//	@Description	Réservé à l’équipe de la plateforme. Rend en arrière-plan à leur administration d’origine les opérations qui n’ont pas bougé depuis ; les autres restent où elles sont, et « restees » les nomme. Refaire la demande ne change rien, ou relance une annulation arrêtée avant sa fin.
//	@Tags			admin
//	@Accept			json
//	@Produce		json
//	@Param			uuid			path		string				true	"Identifiant de la réassignation"	format(uuid)
//	@Param			Idempotency-Key	header		string				false	"Clé d’une intention"
//	@Param			corps			body		MotifReassignation	true	"Raison, gardée au journal de chaque famille"
//	@Success		202				{object}	Reassignation		"Annulation lancée"
//	@Header			202				{string}	Location			"Adresse de la réassignation, à suivre"
//	@Failure		400,401,403,404,409,413,415,422,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/admin/reassignations/{uuid}/annulation [post]
func (r Reassignations) annuler(c echo.Context) error { return r.decider(c, r.Service.Annuler) }

func (r Reassignations) decider(c echo.Context, faire func(context.Context, auth.Principal, uuid.UUID, string) (*reassignation.Detail, error)) error {
	id, err := uuidSeul(c)
	if err != nil {
		return err
	}
	if err := r.Service.Autoriser(httpapi.Principal(c)); err != nil {
		return err
	}
	var corps MotifReassignation
	if err := httpapi.BindJSON(c, &corps); err != nil {
		return err
	}
	d, err := faire(c.Request().Context(), httpapi.Principal(c), id, corps.Motif)
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderLocation, "/api/v1/admin/reassignations/"+id.String())
	return c.JSON(http.StatusAccepted, vueReassignation(d))
}
