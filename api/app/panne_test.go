package app

import (
	"context"
	"net/http"
	"strconv"
	"testing"

	"apilos/api/siap"
	"apilos/api/sim"

	"github.com/stretchr/testify/require"
)

// panneSIAP is a breakdown of SIAP and what it does to each audience (05 B.2, A.2).
type panneSIAP struct {
	nom, faute string
	// of the inbound API, when the breakdown is on the habilitations and when it is on the operation
	habilitations, operation refusEntrant
	message                  string // code of the message of the web page of an operation
}

type refusEntrant struct {
	statut int
	code   string
}

func pannes() []panneSIAP {
	injoignable := refusEntrant{503, "siap_unavailable"}
	inexploitable := refusEntrant{502, "siap_bad_gateway"}
	refusees := refusEntrant{403, "habilitation_refused"}
	return []panneSIAP{
		{"drop", `"drop":true`, injoignable, injoignable, "SIAP_INDISPONIBLE"},
		{"drop after", `"drop":true,"after":true`, injoignable, injoignable, "SIAP_INDISPONIBLE"},
		{"400", `"status":400`, refusees, refusEntrant{422, "siap_rejected"}, "SIAP_REFUS"},
		{"401", `"status":401`, inexploitable, inexploitable, "SIAP_INDISPONIBLE"},
		{"403", `"status":403`, refusees, refusEntrant{403, "siap_forbidden"}, "SIAP_NON_AUTORISE"},
		{"404", `"status":404`, refusees, refusEntrant{404, "operation_not_found"}, "OPERATION_INCONNUE_SIAP"},
		{"429", `"status":429`, injoignable, injoignable, "SIAP_INDISPONIBLE"},
		{"500", `"status":500`, inexploitable, inexploitable, "SIAP_INDISPONIBLE"},
		{"502", `"status":502`, inexploitable, inexploitable, "SIAP_INDISPONIBLE"},
		{"503", `"status":503`, injoignable, injoignable, "SIAP_INDISPONIBLE"},
		{"504", `"status":504`, injoignable, injoignable, "SIAP_INDISPONIBLE"},
		{"HTML", `"status":200,"body":"<html>maintenance</html>"`, inexploitable, inexploitable, "SIAP_INDISPONIBLE"},
		{"wrong shape", `"status":200,"body":[1]`, inexploitable, inexploitable, "SIAP_INDISPONIBLE"},
	}
}

// casser plans a breakdown of one call, for as long as the test says.
func (e *entrant) casser(route, faute string) {
	e.t.Helper()
	e.pannes(`[{"match":{"route":"` + route + `"},"times":-1,` + faute + `}]`)
}

// reparer ends the breakdowns, and lets SIAP answer once so that the breaker forgets them.
func (e *entrant) reparer() {
	e.t.Helper()
	e.sim.Reset()
	e.souffler()
}

// souffler has a call succeed, so that the breaker stays closed.
func (e *entrant) souffler() {
	e.t.Helper()
	_, err := e.siap.RefreshHabilitations(context.Background(), luc, 201)
	require.NoError(e.t, err)
}

// TestA2PannesDuSIAP: each breakdown gives the status and code of the table of 05 A.2 on each route, with the legacy key
// and Retry-After, and what needs no answer of SIAP goes on.
func TestA2PannesDuSIAP(t *testing.T) {
	e := entrer(t)
	qui := e.en(luc, 201)
	require.Equal(t, 200, qui(http.MethodPost, "/operation/20240870002/").Code)
	verifier := func(r reponse, attendu refusEntrant) {
		t.Helper()
		r.refusee(attendu.statut, attendu.code)
		v := r.JSON()
		if attendu.statut >= 500 {
			require.Equal(t, v["detail"], v["error"])
		} else {
			require.NotContains(t, v, "error")
		}
		if attendu.statut == http.StatusServiceUnavailable {
			require.Equal(t, "30", r.Entete.Get("Retry-After"))
		}
	}
	habilitation := int64(900_000) // a new one each time: a good answer is kept for a minute
	for _, p := range pannes() {
		t.Run(p.nom, func(t *testing.T) {
			for _, r := range routesSIAP[1:] {
				e.casser("habilitations", p.faute)
				habilitation++
				verifier(e.en(luc, habilitation)(r.methode, r.chemin), p.habilitations)
				e.reparer()
			}
			e.casser("operation", p.faute)
			verifier(qui(http.MethodPost, "/operation/20240870001/"), p.operation)
			require.Equal(t, 200, qui(http.MethodGet, "/operation/20240870002/").Code, "local data need no SIAP")
			require.Equal(t, 200, qui(http.MethodGet, "/convention_kpi/").Code)
			require.Equal(t, 200, qui(http.MethodGet, "/close_operation/20240870002/").Code)
			e.reparer()
			require.Equal(t, 1, e.compter(`SELECT count(*) FROM operation`), "nothing half written")
		})
	}
}

