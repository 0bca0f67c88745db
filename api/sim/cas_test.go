package sim_test

import (
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"apilos/api/sim"
)

// samlAnswer reads the parts of 05 H.5 by namespace.
type samlAnswer struct {
	XMLName xml.Name `xml:"http://schemas.xmlsoap.org/soap/envelope/ Envelope"`
	Body    struct {
		Response struct {
			ResponseID   string `xml:"ResponseID,attr"`
			InResponseTo string `xml:"InResponseTo,attr"`
			Status       struct {
				StatusCode struct {
					Value string `xml:"Value,attr"`
				} `xml:"urn:oasis:names:tc:SAML:1.0:protocol StatusCode"`
			} `xml:"urn:oasis:names:tc:SAML:1.0:protocol Status"`
			Assertion *struct {
				Conditions struct {
					NotBefore    time.Time `xml:"NotBefore,attr"`
					NotOnOrAfter time.Time `xml:"NotOnOrAfter,attr"`
					Audience     string    `xml:"AudienceRestrictionCondition>Audience"`
				} `xml:"urn:oasis:names:tc:SAML:1.0:assertion Conditions"`
				Statement struct {
					Name       string `xml:"Subject>NameIdentifier"`
					Attributes []struct {
						Name  string `xml:"AttributeName,attr"`
						Value string `xml:"AttributeValue"`
					} `xml:"urn:oasis:names:tc:SAML:1.0:assertion Attribute"`
				} `xml:"urn:oasis:names:tc:SAML:1.0:assertion AttributeStatement"`
			} `xml:"urn:oasis:names:tc:SAML:1.0:assertion Assertion"`
		} `xml:"urn:oasis:names:tc:SAML:1.0:protocol Response"`
	} `xml:"http://schemas.xmlsoap.org/soap/envelope/ Body"`
}

func samlRequest(ticket string) string {
	return `<?xml version="1.0"?><S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Header/><S:Body><p:Request xmlns:p="urn:oasis:names:tc:SAML:1.0:protocol" MajorVersion="1" MinorVersion="1" RequestID="r1" IssueInstant="2026-03-02T09:00:00Z"><p:AssertionArtifact>` +
		ticket + `</p:AssertionArtifact></p:Request></S:Body></S:Envelope>`
}

func (b *bench) saml(body, service string) samlAnswer {
	b.t.Helper()
	a := b.send("POST", "/cas/samlValidate?TARGET="+url.QueryEscape(service), body, func(r *http.Request) { r.Header.Set("Content-Type", "text/xml; charset=utf-8") })
	require.Equal(b.t, 200, a.status)
	var out samlAnswer
	require.NoError(b.t, xml.Unmarshal([]byte(a.body), &out), a.body)
	return out
}

const success = "samlp:Success"

func (a samlAnswer) code() string { return a.Body.Response.Status.StatusCode.Value }

func TestSAMLNominal(t *testing.T) {
	b := newBench(t, sim.Options{Scenario: "demo"})
	ticket := b.signIn("marie.durand@example.org", service)
	require.Regexp(t, regexp.MustCompile(`^ST-[A-Za-z0-9]{32}$`), ticket)
	got := b.saml(samlRequest(ticket), service)
	require.Equal(t, success, got.code())
	require.Equal(t, "r1", got.Body.Response.InResponseTo)
	require.NotEmpty(t, got.Body.Response.ResponseID)
	a := got.Body.Response.Assertion
	require.Equal(t, service, a.Conditions.Audience)
	require.Equal(t, b.clock.Now().Add(-30*time.Second), a.Conditions.NotBefore)
	require.Equal(t, b.clock.Now().Add(30*time.Second), a.Conditions.NotOnOrAfter)
	require.Equal(t, "1001", a.Statement.Name)
	attributes := map[string]string{}
	for _, x := range a.Statement.Attributes {
		attributes[x.Name] = x.Value
	}
	require.Equal(t, map[string]string{"UTILISATEUR.ID": "1001", "UTILISATEUR.LOGIN": "marie.durand@example.org", "UTILISATEUR.NOM": "Durand",
		"UTILISATEUR.PRENOM": "Marie", "UTILISATEUR.MEL": "marie.durand@example.org"}, attributes)
	for _, r := range b.Requests("") {
		require.NotContains(t, string(mustJSON(t, r)), ticket, "the journal holds no ticket")
	}
}

