package ban

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"time"

	"apilos/api/distant"
)

// Limits of the calls.
const (
	delaiDistrict  = 2 * time.Second // 07 §10.1
	delaiLookup    = 2 * time.Second
	delaiFichier   = 60 * time.Second
	delaiComposer  = 15 * time.Second
	gardeDistrict  = time.Hour
	gardeAbsence   = 5 * time.Minute // a district that is not there may be created
	maxDistricts   = 50_000
	maxNumerosSurs = 10_000_000 // above it the answer is nonsense
)

var reInsee = regexp.MustCompile(`^[0-9][0-9AB][0-9]{3}$`)

// ErrNonConfigure means that no BAN is configured (BAN_API_URL empty).
var ErrNonConfigure = errors.New("BAN non configurée")

// Config is what New needs.
type Config struct {
	// Base is BAN_API_URL. Empty: the number is 0 and districts are unknown.
	Base    string
	Jeton   string       // BAN_API_TOKEN, for Composer
	HTTP    *http.Client // optional
	Horloge func() time.Time
	Journal *slog.Logger
}

// Client calls the BAN. It is safe for concurrent use.
type Client struct {
	appel     *distant.Client // nil without address
	jeton     string
	journal   *slog.Logger
	districts memoire
}

// New returns a client. It calls nothing.
func New(c Config) (*Client, error) {
	if c.Horloge == nil || c.Journal == nil {
		return nil, errors.New("ban: a dependency is missing")
	}
	out := &Client{jeton: c.Jeton, journal: c.Journal, districts: memoire{horloge: c.Horloge, lignes: map[string]district{}}}
	if c.Base == "" {
		return out, nil
	}
	a, err := distant.New(distant.Config{Nom: "BAN", Base: c.Base, HTTP: c.HTTP, Horloge: c.Horloge, Journal: c.Journal})
	if err != nil {
		return nil, err
	}
	out.appel = a
	return out, nil
}

func verifier(insee string) error {
	if !reInsee.MatchString(insee) {
		return fmt.Errorf("ban: %q is not an INSEE code", insee)
	}
	return nil
}

// NbNumeros is the number of addresses that the BAN knows in a commune, 0 on any failure (07 §4.4).
func (c *Client) NbNumeros(ctx context.Context, insee string) int {
	n, err := c.lookup(ctx, insee)
	if err != nil && !errors.Is(err, ErrNonConfigure) {
		c.journal.WarnContext(ctx, "nombre d’adresses de la BAN non lu", "commune", insee, "error", err.Error())
	}
	return n
}

func (c *Client) lookup(ctx context.Context, insee string) (int, error) {
	if c.appel == nil {
		return 0, ErrNonConfigure
	}
	if err := verifier(insee); err != nil {
		return 0, err
	}
	var rep struct {
		NbNumeros *int `json:"nbNumeros"`
	}
	if err := c.appel.Lire(ctx, distant.Requete{Segments: []string{"lookup", insee}, Delai: delaiLookup}, &rep); err != nil {
		return 0, err
	}
	if rep.NbNumeros == nil || *rep.NbNumeros < 0 || *rep.NbNumeros > maxNumerosSurs {
		return 0, distant.Illisible("BAN", errors.New("nbNumeros absent ou hors limites"))
	}
	return *rep.NbNumeros, nil
}

// Composer asks the BAN to take in the current revision of a commune (07 §8). Errors: ErrNonConfigure, those
// of package distant. Asking twice is harmless.
func (c *Client) Composer(ctx context.Context, insee string) error {
	if c.appel == nil {
		return ErrNonConfigure
	}
	if err := verifier(insee); err != nil {
		return err
	}
	r, err := distant.JSON(http.MethodPost, struct{}{}, "ban", "communes", insee, "compose")
	if err != nil {
		return err
	}
	r.Delai, r.Entetes = delaiComposer, map[string]string{"Authorization": "Token " + c.jeton}
	_, err = c.appel.Faire(ctx, r)
	return err
}

// premierDistrict reads the answer of the district service: a list, or one object.
func premierDistrict(brut json.RawMessage) (string, error) {
	type ligne struct {
		ID string `json:"id"`
	}
	var liste []ligne
	if err := json.Unmarshal(brut, &liste); err != nil {
		var une ligne
		if err := json.Unmarshal(brut, &une); err != nil {
			return "", distant.Illisible("BAN", err)
		}
		liste = []ligne{une}
	}
	if len(liste) == 0 {
		return "", nil
	}
	return liste[0].ID, nil
}