// TestA2Lent: a SIAP that hangs is unreachable, after three attempts of three seconds.
func TestA2Lent(t *testing.T) {
	e := entrer(t)
	e.casser("habilitations", `"delay_ms":60000`)
	r := e.en(luc, 201)(http.MethodGet, "/convention_kpi/")
	r.refusee(503, "siap_unavailable")
	require.Equal(t, "30", r.Entete.Get("Retry-After"))
	require.Len(t, e.sim.Requests("habilitations"), 3)
}

// TestA2AutresRefus are the rows of the table of 05 A.2 that depend on the data, and the breakdown of our own.
func TestA2AutresRefus(t *testing.T) {
	e := entrer(t)
	e.habilitation("luc.martin@example.org", 0, func(h map[string]any) {
		h["groupe"].(map[string]any)["profil"].(map[string]any)["code"] = "PROFIL_NEUF"
	})
	for _, r := range routesSIAP[1:] {
		e.en(luc, 201)(r.methode, r.chemin).refusee(403, "profil_not_supported")
	}
	e.habilitation("helene.roux@example.org", 0, func(h map[string]any) { h["porteeTerritComp"] = nil })
	e.en("helene.roux@example.org", 241)(http.MethodGet, "/convention_kpi/").refusee(403, "PERIMETRE_ABSENT")

	anne := e.en("anne.kerbrat@example.org", 212)
	e.deformer("20250350002", func(o map[string]any) { o["donneesOperation"].(map[string]any)["natureLogement"] = nil })
	r := anne(http.MethodPost, "/operation/20250350002/")
	r.refusee(422, "OPERATION_INCOMPLETE")
	require.Equal(t, "donneesOperation.natureLogement", r.JSON()["field"])
	e.deformer("20250350002", func(o map[string]any) {
		o["donneesOperation"].(map[string]any)["natureLogement"] = "LOO"
		o["donneesMo"].(map[string]any)["siren"] = nil
	})
	anne(http.MethodPost, "/operation/20250350002/").refusee(422, "BAILLEUR_NON_IDENTIFIE")

	claire := e.en("claire.lebreton@example.org", 211)
	require.Equal(t, 200, claire(http.MethodPost, "/operation/20240350001/").Code)
	dedoubler := func(sql string) {
		_, err := e.db.Pool().Exec(t.Context(), sql)
		require.NoError(t, err)
	}
	dedoubler(`DROP INDEX ux_operation_numero`)
	dedoubler(`INSERT INTO operation (nom, bailleur_id, administration_id, numero_operation, type_operation, nature_logement, source)
		SELECT nom, bailleur_id, administration_id, numero_operation, type_operation, nature_logement, 'ECOLOWEB' FROM operation`)
	claire(http.MethodPost, "/operation/20240350001/").refusee(422, "OPERATION_EN_DOUBLON")
	dedoubler(`UPDATE operation SET administration_id = NULL WHERE source = 'ECOLOWEB'`)
	r = claire(http.MethodPost, "/operation/20240350001/")
	r.refusee(422, "OPERATION_EN_CONFLIT")
	require.Equal(t, []string{"administration_id"}, cles(r.JSON()["diff"]), "only what differs")

	dedoubler(`ALTER TABLE convention_recherche RENAME TO ailleurs`)
	r = claire(http.MethodGet, "/convention_kpi/")
	r.refusee(500, "internal_error")
	require.NotContains(t, r.Corps, "convention_recherche", "nothing of the inside is told")
}

