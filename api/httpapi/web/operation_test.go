package web_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/httpapi"
	"apilos/api/httpapi/contract"
	"apilos/api/httpapi/web"
	"apilos/api/internal/fixture"
	"apilos/api/operation"
	"apilos/api/siap"
	"apilos/api/sim"
	"apilos/api/store"
	"apilos/openapi"
	"github.com/stretchr/testify/require"
)

// bancOperations is the API of operations on a database and a simulated SIAP. Every answer is checked
// against the OpenAPI document, every GET runs in a READ ONLY transaction (CC-13).
type bancOperations struct {
	*fixture.Monde
	t       *testing.T
	sim     *sim.Server
	gens    gens
	handler http.Handler
}

// gens are the people of a test; the token is their name.
type gens map[string]auth.Principal

func (g gens) Authenticate(_ context.Context, jeton string) (auth.Principal, error) {
	if p, ok := g[jeton]; ok {
		return p, nil
	}
	return auth.Principal{}, fault.New(fault.Unauthenticated, "non_authentifie", "Votre session est fermée. Connectez-vous à nouveau.")
}

const numeroH2 = "20240100777" // operation of the scenario minimal

func nouveauBancOperations(t *testing.T) *bancOperations {
	t.Helper()
	t.Parallel()
	b := &bancOperations{Monde: fixture.Nouveau(t), t: t}
	var err error
	b.sim, err = sim.Start(t.Context(), sim.Options{Scenario: "minimal"})
	require.NoError(t, err)
	t.Cleanup(b.sim.Close)
	client, err := siap.New(siap.Config{Host: b.sim.URL(), Key: b.sim.Key()}, siap.WithLogger(slog.New(slog.DiscardHandler)),
		siap.WithPause(func(ctx context.Context, _ time.Duration) error { return ctx.Err() }, func() float64 { return 0 }))
	require.NoError(t, err)
	t.Cleanup(client.Close)
	b.gens = gens{
		"bailleur": b.connu(b.EnBailleur()), "lecteur": b.connu(fixture.EnLecture(b.EnBailleur())),
		"etranger": b.connu(b.EtrangerBailleur()), "sans-role": b.Utilisateur("Sans", "Role"),
	}
	magasin, conventions := store.NewOperationStore(b.Store), convention.NewService(b.Store, nil, nil, nil, time.Now)
	doc, _ := openapi.Apilos()
	e := contract.Echo(t)
	e.Use(contract.Load(t, doc).Checker(t))
	require.NoError(t, httpapi.Mount(e, "/api/v1", httpapi.Chain{Authenticator: b.gens, Log: contract.Logger(t), ReadGuard: b.lectureSeule}, web.Operations{
		Service:     operation.NewService(client, magasin, conventions, magasin, time.Now),
		Conventions: conventions,
		LienSIAP:    func(_ context.Context, n string, _ int64) string { return "https://siap.example.org/operation/" + n },
	}))
	b.handler = e
	return b
}

func (b *bancOperations) lectureSeule(ctx context.Context, fn func(ctx context.Context) error) error {
	return b.Store.InTx(ctx, func(ctx context.Context) error {
		tx, _ := store.Tx(ctx)
		if _, err := tx.Exec(ctx, `SET TRANSACTION READ ONLY`); err != nil {
			return err
		}
		return fn(ctx)
	})
}

func (b *bancOperations) scenario(changer func(sc *sim.Scenario)) {
	sc := *b.sim.Scenario()
	sc.Operations, sc.Users = maps.Clone(sc.Operations), maps.Clone(sc.Users)
	changer(&sc)
	b.sim.SetScenario(&sc)
}

func (b *bancOperations) connu(p auth.Principal) auth.Principal {
	b.t.Helper()
	var h map[string]any
	require.NoError(b.t, json.Unmarshal(b.sim.Scenario().Users["une@example.org"].Habilitations[0], &h))
	h["id"] = p.HabilitationID
	raw, err := json.Marshal(h)
	require.NoError(b.t, err)
	b.scenario(func(sc *sim.Scenario) {
		sc.Users[p.Login] = sim.User{Cerbere: sim.Cerbere{ID: "9", Nom: p.Nom, Prenom: p.Prenom, Mel: p.Email}, Habilitations: []json.RawMessage{raw}}
	})
	return p
}

