package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"apilos/api/cerbere"
	"apilos/api/httpapi"
	"apilos/api/httpapi/web"
	"apilos/api/sim"

	"github.com/stretchr/testify/require"
)

func TestConnexion_nominal(t *testing.T) {
	for _, protocole := range []cerbere.Protocol{cerbere.SAML11, cerbere.CAS3} {
		t.Run(string(protocole), func(t *testing.T) {
			b := nouveauBancConnexion(t, reglageConnexion{protocole: protocole})
			n := b.navigateur()
			res := n.entrer(marie, "/conventions?statut=PROJET")
			require.Equal(t, http.StatusFound, res.StatusCode, res.corps)
			require.Equal(t, "/conventions?statut=PROJET", res.Header.Get("Location"))
			require.Equal(t, "no-referrer", res.Header.Get("Referrer-Policy"))
			require.Equal(t, "no-store", res.Header.Get("Cache-Control"))
			require.Equal(t, http.StatusOK, n.rafraichir("").StatusCode)
			s := n.api("GET", "/session", "").json(t)
			require.Equal(t, "Porcelaine Habitat", s["entite"].(map[string]any)["nom"])
			require.Equal(t, "BAILLEUR", s["typologie"])

			res = n.visiter("/accounts/cerbere-login?next=/operations")
			require.Equal(t, "/operations", res.Header.Get("Location"), "signed in already: CERBERE is not asked")
		})
	}
}

func TestConnexion_cookiesAreThoseOfTheSpecification(t *testing.T) {
	b := nouveauBancConnexion(t, reglageConnexion{tls: true})
	etats := b.navigateur().visiter("/accounts/cerbere-login").Header.Values("Set-Cookie")
	require.Len(t, etats, 1)
	require.Regexp(t, `^__Host-connexion=[A-Za-z0-9_-]{22}; Path=/; Max-Age=600; HttpOnly; Secure; SameSite=Lax$`, etats[0])

	// A browser over plain HTTP would not send a Secure cookie back: the return is played by hand.
	n := b.navigateur()
	res := n.visiter("/accounts/cerbere-login?next=/x")
	cookie, _, _ := strings.Cut(res.Header.Get("Set-Cookie"), ";")
	res = n.visiter(res.Header.Get("Location") + "&as=" + url.QueryEscape(marie))
	res = n.envoyer("GET", res.Header.Get("Location"), "", "Cookie", cookie)
	require.Equal(t, http.StatusFound, res.StatusCode, res.corps)
	session := res.Header.Get("Set-Cookie")
	require.Regexp(t, `^__Host-refresh=[A-Za-z0-9_-]{43}; Path=/; Max-Age=21600; HttpOnly; Secure; SameSite=Strict$`, session)

	cookie, _, _ = strings.Cut(session, ";")
	res = n.api("POST", "/auth/logout", "", append(b.deLaPage(), "Cookie", cookie)...)
	require.Equal(t, http.StatusOK, res.StatusCode)
	require.Equal(t, `__Host-refresh=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Strict`, res.Header.Get("Set-Cookie"))
}

func TestConnexion_cookieOfDevelopmentHasNoTLS(t *testing.T) {
	b := nouveauBancConnexion(t, reglageConnexion{})
	res := b.navigateur().entrer(marie, "/")
	require.Regexp(t, `^refresh=[A-Za-z0-9_-]{43}; Path=/; Max-Age=21600; HttpOnly; SameSite=Strict$`, res.Header.Get("Set-Cookie"))
}

