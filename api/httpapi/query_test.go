package httpapi_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"apilos/api/httpapi"
	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"
)

type lu struct {
	Q       string
	Statuts []string
	Choix   string
	Annee   int
	Anru    *bool
	UUID    *string
	Jour    string
	Depuis  string
	Tri     []httpapi.Tri
	Page    httpapi.Pagination
	Vide    bool
}

func queryServer(t *testing.T) *site {
	return serve(t, setup{}, publicRoute(http.MethodGet, func(c echo.Context) error {
		q, err := httpapi.Query(c, "q", "statut", "choix", "annee", "anru", "uuid", "jour", "depuis", "tri", "page", "par_page")
		if err != nil {
			return err
		}
		out := lu{
			Q: q.Text("q"), Statuts: q.List("statut", "PROJET", "INSTRUCTION", "A_SIGNER"), Choix: q.Choice("choix", "a", "a", "b"),
			Annee: q.Int("annee", 0, 1900, 2100), Anru: q.Bool("anru"), Tri: q.Sort("cree_le", "ville"), Page: q.Page(), Vide: q.Has("q"),
		}
		if id := q.UUID("uuid"); id != nil {
			s := id.String()
			out.UUID = &s
		}
		if d := q.Day("jour"); d != nil {
			out.Jour = d.String()
		}
		if d := q.Instant("depuis"); d != nil {
			out.Depuis = d.Format("2006-01-02T15:04:05Z07:00")
		}
		if err := q.Err(); err != nil {
			return err
		}
		return c.JSON(http.StatusOK, out)
	}))
}

func TestQueryReadsTypedParameters(t *testing.T) {
	s := queryServer(t)
	r := s.get("/api/v1/x?q=+%C3%A9t%C3%A9+&statut=PROJET,INSTRUCTION&statut=PROJET&statut=A_SIGNER&choix=b&annee=2024&anru=false" +
		"&uuid=6f1c1d52-6a0b-4c43-9a53-0c7a8f0c1a11&jour=2026-04-15&depuis=2026-04-15T10:00:00%2B02:00&tri=-cree_le,ville&page=3&par_page=50")
	require.Equal(t, 200, r.StatusCode, r.body)
	var got lu
	require.NoError(t, json.Unmarshal([]byte(r.body), &got))
	require.Equal(t, "été", got.Q)
	require.Equal(t, []string{"PROJET", "INSTRUCTION", "A_SIGNER"}, got.Statuts, "repeated or separated by commas, once each")
	require.Equal(t, "b", got.Choix)
	require.Equal(t, 2024, got.Annee)
	require.False(t, *got.Anru)
	require.Equal(t, "2026-04-15", got.Jour)
	require.Equal(t, "2026-04-15T08:00:00Z", got.Depuis)
	require.Equal(t, []httpapi.Tri{{Cle: "cree_le", Decroissant: true}, {Cle: "ville"}}, got.Tri)
	require.Equal(t, httpapi.Pagination{Page: 3, ParPage: 50}, got.Page)
	require.Equal(t, 100, got.Page.Offset())
}

func TestQueryDefaults(t *testing.T) {
	var got lu
	require.NoError(t, json.Unmarshal([]byte(queryServer(t).get("/api/v1/x").body), &got))
	require.Equal(t, lu{Choix: "a", Page: httpapi.Pagination{Page: 1, ParPage: 20}}, got)
	require.NoError(t, json.Unmarshal([]byte(queryServer(t).get("/api/v1/x?q=").body), &got))
	require.True(t, got.Vide, "given, though empty")
}

func TestQueryRefuses(t *testing.T) {
	s := queryServer(t)
	for query, want := range map[string][2]string{
		"statuts=PROJET":                 {"parametre_inconnu", "statuts"},
		"Q=x":                            {"parametre_inconnu", "Q"},
		"q=a&%00=b":                      {"parametre_inconnu", "…"},
		"statut=PROJETS":                 {"parametre_invalide", "statut"},
		"statut=PROJET,x":                {"parametre_invalide", "statut"},
		"choix=c":                        {"parametre_invalide", "choix"},
		"annee=x":                        {"parametre_invalide", "annee"},
		"annee=1899":                     {"parametre_invalide", "annee"},
		"annee=99999999999999999999":     {"parametre_invalide", "annee"},
		"annee=2020&annee=2021":          {"parametre_invalide", "annee"},
		"anru=peut-etre":                 {"parametre_invalide", "anru"},
		"uuid=1":                         {"parametre_invalide", "uuid"},
		"jour=15/04/2026":                {"parametre_invalide", "jour"},
		"jour=2026-02-30":                {"parametre_invalide", "jour"},
		"depuis=hier":                    {"parametre_invalide", "depuis"},
		"depuis=0001-01-01T00:00:00Z":    {"parametre_invalide", "depuis"},
		"tri=prix":                       {"parametre_invalide", "tri"},
		"page=0":                         {"parametre_invalide", "page"},
		"page=-1":                        {"parametre_invalide", "page"},
		"page=100001":                    {"parametre_invalide", "page"},
		"par_page=101":                   {"parametre_invalide", "par_page"},
		"q=%00":                          {"parametre_invalide", "q"},
		"q=%ff":                          {"parametre_invalide", "q"},
		"q=" + strings.Repeat("a", 1001): {"parametre_invalide", "q"},
	} {
		r := s.get("/api/v1/x?" + query)
		require.Equal(t, 400, r.StatusCode, query)
		p := r.problem(t)
		require.Equal(t, want[0], p["code"], query)
		require.Contains(t, p["detail"], "« "+want[1]+" »", query)
	}
	broken := s.get("/api/v1/x?q=%zz")
	require.Equal(t, "parametre_invalide", broken.problem(t)["code"])
}

func TestQueryListsEveryMistake(t *testing.T) {
	p := queryServer(t).get("/api/v1/x?annee=x&page=0&jour=x").problem(t)
	require.Len(t, p["errors"], 3)
}

func TestPageLinksKeepTheOtherParameters(t *testing.T) {
	s := serve(t, setup{}, publicRoute(http.MethodGet, func(c echo.Context) error {
		q, err := httpapi.Query(c, "q", "page", "par_page", "total")
		if err != nil {
			return err
		}
		return httpapi.JSONPage(c, q.Page(), q.Int("total", 0, 0, 1000), []string(nil))
	}))
	middle := s.get("/api/v1/x?q=a%26b&page=2&par_page=10&total=35")
	require.Equal(t, `</api/v1/x?page=1&par_page=10&q=a%26b&total=35>; rel="first", `+
		`</api/v1/x?page=1&par_page=10&q=a%26b&total=35>; rel="prev", `+
		`</api/v1/x?page=3&par_page=10&q=a%26b&total=35>; rel="next", `+
		`</api/v1/x?page=4&par_page=10&q=a%26b&total=35>; rel="last"`, middle.Header.Get("Link"))
	require.JSONEq(t, `{"resultats":[],"page":2,"par_page":10,"total":35}`, middle.body)

	empty := s.get("/api/v1/x").Header.Get("Link")
	require.Equal(t, `</api/v1/x?page=1&par_page=20>; rel="first", </api/v1/x?page=1&par_page=20>; rel="last"`, empty)

	beyond := s.get("/api/v1/x?page=9&total=35").Header.Get("Link")
	require.Contains(t, beyond, `page=2&par_page=20&total=35>; rel="prev"`)
	require.NotContains(t, beyond, "next")
}
