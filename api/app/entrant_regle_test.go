package app

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"

	"apilos/api/httpapi/docs"
	"apilos/api/httpapi/siapapi"
	"apilos/api/sim"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"
)

// TestSIAPPortee is 05 A.3: another perimeter is let in by trusted, the default, and refused by strict. SIAP lets
// Anne's service read an operation of Rennes Metropole, which is not its own here.
func TestSIAPPortee(t *testing.T) {
	for _, mode := range []string{"trusted", "strict"} {
		t.Run(mode, func(t *testing.T) {
			e := entrer(t, "SIAP_API_SCOPE="+mode)
			anne, claire := e.en("anne.kerbrat@example.org", 212), e.en("claire.lebreton@example.org", 211)
			attendu := func(r reponse) {
				t.Helper()
				if mode == "strict" {
					r.refusee(403, "out_of_scope")
					return
				}
				require.Equal(t, 200, r.Code, r.Corps)
			}
			const numero = "20240350001"
			dto, err := e.sim.Scenario().OperationDTO(numero)
			require.NoError(t, err)
			brut, err := json.Marshal(dto)
			require.NoError(t, err)
			e.pannes(`[{"match":{"route":"operation","login":"anne.kerbrat@example.org"},"times":-1,"status":200,"body":` + string(brut) + `}]`)
			attendu(anne(http.MethodPost, "/operation/"+numero+"/")) // unknown here: on what SIAP says
			require.Equal(t, map[string]int{"trusted": 1, "strict": 0}[mode], e.compter(`SELECT count(*) FROM operation`))
			for range 2 {
				require.Equal(t, 200, claire(http.MethodPost, "/operation/"+numero+"/").Code)
			}
			attendu(anne(http.MethodPost, "/operation/"+numero+"/"))
			attendu(anne(http.MethodGet, "/operation/"+numero+"/"))
			attendu(anne(http.MethodGet, "/close_operation/"+numero+"/"))
			attendu(anne(http.MethodPost, "/close_operation/"+numero+"/"))
			attendu(anne(http.MethodPost, "/cancel_operation/"+numero+"/"))
			annulees := e.compter(`SELECT count(*) FROM convention WHERE statut = 'ANNULEE'`)
			require.Equal(t, map[string]int{"trusted": 3, "strict": 0}[mode], annulees)
			require.JSONEq(t, `{"status":"SUCCESS"}`, claire(http.MethodPost, "/cancel_operation/"+numero).Corps)
			require.Equal(t, 3, e.compter(`SELECT count(*) FROM convention WHERE statut = 'ANNULEE'`))
		})
	}
}

// TestSIAPBailleurPrive is 00 decision 11: the e-mail of a private owner never leaves as siren or siret.
func TestSIAPBailleurPrive(t *testing.T) {
	e := entrer(t)
	paul := e.en("paul.lagrange@example.org", 141)
	r := paul(http.MethodPost, "/operation/20250130003/")
	require.Equal(t, 200, r.Code, r.Corps)
	b := r.JSON()["bailleur"].(map[string]any)
	require.Nil(t, b["siren"])
	require.Nil(t, b["siret"])
	require.NotContains(t, r.Corps, "@")
	require.Equal(t, 1, e.compter(`SELECT count(*) FROM bailleur WHERE type_identifiant = 'EMAIL'`), "the habilitation and the operation name the same one")
}

// TestSIAPRotation is 05 A.2: a token with a known kid is checked with that key only, one without kid with all.
func TestSIAPRotation(t *testing.T) {
	nouvelle, ancienne := strings.Repeat("n", 40), strings.Repeat("a", 40)
	e := entrer(t, "JWT_SIGN_KEYS=neuve:"+nouvelle+",vieille:"+ancienne)
	for _, c := range []struct {
		kid, cle string
		statut   int
	}{
		{"neuve", nouvelle, 200}, {"vieille", ancienne, 200}, {"", nouvelle, 200}, {"", ancienne, 200},
		{"neuve", ancienne, 401}, {"vieille", nouvelle, 401}, {"autre", nouvelle, 401}, {"", strings.Repeat("z", 40), 401},
	} {
		j := e.jeton("", nil, func(j *jwt.Token, m jwt.MapClaims) {
			m["_cle"] = c.cle
			if c.kid != "" {
				j.Header["kid"] = c.kid
			}
		})
		require.Equal(t, c.statut, e.appeler(http.MethodGet, "/config/", j).Code, "%q", c.kid)
	}
}

