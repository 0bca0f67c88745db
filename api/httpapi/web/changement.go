package web

import (
	"context"
	"net/http"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/httpapi"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// ServiceChangements is what these handlers ask of the domain.
type ServiceChangements interface {
	BailleursPossibles(ctx context.Context, p auth.Principal, id uuid.UUID, q string) ([]convention.Entite, error)
	AdministrationsPossibles(ctx context.Context, p auth.Principal, id uuid.UUID, q string) ([]convention.Entite, error)
	ChangerBailleur(ctx context.Context, p auth.Principal, id, bailleurID uuid.UUID, version int) (*convention.Dossier, error)
	ChangerAdministration(ctx context.Context, p auth.Principal, id, administrationID uuid.UUID, version int) (*convention.Dossier, error)
}

// Changements serves the changes of bailleur and of administration of a convention (02 §2.5).
type Changements struct{ Service ServiceChangements }

// Routes implements httpapi.Resource.
func (r Changements) Routes() []httpapi.Route {
	lire, changer := httpapi.Requires(auth.ChangeConvention), httpapi.Requires(auth.ChangeConvention).Write()
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/conventions/:uuid/bailleurs-possibles", Access: lire, Handler: r.bailleurs},
		{Method: http.MethodGet, Path: "/conventions/:uuid/administrations-possibles", Access: lire, Handler: r.administrations},
		{Method: http.MethodPost, Path: "/conventions/:uuid/changement-bailleur", Access: changer, Handler: r.changerBailleur},
		{Method: http.MethodPost, Path: "/conventions/:uuid/changement-administration", Access: changer, Handler: r.changerAdministration},
	}
}

