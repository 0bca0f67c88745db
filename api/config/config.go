package config

import "time"

// Config holds every setting of the platform. The zero value is of no use: call Load.
type Config struct {
	Environment Environment `env:"ENVIRONMENT" envDefault:"development" doc:"development, test, staging ou production. Les deux derniers refusent les valeurs de développement."`
	DataDir     string      `env:"DATA_DIR" envDefault:".data" doc:"Dossier des données locales en développement : base embarquée, fichiers, courriels écrits."`

	Server     Server
	Log        Log
	Database   Database
	Storage    Storage
	Mail       Mail
	Antivirus  Antivirus
	SIAPAPI    SIAPAPI
	SIAPClient SIAPClient
	Simulator  Simulator
	Cerbere    Cerbere
	Session    Session
	Security   Security
	Journal    Journal
	Jobs       Jobs
	Limits     Limits
	Depot      Depot
	Search     Search
	Documents  Documents
	Sentry     Sentry
	Backup     Backup
}

// Server says where the platform listens and under which address people reach it.
type Server struct {
	Host            string        `env:"LISTEN_HOST" defaut:"127.0.0.1 en développement, toutes les interfaces sinon" doc:"Adresse d'écoute."`
	Port            int           `env:"PORT" envDefault:"8080" doc:"Port de l'application ; 0 = un port libre."`
	MetricsPort     int           `env:"METRICS_PORT" defaut:"9090 (PORT + 1010 en développement)" doc:"Port privé de /metrics ; 0 = un port libre."`
	PublicBaseURL   string        `env:"PUBLIC_BASE_URL" defaut:"http://localhost:PORT" doc:"Adresse publique, sans barre finale : liens des courriels, retour de CERBERE."`
	AllowedHosts    []string      `env:"ALLOWED_HOSTS" defaut:"hôte de PUBLIC_BASE_URL" doc:"Noms d'hôte acceptés, séparés par des virgules ; les autres reçoivent 400."`
	TrustedProxies  Prefixes      `env:"TRUSTED_PROXIES" doc:"Adresses ou réseaux (CIDR) des serveurs mandataires dont X-Forwarded-For et X-Forwarded-Proto sont crus."`
	MaxBody         ByteSize      `env:"MAX_BODY" envDefault:"2MiB" doc:"Taille maximale d'un corps JSON."`
	MaxUpload       ByteSize      `env:"MAX_UPLOAD" envDefault:"512MiB" doc:"Taille maximale d'une requête de dépôt de fichier, au-dessus de la limite de chaque type (500 Mo pour un document signé)."`
	MaxConnections  int           `env:"MAX_CONNECTIONS" envDefault:"4096" doc:"Connexions HTTP ouvertes au plus, par processus ; les suivantes attendent."`
	RateLimitShared bool          `env:"RATE_LIMIT_SHARED" envDefault:"false" doc:"Partage les quotas de requêtes entre les processus, par PostgreSQL."`
	ShutdownTimeout time.Duration `env:"SHUTDOWN_TIMEOUT" envDefault:"30s" doc:"Temps laissé aux requêtes et aux tâches en cours à l'arrêt."`
}

// Log sets what is written on standard output.
type Log struct {
	Level  LogLevel  `env:"LOGLEVEL" envDefault:"info" doc:"debug, info, warn ou error."`
	Format LogFormat `env:"LOG_FORMAT" envDefault:"json" defaut:"json (text en développement)" doc:"json ou text."`
}

// Database locates PostgreSQL. An empty URL is possible in development and test only: the program then starts its own
// server in Config.DataDir.
type Database struct {
	URL              SecretURL     `env:"DATABASE_URL" defaut:"serveur embarqué dans DATA_DIR" doc:"Base principale, postgres://utilisateur:motdepasse@hôte:5432/base."`
	ReadonlyURL      SecretURL     `env:"DB_READONLY" reserve:"oui" doc:"Même base avec un utilisateur en lecture seule, pour les rapports."`
	MaxOpen          int           `env:"DB_MAX_OPEN" envDefault:"20" doc:"Connexions ouvertes au plus, par processus."`
	MaxIdle          int           `env:"DB_MAX_IDLE" envDefault:"10" doc:"Connexions gardées au repos, par processus."`
	StatementTimeout time.Duration `env:"DB_STATEMENT_TIMEOUT" envDefault:"15s" doc:"Durée maximale d'une requête SQL ; 0 = sans limite."`
	EcolowebURL      SecretURL     `env:"ECOLO_DATABASE_URL" reserve:"oui" doc:"Base source de la reprise Ecoloweb."`
}

