package contract

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"apilos/api/httpapi"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/labstack/echo/v4"
)

// Target is what Walk talks to.
type Target struct {
	Handler http.Handler
	// Token is the bearer token of a person with every right; empty when the API has no secured route.
	Token string
	// Path gives path parameters that exist for this person, by name; others get an unknown uuid.
	Path map[string]string
	// Foreign gives the same parameters as they exist for somebody else: they must look like nothing.
	Foreign map[string]string
	// Except names operations left out ("GET /sante/pret"), each with the reason, which is printed.
	Except map[string]string
}

// unknownID exists nowhere.
const unknownID = "00000000-0000-4000-8000-00000000ffff"

// Walk sends to every operation of the document what a careless or hostile client would: wrong JSON,
// unknown fields and parameters, huge and negative values, accents, NUL, identifiers of somebody else,
// no token, a wrong method. It fails when an answer is a 5xx, when a refusal is not a complete problem in
// French, or when an answer lets out an internal detail (style 1.4).
func Walk(t *testing.T, d *Document, target Target) {
	for _, path := range slices.Sorted(maps.Keys(d.doc.Paths.Map())) {
		operations := d.doc.Paths.Map()[path].Operations()
		for _, method := range slices.Sorted(maps.Keys(operations)) {
			name := method + " " + path
			if reason, skip := target.Except[name]; skip {
				t.Logf("%s left out: %s", name, reason)
				continue
			}
			t.Run(name, func(t *testing.T) {
				w := &walker{t: t, d: d, target: target, method: method, path: path, op: operations[method]}
				w.run()
			})
		}
	}
}

type walker struct {
	t            *testing.T
	d            *Document
	target       Target
	method, path string
	op           *openapi3.Operation
}

// attempt is one request of the walk.
type attempt struct {
	what        string
	method      string
	path        map[string]string
	query       string
	header      map[string]string
	body        string
	contentType string
	anonymous   bool
	refused     bool // must not succeed
	hidden      bool // must be 404
}

func (w *walker) run() {
	w.identity()
	w.paths()
	w.queries()
	w.headers()
	w.bodies()
	w.do(attempt{what: "wrong method", method: "TRACE", refused: true})
}

func (w *walker) secured() bool { return w.op.Security != nil && len(*w.op.Security) > 0 }

func (w *walker) identity() {
	if !w.secured() {
		return
	}
	w.do(attempt{what: "no token", anonymous: true, refused: true})
	for _, header := range []string{"Bearer", "Bearer x", "Basic eDp5", "Bearer a b", "bearer " + long(5000), "Bearer \u00e9"} {
		w.do(attempt{what: "token " + header[:min(12, len(header))], anonymous: true, header: map[string]string{"Authorization": header}, refused: true})
	}
}

func (w *walker) paths() {
	for _, name := range w.pathParams() {
		if foreign, ok := w.target.Foreign[name]; ok {
			w.do(attempt{what: "element of somebody else", path: map[string]string{name: foreign}, refused: true, hidden: w.method == http.MethodGet})
		}
		for _, v := range []string{unknownID, "x", "0", "-1", "99999999999999999999", "%00", "%ff", "%C3%A9", "..%2F..", "%2F", long(3000), "'%20OR%201=1", "%7B%7D", "null"} {
			w.do(attempt{what: "path " + name + "=" + v[:min(len(v), 20)], path: map[string]string{name: v}})
		}
	}
}

func (w *walker) queries() {
	w.do(attempt{what: "unknown parameter", query: "parametre_qui_n_existe_pas=1", refused: w.method == http.MethodGet && len(w.op.Tags) > 0 && !w.html()})
	w.do(attempt{what: "broken query", query: "%zz&;=%"})
	for _, ref := range w.op.Parameters {
		if ref.Value.In != "query" {
			continue
		}
		for _, v := range []string{"", "-1", "0", "99999999999999999999", "%C3%A9", "%00", "%ff", "x", "null", "1.5", "true", "'%20OR%201=1--", "%25_%5C", "a&" + ref.Value.Name + "=b", long(5000)} {
			w.do(attempt{what: "query " + ref.Value.Name + "=" + v[:min(len(v), 20)], query: ref.Value.Name + "=" + v})
		}
	}
}

