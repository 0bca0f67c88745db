package httpapi_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"apilos/api/fault"
	"apilos/api/httpapi"
	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"
)

func failing(t *testing.T, err error) (*site, reply) {
	s := serve(t, setup{}, publicRoute(http.MethodGet, func(echo.Context) error { return err }))
	return s, s.get("/api/v1/x")
}

func TestEveryKindHasItsStatus(t *testing.T) {
	for kind, status := range map[fault.Kind]int{
		fault.BadRequest: 400, fault.Unauthenticated: 401, fault.Forbidden: 403, fault.NotFound: 404, fault.Conflict: 409,
		fault.Stale: 412, fault.Precondition: 428, fault.TooLarge: 413, fault.Unsupported: 415, fault.Invalid: 422,
		fault.RateLimited: 429, fault.BadGateway: 502, fault.Unavailable: 503,
	} {
		_, r := failing(t, fmt.Errorf("handle x: %w", fault.New(kind, "UN_CODE", "Un message pour vous.").Because(errors.New("sql: secret"))))
		require.Equal(t, status, r.StatusCode, kind)
		p := r.problem(t)
		require.Equal(t, "Un message pour vous.", p["detail"])
		require.Equal(t, "UN_CODE", p["code"])
		require.Equal(t, "/api/v1/x", p["instance"])
		require.NotContains(t, r.body, "secret")
	}
}

func TestProblemCarriesFieldsAndExtraMembers(t *testing.T) {
	_, r := failing(t, fault.New(fault.Conflict, "TRANSITION_INTERDITE", "Impossible dans ce statut.").
		WithFields(fault.Field{Pointer: "/numero", Code: "pris", Detail: "Ce numéro est pris.", Niveau: "blocking"}).
		With("statut_courant", "SIGNEE").With("status", "ne remplace pas le statut HTTP"))
	p := r.problem(t)
	require.Equal(t, "SIGNEE", p["statut_courant"])
	require.Equal(t, []any{map[string]any{"pointer": "/numero", "code": "pris", "detail": "Ce numéro est pris.", "niveau": "blocking"}}, p["errors"])
	require.Equal(t, "Action impossible dans ce statut", p["title"], "the title of a documented code comes from the catalogue")
}

func TestUnknownErrorsShowNothingAndAreLoggedOnce(t *testing.T) {
	for name, err := range map[string]error{
		"plain":          fmt.Errorf("publish revision 12: %w", errors.New("pq: relation \"x\" does not exist")),
		"internal fault": fault.New(fault.Internal, "secret", "détail interne").Because(errors.New("pq: relation")),
		"echo 500":       echo.NewHTTPError(500, "pq: relation"),
	} {
		t.Run(name, func(t *testing.T) {
			s, r := failing(t, err)
			require.Equal(t, 500, r.StatusCode)
			p := r.problem(t)
			require.Equal(t, "erreur_interne", p["code"])
			require.Contains(t, p["detail"], "numéro de la requête")
			for _, leak := range []string{"pq:", "relation", "secret", "interne\"", "revision 12"} {
				require.NotContains(t, strings.ReplaceAll(r.body, "erreur_interne", ""), leak)
			}
			lines := s.logs.lines(t, "request failed")
			require.Len(t, lines, 1)
			require.Equal(t, p["request_id"], lines[0]["request_id"])
			require.Contains(t, lines[0]["error"], "relation")
		})
	}
}

func TestPanicIsAnInternalErrorWithItsStackInTheLogOnly(t *testing.T) {
	s := serve(t, setup{}, publicRoute(http.MethodGet, func(echo.Context) error { panic("boum") }))
	r := s.get("/api/v1/x")
	require.Equal(t, 500, r.StatusCode)
	require.NotContains(t, r.body, "boum")
	lines := s.logs.lines(t, "request failed")
	require.Len(t, lines, 1)
	require.Contains(t, lines[0]["stack"], "problem_test.go")
	require.Len(t, s.logs.lines(t, "request"), 1)
	require.Equal(t, 404, s.get("/api/v1/y").StatusCode, "the server goes on")
}

