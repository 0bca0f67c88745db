package sim

import (
	"crypto/rand"
	"encoding/base32"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

const (
	ticketLife  = 30 * time.Second
	sessionLife = 12 * time.Hour
	cookieSSO   = "CASTGC"

	fieldLogin    = "identifiant"
	fieldPassword = "mot_de_passe"
	fieldService  = "service"
)

var reTicket = regexp.MustCompile(`ST-[A-Za-z0-9]{8,}`)

// ticket is a service ticket: single use, 30 s, bound to one exact service.
type ticket struct {
	login   string
	service string
	expires time.Time
	fresh   bool // obtained by a sign-in just made, not by the SSO cookie (renew)
}

// session is an SSO session: who is signed in, and the services to tell at logout.
type session struct {
	login    string
	expires  time.Time
	services []visited
}

type visited struct{ service, ticket string }

// serveCAS answers under /cas/; it returns false when the path is none of its routes.
func (s *Simulator) serveCAS(w http.ResponseWriter, r *http.Request) bool {
	type handler func(*http.Request, []byte) reply
	path := strings.TrimSuffix(r.URL.Path, "/")
	var name string
	methods := map[string]handler{}
	switch path {
	case "/cas":
		name, methods["GET"] = RouteCASLogin, func(r *http.Request, _ []byte) reply { return redirect("/cas/login") }
	case "/cas/login":
		name, methods["GET"], methods["POST"] = RouteCASLogin, s.casLogin, s.casPostLogin
	case "/cas/samlValidate":
		name, methods["POST"] = RouteCASValidate, s.samlValidate
	case "/cas/serviceValidate":
		name, methods["GET"] = RouteCASValidate, func(r *http.Request, _ []byte) reply { return s.serviceValidate(r, false) }
	case "/cas/p3/serviceValidate":
		name, methods["GET"] = RouteCASValidate, func(r *http.Request, _ []byte) reply { return s.serviceValidate(r, true) }
	case "/cas/logout":
		name, methods["GET"] = RouteCASLogout, s.casLogout
	default:
		return false
	}
	body, fits := readBody(r, maxCASBody)
	s.exchange(w, r, exchange{route: name, login: r.URL.Query().Get("as"), body: body}, func() reply {
		method := r.Method
		if method == http.MethodHead {
			method = http.MethodGet
		}
		handle, ok := methods[method]
		switch {
		case !ok:
			return s.message(http.StatusMethodNotAllowed, "Méthode non autorisée", "Cette adresse ne répond pas à cette méthode.")
		case !fits:
			return s.message(http.StatusRequestEntityTooLarge, "Demande trop longue", "Le corps de la demande dépasse 64 Kio.")
		}
		return handle(r, body)
	})
	return true
}

// maxCASBody bounds what is sent to CAS, in bytes.
const maxCASBody = 64 << 10

// casLogin is the entry of the protocol: it sends back with a ticket when somebody is signed in, and
// shows the people of the scenario otherwise.
func (s *Simulator) casLogin(r *http.Request, _ []byte) reply {
	q := r.URL.Query()
	service := q.Get(fieldService)
	if service != "" && !s.allowed(service) {
		return s.refusedService()
	}
	renew := q.Get("renew") == "true"
	if login := q.Get("as"); login != "" {
		if _, ok := s.user(login); !ok {
			return s.message(http.StatusNotFound, "Personne inconnue", "Le scénario ne connaît pas "+login+".")
		}
		return s.signIn(r, login, service)
	}
	id, current := s.sso(r)
	switch {
	case current != "" && !renew && service != "":
		return s.sendBack(id, current, service, false)
	case q.Get("gateway") == "true" && !renew && service != "":
		return redirect(service)
	}
	return s.loginPage(http.StatusOK, service, current, "")
}

// casPostLogin signs in the person chosen on the page.
func (s *Simulator) casPostLogin(r *http.Request, body []byte) reply {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return s.message(http.StatusBadRequest, "Formulaire illisible", "Revenez à la page précédente et recommencez.")
	}
	service := form.Get(fieldService)
	if service != "" && !s.allowed(service) {
		return s.refusedService()
	}
	login := strings.TrimSpace(form.Get(fieldLogin))
	u, ok := s.user(login)
	if !ok || (u.Cerbere.Password != "" && u.Cerbere.Password != form.Get(fieldPassword)) {
		return s.loginPage(http.StatusUnauthorized, service, "", "Identifiant ou mot de passe incorrect. Vérifiez votre saisie.")
	}
	return s.signIn(r, login, service)
}

