package sim

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"
)

// Namespaces of the CAS protocols.
const (
	nsSOAP     = "http://schemas.xmlsoap.org/soap/envelope/"
	nsProtocol = "urn:oasis:names:tc:SAML:1.0:protocol"
	nsCAS      = "http://www.yale.edu/tp/cas"
)

// samlValidate answers the protocol saml11 (05 C.1). A failure is a SAML answer too, with status 200.
func (s *Simulator) samlValidate(r *http.Request, body []byte) reply {
	service := r.URL.Query().Get("TARGET")
	artifact, requestID, err := readArtifact(body)
	if err != nil || service == "" {
		return s.samlFailure(requestID, service, "demande incomplète ou illisible")
	}
	login, code := s.consume(artifact, service, false)
	u, known := s.user(login)
	if code != "" || !known {
		return s.samlFailure(requestID, service, "ticket refusé : "+code)
	}
	return s.samlSuccess(requestID, service, login, u.Cerbere)
}

// readArtifact finds the one AssertionArtifact of the SOAP envelope, by namespace.
func readArtifact(body []byte) (artifact, requestID string, err error) {
	d := xml.NewDecoder(bytes.NewReader(body))
	var path []string
	found := 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", requestID, err
		}
		switch t := token.(type) {
		case xml.Directive:
			return "", requestID, errors.New("DOCTYPE refusé")
		case xml.StartElement:
			path = append(path, t.Name.Space+" "+t.Name.Local)
			if t.Name.Space == nsProtocol && t.Name.Local == "Request" {
				for _, a := range t.Attr {
					if a.Name.Local == "RequestID" {
						requestID = a.Value
					}
				}
			}
		case xml.EndElement:
			path = path[:len(path)-1]
		case xml.CharData:
			if strings.Join(path, ">") == strings.Join([]string{
				nsSOAP + " Envelope", nsSOAP + " Body", nsProtocol + " Request", nsProtocol + " AssertionArtifact"}, ">") {
				if text := strings.TrimSpace(string(t)); text != "" {
					artifact, found = text, found+1
				}
			}
		}
	}
	if found != 1 {
		return "", requestID, errors.New("un AssertionArtifact attendu")
	}
	return artifact, requestID, nil
}

func (s *Simulator) samlSuccess(requestID, service, login string, c Cerbere) reply {
	now := s.now().UTC()
	var b strings.Builder
	samlHead(&b, requestID, service, now)
	b.WriteString(`<Status><StatusCode Value="samlp:Success"/></Status>`)
	b.WriteString(`<saml1:Assertion AssertionID="_` + random(32) + `" IssueInstant="` + stamp(now) + `" Issuer="cas" MajorVersion="1" MinorVersion="1">`)
	b.WriteString(`<saml1:Conditions NotBefore="` + stamp(now.Add(-ticketLife)) + `" NotOnOrAfter="` + stamp(now.Add(ticketLife)) + `">`)
	b.WriteString(`<saml1:AudienceRestrictionCondition><saml1:Audience>` + escape(service) + `</saml1:Audience></saml1:AudienceRestrictionCondition></saml1:Conditions>`)
	subject := `<saml1:Subject><saml1:NameIdentifier>` + escape(c.ID) + `</saml1:NameIdentifier><saml1:SubjectConfirmation>` +
		`<saml1:ConfirmationMethod>urn:oasis:names:tc:SAML:1.0:cm:artifact</saml1:ConfirmationMethod></saml1:SubjectConfirmation></saml1:Subject>`
	b.WriteString(`<saml1:AttributeStatement>` + subject)
	for _, a := range attributes(login, c) {
		b.WriteString(`<saml1:Attribute AttributeName="` + a.name + `" AttributeNamespace="http://www.ja-sig.org/products/cas/"><saml1:AttributeValue>` +
			escape(a.value) + `</saml1:AttributeValue></saml1:Attribute>`)
	}
	b.WriteString(`</saml1:AttributeStatement>`)
	b.WriteString(`<saml1:AuthenticationStatement AuthenticationInstant="` + stamp(now) + `" AuthenticationMethod="urn:oasis:names:tc:SAML:1.0:am:unspecified">` + subject + `</saml1:AuthenticationStatement>`)
	b.WriteString(`</saml1:Assertion>` + samlTail)
	return xmlReply(b.String())
}

