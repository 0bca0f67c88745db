package httpapi

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
)

// maxRepresentation is the size up to which an answer is held to compute its tag. Beyond it the answer
// goes out as it comes, without one.
const maxRepresentation = 4 << 20

const (
	keyExactTag = "httpapi.etag.exact"   // the tag names the representation already
	keyCommon   = "httpapi.query.common" // parameters that the chain answers for, beside those of the handler
	keyFields   = "httpapi.query.champs" // members asked for with champs
	paramChamps = "champs"               // sparse answers (05 E.1)
	tagDigits   = 16                     // hexadecimal digits of the digest in a tag
)

// representation gives every JSON answer to a GET its strong ETag, answers 304 to If-None-Match, and keeps
// only the members asked for with champs (05 E.1). One place for all routes: a handler says at most which
// version it shows.
//
// A tag is one of: "7", when the version alone decides what is shown (Object); "7-1f0c…", the version and a
// digest, when the same version may be shown differently (comments, rights of the reader); "-1f0c…", a
// digest, for what has no version. IfMatch reads the version of the first two.
func (m Chain) representation(r Route) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if err := r.wantFields(c); err != nil {
				return err
			}
			held := &holder{ResponseWriter: c.Response().Writer}
			c.Response().Writer = held
			err := next(c)
			c.Response().Writer = held.ResponseWriter
			if err != nil && held.holding {
				c.Response().Committed, c.Response().Size = false, 0 // nothing left yet: the error has its own answer
				c.Response().Header().Del(echo.HeaderContentType)
			}
			if err != nil || !held.holding {
				return err
			}
			return answer(c, held)
		}
	}
}

func answer(c echo.Context, held *holder) error {
	body, h := held.body.Bytes(), c.Response().Header()
	if fields, ok := c.Get(keyFields).([]string); ok {
		sparse, err := keepMembers(body, fields)
		if err != nil {
			return held.release(body, err)
		}
		body = sparse
	}
	tag := h.Get("ETag")
	if exact, _ := c.Get(keyExactTag).(bool); !exact || c.Get(keyFields) != nil {
		if version, ok := parseETag(tag); ok || tag == "" {
			tag = digestTag(version, ok, body)
			h.Set("ETag", tag)
		}
	}
	if matches(c.Request(), tag) {
		h.Del(echo.HeaderContentType)
		h.Del(echo.HeaderContentLength)
		c.Response().Status = http.StatusNotModified // what the access log and the metrics show
		held.ResponseWriter.WriteHeader(http.StatusNotModified)
		return nil
	}
	return held.release(body, nil)
}

func digestTag(version int, versioned bool, body []byte) string {
	sum := sha256.Sum256(body)
	digest := hex.EncodeToString(sum[:])[:tagDigits]
	if !versioned {
		return `"-` + digest + `"`
	}
	return fmt.Sprintf(`"%d-%s"`, version, digest)
}

// matches tells whether If-None-Match names tag.
func matches(r *http.Request, tag string) bool {
	for _, header := range r.Header.Values("If-None-Match") {
		for _, v := range strings.Split(header, ",") {
			if v = strings.TrimPrefix(strings.TrimSpace(v), "W/"); v == "*" || v == tag {
				return true
			}
		}
	}
	return false
}

// holder keeps a successful JSON answer until the handler is done; anything else goes through.
type holder struct {
	http.ResponseWriter
	holding, through bool
	status           int
	body             bytes.Buffer
}

func (h *holder) WriteHeader(status int) {
	mediaType, _, _ := strings.Cut(h.Header().Get(echo.HeaderContentType), ";")
	if status == http.StatusOK && mediaType == echo.MIMEApplicationJSON && !h.through {
		h.holding, h.status = true, status
		return
	}
	h.through = true
	h.ResponseWriter.WriteHeader(status)
}

