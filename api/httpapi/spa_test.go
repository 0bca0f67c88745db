package httpapi_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/fstest"

	"apilos/api/httpapi"
	"github.com/stretchr/testify/require"
)

func bundle(t *testing.T) fstest.MapFS {
	t.Helper()
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	_, err := io.WriteString(w, "console.log(1)")
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return fstest.MapFS{
		"index.html":               {Data: []byte(`<!DOCTYPE html><html lang="fr"><script src="/main.1a2b3c4d.js"></script></html>`)},
		"main.1a2b3c4d.js":         {Data: []byte("console.log(1)")},
		"main.1a2b3c4d.js.gz":      {Data: zipped.Bytes()},
		"main.1a2b3c4d.js.map":     {Data: []byte("{}")},
		"robots.txt":               {Data: []byte("User-agent: *")},
		"assets/logo.9f8e7d6c.svg": {Data: []byte("<svg/>")},
		"dossier.d/vide":           {Data: []byte("x")},
	}
}

func application(t *testing.T) *site {
	t.Helper()
	l := &logs{}
	e, err := httpapi.New(httpapi.Config{Log: slog.New(slog.NewJSONHandler(l, nil)), AllowedHosts: []string{"127.0.0.1"}})
	require.NoError(t, err)
	require.NoError(t, httpapi.Mount(e, "/api/v1", httpapi.Chain{Log: slog.New(slog.DiscardHandler)}, table{publicRoute(http.MethodGet, ok)}))
	spa, err := httpapi.NewSPA(bundle(t), httpapi.PagePolicy{FormAction: []string{"https://cas.example"}})
	require.NoError(t, err)
	spa.Mount(e)
	srv := httptest.NewServer(e)
	t.Cleanup(srv.Close)
	return &site{t: t, url: srv.URL, logs: l, echo: e}
}

func TestSPAServesItsPageForItsAddresses(t *testing.T) {
	s := application(t)
	for _, path := range []string{"/", "/conventions", "/conventions/6f1c1d52-6a0b-4c43-9a53-0c7a8f0c1a11/etapes/operation", "/operations/2024%2F01", "/index.html", "/apiculture"} {
		r := s.get(path + "?habilitation_id=3")
		require.Equal(t, 200, r.StatusCode, path)
		require.Contains(t, r.body, "<!DOCTYPE html>", path)
		require.Equal(t, "no-cache", r.Header.Get("Cache-Control"))
		require.Equal(t, "text/html; charset=UTF-8", r.Header.Get("Content-Type"))
		require.Contains(t, r.Header.Get("Content-Security-Policy"), "form-action 'self' https://cas.example")
		require.Equal(t, "DENY", r.Header.Get("X-Frame-Options"))
		require.Equal(t, "nosniff", r.Header.Get("X-Content-Type-Options"))
	}
	tag := s.get("/").Header.Get("ETag")
	require.Equal(t, 304, s.get("/conventions", "If-None-Match", tag).StatusCode)
	require.Equal(t, 200, s.do(http.MethodHead, "/conventions", "").StatusCode)
}

func TestSPANeverAnswersForTheServers(t *testing.T) {
	s := application(t)
	for _, path := range []string{"/api", "/api/v1/inconnu", "/api/v2", "/api-siap/v0/x", "/api-depot/x", "/accounts/x", "/sante/x", "/__sim/x", "/__dev", "/metrics", "/problemes/x"} {
		r := s.get(path)
		require.Equal(t, 404, r.StatusCode, path)
		r.problem(t)
	}
	require.Equal(t, 404, s.post("/conventions", "{}").StatusCode)
	require.Equal(t, 405, s.post("/api/v1/x", "{}").StatusCode)
	require.Equal(t, 200, s.get("/api/v1/x").StatusCode)
}

func TestSPAFiles(t *testing.T) {
	s := application(t)
	plain := s.get("/main.1a2b3c4d.js", "Accept-Encoding", "identity")
	require.Equal(t, "console.log(1)", plain.body)
	require.Equal(t, "public, max-age=31536000, immutable", plain.Header.Get("Cache-Control"))
	require.Equal(t, "text/javascript; charset=utf-8", plain.Header.Get("Content-Type"))
	require.Empty(t, plain.Header.Get("Content-Encoding"))

	zipped := s.get("/main.1a2b3c4d.js", "Accept-Encoding", "gzip, br")
	require.Equal(t, "gzip", zipped.Header.Get("Content-Encoding"))
	require.Equal(t, "Accept-Encoding", zipped.Header.Get("Vary"))
	reader, err := gzip.NewReader(bytes.NewReader([]byte(zipped.body)))
	require.NoError(t, err)
	text, err := io.ReadAll(reader)
	require.NoError(t, err)
	require.Equal(t, "console.log(1)", string(text))

	require.Equal(t, "image/svg+xml", s.get("/assets/logo.9f8e7d6c.svg").Header.Get("Content-Type"))
	robots := s.get("/robots.txt")
	require.Equal(t, "no-cache", robots.Header.Get("Cache-Control"), "a name without hash may change")
	require.Equal(t, 304, s.get("/robots.txt", "If-None-Match", robots.Header.Get("ETag")).StatusCode)

	for _, path := range []string{"/main.js", "/main.1a2b3c4d.js.gz", "/main.1a2b3c4d.js.map", "/../go.mod", "/%2e%2e/go.mod", "/assets/../../go.mod", "/dossier.d", "/a%00b.js", "/..%2f..%2fetc%2fpasswd.txt"} {
		r := s.get(path)
		require.Equal(t, 404, r.StatusCode, path)
		r.problem(t)
	}
}

func TestSPAServesItsPageForAnAddressWithADot(t *testing.T) {
	s := application(t)
	page := s.get("/operations/2026.87.0001", "Accept", "text/html,application/xhtml+xml")
	require.Equal(t, 200, page.StatusCode)
	require.Contains(t, page.Header.Get("Content-Type"), "text/html")
	require.Equal(t, 404, s.get("/operations/2026.87.0001.js", "Accept", "*/*").StatusCode, "a script is a script")
}

func TestSPAWithoutItsPageIsRefusedAtStart(t *testing.T) {
	_, err := httpapi.NewSPA(fstest.MapFS{}, httpapi.PagePolicy{})
	require.Error(t, err)
}
