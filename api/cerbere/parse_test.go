package cerbere_test

import (
	"errors"
	"strings"
	"testing"

	"apilos/api/cerbere"
	"apilos/api/compte"

	"github.com/stretchr/testify/require"
)

// samlParts are the pieces of an answer that tests change; zero values are a good answer.
type samlParts struct {
	head, status, conditions, subject, attributes, extra string
}

func saml(p samlParts) string {
	or := func(v, def string) string {
		if v == "" {
			return def
		}
		return v
	}
	p.status = or(p.status, `<Status><StatusCode Value="samlp:Success"/></Status>`)
	p.conditions = or(p.conditions, conditions("2025-06-02T07:59:30Z", "2025-06-02T08:00:30Z", escaped(service)))
	p.subject = or(p.subject, `<saml1:Subject><saml1:NameIdentifier>1001</saml1:NameIdentifier></saml1:Subject>`)
	p.attributes = or(p.attributes, attribute("UTILISATEUR.ID", "1001")+attribute("UTILISATEUR.LOGIN", "une@example.org")+
		attribute("UTILISATEUR.NOM", "Exemple")+attribute("UTILISATEUR.PRENOM", " Une ")+attribute("UTILISATEUR.MEL", "une@example.org")+
		attribute("UTILISATEUR.ADMIN", "true"))
	return p.head + `<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"><SOAP-ENV:Body>` +
		`<Response xmlns="urn:oasis:names:tc:SAML:1.0:protocol" xmlns:saml1="urn:oasis:names:tc:SAML:1.0:assertion" MajorVersion="1" MinorVersion="1">` +
		p.status + `<saml1:Assertion AssertionID="_1">` + p.conditions + `<saml1:AttributeStatement>` + p.subject + p.attributes +
		`</saml1:AttributeStatement></saml1:Assertion>` + p.extra + `</Response></SOAP-ENV:Body></SOAP-ENV:Envelope>`
}

func conditions(notBefore, notOnOrAfter, audience string) string {
	var b strings.Builder
	b.WriteString(`<saml1:Conditions`)
	if notBefore != "" {
		b.WriteString(` NotBefore="` + notBefore + `"`)
	}
	if notOnOrAfter != "" {
		b.WriteString(` NotOnOrAfter="` + notOnOrAfter + `"`)
	}
	b.WriteString(`>`)
	if audience != "" {
		b.WriteString(`<saml1:AudienceRestrictionCondition><saml1:Audience>` + audience + `</saml1:Audience></saml1:AudienceRestrictionCondition>`)
	}
	return b.String() + `</saml1:Conditions>`
}

func attribute(name, value string) string {
	return `<saml1:Attribute AttributeName="` + name + `" AttributeNamespace="http://www.ja-sig.org/products/cas/"><saml1:AttributeValue>` + value + `</saml1:AttributeValue></saml1:Attribute>`
}

func escaped(s string) string { return strings.ReplaceAll(s, "&", "&amp;") }

var une = compte.Identite{ID: "1001", Login: "une@example.org", Nom: "Exemple", Prenom: "Une", Email: "une@example.org"}

func TestParseSAML11_readsTheIdentity(t *testing.T) {
	got, err := cerbere.ParseSAML11([]byte(saml(samlParts{head: `<?xml version="1.0" encoding="UTF-8"?>`})), service, maintenant)
	require.NoError(t, err)
	require.Equal(t, une, got, "other attributes are ignored")
}

func TestParseSAML11_readsByNamespaceNotByPrefix(t *testing.T) {
	other := strings.NewReplacer("SOAP-ENV:", "s:", "xmlns:SOAP-ENV", "xmlns:s", "saml1:", "x:", "xmlns:saml1", "xmlns:x").Replace(saml(samlParts{}))
	got, err := cerbere.ParseSAML11([]byte(other), service, maintenant)
	require.NoError(t, err)
	require.Equal(t, une, got)

	foreign := strings.Replace(saml(samlParts{}), `xmlns:saml1="urn:oasis:names:tc:SAML:1.0:assertion"`, `xmlns:saml1="urn:evil"`, 1)
	_, err = cerbere.ParseSAML11([]byte(foreign), service, maintenant)
	require.ErrorIs(t, err, cerbere.ErrInvalidAnswer, "right prefixes, wrong namespace")
}

