package sim

import (
	"net/http"
	"net/url"
	"strings"

	"apilos/api/siap"
)

// siapRoute is a route of the simulated SIAP; a segment in braces is a parameter.
type siapRoute struct {
	name    siap.Call
	method  string
	service string
	tail    string
	// anonymous routes need a valid token and nobody in it (05 A.2: config).
	anonymous bool
	// unchosen routes need a login and take a token without habilitation (05 B.3: habilitations).
	unchosen bool
	handle   func(*Simulator, siapCall) reply
}

func siapRoutes() []siapRoute {
	const (
		hab   = "/services/habilitation"
		ope   = "/services/operation"
		table = "/services/tableaubord"
	)
	return []siapRoute{
		{name: siap.CallConfig, method: "GET", tail: "/config", anonymous: true, handle: (*Simulator).config},
		{name: siap.CallMenu, method: "GET", tail: "/menu", handle: (*Simulator).menu},
		{name: siap.CallHabilitations, method: "GET", service: hab, tail: "/habilitations", unchosen: true, handle: (*Simulator).listHabilitations},
		{name: siap.CallUsersAdministration, method: "GET", service: hab, tail: "/habilitations/administration/{code}", handle: (*Simulator).usersAdministration},
		{name: siap.CallUsersMO, method: "GET", service: hab, tail: "/habilitations/mo/{siren}/region/{region}", handle: (*Simulator).usersMO},
		{name: siap.CallOperations, method: "GET", service: ope, tail: "/operation", handle: (*Simulator).listOperations},
		{name: siap.CallOperation, method: "GET", service: ope, tail: "/operation/{numero}", handle: (*Simulator).operation},
		{name: siap.CallFusion, method: "GET", service: ope, tail: "/journalisation-fusion", handle: (*Simulator).fusions},
		{name: siap.CallAlertes, method: "GET", service: table, tail: "/alertes", handle: (*Simulator).listAlertes},
		{name: siap.CallAlerteCreate, method: "POST", service: table, tail: "/alertes", handle: (*Simulator).createAlerte},
		{name: siap.CallAlertesConvention, method: "GET", service: table, tail: "/alertes/convention/{uuid}", handle: (*Simulator).listAlertes},
		{name: siap.CallAlerteDelete, method: "DELETE", service: table, tail: "/alertes/{id}", handle: (*Simulator).deleteAlerte},
	}
}

// siapCall is a call of the platform, once its token is accepted.
type siapCall struct {
	request *http.Request
	params  map[string]string
	body    []byte
	check   tokenCheck
}

// segments cuts a path, with or without final slash; an escaped slash stays inside its segment.
func segments(path string) []string {
	path = strings.TrimSuffix(strings.TrimPrefix(path, "/"), "/")
	if path == "" {
		return nil
	}
	return strings.Split(path, "/")
}

// match tells whether the escaped path is the one of the route, with or without final slash.
func (s *Simulator) match(route siapRoute, path []string) (map[string]string, bool) {
	want := append(append(segments(route.service), s.prefix...), segments(route.tail)...)
	if len(want) != len(path) {
		return nil, false
	}
	params := map[string]string{}
	for i, w := range want {
		got, err := url.PathUnescape(path[i])
		switch {
		case err != nil || got == "":
			return nil, false
		case strings.HasPrefix(w, "{"):
			params[strings.Trim(w, "{}")] = got
		case w != got:
			return nil, false
		}
	}
	return params, true
}

// serveSIAP answers a call of 05 B.3; it returns false when the path is none of them. The token is
// checked before the verb, as on our own side (05 A.1).
func (s *Simulator) serveSIAP(w http.ResponseWriter, r *http.Request) bool {
	path := segments(r.URL.EscapedPath())
	var route *siapRoute
	var params map[string]string
	var allow []string
	for _, candidate := range siapRoutes() {
		p, ok := s.match(candidate, path)
		if !ok {
			continue
		}
		allow = append(allow, candidate.method)
		if candidate.method == r.Method || candidate.method == "GET" && r.Method == "HEAD" {
			route, params = &candidate, p
		}
	}
	if len(allow) == 0 {
		return false
	}
	body, fits := readBody(r, maxBody)
	check := s.verifier.check(r.Header.Get(headerSIAP))
	name := ""
	if route != nil {
		name = string(route.name)
	}
	s.exchange(w, r, exchange{name, check.login, body, check}, func() reply {
		switch {
		case check.reason != "":
			return problem(http.StatusUnauthorized, check.reason).with("WWW-Authenticate", `Bearer realm="api"`)
		case route == nil:
			return problem(http.StatusMethodNotAllowed, "Méthode non autorisée.").with("Allow", strings.Join(allow, ", "))
		case !fits:
			return problem(http.StatusRequestEntityTooLarge, "Corps de plus de 1 Mio.")
		case !route.anonymous && (check.login == "" || check.withoutPerson && !route.unchosen):
			return problem(http.StatusUnauthorized, "user-login ou habilitation-id absent du jeton.").with("WWW-Authenticate", `Bearer realm="api"`)
		}
		return route.handle(s, siapCall{r, params, body, check})
	})
	return true
}

// exchange is what the journal and the faults know of a request.
type exchange struct {
	route string
	login string
	body  []byte
	check tokenCheck
}

// exchange journals the request, applies a fault if one matches, and sends the answer of next.
func (s *Simulator) exchange(w http.ResponseWriter, r *http.Request, x exchange, next func() reply) {
	numero := s.open(r, x.route, x.body, x.check)
	var fault *Fault
	if x.route != "" {
		fault = s.takeFault(r.Method, x.route, x.login)
	}
	answer, cut := fault.apply(r, next)
	if cut {
		s.close(numero, 0, true, true)
		panic(http.ErrAbortHandler) // net/http cuts the connection without a word
	}
	s.close(numero, answer.status, fault != nil, false)
	answer.write(w)
}
