package sim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Fault is a breakdown on command: the calls it matches are delayed, cut, or answered with something else.
type Fault struct {
	Match Match `json:"match"`
	// Times is how many calls it applies to: nil is 1, -1 is always.
	Times   *int            `json:"times,omitempty"`
	DelayMS int             `json:"delay_ms,omitempty"`
	Status  int             `json:"status,omitempty"` // 200 when only a body is given
	Body    json.RawMessage `json:"body,omitempty"`   // a text is sent as it is, anything else as JSON
	Drop    bool            `json:"drop,omitempty"`   // the connection is cut without answer
	// After lets the call have its effect first: only its answer is lost. This is a creation that
	// reached the SIAP although we never knew (02 AL-23).
	After bool `json:"after,omitempty"`
}

// Match says which calls a fault applies to; an empty field matches all.
type Match struct {
	Method string `json:"method,omitempty"`
	Route  string `json:"route,omitempty"` // short name of 05 B.3, cas.login, cas.validate, cas.logout
	Login  string `json:"login,omitempty"`
}

// Routes of the CAS simulator, as faults and journal name them.
const (
	RouteCASLogin    = "cas.login"
	RouteCASValidate = "cas.validate"
	RouteCASLogout   = "cas.logout"
)

// Times is the count of a Fault.
func Times(n int) *int { return &n }

// ActiveFault is a fault still to be applied.
type ActiveFault struct {
	Fault
	Remaining int `json:"remaining"` // -1: always
}

// problems lists what is wrong with f; paths are relative to it.
func (f Fault) problems() []Problem {
	var p []Problem
	if f.Match.Route != "" && !slices.Contains(routeNames(), f.Match.Route) {
		p = append(p, Problem{".match.route", fmt.Sprintf("route « %s » inconnue, attendu %s", f.Match.Route, strings.Join(routeNames(), ", "))})
	}
	if f.Times != nil && (*f.Times == 0 || *f.Times < -1) {
		p = append(p, Problem{".times", "attendu un nombre positif, ou -1 pour toujours"})
	}
	if f.Status != 0 && (f.Status < 200 || f.Status > 599) {
		p = append(p, Problem{".status", "attendu un statut HTTP de 200 à 599"})
	}
	if f.DelayMS < 0 || f.DelayMS > 600_000 {
		p = append(p, Problem{".delay_ms", "attendu de 0 à 600000"})
	}
	if f.DelayMS == 0 && f.Status == 0 && len(f.Body) == 0 && !f.Drop {
		p = append(p, Problem{"", "la panne ne fait rien : donnez delay_ms, status, body ou drop"})
	}
	return p
}

func routeNames() []string {
	names := append([]string{RouteCASLogin, RouteCASValidate, RouteCASLogout}, routesExterieures()...)
	for _, r := range siapRoutes() {
		if !slices.Contains(names, string(r.name)) {
			names = append(names, string(r.name))
		}
	}
	return names
}

func (f Fault) active() ActiveFault {
	n := 1
	if f.Times != nil {
		n = *f.Times
	}
	return ActiveFault{f, n}
}

func (m Match) covers(method, route, login string) bool {
	return (m.Method == "" || m.Method == method) && (m.Route == "" || m.Route == route) && (m.Login == "" || m.Login == login)
}

// takeFault consumes one application of the first fault that matches.
func (s *Simulator) takeFault(method, route, login string) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.faults {
		f := &s.faults[i]
		if f.Remaining == 0 || !f.Match.covers(method, route, login) {
			continue
		}
		if f.Remaining > 0 {
			f.Remaining--
		}
		taken := f.Fault
		return &taken
	}
	return nil
}

// apply runs next under the fault: what is answered, and whether the connection is cut instead.
func (f *Fault) apply(r *http.Request, next func() reply) (answer reply, cut bool) {
	if f == nil {
		return next(), false
	}
	replaced := f.Drop || f.Status != 0 || len(f.Body) > 0
	if f.After || !replaced {
		if f.After {
			answer = next()
			f.wait(r)
		} else {
			f.wait(r)
			answer = next()
		}
		if !replaced {
			return answer, false
		}
	} else {
		f.wait(r)
	}
	return f.reply(), f.Drop
}

// wait pauses, unless the caller leaves first.
func (f *Fault) wait(r *http.Request) {
	if f.DelayMS == 0 {
		return
	}
	t := time.NewTimer(time.Duration(f.DelayMS) * time.Millisecond)
	defer t.Stop()
	select {
	case <-t.C:
	case <-r.Context().Done():
	}
}

func (f *Fault) reply() reply {
	a := reply{status: f.Status, contentType: "application/json"}
	if a.status == 0 {
		a.status = http.StatusOK
	}
	var text string
	if len(f.Body) > 0 && json.Unmarshal(f.Body, &text) == nil {
		a.body = []byte(text)
		if strings.HasPrefix(strings.TrimSpace(text), "<") {
			a.contentType = "text/html; charset=utf-8"
		}
	} else {
		a.body = f.Body
	}
	if len(a.body) == 0 && a.status >= 400 {
		return problem(a.status, "Panne provoquée par le simulateur.")
	}
	return a
}
