package cerbere

import (
	"fmt"

	"apilos/api/compte"
)

// parseCAS3 reads the answer of p3/serviceValidate. This dialect states no validity period and no
// audience: the server alone compares the service.
func parseCAS3(data []byte) (compte.Identite, error) {
	root, err := parseXML(data)
	if err != nil {
		return compte.Identite{}, fmt.Errorf("%w: %w", ErrInvalidAnswer, err)
	}
	if !root.is(nsCAS, "serviceResponse") {
		return compte.Identite{}, fmt.Errorf("%w: root is not a CAS answer", ErrInvalidAnswer)
	}
	success, failure := root.all(nsCAS, "authenticationSuccess"), root.all(nsCAS, "authenticationFailure")
	switch {
	case len(success) == 0 && len(failure) == 1:
		// The code is a constant of the protocol (INVALID_TICKET…); the text may quote the ticket.
		return compte.Identite{}, fmt.Errorf("%w: %s", ErrRefused, failureCode(failure[0].attr("code")))
	case len(success) != 1 || len(failure) != 0:
		return compte.Identite{}, fmt.Errorf("%w: neither one success nor one failure", ErrInvalidAnswer)
	}
	if _, err := success[0].one(nsCAS, "user"); err != nil {
		return compte.Identite{}, fmt.Errorf("%w: no user, or several", ErrInvalidAnswer)
	}
	attrs := map[string][]string{}
	for _, group := range success[0].all(nsCAS, "attributes") {
		for _, a := range group.children {
			if a.name.Space == nsCAS {
				attrs[a.name.Local] = append(attrs[a.name.Local], a.text)
			}
		}
	}
	return identity(attrs)
}

// failureCode keeps a known code and hides anything else.
func failureCode(code string) string {
	switch code {
	case "INVALID_REQUEST", "INVALID_TICKET_SPEC", "UNAUTHORIZED_SERVICE_PROXY", "INVALID_PROXY_CALLBACK",
		"INVALID_TICKET", "INVALID_SERVICE", "INTERNAL_ERROR", "UNAUTHORIZED_SERVICE":
		return code
	}
	return "other failure"
}
