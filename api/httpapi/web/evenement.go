package web

import (
	"context"
	"net/http"
	"time"

	"apilos/api/auth"
	"apilos/api/chronique"
	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/event"
	"apilos/api/fault"
	"apilos/api/httpapi"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// ServiceEvenements keeps the journal de bord (chronique.Service).
type ServiceEvenements interface {
	Evenements(ctx context.Context, p auth.Principal, id uuid.UUID, page chronique.Page) (chronique.Journal, error)
	Evenement(ctx context.Context, p auth.Principal, id uuid.UUID) (*convention.Dossier, chronique.Evenement, error)
	Versions(ctx context.Context, p auth.Principal, id uuid.UUID) ([]chronique.Version, error)
	Noter(ctx context.Context, p auth.Principal, id uuid.UUID, in chronique.Saisie) (*convention.Dossier, chronique.Evenement, error)
	Corriger(ctx context.Context, p auth.Principal, id uuid.UUID, version int, in chronique.Saisie) (*convention.Dossier, chronique.Evenement, error)
	Annuler(ctx context.Context, p auth.Principal, id uuid.UUID, version int) (*convention.Dossier, chronique.Evenement, error)
	RetirerPiece(ctx context.Context, p auth.Principal, id uuid.UUID, version int, piece uuid.UUID) (*convention.Dossier, chronique.Evenement, error)
}

// Evenements serves the journal de bord of conventions (02 §7.5).
type Evenements struct{ Service ServiceEvenements }

// Routes implements httpapi.Resource. The rights beyond the sight of the convention are those of the service: a
// bailleur, who sees it, is told that the journal de bord is not theirs (JO-12).
func (r Evenements) Routes() []httpapi.Route {
	lire := httpapi.Requires(auth.ViewConvention)
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/referentiels/types-evenement", Access: lire, Handler: r.types},
		{Method: http.MethodGet, Path: "/conventions/:uuid/evenements", Access: lire, Handler: r.lister},
		{Method: http.MethodPost, Path: "/conventions/:uuid/evenements", Access: lire.Write(), Handler: r.noter},
		{Method: http.MethodGet, Path: "/evenements/:uuid", Access: lire, Handler: r.lire},
		{Method: http.MethodPatch, Path: "/evenements/:uuid", Access: lire.Write(), Handler: r.corriger},
		{Method: http.MethodPost, Path: "/evenements/:uuid/annulation", Access: lire.Write(), Handler: r.annuler},
		{Method: http.MethodDelete, Path: "/evenements/:uuid/pieces/:document", Access: lire.Write(), Handler: r.retirerPiece},
		{Method: http.MethodGet, Path: "/evenements/:uuid/versions", Access: lire, Handler: r.versions},
	}
}

// TypeEvenement is a type of fact with its label.
type TypeEvenement struct {
	Code    string `json:"code" validate:"required" example:"RETOUR_PREFET"`
	Libelle string `json:"libelle" validate:"required"`
} // @name TypeEvenement