// Storage locates the bytes of the files. Without access key they lie in a local directory.
type Storage struct {
	AccessKeyID     string `env:"AWS_ACCESS_KEY_ID" doc:"Clé d'accès du stockage objet (S3). Vide : dossier local MEDIA_ROOT."`
	SecretAccessKey Secret `env:"AWS_SECRET_ACCESS_KEY" doc:"Clé secrète du stockage objet."`
	Bucket          string `env:"AWS_STORAGE_BUCKET_NAME" doc:"Nom du compartiment (bucket)."`
	Region          string `env:"AWS_S3_REGION_NAME" envDefault:"us-east-1" doc:"Région du stockage objet."`
	EndpointURL     string `env:"AWS_S3_ENDPOINT_URL" envDefault:"https://s3.amazonaws.com" doc:"Adresse du stockage objet."`
	PathStyle       bool   `env:"AWS_S3_PATH_STYLE" envDefault:"true" doc:"Adresse le compartiment dans le chemin plutôt que dans le nom d'hôte."`
	ACL             string `env:"AWS_DEFAULT_ACL" envDefault:"private" doc:"Toujours private : aucun objet n'est public."`
	MediaRoot       string `env:"MEDIA_ROOT" defaut:"DATA_DIR/fichiers" doc:"Dossier local des fichiers, sans stockage objet."`
	EcolowebBucket  string `env:"AWS_ECOLOWEB_BUCKET_NAME" reserve:"oui" doc:"Compartiment des pièces jointes reprises d'Ecoloweb."`
}

// UsesS3 reports whether files go to an S3 server rather than to Storage.MediaRoot.
func (s Storage) UsesS3() bool { return s.AccessKeyID != "" }

// Mail sets how messages leave. An empty URL writes them to Config.MailDir (development and test only).
type Mail struct {
	URL     SecretURL `env:"SMTP_URL" defaut:"DATA_DIR/mails" doc:"Serveur d'envoi, smtp://utilisateur:motdepasse@hôte:587 ou smtps://… ; vide : courriels écrits sur disque."`
	Bcc     string    `env:"SMTP_BCC" doc:"Copie cachée des notifications de dépôt."`
	From    string    `env:"DEFAULT_FROM_EMAIL" doc:"Expéditeur des courriels."`
	Contact string    `env:"CONTACT_EMAIL" doc:"Destinataire du formulaire de contact et adresse d'assistance."`
	// Links of the two satisfaction questionnaires (EM-11, EM-12); without one, its e-mail is not sent.
	QuestionnaireBailleur    string `env:"QUESTIONNAIRE_BAILLEUR_URL" doc:"Questionnaire proposé à un bailleur après sa première demande ; vide : pas de courriel."`
	QuestionnaireInstructeur string `env:"QUESTIONNAIRE_INSTRUCTEUR_URL" doc:"Questionnaire proposé à un instructeur après sa première validation ; vide : pas de courriel."`

	MaxAttachmentSize ByteSize `env:"MAX_EMAIL_ATTACHED_FILES_SIZE" envDefault:"10MiB" doc:"Total des pièces jointes d'un courriel ; au-delà, un lien est envoyé."`
}

// Antivirus locates the scanner. Both empty: files stay "non analysé" (development and test only).
type Antivirus struct {
	ClamdAddr       string `env:"CLAMD_ADDR" doc:"Antivirus clamd : hôte:port, ou chemin d'une socket."`
	ServiceURL      string `env:"CLAMAV_SERVICE_URL" doc:"Antivirus par HTTP, à la place de clamd."`
	ServiceUser     string `env:"CLAMAV_SERVICE_USER" doc:"Utilisateur de l'antivirus par HTTP."`
	ServicePassword Secret `env:"CLAMAV_SERVICE_PASSWORD" doc:"Mot de passe de l'antivirus par HTTP."`
}

// Enabled reports whether a scanner is configured.
func (a Antivirus) Enabled() bool { return a.ClamdAddr != "" || a.ServiceURL != "" }

// SIAPAPI sets how calls coming from SIAP (/api-siap) are verified (05 A.2, A.3).
type SIAPAPI struct {
	Keys        KeyRing       `env:"JWT_SIGN_KEYS" defaut:"clé de développement" doc:"Clés des jetons reçus de SIAP, kid:secret,… ; la première est la clé courante. 32 octets au moins."`
	Algorithms  []string      `env:"JWT_ALGORITHM" envDefault:"HS256" doc:"Algorithmes acceptés : HS256, HS384, HS512."`
	MaxLifetime time.Duration `env:"SIAP_JWT_MAX_LIFETIME" envDefault:"24h" doc:"Durée de vie maximale d'un jeton reçu ; 0 = sans limite."`
	Leeway      time.Duration `env:"SIAP_JWT_LEEWAY" envDefault:"30s" doc:"Écart d'horloge toléré."`
	Scope       SIAPScope     `env:"SIAP_API_SCOPE" envDefault:"trusted" doc:"trusted (SIAP a vérifié le périmètre) ou strict."`
}

