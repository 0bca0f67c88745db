package app

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"apilos/api/httpapi/contract"
	"apilos/api/httpapi/siapapi"
	"apilos/openapi"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"
)

// entrant is the platform as SIAP sees it; every exchange is checked against the document of this API.
type entrant struct {
	*plateforme
	t *testing.T
}

func entrer(t *testing.T, plus ...string) *entrant {
	t.Helper()
	p := demarrer(t, plus...)
	asJSON, _ := openapi.Siap()
	verifier := contract.Load(t, asJSON).Checker(t)
	p.e.Use(func(next echo.HandlerFunc) echo.HandlerFunc {
		verifie := verifier(next)
		return func(c echo.Context) error {
			if strings.HasSuffix(c.Path(), "/*") || strings.Contains(c.Request().URL.Path, "//") { // no such route or method: nothing is documented
				return next(c)
			}
			return verifie(c)
		}
	})
	return &entrant{p, t}
}

// claims are those of a good token; edit changes them.
func (e *entrant) jeton(login string, habilitation any, edit func(*jwt.Token, jwt.MapClaims)) string {
	e.t.Helper()
	cle, ok := e.cfg.SIAPAPI.Keys.Current()
	require.True(e.t, ok)
	secret := any([]byte(cle.Secret.Reveal()))
	c := jwt.MapClaims{
		"token_type": "access", "jti": uuid.NewString(), "iat": time.Now().Unix(), "exp": time.Now().Add(5 * time.Minute).Unix(),
		"user-login": login, "habilitation-id": habilitation,
	}
	j := jwt.NewWithClaims(jwt.SigningMethodHS256, c)
	if edit != nil {
		edit(j, c)
		if k, ok := c["_cle"]; ok {
			secret = []byte(k.(string))
			delete(c, "_cle")
		}
		if j.Method == jwt.SigningMethodNone {
			secret = jwt.UnsafeAllowNoneSignatureType
		}
	}
	s, err := j.SignedString(secret)
	require.NoError(e.t, err)
	return s
}

func (e *entrant) appeler(methode, chemin, jeton string) reponse {
	e.t.Helper()
	c := &client{t: e.t, adresse: e.srv.URL, http: &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, Jeton: jeton}
	return c.envoyer(methode, siapapi.Base+chemin, "", nil)
}

// en calls in the name of someone of the scenario.
func (e *entrant) en(login string, habilitation int64) func(methode, chemin string) reponse {
	j := e.jeton(login, habilitation, nil)
	return func(methode, chemin string) reponse { e.t.Helper(); return e.appeler(methode, chemin, j) }
}

func (r reponse) code() string {
	r.t.Helper()
	c, _ := r.JSON()["code"].(string)
	return c
}

func (r reponse) refusee(statut int, code string) {
	r.t.Helper()
	require.Equal(r.t, statut, r.Code, r.Corps)
	v := r.JSON()
	require.Equal(r.t, code, v["code"], r.Corps)
	require.Equal(r.t, "about:blank", v["type"])
	require.Equal(r.t, http.StatusText(statut), v["title"])
	require.InDelta(r.t, statut, v["status"], 0)
	require.NotEmpty(r.t, v["detail"])
	require.NotEmpty(r.t, v["request_id"])
	require.Equal(r.t, "application/json", r.Entete.Get("Content-Type"))
	if statut == http.StatusUnauthorized {
		require.Equal(r.t, `Bearer realm="api"`, r.Entete.Get("WWW-Authenticate"))
	}
}

// routesSIAP are the business routes; numero stands for an operation of Haute-Vienne.
var routesSIAP = []struct {
	methode, chemin string
	ecrit           bool
}{
	{http.MethodGet, "/config/", false},
	{http.MethodGet, "/convention_kpi/", false},
	{http.MethodGet, "/operation/20240870001/", false},
	{http.MethodPost, "/operation/20240870001/", true},
	{http.MethodGet, "/close_operation/20240870001/", false},
	{http.MethodPost, "/close_operation/20240870001/", false},
	{http.MethodPost, "/cancel_operation/20240870001/", true},
}

func TestSIAPDocumentDecritChaqueRoute(t *testing.T) {
	e := entrer(t)
	asJSON, _ := openapi.Siap()
	contract.Routes(t, e.e, contract.Load(t, asJSON))
}