// PieceEvenement is a file of a fact.
type PieceEvenement struct {
	UUID             uuid.UUID `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Nom              string    `json:"nom" validate:"required"`
	Taille           int64     `json:"taille" validate:"required"`
	TypeMime         string    `json:"type_mime" validate:"required"`
	AntivirusLibelle string    `json:"antivirus_libelle" validate:"required"`
	Utilisable       bool      `json:"utilisable" validate:"required"`
	CreeLe           time.Time `json:"cree_le" validate:"required"`
	DeposePar        string    `json:"depose_par" validate:"required"`
} // @name PieceEvenement

// Evenement is a fact of the journal de bord.
type Evenement struct {
	UUID           uuid.UUID  `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	ConventionUUID uuid.UUID  `json:"convention_uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Version        int        `json:"version" validate:"required"`
	TypeEvenement  string     `json:"type_evenement" validate:"required" example:"RETOUR_PREFET"`
	TypeLibelle    string     `json:"type_libelle" validate:"required"`
	SurvenuLe      date.Date  `json:"survenu_le" validate:"required" swaggertype:"string" format:"date"`
	Description    string     `json:"description" validate:"required"`
	CreeLe         time.Time  `json:"cree_le" validate:"required"`
	CreePar        string     `json:"cree_par" validate:"required"`
	ModifieLe      *time.Time `json:"modifie_le" extensions:"x-nullable"`
	ModifiePar     string     `json:"modifie_par" validate:"required"`
	AnnuleLe       *time.Time `json:"annule_le" extensions:"x-nullable"`
	AnnulePar      string     `json:"annule_par" validate:"required"`
	// RevisionID is the revision that published the files in force, to be taken up again to add one.
	RevisionID *string          `json:"revision_id" extensions:"x-nullable"`
	Pieces     []PieceEvenement `json:"pieces" validate:"required"`
	// Modifiable: the caller may correct or cancel it now.
	Modifiable bool `json:"modifiable" validate:"required"`
} // @name Evenement

// EvenementPage is a page of the journal de bord.
type EvenementPage struct {
	Resultats []Evenement `json:"resultats" validate:"required"`
	Page      int         `json:"page" validate:"required" minimum:"1" example:"1"`
	ParPage   int         `json:"par_page" validate:"required" minimum:"1" maximum:"100" example:"20"`
	Total     int         `json:"total" validate:"required" minimum:"0"`
	// Ouvert is false before the statut A_SIGNER.
	Ouvert           bool `json:"ouvert" validate:"required"`
	EcriturePossible bool `json:"ecriture_possible" validate:"required"`
} // @name EvenementPage

// EvenementVersion is what a fact was before a correction.
type EvenementVersion struct {
	Version       int              `json:"version" validate:"required"`
	TypeEvenement string           `json:"type_evenement" validate:"required"`
	TypeLibelle   string           `json:"type_libelle" validate:"required"`
	SurvenuLe     date.Date        `json:"survenu_le" validate:"required" swaggertype:"string" format:"date"`
	Description   string           `json:"description" validate:"required"`
	Pieces        []PieceEvenement `json:"pieces" validate:"required"`
	RemplaceeLe   time.Time        `json:"remplacee_le" validate:"required"`
	RemplaceePar  string           `json:"remplacee_par" validate:"required"`
} // @name EvenementVersion

// EvenementCreation is the body of a new fact.
type EvenementCreation struct {
	TypeEvenement string  `json:"type_evenement" validate:"required" example:"RETOUR_PREFET"`
	Description   string  `json:"description" validate:"required" maxLength:"5000"`
	SurvenuLe     *string `json:"survenu_le,omitempty" format:"date"` // today when absent
} // @name EvenementCreation

// EvenementCorrection changes a fact; an absent member is unchanged.
type EvenementCorrection struct {
	TypeEvenement *string `json:"type_evenement,omitempty"`
	Description   *string `json:"description,omitempty" maxLength:"5000"`
	SurvenuLe     *string `json:"survenu_le,omitempty" format:"date"`
} // @name EvenementCorrection

func vuePieces(docs []convention.Document) []PieceEvenement {
	out := []PieceEvenement{}
	for _, d := range docs {
		v := vueDocument(d)
		out = append(out, PieceEvenement{v.UUID, v.Nom, v.Taille, v.TypeMime, v.AntivirusLibelle, v.Utilisable, v.CreeLe, v.DeposePar})
	}
	return out
}

func vueEvenement(e chronique.Evenement, ecriture bool) Evenement {
	v := Evenement{
		UUID: e.UUID, ConventionUUID: e.ConventionUUID, Version: e.Version, TypeEvenement: e.TypeEvenement, TypeLibelle: event.TypeEvenement(e.TypeEvenement).Libelle(),
		SurvenuLe: e.SurvenuLe, Description: e.Description, CreeLe: e.CreeLe, CreePar: e.CreePar, ModifieLe: e.ModifieLe, ModifiePar: e.ModifiePar,
		AnnuleLe: e.AnnuleLe, AnnulePar: e.AnnulePar, Pieces: vuePieces(e.Fichiers), Modifiable: ecriture && e.AnnuleLe == nil,
	}
	if e.Revision != "" {
		v.RevisionID = &e.Revision
	}
	return v
}

// types lists the types of facts.
//
//	@Summary		Lister les types d’événements
//	@Description	Les 24 types d’un événement du journal de bord, avec leur libellé.
//	@Tags			referentiels
//	@Produce		json
//	@Success		200	{array}		TypeEvenement
//	@Failure		400,401,403,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/referentiels/types-evenement [get]
func (r Evenements) types(c echo.Context) error {
	if _, err := httpapi.Query(c); err != nil {
		return err
	}
	out := []TypeEvenement{}
	for _, t := range event.TypesEvenement() {
		out = append(out, TypeEvenement{string(t.Code), t.Libelle})
	}
	return c.JSON(http.StatusOK, out)
}

// lister reads a page of the journal de bord.
//
//	@Summary		Lire le journal de bord d’une convention
//	@Description	Les faits notés par le service, du plus récent au plus ancien ; un événement annulé y reste. Réservé au service et à l’administration. Le journal s’ouvre au statut A_SIGNER : avant, « ouvert » est faux et la liste est vide.
//	@Tags			conventions
//	@Produce		json
//	@Param			uuid		path		string	true	"Identifiant de la convention"	format(uuid)
//	@Param			page		query		int		false	"Page"				minimum(1)	default(1)
//	@Param			par_page	query		int		false	"Événements par page"	minimum(1)	maximum(100)	default(20)
//	@Success		200			{object}	EvenementPage
//	@Failure		400,401,403,404,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/conventions/{uuid}/evenements [get]
func (r Evenements) lister(c echo.Context) error {
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
	j, err := r.Service.Evenements(c.Request().Context(), httpapi.Principal(c), id, chronique.Page(page))
	if err != nil {
		return err
	}
	out := EvenementPage{Resultats: []Evenement{}, Page: page.Page, ParPage: page.ParPage, Total: j.Total, Ouvert: j.Ouvert, EcriturePossible: j.EcriturePossible}
	for _, e := range j.Evenements {
		out.Resultats = append(out.Resultats, vueEvenement(e, j.EcriturePossible))
	}
	httpapi.SetLinks(c, page, j.Total)
	return c.JSON(http.StatusOK, out)
}

// noter adds a fact.
//
//	@Summary		Ajouter un événement au journal de bord
//	@Description	À partir du statut A_SIGNER, par le service ou l’administration. « survenu_le » vaut aujourd’hui s’il manque, et ne peut pas être dans le futur. Les pièces se déposent ensuite par une révision de nature « evenement ».
//	@Tags			conventions
//	@Accept			json
//	@Produce		json
//	@Param			uuid			path		string				true	"Identifiant de la convention"	format(uuid)
//	@Param			Idempotency-Key	header		string				false	"Clé d’une intention"
//	@Param			corps			body		EvenementCreation	true	"Événement"
//	@Success		201				{object}	Evenement
//	@Header			201				{string}	Location	"Adresse de l’événement"
//	@Failure		400,401,403,404,409,413,415,422,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/conventions/{uuid}/evenements [post]
func (r Evenements) noter(c echo.Context) error {
	id, err := httpapi.UUIDParam(c, "uuid")
	if err != nil {
		return err
	}
	var corps EvenementCreation
	if err := httpapi.BindJSON(c, &corps); err != nil {
		return err
	}
	in := chronique.Saisie{Type: &corps.TypeEvenement, Description: &corps.Description}
	if in.SurvenuLe, err = jourSaisi(corps.SurvenuLe); err != nil {
		return err
	}
	p := httpapi.Principal(c)
	d, e, err := r.Service.Noter(c.Request().Context(), p, id, in)
	if err != nil {
		return err
	}
	httpapi.SetETag(c, e.Version)
	return httpapi.Created(c, "/api/v1/evenements/"+e.UUID.String(), vueEvenement(e, chronique.EcriturePossible(p, d)))
}

// jourSaisi reads the day of a fact.
func jourSaisi(texte *string) (*date.Date, error) {
	if texte == nil || *texte == "" {
		return nil, nil
	}
	jour, err := date.Parse(*texte)
	if err != nil {
		return nil, fault.New(fault.Invalid, "invalide", "La date de l’événement n’est pas une date.").
			WithFields(fault.Field{Pointer: "/survenu_le", Code: "not_date", Detail: "Date de l’événement : saisissez une date (jj/mm/aaaa)."})
	}
	return &jour, nil
}

// lire reads a fact.
//
//	@Summary		Lire un événement du journal de bord
//	@Description	Avec ses pièces en vigueur. Réservé au service et à l’administration.
//	@Tags			conventions
//	@Produce		json
//	@Param			uuid	path		string	true	"Identifiant de l’événement"	format(uuid)
//	@Success		200		{object}	Evenement
//	@Header			200		{string}	ETag	"Version"
//	@Failure		400,401,403,404,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/evenements/{uuid} [get]
func (r Evenements) lire(c echo.Context) error {
	id, err := uuidSeul(c)
	if err != nil {
		return err
	}
	p := httpapi.Principal(c)
	d, e, err := r.Service.Evenement(c.Request().Context(), p, id)
	return repondreEvenement(c, p, d, e, err)
}

func repondreEvenement(c echo.Context, p auth.Principal, d *convention.Dossier, e chronique.Evenement, err error) error {
	if err != nil {
		return err
	}
	httpapi.SetETag(c, e.Version)
	return c.JSON(http.StatusOK, vueEvenement(e, chronique.EcriturePossible(p, d)))
}

// corriger changes a fact.
//
//	@Summary		Corriger un événement du journal de bord
//	@Description	La version précédente est conservée. Un événement annulé ne se corrige plus : 409 EVENEMENT_ANNULE.
//	@Tags			conventions
//	@Accept			application/merge-patch+json,json
//	@Produce		json
//	@Param			uuid		path		string				true	"Identifiant de l’événement"	format(uuid)
//	@Param			If-Match	header		string				true	"Version lue, entre guillemets"
//	@Param			corps		body		EvenementCorrection	true	"Ce qui change"
//	@Success		200			{object}	Evenement
//	@Header			200			{string}	ETag	"Nouvelle version"
//	@Failure		400,401,403,404,409,412,413,415,422,428,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/evenements/{uuid} [patch]
func (r Evenements) corriger(c echo.Context) error {
	id, err := httpapi.UUIDParam(c, "uuid")
	if err != nil {
		return err
	}
	version, err := httpapi.IfMatchOrNone(c)
	if err != nil {
		return err
	}
	var corps EvenementCorrection
	if err := httpapi.BindJSON(c, &corps); err != nil {
		return err
	}
	in := chronique.Saisie{Type: corps.TypeEvenement, Description: corps.Description}
	if in.SurvenuLe, err = jourSaisi(corps.SurvenuLe); err != nil {
		return err
	}
	p := httpapi.Principal(c)
	d, e, err := r.Service.Corriger(c.Request().Context(), p, id, version, in)
	return repondreEvenement(c, p, d, e, err)
}

// annuler strikes a fact through.
//
//	@Summary		Annuler un événement du journal de bord
//	@Description	Il reste dans la liste, barré ; rien n’est effacé.
//	@Tags			conventions
//	@Produce		json
//	@Param			uuid			path		string	true	"Identifiant de l’événement"	format(uuid)
//	@Param			If-Match		header		string	true	"Version lue, entre guillemets"
//	@Param			Idempotency-Key	header		string	false	"Clé d’une intention"
//	@Success		200				{object}	Evenement
//	@Header			200				{string}	ETag	"Nouvelle version"
//	@Failure		400,401,403,404,409,412,413,415,422,428,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/evenements/{uuid}/annulation [post]
func (r Evenements) annuler(c echo.Context) error {
	id, err := uuidSeul(c)
	if err != nil {
		return err
	}
	version, err := httpapi.IfMatchOrNone(c)
	if err != nil {
		return err
	}
	p := httpapi.Principal(c)
	d, e, err := r.Service.Annuler(c.Request().Context(), p, id, version)
	return repondreEvenement(c, p, d, e, err)
}

// retirerPiece takes one file out of a fact.
//
//	@Summary		Retirer une pièce d’un événement du journal de bord
//	@Description	La pièce reste dans la version précédente de l’événement, avec son contenu. 404 si elle n’est pas en vigueur.
//	@Tags			conventions
//	@Produce		json
//	@Param			uuid		path		string	true	"Identifiant de l’événement"	format(uuid)
//	@Param			document	path		string	true	"Identifiant de la pièce"		format(uuid)
//	@Param			If-Match	header		string	true	"Version lue, entre guillemets"
//	@Success		200			{object}	Evenement
//	@Header			200			{string}	ETag	"Nouvelle version"
//	@Failure		400,401,403,404,409,412,413,415,422,428,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/evenements/{uuid}/pieces/{document} [delete]
func (r Evenements) retirerPiece(c echo.Context) error {
	id, err := uuidSeul(c)
	if err != nil {
		return err
	}
	piece, err := httpapi.UUIDParam(c, "document")
	if err != nil {
		return err
	}
	version, err := httpapi.IfMatch(c)
	if err != nil {
		return err
	}
	p := httpapi.Principal(c)
	d, e, err := r.Service.RetirerPiece(c.Request().Context(), p, id, version, piece)
	return repondreEvenement(c, p, d, e, err)
}

// versions reads what a fact was.
//
//	@Summary		Lire les versions précédentes d’un événement
//	@Description	Ce que l’événement disait avant chaque correction, de la plus récente à la plus ancienne. Réservé aux superutilisateurs.
//	@Tags			conventions
//	@Produce		json
//	@Param			uuid	path		string	true	"Identifiant de l’événement"	format(uuid)
//	@Success		200		{array}		EvenementVersion
//	@Failure		400,401,403,404,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/evenements/{uuid}/versions [get]
func (r Evenements) versions(c echo.Context) error {
	id, err := uuidSeul(c)
	if err != nil {
		return err
	}
	versions, err := r.Service.Versions(c.Request().Context(), httpapi.Principal(c), id)
	if err != nil {
		return err
	}
	out := []EvenementVersion{}
	for _, v := range versions {
		out = append(out, EvenementVersion{
			v.Version, v.TypeEvenement, event.TypeEvenement(v.TypeEvenement).Libelle(), v.SurvenuLe, v.Description, vuePieces(v.Fichiers), v.CreeLe, v.RemplaceePar,
		})
	}
	return c.JSON(http.StatusOK, out)
}
