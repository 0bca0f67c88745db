package sim_test

import (
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"

	"apilos/api/sim"

	"github.com/stretchr/testify/require"
)

const retourPC = "http://localhost:8080/api-depot/habilitations/proconnect/callback"

func demandePC() url.Values {
	return url.Values{
		"client_id": {sim.ProConnectID}, "redirect_uri": {retourPC}, "response_type": {"code"}, "scope": {"openid siret"},
		"state": {"etat-assez-long"}, "nonce": {"nonce-assez-long"},
	}
}

const authorize = "/proconnect/api/v2/authorize"

func TestProConnectPageOffersThePeople(t *testing.T) {
	b := newBench(t, sim.Options{Scenario: "demo"})
	a := b.send("GET", authorize+"?"+demandePC().Encode(), nil)
	require.Equal(t, http.StatusOK, a.status)
	for _, want := range []string{"Jeanne Faucher", "Mairie de Limoges", "21870850000017", `name="state" value="etat-assez-long"`, "localhost:8080"} {
		require.Contains(t, a.body, want)
	}
}

func TestProConnectChoices(t *testing.T) {
	tests := map[string]struct {
		champs url.Values
		code   bool
		erreur string
	}{
		"a person":      {url.Values{"identifiant": {"j.faucher@limoges.example.org"}}, true, ""},
		"another SIRET": {url.Values{"siret": {"218 712 34 000001"}}, true, ""},
		"a refusal":     {url.Values{"refuser": {"1"}}, false, "access_denied"},
	}
	b := newBench(t, sim.Options{Scenario: "demo"})
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			form := demandePC()
			for k, v := range tt.champs {
				form[k] = v
			}
			a := b.send("POST", authorize, form.Encode(), asForm)
			require.Equal(t, http.StatusFound, a.status, a.body)
			to, err := url.Parse(a.header.Get("Location"))
			require.NoError(t, err)
			require.Equal(t, "etat-assez-long", to.Query().Get("state"))
			require.Equal(t, tt.code, to.Query().Get("code") != "")
			require.Equal(t, tt.erreur, to.Query().Get("error"))
		})
	}
	form := demandePC()
	form.Set("siret", "123")
	require.Equal(t, http.StatusBadRequest, b.send("POST", authorize, form.Encode(), asForm).status)
}

func TestProConnectRefusesABadRequest(t *testing.T) {
	b := newBench(t, sim.Options{Scenario: "demo"})
	for key, value := range map[string]string{
		"client_id": "inconnu", "redirect_uri": "https://ailleurs.example.org/", "response_type": "token", "scope": "openid", "state": "court", "nonce": "",
	} {
		q := demandePC()
		q.Set(key, value)
		require.Equal(t, http.StatusBadRequest, b.send("GET", authorize+"?"+q.Encode(), nil).status, key)
	}
}

func TestProConnectTokenHidesNothingInTheJournal(t *testing.T) {
	b := newBench(t, sim.Options{Scenario: "demo"})
	body := url.Values{"client_id": {sim.ProConnectID}, "client_secret": {sim.ProConnectSecret}, "code": {"CODEINCONNU"}, "grant_type": {"authorization_code"}}
	a := b.send("POST", "/proconnect/api/v2/token", body.Encode(), asForm)
	require.Equal(t, http.StatusBadRequest, a.status)
	require.Contains(t, a.body, "invalid_grant")
	journal := string(b.Requests(sim.RoutePCToken)[0].Body)
	require.NotContains(t, journal, sim.ProConnectSecret)
	require.NotContains(t, journal, "CODEINCONNU")
}

func TestDirectoryRefusesAnotherFilter(t *testing.T) {
	b := newBench(t, sim.Options{Scenario: "demo"})
	path := "/annuaire/api/explore/v2.1/catalog/datasets/api-lannuaire-administration/records?where="
	for _, where := range []string{"", `code_insee_commune = "87085"`, `pivot LIKE "prefecture" AND code_insee_commune = "87085"`} {
		require.Equal(t, http.StatusBadRequest, b.send("GET", path+url.QueryEscape(where), nil).status, where)
	}
}

