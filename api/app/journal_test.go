package app

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"apilos/api/sim"

	"github.com/stretchr/testify/require"
)

// TestJournalSansSecret goes through what handles secrets, successes and failures, with the calls to SIAP logged: the
// watch of the harness fails it when a token, a ticket or a one-time address is written at any level.
func TestJournalSansSecret(t *testing.T) {
	e := entrer(t, "SIAP_CLIENT_LOG_API_CALLS=true", "LOGLEVEL=debug")
	require.NoError(t, semerDemo(t.Context(), e.pieces, nil))
	bailleur := e.connecter(t, marie)
	bailleur.rafraichir(0)
	id := bailleur.premiere("A_SIGNER")
	r := bailleur.deposer(id, "signee.pdf", pdfDemo("signe"))
	require.Equal(t, http.StatusCreated, r.Code, r.Corps)
	documents := bailleur.lire("/conventions/" + id + "/documents")
	document := premierUUID(t, documents)
	lien := bailleur.envoyer(http.MethodPost, "/api/v1/telechargements", `{"document_uuid":"`+document+`"}`, nil)
	require.Equal(t, http.StatusOK, lien.Code, lien.Corps)
	adresse := lien.JSON()["url"].(string)
	require.Equal(t, http.StatusOK, bailleur.envoyer(http.MethodGet, adresse, "", nil).Code)
	require.Equal(t, http.StatusNotFound, bailleur.envoyer(http.MethodGet, adresse, "", nil).Code, "it serves once")

	// Refused: forged bearer, replayed ticket, foreign SIAP token, CAS and SIAP out of reach.
	bailleur.Jeton += "x"
	require.Equal(t, http.StatusUnauthorized, bailleur.lire("/conventions").Code)
	c := nouveauClient(t, e.srv.URL)
	c.journal = e.journal
	depart := c.suivre(e.srv.URL + "/accounts/cerbere-login?next=/conventions")
	retour := c.suivre(depart + "&as=" + url.QueryEscape(luc))
	c.suivre(retour)
	rejoue := c.envoyer(http.MethodGet, strings.TrimPrefix(retour, e.srv.URL), "", nil)
	require.GreaterOrEqual(t, rejoue.Code, 300)
	require.NoError(t, e.sim.AddFaults(sim.Fault{Match: sim.Match{Route: sim.RouteCASValidate}, Times: sim.Times(3), Drop: true}))
	c = nouveauClient(t, e.srv.URL)
	c.journal = e.journal
	depart = c.suivre(e.srv.URL + "/accounts/cerbere-login?next=/conventions")
	retour = c.suivre(depart + "&as=" + url.QueryEscape(luc))
	require.GreaterOrEqual(t, c.envoyer(http.MethodGet, strings.TrimPrefix(retour, e.srv.URL), "", nil).Code, 400)

	require.Equal(t, http.StatusOK, e.en(luc, 201)(http.MethodPost, "/operation/20240870001/").Code)
	require.Equal(t, http.StatusUnauthorized, e.appeler(http.MethodGet, "/convention_kpi/", e.jeton(luc, 201, nil)+"x").Code)
	require.NoError(t, e.sim.AddFaults(sim.Fault{Match: sim.Match{}, Times: sim.Times(-1), Status: 503}))
	e.en(luc, 201)(http.MethodPost, "/operation/20240870003/")

	require.Equal(t, http.StatusOK, c.envoyer(http.MethodGet, "/sante/vie", "", nil).Code)

	texte := e.journal.Texte()
	for _, attendu := range []string{`"msg":"request"`, `"msg":"security"`, `"msg":"appel du SIAP"`, `"level":"DEBUG"`, `"msg":"SIAP : appel"`} {
		require.Contains(t, texte, attendu, "the journey was logged")
	}
}

// premierUUID reads the uuid of the first element of a list.
func premierUUID(t *testing.T, r reponse) string {
	t.Helper()
	_, reste, ok := strings.Cut(r.Corps, `"uuid":"`)
	require.True(t, ok, r.Corps)
	return reste[:36]
}
