package config

import (
	"net/url"
	"strings"
	"time"
)

// Depot sets the deposit of address files (07 section 13).
type Depot struct {
	AdminToken        Secret        `env:"ADMIN_TOKEN" doc:"Jeton d'administration de l'API de dépôt ; vide : les routes d'administration répondent 403."`
	Demo              bool          `env:"DEMO_MODE" envDefault:"false" doc:"Le code 000000 valide toute habilitation et aucun courriel de dépôt ne part. Refusé en production."`
	BasePath          string        `env:"DEPOT_BASE_PATH" envDefault:"/api-depot" doc:"Chemin de l'API de dépôt."`
	APIURL            string        `env:"API_DEPOT_URL" defaut:"PUBLIC_BASE_URL + DEPOT_BASE_PATH" doc:"Adresse publique de l'API de dépôt : courriels, retour de ProConnect."`
	MaxFileBytes      ByteSize      `env:"DEPOT_MAX_FILE_BYTES" envDefault:"50000000" doc:"Taille maximale d'un fichier d'adresses."`
	ValidationWorkers int           `env:"DEPOT_VALIDATION_WORKERS" envDefault:"0" defaut:"nombre de processeurs" doc:"Validations simultanées ; 0 = nombre de processeurs."`
	ValidationTimeout time.Duration `env:"DEPOT_VALIDATION_TIMEOUT" envDefault:"120s" doc:"Durée maximale d'une validation."`
	PendingTTLDays    int           `env:"DEPOT_PENDING_TTL_DAYS" envDefault:"90" doc:"Jours après lesquels une révision jamais publiée est supprimée."`
	PublicEmails      bool          `env:"DEPOT_PUBLIC_EMAILS" envDefault:"false" doc:"Montre à tous les courriels des mandataires et des chefs de file."`
	HabilitationTTL   int           `env:"HABILITATION_TTL_DAYS" envDefault:"0" doc:"Jours de validité d'une habilitation acceptée ; 0 = sans limite."`
	MattermostURL     Secret        `env:"MATTERMOST_WEBHOOK_URL" defaut:"vide (simulateur en développement)" doc:"Crochet de la messagerie d'équipe, prévenue de chaque publication."`
	AnnuaireURL       string        `env:"API_ANNUAIRE" defaut:"vide (simulateur en développement)" doc:"Annuaire de l'administration, jusqu'à /api/explore/v2.1."`
	PartenaireURL     string        `env:"API_BAL_ADMIN_URL" defaut:"vide (simulateur en développement)" doc:"Annuaire des partenaires, prévenu des changements de clients."`
	PartenaireToken   Secret        `env:"API_BAL_ADMIN_TOKEN" doc:"Jeton de l'annuaire des partenaires."`
	NotifyBAN         bool          `env:"NOTIFY_BAN" envDefault:"false" doc:"Prévient la Base Adresse Nationale de chaque publication."`
	BANURL            string        `env:"BAN_API_URL" defaut:"vide (simulateur en développement)" doc:"Base Adresse Nationale ; vide : aucune adresse connue, districts inconnus."`
	BANToken          Secret        `env:"BAN_API_TOKEN" doc:"Jeton de la Base Adresse Nationale."`
	PCURL             string        `env:"PC_SERVICE_URL" defaut:"vide (simulateur en développement)" doc:"ProConnect."`
	PCID              string        `env:"PC_FS_ID" defaut:"vide (simulateur en développement)" doc:"Identifiant de la plateforme chez ProConnect."`
	PCSecret          Secret        `env:"PC_FS_SECRET" defaut:"vide (simulateur en développement)" doc:"Secret de la plateforme chez ProConnect."`
	PCCallback        string        `env:"PC_FS_CALLBACK" defaut:"API_DEPOT_URL + /habilitations/proconnect/callback" doc:"Adresse de retour de ProConnect."`
	PCOrigins         []string      `env:"PC_REDIRECT_ALLOWED_ORIGINS" defaut:"origine de PUBLIC_BASE_URL" doc:"Origines vers lesquelles un agent peut être renvoyé après ProConnect, séparées par des virgules."`
}

// minAdminToken is the shortest token of the administrator outside development and test.
const minAdminToken = 24

// Paths of the bundled simulators of outside services, below the address of the simulator.
const (
	simProConnect  = "/proconnect"
	simAnnuaire    = "/annuaire/api/explore/v2.1"
	simBAN         = "/ban-plateforme"
	simPartenaires = "/partenaires"
	simMessagerie  = "/messagerie/hooks/depot"
)

