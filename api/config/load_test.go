package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"apilos/api/config"
)

func TestLoadWithoutEnvironmentIsAWorkingDevelopment(t *testing.T) {
	t.Parallel()
	cfg, err := config.Load(nil)
	require.NoError(t, err)

	require.Equal(t, config.Development, cfg.Environment)
	require.Equal(t, "127.0.0.1", cfg.Server.Host, "a development server is not reachable from other machines")
	require.Equal(t, 8080, cfg.Server.Port)
	require.Equal(t, 9090, cfg.Server.MetricsPort)
	require.Equal(t, "http://localhost:8080", cfg.Server.PublicBaseURL)
	require.Equal(t, []string{"localhost", "127.0.0.1", "::1"}, cfg.Server.AllowedHosts)
	require.Empty(t, cfg.Database.URL, "the embedded server is used")
	require.False(t, cfg.Storage.UsesS3())
	require.Equal(t, filepath.Join(".data", "fichiers"), cfg.Storage.MediaRoot)
	require.Equal(t, filepath.Join(".data", "mails"), cfg.MailDir())
	require.True(t, cfg.Simulator.Enabled)
	require.Equal(t, "127.0.0.1:8090", cfg.Simulator.Addr)
	require.Equal(t, "http://127.0.0.1:8090", cfg.SIAPClient.Host)
	require.Equal(t, "http://127.0.0.1:8090/cas/", cfg.Cerbere.BaseURL)
	require.Equal(t, 6*time.Hour, cfg.Session.Idle)
	require.Equal(t, 12*time.Hour, cfg.Session.Max)
	require.Equal(t, []string{"HS256"}, cfg.SIAPAPI.Algorithms)
	require.Equal(t, config.ScopeTrusted, cfg.SIAPAPI.Scope)
	require.Equal(t, config.ByteSize(2<<20), cfg.Server.MaxBody)
	require.Equal(t, config.ByteSize(512<<20), cfg.Server.MaxUpload)
	require.Equal(t, 5, cfg.Jobs.Concurrency["courriels"])
	require.Equal(t, 0, cfg.Security.HSTSSeconds)
	require.False(t, cfg.Security.SSLRedirect)
	key, ok := cfg.Session.Keys.Current()
	require.True(t, ok)
	require.GreaterOrEqual(t, len(key.Secret.Reveal()), 32)
}

func TestLoadDerivesThePortsOfADevelopmentCopy(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, port, simulator, base string
		metrics                     int
	}{
		{"another copy", "18080", "127.0.0.1:18090", "http://localhost:18080", 19090},
		{"any free port", "0", "127.0.0.1:0", "", 0},
		{"no neighbour left", "65530", "127.0.0.1:0", "http://localhost:65530", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			cfg, err := config.Load([]string{"PORT=" + test.port})
			require.NoError(t, err)
			require.Equal(t, test.simulator, cfg.Simulator.Addr)
			require.Equal(t, test.base, cfg.Server.PublicBaseURL)
			require.Equal(t, test.metrics, cfg.Server.MetricsPort)
		})
	}
}

func TestLoadTakesTheLastOfTwoEqualNames(t *testing.T) {
	t.Parallel()
	cfg, err := config.Load([]string{"PORT=9001", "PORT=9002"})
	require.NoError(t, err)
	require.Equal(t, 9002, cfg.Server.Port)
}

func TestLoadCountsABlankVariableAsAbsent(t *testing.T) {
	t.Parallel()
	cfg, err := config.Load([]string{"PORT=", "SESSION_IDLE=  ", "SMTP_URL="})
	require.NoError(t, err)
	require.Equal(t, 8080, cfg.Server.Port)
	require.Equal(t, 6*time.Hour, cfg.Session.Idle)
}

func TestLoadLeavesTheSimulatorsOutWhenSIAPIsConfigured(t *testing.T) {
	t.Parallel()
	cfg, err := config.Load([]string{"SIAP_CLIENT_HOST=https://siap.example.org/"})
	require.NoError(t, err)
	require.False(t, cfg.Simulator.Enabled)
	require.Equal(t, "https://siap.example.org", cfg.SIAPClient.Host)
	require.Empty(t, cfg.Cerbere.BaseURL)
}

// 05 C.6: local accounts are chosen in words, even beside the simulators.
func TestLoadWithoutCerbere(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"aucun", " AUCUN "} {
		cfg, err := config.Load([]string{"CERBERE_AUTH=" + value})
		require.NoError(t, err)
		require.True(t, cfg.Simulator.Enabled)
		require.Empty(t, cfg.Cerbere.BaseURL)
		cfg, err = config.Load(production("CERBERE_AUTH=" + value))
		require.NoError(t, err)
		require.Empty(t, cfg.Cerbere.BaseURL)
	}
}

