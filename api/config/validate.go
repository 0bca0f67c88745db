package config

import (
	"fmt"
	"maps"
	"math"
	"net"
	"net/mail"
	"net/url"
	"slices"
	"strings"
)

// minKeyBytes is the shortest signing key accepted outside development and test (05 A.2).
const minKeyBytes = 32

// checker collects the problems of one validation.
type checker struct{ problems []string }

// require adds "name : message." unless ok.
func (k *checker) require(ok bool, name, message string, args ...any) {
	if !ok {
		k.problems = append(k.problems, name+" : "+fmt.Sprintf(message, args...)+".")
	}
}

// httpURL checks an optional absolute http(s) address.
func (k *checker) httpURL(name, value string) {
	if value == "" {
		return
	}
	address, err := url.Parse(value)
	k.require(err == nil && (address.Scheme == "http" || address.Scheme == "https") && address.Host != "", name,
		"« %s » n'est pas une adresse complète ; écrivez par exemple https://exemple.fr", value)
}

// invalid lists the values that are wrong or contradict each other, whatever the environment.
func (c Config) invalid() []string {
	k := &checker{}
	c.checkServer(k)
	c.checkDatabase(k)
	c.checkStorage(k)
	c.checkMail(k)
	c.checkSIAP(k)
	c.checkSession(k)
	c.checkSecurity(k)
	c.checkJournal(k)
	c.checkLimits(k)
	c.checkDepot(k)
	return k.problems
}

func (c Config) checkServer(k *checker) {
	for _, port := range []struct {
		name  string
		value int
	}{{"PORT", c.Server.Port}, {"METRICS_PORT", c.Server.MetricsPort}} {
		k.require(port.value >= 0 && port.value <= 65535, port.name, "%d n'est pas un port (0 à 65535)", port.value)
	}
	k.require(c.Server.Port == 0 || c.Server.Port != c.Server.MetricsPort, "METRICS_PORT",
		"doit différer de PORT : les mesures ne sont pas publiques")
	if address, err := url.Parse(c.Server.PublicBaseURL); c.Server.PublicBaseURL != "" {
		k.require(err == nil && (address.Scheme == "http" || address.Scheme == "https") && address.Host != "" &&
			address.Path == "" && address.RawQuery == "" && address.User == nil, "PUBLIC_BASE_URL",
			"« %s » doit être une adresse sans chemin, par exemple https://apilos.exemple.fr", c.Server.PublicBaseURL)
	}
	k.require(c.Server.MaxUpload >= c.Server.MaxBody, "MAX_UPLOAD", "doit être au moins égal à MAX_BODY")
	k.require(c.Server.ShutdownTimeout > 0, "SHUTDOWN_TIMEOUT", "doit être positif")
	k.require(c.DataDir != "", "DATA_DIR", "ne peut pas être vide")
}

func (c Config) checkDatabase(k *checker) {
	if value := c.Database.URL.Reveal(); value != "" {
		address, err := url.Parse(value)
		k.require(err == nil && (address.Scheme == "postgres" || address.Scheme == "postgresql"), "DATABASE_URL",
			"doit être de la forme postgres://utilisateur:motdepasse@hôte:5432/base")
	}
	k.require(c.Server.MaxConnections > 0, "MAX_CONNECTIONS", "doit être positif")
	k.require(c.Database.MaxOpen > 0, "DB_MAX_OPEN", "doit être positif")
	k.require(c.Database.MaxIdle >= 0 && c.Database.MaxIdle <= c.Database.MaxOpen, "DB_MAX_IDLE",
		"doit être compris entre 0 et DB_MAX_OPEN (%d)", c.Database.MaxOpen)
	k.require(c.Database.StatementTimeout >= 0, "DB_STATEMENT_TIMEOUT", "ne peut pas être négatif")
}

