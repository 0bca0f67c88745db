package web

import (
	"context"
	"net/http"
	"time"

	"apilos/api/auth"
	"apilos/api/compte"
	"apilos/api/httpapi"

	"github.com/labstack/echo/v4"
)

// ServiceComptesLocaux is what the sign-in by password asks for.
type ServiceComptesLocaux interface {
	ConnexionLocale(ctx context.Context, identifiant, motDePasse string, a compte.Appel) (compte.Connecte, error)
	DemanderReinitialisation(ctx context.Context, identifiant string, a compte.Appel) error
	NouveauMotDePasse(ctx context.Context, jeton, motDePasse string, a compte.Appel) error
	ChangerMotDePasse(ctx context.Context, p auth.Principal, actuel, nouveau string, a compte.Appel) error
	Fermer(ctx context.Context, jeton string, a compte.Appel) error
}

// ComptesLocaux serves the accounts with a password, only where CERBERE is not the way in (05 C.6): elsewhere each of
// its routes is not found.
type ComptesLocaux struct {
	Service ServiceComptesLocaux
	Cookies Cookies
	Now     func() time.Time
}

// Routes implements httpapi.Resource. The sign-in sets the cookie of the session: like the routes that this cookie
// drives, it only answers our own pages, so that nobody is signed in without knowing it.
func (r ComptesLocaux) Routes() []httpapi.Route {
	page := httpapi.CookieSession()
	return []httpapi.Route{
		{Method: http.MethodPost, Path: "/auth/login", Access: page, Limit: httpapi.LimitLogin, NoReplay: true, BodyLimit: tailleFormulaire, Handler: r.entrer},
		{Method: http.MethodPost, Path: "/auth/mot-de-passe-oublie", Access: page, Limit: httpapi.LimitLogin, NoReplay: true, BodyLimit: tailleFormulaire, Handler: r.oublie},
		{Method: http.MethodPost, Path: "/auth/nouveau-mot-de-passe", Access: page, Limit: httpapi.LimitLogin, NoReplay: true, BodyLimit: tailleFormulaire, Handler: r.nouveau},
		{Method: http.MethodPut, Path: "/moi/mot-de-passe", Access: httpapi.Authenticated().OpenToReaders(), Limit: httpapi.LimitLogin, BodyLimit: tailleFormulaire, Handler: r.changer},
	}
}

// tailleFormulaire bounds the body of these forms, in bytes.
const tailleFormulaire = 8 << 10

// ConnexionParMotDePasse is the body of a sign-in.
type ConnexionParMotDePasse struct {
	Identifiant string `json:"identifiant" validate:"required" maxLength:"254" example:"nora.essai"`
	MotDePasse  string `json:"mot_de_passe" validate:"required" maxLength:"256"`
} // @name ConnexionParMotDePasse

// entrer signs in with a password.
//
//	@Summary		Se connecter avec un mot de passe
//	@Description	Comptes de la plateforme, là où CERBERE n’est pas utilisé ; ailleurs, 404. L’identifiant est le nom de compte ou l’adresse électronique, sans tenir compte des majuscules.
//	@Description	Un mot de passe faux, un compte inconnu, fermé ou ambigu donnent la même réponse 401. Après trop d’échecs, 429 « account_locked » avec « Retry-After », que le compte existe ou non.
//	@Tags			session
//	@Accept			json
//	@Produce		json
//	@Param			X-Requested-With	header		string					true	"Toujours « fetch »"	enums(fetch)
//	@Param			corps				body		ConnexionParMotDePasse	true	"Identifiant et mot de passe"
//	@Success		200					{object}	JetonAcces				"Jeton d’accès"
//	@Header			200					{string}	Set-Cookie				"Cookie de session"
//	@Failure		400,401,403,404,413,415,422,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Router			/auth/login [post]
func (r ComptesLocaux) entrer(c echo.Context) error {
	var corps ConnexionParMotDePasse
	if err := httpapi.BindJSON(c, &corps); err != nil {
		return err
	}
	ctx := c.Request().Context()
	connecte, err := r.Service.ConnexionLocale(ctx, corps.Identifiant, corps.MotDePasse, appel(c))
	if err != nil {
		return err
	}
	if ancien := r.Cookies.lireSession(c); ancien != "" { // it can no longer be reached
		if err := r.Service.Fermer(ctx, ancien, appel(c)); err != nil {
			return err
		}
	}
	httpapi.GiveBack(c, 1)
	now := r.Now()
	r.Cookies.poserSession(c, connecte.Ouverte.Jeton, connecte.Ouverte.ExpireLe.Sub(now))
	return c.JSON(http.StatusOK, vueJeton(connecte.Acces, now))
}

