package proconnect_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"apilos/api/proconnect"
	"apilos/api/sim"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"
)

const (
	retour = "http://localhost:8080/api-depot/habilitations/proconnect/callback"
	etat   = "etat-de-32-caracteres-tire-au-sort"
	nonce  = "nonce-de-32-caracteres-tire-au-sor"
	agent  = "j.faucher@limoges.example.org"
	siret  = "21870850000017"
)

type banc struct {
	*proconnect.Client
	sim *sim.Server
	le  time.Time
}

func nouveauBanc(t *testing.T, regler ...func(*proconnect.Config)) *banc {
	t.Helper()
	b := &banc{le: time.Date(2026, 4, 15, 9, 0, 0, 0, time.UTC)}
	silence := slog.New(slog.DiscardHandler)
	horloge := func() time.Time { return b.le }
	var err error
	b.sim, err = sim.Start(t.Context(), sim.Options{Logger: silence, Now: horloge})
	require.NoError(t, err)
	t.Cleanup(b.sim.Close)
	c := proconnect.Config{
		Base: b.sim.URL() + sim.RacineProConnect, ID: sim.ProConnectID, Secret: sim.ProConnectSecret, Retour: retour, Horloge: horloge, Journal: silence,
	}
	for _, f := range regler {
		f(&c)
	}
	b.Client, err = proconnect.New(c)
	require.NoError(t, err)
	return b
}

// signerEn signs the simulated provider's tokens with another algorithm.
func (b *banc) signerEn(t *testing.T, algorithme string) {
	t.Helper()
	s := *b.sim.Scenario()
	x := *s.Exterieur
	x.ProConnect.Algorithme = algorithme
	s.Exterieur = &x
	b.sim.SetScenario(&s)
}

// seConnecter is the journey of the browser: the page, the choice, the way back. It returns the code.
func (b *banc) seConnecter(t *testing.T, as string) string {
	t.Helper()
	adresse, err := b.URLAutorisation(t.Context(), etat, nonce)
	require.NoError(t, err)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, adresse+"&as="+url.QueryEscape(as), nil)
	require.NoError(t, err)
	navigateur := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := navigateur.Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	page, _ := io.ReadAll(res.Body)
	require.Equal(t, http.StatusFound, res.StatusCode, string(page))
	la, err := url.Parse(res.Header.Get("Location"))
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(la.String(), retour+"?"))
	require.Equal(t, etat, la.Query().Get("state"))
	return la.Query().Get("code")
}

func TestRoute28AdresseDAutorisation(t *testing.T) {
	b := nouveauBanc(t)
	adresse, err := b.URLAutorisation(t.Context(), etat, nonce)
	require.NoError(t, err)
	u, err := url.Parse(adresse)
	require.NoError(t, err)
	require.Equal(t, "/proconnect/api/v2/authorize", u.Path)
	require.Equal(t, url.Values{
		"response_type": {"code"}, "client_id": {sim.ProConnectID}, "redirect_uri": {retour}, "scope": {"openid siret"}, "state": {etat}, "nonce": {nonce},
	}, u.Query())
	_, err = b.URLAutorisation(t.Context(), "", nonce)
	require.Error(t, err)
}

func TestRoute29SiretDeLAgent(t *testing.T) {
	for _, algorithme := range []string{"RS256", "ES256"} {
		t.Run(algorithme, func(t *testing.T) {
			b := nouveauBanc(t)
			b.signerEn(t, algorithme)
			lu, err := b.Siret(t.Context(), b.seConnecter(t, agent), nonce)
			require.NoError(t, err)
			require.Equal(t, siret, lu)
			_, err = b.Siret(t.Context(), b.seConnecter(t, agent), nonce)
			require.NoError(t, err)
			require.Len(t, b.sim.Requests(sim.RoutePCDecouverte), 1, "kept")
			require.Len(t, b.sim.Requests(sim.RoutePCCles), 1, "kept")
		})
	}
}

func TestRoute29RefuseCeQuiNeTientPas(t *testing.T) {
	b := nouveauBanc(t)
	_, err := b.Siret(t.Context(), b.seConnecter(t, agent), "un autre nonce")
	require.ErrorIs(t, err, proconnect.ErrRefuse, "nonce of another sign-in")

	code := b.seConnecter(t, agent)
	_, err = b.Siret(t.Context(), code, nonce)
	require.NoError(t, err)
	_, err = b.Siret(t.Context(), code, nonce)
	require.ErrorIs(t, err, proconnect.ErrRefuse, "a code serves once")
	require.NotContains(t, err.Error(), code)

	code = b.seConnecter(t, agent)
	b.le = b.le.Add(2 * time.Minute)
	_, err = b.Siret(t.Context(), code, nonce)
	require.ErrorIs(t, err, proconnect.ErrRefuse, "too late")

	for _, mauvais := range []string{"", strings.Repeat("a", 5000)} {
		_, err = b.Siret(t.Context(), mauvais, nonce)
		require.ErrorIs(t, err, proconnect.ErrRefuse)
	}
	autre := nouveauBanc(t, func(c *proconnect.Config) { c.Secret = "un mauvais secret" })
	_, err = autre.Siret(t.Context(), autre.seConnecter(t, agent), nonce)
	require.ErrorIs(t, err, proconnect.ErrRefuse)
	require.NotContains(t, err.Error(), "un mauvais secret")
}

