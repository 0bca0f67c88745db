package siap

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"apilos/api/fault"
)

// Sentinels of the error mapping (05 B.2); test them with errors.Is. Their text is made for people.
var (
	// ErrUnavailable: timeout, refused, DNS, 429, 503, 504, or circuit breaker open.
	ErrUnavailable = errors.New("Le SIAP est injoignable. Réessayez plus tard ; vos données locales restent disponibles.")
	// ErrUnauthorized: 401, our key or our clock does not please the SIAP. Operators are alerted.
	ErrUnauthorized = errors.New("Le SIAP refuse l'identification de la plateforme. Prévenez l'assistance si cela dure.")
	// ErrForbidden: 403, the habilitation does not allow it.
	ErrForbidden = errors.New("Le SIAP refuse cette demande pour votre habilitation. Choisissez une autre habilitation ou demandez l'accès dans le SIAP.")
	// ErrNotFound: 404.
	ErrNotFound = errors.New("Le SIAP ne connaît pas cet élément. Vérifiez le numéro saisi.")
	// ErrRejected: any other 4xx; Error.Excerpt says why.
	ErrRejected = errors.New("Le SIAP a refusé la demande. Vérifiez les données envoyées.")
	// ErrBadGateway: 500, 502, an answer that is not JSON or not of the agreed shape.
	ErrBadGateway = errors.New("La réponse du SIAP est inexploitable. Réessayez plus tard.")
)

// errBreakerOpen is the cause of an ErrUnavailable given without any call.
var errBreakerOpen = errors.New("disjoncteur ouvert")

// Error is a failed call. It wraps one sentinel and, when there is one, the technical cause.
type Error struct {
	Call    Call
	Kind    error  // the sentinel
	Status  int    // HTTP status, 0 when nothing was answered
	Excerpt string // beginning of the answer, at most 500 characters, personal data masked
	// MayHaveReached is true when the SIAP may have done what was asked although the call failed
	// (timeout, connection cut, 5xx): a creation must then be looked for before it is sent again (AL-23).
	MayHaveReached bool
	cause          error
}

// Error implements error; it is meant for logs and journals.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "siap %s: %s", e.Call, e.Kind)
	if e.Status != 0 {
		fmt.Fprintf(&b, " [HTTP %d]", e.Status)
	}
	if e.Excerpt != "" {
		fmt.Fprintf(&b, " [%s]", e.Excerpt)
	}
	if e.cause != nil {
		fmt.Fprintf(&b, ": %v", e.cause)
	}
	return b.String()
}

// Message returns the French sentence for people.
func (e *Error) Message() string { return e.Kind.Error() }

// Unwrap gives the sentinel and the cause to errors.Is and errors.As.
func (e *Error) Unwrap() []error {
	if e.cause == nil {
		return []error{e.Kind}
	}
	return []error{e.Kind, e.cause}
}

// Fault translates the failure for the transport layer: kind, stable code and French message.
func (e *Error) Fault() *fault.Error {
	kind, code := fault.BadGateway, "siap_bad_gateway"
	switch {
	case errors.Is(e.Kind, ErrUnavailable):
		kind, code = fault.Unavailable, "siap_unavailable"
	case errors.Is(e.Kind, ErrForbidden):
		kind, code = fault.Forbidden, "siap_forbidden"
	case errors.Is(e.Kind, ErrNotFound):
		kind, code = fault.NotFound, "siap_not_found"
	case errors.Is(e.Kind, ErrRejected):
		kind, code = fault.Invalid, "siap_rejected"
	}
	return fault.New(kind, code, e.Message()).Because(e)
}

// AsError returns the failed call in the chain of err, or nil.
func AsError(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}

// kindOf maps a status that is not a success; retry tells whether the same call may be
// attempted again at once (429, 502, 503, 504).
func kindOf(status int) (kind error, retry bool) {
	switch {
	case status == 401:
		return ErrUnauthorized, false
	case status == 403:
		return ErrForbidden, false
	case status == 404:
		return ErrNotFound, false
	case status == 429, status == 503, status == 504:
		return ErrUnavailable, true
	case status >= 400 && status < 500:
		return ErrRejected, false
	case status == 502:
		return ErrBadGateway, true
	}
	return ErrBadGateway, false
}

const excerptMax = 500

var (
	reMail  = regexp.MustCompile(`[^\s"'<>@,;:()]+@[^\s"'<>@,;:()]+`)
	reToken = regexp.MustCompile(`eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]*)?`)
)

// excerpt keeps the beginning of an answer, without tokens nor e-mail addresses.
func excerpt(body []byte) string {
	s := strings.Join(strings.Fields(strings.ToValidUTF8(string(body), "?")), " ")
	s = reToken.ReplaceAllString(s, "[jeton]")
	s = reMail.ReplaceAllString(s, "[courriel]")
	if r := []rune(s); len(r) > excerptMax {
		s = string(r[:excerptMax])
	}
	return s
}