// 05 C.1 step 6.
func TestConnexion_openRedirectRefused(t *testing.T) {
	b := nouveauBancConnexion(t, reglageConnexion{})
	n := b.navigateur()
	require.Equal(t, http.StatusFound, n.entrer(marie, "/").StatusCode)
	for next, voulu := range map[string]string{
		"/conventions":                    "/conventions",
		"/conventions?a=b&c=%2F":          "/conventions?a=b&c=%2F",
		"/conventions?habilitation_id=12": "/conventions?habilitation_id=12",
		"/a#b":                            "/a#b",
		"/é":                              "/%C3%A9",
		"":                                "/",
		"conventions":                     "/",
		"//evil.example":                  "/",
		"///evil.example":                 "/",
		`/\evil.example`:                  "/",
		`\\evil.example`:                  "/",
		`/a\b`:                            "/",
		"/\t/evil.example":                "/",
		"/\n/evil.example":                "/",
		"/\r\nSet-Cookie: a=b":            "/",
		"/\x00":                           "/",
		"/\u0085/evil.example":            "/",
		"/%2F/evil.example":               "/",
		"https://evil.example/":           "/",
		"javascript:alert(1)":             "/",
		" /conventions":                   "/",
		"/accounts/cerbere-login?next=/":  "/",
		"/accounts/cerbere-logout":        "/",
		"/%zz":                            "/",
		"/" + strings.Repeat("a", 3000):   "/",
		"/\xff":                           "/",
	} {
		res := n.visiter("/accounts/cerbere-login?next=" + url.QueryEscape(next))
		require.Equal(t, http.StatusFound, res.StatusCode, "%q", next)
		require.Equal(t, voulu, res.Header.Get("Location"), "%q", next)
	}
}

func TestConnexion_loginCSRFGuard(t *testing.T) {
	b := nouveauBancConnexion(t, reglageConnexion{})
	attaquant, victime := b.navigateur(), b.navigateur()
	piege := attaquant.retour(marie, "/")

	res := victime.visiter(piege)
	require.Equal(t, http.StatusForbidden, res.StatusCode, "never began a sign-in")
	victime.visiter("/accounts/cerbere-login")
	res = victime.visiter(piege)
	require.Equal(t, http.StatusForbidden, res.StatusCode, "began another one")
	require.Empty(t, victime.cookie("refresh"))
	require.Empty(t, b.sim.Requests("cas.validate"), "CERBERE is not even asked")
	require.Contains(t, b.journal.String(), `"event":"connexion.etat"`)

	require.Equal(t, http.StatusFound, attaquant.visiter(piege).StatusCode, "its own browser may go on")
}

