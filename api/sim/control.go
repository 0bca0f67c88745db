package sim

import (
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// ControlPrefix is the root of the control routes.
const ControlPrefix = "/__sim"

// serveControl answers the control routes. They have no authentication: they are for this machine
// only, and not for the scripts of other sites opened in its browser.
func (s *Simulator) serveControl(w http.ResponseWriter, r *http.Request) {
	if !local(r) {
		problem(http.StatusForbidden, "Les routes de commande ne sont ouvertes qu'à cette machine.").write(w)
		return
	}
	key := r.Method + " " + strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, ControlPrefix), "/")
	handle, ok := map[string]func(*http.Request) reply{
		"GET ":             s.homePage,
		"GET /healthz":     s.health,
		"GET /schema":      func(*http.Request) reply { return jsonReply(http.StatusOK, json.RawMessage(Schema())) },
		"GET /scenario":    s.getScenario,
		"PUT /scenario":    s.putScenario,
		"POST /reset":      func(*http.Request) reply { s.Reset(); return noContent() },
		"GET /faults":      func(*http.Request) reply { return jsonReply(http.StatusOK, orEmpty(s.Faults())) },
		"POST /faults":     s.postFaults,
		"DELETE /faults":   func(*http.Request) reply { s.ClearFaults(); return noContent() },
		"GET /requests":    s.getRequests,
		"DELETE /requests": func(*http.Request) reply { s.ClearRequests(); return noContent() },
		"GET /alertes":     s.getAlertes,
		"GET /exterieur":   s.getExterieur,
		"POST /call":       s.drive,
		"POST /connexion":  s.startSession,
	}[key]
	if !ok {
		problem(http.StatusNotFound, "Route de commande inconnue.").write(w)
		return
	}
	handle(r).write(w)
}

// local tells whether a request comes from this machine, addresses it by a name of its own (a name
// that a foreign site would point here is refused), and was not sent by a page of another site.
func local(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil || !loopback(host) {
		return false
	}
	asked, err := url.Parse("http://" + r.Host)
	if err != nil || !loopback(asked.Hostname()) {
		return false
	}
	if origin := r.Header.Get("Origin"); origin != "" && origin != "null" {
		o, err := url.Parse(origin)
		return err == nil && loopback(o.Hostname())
	}
	return true
}

func noContent() reply { return reply{status: http.StatusNoContent} }

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func (s *Simulator) health(*http.Request) reply {
	sc := s.Scenario()
	return jsonReply(http.StatusOK, map[string]any{
		"statut": "ok", "version": sc.Version, "utilisateurs": len(sc.Users), "operations": len(sc.Operations),
	})
}

// getScenario returns the scenario as it was read, in JSON (00 decision 22).
func (s *Simulator) getScenario(*http.Request) reply {
	return jsonReply(http.StatusOK, s.Scenario().document)
}

// putScenario replaces the scenario by the body (JSON or YAML), or by an embedded one with ?nom=demo.
func (s *Simulator) putScenario(r *http.Request) reply {
	var sc *Scenario
	var err error
	if name := r.URL.Query().Get("nom"); name != "" {
		if name != "demo" && name != "minimal" {
			return problem(http.StatusNotFound, "Scénario embarqué inconnu : demo ou minimal.")
		}
		sc, err = Load(name)
	} else {
		body, fits := readBody(r, maxScenario)
		if !fits {
			return problem(http.StatusRequestEntityTooLarge, "Scénario de plus de 10 Mio.")
		}
		sc, err = Parse(body)
	}
	if err != nil {
		return invalid("Scénario refusé.", err)
	}
	s.SetScenario(sc)
	return s.health(r)
}

// invalid lists the problems of a document.
func invalid(detail string, err error) reply {
	var list *InvalidScenario
	if errors.As(err, &list) {
		return jsonReply(http.StatusBadRequest, map[string]any{"detail": detail, "erreurs": list.Problems})
	}
	return problem(http.StatusBadRequest, detail+" "+err.Error())
}

// postFaults adds one fault, or a list of them, and returns those that remain.
func (s *Simulator) postFaults(r *http.Request) reply {
	body, fits := readBody(r, maxBody)
	if !fits {
		return problem(http.StatusRequestEntityTooLarge, "Corps de plus de 1 Mio.")
	}
	var faults []Fault
	if strings.HasPrefix(strings.TrimSpace(string(body)), "[") {
		if err := decodeStrict(body, &faults); err != nil {
			return problem(http.StatusBadRequest, "Pannes illisibles : "+err.Error())
		}
	} else {
		var one Fault
		if err := decodeStrict(body, &one); err != nil {
			return problem(http.StatusBadRequest, "Panne illisible : "+err.Error())
		}
		faults = []Fault{one}
	}
	if err := s.AddFaults(faults...); err != nil {
		return invalid("Panne refusée.", err)
	}
	return jsonReply(http.StatusCreated, orEmpty(s.Faults()))
}

// getRequests returns the journal, limited by ?route=, ?method= and ?login=.
func (s *Simulator) getRequests(r *http.Request) reply {
	q := r.URL.Query()
	list := []Request{}
	for _, x := range s.Requests(q.Get("route")) {
		if (q.Get("method") == "" || q.Get("method") == x.Method) && (q.Get("login") == "" || q.Get("login") == x.Login()) {
			list = append(list, x)
		}
	}
	return jsonReply(http.StatusOK, list)
}

// getAlertes returns the alertes received, deleted ones included, limited by ?convention=.
func (s *Simulator) getAlertes(r *http.Request) reply {
	return jsonReply(http.StatusOK, orEmpty(s.Alertes(r.URL.Query().Get("convention"))))
}
