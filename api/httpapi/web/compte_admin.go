package web

import (
	"context"
	"net/http"

	"apilos/api/auth"
	"apilos/api/compte"
	"apilos/api/date"
	"apilos/api/httpapi"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// ServiceComptesAdmin is what the sheet of an account asks of the domain.
type ServiceComptesAdmin interface {
	FicheCompte(ctx context.Context, p auth.Principal, id uuid.UUID) (*compte.FicheCompte, error)
	ReglerCompte(ctx context.Context, p auth.Principal, id uuid.UUID, version int, r compte.ReglageCompte, a compte.Appel) (*compte.FicheCompte, error)
	DonnerRoleCompte(ctx context.Context, p auth.Principal, id uuid.UUID, version int, d compte.DemandeRole, motif string, a compte.Appel) (*compte.FicheCompte, error)
}

// ComptesAdmin lets the staff set accounts (P81, 06 §3.3).
type ComptesAdmin struct{ Service ServiceComptesAdmin }

// Routes implements httpapi.Resource. Who is not of the staff gets 404, whatever their habilitation.
func (r ComptesAdmin) Routes() []httpapi.Route {
	ecriture := httpapi.Authenticated().OpenToReaders()
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/admin/utilisateurs/:uuid", Access: httpapi.Authenticated(), Handler: r.lire},
		{Method: http.MethodPatch, Path: "/admin/utilisateurs/:uuid", Access: ecriture, Handler: r.regler},
		{Method: http.MethodPost, Path: "/admin/utilisateurs/:uuid/roles", Access: ecriture, Handler: r.donnerRole},
	}
}

// CompteFiche is an account with its roles.
type CompteFiche struct {
	CompteAdmin
	ClientAPI bool           `json:"client_api" validate:"required"`
	Roles     []RoleCompte   `json:"roles" validate:"required"`
	Reglages  ReglagesCompte `json:"reglages" validate:"required"`
	Version   int            `json:"version" validate:"required"`
} // @name CompteFiche

// RoleCompte is a role that an account holds or held.
type RoleCompte struct {
	Typologie    string     `json:"typologie" validate:"required" enums:"BAILLEUR,INSTRUCTEUR,ADMINISTRATEUR"`
	LectureSeule bool       `json:"lecture_seule" validate:"required"`
	Entite       string     `json:"entite" validate:"required"`
	Region       string     `json:"region" validate:"required"`
	Departement  string     `json:"departement" validate:"required"`
	Profil       string     `json:"profil" validate:"required"`
	Habilitation int64      `json:"habilitation" validate:"required"` // 0: given by the platform
	ExpireLe     *date.Date `json:"expire_le" extensions:"x-nullable" swaggertype:"string" format:"date"`
} // @name RoleCompte

// ReglagesCompte is what the caller may change of it.
type ReglagesCompte struct {
	Activation bool `json:"activation" validate:"required"`
	Roles      bool `json:"roles" validate:"required"`
	Equipe     bool `json:"equipe" validate:"required"`
} // @name ReglagesCompte

// ReglageCompte is the body that sets an account; what is absent stays.
type ReglageCompte struct {
	Actif     *bool  `json:"actif,omitempty"`
	Staff     *bool  `json:"staff,omitempty"`
	Superuser *bool  `json:"superuser,omitempty"`
	Motif     string `json:"motif" validate:"required" minLength:"5" maxLength:"500" example:"Départ de la personne"`
} // @name ReglageCompte

// RoleDonne is the body that gives a role: « siren » for BAILLEUR, « administration » for INSTRUCTEUR, and one of
// « region », « departement », « national » for ADMINISTRATEUR.
type RoleDonne struct {
	Typologie      string `json:"typologie" validate:"required" enums:"BAILLEUR,INSTRUCTEUR,ADMINISTRATEUR"`
	LectureSeule   bool   `json:"lecture_seule,omitempty"`
	Siren          string `json:"siren,omitempty" maxLength:"9"`
	Administration string `json:"administration,omitempty" maxLength:"255"`
	Region         string `json:"region,omitempty" maxLength:"2"`
	Departement    string `json:"departement,omitempty" maxLength:"3"`
	National       bool   `json:"national,omitempty"`
	Motif          string `json:"motif" validate:"required" minLength:"5" maxLength:"500" example:"Prise de poste"`
} // @name RoleDonne

// lire reads the sheet of an account.
//
//	@Summary		Lire un compte
//	@Description	Le compte, ses rôles (en cours d’abord) et ce que vous pouvez y régler. Réservé à l’équipe ; 404 pour les autres.
//	@Tags			admin
//	@Produce		json
//	@Param			uuid	path		string		true	"Compte"	format(uuid)
//	@Success		200		{object}	CompteFiche	"Compte"
//	@Header			200		{string}	ETag		"Version"
//	@Failure		400,401,403,404,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/admin/utilisateurs/{uuid} [get]
func (r ComptesAdmin) lire(c echo.Context) error {
	id, err := uuidSeul(c)
	if err != nil {
		return err
	}
	f, err := r.Service.FicheCompte(c.Request().Context(), httpapi.Principal(c), id)
	if err != nil {
		return err
	}
	return ficheDuCompte(c, f)
}