func TestRoute29JetonsForges(t *testing.T) {
	intrus, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	type changement func(b *banc, c jwt.MapClaims)
	signer := func(t *testing.T, b *banc, methode jwt.SigningMethod, cle any, changer changement) string {
		t.Helper()
		c := jwt.MapClaims{
			"iss": b.sim.URL() + "/proconnect/api/v2", "aud": sim.ProConnectID, "sub": "sim-" + agent, "siret": siret,
			"iat": b.le.Unix(), "exp": b.le.Add(time.Minute).Unix(),
		}
		if changer != nil {
			changer(b, c)
		}
		jeton := jwt.NewWithClaims(methode, c)
		jeton.Header["kid"] = "es256"
		s, err := jeton.SignedString(cle)
		require.NoError(t, err)
		return s
	}
	tests := map[string]func(t *testing.T, b *banc) string{
		"other key": func(t *testing.T, b *banc) string { return signer(t, b, jwt.SigningMethodES256, intrus, nil) },
		"no key": func(t *testing.T, b *banc) string {
			return signer(t, b, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, nil)
		},
		"shared key": func(t *testing.T, b *banc) string {
			return signer(t, b, jwt.SigningMethodHS256, []byte(sim.ProConnectSecret), nil)
		},
		"plain JSON":  func(*testing.T, *banc) string { return `{"sub":"sim-` + agent + `","siret":"` + siret + `"}` },
		"empty":       func(*testing.T, *banc) string { return " " },
		"three parts": func(*testing.T, *banc) string { return "a.b.c" },
	}
	for nom, forger := range tests {
		t.Run(nom, func(t *testing.T) {
			t.Parallel()
			b := nouveauBanc(t)
			code := b.seConnecter(t, agent)
			faux, err := json.Marshal(forger(t, b))
			require.NoError(t, err)
			require.NoError(t, b.sim.AddFaults(sim.Fault{Match: sim.Match{Route: sim.RoutePCUserinfo}, Body: faux}))
			lu, err := b.Siret(t.Context(), code, nonce)
			require.ErrorIs(t, err, proconnect.ErrRefuse)
			require.Empty(t, lu)
		})
	}
}

// A token that the provider signs is still refused when it is for somebody else, of somebody else, or stale.
func TestRoute29JetonsDeMauvaiseOrigine(t *testing.T) {
	cle, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	point, err := cle.PublicKey.Bytes()
	require.NoError(t, err)
	b64 := base64.RawURLEncoding.EncodeToString
	jwks, err := json.Marshal(map[string]any{"keys": []map[string]string{{"kty": "EC", "kid": "k", "crv": "P-256", "x": b64(point[1:33]), "y": b64(point[33:])}}})
	require.NoError(t, err)
	tests := map[string]struct {
		changer func(b *banc, c jwt.MapClaims)
		bon     bool
	}{
		"as it should be":  {func(*banc, jwt.MapClaims) {}, true},
		"other audience":   {func(_ *banc, c jwt.MapClaims) { c["aud"] = "un autre service" }, false},
		"other issuer":     {func(_ *banc, c jwt.MapClaims) { c["iss"] = "https://ailleurs.example.org" }, false},
		"expired":          {func(b *banc, c jwt.MapClaims) { c["exp"] = b.le.Add(-2 * time.Minute).Unix() }, false},
		"without end":      {func(_ *banc, c jwt.MapClaims) { delete(c, "exp") }, false},
		"of the future":    {func(b *banc, c jwt.MapClaims) { c["iat"] = b.le.Add(10 * time.Minute).Unix() }, false},
		"other nonce":      {func(_ *banc, c jwt.MapClaims) { c["nonce"] = "rejoué" }, false},
		"without nonce":    {func(_ *banc, c jwt.MapClaims) { delete(c, "nonce") }, false},
		"somebody else":    {func(_ *banc, c jwt.MapClaims) { c["sub"] = "quelqu'un d'autre" }, false},
		"without a person": {func(_ *banc, c jwt.MapClaims) { delete(c, "sub") }, false},
	}
	for nom, tt := range tests {
		t.Run(nom, func(t *testing.T) {
			t.Parallel()
			b := nouveauBanc(t)
			code := b.seConnecter(t, agent)
			signer := func(changer func(*banc, jwt.MapClaims)) string {
				c := jwt.MapClaims{
					"iss": b.sim.URL() + "/proconnect/api/v2", "aud": sim.ProConnectID, "sub": "personne", "siret": siret, "nonce": nonce,
					"iat": b.le.Unix(), "exp": b.le.Add(time.Minute).Unix(),
				}
				changer(b, c)
				jeton := jwt.NewWithClaims(jwt.SigningMethodES256, c)
				jeton.Header["kid"] = "k"
				s, err := jeton.SignedString(cle)
				require.NoError(t, err)
				return s
			}
			jetons, err := json.Marshal(map[string]string{"access_token": "acces", "token_type": "Bearer", "id_token": signer(tt.changer)})
			require.NoError(t, err)
			infos, err := json.Marshal(signer(func(*banc, jwt.MapClaims) {}))
			require.NoError(t, err)
			require.NoError(t, b.sim.AddFaults(
				sim.Fault{Match: sim.Match{Route: sim.RoutePCCles}, Body: jwks, Times: sim.Times(-1)},
				sim.Fault{Match: sim.Match{Route: sim.RoutePCToken}, Body: jetons},
				sim.Fault{Match: sim.Match{Route: sim.RoutePCUserinfo}, Body: infos},
			))
			lu, err := b.Siret(t.Context(), code, nonce)
			if tt.bon {
				require.NoError(t, err)
				require.Equal(t, siret, lu)
				return
			}
			require.ErrorIs(t, err, proconnect.ErrRefuse)
			require.Empty(t, lu)
		})
	}
}