func (h *holder) Write(b []byte) (int, error) {
	if !h.holding && !h.through {
		h.WriteHeader(http.StatusOK)
	}
	if !h.holding {
		return h.ResponseWriter.Write(b)
	}
	if h.body.Len()+len(b) > maxRepresentation {
		h.holding, h.through = false, true
		h.ResponseWriter.WriteHeader(h.status)
		if _, err := h.ResponseWriter.Write(h.body.Bytes()); err != nil {
			return 0, err
		}
		return h.ResponseWriter.Write(b)
	}
	return h.body.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (h *holder) Unwrap() http.ResponseWriter { return h.ResponseWriter }

func (h *holder) release(body []byte, err error) error {
	if err != nil {
		return err
	}
	h.Header().Del(echo.HeaderContentLength)
	h.ResponseWriter.WriteHeader(h.status)
	_, err = h.ResponseWriter.Write(body)
	return err
}

// FieldsOf lists the members of the JSON of T, for Route.Champs.
func FieldsOf[T any]() []string {
	var out []string
	t := reflect.TypeFor[T]()
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if name != "" && name != "-" {
			out = append(out, name)
		}
	}
	return out
}

// wantFields reads champs on the routes that declare it; a member that the answer does not have is refused.
func (r Route) wantFields(c echo.Context) error {
	if len(r.Champs) == 0 {
		return nil
	}
	common, _ := c.Get(keyCommon).([]string)
	c.Set(keyCommon, append(slices.Clone(common), paramChamps))
	values := c.QueryParams()[paramChamps]
	if len(values) == 0 {
		return nil
	}
	p := &Params{values: map[string][]string{paramChamps: values}}
	if fields := p.List(paramChamps, r.Champs...); len(fields) > 0 {
		c.Set(keyFields, fields)
	}
	return p.Err()
}

// keepMembers keeps the members named by fields: of each element of « resultats » for a page, of each
// element for an array, of the object itself otherwise. The order of the answer is kept.
func keepMembers(body []byte, fields []string) ([]byte, error) {
	trimmed := bytes.TrimSpace(body)
	if len(trimmed) > 0 && trimmed[0] == '[' {
		return keepInList(trimmed, fields)
	}
	return rewriteObject(trimmed, func(name string, value json.RawMessage) (json.RawMessage, bool, error) {
		switch {
		case name == "resultats" && isPage(trimmed):
			list, err := keepInList(value, fields)
			return list, true, err
		case isPage(trimmed):
			return value, true, nil
		}
		return value, slices.Contains(fields, name), nil
	})
}

func isPage(body []byte) bool {
	var page struct {
		Resultats *json.RawMessage `json:"resultats"`
		ParPage   *int             `json:"par_page"`
	}
	return json.Unmarshal(body, &page) == nil && page.Resultats != nil && page.ParPage != nil
}

func keepInList(list []byte, fields []string) ([]byte, error) {
	var rows []json.RawMessage
	if err := json.Unmarshal(list, &rows); err != nil {
		return nil, fmt.Errorf("read a list to reduce: %w", err)
	}
	for i, row := range rows {
		kept, err := rewriteObject(row, func(name string, value json.RawMessage) (json.RawMessage, bool, error) {
			return value, slices.Contains(fields, name), nil
		})
		if err != nil {
			return nil, err
		}
		rows[i] = kept
	}
	return json.Marshal(rows)
}

// rewriteObject copies the members of an object that keep wants, in their order.
func rewriteObject(object []byte, keep func(name string, value json.RawMessage) (json.RawMessage, bool, error)) ([]byte, error) {
	dec := json.NewDecoder(bytes.NewReader(object))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return object, err
	}
	out := bytes.NewBufferString("{")
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, fmt.Errorf("read an answer to reduce: %w", err)
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return nil, fmt.Errorf("read an answer to reduce: %w", err)
		}
		value, wanted, err := keep(key.(string), value)
		if err != nil {
			return nil, err
		}
		if !wanted {
			continue
		}
		if out.Len() > 1 {
			out.WriteByte(',')
		}
		name, err := json.Marshal(key)
		if err != nil {
			return nil, err
		}
		out.Write(name)
		out.WriteByte(':')
		out.Write(value)
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}
