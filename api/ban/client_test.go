package ban_test

import (
	"errors"
	"log/slog"
	"testing"
	"time"

	"apilos/api/ban"
	"apilos/api/distant"
	"apilos/api/sim"

	"github.com/stretchr/testify/require"
)

type banc struct {
	*ban.Client
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
	b.Client, err = ban.New(ban.Config{Base: b.sim.URL() + sim.RacineBAN, Jeton: "jeton-ban", Horloge: func() time.Time { return b.le }, Journal: silence})
	require.NoError(t, err)
	return b
}

func (b *banc) panne(t *testing.T, route string, f sim.Fault) {
	t.Helper()
	f.Match.Route, f.Times = route, sim.Times(-1)
	require.NoError(t, b.sim.AddFaults(f))
}

func TestNbNumeros(t *testing.T) {
	b := nouveauBanc(t)
	require.Equal(t, 6, b.NbNumeros(t.Context(), "87085"))
	require.Zero(t, b.NbNumeros(t.Context(), "01001"), "unknown commune")
	require.Zero(t, b.NbNumeros(t.Context(), "../../x"))
}

func TestNbNumerosVautZeroSurTouteDefaillance(t *testing.T) {
	for nom, panne := range map[string]sim.Fault{
		"breakdown": {Status: 502}, "page": {Body: []byte(`"<html>"`)}, "absent": {Body: []byte(`{}`)}, "negative": {Body: []byte(`{"nbNumeros": -3}`)},
		"absurd": {Body: []byte(`{"nbNumeros": 99999999999}`)}, "cut": {Drop: true}, "slow": {DelayMS: 60_000},
	} {
		t.Run(nom, func(t *testing.T) {
			t.Parallel()
			b := nouveauBanc(t)
			b.panne(t, sim.RouteBANLookup, panne)
			debut := time.Now()
			require.Zero(t, b.NbNumeros(t.Context(), "87085"))
			require.Less(t, time.Since(debut), 30*time.Second, "two attempts of two seconds, on a machine however loaded")
		})
	}
}

func TestDistrictEstGarde(t *testing.T) {
	b := nouveauBanc(t)
	id, ok := b.District(t.Context(), "87085")
	require.True(t, ok)
	require.Len(t, id, 36)
	_, ok = b.District(t.Context(), "87085")
	require.True(t, ok)
	_, ok = b.District(t.Context(), "01001")
	require.False(t, ok)
	_, _ = b.District(t.Context(), "01001")
	require.Len(t, b.sim.Requests(sim.RouteBANDistrict), 2, "absence is kept too")
	b.le = b.le.Add(5 * time.Minute)
	_, _ = b.District(t.Context(), "01001")
	_, _ = b.District(t.Context(), "87085")
	require.Len(t, b.sim.Requests(sim.RouteBANDistrict), 3, "an absence is asked again sooner")
	b.le = b.le.Add(time.Hour)
	_, _ = b.District(t.Context(), "87085")
	require.Len(t, b.sim.Requests(sim.RouteBANDistrict), 4)
}

func TestDistrictInconnuEnDeuxSecondes(t *testing.T) {
	for nom, panne := range map[string]sim.Fault{
		"slow": {DelayMS: 60_000}, "breakdown": {Status: 503}, "not a UUID": {Body: []byte(`{"response":[{"id":"1 OR 1=1"}]}`)},
		"not a list": {Body: []byte(`{"response":"x"}`)}, "empty": {Body: []byte(`{"response":[]}`)},
	} {
		t.Run(nom, func(t *testing.T) {
			t.Parallel()
			b := nouveauBanc(t)
			b.panne(t, sim.RouteBANDistrict, panne)
			debut := time.Now()
			_, ok := b.District(t.Context(), "87085")
			require.False(t, ok)
			require.Less(t, time.Since(debut), 30*time.Second, "07 §10.1: two seconds, on a machine however loaded")
		})
	}
}

