package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"apilos/api/auth"

	"github.com/stretchr/testify/require"
)

func TestSession_resource(t *testing.T) {
	b := nouveauBancConnexion(t, reglageConnexion{})
	n := b.connecte(camille)
	res := n.api("GET", "/session", "")
	require.Equal(t, http.StatusOK, res.StatusCode)
	require.Equal(t, "no-store", res.Header.Get("Cache-Control"))
	s := res.json(t)
	h := s["habilitation"].(map[string]any)
	require.EqualValues(t, 302, h["id"])
	require.Equal(t, "SER_GEST", h["profil"])
	require.Equal(t, map[string]any{"region": nil, "departement": "87", "national": false}, h["perimetre"])
	require.Equal(t, "administration", s["entite"].(map[string]any)["type"])
	require.Equal(t, "DD087", s["entite"].(map[string]any)["code"])
	require.Contains(t, s["permissions"], "validate_convention")
	require.Len(t, s["habilitations"], 3, "the one to validate is not shown")
	require.NotEmpty(t, s["menu"])
	require.Contains(t, s["liens"].(map[string]any)["gestion_habilitations"], "habilitation_id=302")
	require.Contains(t, s["interrupteurs"], "siap_alerte_on")
	require.Nil(t, s["detournement"])
	require.Empty(t, s["avertissements"])
}

func TestAuth_CSRFGuard(t *testing.T) {
	b := nouveauBancConnexion(t, reglageConnexion{})
	n := b.connecte(marie)
	n.jeton = ""
	for _, route := range []string{"/auth/refresh", "/auth/logout"} {
		for nom, entetes := range map[string][]string{
			"nothing":               {},
			"no X-Requested-With":   {"Origin", b.base},
			"wrong header value":    {"Origin", b.base, "X-Requested-With", "XMLHttpRequest"},
			"no origin":             {"X-Requested-With", "fetch"},
			"other origin":          {"Origin", "https://evil.example", "X-Requested-With", "fetch"},
			"null origin":           {"Origin", "null", "X-Requested-With", "fetch"},
			"cross-site by browser": {"Origin", b.base, "Sec-Fetch-Site", "cross-site", "X-Requested-With", "fetch"},
		} {
			res := n.api("POST", route, "", entetes...)
			require.Equal(t, http.StatusForbidden, res.StatusCode, "%s %s", route, nom)
			require.Equal(t, "requete_inter_site", res.json(t)["code"])
		}
	}
	res := n.api("POST", "/auth/refresh", "", "Sec-Fetch-Site", "same-origin", "X-Requested-With", "fetch")
	require.Equal(t, http.StatusOK, res.StatusCode, "Sec-Fetch-Site stands for Origin")
}

func TestAuth_refresh(t *testing.T) {
	b := nouveauBancConnexion(t, reglageConnexion{})
	n := b.connecte(camille)
	avant := n.cookie("refresh")
	res := n.rafraichir("")
	v := res.json(t)
	require.Equal(t, "Bearer", v["token_type"])
	require.EqualValues(t, 300, v["expires_in"])
	require.Equal(t, "no-store", res.Header.Get("Cache-Control"))
	require.NotEqual(t, avant, n.cookie("refresh"))

	for corps, statut := range map[string]int{
		`{"habilitation_id":301}`:   200,
		`{}`:                        200,
		`{"habilitation_id":999}`:   403,
		`{"habilitation_id":0}`:     422,
		`{"habilitation_id":-3}`:    422,
		`{"habilitation_id":null}`:  422,
		`{"habilitation_id":"301"}`: 400,
		`{"habilitation_id":1.5}`:   400,
		`{"autre":1}`:               400,
		`{`:                         400,
		`[]`:                        400,
	} {
		require.Equal(t, statut, n.rafraichir(corps).StatusCode, corps)
	}
	require.Equal(t, http.StatusUnsupportedMediaType,
		n.envoyer("POST", "/api/v1/auth/refresh", "a=b", append(b.deLaPage(), "Content-Type", "application/x-www-form-urlencoded")...).StatusCode)
	res = b.navigateur().rafraichir("")
	require.Equal(t, http.StatusUnauthorized, res.StatusCode, "without cookie")
	require.Equal(t, `Bearer realm="api"`, res.Header.Get("WWW-Authenticate"))
}

