package siap_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"apilos/api/siap"
	"apilos/api/sim"
)

// TestTwelveCalls makes every call of 05 B.3 against the simulator.
func TestTwelveCalls(t *testing.T) {
	b := newBench(t, "demo")
	ctx := t.Context()
	const marie, hab = "marie.durand@example.org", int64(101)
	habs, err := b.Habilitations(ctx, marie, hab)
	require.NoError(t, err)
	require.Equal(t, hab, habs[0].ID)
	none, err := b.Habilitations(ctx, "inconnu@example.org", 5)
	require.NoError(t, err)
	require.Empty(t, none)

	menu, err := b.Menu(ctx, marie, hab)
	require.NoError(t, err)
	require.Equal(t, "Tableau de bord", menu[0].Libelle)

	o, err := b.Operation(ctx, marie, hab, "20240870001")
	require.NoError(t, err)
	require.Equal(t, "Les Tilleuls de Beaubreuil", o.DonneesOperation.NomOperation)
	require.True(t, o.DonneesLocalisation.AdresseComplete.Complete)
	require.Equal(t, "2250000", o.PlansFinancement[0].Prets[0].Montant.String())
	require.NotEmpty(t, o.Brut)
	_, err = b.Operation(ctx, marie, hab, "inconnue")
	require.ErrorIs(t, err, siap.ErrNotFound)

	fusions, err := b.Fusions(ctx, marie, hab, "999087018")
	require.NoError(t, err)
	require.Equal(t, []siap.FusionDTO{{SirenAbsorbe: "999087026", SirenAbsorbant: "999087018", DateFinValidite: "2023-12-31"}}, fusions)

	operations, err := b.Operations(ctx, marie, hab)
	require.NoError(t, err)
	require.Len(t, operations, 6, "five of her own and the absorbed one")

	users, err := b.UsersAdministration(ctx, marie, hab, "DD087")
	require.NoError(t, err)
	var logins []string
	for _, u := range users {
		logins = append(logins, u.Login)
	}
	require.Equal(t, []string{"camille.robin@example.org", "helene.roux@example.org", "luc.martin@example.org"}, logins)
	users, err = b.UsersMO(ctx, marie, hab, "999087018", "75")
	require.NoError(t, err)
	require.Len(t, users, 3)
	require.True(t, users[0].AProfil(siap.MOPersMorale))
	users, err = b.UsersMO(ctx, marie, hab, "999087018", "53")
	require.NoError(t, err)
	require.Empty(t, users)

	a := validAlerte()
	id, err := b.CreateAlerte(ctx, marie, hab, a)
	require.NoError(t, err)
	require.Equal(t, int64(1), id)
	list, err := b.ListAlertes(ctx, marie, hab, a.IDConvention)
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.True(t, list[0].SameAs(a))
	all, err := b.AllAlertes(ctx, marie, hab)
	require.NoError(t, err)
	require.Equal(t, list, all)
	require.NoError(t, b.DeleteAlerte(ctx, marie, hab, id))
	require.ErrorIs(t, b.DeleteAlerte(ctx, marie, hab, id), siap.ErrNotFound)
	list, err = b.ListAlertes(ctx, marie, hab, a.IDConvention)
	require.NoError(t, err)
	require.Empty(t, list)

	cfg, err := b.Config(ctx)
	require.NoError(t, err)
	require.Equal(t, "/tableau-bord", cfg.URLAccesWeb)
}

func TestNumeroIsPercentEncoded(t *testing.T) {
	b := newBench(t, "minimal")
	const odd = "A/1 2.b?c#é%"
	s, err := sim.Parse(fmt.Appendf(nil, `{"version":1,"users":{"une@example.org":{"cerbere":{"id":"1","nom":"E","prenom":"U","mel":"u@e"}}},
 "config":{"racineUrlAccesWeb":"x","urlAccesWeb":"/a","urlAccesWebOperation":"/b"},"operations":{%q:{"donneesOperation":{"numeroOperation":%q}}}}`, odd, odd))
	require.NoError(t, err)
	b.server.SetScenario(s)
	o, err := b.Operation(t.Context(), login, habID, odd)
	require.NoError(t, err)
	require.Equal(t, odd, o.DonneesOperation.NumeroOperation.String())
	require.Equal(t, "/services/operation/api-int/v0/operation/A%2F1%202.b%3Fc%23%C3%A9%25", b.server.Requests("operation")[0].Path)
}

func TestEmptyIdentifiersDesignateNothing(t *testing.T) {
	b := newBench(t, "minimal")
	for _, numero := range []string{"", ".", ".."} {
		_, err := b.Operation(t.Context(), login, habID, numero)
		require.ErrorIs(t, err, siap.ErrNotFound)
		_, err = b.RefreshOperation(t.Context(), login, habID, numero)
		require.ErrorIs(t, err, siap.ErrNotFound)
	}
	_, err := b.ListAlertes(t.Context(), login, habID, "")
	require.ErrorIs(t, err, siap.ErrNotFound)
	_, err = b.UsersMO(t.Context(), login, habID, "", "53")
	require.ErrorIs(t, err, siap.ErrNotFound)
	_, err = b.UsersMO(t.Context(), login, habID, "900000001", "")
	require.ErrorIs(t, err, siap.ErrNotFound)
	_, err = b.UsersAdministration(t.Context(), login, habID, "")
	require.ErrorIs(t, err, siap.ErrNotFound)
	_, err = b.Fusions(t.Context(), login, habID, " ")
	require.ErrorIs(t, err, siap.ErrRejected, "never the list of every merger")
	require.Empty(t, b.server.Requests(""))
}

