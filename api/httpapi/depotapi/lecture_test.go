package depotapi_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"apilos/api/depot"
	"apilos/api/httpapi/depotapi"
	"apilos/api/store"

	"github.com/stretchr/testify/require"
)

// TestReads checks routes 6 to 13: what each shows, their order, their refusals, ETag and ranges.
func TestReads(t *testing.T) {
	t.Parallel()
	b := nouveau(t, options{sansContrat: true})
	c := b.client("internal", nil)
	fichier := fichierBAL("87085", 3)
	premiere := c.publier("87085", fichier)
	b.heure = b.heure.Add(time.Hour)
	seconde := c.publier("87085", fichierBAL("87085", 4))
	attente := c.appeler("POST", "/communes/87085/revisions", `{"context":{"nomComplet":"Camille","extras":{"balId":"x"}}}`).reussit(201)["id"].(string)
	c.publier("19272", fichierBAL("19272", 2))

	ids := func(r reponse) []any {
		out := []any{}
		for _, o := range r.liste() {
			out = append(out, o["id"])
		}
		return out
	}
	require.Equal(t, []any{premiere, seconde}, ids(b.appeler("GET", "/communes/87085/revisions", nil)))
	require.Equal(t, []any{attente}, ids(b.appeler("GET", "/communes/87085/revisions?status=pending", nil)))
	require.Equal(t, []any{premiere, seconde, attente}, ids(b.appeler("GET", "/communes/87085/revisions?status=all", nil)))
	require.Equal(t, []any{seconde}, ids(b.appeler("GET", "/communes/87085/revisions?limit=1&offset=1", nil)))
	require.NotContains(t, b.appeler("GET", "/communes/87085/revisions", nil).liste()[0], "files")
	require.Equal(t, []any{"status must be one of the following values: pending, published, all"}, b.appeler("GET", "/communes/87085/revisions?status=x", nil).objet()["message"])
	b.appeler("GET", "/communes/00000/revisions", nil).refuse(404, "Le code commune n’existe pas")
	b.appeler("GET", "/communes/87050/current-revision", nil).refuse(404, "Aucune revision trouvé pour la commune 87050")
	b.appeler("GET", "/communes/87050/current-revision/files/bal/download", nil).refuse(404, "Aucune revision trouvé pour la commune 87050")

	courantes := b.appeler("GET", "/current-revisions", nil)
	require.Len(t, courantes.liste(), 2)
	require.Equal(t, "19272", courantes.liste()[0]["codeCommune"], "by commune")
	require.NotContains(t, courantes.Body.String(), "nomComplet")
	require.Equal(t, []any{seconde}, ids(b.appeler("GET", "/current-revisions?codesCommunes=87085,87050", nil)))
	require.Equal(t, []any{seconde}, ids(b.appeler("GET", "/current-revisions?codesCommunes=87085&codesCommunes=87050", nil)))
	require.Equal(t, []any{seconde}, ids(b.appeler("GET", "/current-revisions?q=limog", nil)))
	require.Equal(t, []any{seconde}, ids(b.appeler("GET", "/current-revisions?departement=87&sort=-publishedAt", nil)))
	require.Empty(t, b.appeler("GET", "/current-revisions?publishedSince=2026-04-15T09:00:00Z", nil).liste(), "strictly later")
	require.Len(t, b.appeler("GET", "/current-revisions?publishedSince=2026-04-15", nil).liste(), 2)
	for chemin, message := range map[string]string{
		"?publishedSince=hier": "Invalid date", "?codesCommunes=00000": "Code commune 00000 invalide", "?codesCommunes=87085,2a004": "Code commune 2a004 invalide",
	} {
		r := b.appeler("GET", "/current-revisions"+chemin, nil)
		r.refuse(400, message)
		require.Equal(t, "Bad Request", r.objet()["error"])
	}
	dernieres := b.appeler("GET", "/last-revisions", nil).liste()
	require.Len(t, dernieres, 2)
	require.Equal(t, map[string]any{"id": attente, "codeCommune": "87085", "isReady": false, "status": "pending", "isValid": nil}, dernieres[1])
	require.Equal(t, true, dernieres[0]["isValid"])
	parClient := b.appeler("GET", "/revisions/client/"+c.id, nil).liste()
	require.Len(t, parClient, 2)
	require.ElementsMatch(t, []string{"id", "codeCommune", "publishedAt", "validation", "status", "isCurrent"}, cles(parClient[0]))

	lue := b.appeler("GET", "/revisions/"+premiere, nil)
	require.Equal(t, http.StatusNotModified, b.appeler("GET", "/revisions/"+premiere, nil, "If-None-Match", lue.Header().Get("ETag")).Code)
	telecharge := b.appeler("GET", "/revisions/"+premiere+"/files/bal/download", nil)
	require.Equal(t, fichier, telecharge.Body.Bytes())
	require.Equal(t, fmt.Sprint(len(fichier)), telecharge.Header().Get("Content-Length"))
	etag := telecharge.Header().Get("ETag")
	require.Equal(t, http.StatusNotModified, b.appeler("GET", "/revisions/"+premiere+"/files/bal/download", nil, "If-None-Match", etag).Code)
	partie := b.appeler("GET", "/revisions/"+premiere+"/files/bal/download", nil, "Range", "bytes=10-19", "If-Range", etag)
	require.Equal(t, http.StatusPartialContent, partie.Code)
	require.Equal(t, fichier[10:20], partie.Body.Bytes())
	require.Equal(t, http.StatusRequestedRangeNotSatisfiable, b.appeler("GET", "/revisions/"+premiere+"/files/bal/download", nil, "Range", "bytes=99999999-").Code)
}

