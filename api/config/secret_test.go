package config_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"apilos/api/config"
)

func TestNoSecretIsEverPrinted(t *testing.T) {
	t.Parallel()
	cfg, err := config.Load(production("SENTRY_URL=https://cle-sentry@example.org/1", "CLAMAV_SERVICE_PASSWORD=mot-antivirus"))
	require.NoError(t, err)

	encoded, err := json.Marshal(cfg)
	require.NoError(t, err)
	var logged bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&logged, nil))
	logger.Info("configuration", "tout", cfg, "cles", cfg.Session.Keys, "base", cfg.Database.URL, "secret", cfg.Security.SecretKey)

	secrets := []string{
		"motdepasse", "cle-siap-entrante", "cle-siap-sortante", "cle-des-sessions", "cle-des-liens", "secret-du-stockage",
		"u:p@", "cle-sentry", "mot-antivirus",
	}
	for name, text := range map[string]string{
		"%v": fmt.Sprintf("%v", cfg), "%+v": fmt.Sprintf("%+v", cfg), "%#v": fmt.Sprintf("%#v", cfg), "%s": cfg.String(),
		"%+v of a group": fmt.Sprintf("%+v %+v %+v", cfg.Database, cfg.Session, cfg.Security),
		"%#v of a group": fmt.Sprintf("%#v %#v %#v", cfg.Database, cfg.Session, cfg.Security),
		"json":           string(encoded), "slog": logged.String(),
	} {
		for _, secret := range secrets {
			require.NotContains(t, text, secret, name)
		}
	}
}

func TestSecretURLKeepsWhatHelpsAndHidesThePassword(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ value, want string }{
		{"", ""},
		{"postgres://moi:secret@base:5432/apilos?sslmode=require", "postgres://moi:********@base:5432/apilos?sslmode=require"},
		{"postgres://base/apilos?password=secret", "postgres://base/apilos?password=********"},
		{"postgres://moi@base/apilos", "postgres://moi@base/apilos"},
		{"host=base password=secret", "********"},
	} {
		require.Equal(t, test.want, config.SecretURL(test.value).String())
	}
}

func TestDescribeListsEverySettingOnce(t *testing.T) {
	t.Parallel()
	cfg, err := config.Load(production())
	require.NoError(t, err)
	seen := map[string]string{}
	for _, value := range cfg.Describe() {
		require.NotContains(t, seen, value.Name)
		seen[value.Name] = value.Value
	}
	require.Equal(t, "2026:********", seen["JWT_SIGN_KEYS"])
	require.Equal(t, "********", seen["SECRET_KEY"])
	require.Equal(t, "512MiB", seen["MAX_UPLOAD"])
	require.Equal(t, "6h0m0s", seen["SESSION_IDLE"])
	require.Equal(t, "apilos.example.org", seen["ALLOWED_HOSTS"])
	require.Empty(t, seen["SENTRY_URL"], "an absent secret is shown as absent")
}

func TestReferenceDocumentsEverySetting(t *testing.T) {
	t.Parallel()
	reference := config.Reference()
	cfg, err := config.Load(nil)
	require.NoError(t, err)
	for _, value := range cfg.Describe() {
		line := lineOf(reference, "| `"+value.Name+"`")
		require.NotEmpty(t, line, value.Name)
		cells := strings.Split(line, "|")
		require.Len(t, cells, 5, line)
		require.NotEmpty(t, strings.TrimSpace(cells[2]), "%s has no description", value.Name)
	}
	for _, name := range []string{"DATABASE_URL", "WEB_JWT_KEYS", "CLAMD_ADDR"} {
		require.Contains(t, lineOf(reference, "| `"+name+"`"), "**(P)**")
	}
}

func lineOf(text, start string) string {
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(line, start) {
			return line
		}
	}
	return ""
}

func TestByteSize(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text string
		want config.ByteSize
		show string
	}{
		{"1024", 1024, "1KiB"},
		{"2MiB", 2 << 20, "2MiB"},
		{"500 MB", 500_000_000, "500MB"},
		{"10 Mo", 10_000_000, "10MB"},
		{"50000001", 50_000_001, "50000001B"},
	} {
		var size config.ByteSize
		require.NoError(t, size.UnmarshalText([]byte(test.text)))
		require.Equal(t, test.want, size)
		require.Equal(t, test.show, size.String())
		var again config.ByteSize
		require.NoError(t, again.UnmarshalText([]byte(size.String())))
		require.Equal(t, size, again, "what is shown can be read back")
	}
	for _, text := range []string{"-1", "0", "", "MB", "1.5MB", "9999999999GB"} {
		var size config.ByteSize
		require.Error(t, size.UnmarshalText([]byte(text)), text)
	}
}
