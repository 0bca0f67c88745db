package httpapi_test

import (
	"net/http"
	"strconv"
	"testing"

	"apilos/api/fault"
	"apilos/api/httpapi"
	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"
)

func TestCC01IfMatch(t *testing.T) {
	s := serve(t, setup{}, publicRoute(http.MethodPut, func(c echo.Context) error {
		v, err := httpapi.IfMatch(c)
		if err != nil {
			return err
		}
		if v != 7 {
			return fault.New(fault.Stale, "VERSION_PERIMEE", "Rechargez la page.").With("version", 7).With("champs_modifies", []string{"nom"})
		}
		return httpapi.Object(c, http.StatusOK, 8, map[string]int{"version": 8})
	}))
	put := func(headers ...string) reply { return s.do(http.MethodPut, "/api/v1/x", "", headers...) }

	good := put("If-Match", `"7"`)
	require.Equal(t, 200, good.StatusCode)
	require.Equal(t, `"8"`, good.Header.Get("ETag"))

	missing := put()
	require.Equal(t, 428, missing.StatusCode)
	require.Equal(t, "VERSION_REQUISE", missing.problem(t)["code"])

	stale := put("If-Match", `"6"`)
	require.Equal(t, 412, stale.StatusCode)
	require.Equal(t, `"7"`, stale.Header.Get("ETag"), "the current representation's tag")
	p := stale.problem(t)
	require.EqualValues(t, 7, p["version"])
	require.Equal(t, []any{"nom"}, p["champs_modifies"])

	for _, bad := range []string{"7", `W/"7"`, "*", `"7", "8"`, `"07"`, `"-7"`, `"x"`, `"99999999999"`, `""`, `"7`} {
		r := put("If-Match", bad)
		require.Equal(t, 400, r.StatusCode, bad)
		require.Equal(t, "version_invalide", r.problem(t)["code"])
	}
	require.Equal(t, 400, put("If-Match", `"7"`, "If-Match", `"7"`).StatusCode)
}

func TestIfNoneMatchGives304(t *testing.T) {
	built := 0
	s := serve(t, setup{}, publicRoute(http.MethodGet, func(c echo.Context) error {
		if httpapi.NotModified(c, 3) {
			return c.NoContent(http.StatusNotModified)
		}
		built++
		return httpapi.Object(c, http.StatusOK, 3, map[string]string{"n": strconv.Itoa(built)})
	}))
	first := s.get("/api/v1/x")
	require.Equal(t, `"3"`, first.Header.Get("ETag"))
	for tag, status := range map[string]int{`"3"`: 304, `"1", "3"`: 304, `W/"3"`: 304, "*": 304, `"2"`: 200, "3": 200} {
		r := s.get("/api/v1/x", "If-None-Match", tag)
		require.Equal(t, status, r.StatusCode, tag)
		if status == 304 {
			require.Empty(t, r.body)
			require.Equal(t, `"3"`, r.Header.Get("ETag"))
		}
	}
}

func TestIfNoneMatchDoesNotStopAWrite(t *testing.T) {
	s := serve(t, setup{}, publicRoute(http.MethodPost, func(c echo.Context) error {
		return httpapi.Object(c, http.StatusOK, 3, map[string]bool{"fait": true})
	}))
	require.Equal(t, 200, s.post("/api/v1/x", "{}", "If-None-Match", `"3"`).StatusCode)
}

func TestCreatedGivesItsAddress(t *testing.T) {
	s := serve(t, setup{}, publicRoute(http.MethodPost, func(c echo.Context) error {
		return httpapi.Created(c, "/api/v1/x/1", map[string]int{"id": 1})
	}))
	r := s.post("/api/v1/x", "{}")
	require.Equal(t, 201, r.StatusCode)
	require.Equal(t, "/api/v1/x/1", r.Header.Get("Location"))
}