func TestAuth_reuseEndsTheSession(t *testing.T) {
	b := nouveauBancConnexion(t, reglageConnexion{})
	n := b.connecte(marie)
	vole := n.cookie("refresh")
	require.Equal(t, http.StatusOK, n.rafraichir("").StatusCode)
	b.heure.advance(time.Minute)
	res := b.navigateur().api("POST", "/auth/refresh", "", append(b.deLaPage(), "Cookie", "refresh="+vole)...)
	require.Equal(t, http.StatusUnauthorized, res.StatusCode)
	require.Equal(t, http.StatusUnauthorized, n.rafraichir("").StatusCode)
	require.Equal(t, http.StatusUnauthorized, n.api("GET", "/session", "").StatusCode)
}

func TestAuth_twoTabsUnderTwoHabilitations(t *testing.T) {
	b := nouveauBancConnexion(t, reglageConnexion{})
	n := b.connecte(camille)
	instructeur := *n
	bailleur := *n // the same cookies
	require.Equal(t, http.StatusOK, bailleur.rafraichir(`{"habilitation_id":301}`).StatusCode)
	require.Equal(t, http.StatusOK, instructeur.rafraichir("").StatusCode)
	require.Equal(t, "BAILLEUR", bailleur.api("GET", "/session", "").json(t)["typologie"])
	require.Equal(t, "INSTRUCTEUR", instructeur.api("GET", "/session", "").json(t)["typologie"])
}

func TestAuth_logout(t *testing.T) {
	b := nouveauBancConnexion(t, reglageConnexion{})
	n := b.connecte(marie)
	res := n.api("POST", "/auth/logout", "", b.deLaPage()...)
	require.Equal(t, http.StatusOK, res.StatusCode)
	require.True(t, strings.HasPrefix(res.json(t)["redirect"].(string), b.sim.CASURL()+"logout?url="))
	require.Equal(t, http.StatusUnauthorized, n.api("GET", "/session", "").StatusCode)
	require.Equal(t, http.StatusOK, n.api("POST", "/auth/logout", "", b.deLaPage()...).StatusCode, "again is not an error")
}

func TestSession_switch(t *testing.T) {
	b := nouveauBancConnexion(t, reglageConnexion{})
	n := b.connecte(camille)
	res := n.api("PUT", "/session/habilitation", `{"habilitation_id":301}`)
	require.Equal(t, http.StatusOK, res.StatusCode, res.corps)
	require.Equal(t, "BAILLEUR", res.json(t)["typologie"])
	require.Equal(t, "INSTRUCTEUR", n.api("GET", "/session", "").json(t)["typologie"], "the token in use keeps its rights")
	n.rafraichir("")
	require.Equal(t, "BAILLEUR", n.api("GET", "/session", "").json(t)["typologie"])

	for corps, attendu := range map[string]struct {
		statut int
		code   string
	}{
		`{"habilitation_id":211}`:            {403, "habilitation_not_valid"}, // Claire's
		`{"habilitation_id":304}`:            {403, "habilitation_not_valid"}, // to be validated
		`{"habilitation_id":9999999999}`:     {403, "habilitation_not_valid"},
		`{}`:                                 {422, "DONNEES_INVALIDES"},
		`{"habilitation_id":null}`:           {422, "DONNEES_INVALIDES"},
		`{"habilitation_id":0}`:              {422, "DONNEES_INVALIDES"},
		`{"habilitation_id":"abc"}`:          {400, "json_invalide"},
		`{"habilitation_id":1e400}`:          {400, "json_invalide"},
		`{"habilitation_id":301,"profil":1}`: {400, "json_invalide"},
	} {
		res := n.api("PUT", "/session/habilitation", corps)
		require.Equal(t, attendu.statut, res.StatusCode, "%s: %s", corps, res.corps)
		require.Equal(t, attendu.code, res.json(t)["code"], corps)
	}
	n.rafraichir("")
	require.Equal(t, "BAILLEUR", n.api("GET", "/session", "").json(t)["typologie"], "the current one is kept")
}