func (c Config) checkStorage(k *checker) {
	s := c.Storage
	k.require(s.ACL == "private", "AWS_DEFAULT_ACL", "seule la valeur private est admise : aucun fichier n'est public")
	if !s.UsesS3() && s.SecretAccessKey == "" {
		return
	}
	k.require(s.AccessKeyID != "", "AWS_ACCESS_KEY_ID", "nécessaire avec AWS_SECRET_ACCESS_KEY")
	k.require(s.SecretAccessKey != "", "AWS_SECRET_ACCESS_KEY", "nécessaire avec AWS_ACCESS_KEY_ID")
	k.require(len(s.Bucket) >= 3, "AWS_STORAGE_BUCKET_NAME",
		"nécessaire avec AWS_ACCESS_KEY_ID, trois caractères au moins")
	k.httpURL("AWS_S3_ENDPOINT_URL", s.EndpointURL)
}

func (c Config) checkMail(k *checker) {
	if c.Mail.URL != "" {
		address, err := url.Parse(c.Mail.URL.Reveal())
		k.require(err == nil && (address.Scheme == "smtp" || address.Scheme == "smtps") && address.Host != "",
			"SMTP_URL", "doit être de la forme smtp://utilisateur:motdepasse@hôte:587 ou smtps://…")
	}
	for _, address := range []struct{ name, value string }{
		{"DEFAULT_FROM_EMAIL", c.Mail.From}, {"CONTACT_EMAIL", c.Mail.Contact}, {"SMTP_BCC", c.Mail.Bcc},
	} {
		if address.value == "" {
			continue
		}
		_, err := mail.ParseAddress(address.value)
		k.require(err == nil, address.name, "« %s » n'est pas une adresse électronique", address.value)
	}
	k.httpURL("CLAMAV_SERVICE_URL", c.Antivirus.ServiceURL)
	if addr := c.Antivirus.ClamdAddr; addr != "" && !strings.HasPrefix(addr, "/") {
		_, _, err := net.SplitHostPort(addr)
		k.require(err == nil, "CLAMD_ADDR", "« %s » n'est ni hôte:port ni le chemin d'une socket", addr)
	}
}

func (c Config) checkSIAP(k *checker) {
	k.httpURL("SIAP_CLIENT_HOST", c.SIAPClient.Host)
	k.httpURL("SIAP_ASSISTANCE_URL", c.SIAPClient.AssistanceURL)
	k.httpURL("QUESTIONNAIRE_BAILLEUR_URL", c.Mail.QuestionnaireBailleur)
	k.httpURL("QUESTIONNAIRE_INSTRUCTEUR_URL", c.Mail.QuestionnaireInstructeur)
	k.httpURL("CERBERE_AUTH", c.Cerbere.BaseURL)
	k.require(strings.HasPrefix(c.SIAPClient.Path, "/"), "SIAP_CLIENT_PATH", "doit commencer par une barre")
	k.require((c.SIAPClient.TechnicalLogin == "") == (c.SIAPClient.TechnicalHabilitationID == 0), "SIAP_TECHNICAL_HABILITATION_ID",
		"se donne avec SIAP_TECHNICAL_LOGIN : les deux, ou aucun")
	k.require(c.SIAPClient.TechnicalHabilitationID >= 0 && c.SIAPClient.TechnicalHabilitationID <= math.MaxInt32, "SIAP_TECHNICAL_HABILITATION_ID",
		"n'est pas un numéro d'habilitation")
	hmacs := []string{"HS256", "HS384", "HS512"}
	k.require(len(c.SIAPAPI.Algorithms) > 0, "JWT_ALGORITHM", "ne peut pas être vide")
	for _, name := range c.SIAPAPI.Algorithms {
		k.require(slices.Contains(hmacs, name), "JWT_ALGORITHM", "« %s » n'est pas admis ; valeurs possibles : %s", name, strings.Join(hmacs, ", "))
	}
	k.require(slices.Contains(hmacs, c.SIAPClient.Algorithm), "SIAP_CLIENT_ALGORITHM",
		"« %s » n'est pas admis ; valeurs possibles : %s", c.SIAPClient.Algorithm, strings.Join(hmacs, ", "))
	k.require(c.SIAPAPI.MaxLifetime >= 0, "SIAP_JWT_MAX_LIFETIME", "ne peut pas être négatif")
	k.require(c.SIAPAPI.Leeway >= 0, "SIAP_JWT_LEEWAY", "ne peut pas être négatif")
	if c.Simulator.Enabled {
		_, _, err := net.SplitHostPort(c.Simulator.Addr)
		k.require(err == nil, "SIAP_SIMULATOR_ADDR", "« %s » n'est pas de la forme hôte:port", c.Simulator.Addr)
	}
}

