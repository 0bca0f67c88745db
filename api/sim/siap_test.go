package sim_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"apilos/api/siap"
	"apilos/api/sim"
)

// TestTokenA2 is the table of 05 A.2, on the simulator's side.
func TestTokenA2(t *testing.T) {
	keys := []siap.Key{{Kid: "n2", Secret: []byte("second-key-of-more-than-32-bytes-000")}, {Kid: "n1", Secret: []byte("first-key-of-more-than-32-bytes-0000")}}
	b := newBench(t, sim.Options{Keys: keys})
	at := b.clock.Now().Unix()
	good := func() jwt.MapClaims {
		return jwt.MapClaims{"token_type": "access", "iat": at, "exp": at + 300, "jti": "x", "user-login": loginUne, "habilitation-id": habUne}
	}
	with := func(k string, v any) jwt.MapClaims { c := good(); c[k] = v; return c }
	without := func(k string) jwt.MapClaims { c := good(); delete(c, k); return c }
	sign := func(m jwt.SigningMethod, kid any, secret any, c jwt.MapClaims) string {
		tok := jwt.NewWithClaims(m, c)
		if kid != nil {
			tok.Header["kid"] = kid
		}
		s, err := tok.SignedString(secret)
		require.NoError(t, err)
		return s
	}
	hs := func(c jwt.MapClaims) string { return "Bearer " + sign(jwt.SigningMethodHS256, nil, keys[0].Secret, c) }
	unsigned := sign(jwt.SigningMethodNone, nil, jwt.UnsafeAllowNoneSignatureType, good())
	forged := func() string {
		p := strings.Split(sign(jwt.SigningMethodHS256, nil, keys[0].Secret, good()), ".")
		p[1] = strings.Split(sign(jwt.SigningMethodHS256, nil, keys[0].Secret, with("user-login", "autre@example.org")), ".")[1]
		return strings.Join(p, ".")
	}()
	for _, c := range []struct {
		name, header string
		status       int
		detail       string
	}{
		{"good", hs(good()), 200, ""},
		{"scheme in any case", strings.Replace(hs(good()), "Bearer", "bEaReR", 1), 200, ""},
		{"older key without kid", "Bearer " + sign(jwt.SigningMethodHS256, nil, keys[1].Secret, good()), 200, ""},
		{"named key", "Bearer " + sign(jwt.SigningMethodHS256, "n1", keys[1].Secret, good()), 200, ""},
		{"named key, signed by another", "Bearer " + sign(jwt.SigningMethodHS256, "n1", keys[0].Secret, good()), 401, "signature"},
		{"unknown kid", "Bearer " + sign(jwt.SigningMethodHS256, "n9", keys[0].Secret, good()), 401, "pas valide"},
		{"kid of another type", "Bearer " + sign(jwt.SigningMethodHS256, 1, keys[0].Secret, good()), 401, "pas valide"},
		{"no header", "", 401, "absentes"},
		{"other scheme", "Basic abc", 401, "absentes"},
		{"one word", "Bearer", 401, "deux mots"},
		{"three words", hs(good()) + " x", 401, "deux mots"},
		{"not a JWT", "Bearer abc", 401, "n'est pas un JWT"},
		{"forged claims", "Bearer " + forged, 401, "signature"},
		{"alg none", "Bearer " + unsigned, 401, "signature ou son algorithme"},
		{"alg not allowed", "Bearer " + sign(jwt.SigningMethodHS512, nil, keys[0].Secret, good()), 401, "signature ou son algorithme"},
		{"token_type refresh", hs(with("token_type", "refresh")), 401, "token_type"},
		{"no token_type", hs(without("token_type")), 401, "token_type"},
		{"no exp", hs(without("exp")), 401, "exp"},
		{"expired within leeway", hs(with("exp", at-29)), 200, ""},
		{"expired", hs(with("exp", at-31)), 401, "expiré"},
		{"no iat", hs(without("iat")), 200, ""},
		{"iat within leeway", hs(with("iat", at+29)), 200, ""},
		{"iat in the future", hs(with("iat", at+31)), 401, "futur"},
		{"nbf in the future", hs(with("nbf", at+31)), 401, "futur"},
		{"no jti", hs(without("jti")), 401, "jti"},
		{"empty jti", hs(with("jti", "")), 401, "jti"},
		{"life of a day", hs(with("exp", at+86400)), 200, ""},
		{"life too long", hs(with("exp", at+86401)), 401, "24 heures"},
		{"habilitation as numeric text", hs(with("habilitation-id", "71")), 200, ""},
		{"no login", hs(without("user-login")), 401, "user-login"},
		{"empty login", hs(with("user-login", "")), 401, "user-login"},
		{"no habilitation", hs(without("habilitation-id")), 401, "habilitation-id"},
		{"habilitation as text", hs(with("habilitation-id", "abc")), 401, "habilitation-id"},
		{"negative habilitation", hs(with("habilitation-id", -1)), 401, "habilitation-id"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := b.send("GET", "/api-int/v0/menu", nil, func(r *http.Request) {
				if c.header != "" {
					r.Header.Set("siap-Authorization", c.header)
				}
			})
			require.Equal(t, c.status, a.status, a.body)
			if c.status == 401 {
				var body struct{ Detail string }
				a.decode(t, &body)
				require.Contains(t, body.Detail, c.detail)
				require.Equal(t, `Bearer realm="api"`, a.header.Get("WWW-Authenticate"))
			}
		})
	}
	require.Equal(t, 401, b.send("GET", "/api-int/v0/menu", nil, func(r *http.Request) { r.Header.Set("Authorization", hs(good())) }).status,
		"the header is siap-Authorization")
	nobody := without("user-login")
	delete(nobody, "habilitation-id")
	require.Equal(t, 200, b.send("GET", "/api-int/v0/config", nil, func(r *http.Request) { r.Header.Set("siap-Authorization", hs(nobody)) }).status)
	unchosen := func(r *http.Request) { r.Header.Set("siap-Authorization", hs(without("habilitation-id"))) }
	require.Equal(t, 200, b.send("GET", "/services/habilitation/api-int/v0/habilitations", nil, unchosen).status)
}

