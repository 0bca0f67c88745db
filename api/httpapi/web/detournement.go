package web

import (
	"context"
	"net/http"
	"time"

	"apilos/api/auth"
	"apilos/api/compte"
	"apilos/api/fault"
	"apilos/api/httpapi"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// ServiceDetournements is what acting as somebody asks for.
type ServiceDetournements interface {
	Detourner(ctx context.Context, p auth.Principal, d compte.DemandeDetournement, a compte.Appel) (compte.Connecte, error)
	ArreterDetournement(ctx context.Context, p auth.Principal, a compte.Appel) error
	Detournements(ctx context.Context, p auth.Principal, decalage, limite int) ([]compte.LigneDetournement, int, error)
	MesDetournements(ctx context.Context, p auth.Principal, decalage, limite int) ([]compte.LigneDetournement, int, error)
	Comptes(ctx context.Context, p auth.Principal, recherche string, decalage, limite int) ([]compte.LigneCompte, int, error)
	Deverrouiller(ctx context.Context, p auth.Principal, cible uuid.UUID, motif string, a compte.Appel) error
}

// Detournements serves the help given to people by acting as them (05 C.5), and the accounts that the staff may see.
type Detournements struct {
	Service ServiceDetournements
	Cookies Cookies
	Now     func() time.Time
}

// Routes implements httpapi.Resource. Who is not of the staff gets 404; a member of the staff whose habilitation is
// read-only keeps the duties of the staff.
func (r Detournements) Routes() []httpapi.Route {
	lecture, ecriture := httpapi.Authenticated(), httpapi.Authenticated().OpenToReaders()
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/admin/detournements", Access: lecture, Handler: r.lister},
		{Method: http.MethodPost, Path: "/admin/detournements", Access: ecriture, NoReplay: true, Handler: r.commencer},
		{Method: http.MethodDelete, Path: "/admin/detournements/courant", Access: ecriture.DuringImpersonation(), Handler: r.arreter},
		{Method: http.MethodGet, Path: "/admin/utilisateurs", Access: lecture, Handler: r.comptes},
		{Method: http.MethodPost, Path: "/admin/utilisateurs/:uuid/deverrouillage", Access: ecriture, Handler: r.deverrouiller},
		{Method: http.MethodGet, Path: "/moi/detournements", Access: lecture, Handler: r.miens},
	}
}

// DetournementDemande is the body that begins a détournement.
type DetournementDemande struct {
	UserUUID httpapi.Optional[string] `json:"user_uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Motif    string                   `json:"motif" validate:"required" minLength:"10" maxLength:"500" example:"Appel du 12 mars : ne voit pas sa convention"`
	Mode     string                   `json:"mode,omitempty" enums:"lecture,complet" default:"lecture"`
} // @name DetournementDemande

// commencer opens the session in which the staff acts as somebody.
//
//	@Summary		Agir à la place d’une personne
//	@Description	Ouvre pour 60 minutes au plus une session au nom de la personne, avec ses habilitations du SIAP. En mode « lecture », seul le GET est permis ; le mode « complet » est réservé aux super-utilisateurs.
//	@Description	Un super-utilisateur peut agir à la place de tout compte actif, l’équipe à la place de tout compte actif qui n’en fait pas partie. Jamais à sa propre place, ni depuis un détournement.
//	@Description	Le jeton porte « sub » (la personne) et « act » (vous). Renouvelez-le par POST /auth/refresh avec « detournement » à vrai. Tout est journalisé sous les deux noms, et la personne le voit.
//	@Tags			admin
//	@Accept			json
//	@Produce		json
//	@Param			corps	body		DetournementDemande	true	"Personne, motif et mode"
//	@Success		201		{object}	JetonAcces			"Jeton d’accès au nom de la personne"
//	@Header			201		{string}	Set-Cookie			"Cookie du détournement"
//	@Failure		400,401,403,404,413,415,422,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/admin/detournements [post]
func (r Detournements) commencer(c echo.Context) error {
	var corps DetournementDemande
	if err := httpapi.BindJSON(c, &corps); err != nil {
		return err
	}
	if p := httpapi.Principal(c); !p.Staff && !p.Superuser && p.DetourneParID == 0 { // before saying what is wrong
		return fault.Introuvable("Cette adresse")
	}
	cible, err := uuid.Parse(corps.UserUUID.Value)
	if err != nil {
		const detail = "Choisissez la personne à la place de laquelle vous agissez."
		return fault.New(fault.Invalid, "DONNEES_INVALIDES", detail).
			WithFields(fault.Field{Pointer: "/user_uuid", Code: "requis", Detail: detail})
	}
	connecte, err := r.Service.Detourner(c.Request().Context(), httpapi.Principal(c), compte.DemandeDetournement{
		Cible: cible, Motif: corps.Motif, Mode: auth.ModeDetournement(corps.Mode)}, appel(c))
	if err != nil {
		return err
	}
	now := r.Now()
	r.Cookies.poserDetournement(c, connecte.Ouverte.Jeton, connecte.Ouverte.ExpireLe.Sub(now))
	return c.JSON(http.StatusCreated, vueJeton(connecte.Acces, now))
}

// arreter ends the current détournement.
//
//	@Summary		Arrêter d’agir à la place d’une personne
//	@Description	Ferme la session du détournement de ce jeton et efface son cookie. Votre propre session continue.
//	@Tags			admin
//	@Produce		json
//	@Success		204	"Détournement arrêté"
//	@Header			204	{string}	Set-Cookie	"Cookie effacé"
//	@Failure		401,403,404,413,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/admin/detournements/courant [delete]
func (r Detournements) arreter(c echo.Context) error {
	if err := r.Service.ArreterDetournement(c.Request().Context(), httpapi.Principal(c), appel(c)); err != nil {
		return err
	}
	r.Cookies.effacerDetournement(c)
	return c.NoContent(http.StatusNoContent)
}

// Detournement is one time somebody of the staff acted as somebody, as the staff sees it.
type Detournement struct {
	UUID     uuid.UUID   `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Staff    CompteNomme `json:"staff" validate:"required"`
	Cible    CompteNomme `json:"cible" validate:"required"`
	Motif    string      `json:"motif" validate:"required"`
	Mode     string      `json:"mode" validate:"required" enums:"lecture,complet"`
	DebutLe  time.Time   `json:"debut_le" validate:"required"`
	FinLe    *time.Time  `json:"fin_le" extensions:"x-nullable"`
	EnCours  bool        `json:"en_cours" validate:"required"`
	IP       string      `json:"ip" validate:"required" example:"192.0.2.0"`
	Appareil string      `json:"appareil" validate:"required"`
} // @name Detournement

