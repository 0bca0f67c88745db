package config_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"apilos/api/config"
)

// production returns a complete production environment, changed by edits ("NAME=value"; "NAME=" removes it).
func production(edits ...string) []string {
	return append([]string{
		"ENVIRONMENT=production",
		"PUBLIC_BASE_URL=https://apilos.example.org",
		"DATABASE_URL=postgres://apilos:motdepasse@base.example.org/apilos",
		"JWT_SIGN_KEYS=2026:cle-siap-entrante-0123456789-abcdefghij",
		"SIAP_CLIENT_HOST=https://siap.example.org",
		"SIAP_CLIENT_JWT_SIGN_KEY=cle-siap-sortante-0123456789-abcdefghij",
		"CERBERE_AUTH=https://cerbere.example.org/cas/700",
		"WEB_JWT_KEYS=a:cle-des-sessions-web-0123456789-abcdefg",
		"SECRET_KEY=cle-des-liens-signes-0123456789-abcdefg",
		"JOURNAL_SEAL_KEYS=2026:cle-des-sceaux-0123456789-abcdefghijkl",
		"AWS_ACCESS_KEY_ID=identifiant",
		"AWS_SECRET_ACCESS_KEY=secret-du-stockage",
		"AWS_STORAGE_BUCKET_NAME=apilos",
		"SMTP_URL=smtp://u:p@mail.example.org:587",
		"DEFAULT_FROM_EMAIL=APiLos <ne-pas-repondre@example.org>",
		"CONTACT_EMAIL=contact@example.org",
		"CLAMD_ADDR=clamd:3310",
	}, edits...)
}

func TestLoadCompleteProduction(t *testing.T) {
	t.Parallel()
	cfg, err := config.Load(production())
	require.NoError(t, err)
	require.Equal(t, config.Production, cfg.Environment)
	require.Empty(t, cfg.Server.Host, "all interfaces")
	require.Equal(t, 9090, cfg.Server.MetricsPort)
	require.Equal(t, []string{"apilos.example.org"}, cfg.Server.AllowedHosts, "loopback is for development")
	require.Equal(t, 31536000, cfg.Security.HSTSSeconds)
	require.True(t, cfg.Security.SSLRedirect)
	require.Equal(t, config.LogJSON, cfg.Log.Format)
	require.False(t, cfg.Simulator.Enabled)
	require.Equal(t, "https://cerbere.example.org/cas/700/", cfg.Cerbere.BaseURL, "the final slash is added")
}

func TestLoadProductionListsEverythingThatIsMissingAtOnce(t *testing.T) {
	t.Parallel()
	for _, environment := range []string{"production", "staging"} {
		_, err := config.Load([]string{"ENVIRONMENT=" + environment})
		var refused *config.Error
		require.ErrorAs(t, err, &refused)
		var names []string
		for _, line := range refused.Problems {
			name, rest, found := strings.Cut(line, " : ")
			require.True(t, found, line)
			require.True(t, strings.HasPrefix(rest, "obligatoire ; "), line)
			require.NotContains(t, line, "\n")
			names = append(names, name)
		}
		require.Equal(t, []string{
			"PUBLIC_BASE_URL", "DATABASE_URL", "JWT_SIGN_KEYS", "SIAP_CLIENT_HOST", "SIAP_CLIENT_JWT_SIGN_KEY", "CERBERE_AUTH",
			"WEB_JWT_KEYS", "SECRET_KEY", "JOURNAL_SEAL_KEYS", "AWS_ACCESS_KEY_ID", "SMTP_URL", "DEFAULT_FROM_EMAIL", "CONTACT_EMAIL", "CLAMD_ADDR",
		}, names)
		require.True(t, strings.HasPrefix(err.Error(), "Configuration refusée (ENVIRONMENT="+environment+") : 14 réglages à corriger.\n- PUBLIC_BASE_URL : "))
	}
}

func TestLoadProductionRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		edits []string
		want  string
	}{
		{"plain http", []string{"PUBLIC_BASE_URL=http://apilos.example.org"}, "PUBLIC_BASE_URL : doit commencer par https://."},
		{"short key", []string{"SECRET_KEY=courte"}, "SECRET_KEY : clé trop courte"},
		{"repeated character", []string{"SECRET_KEY=" + strings.Repeat("x", 40)}, "SECRET_KEY : clé faite d'un seul caractère"},
		{"any key of the ring", []string{"WEB_JWT_KEYS=a:cle-des-sessions-web-0123456789-abcdefg,b:courte"}, "WEB_JWT_KEYS : clé trop courte"},
		{"development key", []string{"WEB_JWT_KEYS=dev:developpement-cle-des-jetons-de-session-web"}, "WEB_JWT_KEYS : clé de développement"},
		{"development seal", []string{"JOURNAL_SEAL_KEYS=dev:developpement-cle-des-sceaux-du-journal"}, "JOURNAL_SEAL_KEYS : clé de développement"},
		{"seal with the key of the links", []string{"JOURNAL_SEAL_KEYS=a:cle-des-liens-signes-0123456789-abcdefg"}, "JOURNAL_SEAL_KEYS : doit différer de SECRET_KEY"},
		{"seals with one id", []string{"JOURNAL_SEAL_KEYS=a:cle-des-sceaux-0123456789-abcdefghijkl,a:cle-des-sceaux-0123456789-abcdefghijkm"}, "JOURNAL_SEAL_KEYS : "},
		{"retention", []string{"JOURNAL_SEAL_RETENTION_DAYS=-1"}, "JOURNAL_SEAL_RETENTION_DAYS : "},
		{"mock user", []string{"MOCK_CERBERE_USER_ID=1"}, "MOCK_CERBERE_USER_ID : réservé au développement"},
		{"simulators", []string{"USE_SIAP_SIMULATOR=true"}, "USE_SIAP_SIMULATOR : les simulateurs ne démarrent pas en production"},
		{"SIAP without TLS", []string{"SIAP_CLIENT_HOST=http://siap.example.org"}, "SIAP_CLIENT_HOST : doit commencer par https://."},
		{"no antivirus", []string{"CLAMD_ADDR="}, "CLAMD_ADDR : obligatoire"},
		{"no storage", []string{"AWS_ACCESS_KEY_ID=", "AWS_SECRET_ACCESS_KEY="}, "AWS_ACCESS_KEY_ID : obligatoire"},
		{"mails on disk", []string{"SMTP_URL="}, "SMTP_URL : obligatoire"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := config.Load(production(test.edits...))
			var refused *config.Error
			require.ErrorAs(t, err, &refused)
			require.Len(t, refused.Problems, 1, "%v", refused.Problems)
			require.True(t, strings.HasPrefix(refused.Problems[0], test.want), refused.Problems[0])
		})
	}
}

func TestLoadProductionAccepts(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		edits []string
	}{
		{"a mounted directory instead of S3", []string{"AWS_ACCESS_KEY_ID=", "AWS_SECRET_ACCESS_KEY=", "MEDIA_ROOT=/srv/apilos"}},
		{"antivirus by HTTP", []string{"CLAMD_ADDR=", "CLAMAV_SERVICE_URL=https://av.example.org"}},
		{"DB_* instead of an address", []string{"DATABASE_URL=", "DB_HOST=h", "DB_NAME=b", "DB_USER=u", "DB_PASSWORD=p"}},
		{"one unnamed SIAP key", []string{"JWT_SIGN_KEYS=", "JWT_SIGN_KEY=cle-siap-entrante-0123456789-abcdefghij"}},
		{"simulators in staging", []string{"ENVIRONMENT=staging", "SIAP_CLIENT_HOST=", "USE_SIAP_SIMULATOR=true"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := config.Load(production(test.edits...))
			require.NoError(t, err)
		})
	}
}
