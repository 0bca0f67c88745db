package annuaire

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"apilos/api/distant"
	"apilos/api/mail"

	"golang.org/x/sync/singleflight"
)

const (
	jeu       = "api-lannuaire-administration"
	conserve  = time.Hour // 07 §7, route 22
	maxGardes = 5000
	// maxFiches is the page asked for; a commune has a mairie and a few annexes.
	maxFiches = "100"
)

var (
	reInsee = regexp.MustCompile(`^[0-9][0-9AB][0-9]{3}$`)
	reSiret = regexp.MustCompile(`^[0-9]{14}$`)
)

// ErrNonConfigure means that no directory is configured (API_ANNUAIRE empty).
var ErrNonConfigure = errors.New("annuaire de l’administration non configuré")

// Config is what New needs.
type Config struct {
	// Base is API_ANNUAIRE: root of the search API, ending in /api/explore/v2.1. Empty: every call fails
	// with ErrNonConfigure.
	Base    string
	HTTP    *http.Client // optional
	Delai   time.Duration
	Horloge func() time.Time
	Journal *slog.Logger
}

// Fiche is what the directory says of the mairies of a commune.
type Fiche struct {
	Courriels []string // distinct, valid, in their order
	Sirets    []string // distinct, 14 digits
}

// Client reads the directory. It is safe for concurrent use.
type Client struct {
	appel   *distant.Client // nil without address
	horloge func() time.Time
	journal *slog.Logger
	vol     singleflight.Group

	mu     sync.Mutex
	gardes map[string]garde
}

type garde struct {
	fiche Fiche
	lue   time.Time
}

// New returns a client. It calls nothing.
func New(c Config) (*Client, error) {
	if c.Horloge == nil || c.Journal == nil {
		return nil, errors.New("annuaire: a dependency is missing")
	}
	out := &Client{horloge: c.Horloge, journal: c.Journal, gardes: map[string]garde{}}
	if c.Base == "" {
		return out, nil
	}
	a, err := distant.New(distant.Config{Nom: "annuaire", Base: c.Base, HTTP: c.HTTP, Delai: c.Delai, Horloge: c.Horloge, Journal: c.Journal})
	if err != nil {
		return nil, err
	}
	out.appel = a
	return out, nil
}

// Mairie returns the addresses and the SIRET of the mairies of a commune. Errors: ErrNonConfigure, those of
// package distant.
func (c *Client) Mairie(ctx context.Context, insee string) (courriels, sirets []string, err error) {
	f, err := c.fiche(ctx, insee)
	if err != nil {
		return nil, nil, err
	}
	return slices.Clone(f.Courriels), slices.Clone(f.Sirets), nil
}

// Courriels are the addresses known for a commune, an empty list on any failure (07 §7, route 22).
func (c *Client) Courriels(ctx context.Context, insee string) []string {
	f, err := c.fiche(ctx, insee)
	if err != nil {
		if !errors.Is(err, ErrNonConfigure) {
			c.journal.WarnContext(ctx, "annuaire de l’administration non lu", "commune", insee, "error", err.Error())
		}
		return []string{}
	}
	return append([]string{}, f.Courriels...)
}

// Sirets are those of the mairies of a commune (07 §7, route 29). Errors: ErrNonConfigure, those of package distant.
func (c *Client) Sirets(ctx context.Context, insee string) ([]string, error) {
	_, sirets, err := c.Mairie(ctx, insee)
	return sirets, err
}

// fiche reads the memory, else the directory. Those who ask together share one call; it goes on when the
// first of them gives up.
func (c *Client) fiche(ctx context.Context, insee string) (Fiche, error) {
	if c.appel == nil {
		return Fiche{}, ErrNonConfigure
	}
	if !reInsee.MatchString(insee) {
		return Fiche{}, fmt.Errorf("annuaire: %q is not an INSEE code", insee)
	}
	if f, ok := c.gardee(insee); ok {
		return f, nil
	}
	attente := c.vol.DoChan(insee, func() (any, error) {
		if f, ok := c.gardee(insee); ok { // a call that ended between the look above and this one
			return f, nil
		}
		f, err := c.lire(context.WithoutCancel(ctx), insee)
		if err == nil {
			c.garder(insee, f)
		}
		return f, err
	})
	select {
	case <-ctx.Done():
		return Fiche{}, fmt.Errorf("annuaire: %w", ctx.Err())
	case r := <-attente:
		f, _ := r.Val.(Fiche)
		return f, r.Err
	}
}

func (c *Client) gardee(insee string) (Fiche, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	g, ok := c.gardes[insee]
	return g.fiche, ok && c.horloge().Sub(g.lue) < conserve
}

func (c *Client) garder(insee string, f Fiche) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.gardes) >= maxGardes {
		clear(c.gardes)
	}
	c.gardes[insee] = garde{f, c.horloge()}
}

// enregistrement is a line of the data set, reduced to what we use.
type enregistrement struct {
	Courriel string          `json:"adresse_courriel"`
	Siret    string          `json:"siret"`
	Pivot    json.RawMessage `json:"pivot"`
}

func (c *Client) lire(ctx context.Context, insee string) (Fiche, error) {
	var page struct {
		Results []enregistrement `json:"results"`
	}
	err := c.appel.Lire(ctx, distant.Requete{
		Segments: []string{"catalog", "datasets", jeu, "records"},
		Parametres: url.Values{
			"where":  {`pivot LIKE "mairie" AND code_insee_commune = "` + insee + `"`},
			"select": {"adresse_courriel,siret,pivot"},
			"limit":  {maxFiches},
		},
	}, &page)
	if err != nil {
		return Fiche{}, err
	}
	return reunir(page.Results), nil
}

// reunir keeps what mairies say: the search is a search of text, so the kind of service is checked again.
func reunir(liste []enregistrement) Fiche {
	var adresses []string
	f := Fiche{}
	for _, e := range liste {
		if !e.mairie() {
			continue
		}
		adresses = append(adresses, strings.Split(e.Courriel, ";")...)
		siret := strings.Join(strings.Fields(e.Siret), "")
		if reSiret.MatchString(siret) && !slices.Contains(f.Sirets, siret) {
			f.Sirets = append(f.Sirets, siret)
		}
	}
	f.Courriels, _ = mail.Recipients(adresses...)
	return f
}

// mairie reads the pivot, which the data set gives as a list or as the text of a list.
func (e enregistrement) mairie() bool {
	brut := []byte(e.Pivot)
	var texte string
	if json.Unmarshal(brut, &texte) == nil {
		brut = []byte(texte)
	}
	var services []struct {
		Type string `json:"type_service_local"`
	}
	if json.Unmarshal(brut, &services) != nil {
		return false
	}
	for _, s := range services {
		if s.Type == "mairie" || strings.HasPrefix(s.Type, "mairie_") {
			return true
		}
	}
	return false
}
