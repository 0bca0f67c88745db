package auth_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"apilos/api/auth"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"
)

const (
	issuer  = "https://app.example"
	userID  = "6f1c1d52-6a0b-4c43-9a53-0c7a8f0c1a11"
	staffID = "6f1c1d52-6a0b-4c43-9a53-0c7a8f0c1a22"
	sid     = "0d1bbd61-4fd1-4a51-8d6d-0a7f8c2a9b01"
)

var (
	keyA = auth.Key{ID: "a", Secret: []byte(strings.Repeat("a", 32))}
	keyB = auth.Key{ID: "b", Secret: []byte(strings.Repeat("b", 40))}
	t0   = time.Date(2025, 6, 2, 8, 0, 0, 0, time.UTC)
)

func newTokens(t testing.TB, now func() time.Time, keys ...auth.Key) *auth.Tokens {
	t.Helper()
	n := 0
	toks, err := auth.NewTokens(keys, issuer, now, func() string { n++; return fmt.Sprint("jti-", n) })
	require.NoError(t, err)
	return toks
}

func at(d time.Duration) func() time.Time { return func() time.Time { return t0.Add(d) } }

func TestTokens_roundTrip(t *testing.T) {
	toks := newTokens(t, at(0), keyA)
	in := auth.Claims{Subject: userID, SessionID: sid, Habilitation: 71, ReadOnly: true, Actor: staffID}
	signed, issued, err := toks.Issue(in)
	require.NoError(t, err)

	out, err := toks.Verify(signed)
	require.NoError(t, err)
	require.Equal(t, issued, out)
	require.Equal(t, "jti-1", out.ID)
	require.Equal(t, t0.Add(5*time.Minute), out.ExpiresAt)
	in.ID, in.IssuedAt, in.ExpiresAt = out.ID, out.IssuedAt, out.ExpiresAt
	require.Equal(t, in, out)
}

func TestTokens_payloadIsTheOneOfTheSpecification(t *testing.T) {
	signed, _, err := newTokens(t, at(0), keyA).Issue(auth.Claims{Subject: userID, SessionID: sid})
	require.NoError(t, err)
	parts := strings.Split(signed, ".")
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	require.NoError(t, err)
	var payload map[string]any
	require.NoError(t, json.Unmarshal(raw, &payload))
	require.Equal(t, map[string]any{
		"iss": issuer, "aud": "web", "sub": userID, "sid": sid, "jti": "jti-1",
		"iat": float64(t0.Unix()), "exp": float64(t0.Unix() + 300), "hab": float64(0), "ro": false,
	}, payload)
	head, err := base64.RawURLEncoding.DecodeString(parts[0])
	require.NoError(t, err)
	require.JSONEq(t, `{"alg":"HS256","typ":"JWT","kid":"a"}`, string(head))
}

func TestTokens_lifeCanBeShorterNeverLonger(t *testing.T) {
	toks := newTokens(t, at(0), keyA)
	for _, c := range []struct{ asked, want time.Duration }{
		{time.Minute, time.Minute},
		{time.Hour, auth.AccessTokenLife},
	} {
		_, got, err := toks.Issue(auth.Claims{Subject: userID, SessionID: sid, ExpiresAt: t0.Add(c.asked)})
		require.NoError(t, err)
		require.Equal(t, t0.Add(c.want), got.ExpiresAt)
	}
}

func TestTokens_expire(t *testing.T) {
	signed, _, err := newTokens(t, at(0), keyA).Issue(auth.Claims{Subject: userID, SessionID: sid})
	require.NoError(t, err)
	_, err = newTokens(t, at(4*time.Minute+59*time.Second), keyA).Verify(signed)
	require.NoError(t, err)
	_, err = newTokens(t, at(5*time.Minute+6*time.Second), keyA).Verify(signed)
	require.ErrorIs(t, err, auth.ErrToken)
	_, err = newTokens(t, at(-time.Minute), keyA).Verify(signed)
	require.ErrorIs(t, err, auth.ErrToken, "issued in the future")
}

