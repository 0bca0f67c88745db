package partenaire

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"apilos/api/distant"
)

// typeClient is how the directory names our clients (07 §6.1).
const typeClient = "api-depot"

// ErrNonConfigure means that no directory is configured (API_BAL_ADMIN_URL empty).
var ErrNonConfigure = errors.New("annuaire des partenaires non configuré")

// Perimetre is a territory of a client: commune, departement or epci, and its code.
type Perimetre struct {
	Type string `json:"type"`
	Code string `json:"code"`
}

// Fiche is what the directory shows of a client.
type Fiche struct {
	ClientID   string      `json:"clientId"`
	Nom        string      `json:"name"`
	Type       string      `json:"type"` // always api-depot
	Perimetres []Perimetre `json:"perimeters"`
}

// Config is what New needs.
type Config struct {
	Base    string // API_BAL_ADMIN_URL; empty: every call fails with ErrNonConfigure
	Jeton   string // API_BAL_ADMIN_TOKEN
	HTTP    *http.Client
	Horloge func() time.Time
	Journal *slog.Logger
}

// Client calls the partner directory. It is safe for concurrent use.
type Client struct{ appel *distant.Client }

// New returns a client. It calls nothing.
func New(c Config) (*Client, error) {
	if c.Base == "" {
		return &Client{}, nil
	}
	entetes := map[string]string{}
	if c.Jeton != "" {
		entetes["Authorization"] = "Token " + c.Jeton
	}
	a, err := distant.New(distant.Config{Nom: "annuaire des partenaires", Base: c.Base, Entetes: entetes, HTTP: c.HTTP, Horloge: c.Horloge, Journal: c.Journal})
	if err != nil {
		return nil, err
	}
	return &Client{a}, nil
}

// Creer adds a client; one that is already there (409) is brought up to date.
func (c *Client) Creer(ctx context.Context, f Fiche) error {
	err := c.envoyer(ctx, http.MethodPost, complete(f), "clients")
	if distant.Statut(err) == http.StatusConflict {
		return c.Modifier(ctx, f)
	}
	return err
}

// Modifier changes name and perimeters.
func (c *Client) Modifier(ctx context.Context, f Fiche) error {
	return c.envoyer(ctx, http.MethodPut, complete(f), "clients", f.ClientID)
}

// Desactiver hides a client; one that is not there is done.
func (c *Client) Desactiver(ctx context.Context, clientID string) error {
	err := c.envoyer(ctx, http.MethodDelete, nil, "clients", clientID)
	if s := distant.Statut(err); s == http.StatusNotFound || s == http.StatusGone {
		return nil
	}
	return err
}

// Reactiver shows a client again.
func (c *Client) Reactiver(ctx context.Context, clientID string) error {
	return c.envoyer(ctx, http.MethodPut, nil, "clients", clientID, "restore")
}

func complete(f Fiche) Fiche {
	f.Type = typeClient
	if f.Perimetres == nil {
		f.Perimetres = []Perimetre{}
	}
	return f
}

func (c *Client) envoyer(ctx context.Context, methode string, corps any, segments ...string) error {
	if c.appel == nil {
		return ErrNonConfigure
	}
	r := distant.Requete{Methode: methode, Segments: segments}
	if corps != nil {
		var err error
		if r, err = distant.JSON(methode, corps, segments...); err != nil {
			return err
		}
	}
	_, err := c.appel.Faire(ctx, r)
	return err
}
