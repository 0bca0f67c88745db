package app

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestST1_3OrdreDesRefus: a command without its version says first what the perimeter and the permission say of it
// (02 §1.3), so that nobody learns from a 428 that a convention exists.
func TestST1_3OrdreDesRefus(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	rennes, bailleur, service := p.connecter(t, "solene.legoff@example.org"), p.connecter(t, marie), p.connecter(t, luc)
	ailleurs, id, signee := rennes.premiere("INSTRUCTION"), bailleur.premiere("INSTRUCTION"), bailleur.premiere("SIGNEE")
	for _, c := range []struct {
		nom, methode, chemin, corps string
		qui                         *client
		code                        int
	}{
		{"another territory", http.MethodPost, "/conventions/" + ailleurs + "/actions/valider", "{}", service, http.StatusNotFound},
		{"another territory, step", http.MethodPut, "/conventions/" + ailleurs + "/operation", "{}", service, http.StatusNotFound},
		{"another territory, deletion", http.MethodDelete, "/conventions/" + ailleurs, "", service, http.StatusNotFound},
		{"the side of the service", http.MethodPost, "/conventions/" + id + "/actions/demander_corrections", "{}", bailleur, http.StatusForbidden},
		{"the side of the bailleur", http.MethodPost, "/conventions/" + id + "/actions/soumettre", "{}", service, http.StatusForbidden},
		{"no version", http.MethodPost, "/conventions/" + id + "/actions/demander_corrections", "{}", service, http.StatusPreconditionRequired},
		{"no version, wrong statut", http.MethodPost, "/conventions/" + signee + "/actions/valider", "{}", service, http.StatusPreconditionRequired},
		{"no version, step", http.MethodPut, "/conventions/" + id + "/operation", "{}", service, http.StatusPreconditionRequired},
	} {
		r := c.qui.ecrire(c.methode, c.chemin, c.corps, "")
		require.Equal(t, c.code, r.Code, "%s: %s", c.nom, r.Corps)
		if c.code == http.StatusPreconditionRequired {
			require.Equal(t, "VERSION_REQUISE", r.JSON()["code"], c.nom)
		}
	}

	// CC-01: no version of an event is 0, and asking for it is asking for another one.
	r := service.envoyer(http.MethodPost, "/api/v1/conventions/"+signee+"/evenements", `{"type_evenement":"ECHANGE","description":"Appel du bailleur"}`, nil)
	require.Equal(t, http.StatusCreated, r.Code, r.Corps)
	evenement := "/evenements/" + r.JSON()["uuid"].(string)
	r = service.ecrire(http.MethodPatch, evenement, `{"description":"Autre"}`, "")
	require.Equal(t, http.StatusPreconditionRequired, r.Code, r.Corps)
	r = bailleur.ecrire(http.MethodPatch, evenement, `{"description":"Autre"}`, "")
	require.Equal(t, http.StatusForbidden, r.Code, r.Corps)
	for _, version := range []string{`"0"`, `"99"`} {
		r = service.ecrire(http.MethodPatch, evenement, `{"description":"Autre"}`, version)
		require.Equal(t, http.StatusPreconditionFailed, r.Code, r.Corps)
	}
	r = service.ecrire(http.MethodPatch, evenement, `{"description":"Autre"}`, `"1"`)
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
}
