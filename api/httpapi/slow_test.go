package httpapi_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"apilos/api/httpapi"
	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"
)

// withTimeouts serves s on a socket of its own, with short deadlines in the places of those of NewServer.
func withTimeouts(t *testing.T, s *site, change func(*http.Server)) string {
	t.Helper()
	srv := httptest.NewUnstartedServer(s.echo)
	change(srv.Config)
	srv.Start()
	t.Cleanup(srv.Close)
	return srv.Listener.Addr().String()
}

// closes waits until the server hangs up and returns what it said before.
func closes(t *testing.T, c net.Conn) string {
	t.Helper()
	require.NoError(t, c.SetReadDeadline(time.Now().Add(20*time.Second)))
	b, err := io.ReadAll(c)
	require.NoError(t, err, "the server never hung up")
	return string(b)
}

func TestSlowHeadersAreHungUp(t *testing.T) {
	s := serve(t, setup{}, publicRoute(http.MethodGet, ok))
	addr := withTimeouts(t, s, func(h *http.Server) { h.ReadHeaderTimeout = 100 * time.Millisecond })
	for _, begin := range []string{"", "GET /api/v1/x HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Lent: "} {
		c := dial(t, addr)
		_, err := io.WriteString(c, begin)
		require.NoError(t, err)
		require.NotContains(t, closes(t, c), "200 OK")
	}
}

func TestHeadersThatNeverEndAreRefused(t *testing.T) {
	s := serve(t, setup{}, publicRoute(http.MethodGet, ok))
	addr := withTimeouts(t, s, func(h *http.Server) { h.MaxHeaderBytes = httpapi.NewServer("", nil, s.log()).MaxHeaderBytes })
	c := dial(t, addr)
	_, _ = io.WriteString(c, "GET /api/v1/x HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: "+strings.Repeat("a", 128<<10)+"\r\n\r\n")
	require.Contains(t, closes(t, c), "431 ")
}

// A body that stops in the middle is the fault of its sender, whatever reads it.
func TestSlowBodiesAreTheFaultOfTheirSender(t *testing.T) {
	for name, read := range map[string]echo.HandlerFunc{
		"JSON": func(c echo.Context) error { return httpapi.BindJSON(c, &struct{}{}) },
		"raw":  func(c echo.Context) error { _, err := io.Copy(io.Discard, c.Request().Body); return err },
		"form": func(c echo.Context) error { _, err := c.MultipartForm(); return err },
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, setup{}, publicRoute(http.MethodPost, read))
			addr := withTimeouts(t, s, func(h *http.Server) { h.ReadTimeout = time.Second })
			c := dial(t, addr)
			media := "application/json"
			if name == "form" {
				media = "multipart/form-data; boundary=x"
			}
			_, err := io.WriteString(c, "POST /api/v1/x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: "+media+"\r\nContent-Length: 1000\r\n\r\n{\"a\":")
			require.NoError(t, err)
			answer := closes(t, c)
			require.Contains(t, answer, "400 Bad Request")
			require.Contains(t, answer, "corps_illisible")
			require.Empty(t, s.logs.lines(t, "request failed"))
		})
	}
}