// html tells whether the operation answers a page or a file, where unknown parameters are harmless.
func (w *walker) html() bool {
	ok := w.op.Responses.Status(http.StatusOK)
	return ok != nil && ok.Value.Content.Get(echo.MIMEApplicationJSON) == nil
}

func (w *walker) headers() {
	for _, ref := range w.op.Parameters {
		if ref.Value.In != "header" {
			continue
		}
		name := ref.Value.Name
		w.do(attempt{what: "without " + name, header: map[string]string{name: ""}, refused: strings.EqualFold(name, "If-Match")})
		for _, v := range []string{"x", `"-1"`, `"99999999999999999999"`, `W/"1"`, "*", `"0"`, long(3000), "\u00e9", `"1", "2"`} {
			w.do(attempt{what: name + ": " + v[:min(len(v), 20)], header: map[string]string{name: v}})
		}
	}
}

func (w *walker) bodies() {
	if w.op.RequestBody == nil || w.op.RequestBody.Value == nil {
		w.do(attempt{what: "unexpected body", body: `{"a":1}`, contentType: echo.MIMEApplicationJSON})
		return
	}
	for contentType, media := range w.op.RequestBody.Value.Content {
		if strings.HasPrefix(contentType, "multipart/") {
			w.multipart()
			continue
		}
		bodies := breakages(media.Schema.Value)
		for _, what := range slices.Sorted(maps.Keys(bodies)) {
			w.do(attempt{what: "body " + what, body: bodies[what], contentType: contentType})
		}
		w.do(attempt{what: "wrong content type", body: "<a/>", contentType: "application/xml", refused: true})
		w.do(attempt{what: "other charset", body: "{}", contentType: contentType + "; charset=utf-16", refused: w.jsonOnly()})
		w.do(attempt{what: "too large", body: `{"a":"` + long(3<<20) + `"}`, contentType: contentType, refused: true})
	}
}

func (w *walker) jsonOnly() bool { return len(w.op.RequestBody.Value.Content) == 1 }

func (w *walker) multipart() {
	const boundary = "frontiere"
	part := func(disposition, content string) string {
		return "--" + boundary + "\r\nContent-Disposition: " + disposition + "\r\n\r\n" + content + "\r\n"
	}
	end := "--" + boundary + "--\r\n"
	with := "multipart/form-data; boundary=" + boundary
	for what, a := range map[string]attempt{
		"no boundary":    {body: "x", contentType: "multipart/form-data"},
		"empty":          {body: "", contentType: with},
		"no part":        {body: end, contentType: with},
		"cut short":      {body: "--" + boundary + "\r\nContent-Disp", contentType: with},
		"not a form":     {body: "{}", contentType: echo.MIMEApplicationJSON},
		"unknown part":   {body: part(`form-data; name="champ_inconnu"`, "x") + end, contentType: with},
		"empty file":     {body: part(`form-data; name="rubrique"`, "DOCUMENT_SIGNE") + part(`form-data; name="fichier"; filename=""`, "") + end, contentType: with},
		"name with path": {body: part(`form-data; name="rubrique"`, "DOCUMENT_SIGNE") + part(`form-data; name="fichier"; filename="../../x\u0000.pdf"`, "%PDF") + end, contentType: with},
		"not a pdf":      {body: part(`form-data; name="rubrique"`, "DOCUMENT_SIGNE") + part(`form-data; name="fichier"; filename="a.exe"`, "MZ") + end, contentType: with},
		"wrong heading":  {body: part(`form-data; name="rubrique"`, "a\x00é") + end, contentType: with},
	} {
		a.what = "form " + what
		a.refused = true
		w.do(a)
	}
}