func TestDeadlineCancelsTheHandlerAndGives503(t *testing.T) {
	route := publicRoute(http.MethodGet, func(c echo.Context) error {
		<-c.Request().Context().Done()
		return fmt.Errorf("read conventions: %w", errors.New("canceling statement due to user request"))
	})
	route.Timeout = 20 * time.Millisecond
	s := serve(t, setup{}, route)
	r := s.get("/api/v1/x")
	require.Equal(t, 503, r.StatusCode)
	require.Equal(t, "delai_depasse", r.problem(t)["code"])
	require.Equal(t, "5", r.Header.Get("Retry-After"))
}

func TestHandlerErrorAfterTheEndIsNotMistakenForADepartedClient(t *testing.T) {
	s := serve(t, setup{}, publicRoute(http.MethodGet, func(echo.Context) error { return context.Canceled }))
	require.Equal(t, 500, s.get("/api/v1/x").StatusCode)
}

func TestClientGoneIsNotAnError(t *testing.T) {
	entered, left := make(chan struct{}), make(chan struct{})
	s := serve(t, setup{}, publicRoute(http.MethodGet, func(c echo.Context) error {
		close(entered)
		<-c.Request().Context().Done()
		defer close(left)
		return fmt.Errorf("read: %w", c.Request().Context().Err())
	}))
	ctx, cancel := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/api/v1/x", nil)
	require.NoError(t, err)
	done := make(chan struct{})
	go func() {
		defer close(done)
		res, err := http.DefaultClient.Do(req)
		if err == nil {
			res.Body.Close()
		}
	}()
	<-entered
	cancel()
	<-left
	<-done
	require.Eventually(t, func() bool { return strings.Contains(s.logs.String(), `"status":499`) }, 30*time.Second, time.Millisecond)
	require.Empty(t, s.logs.lines(t, "request failed"))
}

func TestErrorAfterTheAnswerBeganIsLogged(t *testing.T) {
	s := serve(t, setup{}, publicRoute(http.MethodGet, func(c echo.Context) error {
		c.Response().WriteHeader(200)
		_, _ = c.Response().Write([]byte("début"))
		return errors.New("disk full")
	}))
	r := s.get("/api/v1/x")
	require.Equal(t, "début", r.body)
	require.Len(t, s.logs.lines(t, "request failed"), 1)
}

func TestErrorDropsTheHeadersOfTheAnswerThatDidNotCome(t *testing.T) {
	s := serve(t, setup{}, publicRoute(http.MethodGet, func(c echo.Context) error {
		httpapi.SetETag(c, 4)
		httpapi.SetFile(c, "a.pdf", "application/pdf", false)
		return errors.New("read failed")
	}))
	r := s.get("/api/v1/x")
	require.Empty(t, r.Header.Get("ETag"))
	require.Empty(t, r.Header.Get("Content-Disposition"))
	require.Equal(t, "no-store", r.Header.Get("Cache-Control"))
}

func TestRefusalsAreInTheSecurityLog(t *testing.T) {
	s := serve(t, setup{}, httpapi.Route{Method: http.MethodPut, Path: "/x", Access: httpapi.Authenticated().Write(), Handler: ok})
	s.do(http.MethodPut, "/api/v1/x", "", as("lecteur")...)
	lines := s.logs.lines(t, "security")
	require.Len(t, lines, 1)
	require.Equal(t, "acces.refuse", lines[0]["event"])
	require.Equal(t, "refused", lines[0]["outcome"])
	require.EqualValues(t, 3, lines[0]["user"])
	require.NotContains(t, s.logs.String(), "Bearer")
}

func TestAnotherAudienceWritesItsOwnErrors(t *testing.T) {
	s := serve(t, setup{config: func(c *httpapi.Config) {
		c.ProblemWriters = map[string]httpapi.ProblemWriter{"/api/v1": func(c echo.Context, p httpapi.Problem) error {
			return c.JSON(p.Status, map[string]any{"statusCode": p.Status, "message": p.Detail})
		}}
	}}, publicRoute(http.MethodGet, ok))
	r := s.get("/api/v1/nulle-part")
	require.Contains(t, r.body, `"statusCode":404`)
	require.Equal(t, httpapi.MIMEProblem, s.get("/ailleurs").Header.Get("Content-Type"))
	require.Equal(t, httpapi.MIMEProblem, s.get("/api/v12").Header.Get("Content-Type"), "a prefix ends at a slash")
}
