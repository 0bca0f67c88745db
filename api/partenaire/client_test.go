package partenaire_test

import (
	"log/slog"
	"testing"
	"time"

	"apilos/api/distant"
	"apilos/api/partenaire"
	"apilos/api/sim"

	"github.com/stretchr/testify/require"
)

const id = "5f9b1a2c3d4e5f6a7b8c9d0e"

func nouveauBanc(t *testing.T) (*partenaire.Client, *sim.Server) {
	t.Helper()
	silence := slog.New(slog.DiscardHandler)
	s, err := sim.Start(t.Context(), sim.Options{Scenario: "minimal", Logger: silence})
	require.NoError(t, err)
	t.Cleanup(s.Close)
	c, err := partenaire.New(partenaire.Config{Base: s.URL() + sim.RacinePartenaires, Jeton: "jeton", Horloge: time.Now, Journal: silence})
	require.NoError(t, err)
	return c, s
}

// The life of a client of 07 §6.1; every step may be repeated, as its job may be.
func TestVieDUnClient(t *testing.T) {
	c, s := nouveauBanc(t)
	ctx := t.Context()
	fiche := partenaire.Fiche{ClientID: id, Nom: "Éditeur", Perimetres: []partenaire.Perimetre{{Type: "departement", Code: "87"}}}
	for range 2 {
		require.NoError(t, c.Creer(ctx, fiche))
	}
	require.Equal(t, []sim.ClientPartenaire{{ClientID: id, Nom: "Éditeur", Type: "api-depot", Perimetres: []sim.PerimetrePublic{{Type: "departement", Code: "87"}}, Actif: true}}, s.Partenaires())
	fiche.Nom, fiche.Perimetres = "Éditeur bis", nil
	for range 2 {
		require.NoError(t, c.Modifier(ctx, fiche))
		require.NoError(t, c.Desactiver(ctx, id))
	}
	require.Equal(t, []sim.ClientPartenaire{{ClientID: id, Nom: "Éditeur bis", Type: "api-depot", Perimetres: []sim.PerimetrePublic{}}}, s.Partenaires())
	for range 2 {
		require.NoError(t, c.Reactiver(ctx, id))
	}
	require.True(t, s.Partenaires()[0].Actif)
	for _, r := range s.Requests(sim.RoutePartenaire) {
		require.Equal(t, []string{"Token ***"}, r.Headers["Authorization"])
	}
}

func TestEchecs(t *testing.T) {
	c, s := nouveauBanc(t)
	ctx := t.Context()
	require.NoError(t, c.Desactiver(ctx, id), "already gone")
	require.ErrorIs(t, c.Reactiver(ctx, id), distant.ErrRefuse)
	require.ErrorIs(t, c.Creer(ctx, partenaire.Fiche{ClientID: id}), distant.ErrRefuse, "without a name")
	require.NoError(t, s.AddFaults(sim.Fault{Match: sim.Match{Route: sim.RoutePartenaire}, Status: 503}))
	require.ErrorIs(t, c.Creer(ctx, partenaire.Fiche{ClientID: id, Nom: "x"}), distant.ErrIndisponible)
	sans, err := partenaire.New(partenaire.Config{})
	require.NoError(t, err)
	require.ErrorIs(t, sans.Desactiver(ctx, id), partenaire.ErrNonConfigure)
}