func TestParseSAML11_missingAttributesAreLeftToTheAccount(t *testing.T) {
	got, err := cerbere.ParseSAML11([]byte(saml(samlParts{attributes: attribute("UTILISATEUR.ID", "1001") + attribute("UTILISATEUR.LOGIN", "  ")})), service, maintenant)
	require.NoError(t, err)
	require.Equal(t, compte.Identite{ID: "1001"}, got)

	empty := samlParts{subject: `<saml1:Subject><saml1:NameIdentifier/></saml1:Subject>`, attributes: attribute("UTILISATEUR.LOGIN", "une@example.org")}
	got, err = cerbere.ParseSAML11([]byte(saml(empty)), service, maintenant)
	require.NoError(t, err)
	require.Equal(t, compte.Identite{Login: "une@example.org"}, got)
}

// Every check of 05 C.1, at its limits: the leeway is 60 s.
func TestParseSAML11_conditions(t *testing.T) {
	aud := escaped(service)
	cases := []struct {
		name, conditions string
		want             error
	}{
		{"none", `<saml1:Other/>`, nil},
		{"no audience", conditions("", "", ""), nil},
		{"fraction and offset", conditions("2025-06-02T09:59:30.123+02:00", "2025-06-02T10:00:30+02:00", aud), nil},
		{"without zone", conditions("2025-06-02T07:59:30", "2025-06-02T08:00:30.5", aud), nil},
		{"not before, in the leeway", conditions("2025-06-02T08:01:00Z", "", aud), nil},
		{"not before, beyond", conditions("2025-06-02T08:01:01Z", "", aud), cerbere.ErrRefused},
		{"expired, in the leeway", conditions("", "2025-06-02T07:59:01Z", aud), nil},
		{"expired, at the limit", conditions("", "2025-06-02T07:59:00Z", aud), cerbere.ErrRefused},
		{"unreadable date", conditions("hier", "", aud), cerbere.ErrInvalidAnswer},
		{"unreadable end", conditions("", "2025-13-45T00:00:00Z", aud), cerbere.ErrInvalidAnswer},
		{"other audience", conditions("", "", "https://evil.example/"), cerbere.ErrRefused},
		{"prefix of the audience", conditions("", "", "https://app.example/accounts/cerbere-login?next=%2F"), cerbere.ErrRefused},
		{"empty restriction", `<saml1:Conditions><saml1:AudienceRestrictionCondition/></saml1:Conditions>`, cerbere.ErrRefused},
		{"one of two audiences", strings.Replace(conditions("", "", aud), `<saml1:Audience>`, `<saml1:Audience>https://b.example</saml1:Audience><saml1:Audience>`, 1), nil},
		{"second restriction not met", conditions("", "", aud) + conditions("", "", "https://evil.example/"), cerbere.ErrRefused},
		{"second conditions expired", conditions("", "", aud) + conditions("", "2020-01-01T00:00:00Z", ""), cerbere.ErrRefused},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := cerbere.ParseSAML11([]byte(saml(samlParts{conditions: c.conditions})), service, maintenant)
			if c.want == nil {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, c.want)
		})
	}
}

