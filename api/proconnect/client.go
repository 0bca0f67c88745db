package proconnect

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"apilos/api/distant"
)

// Errors of Siret and URLAutorisation. Every failure wraps exactly one of them.
var (
	// ErrNonConfigure means that PC_SERVICE_URL or the identifiers of the service are missing.
	ErrNonConfigure = errors.New("ProConnect non configuré")
	// ErrIndisponible: the provider does not answer. The person may begin again.
	ErrIndisponible = errors.New("ProConnect ne répond pas")
	// ErrRefuse: the provider refused the code, or what it signed does not hold. The person must begin again.
	ErrRefuse = errors.New("connexion ProConnect refusée")
	// ErrSansSiret: the person signed in, but has no SIRET of 14 digits.
	ErrSansSiret = errors.New("ProConnect n’a pas donné de SIRET")
)

const (
	portees = "openid siret" // 07 §7, route 28
	racine  = "/api/v2"
	tampon  = 60 * time.Second // tolerated gap between the clocks
	maxCode = 2048
)

var reSiret = regexp.MustCompile(`^[0-9]{14}$`)

// Config is what New needs.
type Config struct {
	Base    string // PC_SERVICE_URL; empty: every call fails with ErrNonConfigure
	ID      string // PC_FS_ID
	Secret  string // PC_FS_SECRET
	Retour  string // PC_FS_CALLBACK, absolute address of route 29
	HTTP    *http.Client
	Horloge func() time.Time
	Journal *slog.Logger
}

// Client speaks to one provider. It is safe for concurrent use.
type Client struct {
	cfg   Config
	appel *distant.Client // nil when not configured

	mu          sync.Mutex
	fournisseur *fournisseur
	cles        trousseau
}

// New returns a client, or an error when the configuration can never work. It calls nothing.
func New(c Config) (*Client, error) {
	if c.Horloge == nil || c.Journal == nil {
		return nil, errors.New("proconnect: a dependency is missing")
	}
	if c.Base == "" {
		return &Client{cfg: c}, nil
	}
	if c.ID == "" || c.Secret == "" {
		return nil, errors.New("PC_FS_ID et PC_FS_SECRET sont nécessaires quand PC_SERVICE_URL est donné")
	}
	if u, err := url.Parse(c.Retour); err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, errors.New("PC_FS_CALLBACK : une adresse http(s) complète est attendue")
	}
	a, err := distant.New(distant.Config{Nom: "ProConnect", Base: strings.TrimRight(c.Base, "/") + racine, HTTP: c.HTTP, Horloge: c.Horloge, Journal: c.Journal})
	if err != nil {
		return nil, fmt.Errorf("PC_SERVICE_URL : %w", err)
	}
	return &Client{cfg: c, appel: a}, nil
}

// Configure tells whether sign-ins are possible.
func (c *Client) Configure() bool { return c.appel != nil }

// URLAutorisation is the page where the person signs in; etat and nonce come back with the answer. It calls
// nothing. Errors: ErrNonConfigure.
func (c *Client) URLAutorisation(_ context.Context, etat, nonce string) (string, error) {
	if c.appel == nil {
		return "", ErrNonConfigure
	}
	if etat == "" || nonce == "" {
		return "", errors.New("proconnect: a state and a nonce are required")
	}
	return c.appel.Adresse(url.Values{
		"response_type": {"code"}, "client_id": {c.cfg.ID}, "redirect_uri": {c.cfg.Retour}, "scope": {portees},
		"state": {etat}, "nonce": {nonce},
	}, "authorize"), nil
}

// jetons is the answer of the token endpoint.
type jetons struct {
	Acces    string `json:"access_token"`
	Identite string `json:"id_token"`
	Type     string `json:"token_type"`
}

// Siret exchanges a code for the SIRET of the person's organisation. A code serves once: it never tries
// twice. Errors: ErrNonConfigure, ErrIndisponible, ErrRefuse, ErrSansSiret.
func (c *Client) Siret(ctx context.Context, code, nonce string) (string, error) {
	if c.appel == nil {
		return "", ErrNonConfigure
	}
	if code == "" || len(code) > maxCode || nonce == "" {
		return "", fmt.Errorf("%w: code or nonce missing", ErrRefuse)
	}
	f, err := c.decouvrir(ctx)
	if err != nil {
		return "", err
	}
	j, err := c.echanger(ctx, code)
	if err != nil {
		return "", err
	}
	identite, err := c.verifier(ctx, f, j.Identite)
	if err != nil {
		return "", err
	}
	if identite.Nonce != nonce {
		return "", fmt.Errorf("%w: wrong nonce", ErrRefuse)
	}
	infos, err := c.informations(ctx, f, j.Acces)
	if err != nil {
		return "", err
	}
	if infos.Subject == "" || infos.Subject != identite.Subject {
		return "", fmt.Errorf("%w: information about somebody else", ErrRefuse)
	}
	siret := strings.Join(strings.Fields(infos.Siret), "")
	if !reSiret.MatchString(siret) {
		return "", ErrSansSiret
	}
	return siret, nil
}

func (c *Client) echanger(ctx context.Context, code string) (jetons, error) {
	corps := url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {c.cfg.Retour},
		"client_id": {c.cfg.ID}, "client_secret": {c.cfg.Secret},
	}
	var j jetons
	rep, err := c.appel.Faire(ctx, distant.Requete{
		Methode: http.MethodPost, Segments: []string{"token"}, Corps: []byte(corps.Encode()), TypeMime: "application/x-www-form-urlencoded",
	})
	if err != nil {
		return j, traduire("token", err)
	}
	if json.Unmarshal(rep.Corps, &j) != nil || j.Acces == "" || j.Identite == "" || !strings.EqualFold(j.Type, "bearer") {
		return j, fmt.Errorf("%w: answer without tokens", ErrRefuse)
	}
	return j, nil
}

// informations reads userinfo, which is a signed token of type application/jwt.
func (c *Client) informations(ctx context.Context, f *fournisseur, acces string) (*revendications, error) {
	rep, err := c.appel.Faire(ctx, distant.Requete{
		Segments: []string{"userinfo"}, Entetes: map[string]string{"Authorization": "Bearer " + acces, "Accept": "application/jwt"},
	})
	if err != nil {
		return nil, traduire("userinfo", err)
	}
	return c.verifier(ctx, f, strings.TrimSpace(string(rep.Corps)))
}

// traduire keeps what the caller needs of an error: may the person try again now, and at which step it broke.
func traduire(etape string, err error) error {
	nature := ErrRefuse
	if errors.Is(err, distant.ErrIndisponible) {
		nature = ErrIndisponible
	}
	return fmt.Errorf("%w: %s (HTTP %d)", nature, etape, distant.Statut(err))
}
