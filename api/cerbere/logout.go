package cerbere

import (
	"errors"
	"fmt"
)

// Limits of a single-logout message.
const (
	MaxLogoutRequest   = 16 << 10 // bytes (05 C.1)
	maxSessionsPerCall = 100
)

// ParseLogoutRequest returns the service tickets named by a single-logout message of the CAS server
// (form field logoutRequest). The message is not signed: whoever knows a ticket may end its session, and
// nothing else can be asked.
func ParseLogoutRequest(data []byte) ([]string, error) {
	if len(data) > MaxLogoutRequest {
		return nil, fmt.Errorf("logout request longer than %d bytes", MaxLogoutRequest)
	}
	root, err := parseXML(data)
	if err != nil {
		return nil, fmt.Errorf("logout request: %w", err)
	}
	if !root.is(nsSAML2P, "LogoutRequest") {
		return nil, errors.New("not a logout request")
	}
	var tickets []string
	for _, s := range root.all(nsSAML2P, "SessionIndex") {
		if wellFormedTicket(s.text) {
			tickets = append(tickets, s.text)
		}
	}
	if len(tickets) == 0 || len(tickets) > maxSessionsPerCall {
		return nil, fmt.Errorf("logout request with %d usable tickets", len(tickets))
	}
	return tickets, nil
}