func TestRoute29FournisseurEnPanne(t *testing.T) {
	for route, panne := range map[string]sim.Fault{
		sim.RoutePCDecouverte: {Status: 503, Times: sim.Times(-1)}, sim.RoutePCCles: {Status: 500, Times: sim.Times(-1)},
		sim.RoutePCToken: {Drop: true}, sim.RoutePCUserinfo: {Status: 502, Times: sim.Times(-1)},
	} {
		t.Run(route, func(t *testing.T) {
			t.Parallel()
			b := nouveauBanc(t)
			code := b.seConnecter(t, agent)
			panne.Match.Route = route
			require.NoError(t, b.sim.AddFaults(panne))
			_, err := b.Siret(t.Context(), code, nonce)
			require.ErrorIs(t, err, proconnect.ErrIndisponible)
		})
	}
	t.Run("slow", func(t *testing.T) {
		t.Parallel()
		b := nouveauBanc(t)
		code := b.seConnecter(t, agent)
		require.NoError(t, b.sim.AddFaults(sim.Fault{Match: sim.Match{Route: sim.RoutePCToken}, DelayMS: 30_000}))
		presse, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		_, err := b.Siret(presse, code, nonce)
		require.ErrorIs(t, err, proconnect.ErrIndisponible)
	})
}

func TestDecouverteQuiMeneAilleurs(t *testing.T) {
	b := nouveauBanc(t)
	code := b.seConnecter(t, agent)
	require.NoError(t, b.sim.AddFaults(sim.Fault{Match: sim.Match{Route: sim.RoutePCDecouverte}, Body: []byte(`{"issuer":"https://pirate.example","jwks_uri":"https://pirate.example/jwks"}`)}))
	_, err := b.Siret(t.Context(), code, nonce)
	require.ErrorIs(t, err, proconnect.ErrRefuse)
}

func TestSansSiret(t *testing.T) {
	b := nouveauBanc(t)
	s := *b.sim.Scenario()
	x := *s.Exterieur
	x.ProConnect.Personnes = []sim.Agent{{Prenom: "Sans", Nom: "Siret", Courriel: "sans@example.org"}}
	s.Exterieur = &x
	b.sim.SetScenario(&s)
	lu, err := b.Siret(t.Context(), b.seConnecter(t, "sans@example.org"), nonce)
	require.ErrorIs(t, err, proconnect.ErrSansSiret)
	require.Empty(t, lu)
}

func TestConfiguration(t *testing.T) {
	silence := slog.New(slog.DiscardHandler)
	sans, err := proconnect.New(proconnect.Config{Horloge: time.Now, Journal: silence})
	require.NoError(t, err)
	require.False(t, sans.Configure())
	_, err = sans.URLAutorisation(t.Context(), etat, nonce)
	require.ErrorIs(t, err, proconnect.ErrNonConfigure)
	_, err = sans.Siret(t.Context(), "code", nonce)
	require.ErrorIs(t, err, proconnect.ErrNonConfigure)
	for _, c := range []proconnect.Config{
		{Base: "https://pc.example.org", ID: "id", Retour: retour}, {Base: "https://pc.example.org", Secret: "s", Retour: retour},
		{Base: "https://pc.example.org", ID: "id", Secret: "s", Retour: "/retour"}, {Base: "pc.example.org", ID: "id", Secret: "s", Retour: retour},
	} {
		c.Horloge, c.Journal = time.Now, silence
		_, err := proconnect.New(c)
		require.Error(t, err)
	}
}