func TestLoadAliases(t *testing.T) {
	t.Parallel()
	database := func(c config.Config) string { return c.Database.URL.Reveal() }
	smtp := func(c config.Config) string { return c.Mail.URL.Reveal() }
	for _, test := range []struct {
		name    string
		environ []string
		got     func(config.Config) string
		want    string
	}{
		{"APPLICATION_DOMAIN_URL", []string{"APPLICATION_DOMAIN_URL=https://a.example.org/"}, func(c config.Config) string { return c.Server.PublicBaseURL }, "https://a.example.org"},
		{"PUBLIC_BASE_URL wins", []string{"APPLICATION_DOMAIN_URL=https://a.example.org", "PUBLIC_BASE_URL=https://b.example.org"}, func(c config.Config) string { return c.Server.PublicBaseURL }, "https://b.example.org"},
		{"POSTGRES_URL", []string{"POSTGRES_URL=postgres://u@h/b"}, database, "postgres://u@h/b"},
		{"DATABASE_URL wins", []string{"POSTGRES_URL=postgres://u@h/b", "DATABASE_URL=postgres://u@h/c"}, database, "postgres://u@h/c"},
		{"DB_*", []string{"DB_HOST=base.example.org", "DB_NAME=apilos", "DB_USER=moi", "DB_PASSWORD=p@ss/mot"}, database, "postgres://moi:p%40ss%2Fmot@base.example.org:5432/apilos"},
		{"DB_* with a port", []string{"DB_HOST=h", "DB_PORT=6543", "DB_NAME=apilos", "DB_USER=moi"}, database, "postgres://moi@h:6543/apilos"},
		{"SMTP_HOST", []string{"SMTP_HOST=mail.example.org", "SMTP_USER=u", "SMTP_PASS=p"}, smtp, "smtp://u:p@mail.example.org:587"},
		{"SMTP_HOST over TLS", []string{"SMTP_HOST=mail.example.org", "SMTP_SECURE=YES"}, smtp, "smtps://mail.example.org:465"},
		{"SMTP_URL wins", []string{"SMTP_HOST=mail.example.org", "SMTP_URL=smtp://autre.example.org:25"}, smtp, "smtp://autre.example.org:25"},
		{"SMTP_FROM", []string{"SMTP_FROM=depot@example.org"}, func(c config.Config) string { return c.Mail.From }, "depot@example.org"},
		{
			"S3_*",
			[]string{"S3_ENDPOINT=https://s3.example.org", "S3_REGION=gra", "S3_CONTAINER_ID=seau", "S3_ACCESS_KEY=cle", "S3_SECRET_KEY=secret"},
			func(c config.Config) string {
				s := c.Storage
				return strings.Join([]string{s.EndpointURL, s.Region, s.Bucket, s.AccessKeyID, s.SecretAccessKey.Reveal()}, " ")
			}, "https://s3.example.org gra seau cle secret",
		},
		{"JWT_SIGN_KEY keeps separators", []string{"JWT_SIGN_KEY=une:cle,avec des signes"}, func(c config.Config) string { return c.SIAPAPI.Keys[0].Secret.Reveal() }, "une:cle,avec des signes"},
		{"JWT_SIGN_KEYS wins", []string{"JWT_SIGN_KEY=ancienne", "JWT_SIGN_KEYS=k1:nouvelle"}, func(c config.Config) string { return c.SIAPAPI.Keys[0].Secret.Reveal() }, "nouvelle"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			cfg, err := config.Load(test.environ)
			require.NoError(t, err)
			require.Equal(t, test.want, test.got(cfg))
		})
	}
}

func TestLoadReadsSecretsFromFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		return path
	}
	cfg, err := config.Load([]string{
		"SECRET_KEY_FILE=" + write("secret", "le-secret-du-fichier\n"),
		"DATABASE_URL_FILE=" + write("url", "postgres://u:p@h/b\r\n"),
		"JWT_SIGN_KEY_FILE=" + write("jwt", "cle-siap"),
		"SMTP_HOST=mail.example.org", "SMTP_USER=u", "SMTP_PASS_FILE=" + write("smtp", "mot"),
	})
	require.NoError(t, err)
	require.Equal(t, "le-secret-du-fichier", cfg.Security.SecretKey.Reveal())
	require.Equal(t, "postgres://u:p@h/b", cfg.Database.URL.Reveal())
	require.Equal(t, "cle-siap", cfg.SIAPAPI.Keys[0].Secret.Reveal())
	require.Equal(t, "smtp://u:mot@mail.example.org:587", cfg.Mail.URL.Reveal())
}