// TestCreationWhoseAnswerIsLostAL23: the alerte exists although the call timed out; the flag says so,
// and the list shows it.
func TestCreationWhoseAnswerIsLostAL23(t *testing.T) {
	b := newBench(t, "minimal", siap.WithAttemptTimeout(2*time.Second))
	b.fault(t, sim.Fault{Match: sim.Match{Route: "alerte_create"}, DelayMS: 60_000, After: true})
	_, err := b.CreateAlerte(t.Context(), login, habID, validAlerte())
	require.ErrorIs(t, err, siap.ErrUnavailable)
	require.True(t, siap.AsError(err).MayHaveReached)
	list, err := b.ListAlertes(t.Context(), login, habID, validAlerte().IDConvention)
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.True(t, list[0].SameAs(validAlerte()))
}

func TestCreateAlerteAnswers(t *testing.T) {
	b := newBench(t, "minimal")
	for body, want := range map[string]int64{`12`: 12, `{"id":13}`: 13, `""`: 0, `"fait"`: 0, `[]`: 0, `{}`: 0} {
		b.fault(t, sim.Fault{Match: sim.Match{Route: "alerte_create"}, Status: 201, Body: json.RawMessage(body)})
		id, err := b.CreateAlerte(t.Context(), login, habID, validAlerte())
		require.NoError(t, err, body)
		require.Equal(t, want, id, body)
	}
}

func TestAlerteListShape(t *testing.T) {
	b := newBench(t, "minimal")
	for _, body := range []string{`null`, `{}`, `[{"id":0}]`, `[{"id":"x"}]`} {
		b.fault(t, sim.Fault{Match: sim.Match{Route: "alertes_convention"}, Body: json.RawMessage(body)})
		_, err := b.ListAlertes(t.Context(), login, habID, "x")
		require.ErrorIs(t, err, siap.ErrBadGateway, body)
	}
}

func TestHabilitationsShape(t *testing.T) {
	b := newBench(t, "minimal")
	for body, ok := range map[string]bool{`{"habilitations":null}`: true, `{"habilitations":[]}`: true, `{}`: false, `[]`: false, `{"habilitations":{}}`: false} {
		b.fault(t, sim.Fault{Match: sim.Match{Route: "habilitations"}, Body: json.RawMessage(body)})
		list, err := b.RefreshHabilitations(t.Context(), login, habID)
		if ok {
			require.NoError(t, err, body)
			require.Empty(t, list)
		} else {
			require.ErrorIs(t, err, siap.ErrBadGateway, body)
		}
	}
}

// TestLogsHoldNoSecret: metadata only at info; with debug, bodies without personal data; never a token.
func TestLogsHoldNoSecret(t *testing.T) {
	for _, level := range []slog.Level{slog.LevelInfo, slog.LevelDebug} {
		t.Run(level.String(), func(t *testing.T) {
			var out bytes.Buffer
			logger := slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: level}))
			b := newBench(t, "minimal")
			c, err := siap.New(siap.Config{Host: b.server.URL(), Key: b.server.Key(), LogCalls: true},
				siap.WithClock(b.clock.Now), siap.WithLogger(logger), siap.WithPause(b.pauses.sleep, func() float64 { return 0 }))
			require.NoError(t, err)
			defer c.Close()
			b.fault(t, sim.Fault{Match: sim.Match{Route: "habilitations"}, Status: 503},
				sim.Fault{Match: sim.Match{Route: "operation"}, Status: 401, Body: json.RawMessage(`{"detail":"jeton de une@example.org refusé"}`)})
			_, err = c.Habilitations(t.Context(), login, habID)
			require.NoError(t, err)
			_, err = c.Operation(t.Context(), login, habID, numero)
			require.ErrorIs(t, err, siap.ErrUnauthorized)
			logs := out.String()
			require.Contains(t, logs, `"route":"/operation/{numero}"`)
			require.Contains(t, logs, `"issue":"unavailable"`)
			require.Contains(t, logs, `"essai":2`)
			require.Contains(t, logs, "SIAP_CLIENT_JWT_SIGN_KEY", "operators are told that the key is refused")
			for _, secret := range []string{"eyJ", "Bearer", string(b.server.Key().Secret), login, "Exemple", numero} {
				require.NotContains(t, logs, secret)
			}
			require.Equal(t, level == slog.LevelDebug, strings.Contains(logs, `"reponse"`))
		})
	}
}

func TestWithoutLogCallsNothingAtInfo(t *testing.T) {
	var out bytes.Buffer
	b := newBench(t, "minimal", siap.WithLogger(slog.New(slog.NewTextHandler(&out, nil))))
	_, err := b.Habilitations(t.Context(), login, habID)
	require.NoError(t, err)
	require.Empty(t, out.String())
}