func vueJeton(a compte.Acces, now time.Time) JetonAcces {
	return JetonAcces{AccessToken: a.AccessToken, TokenType: "Bearer", ExpiresIn: max(0, int(a.ExpireLe.Sub(now).Seconds()))}
}

// MotDePasseOublie is the body of a request for a link.
type MotDePasseOublie struct {
	Identifiant string `json:"identifiant" validate:"required" maxLength:"254" example:"nora@example.org"`
} // @name MotDePasseOublie

// oublie has a link sent.
//
//	@Summary		Demander un lien de réinitialisation
//	@Description	Si un compte actif porte cet identifiant ou cette adresse, un courriel lui est envoyé avec un lien utilisable une fois pendant 60 minutes. La réponse est la même dans tous les cas. Cinq liens par heure et par compte au plus.
//	@Tags			session
//	@Accept			json
//	@Produce		json
//	@Param			X-Requested-With	header	string				true	"Toujours « fetch »"	enums(fetch)
//	@Param			corps				body	MotDePasseOublie	true	"Identifiant ou adresse électronique"
//	@Success		202	"Demande reçue"
//	@Failure		400,403,404,413,415,422,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Router			/auth/mot-de-passe-oublie [post]
func (r ComptesLocaux) oublie(c echo.Context) error {
	var corps MotDePasseOublie
	if err := httpapi.BindJSON(c, &corps); err != nil {
		return err
	}
	if err := r.Service.DemanderReinitialisation(c.Request().Context(), corps.Identifiant, appel(c)); err != nil {
		return err
	}
	return c.NoContent(http.StatusAccepted)
}

// NouveauMotDePasse is the body that sets a password with a link.
type NouveauMotDePasse struct {
	Jeton      string `json:"jeton" validate:"required" maxLength:"100"`
	MotDePasse string `json:"mot_de_passe" validate:"required" maxLength:"256"`
} // @name NouveauMotDePasse

// nouveau sets a password with a link.
//
//	@Summary		Choisir un nouveau mot de passe avec un lien
//	@Description	Le lien sert une seule fois. Toutes les sessions du compte sont fermées. Le mot de passe compte au moins 12 caractères, n’est pas fait de chiffres seulement, ne ressemble pas à vos nom, identifiant ou adresse et n’est pas parmi les plus courants.
//	@Tags			session
//	@Accept			json
//	@Produce		json
//	@Param			X-Requested-With	header	string				true	"Toujours « fetch »"	enums(fetch)
//	@Param			corps				body	NouveauMotDePasse	true	"Jeton du lien et mot de passe"
//	@Success		204	"Mot de passe enregistré"
//	@Failure		400,403,404,413,415,422,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Router			/auth/nouveau-mot-de-passe [post]
func (r ComptesLocaux) nouveau(c echo.Context) error {
	var corps NouveauMotDePasse
	if err := httpapi.BindJSON(c, &corps); err != nil {
		return err
	}
	if err := r.Service.NouveauMotDePasse(c.Request().Context(), corps.Jeton, corps.MotDePasse, appel(c)); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// ChangementMotDePasse is the body of a change of password.
type ChangementMotDePasse struct {
	Actuel  string `json:"actuel" validate:"required" maxLength:"256"`
	Nouveau string `json:"nouveau" validate:"required" maxLength:"256"`
} // @name ChangementMotDePasse

// changer replaces the caller's password.
//
//	@Summary		Changer son mot de passe
//	@Description	Ferme vos autres sessions. Un mot de passe actuel faux compte comme un échec de connexion. Impossible pendant un détournement, quel que soit son mode.
//	@Tags			session
//	@Accept			json
//	@Produce		json
//	@Param			corps	body	ChangementMotDePasse	true	"Mot de passe actuel et nouveau"
//	@Success		204	"Mot de passe changé"
//	@Failure		400,401,403,404,413,415,422,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/moi/mot-de-passe [put]
func (r ComptesLocaux) changer(c echo.Context) error {
	var corps ChangementMotDePasse
	if err := httpapi.BindJSON(c, &corps); err != nil {
		return err
	}
	if err := r.Service.ChangerMotDePasse(c.Request().Context(), httpapi.Principal(c), corps.Actuel, corps.Nouveau, appel(c)); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
