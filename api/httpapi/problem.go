package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"strconv"
	"strings"

	"apilos/api/auth"
	"apilos/api/fault"
	"apilos/api/securite"
	"github.com/labstack/echo/v4"
)

// MIMEProblem is the media type of RFC 9457.
const MIMEProblem = "application/problem+json"

// Problem is the body of every error answer (RFC 9457, 05 E.1). Members that depend on the code
// (statut_courant, version…) are added beside these.
type Problem struct {
	Type      string         `json:"type" validate:"required" example:"/problemes/introuvable"`
	Title     string         `json:"title" validate:"required" example:"Élément introuvable"`
	Status    int            `json:"status" validate:"required" example:"404"`
	Detail    string         `json:"detail" validate:"required" example:"Cet élément n’existe pas, ou votre habilitation actuelle n’y donne pas accès."`
	Instance  string         `json:"instance" validate:"required" example:"/api/v1/conventions/6f1c1d52-6a0b-4c43-9a53-0c7a8f0c1a11"`
	Code      string         `json:"code" validate:"required" example:"introuvable"`
	RequestID string         `json:"request_id" validate:"required" example:"0197b2c4-6f1e-7c3a-9a53-0c7a8f0c1a11"`
	Errors    []ProblemField `json:"errors,omitempty"`

	extra map[string]any
}

// ProblemField is one mistake: where, what, and the sentence for people.
type ProblemField struct {
	Pointer string `json:"pointer" validate:"required" example:"/lots/0/nb_logements"`
	Code    string `json:"code" validate:"required" example:"min"`
	Detail  string `json:"detail" validate:"required" example:"Le nombre de logements doit être supérieur à zéro."`
	Niveau  string `json:"niveau,omitempty" enums:"blocking,confirmable,warning"`
}

// MarshalJSON writes the standard members and the additional ones side by side; a standard member wins.
func (p Problem) MarshalJSON() ([]byte, error) {
	type plain Problem
	std, err := json.Marshal(plain(p))
	if err != nil || len(p.extra) == 0 {
		return std, err
	}
	members := map[string]any{}
	maps.Copy(members, p.extra)
	var fixed map[string]json.RawMessage
	if err := json.Unmarshal(std, &fixed); err != nil {
		return nil, err
	}
	for k, v := range fixed {
		members[k] = v
	}
	return json.Marshal(members)
}

// Extra returns the additional member name, or nil.
func (p Problem) Extra(name string) any { return p.extra[name] }

// ProblemWriter writes a problem in the form that one audience expects.
type ProblemWriter func(c echo.Context, p Problem) error

// Problems is the only translator of errors into answers. Its Handle is installed as the error handler
// of Echo. A fault.Error becomes its problem; everything else is logged once, with its chain, and shown
// as a fixed sentence.
type Problems struct {
	log     *slog.Logger
	titles  map[string]string
	writers map[string]ProblemWriter
}

// NewProblems returns a translator. writers gives, by path prefix, the audiences whose error body is
// not problem+json (/api-siap, /api-depot).
func NewProblems(log *slog.Logger, writers map[string]ProblemWriter) *Problems {
	p := &Problems{log: log, titles: map[string]string{}, writers: writers}
	for _, doc := range Catalogue() {
		p.titles[doc.Code] = doc.Titre
	}
	return p
}

// Handle implements echo.HTTPErrorHandler.
func (t *Problems) Handle(err error, c echo.Context) {
	if err == nil {
		return
	}
	r := c.Request()
	var body *bodyError // its sender may still listen: one that stops sending looks gone
	gone := callerGone(c) && !errors.As(err, &body)
	f := t.Translate(err, r.Context())
	if f.Kind == fault.Internal && (!gone || !errors.Is(err, context.Canceled)) {
		t.log.ErrorContext(r.Context(), "request failed", "request_id", RequestID(c), "route", routeName(c), "method", r.Method, "error", err.Error(), "stack", stackOf(err))
	}
	if c.Response().Committed {
		return
	}
	if gone { // nobody is there to read an answer; 499 is what the access log shows
		c.Response().Status = statusClientClosed
		hangUp(c)
		return
	}
	p := t.problem(f, c)
	if p.Status == http.StatusForbidden {
		t.refused(c, f)
	}
	t.headers(c, f, p)
	if werr := t.writer(r.URL.Path)(c, p); werr != nil {
		t.log.WarnContext(r.Context(), "write problem", "request_id", RequestID(c), "error", werr.Error())
	}
}

