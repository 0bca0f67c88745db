package contract

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"apilos/api/auth"
	"apilos/api/fault"
	"apilos/api/httpapi"
	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"
)

const small = `{"openapi":"3.0.3","info":{"title":"T","version":"1"},"servers":[{"url":"/api/v1"}],"paths":{
 "/choses":{"get":{"tags":["a"],"parameters":[{"name":"statut","in":"query","schema":{"type":"string","enum":["A","B"]}}],
   "responses":{"200":{"description":"ok","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Chose"}}}},"400":{"$ref":"#/components/responses/P"},"500":{"$ref":"#/components/responses/P"}}},
  "post":{"tags":["a"],"security":[{"B":[]}],"requestBody":{"required":true,"content":{"application/json":{"schema":{"type":"object","required":["nom"],"properties":{"nom":{"type":"string","maxLength":20},"nb":{"type":"integer","nullable":true}}}}}},
   "responses":{"201":{"description":"ok","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Chose"}}}},"400":{"$ref":"#/components/responses/P"},"401":{"$ref":"#/components/responses/P"},"413":{"$ref":"#/components/responses/P"},"415":{"$ref":"#/components/responses/P"},"422":{"$ref":"#/components/responses/P"},"500":{"$ref":"#/components/responses/P"}}}},
 "/choses/{uuid}":{"get":{"tags":["a"],"security":[{"B":[]}],"parameters":[{"name":"uuid","in":"path","required":true,"schema":{"type":"string","format":"uuid"}}],
   "responses":{"200":{"description":"ok","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Chose"}}}},"400":{"$ref":"#/components/responses/P"},"401":{"$ref":"#/components/responses/P"},"404":{"$ref":"#/components/responses/P"},"500":{"$ref":"#/components/responses/P"}}}}},
 "components":{"securitySchemes":{"B":{"type":"http","scheme":"bearer"}},
  "responses":{"P":{"description":"Problème","content":{"application/problem+json":{"schema":{"type":"object","required":["code"],"properties":{"code":{"type":"string"}}}}}}},
  "schemas":{"Chose":{"type":"object","required":["id","statut"],"properties":{"id":{"type":"string","format":"uuid"},"statut":{"type":"string","enum":["A","B"]}}}}}}`

const (
	mine   = "6f1c1d52-6a0b-4c43-9a53-0c7a8f0c1a11"
	theirs = "6f1c1d52-6a0b-4c43-9a53-0c7a8f0c1a22"
)

// witness is a testing.TB that remembers failures instead of failing.
type witness struct {
	testing.TB
	mu     sync.Mutex
	errors []string
}

func (w *witness) Errorf(format string, a ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.errors = append(w.errors, fmt.Sprintf(format, a...))
}
func (w *witness) Helper() {}

type anybody struct{}

func (anybody) Authenticate(_ context.Context, token string) (auth.Principal, error) {
	if token != "jeton" {
		return auth.Principal{}, fault.New(fault.Unauthenticated, "non_authentifie", "Votre session est fermée.")
	}
	return auth.Principal{UtilisateurID: 1, SessionID: "s", Typologie: auth.Instructeur}, nil
}

type routes []httpapi.Route

func (r routes) Routes() []httpapi.Route { return r }

type chose struct {
	ID     string `json:"id"`
	Statut string `json:"statut"`
}

// handlers are those of the small document; each may be replaced by a faulty one.
type handlers struct{ list, create, read echo.HandlerFunc }

