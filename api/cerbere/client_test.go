package cerbere_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"apilos/api/cerbere"
	"apilos/api/sim"

	"github.com/stretchr/testify/require"
)

var maintenant = time.Date(2025, 6, 2, 8, 0, 0, 0, time.UTC)

const service = "https://app.example/accounts/cerbere-login?next=%2F&st=abc"

func newClient(t testing.TB, base string, p cerbere.Protocol) *cerbere.Client {
	t.Helper()
	c, err := cerbere.New(cerbere.Config{Base: base, Protocol: p,
		Now: func() time.Time { return maintenant }, NewID: func() string { return "id-1" }})
	require.NoError(t, err)
	return c
}

// answering is a CAS server that gives one answer, and remembers the request.
func answering(t *testing.T, status int, body string) (*httptest.Server, *http.Request, *string) {
	t.Helper()
	var got http.Request
	var sent string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = *r
		b, _ := io.ReadAll(r.Body)
		sent = string(b)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(srv.Close)
	return srv, &got, &sent
}

func TestNew_refusesWhatCannotWork(t *testing.T) {
	ok := cerbere.Config{Base: "https://cas.example/cas/700", Now: time.Now, NewID: func() string { return "" }}
	_, err := cerbere.New(ok)
	require.NoError(t, err)
	for name, edit := range map[string]func(*cerbere.Config){
		"no address":       func(c *cerbere.Config) { c.Base = "" },
		"no scheme":        func(c *cerbere.Config) { c.Base = "cas.example/cas" },
		"other scheme":     func(c *cerbere.Config) { c.Base = "ftp://cas.example/" },
		"with a query":     func(c *cerbere.Config) { c.Base = "https://cas.example/?a=b" },
		"with credentials": func(c *cerbere.Config) { c.Base = "https://u:p@cas.example/" },
		"protocol":         func(c *cerbere.Config) { c.Protocol = "oidc" },
		"no clock":         func(c *cerbere.Config) { c.Now = nil },
	} {
		c := ok
		edit(&c)
		_, err := cerbere.New(c)
		require.Error(t, err, name)
	}
}

func TestURLs(t *testing.T) {
	for _, base := range []string{"https://cas.example/cas/700/", "https://cas.example/cas/700"} {
		saml, cas3 := newClient(t, base, cerbere.SAML11), newClient(t, base, cerbere.CAS3)
		require.Equal(t, "https://cas.example/cas/700/login?service="+url.QueryEscape(service), saml.LoginURL(service))
		require.Equal(t, "https://cas.example/cas/700/logout?url=https%3A%2F%2Fapp.example%2F", saml.LogoutURL("https://app.example/"))
		require.Equal(t, "https://cas.example/cas/700/logout?service=https%3A%2F%2Fapp.example%2F", cas3.LogoutURL("https://app.example/"))
		require.Equal(t, "https://cas.example", saml.Origin())
	}
}

func TestValidate_saml11RequestIsTheOneOfTheSpecification(t *testing.T) {
	srv, got, sent := answering(t, 200, saml(samlParts{}))
	_, err := newClient(t, srv.URL+"/cas/", cerbere.SAML11).Validate(context.Background(), "ST-a&b", service)
	require.NoError(t, err)
	require.Equal(t, "POST", got.Method)
	require.Equal(t, "/cas/samlValidate", got.URL.Path)
	require.Equal(t, service, got.URL.Query().Get("TARGET"))
	require.Equal(t, "text/xml; charset=utf-8", got.Header.Get("Content-Type"))
	require.Equal(t, "http://www.oasis-open.org/committees/security", got.Header.Get("SOAPAction"))
	require.Equal(t, "no-cache", got.Header.Get("Cache-Control"))
	require.Contains(t, *sent, `<samlp:AssertionArtifact>ST-a&amp;b</samlp:AssertionArtifact>`)
	require.Contains(t, *sent, `MajorVersion="1" MinorVersion="1" RequestID="_id-1" IssueInstant="2025-06-02T08:00:00.000Z"`)
}

func TestValidate_cas3RequestIsTheOneOfTheSpecification(t *testing.T) {
	srv, got, _ := answering(t, 200, casSuccess)
	_, err := newClient(t, srv.URL+"/cas/", cerbere.CAS3).Validate(context.Background(), "ST-1", service)
	require.NoError(t, err)
	require.Equal(t, "GET", got.Method)
	require.Equal(t, "/cas/p3/serviceValidate", got.URL.Path)
	require.Equal(t, url.Values{"ticket": {"ST-1"}, "service": {service}}, got.URL.Query())
}

func TestValidate_malformedTicketNeverLeaves(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("called") }))
	t.Cleanup(srv.Close)
	for _, ticket := range []string{"", "ST-", "PT-1", "ST-é", "ST-a b", "ST-a\nb", "ST-" + strings.Repeat("a", 300)} {
		for _, p := range []cerbere.Protocol{cerbere.SAML11, cerbere.CAS3} {
			_, err := newClient(t, srv.URL, p).Validate(context.Background(), ticket, service)
			require.ErrorIs(t, err, cerbere.ErrRefused, "%q", ticket)
		}
	}
}