// SIAPClient sets how the platform calls SIAP (05 B).
type SIAPClient struct {
	Host          string `env:"SIAP_CLIENT_HOST" defaut:"simulateur en développement" doc:"Adresse de SIAP, sans barre finale."`
	Path          string `env:"SIAP_CLIENT_PATH" envDefault:"/api-int/v0" doc:"Préfixe des routes internes de SIAP."`
	SignKey       Secret `env:"SIAP_CLIENT_JWT_SIGN_KEY" defaut:"clé de développement" doc:"Clé des jetons envoyés à SIAP. 32 octets au moins."`
	KeyID         string `env:"SIAP_CLIENT_JWT_KID" doc:"Identifiant de cette clé (en-tête kid) ; vide : pas d'en-tête."`
	Algorithm     string `env:"SIAP_CLIENT_ALGORITHM" envDefault:"HS256" doc:"HS256, HS384 ou HS512."`
	LogCalls      bool   `env:"SIAP_CLIENT_LOG_API_CALLS" envDefault:"false" doc:"Journalise les appels à SIAP, sans jeton ni contenu."`
	NoMenu        bool   `env:"NO_SIAP_MENU" envDefault:"false" doc:"Masque le menu reçu de SIAP."`
	AssistanceURL string `env:"SIAP_ASSISTANCE_URL" doc:"Lien d'assistance du pied de page et des pages d'erreur."`

	TechnicalLogin          string `env:"SIAP_TECHNICAL_LOGIN" doc:"Login CERBERE du compte technique : les tâches de fond appellent SIAP en son nom quand l'auteur n'a pas de compte SIAP. Vide : ces alertes sont abandonnées."`
	TechnicalHabilitationID int    `env:"SIAP_TECHNICAL_HABILITATION_ID" envDefault:"0" doc:"Habilitation SIAP du compte technique ; obligatoire avec SIAP_TECHNICAL_LOGIN."`
}

// Simulator sets the bundled SIAP and CERBERE simulators; never in production (05 B.10, C.2).
type Simulator struct {
	Enabled  bool   `env:"USE_SIAP_SIMULATOR" defaut:"true en développement si SIAP_CLIENT_HOST est vide" doc:"Démarre les simulateurs de SIAP et de CERBERE avec le serveur."`
	Addr     string `env:"SIAP_SIMULATOR_ADDR" defaut:"127.0.0.1:PORT + 10" doc:"Adresse d'écoute des simulateurs."`
	Scenario string `env:"SIAP_SIMULATOR_SCENARIO" defaut:"scénario demo inclus" doc:"Fichier de scénario (JSON ou YAML)."`
}

// Cerbere sets the single sign-on (05 C.1).
type Cerbere struct {
	BaseURL      string      `env:"CERBERE_AUTH" defaut:"simulateur en développement" doc:"Adresse du serveur CAS, avec barre finale ; « aucun » : comptes locaux avec mot de passe."`
	Protocol     CASProtocol `env:"CAS_PROTOCOL" envDefault:"saml11" doc:"saml11 (CERBERE) ou cas3."`
	ServiceState OnOff       `env:"CAS_SERVICE_STATE" envDefault:"on" doc:"off pour un serveur CAS qui n'accepte que des adresses de retour exactes."`
	MockUserID   string      `env:"MOCK_CERBERE_USER_ID" doc:"Connecte chaque visiteur sous cet utilisateur local. Développement et test seulement."`
}

// Session sets our own tokens and the protection of accounts (05 C.3, C.6).
type Session struct {
	Keys              KeyRing       `env:"WEB_JWT_KEYS" defaut:"clé de développement" doc:"Clés de nos jetons d'accès, kid:secret,… ; différentes de celles de SIAP. 32 octets au moins."`
	Idle              time.Duration `env:"SESSION_IDLE" envDefault:"6h" doc:"Durée d'inactivité qui ferme une session."`
	Max               time.Duration `env:"SESSION_MAX" envDefault:"12h" doc:"Durée totale d'une session."`
	LoginFailureLimit int           `env:"LOGIN_FAILURE_LIMIT" envDefault:"5" doc:"Échecs de connexion avant verrouillage."`
	LoginCooloff      time.Duration `env:"LOGIN_COOLOFF" envDefault:"6h" doc:"Durée du verrouillage."`
}

