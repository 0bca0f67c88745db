package sim

import (
	"bytes"
	"cmp"
	"embed"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"apilos/api/siap"
)

//go:embed pages/*.html pages/style.css
var pageFiles embed.FS

const stylePath = "/simulateur.css"

// person is somebody of the scenario, as the pages show them.
type person struct {
	Login, Name, Initials, Mail string
	Group                       string
	Password                    bool
	Habilitations               []habilitationView
}

// habilitationView is a line under a person.
type habilitationView struct {
	ID        int64
	Role      string // Valideur
	Profile   string // Maître d'ouvrage, personne morale
	Entity    string // Porcelaine Habitat
	Territory string
	Badge     string // why or how access is limited, "" for full access
	Usable    bool
	Favourite bool
	Link      string // into the platform, "" when its address is unknown
}

// Groups of people, in the order of the pages.
const (
	groupBailleur    = "Bailleurs"
	groupInstructeur = "Services instructeurs"
	groupAdmin       = "Administrations"
	groupOther       = "Associations et partenaires"
	groupCase        = "Cas particuliers"
)

func groups() []string {
	return []string{groupBailleur, groupInstructeur, groupAdmin, groupOther, groupCase}
}

// people lists the people of the scenario, by CERBERE id.
func (s *Simulator) people() []person {
	sc, platform := s.Scenario(), s.platformURL()
	var out []person
	for login, u := range sc.Users {
		name := strings.TrimSpace(u.Cerbere.Prenom + " " + u.Cerbere.Nom)
		p := person{
			Login: login, Name: name, Initials: initials(u.Cerbere), Mail: u.Cerbere.Mel,
			Password: u.Cerbere.Password != "", Group: groupCase,
		}
		list := s.habilitations(login)
		for _, h := range list {
			p.Habilitations = append(p.Habilitations, s.view(h, platform))
		}
		if len(list) == 1 && p.Habilitations[0].Usable {
			p.Group = groupOf(list[0].Groupe.Profil.Code)
		}
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b person) int {
		return cmp.Or(
			cmp.Compare(slices.Index(groups(), a.Group), slices.Index(groups(), b.Group)),
			cmp.Compare(sc.Users[a.Login].Cerbere.ID, sc.Users[b.Login].Cerbere.ID), cmp.Compare(a.Login, b.Login))
	})
	return out
}

func groupOf(p siap.Profil) string {
	switch p {
	case siap.MOPersMorale, siap.MOPersPhys:
		return groupBailleur
	case siap.SerGest, siap.SerDep:
		return groupInstructeur
	case siap.DirReg, siap.AdmCentrale:
		return groupAdmin
	case siap.AssHlm, siap.Partenaires:
		return groupOther
	}
	return groupCase
}

func (s *Simulator) view(h siap.HabilitationDTO, platform string) habilitationView {
	d := siap.Evaluer(h, s.now())
	v := habilitationView{ID: h.ID, Entity: d.Entite.Nom, Usable: d.Utilisable(), Favourite: h.Favori}
	if h.Groupe != nil {
		v.Role, v.Profile = h.Groupe.LibelleRole, h.Groupe.Profil.Libelle
	}
	if h.PorteeTerritComp != nil {
		v.Territory = h.PorteeTerritComp.Libellee
	}
	if v.Entity == "" {
		v.Entity = h.SousTitre1
	}
	switch {
	case h.Statut == "A_VALIDER":
		v.Badge = "À valider"
	case !siap.Valide(h, s.now()):
		v.Badge = "Expirée"
	case !d.Utilisable():
		v.Badge = "Sans accès"
	case d.LectureSeule:
		v.Badge = "Lecture seule"
	}
	if platform != "" {
		v.Link = platform + "/?habilitation_id=" + strconv.FormatInt(h.ID, 10)
	}
	return v
}

func initials(c Cerbere) string {
	var out string
	for _, part := range []string{c.Prenom, c.Nom} {
		if r, _ := utf8.DecodeRuneInString(part); r != utf8.RuneError {
			out += string(r)
		}
	}
	return strings.ToUpper(out)
}

// peopleGroup is a heading and those under it.
type peopleGroup struct {
	Title  string
	People []person
}

func grouped(list []person) []peopleGroup {
	var out []peopleGroup
	for _, p := range list {
		if len(out) == 0 || out[len(out)-1].Title != p.Group {
			out = append(out, peopleGroup{Title: p.Group})
		}
		g := &out[len(out)-1]
		g.People = append(g.People, p)
	}
	return out
}

// loginPage is where people say who they are (05 C.2).
func (s *Simulator) loginPage(status int, service, current, problem string) reply {
	data := struct {
		Service, Destination, Current, Problem string
		Groups                                 []peopleGroup
		Password                               bool
	}{Service: service, Destination: destination(service), Problem: problem, Groups: grouped(s.people())}
	if u, ok := s.user(current); ok {
		data.Current = strings.TrimSpace(u.Cerbere.Prenom + " " + u.Cerbere.Nom)
	}
	for _, g := range data.Groups {
		data.Password = data.Password || slices.ContainsFunc(g.People, func(p person) bool { return p.Password })
	}
	return s.page(status, "login.html", data)
}

// destination is the name shown of a service: its host.
func destination(service string) string {
	u, err := url.Parse(service)
	if err != nil {
		return ""
	}
	return u.Host
}

// message is a page with a title and a sentence.
func (s *Simulator) message(status int, title, text string) reply {
	return s.page(status, "message.html", struct{ Title, Text, Platform string }{title, text, s.platformURL()})
}

func (s *Simulator) refusedService() reply {
	return s.message(http.StatusForbidden, "Service non autorisé",
		"L'adresse de retour demandée n'est pas dans la liste des services acceptés par ce simulateur.")
}

// page renders a template. A template that fails is a bug: it is logged and answered as such.
func (s *Simulator) page(status int, name string, data any) reply {
	t, err := template.ParseFS(pageFiles, "pages/layout.html", "pages/"+name)
	var b bytes.Buffer
	if err == nil {
		err = t.ExecuteTemplate(&b, "layout", data)
	}
	if err != nil {
		s.logger.Error("simulateur : page non rendue", "page", name, "erreur", err)
		return problem(http.StatusInternalServerError, "Page indisponible.")
	}
	return reply{status: status, contentType: "text/html; charset=utf-8", body: b.Bytes()}.
		with("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'").
		with("Referrer-Policy", "no-referrer")
}

func styleSheet() reply {
	b, err := pageFiles.ReadFile("pages/style.css")
	if err != nil {
		return problem(http.StatusNotFound, "Feuille de style absente.")
	}
	return reply{status: http.StatusOK, contentType: "text/css; charset=utf-8", body: b}
}