// TestRoutesWithAndWithoutSlash: the twelve calls of 05 B.3, and 401 before 405.
func TestRoutesWithAndWithoutSlash(t *testing.T) {
	b := newBench(t, sim.Options{})
	const uuid = "6f1c1d52-6a0b-4c43-9a53-0c7a8f0c1a11"
	for _, c := range []struct {
		method, path, name string
		status             int
	}{
		{"GET", "/api-int/v0/config", "config", 200},
		{"GET", "/api-int/v0/menu", "menu", 200},
		{"GET", "/services/habilitation/api-int/v0/habilitations", "habilitations", 200},
		{"GET", "/services/habilitation/api-int/v0/habilitations/administration/35047", "users_administration", 200},
		{"GET", "/services/habilitation/api-int/v0/habilitations/mo/900000001/region/53", "users_mo", 200},
		{"GET", "/services/operation/api-int/v0/operation", "operations", 200},
		{"GET", "/services/operation/api-int/v0/operation/20240100777", "operation", 200},
		{"GET", "/services/operation/api-int/v0/journalisation-fusion", "fusion", 200},
		{"GET", "/services/tableaubord/api-int/v0/alertes", "alertes", 200},
		{"GET", "/services/tableaubord/api-int/v0/alertes/convention/" + uuid, "alertes_convention", 200},
		{"POST", "/services/tableaubord/api-int/v0/alertes", "alerte_create", 400},
		{"DELETE", "/services/tableaubord/api-int/v0/alertes/1", "alerte_delete", 404},
	} {
		for _, slash := range []string{"", "/"} {
			t.Run(c.method+" "+c.path+slash, func(t *testing.T) {
				b.ClearRequests()
				a := b.siap(c.method, c.path+slash, "{}", loginUne, habUne)
				require.Equal(t, c.status, a.status, a.body)
				require.Equal(t, c.name, b.Requests("")[0].Route)
				require.Equal(t, c.status, b.Requests("")[0].Status)
				require.Equal(t, 401, b.send("PATCH", c.path+slash, nil).status)
				wrong := b.siap("PATCH", c.path+slash, nil, loginUne, habUne)
				require.Equal(t, 405, wrong.status)
				require.Contains(t, wrong.header.Get("Allow"), c.method)
			})
		}
	}
	require.Equal(t, 404, b.siap("GET", "/api-int/v0/inconnue", nil, loginUne, habUne).status)
	require.Equal(t, 404, b.siap("GET", "/services/operation/api-int/v0/operation//", nil, loginUne, habUne).status)
}

