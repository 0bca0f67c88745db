package config

import (
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
)

// Keys used on a developer's machine only. They are public: production and staging refuse them.
const (
	devInboundKey  = "developpement-cle-des-jetons-recus-de-siap"
	devOutboundKey = "developpement-cle-des-jetons-emis-vers-siap"
	devWebKey      = "developpement-cle-des-jetons-de-session-web"
	devSecretKey   = "developpement-cle-des-liens-signes-apilos"
	devSealKey     = "developpement-cle-des-sceaux-du-journal"
)

// Distances between PORT and the ports of the same process in development, so that several copies can run side by side.
// With PORT=8080 they give 9090 and 8090.
const (
	metricsPortOffset   = 1010
	simulatorPortOffset = 10
)

// knownDevelopmentKeys lists the values refused outside development and test.
func knownDevelopmentKeys() []string {
	return []string{devInboundKey, devOutboundKey, devWebKey, devSecretKey, devSealKey}
}

// applyEnvironmentDefaults gives each absent setting the default of the environment. Those that do not depend on the
// environment are in the envDefault tags.
func (s *source) applyEnvironmentDefaults(environment Environment) {
	port, err := strconv.Atoi(s.or("PORT", "8080"))
	if err != nil {
		port = 0
	}
	if !environment.Local() {
		s.setDefault("METRICS_PORT", "9090")
		s.setDefault("SECURE_HSTS_SECONDS", "31536000")
		s.setDefault("SECURE_SSL_REDIRECT", "true")
		s.applySimulatorDefaults(port)
		return
	}
	if !s.has("SIAP_CLIENT_HOST") {
		s.setDefault("USE_SIAP_SIMULATOR", "true")
	}
	s.setDefault("LISTEN_HOST", "127.0.0.1")
	s.setDefault("METRICS_PORT", strconv.Itoa(neighbour(port, metricsPortOffset)))
	if port != 0 {
		s.setDefault("PUBLIC_BASE_URL", "http://localhost:"+strconv.Itoa(port))
	}
	s.setDefault("SECURE_HSTS_SECONDS", "0")
	s.setDefault("SECURE_SSL_REDIRECT", "false")
	s.setDefault("LOG_FORMAT", string(LogText))
	s.setDefault("MEDIA_ROOT", filepath.Join(s.or("DATA_DIR", ".data"), "fichiers"))
	s.setDefault("DEFAULT_FROM_EMAIL", "APiLos <ne-pas-repondre@example.org>")
	s.setDefault("CONTACT_EMAIL", "assistance@example.org")
	if !s.has(jwtSignKey) {
		s.setDefault("JWT_SIGN_KEYS", "dev:"+devInboundKey)
	}
	s.setDefault("WEB_JWT_KEYS", "dev:"+devWebKey)
	s.setDefault("SECRET_KEY", devSecretKey)
	s.setDefault("JOURNAL_SEAL_KEYS", "dev:"+devSealKey)
	s.setDefault("SIAP_CLIENT_JWT_SIGN_KEY", devOutboundKey)
	s.applySimulatorDefaults(port)
	if addr, ok := s.values["SIAP_SIMULATOR_ADDR"]; ok && port != 0 {
		s.applyDepotDefaults(addr)
		s.setDefault("CERBERE_AUTH", "http://"+addr+"/cas/")
	}
}

// applySimulatorDefaults gives the bundled simulators their address and points the SIAP client at them. With PORT=0 the
// address is known only once they listen: the caller then fills it.
func (s *source) applySimulatorDefaults(port int) {
	if enabled, err := strconv.ParseBool(s.or("USE_SIAP_SIMULATOR", "false")); err != nil || !enabled {
		return
	}
	s.setDefault("SIAP_SIMULATOR_ADDR", "127.0.0.1:"+strconv.Itoa(neighbour(port, simulatorPortOffset)))
	if port != 0 {
		s.setDefault("SIAP_CLIENT_HOST", "http://"+s.values["SIAP_SIMULATOR_ADDR"])
	}
}

// neighbour returns port+offset, or 0 (a free port) when there is no such port.
func neighbour(port, offset int) int {
	if port == 0 || port+offset > 65535 {
		return 0
	}
	return port + offset
}

// defaultHosts returns the host of the public address and, in development, the loopback names.
func defaultHosts(c Config) []string {
	var hosts []string
	if address, err := url.Parse(c.Server.PublicBaseURL); err == nil && address.Hostname() != "" {
		hosts = append(hosts, address.Hostname())
	}
	if c.Environment.Local() {
		for _, loopback := range []string{"localhost", "127.0.0.1", "::1"} {
			if !slices.Contains(hosts, loopback) {
				hosts = append(hosts, loopback)
			}
		}
	}
	return hosts
}

// MailDir is where messages are written when no mail server is configured.
func (c Config) MailDir() string { return filepath.Join(c.DataDir, "mails") }