func (w *walker) pathParams() []string {
	var out []string
	for _, p := range strings.Split(w.path, "/") {
		if strings.HasPrefix(p, "{") {
			out = append(out, strings.Trim(p, "{}"))
		}
	}
	return out
}

func (w *walker) do(a attempt) {
	w.t.Helper()
	rec := httptest.NewRecorder()
	r, err := w.request(a)
	if err != nil {
		w.t.Errorf("%s: cannot be sent: %v", a.what, err)
		return
	}
	w.target.Handler.ServeHTTP(rec, r)
	if err := verdict(a, rec); err != nil {
		w.t.Errorf("%s: %s %s -> %d: %v", a.what, r.Method, shorten(r.URL.String()), rec.Code, err)
	}
}

func (w *walker) request(a attempt) (*http.Request, error) {
	path := w.path
	for _, name := range w.pathParams() {
		v, ok := a.path[name]
		if !ok {
			if v, ok = w.target.Path[name]; !ok {
				v = unknownID
			}
			v = url.PathEscape(v)
		}
		path = strings.ReplaceAll(path, "{"+name+"}", v)
	}
	method := w.method
	if a.method != "" {
		method = a.method
	}
	u, err := url.ParseRequestURI("http://localhost" + w.d.prefix + path)
	if err != nil {
		return nil, err
	}
	u.RawQuery = a.query
	r := httptest.NewRequest(method, "http://localhost/", strings.NewReader(a.body))
	r.URL, r.RequestURI = u, u.RequestURI()
	if !a.anonymous && w.target.Token != "" {
		r.Header.Set("Authorization", "Bearer "+w.target.Token)
	}
	if method != http.MethodGet {
		r.Header.Set("If-Match", `"1"`)
	}
	if a.contentType != "" {
		r.Header.Set(echo.HeaderContentType, a.contentType)
	}
	for k, v := range a.header {
		r.Header.Del(k)
		if v != "" {
			r.Header.Set(k, v)
		}
	}
	return r, nil
}

// verdict tells what is wrong with an answer, nil when nothing is.
func verdict(a attempt, rec *httptest.ResponseRecorder) error {
	switch {
	case rec.Code >= 500:
		return fmt.Errorf("server error: %s", shorten(rec.Body.String()))
	case a.hidden && rec.Code != http.StatusNotFound:
		return fmt.Errorf("must be 404")
	case a.refused && rec.Code < 400:
		return fmt.Errorf("must be refused")
	}
	if err := InternalDetail(rec.Body.String()); err != nil {
		return err
	}
	for name, values := range rec.Header() {
		if err := InternalDetail(strings.Join(values, " ")); err != nil {
			return fmt.Errorf("header %s: %w", name, err)
		}
	}
	if rec.Code < 400 {
		return nil
	}
	if got := rec.Header().Get(echo.HeaderContentType); got != httpapi.MIMEProblem {
		return fmt.Errorf("refusal of type %q", got)
	}
	var p httpapi.Problem
	if err := json.Unmarshal(rec.Body.Bytes(), &p); err != nil {
		return fmt.Errorf("refusal is not JSON: %w", err)
	}
	if p.Status != rec.Code || p.Code == "" || p.RequestID == "" || p.Type == "" || p.Instance == "" {
		return fmt.Errorf("incomplete problem: %s", shorten(rec.Body.String()))
	}
	for _, text := range append([]string{p.Title, p.Detail}, details(p)...) {
		if !French(text) {
			return fmt.Errorf("not a French sentence: %q", text)
		}
	}
	return nil
}

func details(p httpapi.Problem) []string {
	var out []string
	for _, e := range p.Errors {
		out = append(out, e.Detail)
	}
	return out
}

func shorten(s string) string {
	if len(s) > 300 {
		return s[:300] + "…"
	}
	return s
}