func TestOtherPrefix(t *testing.T) {
	b := newBench(t, sim.Options{Prefix: "/api/v7/"})
	require.Equal(t, 200, b.siap("GET", "/services/operation/api/v7/operation/20240100777", nil, loginUne, habUne).status)
	require.Equal(t, 404, b.siap("GET", "/services/operation/api-int/v0/operation/20240100777", nil, loginUne, habUne).status)
}

func TestUnknownLoginAndOperation(t *testing.T) {
	b := newBench(t, sim.Options{})
	require.JSONEq(t, `{"habilitations":[]}`, b.siap("GET", "/services/habilitation/api-int/v0/habilitations", nil, "x@example.org", 1).body)
	a := b.siap("GET", "/services/operation/api-int/v0/operation/0", nil, loginUne, habUne)
	require.Equal(t, 404, a.status)
	require.Contains(t, a.body, `"detail"`)
}

// TestHabilitationCarriesEveryKey: missing keys come with null, gestionnaire is an object of nulls.
func TestHabilitationCarriesEveryKey(t *testing.T) {
	b := newBench(t, sim.Options{Scenario: "demo"})
	var got struct{ Habilitations []map[string]any }
	b.siap("GET", "/services/habilitation/api-int/v0/habilitations", nil, "marie.durand@example.org", 101).decode(t, &got)
	h := got.Habilitations[0]
	for _, k := range []string{"id", "groupe", "gestionnaire", "entiteMorale", "porteeTerritComp", "territComp", "statut", "valide", "dateDemande",
		"dateExpiration", "favori", "titre", "adresse", "communeSignataire", "utilisateur", "entete", "sousTitre1", "sousTitre2"} {
		require.Contains(t, h, k)
	}
	g := h["gestionnaire"].(map[string]any)
	require.Len(t, g, 14)
	for k, v := range g {
		require.Nil(t, v, k)
	}
	require.Equal(t, float64(75), h["porteeTerritComp"].(map[string]any)["regComp"].(map[string]any)["code"], "a number stays a number")
}