// CompteNomme names an account.
type CompteNomme struct {
	UUID uuid.UUID `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Nom  string    `json:"nom" validate:"required" example:"Marie Durand"`
} // @name CompteNomme

// PageDetournements is a page of détournements.
type PageDetournements = httpapi.Page[Detournement]

// lister lists every détournement.
//
//	@Summary		Lister les détournements
//	@Description	Qui a agi à la place de qui, pourquoi et quand, le plus récent d’abord. Réservé à l’équipe ; 404 pour les autres.
//	@Tags			admin
//	@Produce		json
//	@Param			page		query		int					false	"Page"				minimum(1)
//	@Param			par_page	query		int					false	"Lignes par page"	minimum(1)	maximum(100)
//	@Success		200			{object}	PageDetournements	"Détournements"
//	@Header			200			{string}	Link				"Pages voisines"
//	@Failure		400,401,403,404,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/admin/detournements [get]
func (r Detournements) lister(c echo.Context) error {
	page, err := pageDemandee(c)
	if err != nil {
		return err
	}
	lignes, total, err := r.Service.Detournements(c.Request().Context(), httpapi.Principal(c), page.Offset(), page.ParPage)
	if err != nil {
		return err
	}
	out := make([]Detournement, 0, len(lignes))
	for _, l := range lignes {
		out = append(out, Detournement{
			UUID: l.UUID, Staff: CompteNomme{l.StaffUUID, l.StaffNom}, Cible: CompteNomme{l.CibleUUID, l.CibleNom}, Motif: l.Motif, Mode: l.Mode,
			DebutLe: l.DebutLe.UTC(), FinLe: enUTC(l.FinLe), EnCours: l.EnCours, IP: l.IP, Appareil: l.Agent,
		})
	}
	return httpapi.JSONPage(c, page, total, out)
}

func pageDemandee(c echo.Context, autres ...string) (httpapi.Pagination, error) {
	q, err := httpapi.Query(c, append([]string{"page", "par_page"}, autres...)...)
	if err != nil {
		return httpapi.Pagination{}, err
	}
	return q.Page(), q.Err()
}

// Consultation is one time somebody of the staff acted as the caller.
type Consultation struct {
	UUID    uuid.UUID  `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Par     string     `json:"par" validate:"required" example:"Aïda Soutien"`
	Mode    string     `json:"mode" validate:"required" enums:"lecture,complet"`
	DebutLe time.Time  `json:"debut_le" validate:"required"`
	FinLe   *time.Time `json:"fin_le" extensions:"x-nullable"`
	EnCours bool       `json:"en_cours" validate:"required"`
} // @name Consultation

// PageConsultations is a page of them.
type PageConsultations = httpapi.Page[Consultation]