// statusClientClosed is the conventional status of a request abandoned by its caller; never sent.
const statusClientClosed = 499

// hangUp closes the connection without an answer. Left alone, the server would send 200 with no body, which a
// client that only closed its sending side would take for a success.
func hangUp(c echo.Context) {
	if conn, _, err := http.NewResponseController(c.Response()).Hijack(); err == nil {
		_ = conn.Close()
	}
}

// Translate returns the fault to show for err, whatever err is.
func (t *Problems) Translate(err error, ctx context.Context) *fault.Error {
	if f := fault.As(err); f != nil {
		if f.Kind == fault.Internal {
			return internal(err)
		}
		return f
	}
	var he *echo.HTTPError
	var tooLarge *http.MaxBytesError
	var body *bodyError
	switch {
	case errors.As(err, &tooLarge):
		return fault.As(bodyTooLarge(tooLarge.Limit))
	case errors.As(err, &body):
		return unreadable(err)
	case errors.As(err, &he):
		return fromEcho(he)
	case errors.Is(err, context.DeadlineExceeded) || errors.Is(ctx.Err(), context.DeadlineExceeded):
		return fault.New(fault.Unavailable, "delai_depasse",
			"Le traitement a pris trop de temps et a été arrêté. Réessayez dans quelques instants ou affinez votre demande.").Because(err).With("retry_after", 5)
	}
	return internal(err)
}

func internal(err error) *fault.Error {
	return fault.New(fault.Internal, "erreur_interne",
		"Une erreur inattendue s’est produite de notre côté. Réessayez ; si elle persiste, transmettez le numéro de la requête à l’assistance.").Because(err)
}

func fromEcho(he *echo.HTTPError) *fault.Error {
	switch he.Code {
	case http.StatusNotFound:
		return fault.New(fault.NotFound, "introuvable", "Cette adresse n’existe pas. Vérifiez-la, ou consultez la documentation de l’API.")
	case http.StatusMethodNotAllowed:
		return fault.New(fault.BadRequest, "methode_non_autorisee", "Cette méthode n’est pas possible à cette adresse. L’en-tête « Allow » donne celles qui le sont.")
	case http.StatusRequestEntityTooLarge:
		return fault.New(fault.TooLarge, "corps_trop_volumineux", "L’envoi dépasse la taille permise. Réduisez-le ou découpez-le.")
	case http.StatusUnsupportedMediaType:
		return fault.New(fault.Unsupported, "type_de_contenu", "Ce type de contenu n’est pas accepté à cette adresse.")
	case http.StatusUnauthorized:
		return errNoSession()
	}
	if he.Code >= 400 && he.Code < 500 {
		return fault.New(fault.BadRequest, "requete_invalide", "La requête n’a pas pu être lue. Vérifiez sa forme et recommencez.").Because(he)
	}
	return internal(he)
}

