package distant

import (
	"errors"
	"fmt"
	"net/url"
)

// Kinds of failure, to be tested with errors.Is.
var (
	// ErrIndisponible: no answer in time, connection refused, 408, 425, 429 or 5xx. Trying again may work.
	ErrIndisponible = errors.New("service indisponible")
	// ErrRefuse: the service understood and said no (3xx, 4xx). The same call will fail again.
	ErrRefuse = errors.New("demande refusée par le service")
	// ErrIllisible: an answer that is not the one of the contract, or too long.
	ErrIllisible = errors.New("réponse illisible du service")
)

// Erreur is the failure of a call.
type Erreur struct {
	Service string
	Nature  error // one of the three kinds
	Statut  int   // HTTP status, 0 without answer
	Extrait string
	cause   error
}

// Error implements error. It holds neither address nor header.
func (e *Erreur) Error() string {
	s := e.Service + " : " + e.Nature.Error()
	if e.Statut != 0 {
		s += fmt.Sprintf(" (HTTP %d)", e.Statut)
	}
	if e.cause != nil {
		s += " : " + e.cause.Error()
	}
	if e.Extrait != "" {
		s += " : " + e.Extrait
	}
	return s
}

// Is makes errors.Is true for the kind.
func (e *Erreur) Is(cible error) bool { return cible == e.Nature }

// Unwrap returns the cause.
func (e *Erreur) Unwrap() error { return e.cause }

// Statut returns the HTTP status behind an error, 0 when there is none.
func Statut(err error) int {
	var e *Erreur
	if errors.As(err, &e) {
		return e.Statut
	}
	return 0
}

// Illisible is the error of a client whose service answered something else than its contract.
func Illisible(service string, cause error) error {
	return &Erreur{Service: service, Nature: ErrIllisible, cause: cause}
}

// sansAdresse drops the URL that net/http puts in its errors: it may hold a code or a secret.
func sansAdresse(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