// signIn opens an SSO session and sends back to the service, if there is one. The session a browser
// had before ends: nobody is told, as the people of a demonstration take turns.
func (s *Simulator) signIn(r *http.Request, login, service string) reply {
	s.mu.Lock()
	if c, err := r.Cookie(cookieSSO); err == nil {
		delete(s.sessions, c.Value)
	}
	id := random(32)
	s.sessions[id] = &session{login: login, expires: s.now().Add(sessionLife)}
	s.mu.Unlock()
	cookie := &http.Cookie{Name: cookieSSO, Value: id, Path: "/cas/", HttpOnly: true, SameSite: http.SameSiteLaxMode}
	answer := s.message(http.StatusOK, "Vous êtes connecté", "La session CERBERE simulée de "+login+" est ouverte.")
	if service != "" {
		answer = s.sendBack(id, login, service, true)
	}
	return answer.with("Set-Cookie", cookie.String())
}

// sendBack redirects to the service with a new ticket.
func (s *Simulator) sendBack(id, login, service string, fresh bool) reply {
	st := "ST-" + random(32)
	s.mu.Lock()
	s.tickets[st] = &ticket{login: login, service: service, expires: s.now().Add(ticketLife), fresh: fresh}
	if open, ok := s.sessions[id]; ok {
		open.services = append(open.services, visited{service, st})
	}
	s.forgetTickets()
	s.mu.Unlock()
	separator := "?"
	if strings.Contains(service, "?") {
		separator = "&"
	}
	return redirect(service + separator + "ticket=" + st)
}

// forgetTickets drops the expired tickets. The caller holds the lock.
func (s *Simulator) forgetTickets() {
	now := s.now()
	for k, t := range s.tickets {
		if now.After(t.expires.Add(time.Hour)) {
			delete(s.tickets, k)
		}
	}
}

// sso returns the SSO session of the browser, if it is alive and its person still in the scenario.
func (s *Simulator) sso(r *http.Request) (id, login string) {
	c, err := r.Cookie(cookieSSO)
	if err != nil {
		return "", ""
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	open, ok := s.sessions[c.Value]
	if !ok || s.now().After(open.expires) {
		return "", ""
	}
	if _, known := s.scenario.Users[open.login]; !known {
		return "", ""
	}
	return c.Value, open.login
}

// consume uses a ticket up, whatever the outcome, and tells who it is for or why it is refused.
func (s *Simulator) consume(st, service string, renew bool) (login, code string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.tickets[st]
	delete(s.tickets, st)
	switch {
	case !ok, s.now().After(t.expires), renew && !t.fresh:
		return "", "INVALID_TICKET"
	case t.service != service:
		return "", "INVALID_SERVICE"
	}
	return t.login, ""
}

// allowed tells whether tickets may be sent to a service (05 C.2).
func (s *Simulator) allowed(service string) bool {
	u, err := url.Parse(service)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil {
		return false
	}
	if len(s.options.AllowedServices) > 0 {
		return slices.ContainsFunc(s.options.AllowedServices, func(o string) bool {
			return strings.EqualFold(strings.TrimRight(o, "/"), u.Scheme+"://"+u.Host)
		})
	}
	return loopback(u.Hostname())
}

// loopback tells whether a host name is this machine.
func loopback(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// random returns n unguessable characters, letters and digits.
func random(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b)[:n]
}
