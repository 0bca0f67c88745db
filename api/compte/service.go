package compte

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"log/slog"
	"sync"
	"time"

	"apilos/api/auth"
	"apilos/api/event"
	"apilos/api/securite"

	"github.com/google/uuid"
	"golang.org/x/sync/singleflight"
)

// Durations of 05 C.3 and C.4 that are not settings.
const (
	delaiVerification   = 15 * time.Minute // habilitations are asked again to SIAP after that
	confianceSansSIAP   = 24 * time.Hour   // and used for that long when SIAP does not answer
	graceRafraichement  = 30 * time.Second // an already used refresh token is still accepted, for other tabs
	memoireTicket       = 10 * time.Minute // a CAS ticket is refused a second time for that long
	delaiSIAP           = 8 * time.Second  // at most, inside a request that can do without SIAP
	delaiLiens          = 4 * time.Second  // for the links and the menu of a page
	defautInactivite    = 6 * time.Hour
	defautDureeAbsolue  = 12 * time.Hour
	etiquetteJetonSuite = "refresh-token"
)

// Config is what New needs. All fields are required but those that say otherwise.
type Config struct {
	Store           Store
	Bailleurs       Bailleurs
	Administrations Administrations
	SIAP            SIAP
	Jetons          *auth.Tokens
	Horloge         func() time.Time
	NouvelID        func() uuid.UUID // session identifiers, random
	Journal         *slog.Logger

	Inactivite time.Duration // SESSION_IDLE; 0 means 6 h
	DureeMax   time.Duration // SESSION_MAX; 0 means 12 h
	SansMenu   bool          // NO_SIAP_MENU
	// ComptesLocaux opens the sign-in by password (05 C.6); it is closed when CERBERE is the way in.
	ComptesLocaux bool
	Hacheur       Hacheur       // of passwords; nil means Argon2id
	EchecsMax     int           // LOGIN_FAILURE_LIMIT; 0 means 5
	DureeVerrou   time.Duration // LOGIN_COOLOFF; 0 means 6 h
	// Reinitialisation has the link that sets a new password sent later, in the transaction of ctx, to the account
	// that this identifier designates, if any. nil: passwords cannot be reset by e-mail.
	Reinitialisation func(ctx context.Context, identifiant string) error
	// Fusion is told, in the transaction that activates a habilitation of a bailleur with a SIREN, that its
	// mergers should be read again (PE-14). nil: nobody is told. It must only enqueue work.
	Fusion func(ctx context.Context, d DemandeFusion) error
	// FusionEntrante is Fusion for a call of SIAP, in the transaction that finds its bailleur; nil: nobody is told.
	FusionEntrante func(ctx context.Context, d DemandeFusion) error
	// ValeurInconnue is told a code of SIAP that the platform does not know (05 B.9); nil: only the log is.
	ValeurInconnue func(ctx context.Context, champ, valeur string) error
}

// DemandeFusion is what a later reading of the mergers of a bailleur needs.
type DemandeFusion struct {
	BailleurID     int64
	Siren          string
	Nom            string // of the bailleur in the habilitation, may be empty
	Login          string // on whose behalf SIAP is called
	HabilitationID int64
}

// Service opens, renews and ends sessions, and turns an access token into a principal. It is safe for
// concurrent use; several processes may work on the same database.
type Service struct {
	cfg       Config
	cache     *cacheEtats
	drapeaux  *cacheInterrupteurs
	revalide  singleflight.Group
	cleJetons []byte
	cleLiens  []byte
	leurre    func() string // digest of a password nobody has: unknown accounts cost what known ones do
}