// TestTicketRules: single use, 30 s, bound to the exact service (05 C.2), in both protocols.
func TestTicketRules(t *testing.T) {
	for _, c := range []struct {
		name    string
		prepare func(b *bench, ticket string)
		service string
		ok      bool
		code    string
	}{
		{"nominal", func(*bench, string) {}, service, true, ""},
		{"replayed", func(b *bench, ticket string) {
			require.Equal(b.t, success, b.saml(samlRequest(ticket), service).code())
		}, service, false, "INVALID_TICKET"},
		{"at 30 s", func(b *bench, _ string) { b.clock.Advance(30 * time.Second) }, service, true, ""},
		{"after 30 s", func(b *bench, _ string) { b.clock.Advance(30*time.Second + time.Millisecond) }, service, false, "INVALID_TICKET"},
		{"another service", func(*bench, string) {}, "http://localhost:8080/autre", false, "INVALID_SERVICE"},
		{"another query", func(*bench, string) {}, service + "x", false, "INVALID_SERVICE"},
		{"used up by a wrong service", func(b *bench, ticket string) {
			require.NotEqual(b.t, success, b.saml(samlRequest(ticket), "http://localhost:8080/autre").code())
		}, service, false, "INVALID_TICKET"},
		{"after a reset", func(b *bench, _ string) { b.Reset() }, service, false, "INVALID_TICKET"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, sim.Options{})
			ticket := b.signIn(loginUne, service)
			c.prepare(b, ticket)
			got := b.saml(samlRequest(ticket), c.service).code()
			if c.ok {
				require.Equal(t, success, got)
			} else {
				require.Equal(t, "samlp:RequestDenied", got)
			}
			ticket = b.signIn(loginUne, service)
			c.prepare(b, ticket)
			a := b.send("GET", "/cas/p3/serviceValidate?ticket="+ticket+"&service="+url.QueryEscape(c.service), nil)
			require.Equal(t, 200, a.status)
			if c.ok {
				require.Contains(t, a.body, "<cas:user>1</cas:user>")
			} else {
				require.Contains(t, a.body, `<cas:authenticationFailure code="`+c.code+`">`)
			}
		})
	}
}

func TestSAMLRefusesBrokenRequests(t *testing.T) {
	b := newBench(t, sim.Options{})
	ticket := b.signIn(loginUne, service)
	for name, body := range map[string]string{
		"empty": "", "not XML": "ticket", "no artifact": samlRequest(""), "DOCTYPE": strings.Replace(samlRequest(ticket), "<S:Envelope", "<!DOCTYPE x []><S:Envelope", 1),
		"two artifacts":   strings.Replace(samlRequest(ticket), "</p:Request>", "<p:AssertionArtifact>x</p:AssertionArtifact></p:Request>", 1),
		"wrong namespace": strings.Replace(samlRequest(ticket), "SAML:1.0", "SAML:2.0", 1), "cut": samlRequest(ticket)[:200],
		"unknown ticket": samlRequest("ST-inconnu"),
	} {
		require.Equal(t, "samlp:RequestDenied", b.saml(body, service).code(), name)
	}
	require.Equal(t, "samlp:RequestDenied", b.saml(samlRequest(ticket), "").code(), "TARGET is required")
	require.Equal(t, success, b.saml(samlRequest(ticket), service).code(), "none of them used the ticket up")
	require.Equal(t, 405, b.send("GET", "/cas/samlValidate?TARGET=x", nil).status)
	require.Equal(t, 413, b.send("POST", "/cas/samlValidate?TARGET=x", strings.Repeat(" ", 65<<10)).status)
}

func TestCAS3AndCAS2(t *testing.T) {
	b := newBench(t, sim.Options{Scenario: "demo"})
	validate := func(route, query string) string {
		a := b.send("GET", "/cas/"+route+query, nil)
		require.Equal(t, "text/xml; charset=utf-8", a.header.Get("Content-Type"))
		return a.body
	}
	query := func(ticket string) string { return "?ticket=" + ticket + "&service=" + url.QueryEscape(service) }
	var got struct {
		XMLName xml.Name `xml:"http://www.yale.edu/tp/cas serviceResponse"`
		Success struct {
			User       string `xml:"http://www.yale.edu/tp/cas user"`
			Attributes struct {
				All []struct {
					XMLName xml.Name
					Value   string `xml:",chardata"`
				} `xml:",any"`
			} `xml:"http://www.yale.edu/tp/cas attributes"`
		} `xml:"http://www.yale.edu/tp/cas authenticationSuccess"`
	}
	require.NoError(t, xml.Unmarshal([]byte(validate("p3/serviceValidate", query(b.signIn("solene.legoff@example.org", service)))), &got))
	require.Equal(t, "1004", got.Success.User)
	attributes := map[string]string{}
	for _, a := range got.Success.Attributes.All {
		attributes[a.XMLName.Local] = a.Value
	}
	require.Equal(t, "Solène", attributes["UTILISATEUR.PRENOM"])
	require.Equal(t, "solene.legoff@example.org", attributes["UTILISATEUR.LOGIN"])
	require.Len(t, attributes, 5)
	plain := validate("serviceValidate", query(b.signIn("solene.legoff@example.org", service)))
	require.Contains(t, plain, "<cas:user>1004</cas:user>")
	require.NotContains(t, plain, "attributes", "cas2 gives no attribute")
	for _, q := range []string{"", "?ticket=x", "?service=x"} {
		require.Contains(t, validate("p3/serviceValidate", q), `code="INVALID_REQUEST"`)
	}
	require.Contains(t, validate("p3/serviceValidate", query("ST-inconnu")), `code="INVALID_TICKET"`)
}