func TestIdentifiantsDuFichierDeReference(t *testing.T) {
	b := nouveauBanc(t)
	ids, err := b.Identifiants(t.Context(), "87050")
	require.NoError(t, err)
	district, _ := b.District(t.Context(), "87050")
	require.Equal(t, district, ids.Commune)
	require.Len(t, ids.Toponymes, 2)
	require.NotEmpty(t, ids.Toponymes["87050_0040"], "a place without number")
	require.Len(t, ids.Adresses, 2)
	require.Len(t, ids.Adresses["87050_0030_00012"], 36)
	ids, err = b.Identifiants(t.Context(), "87085")
	require.NoError(t, err)
	require.NotEmpty(t, ids.Adresses["87085_0010_00003_bis"])
	require.NotEqual(t, ids.Adresses["87085_0010_00003"], ids.Adresses["87085_0010_00003_bis"])
}

func TestIdentifiantsDisentLeurEchec(t *testing.T) {
	tests := map[string]struct {
		route  string
		panne  sim.Fault
		nature error
	}{
		"lookup down":       {sim.RouteBANLookup, sim.Fault{Status: 503}, distant.ErrIndisponible},
		"lookup refused":    {sim.RouteBANLookup, sim.Fault{Status: 404}, distant.ErrRefuse},
		"district down":     {sim.RouteBANDistrict, sim.Fault{Status: 500}, distant.ErrIndisponible},
		"no district":       {sim.RouteBANDistrict, sim.Fault{Status: 404}, distant.ErrIllisible},
		"reference down":    {sim.RouteBANReference, sim.Fault{Status: 500}, distant.ErrIndisponible},
		"reference refused": {sim.RouteBANReference, sim.Fault{Status: 404}, distant.ErrRefuse},
		"page":              {sim.RouteBANReference, sim.Fault{Body: []byte(`"<html></html>"`)}, distant.ErrIllisible},
		"columns":           {sim.RouteBANReference, sim.Fault{Body: []byte(`"cle_interop;numero\n87050_0030_00012;12\n"`)}, distant.ErrIllisible},
		"short row":         {sim.RouteBANReference, sim.Fault{Body: []byte(`"cle_interop;id_ban_toponyme;id_ban_adresse\n87050\n"`)}, distant.ErrIllisible},
		"identifier":        {sim.RouteBANReference, sim.Fault{Body: []byte(`"cle_interop;id_ban_toponyme;id_ban_adresse\n87050_0030_00012;x;y\n"`)}, distant.ErrIllisible},
		"empty":             {sim.RouteBANReference, sim.Fault{Body: []byte(`" "`)}, distant.ErrIllisible},
	}
	for nom, tt := range tests {
		t.Run(nom, func(t *testing.T) {
			t.Parallel()
			b := nouveauBanc(t)
			b.panne(t, tt.route, tt.panne)
			ids, err := b.Identifiants(t.Context(), "87050")
			require.Nil(t, ids)
			require.ErrorIs(t, err, tt.nature)
		})
	}
}

func TestComposer(t *testing.T) {
	b := nouveauBanc(t)
	require.NoError(t, b.Composer(t.Context(), "87085"))
	require.Len(t, b.sim.Compositions(), 1)
	require.Equal(t, "87085", b.sim.Compositions()[0].Code)
	b.panne(t, sim.RouteBANComposer, sim.Fault{Status: 503})
	require.ErrorIs(t, b.Composer(t.Context(), "87085"), distant.ErrIndisponible)
	b.sim.ClearFaults()
	b.panne(t, sim.RouteBANComposer, sim.Fault{Status: 401})
	require.ErrorIs(t, b.Composer(t.Context(), "87085"), distant.ErrRefuse)
}

func TestSansBAN(t *testing.T) {
	c, err := ban.New(ban.Config{Horloge: time.Now, Journal: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	require.Zero(t, c.NbNumeros(t.Context(), "87085"))
	_, ok := c.District(t.Context(), "87085")
	require.False(t, ok)
	require.ErrorIs(t, c.Composer(t.Context(), "87085"), ban.ErrNonConfigure)
	_, err = c.Identifiants(t.Context(), "87085")
	require.True(t, errors.Is(err, ban.ErrNonConfigure))
}
