package sim

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"apilos/api/siap"
)

// DevelopmentSecret signs the tokens between platform and simulator when no key is given. It is public:
// the platform must refuse it in production, like any well-known default (05 A.2).
const DevelopmentSecret = "cle-publique-de-developpement-du-simulateur"

// Options sets up a simulator; the zero value serves the scenario demo on a free port of this machine.
type Options struct {
	Listen      string // 127.0.0.1:0 when empty; used by Start only
	Environment string // production is refused
	Scenario    string // name of an embedded scenario, or path of a file; demo when empty
	Prefix      string // API path of the SIAP, /api-int/v0 when empty

	// Keys verify the tokens received; DevelopmentSecret when empty.
	Keys []siap.Key
	// PublicURL is how a browser reaches the simulator; derived from the request when empty.
	PublicURL string
	// PlatformURL is the web root of the platform, for links and for driven calls.
	PlatformURL string
	// InboundKey signs the calls made in SIAP's name to the platform; the first of Keys when empty.
	InboundKey siap.Key
	// AllowedServices are the origins CAS sends tickets to (https://app.example.org); any loopback
	// origin when empty.
	AllowedServices []string

	WithoutSIAP bool // only CAS and control routes
	WithoutCAS  bool // only SIAP and control routes
	// WithoutExterieur leaves out the services around the deposit of addresses.
	WithoutExterieur bool

	Now    func() time.Time
	Logger *slog.Logger
}

// Simulator is the state behind the simulated servers. It is safe for concurrent use.
type Simulator struct {
	options  Options
	verifier verifier
	prefix   []string
	logger   *slog.Logger
	client   *http.Client // towards the platform
	shape    *schema

	mu       sync.Mutex
	scenario *Scenario
	platform string
	faults   []ActiveFault
	journal  []Request
	sequence int64
	alertes  []Alerte
	lastID   int64
	tickets  map[string]*ticket
	sessions map[string]*session

	cles         func() (clesPC, error) // of ProConnect, made at the first use
	connexions   map[string]connexion   // of ProConnect, by code and by access token
	compositions []Composition
	partenaires  map[string]ClientPartenaire
	equipe       []MessageEquipe
}

// ErrProduction is why a simulator does not start in production.
var ErrProduction = errors.New("les simulateurs SIAP et CERBERE ne démarrent pas en production : configurez SIAP_CLIENT_HOST et CERBERE_AUTH")

// New returns a simulator with its scenario loaded.
func New(o Options) (*Simulator, error) {
	if strings.Contains(strings.ToLower(o.Environment), "prod") {
		return nil, ErrProduction
	}
	if o.WithoutCAS && o.WithoutSIAP {
		return nil, errors.New("simulateur sans SIAP ni CERBERE : rien à servir")
	}
	if o.Scenario == "" {
		o.Scenario = "demo"
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if len(o.Keys) == 0 {
		o.Keys = []siap.Key{{Secret: []byte(DevelopmentSecret)}}
	}
	if len(o.InboundKey.Secret) == 0 {
		o.InboundKey = o.Keys[0]
	}
	if o.Prefix == "" {
		o.Prefix = "/api-int/v0"
	}
	scenario, err := Load(o.Scenario)
	if err != nil {
		return nil, err
	}
	shape, err := newSchema()
	if err != nil {
		return nil, err
	}
	s := &Simulator{
		cles: sync.OnceValues(nouvellesCles), options: o, verifier: verifier{o.Keys, o.Now}, prefix: segments(o.Prefix), logger: o.Logger, shape: shape,
		platform: strings.TrimRight(o.PlatformURL, "/"),
		client: &http.Client{Timeout: 30 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		}},
	}
	s.SetScenario(scenario)
	return s, nil
}

func (s *Simulator) now() time.Time { return s.options.Now() }

// Key returns the key that signs tokens for the simulated SIAP.
func (s *Simulator) Key() siap.Key { return s.options.Keys[0] }

// Scenario returns the loaded scenario.
func (s *Simulator) Scenario() *Scenario {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.scenario
}

// SetScenario replaces the scenario and resets everything else.
func (s *Simulator) SetScenario(sc *Scenario) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scenario = sc
	s.reset()
}

// Reset returns to the start of the scenario: alertes, faults, journal, tickets and CAS sessions.
func (s *Simulator) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reset()
}

func (s *Simulator) reset() {
	s.journal, s.faults, s.alertes, s.lastID = nil, nil, nil, 0
	s.tickets, s.sessions = map[string]*ticket{}, map[string]*session{}
	s.connexions, s.partenaires, s.compositions, s.equipe = map[string]connexion{}, map[string]ClientPartenaire{}, nil, nil
	for _, f := range s.scenario.Faults {
		s.faults = append(s.faults, f.active())
	}
	for _, raw := range s.scenario.Alertes {
		s.restoreAlerte(raw)
	}
}

// SetPlatform says where the platform is, when it was not known at start.
func (s *Simulator) SetPlatform(root string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.platform = strings.TrimRight(root, "/")
}

func (s *Simulator) platformURL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.platform
}

// AddFaults adds faults after those that remain.
func (s *Simulator) AddFaults(faults ...Fault) error {
	var problems []Problem
	for i, f := range faults {
		for _, p := range f.problems() {
			problems = append(problems, Problem{fmt.Sprintf("[%d]%s", i, p.Path), p.Message})
		}
	}
	if len(problems) > 0 {
		return &InvalidScenario{problems}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range faults {
		s.faults = append(s.faults, f.active())
	}
	return nil
}

// ClearFaults removes every fault.
func (s *Simulator) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// Faults returns the faults that remain.
func (s *Simulator) Faults() []ActiveFault {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.faults), func(f ActiveFault) bool { return f.Remaining == 0 })
}

// user returns a person of the scenario.
func (s *Simulator) user(login string) (User, bool) {
	u, ok := s.Scenario().Users[login]
	return u, ok
}

// habilitations decodes the habilitations of login; the scenario was checked, so they can be read.
func (s *Simulator) habilitations(login string) []siap.HabilitationDTO {
	u, ok := s.user(login)
	if !ok {
		return nil
	}
	list, err := u.HabilitationsDTO()
	if err != nil {
		s.logger.Error("simulateur : habilitations illisibles", "login", login, "erreur", err)
	}
	return list
}

// fill replaces the two addresses a scenario may name.
func (s *Simulator) fill(raw json.RawMessage, r *http.Request) json.RawMessage {
	return json.RawMessage(strings.NewReplacer(
		"{SIM_URL}", jsonText(s.publicURL(r)), "{PLATFORM_URL}", jsonText(s.platformURL()),
	).Replace(string(raw)))
}

// jsonText escapes a text for the inside of a JSON string.
func jsonText(s string) string {
	b, _ := json.Marshal(s)
	return string(b[1 : len(b)-1])
}

func (s *Simulator) publicURL(r *http.Request) string {
	if s.options.PublicURL != "" {
		return strings.TrimRight(s.options.PublicURL, "/")
	}
	return "http://" + r.Host
}

// maxBody bounds the bodies received, in bytes.
const maxBody = 1 << 20

// readBody reads a body within the limit; ok is false when it is too long or cannot be read.
func readBody(r *http.Request, limit int64) (body []byte, ok bool) {
	body, err := io.ReadAll(io.LimitReader(r.Body, limit+1))
	return body, err == nil && int64(len(body)) <= limit
}
