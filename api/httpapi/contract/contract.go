package contract

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"apilos/api/httpapi"
	"apilos/api/internal/journaux"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"
)

// Document is an OpenAPI document ready to check traffic.
type Document struct {
	doc    *openapi3.T
	router routers.Router
	prefix string
	// tolerant: requests are not compared with the document, only answers (FuzzTarget.Tolerant).
	tolerant bool
}

// Load reads a document in JSON.
func Load(t testing.TB, text []byte) *Document {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(text)
	require.NoError(t, err, "read OpenAPI document")
	require.Len(t, doc.Servers, 1, "one server, whose URL is the prefix of the routes")
	router, err := gorillamux.NewRouter(doc)
	require.NoError(t, err, "route OpenAPI document")
	return &Document{doc: doc, router: router, prefix: doc.Servers[0].URL}
}

// Echo returns an Echo as httpapi.New makes it, for any host, that logs into the test.
func Echo(t testing.TB) *echo.Echo {
	t.Helper()
	e, err := httpapi.New(httpapi.Config{Log: Logger(t), AllowedHosts: []string{"*"}})
	require.NoError(t, err)
	return e
}

// Logger writes the log lines of a test in its output, warnings and errors only. A secret in any of them, at any
// level, fails the test.
func Logger(t testing.TB) *slog.Logger {
	visible := slog.NewTextHandler(testWriter{t}, &slog.HandlerOptions{Level: slog.LevelWarn})
	return slog.New(slog.NewMultiHandler(visible, journaux.Nouveau(t).Logger().Handler()))
}

type testWriter struct{ t testing.TB }

func (w testWriter) Write(b []byte) (int, error) {
	if w.t.Context().Err() == nil { // a line that comes after the test has nobody to read it
		w.t.Log(strings.TrimSpace(string(b)))
	}
	return len(b), nil
}

// Checker validates every request and answer below the prefix of the document, and fails t on the first
// difference of each exchange. A request that was refused (4xx) may be wrong on purpose: only its answer
// is looked at. A successful request must be one that the document allows.
func (d *Document) Checker(t testing.TB) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			r := c.Request()
			if !strings.HasPrefix(r.URL.Path, d.prefix+"/") || r.Method == http.MethodHead {
				return next(c)
			}
			r.Header.Del(echo.HeaderAcceptEncoding) // the recorded answer must be plain
			var sent bytes.Buffer
			r.Body = struct {
				io.Reader
				io.Closer
			}{io.TeeReader(r.Body, &sent), r.Body}
			original := r.Clone(r.Context())
			rec := &recorder{ResponseWriter: c.Response().Writer}
			c.Response().Writer = rec
			if err := next(c); err != nil {
				c.Error(err)
			}
			c.Response().Writer = rec.ResponseWriter
			if rec.status == 0 { // a hijacked or abandoned exchange
				return nil
			}
			original.Body = io.NopCloser(bytes.NewReader(sent.Bytes()))
			if err := d.check(original, rec); err != nil {
				t.Errorf("contract: %s %s -> %d: %v", r.Method, r.URL.Path, rec.status, err)
			}
			return nil
		}
	}
}

func (d *Document) check(r *http.Request, rec *recorder) error {
	// The document has a server without host: the router must see the path alone.
	r.URL.Host, r.URL.Scheme, r.Host = "", "", ""
	query := r.URL.Query()
	for name, values := range query {
		values = slices.DeleteFunc(values, func(v string) bool { return strings.Trim(v, " ,") == "" })
		if query[name] = values; len(values) == 0 {
			delete(query, name) // an empty parameter is an absent one
		}
	}
	r.URL.RawQuery = query.Encode()
	route, params, err := d.router.FindRoute(r)
	if err != nil {
		if rec.status == http.StatusNotFound || rec.status == http.StatusMethodNotAllowed {
			return d.checkProblem(rec)
		}
		return fmt.Errorf("not documented: %w", err)
	}
	for name, v := range params { // the router reads the raw path
		if decoded, err := url.PathUnescape(v); err == nil {
			params[name] = decoded
		}
	}
	input := &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route, Options: options()}
	if rec.status < 400 && !d.tolerant {
		if !decodable(r) {
			input.Options.ExcludeRequestBody = true
		}
		if err := openapi3filter.ValidateRequest(r.Context(), input); err != nil {
			return fmt.Errorf("accepted although not documented: %w", err)
		}
	}
	return d.checkAnswer(r.Context(), route, input, rec)
}

func (d *Document) checkAnswer(ctx context.Context, route *routers.Route, input *openapi3filter.RequestValidationInput, rec *recorder) error {
	declared := route.Operation.Responses.Status(rec.status)
	if rec.status == http.StatusNotModified {
		return nil
	}
	if declared == nil {
		return errors.New("status not documented")
	}
	if rec.status >= 400 && declared.Value.Content.Get(httpapi.MIMEProblem) != nil {
		if err := d.checkProblem(rec); err != nil {
			return err
		}
	}
	if rec.body.Len() == 0 {
		if len(declared.Value.Content) > 0 {
			return errors.New("empty body, although one is documented")
		}
		return nil
	}
	mediaType := rec.mediaType()
	if !strings.HasSuffix(mediaType, "json") || mediaType == "application/x-ndjson" {
		if declared.Value.Content.Get(mediaType) == nil {
			return fmt.Errorf("content type %q not documented", mediaType)
		}
		return nil
	}
	if rec.status == http.StatusOK && input.Request.URL.Query().Has("champs") {
		return nil // the caller chose the members: the required ones may be missing
	}
	answer := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input, Status: rec.status, Header: rec.Header(), Options: options(),
	}
	answer.SetBodyBytes(rec.body.Bytes())
	if err := openapi3filter.ValidateResponse(ctx, answer); err != nil {
		return err
	}
	return nil
}

// checkProblem checks an error body where the document says nothing of the route.
func (d *Document) checkProblem(rec *recorder) error {
	if rec.mediaType() != httpapi.MIMEProblem {
		return fmt.Errorf("error answer of type %q instead of %s", rec.mediaType(), httpapi.MIMEProblem)
	}
	var p httpapi.Problem
	if err := json.Unmarshal(rec.body.Bytes(), &p); err != nil {
		return fmt.Errorf("error answer: %w", err)
	}
	if p.Status != rec.status || p.Code == "" || p.Title == "" || p.Detail == "" || p.Type != "/problemes/"+p.Code || p.RequestID == "" {
		return fmt.Errorf("incomplete problem: %s", rec.body.String())
	}
	return nil
}

func options() *openapi3filter.Options {
	return &openapi3filter.Options{
		AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true, SkipSettingDefaults: true,
		SchemaValidationOptions: []openapi3.SchemaValidationOption{
			openapi3.EnableFormatValidation(),
			openapi3.WithStringFormatValidator("uuid", openapi3.NewCallbackValidator(func(s string) error {
				_, err := uuid.Parse(s)
				return err
			})),
		},
	}
}

// decodable tells whether the body can be compared with the document: a form is streamed to its handler,
// which checks its parts, and the reports of browsers have a type of their own.
func decodable(r *http.Request) bool {
	mediaType, _, _ := mime.ParseMediaType(r.Header.Get(echo.HeaderContentType))
	return mediaType == "" || (!strings.HasPrefix(mediaType, "multipart/") && openapi3filter.RegisteredBodyDecoder(mediaType) != nil)
}

// recorder copies an answer while it is written.
type recorder struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	r.body.Write(b)
	return r.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

func (r *recorder) mediaType() string {
	mediaType, _, _ := mime.ParseMediaType(r.Header().Get(echo.HeaderContentType))
	return mediaType
}
