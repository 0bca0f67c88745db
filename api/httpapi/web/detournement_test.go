package web_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// bancSupport has a superuser, camille, who has habilitations too, and a member of the staff, julien, whose only one is
// read-only.
func bancSupport(t *testing.T) *bancConnexion {
	t.Helper()
	b := nouveauBancConnexion(t, reglageConnexion{})
	for _, login := range []string{camille, julien, marie} {
		b.connecte(login)
	}
	b.Executer(`UPDATE utilisateur SET est_staff = true WHERE cerbere_login IN ($1, $2)`, camille, julien)
	b.Executer(`UPDATE utilisateur SET est_superuser = true WHERE cerbere_login = $1`, camille)
	return b
}

func (b *bancConnexion) uuidDe(login string) string {
	b.t.Helper()
	var id string
	require.NoError(b.t, b.Base.Pool.QueryRow(b.t.Context(), `SELECT uuid::text FROM utilisateur WHERE cerbere_login = $1`, login).Scan(&id))
	return id
}

// detourner begins a détournement as the page does, and returns the tab that acts as somebody.
func (n *navigateur) detourner(login, mode string) (*navigateur, reponseWeb) {
	n.b.t.Helper()
	res := n.api("POST", "/admin/detournements", `{"user_uuid":"`+n.b.uuidDe(login)+`","motif":"Appel de la personne","mode":"`+mode+`"}`)
	onglet := &navigateur{b: n.b, client: n.client}
	if res.StatusCode == http.StatusCreated {
		onglet.jeton, _ = res.json(n.b.t)["access_token"].(string)
	}
	return onglet, res
}

// renouveler renews the token of a tab that acts as somebody.
func (n *navigateur) renouveler() reponseWeb {
	n.b.t.Helper()
	res := n.api("POST", "/auth/refresh", `{"detournement":true}`, n.b.deLaPage()...)
	if res.StatusCode == http.StatusOK {
		n.jeton, _ = res.json(n.b.t)["access_token"].(string)
	}
	return res
}

func TestC5_twoTabsOfOneBrowser(t *testing.T) {
	b := bancSupport(t)
	moi := b.connecte(julien)
	elle, res := moi.detourner(marie, "lecture")
	require.Equal(t, http.StatusCreated, res.StatusCode, res.corps)
	require.Regexp(t, `^detournement=[A-Za-z0-9_-]{43}; Path=/; Max-Age=3600; HttpOnly; SameSite=Strict$`, res.Header.Get("Set-Cookie"))

	s := elle.api("GET", "/session", "").json(t)
	require.Equal(t, "Marie", s["utilisateur"].(map[string]any)["prenom"])
	require.Equal(t, false, s["staff"])
	require.NotContains(t, s["permissions"], "change_convention")
	d := s["detournement"].(map[string]any)
	require.Equal(t, "lecture", d["mode"])
	require.Contains(t, d["par"], "Julien")
	require.Equal(t, b.heure.now().Add(time.Hour).UTC().Format(time.RFC3339), d["expire_le"])
	require.Equal(t, http.StatusOK, elle.renouveler().StatusCode)

	require.Equal(t, http.StatusOK, moi.rafraichir("").StatusCode)
	s = moi.api("GET", "/session", "").json(t)
	require.Equal(t, "Julien", s["utilisateur"].(map[string]any)["prenom"], "the other tabs stay oneself")
	require.Nil(t, s["detournement"])

	res = elle.api("DELETE", "/admin/detournements/courant", "")
	require.Equal(t, http.StatusNoContent, res.StatusCode, res.corps)
	require.Empty(t, moi.cookie("detournement"))
	require.Equal(t, http.StatusUnauthorized, elle.renouveler().StatusCode)
	require.Equal(t, http.StatusUnauthorized, elle.api("GET", "/session", "").StatusCode)
	require.Equal(t, http.StatusOK, moi.api("GET", "/session", "").StatusCode)
	require.Equal(t, http.StatusNotFound, moi.api("DELETE", "/admin/detournements/courant", "").StatusCode)
}

func TestC5_whoMayBegin(t *testing.T) {
	b := bancSupport(t)
	n := b.connecte(marie)
	_, res := n.detourner(julien, "lecture")
	require.Equal(t, http.StatusNotFound, res.StatusCode, "not of the staff: nothing is there")
	require.Equal(t, http.StatusNotFound, n.api("GET", "/admin/detournements", "").StatusCode)
	require.Equal(t, http.StatusNotFound, n.api("POST", "/admin/detournements", `{"user_uuid":null,"motif":"","mode":""}`).StatusCode)

	staff := b.connecte(julien)
	for corps, statut := range map[string]int{
		`{"motif":"Appel de la personne"}`:                                                                          http.StatusUnprocessableEntity,
		`{"user_uuid":"x","motif":"Appel de la personne"}`:                                                          http.StatusUnprocessableEntity,
		`{"user_uuid":"` + b.uuidDe(marie) + `","motif":"court"}`:                                                   http.StatusUnprocessableEntity,
		`{"user_uuid":"` + b.uuidDe(marie) + `","motif":"Appel de la personne","mode":"total"}`:                     http.StatusUnprocessableEntity,
		`{"user_uuid":"` + b.uuidDe(marie) + `","motif":"Appel de la personne","mode":"complet"}`:                   http.StatusForbidden,
		`{"user_uuid":"` + b.uuidDe(camille) + `","motif":"Appel de la personne"}`:                                  http.StatusForbidden,
		`{"user_uuid":"` + b.uuidDe(julien) + `","motif":"Appel de la personne"}`:                                   http.StatusForbidden,
		`{"user_uuid":"6f1c1d52-6a0b-4c43-9a53-0c7a8f0c1a11","motif":"Appel de la personne"}`:                       http.StatusNotFound,
		`{"user_uuid":"` + b.uuidDe(marie) + `","motif":"Appel de la personne","mode":"lecture","staff_uuid":"me"}`: http.StatusBadRequest,
	} {
		res := staff.api("POST", "/admin/detournements", corps)
		require.Equal(t, statut, res.StatusCode, "%s: %s", corps, res.corps)
	}
	require.Empty(t, staff.cookie("detournement"))
}

