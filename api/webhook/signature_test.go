package webhook_test

import (
	"testing"
	"time"

	"apilos/api/webhook"

	"github.com/stretchr/testify/require"
)

// The expected value was computed apart: printf '1776245400.{"id":1}' | openssl dgst -sha256 -hmac secret
func TestDecision32FormeDeLaSignature(t *testing.T) {
	le := time.Unix(1776245400, 0)
	require.Equal(t, "t=1776245400,v1=e48c9ffe278a0fc22acf3c07f08428a5227ffa97df39b9632c19f464a32033e5", webhook.Signer("secret", le, []byte(`{"id":1}`)))
}

func TestVerifierUneSignature(t *testing.T) {
	le := time.Unix(1776245400, 0)
	corps := []byte(`{"id":1}`)
	bonne := webhook.Signer("secret", le, corps)
	require.NoError(t, webhook.Verifier("secret", bonne, corps, le.Add(time.Minute), 5*time.Minute))
	tests := map[string]struct {
		secret, entete, corps string
		le                    time.Time
	}{
		"other secret": {"autre", bonne, string(corps), le},
		"other body":   {"secret", bonne, `{"id":2}`, le},
		"too old":      {"secret", bonne, string(corps), le.Add(6 * time.Minute)},
		"too new":      {"secret", bonne, string(corps), le.Add(-6 * time.Minute)},
		"other time":   {"secret", "t=1776245401" + bonne[len("t=1776245400"):], string(corps), le},
		"no header":    {"secret", "", string(corps), le},
		"no time":      {"secret", "t=,v1=00", string(corps), le},
	}
	for nom, tt := range tests {
		t.Run(nom, func(t *testing.T) {
			require.ErrorIs(t, webhook.Verifier(tt.secret, tt.entete, []byte(tt.corps), tt.le, 5*time.Minute), webhook.ErrSignature)
		})
	}
}
