package contract

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/labstack/echo/v4"
)

// Caller is somebody who sends requests.
type Caller struct {
	Name string
	Sign func(*http.Request) // adds the credentials; nil for nobody
}

// FuzzTarget is what Fuzz talks to.
type FuzzTarget struct {
	Handler http.Handler
	Callers []Caller
	// Known gives values that exist, by name of parameter or of property.
	Known map[string][]string
	// Requests per operation.
	Requests int
	// Seed makes the same requests again.
	Seed uint64
	// Tolerant is for an API whose callers were promised that what it does not know is ignored: the success of a
	// request that the document does not allow is then no fault.
	Tolerant bool
	// Except names operations left out ("GET /sante/pret"), each with the reason, which is printed.
	Except map[string]string
}

// Fuzz sends requests drawn from the document to every operation, in a random order: values at their limits and beyond,
// wrong types, identifiers of others, text of every kind, bodies too large, by every caller. It fails on a 5xx, on an
// answer that the document does not describe, and on a success of a request that the document does not allow.
func Fuzz(t testing.TB, d *Document, target FuzzTarget) {
	d = &Document{doc: d.doc, router: d.router, prefix: d.prefix, tolerant: target.Tolerant}
	r := rand.New(rand.NewPCG(target.Seed, 5))
	var attempts []fuzzer
	for _, path := range slices.Sorted(maps.Keys(d.doc.Paths.Map())) {
		item := d.doc.Paths.Map()[path]
		for _, method := range slices.Sorted(maps.Keys(item.Operations())) {
			if reason, skip := target.Except[method+" "+path]; skip {
				t.Logf("%s %s left out: %s", method, path, reason)
				continue
			}
			f := fuzzer{d: d, target: target, method: method, path: path, op: item.Operations()[method], shared: item.Parameters, r: r}
			for range target.Requests {
				attempts = append(attempts, f)
			}
		}
	}
	r.Shuffle(len(attempts), func(i, j int) { attempts[i], attempts[j] = attempts[j], attempts[i] })
	answers := map[int]int{}
	for i, f := range attempts {
		status, err := f.once()
		answers[status/100]++
		if err != nil {
			t.Errorf("request %d of seed %d: %v", i, target.Seed, err)
		}
	}
	t.Logf("%d requests: %d successes, %d refusals", len(attempts), answers[2]+answers[3], answers[4])
	if answers[2] == 0 || answers[4] == 0 {
		t.Errorf("requests that are all accepted, or all refused, check nothing: %v", answers)
	}
}

// fuzzer makes requests for one operation.
type fuzzer struct {
	d            *Document
	target       FuzzTarget
	method, path string
	op           *openapi3.Operation
	shared       openapi3.Parameters
	r            *rand.Rand
}

func (f fuzzer) once() (status int, err error) {
	caller := f.target.Callers[f.r.IntN(len(f.target.Callers))]
	path, query := f.address()
	body, contentType := f.body()
	req := httptest.NewRequest(f.method, "http://localhost/", bytes.NewReader(body))
	u, err := url.ParseRequestURI("http://localhost" + f.d.prefix + path)
	if err != nil {
		return 0, fmt.Errorf("%s %s cannot be sent: %w", f.method, path, err)
	}
	u.RawQuery = query
	req.URL, req.RequestURI = u, u.RequestURI()
	f.headers(req)
	if contentType != "" {
		req.Header.Set(echo.HeaderContentType, contentType)
	}
	if caller.Sign != nil {
		caller.Sign(req)
	}
	seen := req.Clone(req.Context())
	rec := &recorder{ResponseWriter: httptest.NewRecorder()}
	f.target.Handler.ServeHTTP(rec, req)
	seen.Body = readAgain(body)
	if err := f.verdict(seen, rec); err != nil {
		return rec.status, fmt.Errorf("%s, %s %s %s\n%q\n-> %d %s: %w", caller.Name, f.method, shorten(u.String()), contentType, shorten(string(body)), rec.status,
			shorten(rec.body.String()), err)
	}
	return rec.status, nil
}

func (f fuzzer) verdict(seen *http.Request, rec *recorder) error {
	if rec.status >= 500 {
		return errors.New("server error")
	}
	if err := InternalDetail(rec.body.String()); err != nil && rec.status >= 400 {
		return err
	}
	// A value may lead to an address that the document does not have.
	if _, _, err := f.d.router.FindRoute(onlyPath(seen)); err != nil && rec.status >= 400 {
		return nil
	}
	return f.d.check(seen, rec)
}

func onlyPath(r *http.Request) *http.Request {
	c := r.Clone(r.Context())
	c.URL.Host, c.URL.Scheme, c.Host = "", "", ""
	return c
}

func (f fuzzer) parameters() []*openapi3.Parameter {
	var out []*openapi3.Parameter
	for _, p := range append(slices.Clone(f.shared), f.op.Parameters...) {
		out = append(out, p.Value)
	}
	return out
}

// address fills the path and draws a query string.
func (f fuzzer) address() (path, query string) {
	path = f.path
	q := url.Values{}
	for _, p := range f.parameters() {
		switch p.In {
		case openapi3.ParameterInPath:
			v := f.text(p.Name, p.Schema)
			if v == "" || v == "." || v == ".." || strings.Contains(v, "/") {
				v = unknownID
			}
			path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(v))
		case openapi3.ParameterInQuery:
			for f.chance(2, 5) && len(q[p.Name]) < 3 {
				q.Add(p.Name, f.text(p.Name, p.Schema))
			}
			if p.Required && !q.Has(p.Name) && f.chance(9, 10) {
				q.Set(p.Name, f.text(p.Name, p.Schema))
			}
		}
	}
	if f.chance(1, 25) {
		q.Set("parametre_inconnu", "1")
	}
	return path, q.Encode()
}

func (f fuzzer) headers(req *http.Request) {
	for _, p := range f.parameters() {
		if p.In != openapi3.ParameterInHeader || !p.Required && f.chance(2, 3) || f.chance(1, 10) {
			continue
		}
		v := f.text(p.Name, p.Schema)
		if p.Name == "If-Match" && f.chance(4, 5) {
			v = fmt.Sprintf(`"%d"`, 1+f.r.IntN(4))
		}
		req.Header.Set(p.Name, strings.Map(func(c rune) rune {
			if c < ' ' || c > '~' {
				return -1
			}
			return c
		}, v))
	}
}

func (f fuzzer) chance(n, of int) bool { return f.r.IntN(of) < n }
