package sim

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"apilos/api/siap"
)

// operationView is an operation, as the pages show it.
type operationView struct {
	Numero, Nom, Commune, Bailleur, Gestionnaire string
	Aides                                        []string
	Link                                         string // page of the platform, "" when its address is unknown
	Page                                         string // page of the simulated SIAP
}

func (s *Simulator) operations() []operationView {
	sc := s.Scenario()
	out := []operationView{}
	for _, numero := range slices.Sorted(maps.Keys(sc.Operations)) {
		if v, ok := s.operationView(numero); ok {
			out = append(out, v)
		}
	}
	return out
}

func (s *Simulator) operationView(numero string) (operationView, bool) {
	o, err := s.Scenario().OperationDTO(numero)
	if err != nil {
		return operationView{}, false
	}
	v := operationView{
		Numero: numero, Nom: o.DonneesOperation.NomOperation,
		Page: "/operation/mes-operations/editer/" + url.PathEscape(numero) + "/informations-generales",
	}
	if platform := s.platformURL(); platform != "" {
		v.Link = platform + "/operations/" + url.PathEscape(numero)
	}
	if l := o.DonneesLocalisation; l != nil && l.Commune != nil {
		v.Commune = l.Commune.Libelle
	}
	if mo := o.MaitreOuvrage(); mo != nil {
		v.Bailleur = mo.Nom
	}
	if o.Gestionnaire != nil {
		v.Gestionnaire = o.Gestionnaire.Libelle
	}
	for _, a := range o.DonneesOperation.Aides {
		v.Aides = append(v.Aides, a.Code)
	}
	if o.DonneesOperation.SansTravaux {
		v.Aides = append(v.Aides, "sans travaux")
	}
	return v, true
}

// homePage is the page of demonstrations, /__sim/.
func (s *Simulator) homePage(r *http.Request) reply {
	requests := s.Requests("")
	slices.Reverse(requests)
	alertes := s.Alertes("")
	slices.Reverse(alertes)
	return s.page(http.StatusOK, "home.html", struct {
		Platform   string
		CAS        bool
		Groups     []peopleGroup
		Operations []operationView
		Alertes    []Alerte
		Faults     []ActiveFault
		Requests   []Request
		Exterieur  *exterieurView
	}{s.platformURL(), !s.options.WithoutCAS, grouped(s.people()), s.operations(), alertes, s.Faults(), requests[:min(len(requests), 20)], s.vueExterieur()})
}

// startSession opens the CAS session of the person chosen on the demonstration page, then goes to the
// platform, which asks CAS in turn: the ticket is obtained by the real protocol.
func (s *Simulator) startSession(r *http.Request) reply {
	body, fits := readBody(r, maxCASBody)
	form, err := url.ParseQuery(string(body))
	if !fits || err != nil {
		return problem(http.StatusBadRequest, "Formulaire illisible.")
	}
	login := form.Get(fieldLogin)
	if _, ok := s.user(login); !ok || s.options.WithoutCAS {
		return problem(http.StatusNotFound, "Personne inconnue du scénario.")
	}
	answer := s.signIn(r, login, "")
	if platform := s.platformURL(); platform != "" {
		next := "/"
		if id, err := strconv.ParseInt(form.Get("habilitation_id"), 10, 64); err == nil && id > 0 {
			next += "?habilitation_id=" + strconv.FormatInt(id, 10)
		}
		cookie := answer.header["Set-Cookie"]
		answer = redirect(platform + "/accounts/cerbere-login?next=" + url.QueryEscape(next))
		answer.header["Set-Cookie"] = cookie
	}
	return answer
}

// servePages answers the pages of the SIAP that the platform links to (05 B.4).
func (s *Simulator) servePages(w http.ResponseWriter, r *http.Request) bool {
	path := segments(r.URL.EscapedPath())
	joined := strings.Join(path, "/")
	var answer reply
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		return false
	case joined == "favicon.ico":
		answer = noContent()
	case joined == "tableau-bord", joined == "gerer-habilitations":
		answer = s.dashboard(r, joined == "gerer-habilitations")
	case joined == "operation", joined == "operation/mes-operations":
		answer = s.page(http.StatusOK, "operations.html", struct {
			Platform   string
			Operations []operationView
		}{s.platformURL(), s.operations()})
	case len(path) == 5 && path[0] == "operation" && path[2] == "editer":
		numero, err := url.PathUnescape(path[3])
		v, ok := s.operationView(numero)
		if err != nil || !ok {
			answer = s.message(http.StatusNotFound, "Opération inconnue", "Le scénario ne contient pas cette opération.")
			break
		}
		answer = s.page(http.StatusOK, "operation.html", struct {
			Platform string
			O        operationView
		}{s.platformURL(), v})
	default:
		return false
	}
	answer.write(w)
	return true
}

// dashboard is the home page of the simulated SIAP: it sends back to the platform with a habilitation.
func (s *Simulator) dashboard(r *http.Request, manage bool) reply {
	id, _ := strconv.ParseInt(r.URL.Query().Get("habilitation_id"), 10, 64)
	data := struct {
		Platform      string
		Manage        bool
		Person        string
		Current       *habilitationView
		Habilitations []habilitationView
	}{Platform: s.platformURL(), Manage: manage}
	for login, u := range s.Scenario().Users {
		list := s.habilitations(login)
		if _, ok := siap.Trouver(list, id); !ok {
			continue
		}
		data.Person = strings.TrimSpace(u.Cerbere.Prenom + " " + u.Cerbere.Nom)
		for _, h := range list {
			v := s.view(h, data.Platform)
			if h.ID == id {
				data.Current = &v
			}
			data.Habilitations = append(data.Habilitations, v)
		}
	}
	return s.page(http.StatusOK, "dashboard.html", data)
}