func (c Config) checkSession(k *checker) {
	k.require(c.Session.Idle > 0, "SESSION_IDLE", "doit être positif")
	k.require(c.Session.Max >= c.Session.Idle, "SESSION_MAX", "doit être au moins égal à SESSION_IDLE")
	k.require(c.Session.LoginFailureLimit > 0, "LOGIN_FAILURE_LIMIT", "doit être positif")
	k.require(c.Session.LoginCooloff > 0, "LOGIN_COOLOFF", "doit être positif")
	for _, web := range c.Session.Keys {
		for _, inbound := range c.SIAPAPI.Keys {
			k.require(web.Secret != inbound.Secret, "WEB_JWT_KEYS", "doit différer de JWT_SIGN_KEYS")
		}
		k.require(web.Secret != c.SIAPClient.SignKey, "WEB_JWT_KEYS", "doit différer de SIAP_CLIENT_JWT_SIGN_KEY")
	}
}

func (c Config) checkSecurity(k *checker) {
	k.require(c.Security.HSTSSeconds >= 0, "SECURE_HSTS_SECONDS", "ne peut pas être négatif")
	for _, directive := range []struct {
		name    string
		sources []string
	}{
		{"CSP_FRAME_SRC", c.Security.CSPFrameSrc}, {"CSP_CONNECT_SRC", c.Security.CSPConnectSrc},
		{"CSP_SCRIPT_SRC", c.Security.CSPScriptSrc}, {"CSP_IMG_SRC", c.Security.CSPImgSrc},
	} {
		for _, origin := range directive.sources {
			address, err := url.Parse(origin)
			k.require(err == nil && (address.Scheme == "https" || address.Scheme == "http" || address.Scheme == "wss") &&
				address.Host != "" && !strings.ContainsAny(origin, " ;'\""), directive.name,
				"« %s » n'est pas une origine comme https://exemple.fr", origin)
		}
	}
}

func (c Config) checkLimits(k *checker) {
	for _, limit := range []struct {
		name  string
		value int
	}{
		{"APILOS_MAX_DROPDOWN_COUNT", c.Limits.DropdownCount}, {"APILOS_PAGINATION_PER_PAGE", c.Limits.PageSize},
		{"EXPORT_SYNC_MAX_ROWS", c.Limits.ExportSyncMax}, {"EXPORT_MAX_ROWS", c.Limits.ExportMax},
	} {
		k.require(limit.value > 0, limit.name, "doit être positif")
	}
	k.require(c.Limits.ExportMax >= c.Limits.ExportSyncMax, "EXPORT_MAX_ROWS", "doit être au moins égal à EXPORT_SYNC_MAX_ROWS")
	for _, queue := range slices.Sorted(maps.Keys(c.Jobs.Concurrency)) {
		k.require(c.Jobs.Concurrency[queue] > 0, "JOBS_CONCURRENCY", "la file « %s » doit avoir au moins une tâche", queue)
	}
	for _, share := range []struct {
		name  string
		value float64
	}{{"TRIGRAM_SIMILARITY_THRESHOLD", c.Search.TrigramThreshold}, {"SENTRY_TRACES_SAMPLE_RATE", c.Sentry.TracesSampleRate}} {
		k.require(share.value >= 0 && share.value <= 1, share.name, "doit être compris entre 0 et 1")
	}
}