func (s *Simulator) samlFailure(requestID, service, message string) reply {
	var b strings.Builder
	samlHead(&b, requestID, service, s.now().UTC())
	b.WriteString(`<Status><StatusCode Value="samlp:RequestDenied"/><StatusMessage>` + escape(message) + `</StatusMessage></Status>` + samlTail)
	return xmlReply(b.String())
}

const samlTail = `</Response></SOAP-ENV:Body></SOAP-ENV:Envelope>`

func samlHead(b *strings.Builder, requestID, service string, now time.Time) {
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	b.WriteString(`<SOAP-ENV:Envelope xmlns:SOAP-ENV="` + nsSOAP + `"><SOAP-ENV:Body>`)
	b.WriteString(`<Response xmlns="` + nsProtocol + `" xmlns:saml1="urn:oasis:names:tc:SAML:1.0:assertion" xmlns:samlp="` + nsProtocol + `"`)
	b.WriteString(` InResponseTo="` + escape(requestID) + `" IssueInstant="` + stamp(now) + `" MajorVersion="1" MinorVersion="1" Recipient="` + escape(service) + `" ResponseID="_` + random(32) + `">`)
}

// serviceValidate answers the protocols cas2 and, with the attributes, cas3.
func (s *Simulator) serviceValidate(r *http.Request, withAttributes bool) reply {
	q := r.URL.Query()
	st, service := q.Get("ticket"), q.Get(fieldService)
	if st == "" || service == "" {
		return casFailure("INVALID_REQUEST", "Les paramètres ticket et service sont obligatoires.")
	}
	login, code := s.consume(st, service, q.Get("renew") == "true")
	u, known := s.user(login)
	switch {
	case code == "INVALID_SERVICE":
		return casFailure(code, "Le ticket a été remis pour un autre service.")
	case code != "" || !known:
		return casFailure("INVALID_TICKET", "Ticket inconnu, expiré ou déjà utilisé.")
	}
	var b strings.Builder
	b.WriteString(`<cas:serviceResponse xmlns:cas="` + nsCAS + `"><cas:authenticationSuccess><cas:user>` + escape(u.Cerbere.ID) + `</cas:user>`)
	if withAttributes {
		b.WriteString(`<cas:attributes>`)
		for _, a := range attributes(login, u.Cerbere) {
			b.WriteString(`<cas:` + a.name + `>` + escape(a.value) + `</cas:` + a.name + `>`)
		}
		b.WriteString(`</cas:attributes>`)
	}
	b.WriteString(`</cas:authenticationSuccess></cas:serviceResponse>`)
	return xmlReply(b.String())
}

func casFailure(code, message string) reply {
	return xmlReply(`<cas:serviceResponse xmlns:cas="` + nsCAS + `"><cas:authenticationFailure code="` + code + `">` +
		escape(message) + `</cas:authenticationFailure></cas:serviceResponse>`)
}

type attribute struct{ name, value string }

// attributes are those of 05 C.1.
func attributes(login string, c Cerbere) []attribute {
	return []attribute{
		{"UTILISATEUR.ID", c.ID}, {"UTILISATEUR.LOGIN", login}, {"UTILISATEUR.NOM", c.Nom},
		{"UTILISATEUR.PRENOM", c.Prenom}, {"UTILISATEUR.MEL", c.Mel},
	}
}

func xmlReply(body string) reply {
	return reply{status: http.StatusOK, contentType: "text/xml; charset=utf-8", body: []byte(body)}
}

func stamp(t time.Time) string { return t.Format("2006-01-02T15:04:05.000Z") }

func escape(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a bytes.Buffer does not fail
	return b.String()
}