func cles(o map[string]any) []string {
	var out []string
	for k := range o {
		out = append(out, k)
	}
	return out
}

// TestUnknownRoutesAndCORS: unknown addresses and methods are 404 in the words of the contract, and any page may call.
func TestUnknownRoutesAndCORS(t *testing.T) {
	t.Parallel()
	b := nouveau(t, options{sansContrat: true})
	for _, r := range []struct{ methode, chemin string }{{"GET", "/x"}, {"DELETE", "/clients"}, {"POST", "/current-revisions"}} {
		rep := b.appeler(r.methode, r.chemin, nil)
		rep.refuse(404, "Cannot "+r.methode+" "+base+r.chemin)
		require.Equal(t, "Not Found", rep.objet()["error"])
	}
	require.Equal(t, "*", b.appeler("GET", "/health", nil).Header().Get("Access-Control-Allow-Origin"))
	pre := b.appeler("OPTIONS", "/communes/87085/revisions", nil, "Origin", "https://editeur.example.org", "Access-Control-Request-Method", "POST")
	require.Equal(t, http.StatusNoContent, pre.Code)
	require.Equal(t, "GET,POST,PUT", pre.Header().Get("Access-Control-Allow-Methods"))
	require.Contains(t, pre.Header().Get("Access-Control-Allow-Headers"), "Authorization")
	sante := b.appeler("GET", "/health", nil).reussit(200)
	require.Equal(t, "3.5.2", sante["validatorVersion"])
	require.NotEmpty(t, sante["cogMillesime"])
	require.Contains(t, b.appeler("GET", "/api", nil).Body.String(), `data-document="/api-depot/api-json"`)
	require.Equal(t, "3.0.3", b.appeler("GET", "/api-json", nil).reussit(200)["openapi"])
}

