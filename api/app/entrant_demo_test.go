package app

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"apilos/api/sim"

	"github.com/stretchr/testify/require"
)

// piloter starts a simulator that calls the platform in SIAP's name, and returns how to have it call.
func (e *entrant) piloter() func(corps string) reponse {
	e.t.Helper()
	o := optionsSimulateur(e.cfg)
	o.Listen, o.Environment = "", "test"
	pilote, err := sim.Start(e.t.Context(), o)
	require.NoError(e.t, err)
	e.t.Cleanup(pilote.Close)
	c := &client{t: e.t, adresse: pilote.URL(), http: &http.Client{}}
	return func(corps string) reponse { return c.envoyer(http.MethodPost, "/__sim/call", corps, nil) }
}

// TestScenarioDemo is the acceptance of the exchange: the demo scenario drives sign-in for each profil, indicators,
// creation twice and twenty at once, closing, cancelling, and the alertes that SIAP receives.
func TestScenarioDemo(t *testing.T) {
	e := entrer(t)
	appeler := e.piloter()
	profils := map[string]struct {
		login, typologie string
		habilitation     string
		indicateurs      int
		lecture          bool
	}{
		"MO_PERS_MORALE": {marie, "BAILLEUR", "101", 3, false},
		"MO_PERS_PHYS":   {"paul.lagrange@example.org", "BAILLEUR", "141", 3, false},
		"SER_GEST":       {luc, "INSTRUCTEUR", "201", 3, false},
		"SER_DEP":        {"helene.roux@example.org", "ADMINISTRATEUR", "241", 3, false},
		"DIR_REG":        {"thomas.girard@example.org", "ADMINISTRATEUR", "251", 1, false},
		"ADM_CENTRALE":   {sophie, "ADMINISTRATEUR", "261", 1, false},
		"ASS_HLM":        {"yann.perrot@example.org", "ADMINISTRATEUR", "271", 3, true},
		"PARTENAIRES":    {"emma.fontaine@example.org", "ADMINISTRATEUR", "281", 0, true},
	}
	for profil, p := range profils {
		t.Run("sign in and indicators, "+profil, func(t *testing.T) {
			s := e.connecter(t, p.login).lire("/session")
			require.Equal(t, 200, s.Code, s.Corps)
			active, ok := s.JSON()["habilitation"].(map[string]any)
			require.True(t, ok, s.Corps)
			require.Equal(t, profil, active["profil"])
			require.Equal(t, p.lecture, active["lecture_seule"])
			r := appeler(`{"route":"convention_kpi","login":"` + p.login + `","habilitation_id":` + p.habilitation + `}`)
			require.Equal(t, 200, r.Code, r.Corps)
			var liste []any
			require.NoError(t, json.Unmarshal([]byte(r.Corps), &liste))
			require.Len(t, liste, p.indicateurs)
		})
	}
	const qui = `"login":"luc.martin@example.org","habilitation_id":201`
	creer := func(numero string) reponse {
		return appeler(`{"route":"operation","method":"POST","numero":"` + numero + `",` + qui + `}`)
	}
	t.Run("twice, then twenty at once", func(t *testing.T) {
		premiere := creer("20240870001")
		require.Equal(t, 200, premiere.Code, premiere.Corps)
		require.JSONEq(t, premiere.Corps, creer("20240870001").Corps)
		var groupe sync.WaitGroup
		var mu sync.Mutex
		vus := map[string]int{}
		for range 20 {
			groupe.Go(func() {
				r := creer("20240870002")
				mu.Lock()
				defer mu.Unlock()
				vus[r.Corps]++
			})
		}
		groupe.Wait()
		require.Len(t, vus, 1, "the same answer to all")
		require.Equal(t, 2, e.compter(`SELECT count(*) FROM operation`))
		require.Equal(t, 3, e.compter(`SELECT count(*) FROM convention`))
		require.Equal(t, 3, e.compter(`SELECT count(DISTINCT (o.numero_operation, l.financement)) FROM lot l JOIN convention c ON c.id = l.convention_id JOIN operation o ON o.id = c.operation_id`))
	})
	t.Run("alertes", func(t *testing.T) {
		e.auTravail(t)
		bailleur, service := e.connecter(t, marie), e.connecter(t, luc)
		r := bailleur.lire("/operations/20240870002")
		id := r.JSON()["financements"].([]any)[0].(map[string]any)["conventions"].([]any)[0].(map[string]any)["uuid"].(string)
		attendre := func(etiquettes ...string) {
			t.Helper()
			require.Eventually(t, func() bool {
				var vues []string
				for _, a := range e.sim.Alertes(id) {
					if !a.Supprimee() {
						vues = append(vues, a.EtiquettePersonnalisee)
					}
				}
				return strings.Join(vues, "|") == strings.Join(etiquettes, "|")
			}, 60*time.Second, 50*time.Millisecond, strings.Join(etiquettes, "|"))
		}
		require.Equal(t, 200, bailleur.agir(id, "soumettre", `{"confirmer_incomplet":true,"commentaire":"essai"}`).Code)
		attendre("Convention en instruction", "Convention à instruire")
		require.Equal(t, 200, service.agir(id, "demander_corrections", `{"commentaire":"essai"}`).Code)
		attendre("Convention en instruction", "Convention en correction", "Convention à corriger")
		for _, a := range e.sim.Alertes(id) {
			require.Equal(t, []string{"87085", "DD087", "999087018"}, []string{a.CodeCommune, a.CodeGestion, a.Siren})
			require.Contains(t, a.URLDirection, id)
		}
	})
	t.Run("close, then cancel", func(t *testing.T) {
		clore := func(numero string) map[string]any {
			return appeler(`{"route":"close_operation","method":"POST","numero":"` + numero + `",` + qui + `}`).JSON()
		}
		require.Equal(t, false, clore("20240870001")["all_conventions_are_signed"])
		clore("20240870001")
		require.Equal(t, 1, e.compter(`SELECT count(*) FROM journal_audit WHERE nom_table = 'operation' AND commande LIKE '%clotur%'`), "once a day")
		for range 2 {
			require.JSONEq(t, `{"status":"SUCCESS"}`, appeler(`{"route":"cancel_operation","numero":"20240870001",`+qui+`}`).Corps)
		}
		v := clore("20240870001")
		require.Equal(t, true, v["all_conventions_are_signed"])
		require.Empty(t, v["last_conventions_state"])
		require.Equal(t, 2, e.compter(`SELECT count(*) FROM convention WHERE statut = 'ANNULEE'`))
		require.Equal(t, 1, e.compter(`SELECT count(*) FROM journal_audit WHERE commande LIKE '%annul%' AND acteur = 'luc.martin@example.org' AND habilitation_id = 201 AND nom_table = 'operation'`), "who, habilitation, operation, effect")
	})
}

