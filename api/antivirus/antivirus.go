package antivirus

import (
	"context"
	"errors"
	"io"
)

// Statut is the value of fichier.antivirus and revision_fichier.antivirus (01 §10.2).
type Statut string

// Values of Statut.
const (
	EnAttente  Statut = "EN_ATTENTE"  // stored, not scanned yet
	Sain       Statut = "SAIN"        // scanned, nothing found
	Infecte    Statut = "INFECTE"     // a signature was found
	Echec      Statut = "ECHEC"       // the scan did not end; it is tried again
	NonAnalyse Statut = "NON_ANALYSE" // no scanner is configured, or imported without scan
)

// Valid tells whether s is one of the five values.
func (s Statut) Valid() bool {
	switch s {
	case EnAttente, Sain, Infecte, Echec, NonAnalyse:
		return true
	}
	return false
}

// Servable tells whether a file in this state may be downloaded (01 §9.2): only a clean one, or one
// that was not scanned when scanning is disabled by configuration.
func (s Statut) Servable(scanEnabled bool) bool {
	return s == Sain || s == NonAnalyse && !scanEnabled
}

// Verdict is the outcome of a scan.
type Verdict struct {
	// Statut is SAIN, INFECTE, ECHEC (always with an error) or NON_ANALYSE.
	Statut Statut
	// Signature is the name of what was found, with INFECTE only; for logs and the support, not for users.
	Signature string
}

// Scanner looks for viruses in a content.
type Scanner interface {
	// Scan reads r to its end and gives its verdict. With an error the Statut is ECHEC. Errors:
	// ErrUnavailable (try again), ErrSizeLimit and ErrProtocol (trying again is useless until the
	// configuration changes), the error of r or of ctx.
	Scan(ctx context.Context, r io.Reader) (Verdict, error)
	// Check tells whether the scanner answers (readiness, 06 §7.2: an absent one only degrades).
	Check(ctx context.Context) error
}

// Errors of a Scanner, to be tested with errors.Is.
var (
	// ErrUnavailable means that clamd does not answer or cut the connection.
	ErrUnavailable = errors.New("antivirus: unavailable")
	// ErrSizeLimit means that the content exceeds a limit of clamd and was not wholly examined.
	ErrSizeLimit = errors.New("antivirus: size limit of the scanner exceeded")
	// ErrProtocol means that clamd gave an answer that is neither clean nor infected.
	ErrProtocol = errors.New("antivirus: unexpected answer")
)

// Disabled is the Scanner of a platform without antivirus: it reads nothing and answers NON_ANALYSE.
type Disabled struct{}

var _ Scanner = Disabled{}

// Scan implements Scanner.
func (Disabled) Scan(ctx context.Context, _ io.Reader) (Verdict, error) {
	if err := ctx.Err(); err != nil {
		return Verdict{Statut: Echec}, err
	}
	return Verdict{Statut: NonAnalyse}, nil
}

// Check implements Scanner.
func (Disabled) Check(context.Context) error { return nil }
