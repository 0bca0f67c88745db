package config

import (
	"slices"
	"strings"
)

// requirement is a setting that production and staging cannot do without.
type requirement struct {
	name string // the variable named in the message and in README.md
	why  string // what to write, in French
	// absent says whether the setting is lacking; explicit holds what the operator gave, before any default.
	absent func(c Config, explicit map[string]string) bool
}

// requirements lists what the operator must give in production and staging. Staging may run the bundled
// simulators (USE_SIAP_SIMULATOR) instead of a real SIAP; production may not.
func requirements() []requirement {
	given := func(name string) func(Config, map[string]string) bool {
		return func(_ Config, explicit map[string]string) bool { return explicit[name] == "" }
	}
	return []requirement{
		{"PUBLIC_BASE_URL", "adresse publique en https, par exemple https://apilos.exemple.fr", given("PUBLIC_BASE_URL")},
		{"DATABASE_URL", "base PostgreSQL, postgres://utilisateur:motdepasse@hôte:5432/base", given("DATABASE_URL")},
		{"JWT_SIGN_KEYS", "clés des jetons reçus de SIAP, identifiant:secret", func(c Config, _ map[string]string) bool { return len(c.SIAPAPI.Keys) == 0 }},
		{"SIAP_CLIENT_HOST", "adresse de SIAP", func(c Config, _ map[string]string) bool { return c.SIAPClient.Host == "" }},
		{"SIAP_CLIENT_JWT_SIGN_KEY", "clé des jetons envoyés à SIAP", given("SIAP_CLIENT_JWT_SIGN_KEY")},
		{"CERBERE_AUTH", "adresse du serveur CERBERE (CAS), ou « aucun » pour des comptes locaux avec mot de passe", given("CERBERE_AUTH")},
		{"WEB_JWT_KEYS", "clés de nos jetons d'accès, identifiant:secret", given("WEB_JWT_KEYS")},
		{"SECRET_KEY", "clé des liens signés", given("SECRET_KEY")},
		{"JOURNAL_SEAL_KEYS", "clés des sceaux du journal, identifiant:secret, gardées hors de la base", given("JOURNAL_SEAL_KEYS")},
		{"AWS_ACCESS_KEY_ID", "stockage objet, avec AWS_SECRET_ACCESS_KEY et AWS_STORAGE_BUCKET_NAME ; sinon MEDIA_ROOT, un dossier partagé et sauvegardé", func(c Config, explicit map[string]string) bool {
			return !c.Storage.UsesS3() && explicit["MEDIA_ROOT"] == ""
		}},
		{"SMTP_URL", "serveur d'envoi des courriels, smtp://utilisateur:motdepasse@hôte:587", given("SMTP_URL")},
		{"DEFAULT_FROM_EMAIL", "expéditeur des courriels", given("DEFAULT_FROM_EMAIL")},
		{"CONTACT_EMAIL", "adresse d'assistance", given("CONTACT_EMAIL")},
		{"CLAMD_ADDR", "antivirus, hôte:port de clamd ; sinon CLAMAV_SERVICE_URL", func(c Config, _ map[string]string) bool { return !c.Antivirus.Enabled() }},
	}
}

// missing lists, for production and staging, what is absent, weak or left at a development value.
func (c Config) missing(explicit map[string]string) []string {
	k := &checker{}
	for _, needed := range requirements() {
		k.require(!needed.absent(c, explicit), needed.name, "obligatoire ; %s", needed.why)
	}
	k.require(c.Server.PublicBaseURL == "" || strings.HasPrefix(c.Server.PublicBaseURL, "https://"), "PUBLIC_BASE_URL", "doit commencer par https://")
	c.checkKeys(k)
	c.missingDepot(k)
	k.require(c.Cerbere.MockUserID == "", "MOCK_CERBERE_USER_ID", "réservé au développement ; retirez-le")
	if c.Environment == Production {
		k.require(!c.Simulator.Enabled, "USE_SIAP_SIMULATOR", "les simulateurs ne démarrent pas en production ; retirez-le")
		k.require(c.SIAPClient.Host == "" || strings.HasPrefix(c.SIAPClient.Host, "https://"), "SIAP_CLIENT_HOST", "doit commencer par https://")
		k.require(c.Cerbere.BaseURL == "" || strings.HasPrefix(c.Cerbere.BaseURL, "https://"), "CERBERE_AUTH", "doit commencer par https://")
	}
	return k.problems
}

// checkKeys refuses short keys and the public keys of development.
func (c Config) checkKeys(k *checker) {
	keys := []struct {
		name  string
		value Secret
	}{{"SIAP_CLIENT_JWT_SIGN_KEY", c.SIAPClient.SignKey}, {"SECRET_KEY", c.Security.SecretKey}}
	for _, key := range c.SIAPAPI.Keys {
		keys = append(keys, struct {
			name  string
			value Secret
		}{"JWT_SIGN_KEYS", key.Secret})
	}
	for _, key := range c.Session.Keys {
		keys = append(keys, struct {
			name  string
			value Secret
		}{"WEB_JWT_KEYS", key.Secret})
	}
	for _, key := range c.Journal.SealKeys {
		keys = append(keys, struct {
			name  string
			value Secret
		}{"JOURNAL_SEAL_KEYS", key.Secret})
	}
	for _, key := range keys {
		if key.value == "" {
			continue // already reported as missing
		}
		k.require(len(key.value) >= minKeyBytes, key.name, "clé trop courte ; il en faut une de %d octets au moins, tirée au hasard", minKeyBytes)
		k.require(!slices.Contains(knownDevelopmentKeys(), key.value.Reveal()), key.name, "clé de développement, connue de tous ; tirez-en une au hasard")
		k.require(strings.Trim(key.value.Reveal(), key.value.Reveal()[:1]) != "", key.name, "clé faite d'un seul caractère répété ; tirez-en une au hasard")
	}
}
