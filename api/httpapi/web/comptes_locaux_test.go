package web_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"apilos/api/httpapi"

	"github.com/stretchr/testify/require"
)

const secretNora = "grue bleuet ancre mercure"

func bancLocal(t *testing.T, r reglageConnexion) *bancConnexion {
	t.Helper()
	r.local = true
	b := nouveauBancConnexion(t, r)
	b.Executer(`INSERT INTO utilisateur (username, email, prenom, nom, mot_de_passe_hash) VALUES ('nora', 'nora@example.org', 'Nora', 'Essai', $1)`, secretNora)
	b.Executer(`INSERT INTO role (utilisateur_id, typologie, administration_id, profil_siap) SELECT id, 'INSTRUCTEUR', $1, 'SER_GEST' FROM utilisateur WHERE username = 'nora'`, b.AdministrationID)
	return b
}

func (n *navigateur) motDePasse(identifiant, motDePasse string, entetes ...string) reponseWeb {
	n.b.t.Helper()
	corps, err := json.Marshal(map[string]string{"identifiant": identifiant, "mot_de_passe": motDePasse})
	require.NoError(n.b.t, err)
	if entetes == nil {
		entetes = n.b.deLaPage()
	}
	res := n.api("POST", "/auth/login", string(corps), entetes...)
	if res.StatusCode == http.StatusOK {
		n.jeton, _ = res.json(n.b.t)["access_token"].(string)
	}
	return res
}

func TestC6_signIn(t *testing.T) {
	b := bancLocal(t, reglageConnexion{})
	n := b.navigateur()
	res := n.motDePasse("NORA@example.org", secretNora)
	require.Equal(t, http.StatusOK, res.StatusCode, res.corps)
	require.Equal(t, "Bearer", res.json(t)["token_type"])
	require.InDelta(t, 300, res.json(t)["expires_in"], 0)
	require.Regexp(t, `^refresh=[A-Za-z0-9_-]{43}; Path=/; Max-Age=21600; HttpOnly; SameSite=Strict$`, res.Header.Get("Set-Cookie"))
	require.Equal(t, "no-store", res.Header.Get("Cache-Control"))
	s := n.api("GET", "/session", "").json(t)
	require.Equal(t, true, s["utilisateur"].(map[string]any)["local"])
	require.InDelta(t, 0, s["habilitation"].(map[string]any)["id"], 0)
	require.Equal(t, "INSTRUCTEUR", s["typologie"])
	require.Equal(t, http.StatusOK, n.rafraichir("").StatusCode)

	ancien := n.cookie("refresh")
	require.Equal(t, http.StatusOK, n.motDePasse("nora", secretNora).StatusCode)
	autre := b.navigateur()
	res = autre.api("POST", "/auth/refresh", "", append(b.deLaPage(), "Cookie", "refresh="+ancien)...)
	require.Equal(t, http.StatusUnauthorized, res.StatusCode, "the session that the browser had is ended")
}

func TestC6_onlyOurPagesMaySignIn(t *testing.T) {
	b := bancLocal(t, reglageConnexion{})
	for nom, entetes := range map[string][]string{
		"no header":    {"X", "y"},
		"other origin": {"Origin", "https://evil.example", "X-Requested-With", "fetch"},
		"no fetch":     {"Origin", b.base},
	} {
		n := b.navigateur()
		res := n.motDePasse("nora", secretNora, entetes...)
		require.Equal(t, http.StatusForbidden, res.StatusCode, nom)
		require.Empty(t, n.cookie("refresh"), nom)
	}
}

func TestC6_notFoundWithCerbere(t *testing.T) {
	b := nouveauBancConnexion(t, reglageConnexion{})
	n := b.connecte(marie)
	for chemin, corps := range map[string]string{
		"/auth/login":                `{"identifiant":"a","mot_de_passe":"b"}`,
		"/auth/mot-de-passe-oublie":  `{"identifiant":"a"}`,
		"/auth/nouveau-mot-de-passe": `{"jeton":"a","mot_de_passe":"b"}`,
	} {
		require.Equal(t, http.StatusNotFound, n.api("POST", chemin, corps, b.deLaPage()...).StatusCode, chemin)
	}
	require.Equal(t, http.StatusNotFound, n.api("PUT", "/moi/mot-de-passe", `{"actuel":"a","nouveau":"b"}`).StatusCode)
}

func TestC6_lockOut(t *testing.T) {
	b := bancLocal(t, reglageConnexion{})
	corps := map[string]string{}
	for _, identifiant := range []string{"nora", "personne"} {
		n := b.navigateur()
		for range 5 {
			res := n.motDePasse(identifiant, "faux")
			require.Equal(t, http.StatusUnauthorized, res.StatusCode)
			require.Equal(t, "identifiants_refuses", res.json(t)["code"])
		}
		res := n.motDePasse(identifiant, secretNora)
		require.Equal(t, http.StatusTooManyRequests, res.StatusCode)
		require.Equal(t, "21600", res.Header.Get("Retry-After"))
		pb := res.json(t)
		require.Equal(t, "account_locked", pb["code"])
		delete(pb, "request_id")
		texte, err := json.Marshal(pb)
		require.NoError(t, err)
		corps[identifiant] = string(texte)
	}
	require.Equal(t, corps["nora"], corps["personne"], "the same text, to the letter")
	require.NotContains(t, b.journal.String(), secretNora)
	require.NotContains(t, b.journal.String(), "faux")
}