func good() handlers {
	return handlers{
		list: func(c echo.Context) error {
			q, err := httpapi.Query(c, "statut")
			if err != nil {
				return err
			}
			q.Choice("statut", "A", "A", "B")
			if err := q.Err(); err != nil {
				return err
			}
			return c.JSON(200, chose{mine, "A"})
		},
		create: func(c echo.Context) error {
			var in struct {
				Nom string `json:"nom"`
				Nb  *int   `json:"nb"`
			}
			if err := httpapi.BindJSON(c, &in); err != nil {
				return err
			}
			if in.Nom == "" || len(in.Nom) > 20 {
				return fault.New(fault.Invalid, "invalide", "Donnez un nom de 20 caractères au plus.")
			}
			return c.JSON(201, chose{mine, "A"})
		},
		read: func(c echo.Context) error {
			id, err := httpapi.UUIDParam(c, "uuid")
			if err != nil {
				return err
			}
			if _, err := httpapi.Query(c); err != nil {
				return err
			}
			if id.String() != mine {
				return fault.Introuvable("Cette chose")
			}
			return c.JSON(200, chose{mine, "A"})
		},
	}
}

func mount(t *testing.T, h handlers, more ...echo.MiddlewareFunc) *echo.Echo {
	t.Helper()
	e := Echo(t)
	e.Use(more...)
	require.NoError(t, httpapi.Mount(e, "/api/v1", httpapi.Chain{Authenticator: anybody{}, Log: Logger(t)}, routes{
		{Method: http.MethodGet, Path: "/choses", Access: httpapi.Public(), Handler: h.list},
		{Method: http.MethodPost, Path: "/choses", Access: httpapi.Authenticated().Write(), Handler: h.create},
		{Method: http.MethodGet, Path: "/choses/:uuid", Access: httpapi.Authenticated(), Handler: h.read},
	}))
	return e
}

func call(e *echo.Echo, method, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer jeton")
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	rec := httptest.NewRecorder()
	e.ServeHTTP(rec, r)
	return rec
}

// Every exchange that respects the document passes, and every one that does not is reported.
func TestCheckerReportsWhatTheDocumentDoesNotSay(t *testing.T) {
	answer := func(status int, body string) echo.HandlerFunc {
		return func(c echo.Context) error { return c.JSONBlob(status, []byte(body)) }
	}
	cases := []struct {
		name               string
		change             func(*handlers)
		method, path, body string
		want               string // part of the report; empty: nothing to report
	}{
		{"list", nil, "GET", "/api/v1/choses?statut=A", "", ""},
		{"create", nil, "POST", "/api/v1/choses", `{"nom":"a"}`, ""},
		{"read", nil, "GET", "/api/v1/choses/" + mine, "", ""},
		{"refusal of a bad request", nil, "GET", "/api/v1/choses?statut=Z", "", ""},
		{"refusal of a bad body", nil, "POST", "/api/v1/choses", `{"nom":3}`, ""},
		{"unknown address", nil, "GET", "/api/v1/inconnu", "", ""},
		{"wrong method", nil, "DELETE", "/api/v1/choses", "", ""},
		{"outside the prefix", nil, "GET", "/ailleurs", "", ""},
		{"HEAD", nil, "HEAD", "/api/v1/choses", "", ""},
		{"panic is a documented 500", func(h *handlers) { h.list = func(echo.Context) error { panic("x") } }, "GET", "/api/v1/choses", "", ""},

		{"value outside the list", func(h *handlers) { h.list = answer(200, `{"id":"`+mine+`","statut":"C"}`) }, "GET", "/api/v1/choses", "", "statut"},
		{"missing member", func(h *handlers) { h.list = answer(200, `{"statut":"A"}`) }, "GET", "/api/v1/choses", "", "id"},
		{"null where none is declared", func(h *handlers) { h.list = answer(200, `{"id":null,"statut":"A"}`) }, "GET", "/api/v1/choses", "", "id"},
		{"bad format", func(h *handlers) { h.list = answer(200, `{"id":"x","statut":"A"}`) }, "GET", "/api/v1/choses", "", "uuid"},
		{"undocumented status", func(h *handlers) { h.list = answer(202, `{}`) }, "GET", "/api/v1/choses", "", "status not documented"},
		{"error that is not a problem", func(h *handlers) { h.list = answer(400, `{"error":"x"}`) }, "GET", "/api/v1/choses", "", "application/json"},
		{"undocumented refusal", func(h *handlers) {
			h.list = func(echo.Context) error { return fault.New(fault.Conflict, "x", "Non.") }
		}, "GET", "/api/v1/choses", "", "status not documented"},
		{"empty answer", func(h *handlers) { h.list = func(c echo.Context) error { return c.NoContent(200) } }, "GET", "/api/v1/choses", "", "empty body"},
		{"other content type", func(h *handlers) { h.list = func(c echo.Context) error { return c.String(200, "x") } }, "GET", "/api/v1/choses", "", "text/plain"},
		{"accepted body that the document forbids", func(h *handlers) { h.create = answer(201, `{"id":"`+mine+`","statut":"A"}`) }, "POST", "/api/v1/choses", `{"nb":"x"}`, "accepted although not documented"},
		{"accepted parameter that the document forbids", func(h *handlers) { h.list = answer(200, `{"id":"`+mine+`","statut":"A"}`) }, "GET", "/api/v1/choses?statut=Z", "", "accepted although not documented"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w := &witness{TB: t}
			d := Load(t, []byte(small))
			h := good()
			if c.change != nil {
				c.change(&h)
			}
			call(mount(t, h, d.Checker(w)), c.method, c.path, c.body)
			if c.want == "" {
				require.Empty(t, w.errors)
				return
			}
			require.Len(t, w.errors, 1)
			require.Contains(t, w.errors[0], c.want)
		})
	}
}