// TestSIAPAccesDeChaqueRoute is 05 G.1: each route with and without its last slash, for each caller.
func TestSIAPAccesDeChaqueRoute(t *testing.T) {
	e := entrer(t)
	luc := func(edit func(*jwt.Token, jwt.MapClaims)) string { return e.jeton("luc.martin@example.org", 201, edit) }
	set := func(k string, v any) func(*jwt.Token, jwt.MapClaims) {
		return func(_ *jwt.Token, c jwt.MapClaims) { c[k] = v }
	}
	refuses := map[string]string{
		"wrong key":        luc(set("_cle", strings.Repeat("z", 40))),
		"expired":          luc(set("exp", time.Now().Add(-time.Minute).Unix())),
		"no exp":           luc(func(_ *jwt.Token, c jwt.MapClaims) { delete(c, "exp") }),
		"no jti":           luc(set("jti", "")),
		"refresh token":    luc(set("token_type", "refresh")),
		"issued later":     luc(set("iat", time.Now().Add(time.Hour).Unix())),
		"not before":       luc(set("nbf", time.Now().Add(time.Hour).Unix())),
		"lives for years":  luc(set("exp", time.Now().AddDate(35, 0, 0).Unix())),
		"unknown kid":      luc(func(j *jwt.Token, _ jwt.MapClaims) { j.Header["kid"] = "inconnue" }),
		"alg none":         luc(func(j *jwt.Token, _ jwt.MapClaims) { j.Method, j.Header["alg"] = jwt.SigningMethodNone, "none" }),
		"alg HS512":        luc(func(j *jwt.Token, _ jwt.MapClaims) { j.Method, j.Header["alg"] = jwt.SigningMethodHS512, "HS512" }),
		"not a token":      "abc.def.ghi",
		"of our session":   e.connecter(t, marie).Jeton,
		"outbound to SIAP": jetonSIAP(t, e.plateforme),
	}
	bon := luc(nil)
	lecteur := e.jeton("gael.tanguy@example.org", "213", nil) // a numeric text is accepted
	require.Equal(t, 200, e.appeler(http.MethodPost, "/operation/20240870001/", bon).Code)
	for _, r := range routesSIAP {
		for _, chemin := range []string{r.chemin, strings.TrimSuffix(r.chemin, "/")} {
			nom := r.methode + " " + chemin
			e.appeler(r.methode, chemin, "").refusee(401, "not_authenticated")
			for qui, j := range refuses {
				rep := e.appeler(r.methode, chemin, j)
				require.Equal(t, "token_not_valid", rep.code(), "%s, %s", nom, qui)
				rep.refusee(401, "token_not_valid")
				m := rep.JSON()["messages"].([]any)[0].(map[string]any)
				require.Equal(t, []any{"AccessToken", "access"}, []any{m["token_class"], m["token_type"]})
				require.NotContains(t, rep.Corps, j)
			}
			rep := e.appeler(r.methode, chemin, lecteur)
			if r.ecrit {
				rep.refusee(403, "readonly_habilitation")
			} else {
				require.Equal(t, 200, rep.Code, "%s: %s", nom, rep.Corps)
			}
			if !strings.HasPrefix(chemin, "/cancel") { // the last one would empty the world
				require.Equal(t, 200, e.appeler(r.methode, chemin, bon).Code, nom)
			}
			sans := e.jeton("", nil, nil)
			if strings.HasPrefix(chemin, "/config") {
				require.Equal(t, 200, e.appeler(r.methode, chemin, sans).Code)
				continue
			}
			e.appeler(r.methode, chemin, sans).refusee(401, "user_not_found")
			e.appeler(r.methode, chemin, e.jeton("luc.martin@example.org", "deux", nil)).refusee(401, "user_not_found")
			for _, h := range []struct {
				login string
				id    int64
			}{
				{"luc.martin@example.org", 101},   // somebody else's
				{"hugo.petit@example.org", 291},   // not validated yet
				{"ines.garnier@example.org", 292}, // expired
				{"personne@example.org", 201},
			} {
				e.en(h.login, h.id)(r.methode, chemin).refusee(403, "habilitation_not_valid")
			}
		}
	}
}