// appeler sends a request and decodes the answer.
func (b *bancOperations) appeler(qui, methode, chemin, corps string, statut int) map[string]any {
	b.t.Helper()
	r := httptest.NewRequest(methode, "/api/v1"+chemin, strings.NewReader(corps))
	if qui != "" {
		r.Header.Set("Authorization", "Bearer "+qui)
	}
	if corps != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, r)
	require.Equal(b.t, statut, w.Code, w.Body.String())
	var v any
	require.NoError(b.t, json.Unmarshal(w.Body.Bytes(), &v), w.Body.String())
	if liste, ok := v.([]any); ok {
		return map[string]any{"liste": liste}
	}
	return v.(map[string]any)
}

func codesMessages(v map[string]any) []string {
	out := []string{}
	for _, m := range v["messages"].([]any) {
		out = append(out, m.(map[string]any)["code"].(string))
	}
	return out
}

func TestOperationFromSIAPToConventions(t *testing.T) {
	b := nouveauBancOperations(t)
	avant := b.appeler("bailleur", "GET", "/operations/"+numeroH2, "", 200)
	require.Subset(t, avant, map[string]any{
		"numero": numeroH2, "source": "siap", "uuid": nil, "nom": "Quai Bleu", "ville": "Rennes", "peut_creer": true,
		"conventions_manquantes": []any{"PLS"}, "nature_logement_libelle": "Logements ordinaires", "type_operation_libelle": "Construction Neuve",
		"zone_123": "2", "zone_abc": "B1", "lien_siap": "https://siap.example.org/operation/" + numeroH2,
		"bailleur":       map[string]any{"uuid": nil, "nom": "OPH Exemple", "siren": "900000001"},
		"administration": map[string]any{"nom": "35047 - Rennes Est", "code": "35047"},
	})
	require.Equal(t, 0, b.Compter(`SELECT count(*) FROM operation WHERE numero_operation = $1`, numeroH2), "a GET writes nothing")

	res := b.appeler("bailleur", "POST", "/operations/"+numeroH2+"/synchronisation", "", 200)
	require.Len(t, res["creees"], 1)
	require.Empty(t, res["existantes"])
	require.Empty(t, res["messages"])
	again := b.appeler("bailleur", "POST", "/operations/"+numeroH2+"/synchronisation", `{"jamais_conventionnee":false}`, 200)
	require.Equal(t, res["creees"], again["existantes"])
	require.Equal(t, res["operation_uuid"], again["operation_uuid"])

	apres := b.appeler("lecteur", "GET", "/operations/"+numeroH2, "", 200)
	require.Equal(t, res["operation_uuid"], apres["uuid"])
	require.Equal(t, false, apres["peut_creer"])
	groupe := apres["financements"].([]any)[0].(map[string]any)
	require.Subset(t, groupe, map[string]any{"financement": "PLS", "libelle": "PLS", "nb_logements": 14.0, "type_habitat": "COLLECTIF"})
	ligne := groupe["conventions"].([]any)[0].(map[string]any)
	require.Equal(t, res["creees"].([]any)[0].(map[string]any)["uuid"], ligne["uuid"])
	require.Subset(t, ligne, map[string]any{"statut": "PROJET", "financements": []any{"PLS"}})

	trouvees := b.appeler("bailleur", "GET", "/operations?q="+numeroH2, "", 200)["liste"].([]any)
	require.Equal(t, []any{map[string]any{
		"numero": numeroH2, "nom": "Quai Bleu", "bailleur": "OPH Exemple", "commune": "Rennes",
		"nature_logement": "LOGEMENTSORDINAIRES", "correspondance_exacte": true,
	}}, trouvees)
}