func TestCheckerReportsAMountedRouteWithoutDocument(t *testing.T) {
	w := &witness{TB: t}
	d := Load(t, []byte(small))
	e := Echo(t)
	e.Use(d.Checker(w))
	require.NoError(t, httpapi.Mount(e, "/api/v1", httpapi.Chain{Log: Logger(t)}, routes{
		{Method: http.MethodGet, Path: "/secret", Access: httpapi.Public(), Handler: func(c echo.Context) error { return c.JSON(200, 1) }},
	}))
	call(e, "GET", "/api/v1/secret", "")
	require.Len(t, w.errors, 1)
	require.Contains(t, w.errors[0], "not documented")
}

func TestCheckerLeavesTheAnswerAsItIs(t *testing.T) {
	d := Load(t, []byte(small))
	rec := call(mount(t, good(), d.Checker(t)), "POST", "/api/v1/choses", `{"nom":"a"}`)
	require.Equal(t, 201, rec.Code)
	require.JSONEq(t, `{"id":"`+mine+`","statut":"A"}`, rec.Body.String())
}

func TestRoutesAreComparedBothWays(t *testing.T) {
	d := Load(t, []byte(small))
	e := mount(t, good())
	Routes(t, e, d)
	e.GET("/api/v1/de-trop/:uuid", func(echo.Context) error { return nil })
	undocumented, unmounted := difference(e, d)
	require.Equal(t, []string{"GET /de-trop/{uuid}"}, undocumented)
	require.Empty(t, unmounted)
	undocumented, unmounted = difference(echo.New(), d)
	require.Empty(t, undocumented)
	require.Equal(t, []string{"GET /choses", "GET /choses/{uuid}", "POST /choses"}, unmounted)
}

func TestWalkAcceptsGoodHandlers(t *testing.T) {
	d := Load(t, []byte(small))
	e := mount(t, good(), d.Checker(t))
	Walk(t, d, Target{Handler: e, Token: "jeton", Path: map[string]string{"uuid": mine}, Foreign: map[string]string{"uuid": theirs}})
}

