package depotapi

import (
	"net/http"
	"time"

	"apilos/api/depot"
	"apilos/api/httpapi"

	"github.com/labstack/echo/v4"
)

// creerHabilitation asks for the agreement of a commune.
//
//	@Summary		Demander une habilitation
//	@Description	Ouvre une demande d’habilitation de votre client pour une commune.
//	@Tags			habilitations
//	@Param			codeCommune	path		string			true	"Code INSEE d’une commune actuelle"	example(87085)
//	@Success		201			{object}	HabilitationVue	"Habilitation en attente"
//	@Failure		401,403,404,429,500,503	{object}	Erreur	"Refus"
//	@Security		ClientAuth
//	@Router			/communes/{codeCommune}/habilitations [post]
func (r *API) creerHabilitation(c echo.Context) error {
	code := parametre(c, "codeCommune")
	if err := r.Service.CommuneHabilitable(code); err != nil {
		return err
	}
	a, err := r.client(c)
	if err != nil {
		return err
	}
	h, err := r.Service.CreerHabilitation(c.Request().Context(), a, code)
	if err != nil {
		return err
	}
	return repondre(c, http.StatusCreated, vueHabilitation(h))
}

// courriels lists the addresses of a mairie.
//
//	@Summary		Lister les courriels connus de la mairie
//	@Description	Les adresses de la mairie dans l’annuaire de l’administration ; une liste vide quand il ne répond pas.
//	@Tags			habilitations
//	@Param			codeCommune	path	string	true	"Code INSEE"	example(87085)
//	@Success		200			{array}	string	"Adresses"
//	@Failure		404,429,500,503	{object}	Erreur	"Refus"
//	@Router			/communes/{codeCommune}/emails [get]
func (r *API) courriels(c echo.Context) error {
	liste, err := r.Service.CourrielsCommune(c.Request().Context(), parametre(c, "codeCommune"))
	if err != nil {
		return err
	}
	return repondre(c, http.StatusOK, liste)
}

// habilitation checks the habilitation of the path, then the caller, then that they may drive it.
func (r *API) habilitation(c echo.Context) (*depot.Habilitation, depot.Acteur, error) {
	h, err := r.Service.Habilitation(c.Request().Context(), parametre(c, "habilitationId"))
	if err != nil {
		return nil, depot.Acteur{}, err
	}
	a, err := r.clientOuAdmin(c)
	if err != nil {
		return nil, a, err
	}
	return h, a, r.Service.Accessible(a, h)
}

// lireHabilitation reads a habilitation.
//
//	@Summary		Lire une habilitation
//	@Description	L’habilitation, sans son code, pour le client qui l’a demandée.
//	@Tags			habilitations
//	@Param			habilitationId	path		string			true	"Identifiant de l’habilitation"
//	@Success		200				{object}	HabilitationVue	"Habilitation"
//	@Failure		400,401,403,404,429,500,503	{object}	Erreur	"Refus"
//	@Security		ClientAuth
//	@Router			/habilitations/{habilitationId} [get]
func (r *API) lireHabilitation(c echo.Context) error {
	h, a, err := r.habilitation(c)
	if err != nil {
		return err
	}
	client := a.Client
	if client == nil || client.ID != h.ClientID {
		if client, err = r.Service.LireClient(c.Request().Context(), h.ClientID); err != nil {
			return err
		}
	}
	v := vueHabilitation(h)
	public := clientPublic(client)
	v.Client = &public
	return repondreLu(c, v)
}

// maxIDs is how many habilitations may be asked about at once.
const maxIDs = 1000

// DemandeValidite is the body of are-valid.
type DemandeValidite struct {
	IDs []string `json:"ids" validate:"required" maxItems:"1000"`
} // @name DemandeValidite

