package sim

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// singleLogoutTimeout bounds the calls that tell services somebody signed out.
const singleLogoutTimeout = 3 * time.Second

// casLogout ends the SSO session, tells every service it was used for (single logout), then goes to
// the address asked when tickets could be sent there too.
func (s *Simulator) casLogout(r *http.Request, _ []byte) reply {
	var services []visited
	if c, err := r.Cookie(cookieSSO); err == nil {
		s.mu.Lock()
		if open, ok := s.sessions[c.Value]; ok {
			services = open.services
			delete(s.sessions, c.Value)
		}
		s.mu.Unlock()
	}
	s.singleLogout(r.Context(), services)
	gone := (&http.Cookie{Name: cookieSSO, Path: "/cas/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteLaxMode}).String()
	q := r.URL.Query()
	for _, key := range []string{"url", fieldService} {
		if to := q.Get(key); to != "" && s.allowed(to) {
			return redirect(to).with("Set-Cookie", gone)
		}
	}
	return s.message(http.StatusOK, "Vous êtes déconnecté", "La session CERBERE simulée est fermée.").with("Set-Cookie", gone)
}

// singleLogout posts a logoutRequest to each service and waits for the answers, so that a test that
// got the answer of /cas/logout knows the sessions are over.
func (s *Simulator) singleLogout(ctx context.Context, services []visited) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), singleLogoutTimeout)
	defer cancel()
	var wg sync.WaitGroup
	for _, v := range services {
		wg.Go(func() {
			if err := s.postLogout(ctx, v); err != nil {
				s.logger.Warn("simulateur : déconnexion non transmise", "erreur", err)
			}
		})
	}
	wg.Wait()
}

func (s *Simulator) postLogout(ctx context.Context, v visited) error {
	form := url.Values{"logoutRequest": {logoutRequest(v.ticket, s.now().UTC())}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, v.service, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := s.client.Do(req)
	if err != nil {
		return err
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, maxBody))
	return res.Body.Close()
}

// logoutRequest is the SAML 2 message of the CAS single logout.
func logoutRequest(st string, now time.Time) string {
	return `<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="LR-` + random(32) +
		`" Version="2.0" IssueInstant="` + stamp(now) + `"><saml:NameID xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">@NOT_USED@</saml:NameID>` +
		`<samlp:SessionIndex>` + escape(st) + `</samlp:SessionIndex></samlp:LogoutRequest>`
}
