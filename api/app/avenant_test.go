package app

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestParcoursAvenant: a signed convention, an avenant, its types, its comparison, what is removed comes back.
func TestParcoursAvenant(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	bailleur, service := p.connecter(t, marie), p.connecter(t, luc)
	racine := service.premiere("SIGNEE")

	r := bailleur.envoyer(http.MethodPost, "/api/v1/conventions/"+racine+"/avenants", `{"types":["programme"]}`, nil)
	require.Equal(t, http.StatusCreated, r.Code, r.Corps)
	id := r.JSON()["uuid"].(string)
	nom := r.JSON()["operation"].(map[string]any)["nom"].(string)

	r = bailleur.lire("/avenants/" + id + "/types")
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	require.Equal(t, true, r.JSON()["modifiable"])
	coches := []string{}
	for _, x := range r.JSON()["types"].([]any) {
		if typ := x.(map[string]any); typ["coche"] == true {
			coches = append(coches, typ["type"].(string))
		}
	}
	require.Equal(t, []string{"programme"}, coches)

	r = bailleur.ecrire(http.MethodPut, "/conventions/"+id+"/operation", `{"nom":"Résidence du Pont"}`, bailleur.version(id))
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	r = bailleur.ecrire(http.MethodPut, "/conventions/"+id+"/champ_libre", `{"champ_libre_avenant":"Lots 1 à 4"}`, bailleur.version(id))
	require.Equal(t, http.StatusForbidden, r.Code, "PE-33: "+r.Corps)

	r = bailleur.ecrire(http.MethodPut, "/avenants/"+id+"/types/champ_libre", "", "")
	require.Equal(t, http.StatusPreconditionRequired, r.Code, r.Corps)
	r = bailleur.ecrire(http.MethodPut, "/avenants/"+id+"/types/champ_libre", "", `"99"`)
	require.Equal(t, http.StatusPreconditionFailed, r.Code, r.Corps)
	r = bailleur.ecrire(http.MethodPut, "/avenants/"+id+"/types/denonciation", "", bailleur.version(id))
	require.Equal(t, http.StatusUnprocessableEntity, r.Code, "AV-18: "+r.Corps)
	r = bailleur.ecrire(http.MethodPut, "/avenants/"+id+"/types/champ_libre", "", bailleur.version(id))
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	r = bailleur.ecrire(http.MethodPut, "/conventions/"+id+"/champ_libre", `{"champ_libre_avenant":"Lots 1 à 4"}`, bailleur.version(id))
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	require.Equal(t, "Lots 1 à 4", bailleur.lire("/conventions/" + id + "/champ_libre").JSON()["valeurs"].(map[string]any)["champ_libre_avenant"])
	r = service.ecrire(http.MethodPut, "/conventions/"+racine+"/message-au-service", `{"commentaires":"Bonjour"}`, service.version(racine))
	require.Equal(t, http.StatusForbidden, r.Code, "a signed convention is closed: "+r.Corps)
	require.Equal(t, http.StatusOK, bailleur.lire("/conventions/"+id+"/message-au-service").Code)

	for _, c := range []*client{bailleur, service} {
		r = c.lire("/avenants/" + id + "/comparaison")
		require.Equal(t, http.StatusOK, r.Code, r.Corps)
		require.Equal(t, []any{"programme", "champ_libre"}, r.JSON()["types_suggeres"])
		require.Empty(t, r.JSON()["avertissements"])
		require.Equal(t, racine, r.JSON()["avant"].(map[string]any)["uuid"])
		require.InDelta(t, 2, r.JSON()["nb_changements"], 0)
	}
	require.Equal(t, http.StatusOK, service.lire("/avenants/"+id+"/comparaison?avec="+racine+"&complet=true").Code)
	require.Equal(t, http.StatusNotFound, service.lire("/avenants/"+racine+"/comparaison").Code)
	require.Equal(t, http.StatusBadRequest, service.lire("/avenants/"+id+"/comparaison?avec=hier").Code)

	r = bailleur.ecrire(http.MethodDelete, "/avenants/"+id+"/types/duree", "", bailleur.version(id))
	require.Equal(t, http.StatusNoContent, r.Code, "AV-16: "+r.Corps)
	r = bailleur.ecrire(http.MethodDelete, "/avenants/"+id+"/types/programme", "", bailleur.version(id))
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	require.Equal(t, nom, r.JSON()["operation"].(map[string]any)["nom"], "AV-14")
	r = service.ecrire(http.MethodPost, "/avenants/"+id+"/convention-initiale", `{"ville":"","lots":[]}`, service.version(id))
	require.Equal(t, http.StatusOK, r.Code, "AV-20, nothing is missing: "+r.Corps)
	r = bailleur.ecrire(http.MethodPost, "/avenants/"+id+"/convention-initiale", `{"ville":"","lots":[]}`, bailleur.version(id))
	require.Equal(t, http.StatusForbidden, r.Code, r.Corps)

	r = bailleur.agir(id, "soumettre", `{"confirmer_incomplet":true,"commentaire":"Incomplet."}`)
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	r = bailleur.ecrire(http.MethodDelete, "/avenants/"+id+"/types/champ_libre", "", bailleur.version(id))
	require.Equal(t, http.StatusConflict, r.Code, "AV-17: "+r.Corps)
	require.Equal(t, []string{"AVENANT_NON_MODIFIABLE"}, []string{r.JSON()["code"].(string)})
	r = service.ecrire(http.MethodDelete, "/avenants/"+id+"/types/champ_libre", "", service.version(id))
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
}