// valides tells which habilitations are valid.
//
//	@Summary		Vérifier des habilitations
//	@Description	Pour chaque identifiant donné, vrai si l’habilitation est acceptée et n’a pas expiré.
//	@Tags			habilitations
//	@Param			corps	body		DemandeValidite	true	"Identifiants, 1000 au plus"
//	@Success		200		{object}	map[string]bool	"Validité par identifiant"
//	@Failure		400,401,403,413,429,500,503	{object}	Erreur	"Refus"
//	@Security		ClientAuth
//	@Router			/habilitations/are-valid [post]
func (r *API) valides(c echo.Context) error {
	if _, err := r.clientOuAdmin(c); err != nil {
		return err
	}
	b, err := lireCorps(c)
	if err != nil {
		return err
	}
	ids := b.ids("ids", maxIDs)
	if err := b.erreur(); err != nil {
		return err
	}
	out, err := r.Service.Valides(c.Request().Context(), ids)
	if err != nil {
		return err
	}
	return repondre(c, http.StatusOK, out)
}

// accepter accepts a habilitation by an administrator.
//
//	@Summary		Accepter une habilitation
//	@Description	Accepte l’habilitation sans autre preuve.
//	@Tags			habilitations
//	@Param			habilitationId	path		string			true	"Identifiant de l’habilitation"
//	@Success		200				{object}	HabilitationVue	"Habilitation acceptée"
//	@Failure		400,403,404,429,500,503	{object}	Erreur	"Refus"
//	@Security		AdminAuth
//	@Router			/habilitations/{habilitationId}/validate [put]
func (r *API) accepter(c echo.Context) error {
	ctx, id := c.Request().Context(), parametre(c, "habilitationId")
	if _, err := r.Service.Habilitation(ctx, id); err != nil {
		return err
	}
	a, err := r.admin(c)
	if err != nil {
		return err
	}
	h, err := r.Service.Accepter(ctx, a, id)
	if err != nil {
		return err
	}
	return repondre(c, http.StatusOK, vueHabilitation(h))
}

// DemandeCode is the body of send-pin-code.
type DemandeCode struct {
	Email string `json:"email" validate:"required" example:"mairie@example.org"`
} // @name DemandeCode

// envoyerCode sends a code to the mairie.
//
//	@Summary		Envoyer un code à la mairie
//	@Description	Envoie un code à six chiffres, valable 24 heures, à une adresse connue de la mairie. Un envoi toutes les cinq minutes.
//	@Tags			habilitations
//	@Produce		plain
//	@Param			habilitationId	path		string		true	"Identifiant de l’habilitation"
//	@Param			corps			body		DemandeCode	true	"Adresse de la mairie"
//	@Success		200				{string}	string		"OK"
//	@Failure		400,401,403,404,409,412,413,429,500,503	{object}	Erreur	"Refus"
//	@Security		ClientAuth
//	@Router			/habilitations/{habilitationId}/authentication/email/send-pin-code [post]
func (r *API) envoyerCode(c echo.Context) error {
	h, a, err := r.habilitation(c)
	if err != nil {
		return err
	}
	b, err := lireCorps(c)
	if err != nil {
		return err
	}
	courriel := b.email("email", true)
	if err := b.erreur(); err != nil {
		return err
	}
	if err := httpapi.TakeLimit(c, LimiteCourriel, h.ClientID); err != nil {
		return err
	}
	if err := r.Service.EnvoyerCode(c.Request().Context(), a, h.ID, *courriel); err != nil {
		return err
	}
	return c.String(http.StatusOK, "OK")
}

// SaisieCode is the body of validate-pin-code.
type SaisieCode struct {
	Code string `json:"code" validate:"required" example:"042137"`
} // @name SaisieCode

