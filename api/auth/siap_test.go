package auth_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"apilos/api/auth"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"
)

func verifier(t testing.TB, c auth.SIAPTokensConfig) *auth.SIAPTokens {
	t.Helper()
	if c.Keys == nil {
		c.Keys = []auth.Key{keyA, keyB}
	}
	if c.Algorithms == nil {
		c.Algorithms = []string{"HS256"}
	}
	if c.MaxLifetime == 0 {
		c.MaxLifetime = 24 * time.Hour
	}
	c.Leeway, c.Now = 30*time.Second, at(0)
	v, err := auth.NewSIAPTokens(c)
	require.NoError(t, err)
	return v
}

// siapToken signs the claims of a good token changed by change; a nil value removes a claim.
func siapToken(t testing.TB, method jwt.SigningMethod, kid any, key any, change map[string]any) string {
	t.Helper()
	c := jwt.MapClaims{"token_type": "access", "jti": "0d1bbd61", "iat": t0.Unix(), "exp": t0.Unix() + 300, "user-login": "une@example.org", "habilitation-id": 71}
	maps.Copy(c, change)
	maps.DeleteFunc(c, func(_ string, v any) bool { return v == nil })
	tok := jwt.NewWithClaims(method, c)
	if kid != nil {
		tok.Header["kid"] = kid
	}
	s, err := tok.SignedString(key)
	require.NoError(t, err)
	return s
}

func TestSIAPTokens_acceptsWhatTheContractAllows(t *testing.T) {
	v := verifier(t, auth.SIAPTokensConfig{})
	hs := jwt.SigningMethodHS256
	for name, c := range map[string]struct {
		token string
		login string
		id    int64
	}{
		"known kid":           {siapToken(t, hs, "a", keyA.Secret, nil), "une@example.org", 71},
		"no kid, second key":  {siapToken(t, hs, nil, keyB.Secret, nil), "une@example.org", 71},
		"numeric text":        {siapToken(t, hs, nil, keyA.Secret, map[string]any{"habilitation-id": "71"}), "une@example.org", 71},
		"nobody":              {siapToken(t, hs, nil, keyA.Secret, map[string]any{"user-login": nil, "habilitation-id": nil}), "", 0},
		"id not a number":     {siapToken(t, hs, nil, keyA.Secret, map[string]any{"habilitation-id": "x"}), "une@example.org", 0},
		"id with a fraction":  {siapToken(t, hs, nil, keyA.Secret, map[string]any{"habilitation-id": 1.5}), "une@example.org", 0},
		"id negative":         {siapToken(t, hs, nil, keyA.Secret, map[string]any{"habilitation-id": -1}), "une@example.org", 0},
		"login not a text":    {siapToken(t, hs, nil, keyA.Secret, map[string]any{"user-login": 12}), "", 71},
		"expired in leeway":   {siapToken(t, hs, nil, keyA.Secret, map[string]any{"exp": t0.Unix() - 29}), "une@example.org", 71},
		"issued in leeway":    {siapToken(t, hs, nil, keyA.Secret, map[string]any{"iat": t0.Unix() + 29}), "une@example.org", 71},
		"no issue date":       {siapToken(t, hs, nil, keyA.Secret, map[string]any{"iat": nil}), "une@example.org", 71},
		"lives one whole day": {siapToken(t, hs, nil, keyA.Secret, map[string]any{"exp": t0.Unix() + 86400}), "une@example.org", 71},
	} {
		got, err := v.Verify(c.token)
		require.NoError(t, err, name)
		require.Equal(t, c.login, got.Login, name)
		require.Equal(t, c.id, got.HabilitationID, name)
		require.Equal(t, "0d1bbd61", got.ID, name)
	}
}