func TestLoadRefusesWrongValuesWithOneLineEach(t *testing.T) {
	t.Parallel()
	empty := filepath.Join(t.TempDir(), "vide")
	require.NoError(t, os.WriteFile(empty, []byte("\n"), 0o600))
	for _, test := range []struct {
		name    string
		environ []string
		want    []string // start of each line, in order
	}{
		{"unknown environment", []string{"ENVIRONMENT=siap-production"}, []string{"ENVIRONMENT : « siap-production » n'est pas admis"}},
		{"not a number", []string{"PORT=abc"}, []string{"PORT : « abc » n'est pas un nombre entier"}},
		{"several at once", []string{"PORT=abc", "SESSION_IDLE=6", "JOBS_IN_PROCESS=oui"}, []string{
			"PORT : ", "SESSION_IDLE : « 6 » n'est pas une durée", "JOBS_IN_PROCESS : « oui » n'est ni true ni false",
		}},
		{"enumerations", []string{"SIAP_API_SCOPE=large", "CAS_PROTOCOL=cas2", "LOGLEVEL=trace"}, []string{
			"LOGLEVEL : « trace » n'est pas admis ; valeurs possibles : debug, info, warn, error",
			"SIAP_API_SCOPE : ", "CAS_PROTOCOL : ",
		}},
		{"port out of range", []string{"PORT=70000"}, []string{"PORT : 70000 n'est pas un port"}},
		{"metrics on the public port", []string{"PORT=8080", "METRICS_PORT=8080"}, []string{"METRICS_PORT : doit différer de PORT"}},
		{"address with a path", []string{"PUBLIC_BASE_URL=https://exemple.fr/apilos"}, []string{"PUBLIC_BASE_URL : "}},
		{"size", []string{"MAX_BODY=beaucoup"}, []string{"MAX_BODY : « beaucoup » n'est pas une taille"}},
		{"proxies", []string{"TRUSTED_PROXIES=10.0.0.0/8,voisin"}, []string{"TRUSTED_PROXIES : « voisin » n'est ni une adresse IP"}},
		{"half of the S3 keys", []string{"AWS_SECRET_ACCESS_KEY=x"}, []string{"AWS_ACCESS_KEY_ID : nécessaire", "AWS_STORAGE_BUCKET_NAME : nécessaire"}},
		{"public files", []string{"AWS_DEFAULT_ACL=public-read"}, []string{"AWS_DEFAULT_ACL : seule la valeur private"}},
		{"incomplete DB_*", []string{"DB_HOST=h", "DB_NAME=b"}, []string{"DB_USER : nécessaire avec les autres réglages DB_"}},
		{"other database", []string{"DATABASE_URL=mysql://u:secret@h/b"}, []string{"DATABASE_URL : doit être de la forme"}},
		{"mail address", []string{"CONTACT_EMAIL=pas une adresse"}, []string{"CONTACT_EMAIL : "}},
		{"mail server", []string{"SMTP_URL=http://h"}, []string{"SMTP_URL : "}},
		{"asymmetric algorithm", []string{"JWT_ALGORITHM=HS256,RS256"}, []string{"JWT_ALGORITHM : « RS256 » n'est pas admis"}},
		{"algorithm none", []string{"SIAP_CLIENT_ALGORITHM=none"}, []string{"SIAP_CLIENT_ALGORITHM : "}},
		{"technical account without habilitation", []string{"SIAP_TECHNICAL_LOGIN=technique@example.org"}, []string{"SIAP_TECHNICAL_HABILITATION_ID : se donne avec SIAP_TECHNICAL_LOGIN"}},
		{"technical habilitation that is none", []string{"SIAP_TECHNICAL_LOGIN=a", "SIAP_TECHNICAL_HABILITATION_ID=-1"}, []string{"SIAP_TECHNICAL_HABILITATION_ID : n'est pas un numéro d'habilitation"}},
		{"idle longer than max", []string{"SESSION_IDLE=24h"}, []string{"SESSION_MAX : doit être au moins égal à SESSION_IDLE"}},
		{"web key equal to the SIAP key", []string{"JWT_SIGN_KEYS=a:meme-cle", "WEB_JWT_KEYS=b:meme-cle"}, []string{"WEB_JWT_KEYS : doit différer de JWT_SIGN_KEYS"}},
		{"two keys of one name", []string{"WEB_JWT_KEYS=a:un,a:deux"}, []string{"WEB_JWT_KEYS : deux clés ont le même identifiant"}},
		{"CSP keyword", []string{"CSP_SCRIPT_SRC='unsafe-inline'"}, []string{"CSP_SCRIPT_SRC : "}},
		{"queue without worker", []string{"JOBS_CONCURRENCY=siap:0"}, []string{"JOBS_CONCURRENCY : la file « siap »"}},
		{"share over one", []string{"SENTRY_TRACES_SAMPLE_RATE=5"}, []string{"SENTRY_TRACES_SAMPLE_RATE : "}},
		{"secret given twice", []string{"SECRET_KEY=a", "SECRET_KEY_FILE=b"}, []string{"SECRET_KEY : donné deux fois"}},
		{"unreadable file", []string{"SECRET_KEY_FILE=/nulle/part"}, []string{"SECRET_KEY_FILE : le fichier « /nulle/part » est illisible"}},
		{"empty file", []string{"SECRET_KEY_FILE=" + empty}, []string{"SECRET_KEY_FILE : le fichier "}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := config.Load(test.environ)
			var refused *config.Error
			require.ErrorAs(t, err, &refused)
			require.Len(t, refused.Problems, len(test.want), "%v", refused.Problems)
			for i, start := range test.want {
				require.True(t, strings.HasPrefix(refused.Problems[i], start), "%q does not start with %q", refused.Problems[i], start)
				require.True(t, strings.HasSuffix(refused.Problems[i], "."), "%q is a sentence", refused.Problems[i])
			}
			require.NotContains(t, err.Error(), "secret@", "no password in a message")
		})
	}
}