func TestSession_readerMaySwitchAndSetPreferences(t *testing.T) {
	b := nouveauBancConnexion(t, reglageConnexion{})
	n := b.connecte(julien)
	require.Equal(t, http.StatusOK, n.api("PATCH", "/session/utilisateur", `{"theme":"sombre"}`).StatusCode)
	require.Equal(t, http.StatusOK, n.api("PUT", "/session/habilitation", `{"habilitation_id":102}`).StatusCode)
	s := n.api("GET", "/session", "").json(t)
	require.Equal(t, true, s["habilitation"].(map[string]any)["lecture_seule"])
	require.NotContains(t, s["permissions"], "change_convention")
}

func TestSession_preferences(t *testing.T) {
	b := nouveauBancConnexion(t, reglageConnexion{})
	n := b.connecte(marie)
	res := n.api("PATCH", "/session/utilisateur", `{"theme":"sombre","preferences_email":"AUCUN"}`, "Content-Type", "application/merge-patch+json")
	require.Equal(t, http.StatusOK, res.StatusCode, res.corps)
	require.Equal(t, "sombre", res.json(t)["theme"])
	etag := res.Header.Get("ETag")
	require.Equal(t, fmt.Sprintf("%q", fmt.Sprint(res.json(t)["version"])), etag)
	require.Equal(t, http.StatusOK, n.api("PATCH", "/session/utilisateur", `{"theme":"clair"}`, "If-Match", etag).StatusCode)
	res = n.api("PATCH", "/session/utilisateur", `{"theme":"clair"}`, "If-Match", etag)
	require.Equal(t, http.StatusPreconditionFailed, res.StatusCode)
	require.NotEmpty(t, res.Header.Get("ETag"), "the current version")
	for corps, statut := range map[string]int{
		`{"theme":"rose"}`:             422,
		`{"theme":null}`:               422,
		`{"preferences_email":"tous"}`: 422,
		`{"email":"x@y.z"}`:            400,
		`{"est_staff":true}`:           400,
		`{"theme":1}`:                  400,
		`"x"`:                          400,
	} {
		require.Equal(t, statut, n.api("PATCH", "/session/utilisateur", corps).StatusCode, corps)
	}
	require.Equal(t, "clair", n.api("GET", "/session", "").json(t)["utilisateur"].(map[string]any)["theme"])
}

func TestSessions_listAndRevoke(t *testing.T) {
	b := nouveauBancConnexion(t, reglageConnexion{})
	n, ailleurs, autre := b.connecte(marie), b.connecte(marie), b.connecte(claire)
	liste := func(q *navigateur) []map[string]any {
		var v []map[string]any
		require.NoError(t, json.Unmarshal([]byte(q.api("GET", "/sessions", "").corps), &v))
		return v
	}
	miennes := liste(n)
	require.Len(t, miennes, 2)
	var oubliee string
	for _, s := range miennes {
		if s["courante"] == false {
			oubliee = s["id"].(string)
		}
		require.Equal(t, "127.0.0.0", s["ip"], "truncated")
	}
	etrangere := liste(autre)[0]["id"].(string)
	for _, id := range []string{etrangere, "00000000-0000-4000-8000-000000000000", "1", "..%2Fsession", "%00"} {
		res := n.api("DELETE", "/sessions/"+id, "")
		require.Equal(t, http.StatusNotFound, res.StatusCode, id)
	}
	require.Equal(t, http.StatusNoContent, n.api("DELETE", "/sessions/"+oubliee, "").StatusCode)
	require.Equal(t, http.StatusUnauthorized, ailleurs.api("GET", "/session", "").StatusCode)
	require.Equal(t, http.StatusOK, autre.api("GET", "/session", "").StatusCode)
	require.Len(t, liste(n), 1)
}