func TestSIAPEnteteAuthorization(t *testing.T) {
	e := entrer(t)
	bon := e.jeton("", nil, nil)
	for _, c := range []struct {
		entete, code string
	}{
		{"", "not_authenticated"}, {"Basic abc", "not_authenticated"}, {"Bearer", "bad_authorization_header"},
		{"Bearer a b", "bad_authorization_header"}, {"Token " + bon, "not_authenticated"},
	} {
		r := (&client{t: t, adresse: e.srv.URL, http: &http.Client{}}).envoyer(http.MethodGet, siapapi.Base+"/config/", "", map[string]string{"Authorization": c.entete})
		r.refusee(401, c.code)
	}
	r := (&client{t: t, adresse: e.srv.URL, http: &http.Client{}}).envoyer(http.MethodGet, siapapi.Base+"/config/", "", map[string]string{"Authorization": "bEARER " + bon})
	require.Equal(t, 200, r.Code, "the scheme has no case")
}

// TestSIAPMethodes is 05 A.1: 401 before 405, HEAD like GET, OPTIONS, unknown addresses.
func TestSIAPMethodes(t *testing.T) {
	e := entrer(t)
	bon := e.jeton("luc.martin@example.org", 201, nil)
	for _, c := range []struct{ methode, chemin, permises string }{
		{http.MethodPost, "/config", "GET, HEAD, OPTIONS"},
		{http.MethodDelete, "/convention_kpi/", "GET, HEAD, OPTIONS"},
		{http.MethodPut, "/operation/X/", "GET, HEAD, POST, OPTIONS"},
		{http.MethodPatch, "/close_operation/X", "GET, HEAD, POST, OPTIONS"},
		{http.MethodGet, "/cancel_operation/X/", "POST, OPTIONS"},
	} {
		e.appeler(c.methode, c.chemin, "").refusee(401, "not_authenticated")
		r := e.appeler(c.methode, c.chemin, bon)
		r.refusee(405, "method_not_allowed")
		require.Equal(t, c.permises, r.Entete.Get("Allow"), c.chemin)
		r = e.appeler(http.MethodOptions, c.chemin, "")
		require.Equal(t, 204, r.Code)
		require.Equal(t, c.permises, r.Entete.Get("Allow"))
	}
	require.Equal(t, 200, e.appeler(http.MethodHead, "/config", bon).Code)
	for _, chemin := range []string{"/dummy/", "/api-auth/", "/operation/", "/operation/a/b/"} {
		e.appeler(http.MethodGet, chemin, bon).refusee(404, "not_found")
	}
	e.appeler(http.MethodGet, "/operation//", bon).refusee(404, "operation_not_found") // the empty number finds nothing
}

func TestSIAPConfig(t *testing.T) {
	e := entrer(t)
	v := e.en("luc.martin@example.org", 201)(http.MethodGet, "/config/").JSON()
	require.Equal(t, map[string]any{
		"racine_url_acces_web":                e.srv.URL,
		"url_acces_api_cloture_operation":     "/api-siap/v0/close_operation/{NUMERO_OPERATION_SIAP}/",
		"url_acces_api_annulation_operation":  "/api-siap/v0/cancel_operation/{NUMERO_OPERATION_SIAP}/",
		"url_acces_api_conventions_operation": "/api-siap/v0/operation/{NUMERO_OPERATION_SIAP}",
		"url_acces_api_kpi":                   "/api-siap/v0/convention_kpi/",
		"url_acces_web_operation":             "/operations/{NUMERO_OPERATION_SIAP}",
		"url_acces_web_recherche":             "/conventions",
		"version":                             "0.0",
	}, v)
}