// miens lists who acted as the caller.
//
//	@Summary		Lister qui a consulté mon compte
//	@Description	Les membres de l’équipe qui ont agi à votre place, quand et avec quels droits, le plus récent d’abord.
//	@Tags			session
//	@Produce		json
//	@Param			page		query		int					false	"Page"				minimum(1)
//	@Param			par_page	query		int					false	"Lignes par page"	minimum(1)	maximum(100)
//	@Success		200			{object}	PageConsultations	"Consultations"
//	@Header			200			{string}	Link				"Pages voisines"
//	@Failure		400,401,403,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/moi/detournements [get]
func (r Detournements) miens(c echo.Context) error {
	page, err := pageDemandee(c)
	if err != nil {
		return err
	}
	lignes, total, err := r.Service.MesDetournements(c.Request().Context(), httpapi.Principal(c), page.Offset(), page.ParPage)
	if err != nil {
		return err
	}
	out := make([]Consultation, 0, len(lignes))
	for _, l := range lignes {
		out = append(out, Consultation{UUID: l.UUID, Par: l.StaffNom, Mode: l.Mode, DebutLe: l.DebutLe.UTC(), FinLe: enUTC(l.FinLe), EnCours: l.EnCours})
	}
	return httpapi.JSONPage(c, page, total, out)
}

// CompteAdmin is an account, as the staff sees it.
type CompteAdmin struct {
	UUID                uuid.UUID  `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Identifiant         string     `json:"identifiant" validate:"required" example:"nora.essai"`
	Prenom              string     `json:"prenom" validate:"required"`
	Nom                 string     `json:"nom" validate:"required"`
	Email               string     `json:"email" validate:"required"`
	Actif               bool       `json:"actif" validate:"required"`
	Staff               bool       `json:"staff" validate:"required"`
	Superuser           bool       `json:"superuser" validate:"required"`
	Cerbere             bool       `json:"cerbere" validate:"required"`
	DerniereConnexionLe *time.Time `json:"derniere_connexion_le" extensions:"x-nullable"`
	VerrouilleJusquA    *time.Time `json:"verrouille_jusqu_a" extensions:"x-nullable"`
	// Detournable tells whether the caller may act as this person.
	Detournable bool `json:"detournable" validate:"required"`
} // @name CompteAdmin

// PageComptes is a page of accounts.
type PageComptes = httpapi.Page[CompteAdmin]

// comptes lists accounts.
//
//	@Summary		Chercher des comptes
//	@Description	Comptes par nom, prénom, adresse ou identifiant ; chaque mot doit s’y trouver. Réservé à l’équipe ; 404 pour les autres.
//	@Tags			admin
//	@Produce		json
//	@Param			q			query		string		false	"Mots cherchés"
//	@Param			page		query		int			false	"Page"				minimum(1)
//	@Param			par_page	query		int			false	"Lignes par page"	minimum(1)	maximum(100)
//	@Success		200			{object}	PageComptes	"Comptes"
//	@Header			200			{string}	Link		"Pages voisines"
//	@Failure		400,401,403,404,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/admin/utilisateurs [get]
func (r Detournements) comptes(c echo.Context) error {
	q, err := httpapi.Query(c, "q", "page", "par_page")
	if err != nil {
		return err
	}
	recherche, page := q.Text("q"), q.Page()
	if err := q.Err(); err != nil {
		return err
	}
	p := httpapi.Principal(c)
	lignes, total, err := r.Service.Comptes(c.Request().Context(), p, recherche, page.Offset(), page.ParPage)
	if err != nil {
		return err
	}
	out := make([]CompteAdmin, 0, len(lignes))
	for _, l := range lignes {
		out = append(out, vueCompteAdmin(p, l))
	}
	return httpapi.JSONPage(c, page, total, out)
}

// Deverrouillage is the body that unlocks an account.
type Deverrouillage struct {
	Motif string `json:"motif" validate:"required" minLength:"5" maxLength:"500" example:"La personne a appelé l’assistance"`
} // @name Deverrouillage

// deverrouiller forgets the failures of an account.
//
//	@Summary		Débloquer la connexion d’un compte
//	@Description	Oublie les échecs de connexion du compte. Réservé à l’équipe ; 404 pour les autres.
//	@Tags			admin
//	@Accept			json
//	@Produce		json
//	@Param			uuid	path	string			true	"Compte"	format(uuid)
//	@Param			corps	body	Deverrouillage	true	"Motif"
//	@Success		204	"Compte débloqué"
//	@Failure		400,401,403,404,409,413,415,422,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/admin/utilisateurs/{uuid}/deverrouillage [post]
func (r Detournements) deverrouiller(c echo.Context) error {
	id, err := httpapi.UUIDParam(c, "uuid")
	if err != nil {
		return err
	}
	var corps Deverrouillage
	if err := httpapi.BindJSON(c, &corps); err != nil {
		return err
	}
	if err := r.Service.Deverrouiller(c.Request().Context(), httpapi.Principal(c), id, corps.Motif, appel(c)); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
