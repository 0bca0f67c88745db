package mail

import (
	"errors"
	"fmt"
	"regexp"
)

// Kinds of failure of Send, to be tested with errors.Is.
var (
	// ErrTemporary means that the same message may pass later: server absent, busy, or wrongly set up.
	ErrTemporary = errors.New("mail: temporary failure")
	// ErrPermanent means that the same message will fail again: refused recipient or content.
	ErrPermanent = errors.New("mail: permanent failure")
)

// SendError is the error of Send.
type SendError struct {
	// Temporary decides between ErrTemporary and ErrPermanent.
	Temporary bool
	// Code is the answer of the SMTP server; 0 when the failure is not one of its answers.
	Code int
	// Err is the cause.
	Err error
}

// Error implements error. Addresses are masked.
func (e *SendError) Error() string {
	kind := ErrPermanent
	if e.Temporary {
		kind = ErrTemporary
	}
	if e.Code != 0 {
		return fmt.Sprintf("%v (SMTP %d): %s", kind, e.Code, maskAddresses(e.Err.Error()))
	}
	return fmt.Sprintf("%v: %s", kind, maskAddresses(e.Err.Error()))
}

// Is makes errors.Is true for ErrTemporary or ErrPermanent.
func (e *SendError) Is(target error) bool {
	return target == ErrTemporary && e.Temporary || target == ErrPermanent && !e.Temporary
}

// Unwrap returns the cause.
func (e *SendError) Unwrap() error { return e.Err }

// maskAddresses hides e-mail addresses, which servers like to repeat: errors end in logs (06 §7.3).
func maskAddresses(s string) string {
	return regexp.MustCompile(`[^\s<>"',;:()]+@[^\s<>"',;:()]+`).ReplaceAllString(s, "<adresse>")
}