// regler sets an account.
//
//	@Summary		Régler un compte
//	@Description	Désactiver ou réactiver un compte (ses sessions sont fermées), donner ou retirer les droits de l’équipe. L’équipe règle les comptes qui n’en font pas partie ; seul un super-utilisateur règle ceux de l’équipe et donne ou retire ces droits ; personne ne règle le sien. Réservé à l’équipe ; 404 pour les autres.
//	@Tags			admin
//	@Accept			application/merge-patch+json,json
//	@Produce		json
//	@Param			uuid		path		string			true	"Compte"	format(uuid)
//	@Param			If-Match	header		string			true	"Version lue, entre guillemets"
//	@Param			corps		body		ReglageCompte	true	"Champs à modifier, et le motif"
//	@Success		200			{object}	CompteFiche		"Compte"
//	@Header			200			{string}	ETag			"Nouvelle version"
//	@Failure		400,401,403,404,412,413,415,422,428,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/admin/utilisateurs/{uuid} [patch]
func (r ComptesAdmin) regler(c echo.Context) error {
	id, version, err := uuidEtVersion(c)
	if err != nil {
		return err
	}
	var corps ReglageCompte
	if err := httpapi.BindJSON(c, &corps); err != nil {
		return err
	}
	f, err := r.Service.ReglerCompte(c.Request().Context(), httpapi.Principal(c), id, version, compte.ReglageCompte(corps), appel(c))
	if err != nil {
		return err
	}
	return ficheDuCompte(c, f)
}

// donnerRole gives a role to a local account.
//
//	@Summary		Donner un rôle à un compte de la plateforme
//	@Description	Remplace le rôle du compte. Refusé pour un compte CERBERE, dont les droits sont ceux de ses habilitations dans le SIAP. Réservé à l’équipe, jamais pour soi ; 404 pour les autres.
//	@Tags			admin
//	@Accept			json
//	@Produce		json
//	@Param			uuid		path		string		true	"Compte"	format(uuid)
//	@Param			If-Match	header		string		true	"Version lue, entre guillemets"
//	@Param			corps		body		RoleDonne	true	"Rôle, et le motif"
//	@Success		200			{object}	CompteFiche	"Compte"
//	@Header			200			{string}	ETag		"Nouvelle version"
//	@Failure		400,401,403,404,409,412,413,415,422,428,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/admin/utilisateurs/{uuid}/roles [post]
func (r ComptesAdmin) donnerRole(c echo.Context) error {
	id, version, err := uuidEtVersion(c)
	if err != nil {
		return err
	}
	var corps RoleDonne
	if err := httpapi.BindJSON(c, &corps); err != nil {
		return err
	}
	f, err := r.Service.DonnerRoleCompte(c.Request().Context(), httpapi.Principal(c), id, version, compte.DemandeRole{
		Typologie: auth.Typologie(corps.Typologie), LectureSeule: corps.LectureSeule, Siren: corps.Siren, Administration: corps.Administration,
		Region: corps.Region, Departement: corps.Departement, National: corps.National,
	}, corps.Motif, appel(c))
	if err != nil {
		return err
	}
	return ficheDuCompte(c, f)
}

func ficheDuCompte(c echo.Context, f *compte.FicheCompte) error {
	p := httpapi.Principal(c)
	out := CompteFiche{CompteAdmin: vueCompteAdmin(p, f.LigneCompte), ClientAPI: f.ClientAPI, Roles: []RoleCompte{}, Reglages: ReglagesCompte(compte.ReglagesDe(p, f)), Version: f.Version}
	for _, x := range f.Roles {
		out.Roles = append(out.Roles, RoleCompte{
			Typologie: string(x.Typologie), LectureSeule: x.LectureSeule, Entite: x.Entite, Region: x.Region, Departement: x.Departement,
			Profil: x.Profil, Habilitation: x.Habilitation, ExpireLe: x.ExpireLe,
		})
	}
	httpapi.SetETag(c, f.Version)
	return c.JSON(http.StatusOK, out)
}

func vueCompteAdmin(p auth.Principal, l compte.LigneCompte) CompteAdmin {
	return CompteAdmin{
		UUID: l.UUID, Identifiant: l.Username, Prenom: l.Prenom, Nom: l.Nom, Email: l.Email, Actif: l.EstActif, Staff: l.EstStaff,
		Superuser: l.EstSuperuser, Cerbere: l.CerbereLogin != nil, DerniereConnexionLe: enUTC(l.DerniereConnexionLe),
		VerrouilleJusquA: enUTC(l.VerrouilleJusquA), Detournable: compte.Detournable(p, l.Utilisateur),
	}
}
