// Package apilos is a client of the public API of the platform, /api/v1. The types and the methods come from
// its OpenAPI document (apilos.gen.go); this file holds what no document says: the token, errors, versions and
// keys. It depends on the standard library only, so that the folder can be copied into another program.
//
//	c := apilos.New("https://apilos.example.gouv.fr/api/v1", jeton)
//	page, err := c.GetConventions(ctx, apilos.GetConventionsParams{Statut: []string{"SIGNEE"}})
//
// It does not retry: Probleme.Attendre says when to, and an Idempotency-Key makes it safe.
package apilos

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// Client calls the API. It may be used by several goroutines.
type Client struct {
	base  string
	jeton string
	// HTTP sends the requests; its Timeout bounds a call.
	HTTP *http.Client
}

// New returns a client. base ends with /api/v1; jeton is the whole token, apl_….
func New(base, jeton string) *Client {
	return &Client{base: strings.TrimRight(base, "/"), jeton: jeton, HTTP: &http.Client{Timeout: 30 * time.Second}}
}

// Reponse is a successful answer.
type Reponse[T any] struct {
	Statut int
	Corps  T
	// Version is the ETag, for SiVersion and SiChange.
	Version string
	Entetes http.Header
}

// InChange tells whether the answer to SiChange is « nothing changed »; Corps is then empty.
func (r *Reponse[T]) InChange() bool { return r.Statut == http.StatusNotModified }

// Option completes a request.
type Option func(*http.Request)

// SiVersion is the version that a write is made from (Reponse.Version).
func SiVersion(version string) Option {
	return func(r *http.Request) { r.Header.Set("If-Match", version) }
}

// SiChange asks for the answer only when it is not the one that had this version.
func SiChange(version string) Option {
	return func(r *http.Request) { r.Header.Set("If-None-Match", version) }
}

// Cle makes a POST safe to send again: the same key and the same body act once in 24 hours.
func Cle(cle string) Option {
	return func(r *http.Request) { r.Header.Set("Idempotency-Key", cle) }
}

// Corps sends this JSON instead of the argument: a merge patch that erases says null, which an absent field of
// a Go type does not.
func Corps(texte string) Option {
	return func(r *http.Request) {
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(texte)), int64(len(texte))
		r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(texte)), nil }
	}
}

// Probleme is a refusal of the API (RFC 9457). Code is stable, Detail is for people.
type Probleme struct {
	Type      string   `json:"type"`
	Title     string   `json:"title"`
	Status    int      `json:"status"`
	Detail    string   `json:"detail"`
	Code      string   `json:"code"`
	RequestID string   `json:"request_id"`
	Errors    []Erreur `json:"errors"`
	// Attendre is what Retry-After says, 0 when it says nothing.
	Attendre time.Duration `json:"-"`
}

// Erreur is one mistake of a refused request.
type Erreur struct {
	Pointer string `json:"pointer"`
	Code    string `json:"code"`
	Detail  string `json:"detail"`
}

// Error implements error.
func (p *Probleme) Error() string {
	return fmt.Sprintf("apilos: %d %s: %s (requête %s)", p.Status, p.Code, p.Detail, p.RequestID)
}

// maxReponse bounds what is read of an answer.
const maxReponse = 64 << 20

func appeler[T any](ctx context.Context, c *Client, methode, chemin string, query url.Values, corps any, options []Option) (*Reponse[T], error) {
	req, err := c.requete(ctx, methode, chemin, query, corps)
	if err != nil {
		return nil, err
	}
	for _, o := range options {
		o(req)
	}
	res, err := c.HTTP.Do(req)
	if err != nil {
		return nil, fmt.Errorf("apilos: %s %s: %w", methode, chemin, err)
	}
	defer res.Body.Close()
	texte, err := io.ReadAll(io.LimitReader(res.Body, maxReponse+1))
	if err != nil {
		return nil, fmt.Errorf("apilos: read the answer of %s %s: %w", methode, chemin, err)
	}
	if len(texte) > maxReponse {
		return nil, errors.New("apilos: the answer is too large")
	}
	if res.StatusCode >= 400 {
		return nil, lireProbleme(res, texte)
	}
	out := &Reponse[T]{Statut: res.StatusCode, Version: res.Header.Get("ETag"), Entetes: res.Header}
	if len(texte) == 0 {
		return out, nil
	}
	if err := json.Unmarshal(texte, &out.Corps); err != nil {
		return nil, fmt.Errorf("apilos: answer of %s %s: %w", methode, chemin, err)
	}
	return out, nil
}

func (c *Client) requete(ctx context.Context, methode, chemin string, query url.Values, corps any) (*http.Request, error) {
	adresse := c.base + chemin
	if len(query) > 0 {
		adresse += "?" + query.Encode()
	}
	var contenu io.Reader
	if corps != nil {
		texte, err := json.Marshal(corps)
		if err != nil {
			return nil, fmt.Errorf("apilos: body of %s %s: %w", methode, chemin, err)
		}
		contenu = bytes.NewReader(texte)
	}
	req, err := http.NewRequestWithContext(ctx, methode, adresse, contenu)
	if err != nil {
		return nil, fmt.Errorf("apilos: %s %s: %w", methode, chemin, err)
	}
	req.Header.Set("Authorization", "Bearer "+c.jeton)
	req.Header.Set("Accept", "application/json, application/problem+json")
	switch {
	case corps != nil && methode == http.MethodPatch:
		req.Header.Set("Content-Type", "application/merge-patch+json")
	case corps != nil:
		req.Header.Set("Content-Type", "application/json")
	}
	return req, nil
}

func lireProbleme(res *http.Response, texte []byte) error {
	p := &Probleme{Status: res.StatusCode, Code: "reponse_illisible", Detail: http.StatusText(res.StatusCode)}
	if mediaType, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type")); mediaType == "application/problem+json" {
		_ = json.Unmarshal(texte, p) // what cannot be read keeps the words above
	}
	if s, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil {
		p.Attendre = time.Duration(s) * time.Second
	}
	return p
}

// encode writes the fields of a struct of parameters that are not zero; a list is joined by commas.
func encode(params any) url.Values {
	out := url.Values{}
	v := reflect.ValueOf(params)
	for i := range v.NumField() {
		nom, f := v.Type().Field(i).Tag.Get("query"), v.Field(i)
		if f.IsZero() {
			continue
		}
		switch x := f.Interface().(type) {
		case string:
			out.Set(nom, x)
		case int64:
			out.Set(nom, strconv.FormatInt(x, 10))
		case *bool:
			out.Set(nom, strconv.FormatBool(*x))
		case []string:
			out.Set(nom, strings.Join(x, ","))
		}
	}
	return out
}