// 401 on every route that wants a token, whatever comes instead.
func TestSession_everyRouteWantsAToken(t *testing.T) {
	b := nouveauBancConnexion(t, reglageConnexion{})
	n := b.connecte(marie)
	vieux, _, err := b.jetons.Issue(auth.Claims{Subject: "6f1c1d52-6a0b-4c43-9a53-0c7a8f0c1a11", SessionID: "6f1c1d52-6a0b-4c43-9a53-0c7a8f0c1a11"})
	require.NoError(t, err)
	siap, err := b.sim.Key().Sign(jetonSIAP(b))
	require.NoError(t, err)
	n.jeton = ""
	for _, r := range [][2]string{{"GET", "/session"}, {"PUT", "/session/habilitation"}, {"PATCH", "/session/utilisateur"}, {"GET", "/sessions"},
		{"DELETE", "/sessions/6f1c1d52-6a0b-4c43-9a53-0c7a8f0c1a11"}, {"GET", "/bailleurs"}, {"GET", "/administrations"}} {
		for _, entete := range []string{"", "Bearer", "Bearer x", "Basic eDp5", "Bearer " + vieux, "Bearer " + siap} {
			var entetes []string
			if entete != "" {
				entetes = []string{"Authorization", entete}
			}
			res := n.api(r[0], r[1], "", entetes...)
			require.Equal(t, http.StatusUnauthorized, res.StatusCode, "%v %.20q", r, entete)
		}
	}
}

// A person whose habilitation vanished reads the session and leaves, and nothing else (05 C.4).
func TestSession_vanishedHabilitation(t *testing.T) {
	b := nouveauBancConnexion(t, reglageConnexion{})
	n := b.connecte(marie)
	require.Equal(t, http.StatusOK, n.api("GET", "/bailleurs", "").StatusCode)
	sc := *b.sim.Scenario()
	u := sc.Users[marie]
	u.Habilitations = nil
	copie := sc
	copie.Users = clone(sc.Users)
	copie.Users[marie] = u
	b.sim.SetScenario(&copie)
	b.heure.advance(4 * time.Minute)
	b.Executer(`UPDATE session SET habilitations_verifiees_le = habilitations_verifiees_le - interval '1 hour', cree_le = cree_le - interval '2 hours'`)
	k, err := b.comptes.VerifierSessions(t.Context(), 10)
	require.NoError(t, err)
	require.Equal(t, 1, k)

	res := n.api("GET", "/bailleurs", "")
	require.Equal(t, http.StatusForbidden, res.StatusCode)
	require.Equal(t, "habilitation_not_valid", res.json(t)["code"])
	s := n.api("GET", "/session", "").json(t)
	require.Nil(t, s["habilitation"])
	require.Nil(t, s["typologie"])
	require.Empty(t, s["permissions"])
	require.Equal(t, http.StatusUnauthorized, n.rafraichir("").StatusCode)
}

// G.13: fifty parallel requests of two people with different habilitations never mix.
func TestG13_isolationOfTwoPeople(t *testing.T) {
	b := nouveauBancConnexion(t, reglageConnexion{})
	un, deux := b.connecte(marie), b.connecte(claire)
	b.heure.advance(6 * time.Second) // everybody finds an empty cache
	attendu := map[*navigateur]string{un: "Porcelaine Habitat", deux: "Rennes Métropole"}
	var wg sync.WaitGroup
	noms := make([]string, 50)
	bailleurs := make([]string, 50)
	for i := range noms {
		n := un
		if i%2 == 1 {
			n = deux
		}
		wg.Go(func() {
			var s struct{ Entite struct{ Nom string } }
			_ = json.Unmarshal([]byte(n.api("GET", "/session", "").corps), &s)
			noms[i] = s.Entite.Nom
			bailleurs[i] = n.api("GET", "/bailleurs", "").corps
		})
	}
	wg.Wait()
	for i := range noms {
		n := un
		if i%2 == 1 {
			n = deux
		}
		require.Equal(t, attendu[n], noms[i])
		require.Equal(t, i%2 == 0, strings.Contains(bailleurs[i], "Porcelaine Habitat"), bailleurs[i])
	}
}