// TestPerimetreStrict: an operation is given to those it concerns (02 CR-08).
func TestPerimetreStrict(t *testing.T) {
	b := newBench(t, sim.Options{Scenario: "demo"})
	for _, c := range []struct {
		login  string
		hab    int64
		numero string
		status int
	}{
		{"marie.durand@example.org", 101, "20240870001", 200},
		{"marie.durand@example.org", 101, "20230870008", 200}, // absorbed bailleur
		{"marie.durand@example.org", 101, "20250870006", 403}, // another bailleur of the town
		{"marie.durand@example.org", 101, "20240350001", 403},
		{"marie.durand@example.org", 201, "20240870001", 403}, // habilitation of somebody else
		{"paul.lagrange@example.org", 141, "20250130003", 200},
		{"paul.lagrange@example.org", 141, "20240130001", 403},
		{"luc.martin@example.org", 201, "20250870006", 200},
		{"luc.martin@example.org", 201, "20240350001", 403},
		{"claire.lebreton@example.org", 211, "20240350001", 200},
		{"claire.lebreton@example.org", 211, "20250350002", 403}, // same département, another service
		{"helene.roux@example.org", 241, "20240870001", 200},
		{"helene.roux@example.org", 241, "20240130001", 403},
		{"thomas.girard@example.org", 251, "20240870001", 200},
		{"thomas.girard@example.org", 251, "20240350001", 403},
		{"sophie.bernard@example.org", 261, "20250974001", 200},
		{"hugo.petit@example.org", 291, "20240870001", 403},   // to validate
		{"ines.garnier@example.org", 292, "20240350001", 403}, // expired
		{"mathieu.payet@example.org", 231, "20250974002", 200},
		{"sophie.bernard@example.org", 261, "1", 404},
	} {
		t.Run(fmt.Sprintf("%s %d %s", c.login, c.hab, c.numero), func(t *testing.T) {
			a := b.siap("GET", "/services/operation/api-int/v0/operation/"+c.numero, nil, c.login, c.hab)
			require.Equal(t, c.status, a.status, a.body)
		})
	}
}

func TestFusionsMatchEitherSiren(t *testing.T) {
	b := newBench(t, sim.Options{Scenario: "demo"})
	for query, n := range map[string]int{"": 1, "?siren=999087018": 1, "?siren=999087026": 1, "?siren=999035017": 0} {
		var list []siap.FusionDTO
		b.siap("GET", "/services/operation/api-int/v0/journalisation-fusion"+query, nil, "marie.durand@example.org", 101).decode(t, &list)
		require.Len(t, list, n, query)
	}
}

func TestMenuAndConfigNameTheAddresses(t *testing.T) {
	b := newBench(t, sim.Options{PlatformURL: "http://localhost:8080/"})
	var menu struct{ MenuItems []siap.MenuItemDTO }
	b.siap("GET", "/api-int/v0/menu", nil, loginUne, habUne).decode(t, &menu)
	require.Equal(t, "http://localhost:8080/conventions", menu.MenuItems[0].URL)
	var cfg siap.ConfigDTO
	b.siap("GET", "/api-int/v0/config", nil, "", 0).decode(t, &cfg)
	require.Equal(t, b.URL(), cfg.RacineURLAccesWeb)
	b.SetPlatform("https://autre.example")
	b.siap("GET", "/api-int/v0/menu", nil, loginUne, habUne).decode(t, &menu)
	require.Equal(t, "https://autre.example/conventions", menu.MenuItems[0].URL)
}

func alerte() map[string]any {
	return map[string]any{"module": "APILOS", "dateCreation": "2026-03-02", "categorieInformation": "CATEGORIE_ALERTE_ACTION",
		"destinataires": []map[string]string{{"role": "INSTRUCTEUR", "service": "SG"}}, "etiquette": "CUSTOM", "etiquettePersonnalisee": "Convention à instruire",
		"typeAlerte": "Changement de statut", "urlDirection": "/conventions/x", "idConvention": "6f1c1d52-6a0b-4c43-9a53-0c7a8f0c1a11", "numConvention": nil,
		"codeCommune": "35238", "codeGestion": "35047", "nomOperation": "Quai Bleu", "numOperation": "20240100777", "siren": "900000001"}
}

const alertesPath = "/services/tableaubord/api-int/v0/alertes"