func TestSIAPCorpsIgnoreJusquaUnMebioctet(t *testing.T) {
	e := entrer(t)
	bon := e.jeton("luc.martin@example.org", 201, nil)
	c := &client{t: t, adresse: e.srv.URL, http: &http.Client{}, Jeton: bon}
	envoyer := func(n int) reponse {
		return c.envoyer(http.MethodPost, siapapi.Base+"/cancel_operation/X/", strings.Repeat("x", n), map[string]string{"Content-Type": "application/octet-stream"})
	}
	require.Equal(t, 200, envoyer(1<<20).Code)
	envoyer(1<<20+1).refusee(413, "request_too_large")
}

func TestSIAPDocumentation(t *testing.T) {
	e := entrer(t)
	r := e.appeler(http.MethodGet, "/schema/", "")
	require.Equal(t, "application/yaml", r.Entete.Get("Content-Type"))
	require.Contains(t, r.Corps, "openapi: 3.0.3")
	for _, chemin := range []string{"/schema/?format=json", "/schema?format=json"} {
		r = e.appeler(http.MethodGet, chemin, "")
		require.Equal(t, "application/json", r.Entete.Get("Content-Type"))
		require.Equal(t, "3.0.3", r.JSON()["openapi"])
	}
	c := &client{t: t, adresse: e.srv.URL, http: &http.Client{}}
	require.Equal(t, "3.0.3", c.envoyer(http.MethodGet, siapapi.Base+"/schema/", "", map[string]string{"Accept": "application/json"}).JSON()["openapi"])
	e.appeler(http.MethodGet, "/schema/?format=xml", "").refusee(400, "bad_request")
	for _, chemin := range []string{"/schema-ui/", "/schema-ui", "/schema-redoc/", "/schema-redoc"} {
		r = e.appeler(http.MethodGet, chemin, "")
		require.Equal(t, 200, r.Code, chemin)
		require.Contains(t, r.Entete.Get("Content-Type"), "text/html")
		require.NotRegexp(t, `https?://`, r.Corps, "nothing comes from elsewhere")
	}
	r = e.appeler(http.MethodGet, "/schema-redoc/", "")
	if docs.RedocBuilt() {
		require.Contains(t, r.Corps, `src="/api-siap/v0/schema-ui/redoc.standalone.js"`)
		nonce := regexp.MustCompile(`data-nonce="(\w{20,})"`).FindStringSubmatch(r.Corps)[1]
		require.Contains(t, r.Entete.Get("Content-Security-Policy"), "style-src 'self' 'nonce-"+nonce+"'")
		require.NotContains(t, e.appeler(http.MethodGet, "/schema-redoc/", "").Corps, nonce, "for one answer alone")
		bundle := e.appeler(http.MethodGet, "/schema-ui/redoc.standalone.js", "")
		require.Equal(t, 200, bundle.Code)
		require.NotContains(t, bundle.Corps, "cdn.redoc.ly")
	} else {
		require.Contains(t, r.Corps, "/api-siap/v0/cancel_operation/")
	}
	require.Equal(t, 200, e.appeler(http.MethodGet, "/schema-ui/redoc.js", "").Code)
	require.Equal(t, 200, e.appeler(http.MethodGet, "/schema-ui/init.js", "").Code)
}