// TestReportsAndDifferences: reports with and without deposit, corrections, comparison with the current revision.
func TestReportsAndDifferences(t *testing.T) {
	t.Parallel()
	b := nouveau(t, options{sansContrat: true})
	c := b.client("internal", nil)
	c.publier("87085", fichierBAL("87085", 3))
	id := c.prete("87085", fichierBAL("87085", 4))
	d := b.appeler("GET", "/revisions/"+id+"/diff", nil).reussit(200)
	require.EqualValues(t, 1, d["added"])
	require.EqualValues(t, 3, d["unchanged"])
	require.Equal(t, "added", d["items"].([]any)[0].(map[string]any)["change"])
	require.Empty(t, b.appeler("GET", "/revisions/"+id+"/diff?change=removed", nil).reussit(200)["items"])
	require.Equal(t, 400, b.appeler("GET", "/revisions/"+id+"/diff?change=x", nil).Code)
	r := b.appeler("GET", "/revisions/"+id+"/validation-report?rows=true&limit=2&offset=1", nil).reussit(200)
	require.Equal(t, true, r["valid"])
	require.Len(t, r["rows"], 2)
	require.EqualValues(t, 4, r["rowsTotal"])
	rapport := b.appeler("POST", "/validate?commune=87050&rows=true&code=commune_insee.valeur_inattendue", fichierBAL("87085", 2)).reussit(200)
	require.EqualValues(t, 2, rapport["rowsTotal"])
	require.NotContains(t, b.appeler("POST", "/validate", fichierBAL("87085", 2)).reussit(200), "rows")
	b.appeler("POST", "/validate", nil).refuse(404, "Fichier non fourni.")
	require.Equal(t, 400, b.appeler("POST", "/validate?profile=9.9", fichierBAL("87085", 1)).Code)
	corrige := b.appeler("POST", "/autofix", fichierBAL("87085", 2))
	require.Equal(t, 200, corrige.Code)
	require.Contains(t, corrige.Body.String(), "toponyme")
	require.Equal(t, 412, b.appeler("POST", "/autofix", []byte("\x00\x01\x02")).Code)
	require.Equal(t, 0, b.monde.Compter(`SELECT count(*) FROM revision WHERE statut = 'pending' AND id <> $1`, id))
	require.Equal(t, "Limoges", b.appeler("GET", "/communes/87085", nil).reussit(200)["nom"])
	require.Equal(t, "87085", b.appeler("GET", "/communes?q=LIMOGES&departement=87", nil).liste()[0]["code"])
	require.Equal(t, "Haute-Vienne", b.appeler("GET", "/territoires?type=departement&codes=87", nil).liste()[0]["nom"])
}

// TestStatistics checks 07 section 9.
func TestStatistics(t *testing.T) {
	t.Parallel()
	b := nouveau(t, options{})
	c, mes := b.client("internal", nil), b.client("internal", nil)
	b.monde.Executer(`UPDATE depot_client SET legacy_id = 'mes-adresses' WHERE id = $1`, mes.id)
	b.heure = time.Date(2000, 1, 2, 12, 0, 0, 0, time.UTC)
	mes.publier("87085", fichierBAL("87085", 2))
	b.heure = b.heure.AddDate(0, 0, 3)
	c.publier("87050", fichierBAL("87050", 2))
	c.publier("87085", fichierBAL("87085", 2))
	jours := b.admin("GET", "/stats/firsts-publications?from=2000-01-01&to=2000-02-28", nil).liste()
	require.Len(t, jours, 59)
	require.Equal(t, map[string]any{"date": "2000-01-01", "totalCreations": 0.0, "viaMesAdresses": 0.0, "viaMoissonneur": 0.0}, jours[0])
	require.Equal(t, map[string]any{"date": "2000-01-02", "totalCreations": 1.0, "viaMesAdresses": 1.0, "viaMoissonneur": 0.0}, jours[1])
	require.Equal(t, map[string]any{"date": "2000-02-28", "totalCreations": 2.0, "viaMesAdresses": 1.0, "viaMoissonneur": 0.0}, jours[58])
	require.EqualValues(t, 2, b.admin("GET", "/stats/firsts-publications?from=2000-03-01&to=2000-03-01", nil).liste()[0]["totalCreations"], "what came before counts")
	pubs := b.admin("GET", "/stats/publications?from=2000-01-01&to=2000-01-31", nil).liste()
	require.Equal(t, []map[string]any{
		{"date": "2000-01-02", "publishedBAL": map[string]any{"87085": map[string]any{"total": 1.0, "viaMesAdresses": 1.0, "viaMoissonneur": 0.0}}},
		{"date": "2000-01-05", "publishedBAL": map[string]any{
			"87050": map[string]any{"total": 1.0, "viaMesAdresses": 0.0, "viaMoissonneur": 0.0}, "87085": map[string]any{"total": 1.0, "viaMesAdresses": 0.0, "viaMoissonneur": 0.0},
		}},
	}, pubs)
	for q, message := range map[string]string{
		"from=2000-01-01": "Il manque une date from ou to", "from=x&to=2000-01-01": "Les dates ne sont pas valides", "from=2000-02-01&to=2000-01-01": "La date from est plus vielle que la date to",
	} {
		b.admin("GET", "/stats/publications?"+q, nil).refuse(400, message)
	}
	m := b.appeler("GET", "/stats/metrics-incubateur?limit=1&offset=1", nil).reussit(200)
	require.EqualValues(t, 2, m["count"])
	require.Equal(t, []any{map[string]any{"insee": "87085", "metrics": map[string]any{"tu": 1.0, "yau": 1.0, "mau": 1.0, "wau": 1.0}}}, m["results"])
}

