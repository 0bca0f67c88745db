package sim

import (
	"net/http"
	"regexp"
	"strings"
)

// Roots of the services around the deposit of addresses (07 §13); each is the value of a setting once the
// address of the simulator is put before it.
const (
	RacineProConnect  = "/proconnect"                // PC_SERVICE_URL
	RacineAnnuaire    = "/annuaire/api/explore/v2.1" // API_ANNUAIRE
	RacineBAN         = "/ban-plateforme"            // BAN_API_URL
	RacinePartenaires = "/partenaires"               // API_BAL_ADMIN_URL
	CrochetMessagerie = "/messagerie/hooks/depot"    // MATTERMOST_WEBHOOK_URL
	Recepteur         = "/recepteur"                 // any webhook of the platform may point there
	jeuAnnuaire       = "/catalog/datasets/api-lannuaire-administration/records"
)

// Names of these routes, for faults and the journal.
const (
	RoutePCAuthorize  = "pc.authorize"
	RoutePCToken      = "pc.token"
	RoutePCUserinfo   = "pc.userinfo"
	RoutePCCles       = "pc.jwks"
	RoutePCDecouverte = "pc.discovery"
	RouteAnnuaire     = "annuaire.records"
	RouteBANLookup    = "ban.lookup"
	RouteBANDistrict  = "ban.district"
	RouteBANReference = "ban.reference"
	RouteBANComposer  = "ban.compose"
	RoutePartenaire   = "partenaire.clients"
	RouteMessagerie   = "messagerie.hook"
	RouteRecepteur    = "recepteur"
)

func routesExterieures() []string {
	return []string{
		RoutePCAuthorize, RoutePCToken, RoutePCUserinfo, RoutePCCles, RoutePCDecouverte, RouteAnnuaire,
		RouteBANLookup, RouteBANDistrict, RouteBANReference, RouteBANComposer, RoutePartenaire, RouteMessagerie, RouteRecepteur,
	}
}

// Exterieur is the part of a scenario that describes the services around the deposit of addresses.
type Exterieur struct {
	ProConnect ProConnect `json:"proconnect"`
	// Mairies is the directory of the administrations, by INSEE code.
	Mairies map[string][]Mairie `json:"mairies,omitempty"`
	// MairiePourTous gives an invented mairie to the communes that Mairies does not have.
	MairiePourTous bool `json:"mairie_pour_tous,omitempty"`
	// BAN is what the Base Adresse Nationale knows, by INSEE code.
	BAN map[string]CommuneBAN `json:"ban,omitempty"`
}

// Mairie is a line of the directory of the administrations.
type Mairie struct {
	Nom      string `json:"nom"`
	Type     string `json:"type,omitempty"` // mairie when empty
	Courriel string `json:"courriel"`       // several addresses are separated by ;
	Siret    string `json:"siret"`
}

// CommuneBAN is what the Base Adresse Nationale knows of a commune.
type CommuneBAN struct {
	Nom       string       `json:"nom"`
	District  string       `json:"district"`
	NbNumeros int          `json:"nbNumeros"`
	Adresses  []AdresseBAN `json:"adresses,omitempty"`
}

// AdresseBAN is a row of the reference file; number 99999 is a place without number.
type AdresseBAN struct {
	Cle        string `json:"cle_interop"`
	Voie       string `json:"voie"`
	Numero     int    `json:"numero"`
	Suffixe    string `json:"suffixe,omitempty"`
	IDToponyme string `json:"id_toponyme,omitempty"`
	IDAdresse  string `json:"id_adresse,omitempty"`
}

// exterieur returns the part of the loaded scenario; it is empty when the scenario has none.
func (s *Simulator) exterieur() Exterieur {
	if x := s.Scenario().Exterieur; x != nil {
		return *x
	}
	return Exterieur{}
}

// gestionnaire answers one route of these services.
type gestionnaire func(r *http.Request, body []byte) reply