// CR-07, CR-08: refused before anything is looked at.
func TestOperationAccess(t *testing.T) {
	b := nouveauBancOperations(t)
	sync := "/operations/" + numeroH2 + "/synchronisation"
	require.Equal(t, "non_authentifie", b.appeler("", "GET", "/operations/"+numeroH2, "", 401)["code"])
	require.Equal(t, "non_authentifie", b.appeler("", "POST", sync, "", 401)["code"])
	require.Equal(t, "PERMISSION_REFUSEE", b.appeler("lecteur", "POST", sync, "", 403)["code"])
	require.Equal(t, "habilitation_not_valid", b.appeler("sans-role", "GET", "/operations?q=1", "", 403)["code"])
	res := b.appeler("etranger", "POST", sync, "", 200)
	require.Equal(t, []string{"OPERATION_HORS_PERIMETRE"}, codesMessages(res))
	require.Nil(t, res["operation_uuid"])
	require.Equal(t, 0, b.Compter(`SELECT count(*) FROM operation WHERE numero_operation = $1`, numeroH2))
}

func TestOperationUnknownAndBadInput(t *testing.T) {
	b := nouveauBancOperations(t)
	require.Equal(t, "PROGRAMME_INTROUVABLE", b.appeler("bailleur", "GET", "/operations/20249999999", "", 404)["code"])
	res := b.appeler("bailleur", "POST", "/operations/20249999999/synchronisation", "", 200)
	require.Equal(t, []string{"OPERATION_INCONNUE_SIAP", "PROGRAMME_INTROUVABLE"}, codesMessages(res))
	for _, n := range []string{"%00", "-", "%20", strings.Repeat("9", 300), "%FF%FE", "a%0Ab"} {
		require.Equal(t, "introuvable", b.appeler("bailleur", "GET", "/operations/"+n, "", 404)["code"], n)
		require.Equal(t, "introuvable", b.appeler("bailleur", "POST", "/operations/"+n+"/synchronisation", "", 404)["code"], n)
	}
	require.Equal(t, "json_invalide", b.appeler("bailleur", "POST", "/operations/"+numeroH2+"/synchronisation", `{"inconnu":1}`, 400)["code"])
	require.Equal(t, "json_invalide", b.appeler("bailleur", "POST", "/operations/"+numeroH2+"/synchronisation", `[`, 400)["code"])
	require.Equal(t, "parametre_inconnu", b.appeler("bailleur", "GET", "/operations?query=1", "", 400)["code"])
	require.Equal(t, "parametre_inconnu", b.appeler("bailleur", "GET", "/operations/"+numeroH2+"?x=1", "", 400)["code"])
	require.Empty(t, b.appeler("bailleur", "GET", "/operations?q=", "", 200)["liste"])
}

// A number may hold a slash: encoded in the address, it is one segment.
func TestOperationNumberWithSlash(t *testing.T) {
	b := nouveauBancOperations(t)
	b.Executer(`UPDATE operation SET numero_operation = '34/86 é' WHERE id = $1`, b.OperationID)
	b.Convention(fixture.Conv{OperationID: b.OperationID})
	v := b.appeler("bailleur", "GET", "/operations/34%2F86%20%C3%A9", "", 200)
	require.Equal(t, "34/86 é", v["numero"])
	require.Equal(t, []string{"OPERATION_INCONNUE_SIAP"}, codesMessages(v))
	require.Len(t, v["financements"].([]any)[0].(map[string]any)["conventions"], 1)
	res := b.appeler("bailleur", "POST", "/operations/34%2F86%20%C3%A9/synchronisation", "", 200)
	require.Len(t, res["existantes"], 1)
}

// CR-09 on the wire.
func TestOperationWhenSIAPIsDown(t *testing.T) {
	b := nouveauBancOperations(t)
	b.appeler("bailleur", "POST", "/operations/"+numeroH2+"/synchronisation", "", 200)
	require.NoError(t, b.sim.AddFaults(sim.Fault{Match: sim.Match{Route: "operation"}, Times: sim.Times(-1), Drop: true}))
	res := b.appeler("bailleur", "POST", "/operations/"+numeroH2+"/synchronisation", "", 200)
	require.Equal(t, []string{"SIAP_INDISPONIBLE"}, codesMessages(res))
	require.Len(t, res["existantes"], 1)
	v := b.appeler("lecteur", "GET", "/operations/"+numeroH2, "", 200)
	require.Equal(t, "local", v["source"])
	require.Equal(t, []string{"SIAP_INDISPONIBLE"}, codesMessages(v))
	require.Len(t, v["financements"].([]any)[0].(map[string]any)["conventions"], 1)
}
