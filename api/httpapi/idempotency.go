package httpapi

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"apilos/api/fault"
	"github.com/labstack/echo/v4"
)

// ReplayState is what the store knows of a key.
type ReplayState int

// States of a key.
const (
	ReplayNew     ReplayState = iota // reserved for this request, which must Complete or Release it
	ReplayRunning                    // another request with the same key is being handled
	ReplayDone                       // an answer is kept
)

// ReplayRecord is what was found for a key. Fingerprint and Answer are those of the first request.
type ReplayRecord struct {
	State       ReplayState
	Fingerprint string
	Status      int
	Answer      []byte
}

// IdempotencyStore keeps for 24 h the answers to POST requests that carry a key (CC-10). Begin reserves
// the key in one atomic statement: of two callers at the same time exactly one gets ReplayNew. A record
// older than 24 h counts as absent, and so does a reservation older than 15 minutes, left by a process
// that stopped. All methods work outside of the transaction of the handler.
type IdempotencyStore interface {
	Begin(ctx context.Context, caller, key, fingerprint string) (ReplayRecord, error)
	Complete(ctx context.Context, caller, key string, status int, answer []byte) error
	Release(ctx context.Context, caller, key string) error
}

// recorded is the form of ReplayRecord.Answer: what must be sent again, byte for byte.
type recorded struct {
	Header map[string]string `json:"header"`
	Body   []byte            `json:"body"`
	// Digest is that of the parts of a multipart body: their boundary changes at each try, so the raw
	// bytes cannot be compared, and files are too large to be read before the handler.
	Digest string `json:"digest,omitempty"`
}

// idempotency replays the answer to a request already handled under the same Idempotency-Key. Only
// successful answers are kept: a refused request wrote nothing, and trying again must be possible.
func (m Chain) idempotency() echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if len(c.Request().Header.Values("Idempotency-Key")) == 0 || m.Idempotency == nil {
				return next(c)
			}
			// An empty key is a mistake of its sender, who believes that sending twice is safe.
			key := c.Request().Header.Get("Idempotency-Key")
			if !validKey(key) {
				return fault.New(fault.BadRequest, "cle_idempotence_invalide",
					"L’en-tête « Idempotency-Key » doit compter 8 à 255 caractères visibles, sans accent. Envoyez par exemple un uuid.")
			}
			return m.once(c, key, next)
		}
	}
}

func (m Chain) once(c echo.Context, key string, next echo.HandlerFunc) error {
	digest, err := fingerprint(c)
	if err != nil {
		return err
	}
	defer digest.close()
	p := Principal(c)
	caller := p.SessionID
	if caller == "" {
		caller = "u" + strconv.FormatInt(p.UtilisateurID, 10)
	}
	rec, err := m.Idempotency.Begin(c.Request().Context(), caller, key, digest.header)
	if err != nil {
		return err
	}
	switch {
	case rec.State != ReplayNew && rec.Fingerprint != digest.header:
		return errKeyReused()
	case rec.State == ReplayRunning:
		return fault.New(fault.Conflict, "requete_en_cours",
			"La même action est déjà en cours. Attendez un instant : son résultat sera le même.").With("retry_after", 1)
	case rec.State == ReplayDone:
		return replay(c, rec, digest)
	}
	// From here the key is ours. It is settled even when the client leaves or the handler panics.
	ctx := context.WithoutCancel(c.Request().Context())
	settled := false
	defer func() {
		if !settled {
			if err := m.Idempotency.Release(ctx, caller, key); err != nil {
				m.Log.ErrorContext(ctx, "release idempotency key", "request_id", RequestID(c), "error", err.Error())
			}
		}
	}()
	tee := &recorder{ResponseWriter: c.Response().Writer}
	c.Response().Writer = tee
	err = next(c)
	c.Response().Writer = tee.ResponseWriter
	if err != nil || tee.status < 200 || tee.status > 299 {
		return err
	}
	answer, err := tee.record(digest.parts())
	if err == nil {
		err = m.Idempotency.Complete(ctx, caller, key, tee.status, answer)
	}
	if err != nil {
		// The answer is already written and the action done: only the replay is lost.
		m.Log.ErrorContext(ctx, "keep idempotent answer", "request_id", RequestID(c), "error", err.Error())
		return nil
	}
	settled = true
	return nil
}

func errKeyReused() error {
	return fault.New(fault.Invalid, "cle_idempotence_reutilisee",
		"Cette clé « Idempotency-Key » a déjà servi pour une autre requête. Tirez-en une nouvelle pour une nouvelle action.")
}

func validKey(key string) bool {
	if len(key) < 8 || len(key) > 255 {
		return false
	}
	for _, r := range key {
		if r <= ' ' || r > '~' {
			return false
		}
	}
	return true
}

func replay(c echo.Context, rec ReplayRecord, digest *requestDigest) error {
	var kept recorded
	if err := json.Unmarshal(rec.Answer, &kept); err != nil {
		return err
	}
	if kept.Digest != "" {
		if _, err := io.Copy(io.Discard, c.Request().Body); err != nil {
			return readError(err)
		}
		if digest.parts() != kept.Digest {
			return errKeyReused()
		}
	}
	h := c.Response().Header()
	for k, v := range kept.Header {
		h.Set(k, v)
	}
	h.Set("Idempotency-Replayed", "true")
	c.Response().WriteHeader(rec.Status)
	_, err := c.Response().Write(kept.Body)
	return err
}

// requestDigest tells one request from another. header covers what is known before the handler; parts
// gives the digest of a multipart body once it has been read.
type requestDigest struct {
	header string
	multi  *multipartDigest
}

func (d *requestDigest) parts() string {
	if d.multi == nil {
		return ""
	}
	return d.multi.sum()
}

// close ends the digest of a body that nobody read to the end.
func (d *requestDigest) close() {
	if d.multi != nil {
		d.multi.close()
	}
}

// fingerprint computes the digest: who acts as what, method, path, query, version and body. A JSON body
// is read and put back; a multipart one is digested while the handler reads it.
func fingerprint(c echo.Context) (*requestDigest, error) {
	req := c.Request()
	h := sha256.New()
	for _, s := range []string{strconv.FormatInt(Principal(c).HabilitationID, 10), req.Method, req.URL.EscapedPath(), req.URL.RawQuery, req.Header.Get("If-Match")} {
		_, _ = io.WriteString(h, s+"\n")
	}
	mediaType, params, _ := mime.ParseMediaType(req.Header.Get(echo.HeaderContentType))
	if strings.HasPrefix(mediaType, "multipart/") && params["boundary"] != "" {
		_, _ = io.WriteString(h, mediaType)
		d := newMultipartDigest(params["boundary"])
		req.Body = io.NopCloser(d.tee(req.Body))
		return &requestDigest{header: hex.EncodeToString(h.Sum(nil)), multi: d}, nil
	}
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, readError(err)
	}
	req.Body = io.NopCloser(bytes.NewReader(body))
	_, _ = io.WriteString(h, mediaType+"\n")
	_, _ = h.Write(body)
	return &requestDigest{header: hex.EncodeToString(h.Sum(nil))}, nil
}

// recorder copies the answer while it is written.
type recorder struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	r.body.Write(b)
	return r.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

func (r *recorder) record(digest string) ([]byte, error) {
	kept := recorded{Header: map[string]string{}, Body: r.body.Bytes(), Digest: digest}
	for _, k := range []string{echo.HeaderContentType, echo.HeaderLocation, "ETag", "Link"} {
		if v := r.Header().Get(k); v != "" {
			kept.Header[k] = v
		}
	}
	return json.Marshal(kept)
}
