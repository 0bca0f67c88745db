package securite_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"testing"

	"apilos/api/securite"

	"github.com/stretchr/testify/require"
)

func ecrire(t *testing.T, e securite.Evenement, plus ...any) map[string]any {
	t.Helper()
	var b bytes.Buffer
	securite.Ecrire(context.Background(), slog.New(slog.NewJSONHandler(&b, nil)), e, plus...)
	var ligne map[string]any
	require.NoError(t, json.Unmarshal(b.Bytes(), &ligne), "one line, one JSON object")
	return ligne
}

// 05 D: every line has the named keys, even empty.
func TestEcrire_keysOfTheSpecification(t *testing.T) {
	ligne := ecrire(t, securite.Evenement{Nom: securite.AccesRefuse, Issue: securite.Refus})
	for _, cle := range []string{"event", "user", "habilitation", "ip", "request_id", "outcome"} {
		require.Contains(t, ligne, cle)
	}
	require.Equal(t, "security", ligne["msg"])
	require.Equal(t, "WARN", ligne["level"])
	require.NotContains(t, ligne, "detourne_par")
}

func TestEcrire_whoIsBehindAnImpersonation(t *testing.T) {
	ligne := ecrire(t, securite.Evenement{
		Nom: securite.Habilitation, Issue: securite.OK, UtilisateurID: 7, DetourneParID: 3, Habilitation: 71, IP: "192.0.2.0", RequeteID: "r",
	}, "avant", 70)
	require.Equal(t, "INFO", ligne["level"])
	require.InDelta(t, 7, ligne["user"], 0)
	require.InDelta(t, 3, ligne["detourne_par"], 0)
	require.InDelta(t, 70, ligne["avant"], 0)
	require.Equal(t, "ok", ligne["outcome"])
}