func TestBANNeedsAToken(t *testing.T) {
	b := newBench(t, sim.Options{Scenario: "demo"})
	require.Equal(t, http.StatusUnauthorized, b.send("POST", "/ban-plateforme/ban/communes/87085/compose", "{}").status)
	require.Empty(t, b.Compositions())
	require.Equal(t, http.StatusMethodNotAllowed, b.send("GET", "/ban-plateforme/ban/communes/87085/compose", nil).status)
	require.Equal(t, http.StatusNotFound, b.send("GET", "/ban-plateforme/lookup/abc", nil).status)
}

func TestControlTellsWhatTheServicesReceived(t *testing.T) {
	b := newBench(t, sim.Options{Scenario: "demo"})
	require.Equal(t, http.StatusOK, b.send("POST", sim.CrochetMessagerie, `{"text":"Initialisation d’une Base Adresse Locale"}`).status)
	require.Equal(t, http.StatusBadRequest, b.send("POST", sim.CrochetMessagerie, `{"text":" "}`).status)
	require.Equal(t, http.StatusNoContent, b.send("POST", sim.Recepteur+"/essai", `{}`).status)
	var recu struct {
		Messages     []sim.MessageEquipe
		Compositions []sim.Composition
		Partenaires  []sim.ClientPartenaire
	}
	b.send("GET", "/__sim/exterieur", nil).decode(t, &recu)
	require.Len(t, recu.Messages, 1)
	require.NotNil(t, recu.Compositions)
	require.NotNil(t, recu.Partenaires)
	require.Contains(t, b.send("GET", "/__sim/", nil).body, "Initialisation d’une Base Adresse Locale")
	b.send("POST", "/__sim/reset", nil)
	require.Empty(t, b.MessagesEquipe())
}

func TestOutsideServicesMayBeLeftOut(t *testing.T) {
	b := newBench(t, sim.Options{WithoutExterieur: true})
	require.Equal(t, http.StatusNotFound, b.send("GET", "/ban-plateforme/lookup/87085", nil).status)
	require.NotContains(t, b.send("GET", "/__sim/", nil).body, "Agents ProConnect")
}

// The part of scenarios/README.md about these services is true.
func TestReadmeTellsTheTruthOfOutsideServices(t *testing.T) {
	raw, err := os.ReadFile("scenarios/README.md")
	require.NoError(t, err)
	text := string(raw)
	sc, err := sim.Load("demo")
	require.NoError(t, err)
	for _, a := range sc.Exterieur.ProConnect.Personnes {
		require.Contains(t, text, a.Courriel)
		require.Contains(t, text, a.Siret)
	}
	for code, c := range sc.Exterieur.BAN {
		require.Regexp(t, `\| `+c.Nom+` \| `+code+` \|.*\| `+sim.SiretInvente(code)+` \|.*\| `+strconv.Itoa(c.NbNumeros)+` \|`, text)
		require.Equal(t, sim.SiretInvente(code), sc.Exterieur.Mairies[code][0].Siret)
	}
	for _, want := range []string{sim.RacineProConnect, sim.RacineAnnuaire, sim.RacineBAN, sim.RacinePartenaires, sim.CrochetMessagerie, sim.Recepteur, sim.ProConnectID, sim.ProConnectSecret} {
		require.True(t, strings.Contains(text, want), want)
	}
}

func TestScenarioRefusesUnknownKeysOfOutsideServices(t *testing.T) {
	for _, part := range []string{
		`{"inconnu": 1}`, `{"ban": {"8708": {"nom": "x", "nbNumeros": 1}}}`, `{"ban": {"87085": {"nom": "x", "nbNumeros": -1}}}`,
		`{"proconnect": {"algorithme": "HS256"}}`, `{"proconnect": {"personnes": [{"prenom": "a", "nom": "b", "courriel": "c@d", "siret": "12", "organisation": "e"}]}}`,
	} {
		_, err := sim.Parse([]byte(`{"version": 1, "config": {"racineUrlAccesWeb": "x", "urlAccesWeb": "x", "urlAccesWebOperation": "x", "urlAccesWebGestionHabilitation": "x", "version": "v1.0"}, "users": {}, "exterieur": ` + part + `}`))
		var invalid *sim.InvalidScenario
		require.ErrorAs(t, err, &invalid, part)
		require.Contains(t, err.Error(), "exterieur", part)
	}
}