func TestAlerteLife(t *testing.T) {
	b := newBench(t, sim.Options{})
	for want := 1; want <= 2; want++ {
		a := b.siap("POST", alertesPath, alerte(), loginUne, habUne)
		require.Equal(t, 201, a.status, a.body)
		var got struct{ ID int }
		a.decode(t, &got)
		require.Equal(t, want, got.ID, "ids start at 1")
	}
	other := alerte()
	other["idConvention"] = "00000000-0000-4000-8000-000000000001"
	require.Equal(t, 201, b.siap("POST", alertesPath, other, loginUne, habUne).status)
	var list []map[string]any
	path := alertesPath + "/convention/6f1c1d52-6a0b-4c43-9a53-0c7a8f0c1a11"
	b.siap("GET", path, nil, loginUne, habUne).decode(t, &list)
	require.Len(t, list, 2)
	require.Len(t, list[0], 24, "every key of AlerteDTO")
	require.Equal(t, "Convention à instruire", list[0]["libelleAlerte"])
	require.Equal(t, "Rennes", list[0]["communeOperation"])
	require.Nil(t, list[0]["phaseOperation"])
	require.Equal(t, "1", b.siap("DELETE", alertesPath+"/1", nil, loginUne, habUne).body)
	require.Equal(t, 404, b.siap("DELETE", alertesPath+"/1", nil, loginUne, habUne).status)
	require.Equal(t, 404, b.siap("DELETE", alertesPath+"/99", nil, loginUne, habUne).status)
	require.Equal(t, 400, b.siap("DELETE", alertesPath+"/abc", nil, loginUne, habUne).status)
	b.siap("GET", path, nil, loginUne, habUne).decode(t, &list)
	require.Len(t, list, 1)
	var seen []sim.Alerte
	b.send("GET", "/__sim/alertes", nil).decode(t, &seen)
	require.Len(t, seen, 3)
	require.NotNil(t, seen[0].SupprimeeLe)
	require.Equal(t, loginUne, seen[1].Login)
	require.Equal(t, habUne, seen[1].HabilitationID)
	require.True(t, b.Alertes("")[0].Supprimee())
	b.Reset()
	require.Empty(t, b.Alertes(""))
	a := b.siap("POST", alertesPath, alerte(), loginUne, habUne)
	require.Contains(t, a.body, `"id":1`)
}

// TestAlerteRefusals: what the SIAP refuses, with the list of faults (05 B.10).
func TestAlerteRefusals(t *testing.T) {
	b := newBench(t, sim.Options{})
	for _, k := range []string{"module", "dateCreation", "categorieInformation", "destinataires", "etiquette", "etiquettePersonnalisee", "typeAlerte",
		"urlDirection", "idConvention", "codeCommune", "codeGestion", "siren"} {
		a := alerte()
		delete(a, k)
		got := b.siap("POST", alertesPath, a, loginUne, habUne)
		require.Equal(t, 400, got.status, k)
		require.Contains(t, got.body, k+" : obligatoire")
	}
	for _, k := range []string{"numConvention", "nomOperation", "numOperation"} {
		a := alerte()
		delete(a, k)
		require.Equal(t, 201, b.siap("POST", alertesPath, a, loginUne, habUne).status, k)
	}
	for _, c := range []struct {
		key   string
		value any
		want  string
	}{
		{"module", "AUTRE", "module : valeur inconnue"}, {"categorieInformation", "ACTION", "categorieInformation : valeur inconnue"},
		{"etiquette", "AUTRE", "etiquette : valeur inconnue"}, {"typeAlerte", "Autre", "typeAlerte : valeur inconnue"},
		{"dateCreation", "02/03/2026", "dateCreation"}, {"urlDirection", "https://x", "urlDirection"}, {"idConvention", "12", "idConvention"},
		{"etiquettePersonnalisee", strings.Repeat("é", 50), "moins de 50"}, {"nomOperation", strings.Repeat("é", 101), "100 caractères au plus"},
		{"destinataires", []map[string]string{{"role": "X", "service": "SG"}}, "destinataires"},
		{"destinataires", []map[string]string{{"role": "INSTRUCTEUR", "service": "X"}}, "destinataires"},
		{"destinataires", []map[string]string{}, "destinataires : obligatoire"},
	} {
		a := alerte()
		a[c.key] = c.value
		got := b.siap("POST", alertesPath, a, loginUne, habUne)
		require.Equal(t, 400, got.status, c.key)
		require.Contains(t, got.body, c.want)
	}
	for k, v := range map[string]string{"etiquettePersonnalisee": strings.Repeat("é", 49), "nomOperation": strings.Repeat("é", 100)} {
		a := alerte()
		a[k] = v
		require.Equal(t, 201, b.siap("POST", alertesPath, a, loginUne, habUne).status, k)
	}
	require.Equal(t, 400, b.siap("POST", alertesPath, "{", loginUne, habUne).status)
	require.Equal(t, 413, b.siap("POST", alertesPath, `"`+strings.Repeat("x", 1<<20)+`"`, loginUne, habUne).status)
}

