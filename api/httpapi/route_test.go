package httpapi_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"testing"

	"apilos/api/auth"
	"apilos/api/httpapi"
	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"
)

func TestMountRefusesUnclearDeclarations(t *testing.T) {
	good := httpapi.Route{Method: http.MethodGet, Path: "/x", Access: httpapi.Public(), Handler: ok}
	cases := []struct {
		name   string
		change func(*httpapi.Route)
		want   string
	}{
		{"no access", func(r *httpapi.Route) { r.Access = httpapi.Access{} }, "no access declared"},
		{"no handler", func(r *httpapi.Route) { r.Handler = nil }, "no handler"},
		{"path without slash", func(r *httpapi.Route) { r.Path = "x" }, "slash"},
		{"path ending with slash", func(r *httpapi.Route) { r.Path = "/x/" }, "slash"},
		{"unknown method", func(r *httpapi.Route) { r.Method = "LINK" }, "not used"},
		{"GET that writes", func(r *httpapi.Route) { r.Access = httpapi.Requires(auth.ViewConvention).Write() }, "GET never writes"},
		{"write not declared", func(r *httpapi.Route) {
			r.Method, r.Access = http.MethodPut, httpapi.Requires(auth.ChangeConvention)
		}, "exactly one of"},
		{"write and readers", func(r *httpapi.Route) {
			r.Method, r.Access = http.MethodPut, httpapi.Authenticated().Write().OpenToReaders()
		}, "exactly one of"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := good
			c.change(&r)
			e := echo.New()
			err := httpapi.Mount(e, "/api/v1", httpapi.Chain{Authenticator: everybody(), Log: slog.Default()}, table{good2(), r})
			require.ErrorContains(t, err, c.want)
			require.Empty(t, e.Routes(), "nothing is mounted when one route is wrong")
		})
	}
	t.Run("twice the same", func(t *testing.T) {
		err := httpapi.Mount(echo.New(), "/api/v1", httpapi.Chain{Log: slog.Default()}, table{good}, table{good})
		require.ErrorContains(t, err, "declared twice")
	})
	t.Run("nobody to authenticate", func(t *testing.T) {
		r := good
		r.Access = httpapi.Authenticated()
		require.ErrorContains(t, httpapi.Mount(echo.New(), "", httpapi.Chain{Log: slog.Default()}, table{r}), "authenticator")
	})
	t.Run("no logger", func(t *testing.T) {
		require.ErrorContains(t, httpapi.Mount(echo.New(), "", httpapi.Chain{}, table{good}), "logger")
	})
}

func good2() httpapi.Route {
	return httpapi.Route{Method: http.MethodGet, Path: "/autre", Access: httpapi.Public(), Handler: ok}
}

// Every access against every kind of caller; the letters are the first of the expected code:
// . passes, 4 is 401, P PERMISSION_REFUSEE, H habilitation_not_valid, D detournement_lecture.
func TestAccessIsEnforcedBeforeTheHandler(t *testing.T) {
	callers := []string{"", "inconnu", "bailleur", "instructeur", "lecteur", "sans-role", "staff", "detourne"}
	cases := []struct {
		name   string
		method string
		access httpapi.Access
		want   string
	}{
		{"public", http.MethodGet, httpapi.Public(), "........"},
		{"authenticated", http.MethodGet, httpapi.Authenticated(), "44......"},
		{"read convention", http.MethodGet, httpapi.Requires(auth.ViewConvention), "44...H.."},
		{"two permissions", http.MethodGet, httpapi.Requires(auth.ViewConvention, auth.ValidateConvention), "44P.PH.P"},
		{"write", http.MethodPut, httpapi.Requires(auth.ChangeConvention).Write(), "44..PH.D"},
		{"write without permission, ST-05", http.MethodPost, httpapi.Authenticated().Write(), "44..P..D"},
		{"preference of one's own", http.MethodPatch, httpapi.Authenticated().OpenToReaders(), "44.....D"},
		{"leave the impersonation, 05 C.5", http.MethodDelete, httpapi.Authenticated().OpenToReaders().DuringImpersonation(), "44......"},
		{"validate", http.MethodPost, httpapi.Requires(auth.ValidateConvention).Write(), "44P.PH.D"},
	}
	codes := map[byte]string{'4': "non_authentifie", 'P': "PERMISSION_REFUSEE", 'H': "habilitation_not_valid", 'D': "detournement_lecture"}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			called := 0
			s := serve(t, setup{}, httpapi.Route{Method: c.method, Path: "/x", Access: c.access, Handler: func(c echo.Context) error {
				called++
				return ok(c)
			}})
			for i, who := range callers {
				called = 0
				var headers []string
				if who != "" {
					headers = as(who)
				}
				r := s.do(c.method, "/api/v1/x", "", headers...)
				if c.want[i] == '.' {
					require.Equal(t, 200, r.StatusCode, "%s: %s", who, r.body)
					require.Equal(t, 1, called)
					continue
				}
				require.Equal(t, codes[c.want[i]], r.problem(t)["code"], who)
				require.Zero(t, called, "the handler of %s must not run", who)
				if c.want[i] == '4' {
					require.Equal(t, 401, r.StatusCode)
					require.Equal(t, `Bearer realm="api"`, r.Header.Get("WWW-Authenticate"))
				} else {
					require.Equal(t, 403, r.StatusCode)
				}
			}
		})
	}
}