// TestG13IsolationDesDeuxAPI: 50 requests at once by two people with different habilitations, on each API, never see the
// perimeter of the other.
func TestG13IsolationDesDeuxAPI(t *testing.T) {
	e := entrer(t)
	require.Equal(t, 200, e.en(solene, 111)(http.MethodPost, "/operation/20240350001/").Code) // three conventions
	require.Equal(t, 200, e.en(marie, 101)(http.MethodPost, "/operation/20240870002/").Code)  // one
	type personne struct {
		web            *client
		entrant        string
		id, autre, nom string
		projets        float64
	}
	gens := []*personne{
		{web: e.connecter(t, solene), entrant: e.jeton(solene, 111, nil), projets: 3, nom: "Armor Toit"},
		{web: e.connecter(t, marie), entrant: e.jeton(marie, 101, nil), projets: 1, nom: "Porcelaine Habitat"},
	}
	gens[0].id, gens[1].id = gens[0].web.premiere("PROJET"), gens[1].web.premiere("PROJET")
	gens[0].autre, gens[1].autre = gens[1].id, gens[0].id
	verifier := func(i int, g *personne) string {
		switch i % 4 {
		case 0:
			var liste []map[string]any
			r := e.appeler(http.MethodGet, "/convention_kpi/", g.entrant)
			if json.Unmarshal([]byte(r.Corps), &liste) != nil || len(liste) != 3 || liste[0]["indicateur_valeur"] != g.projets {
				return r.Corps
			}
		case 1:
			if r := g.web.lire("/conventions"); r.Code != 200 || r.JSON()["total"] != g.projets || strings.Contains(r.Corps, g.autre) {
				return r.Corps
			}
		case 2:
			if r := g.web.lire("/session"); r.Code != 200 || !strings.Contains(r.Corps, g.nom) {
				return r.Corps
			}
		default:
			if g.web.lire("/conventions/"+g.id).Code != 200 {
				return "own convention not read"
			}
			if g.web.lire("/conventions/"+g.autre).Code != 404 {
				return "convention of the other one read"
			}
		}
		return ""
	}
	var groupe sync.WaitGroup
	for i := range 100 {
		g := gens[i%2]
		groupe.Go(func() {
			if faute := verifier(i/2, g); faute != "" {
				t.Errorf("%s: %s", g.nom, faute)
			}
		})
	}
	groupe.Wait()
}

// TestStrictSurLaReponseDuSIAP is 05 A.3, mode strict: an operation unknown here is judged on what SIAP says of it, its
// maître d'ouvrage, its service and its territory, and a refusal leaves no trace.
func TestStrictSurLaReponseDuSIAP(t *testing.T) {
	e := entrer(t, "SIAP_API_SCOPE=strict")
	libre := *e.sim.Scenario()
	libre.Perimetre = "" // SIAP lets everybody read: only the platform refuses
	e.sim.SetScenario(&libre)
	const limoges = "20240870001" // Porcelaine Habitat, DD087, Haute-Vienne, Nouvelle-Aquitaine
	for _, c := range []struct {
		login        string
		habilitation int64
	}{
		{solene, 111},                        // another maître d'ouvrage
		{"anne.kerbrat@example.org", 212},    // another service, another département
		{"claire.lebreton@example.org", 211}, // another service
		{"olivier.meunier@example.org", 103}, // same région, another maître d'ouvrage
		{"mathieu.payet@example.org", 231},   // overseas
		{"paul.lagrange@example.org", 141},   // a private owner
	} {
		e.en(c.login, c.habilitation)(http.MethodPost, "/operation/"+limoges+"/").refusee(403, "out_of_scope")
	}
	require.Zero(t, e.compter(`SELECT count(*) FROM operation`))
	for _, c := range []struct {
		login        string
		habilitation int64
	}{
		{marie, 101}, {luc, 201}, {"helene.roux@example.org", 241}, {"thomas.girard@example.org", 251}, {sophie, 261},
	} {
		r := e.en(c.login, c.habilitation)(http.MethodPost, "/operation/"+limoges+"/")
		require.Equal(t, 200, r.Code, "%s: %s", c.login, r.Corps)
		_, err := e.db.Pool().Exec(t.Context(), `TRUNCATE operation CASCADE`)
		require.NoError(t, err)
	}
}