func TestSIAPTokens_refusals(t *testing.T) {
	v := verifier(t, auth.SIAPTokensConfig{})
	hs := jwt.SigningMethodHS256
	web, _, err := newTokens(t, at(0), keyA).Issue(auth.Claims{Subject: userID, SessionID: sid})
	require.NoError(t, err)
	for name, token := range map[string]string{
		"empty":                  "",
		"too long":               strings.Repeat("a", 5000),
		"not a token":            "a.b.c",
		"alg none":               siapToken(t, jwt.SigningMethodNone, nil, jwt.UnsafeAllowNoneSignatureType, nil),
		"alg not allowed":        siapToken(t, jwt.SigningMethodHS512, nil, keyA.Secret, nil),
		"wrong key":              siapToken(t, hs, nil, []byte(strings.Repeat("z", 40)), nil),
		"kid of another key":     siapToken(t, hs, "b", keyA.Secret, nil),
		"unknown kid":            siapToken(t, hs, "c", keyA.Secret, nil),
		"kid empty":              siapToken(t, hs, "", keyA.Secret, nil),
		"kid not a text":         siapToken(t, hs, 1, keyA.Secret, nil),
		"refresh":                siapToken(t, hs, nil, keyA.Secret, map[string]any{"token_type": "refresh"}),
		"no type":                siapToken(t, hs, nil, keyA.Secret, map[string]any{"token_type": nil}),
		"no exp":                 siapToken(t, hs, nil, keyA.Secret, map[string]any{"exp": nil}),
		"exp not a number":       siapToken(t, hs, nil, keyA.Secret, map[string]any{"exp": "demain"}),
		"expired":                siapToken(t, hs, nil, keyA.Secret, map[string]any{"exp": t0.Unix() - 31}),
		"issued later":           siapToken(t, hs, nil, keyA.Secret, map[string]any{"iat": t0.Unix() + 31}),
		"not before":             siapToken(t, hs, nil, keyA.Secret, map[string]any{"nbf": t0.Unix() + 31}),
		"no jti":                 siapToken(t, hs, nil, keyA.Secret, map[string]any{"jti": nil}),
		"blank jti":              siapToken(t, hs, nil, keyA.Secret, map[string]any{"jti": " "}),
		"lives too long":         siapToken(t, hs, nil, keyA.Secret, map[string]any{"exp": t0.Unix() + 86401}),
		"lives too long, no iat": siapToken(t, hs, nil, keyA.Secret, map[string]any{"exp": t0.Unix() + 86500, "iat": nil}),
		"of our own sessions":    web,
	} {
		_, err := v.Verify(token)
		require.ErrorIs(t, err, auth.ErrToken, name)
	}
}

func TestSIAPTokens_settings(t *testing.T) {
	long := siapToken(t, jwt.SigningMethodHS256, nil, keyA.Secret, map[string]any{"exp": t0.AddDate(35, 0, 0).Unix()})
	_, err := verifier(t, auth.SIAPTokensConfig{MaxLifetime: -1}).Verify(long)
	require.NoError(t, err, "no limit")
	hs512 := siapToken(t, jwt.SigningMethodHS512, nil, keyA.Secret, nil)
	_, err = verifier(t, auth.SIAPTokensConfig{Algorithms: []string{"HS256", "HS512"}}).Verify(hs512)
	require.NoError(t, err)
	for name, c := range map[string]auth.SIAPTokensConfig{
		"no key":       {Algorithms: []string{"HS256"}, Now: at(0)},
		"short key":    {Keys: []auth.Key{{ID: "a", Secret: []byte("courte")}}, Algorithms: []string{"HS256"}, Now: at(0)},
		"same kid":     {Keys: []auth.Key{keyA, keyA}, Algorithms: []string{"HS256"}, Now: at(0)},
		"no algorithm": {Keys: []auth.Key{keyA}, Now: at(0)},
		"none":         {Keys: []auth.Key{keyA}, Algorithms: []string{"none"}, Now: at(0)},
		"asymmetric":   {Keys: []auth.Key{keyA}, Algorithms: []string{"RS256"}, Now: at(0)},
		"no clock":     {Keys: []auth.Key{keyA}, Algorithms: []string{"HS256"}},
	} {
		_, err := auth.NewSIAPTokens(c)
		require.Error(t, err, name)
	}
}
