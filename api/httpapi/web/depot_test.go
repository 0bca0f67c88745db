package web_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"apilos/api/auth"
	"apilos/api/cog"
	"apilos/api/depot"
	"apilos/api/httpapi"
	"apilos/api/httpapi/contract"
	"apilos/api/httpapi/web"
	"apilos/api/internal/fixture"
	"apilos/api/revision"
	"apilos/api/revision/coffre"
	"apilos/api/storage"
	"apilos/api/store"
	"apilos/openapi"

	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"
)

// sansEnvoi drops the messages of the deposit.
type sansEnvoi struct{}

func (sansEnvoi) Envoyer(context.Context, ...depot.Message) error { return nil }

// bancDepot mounts the administration of the deposit on a real engine.
func bancDepot(t *testing.T) *echo.Echo {
	t.Helper()
	m := fixture.Nouveau(t)
	objets, err := storage.NewLocal(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, objets.Close()) })
	horloge := func() time.Time { return time.Date(2026, 4, 15, 8, 0, 0, 0, time.UTC) }
	ids, err := revision.NewIdentifiants(time.Now, rand.Reader)
	require.NoError(t, err)
	sceau, err := depot.NewSceau([]byte("cle-de-test-de-trente-deux-octets-au-moins"))
	require.NoError(t, err)
	moteur, err := revision.New(revision.Config{Store: store.NewRevisions(m.Store), Coffre: coffre.New(objets), Identifiants: ids, Horloge: horloge})
	require.NoError(t, err)
	service, err := depot.New(depot.Config{
		Store: store.NewDepots(m.Store), Cog: cog.Charger(), Identifiants: ids, Moteur: moteur, Messages: sansEnvoi{}, Sceau: sceau, Alea: rand.Reader, Horloge: horloge,
		Journal: contract.Logger(t), Reglages: depot.Reglages{Contact: "assistance@example.org"},
	})
	require.NoError(t, err)
	require.NoError(t, moteur.Enregistrer(service.Genre()))
	doc, _ := openapi.Apilos()
	e := contract.Echo(t)
	e.Use(contract.Load(t, doc).Checker(t))
	agent := m.Inserer(`INSERT INTO utilisateur (username, email, nom, prenom) VALUES ('agent', 'agent@example.org', 'Agent', 'Anne') RETURNING id`)
	gens := porteurs{
		"admin":    {UtilisateurID: agent, Typologie: auth.Administrateur, Profil: "ADM_CENTRALE", SessionID: "a"},
		"lecteur":  {UtilisateurID: agent, Typologie: auth.Administrateur, Profil: "ADM_CENTRALE", LectureSeule: true, SessionID: "b"},
		"bailleur": {UtilisateurID: agent, Typologie: auth.Bailleur, SessionID: "c"},
		"service":  {UtilisateurID: agent, Typologie: auth.Instructeur, SessionID: "d"},
	}
	require.NoError(t, httpapi.Mount(e, "/api/v1", httpapi.Chain{Authenticator: gens, Log: contract.Logger(t)}, web.Depots{Service: service, DelaiValidation: time.Minute}))
	return e
}

// objetDe reads an answer that must have this status.
func objetDe(t *testing.T, rec *httptest.ResponseRecorder, statut int) map[string]any {
	t.Helper()
	require.Equal(t, statut, rec.Code, rec.Body.String())
	var out map[string]any
	require.NoError(t, json.Unmarshal(rec.Body.Bytes(), &out))
	return out
}

const enteteBAL = "cle_interop;voie_nom;numero;suffixe;commune_insee;commune_nom;position;long;lat;x;y;cad_parcelles;source;date_der_maj;certification_commune;uid_adresse;lieudit_complement_nom;commune_deleguee_insee;commune_deleguee_nom\r\n"

