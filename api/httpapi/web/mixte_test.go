package web_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"apilos/api/convention"
	"apilos/api/httpapi"
	"apilos/api/httpapi/contract"
	"apilos/api/httpapi/web"
	"apilos/api/internal/fixture"
	"apilos/api/operation"
	"apilos/api/siap"
	"apilos/api/sim"
	"apilos/api/store"
	"apilos/openapi"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// bancVariantes serves the routes of 02 §8 on a database and a simulated SIAP; every answer is checked against the
// document of the API.
type bancVariantes struct {
	*bancOperations
}

func nouveauBancVariantes(t *testing.T) *bancVariantes {
	b := &bancVariantes{nouveauBancOperations(t)}
	client, err := siap.New(siap.Config{Host: b.sim.URL(), Key: b.sim.Key()})
	require.NoError(t, err)
	t.Cleanup(client.Close)
	conventions, magasin := convention.NewService(b.Store, nil, nil, nil, time.Now), store.NewOperationStore(b.Store)
	operations := operation.NewService(client, magasin, conventions, magasin, time.Now)
	vue := web.Conventions{Service: conventions, Horloge: time.Now}
	doc, _ := openapi.Apilos()
	e := contract.Echo(t)
	e.Use(contract.Load(t, doc).Checker(t))
	require.NoError(t, httpapi.Mount(e, "/api/v1", httpapi.Chain{Authenticator: b.gens, Log: contract.Logger(t), ReadGuard: b.lectureSeule},
		web.Mixtes{Service: conventions, Conventions: vue}, web.TypesConvention{Service: conventions, Conventions: vue},
		web.SecondesVies{Service: convention.NewSecondesVies(conventions, operations)},
		web.Operations{Service: operations, Conventions: conventions, Regroupables: conventions.Regroupables}))
	b.handler = e
	return b
}

// envoyer is a call with a version; version "" sends none.
func (b *bancVariantes) envoyer(qui, methode, chemin, corps, version string, statut int) map[string]any {
	b.t.Helper()
	r := httptest.NewRequestWithContext(b.t.Context(), methode, "/api/v1"+chemin, strings.NewReader(corps))
	r.Header.Set("Authorization", "Bearer "+qui)
	if corps != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if version != "" {
		r.Header.Set("If-Match", version)
	}
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, r)
	require.Equal(b.t, statut, w.Code, w.Body.String())
	var out map[string]any
	require.NoError(b.t, json.Unmarshal(w.Body.Bytes(), &out))
	return out
}

func liste(ids ...uuid.UUID) string {
	brut, _ := json.Marshal(map[string]any{"uuids": ids})
	return string(brut)
}

func TestMX07RegrouperPuisDegrouper(t *testing.T) {
	b := nouveauBancVariantes(t)
	op := b.Operation(b.BailleurID, b.AdministrationID)
	un := b.Convention(fixture.Conv{OperationID: op})
	deux := b.Convention(fixture.Conv{OperationID: op, Financement: convention.PLAI})
	b.Executer(`UPDATE convention SET cree_le = now() - interval '1 day', adresse = '1 rue Haute' WHERE uuid = $1`, un)
	b.Executer(`UPDATE lot SET cree_le = now() - interval '1 day' WHERE convention_id = $1`, b.ID(un))

	b.envoyer("lecteur", http.MethodPost, "/conventions/regroupements", liste(un, deux), "", http.StatusForbidden)
	b.envoyer("etranger", http.MethodPost, "/conventions/regroupements", liste(un, deux), "", http.StatusNotFound)
	refus := b.envoyer("bailleur", http.MethodPost, "/conventions/regroupements", liste(un), "", http.StatusUnprocessableEntity)
	require.Equal(t, "REGROUPEMENT_INSUFFISANT", refus["code"])

	fait := b.envoyer("bailleur", http.MethodPost, "/conventions/regroupements", liste(deux, un), "", http.StatusOK)
	require.Equal(t, un.String(), fait["convention"].(map[string]any)["uuid"])
	require.Equal(t, []any{deux.String()}, fait["absorbees"])
	require.Equal(t, "adresse", fait["ecarts"].([]any)[0].(map[string]any)["champ"])
	perdu := b.envoyer("bailleur", http.MethodPost, "/conventions/regroupements", liste(un, deux), "", http.StatusNotFound)
	require.Equal(t, []any{"CONVENTION_REGROUPEE", un.String()}, []any{perdu["code"], perdu["convention_uuid"]})

	chemin := "/conventions/" + un.String() + "/degroupement"
	b.envoyer("bailleur", http.MethodPost, chemin, "", "", http.StatusPreconditionRequired)
	b.envoyer("bailleur", http.MethodPost, chemin, "", `"1"`, http.StatusPreconditionFailed)
	b.envoyer("lecteur", http.MethodPost, chemin, "", `"2"`, http.StatusForbidden)
	defait := b.envoyer("bailleur", http.MethodPost, chemin, "", `"2"`, http.StatusOK)
	require.Equal(t, un.String(), defait["convention"].(map[string]any)["uuid"])
	require.Equal(t, "PLAI", defait["creees"].([]any)[0].(map[string]any)["financement"])
	b.envoyer("bailleur", http.MethodPost, chemin, "", `"3"`, http.StatusUnprocessableEntity)

	b.Executer(`UPDATE interrupteur SET actif = false WHERE nom = 'convention_mixte_on'`)
	b.envoyer("bailleur", http.MethodPost, chemin, "", `"3"`, http.StatusNotFound)
}

