package web_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"

	"apilos/api/auth"
	"apilos/api/httpapi"
	"apilos/api/httpapi/contract"
	"apilos/api/httpapi/web"
	"apilos/api/internal/fixture"
	"apilos/api/store"
	"apilos/openapi"

	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"
)

// porteurs authenticates by name.
type porteurs map[string]auth.Principal

func (p porteurs) Authenticate(_ context.Context, jeton string) (auth.Principal, error) {
	return p[jeton], nil
}

func entites(t *testing.T, gens porteurs, m *fixture.Monde) *echo.Echo {
	t.Helper()
	doc, _ := openapi.Apilos()
	e := contract.Echo(t)
	e.Use(contract.Load(t, doc).Checker(t))
	require.NoError(t, httpapi.Mount(e, "/api/v1", httpapi.Chain{Authenticator: gens, Log: contract.Logger(t)},
		web.Bailleurs{Liste: store.NewBailleurs(m.Store)}, web.Administrations{Liste: store.NewAdministrations(m.Store)}))
	return e
}

func TestPE20_listsOfEntitiesStayInThePerimeter(t *testing.T) {
	t.Parallel()
	m := fixture.Nouveau(t)
	ailleursB := m.Bailleur("Éole Habitat", "HLM")
	enfant := m.Bailleur("Absorbé 100%", "HLM")
	m.Executer(`UPDATE bailleur SET parent_id = $1, parent_origine = 'SIAP' WHERE id = $2`, m.BailleurID, enfant)
	prive := m.Inserer(`INSERT INTO bailleur (nom, type_identifiant, identifiant, nature_bailleur) VALUES ('Paul Privé', 'EMAIL', 'paul@example.org', 'PRIVES') RETURNING id`)
	ailleursA := m.Administration("DD035", "DDTM d'Ille-et-Vilaine")
	rennes := m.Operation(ailleursB, ailleursA)
	m.Executer(`UPDATE operation SET code_insee_departement = '35', code_insee_region = '53', code_insee_commune = '35238' WHERE id = $1`, rennes)
	opPrive := m.Operation(prive, m.AdministrationID)
	m.Executer(`UPDATE operation SET bailleur_id = $1 WHERE id = $2`, prive, opPrive)

	gens := porteurs{
		"bailleur":   {UtilisateurID: 1, Typologie: auth.Bailleur, BailleurIDs: []int64{m.BailleurID, enfant}},
		"agent":      {UtilisateurID: 2, Typologie: auth.Instructeur, AdministrationID: m.AdministrationID},
		"vide":       {UtilisateurID: 3, Typologie: auth.Instructeur},
		"ddt35":      {UtilisateurID: 4, Typologie: auth.Administrateur, Departement: "35"},
		"bretagne":   {UtilisateurID: 5, Typologie: auth.Administrateur, Region: "53"},
		"national":   {UtilisateurID: 6, Typologie: auth.Administrateur, National: true, LectureSeule: true},
		"sans-role":  {UtilisateurID: 7},
		"sans-perim": {UtilisateurID: 8, Typologie: auth.Administrateur},
		"superuser":  {UtilisateurID: 9, Superuser: true},
	}
	e := entites(t, gens, m)
	noms := func(qui, chemin string) []string {
		t.Helper()
		rec := ask(e, "GET", "/api/v1"+chemin, "", "Authorization", "Bearer "+qui)
		require.Equal(t, http.StatusOK, rec.Code, rec.Body.String())
		var page struct {
			Total     int
			Resultats []struct{ Nom string }
		}
		require.NoError(t, json.Unmarshal(rec.Body.Bytes(), &page))
		out := []string{}
		for _, l := range page.Resultats {
			out = append(out, l.Nom)
		}
		return out
	}
	tous := []string{"Absorbé 100%", "Éole Habitat", "Limousin Habitat", "Paul Privé"}
	for qui, voulus := range map[string][]string{
		"bailleur": {"Absorbé 100%", "Limousin Habitat"}, "agent": {"Limousin Habitat", "Paul Privé"}, "vide": {},
		"ddt35": {"Éole Habitat"}, "bretagne": {"Éole Habitat"}, "national": tous, "sans-perim": {}, "superuser": tous,
	} {
		require.Equal(t, voulus, noms(qui, "/bailleurs"), qui)
	}
	for qui, voulus := range map[string][]string{
		"bailleur": {"DDT de la Haute-Vienne"}, "agent": {"DDT de la Haute-Vienne"}, "vide": {}, "ddt35": {"DDTM d'Ille-et-Vilaine"},
		"bretagne": {"DDTM d'Ille-et-Vilaine"}, "national": {"DDT de la Haute-Vienne", "DDTM d'Ille-et-Vilaine"}, "sans-perim": {},
	} {
		require.Equal(t, voulus, noms(qui, "/administrations"), qui)
	}

	for q, voulus := range map[string][]string{
		"eole": {"Éole Habitat"}, "HABITAT": {"Éole Habitat", "Limousin Habitat"}, "%25": {"Absorbé 100%"}, "_": {},
		"paul%40example.org": {}, "zzz": {}, "+": tous,
	} {
		require.Equal(t, voulus, noms("national", "/bailleurs?q="+q), q)
	}
	siren := m.Compter(`SELECT siren::int FROM bailleur WHERE id = $1`, ailleursB)
	require.Equal(t, []string{"Éole Habitat"}, noms("national", "/bailleurs?q="+itoa(siren)))
	require.Equal(t, []string{"DDTM d'Ille-et-Vilaine"}, noms("national", "/administrations?q=dd035"))
	require.Equal(t, []string{"Éole Habitat"}, noms("national", "/bailleurs?par_page=1&page=2"))

	rec := ask(e, "GET", "/api/v1/bailleurs?q=paul", "", "Authorization", "Bearer national")
	require.NotContains(t, rec.Body.String(), "@", "00 decision 11: the e-mail never leaves")
	require.Contains(t, rec.Body.String(), `"siren":null`)
	for chemin, statut := range map[string]int{
		"/bailleurs?page=0": 400, "/bailleurs?par_page=101": 400, "/bailleurs?nom=x": 400, "/bailleurs?q=%00": 400, "/bailleurs?q=%ff": 400,
		"/administrations?page=x": 400, "/administrations?q=a&q=b": 400,
	} {
		require.Equal(t, statut, ask(e, "GET", "/api/v1"+chemin, "", "Authorization", "Bearer national").Code, chemin)
	}
	require.Equal(t, http.StatusForbidden, ask(e, "GET", "/api/v1/bailleurs", "", "Authorization", "Bearer sans-role").Code)
}
