package httpapi_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"apilos/api/httpapi"
	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
)

func TestNewRefusesAnOpenConfiguration(t *testing.T) {
	_, err := httpapi.New(httpapi.Config{AllowedHosts: []string{"x"}})
	require.ErrorContains(t, err, "logger")
	s := serve(t, setup{}, publicRoute(http.MethodGet, ok))
	_, err = httpapi.New(httpapi.Config{Log: (&httpLog{s.logs}).logger()})
	require.ErrorContains(t, err, "hosts")
}

func TestRequestID(t *testing.T) {
	s := serve(t, setup{config: func(c *httpapi.Config) {
		c.NewID = func() string { return "11111111-1111-4111-8111-111111111111" }
	}}, publicRoute(http.MethodGet, ok))
	const sent = "6f1c1d52-6a0b-4c43-9a53-0c7a8f0c1a11"
	for header, want := range map[string]string{
		sent: sent, strings.ToUpper(sent): sent, "": "11111111-1111-4111-8111-111111111111",
		"{" + sent + "}": "11111111-1111-4111-8111-111111111111", "x\tinjection": "11111111-1111-4111-8111-111111111111",
	} {
		require.Equal(t, want, s.get("/api/v1/x", "X-Request-Id", header).Header.Get("X-Request-Id"), header)
	}
}

func TestAccessLogHoldsNoPersonalData(t *testing.T) {
	clock := time.Date(2026, 4, 15, 8, 0, 0, 0, time.UTC)
	s := serve(t, setup{config: func(c *httpapi.Config) {
		c.Now = func() time.Time { clock = clock.Add(40 * time.Millisecond); return clock }
	}}, httpapi.Route{Method: http.MethodGet, Path: "/x/:jeton", Access: httpapi.Authenticated(), Handler: ok})
	s.get("/api/v1/x/jetonsecret?q=Dupont", as("bailleur")...)
	s.get("/nulle-part/Durand?q=Martin", as("bailleur")...)
	lines := s.logs.lines(t, "request")
	require.Len(t, lines, 2)
	require.Equal(t, "/api/v1/x/:jeton", lines[0]["route"])
	require.Equal(t, "GET", lines[0]["method"])
	require.EqualValues(t, 200, lines[0]["status"])
	require.EqualValues(t, 40, lines[0]["duration_ms"])
	require.EqualValues(t, 1, lines[0]["user_id"])
	require.EqualValues(t, 71, lines[0]["habilitation_id"])
	require.Equal(t, "127.0.0.0", lines[0]["ip"])
	require.NotEmpty(t, lines[0]["request_id"])
	require.Equal(t, "inconnue", lines[1]["route"])
	for _, secret := range []string{"Dupont", "Martin", "Durand", "jetonsecret", "Bearer"} {
		require.NotContains(t, s.logs.String(), secret)
	}
}

func TestTruncateIP(t *testing.T) {
	for ip, want := range map[string]string{
		"192.0.2.77": "192.0.2.0", "2001:db8:1:2:3::4": "2001:db8:1::", "::ffff:192.0.2.77": "192.0.2.0", "fe80::1%eth0": "fe80::", "x": "", "": "",
	} {
		require.Equal(t, want, httpapi.TruncateIP(ip), ip)
	}
}

func TestHostsOutsideTheListAre400(t *testing.T) {
	s := serve(t, setup{config: func(c *httpapi.Config) { c.AllowedHosts = []string{"apilos.example.org", "::1"} }}, publicRoute(http.MethodGet, ok))
	for host, status := range map[string]int{
		"apilos.example.org": 200, "APILOS.example.org:8443": 200, "apilos.example.org.": 200, "[::1]:8080": 200,
		"evil.example": 400, "apilos.example.org.evil.example": 400, "127.0.0.1": 400,
	} {
		r := s.get("/api/v1/x", "Host", host)
		require.Equal(t, status, r.StatusCode, host)
		if status == 400 {
			require.Equal(t, "hote_inconnu", r.problem(t)["code"])
		}
	}
	require.Equal(t, 404, s.get("/sante/vie", "Host", "10.0.0.7").StatusCode, "probes call by address")
}