// EntitePossible is a bailleur or an administration that may be chosen.
type EntitePossible struct {
	UUID uuid.UUID `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Nom  string    `json:"nom" validate:"required"`
	// Code is the SIREN of a bailleur (null for a private one) or the code of a service.
	Code *string `json:"code" extensions:"x-nullable" example:"900000001"`
} // @name EntitePossible

// EntitesPossibles are the first that fit.
type EntitesPossibles struct {
	Resultats []EntitePossible `json:"resultats" validate:"required"`
} // @name EntitesPossibles

// ChangementFait says what became of the convention. Version is null when it has left the perimeter of the caller.
type ChangementFait struct {
	Visible bool `json:"visible" validate:"required"`
	Version *int `json:"version" validate:"required" extensions:"x-nullable"`
} // @name ChangementFait

// BailleurChoisi is the body of a change of bailleur.
type BailleurChoisi struct {
	Bailleur uuid.UUID `json:"bailleur" validate:"required" swaggertype:"string" format:"uuid"`
} // @name BailleurChoisi

// AdministrationChoisie is the body of a change of administration.
type AdministrationChoisie struct {
	Administration uuid.UUID `json:"administration" validate:"required" swaggertype:"string" format:"uuid"`
} // @name AdministrationChoisie

// bailleurs searches the bailleurs that the caller may choose.
//
//	@Summary		Chercher un bailleur pour cette convention
//	@Description	Pour un bailleur : ceux de ses habilitations de personne morale validées, sans région ou de la région de l’opération. Pour un service : tous. Au plus 20 réponses.
//	@Tags			conventions
//	@Produce		json
//	@Param			uuid	path		string	true	"Identifiant"	format(uuid)
//	@Param			q		query		string	false	"Partie du nom, ou début du SIREN"	maxLength(1000)
//	@Success		200		{object}	EntitesPossibles
//	@Header			200		{string}	ETag	"Empreinte"
//	@Failure		400,401,403,404,409,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/conventions/{uuid}/bailleurs-possibles [get]
func (r Changements) bailleurs(c echo.Context) error {
	return chercher(c, r.Service.BailleursPossibles)
}

// administrations searches the services that the caller may choose.
//
//	@Summary		Chercher une administration pour cette convention
//	@Description	Toutes les administrations. Au plus 20 réponses.
//	@Tags			conventions
//	@Produce		json
//	@Param			uuid	path		string	true	"Identifiant"	format(uuid)
//	@Param			q		query		string	false	"Partie du nom, ou début du code"	maxLength(1000)
//	@Success		200		{object}	EntitesPossibles
//	@Header			200		{string}	ETag	"Empreinte"
//	@Failure		400,401,403,404,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/conventions/{uuid}/administrations-possibles [get]
func (r Changements) administrations(c echo.Context) error {
	return chercher(c, r.Service.AdministrationsPossibles)
}

func chercher(c echo.Context, trouver func(context.Context, auth.Principal, uuid.UUID, string) ([]convention.Entite, error)) error {
	id, err := httpapi.UUIDParam(c, "uuid")
	if err != nil {
		return err
	}
	q, err := httpapi.Query(c, "q")
	if err != nil {
		return err
	}
	texte := q.Text("q")
	if err := q.Err(); err != nil {
		return err
	}
	entites, err := trouver(c.Request().Context(), httpapi.Principal(c), id, texte)
	if err != nil {
		return err
	}
	out := EntitesPossibles{Resultats: []EntitePossible{}}
	for _, e := range entites {
		out.Resultats = append(out.Resultats, EntitePossible{e.UUID, e.Nom, ouNul(e.Code)})
	}
	return c.JSON(http.StatusOK, out)
}

// changerBailleur changes the bailleur.
//
//	@Summary		Changer le bailleur d’une convention ou d’un avenant
//	@Description	Sur une convention en projet, le bailleur de l’opération change pour toutes ses conventions : 409 PROGRAMME_PARTAGE si l’une n’est plus en projet. Sur un avenant de type « bailleur », seul l’avenant change, et le nouveau bailleur en devient le titulaire à la signature. Le signataire saisi pour l’ancien bailleur est effacé. Si le dossier quitte votre périmètre, « visible » vaut false.
//	@Tags			conventions
//	@Accept			json
//	@Produce		json
//	@Param			uuid		path		string			true	"Identifiant"	format(uuid)
//	@Param			If-Match	header		string			true	"Version lue, entre guillemets"
//	@Param			corps		body		BailleurChoisi	true	"Bailleur choisi"
//	@Param			X-Mode-Edition	header		string	false	"« expert » : corriger une convention en vigueur ; toute autre valeur est sans effet"	example(expert)
//	@Success		200			{object}	ChangementFait
//	@Header			200			{string}	ETag	"Nouvelle version, si le dossier reste visible"
//	@Failure		400,401,403,404,409,412,413,415,422,428,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/conventions/{uuid}/changement-bailleur [post]
func (r Changements) changerBailleur(c echo.Context) error {
	var corps BailleurChoisi
	return changer(c, &corps, func() (string, uuid.UUID) { return "/bailleur", corps.Bailleur }, r.Service.ChangerBailleur)
}

// changerAdministration changes the administration.
//
//	@Summary		Changer l’administration d’une convention
//	@Description	Vaut pour la convention initiale, tous ses avenants et les autres conventions de la même opération. L’ancien service ne les voit plus aussitôt ; les deux services sont prévenus par courriel. Si le dossier quitte votre périmètre, « visible » vaut false.
//	@Tags			conventions
//	@Accept			json
//	@Produce		json
//	@Param			uuid		path		string					true	"Identifiant"	format(uuid)
//	@Param			If-Match	header		string					true	"Version lue, entre guillemets"
//	@Param			corps		body		AdministrationChoisie	true	"Administration choisie"
//	@Param			X-Mode-Edition	header		string	false	"« expert » : corriger une convention en vigueur ; toute autre valeur est sans effet"	example(expert)
//	@Success		200			{object}	ChangementFait
//	@Header			200			{string}	ETag	"Nouvelle version, si le dossier reste visible"
//	@Failure		400,401,403,404,409,412,413,415,422,428,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/conventions/{uuid}/changement-administration [post]
func (r Changements) changerAdministration(c echo.Context) error {
	var corps AdministrationChoisie
	return changer(c, &corps, func() (string, uuid.UUID) { return "/administration", corps.Administration }, r.Service.ChangerAdministration)
}

func changer(c echo.Context, corps any, choisie func() (string, uuid.UUID), faire func(context.Context, auth.Principal, uuid.UUID, uuid.UUID, int) (*convention.Dossier, error)) error {
	id, err := httpapi.UUIDParam(c, "uuid")
	if err != nil {
		return err
	}
	version, err := httpapi.IfMatchOrNone(c)
	if err != nil {
		return err
	}
	if err := httpapi.BindJSON(c, corps); err != nil {
		return err
	}
	pointeur, entite := choisie()
	if entite == uuid.Nil && version != fault.VersionAbsente { // what is missing first is said by the service, in order
		return fault.New(fault.Invalid, "invalide", "Faites un choix dans la liste.").
			WithFields(fault.Field{Pointer: pointeur, Code: "required", Detail: "Ce choix est obligatoire."})
	}
	d, err := faire(c.Request().Context(), httpapi.Principal(c), id, entite, version)
	if err != nil {
		return err
	}
	out := ChangementFait{Visible: d != nil}
	if d != nil {
		out.Version = &d.Convention.Version
		httpapi.SetETag(c, d.Convention.Version)
	}
	return c.JSON(http.StatusOK, out)
}
