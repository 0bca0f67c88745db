package app

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"apilos/api/auth"
	"apilos/api/clientapi"
	"apilos/api/httpapi/web"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// programme is an API client of the tests, with its token.
type programme struct {
	*client
	fiche *clientapi.Fiche
}

func (p *plateforme) programme(t *testing.T, nom string, per clientapi.Perimetre, portees ...auth.Portee) *programme {
	t.Helper()
	return p.programmeDe(t, clientapi.Demande{Nom: nom, Perimetre: per, Portees: portees})
}

func (p *plateforme) programmeDe(t *testing.T, d clientapi.Demande) *programme {
	t.Helper()
	f, jeton, err := p.clientsAPI.Creer(t.Context(), operateur(), d)
	require.NoError(t, err)
	return &programme{&client{t: t, adresse: p.srv.URL, http: &http.Client{}, Jeton: jeton}, f}
}

func haute87() clientapi.Perimetre {
	return clientapi.Perimetre{Genre: clientapi.Departemental, Departement: "87"}
}

// routesAPI lists the mounted routes of /api/v1 that ask for a token.
func (p *plateforme) routesAPI() []string {
	var out []string
	for _, r := range p.e.Routes() {
		chemin, ok := strings.CutPrefix(r.Path, "/api/v1")
		if ok && strings.HasPrefix(chemin, "/") && r.Method != http.MethodHead && !slices.Contains(routesPubliques, r.Method+" "+r.Path) {
			out = append(out, r.Method+" "+chemin)
		}
	}
	return out
}

// TestPorteesDeChaqueRoute: every mounted route says whether API clients may call it, the table names no route that
// is not mounted, and each scope opens its routes and no other.
func TestPorteesDeChaqueRoute(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	visible := p.connecter(t, marie).premiere("CORRECTION")
	routes := p.routesAPI()
	for _, r := range web.RoutesDeLaTable() {
		require.Contains(t, routes, r, "the table of scopes names a route that is not mounted")
	}
	for _, portees := range [][]auth.Portee{
		{auth.ConventionsLire}, {auth.ConventionsLire, auth.ConventionsEcrire}, {auth.OperationsLire}, {auth.StatistiquesLire}, {auth.WebhooksGerer},
	} {
		nom := string(portees[len(portees)-1])
		qui := p.programme(t, nom, haute87(), portees...)
		for _, route := range routes {
			methode, chemin, _ := strings.Cut(route, " ")
			portee, ouverte, declaree := web.PorteeDe(methode, chemin)
			require.True(t, declaree, "%s says nothing of API clients: add it to the table of scopes (web/portees.go)", route)
			chemin = strings.NewReplacer(":uuid", visible, ":code", "soumettre", ":etape", "operation", ":document", uuid.NewString(),
				":numero", "20240870001", ":id", uuid.NewString(), ":type", "document", ":livraison", uuid.NewString(), `\:`, ":").Replace(chemin)
			r := qui.envoyer(methode, "/api/v1"+chemin, "", map[string]string{"If-Match": `"1"`})
			switch {
			case !ouverte:
				require.Equal(t, http.StatusForbidden, r.Code, "%s, %s: %s", nom, route, r.Corps)
				require.Equal(t, "FERME_AUX_CLIENTS", r.JSON()["code"], "%s, %s", nom, route)
			case portee != "" && !slices.Contains(portees, portee):
				require.Equal(t, http.StatusForbidden, r.Code, "%s, %s: %s", nom, route, r.Corps)
				require.Equal(t, "PORTEE_MANQUANTE", r.JSON()["code"], "%s, %s", nom, route)
				require.Equal(t, string(portee), r.JSON()["portee"], "%s, %s", nom, route)
			default:
				require.Less(t, r.Code, 500, "%s, %s: %s", nom, route, r.Corps)
				require.NotEqual(t, http.StatusUnauthorized, r.Code, "%s, %s", nom, route)
				if r.Code == http.StatusForbidden { // its role: only a bailleur submits
					require.Equal(t, "POST /conventions/:uuid/actions/:code", route, "%s: %s", nom, r.Corps)
					require.Equal(t, "PERMISSION_REFUSEE", r.JSON()["code"])
				}
			}
		}
	}
}

