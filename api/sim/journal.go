package sim

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// maxJournal bounds the journal; the oldest requests leave first.
const maxJournal = 5000

// Request is a line of the journal: a call the simulators received.
type Request struct {
	Numero     int64           `json:"numero"`
	Instant    time.Time       `json:"instant"`
	Method     string          `json:"method"`
	Route      string          `json:"route"` // short name, "" when the path is none of ours
	Path       string          `json:"path"`  // raw, still percent-encoded
	Query      url.Values      `json:"query,omitempty"`
	Headers    http.Header     `json:"headers"` // secrets replaced by ***
	Claims     map[string]any  `json:"claims,omitempty"`
	TokenError string          `json:"token_error,omitempty"` // why the token was refused
	Body       json.RawMessage `json:"body,omitempty"`
	Status     int             `json:"status"` // 0: not answered (yet)
	Fault      bool            `json:"fault,omitempty"`
	Dropped    bool            `json:"dropped,omitempty"`
	DurationMS int64           `json:"duration_ms"`
}

// Login is the user-login of the token, or "".
func (r Request) Login() string {
	login, _ := r.Claims["user-login"].(string)
	return login
}

// open adds a line for r as soon as it arrives: a caller that gives up is in the journal too.
func (s *Simulator) open(r *http.Request, route string, body []byte, check tokenCheck) int64 {
	entry := Request{
		Instant: s.now(), Method: r.Method, Route: route, Path: r.URL.EscapedPath(),
		Query: withoutTickets(r.URL.Query()), Headers: withoutSecrets(r.Header),
		Claims: check.claims, TokenError: check.reason, Body: bodyOf(r, body),
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sequence++
	entry.Numero = s.sequence
	if len(s.journal) >= maxJournal {
		s.journal = slices.Delete(s.journal, 0, len(s.journal)-maxJournal+1)
	}
	s.journal = append(s.journal, entry)
	return entry.Numero
}

// close writes what was answered. It comes before the answer leaves, so that whoever has the answer
// also finds it in the journal.
func (s *Simulator) close(numero int64, status int, fault, dropped bool) {
	now := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	i, found := slices.BinarySearchFunc(s.journal, numero, func(r Request, n int64) int { return int(r.Numero - n) })
	if !found { // emptied meanwhile
		return
	}
	e := &s.journal[i]
	e.Status, e.Fault, e.Dropped = status, fault, dropped
	e.DurationMS = now.Sub(e.Instant).Milliseconds()
}

// Requests returns the journal, oldest first, limited to a route when it is not "".
func (s *Simulator) Requests(route string) []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Request
	for _, r := range s.journal {
		if route == "" || r.Route == route {
			out = append(out, r)
		}
	}
	return out
}

// ClearRequests empties the journal.
func (s *Simulator) ClearRequests() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.journal = nil
}

// withoutSecrets keeps the scheme of a credential and hides the rest.
func withoutSecrets(h http.Header) http.Header {
	out := h.Clone()
	for _, k := range []string{headerSIAP, "Authorization", "Proxy-Authorization", "Cookie"} {
		for i, v := range out.Values(k) {
			scheme, _, two := strings.Cut(v, " ")
			if k == "Cookie" || !two {
				out[http.CanonicalHeaderKey(k)][i] = "***"
			} else {
				out[http.CanonicalHeaderKey(k)][i] = scheme + " ***"
			}
		}
	}
	return out
}

// withoutTickets hides CAS tickets: they are credentials as long as they were not used.
func withoutTickets(q url.Values) url.Values {
	if len(q) == 0 {
		return nil
	}
	if q.Has("ticket") {
		q.Set("ticket", "***")
	}
	return q
}

// bodyOf returns a body as JSON: itself, the fields of a form without its passwords, or a text.
func bodyOf(r *http.Request, body []byte) json.RawMessage {
	if len(body) == 0 {
		return nil
	}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		if form, err := url.ParseQuery(string(body)); err == nil {
			for _, secret := range []string{fieldPassword, fieldCode, "client_secret"} {
				if form.Has(secret) {
					form.Set(secret, "***")
				}
			}
			b, _ := json.Marshal(form)
			return b
		}
	}
	if json.Valid(body) {
		return slices.Clone(body)
	}
	if !utf8.Valid(body) {
		body = []byte("(octets)")
	}
	b, _ := json.Marshal(reTicket.ReplaceAllString(string(body), "ST-***"))
	return b
}