// TestDepotByStaff: an administrateur manages the directory and publishes a commune with the session.
func TestDepotByStaff(t *testing.T) {
	t.Parallel()
	e := bancDepot(t)
	admin := func(methode, chemin, corps string, statut int) map[string]any {
		t.Helper()
		return objetDe(t, ask(e, methode, "/api/v1/depot"+chemin, corps, "Authorization", "Bearer admin", "Content-Type", "application/json"), statut)
	}
	m := admin("POST", "/mandataires", `{"nom":"Éditeur","email":"contact@editeur.example.org"}`, 201)
	chef := admin("POST", "/chefs-de-file", `{"nom":"Département","email":"d@example.org","perimetres":[{"type":"departement","code":"87"},{"type":"epci","code":"zzz"}]}`, 201)
	require.Equal(t, []any{map[string]any{"type": "departement", "code": "87", "nom": "Haute-Vienne"}, map[string]any{"type": "epci", "code": "zzz", "nom": nil}}, chef["perimetres"])
	c := admin("POST", "/clients", `{"nom":"Logiciel","mandataire_id":"`+m["id"].(string)+`","chef_de_file_id":"`+chef["id"].(string)+`"}`, 201)
	require.Len(t, c["jeton"], 32)
	require.Equal(t, "chef-de-file", c["strategie"])
	renouvele := admin("POST", "/clients/"+c["id"].(string)+"/jeton", `{}`, 200)
	require.NotEqual(t, c["jeton"], renouvele["jeton"])
	require.NotContains(t, admin("GET", "/clients/"+c["id"].(string), "", 200), "jeton")
	require.Equal(t, "internal", admin("PUT", "/clients/"+c["id"].(string), `{"strategie":"internal","chef_de_file_id":null,"legacy_id":"mes-adresses"}`, 200)["strategie"])
	require.EqualValues(t, 1, admin("GET", "/clients?q=LOGI", "", 200)["total"])
	require.EqualValues(t, 0, admin("GET", "/clients?q=100%25", "", 200)["total"])
	require.EqualValues(t, 1, admin("GET", "/mandataires?q=editeur.ex", "", 200)["total"])
	require.EqualValues(t, 1, admin("GET", "/chefs-de-file", "", 200)["total"])
	require.Equal(t, "invalide", admin("POST", "/mandataires", `{"nom":"","email":"x"}`, 422)["code"])
	require.Equal(t, "introuvable", admin("GET", "/clients/0123456789abcdef01234567", "", 404)["code"])

	r := admin("POST", "/communes/87085/revisions", `{"context":{"organisation":"Préfecture"}}`, 201)
	id := r["id"].(string)
	fichier := enteteBAL + "87085_0010_00001;Rue de la Boucherie;1;;87085;Limoges;entrée;1.258;45.829;564900;6527000;;Commune;2026-01-10;1;;;;\r\n"
	objetDe(t, ask(e, "PUT", "/api/v1/depot/revisions/"+id+"/files/bal", fichier, "Authorization", "Bearer admin", "Content-Type", "text/csv"), 200)
	require.Equal(t, true, admin("POST", "/revisions/"+id+"/compute", "", 200)["isReady"])
	publiee := admin("POST", "/revisions/"+id+"/publish", `{}`, 200)
	require.Equal(t, true, publiee["isCurrent"])
	require.Equal(t, "Limoges", publiee["nomCommune"])
	require.Equal(t, "Formulaire de publication", publiee["client"].(map[string]any)["nom"])
	require.Equal(t, "REVISION_NON_MODIFIABLE", admin("POST", "/revisions/"+id+"/compute", "", 412)["code"])
	require.EqualValues(t, 0, admin("GET", "/habilitations?q=limoges&statut=pending", "", 200)["total"])
}

// TestDepotAccess: nobody but the administration sees it, and those who only read change nothing.
func TestDepotAccess(t *testing.T) {
	t.Parallel()
	e := bancDepot(t)
	for _, cas := range []struct {
		qui, methode, chemin, corps string
		statut                      int
	}{
		{"bailleur", "GET", "/clients", "", 403},
		{"service", "GET", "/clients", "", 403},
		{"service", "POST", "/mandataires", `{"nom":"A","email":"a@example.org"}`, 403},
		{"lecteur", "GET", "/clients", "", 200},
		{"lecteur", "POST", "/mandataires", `{"nom":"A","email":"a@example.org"}`, 403},
		{"lecteur", "POST", "/communes/87085/revisions", `{}`, 403},
		{"admin", "POST", "/communes/00000/revisions", `{}`, 404},
	} {
		rec := ask(e, cas.methode, "/api/v1/depot"+cas.chemin, cas.corps, "Authorization", "Bearer "+cas.qui, "Content-Type", "application/json")
		require.Equal(t, cas.statut, rec.Code, "%s %s %s: %s", cas.qui, cas.methode, cas.chemin, strings.TrimSpace(rec.Body.String()))
	}
	require.Equal(t, http.StatusOK, ask(e, "GET", "/api/v1/depot/territoires?type=epci&q=limoges", "", "Authorization", "Bearer admin").Code)
}