func TestBearerHeaderForms(t *testing.T) {
	s := serve(t, setup{}, httpapi.Route{Method: http.MethodGet, Path: "/x", Access: httpapi.Authenticated(), Handler: ok})
	for header, status := range map[string]int{
		"Bearer bailleur": 200, "bearer bailleur": 200, "BEARER  bailleur": 200, "Bearer": 401, "Bearer ": 401,
		"Basic bailleur": 401, "bailleur": 401, "Bearer bailleur extra": 401,
	} {
		require.Equal(t, status, s.get("/api/v1/x", "Authorization", header).StatusCode, header)
	}
	two := s.get("/api/v1/x", "Authorization", "Bearer bailleur", "Authorization", "Bearer instructeur")
	require.Equal(t, 401, two.StatusCode, "two headers are one too many")
}

func TestPrincipalReachesTheHandlerWithTheRequest(t *testing.T) {
	var got auth.Principal
	s := serve(t, setup{}, httpapi.Route{Method: http.MethodGet, Path: "/x", Access: httpapi.Authenticated(), Handler: func(c echo.Context) error {
		got = httpapi.Principal(c)
		return ok(c)
	}})
	r := s.get("/api/v1/x", as("bailleur")...)
	require.EqualValues(t, 71, got.HabilitationID)
	require.Equal(t, r.Header.Get("X-Request-Id"), got.RequeteID)
	require.Equal(t, "127.0.0.0", got.IP, "the address is truncated")
}

// Two people at once never see each other's principal (05 G.13).
func TestPrincipalsNeverMix(t *testing.T) {
	s := serve(t, setup{}, httpapi.Route{Method: http.MethodGet, Path: "/x", Access: httpapi.Authenticated(), Handler: func(c echo.Context) error {
		return c.String(http.StatusOK, httpapi.Principal(c).SessionID)
	}})
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			who, want := "bailleur", "s1"
			if i%2 == 1 {
				who, want = "lecteur", "s3"
			}
			req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/api/v1/x", nil)
			req.Header.Set("Authorization", "Bearer "+who)
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Error(err)
				return
			}
			defer res.Body.Close()
			text, _ := io.ReadAll(res.Body)
			if string(text) != want {
				t.Errorf("%s was served as %s", who, text)
			}
		})
	}
	wg.Wait()
}

func TestHeadIsAnsweredLikeGet(t *testing.T) {
	s := serve(t, setup{}, publicRoute(http.MethodGet, ok))
	r := s.do(http.MethodHead, "/api/v1/x", "")
	require.Equal(t, 200, r.StatusCode)
	require.Empty(t, r.body)
	missing := s.do(http.MethodHead, "/api/v1/y", "")
	require.Equal(t, 404, missing.StatusCode)
}

func TestUnknownPathsAndMethodsAreProblems(t *testing.T) {
	s := serve(t, setup{}, publicRoute(http.MethodGet, ok))
	require.Equal(t, "introuvable", s.get("/api/v1/nulle-part").problem(t)["code"])
	r := s.do(http.MethodDelete, "/api/v1/x", "")
	require.Equal(t, 405, r.StatusCode)
	require.Equal(t, "methode_non_autorisee", r.problem(t)["code"])
	require.Contains(t, r.Header.Get("Allow"), "GET")
}

// CC-13: the hook wraps reads only, and its context reaches the handler.
func TestCC13ReadGuardWrapsReads(t *testing.T) {
	type key struct{}
	guarded := 0
	s := serve(t, setup{chain: func(c *httpapi.Chain) {
		c.ReadGuard = func(ctx context.Context, fn func(context.Context) error) error {
			guarded++
			return fn(context.WithValue(ctx, key{}, "garde"))
		}
	}},
		publicRoute(http.MethodGet, func(c echo.Context) error {
			require.Equal(t, "garde", c.Request().Context().Value(key{}))
			return ok(c)
		}),
		publicRoute(http.MethodPost, ok))
	require.Equal(t, 200, s.get("/api/v1/x").StatusCode)
	require.Equal(t, 200, s.do(http.MethodHead, "/api/v1/x", "").StatusCode)
	require.Equal(t, 200, s.post("/api/v1/x", "{}").StatusCode)
	require.Equal(t, 2, guarded)
}

func TestAccessDescribesItself(t *testing.T) {
	require.Equal(t, "bearer change_convention write", httpapi.Requires(auth.ChangeConvention).Write().String())
	require.Equal(t, "public", httpapi.Public().String())
	require.Equal(t, "cookie", httpapi.CookieSession().String())
	require.Equal(t, "undeclared", httpapi.Access{}.String())
}
