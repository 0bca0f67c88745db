package clientapi_test

import (
	"bytes"
	"log/slog"
	"testing"
	"time"

	"apilos/api/auth"
	"apilos/api/clientapi"
	"apilos/api/internal/fixture"
	"apilos/api/store"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// banc is the service on PostgreSQL, at an instant that tests move.
type banc struct {
	*fixture.Monde
	*clientapi.Service
	t     *testing.T
	le    time.Time
	logs  *bytes.Buffer
	staff auth.Principal
}

func nouveauBanc(t *testing.T) *banc {
	t.Helper()
	t.Parallel()
	b := &banc{Monde: fixture.Nouveau(t), t: t, le: time.Date(2026, 4, 15, 9, 30, 0, 0, time.UTC), logs: &bytes.Buffer{}}
	b.Service = b.autreProcessus()
	b.staff = b.Utilisateur("Alice", "Support")
	b.staff.Staff = true
	return b
}

// autreProcessus is the service of another process on the same database.
func (b *banc) autreProcessus() *clientapi.Service {
	b.t.Helper()
	s, err := clientapi.New(clientapi.Config{
		Store: store.NewClientsAPI(b.Store), Horloge: func() time.Time { return b.le }, NouvelID: uuid.New, Journal: slog.New(slog.NewJSONHandler(b.logs, nil)),
	})
	require.NoError(b.t, err)
	return s
}

func demande(nom string, portees ...auth.Portee) clientapi.Demande {
	if len(portees) == 0 {
		portees = []auth.Portee{auth.ConventionsLire}
	}
	return clientapi.Demande{Nom: nom, Portees: portees, Perimetre: clientapi.Perimetre{Genre: clientapi.National}}
}

func (b *banc) creer(d clientapi.Demande) (*clientapi.Fiche, string) {
	b.t.Helper()
	f, jeton, err := b.Creer(b.t.Context(), b.staff, d)
	require.NoError(b.t, err)
	return f, jeton
}

// passe tells whether a token is accepted.
func (b *banc) passe(s *clientapi.Service, jeton string) bool {
	b.t.Helper()
	_, err := s.Authenticate(b.t.Context(), jeton)
	if err != nil {
		require.ErrorContains(b.t, err, "non_authentifie")
	}
	return err == nil
}