func TestParseSAML11_refusals(t *testing.T) {
	good := saml(samlParts{})
	bomb := `<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;&b;">]>`
	cases := []struct {
		name, xml string
		want      error
	}{
		{"denied", saml(samlParts{status: `<Status><StatusCode Value="samlp:RequestDenied"/></Status>`}), cerbere.ErrRefused},
		{"success in another word", saml(samlParts{status: `<Status><StatusCode Value="samlp:NotSuccess"/></Status>`}), cerbere.ErrRefused},
		{"success without prefix", saml(samlParts{status: `<Status><StatusCode Value="Success"/></Status>`}), cerbere.ErrRefused},
		{"status value given twice", saml(samlParts{status: `<Status><StatusCode Value="x:Success" Value="samlp:RequestDenied"/></Status>`}), cerbere.ErrInvalidAnswer},
		{"no status value", saml(samlParts{status: `<Status><StatusCode/></Status>`}), cerbere.ErrRefused},
		{"no status", saml(samlParts{status: `<Other/>`}), cerbere.ErrInvalidAnswer},
		{"two statuses", saml(samlParts{status: `<Status><StatusCode Value="samlp:Success"/></Status><Status><StatusCode Value="samlp:RequestDenied"/></Status>`}), cerbere.ErrInvalidAnswer},
		{"two status codes", saml(samlParts{status: `<Status><StatusCode Value="samlp:Success"/><StatusCode Value="x:Success"/></Status>`}), cerbere.ErrInvalidAnswer},
		{"two assertions", saml(samlParts{extra: `<saml1:Assertion/>`}), cerbere.ErrInvalidAnswer},
		{"no subject", saml(samlParts{subject: `<saml1:Other/>`}), cerbere.ErrInvalidAnswer},
		{"two names", saml(samlParts{subject: `<saml1:Subject><saml1:NameIdentifier>1</saml1:NameIdentifier><saml1:NameIdentifier>2</saml1:NameIdentifier></saml1:Subject>`}), cerbere.ErrInvalidAnswer},
		{"two people", saml(samlParts{attributes: `</saml1:AttributeStatement><saml1:AttributeStatement><saml1:Subject><saml1:NameIdentifier>9</saml1:NameIdentifier></saml1:Subject>`}), cerbere.ErrInvalidAnswer},
		{"two ids", saml(samlParts{attributes: attribute("UTILISATEUR.ID", "1") + attribute("UTILISATEUR.ID", "2")}), cerbere.ErrInvalidAnswer},
		{"two logins", saml(samlParts{attributes: attribute("UTILISATEUR.LOGIN", "1</saml1:AttributeValue><saml1:AttributeValue>2")}), cerbere.ErrInvalidAnswer},
		{"DOCTYPE", bomb + good, cerbere.ErrInvalidAnswer},
		{"DOCTYPE alone", `<!DOCTYPE SOAP-ENV:Envelope>` + good, cerbere.ErrInvalidAnswer},
		{"entity", strings.Replace(good, "Exemple", "&xxe;", 1), cerbere.ErrInvalidAnswer},
		{"processing instruction", `<?xml-stylesheet href="x"?>` + good, cerbere.ErrInvalidAnswer},
		{"second declaration", good + `<?xml version="1.0"?>`, cerbere.ErrInvalidAnswer},
		{"second root", good + good, cerbere.ErrInvalidAnswer},
		{"text around", "x" + good, cerbere.ErrInvalidAnswer},
		{"other encoding", `<?xml version="1.0" encoding="UTF-16"?>` + good, cerbere.ErrInvalidAnswer},
		{"cut", good[:len(good)-20], cerbere.ErrInvalidAnswer},
		{"root is the response", `<Response xmlns="urn:oasis:names:tc:SAML:1.0:protocol"/>`, cerbere.ErrInvalidAnswer},
		{"too deep", strings.Repeat("<a>", 100) + strings.Repeat("</a>", 100), cerbere.ErrInvalidAnswer},
		{"too many elements", "<a>" + strings.Repeat("<b/>", 5000) + "</a>", cerbere.ErrInvalidAnswer},
		{"not UTF-8", strings.Replace(good, "Exemple", "\xff\xfe", 1), cerbere.ErrInvalidAnswer},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := cerbere.ParseSAML11([]byte(c.xml), service, maintenant)
			require.ErrorIs(t, err, c.want)
			require.Zero(t, got)
		})
	}
}

// Attributes hidden in a comment or split by one: the value is the whole text, not what precedes.
func TestParseSAML11_commentDoesNotCutAValue(t *testing.T) {
	got, err := cerbere.ParseSAML11([]byte(saml(samlParts{attributes: attribute("UTILISATEUR.ID", "10<!-- x -->01")})), service, maintenant)
	require.NoError(t, err)
	require.Equal(t, "1001", got.ID)
}

const casSuccess = `<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas"><cas:authenticationSuccess><cas:user>1001</cas:user>
<cas:attributes><cas:UTILISATEUR.ID>1001</cas:UTILISATEUR.ID><cas:UTILISATEUR.LOGIN>une@example.org</cas:UTILISATEUR.LOGIN>
<cas:UTILISATEUR.NOM>Exemple</cas:UTILISATEUR.NOM><cas:UTILISATEUR.PRENOM>Une</cas:UTILISATEUR.PRENOM><cas:UTILISATEUR.MEL>une@example.org</cas:UTILISATEUR.MEL>
<x xmlns="urn:evil">y</x></cas:attributes></cas:authenticationSuccess></cas:serviceResponse>`