// 05 C.5: in mode lecture every route that is not a GET is refused, but the one that stops; in mode complet what
// belongs to the person alone stays refused.
func TestC5_modes(t *testing.T) {
	b := bancSupport(t)
	chef := b.connecte(camille)
	lecture, res := chef.detourner(marie, "lecture")
	require.Equal(t, http.StatusCreated, res.StatusCode, res.corps)
	interdites := [][3]string{
		{"PUT", "/session/habilitation", `{"habilitation_id":101}`}, {"PATCH", "/session/utilisateur", `{"theme":"sombre"}`},
		{"DELETE", "/sessions/6f1c1d52-6a0b-4c43-9a53-0c7a8f0c1a11", ""}, {"PUT", "/moi/mot-de-passe", `{"actuel":"a","nouveau":"b"}`},
		{"POST", "/admin/detournements", `{"user_uuid":"` + b.uuidDe(julien) + `","motif":"Appel de la personne"}`},
		{"POST", "/admin/utilisateurs/" + b.uuidDe(julien) + "/deverrouillage", `{"motif":"Appel de la personne"}`},
	}
	for _, r := range interdites {
		res := lecture.api(r[0], r[1], r[2])
		require.Equal(t, http.StatusForbidden, res.StatusCode, r[1])
		require.Equal(t, "detournement_lecture", res.json(t)["code"], r[1])
	}
	require.Equal(t, http.StatusOK, lecture.api("GET", "/moi/detournements", "").StatusCode)

	complet, res := chef.detourner(marie, "complet")
	require.Equal(t, http.StatusCreated, res.StatusCode, res.corps)
	require.Equal(t, http.StatusUnauthorized, lecture.api("GET", "/session", "").StatusCode, "one at a time")
	require.Equal(t, http.StatusOK, complet.api("PATCH", "/session/utilisateur", `{"theme":"sombre"}`).StatusCode)
	res = complet.api("POST", "/admin/detournements", interdites[4][2])
	require.Equal(t, http.StatusForbidden, res.StatusCode)
	require.Equal(t, "detournement_interdit", res.json(t)["code"], "never nested")
}

func TestC5_listsOfBothSides(t *testing.T) {
	b := bancSupport(t)
	chef := b.connecte(camille)
	for range 3 {
		_, res := chef.detourner(marie, "lecture")
		require.Equal(t, http.StatusCreated, res.StatusCode)
		b.heure.advance(time.Minute)
	}
	page := chef.api("GET", "/admin/detournements?par_page=2", "")
	require.Contains(t, page.Header.Get("Link"), `rel="next"`)
	ligne := page.json(t)["resultats"].([]any)[0].(map[string]any)
	require.Equal(t, "Appel de la personne", ligne["motif"])
	require.Equal(t, b.uuidDe(camille), ligne["staff"].(map[string]any)["uuid"])
	require.Equal(t, true, ligne["en_cours"])
	require.Equal(t, http.StatusBadRequest, chef.api("GET", "/admin/detournements?tri=x", "").StatusCode)

	elle := b.connecte(marie)
	vues := elle.api("GET", "/moi/detournements", "").json(t)
	require.InDelta(t, 3, vues["total"], 0)
	vue := vues["resultats"].([]any)[1].(map[string]any)
	require.Contains(t, vue["par"], "Camille")
	require.Equal(t, false, vue["en_cours"])
	require.NotNil(t, vue["fin_le"])
	require.NotContains(t, vue, "motif", "the reason is for the staff and the audit")
	require.InDelta(t, 0, chef.api("GET", "/moi/detournements", "").json(t)["total"], 0)
}

// Signing out closes everything that began from the session.
func TestC5_signOutOfTheStaff(t *testing.T) {
	b := bancSupport(t)
	moi := b.connecte(julien)
	elle, _ := moi.detourner(marie, "lecture")
	require.Equal(t, http.StatusOK, moi.api("POST", "/auth/logout", "", b.deLaPage()...).StatusCode)
	require.Empty(t, moi.cookie("detournement"))
	b.heure.advance(6 * time.Second)
	require.Equal(t, http.StatusUnauthorized, elle.api("GET", "/session", "").StatusCode)
}