func TestConnexion_twoTabsOfOneBrowserMaySignInTogether(t *testing.T) {
	b := nouveauBancConnexion(t, reglageConnexion{})
	n := b.navigateur()
	un, deux := n.retour(marie, "/un"), n.retour(marie, "/deux")
	require.Equal(t, "/un", n.visiter(un).Header.Get("Location"))
	require.Equal(t, "/deux", n.visiter(deux).Header.Get("Location"))
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM session WHERE revoquee_le IS NULL`), "the session that no cookie reaches is ended")
}

func TestConnexion_stateOff(t *testing.T) {
	b := nouveauBancConnexion(t, reglageConnexion{accounts: func(a *web.Accounts) { a.SansEtat = true }})
	n := b.navigateur()
	retour := n.retour(marie, "/x")
	require.NotContains(t, retour, "st=")
	require.Equal(t, "/x", n.visiter(retour).Header.Get("Location"))
}

func TestConnexion_replayedTicket(t *testing.T) {
	b := nouveauBancConnexion(t, reglageConnexion{})
	n := b.navigateur()
	retour := n.retour(marie, "/x")
	require.Equal(t, http.StatusFound, n.visiter(retour).StatusCode)
	appels := len(b.sim.Requests("cas.validate"))
	res := n.visiter(retour)
	require.Equal(t, http.StatusForbidden, res.StatusCode)
	require.Contains(t, res.corps, "a déjà servi")
	require.Len(t, b.sim.Requests("cas.validate"), appels, "refused before CERBERE is asked")
}

func TestConnexion_HEADUsesNoTicketUp(t *testing.T) {
	b := nouveauBancConnexion(t, reglageConnexion{})
	n := b.navigateur()
	retour := n.retour(marie, "/x")
	require.Equal(t, http.StatusOK, n.envoyer("HEAD", retour, "").StatusCode)
	require.Equal(t, http.StatusFound, n.visiter(retour).StatusCode)
}

func TestConnexion_ticketOfAnotherServiceOrInvented(t *testing.T) {
	b := nouveauBancConnexion(t, reglageConnexion{})
	n := b.navigateur()
	retour := n.retour(marie, "/a")
	res := n.visiter(strings.Replace(retour, "next=%2Fa", "next=%2Fb", 1))
	require.Equal(t, http.StatusForbidden, res.StatusCode)
	require.Contains(t, res.corps, "La connexion n’a pas abouti")
	require.Contains(t, res.corps, `href="/accounts/cerbere-login?next=%2Fb"`, "a way to begin again")
	for _, ticket := range []string{"ST-invente", "PT-1", "x", strings.Repeat("a", 3000), "ST-\u0000"} {
		u, err := url.Parse(retour)
		require.NoError(t, err)
		q := u.Query()
		q.Set("ticket", ticket)
		u.RawQuery = q.Encode()
		res := n.visiter(u.String())
		require.Equal(t, http.StatusForbidden, res.StatusCode, "%.20q", ticket)
	}
	require.Empty(t, n.cookie("refresh"))
}

func TestConnexion_expiredTicket(t *testing.T) {
	b := nouveauBancConnexion(t, reglageConnexion{})
	n := b.navigateur()
	retour := n.retour(marie, "/a")
	b.heure.advance(2 * time.Minute)
	require.Equal(t, http.StatusForbidden, n.visiter(retour).StatusCode)
}

func TestConnexion_cerbereDown(t *testing.T) {
	cases := map[string]struct {
		panne  sim.Fault
		statut int
	}{
		"503":     {sim.Fault{Status: 503}, http.StatusServiceUnavailable},
		"cut":     {sim.Fault{Drop: true}, http.StatusServiceUnavailable},
		"HTML":    {sim.Fault{Status: 200, Body: json.RawMessage(`"<html>maintenance</html>"`)}, http.StatusBadGateway},
		"DOCTYPE": {sim.Fault{Status: 200, Body: json.RawMessage(`"<!DOCTYPE x><x/>"`)}, http.StatusBadGateway},
	}
	for nom, c := range cases {
		t.Run(nom, func(t *testing.T) {
			b := nouveauBancConnexion(t, reglageConnexion{})
			b.panne("cas.validate", c.panne)
			n := b.navigateur()
			res := n.entrer(marie, "/x")
			require.Equal(t, c.statut, res.StatusCode)
			require.Contains(t, res.corps, "CERBERE ne répond pas")
			require.Contains(t, res.corps, `href="/accounts/cerbere-login?next=%2Fx"`)
			require.Contains(t, res.corps, "https://assistance.example.org/")
			if c.statut == http.StatusServiceUnavailable {
				require.NotEmpty(t, res.Header.Get("Retry-After"))
			}
		})
	}
}

func TestConnexion_pagesOfRefusal(t *testing.T) {
	b := nouveauBancConnexion(t, reglageConnexion{})
	sc := *b.sim.Scenario()
	users := map[string]sim.User{}
	for k, v := range sc.Users {
		users[k] = v
	}
	incomplet := users[marie]
	incomplet.Cerbere.ID = ""
	users["sans.id@example.org"] = incomplet
	users["sans.territoire@example.org"] = sim.User{Cerbere: sim.Cerbere{ID: "77", Nom: "Sans", Mel: "s@example.org"}, Habilitations: []json.RawMessage{
		[]byte(`{"id":901,"statut":"VALIDEE","groupe":{"profil":{"code":"SER_DEP","libelle":"Service"},"codeRole":"SERV_DEP_ADMIN"}}`)}}
	sc.Users = users
	b.sim.SetScenario(&sc)
	b.Executer(`INSERT INTO utilisateur (username, cerbere_login, est_actif) VALUES ('1002', $1, false)`, julien)

	for login, titre := range map[string]string{
		hugo:                          "Aucune habilitation",
		ines:                          "Aucune habilitation",
		"sans.id@example.org":         "Votre compte CERBERE est incomplet",
		"sans.territoire@example.org": "Le territoire de votre habilitation n’est pas renseigné",
		julien:                        "Votre compte est désactivé",
	} {
		t.Run(titre+" "+login, func(t *testing.T) {
			n := b.navigateur()
			res := n.entrer(login, "/x")
			require.Equal(t, http.StatusForbidden, res.StatusCode, res.corps)
			require.Empty(t, n.cookie("refresh"))
			require.Contains(t, res.corps, "<h1>"+titre+"</h1>")
			require.Contains(t, res.corps, `<html lang="fr">`)
			require.Contains(t, res.corps, "<title>"+titre+" – APiLos</title>")
			require.Contains(t, res.corps, res.Header.Get("X-Request-Id"), "the number to give to the support")
			require.NotContains(t, res.corps, "<script")
			require.NotContains(t, res.corps, "style=")
			require.NotContains(t, res.corps, login, "no personal data on a page of refusal")
			csp := res.Header.Get("Content-Security-Policy")
			require.Contains(t, csp, "default-src 'none'")
			require.Contains(t, csp, "frame-ancestors 'none'")
			require.Equal(t, "no-store", res.Header.Get("Cache-Control"))
		})
	}
	res := b.navigateur().entrer(hugo, "/x")
	require.Contains(t, res.corps, "Gérer mes habilitations dans le SIAP")
	require.Equal(t, http.StatusOK, b.navigateur().visiter("/accounts/style.css").StatusCode)
}

func TestConnexion_siapDown(t *testing.T) {
	b := nouveauBancConnexion(t, reglageConnexion{})
	b.panne("habilitations", sim.Fault{Status: 503})
	res := b.navigateur().entrer(marie, "/x")
	require.Equal(t, http.StatusServiceUnavailable, res.StatusCode)
	require.Contains(t, res.corps, "Le SIAP ne répond pas")
	require.Contains(t, res.corps, "Recommencer la connexion")

	b.sim.ClearFaults()
	b.heure.advance(2 * time.Minute) // the circuit breaker half-opens
	b.connecte(marie)
	b.heure.advance(time.Minute)
	b.panne("habilitations", sim.Fault{Status: 503})
	n := b.connecte(marie)
	s := n.api("GET", "/session", "").json(t)
	require.True(t, s["habilitation"].(map[string]any)["lecture_seule"].(bool))
	require.False(t, s["siap"].(map[string]any)["disponible"].(bool))
	require.Equal(t, "SIAP_INJOIGNABLE_LECTURE_SEULE", s["avertissements"].([]any)[0].(map[string]any)["code"])
}

func TestConnexion_habilitationAskedByTheAddress(t *testing.T) {
	b := nouveauBancConnexion(t, reglageConnexion{})
	for suite, voulue := range map[string]float64{
		"/conventions":                     302, // the favourite
		"/conventions?habilitation_id=301": 301,
		"/conventions?habilitation_id=999": 302,
		"/conventions?habilitation_id=304": 302, // to be validated
		"/conventions?habilitation_id=x":   302,
		"/conventions?habilitation_id=-1":  302,
	} {
		n := b.navigateur()
		require.Equal(t, http.StatusFound, n.entrer(camille, suite).StatusCode)
		n.rafraichir("")
		s := n.api("GET", "/session", "").json(t)
		require.Equal(t, voulue, s["habilitation"].(map[string]any)["id"], suite)
	}
}

func TestDeconnexionCAS_singleLogout(t *testing.T) {
	b := nouveauBancConnexion(t, reglageConnexion{})
	n := b.connecte(marie)
	autre := b.connecte(claire)
	require.Equal(t, http.StatusOK, n.api("GET", "/session", "").StatusCode)

	n.visiter(b.sim.CASURL() + "logout") // CERBERE tells the services itself
	require.Eventually(t, func() bool { return n.api("GET", "/session", "").StatusCode == http.StatusUnauthorized },
		30*time.Second, 20*time.Millisecond)
	require.Equal(t, http.StatusUnauthorized, n.rafraichir("").StatusCode)
	require.Equal(t, http.StatusOK, autre.api("GET", "/session", "").StatusCode, "nobody else is signed out")
}

func TestDeconnexionCAS_answers200WhateverIsSent(t *testing.T) {
	b := nouveauBancConnexion(t, reglageConnexion{})
	n := b.connecte(marie)
	form := func(v string) string { return url.Values{"logoutRequest": {v}}.Encode() }
	for _, corps := range []string{
		"", "logoutRequest=", form("<x/>"), form("<!DOCTYPE x><x/>"), form("\x00"), "autre=1", "%zz",
		form(`<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"><samlp:SessionIndex>ST-inconnu</samlp:SessionIndex></samlp:LogoutRequest>`),
		form(strings.Repeat("a", 17<<10)),
	} {
		res := n.envoyer("POST", "/accounts/cerbere-login", corps, "Content-Type", "application/x-www-form-urlencoded", "Origin", "https://cas.example")
		require.Equal(t, http.StatusOK, res.StatusCode, "%.30q", corps)
		require.Empty(t, res.corps)
	}
	res := n.envoyer("POST", "/accounts/cerbere-login", form(strings.Repeat("a", 200<<10)), "Content-Type", "application/x-www-form-urlencoded")
	require.Equal(t, http.StatusRequestEntityTooLarge, res.StatusCode)
	require.Equal(t, http.StatusOK, n.api("GET", "/session", "").StatusCode, "it can only end the session of a ticket")
}

