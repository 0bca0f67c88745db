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

// ServiceSessions is what the routes of the session ask for.
type ServiceSessions interface {
	Rafraichir(ctx context.Context, d compte.Demande) (compte.Acces, error)
	Fermer(ctx context.Context, jeton string, a compte.Appel) error
	Session(ctx context.Context, p auth.Principal) (compte.Ressource, error)
	SessionParDefaut(ctx context.Context, p auth.Principal) (compte.Ressource, error)
	ChangerHabilitation(ctx context.Context, p auth.Principal, habilitationID int64, a compte.Appel) error
	ModifierPreferences(ctx context.Context, p auth.Principal, version int, pref compte.Preferences) (compte.Utilisateur, error)
	Sessions(ctx context.Context, p auth.Principal) ([]compte.Session, error)
	FermerSession(ctx context.Context, p auth.Principal, id uuid.UUID, a compte.Appel) error
}

// Sessions serves the session of the caller (05 C.3, C.4).
type Sessions struct {
	Service ServiceSessions
	Cookies Cookies
	// Sortie returns where the browser goes after it left: the logout page of CERBERE.
	Sortie func() string
	Now    func() time.Time
}

// Routes implements httpapi.Resource.
func (r Sessions) Routes() []httpapi.Route {
	connecte := httpapi.Authenticated()
	return []httpapi.Route{
		{Method: http.MethodPost, Path: "/auth/refresh", Access: httpapi.CookieSession(), Limit: httpapi.LimitLogin, NoReplay: true, Handler: r.rafraichir},
		{Method: http.MethodPost, Path: "/auth/logout", Access: httpapi.CookieSession(), NoReplay: true, Handler: r.sortir},
		{Method: http.MethodGet, Path: "/session", Access: connecte, Handler: r.lire},
		{Method: http.MethodPut, Path: "/session/habilitation", Access: connecte.OpenToReaders(), Handler: r.changer},
		{Method: http.MethodPatch, Path: "/session/utilisateur", Access: connecte.OpenToReaders(), Handler: r.modifier},
		{Method: http.MethodGet, Path: "/sessions", Access: connecte, Handler: r.lister},
		{Method: http.MethodDelete, Path: "/sessions/:id", Access: connecte.OpenToReaders(), Handler: r.fermer},
	}
}

// Renouvellement is the body of a renewal.
type Renouvellement struct {
	HabilitationID httpapi.Optional[int64] `json:"habilitation_id" swaggertype:"integer" minimum:"1" example:"101"`
	// Detournement asks for the session in which the browser acts as somebody, instead of its own.
	Detournement bool `json:"detournement,omitempty"`
} // @name Renouvellement

// JetonAcces is a new access token.
type JetonAcces struct {
	AccessToken string `json:"access_token" validate:"required"`
	ExpiresIn   int    `json:"expires_in" validate:"required" minimum:"0" example:"300"`
	TokenType   string `json:"token_type" validate:"required" enums:"Bearer"`
} // @name JetonAcces

// rafraichir renews the access token and rotates the refresh cookie.
//
//	@Summary		Renouveler le jeton d’accès
//	@Description	Lit le cookie de session, en donne un nouveau et renvoie un jeton d’accès de cinq minutes. L’en-tête « Origin » doit être celui de l’application et « X-Requested-With » doit valoir « fetch ».
//	@Description	Avec « habilitation_id », le jeton est émis pour cette habilitation sans changer celle de la session : deux onglets peuvent travailler sous deux habilitations.
//	@Description	Avec « detournement », le jeton est celui de la session ouverte par POST /admin/detournements, qui a son propre cookie : l’onglet d’un détournement et les autres ne se mélangent pas.
//	@Description	Un cookie déjà remplacé depuis plus de trente secondes ferme la session : quelqu’un d’autre en a une copie.
//	@Tags			session
//	@Accept			json
//	@Produce		json
//	@Param			X-Requested-With	header		string			true	"Toujours « fetch »"	enums(fetch)
//	@Param			corps				body		Renouvellement	false	"Habilitation de l’onglet"
//	@Success		200					{object}	JetonAcces		"Jeton d’accès"
//	@Header			200					{string}	Set-Cookie		"Nouveau cookie de session"
//	@Failure		400,401,403,413,415,422,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Router			/auth/refresh [post]
func (r Sessions) rafraichir(c echo.Context) error {
	var corps Renouvellement
	if err := httpapi.BindOptionalJSON(c, &corps); err != nil {
		return err
	}
	if corps.HabilitationID.Present && (corps.HabilitationID.Null || corps.HabilitationID.Value <= 0) {
		return habilitationRequise()
	}
	lire, poser := r.Cookies.lireSession, r.Cookies.poserSession
	if corps.Detournement {
		lire, poser = r.Cookies.lireDetournement, r.Cookies.poserDetournement
	}
	acces, err := r.Service.Rafraichir(c.Request().Context(), compte.Demande{
		Jeton: lire(c), HabilitationID: corps.HabilitationID.Value, Appel: appel(c)})
	if err != nil {
		return err
	}
	httpapi.GiveBack(c, 1)
	now := r.Now()
	if acces.Jeton != "" {
		poser(c, acces.Jeton, acces.SessionExpireLe.Sub(now))
	}
	return c.JSON(http.StatusOK, vueJeton(acces, now))
}