func TestC6_rateLimitPerAddress(t *testing.T) {
	b := bancLocal(t, reglageConnexion{limites: map[httpapi.LimitClass]httpapi.Rate{httpapi.LimitLogin: {PerMinute: 20, Burst: 20}}})
	n := b.navigateur()
	for i := range 20 {
		res := n.api("POST", "/auth/mot-de-passe-oublie", `{"identifiant":"nora"}`, b.deLaPage()...)
		require.Equal(t, http.StatusAccepted, res.StatusCode, "%d", i)
	}
	res := n.api("POST", "/auth/mot-de-passe-oublie", `{"identifiant":"nora"}`, b.deLaPage()...)
	require.Equal(t, http.StatusTooManyRequests, res.StatusCode)
	require.NotEmpty(t, res.Header.Get("Retry-After"))
}

func TestC6_resetAndChange(t *testing.T) {
	b := bancLocal(t, reglageConnexion{})
	n := b.navigateur()
	for _, identifiant := range []string{"nora", "personne", "x@y"} {
		res := n.api("POST", "/auth/mot-de-passe-oublie", `{"identifiant":"`+identifiant+`"}`, b.deLaPage()...)
		require.Equal(t, http.StatusAccepted, res.StatusCode)
		require.Empty(t, res.corps)
	}
	require.Equal(t, []string{"nora", "personne", "x@y"}, b.demandes)
	lien, err := b.comptes.LienPour(t.Context(), "nora", "demande")
	require.NoError(t, err)
	poser := func(motDePasse string) reponseWeb {
		return n.api("POST", "/auth/nouveau-mot-de-passe", `{"jeton":"`+lien.Jeton+`","mot_de_passe":"`+motDePasse+`"}`, b.deLaPage()...)
	}
	res := poser("court")
	require.Equal(t, http.StatusUnprocessableEntity, res.StatusCode)
	require.Equal(t, "/mot_de_passe", res.json(t)["errors"].([]any)[0].(map[string]any)["pointer"])
	require.Equal(t, http.StatusNoContent, poser("orage peluche tramway silex").StatusCode)
	require.Equal(t, "lien_expire", poser("orage peluche tramway silex").json(t)["code"])
	require.Equal(t, http.StatusOK, n.motDePasse("nora", "orage peluche tramway silex").StatusCode)

	res = n.api("PUT", "/moi/mot-de-passe", `{"actuel":"orage peluche tramway silex","nouveau":"`+secretNora+`"}`)
	require.Equal(t, http.StatusNoContent, res.StatusCode, res.corps)
	require.Equal(t, http.StatusOK, n.api("GET", "/session", "").StatusCode, "one's own session goes on")
	require.NotContains(t, b.journal.String(), lien.Jeton)
	require.NotContains(t, b.journal.String(), "tramway")
}

func TestC6_unlockedByTheStaff(t *testing.T) {
	b := bancLocal(t, reglageConnexion{})
	b.Executer(`INSERT INTO utilisateur (username, email, mot_de_passe_hash, est_staff) VALUES ('aide', 'aide@example.org', $1, true)`, secretNora)
	n := b.navigateur()
	for range 6 {
		n.motDePasse("nora", "faux")
	}
	require.Equal(t, http.StatusTooManyRequests, n.motDePasse("nora", secretNora).StatusCode)
	aide := b.navigateur()
	require.Equal(t, http.StatusOK, aide.motDePasse("aide", secretNora).StatusCode)
	page := aide.api("GET", "/admin/utilisateurs?q=NORA", "").json(t)
	ligne := page["resultats"].([]any)[0].(map[string]any)
	require.Equal(t, b.heure.now().Add(6*time.Hour).UTC().Format(time.RFC3339), ligne["verrouille_jusqu_a"])
	require.Equal(t, false, ligne["cerbere"])
	require.Equal(t, true, ligne["detournable"])
	chemin := "/admin/utilisateurs/" + ligne["uuid"].(string) + "/deverrouillage"
	require.Equal(t, http.StatusUnprocessableEntity, aide.api("POST", chemin, `{"motif":"non"}`).StatusCode)
	require.Equal(t, http.StatusNoContent, aide.api("POST", chemin, `{"motif":"Appel au téléphone"}`).StatusCode)
	require.Equal(t, http.StatusOK, n.motDePasse("nora", secretNora).StatusCode)
	require.Equal(t, http.StatusNotFound, n.api("POST", chemin, `{"motif":"Appel au téléphone"}`).StatusCode, "nobody else may")
	require.Equal(t, http.StatusNotFound, n.api("GET", "/admin/utilisateurs", "").StatusCode)
	require.Contains(t, b.journal.String(), `"event":"configuration.utilisateurs"`)
}