func TestDeconnexion_page(t *testing.T) {
	b := nouveauBancConnexion(t, reglageConnexion{})
	n := b.connecte(marie)
	res := n.visiter("/accounts/cerbere-logout?next=//evil.example")
	require.Equal(t, http.StatusOK, res.StatusCode)
	require.Contains(t, res.corps, `<form method="post" action="/accounts/cerbere-logout">`)
	require.Contains(t, res.corps, `href="/"`)
	require.NotContains(t, res.corps, "evil")
	require.Contains(t, res.Header.Get("Content-Security-Policy"), "form-action 'self' "+strings.TrimSuffix(b.sim.URL(), "/"))
	require.Equal(t, http.StatusOK, n.api("GET", "/session", "").StatusCode, "a GET changes nothing")

	for nom, entetes := range map[string][]string{
		"no origin":         {},
		"other origin":      {"Origin", "https://evil.example"},
		"null origin":       {"Origin", "null"},
		"cross-site":        {"Origin", b.base, "Sec-Fetch-Site", "cross-site"},
		"same site, no own": {"Sec-Fetch-Site", "same-site"},
	} {
		res := n.envoyer("POST", "/accounts/cerbere-logout", "", entetes...)
		require.Equal(t, http.StatusForbidden, res.StatusCode, nom)
	}
	require.Equal(t, http.StatusOK, n.api("GET", "/session", "").StatusCode)
	res = n.envoyer("POST", "/accounts/cerbere-logout", "", "Origin", b.base, "Sec-Fetch-Site", "same-origin")
	require.Equal(t, http.StatusSeeOther, res.StatusCode)
	require.Equal(t, b.sim.CASURL()+"logout?url="+url.QueryEscape(b.base+"/"), res.Header.Get("Location"))
	require.Equal(t, http.StatusUnauthorized, n.api("GET", "/session", "").StatusCode)
	require.Empty(t, n.cookie("refresh"))
}

