package web

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"apilos/api/cerbere"
	"apilos/api/compte"
	"apilos/api/fault"
	"apilos/api/httpapi"
	"apilos/api/securite"

	"github.com/labstack/echo/v4"
)

// Addresses of the sign-in, at the root of the server. The first one is registered at CERBERE.
const (
	cheminConnexion   = "/accounts/cerbere-login"
	cheminDeconnexion = "/accounts/cerbere-logout"
	prefixeAccounts   = "/accounts"
)

// ServiceConnexion is what signing in and out asks for.
type ServiceConnexion interface {
	ConsommerTicket(ctx context.Context, ticket string, a compte.Appel) error
	OuvrirSession(ctx context.Context, o compte.Ouverture) (compte.Ouverte, error)
	OuvrirSessionSimulee(ctx context.Context, utilisateurID, habilitationID int64, a compte.Appel) (compte.Ouverte, error)
	SessionOuverte(ctx context.Context, jeton string) (bool, error)
	Fermer(ctx context.Context, jeton string, a compte.Appel) error
	FermerParTickets(ctx context.Context, tickets []string, a compte.Appel) (int, error)
	LienGestion(ctx context.Context) string
}

// Cerbere is the CAS server.
type Cerbere interface {
	LoginURL(service string) string
	LogoutURL(retour string) string
	Validate(ctx context.Context, ticket, service string) (compte.Identite, error)
}

// Accounts serves the pages of the sign-in (05 C.1). They are visited by browsers, not called by scripts:
// its errors are pages, written by PagesConnexion.
type Accounts struct {
	Service ServiceConnexion
	Cerbere Cerbere // nil: no CERBERE, people sign in with a password in the application
	Cookies Cookies
	Pages   PagesConnexion
	Log     *slog.Logger
	Now     func() time.Time
	// BaseURL is PUBLIC_BASE_URL, without its final slash.
	BaseURL string
	// SansEtat is CAS_SERVICE_STATE=off: no guard against a sign-in begun elsewhere.
	SansEtat bool
	// UtilisateurSimule is MOCK_CERBERE_USER_ID: every visitor is that account. Development and test only.
	UtilisateurSimule int64
}

// Routes implements httpapi.Resource; they are mounted at the root of the server, without the guard that
// forbids a GET to write: opening a session is the purpose of the return from CERBERE.
func (a Accounts) Routes() []httpapi.Route {
	return []httpapi.Route{
		{Method: http.MethodGet, Path: cheminConnexion, Access: httpapi.Public(), Limit: httpapi.LimitLogin, Handler: a.entrer},
		{Method: http.MethodPost, Path: cheminConnexion, Access: httpapi.Public(), BodyLimit: maxDeconnexionCAS, Handler: a.deconnexionCAS},
		{Method: http.MethodGet, Path: cheminDeconnexion, Access: httpapi.Public(), Handler: a.confirmer},
		{Method: http.MethodPost, Path: cheminDeconnexion, Access: httpapi.Public(), BodyLimit: 4 << 10, Handler: a.sortir},
		{Method: http.MethodGet, Path: cheminStyle, Access: httpapi.Public(), Handler: a.Pages.style},
	}
}

// maxDeconnexionCAS leaves room for the percent encoding of a message of 16 KiB.
const maxDeconnexionCAS = 4 * cerbere.MaxLogoutRequest

// Sortie is where a browser goes once our session is ended.
func (a Accounts) Sortie() string {
	if a.Cerbere == nil {
		return a.BaseURL + "/"
	}
	return a.Cerbere.LogoutURL(a.BaseURL + "/")
}

// entrer starts a sign-in, or ends one when CERBERE sends the browser back with a ticket.
func (a Accounts) entrer(c echo.Context) error {
	suite := cheminSur(c.QueryParam("next"))
	c.Response().Header().Set("Referrer-Policy", "no-referrer") // the address may hold a ticket
	switch {
	case c.Request().Method == http.MethodHead: // a link scanner must not use a ticket up
		return c.NoContent(http.StatusOK)
	case a.UtilisateurSimule != 0:
		return a.entrerSansCerbere(c, suite)
	case a.Cerbere == nil: // local accounts: the form is a page of the application (05 C.6)
		return c.Redirect(http.StatusFound, "/connexion?"+url.Values{"next": {suite}}.Encode())
	case c.QueryParam("ticket") != "":
		return a.revenir(c, suite)
	}
	ouverte, err := a.Service.SessionOuverte(c.Request().Context(), a.Cookies.lireSession(c))
	if err != nil {
		return err
	}
	if ouverte {
		httpapi.GiveBack(c, 1)
		return c.Redirect(http.StatusFound, suite)
	}
	etat := ""
	if !a.SansEtat {
		// The same mark serves every tab that signs in at the same time in this browser.
		if etat = a.Cookies.lireEtat(c); !etatPlausible(etat) {
			etat = nouvelEtat()
		}
		a.Cookies.poserEtat(c, etat)
	}
	return c.Redirect(http.StatusFound, a.Cerbere.LoginURL(a.service(suite, etat)))
}

