package httpapi_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"apilos/api/fault"
	"apilos/api/httpapi"
	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"
)

// replays is an IdempotencyStore in memory, with the atomicity that the interface asks for.
type replays struct {
	mu   sync.Mutex
	rows map[string]httpapi.ReplayRecord
	fail error // of Complete
}

func newReplays() *replays { return &replays{rows: map[string]httpapi.ReplayRecord{}} }

func (s *replays) Begin(_ context.Context, caller, key, fingerprint string) (httpapi.ReplayRecord, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if rec, ok := s.rows[caller+"/"+key]; ok {
		return rec, nil
	}
	s.rows[caller+"/"+key] = httpapi.ReplayRecord{State: httpapi.ReplayRunning, Fingerprint: fingerprint}
	return httpapi.ReplayRecord{State: httpapi.ReplayNew, Fingerprint: fingerprint}, nil
}

func (s *replays) Complete(_ context.Context, caller, key string, status int, answer []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail != nil {
		return s.fail
	}
	rec := s.rows[caller+"/"+key]
	rec.State, rec.Status, rec.Answer = httpapi.ReplayDone, status, answer
	s.rows[caller+"/"+key] = rec
	return nil
}

func (s *replays) Release(_ context.Context, caller, key string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.rows, caller+"/"+key)
	return nil
}

const cle = "6f1c1d52-6a0b-4c43-9a53-0c7a8f0c1a11"

func once(t *testing.T, store *replays, h echo.HandlerFunc) *site {
	return serve(t, setup{chain: func(c *httpapi.Chain) { c.Idempotency = store }},
		httpapi.Route{Method: http.MethodPost, Path: "/x", Access: httpapi.Authenticated().Write(), Handler: h})
}

func (s *site) create(who, key, body string, more ...string) reply {
	return s.post("/api/v1/x", body, append([]string{"Authorization", "Bearer " + who, "Idempotency-Key", key}, more...)...)
}

func counting(n *atomic.Int32) echo.HandlerFunc {
	return func(c echo.Context) error {
		var in map[string]any
		if err := httpapi.BindJSON(c, &in); err != nil {
			return err
		}
		httpapi.SetETag(c, 1)
		return httpapi.Created(c, "/api/v1/x/"+strconv.Itoa(int(n.Add(1))), map[string]any{"numero": n.Load(), "long": strings.Repeat("é", 2000)})
	}
}

func TestCC10SameKeySameBodySameAnswer(t *testing.T) {
	var n atomic.Int32
	s := once(t, newReplays(), counting(&n))
	first := s.create("bailleur", cle, `{"a":1}`)
	require.Equal(t, 201, first.StatusCode, first.body)
	require.Empty(t, first.Header.Get("Idempotency-Replayed"))
	again := s.create("bailleur", cle, `{"a":1}`, "Accept-Encoding", "identity")
	require.Equal(t, 201, again.StatusCode)
	require.Equal(t, first.body, again.body)
	require.Equal(t, first.Header.Get("Location"), again.Header.Get("Location"))
	require.Equal(t, `"1"`, again.Header.Get("ETag"))
	require.Equal(t, "application/json", again.Header.Get("Content-Type"))
	require.Equal(t, "true", again.Header.Get("Idempotency-Replayed"))
	require.EqualValues(t, 1, n.Load(), "the handler ran once")
}

func TestCC10SameKeyOtherRequestIs422(t *testing.T) {
	var n atomic.Int32
	s := once(t, newReplays(), counting(&n))
	require.Equal(t, 201, s.create("bailleur", cle, `{"a":1}`).StatusCode)
	for name, r := range map[string]reply{
		"other body":    s.create("bailleur", cle, `{"a":2}`),
		"other version": s.create("bailleur", cle, `{"a":1}`, "If-Match", `"2"`),
		"other query":   s.post("/api/v1/x?a=1", `{"a":1}`, "Authorization", "Bearer bailleur", "Idempotency-Key", cle),
	} {
		require.Equal(t, 422, r.StatusCode, name)
		require.Equal(t, "cle_idempotence_reutilisee", r.problem(t)["code"], name)
	}
	require.Equal(t, 201, s.create("staff", cle, `{"a":2}`).StatusCode, "the key belongs to its caller")
	require.Equal(t, 201, s.create("bailleur", "une-autre-cle", `{"a":2}`).StatusCode)
	require.EqualValues(t, 3, n.Load())
}

func TestCC10WithoutKeyEveryRequestCounts(t *testing.T) {
	var n atomic.Int32
	s := once(t, newReplays(), counting(&n))
	s.post("/api/v1/x", `{}`, as("bailleur")...)
	s.post("/api/v1/x", `{}`, as("bailleur")...)
	require.EqualValues(t, 2, n.Load())
}

func TestCC10BadKeysAreRefused(t *testing.T) {
	s := once(t, newReplays(), ok)
	for _, key := range []string{"", "court", "avec espace", "accentuéeé", strings.Repeat("a", 256)} {
		r := s.create("bailleur", key, `{}`)
		require.Equal(t, 400, r.StatusCode, key)
		require.Equal(t, "cle_idempotence_invalide", r.problem(t)["code"])
	}
}