// TestSIAPQuotas is 05 D for this audience.
func TestSIAPQuotas(t *testing.T) {
	e := entrer(t)
	limite := e.limites()
	e.debits = limite
	routeur, err := e.routeur(BuildInfo{Version: "essai"}, nil)
	require.NoError(t, err)
	e.e = routeur
	bon := e.jeton("luc.martin@example.org", 201, nil)
	r := e.appeler(http.MethodGet, "/convention_kpi/", bon)
	require.Equal(t, []string{"120", "59"}, []string{r.Entete.Get("RateLimit-Limit"), r.Entete.Get("RateLimit-Remaining")})
	for range 30 {
		e.appeler(http.MethodGet, "/convention_kpi/", "").refusee(401, "not_authenticated")
	}
	r = e.appeler(http.MethodGet, "/convention_kpi/", "")
	r.refusee(429, "throttled")
	require.NotEmpty(t, r.Entete.Get("Retry-After"))
	require.Equal(t, 200, e.appeler(http.MethodGet, "/convention_kpi/", bon).Code, "good tokens of the same address go on")
}

// TestSIAPDemarrageRefuse is the end of 05 A.2: no empty nor short key, no unkeyed algorithm.
func TestSIAPDemarrageRefuse(t *testing.T) {
	p := demarrer(t)
	p.cfg.SIAPAPI.Keys[0].Secret = "trop-courte"
	_, err := p.jetonsSIAP()
	require.ErrorContains(t, err, "trop courte")
	p.cfg.SIAPAPI.Keys = nil
	_, err = p.jetonsSIAP()
	require.ErrorContains(t, err, "aucune clé")
}

// TestSIAPSimulateur drives the calls from the simulator itself (issue: POST __sim/call).
func TestSIAPSimulateur(t *testing.T) {
	e := entrer(t)
	o := optionsSimulateur(e.cfg)
	o.Listen, o.Environment = "", "test"
	pilote, err := sim.Start(t.Context(), o)
	require.NoError(t, err)
	conduire := func(corps string) reponse {
		c := &client{t: t, adresse: pilote.URL(), http: &http.Client{}}
		return c.envoyer(http.MethodPost, "/__sim/call", corps, nil)
	}
	const qui = `"login":"luc.martin@example.org","habilitation_id":201`
	require.Equal(t, 200, conduire(`{"route":"config",`+qui+`}`).Code)
	require.Equal(t, 200, conduire(`{"route":"operation","method":"POST","numero":"20240870001",`+qui+`}`).Code)
	require.Equal(t, 200, conduire(`{"route":"convention_kpi",`+qui+`}`).Code)
	require.Equal(t, false, conduire(`{"route":"close_operation","numero":"20240870001",` + qui + `}`).JSON()["all_conventions_are_signed"])
	require.JSONEq(t, `{"status":"SUCCESS"}`, conduire(`{"route":"cancel_operation","numero":"20240870001",`+qui+`}`).Corps)
	require.Equal(t, true, conduire(`{"route":"close_operation","numero":"20240870001",` + qui + `}`).JSON()["all_conventions_are_signed"])
}

// TestSIAPIsolation is 05 G.13: parallel calls of two habilitations never see each other's perimeter.
func TestSIAPIsolation(t *testing.T) {
	e := entrer(t)
	require.Equal(t, 200, e.en("solene.legoff@example.org", 111)(http.MethodPost, "/operation/20240350001/").Code)
	require.Equal(t, 200, e.en("marie.durand@example.org", 101)(http.MethodPost, "/operation/20240870002/").Code)
	var groupe sync.WaitGroup
	for i := range 50 {
		qui, id, projets := "solene.legoff@example.org", int64(111), 3.
		if i%2 == 1 {
			qui, id, projets = "marie.durand@example.org", 101, 1.
		}
		j := e.jeton(qui, id, nil)
		groupe.Go(func() {
			var liste []map[string]any
			r := e.appeler(http.MethodGet, "/convention_kpi/", j)
			if json.Unmarshal([]byte(r.Corps), &liste) != nil || len(liste) != 3 || liste[0]["indicateur_valeur"] != projets {
				t.Errorf("%s: %s", qui, r.Corps)
			}
		})
	}
	groupe.Wait()
}