// validerCode checks a code.
//
//	@Summary		Vérifier le code
//	@Description	Le bon code accepte l’habilitation ; dix mauvais codes la rejettent.
//	@Tags			habilitations
//	@Produce		plain
//	@Param			habilitationId	path		string		true	"Identifiant de l’habilitation"
//	@Param			corps			body		SaisieCode	true	"Code reçu"
//	@Success		200				{string}	string		"OK"
//	@Failure		400,401,403,404,412,413,429,500,503	{object}	Erreur	"Refus"
//	@Security		ClientAuth
//	@Router			/habilitations/{habilitationId}/authentication/email/validate-pin-code [post]
func (r *API) validerCode(c echo.Context) error {
	h, a, err := r.habilitation(c)
	if err != nil {
		return err
	}
	b, err := lireCorps(c)
	if err != nil {
		return err
	}
	code := b.chiffres("code")
	if err := b.erreur(); err != nil {
		return err
	}
	if err := r.Service.ValiderCode(c.Request().Context(), a, h.ID, *code); err != nil {
		return err
	}
	return c.String(http.StatusOK, "OK")
}

// chiffres reads a required text made of digits.
func (b *corps) chiffres(nom string) *string {
	v, _ := b.present(nom)
	s, _ := v.(string)
	if s == "" || len(s) > 20 {
		b.refuser(nom, "must be a number string")
		return nil
	}
	for _, r := range s {
		if r < '0' || r > '9' {
			b.refuser(nom, "must be a number string")
			return nil
		}
	}
	return &s
}

// cookieEtat carries the signed state of a sign-in through ProConnect.
const (
	cookieEtat = "depot_proconnect"
	dureeEtat  = 10 * time.Minute
)

func (r *API) cookie(valeur string, duree time.Duration) *http.Cookie {
	return &http.Cookie{ // Lax: the cookie must come back with the redirection of ProConnect
		Name: cookieEtat, Value: valeur, Path: r.Base + "/habilitations", MaxAge: int(duree.Seconds()), HttpOnly: true, Secure: !r.CookieSansTLS, SameSite: http.SameSiteLaxMode,
	}
}

// proConnect starts the sign-in of an agent of the mairie.
//
//	@Summary		Commencer ProConnect
//	@Description	Envoie le navigateur d’un agent de la mairie vers ProConnect. Une habilitation déjà décidée renvoie aussitôt vers « redirectUrl ».
//	@Tags			habilitations
//	@Param			habilitationId	path	string	true	"Identifiant de l’habilitation"
//	@Param			redirectUrl		query	string	true	"Adresse de retour, d’une origine autorisée"
//	@Success		302				"Vers ProConnect"
//	@Failure		400,404,429,500,502,503	{object}	Erreur	"Refus"
//	@Router			/habilitations/{habilitationId}/authentication/proconnect [get]
func (r *API) proConnect(c echo.Context) error {
	ctx := c.Request().Context()
	h, err := r.Service.Habilitation(ctx, parametre(c, "habilitationId"))
	if err != nil {
		return err
	}
	d, err := r.Service.CommencerProConnect(ctx, h, c.QueryParam("redirectUrl"))
	if err != nil {
		return err
	}
	if d.Etat != "" {
		c.SetCookie(r.cookie(r.Signeur.SignerEtat(d.Etat), dureeEtat))
	}
	return c.Redirect(http.StatusFound, d.URL)
}

// retourProConnect ends the sign-in.
//
//	@Summary		Retour de ProConnect
//	@Description	Compare le SIRET de l’agent à ceux de la mairie, décide de l’habilitation, puis renvoie le navigateur à l’adresse donnée au départ.
//	@Tags			habilitations
//	@Param			code	query	string	false	"Code d’autorisation"
//	@Param			state	query	string	true	"État donné au départ"
//	@Success		302		"Vers l’adresse de retour"
//	@Failure		400,404,429,500,502,503	{object}	Erreur	"Refus"
//	@Router			/habilitations/proconnect/callback [get]
func (r *API) retourProConnect(c echo.Context) error {
	etat := c.QueryParam("state")
	ck, err := c.Cookie(cookieEtat)
	if err != nil || !r.Signeur.EtatSigne(ck.Value, etat) {
		return depot.ErrSession()
	}
	c.SetCookie(r.cookie("", -time.Second))
	retour, err := r.Service.FinirProConnect(c.Request().Context(), appelant(c), etat, c.QueryParam("code"))
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusFound, retour)
}
