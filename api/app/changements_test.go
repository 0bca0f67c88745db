package app

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestEtapesBailleurEtFinancement goes through the real API: rows are created, changed and refused with the address of
// their cell, and everything answers as the contract says.
func TestEtapesBailleurEtFinancement(t *testing.T) {
	p := demarrer(t)
	bailleur := p.connecter(t, marie)
	r := bailleur.envoyer(http.MethodPost, "/api/v1/operations/20240870002/synchronisation", "{}", nil)
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	id := r.JSON()["creees"].([]any)[0].(map[string]any)["uuid"].(string)
	etape := "/conventions/" + id + "/financement"

	r = bailleur.lire(etape)
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	champs := r.JSON()["champs"].([]any)
	table := champs[len(champs)-1].(map[string]any)["table"].(map[string]any)
	require.Equal(t, "financement", table["groupe"])
	financement := table["colonnes"].([]any)[0].(map[string]any)["choix"].([]any)[0].(map[string]any)["valeur"].(string)

	ligne := `{"financement":"` + financement + `","preteur":"CDCL","numero":"9","date_octroi":"2026-01-15","duree":40,"montant":"1000.00"}`
	r = bailleur.ecrire(http.MethodPut, etape, `{"prets":[`+ligne+`,{"financement":"`+financement+`","preteur":"VILLE"}]}`, bailleur.version(id))
	require.Equal(t, http.StatusUnprocessableEntity, r.Code, r.Corps)
	require.Contains(t, r.Corps, `"pointer":"/prets/1/montant"`)
	require.Contains(t, r.Corps, "Ligne 2, Montant (€) : le montant du prêt est obligatoire.")
	r = bailleur.ecrire(http.MethodPut, etape, `{"prets":[`+ligne+`],"annee_fin_conventionnement":2070}`, bailleur.version(id))
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	prets := r.JSON()["valeurs"].(map[string]any)["prets"].([]any)
	require.Len(t, prets, 1)
	require.Equal(t, "1000.00", prets[0].(map[string]any)["montant"])

	r = bailleur.lire("/conventions/" + id + "/bailleur")
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	require.Equal(t, []any{"changer_bailleur", "changer_administration"}, r.JSON()["actions"])
	r = bailleur.ecrire(http.MethodPut, "/conventions/"+id+"/bailleur", `{"signataire_nom":"Jeanne Petit","signataire_fonction":"Directrice"}`, bailleur.version(id))
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	r = bailleur.lire("/conventions/" + id + "/recapitulatif")
	require.Contains(t, r.Corps, "Jeanne Petit")
	require.Contains(t, r.Corps, "30/06/2070")
}

// TestPE42PrevientLesDeuxServices: the change moves the convention out of the service's sight, and EM-18 leaves for both
// sides but for the one who did it.
func TestPE42PrevientLesDeuxServices(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	bailleur, service, rennes := p.connecter(t, marie), p.connecter(t, luc), p.connecter(t, "claire.lebreton@example.org")
	id := bailleur.premiere("PROJET")

	r := bailleur.lire("/conventions/" + id + "/administrations-possibles?q=rennes")
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	choix := r.JSON()["resultats"].([]any)
	require.NotEmpty(t, choix, r.Corps)
	corps := `{"administration":"` + choix[0].(map[string]any)["uuid"].(string) + `"}`
	r = bailleur.envoyer(http.MethodPost, "/api/v1/conventions/"+id+"/changement-administration", corps, nil)
	require.Equal(t, http.StatusPreconditionRequired, r.Code, r.Corps)
	r = bailleur.ecrire(http.MethodPost, "/conventions/"+id+"/changement-administration", `{}`, bailleur.version(id))
	require.Equal(t, http.StatusUnprocessableEntity, r.Code, r.Corps)

	require.Equal(t, http.StatusOK, service.lire("/conventions/"+id).Code)
	r = bailleur.ecrire(http.MethodPost, "/conventions/"+id+"/changement-administration", corps, bailleur.version(id))
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	require.Equal(t, true, r.JSON()["visible"])
	require.Equal(t, http.StatusNotFound, service.lire("/conventions/"+id).Code, "PE-25")
	require.Equal(t, http.StatusOK, rennes.lire("/conventions/"+id).Code)
	require.Equal(t, 1, lireUn[int](t, p, `SELECT count(*) FROM message_sortant WHERE type = 'preparer.EM-18' AND charge->>'vers' = 'ADMINISTRATIONS'`))
}

// TestPE40HabilitationsDuBailleur: what a person of a bailleur may choose comes from the habilitations of the session.
func TestPE40HabilitationsDuBailleur(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	bailleur, service := p.connecter(t, marie), p.connecter(t, luc)
	id := bailleur.premiere("PROJET")
	r := bailleur.lire("/conventions/" + id + "/bailleurs-possibles")
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	siens := r.JSON()["resultats"].([]any)
	require.NotEmpty(t, siens)
	tous := service.lire("/conventions/" + id + "/bailleurs-possibles").JSON()["resultats"].([]any)
	require.Greater(t, len(tous), len(siens), "the service may choose any")
	permis := map[string]bool{}
	for _, e := range siens {
		permis[e.(map[string]any)["uuid"].(string)] = true
	}
	for _, e := range tous {
		if choisi := e.(map[string]any)["uuid"].(string); !permis[choisi] {
			r = bailleur.ecrire(http.MethodPost, "/conventions/"+id+"/changement-bailleur", `{"bailleur":"`+choisi+`"}`, bailleur.version(id))
			require.Equal(t, []string{"BAILLEUR_HORS_PERIMETRE"}, r.Codes(), r.Corps)
			r = service.ecrire(http.MethodPost, "/conventions/"+id+"/changement-bailleur", `{"bailleur":"`+choisi+`"}`, service.version(id))
			require.Equal(t, http.StatusOK, r.Code, r.Corps)
			require.Equal(t, http.StatusNotFound, bailleur.lire("/conventions/"+id).Code)
			return
		}
	}
}
