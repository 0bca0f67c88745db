package convention_test

import (
	"context"
	"io"
	"sync"
	"testing"
	"time"

	"apilos/api/alert"
	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/internal/fixture"

	"github.com/google/uuid"
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

// sansDepots refuses every deposit: the tests that need bytes use the real engine.
type sansDepots struct{}

func (sansDepots) PublierDocument(context.Context, auth.Principal, uuid.UUID, convention.Depot) (string, error) {
	return "", io.ErrUnexpectedEOF
}
func (sansDepots) Retirer(context.Context, string) error { return nil }

type scene struct {
	*fixture.Monde
	Service *convention.Service
	Sortie  *sortie
}

func nouvelleScene(t *testing.T) *scene {
	m := fixture.Nouveau(t)
	s := &sortie{}
	return &scene{m, convention.NewService(m.Store, s, sansDepots{}, nil, func() time.Time { return instant }), s}
}