func TestValidate_breakdowns(t *testing.T) {
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	cases := []struct {
		name   string
		status int
		body   string
		want   error
	}{
		{"503", 503, "", cerbere.ErrUnavailable},
		{"500", 500, saml(samlParts{}), cerbere.ErrUnavailable},
		{"404", 404, "", cerbere.ErrInvalidAnswer},
		{"redirection", 302, "", cerbere.ErrInvalidAnswer},
		{"empty", 200, "", cerbere.ErrInvalidAnswer},
		{"HTML", 200, "<html><body>Maintenance<br></body></html>", cerbere.ErrInvalidAnswer},
		{"too long", 200, saml(samlParts{extra: "<!-- " + strings.Repeat("x", 65<<10) + " -->"}), cerbere.ErrInvalidAnswer},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			srv, _, _ := answering(t, c.status, c.body)
			for _, p := range []cerbere.Protocol{cerbere.SAML11, cerbere.CAS3} {
				_, err := newClient(t, srv.URL, p).Validate(context.Background(), "ST-1", service)
				require.ErrorIs(t, err, c.want, "%s", p)
			}
		})
	}
	_, err := newClient(t, closed.URL, cerbere.SAML11).Validate(context.Background(), "ST-1", service)
	require.ErrorIs(t, err, cerbere.ErrUnavailable)
}

func TestValidate_redirectionIsNotFollowed(t *testing.T) {
	var called bool
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		called = true
		_, _ = io.WriteString(w, saml(samlParts{}))
	}))
	t.Cleanup(other.Close)
	srv := httptest.NewServer(http.RedirectHandler(other.URL, http.StatusTemporaryRedirect))
	t.Cleanup(srv.Close)
	_, err := newClient(t, srv.URL, cerbere.SAML11).Validate(context.Background(), "ST-1", service)
	require.ErrorIs(t, err, cerbere.ErrInvalidAnswer)
	require.False(t, called, "the ticket must not be sent elsewhere")
}

// The timeout is that of the client, not of the test: the transport tells which deadline it was given.
func TestValidate_givesUpAfterFiveSeconds(t *testing.T) {
	var left time.Duration
	transport := roundTrip(func(r *http.Request) (*http.Response, error) {
		end, ok := r.Context().Deadline()
		require.True(t, ok)
		left = time.Until(end)
		return nil, &net.DNSError{Err: "timeout", IsTimeout: true}
	})
	c, err := cerbere.New(cerbere.Config{Base: "https://cas.example/", HTTP: &http.Client{Transport: transport}, Now: time.Now, NewID: func() string { return "" }})
	require.NoError(t, err)
	_, err = c.Validate(context.Background(), "ST-1", service)
	require.ErrorIs(t, err, cerbere.ErrUnavailable)
	require.InDelta(t, 5, left.Seconds(), 1)
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestValidate_errorsNeverQuoteTheTicketNorTheService(t *testing.T) {
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	refused := `<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas"><cas:authenticationFailure code="INVALID_TICKET">ST-secret not recognised</cas:authenticationFailure></cas:serviceResponse>`
	srv, _, _ := answering(t, 200, refused)
	for _, base := range []string{closed.URL, srv.URL} {
		for _, p := range []cerbere.Protocol{cerbere.SAML11, cerbere.CAS3} {
			_, err := newClient(t, base, p).Validate(context.Background(), "ST-secret", service)
			require.Error(t, err)
			require.NotContains(t, fmt.Sprintf("%v %+v", err, errors.Unwrap(err)), "ST-secret")
			require.NotContains(t, err.Error(), "st=abc")
		}
	}
}

// Against the bundled CAS server: nominal, replay, wrong service, expired ticket, for both protocols.
func TestValidate_againstTheSimulator(t *testing.T) {
	clock := maintenant
	server, err := sim.Start(t.Context(), sim.Options{Scenario: "demo", Now: func() time.Time { return clock }})
	require.NoError(t, err)
	t.Cleanup(server.Close)
	const local = "http://127.0.0.1:1/accounts/cerbere-login?next=%2F&st=abc"
	for _, p := range []cerbere.Protocol{cerbere.SAML11, cerbere.CAS3} {
		t.Run(string(p), func(t *testing.T) {
			clock = maintenant
			c := newClient(t, server.CASURL(), p)
			ticket := ticketOf(t, c.LoginURL(local), "marie.durand@example.org", local)
			id, err := c.Validate(context.Background(), ticket, local)
			require.NoError(t, err)
			require.Equal(t, "1001", id.ID)
			require.Equal(t, "marie.durand@example.org", id.Login)
			require.NotEmpty(t, id.Nom)
			require.NotEmpty(t, id.Prenom)

			_, err = c.Validate(context.Background(), ticket, local)
			require.ErrorIs(t, err, cerbere.ErrRefused, "replay")
			ticket = ticketOf(t, c.LoginURL(local), "marie.durand@example.org", local)
			_, err = c.Validate(context.Background(), ticket, local+"x")
			require.ErrorIs(t, err, cerbere.ErrRefused, "other service")
			_, err = c.Validate(context.Background(), "ST-inventé"[:6], local)
			require.ErrorIs(t, err, cerbere.ErrRefused, "unknown")
			ticket = ticketOf(t, c.LoginURL(local), "marie.durand@example.org", local)
			clock = clock.Add(time.Minute)
			_, err = c.Validate(context.Background(), ticket, local)
			require.ErrorIs(t, err, cerbere.ErrRefused, "expired")
		})
	}
}

// ticketOf signs in at the simulator and returns the ticket it sends back with.
func ticketOf(t *testing.T, loginURL, login, service string) string {
	t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Get(loginURL + "&as=" + url.QueryEscape(login))
	require.NoError(t, err)
	defer resp.Body.Close()
	back := resp.Header.Get("Location")
	require.True(t, strings.HasPrefix(back, service), back)
	u, err := url.Parse(back)
	require.NoError(t, err)
	return u.Query().Get("ticket")
}