func TestHTTPSRedirectKeepsMethodAndTrustsOnlyListedProxies(t *testing.T) {
	config := func(proxies ...string) setup {
		return setup{config: func(c *httpapi.Config) {
			c.HTTPSRedirect = true
			c.HSTS = httpapi.HSTS{Seconds: 60, IncludeSubdomains: true, Preload: true}
			for _, p := range proxies {
				c.TrustedProxies = append(c.TrustedProxies, netip.MustParsePrefix(p))
			}
		}}
	}
	direct := serve(t, config(), publicRoute(http.MethodPost, ok))
	r := direct.post("/api/v1/x?a=1", "{}", "X-Forwarded-Proto", "https")
	require.Equal(t, 308, r.StatusCode, "nobody is trusted")
	require.Equal(t, "https://127.0.0.1/api/v1/x?a=1", r.Header.Get("Location"))
	require.Empty(t, r.Header.Get("Strict-Transport-Security"))

	behind := serve(t, config("127.0.0.0/8"), publicRoute(http.MethodPost, ok))
	r = behind.post("/api/v1/x", "{}", "X-Forwarded-Proto", "https")
	require.Equal(t, 200, r.StatusCode)
	require.Equal(t, "max-age=60; includeSubDomains; preload", r.Header.Get("Strict-Transport-Security"))
	require.Equal(t, 308, behind.post("/api/v1/x", "{}", "X-Forwarded-Proto", "http").StatusCode)

	other := serve(t, config("10.0.0.0/8"), publicRoute(http.MethodPost, ok))
	require.Equal(t, 308, other.post("/api/v1/x", "{}", "X-Forwarded-Proto", "https").StatusCode)
	require.Equal(t, 404, other.get("/healthz").StatusCode, "probes are not redirected")
}

func TestClientAddressComesFromListedProxiesOnly(t *testing.T) {
	seen := func(proxies []netip.Prefix) string {
		s := serve(t, setup{config: func(c *httpapi.Config) { c.TrustedProxies = proxies }}, publicRoute(http.MethodGet, func(c echo.Context) error {
			return c.String(http.StatusOK, c.RealIP())
		}))
		return s.get("/api/v1/x", "X-Forwarded-For", "203.0.113.9, 198.51.100.7", "X-Real-Ip", "203.0.113.1").body
	}
	require.Equal(t, "127.0.0.1", seen(nil))
	require.Equal(t, "127.0.0.1", seen([]netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}))
	require.Equal(t, "198.51.100.7", seen([]netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}))
	require.Equal(t, "203.0.113.9", seen([]netip.Prefix{netip.MustParsePrefix("127.0.0.1/32"), netip.MustParsePrefix("198.51.100.0/24")}))
}

func TestSecurityHeadersOfAnAPIAnswer(t *testing.T) {
	s := serve(t, setup{}, publicRoute(http.MethodGet, ok))
	for _, path := range []string{"/api/v1/x", "/nulle-part"} {
		h := s.get(path).Header
		require.Equal(t, "default-src 'none'; frame-ancestors 'none'", h.Get("Content-Security-Policy"))
		require.Equal(t, "nosniff", h.Get("X-Content-Type-Options"))
		require.Equal(t, "DENY", h.Get("X-Frame-Options"))
		require.Equal(t, "strict-origin-when-cross-origin", h.Get("Referrer-Policy"))
		require.Equal(t, "camera=(), microphone=(), geolocation=(), payment=()", h.Get("Permissions-Policy"))
		require.Equal(t, "same-origin", h.Get("Cross-Origin-Opener-Policy"))
		require.Equal(t, "same-origin", h.Get("Cross-Origin-Resource-Policy"))
		require.Equal(t, "no-store", h.Get("Cache-Control"))
		require.Empty(t, h.Get("Strict-Transport-Security"), "only over TLS")
		require.Empty(t, h.Get("Access-Control-Allow-Origin"))
		require.Empty(t, h.Get("Server"))
	}
}

func TestPagePolicyIsTheOneOfDecision30(t *testing.T) {
	plain := httpapi.PagePolicy{}.Header(false)
	require.Equal(t, "default-src 'none'; script-src 'self'; style-src 'self' 'sha256-HzhUjVBe6Oi2wcxUM7bmy2Rp9VdLMHYDdYr9MalNmOY=' "+
		"'sha256-xVQ4mcypV0CvOtZpQgVcKpcoNvdUkR9BrwZBrtBbU+w='; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "+
		"manifest-src 'self'; worker-src 'self'; frame-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "+
		"frame-ancestors 'none'; report-uri /api/v1/csp-reports", plain)
	full := httpapi.PagePolicy{
		ScriptSrc: []string{"https://s.example"}, ConnectSrc: []string{"https://c.example"}, ImgSrc: []string{"https://i.example"},
		FrameSrc: []string{"https://f.example"}, FormAction: []string{"https://cas.example"},
	}.Header(true)
	for _, want := range []string{
		"script-src 'self' https://s.example;", "connect-src 'self' https://c.example;", "img-src 'self' data: blob: https://i.example;",
		"frame-src 'self' https://f.example;", "form-action 'self' https://cas.example;", "upgrade-insecure-requests;",
	} {
		require.Contains(t, full, want)
	}
	require.NotContains(t, full, "unsafe")
}