// StatusOf returns the HTTP status of a fault.
func StatusOf(f *fault.Error) int {
	if f.Code == "methode_non_autorisee" {
		return http.StatusMethodNotAllowed
	}
	switch f.Kind {
	case fault.BadRequest:
		return http.StatusBadRequest
	case fault.Unauthenticated:
		return http.StatusUnauthorized
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Conflict:
		return http.StatusConflict
	case fault.Stale:
		return http.StatusPreconditionFailed
	case fault.Precondition:
		return http.StatusPreconditionRequired
	case fault.TooLarge:
		return http.StatusRequestEntityTooLarge
	case fault.Unsupported:
		return http.StatusUnsupportedMediaType
	case fault.Invalid:
		return http.StatusUnprocessableEntity
	case fault.RateLimited:
		return http.StatusTooManyRequests
	case fault.BadGateway:
		return http.StatusBadGateway
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

func (t *Problems) problem(f *fault.Error, c echo.Context) Problem {
	p := Problem{
		Type: "/problemes/" + f.Code, Title: t.titles[f.Code], Status: StatusOf(f), Detail: f.Message,
		Instance: c.Request().URL.EscapedPath(), Code: f.Code, RequestID: RequestID(c), extra: f.Extra,
	}
	if p.Title == "" {
		p.Title = titleOf(p.Status)
	}
	for _, e := range f.Fields {
		p.Errors = append(p.Errors, ProblemField(e))
	}
	return p
}

// headers writes what HTTP wants beside the body: how long to wait, the current version, the way in.
func (t *Problems) headers(c echo.Context, f *fault.Error, p Problem) {
	h := c.Response().Header()
	h.Set("Cache-Control", "no-store")
	h.Del(echo.HeaderContentLength)
	h.Del("Content-Disposition")
	h.Del("Link")
	if p.Status != http.StatusPreconditionFailed {
		h.Del("ETag")
	}
	switch p.Status {
	case http.StatusUnauthorized:
		h.Set(echo.HeaderWWWAuthenticate, `Bearer realm="api"`)
	case http.StatusPreconditionFailed:
		if v, ok := f.Extra["version"].(int); ok {
			SetETag(c, v)
		}
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		seconds, ok := f.Extra["retry_after"].(int)
		if !ok {
			seconds = 30
		}
		h.Set(echo.HeaderRetryAfter, strconv.Itoa(seconds))
	}
}

func (t *Problems) writer(path string) ProblemWriter {
	for prefix, w := range t.writers {
		if path == prefix || strings.HasPrefix(path, strings.TrimSuffix(prefix, "/")+"/") {
			return w
		}
	}
	return WriteProblem
}

// WriteProblem writes p as application/problem+json.
func WriteProblem(c echo.Context, p Problem) error {
	if c.Request().Method == http.MethodHead {
		c.Response().Header().Set(echo.HeaderContentType, MIMEProblem)
		return c.NoContent(p.Status)
	}
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return c.Blob(p.Status, MIMEProblem, body)
}

// refused writes the security event of a 403 (05 D).
func (t *Problems) refused(c echo.Context, f *fault.Error) {
	SecurityEvent(c, t.log, securite.AccesRefuse, securite.Refus, "code", f.Code, "route", routeName(c), "method", c.Request().Method)
}

// SecurityEvent writes one line of the security log: who, under which habilitation, from where, with
// what outcome. Extra pairs must hold no secret, no token and no e-mail.
func SecurityEvent(c echo.Context, log *slog.Logger, event securite.Nom, outcome securite.Issue, extra ...any) {
	p, _ := auth.From(c.Request().Context())
	if p.Client != nil {
		extra = append(extra, "client", p.Client.UUID)
	}
	securite.Ecrire(c.Request().Context(), log, securite.Evenement{
		Nom: event, Issue: outcome, UtilisateurID: p.UtilisateurID, DetourneParID: p.DetourneParID, Habilitation: p.HabilitationID,
		IP: TruncateIP(c.RealIP()), RequeteID: RequestID(c),
	}, extra...)
}

// octets writes a size for people.
func octets(n int64) string {
	switch {
	case n >= 1<<20:
		return strconv.FormatInt(n>>20, 10) + " Mio"
	case n >= 1<<10:
		return strconv.FormatInt(n>>10, 10) + " Kio"
	}
	return strconv.FormatInt(n, 10) + " octets"
}
