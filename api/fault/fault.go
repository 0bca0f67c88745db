// Package fault is the error model of the product.
//
// A fault.Error is an error made for its reader: a kind that the transport layer translates once
// (httpapi/problem.go), a stable code in capitals or snake case, a French message that says what to
// do next, and the fields at fault. Any other error is internal: it is logged with its chain and
// shown as a fixed sentence. The package imports the standard library only.
package fault

import (
	"errors"
	"fmt"
)

// Kind classifies an error; it decides the HTTP status and nothing else.
type Kind string

// Kinds of errors.
const (
	BadRequest      Kind = "bad_request"     // the request cannot be read (400)
	Unauthenticated Kind = "unauthenticated" // 401
	Forbidden       Kind = "forbidden"       // visible, but not allowed (403)
	NotFound        Kind = "not_found"       // unknown or outside the perimeter (404)
	Conflict        Kind = "conflict"        // refused by the current state (409)
	Stale           Kind = "stale"           // version no longer current (412)
	Precondition    Kind = "precondition"    // If-Match missing (428)
	TooLarge        Kind = "too_large"       // 413
	Unsupported     Kind = "unsupported"     // media type (415)
	Invalid         Kind = "invalid"         // understood, but not valid (422)
	RateLimited     Kind = "rate_limited"    // 429
	BadGateway      Kind = "bad_gateway"     // an outside service answered nonsense (502)
	Unavailable     Kind = "unavailable"     // an outside service does not answer (503)
	Internal        Kind = "internal"        // our bug (500)
)

// Field is one element of the "errors" list of a problem (05 E.1, 03 reading conventions).
type Field struct {
	// Pointer is the JSON pointer of the value at fault, "/lots/0/nb_logements", or the name of a table.
	Pointer string `json:"pointer"`
	// Code is stable; the client may test it.
	Code string `json:"code"`
	// Detail is the French sentence for people.
	Detail string `json:"detail"`
	// Niveau is blocking, confirmable or warning; empty means blocking.
	Niveau string `json:"niveau,omitempty"`
}

// Error is an error made for its reader.
type Error struct {
	Kind    Kind
	Code    string
	Message string
	Fields  []Field
	// Extra holds members added to the problem (statut_courant, uuid of the holder…).
	Extra map[string]any
	cause error
}

// Error implements error.
func (e *Error) Error() string {
	s := fmt.Sprintf("%s %s: %s", e.Kind, e.Code, e.Message)
	for _, f := range e.Fields {
		s += fmt.Sprintf(" [%s %s]", f.Pointer, f.Code)
	}
	if e.cause != nil {
		s += fmt.Sprintf(": %v", e.cause)
	}
	return s
}

// Unwrap returns the cause, kept for the log and never shown.
func (e *Error) Unwrap() error { return e.cause }

// New returns an error of kind k.
func New(k Kind, code, message string) *Error { return &Error{Kind: k, Code: code, Message: message} }

// Newf is New with a formatted message.
func Newf(k Kind, code, format string, a ...any) *Error {
	return New(k, code, fmt.Sprintf(format, a...))
}

// WithFields returns a copy of e that lists fields.
func (e *Error) WithFields(f ...Field) *Error {
	c := *e
	c.Fields = append(append([]Field(nil), e.Fields...), f...)
	return &c
}

// With returns a copy of e with one more member of the problem.
func (e *Error) With(key string, value any) *Error {
	c := *e
	c.Extra = make(map[string]any, len(e.Extra)+1)
	for k, v := range e.Extra {
		c.Extra[k] = v
	}
	c.Extra[key] = value
	return &c
}

// Because returns a copy of e that remembers its cause.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.cause = cause
	return &c
}

// As returns the fault in the chain of err, or nil.
func As(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}

// Is tells whether the chain of err holds a fault of kind k.
func Is(err error, k Kind) bool {
	e := As(err)
	return e != nil && e.Kind == k
}

// HasCode tells whether the chain of err holds a fault with this code.
func HasCode(err error, code string) bool {
	e := As(err)
	return e != nil && e.Code == code
}

// Introuvable is the answer for anything unknown or outside the perimeter (02 §1.3 step 1): the two
// are not told apart so that existence is never revealed.
func Introuvable(quoi string) *Error {
	return New(NotFound, "introuvable",
		quoi+" n’existe pas, ou votre habilitation actuelle n’y donne pas accès.")
}

// PermissionRefusee is the answer for a visible object on which the caller may not act.
func PermissionRefusee() *Error {
	return New(Forbidden, "PERMISSION_REFUSEE", "Votre habilitation actuelle ne permet pas cette action.")
}

// VersionAbsente is the version of a command that was sent without any: the object that it is about says so, once the
// caller is known to see it and to be allowed to change it (02 §1.3).
const VersionAbsente = -1

// VersionRequise is the answer to a write that does not say which version it changes (CC-01).
func VersionRequise() *Error {
	return New(Precondition, "VERSION_REQUISE",
		"Indiquez la version que vous modifiez avec l’en-tête « If-Match ». Elle est donnée par l’en-tête « ETag » de la lecture.")
}

// FichePerimee is the answer to a write made from an old version of a sheet (CC-01); actuelle is the present one.
func FichePerimee(actuelle int) *Error {
	return New(Stale, "VERSION_PERIMEE",
		"Cette fiche a été modifiée entre-temps. Relisez-la avant de recommencer : rien n’a été enregistré.").With("version", actuelle)
}
