package annuaire_test

import (
	"log/slog"
	"net/http"
	"sync"
	"testing"
	"time"

	"apilos/api/annuaire"
	"apilos/api/sim"

	"github.com/stretchr/testify/require"
)

type banc struct {
	*annuaire.Client
	sim *sim.Server
	le  time.Time
}

func nouveauBanc(t *testing.T) *banc {
	t.Helper()
	b := &banc{le: time.Date(2026, 4, 15, 9, 0, 0, 0, time.UTC)}
	silence := slog.New(slog.DiscardHandler)
	var err error
	b.sim, err = sim.Start(t.Context(), sim.Options{Logger: silence})
	require.NoError(t, err)
	t.Cleanup(b.sim.Close)
	b.Client, err = annuaire.New(annuaire.Config{Base: b.sim.URL() + sim.RacineAnnuaire, Horloge: func() time.Time { return b.le }, Journal: silence, Delai: time.Second})
	require.NoError(t, err)
	return b
}

func (b *banc) appels() int { return len(b.sim.Requests(sim.RouteAnnuaire)) }

func TestCourrielsDUneMairie(t *testing.T) {
	b := nouveauBanc(t)
	tests := map[string][]string{
		"87085": {"mairie@limoges.example.org", "adressage@limoges.example.org"}, // the treasury is not a mairie
		"10387": {"mairie@troyes.example.org", "secretariat@troyes.example.org"}, // once each, invalid ones dropped
		"01001": {"mairie-01001@example.org"},
	}
	for code, attendu := range tests {
		require.Equal(t, attendu, b.Courriels(t.Context(), code), code)
	}
	courriels, sirets, err := b.Mairie(t.Context(), "87085")
	require.NoError(t, err)
	require.Equal(t, tests["87085"], courriels)
	require.Equal(t, []string{"21870850000017"}, sirets)
}

func TestRoute22GardeUneHeure(t *testing.T) {
	b := nouveauBanc(t)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() { b.Courriels(t.Context(), "87085") })
	}
	wg.Wait()
	require.Equal(t, 1, b.appels(), "those who ask together share one call")
	b.le = b.le.Add(time.Hour - time.Second)
	b.Courriels(t.Context(), "87085")
	require.Equal(t, 1, b.appels())
	b.le = b.le.Add(time.Second)
	b.Courriels(t.Context(), "87085")
	require.Equal(t, 2, b.appels())
}

func TestRoute22ListeVideSurTouteDefaillance(t *testing.T) {
	tests := map[string]sim.Fault{
		"breakdown":   {Status: 500},
		"refusal":     {Status: 400},
		"page":        {Body: []byte(`"<html>en travaux</html>"`)},
		"other shape": {Body: []byte(`{"results": "rien"}`)},
		"cut":         {Drop: true},
		"too slow":    {DelayMS: 5000},
	}
	for nom, panne := range tests {
		t.Run(nom, func(t *testing.T) {
			t.Parallel()
			b := nouveauBanc(t)
			panne.Match.Route, panne.Times = sim.RouteAnnuaire, sim.Times(-1)
			require.NoError(t, b.sim.AddFaults(panne))
			liste := b.Courriels(t.Context(), "87085")
			require.NotNil(t, liste)
			require.Empty(t, liste)
			_, err := b.Sirets(t.Context(), "87085")
			require.Error(t, err, "route 29 must know that nothing was read")
			b.sim.ClearFaults()
			b.le = b.le.Add(time.Minute)
			require.NotEmpty(t, b.Courriels(t.Context(), "87085"), "failures are not kept")
		})
	}
}

func TestUnCodeNEntrePasDansLaRequeteSansForme(t *testing.T) {
	b := nouveauBanc(t)
	for _, code := range []string{"", "8708", `87085" or 1=1`, "87085\"", "ABCDE", "2a004"} {
		require.Empty(t, b.Courriels(t.Context(), code), code)
	}
	require.Zero(t, b.appels())
}

func TestSansAdresseConfiguree(t *testing.T) {
	c, err := annuaire.New(annuaire.Config{Horloge: time.Now, Journal: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	require.Empty(t, c.Courriels(t.Context(), "87085"))
	_, _, err = c.Mairie(t.Context(), "87085")
	require.ErrorIs(t, err, annuaire.ErrNonConfigure)
	_, err = annuaire.New(annuaire.Config{Base: "pas une adresse", Horloge: time.Now, Journal: slog.New(slog.DiscardHandler), HTTP: http.DefaultClient})
	require.Error(t, err)
}