// TestPE20_clientHorsPerimetre: a client sees what a person of its territory sees, and 404 elsewhere.
func TestPE20_clientHorsPerimetre(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	ailleurs := p.connecter(t, "solene.legoff@example.org").premiere("INSTRUCTION")
	agent := p.connecter(t, luc)
	ici := agent.premiere("INSTRUCTION")
	qui := p.programme(t, "Observatoire", haute87(), auth.ConventionsLire, auth.ConventionsEcrire)
	for _, suffixe := range []string{"", "/recapitulatif", "/actions", "/historique", "/operation", "/commentaires", "/documents"} {
		require.Equal(t, http.StatusOK, qui.lire("/conventions/"+ici+suffixe).Code, suffixe)
		r := qui.lire("/conventions/" + ailleurs + suffixe)
		require.Equal(t, http.StatusNotFound, r.Code, suffixe)
		require.NotContains(t, r.Corps, "Poterie", suffixe)
	}
	require.NotContains(t, qui.lire("/conventions?par_page=100").Corps, ailleurs)
	r := qui.ecrire(http.MethodPost, "/conventions/"+ailleurs+"/actions/valider", "{}", `"1"`)
	require.Equal(t, http.StatusNotFound, r.Code)

	bailleurs := agent.lire("/bailleurs?par_page=100").JSON()["resultats"].([]any)
	require.NotEmpty(t, bailleurs)
	id := uuid.MustParse(bailleurs[0].(map[string]any)["uuid"].(string))
	duBailleur := p.programme(t, "Logiciel du bailleur", clientapi.Perimetre{Genre: clientapi.DeBailleurs, Bailleurs: []uuid.UUID{id}}, auth.ConventionsLire)
	vues := duBailleur.lire("/conventions?par_page=100").JSON()
	require.Positive(t, vues["total"])
	for _, c := range vues["resultats"].([]any) {
		require.Equal(t, id.String(), c.(map[string]any)["bailleur"].(map[string]any)["uuid"])
	}
	sienne := vues["resultats"].([]any)[0].(map[string]any)["uuid"].(string)
	r = duBailleur.agir(sienne, "soumettre", "{}")
	require.Equal(t, http.StatusForbidden, r.Code, "it only reads: %s", r.Corps)
	require.Equal(t, "PORTEE_MANQUANTE", r.JSON()["code"])

	moi := duBailleur.lire("/client").JSON()
	require.Equal(t, "Logiciel du bailleur", moi["nom"])
	require.Equal(t, []any{"conventions:lire"}, moi["portees"])
	require.EqualValues(t, 600, moi["debit_par_minute"])
	require.Equal(t, http.StatusForbidden, agent.lire("/client").Code, "people are told who they are by /session")
}

