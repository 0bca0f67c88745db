package mail

import (
	"net/mail"
	"strings"
)

// Limits of RFC 5321 §4.5.3.1.
const (
	maxAddress   = 254
	maxLocalPart = 64
	maxLabel     = 63
)

// ValidAddress tells whether s is a bare address that a server of the Internet can accept: ASCII, a
// domain with at least one dot, no display name, no quoted local part (EM-23).
func ValidAddress(s string) bool {
	if len(s) > maxAddress || strings.ContainsAny(s, "\"<>()[],;:\\ \t\r\n") {
		return false
	}
	parsed, err := mail.ParseAddress(s)
	if err != nil || parsed.Address != s || parsed.Name != "" {
		return false
	}
	at := strings.LastIndexByte(s, '@')
	return at <= maxLocalPart && isASCII(s[:at]) && validDomain(s[at+1:])
}

// Domain returns what follows the @ of an address, with or without a display name; empty when there is none.
func Domain(address string) string {
	parsed, err := mail.ParseAddress(address)
	if err != nil {
		return ""
	}
	return parsed.Address[strings.LastIndexByte(parsed.Address, '@')+1:]
}

// Recipients keeps the valid addresses, trimmed, once each whatever their case, in their order, and
// returns apart those it dropped for the caller to record (EM-23). Empty texts are ignored. An empty
// valid list means SANS_DESTINATAIRE.
func Recipients(addresses ...string) (valid, dropped []string) {
	seen := map[string]bool{}
	for _, a := range addresses {
		a = strings.TrimSpace(a)
		switch key := strings.ToLower(a); {
		case a == "" || seen[key]:
		case ValidAddress(a):
			seen[key] = true
			valid = append(valid, a)
		default:
			seen[key] = true
			dropped = append(dropped, a)
		}
	}
	return valid, dropped
}

func validDomain(domain string) bool {
	labels := strings.Split(domain, ".")
	if len(labels) < 2 {
		return false
	}
	for _, label := range labels {
		if label == "" || len(label) > maxLabel || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for _, r := range label {
			if r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') {
				return false
			}
		}
	}
	return strings.ContainsFunc(labels[len(labels)-1], func(r rune) bool { return r < '0' || r > '9' })
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > 0x7e || r < 0x21 })
}