// TestSIAPKPI is 05 G.4: the list of each profil, its order, the perimeter, avenants left out.
func TestSIAPKPI(t *testing.T) {
	e := entrer(t)
	armor := e.en("solene.legoff@example.org", 111)
	require.Equal(t, 200, armor(http.MethodPost, "/operation/20240350001/").Code) // PLUS, PLAI, PLS at Rennes
	require.Equal(t, 200, e.en("luc.martin@example.org", 201)(http.MethodPost, "/operation/20240870001/").Code)
	const base = "/conventions/recherche?cstatut="
	for _, c := range []struct {
		login string
		id    int64
		want  []any
	}{
		{"sophie.bernard@example.org", 261, []any{"en cours", 5., base + "1. Projet,2. Instruction requise,3. Corrections requises,4. A signer"}},
		{"thomas.girard@example.org", 251, []any{"en cours", 2., base + "1. Projet,2. Instruction requise,3. Corrections requises,4. A signer"}},
		{"luc.martin@example.org", 201, []any{"en instruction", 0., base + "2. Instruction requise", "en correction", 0., base + "3. Corrections requises", "à signer", 0., base + "4. A signer"}},
		{"helene.roux@example.org", 241, []any{"en instruction", 0., base + "2. Instruction requise", "en correction", 0., base + "3. Corrections requises", "à signer", 0., base + "4. A signer"}},
		{"yann.perrot@example.org", 271, []any{"en instruction", 0., base + "2. Instruction requise", "en correction", 0., base + "3. Corrections requises", "à signer", 0., base + "4. A signer"}},
		{"solene.legoff@example.org", 111, []any{"en projet", 3., base + "1. Projet", "en correction", 0., base + "3. Corrections requises", "à signer", 0., base + "4. A signer"}},
		{"paul.lagrange@example.org", 141, []any{"en projet", 0., base + "1. Projet", "en correction", 0., base + "3. Corrections requises", "à signer", 0., base + "4. A signer"}},
		{"emma.fontaine@example.org", 281, nil},
	} {
		r := e.en(c.login, c.id)(http.MethodGet, "/convention_kpi/")
		require.Equal(t, 200, r.Code, r.Corps)
		var liste []map[string]any
		require.NoError(t, json.Unmarshal([]byte(r.Corps), &liste))
		require.NotNil(t, liste, c.login)
		var vus []any
		for _, i := range liste {
			require.Len(t, i, 3)
			vus = append(vus, i["indicateur_label"], i["indicateur_valeur"], i["indicateur_redirection_url"])
		}
		require.Equal(t, c.want, vus, c.login)
	}
}

// cles are the keys of an object, sorted.
func cles(v any) []string { return slices.Sorted(maps.Keys(v.(map[string]any))) }

func TestSIAPOperationCorpsExact(t *testing.T) {
	e := entrer(t)
	luc := e.en("luc.martin@example.org", 201)
	luc(http.MethodGet, "/operation/20240870001/").refusee(404, "operation_not_found")
	cree := luc(http.MethodPost, "/operation/20240870001/")
	require.Equal(t, 200, cree.Code, cree.Corps)
	lu := luc(http.MethodGet, "/operation/20240870001/")
	require.JSONEq(t, cree.Corps, lu.Corps)
	v := lu.JSON()
	version := []string{"adresse", "anru", "code_postal", "date_achat", "date_achevement", "date_achevement_previsible", "nom", "numero_operation", "type_operation", "ville", "zone_123", "zone_abc"}
	require.Equal(t, slices.Sorted(slices.Values(append([]string{"administration", "bailleur", "conventions"}, version...))), cles(v))
	require.Equal(t, []string{"adresse", "capital_social", "code_postal", "nom", "siren", "siret", "sous_nature_bailleur", "ville"}, cles(v["bailleur"]))
	require.Equal(t, []string{"code", "nom", "ville_signature"}, cles(v["administration"]))
	conventions := v["conventions"].([]any)
	require.Len(t, conventions, 2)
	c := conventions[0].(map[string]any)
	require.Equal(t, []string{"date_fin_conventionnement", "fond_propre", "lots", "numero", "operation_version", "statut"}, cles(c))
	require.Equal(t, version, cles(c["operation_version"]))
	require.Equal(t, "1. Projet", c["statut"])
	require.Nil(t, c["numero"])
	lot := c["lots"].([]any)[0].(map[string]any)
	require.Equal(t, []string{"financement", "logements", "nb_logements", "prets", "type_habitat", "type_stationnements"}, cles(lot))
	require.Equal(t, []any{}, lot["logements"])
	pret := lot["prets"].([]any)[0].(map[string]any)
	require.Equal(t, []string{"autre", "date_octroi", "duree", "montant", "numero", "preteur"}, cles(pret))
	require.Regexp(t, `^\d+\.\d\d$`, pret["montant"])
	require.Nil(t, pret["numero"])
	require.Equal(t, []string{"loyer", "nb_stationnements", "typologie"}, cles(lot["type_stationnements"].([]any)[0]))
	require.Zero(t, e.compter(`SELECT count(*) FROM convention WHERE cree_par_id IS NOT NULL`), "nobody becomes the author")
}