// applyDepotDefaults points the deposit at the bundled simulators.
func (s *source) applyDepotDefaults(simulator string) {
	for name, path := range map[string]string{
		"PC_SERVICE_URL": simProConnect, "API_ANNUAIRE": simAnnuaire, "BAN_API_URL": simBAN, "API_BAL_ADMIN_URL": simPartenaires, "MATTERMOST_WEBHOOK_URL": simMessagerie,
	} {
		s.setDefault(name, "http://"+simulator+path)
	}
	s.setDefault("PC_FS_ID", "apilos-demonstration")
	s.setDefault("PC_FS_SECRET", "secret-public-du-simulateur-proconnect")
}

// complete derives what depends on the public address.
func (d *Depot) complete(publicURL string) {
	d.BasePath = "/" + strings.Trim(d.BasePath, "/ ")
	if d.APIURL == "" && publicURL != "" {
		d.APIURL = publicURL + d.BasePath
	}
	d.APIURL = strings.TrimRight(d.APIURL, "/")
	for _, address := range []*string{&d.AnnuaireURL, &d.PartenaireURL, &d.BANURL, &d.PCURL} {
		*address = strings.TrimRight(strings.TrimSpace(*address), "/")
	}
	if d.PCCallback == "" && d.APIURL != "" {
		d.PCCallback = d.APIURL + "/habilitations/proconnect/callback"
	}
	d.PCOrigins = splitList(strings.Join(d.PCOrigins, ","))
	if len(d.PCOrigins) == 0 && publicURL != "" {
		d.PCOrigins = []string{publicURL}
	}
}

func (c Config) checkDepot(k *checker) {
	d := c.Depot
	base, err := url.Parse(d.BasePath)
	k.require(err == nil && base.Path == d.BasePath && len(d.BasePath) > 1 && !strings.ContainsAny(d.BasePath, ":*?#"), "DEPOT_BASE_PATH",
		"« %s » n'est pas un chemin comme /api-depot", d.BasePath)
	for _, taken := range []string{"/api/", "/api-siap/", "/accounts/", "/metrics/", "/sante/"} {
		k.require(!strings.HasPrefix(d.BasePath+"/", taken), "DEPOT_BASE_PATH", "« %s » est déjà pris par la plateforme", d.BasePath)
	}
	for _, address := range []struct{ name, value string }{
		{"API_DEPOT_URL", d.APIURL}, {"API_ANNUAIRE", d.AnnuaireURL}, {"API_BAL_ADMIN_URL", d.PartenaireURL}, {"BAN_API_URL", d.BANURL},
		{"PC_SERVICE_URL", d.PCURL}, {"PC_FS_CALLBACK", d.PCCallback},
	} {
		k.httpURL(address.name, address.value)
	}
	if hook := d.MattermostURL.Reveal(); hook != "" {
		address, err := url.Parse(hook)
		k.require(err == nil && address.Host != "", "MATTERMOST_WEBHOOK_URL", "n'est pas une adresse complète")
	}
	for _, origin := range d.PCOrigins {
		k.httpURL("PC_REDIRECT_ALLOWED_ORIGINS", origin)
	}
	k.require(d.ValidationWorkers >= 0, "DEPOT_VALIDATION_WORKERS", "ne peut pas être négatif")
	k.require(d.ValidationTimeout > 0, "DEPOT_VALIDATION_TIMEOUT", "doit être positif")
	k.require(d.PendingTTLDays > 0, "DEPOT_PENDING_TTL_DAYS", "doit être positif")
	k.require(d.HabilitationTTL >= 0, "HABILITATION_TTL_DAYS", "ne peut pas être négatif")
	k.require(!d.NotifyBAN || d.BANURL != "", "BAN_API_URL", "nécessaire avec NOTIFY_BAN")
}

// missingDepot lists what production and staging refuse.
func (c Config) missingDepot(k *checker) {
	if c.Environment == Production {
		k.require(!c.Depot.Demo, "DEMO_MODE", "réservé aux démonstrations ; retirez-le")
	}
	token := c.Depot.AdminToken
	k.require(token == "" || len(token) >= minAdminToken, "ADMIN_TOKEN", "jeton trop court ; il en faut un de %d caractères au moins, tiré au hasard", minAdminToken)
}