func TestFilesAreSandboxedAndShownOnlyWhenHarmless(t *testing.T) {
	for mediaType, inline := range map[string]bool{
		"application/pdf": true, "image/png": true, "image/jpeg": true, "IMAGE/PNG; x=1": true,
		"text/html": false, "image/svg+xml": false, "application/octet-stream": false,
	} {
		s := serve(t, setup{}, publicRoute(http.MethodGet, func(c echo.Context) error {
			httpapi.SetFile(c, `déposé "le" 3.pdf`, mediaType, true)
			return c.Blob(http.StatusOK, mediaType, []byte("x"))
		}))
		h := s.get("/api/v1/x").Header
		require.Equal(t, "sandbox; default-src 'none'", h.Get("Content-Security-Policy"))
		require.Equal(t, "no-referrer", h.Get("Referrer-Policy"))
		require.Contains(t, h.Get("Content-Disposition"), "filename*=utf-8''d%C3%A9pos%C3%A9%20%22le%22%203.pdf")
		require.Equal(t, inline, strings.HasPrefix(h.Get("Content-Disposition"), "inline"), mediaType)
		require.Equal(t, map[bool]string{true: "SAMEORIGIN", false: "DENY"}[inline], h.Get("X-Frame-Options"))
	}
}

func TestCSRFGuardOfCookieRoutes(t *testing.T) {
	s := serve(t, setup{chain: func(c *httpapi.Chain) { c.Origins = []string{"https://apilos.example.org", "http://localhost:8080"} }},
		httpapi.Route{Method: http.MethodPost, Path: "/auth/refresh", Access: httpapi.CookieSession(), Handler: ok})
	cases := []struct {
		name    string
		headers []string
		status  int
	}{
		{"origin", []string{"Origin", "https://apilos.example.org", "X-Requested-With", "fetch"}, 200},
		{"origin with its port", []string{"Origin", "https://apilos.example.org:443", "X-Requested-With", "fetch"}, 200},
		{"origin and fetch metadata", []string{"Origin", "http://localhost:8080", "Sec-Fetch-Site", "same-origin", "X-Requested-With", "fetch"}, 200},
		{"fetch metadata alone", []string{"Sec-Fetch-Site", "same-origin", "X-Requested-With", "fetch"}, 200},
		{"nothing", nil, 403},
		{"no header", []string{"Origin", "https://apilos.example.org"}, 403},
		{"other header", []string{"Origin", "https://apilos.example.org", "X-Requested-With", "XMLHttpRequest"}, 403},
		{"other origin", []string{"Origin", "https://evil.example", "X-Requested-With", "fetch"}, 403},
		{"other scheme", []string{"Origin", "http://apilos.example.org", "X-Requested-With", "fetch"}, 403},
		{"other port", []string{"Origin", "https://apilos.example.org:444", "X-Requested-With", "fetch"}, 403},
		{"prefix", []string{"Origin", "https://apilos.example.org.evil.example", "X-Requested-With", "fetch"}, 403},
		{"null origin", []string{"Origin", "null", "X-Requested-With", "fetch"}, 403},
		{"two origins", []string{"Origin", "https://apilos.example.org", "Origin", "https://apilos.example.org", "X-Requested-With", "fetch"}, 403},
		{"same site is not same origin", []string{"Sec-Fetch-Site", "same-site", "X-Requested-With", "fetch"}, 403},
		{"cross site with a good origin", []string{"Origin", "https://apilos.example.org", "Sec-Fetch-Site", "cross-site", "X-Requested-With", "fetch"}, 403},
		{"typed address", []string{"Sec-Fetch-Site", "none", "X-Requested-With", "fetch"}, 403},
	}
	for _, c := range cases {
		r := s.post("/api/v1/auth/refresh", "{}", c.headers...)
		require.Equal(t, c.status, r.StatusCode, c.name)
		if c.status == 403 {
			require.Equal(t, "requete_inter_site", r.problem(t)["code"], c.name)
		}
	}
}

func TestCSRFGuardWithoutConfiguredOriginTakesThatOfTheRequest(t *testing.T) {
	s := serve(t, setup{}, httpapi.Route{Method: http.MethodPost, Path: "/auth/refresh", Access: httpapi.CookieSession(), Handler: ok})
	require.Equal(t, 200, s.post("/api/v1/auth/refresh", "{}", "Origin", s.url, "X-Requested-With", "fetch").StatusCode)
	require.Equal(t, 403, s.post("/api/v1/auth/refresh", "{}", "Origin", "http://127.0.0.1:1", "X-Requested-With", "fetch").StatusCode)
}

