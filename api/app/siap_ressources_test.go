package app

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"apilos/api/anomalie"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// TestB9AnomaliesDuPersonnel: list, filters, export, decision, by the staff alone.
func TestB9AnomaliesDuPersonnel(t *testing.T) {
	e := entrer(t)
	staff, autre := e.equipe(), e.connecter(t, marie)
	const base = "/admin/anomalies-siap"
	require.Equal(t, 403, autre.lire(base).Code)
	require.Equal(t, 403, autre.lire(base+"/export").Code)
	require.Equal(t, 404, autre.lire(base+"/"+uuid.NewString()).Code)
	si := func(version int) map[string]string {
		return map[string]string{"If-Match": fmt.Sprintf("%q", strconv.Itoa(version))}
	}
	require.Equal(t, 403, autre.envoyer(http.MethodPatch, "/api/v1"+base+"/"+uuid.NewString(), `{"resolue":true}`, si(2)).Code)

	e.deformer("20240870001", func(o map[string]any) { o["donneesLocalisation"].(map[string]any)["zonage123"] = "07" })
	require.Equal(t, 200, e.en(luc, 201)(http.MethodPost, "/operation/20240870001/").Code)
	require.Equal(t, 200, e.en(luc, 201)(http.MethodPost, "/operation/20240870001/").Code)
	e.en("mathieu.payet@example.org", 231)(http.MethodPost, "/operation/20250974002/").refusee(422, "OUTRE_MER_NATURE")

	r := staff.lire(base + "?tri=numero_operation")
	require.Equal(t, 200, r.Code, r.Corps)
	require.EqualValues(t, 2, r.JSON()["total"])
	zone := r.JSON()["resultats"].([]any)[0].(map[string]any)
	require.Equal(t, "20240870001", zone["numero_operation"])
	require.Equal(t, "VALEUR_INCONNUE", zone["code"])
	require.Equal(t, "07", zone["valeur"])
	require.EqualValues(t, 2, zone["occurrences"])
	require.Nil(t, zone["resolue_le"])
	for filtre, n := range map[string]int{
		"?code=OUTRE_MER_NATURE": 1, "?code=OUTRE_MER_NATURE&code=VALEUR_INCONNUE": 2, "?numero=2024-087.0001": 1, "?numero=2024": 0,
		"?q=ZONAGE": 1, "?q=" + url.QueryEscape("%"): 0, "?etat=resolues": 0, "?etat=toutes": 2, "?depuis=2200-01-01T00:00:00Z": 0,
		"?par_page=1&page=2": 2,
	} {
		require.EqualValues(t, n, staff.lire(base + filtre).JSON()["total"], filtre)
	}
	require.Equal(t, 400, staff.lire(base+"?code=INCONNU").Code)
	require.Equal(t, 400, staff.lire(base+"?tri=id").Code)

	fichier := staff.lire(base + "/export?code=" + strings.Join(anomalie.Codes(), "&code="))
	require.Equal(t, "text/csv; charset=utf-8", fichier.Entete.Get("Content-Type"))
	lecteur := csv.NewReader(strings.NewReader(strings.TrimPrefix(fichier.Corps, "\ufeff")))
	lecteur.Comma = ';'
	lignes, err := lecteur.ReadAll()
	require.NoError(t, err)
	require.Len(t, lignes, 3)
	require.Equal(t, "numero_operation", lignes[0][0])

	adresse := "/api/v1" + base + "/" + zone["uuid"].(string)
	r = staff.lire(base + "/" + zone["uuid"].(string))
	require.Equal(t, 200, r.Code, r.Corps)
	require.Regexp(t, `^"4-[0-9a-f]{16}"$`, r.Entete.Get("ETag"), "met twice, open")
	require.EqualValues(t, 4, zone["version"])
	require.Equal(t, 404, staff.lire(base+"/"+uuid.NewString()).Code)
	require.Equal(t, 428, staff.envoyer(http.MethodPatch, adresse, `{"resolue":true}`, nil).Code)
	require.Equal(t, 422, staff.envoyer(http.MethodPatch, adresse, `{}`, si(4)).Code)
	r = staff.envoyer(http.MethodPatch, adresse, `{"resolue":true}`, si(2))
	require.Equal(t, 412, r.Code, "met once more since it was read: %s", r.Corps)
	require.EqualValues(t, 4, r.JSON()["version"])
	require.Equal(t, 404, staff.envoyer(http.MethodPatch, "/api/v1"+base+"/"+uuid.NewString(), `{"resolue":true}`, si(2)).Code)
	for _, version := range []int{4, 5} {
		r = staff.envoyer(http.MethodPatch, adresse, `{"resolue":true}`, si(version))
		require.Equal(t, 200, r.Code, r.Corps)
		require.NotNil(t, r.JSON()["resolue_le"])
		require.Equal(t, `"5"`, r.Entete.Get("ETag"))
	}
	require.Equal(t, 1, e.compter(`SELECT count(*) FROM journal_audit WHERE commande = 'siap_anomalie.resoudre' AND utilisateur_id IS NOT NULL`))
	require.EqualValues(t, 1, staff.lire(base).JSON()["total"])
	require.Equal(t, 200, e.en(luc, 201)(http.MethodPost, "/operation/20240870001/").Code)
	require.EqualValues(t, 2, staff.lire(base).JSON()["total"], "met again: open again")

	e.deformer("20240870001", func(o map[string]any) { o["donneesLocalisation"].(map[string]any)["zonage123"] = "02" })
	require.Equal(t, 200, e.en(luc, 201)(http.MethodPost, "/operation/20240870001/").Code)
	require.EqualValues(t, 1, staff.lire(base).JSON()["total"], "right again: resolved by itself")
}