func TestInitialAlertes(t *testing.T) {
	b := newBench(t, sim.Options{})
	s, err := sim.Parse([]byte(head + `"users":{},"alertes":[{"idConvention":"c1","id":7,"categorie":"CATEGORIE_ALERTE_ACTION","libelleAlerte":"À corriger"},{"idConvention":"c2","categorie":"CATEGORIE_ALERTE_INFORMATION"}]}`))
	require.NoError(t, err)
	b.SetScenario(s)
	var list []siap.AlerteDTO
	b.siap("GET", alertesPath+"/convention/c1", nil, loginUne, habUne).decode(t, &list)
	require.Equal(t, int64(7), list[0].ID)
	require.True(t, list[0].Action())
	b.siap("GET", alertesPath, nil, loginUne, habUne).decode(t, &list)
	require.Equal(t, int64(8), list[1].ID)
	require.Contains(t, b.siap("POST", alertesPath, alerte(), loginUne, habUne).body, `"id":9`)
}

// TestJournal keeps what tests need, without secrets (00 decision 22).
func TestJournal(t *testing.T) {
	b := newBench(t, sim.Options{})
	token := b.token(loginUne, habUne)
	b.send("POST", alertesPath+"/?x=%C3%A9", `{"a":1}`, bearer(token), func(r *http.Request) {
		r.Header.Set("Cookie", "secret=1")
		r.Header.Set("X-Request-Id", "req-9")
	})
	b.send("GET", "/services/operation/api-int/v0/operation/A%2FB", nil, bearer("x"+token))
	list := b.Requests("")
	require.Len(t, list, 2)
	first, second := list[0], list[1]
	require.Equal(t, "alerte_create", first.Route)
	require.Equal(t, alertesPath+"/", first.Path)
	require.Equal(t, url.Values{"x": {"é"}}, first.Query)
	require.JSONEq(t, `{"a":1}`, string(first.Body))
	require.Equal(t, loginUne, first.Login())
	require.Equal(t, "req-9", first.Headers.Get("X-Request-Id"))
	require.Equal(t, "Bearer ***", first.Headers.Get("siap-Authorization"))
	require.Equal(t, "***", first.Headers.Get("Cookie"))
	require.Equal(t, 400, first.Status)
	require.Equal(t, "/services/operation/api-int/v0/operation/A%2FB", second.Path)
	require.Equal(t, 401, second.Status)
	require.NotEmpty(t, second.TokenError)
	var served []sim.Request
	a := b.send("GET", "/__sim/requests?route=alerte_create&method=POST&login="+loginUne, nil)
	require.NotContains(t, a.body, token)
	a.decode(t, &served)
	require.Len(t, served, 1)
	require.Equal(t, json.Number("71"), decodeNumber(t, a.body, "habilitation-id"))
	b.send("GET", "/__sim/requests?login=autre", nil).decode(t, &served)
	require.Empty(t, served)
	require.Equal(t, 204, b.send("DELETE", "/__sim/requests", nil).status)
	require.Empty(t, b.Requests(""))
}

// decodeNumber reads a claim of the first request of a journal.
func decodeNumber(t *testing.T, body, claim string) json.Number {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(body))
	d.UseNumber()
	var list []struct{ Claims map[string]any }
	require.NoError(t, d.Decode(&list))
	return list[0].Claims[claim].(json.Number)
}