func TestServiceAllowList(t *testing.T) {
	page := func(b *bench, s string) int {
		return b.send("GET", "/cas/login?service="+url.QueryEscape(s), nil).status
	}
	b := newBench(t, sim.Options{})
	for _, s := range []string{"http://localhost:8080/x", "http://127.0.0.1/x", "https://[::1]:9/x", "http://apilos.localhost:1/x"} {
		require.Equal(t, 200, page(b, s), s)
	}
	for _, s := range []string{"https://mechant.example/x", "http://localhost.mechant.example/", "http://localhost@mechant.example/", "http://u@localhost/", "javascript:alert(1)", "//localhost/x", "/x", "http://"} {
		require.Equal(t, 403, page(b, s), s)
		require.Equal(t, 403, b.send("GET", "/cas/login?as="+loginUne+"&service="+url.QueryEscape(s), nil).status, s)
		require.Equal(t, 403, b.send("POST", "/cas/login", url.Values{"identifiant": {loginUne}, "service": {s}}.Encode(), asForm).status, s)
	}
	listed := newBench(t, sim.Options{AllowedServices: []string{"https://app.example/"}})
	require.Equal(t, 200, page(listed, "https://app.example/accounts/cerbere-login"))
	require.Equal(t, 403, page(listed, "http://app.example/"))
	require.Equal(t, 403, page(listed, "https://app.example:8443/"))
	require.Equal(t, 403, page(listed, "http://localhost:8080/"), "the list replaces the default")
}

func TestSSOCookieRenewAndGateway(t *testing.T) {
	b := newBench(t, sim.Options{})
	to := func(extra string) answer {
		return b.send("GET", "/cas/login?service="+url.QueryEscape(service)+extra, nil)
	}
	require.Equal(t, 200, to("").status, "nobody: the page")
	gate := to("&gateway=true")
	require.Equal(t, service, gate.header.Get("Location"), "gateway without SSO: back without ticket")
	b.signIn(loginUne, service)
	again := to("")
	require.Equal(t, 302, again.status)
	ticket := ticketOf(t, again, service)
	require.Equal(t, success, b.saml(samlRequest(ticket), service).code())
	require.NotEmpty(t, ticketOf(t, to("&gateway=true"), service))
	require.Equal(t, 200, to("&renew=true").status, "renew: the page, even when signed in")
	require.Equal(t, 200, to("&renew=true&gateway=true").status)
	renewed := "/cas/p3/serviceValidate?renew=true&service=" + url.QueryEscape(service) + "&ticket="
	require.Contains(t, b.send("GET", renewed+ticketOf(t, to(""), service), nil).body, "INVALID_TICKET", "obtained by the cookie")
	require.Contains(t, b.send("GET", renewed+b.signIn(loginUne, service), nil).body, "<cas:user>")
	b.clock.Advance(13 * time.Hour)
	require.Equal(t, 200, to("").status, "the SSO session has an end")
}

func TestLoginForm(t *testing.T) {
	b := newBench(t, sim.Options{})
	s, err := sim.Parse([]byte(head + `"users":{"libre@example.org":{"cerbere":{"id":"1","nom":"Libre","prenom":"Ana","mel":"libre@example.org"}},
 "secret@example.org":{"cerbere":{"id":"2","nom":"Secret","prenom":"Bob","mel":"secret@example.org","password":"sésame"}}}}`))
	require.NoError(t, err)
	b.SetScenario(s)
	post := func(login, password string) answer {
		return b.send("POST", "/cas/login", url.Values{"identifiant": {login}, "mot_de_passe": {password}, "service": {service}}.Encode(), asForm)
	}
	a := b.send("GET", "/cas/login?service="+url.QueryEscape(service), nil)
	require.Contains(t, a.body, `value="libre@example.org"`)
	require.NotContains(t, a.body, `value="secret@example.org"`, "no one-click for those who have a password")
	require.Contains(t, a.body, `type="password"`)
	require.NotContains(t, a.body, "sésame")
	require.Equal(t, 302, post("libre@example.org", "").status)
	require.Equal(t, 302, post("secret@example.org", "sésame").status)
	for _, c := range [][2]string{{"secret@example.org", ""}, {"secret@example.org", "x"}, {"inconnu@example.org", ""}, {"", ""}} {
		refused := post(c[0], c[1])
		require.Equal(t, 401, refused.status)
		require.Contains(t, refused.body, "incorrect")
		require.Empty(t, refused.header.Get("Set-Cookie"))
	}
	for _, r := range b.Requests("cas.login") {
		require.NotContains(t, string(mustJSON(t, r)), "sésame")
	}
	require.Equal(t, 404, b.send("GET", "/cas/login?as=inconnu@example.org", nil).status)
}

