package app

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestCO11TousLesCommentairesEnUneRequete: one call gives them all, grouped by field, whatever their number; the
// convention counts them by field (CO-10), and a comment outlives its author (CO-16).
func TestCO11TousLesCommentairesEnUneRequete(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	service := p.connecter(t, luc)
	id := service.premiere("INSTRUCTION")
	avant := len(service.lire("/conventions/" + id + "/commentaires").JSON()["commentaires"].([]any))
	commenter := func(champ string) string {
		r := service.envoyer(http.MethodPost, "/api/v1/conventions/"+id+"/commentaires", `{"nom_objet":"programme","champ_objet":"`+champ+`","message":"À revoir"}`, nil)
		require.Equal(t, http.StatusCreated, r.Code, r.Corps)
		return r.JSON()["uuid"].(string)
	}
	changer := func(uuid, statut, version string) {
		r := service.ecrire(http.MethodPatch, "/commentaires/"+uuid, `{"statut":"`+statut+`"}`, version)
		require.Equal(t, http.StatusOK, r.Code, r.Corps)
	}
	ouvert, resolu, clos := commenter("vendeur"), commenter("acquereur"), commenter("vendeur")
	changer(resolu, "RESOLU", `"1"`)
	changer(clos, "CLOS", `"1"`)
	p.executer(t, `UPDATE commentaire SET auteur_id = NULL WHERE uuid = $1`, ouvert)

	r := service.lire("/conventions/" + id + "/commentaires")
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	require.Len(t, r.JSON()["commentaires"], avant+3)
	groupes := r.JSON()["groupes"].(map[string]any)
	require.Equal(t, []any{ouvert, clos}, groupes["programme__vendeur"], "CO-11: grouped by location")
	require.Equal(t, []any{resolu}, groupes["programme__acquereur"])
	require.Contains(t, r.Corps, `"nom":"utilisateur supprimé"`, "CO-16")

	champs := service.lire("/conventions/" + id).JSON()["commentaires_resume"].(map[string]any)["par_champ"].(map[string]any)
	require.Equal(t, map[string]any{"ouverts": float64(1), "resolus": float64(0), "clos": float64(1)}, champs["programme__vendeur"], "CO-10: open wins over closed")
	require.Equal(t, map[string]any{"ouverts": float64(0), "resolus": float64(1), "clos": float64(0)}, champs["programme__acquereur"])
}