// TestNotifications checks what a publication tells others (07 section 8).
func TestNotifications(t *testing.T) {
	t.Parallel()
	b := nouveau(t, options{reglages: depot.Reglages{NotifierBAN: true, Messagerie: true}})
	partenaire, mes := b.client("internal", map[string]any{"nom": "Partenaire"}), b.client("internal", map[string]any{"nom": "Mes Adresses"})
	b.monde.Executer(`UPDATE depot_client SET legacy_id = 'mes-adresses' WHERE id = $1`, mes.id)
	partenaire.publier("87085", fichierBAL("87085", 2))
	require.Equal(t, "Initialisation d’une Base Adresse Locale - *Limoges* (87085)\nApplication : Partenaire", b.boite.derniere(t, depot.TypePublication).Charge.(depot.ChargePublication).Texte)
	require.Equal(t, depot.ChargeComposer{CodeCommune: "87085"}, b.boite.derniere(t, depot.TypeComposer).Charge)
	require.Zero(t, b.boite.nombre(depot.TypeReprise))
	mes.publier("87085", fichierBAL("87085", 2))
	require.Contains(t, b.boite.derniere(t, depot.TypePublication).Charge.(depot.ChargePublication).Texte, "Mise à jour d’une Base Adresse Locale")
	m := b.boite.derniere(t, depot.TypeReprise)
	require.Equal(t, "contact@editeur.example.org", m.Destinataire)
	require.Equal(t, "Partenaire", m.Charge.(depot.ChargeReprise).Client)
	mes.publier("87085", fichierBAL("87085", 2))
	require.Equal(t, 1, b.boite.nombre(depot.TypeReprise), "a managed client is told nothing")
}

// TestSynchronisation checks 07 section 4.6.
func TestSynchronisation(t *testing.T) {
	t.Parallel()
	b := nouveau(t, options{})
	c := b.client("", nil)
	id := c.prete("87085", fichierBAL("87085", 2))
	h := c.appeler("POST", "/communes/87085/habilitations", nil).reussit(201)["id"].(string)
	b.admin("PUT", "/habilitations/"+h+"/validate", nil).reussit(200)
	b.admin("POST", "/revisions/"+id+"/sync-ids-ban-publish", nil).refuse(412, "Erreur: on ne peut pas synchroniser une publication non courante")
	c.appeler("POST", "/revisions/"+id+"/publish", `{"habilitationId":"`+h+`"}`).reussit(200)
	c.appeler("POST", "/revisions/"+id+"/sync-ids-ban-publish", nil).refuse(403, "Non autorisé")
	b.dehors.panne = context.DeadlineExceeded
	r := b.admin("POST", "/revisions/"+id+"/sync-ids-ban-publish", nil)
	require.Equal(t, http.StatusBadGateway, r.Code)
	require.Contains(t, r.objet()["message"], "Impossible de fetch id_ban_commune de la BAN")
	require.Equal(t, 1, b.monde.Compter(`SELECT count(*) FROM revision`), "nothing created")
	b.dehors.panne = nil
	const commune, voie = "33c76ac4-46d8-4eb8-9caf-4052875fb323", "01f24888-914e-45e8-a134-cdced5a48148"
	b.dehors.ids = &depot.IdentifiantsBAN{
		Commune: commune, Toponymes: map[string]string{"87085_0010": voie},
		Adresses: map[string]string{"87085_0010_00001": "f60f48d7-5908-413b-9e68-407165f49977", "87085_0010_00002": "f3600add-a8de-4f48-86fb-b7aaa6f6975c"},
	}
	r = b.admin("POST", "/revisions/"+id+"/sync-ids-ban-publish", nil)
	o := r.reussit(200)
	require.Equal(t, true, o["isCurrent"])
	require.Equal(t, c.id, o["clientId"])
	require.Equal(t, map[string]any{"extras": map[string]any{"syncRevisionId": id}}, o["context"])
	require.Equal(t, "1.5", o["validation"].(map[string]any)["format"])
	texte := b.appeler("GET", "/communes/87085/current-revision/files/bal/download", nil).Body.String()
	require.Contains(t, texte, commune+";"+voie+";f60f48d7-5908-413b-9e68-407165f49977;Rue de la Boucherie;")
	require.Equal(t, 1, b.monde.Compter(`SELECT count(*) FROM journal_audit WHERE commande = 'depot.synchroniser'`))
}

