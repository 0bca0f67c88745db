package cerbere

import (
	"fmt"
	"strings"
	"time"

	"apilos/api/compte"
)

// samlRequest returns the SOAP envelope that asks for the assertion of a ticket (05 C.1 step 3).
func samlRequest(id string, now time.Time, ticket string) string {
	return `<?xml version="1.0" encoding="UTF-8"?>` +
		`<SOAP-ENV:Envelope xmlns:SOAP-ENV="` + nsSOAP + `"><SOAP-ENV:Header/><SOAP-ENV:Body>` +
		`<samlp:Request xmlns:samlp="` + nsSAMLP + `" MajorVersion="1" MinorVersion="1" RequestID="_` + escape(id) +
		`" IssueInstant="` + now.UTC().Format("2006-01-02T15:04:05.000Z") + `">` +
		`<samlp:AssertionArtifact>` + escape(ticket) + `</samlp:AssertionArtifact>` +
		`</samlp:Request></SOAP-ENV:Body></SOAP-ENV:Envelope>`
}

// parseSAML11 reads the answer of samlValidate and checks its conditions for service at the instant now.
func parseSAML11(data []byte, service string, now time.Time) (compte.Identite, error) {
	resp, err := samlResponse(data)
	if err != nil {
		return compte.Identite{}, fmt.Errorf("%w: %w", ErrInvalidAnswer, err)
	}
	status, err := resp.one(nsSAMLP, "Status")
	if err != nil {
		return compte.Identite{}, fmt.Errorf("%w: %w", ErrInvalidAnswer, err)
	}
	code, err := status.one(nsSAMLP, "StatusCode")
	if err != nil {
		return compte.Identite{}, fmt.Errorf("%w: %w", ErrInvalidAnswer, err)
	}
	if !strings.HasSuffix(code.attr("Value"), ":Success") {
		return compte.Identite{}, fmt.Errorf("%w: the server says no", ErrRefused)
	}
	assertion, err := resp.one(nsSAML, "Assertion")
	if err != nil {
		return compte.Identite{}, fmt.Errorf("%w: %w", ErrInvalidAnswer, err)
	}
	if err := checkConditions(assertion, service, now); err != nil {
		return compte.Identite{}, err
	}
	attrs, err := samlAttributes(assertion)
	if err != nil {
		return compte.Identite{}, fmt.Errorf("%w: %w", ErrInvalidAnswer, err)
	}
	return identity(attrs)
}

func samlResponse(data []byte) (*node, error) {
	root, err := parseXML(data)
	if err != nil {
		return nil, err
	}
	if !root.is(nsSOAP, "Envelope") {
		return nil, fmt.Errorf("root is not a SOAP envelope")
	}
	body, err := root.one(nsSOAP, "Body")
	if err != nil {
		return nil, err
	}
	return body.one(nsSAMLP, "Response")
}

// checkConditions honours NotBefore, NotOnOrAfter and the audience wherever they are present.
func checkConditions(assertion *node, service string, now time.Time) error {
	for _, c := range assertion.all(nsSAML, "Conditions") {
		if v := c.attr("NotBefore"); v != "" {
			t, err := instant(v)
			if err != nil {
				return fmt.Errorf("%w: NotBefore", ErrInvalidAnswer)
			}
			if now.Add(conditionsLeeway).Before(t) {
				return fmt.Errorf("%w: assertion not valid yet", ErrRefused)
			}
		}
		if v := c.attr("NotOnOrAfter"); v != "" {
			t, err := instant(v)
			if err != nil {
				return fmt.Errorf("%w: NotOnOrAfter", ErrInvalidAnswer)
			}
			if !now.Add(-conditionsLeeway).Before(t) {
				return fmt.Errorf("%w: assertion expired", ErrRefused)
			}
		}
		for _, r := range c.all(nsSAML, "AudienceRestrictionCondition") {
			if !hasAudience(r, service) {
				return fmt.Errorf("%w: assertion for another service", ErrRefused)
			}
		}
	}
	return nil
}

func hasAudience(restriction *node, service string) bool {
	for _, a := range restriction.all(nsSAML, "Audience") {
		if a.text == service {
			return true
		}
	}
	return false
}

// instant reads an xsd:dateTime, which may lack its zone and is then in UTC, as SAML says.
func instant(s string) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
		return t, nil
	}
	return time.Parse("2006-01-02T15:04:05.999999999", s)
}

// samlAttributes returns the values of each attribute. A person must be stated, and the statements of one
// assertion must speak of the same one. The name may be empty: whether the account can be used is decided
// from its attributes.
func samlAttributes(assertion *node) (map[string][]string, error) {
	subject, stated := "", false
	attrs := map[string][]string{}
	for _, st := range assertion.children {
		if !st.is(nsSAML, "AttributeStatement") && !st.is(nsSAML, "AuthenticationStatement") {
			continue
		}
		s, err := st.one(nsSAML, "Subject")
		if err != nil {
			return nil, err
		}
		id, err := s.one(nsSAML, "NameIdentifier")
		if err != nil {
			return nil, err
		}
		if stated && id.text != subject {
			return nil, fmt.Errorf("several subjects")
		}
		subject, stated = id.text, true
		for _, a := range st.all(nsSAML, "Attribute") {
			name := a.attr("AttributeName")
			for _, v := range a.all(nsSAML, "AttributeValue") {
				attrs[name] = append(attrs[name], v.text)
			}
		}
	}
	if !stated {
		return nil, fmt.Errorf("no subject")
	}
	return attrs, nil
}