// habilitation changes a habilitation of SIAP.
func (e *entrant) habilitation(login string, rang int, edit func(map[string]any)) {
	e.t.Helper()
	sc := *e.sim.Scenario()
	users := map[string]sim.User{}
	for l, u := range sc.Users {
		users[l] = u
	}
	u := users[login]
	u.Habilitations = append(u.Habilitations[:0:0], u.Habilitations...)
	u.Habilitations[rang] = modifier(e.t, u.Habilitations[rang], edit)
	users[login] = u
	sc.Users = users
	e.sim.SetScenario(&sc)
}

// TestB2PannesEtApplication: whatever call of SIAP breaks, and however, the web application answers with local data and a
// word about SIAP, never with a 500.
func TestB2PannesEtApplication(t *testing.T) {
	e := entrer(t)
	require.Equal(t, 200, e.en(luc, 201)(http.MethodPost, "/operation/20240870002/").Code)
	c := e.connecter(t, marie)
	id := c.premiere("PROJET")
	_, err := e.siap.RefreshHabilitations(t.Context(), marie, 101)
	require.NoError(t, err)
	for _, p := range pannes() {
		t.Run(p.nom, func(t *testing.T) {
			for _, route := range []siap.Call{
				siap.CallConfig, siap.CallHabilitations, siap.CallMenu, siap.CallFusion, siap.CallOperations, siap.CallUsersAdministration, siap.CallUsersMO,
				siap.CallAlertes, siap.CallAlertesConvention, siap.CallAlerteCreate, siap.CallAlerteDelete,
			} {
				e.casser(string(route), p.faute)
				for _, chemin := range []string{"/session", "/conventions", "/conventions/" + id, "/moi/a-faire", "/moi/operations-siap", "/conventions/" + id + "/historique"} {
					r := c.lire(chemin)
					require.Equal(t, 200, r.Code, "%s, %s: %s", route, chemin, r.Corps)
				}
				r := c.envoyer(http.MethodPut, "/api/v1/session/habilitation", `{"habilitation_id":101}`, nil)
				require.NotEqual(t, 500, r.Code, "%s: %s", route, r.Corps)
				if route == siap.CallHabilitations && p.habilitations.code == "habilitation_refused" {
					require.Equal(t, "habilitation_not_valid", r.JSON()["code"], "SIAP refuses the person: the session ends")
					e.reparer()
					c = e.connecter(e.t, marie)
					continue
				}
				r = c.envoyer(http.MethodPost, "/api/v1/auth/refresh", "{}", map[string]string{"X-Requested-With": "fetch", "Origin": c.adresse})
				require.Equal(t, 200, r.Code, "%s: %s", route, r.Corps)
				e.reparer()
			}
			e.casser("operation", p.faute)
			fiche := c.lire("/operations/20240870002")
			require.Equal(t, 200, fiche.Code, fiche.Corps)
			v := fiche.JSON()
			require.Equal(t, "local", v["source"])
			require.Equal(t, p.message, v["messages"].([]any)[0].(map[string]any)["code"])
			require.Contains(t, fiche.Corps, id, "the local conventions are listed")
			require.Equal(t, false, v["peut_creer"])
			e.souffler()
			r := c.envoyer(http.MethodPost, "/api/v1/operations/20240870002/synchronisation", "{}", nil)
			require.Equal(t, 200, r.Code, r.Corps)
			require.Equal(t, p.message, r.JSON()["messages"].([]any)[0].(map[string]any)["code"])
			require.Empty(t, r.JSON()["creees"])
			e.souffler()
			require.Equal(t, 200, c.lire("/operations?q=20240870002").Code)
			e.reparer()
		})
	}
	require.Equal(t, 1, e.compter(`SELECT count(*) FROM convention`))
}

// TestB2DisjoncteurOuvert: five failures in a row and SIAP is left alone; both audiences say that it is unreachable.
func TestB2DisjoncteurOuvert(t *testing.T) {
	e := entrer(t)
	e.casser("habilitations", `"status":503`)
	for i := range int64(2) {
		e.en(luc, 950_000+i)(http.MethodGet, "/convention_kpi/").refusee(503, "siap_unavailable")
	}
	appels := len(e.sim.Requests(""))
	require.Equal(t, 5, appels)
	for i := range int64(3) {
		e.en(luc, 960_000+i)(http.MethodGet, "/convention_kpi/").refusee(503, "siap_unavailable")
	}
	require.Len(t, e.sim.Requests(""), appels, "no call while the breaker is open: "+strconv.Itoa(appels))
	require.Equal(t, siap.Open, e.siap.State().Breaker)
}