// TestClientSigneCeQuIlFait: the events of a whole journey made by a client reach, in order and in its transaction,
// the webhook of another client, and the history names the one that acted.
func TestClientSigneCeQuIlFait(t *testing.T) {
	p := demarrer(t)
	habilitation := 101
	bailleurs := p.connecter(t, marie).lire("/bailleurs").JSON()["resultats"].([]any)
	bailleur := uuid.MustParse(bailleurs[0].(map[string]any)["uuid"].(string))
	logiciel := p.programmeDe(t, clientapi.Demande{
		Nom: "Logiciel métier", Portees: []auth.Portee{auth.ConventionsLire, auth.ConventionsEcrire, auth.OperationsLire},
		Perimetre: clientapi.Perimetre{Genre: clientapi.DeBailleurs, Bailleurs: []uuid.UUID{bailleur}}, LoginSIAP: marie, HabilitationSIAP: &habilitation,
	})
	service := p.programme(t, "Logiciel du service", haute87(), auth.ConventionsLire, auth.ConventionsEcrire)
	suivi := p.programme(t, "Suivi", haute87(), auth.ConventionsLire, auth.WebhooksGerer)
	loin := p.programme(t, "Loin", clientapi.Perimetre{Genre: clientapi.Regional, Region: "53"}, auth.ConventionsLire, auth.WebhooksGerer)
	corps := `{"url":"http://127.0.0.1:9/reception","evenements":["convention.creee","convention.statut_change","convention.numero_attribue","commentaire.cree","commentaire.statut_change","document.signe"]}`
	var webhooks []string
	for _, c := range []*programme{suivi, loin} {
		r := c.envoyer(http.MethodPost, "/api/v1/webhooks", corps, nil)
		require.Equal(t, http.StatusCreated, r.Code, r.Corps)
		webhooks = append(webhooks, r.JSON()["webhook"].(map[string]any)["uuid"].(string))
	}

	r := logiciel.envoyer(http.MethodPost, "/api/v1/operations/20240870002/synchronisation", "{}", nil)
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	id := r.JSON()["creees"].([]any)[0].(map[string]any)["uuid"].(string)
	incomplet := `{"confirmer_incomplet":true,"commentaire":"Voir le logiciel."}`
	require.Equal(t, http.StatusOK, logiciel.agir(id, "soumettre", incomplet).Code)
	r = service.envoyer(http.MethodPost, "/api/v1/conventions/"+id+"/commentaires", `{"nom_objet":"programme","champ_objet":"nom","message":"Secret de l’instruction"}`, nil)
	require.Equal(t, http.StatusCreated, r.Code, r.Corps)
	commentaire := r.JSON()["uuid"].(string)
	r = logiciel.ecrire(http.MethodPatch, "/commentaires/"+commentaire, `{"statut":"RESOLU"}`, r.Entete.Get("ETag"))
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	r = service.agir(id, "valider", incomplet)
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	r = service.agir(id, "valider", incomplet)
	require.Equal(t, http.StatusConflict, r.Code, "refused: nothing is announced")

	h := logiciel.lire("/conventions/" + id + "/historique?categorie=statut")
	require.Equal(t, http.StatusOK, h.Code)
	require.Equal(t, 2, strings.Count(h.Corps, `"Logiciel métier"`), h.Corps)
	require.Equal(t, 1, strings.Count(h.Corps, `"Logiciel du service"`), h.Corps)
	require.Contains(t, logiciel.lire("/conventions/"+id+"/commentaires").Corps, "Logiciel du service")

	type annonce struct {
		Type    string
		Objet   struct{ Type, UUID, URL string }
		Donnees map[string]any
	}
	recues := func(webhook string) (out []annonce) {
		rows, err := p.db.Pool().Query(t.Context(), `SELECT charge, cle_ordre FROM message_sortant WHERE destinataire = $1 ORDER BY id`, webhook)
		require.NoError(t, err)
		defer rows.Close()
		for rows.Next() {
			var charge []byte
			var ordre string
			require.NoError(t, rows.Scan(&charge, &ordre))
			require.Contains(t, ordre, "convention:"+id)
			require.NotContains(t, string(charge), "Secret", "no text that people wrote")
			var a annonce
			require.NoError(t, json.Unmarshal(charge, &a))
			out = append(out, a)
		}
		require.NoError(t, rows.Err())
		return out
	}
	require.Empty(t, recues(webhooks[1]), "PE-20: another territory")
	liste := recues(webhooks[0])
	var types []string
	for _, a := range liste {
		types = append(types, a.Type)
		attendue := "/api/v1/conventions/" + id
		if a.Objet.Type == "commentaire" {
			attendue = "/api/v1/commentaires/" + commentaire
		}
		require.Equal(t, p.cfg.Server.PublicBaseURL+attendue, a.Objet.URL)
		require.Equal(t, http.StatusOK, suivi.lire(strings.TrimPrefix(attendue, "/api/v1")).Code, "its address can be read")
	}
	require.Equal(t, []string{
		"convention.creee", "convention.statut_change", "commentaire.cree", "commentaire.statut_change", "convention.numero_attribue",
		"convention.statut_change", "commentaire.statut_change",
	}, types)
	require.Equal(t, "PROJET", liste[0].Donnees["statut"])
	require.Equal(t, "INSTRUCTION", liste[1].Donnees["statut"])
	require.Equal(t, "PROJET", liste[1].Donnees["statut_precedent"])
	require.Equal(t, "soumettre", liste[1].Donnees["transition"])
	require.Equal(t, "RESOLU", liste[3].Donnees["statut"])
	require.NotEmpty(t, liste[4].Donnees["numero"])
	require.Equal(t, liste[4].Donnees["numero"], liste[5].Donnees["numero"])
	require.Equal(t, "CLOS", liste[6].Donnees["statut"])
	require.Equal(t, id, liste[6].Donnees["convention_uuid"])
}

// TestClientSansCompteSIAP: without an account to ask SIAP with, a client reads what the platform knows and no more.
func TestClientSansCompteSIAP(t *testing.T) {
	p := demarrer(t)
	qui := p.programme(t, "Sans SIAP", haute87(), auth.ConventionsLire, auth.ConventionsEcrire, auth.OperationsLire)
	r := qui.envoyer(http.MethodPost, "/api/v1/operations/20240870002/synchronisation", "{}", nil)
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	require.Empty(t, r.JSON()["creees"])
	require.Equal(t, "SANS_HABILITATION", r.JSON()["messages"].([]any)[0].(map[string]any)["code"])
}

