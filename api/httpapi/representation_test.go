package httpapi_test

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"apilos/api/httpapi"
	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"
)

type sparse struct {
	UUID    string `json:"uuid"`
	Nom     string `json:"nom"`
	Version int    `json:"version"`
}

func TestEveryJSONAnswerHasAStrongTag(t *testing.T) {
	comments := 0
	s := serve(t, setup{},
		publicRoute(http.MethodGet, func(c echo.Context) error {
			httpapi.SetETag(c, 7)
			return c.JSON(http.StatusOK, map[string]int{"commentaires": comments})
		}),
		httpapi.Route{Method: http.MethodGet, Path: "/sans-version", Access: httpapi.Public(), Handler: ok},
		httpapi.Route{Method: http.MethodGet, Path: "/flux", Access: httpapi.Public(), Stream: true, Handler: ok},
		httpapi.Route{Method: http.MethodGet, Path: "/texte", Access: httpapi.Public(), Handler: func(c echo.Context) error { return c.String(200, "x") }},
		httpapi.Route{Method: http.MethodGet, Path: "/enorme", Access: httpapi.Public(), Handler: func(c echo.Context) error {
			return c.JSON(http.StatusOK, strings.Repeat("x", 5<<20))
		}},
		httpapi.Route{Method: http.MethodPut, Path: "/x", Access: httpapi.Public(), Handler: func(c echo.Context) error {
			v, err := httpapi.IfMatch(c)
			if err != nil {
				return err
			}
			return c.JSON(http.StatusOK, v)
		}},
	)
	first := s.get("/api/v1/x")
	tag := first.Header.Get("ETag")
	require.Regexp(t, `^"7-[0-9a-f]{16}"$`, tag)
	again := s.get("/api/v1/x", "If-None-Match", tag)
	require.Equal(t, 304, again.StatusCode)
	require.Empty(t, again.body)
	require.Equal(t, tag, again.Header.Get("ETag"))
	require.Equal(t, "7\n", s.do(http.MethodPut, "/api/v1/x", "", "If-Match", tag).body, "the tag read is the tag to write with")

	comments = 1 // the version does not move, what is shown does
	moved := s.get("/api/v1/x", "If-None-Match", tag)
	require.Equal(t, 200, moved.StatusCode)
	require.NotEqual(t, tag, moved.Header.Get("ETag"))

	bare := s.get("/api/v1/sans-version")
	require.Regexp(t, `^"-[0-9a-f]{16}"$`, bare.Header.Get("ETag"))
	require.Equal(t, 304, s.get("/api/v1/sans-version", "If-None-Match", bare.Header.Get("ETag")).StatusCode)
	require.Equal(t, 400, s.do(http.MethodPut, "/api/v1/x", "", "If-Match", bare.Header.Get("ETag")).StatusCode, "no version in it")
	require.Equal(t, 400, s.do(http.MethodPut, "/api/v1/x", "", "If-Match", `"7-xyz"`).StatusCode)

	for _, path := range []string{"/api/v1/flux", "/api/v1/texte", "/api/v1/enorme"} {
		require.Empty(t, s.get(path).Header.Get("ETag"), path)
	}
	require.Len(t, s.get("/api/v1/enorme").body, 5<<20+3, "a large answer goes out whole")
	zipped := s.get("/api/v1/x", "Accept-Encoding", "gzip", "If-None-Match", moved.Header.Get("ETag"))
	require.Equal(t, 304, zipped.StatusCode)
}

// TestAHandlerThatFailsAfterWritingIsAnswered: what was held is dropped, the error has its own body.
func TestAHandlerThatFailsAfterWritingIsAnswered(t *testing.T) {
	s := serve(t, setup{}, publicRoute(http.MethodGet, func(c echo.Context) error {
		if err := c.JSON(http.StatusOK, "presque"); err != nil {
			return err
		}
		return errors.New("commit failed")
	}))
	r := s.get("/api/v1/x")
	require.Equal(t, 500, r.StatusCode)
	require.Equal(t, "erreur_interne", r.problem(t)["code"])
}