// Security sets response headers and the key of signed links (05 D).
type Security struct {
	SecretKey             Secret   `env:"SECRET_KEY" defaut:"clé de développement" doc:"Clé des liens signés. 32 octets au moins."`
	HSTSSeconds           int      `env:"SECURE_HSTS_SECONDS" defaut:"31536000 (0 en développement)" doc:"Durée de Strict-Transport-Security."`
	HSTSIncludeSubdomains bool     `env:"SECURE_HSTS_INCLUDE_SUBDOMAINS" envDefault:"true" doc:"Étend HSTS aux sous-domaines."`
	HSTSPreload           bool     `env:"SECURE_HSTS_PRELOAD" envDefault:"true" doc:"Autorise la liste de préchargement HSTS."`
	SSLRedirect           bool     `env:"SECURE_SSL_REDIRECT" defaut:"true (false en développement)" doc:"Redirige HTTP vers HTTPS (308)."`
	CSPFrameSrc           []string `env:"CSP_FRAME_SRC" doc:"Origines ajoutées à frame-src."`
	CSPConnectSrc         []string `env:"CSP_CONNECT_SRC" doc:"Origines ajoutées à connect-src."`
	CSPScriptSrc          []string `env:"CSP_SCRIPT_SRC" doc:"Origines ajoutées à script-src."`
	CSPImgSrc             []string `env:"CSP_IMG_SRC" doc:"Origines ajoutées à img-src."`
}

// Jobs sets the background work (06 §5.2).
type Jobs struct {
	InProcess   bool           `env:"JOBS_IN_PROCESS" envDefault:"true" doc:"Exécute les tâches de fond dans serve ; false : lancer aussi apilos worker."`
	Concurrency map[string]int `env:"JOBS_CONCURRENCY" envDefault:"documents:2,courriels:5,siap:5,fichiers:4,lots:1,bal:2,systeme:1,exterieur:8" doc:"Tâches simultanées par file, file:nombre,…"`
	CronEnabled bool           `env:"CRON_ENABLED" envDefault:"true" doc:"Exécute les tâches planifiées."`
}

// Limits holds the sizes of lists and exports (06 §7.4, decision 16).
type Limits struct {
	DropdownCount int `env:"APILOS_MAX_DROPDOWN_COUNT" envDefault:"20" doc:"Suggestions affichées par une liste à saisie."`
	PageSize      int `env:"APILOS_PAGINATION_PER_PAGE" envDefault:"20" doc:"Lignes par page."`
	ExportSyncMax int `env:"EXPORT_SYNC_MAX_ROWS" envDefault:"1000" reserve:"oui" doc:"Lignes exportées immédiatement ; au-delà, en tâche de fond."`
	ExportMax     int `env:"EXPORT_MAX_ROWS" envDefault:"200000" reserve:"oui" doc:"Lignes exportées au plus."`
}

// Search sets the ranking of results (06 §1.5).
type Search struct {
	TrigramThreshold float64 `env:"TRIGRAM_SIMILARITY_THRESHOLD" envDefault:"0.3" reserve:"oui" doc:"Ressemblance minimale d'un résultat, de 0 à 1."`
	DebugScoring     bool    `env:"DEBUG_SEARCH_SCORING" envDefault:"false" reserve:"oui" doc:"Autorise debug=1, qui montre le calcul du classement."`
}

// Documents locates the converter from DOCX to PDF.
type Documents struct {
	LibreOfficeExec string `env:"LIBREOFFICE_EXEC" envDefault:"soffice" reserve:"oui" doc:"Commande LibreOffice qui convertit en PDF."`
	GotenbergURL    string `env:"GOTENBERG_URL" reserve:"oui" doc:"Service Gotenberg, à la place de LibreOffice."`
}

// Sentry sets error tracking. Personal data never leaves in an event.
type Sentry struct {
	URL              Secret  `env:"SENTRY_URL" reserve:"oui" doc:"Adresse (DSN) du suivi d'erreurs."`
	TracesSampleRate float64 `env:"SENTRY_TRACES_SAMPLE_RATE" envDefault:"0.05" reserve:"oui" doc:"Part des requêtes tracées, de 0 à 1."`
}

// Backup locates where dumps and copies of files go (06 §4.4).
type Backup struct {
	AccessKeyID     string `env:"BACKUP_S3_ACCESS_KEY_ID" reserve:"oui" doc:"Clé d'accès du stockage des sauvegardes."`
	SecretAccessKey Secret `env:"BACKUP_S3_SECRET_ACCESS_KEY" reserve:"oui" doc:"Clé secrète du stockage des sauvegardes."`
	Bucket          string `env:"BACKUP_S3_BUCKET_NAME" reserve:"oui" doc:"Compartiment des sauvegardes."`
	Region          string `env:"BACKUP_S3_REGION_NAME" reserve:"oui" doc:"Région du stockage des sauvegardes."`
	EndpointURL     string `env:"BACKUP_S3_ENDPOINT_URL" reserve:"oui" doc:"Adresse du stockage des sauvegardes."`
	PublicKey       string `env:"BACKUP_PUBLIC_KEY" reserve:"oui" doc:"Clé publique qui chiffre les sauvegardes."`
	Cron            string `env:"BACKUP_CRON" envDefault:"30 2 * * *" reserve:"oui" doc:"Horaire de la sauvegarde de la base (Europe/Paris)."`
}