func TestTokens_keyRotation(t *testing.T) {
	old, _, err := newTokens(t, at(0), keyA).Issue(auth.Claims{Subject: userID, SessionID: sid})
	require.NoError(t, err)

	rotated := newTokens(t, at(0), keyB, keyA)
	_, err = rotated.Verify(old)
	require.NoError(t, err, "the former key is accepted until removed")
	fresh, _, err := rotated.Issue(auth.Claims{Subject: userID, SessionID: sid})
	require.NoError(t, err)

	after := newTokens(t, at(0), keyB)
	_, err = after.Verify(fresh)
	require.NoError(t, err, "the first key signs")
	_, err = after.Verify(old)
	require.ErrorIs(t, err, auth.ErrToken, "unknown kid")
}

// forge signs claims that Issue would never write.
func forge(t testing.TB, method jwt.SigningMethod, header map[string]any, key any, edit func(jwt.MapClaims)) string {
	t.Helper()
	c := jwt.MapClaims{"iss": issuer, "aud": "web", "sub": userID, "sid": sid, "jti": "x",
		"iat": t0.Unix(), "exp": t0.Unix() + 300, "hab": 71, "ro": false}
	edit(c)
	tok := jwt.NewWithClaims(method, c)
	for k, v := range header {
		tok.Header[k] = v
	}
	s, err := tok.SignedString(key)
	require.NoError(t, err)
	return s
}

func TestTokens_refusals(t *testing.T) {
	toks := newTokens(t, at(0), keyA, keyB)
	kid := map[string]any{"kid": "a"}
	same := func(jwt.MapClaims) {}
	set := func(k string, v any) func(jwt.MapClaims) { return func(c jwt.MapClaims) { c[k] = v } }
	drop := func(k string) func(jwt.MapClaims) { return func(c jwt.MapClaims) { delete(c, k) } }
	hs := jwt.SigningMethodHS256

	ok := forge(t, hs, kid, keyA.Secret, same)
	_, err := toks.Verify(ok)
	require.NoError(t, err, "the forged base must be valid, or the table proves nothing")
	_, err = toks.Verify(forge(t, hs, nil, keyB.Secret, same))
	require.NoError(t, err, "without kid every key is tried")

	siap := jwt.NewWithClaims(hs, jwt.MapClaims{"token_type": "access", "jti": "x", "user-login": "une@example.org",
		"habilitation-id": 71, "iat": t0.Unix(), "exp": t0.Unix() + 300})
	siapSigned, err := siap.SignedString(keyA.Secret)
	require.NoError(t, err)

	for name, token := range map[string]string{
		"empty":                   "",
		"not a token":             "abc",
		"too long":                strings.Repeat("a", 5000),
		"alg none":                forge(t, jwt.SigningMethodNone, kid, jwt.UnsafeAllowNoneSignatureType, same),
		"alg HS512":               forge(t, jwt.SigningMethodHS512, kid, keyA.Secret, same),
		"other secret":            forge(t, hs, kid, []byte(strings.Repeat("z", 32)), same),
		"kid of another key":      forge(t, hs, map[string]any{"kid": "b"}, keyA.Secret, same),
		"unknown kid":             forge(t, hs, map[string]any{"kid": "zz"}, keyA.Secret, same),
		"kid not a text":          forge(t, hs, map[string]any{"kid": 1}, keyA.Secret, same),
		"changed signature":       ok[:len(ok)-2] + "AA",
		"token of the SIAP":       siapSigned,
		"other issuer":            forge(t, hs, kid, keyA.Secret, set("iss", "https://evil.example")),
		"no issuer":               forge(t, hs, kid, keyA.Secret, drop("iss")),
		"other audience":          forge(t, hs, kid, keyA.Secret, set("aud", "siap")),
		"two audiences":           forge(t, hs, kid, keyA.Secret, set("aud", []string{"web", "siap"})),
		"no audience":             forge(t, hs, kid, keyA.Secret, drop("aud")),
		"no expiry":               forge(t, hs, kid, keyA.Secret, drop("exp")),
		"expired":                 forge(t, hs, kid, keyA.Secret, set("exp", t0.Unix()-60)),
		"not yet valid":           forge(t, hs, kid, keyA.Secret, set("nbf", t0.Unix()+60)),
		"no issue date":           forge(t, hs, kid, keyA.Secret, drop("iat")),
		"no jti":                  forge(t, hs, kid, keyA.Secret, drop("jti")),
		"no session":              forge(t, hs, kid, keyA.Secret, drop("sid")),
		"session not a uuid":      forge(t, hs, kid, keyA.Secret, set("sid", "1")),
		"subject not a uuid":      forge(t, hs, kid, keyA.Secret, set("sub", "1' OR 1=1")),
		"habilitation negative":   forge(t, hs, kid, keyA.Secret, set("hab", -1)),
		"habilitation not a int":  forge(t, hs, kid, keyA.Secret, set("hab", "71")),
		"actor is the subject":    forge(t, hs, kid, keyA.Secret, set("act", map[string]any{"sub": userID})),
		"actor without a subject": forge(t, hs, kid, keyA.Secret, set("act", map[string]any{})),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := toks.Verify(token)
			require.ErrorIs(t, err, auth.ErrToken)
			require.Zero(t, got)
		})
	}
}