// deformer changes an operation in SIAP.
func (e *entrant) deformer(numero string, edit func(map[string]any)) {
	e.t.Helper()
	sc := *e.sim.Scenario()
	operations := map[string]json.RawMessage{}
	for n, brut := range sc.Operations {
		operations[n] = brut
	}
	operations[numero] = modifier(e.t, operations[numero], edit)
	sc.Operations = operations
	e.sim.SetScenario(&sc)
}

// modifier changes a JSON object.
func modifier(t *testing.T, brut json.RawMessage, edit func(map[string]any)) json.RawMessage {
	t.Helper()
	var o map[string]any
	require.NoError(t, json.Unmarshal(brut, &o))
	edit(o)
	out, err := json.Marshal(o)
	require.NoError(t, err)
	return out
}

// TestB9AlerteRedevenueComplete: an alert that lacked data closes its event once another one leaves with all of it.
func TestB9AlerteRedevenueComplete(t *testing.T) {
	e := entrer(t)
	require.Equal(t, 200, e.en(luc, 201)(http.MethodPost, "/operation/20240870002/").Code)
	e.auTravail(t)
	_, err := e.db.Pool().Exec(t.Context(), `UPDATE operation SET code_insee_commune = ''`)
	require.NoError(t, err)
	bailleur, service := e.connecter(t, marie), e.connecter(t, luc)
	id := bailleur.premiere("PROJET")
	require.Equal(t, 200, bailleur.agir(id, "soumettre", `{"confirmer_incomplet":true,"commentaire":"essai"}`).Code)
	ouvertes := func(n int) {
		t.Helper()
		require.Eventually(t, func() bool {
			return e.compter(`SELECT count(*) FROM siap_anomalie WHERE code = 'ALERTE_DONNEE_ABSENTE' AND champ = 'codeCommune' AND resolue_le IS NULL`) == n &&
				e.compter(`SELECT count(*) FROM message_sortant WHERE canal = 'ALERTE_SIAP' AND etat IN ('A_ENVOYER','EN_COURS')`) == 0
		}, 60*time.Second, 50*time.Millisecond)
	}
	ouvertes(1)
	_, err = e.db.Pool().Exec(t.Context(), `UPDATE operation SET code_insee_commune = '87085'`)
	require.NoError(t, err)
	require.Equal(t, 200, service.agir(id, "demander_corrections", `{"commentaire":"essai"}`).Code)
	ouvertes(0)
	require.NotEmpty(t, e.sim.Alertes(id))
}

// TestB3OperationsDuSIAP is call 10: the list from which people pick an operation, and its absence.
func TestB3OperationsDuSIAP(t *testing.T) {
	e := entrer(t)
	c := e.connecter(t, solene)
	require.Equal(t, 200, e.en(solene, 111)(http.MethodPost, "/operation/20240350001/").Code)
	r := c.lire("/moi/operations-siap")
	require.Equal(t, 200, r.Code, r.Corps)
	v := r.JSON()
	require.Nil(t, v["message"])
	require.EqualValues(t, 3, v["total"])
	var vus []any
	for _, o := range v["resultats"].([]any) {
		o := o.(map[string]any)
		vus = append(vus, o["numero"], o["connue"])
	}
	require.Equal(t, []any{"20250350004", false, "20250350003", false, "20240350001", true}, vus)
	require.EqualValues(t, 1, c.lire("/moi/operations-siap?q=poterie").JSON()["total"])
	require.Equal(t, 400, c.lire("/moi/operations-siap?autre=1").Code)
	for panne, code := range map[string]string{
		`"status":404`: "LISTE_SIAP_INDISPONIBLE", `"status":403`: "LISTE_SIAP_INDISPONIBLE", `"status":503`: "SIAP_INDISPONIBLE", `"status":200,"body":"<html>"`: "SIAP_INDISPONIBLE",
	} {
		e.sim.Reset()
		e.pannes(`[{"match":{"route":"operations"},"times":2,` + panne + `}]`)
		r = c.lire("/moi/operations-siap")
		require.Equal(t, 200, r.Code, r.Corps)
		require.Equal(t, code, r.JSON()["message"].(map[string]any)["code"], panne)
		require.Empty(t, r.JSON()["resultats"])
	}
}