// TestSIAPRienDeSecretDansLeJournal: tokens never appear in the log, whatever becomes of the call.
func TestSIAPRienDeSecretDansLeJournal(t *testing.T) {
	e := entrer(t)
	var tampon bytes.Buffer
	e.log = slog.New(slog.NewJSONHandler(&tampon, &slog.HandlerOptions{Level: slog.LevelDebug}))
	var err error
	e.e, err = e.routeur(BuildInfo{Version: "essai"}, nil)
	require.NoError(t, err)
	bon, mauvais := e.jeton("luc.martin@example.org", 201, nil), e.jeton("luc.martin@example.org", 201, func(_ *jwt.Token, c jwt.MapClaims) { c["exp"] = 1 })
	require.Equal(t, 200, e.appeler(http.MethodPost, "/operation/20240870001/", bon).Code)
	require.Equal(t, 200, e.appeler(http.MethodPost, "/cancel_operation/20240870001/", bon).Code)
	require.Equal(t, 401, e.appeler(http.MethodGet, "/convention_kpi/", mauvais).Code)
	journal := tampon.String()
	require.Contains(t, journal, `"msg":"appel du SIAP"`)
	require.Contains(t, journal, `"event":"siap.ecriture"`)
	require.Contains(t, journal, `"habilitation":201`)
	for _, j := range []string{bon, mauvais} {
		for _, partie := range strings.Split(j, ".")[1:] {
			require.NotContains(t, journal, partie)
		}
	}
}

// TestSIAPExportInfoSIAP is 05 A.9: every convention and avenant once, by uuid, for the staff only.
func TestSIAPExportInfoSIAP(t *testing.T) {
	e := entrer(t)
	for _, numero := range []string{"20240870001", "20240870002"} {
		require.Equal(t, 200, e.en("luc.martin@example.org", 201)(http.MethodPost, "/operation/"+numero).Code)
	}
	m := e.connecter(t, marie)
	require.Equal(t, 403, m.lire("/exports/infosiap").Code)
	_, err := e.db.Pool().Exec(t.Context(), `UPDATE utilisateur SET est_staff = true WHERE cerbere_login = $1`, marie)
	require.NoError(t, err)
	m = e.connecter(t, marie)
	r := m.lire("/exports/infosiap")
	require.Equal(t, 200, r.Code, r.Corps)
	require.Equal(t, "application/x-ndjson", r.Entete.Get("Content-Type"))
	lignes := strings.Split(strings.TrimSpace(r.Corps), "\n")
	require.Len(t, lignes, 3)
	dernier := ""
	for _, l := range lignes {
		var v map[string]any
		require.NoError(t, json.Unmarshal([]byte(l), &v))
		require.Equal(t, []string{
			"avenant_types", "convention_date_signature", "convention_parent_uuid", "date_denonciation", "date_fin_conventionnement", "date_resiliation",
			"depuis_ecoloweb", "fond_propre", "gestionnaire", "lots", "numero_avenant", "numero_convention", "operation", "statut", "uuid",
		}, cles(v))
		require.Subset(t, cles(v["operation"]), []string{"administration", "bailleur", "nature_logement", "nom", "numero_operation"})
		require.Greater(t, v["uuid"].(string), dernier)
		dernier = v["uuid"].(string)
	}
	require.Len(t, strings.Split(strings.TrimSpace(m.lire("/exports/infosiap?limite=2").Corps), "\n"), 2)
	require.Equal(t, 400, m.lire("/exports/infosiap?limite=0").Code)
	require.Equal(t, 400, m.lire("/exports/infosiap?autre=1").Code)
	var commande bytes.Buffer
	require.NoError(t, ExporterInfoSIAP(t.Context(), e.cfg, &commande, 0))
	require.Equal(t, r.Corps, commande.String(), "the command writes the same lines")
}