func TestNewTokens_refusesWeakKeys(t *testing.T) {
	for name, keys := range map[string][]auth.Key{
		"none":  nil,
		"short": {{ID: "a", Secret: []byte("tooshort")}},
		"twice": {keyA, {ID: "a", Secret: keyB.Secret}},
	} {
		_, err := auth.NewTokens(keys, issuer, at(0), func() string { return "" })
		require.Error(t, err, name)
		require.NotContains(t, err.Error(), "tooshort", "a secret must not be quoted")
	}
	_, err := auth.NewTokens([]auth.Key{keyA}, "", at(0), func() string { return "" })
	require.Error(t, err, "no issuer")
}

func TestTokens_loneKeyWithoutKid(t *testing.T) {
	lone := auth.Key{Secret: keyA.Secret}
	toks := newTokens(t, at(0), lone)
	signed, _, err := toks.Issue(auth.Claims{Subject: userID, SessionID: sid})
	require.NoError(t, err)
	_, err = toks.Verify(signed)
	require.NoError(t, err)
	_, err = newTokens(t, at(0), keyB, keyA).Verify(signed)
	require.NoError(t, err, "a key that later gets a kid still verifies what it signed without")
}

func TestKey_neverPrintsItsSecret(t *testing.T) {
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		require.NotContains(t, fmt.Sprintf(verb, keyA), "aaaa")
	}
}

func TestKey_deriveDependsOnLabelAndSecret(t *testing.T) {
	require.Equal(t, keyA.Derive("x"), keyA.Derive("x"))
	require.NotEqual(t, keyA.Derive("x"), keyA.Derive("y"))
	require.NotEqual(t, keyA.Derive("x"), keyB.Derive("x"))
	require.Len(t, keyA.Derive("x"), 32)
}

// FuzzVerify: whatever the text, no panic, and nothing is accepted that was not signed with the key.
func FuzzVerify(f *testing.F) {
	toks, err := auth.NewTokens([]auth.Key{keyA}, issuer, at(0), func() string { return "j" })
	require.NoError(f, err)
	good, _, err := toks.Issue(auth.Claims{Subject: userID, SessionID: sid, Habilitation: 1})
	require.NoError(f, err)
	for _, s := range []string{good, "", "..", "a.b.c", good[:len(good)-1],
		forge(f, jwt.SigningMethodNone, nil, jwt.UnsafeAllowNoneSignatureType, func(jwt.MapClaims) {}),
		"eyJhbGciOiJIUzI1NiIsImtpZCI6MX0.e30.AAAA"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, token string) {
		c, err := toks.Verify(token)
		if err != nil {
			require.ErrorIs(t, err, auth.ErrToken)
			require.Zero(t, c)
			return
		}
		head, body, _ := strings.Cut(good, ".")
		require.True(t, strings.HasPrefix(token, head+"."+body[:strings.IndexByte(body, '.')]), "accepted a payload nobody signed")
	})
}