// Refusals and breakdowns free the key: nothing was written, and trying again must be possible.
func TestCC10FailuresAreNotKept(t *testing.T) {
	var fail atomic.Value
	var n atomic.Int32
	store := newReplays()
	s := once(t, store, func(c echo.Context) error {
		switch fail.Load() {
		case "refus":
			return fault.New(fault.Invalid, "PRECONDITIONS_NON_REMPLIES", "Complétez.")
		case "panne":
			return errors.New("base coupée")
		case "panique":
			panic("boum")
		case "réponse":
			return c.NoContent(http.StatusTeapot)
		}
		n.Add(1)
		return ok(c)
	})
	for what, status := range map[string]int{"refus": 422, "panne": 500, "panique": 500, "réponse": 418} {
		fail.Store(what)
		require.Equal(t, status, s.create("bailleur", cle, `{}`).StatusCode, what)
		require.Empty(t, store.rows, what)
	}
	fail.Store("rien")
	require.Equal(t, 200, s.create("bailleur", cle, `{}`).StatusCode)
	require.EqualValues(t, 1, n.Load())
}

func TestCC10ConcurrentDuplicateIs409(t *testing.T) {
	entered, release := make(chan struct{}), make(chan struct{})
	var n atomic.Int32
	s := once(t, newReplays(), func(c echo.Context) error {
		if n.Add(1) == 1 {
			close(entered)
		}
		<-release
		return ok(c)
	})
	first := make(chan reply)
	go func() { first <- s.create("bailleur", cle, `{}`) }()
	<-entered
	second := s.create("bailleur", cle, `{}`)
	require.Equal(t, 409, second.StatusCode)
	require.Equal(t, "requete_en_cours", second.problem(t)["code"])
	close(release)
	require.Equal(t, 200, (<-first).StatusCode)
	require.Equal(t, 200, s.create("bailleur", cle, `{}`).StatusCode, "then the answer is there")
	require.EqualValues(t, 1, n.Load())
}

func TestCC10RacingDuplicatesRunOnce(t *testing.T) {
	var n atomic.Int32
	s := once(t, newReplays(), counting(&n))
	var wg sync.WaitGroup
	var created atomic.Int32
	for range 20 {
		wg.Go(func() {
			if r := s.create("bailleur", cle, `{}`); r.StatusCode == 201 {
				created.Add(1)
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, 1, n.Load())
	require.GreaterOrEqual(t, created.Load(), int32(1))
}

func TestAnswerThatCannotBeKeptIsStillGiven(t *testing.T) {
	store := newReplays()
	store.fail = errors.New("base coupée")
	s := once(t, store, ok)
	require.Equal(t, 200, s.create("bailleur", cle, `{}`).StatusCode)
	require.Len(t, s.logs.lines(t, "keep idempotent answer"), 1)
}

func TestNoReplayRoutesKeepNothing(t *testing.T) {
	store := newReplays()
	s := serve(t, setup{chain: func(c *httpapi.Chain) { c.Idempotency = store }},
		httpapi.Route{Method: http.MethodPost, Path: "/x", Access: httpapi.Authenticated().Write(), NoReplay: true, Handler: ok})
	require.Equal(t, 200, s.create("bailleur", cle, `{}`).StatusCode)
	require.Empty(t, store.rows)
}

// form builds a multipart body; each call draws another boundary, as browsers do.
func form(t *testing.T, content string) (body, contentType string) {
	t.Helper()
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	require.NoError(t, w.WriteField("rubrique", "DOCUMENT_SIGNE"))
	part, err := w.CreateFormFile("fichier", "a.pdf")
	require.NoError(t, err)
	_, err = io.WriteString(part, content)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return buf.String(), w.FormDataContentType()
}

func TestCC10UploadsAreComparedByTheirParts(t *testing.T) {
	var n atomic.Int32
	read := map[string]func(c echo.Context) error{
		"whole":  func(c echo.Context) error { _, err := c.FormFile("fichier"); return err },
		"partly": func(c echo.Context) error { _, err := c.Request().Body.Read(make([]byte, 10)); return err },
	}
	for name, reader := range read {
		t.Run(name, func(t *testing.T) {
			n.Store(0)
			s := once(t, newReplays(), func(c echo.Context) error {
				n.Add(1)
				if err := reader(c); err != nil {
					return err
				}
				return ok(c)
			})
			send := func(content string) reply {
				body, contentType := form(t, content)
				return s.do(http.MethodPost, "/api/v1/x", body, "Content-Type", contentType, "Authorization", "Bearer bailleur", "Idempotency-Key", cle)
			}
			large := strings.Repeat("%PDF ", 50_000)
			require.Equal(t, 200, send(large).StatusCode)
			require.Equal(t, "true", send(large).Header.Get("Idempotency-Replayed"), "another boundary, the same file")
			other := send(strings.Repeat("%PDF!", 50_000))
			require.Equal(t, 422, other.StatusCode, "another file of the same size")
			require.EqualValues(t, 1, n.Load())
		})
	}
}

func TestBrokenMultipartDoesNotBlock(t *testing.T) {
	s := once(t, newReplays(), func(c echo.Context) error {
		_, _ = io.Copy(io.Discard, c.Request().Body)
		return ok(c)
	})
	for range 2 {
		r := s.do(http.MethodPost, "/api/v1/x", "--x\r\nContent-Disp", "Content-Type", "multipart/form-data; boundary=x", "Authorization", "Bearer bailleur", "Idempotency-Key", cle)
		require.Equal(t, 200, r.StatusCode)
	}
}