func TestConnexion_withoutCerbereTheApplicationAsksForThePassword(t *testing.T) {
	b := nouveauBancConnexion(t, reglageConnexion{accounts: func(a *web.Accounts) { a.Cerbere = nil }})
	for next, voulu := range map[string]string{"/conventions?a=b": "%2Fconventions%3Fa%3Db", "//evil.example": "%2F"} {
		res := b.navigateur().visiter("/accounts/cerbere-login?next=" + url.QueryEscape(next))
		require.Equal(t, http.StatusFound, res.StatusCode)
		require.Equal(t, "/connexion?next="+voulu, res.Header.Get("Location"))
	}
}

func TestConnexion_simulatedUser(t *testing.T) {
	b := nouveauBancConnexion(t, reglageConnexion{accounts: func(a *web.Accounts) { a.Cerbere, a.UtilisateurSimule = nil, 4242 }})
	b.Executer(`INSERT INTO utilisateur (id, username, cerbere_login) VALUES (4242, 'local', $1)`, marie)
	n := b.navigateur()
	require.Equal(t, "/x", n.visiter("/accounts/cerbere-login?next=/x").Header.Get("Location"))
	require.Equal(t, http.StatusOK, n.rafraichir("").StatusCode)
	require.Equal(t, http.StatusOK, n.api("GET", "/session", "").StatusCode)
}