// service is the address CERBERE sends back to. The ticket is bound to it, to the letter.
func (a Accounts) service(suite, etat string) string {
	q := url.Values{"next": {suite}}
	if etat != "" {
		q.Set("st", etat)
	}
	return a.BaseURL + cheminConnexion + "?" + q.Encode()
}

const octetsEtat = 16

func nouvelEtat() string {
	b := make([]byte, octetsEtat)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return base64.RawURLEncoding.EncodeToString(b)
}

func etatPlausible(etat string) bool {
	b, err := base64.RawURLEncoding.DecodeString(etat)
	return err == nil && len(b) == octetsEtat
}

// revenir validates the ticket and opens the session.
func (a Accounts) revenir(c echo.Context, suite string) error {
	ctx, ticket, etat := c.Request().Context(), c.QueryParam("ticket"), c.QueryParam("st")
	reprise := cheminConnexion + "?" + url.Values{"next": {suite}}.Encode()
	if !a.SansEtat {
		attendu := a.Cookies.lireEtat(c)
		if !etatPlausible(etat) || subtle.ConstantTimeCompare([]byte(etat), []byte(attendu)) != 1 {
			httpapi.SecurityEvent(c, a.Log, securite.EtatConnexion, securite.Refus)
			return fault.New(fault.Forbidden, "etat_connexion_invalide",
				"Cette connexion n’a pas été commencée dans ce navigateur, ou a pris trop de temps. Recommencez-la.").With("reprise", reprise)
		}
	} else {
		etat = ""
	}
	if err := a.Service.ConsommerTicket(ctx, ticket, appel(c)); err != nil {
		return avecReprise(err, reprise)
	}
	identite, err := a.Cerbere.Validate(ctx, ticket, a.service(suite, etat))
	if err != nil {
		return a.refusCerbere(c, err).With("reprise", reprise)
	}
	ouverte, err := a.Service.OuvrirSession(ctx, compte.Ouverture{
		Identite: identite, Ticket: ticket, HabilitationID: habilitationDemandee(suite), Appel: appel(c)})
	if err != nil {
		return a.refusCompte(ctx, err, reprise)
	}
	return a.installer(c, ouverte, suite)
}

// entrerSansCerbere signs in the simulated account.
func (a Accounts) entrerSansCerbere(c echo.Context, suite string) error {
	ctx := c.Request().Context()
	ouverte, err := a.Service.OuvrirSessionSimulee(ctx, a.UtilisateurSimule, habilitationDemandee(suite), appel(c))
	if err != nil {
		return a.refusCompte(ctx, err, cheminConnexion+"?"+url.Values{"next": {suite}}.Encode())
	}
	return a.installer(c, ouverte, suite)
}

// installer gives the browser its cookie. The session it had, if any, can no longer be reached: it is ended.
func (a Accounts) installer(c echo.Context, o compte.Ouverte, suite string) error {
	if ancien := a.Cookies.lireSession(c); ancien != "" {
		if err := a.Service.Fermer(c.Request().Context(), ancien, appel(c)); err != nil {
			return err
		}
	}
	a.Cookies.poserSession(c, o.Jeton, o.ExpireLe.Sub(a.Now()))
	httpapi.GiveBack(c, 2) // the departure to CERBERE and the return
	return c.Redirect(http.StatusFound, suite)
}

// refusCerbere translates a failure of CERBERE and logs it: its text never holds the ticket.
func (a Accounts) refusCerbere(c echo.Context, err error) *fault.Error {
	httpapi.SecurityEvent(c, a.Log, securite.RefusCerbere, securite.Refus, "error", err.Error())
	switch {
	case errors.Is(err, cerbere.ErrUnavailable):
		return fault.New(fault.Unavailable, "cerbere_indisponible",
			"CERBERE ne répond pas : la connexion est impossible pour le moment. Réessayez dans quelques minutes.").Because(err)
	case errors.Is(err, cerbere.ErrInvalidAnswer):
		return fault.New(fault.BadGateway, "cerbere_reponse_invalide",
			"La réponse de CERBERE n’a pas pu être lue. Réessayez ; si le problème persiste, prévenez l’assistance.").Because(err)
	}
	return fault.New(fault.Forbidden, "ticket_refuse",
		"CERBERE n’a pas confirmé votre connexion : elle a expiré ou a déjà servi. Recommencez-la.").Because(err)
}

