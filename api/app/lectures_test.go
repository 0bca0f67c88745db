package app

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestParcoursDesLectures: submitted, sent back, corrected, submitted again: each side reads what changed since a moment of
// its own (ux §4), and a reading is a write of its reader alone.
func TestParcoursDesLectures(t *testing.T) {
	const sophie = "sophie.bernard@example.org"
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	bailleur, service := p.connecter(t, marie), p.connecter(t, luc)
	id := bailleur.premiere("PROJET")
	comparer := func(c *client, avec string) reponse {
		t.Helper()
		return c.lire("/conventions/" + id + "/comparaison?avec=" + avec)
	}
	lire := func(c *client) {
		t.Helper()
		r := c.ecrire(http.MethodPut, "/moi/lectures/"+id, "", c.version(id))
		require.Equal(t, http.StatusNoContent, r.Code, r.Corps)
	}
	agir := func(c *client, code, corps string) {
		t.Helper()
		r := c.agir(id, code, corps)
		require.Equal(t, http.StatusOK, r.Code, r.Corps)
	}
	changes := func(r reponse) map[string][2]any {
		t.Helper()
		require.Equal(t, http.StatusOK, r.Code, r.Corps)
		out := map[string][2]any{}
		for _, b := range r.JSON()["blocs"].([]any) {
			for _, x := range b.(map[string]any)["champs"].([]any) {
				champ := x.(map[string]any)
				out[champ["chemin"].(string)] = [2]any{champ["avant"], champ["apres"]}
				require.Equal(t, "operation", champ["etape"])
			}
		}
		return out
	}
	nommer := func(c *client, nom string) {
		t.Helper()
		r := c.ecrire(http.MethodPut, "/conventions/"+id+"/operation", `{"nom":"`+nom+`"}`, c.version(id))
		require.Equal(t, http.StatusOK, r.Code, r.Corps)
	}
	for _, avec := range []string{"", "parent", "soumission", "visite", "3"} {
		r := comparer(service, avec)
		require.Equal(t, http.StatusNotFound, r.Code, avec)
		require.Equal(t, "COMPARAISON_SANS_REPERE", r.JSON()["code"], avec)
	}
	require.Equal(t, http.StatusBadRequest, comparer(service, "hier").Code)
	require.Equal(t, http.StatusForbidden, comparer(bailleur, "3").Code, "an intermediate version is for the service")
	require.Empty(t, service.lire("/conventions/" + id + "/reperes").JSON()["reperes"])

	nommer(bailleur, "Envoyée")
	agir(bailleur, "soumettre", `{"confirmer_incomplet":true,"commentaire":"Suite à venir."}`)
	lire(service)
	agir(service, "demander_corrections", `{"commentaire":"Le nom est à revoir."}`)
	r := service.ecrire(http.MethodPut, "/conventions/"+id+"/operation", `{"nom":"Revue"}`, service.version(id))
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	require.Equal(t, map[string][2]any{"operation.nom": {"Envoyée", "Revue"}}, changes(comparer(bailleur, "soumission")), "what the service changed in what was sent")
	require.NotContains(t, comparer(bailleur, "soumission").Corps, "Martin", "without author")
	nommer(service, "Revue encore")
	agir(bailleur, "renvoyer_instruction", `{"confirmer_incomplet":true,"commentaire":"Corrigée."}`)

	require.Equal(t, map[string][2]any{"operation.nom": {"Envoyée", "Revue encore"}}, changes(comparer(service, "visite")))
	require.Equal(t, map[string][2]any{"operation.nom": {"Envoyée", "Revue encore"}}, changes(comparer(service, "soumission")), "what was sent the time before")
	require.Empty(t, changes(comparer(bailleur, "soumission")), "what was sent last")
	reperes := service.lire("/conventions/" + id + "/reperes").JSON()["reperes"].([]any)
	require.Len(t, reperes, 2)
	require.Equal(t, "visite", reperes[0].(map[string]any)["repere"])

	modifiees := func(c *client) any {
		t.Helper()
		r := c.lire("/moi/lectures?conventions=" + id)
		require.Equal(t, http.StatusOK, r.Code, r.Corps)
		return r.JSON()["modifiees"]
	}
	require.Equal(t, []any{id}, modifiees(service))
	require.Empty(t, modifiees(bailleur), "never read")
	require.Equal(t, http.StatusBadRequest, service.lire("/moi/lectures?conventions=x").Code)
	require.Equal(t, http.StatusPreconditionRequired, service.ecrire(http.MethodPut, "/moi/lectures/"+id, "", "").Code)
	require.Equal(t, http.StatusPreconditionFailed, service.ecrire(http.MethodPut, "/moi/lectures/"+id, "", `"1"`).Code)
	lire(service)
	require.Empty(t, modifiees(service))
	require.Empty(t, changes(comparer(service, "visite")))

	julien := p.connecter(t, "julien.faure@example.org")
	lire(julien) // readers read too
	rennes := p.connecter(t, "claire.lebreton@example.org")
	require.Equal(t, http.StatusNotFound, rennes.ecrire(http.MethodPut, "/moi/lectures/"+id, "", `"1"`).Code)
	require.Equal(t, http.StatusNotFound, comparer(rennes, "visite").Code)
	require.Empty(t, modifiees(rennes))
	p.connecter(t, sophie)
	p.executer(t, `UPDATE utilisateur SET est_staff = true, est_superuser = true WHERE cerbere_login = $1`, sophie)
	for _, mode := range []string{"lecture", "complet"} {
		staff := p.connecter(t, sophie).detourner(p, luc, mode)
		require.Equal(t, http.StatusForbidden, staff.ecrire(http.MethodPut, "/moi/lectures/"+id, "", service.version(id)).Code, mode)
		require.Equal(t, http.StatusNotFound, comparer(staff, "visite").Code, "%s: what luc read is his", mode)
	}
}