func TestChampsKeepsTheMembersAskedFor(t *testing.T) {
	row := sparse{"u1", "Les Tilleuls", 3}
	route := func(path string, h echo.HandlerFunc) httpapi.Route {
		return httpapi.Route{Method: http.MethodGet, Path: path, Access: httpapi.Public(), Champs: httpapi.FieldsOf[sparse](), Handler: h}
	}
	s := serve(t, setup{},
		route("/page", func(c echo.Context) error {
			q, err := httpapi.Query(c, "page", "par_page")
			if err != nil {
				return err
			}
			return httpapi.JSONPage(c, q.Page(), 30, []sparse{row, row})
		}),
		route("/objet", func(c echo.Context) error { return httpapi.Object(c, http.StatusOK, 3, row) }),
		route("/liste", func(c echo.Context) error { return c.JSON(http.StatusOK, []sparse{row}) }),
	)
	page := s.get("/api/v1/page?champs=nom,uuid&par_page=20")
	require.JSONEq(t, `{"resultats":[{"uuid":"u1","nom":"Les Tilleuls"},{"uuid":"u1","nom":"Les Tilleuls"}],"page":1,"par_page":20,"total":30}`, page.body)
	require.Contains(t, page.Header.Get("Link"), "champs=nom", "the next page keeps the choice")
	require.JSONEq(t, `{"nom":"Les Tilleuls"}`, s.get("/api/v1/objet?champs=nom").body)
	require.JSONEq(t, `[{"uuid":"u1"}]`, s.get("/api/v1/liste?champs=uuid&champs=uuid").body)
	require.Contains(t, s.get("/api/v1/objet?champs=").body, "Tilleuls", "an empty choice is no choice")
	require.NotEqual(t, s.get("/api/v1/objet").Header.Get("ETag"), s.get("/api/v1/objet?champs=nom").Header.Get("ETag"), "another representation, another tag")

	for _, bad := range []string{"secret", "nom,UUID", "nom.x", "*"} {
		r := s.get("/api/v1/objet?champs=" + bad)
		require.Equal(t, 400, r.StatusCode, bad)
		require.Equal(t, "parametre_invalide", r.problem(t)["code"])
	}
	other := serve(t, setup{}, publicRoute(http.MethodGet, func(c echo.Context) error {
		if _, err := httpapi.Query(c); err != nil {
			return err
		}
		return ok(c)
	}))
	require.Equal(t, "parametre_inconnu", other.get("/api/v1/x?champs=ok").problem(t)["code"], "only where it is declared")
}

// TestDeprecatedParametersStillWork uses the real declarations: those of the list of conventions.
func TestDeprecatedParametersStillWork(t *testing.T) {
	var statuts, tris []string
	s := serve(t, setup{}, httpapi.Route{Method: http.MethodGet, Path: "/conventions", Access: httpapi.Public(), Handler: func(c echo.Context) error {
		q, err := httpapi.Query(c, "statut", "tri", "page", "par_page")
		if err != nil {
			return err
		}
		statuts, tris = q.List("statut"), q.List("tri")
		return httpapi.JSONPage(c, q.Page(), 0, []string{})
	}})
	r := s.get("/api/v1/conventions?cstatut=1.%20Projet,SIGNEE&statut=PUBLIE&order_by=-ville")
	require.Equal(t, 200, r.StatusCode, r.body)
	require.Equal(t, []string{"PUBLIE", "1. Projet", "SIGNEE"}, statuts)
	require.Equal(t, []string{"-ville"}, tris)
	require.Regexp(t, `^@\d{10}$`, r.Header.Get("Deprecation"))
	require.Contains(t, r.Header.Get("Sunset"), "2028")
	require.Contains(t, strings.Join(r.Header.Values("Link"), "\n"), `rel="deprecation"`)
	require.Contains(t, strings.Join(r.Header.Values("Link"), "\n"), `rel="first"`)

	plain := s.get("/api/v1/conventions?statut=PUBLIE")
	require.Empty(t, plain.Header.Get("Deprecation")+plain.Header.Get("Sunset"))
	require.Equal(t, 400, s.get("/api/v1/conventions?search_ville=x").StatusCode)
	_, err := strconv.Atoi(strings.TrimPrefix(r.Header.Get("Deprecation"), "@"))
	require.NoError(t, err)
}
