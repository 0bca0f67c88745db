package convention_test

import (
	"context"
	"io"
	"sync"
	"testing"
	"time"

	"apilos/api/alert"
	"apilos/api/convention"
	"apilos/api/internal/fixture"
)

var instant = time.Date(2026, 4, 15, 9, 30, 0, 0, time.UTC)

// sortie records the events that would leave the platform.
type sortie struct {
	mu     sync.Mutex
	recus  []alert.Evenement
	erreur error
}

func (s *sortie) Emettre(_ context.Context, e alert.Evenement) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.recus = append(s.recus, e)
	return s.erreur
}

// coffreVide refuses every deposit: the tests that need bytes use the real store.
type coffreVide struct{}

func (coffreVide) Deposer(context.Context, string, io.Reader, int64, string) (int64, string, error) {
	return 0, "", io.ErrUnexpectedEOF
}
func (coffreVide) Retirer(context.Context, string) error { return nil }
func (coffreVide) Compartiment() string                  { return "essai" }

type scene struct {
	*fixture.Monde
	Service *convention.Service
	Sortie  *sortie
}

func nouvelleScene(t *testing.T) *scene {
	m := fixture.Nouveau(t)
	s := &sortie{}
	return &scene{m, convention.NewService(m.Store, s, coffreVide{}, nil, func() time.Time { return instant }), s}
}