func TestParseCAS3(t *testing.T) {
	got, err := cerbere.ParseCAS3([]byte(casSuccess))
	require.NoError(t, err)
	require.Equal(t, une, got)
	got, err = cerbere.ParseCAS3([]byte(strings.NewReplacer("<cas:", "<", "</cas:", "</", "xmlns:cas", "xmlns").Replace(casSuccess)))
	require.NoError(t, err)
	require.Equal(t, une, got, "default namespace instead of a prefix")

	failure := `<cas:authenticationFailure code="INVALID_TICKET">no</cas:authenticationFailure>`
	wrap := func(s string) string {
		return `<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">` + s + `</cas:serviceResponse>`
	}
	for name, c := range map[string]struct {
		xml  string
		want error
	}{
		"failure":             {wrap(failure), cerbere.ErrRefused},
		"both":                {strings.Replace(casSuccess, "</cas:serviceResponse>", failure+"</cas:serviceResponse>", 1), cerbere.ErrInvalidAnswer},
		"neither":             {wrap(""), cerbere.ErrInvalidAnswer},
		"no user":             {wrap(`<cas:authenticationSuccess/>`), cerbere.ErrInvalidAnswer},
		"two users":           {wrap(`<cas:authenticationSuccess><cas:user>1</cas:user><cas:user>2</cas:user></cas:authenticationSuccess>`), cerbere.ErrInvalidAnswer},
		"wrong namespace":     {strings.Replace(casSuccess, "http://www.yale.edu/tp/cas", "urn:evil", 1), cerbere.ErrInvalidAnswer},
		"doctype":             {`<!DOCTYPE x>` + casSuccess, cerbere.ErrInvalidAnswer},
		"two ids":             {strings.Replace(casSuccess, "<cas:UTILISATEUR.ID>", "<cas:UTILISATEUR.ID>2</cas:UTILISATEUR.ID><cas:UTILISATEUR.ID>", 1), cerbere.ErrInvalidAnswer},
		"protocol of another": {saml(samlParts{}), cerbere.ErrInvalidAnswer},
	} {
		_, err := cerbere.ParseCAS3([]byte(c.xml))
		require.ErrorIs(t, err, c.want, name)
	}
}

func logout(index string) string {
	return `<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_1" Version="2.0"><saml:NameID xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">@NOT_USED@</saml:NameID>` + index + `</samlp:LogoutRequest>`
}

func TestParseLogoutRequest(t *testing.T) {
	got, err := cerbere.ParseLogoutRequest([]byte(logout(`<samlp:SessionIndex>ST-1</samlp:SessionIndex><samlp:SessionIndex> ST-2 </samlp:SessionIndex>`)))
	require.NoError(t, err)
	require.Equal(t, []string{"ST-1", "ST-2"}, got)

	for name, bad := range map[string]string{
		"empty":           "",
		"no index":        logout(""),
		"not a ticket":    logout(`<samlp:SessionIndex>abc</samlp:SessionIndex>`),
		"other namespace": strings.Replace(logout(`<samlp:SessionIndex>ST-1</samlp:SessionIndex>`), "SAML:2.0:protocol", "SAML:1.0:protocol", 1),
		"doctype":         `<!DOCTYPE x>` + logout(`<samlp:SessionIndex>ST-1</samlp:SessionIndex>`),
		"too long":        logout(`<samlp:SessionIndex>ST-1</samlp:SessionIndex>` + strings.Repeat(" ", 17<<10)),
		"too many":        logout(strings.Repeat(`<samlp:SessionIndex>ST-1</samlp:SessionIndex>`, 101)),
	} {
		_, err := cerbere.ParseLogoutRequest([]byte(bad))
		require.Error(t, err, name)
		require.NotContains(t, err.Error(), "ST-1")
	}
}

// FuzzParseSAML11: no panic, and an identity is given only by a document that says success.
func FuzzParseSAML11(f *testing.F) {
	f.Add(saml(samlParts{}))
	f.Add(saml(samlParts{conditions: conditions("x", "y", "z")}))
	f.Add("<!DOCTYPE a []>" + saml(samlParts{}))
	f.Add("<a")
	f.Fuzz(func(t *testing.T, doc string) {
		got, err := cerbere.ParseSAML11([]byte(doc), service, maintenant)
		if err != nil {
			require.True(t, errors.Is(err, cerbere.ErrRefused) || errors.Is(err, cerbere.ErrInvalidAnswer))
			require.Zero(t, got)
			return
		}
		require.Contains(t, doc, ":Success")
		require.NotContains(t, doc, "<!DOCTYPE")
	})
}

// FuzzParseCAS3 is the same for the other dialect.
func FuzzParseCAS3(f *testing.F) {
	f.Add(casSuccess)
	f.Add(`<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas"><cas:authenticationFailure code="X"/></cas:serviceResponse>`)
	f.Fuzz(func(t *testing.T, doc string) {
		got, err := cerbere.ParseCAS3([]byte(doc))
		if err != nil {
			require.Zero(t, got)
			return
		}
		require.Contains(t, doc, "authenticationSuccess")
	})
}

// FuzzParseLogoutRequest: no panic, and only tickets come out.
func FuzzParseLogoutRequest(f *testing.F) {
	f.Add(logout(`<samlp:SessionIndex>ST-1</samlp:SessionIndex>`))
	f.Add(strings.Repeat("<a>", 50))
	f.Fuzz(func(t *testing.T, doc string) {
		tickets, err := cerbere.ParseLogoutRequest([]byte(doc))
		if err != nil {
			require.Empty(t, tickets)
			return
		}
		for _, ticket := range tickets {
			require.True(t, strings.HasPrefix(ticket, "ST-"))
		}
	})
}