// TestRacesOnTwoServers: two servers on one database; 50 parallel publishes of ready revisions of a commune
// and 20 parallel uploads on one revision: one current, one file, one object, no 5xx.
func TestRacesOnTwoServers(t *testing.T) {
	t.Parallel()
	b := nouveau(t, options{sansContrat: true})
	db, err := store.Open(t.Context(), b.monde.Base.URL, store.Options{})
	require.NoError(t, err)
	t.Cleanup(db.Close)
	second := &banc{T: t, monde: b.monde, boite: b.boite, dehors: b.dehors, objets: b.objets, heure: b.heure}
	second.construire(options{store: db, sansContrat: true})
	serveurs := []*httptest.Server{httptest.NewServer(b.serveur), httptest.NewServer(second.serveur)}
	for _, s := range serveurs {
		defer s.Close()
	}
	c := b.client("internal", nil)
	tirer := func(n int, chemin func(n int) string, methode string, corps []byte) map[int]int {
		var mu sync.Mutex
		var groupe sync.WaitGroup
		statuts := map[int]int{}
		var rang atomic.Int64
		for range n {
			groupe.Go(func() {
				i := int(rang.Add(1) - 1)
				req, err := http.NewRequest(methode, serveurs[i%2].URL+base+chemin(i), bytesDe(corps))
				if err != nil {
					return
				}
				req.Header.Set("Authorization", "Token "+c.jeton)
				res, err := http.DefaultClient.Do(req)
				if err != nil {
					return
				}
				defer res.Body.Close()
				mu.Lock()
				defer mu.Unlock()
				statuts[res.StatusCode]++
			})
		}
		groupe.Wait()
		return statuts
	}
	id := c.creer("87050")
	statuts := tirer(20, func(int) string { return "/revisions/" + id + "/files/bal" }, "PUT", fichierBAL("87050", 2))
	require.Equal(t, map[int]int{200: 1, 412: 19}, statuts)
	require.Equal(t, 1, b.nombreObjets())

	pretes := make([]string, 50)
	for n := range pretes {
		pretes[n] = c.prete("87085", fichierBAL("87085", 2))
	}
	statuts = tirer(50, func(n int) string { return "/revisions/" + pretes[n] + "/publish" }, "POST", nil)
	require.Equal(t, 50, statuts[200]+statuts[412], statuts)
	require.Positive(t, statuts[200])
	require.Equal(t, 1, b.monde.Compter(`SELECT count(*) FROM revision WHERE courante AND portee_cle = '87085'`))
	require.Equal(t, 1, statuts[200], "the first publication invalidates all the others")
}

// TestPublicEmailsSwitch: DEPOT_PUBLIC_EMAILS gives back the keys of the reference.
func TestPublicEmailsSwitch(t *testing.T) {
	t.Parallel()
	b := nouveau(t, options{api: func(a *depotapi.API) { a.EmailsPublics = true }})
	b.client("", nil)
	require.Equal(t, "contact@editeur.example.org", b.appeler("GET", "/mandataires", nil).liste()[0]["email"])
}