// serveExterieur answers the services around the deposit; false when the path is none of theirs.
func (s *Simulator) serveExterieur(w http.ResponseWriter, r *http.Request) bool {
	name, methods := s.routeExterieure(strings.TrimSuffix(r.URL.Path, "/"))
	if name == "" {
		return false
	}
	body, fits := readBody(r, maxBody)
	s.exchange(w, r, exchange{route: name, body: body}, func() reply {
		method := r.Method
		if method == http.MethodHead {
			method = http.MethodGet
		}
		handle, ok := methods[method]
		switch {
		case !ok:
			return problem(http.StatusMethodNotAllowed, "Méthode non autorisée.")
		case !fits:
			return problem(http.StatusRequestEntityTooLarge, "Corps de plus de 1 Mio.")
		}
		return handle(r, body)
	})
	return true
}

var (
	reLookup    = regexp.MustCompile(`^/lookup/([0-9][0-9AB][0-9]{3})$`)
	reDistrict  = regexp.MustCompile(`^/api/district/cog/([0-9][0-9AB][0-9]{3})$`)
	reReference = regexp.MustCompile(`^/ban/communes/([0-9][0-9AB][0-9]{3})/download/csv-bal/adresses$`)
	reComposer  = regexp.MustCompile(`^/ban/communes/([0-9][0-9AB][0-9]{3})/compose$`)
	reClient    = regexp.MustCompile(`^/clients/([0-9a-f]{24})$`)
	reRestaurer = regexp.MustCompile(`^/clients/([0-9a-f]{24})/restore$`)
)

func (s *Simulator) routeExterieure(path string) (name string, methods map[string]gestionnaire) {
	switch {
	case strings.HasPrefix(path, RacineProConnect+"/"):
		return s.routeProConnect(strings.TrimPrefix(path, RacineProConnect))
	case path == RacineAnnuaire+jeuAnnuaire:
		return RouteAnnuaire, map[string]gestionnaire{"GET": s.annuaire}
	case strings.HasPrefix(path, RacineBAN+"/"):
		return s.routeBAN(strings.TrimPrefix(path, RacineBAN))
	case strings.HasPrefix(path, RacinePartenaires+"/"):
		return s.routePartenaire(strings.TrimPrefix(path, RacinePartenaires))
	case path == CrochetMessagerie:
		return RouteMessagerie, map[string]gestionnaire{"POST": s.messagerie}
	case path == Recepteur || strings.HasPrefix(path, Recepteur+"/"):
		return RouteRecepteur, map[string]gestionnaire{"POST": func(*http.Request, []byte) reply { return noContent() }}
	}
	return "", nil
}

func (s *Simulator) routeBAN(path string) (string, map[string]gestionnaire) {
	for _, x := range []struct {
		forme  *regexp.Regexp
		name   string
		method string
		handle func(code string) gestionnaire
	}{
		{reLookup, RouteBANLookup, "GET", s.banLookup},
		{reDistrict, RouteBANDistrict, "GET", s.banDistrict},
		{reReference, RouteBANReference, "GET", s.banReference},
		{reComposer, RouteBANComposer, "POST", s.banComposer},
	} {
		if m := x.forme.FindStringSubmatch(path); m != nil {
			return x.name, map[string]gestionnaire{x.method: x.handle(m[1])}
		}
	}
	return "", nil
}

func (s *Simulator) routePartenaire(path string) (string, map[string]gestionnaire) {
	if path == "/clients" {
		return RoutePartenaire, map[string]gestionnaire{"POST": s.partenaireCreer, "GET": s.partenaireLister}
	}
	if m := reClient.FindStringSubmatch(path); m != nil {
		return RoutePartenaire, map[string]gestionnaire{"PUT": s.partenaireModifier(m[1]), "DELETE": s.partenaireEtat(m[1], false)}
	}
	if m := reRestaurer.FindStringSubmatch(path); m != nil {
		return RoutePartenaire, map[string]gestionnaire{"PUT": s.partenaireEtat(m[1], true)}
	}
	return "", nil
}
