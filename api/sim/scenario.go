package sim

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"apilos/api/siap"
)

//go:embed scenarios/*.yaml
var embedded embed.FS

// maxScenario bounds a scenario file, in bytes.
const maxScenario = 10 << 20

// Scenario is what the simulators know at start: people, habilitations, operations. It is never
// changed once read; what happens afterwards (alertes, tickets) is in the Simulator.
type Scenario struct {
	Version    int                        `json:"version"`
	Perimetre  string                     `json:"perimetre,omitempty"` // libre (default) or strict
	Config     json.RawMessage            `json:"config"`
	Menu       json.RawMessage            `json:"menu,omitempty"`
	Users      map[string]User            `json:"users"`
	Operations map[string]json.RawMessage `json:"operations,omitempty"`
	Fusions    []siap.FusionDTO           `json:"fusions,omitempty"`
	Alertes    []json.RawMessage          `json:"alertes,omitempty"`
	Faults     []Fault                    `json:"faults,omitempty"`
	// Exterieur describes the services around the deposit of addresses; nil: they know nothing.
	Exterieur *Exterieur `json:"exterieur,omitempty"`

	document json.RawMessage // as read, in JSON
}

// User is a person of a scenario; the key of Scenario.Users is the login.
type User struct {
	Cerbere       Cerbere           `json:"cerbere"`
	Habilitations []json.RawMessage `json:"habilitations,omitempty"`
	Menu          json.RawMessage   `json:"menu,omitempty"`
}

// Cerbere holds the attributes CERBERE gives of a person.
type Cerbere struct {
	ID       string `json:"id"`
	Nom      string `json:"nom"`
	Prenom   string `json:"prenom"`
	Mel      string `json:"mel"`
	Password string `json:"password,omitempty"` // asked at the login page when not empty
}

// HabilitationsDTO returns the habilitations of u as the client of the platform reads them.
func (u User) HabilitationsDTO() ([]siap.HabilitationDTO, error) {
	out := make([]siap.HabilitationDTO, len(u.Habilitations))
	for i, raw := range u.Habilitations {
		if err := json.Unmarshal(raw, &out[i]); err != nil {
			return nil, fmt.Errorf("habilitation n° %d : %w", i+1, err)
		}
	}
	return out, nil
}

// OperationDTO returns the operation numero as the client of the platform reads it.
func (s *Scenario) OperationDTO(numero string) (siap.OperationDTO, error) {
	var o siap.OperationDTO
	raw, ok := s.Operations[numero]
	if !ok {
		return o, fmt.Errorf("opération %s absente du scénario", numero)
	}
	if err := json.Unmarshal(raw, &o); err != nil {
		return o, fmt.Errorf("opération %s : %w", numero, err)
	}
	o.Brut = slices.Clone(raw)
	return o, nil
}

// Names lists the embedded scenarios.
func Names() []string { return []string{"demo", "minimal"} }

// Load returns an embedded scenario by its name, or the scenario of a file.
func Load(nameOrPath string) (*Scenario, error) {
	var data []byte
	var err error
	if slices.Contains(Names(), nameOrPath) {
		data, err = embedded.ReadFile("scenarios/" + nameOrPath + ".yaml")
	} else {
		data, err = os.ReadFile(nameOrPath)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("scénario %q introuvable : donnez un fichier JSON ou YAML, ou %s", nameOrPath, strings.Join(Names(), " ou "))
	}
	if err != nil {
		return nil, fmt.Errorf("lecture du scénario %s : %w", nameOrPath, err)
	}
	s, err := Parse(data)
	if err != nil {
		return nil, fmt.Errorf("scénario %s : %w", nameOrPath, err)
	}
	return s, nil
}

// Parse reads a scenario in JSON or YAML and validates it. The error is an InvalidScenario when the
// document can be read but does not have the shape or the coherence of a scenario.
func Parse(data []byte) (*Scenario, error) {
	if len(data) > maxScenario {
		return nil, fmt.Errorf("scénario de plus de %d Mio", maxScenario>>20)
	}
	document, err := readDocument(data)
	if err != nil {
		return nil, err
	}
	shape, err := newSchema()
	if err != nil {
		return nil, err
	}
	if problems := shape.check(document); len(problems) > 0 {
		return nil, &InvalidScenario{problems}
	}
	s := new(Scenario)
	if s.document, err = json.Marshal(document); err != nil {
		return nil, fmt.Errorf("recodage du scénario : %w", err)
	}
	if err := json.Unmarshal(s.document, s); err != nil {
		return nil, fmt.Errorf("lecture du scénario : %w", err)
	}
	if problems := s.coherence(); len(problems) > 0 {
		return nil, &InvalidScenario{problems}
	}
	return s, nil
}

// InvalidScenario lists everything that is wrong with a scenario.
type InvalidScenario struct{ Problems []Problem }

// Error implements error, one problem per line.
func (e *InvalidScenario) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d erreur(s) :", len(e.Problems))
	for _, p := range e.Problems {
		fmt.Fprintf(&b, "\n  %s : %s", p.Path, p.Message)
	}
	return b.String()
}

func decodeStrict(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	return d.Decode(v)
}