// A client that closes its sending side while it waits gets no answer rather than an empty success.
func TestHalfClosedClientsAreNotToldOfASuccess(t *testing.T) {
	s := serve(t, setup{}, publicRoute(http.MethodGet, func(c echo.Context) error {
		<-c.Request().Context().Done()
		return c.Request().Context().Err()
	}))
	addr := withTimeouts(t, s, func(*http.Server) {})
	c := dial(t, addr)
	_, err := io.WriteString(c, "GET /api/v1/x HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
	require.NoError(t, err)
	require.NoError(t, c.(*net.TCPConn).CloseWrite())
	require.Empty(t, closes(t, c))
	require.Empty(t, s.logs.lines(t, "request failed"))
}

// A client that reads nothing is given up: the handler gets an error and ends.
func TestSlowReadersDoNotHoldAStream(t *testing.T) {
	ended := make(chan error, 1)
	forever := httpapi.Route{Method: http.MethodGet, Path: "/x", Access: httpapi.Public(), Stream: true, Timeout: -1, Handler: func(c echo.Context) error {
		block := make([]byte, 64<<10)
		for {
			if _, err := c.Response().Write(block); err != nil {
				ended <- err
				return err
			}
		}
	}}
	s := serve(t, setup{chain: func(c *httpapi.Chain) { c.StreamStall = 150 * time.Millisecond }}, forever)
	addr := withTimeouts(t, s, func(h *http.Server) { h.WriteTimeout = 50 * time.Millisecond })
	c := dial(t, addr)
	require.NoError(t, c.(*net.TCPConn).SetReadBuffer(4<<10))
	_, err := io.WriteString(c, "GET /api/v1/x HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
	require.NoError(t, err)
	select {
	case err := <-ended:
		require.Error(t, err)
	case <-time.After(20 * time.Second):
		t.Fatal("the handler still writes")
	}
}

// A stream whose client reads goes on beyond the write deadline of the server.
func TestLiveStreamsOutliveTheWriteDeadline(t *testing.T) {
	next := make(chan struct{})
	events := httpapi.Route{Method: http.MethodGet, Path: "/x", Access: httpapi.Public(), Stream: true, Timeout: -1, Handler: func(c echo.Context) error {
		for _, event := range []string{"un\n", "deux\n"} {
			if _, err := io.WriteString(c.Response(), event); err != nil {
				return err
			}
			c.Response().Flush()
			<-next
		}
		return nil
	}}
	s := serve(t, setup{}, events)
	addr := withTimeouts(t, s, func(h *http.Server) { h.WriteTimeout = 500 * time.Millisecond })
	res, err := http.Get("http://" + addr + "/api/v1/x")
	require.NoError(t, err)
	defer res.Body.Close()
	lines := bufio.NewReader(res.Body)
	first, err := lines.ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "un\n", first)
	waitBeyond(50 * time.Millisecond)
	close(next)
	second, err := lines.ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "deux\n", second)
}

func TestConnectionsAreBounded(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := serve(t, setup{}, publicRoute(http.MethodGet, ok))
	srv := httpapi.NewServer("", s.echo, s.log())
	done := make(chan error, 1)
	go func() { done <- srv.Serve(httpapi.LimitConnections(l, 2)) }()
	ask := func(c net.Conn) {
		_, err := io.WriteString(c, "GET /api/v1/x HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
		require.NoError(t, err)
	}
	var held []net.Conn
	for range 2 {
		c := dial(t, l.Addr().String())
		ask(c)
		require.Contains(t, readLine(t, c), "200")
		held = append(held, c)
	}
	third := dial(t, l.Addr().String())
	ask(third)
	require.NoError(t, third.SetReadDeadline(time.Now().Add(100*time.Millisecond)))
	_, err = third.Read(make([]byte, 1))
	require.ErrorContains(t, err, "timeout", "it waits for its turn")
	require.NoError(t, third.SetReadDeadline(time.Now().Add(20*time.Second)))
	require.NoError(t, held[0].Close())
	require.Contains(t, readLine(t, third), "200")
	require.NoError(t, srv.Shutdown(context.Background()))
	require.ErrorIs(t, <-done, http.ErrServerClosed)
}

// Nothing is decompressed on the way in: a small body cannot become a large one.
func TestCompressedBodiesAreRefused(t *testing.T) {
	s := serve(t, setup{}, publicRoute(http.MethodPost, func(c echo.Context) error { return httpapi.BindJSON(c, &struct{}{}) }))
	for encoding, status := range map[string]int{"gzip": 415, "deflate": 415, "br": 415, "zstd": 415, "identity": 200, "": 200} {
		headers := []string{}
		if encoding != "" {
			headers = append(headers, "Content-Encoding", encoding)
		}
		require.Equal(t, status, s.post("/api/v1/x", "{}", headers...).StatusCode, encoding)
	}
}

// Addresses that hold a token, a ticket or a one-time code are told to nobody (05 D).
func TestReferrerPolicyOfAddressesWithAToken(t *testing.T) {
	s := application(t)
	for path, policy := range map[string]string{
		"/":                            "strict-origin-when-cross-origin",
		"/conventions?page=2":          "strict-origin-when-cross-origin",
		"/connexion":                   "strict-origin-when-cross-origin",
		"/connexion/reinitialiser/abc": "no-referrer",
		"/conventions?ticket=ST-1-abc": "no-referrer",
		"/api/v1/telechargements/abc":  "no-referrer",
		"/api/v1/x?jeton=abc":          "no-referrer",
		"/accounts/inconnu":            "no-referrer",
	} {
		require.Equal(t, policy, s.get(path).Header.Get("Referrer-Policy"), path)
	}
}