// TestSingleLogout: each service used hears of the logout, by its own ticket, before the answer.
func TestSingleLogout(t *testing.T) {
	var mu sync.Mutex
	heard := map[string]string{}
	app := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		form, _ := url.ParseQuery(string(body))
		var m struct {
			XMLName xml.Name `xml:"urn:oasis:names:tc:SAML:2.0:protocol LogoutRequest"`
			Index   []string `xml:"urn:oasis:names:tc:SAML:2.0:protocol SessionIndex"`
		}
		if err := xml.Unmarshal([]byte(form.Get("logoutRequest")), &m); err != nil || len(m.Index) != 1 || r.Method != "POST" {
			t.Errorf("%s %s: %v", r.Method, body, err)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		heard[r.URL.Path] = m.Index[0]
	}))
	defer app.Close()
	b := newBench(t, sim.Options{})
	one := b.signIn(loginUne, app.URL+"/un?next=%2F")
	a := b.send("GET", "/cas/login?service="+url.QueryEscape(app.URL+"/deux"), nil)
	two := ticketOf(t, a, app.URL+"/deux")
	first := b.browser
	b.newBrowser()
	b.signIn(loginUne, app.URL+"/autre-navigateur")
	b.browser = first
	out := b.send("GET", "/cas/logout?url="+url.QueryEscape(app.URL+"/"), nil)
	require.Equal(t, 302, out.status)
	require.Equal(t, app.URL+"/", out.header.Get("Location"))
	mu.Lock()
	require.Equal(t, map[string]string{"/un": one, "/deux": two}, heard)
	mu.Unlock()
	require.Equal(t, 200, b.send("GET", "/cas/login?service="+url.QueryEscape(service), nil).status, "no SSO any more")
}

func TestLogoutAddresses(t *testing.T) {
	b := newBench(t, sim.Options{})
	require.Equal(t, "http://localhost:8080/", b.send("GET", "/cas/logout?service=http://localhost:8080/", nil).header.Get("Location"))
	a := b.send("GET", "/cas/logout?url=https://mechant.example/", nil)
	require.Equal(t, 200, a.status, "no open redirection")
	require.Empty(t, a.header.Get("Location"))
	require.Contains(t, a.body, "déconnecté")
	b.signIn(loginUne, "http://127.0.0.1:1/ferme")
	require.Equal(t, 200, b.send("GET", "/cas/logout", nil).status, "a service that is gone holds nobody back")
}

func TestCASFaults(t *testing.T) {
	b := newBench(t, sim.Options{})
	require.Equal(t, 201, b.send("POST", "/__sim/faults", `[{"match":{"route":"cas.validate"},"status":503},{"match":{"route":"cas.login"},"status":500}]`).status)
	require.Equal(t, 500, b.send("GET", "/cas/login", nil).status)
	ticket := b.signIn(loginUne, service)
	require.Equal(t, 503, b.send("POST", "/cas/samlValidate?TARGET="+url.QueryEscape(service), samlRequest(ticket)).status)
	require.Equal(t, success, b.saml(samlRequest(ticket), service).code(), "a fault before the effect leaves the ticket good")
	require.Equal(t, 201, b.send("POST", "/__sim/faults", `{"match":{"route":"cas.validate"},"body":"<!DOCTYPE x [<!ENTITY e \"x\">]><x>&e;</x>"}`).status)
	require.Contains(t, b.send("POST", "/cas/samlValidate?TARGET=x", samlRequest(ticket)).body, "DOCTYPE")
}

func TestNamesAreEscaped(t *testing.T) {
	b := newBench(t, sim.Options{})
	s, err := sim.Parse([]byte(head + `"users":{"a&b@example.org":{"cerbere":{"id":"<1>","nom":"<b>O'Neil</b>","prenom":"A&B","mel":"x@example.org"}}}}`))
	require.NoError(t, err)
	b.SetScenario(s)
	odd := "http://localhost:8080/?a=1&b=<x>"
	got := b.saml(samlRequest(b.signIn("a&b@example.org", odd)), odd)
	require.Equal(t, success, got.code())
	require.Equal(t, "<1>", got.Body.Response.Assertion.Statement.Name)
	require.Equal(t, odd, got.Body.Response.Assertion.Conditions.Audience)
	require.NotContains(t, b.send("GET", "/cas/login", nil).body, "<b>O")
}