// refusCompte adds to a refusal the links that the page offers.
func (a Accounts) refusCompte(ctx context.Context, err error, reprise string) error {
	f := fault.As(err)
	if f == nil {
		return err
	}
	f = f.With("reprise", reprise)
	if lien := a.Service.LienGestion(ctx); lien != "" && f.Kind == fault.Forbidden {
		f = f.With("lien_gestion", lien)
	}
	return f
}

func avecReprise(err error, reprise string) error {
	if f := fault.As(err); f != nil {
		return f.With("reprise", reprise)
	}
	return err
}

// habilitationDemandee reads ?habilitation_id= in the address to show: how SIAP sends people to us (05 C.4).
func habilitationDemandee(suite string) int64 {
	u, err := url.Parse(suite)
	if err != nil {
		return 0
	}
	id, err := strconv.ParseInt(u.Query().Get("habilitation_id"), 10, 64)
	if err != nil || id < 0 {
		return 0
	}
	return id
}

// deconnexionCAS ends the sessions of the tickets that CERBERE names (single logout). It answers 200 whatever
// happens, so that nothing can be learnt from it.
func (a Accounts) deconnexionCAS(c echo.Context) error {
	message := c.FormValue("logoutRequest")
	tickets, err := cerbere.ParseLogoutRequest([]byte(message))
	if err != nil {
		httpapi.SecurityEvent(c, a.Log, securite.MessageCASRefuse, securite.Refus, "error", err.Error())
		return c.NoContent(http.StatusOK)
	}
	if _, err := a.Service.FermerParTickets(c.Request().Context(), tickets, appel(c)); err != nil {
		a.Log.ErrorContext(c.Request().Context(), "single logout failed", "request_id", httpapi.RequestID(c), "error", err.Error())
	}
	return c.NoContent(http.StatusOK)
}

// confirmer shows the page that asks whether to leave; a GET changes nothing.
func (a Accounts) confirmer(c echo.Context) error {
	return a.Pages.ecrire(c, http.StatusOK, pageConnexion{
		Titre: "Se déconnecter", Texte: "Vous allez fermer votre session sur APiLos et sur CERBERE.",
		Formulaire: cheminDeconnexion, Bouton: "Se déconnecter",
		Liens: []lienPage{{Libelle: "Rester connecté", URL: cheminSur(c.QueryParam("next"))}},
	})
}

// sortir ends the session of the browser. The form of the page above is the only one that may post here.
func (a Accounts) sortir(c echo.Context) error {
	if !a.memeOrigine(c.Request()) {
		return fault.New(fault.Forbidden, "requete_inter_site",
			"Cette demande ne vient pas de l’application. Revenez à l’application et recommencez.")
	}
	if err := a.Service.Fermer(c.Request().Context(), a.Cookies.lireSession(c), appel(c)); err != nil {
		return err
	}
	a.Cookies.effacerSession(c)
	a.Cookies.effacerDetournement(c)
	return c.Redirect(http.StatusSeeOther, a.Sortie())
}

// memeOrigine wants a post of one of our own pages, as the browser says it.
func (a Accounts) memeOrigine(r *http.Request) bool {
	site, origines := r.Header.Get("Sec-Fetch-Site"), r.Header.Values(echo.HeaderOrigin)
	if site != "" && site != "same-origin" {
		return false
	}
	switch len(origines) {
	case 0:
		return site == "same-origin"
	case 1:
		return strings.EqualFold(origines[0], origineDe(a.BaseURL))
	}
	return false
}

func origineDe(adresse string) string {
	u, err := url.Parse(adresse)
	if err != nil || u.Host == "" {
		return "\x00" // equals nothing
	}
	return u.Scheme + "://" + u.Host
}

// maxSuite bounds the address to come back to.
const maxSuite = 2000

// cheminSur returns next when it is a path of this very site, else "/" (05 C.1 step 6): one slash first, no
// backslash, no control character, nothing that a browser could read as another host. The sign-in pages
// themselves are no destination.
func cheminSur(next string) string {
	if len(next) > maxSuite || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.Contains(next, `\`) {
		return "/"
	}
	for _, r := range next {
		if r < ' ' || r == 0x7f || (r >= 0x80 && r < 0xa0) || r == '\ufffd' {
			return "/"
		}
	}
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil {
		return "/"
	}
	if u.Path == prefixeAccounts || strings.HasPrefix(u.Path, prefixeAccounts+"/") || strings.HasPrefix(u.Path, "//") {
		return "/"
	}
	return u.String()
}