func TestMX01CasesDeLaPageOperation(t *testing.T) {
	b := nouveauBancVariantes(t)
	op := b.Operation(b.BailleurID, b.AdministrationID)
	b.Executer(`UPDATE operation SET numero_operation = $2 WHERE id = $1`, op, "20249999001")
	projet := b.Convention(fixture.Conv{OperationID: op})
	soumise := b.Convention(fixture.Conv{OperationID: op, Financement: convention.PLAI, Statut: convention.Instruction})
	seconde := b.Convention(fixture.Conv{OperationID: op, Financement: convention.PLS})
	b.Executer(`INSERT INTO convention_seconde_vie VALUES ($1, $2)`, b.ID(seconde), b.ID(soumise))
	lire := func(qui string) any {
		return b.envoyer(qui, http.MethodGet, "/operations/20249999001", "", "", http.StatusOK)["regroupables"]
	}
	require.Equal(t, []any{projet.String()}, lire("bailleur"))
	require.Equal(t, []any{}, lire("lecteur"))
}

func TestSV03ChoixParLAPI(t *testing.T) {
	b := nouveauBancVariantes(t)
	b.scenario(func(sc *sim.Scenario) {
		var o map[string]any
		require.NoError(t, json.Unmarshal(sc.Operations[numeroH2], &o))
		o["donneesOperation"].(map[string]any)["aides"] = []any{map[string]any{"code": "SECD_VIE"}}
		brut, err := json.Marshal(o)
		require.NoError(t, err)
		sc.Operations[numeroH2] = brut
	})
	op := b.Operation(b.BailleurID, b.AdministrationID)
	b.Executer(`UPDATE operation SET numero_operation = $2, code_insee_departement = '35', code_insee_region = '53', code_insee_commune = '35238' WHERE id = $1`, op, numeroH2)
	origine := b.Convention(fixture.Conv{Statut: convention.Signee})
	chemin := "/operations/" + numeroH2 + "/seconde-vie"

	vide := b.envoyer("bailleur", http.MethodGet, chemin, "", "", http.StatusOK)
	require.Equal(t, []any{true, true, []any{}}, []any{vide["ouverte"], vide["modifiable"], vide["origines"]})
	page := b.envoyer("bailleur", http.MethodGet, chemin+"/candidates?q=tilleuls&statut=SIGNEE", "", "", http.StatusOK)
	require.Equal(t, []any{1.0, 10.0}, []any{page["total"], page["par_page"]})
	b.envoyer("lecteur", http.MethodGet, chemin+"/candidates", "", "", http.StatusForbidden)
	b.envoyer("bailleur", http.MethodGet, chemin+"/candidates?statut=PROJET", "", "", http.StatusBadRequest)

	require.Equal(t, "ORIGINE_REQUISE", b.envoyer("bailleur", http.MethodPost, chemin, `{"origines":[]}`, "", http.StatusUnprocessableEntity)["code"])
	require.Equal(t, "ORIGINE_INVALIDE", b.envoyer("bailleur", http.MethodPost, chemin, `{"origines":["`+uuid.NewString()+`"]}`, "", http.StatusUnprocessableEntity)["code"])
	b.envoyer("lecteur", http.MethodPost, chemin, `{"origines":["`+origine.String()+`"]}`, "", http.StatusForbidden)
	fait := b.envoyer("bailleur", http.MethodPost, chemin, `{"origines":["`+origine.String()+`"]}`, "", http.StatusOK)
	require.Len(t, fait["conventions"], 1)
	require.Len(t, fait["creees"], 1)
	lu := b.envoyer("lecteur", http.MethodGet, chemin, "", "", http.StatusOK)
	require.Equal(t, []any{false, origine.String()}, []any{lu["modifiable"], lu["origines"].([]any)[0].(map[string]any)["uuid"]})
	b.Executer(`UPDATE interrupteur SET actif = false WHERE nom = 'seconde_vie_on'`)
	b.envoyer("bailleur", http.MethodPost, chemin, `{"origines":[]}`, "", http.StatusNotFound)
}

func TestNA03TypeParLAPI(t *testing.T) {
	b := nouveauBancVariantes(t)
	id := b.Convention(fixture.Conv{})
	chemin := "/conventions/" + id.String() + "/type1and2"
	require.Equal(t, "TYPE_1_2_SANS_OBJET", b.envoyer("bailleur", http.MethodPut, chemin, `{"type1and2":"Type1"}`, `"1"`, http.StatusConflict)["code"])
	b.Executer(`UPDATE bailleur SET nature_bailleur = 'PRIVES' WHERE id = $1`, b.BailleurID)
	b.envoyer("bailleur", http.MethodPut, chemin, `{"type1and2":"Type1"}`, "", http.StatusPreconditionRequired)
	require.Equal(t, "TYPE_1_2_INVALIDE", b.envoyer("bailleur", http.MethodPut, chemin, `{"type1and2":"Type2","options":[9]}`, `"1"`, http.StatusUnprocessableEntity)["code"])
	v := b.envoyer("bailleur", http.MethodPut, chemin, `{"type1and2":"Type2","options":[3,1]}`, `"1"`, http.StatusOK)
	require.Equal(t, map[string]any{"valeur": "Type2", "options": []any{1.0, 3.0}, "modifiable": true}, v["type_convention"])
}