func habilitationRequise() error {
	const detail = "Indiquez le numéro de l’habilitation, un entier supérieur à zéro."
	return fault.New(fault.Invalid, "DONNEES_INVALIDES", detail).
		WithFields(fault.Field{Pointer: "/habilitation_id", Code: "requis", Detail: detail})
}

// Deconnexion says where to go after leaving.
type Deconnexion struct {
	Redirect string `json:"redirect" validate:"required"`
} // @name Deconnexion

// sortir ends the session of the cookie.
//
//	@Summary		Se déconnecter
//	@Description	Ferme la session du cookie et efface celui-ci. « redirect » est l’adresse qui ferme aussi la session CERBERE. Sans session ouverte, la réponse est la même.
//	@Tags			session
//	@Produce		json
//	@Param			X-Requested-With	header		string		true	"Toujours « fetch »"	enums(fetch)
//	@Success		200					{object}	Deconnexion	"Adresse où aller"
//	@Header			200					{string}	Set-Cookie	"Cookie effacé"
//	@Failure		403,413,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Router			/auth/logout [post]
func (r Sessions) sortir(c echo.Context) error {
	if err := r.Service.Fermer(c.Request().Context(), r.Cookies.lireSession(c), appel(c)); err != nil {
		return err
	}
	r.Cookies.effacerSession(c)
	r.Cookies.effacerDetournement(c)
	return c.JSON(http.StatusOK, Deconnexion{Redirect: r.Sortie()})
}

// lire describes the session of the caller.
//
//	@Summary		Lire sa session
//	@Description	Qui vous êtes, sous quelle habilitation ce jeton agit, ce que vous pouvez faire, vos autres habilitations, le menu et les liens du SIAP, les fonctions activées et ce que vous devez savoir.
//	@Tags			session
//	@Produce		json
//	@Success		200				{object}	Session			"Session"
//	@Failure		400,401,403,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/session [get]
func (r Sessions) lire(c echo.Context) error {
	if _, err := httpapi.Query(c); err != nil {
		return err
	}
	res, err := r.Service.Session(c.Request().Context(), httpapi.Principal(c))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, vueSession(res))
}

// ChoixHabilitation is the body of a switch.
type ChoixHabilitation struct {
	HabilitationID httpapi.Optional[int64] `json:"habilitation_id" validate:"required" swaggertype:"integer" minimum:"1" example:"101"`
} // @name ChoixHabilitation

// changer makes another habilitation the active one of the session.
//
//	@Summary		Changer d’habilitation
//	@Description	Après vérification auprès du SIAP, l’habilitation devient celle de la session. Le jeton en cours garde les droits de la précédente : demandez-en un nouveau par POST /auth/refresh.
//	@Description	Une habilitation qui n’est pas la vôtre, ou qui ne donne pas accès, est refusée et l’habilitation en cours est gardée.
//	@Tags			session
//	@Accept			json
//	@Produce		json
//	@Param			corps	body		ChoixHabilitation	true	"Habilitation voulue"
//	@Success		200		{object}	Session				"Session sous la nouvelle habilitation"
//	@Failure		400,401,403,413,415,422,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/session/habilitation [put]
func (r Sessions) changer(c echo.Context) error {
	var corps ChoixHabilitation
	if err := httpapi.BindJSON(c, &corps); err != nil {
		return err
	}
	if corps.HabilitationID.Value <= 0 {
		return habilitationRequise()
	}
	ctx, p := c.Request().Context(), httpapi.Principal(c)
	if err := r.Service.ChangerHabilitation(ctx, p, corps.HabilitationID.Value, appel(c)); err != nil {
		return err
	}
	res, err := r.Service.SessionParDefaut(ctx, p)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, vueSession(res))
}

