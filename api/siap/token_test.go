package siap_test

import (
	"crypto/hmac"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"apilos/api/siap"
)

// openToken decodes a Bearer header without any library.
func openToken(t *testing.T, bearer string) (header, claims map[string]any) {
	t.Helper()
	compact, ok := strings.CutPrefix(bearer, "Bearer ")
	require.True(t, ok)
	parts := strings.Split(compact, ".")
	require.Len(t, parts, 3)
	for i, v := range []*map[string]any{&header, &claims} {
		raw, err := base64.RawURLEncoding.DecodeString(parts[i])
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(raw, v))
	}
	return header, claims
}

func TestSignAlgorithms(t *testing.T) {
	for in, want := range map[string]string{"": "HS256", "HS256": "HS256", "HS384": "HS384", "HS512": "HS512"} {
		s, err := siap.Key{Secret: []byte("secret"), Algorithm: in}.Sign(siap.Token{JTI: "1", IssuedAt: now()})
		require.NoError(t, err)
		header, _ := openToken(t, "Bearer "+s)
		require.Equal(t, want, header["alg"])
		require.NotContains(t, header, "kid")
	}
	for _, refused := range []string{"none", "RS256", "ES256", "hs256"} {
		_, err := siap.Key{Secret: []byte("secret"), Algorithm: refused}.Sign(siap.Token{})
		require.Error(t, err, refused)
	}
}

func TestSignIsAnHMACOfTheToken(t *testing.T) {
	s, err := siap.Key{Secret: []byte("secret"), Algorithm: "HS512"}.Sign(siap.Token{JTI: "1", IssuedAt: now()})
	require.NoError(t, err)
	i := strings.LastIndex(s, ".")
	mac := hmac.New(sha512.New, []byte("secret"))
	mac.Write([]byte(s[:i]))
	require.Equal(t, base64.RawURLEncoding.EncodeToString(mac.Sum(nil)), s[i+1:])
}
