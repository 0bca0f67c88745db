package cerbere

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"apilos/api/compte"
)

// Protocol is the dialect spoken for the validation of tickets (setting CAS_PROTOCOL).
type Protocol string

// Dialects.
const (
	SAML11 Protocol = "saml11"
	CAS3   Protocol = "cas3"
)

// Valid tells whether p is a known dialect.
func (p Protocol) Valid() bool { return p == SAML11 || p == CAS3 }

// Errors of Validate. Every failure wraps exactly one of them.
var (
	// ErrRefused: the server knows no such ticket for this service, or its assertion does not hold
	// (expired, for somebody else). The person must sign in again.
	ErrRefused = errors.New("ticket CERBERE refusé")
	// ErrUnavailable: no answer in time, connection refused, answer 5xx. Trying again may work.
	ErrUnavailable = errors.New("CERBERE ne répond pas")
	// ErrInvalidAnswer: an answer that is not the one of the protocol. The operators must look.
	ErrInvalidAnswer = errors.New("réponse de CERBERE illisible")
)

// Limits of 05 C.1.
const (
	validationTimeout = 5 * time.Second
	maxAnswer         = 64 << 10
	conditionsLeeway  = 60 * time.Second
	maxTicket         = 256
)

// Config is what New needs.
type Config struct {
	Base     string   // CERBERE_AUTH: base address of the CAS server, with or without its final slash
	Protocol Protocol // empty means SAML11
	// HTTP makes the calls; nil means a client of its own. Its transport must verify certificates. The
	// timeout of 05 C.1 applies in both cases, and redirections are not followed.
	HTTP  *http.Client
	Now   func() time.Time
	NewID func() string // random identifier of a SAML request
}

// Client speaks to one CAS server. It is safe for concurrent use.
type Client struct {
	base     *url.URL
	protocol Protocol
	http     *http.Client
	now      func() time.Time
	newID    func() string
}

// New returns a client, or an error when the configuration cannot work.
func New(c Config) (*Client, error) {
	if c.Protocol == "" {
		c.Protocol = SAML11
	}
	if !c.Protocol.Valid() {
		return nil, fmt.Errorf("protocole CAS %q inconnu : saml11 ou cas3", string(c.Protocol))
	}
	base, err := url.Parse(strings.TrimRight(c.Base, "/") + "/")
	if err != nil || base.Host == "" || (base.Scheme != "https" && base.Scheme != "http") ||
		base.RawQuery != "" || base.Fragment != "" || base.User != nil {
		return nil, errors.New("CERBERE_AUTH : une adresse http(s) complète et sans paramètre est attendue")
	}
	if c.Now == nil || c.NewID == nil {
		return nil, errors.New("cerbere: clock and id generator are required")
	}
	h := http.Client{}
	if c.HTTP != nil {
		h = *c.HTTP
	}
	h.Timeout = validationTimeout
	h.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Client{base: base, protocol: c.Protocol, http: &h, now: c.Now, newID: c.NewID}, nil
}

// Origin returns scheme and host of the CAS server, for the form-action directive of the pages (05 D).
func (c *Client) Origin() string { return c.base.Scheme + "://" + c.base.Host }

// LoginURL returns where to send the browser so that it comes back to service with a ticket.
func (c *Client) LoginURL(service string) string {
	return c.endpoint("login", url.Values{"service": {service}})
}

// LogoutURL returns where to send the browser to end its session at the CAS server, and then come back
// to retour. The parameter has another name in each dialect (05 C.1).
func (c *Client) LogoutURL(retour string) string {
	if c.protocol == CAS3 {
		return c.endpoint("logout", url.Values{"service": {retour}})
	}
	return c.endpoint("logout", url.Values{"url": {retour}})
}

func (c *Client) endpoint(path string, q url.Values) string {
	u := c.base.JoinPath(path)
	u.RawQuery = q.Encode()
	return u.String()
}

// Validate asks the server who holds ticket, which must have been issued for exactly service. It never
// tries twice: a ticket serves once. The identity may be incomplete: compte decides what is missing.
func (c *Client) Validate(ctx context.Context, ticket, service string) (compte.Identite, error) {
	if !wellFormedTicket(ticket) {
		return compte.Identite{}, fmt.Errorf("%w: malformed ticket", ErrRefused)
	}
	req, err := c.request(ctx, ticket, service)
	if err != nil {
		return compte.Identite{}, fmt.Errorf("%w: build the request", ErrInvalidAnswer)
	}
	body, err := c.call(req)
	if err != nil {
		return compte.Identite{}, err
	}
	if c.protocol == CAS3 {
		return parseCAS3(body)
	}
	return parseSAML11(body, service, c.now())
}

// wellFormedTicket accepts what CAS calls a service ticket: ST- and printable ASCII.
func wellFormedTicket(t string) bool {
	if !strings.HasPrefix(t, "ST-") || len(t) <= len("ST-") || len(t) > maxTicket {
		return false
	}
	for _, r := range t {
		if r <= ' ' || r > '~' {
			return false
		}
	}
	return true
}

func (c *Client) request(ctx context.Context, ticket, service string) (*http.Request, error) {
	if c.protocol == CAS3 {
		u := c.endpoint("p3/serviceValidate", url.Values{"ticket": {ticket}, "service": {service}})
		return http.NewRequestWithContext(ctx, http.MethodGet, u, nil)
	}
	u := c.endpoint("samlValidate", url.Values{"TARGET": {service}})
	body := samlRequest(c.newID(), c.now(), ticket)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "text/xml; charset=utf-8")
	req.Header.Set("SOAPAction", "http://www.oasis-open.org/committees/security")
	req.Header.Set("Cache-Control", "no-cache")
	return req, nil
}

// call returns the body of a 200 answer. The error of net/http quotes the address, which holds the
// ticket in one dialect and the state in the other: only its cause is kept.
func (c *Client) call(req *http.Request) ([]byte, error) {
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, withoutURL(err))
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: read the answer: %w", ErrUnavailable, withoutURL(err))
	case resp.StatusCode >= 500:
		return nil, fmt.Errorf("%w: status %d", ErrUnavailable, resp.StatusCode)
	case resp.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("%w: status %d", ErrInvalidAnswer, resp.StatusCode)
	case len(body) > maxAnswer:
		return nil, fmt.Errorf("%w: longer than %d bytes", ErrInvalidAnswer, maxAnswer)
	}
	return body, nil
}

func withoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