// The walk must find these faults: a check that cannot fail proves nothing.
func TestVerdictFindsFaults(t *testing.T) {
	problem := `{"type":"/problemes/x","title":"Requête refusée","status":400,"detail":"%s","instance":"/x","code":"x","request_id":"1"}`
	cases := []struct {
		name        string
		a           attempt
		status      int
		contentType string
		body        string
		want        string
	}{
		{"fine", attempt{refused: true}, 400, httpapi.MIMEProblem, fmt.Sprintf(problem, "Le nom est trop long."), ""},
		{"fine answer", attempt{}, 200, "application/json", "{}", ""},
		{"breakdown", attempt{}, 500, httpapi.MIMEProblem, fmt.Sprintf(problem, "Le nom."), "server error"},
		{"accepted", attempt{refused: true}, 200, "application/json", "{}", "must be refused"},
		{"shown to a stranger", attempt{hidden: true}, 403, httpapi.MIMEProblem, fmt.Sprintf(problem, "Le nom est trop long."), "must be 404"},
		{"SQL", attempt{}, 400, httpapi.MIMEProblem, fmt.Sprintf(problem, "ERROR (SQLSTATE 22021)"), "internal detail"},
		{"source file", attempt{}, 200, "application/json", `{"x":"handler.go:12"}`, "internal detail"},
		{"English", attempt{}, 400, httpapi.MIMEProblem, fmt.Sprintf(problem, "The name is too long."), "not a French sentence"},
		{"not a problem", attempt{}, 400, "application/json", `{}`, "refusal of type"},
		{"incomplete", attempt{}, 400, httpapi.MIMEProblem, `{"status":400}`, "incomplete problem"},
		{"not JSON", attempt{}, 400, httpapi.MIMEProblem, `<`, "not JSON"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			rec := httptest.NewRecorder()
			rec.Header().Set("Content-Type", c.contentType)
			rec.WriteHeader(c.status)
			_, _ = rec.WriteString(c.body)
			err := verdict(c.a, rec)
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, c.want)
		})
	}
	leak := httptest.NewRecorder()
	leak.Header().Set("X-Debug", "/root/app")
	require.ErrorContains(t, verdict(attempt{}, leak), "X-Debug")
}

func TestFrench(t *testing.T) {
	for _, text := range []string{"Le champ « nom » doit être un texte.", "Élément introuvable", "JSON invalide", "Votre session est fermée ou a expiré. Connectez-vous à nouveau."} {
		require.True(t, French(text), text)
	}
	for _, text := range []string{"", "Not Found", "Bad Request", "field name must be a string", "json: cannot decode value", "unexpected end of input reached early"} {
		require.False(t, French(text), text)
	}
}

func TestSampleIsValid(t *testing.T) {
	d := Load(t, []byte(small))
	schema := d.doc.Paths.Find("/choses").Post.RequestBody.Value.Content["application/json"].Schema.Value
	require.NoError(t, schema.VisitJSON(map[string]any{"nom": sample(schema).(map[string]any)["nom"], "nb": float64(1)}))
	require.Error(t, errors.Join(InternalDetail("x"), InternalDetail("pq: x")))
}

func TestFuzzFindsFaults(t *testing.T) {
	t.Parallel()
	target := func(h handlers) FuzzTarget {
		return FuzzTarget{
			Handler: mount(t, h), Requests: 150, Seed: 1, Known: map[string][]string{"uuid": {mine}},
			Callers: []Caller{{Name: "nobody"}, {Name: "somebody", Sign: func(r *http.Request) { r.Header.Set("Authorization", "Bearer jeton") }}},
		}
	}
	for what, edit := range map[string]func(*handlers){
		"":                        func(*handlers) {},
		"server error":            func(h *handlers) { h.create = func(echo.Context) error { return errors.New("panne") } },
		"status not documented":   func(h *handlers) { h.read = func(c echo.Context) error { return c.NoContent(http.StatusAccepted) } },
		"although not documented": func(h *handlers) { h.list = func(c echo.Context) error { return c.JSON(200, chose{mine, "A"}) } },
	} {
		h := good()
		edit(&h)
		w := &witness{TB: t}
		Fuzz(w, Load(t, []byte(small)), target(h))
		if what == "" {
			require.Empty(t, w.errors)
			continue
		}
		require.Contains(t, strings.Join(w.errors, "\n"), what)
	}
}