// TestCR32_operationsParalleles is 05 G.2.
func TestCR32_operationsParalleles(t *testing.T) {
	e := entrer(t)
	luc, thomas := e.jeton("luc.martin@example.org", 201, nil), e.jeton("helene.roux@example.org", 241, nil)
	corps := make([]reponse, 20)
	var groupe sync.WaitGroup
	for i := range corps {
		groupe.Go(func() {
			corps[i] = e.appeler(http.MethodPost, "/operation/20240870001", []string{luc, thomas}[i%2])
		})
	}
	groupe.Wait()
	for _, r := range corps {
		require.Equal(t, 200, r.Code, r.Corps)
		require.JSONEq(t, corps[0].Corps, r.Corps)
	}
	require.Equal(t, 1, e.compter(`SELECT count(*) FROM operation`))
	require.Equal(t, 2, e.compter(`SELECT count(*) FROM convention`))
	require.Equal(t, 2, e.compter(`SELECT count(*) FROM lot`))
}

func TestSIAPOperationRefus(t *testing.T) {
	e := entrer(t)
	for _, c := range []struct {
		login  string
		id     int64
		numero string
		statut int
		code   string
	}{
		{"luc.martin@example.org", 201, "INCONNUE", 404, "operation_not_found"},
		{"luc.martin@example.org", 201, strings.Repeat("9", 256), 404, "operation_not_found"},
		{"luc.martin@example.org", 201, url.PathEscape("a/b c.d"), 404, "operation_not_found"},
		{"luc.martin@example.org", 201, "%FF", 404, "operation_not_found"},
		{"anne.kerbrat@example.org", 212, "20250350003", 422, "AUCUN_CONVENTIONNEMENT"},
		{"mathieu.payet@example.org", 231, "20250974002", 422, "OUTRE_MER_NATURE"},
	} {
		e.en(c.login, c.id)(http.MethodPost, "/operation/"+c.numero+"/").refusee(c.statut, c.code)
	}
	require.Zero(t, e.compter(`SELECT count(*) FROM convention`))
}

// TestSIAPEnPanne is the end of the table of 05 A.2.
func TestSIAPEnPanne(t *testing.T) {
	for _, c := range []struct {
		nom, route, panne string
		statut            int
		code              string
	}{
		{"habilitations refused", "habilitations", `"status":404,"body":{}`, 403, "habilitation_refused"},
		{"habilitations forbidden", "habilitations", `"status":403,"body":{}`, 403, "habilitation_refused"},
		{"our key refused", "habilitations", `"status":401,"body":{}`, 502, "siap_bad_gateway"},
		{"habilitations broken", "habilitations", `"status":500,"body":{}`, 502, "siap_bad_gateway"},
		{"nonsense", "habilitations", `"status":200,"body":"<html>"`, 502, "siap_bad_gateway"},
		{"habilitations down", "habilitations", `"status":503,"body":{}`, 503, "siap_unavailable"},
		{"operation unknown", "operation", `"status":404,"body":{}`, 404, "operation_not_found"},
		{"operation forbidden", "operation", `"status":403,"body":{}`, 403, "siap_forbidden"},
		{"operation rejected", "operation", `"status":400,"body":{}`, 422, "siap_rejected"},
		{"operation broken", "operation", `"status":500,"body":{}`, 502, "siap_bad_gateway"},
		{"operation down", "operation", `"drop":true`, 503, "siap_unavailable"},
	} {
		t.Run(c.nom, func(t *testing.T) {
			e := entrer(t)
			e.pannes(`[{"match":{"route":"` + c.route + `"},"times":-1,` + c.panne + `}]`)
			r := e.en("luc.martin@example.org", 201)(http.MethodPost, "/operation/20240870001/")
			r.refusee(c.statut, c.code)
			v := r.JSON()
			if c.statut >= 500 {
				require.Equal(t, v["detail"], v["error"], "legacy key")
			} else {
				require.NotContains(t, v, "error")
			}
			if c.statut == 503 {
				require.Equal(t, "30", r.Entete.Get("Retry-After"))
			}
			require.Zero(t, e.compter(`SELECT count(*) FROM operation`))
		})
	}
}

func (e *entrant) pannes(corps string) {
	e.t.Helper()
	res, err := http.Post(e.sim.URL()+"/__sim/faults", "application/json", strings.NewReader(corps))
	require.NoError(e.t, err)
	defer res.Body.Close()
	require.Less(e.t, res.StatusCode, 300)
}

func (e *entrant) compter(sql string, args ...any) int {
	e.t.Helper()
	var n int
	require.NoError(e.t, e.db.Pool().QueryRow(e.t.Context(), sql, args...).Scan(&n), sql)
	return n
}