func TestConnexion_rateLimitPerAddress(t *testing.T) {
	b := nouveauBancConnexion(t, reglageConnexion{limites: map[httpapi.LimitClass]httpapi.Rate{httpapi.LimitLogin: {PerMinute: 20, Burst: 20}}})
	n := b.navigateur()
	for range 20 {
		require.Equal(t, http.StatusFound, n.visiter("/accounts/cerbere-login").StatusCode)
	}
	res := n.visiter("/accounts/cerbere-login")
	require.Equal(t, http.StatusTooManyRequests, res.StatusCode)
	require.NotEmpty(t, res.Header.Get("Retry-After"))
	require.Contains(t, res.Header.Get("Content-Type"), "text/html")
}

func TestConnexion_whatSucceedsIsNotCountedAgainstTheAddress(t *testing.T) {
	b := nouveauBancConnexion(t, reglageConnexion{limites: map[httpapi.LimitClass]httpapi.Rate{httpapi.LimitLogin: {PerMinute: 20, Burst: 20}}})
	for range 25 { // an office behind one address
		n := b.navigateur()
		require.Equal(t, "/x", n.visiter(n.retour(marie, "/x")).Header.Get("Location"))
		require.Equal(t, http.StatusOK, n.rafraichir("").StatusCode)
	}
	n := b.navigateur()
	for range 20 {
		require.Equal(t, http.StatusUnauthorized, n.rafraichir("").StatusCode)
	}
	require.Equal(t, http.StatusTooManyRequests, n.rafraichir("").StatusCode, "attempts that fail are counted")
}

func TestConnexion_logsHoldNoSecret(t *testing.T) {
	b := nouveauBancConnexion(t, reglageConnexion{protocole: cerbere.CAS3}) // the dialect whose ticket is in the address
	n := b.navigateur()
	retour := n.retour(marie, "/x")
	n.visiter(retour)
	n.visiter(retour) // replay
	u, err := url.Parse(retour)
	require.NoError(t, err)
	n.rafraichir("")
	premier := n.cookie("refresh")
	jeton := n.jeton
	n.api("PUT", "/session/habilitation", `{"habilitation_id":999}`)
	b.panne("cas.validate", sim.Fault{Drop: true})
	retour2 := b.navigateur()
	deuxieme := retour2.retour(marie, "/x")
	retour2.visiter(deuxieme)
	u2, err := url.Parse(deuxieme)
	require.NoError(t, err)
	n.api("POST", "/auth/logout", "", b.deLaPage()...)

	lignes := b.journal.String()
	require.Contains(t, lignes, `"event":"session.ouverture"`)
	require.Contains(t, lignes, `"event":"connexion.cerbere"`)
	for _, secret := range []string{u.Query().Get("ticket"), u2.Query().Get("ticket"), u.Query().Get("st"), premier, jeton, "ST-", marie} {
		require.NotEmpty(t, secret)
		require.NotContains(t, lignes, secret)
	}
}