// TestClientsAPI_parLEquipe is the life of a client through the API of the staff.
func TestClientsAPI_parLEquipe(t *testing.T) {
	p := demarrer(t)
	sophie := p.connecter(t, "sophie.bernard@example.org")
	require.Equal(t, http.StatusForbidden, sophie.lire("/admin/clients-api").Code, "the central administration is not the team of the platform")
	_, err := p.db.Pool().Exec(t.Context(), `UPDATE utilisateur SET est_staff = true WHERE cerbere_login = 'sophie.bernard@example.org'`)
	require.NoError(t, err)
	sophie = p.connecter(t, "sophie.bernard@example.org")

	r := sophie.lire("/admin/clients-api/perimetres?type=ADMINISTRATION&q=xyz")
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	require.JSONEq(t, `[]`, r.Corps)
	require.Equal(t, http.StatusBadRequest, sophie.lire("/admin/clients-api/perimetres?type=REGION").Code)
	require.Equal(t, http.StatusForbidden, p.connecter(t, luc).lire("/admin/clients-api/perimetres").Code)
	r = sophie.lire("/admin/clients-api/perimetres?type=ADMINISTRATION&q=haute-vienne")
	require.Contains(t, r.Corps, "Haute-Vienne", "the service that Luc brought by signing in")

	r = sophie.envoyer(http.MethodPost, "/api/v1/admin/clients-api", `{"nom":"","portees":["tout"],"perimetre":{"type":"REGION"}}`, nil)
	require.Equal(t, http.StatusUnprocessableEntity, r.Code, r.Corps)
	require.Len(t, r.JSON()["errors"], 3, r.Corps)
	fin := time.Now().Add(365 * 24 * time.Hour).UTC().Format(time.RFC3339)
	r = sophie.envoyer(http.MethodPost, "/api/v1/admin/clients-api",
		`{"nom":"Observatoire","portees":["conventions:lire"],"perimetre":{"type":"DEPARTEMENT","departement":"87"},"expire_le":"`+fin+`","debit_par_minute":60}`, nil)
	require.Equal(t, http.StatusCreated, r.Code, r.Corps)
	require.Equal(t, "no-store", r.Entete.Get("Cache-Control"))
	jeton := r.JSON()["jeton"].(string)
	vue := r.JSON()["client"].(map[string]any)
	chemin := "/admin/clients-api/" + vue["uuid"].(string)
	require.Equal(t, "/api/v1"+chemin, r.Entete.Get("Location"))
	require.Equal(t, "Haute-Vienne (87)", vue["perimetre"].(map[string]any)["libelle"])
	require.True(t, strings.HasPrefix(jeton, vue["prefixe"].(string)+"_"))

	un := &client{t: t, adresse: p.srv.URL, http: &http.Client{}, Jeton: jeton}
	require.Equal(t, http.StatusOK, un.lire("/conventions").Code)
	r = sophie.lire(chemin)
	require.NotContains(t, r.Corps, jeton[len("apl_12345678_"):])
	require.NotNil(t, r.JSON()["derniere_utilisation_le"])

	require.Equal(t, http.StatusPreconditionRequired, sophie.envoyer(http.MethodPost, "/api/v1"+chemin+"/jeton", "", nil).Code)
	r = sophie.ecrire(http.MethodPost, chemin+"/jeton", `{"grace_heures":800}`, `"1"`)
	require.Equal(t, http.StatusUnprocessableEntity, r.Code, r.Corps)
	r = sophie.ecrire(http.MethodPost, chemin+"/jeton", "", `"1"`)
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	deux := &client{t: t, adresse: p.srv.URL, http: &http.Client{}, Jeton: r.JSON()["jeton"].(string)}
	require.NotNil(t, r.JSON()["client"].(map[string]any)["ancien_jeton_jusqu_au"])
	require.Equal(t, http.StatusOK, un.lire("/client").Code)
	require.Equal(t, http.StatusOK, deux.lire("/client").Code)
	require.Equal(t, http.StatusPreconditionFailed, sophie.ecrire(http.MethodPost, chemin+"/jeton", "", `"1"`).Code)

	r = sophie.ecrire(http.MethodPatch, chemin, `{"portees":["operations:lire"],"expire_le":null,"debit_par_minute":null,"description":"Loyers"}`, `"2"`)
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	require.Nil(t, r.JSON()["expire_le"])
	require.Nil(t, r.JSON()["debit_par_minute"])
	require.Equal(t, "PORTEE_MANQUANTE", un.lire("/conventions").JSON()["code"])
	require.Contains(t, sophie.lire("/admin/clients-api?q=observ&etat=ACTIF").Corps, `"total":1`)
	require.Contains(t, sophie.lire("/admin/clients-api?q="+jeton[:8]).Corps, `"total":0`, "the first token is not in force any more")
	require.Contains(t, sophie.lire("/admin/clients-api?q="+deux.Jeton[:8]).Corps, `"total":1`)
	require.Contains(t, sophie.lire("/admin/clients-api?etat=REVOQUE").Corps, `"total":0`)

	require.Equal(t, http.StatusNoContent, sophie.ecrire(http.MethodDelete, chemin, "", `"3"`).Code)
	for _, c := range []*client{un, deux} {
		require.Equal(t, http.StatusUnauthorized, c.lire("/client").Code)
	}
	require.Equal(t, http.StatusConflict, sophie.ecrire(http.MethodPatch, chemin, `{"nom":"X"}`, `"4"`).Code)
	require.Equal(t, "REVOQUE", sophie.lire(chemin).JSON()["etat"])
	require.Equal(t, http.StatusNotFound, p.connecter(t, luc).lire(chemin).Code, "nobody else knows of it")
}