func TestCompression(t *testing.T) {
	large := strings.Repeat("répétition ", 500)
	s := serve(t, setup{},
		httpapi.Route{Method: http.MethodGet, Path: "/grand", Access: httpapi.Public(), Handler: func(c echo.Context) error { return c.JSON(200, large) }},
		httpapi.Route{Method: http.MethodGet, Path: "/petit", Access: httpapi.Public(), Handler: ok},
		httpapi.Route{Method: http.MethodGet, Path: "/flux", Access: httpapi.Public(), Stream: true, Handler: func(c echo.Context) error { return c.JSON(200, large) }},
		httpapi.Route{Method: http.MethodPost, Path: "/auth/refresh", Access: httpapi.CookieSession(), Handler: func(c echo.Context) error { return c.JSON(200, large) }},
	)
	require.Equal(t, "gzip", s.get("/api/v1/grand", "Accept-Encoding", "gzip").Header.Get("Content-Encoding"))
	require.Empty(t, s.get("/api/v1/petit", "Accept-Encoding", "gzip").Header.Get("Content-Encoding"))
	require.Empty(t, s.get("/api/v1/flux", "Accept-Encoding", "gzip").Header.Get("Content-Encoding"))
	require.Empty(t, s.post("/api/v1/auth/refresh", "{}", "Accept-Encoding", "gzip", "Origin", s.url, "X-Requested-With", "fetch").Header.Get("Content-Encoding"), "an answer with a token")
	require.Contains(t, s.get("/api/v1/grand").body, "répétition", "the client of the test reads it back")
}

func TestMetricsAreByRouteAndNotByAddress(t *testing.T) {
	reg := prometheus.NewRegistry()
	s := serve(t, setup{config: func(c *httpapi.Config) { c.Metrics = reg }},
		httpapi.Route{Method: http.MethodGet, Path: "/x/:uuid", Access: httpapi.Public(), Handler: ok})
	s.get("/api/v1/x/a")
	s.get("/api/v1/x/b")
	s.get("/nulle-part/un")
	s.get("/nulle-part/deux")
	s.do("BREW", "/nulle-part", "")
	rec := httptest.NewRecorder()
	httpapi.MetricsHandler(reg).ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	require.Contains(t, rec.Body.String(), "apilos_http_request_duration_seconds_bucket")
	var counters []string
	for _, line := range strings.Split(rec.Body.String(), "\n") {
		if strings.HasPrefix(line, "apilos_http_requests_total") {
			counters = append(counters, line)
		}
	}
	require.Equal(t, []string{
		`apilos_http_requests_total{method="AUTRE",route="inconnue",status="404"} 1`,
		`apilos_http_requests_total{method="GET",route="/api/v1/x/:uuid",status="200"} 2`,
		`apilos_http_requests_total{method="GET",route="inconnue",status="404"} 2`,
	}, counters)
	require.Equal(t, 404, s.get("/metrics").StatusCode, "never on the public port")
}

func TestServerTimeoutsOf05D(t *testing.T) {
	s := serve(t, setup{}, publicRoute(http.MethodGet, ok))
	srv := httpapi.NewServer(":0", s.echo, (&httpLog{s.logs}).logger())
	require.Equal(t, 5*time.Second, srv.ReadHeaderTimeout)
	require.Equal(t, 60*time.Second, srv.ReadTimeout)
	require.Equal(t, 120*time.Second, srv.WriteTimeout)
	require.Equal(t, 120*time.Second, srv.IdleTimeout)
}

// A route with a long timeout of its own outlives the deadline that the server puts on a connection.
func TestUploadsExtendTheDeadlineOfTheConnection(t *testing.T) {
	for name, timeout := range map[string]time.Duration{"short": 0, "long": 10 * time.Minute} {
		t.Run(name, func(t *testing.T) {
			var got error
			route := publicRoute(http.MethodPost, func(c echo.Context) error {
				_, got = io.ReadFull(c.Request().Body, make([]byte, 1))
				return ok(c)
			})
			route.Timeout = timeout
			s := serve(t, setup{}, route)
			srv := httptest.NewUnstartedServer(s.echo)
			srv.Config.ReadTimeout = 500 * time.Millisecond
			srv.Start()
			defer srv.Close()
			conn := dial(t, srv.Listener.Addr().String())
			_, err := conn.Write([]byte("POST /api/v1/x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\n\r\n"))
			require.NoError(t, err)
			if timeout == 0 {
				require.Contains(t, readAll(t, conn), "HTTP/1.1")
				require.Error(t, got, "the server gave up waiting for the body")
				return
			}
			waitBeyond(500 * time.Millisecond)
			_, err = conn.Write([]byte("x"))
			require.NoError(t, err)
			require.Contains(t, readLine(t, conn), "200")
			require.NoError(t, got)
		})
	}
}