// PreferencesModifiees is the merge patch of one's own preferences.
type PreferencesModifiees struct {
	Theme            httpapi.Optional[string] `json:"theme" swaggertype:"string" enums:"clair,sombre,systeme"`
	PreferencesEmail httpapi.Optional[string] `json:"preferences_email" swaggertype:"string" enums:"TOUS,PARTIEL,AUCUN"`
} // @name PreferencesModifiees

// modifier changes the preferences of the caller.
//
//	@Summary		Modifier ses préférences
//	@Description	Thème de l’interface et courriels reçus. Les autres champs viennent de CERBERE. « If-Match » est facultatif : sans lui, la dernière écriture l’emporte.
//	@Tags			session
//	@Accept			application/merge-patch+json,json
//	@Produce		json
//	@Param			If-Match	header		string					false	"Version lue, entre guillemets"	example("3")
//	@Param			corps		body		PreferencesModifiees	true	"Préférences à modifier"
//	@Success		200			{object}	SessionUtilisateur		"Compte à jour"
//	@Header			200			{string}	ETag					"Version"
//	@Failure		400,401,403,412,413,415,422,428,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/session/utilisateur [patch]
func (r Sessions) modifier(c echo.Context) error {
	version := 0
	if c.Request().Header.Get("If-Match") != "" {
		var err error
		if version, err = httpapi.IfMatch(c); err != nil {
			return err
		}
	}
	var corps PreferencesModifiees
	if err := httpapi.BindJSON(c, &corps); err != nil {
		return err
	}
	u, err := r.Service.ModifierPreferences(c.Request().Context(), httpapi.Principal(c), version, compte.Preferences{
		Theme: choisi(corps.Theme), PreferencesEmail: choisi(corps.PreferencesEmail)})
	if err != nil {
		return err
	}
	return httpapi.Object(c, http.StatusOK, u.Version, vueUtilisateur(u))
}

// choisi keeps null as a value, which no preference accepts.
func choisi(o httpapi.Optional[string]) *string {
	if !o.Present {
		return nil
	}
	v := o.Value
	return &v
}

// lister lists the open sessions of the caller.
//
//	@Summary		Lister ses sessions ouvertes
//	@Description	Les sessions ouvertes de votre compte, la plus récente d’abord, pour reconnaître un appareil oublié.
//	@Tags			session
//	@Produce		json
//	@Success		200				{array}		SessionOuverte	"Sessions"
//	@Failure		400,401,403,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/sessions [get]
func (r Sessions) lister(c echo.Context) error {
	if _, err := httpapi.Query(c); err != nil {
		return err
	}
	p := httpapi.Principal(c)
	rows, err := r.Service.Sessions(c.Request().Context(), p)
	if err != nil {
		return err
	}
	out := make([]SessionOuverte, 0, len(rows))
	for _, s := range rows {
		out = append(out, SessionOuverte{
			ID: s.ID, CreeLe: s.CreeLe.UTC(), VueLe: s.VueLe.UTC(), Agent: s.Agent, IP: s.IP, Courante: s.ID.String() == p.SessionID,
		})
	}
	return c.JSON(http.StatusOK, out)
}

// fermer ends one session of the caller.
//
//	@Summary		Fermer une de ses sessions
//	@Description	La session fermée ne peut plus rien demander, cinq secondes au plus après la réponse. La session d’une autre personne donne 404.
//	@Tags			session
//	@Produce		json
//	@Param			id	path	string	true	"Identifiant de la session"	format(uuid)
//	@Success		204	"Session fermée"
//	@Failure		401,403,404,413,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/sessions/{id} [delete]
func (r Sessions) fermer(c echo.Context) error {
	id, err := httpapi.UUIDParam(c, "id")
	if err != nil {
		return err
	}
	if err := r.Service.FermerSession(c.Request().Context(), httpapi.Principal(c), id, appel(c)); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// appel says where a request comes from, in the form that sessions and journals keep.
func appel(c echo.Context) compte.Appel {
	return compte.Appel{
		IP: httpapi.TruncateIP(c.RealIP()), Agent: c.Request().UserAgent(), RequeteID: httpapi.RequestID(c), Adresse: httpapi.AddressKey(c),
	}
}