// TestCommandeToken: the command makes, lists and revokes clients, and signs the journal with its name.
func TestCommandeToken(t *testing.T) {
	p := demarrer(t)
	var b bytes.Buffer
	o := TokenOptions{Output: &b, JSON: true}
	d := DemandeToken{Nom: "Ordonnanceur", Portees: []string{"conventions:lire", " statistiques:lire"}, Perimetre: "region:75", Jours: 30}
	require.NoError(t, EmettreToken(t.Context(), p.cfg, o, d))
	var emis web.ClientAPIJeton
	require.NoError(t, json.Unmarshal(b.Bytes(), &emis))
	qui := &client{t: t, adresse: p.srv.URL, http: &http.Client{}, Jeton: emis.Jeton}
	require.Equal(t, "Région Nouvelle-Aquitaine", qui.lire("/client").JSON()["perimetre"].(map[string]any)["libelle"])
	require.ErrorContains(t, EmettreToken(t.Context(), p.cfg, o, d), "porte déjà ce nom")
	d.Perimetre = "commune:87085"
	require.ErrorContains(t, EmettreToken(t.Context(), p.cfg, o, d), "national, region:CODE")

	o.JSON = false
	b.Reset()
	require.NoError(t, ListerTokens(t.Context(), p.cfg, o, "ACTIF"))
	require.Contains(t, b.String(), "Ordonnanceur, Région Nouvelle-Aquitaine : conventions:lire, statistiques:lire")
	require.NotContains(t, b.String(), emis.Jeton)
	require.Error(t, RevoquerToken(t.Context(), p.cfg, o, "x"))
	require.ErrorContains(t, RevoquerToken(t.Context(), p.cfg, o, uuid.NewString()), "n’existe pas")
	require.NoError(t, RevoquerToken(t.Context(), p.cfg, o, emis.Client.UUID.String()))
	b.Reset()
	require.NoError(t, ListerTokens(t.Context(), p.cfg, o, "ACTIF"))
	require.Equal(t, "Aucun client d’API.\n", b.String())
	var n int
	require.NoError(t, p.db.Pool().QueryRow(t.Context(), `SELECT count(*) FROM journal_audit WHERE nom_table = 'jeton_api' AND acteur = 'apilos token'`).Scan(&n))
	require.Equal(t, 2, n)
}

// TestJetonDeClientDansLesJournaux: neither a call, nor a refusal, nor a breakdown writes a token in the logs.
func TestJetonDeClientDansLesJournaux(t *testing.T) {
	var journal bytes.Buffer
	p := demarrer(t)
	p.log = slog.New(slog.NewJSONHandler(&journal, &slog.HandlerOptions{Level: slog.LevelDebug}))
	require.NoError(t, p.ouvrirClientsAPI(t.Context()))
	var err error
	p.e, err = p.routeur(BuildInfo{Version: "essai"}, nil)
	require.NoError(t, err)
	qui := p.programme(t, "Observatoire", haute87(), auth.ConventionsLire)
	require.Equal(t, http.StatusOK, qui.lire("/conventions").Code)
	require.Equal(t, http.StatusForbidden, qui.lire("/webhooks").Code)
	require.Equal(t, http.StatusBadRequest, qui.lire("/conventions?jeton="+qui.Jeton).Code)
	faux := &client{t: t, adresse: p.srv.URL, http: &http.Client{}, Jeton: qui.Jeton[:len(qui.Jeton)-2] + "zz"}
	require.Equal(t, http.StatusUnauthorized, faux.lire("/conventions").Code)
	require.Contains(t, journal.String(), qui.fiche.UUID.String(), "the client is named")
	require.NotContains(t, journal.String(), qui.Jeton[:len("apl_12345678_")], "not even its beginning")
	require.NotContains(t, journal.String(), qui.Jeton[len("apl_12345678_"):len(qui.Jeton)-2])
	require.NotContains(t, journal.String(), qui.fiche.Empreinte)
}