// New returns the service.
func New(c Config) (*Service, error) {
	if c.Store == nil || c.Bailleurs == nil || c.Administrations == nil || c.SIAP == nil || c.Jetons == nil ||
		c.Horloge == nil || c.NouvelID == nil || c.Journal == nil {
		return nil, errors.New("compte: a dependency is missing")
	}
	if c.Inactivite <= 0 {
		c.Inactivite = defautInactivite
	}
	if c.DureeMax <= 0 {
		c.DureeMax = defautDureeAbsolue
	}
	if c.Hacheur == nil {
		c.Hacheur = NouveauArgon2(parametresArgon2, memoireArgon2)
	}
	if c.EchecsMax <= 0 {
		c.EchecsMax = defautEchecs
	}
	if c.DureeVerrou <= 0 {
		c.DureeVerrou = defautVerrou
	}
	return &Service{
		cfg: c, cache: newCacheEtats(c.Horloge), drapeaux: newCacheInterrupteurs(c.Horloge),
		cleJetons: c.Jetons.CurrentKey().Derive(etiquetteJetonSuite),
		cleLiens:  c.Jetons.CurrentKey().Derive(etiquetteLien),
		leurre:    sync.OnceValue(func() string { return hacherLeurre(c.Hacheur) }),
	}, nil
}

// Appel is where a request about sessions comes from.
type Appel struct {
	IP        string // truncated
	Agent     string
	RequeteID string
	// Adresse is the whole address, or the network of an IPv6 one: failures of sign-in are counted by it, and it
	// goes nowhere else (05 C.6).
	Adresse string

	detournePar int64 // staff behind the caller, for the security log
}

// par notes who is behind p.
func (a Appel) par(p auth.Principal) Appel {
	a.detournePar = p.DetourneParID
	return a
}

// maintenant returns the instant as the database can hold it.
func (s *Service) maintenant() time.Time { return s.cfg.Horloge().UTC().Truncate(time.Microsecond) }

// empreinte is what is stored of a ticket or a token.
func empreinte(secret string) string {
	h := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(h[:])
}

const octetsJeton = 32 // 256 bits (05 C.3)

// nouveauJeton returns the first refresh token of a session.
func nouveauJeton() string {
	b := make([]byte, octetsJeton)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return base64.RawURLEncoding.EncodeToString(b)
}

// jetonSuivant returns the token that replaces jeton. Only the platform can compute it, and it always
// computes the same one: two tabs that renew together, or one whose answer was lost, end up with the
// same cookie although nothing but digests is stored.
func (s *Service) jetonSuivant(jeton string) string {
	mac := hmac.New(sha256.New, s.cleJetons)
	mac.Write([]byte(jeton))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// formeJeton tells whether a cookie can be one of our refresh tokens.
func formeJeton(jeton string) bool {
	b, err := base64.RawURLEncoding.Strict().DecodeString(jeton)
	return err == nil && len(b) == octetsJeton
}

// journaliser writes a fact about a session in the append-only journal.
func (s *Service) journaliser(ctx context.Context, e *Etat, fait string, habilitation int64, a Appel, apres []byte) error {
	id := e.Session.ID
	j := event.Journal{NomTable: "session", ObjetUUID: &id, Action: event.Fait, Commande: fait, Apres: apres}
	p := auth.Principal{
		UtilisateurID: e.Utilisateur.ID, HabilitationID: habilitation, RequeteID: a.RequeteID, IP: a.IP,
	}
	if e.Session.DetourneParID != nil {
		p.DetourneParID = *e.Session.DetourneParID
	}
	j.Signer(p)
	return s.cfg.Store.Journaliser(ctx, j)
}

// securite writes a line of the security log (05 D): no token, no ticket, no e-mail.
func (s *Service) securite(ctx context.Context, nom securite.Nom, issue securite.Issue, utilisateur, habilitation int64, a Appel, plus ...any) {
	securite.Ecrire(ctx, s.cfg.Journal, securite.Evenement{
		Nom: nom, Issue: issue, UtilisateurID: utilisateur, DetourneParID: a.detournePar, Habilitation: habilitation, IP: a.IP, RequeteID: a.RequeteID,
	}, plus...)
}

// Facts of the journal; those of the security log have the same names.
const (
	FaitOuverture   = string(securite.Ouverture)
	faitFermeture   = string(securite.Fermeture)
	faitRevocation  = string(securite.Revocation)
	faitReutilise   = string(securite.JetonReutilise)
	faitDeconnexion = string(securite.DeconnexionCAS)
	faitSwitch      = string(securite.Habilitation)
	faitRetrait     = string(securite.Retrait)
)
