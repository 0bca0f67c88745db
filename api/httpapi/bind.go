package httpapi

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"apilos/api/auth"
	"apilos/api/fault"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// BindJSON reads the body of c into dst, a pointer, and refuses anything else than exactly one JSON
// value that dst knows: 415 for another media type, 413 beyond the limit of the route, 400 for broken
// JSON, an unknown or repeated field, a wrong type, a NUL character, text that is not UTF-8, or more
// than 32 levels. The problem lists every field at fault. Requirements of the trade (required, lengths,
// lists of values) are not looked at: they are 422 and belong to the service.
//
// On PATCH the media type application/merge-patch+json is accepted too.
func BindJSON(c echo.Context, dst any) error {
	if err := wantJSON(c.Request()); err != nil {
		return err
	}
	raw, err := io.ReadAll(c.Request().Body)
	if err != nil {
		return readError(err)
	}
	return decodeStrict(raw, dst)
}

// BindOptionalJSON is BindJSON for a route whose body may be absent: it then leaves dst as it is.
func BindOptionalJSON(c echo.Context, dst any) error {
	raw, err := io.ReadAll(c.Request().Body)
	if err != nil {
		return readError(err)
	}
	if len(raw) == 0 {
		return nil
	}
	if err := wantJSON(c.Request()); err != nil {
		return err
	}
	return decodeStrict(raw, dst)
}

func wantJSON(r *http.Request) error {
	if e := r.Header.Get(echo.HeaderContentEncoding); e != "" && !strings.EqualFold(e, "identity") {
		return fault.New(fault.Unsupported, "type_de_contenu", // nothing is decompressed here, so nothing can swell
			"Le corps de la requête ne doit pas être compressé. Envoyez-le sans l’en-tête « Content-Encoding ».")
	}
	mediaType, params, err := mime.ParseMediaType(r.Header.Get(echo.HeaderContentType))
	charset := strings.ToLower(params["charset"])
	ok := err == nil && (charset == "" || charset == "utf-8") &&
		(mediaType == echo.MIMEApplicationJSON || (r.Method == http.MethodPatch && mediaType == "application/merge-patch+json"))
	if !ok {
		return fault.New(fault.Unsupported, "type_de_contenu",
			"Le corps de la requête doit être du JSON en UTF-8. Envoyez l’en-tête « Content-Type: application/json ».")
	}
	return nil
}

// readError translates a failure to read a body: too large, interrupted, or anything else.
func readError(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return bodyTooLarge(tooLarge.Limit)
	}
	return unreadable(err)
}

func unreadable(err error) *fault.Error {
	return fault.New(fault.BadRequest, "corps_illisible",
		"Le corps de la requête n’a pas pu être lu en entier. Envoyez-le à nouveau.").Because(err)
}

func bodyTooLarge(limit int64) error {
	return fault.Newf(fault.TooLarge, "corps_trop_volumineux",
		"L’envoi dépasse la taille permise (%s). Réduisez-le ou découpez-le.", octets(limit)).With("limite_octets", limit)
}

func decodeStrict(raw []byte, dst any) error {
	switch {
	case len(raw) == 0:
		return jsonProblem("json_invalide", "Le corps de la requête est vide. Envoyez un objet JSON.")
	case !utf8.Valid(raw):
		return jsonProblem("encodage_invalide", "Le corps de la requête n’est pas du texte UTF-8. Convertissez-le avant de l’envoyer.")
	}
	fields, err := inspectJSON(raw, dst)
	if err != nil {
		return err
	}
	if len(fields) > 0 {
		return jsonProblem("json_invalide", fields[0].Detail).WithFields(fields...)
	}
	if err := json.Unmarshal(raw, dst); err != nil {
		return jsonProblem("json_invalide", "Le corps de la requête n’a pas la forme attendue. Consultez la documentation de cette adresse.").Because(err)
	}
	return nil
}

func jsonProblem(code, detail string) *fault.Error { return fault.New(fault.BadRequest, code, detail) }

// Principal returns who calls. On a route declared Public or CookieSession it is the zero Principal,
// which has no right and sees nothing.
func Principal(c echo.Context) auth.Principal {
	p, _ := auth.From(c.Request().Context())
	return p
}

// UUIDParam reads the path parameter name. Anything but the canonical 36 characters is 404 introuvable:
// a malformed identifier and an unknown one are the same thing for the reader.
func UUIDParam(c echo.Context, name string) (uuid.UUID, error) {
	s := rawParam(c, name)
	id, err := uuid.Parse(s)
	if err != nil || len(s) != 36 {
		return uuid.Nil, fault.Introuvable("Cet élément")
	}
	return id, nil
}

// TextParam reads the path parameter name as text of 1 to max characters, percent-decoded. Anything
// that no row can hold (empty, too long, NUL, not UTF-8) is 404 introuvable.
func TextParam(c echo.Context, name string, max int) (string, error) {
	s := rawParam(c, name)
	if s == "" || !utf8.ValidString(s) || utf8.RuneCountInString(s) > max || strings.ContainsRune(s, 0) {
		return "", fault.Introuvable("Cet élément")
	}
	return s, nil
}

// rawParam returns a path parameter decoded once: Echo matches the escaped form of the path when there
// is one, so that a slash may be part of a value.
func rawParam(c echo.Context, name string) string {
	s := c.Param(name)
	if c.Request().URL.RawPath == "" {
		return s
	}
	decoded, err := url.PathUnescape(s)
	if err != nil {
		return ""
	}
	return decoded
}

// Optional is a field of a body that may be absent (Present false), null (Null true) or given. It is
// how a handler tells "leave as it is" from "erase".
type Optional[T any] struct {
	Present bool
	Null    bool
	Value   T
}

// UnmarshalJSON implements json.Unmarshaler; it only runs when the field is present.
func (o *Optional[T]) UnmarshalJSON(b []byte) error {
	o.Present = true
	if string(b) == "null" {
		o.Null = true
		return nil
	}
	return json.Unmarshal(b, &o.Value)
}

// acceptsNull tells BindJSON that null means something here.
func (o *Optional[T]) acceptsNull() {}

// MarshalJSON implements json.Marshaler, for clients and tests.
func (o Optional[T]) MarshalJSON() ([]byte, error) {
	if !o.Present || o.Null {
		return []byte("null"), nil
	}
	return json.Marshal(o.Value)
}

// Ptr returns the value, or nil when the field is absent or null.
func (o Optional[T]) Ptr() *T {
	if !o.Present || o.Null {
		return nil
	}
	return &o.Value
}
