package revision

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// Creation asks for a revision.
type Creation struct {
	Nature                Nature
	PorteeType, PorteeCle string
	// Contexte is a JSON object, nil for {}.
	Contexte json.RawMessage
}

// Depot is a file sent for a revision. The content is read once, and only after the checks that can be
// made without it.
type Depot struct {
	Type, Nom, TypeMime string
	Contenu             io.Reader
	// TailleAnnoncee is the Content-Length, -1 when unknown.
	TailleAnnoncee int64
	// MD5 is the Content-MD5 as received, hexadecimal or base64; "" when absent.
	MD5 string
	// Encodage is the Content-Encoding as received; anything but "" is refused.
	Encodage string
}

// Publication are the options of publish.
type Publication struct {
	HabilitationID string
	// SansHabilitation bypasses the habilitation rule, for the administrator (07 §4.6).
	SansHabilitation bool
	// Version of the convention that the caller read, 0 when they do not say: another one is then refused (CC-01).
	Version int
}

// Service holds the steps of a revision, one method each.
type Service struct {
	c      Config
	genres map[Nature]Genre
	bassin *bassin
}

// Config is what the service needs; the first four members are required.
type Config struct {
	Store        Store
	Coffre       Coffre
	Identifiants *Identifiants
	Horloge      func() time.Time
	// Scanner reads files for viruses; nil when none is configured: files are then NON_ANALYSE.
	Scanner Scanner
	// Publiee, optional, is told of each publication, whatever its nature, inside its transaction: the outbox of
	// those who follow the platform (00 decision 32).
	Publiee func(ctx context.Context, p *EnPublication) error
	// Ouvriers is how many validations run at the same time (DEPOT_VALIDATION_WORKERS); 0: 2.
	// At least two places exist, so that a small file never waits for a large one.
	Ouvriers int
	// DelaiCalcul bounds one validation, waiting included (DEPOT_VALIDATION_TIMEOUT); 0: 120 s.
	DelaiCalcul time.Duration
}

// Scanner looks for viruses. An error means that it could not tell.
type Scanner interface {
	Analyser(ctx context.Context, r io.Reader) (infecte bool, err error)
}

// New returns a service without any nature: see Enregistrer.
func New(c Config) (*Service, error) {
	if c.Store == nil || c.Coffre == nil || c.Identifiants == nil || c.Horloge == nil {
		return nil, errors.New("revision: a dependency is missing")
	}
	if c.Ouvriers < 1 {
		c.Ouvriers = 2
	}
	if c.DelaiCalcul <= 0 {
		c.DelaiCalcul = 120 * time.Second
	}
	return &Service{c: c, genres: map[Nature]Genre{}, bassin: nouveauBassin(c.Ouvriers)}, nil
}

// Enregistrer adds natures; it is called while the program is wired, before the first request.
func (s *Service) Enregistrer(genres ...Genre) error {
	for _, g := range genres {
		if _, deja := s.genres[g.Nature()]; deja {
			return fmt.Errorf("revision: nature %s registered twice", g.Nature())
		}
		s.genres[g.Nature()] = g
	}
	return nil
}

// Genre returns what is registered for a nature.
func (s *Service) Genre(n Nature) (Genre, bool) {
	g, ok := s.genres[n]
	return g, ok
}

func (s *Service) maintenant() time.Time { return s.c.Horloge().UTC().Truncate(time.Microsecond) }

// InTx runs several steps in one transaction of the store.
func (s *Service) InTx(ctx context.Context, fn func(ctx context.Context) error) error {
	return s.c.Store.InTx(ctx, fn)
}
