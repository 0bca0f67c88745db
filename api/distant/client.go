package distant

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"
)

// Defaults of a client.
const (
	delaiDefaut   = 5 * time.Second
	reponseDefaut = 2 << 20 // bytes
	pauseReprise  = 200 * time.Millisecond
	longueurCitee = 200
)

// Config describes a service.
type Config struct {
	Nom  string // in errors and logs: "BAN"
	Base string // http(s) address, without parameters
	// Entetes are sent with each call (Authorization…).
	Entetes map[string]string
	// Delai bounds one attempt, body included; 0 means 5 s.
	Delai time.Duration
	// Essais is the number of attempts of a call that may be repeated (GET); 0 means 2.
	Essais int
	// MaxReponse bounds what Faire reads, in bytes; 0 means 2 MiB.
	MaxReponse int64
	// SansRepos takes the circuit breaker away: one failing recipient must not silence the others.
	SansRepos bool
	// HTTP makes the calls; nil means a transport of its own. Redirections are never followed.
	HTTP    *http.Client
	Horloge func() time.Time // nil: time.Now
	Journal *slog.Logger     // nil: slog.Default
}

// Client calls one service. It is safe for concurrent use.
type Client struct {
	cfg   Config
	base  *url.URL
	http  *http.Client
	repos disjoncteur
}

// New returns a client, or an error when the address could never work. It calls nothing.
func New(c Config) (*Client, error) {
	base, err := url.Parse(strings.TrimRight(c.Base, "/"))
	if err != nil || base.Host == "" || (base.Scheme != "http" && base.Scheme != "https") || base.RawQuery != "" || base.Fragment != "" || base.User != nil {
		return nil, fmt.Errorf("%s : une adresse http(s) complète et sans paramètre est attendue", c.Nom)
	}
	if c.Delai <= 0 {
		c.Delai = delaiDefaut
	}
	if c.Essais <= 0 {
		c.Essais = 2
	}
	if c.MaxReponse <= 0 {
		c.MaxReponse = reponseDefaut
	}
	if c.Horloge == nil {
		c.Horloge = time.Now
	}
	if c.Journal == nil {
		c.Journal = slog.Default()
	}
	h := http.Client{Transport: Transport()}
	if c.HTTP != nil {
		h = *c.HTTP
	}
	h.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Client{cfg: c, base: base, http: &h}, nil
}

// Transport is that of the clients: pooled, with a short connection.
func Transport() *http.Transport {
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 8, IdleConnTimeout: 90 * time.Second,
		TLSHandshakeTimeout: 3 * time.Second, ResponseHeaderTimeout: 30 * time.Second,
	}
}

// Base is the address of the service.
func (c *Client) Base() string { return c.base.String() }

// Adresse is the address of a route: segments are escaped.
func (c *Client) Adresse(parametres url.Values, segments ...string) string {
	u := *c.base
	chemin := u.EscapedPath()
	for _, s := range segments {
		chemin += "/" + url.PathEscape(s)
	}
	u.Path, u.RawPath = "", ""
	adresse := u.String() + chemin
	if len(parametres) > 0 {
		adresse += "?" + parametres.Encode()
	}
	return adresse
}

// Requete is a call. A call with a method other than GET makes one attempt only.
type Requete struct {
	Methode    string   // GET when empty
	Segments   []string // of the path, below the base
	Parametres url.Values
	Corps      []byte
	TypeMime   string // of Corps
	Entetes    map[string]string
	Delai      time.Duration // 0: that of the client
}

// JSON makes a call that sends v.
func JSON(methode string, v any, segments ...string) (Requete, error) {
	corps, err := json.Marshal(v)
	if err != nil {
		return Requete{}, fmt.Errorf("encode call: %w", err)
	}
	return Requete{Methode: methode, Segments: segments, Corps: corps, TypeMime: "application/json"}, nil
}

// Reponse is a complete answer with a 2xx status.
type Reponse struct {
	Statut int
	Type   string
	Corps  []byte
}

// Lire decodes a JSON answer into v.
func (c *Client) Lire(ctx context.Context, r Requete, v any) error {
	rep, err := c.Faire(ctx, r)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(rep.Corps, v); err != nil {
		return Illisible(c.cfg.Nom, err)
	}
	return nil
}

// Faire makes a call and reads its answer. Errors: *Erreur.
func (c *Client) Faire(ctx context.Context, r Requete) (Reponse, error) {
	var rep Reponse
	err := c.reprendre(ctx, r, func(ctx context.Context) error {
		res, err := c.envoyer(ctx, r)
		if err != nil {
			return err
		}
		defer res.Body.Close()
		corps, err := io.ReadAll(io.LimitReader(res.Body, c.cfg.MaxReponse+1))
		switch {
		case err != nil:
			return &Erreur{Service: c.cfg.Nom, Nature: ErrIndisponible, cause: sansAdresse(err)}
		case int64(len(corps)) > c.cfg.MaxReponse:
			return Illisible(c.cfg.Nom, fmt.Errorf("plus de %d octets", c.cfg.MaxReponse))
		}
		rep = Reponse{Statut: res.StatusCode, Type: res.Header.Get("Content-Type"), Corps: corps}
		return nil
	})
	return rep, err
}

// reprendre runs an attempt, and another one after a short pause when the call may be repeated.
func (c *Client) reprendre(ctx context.Context, r Requete, essai func(context.Context) error) error {
	essais := c.cfg.Essais
	if r.Methode != "" && r.Methode != http.MethodGet {
		essais = 1
	}
	for n := 1; ; n++ {
		err := c.essayer(ctx, r, essai)
		if err == nil || n >= essais || ctx.Err() != nil || !errors.Is(err, ErrIndisponible) || errors.Is(err, errOuvert) {
			return err
		}
		t := time.NewTimer(pauseReprise)
		select {
		case <-ctx.Done():
			t.Stop()
			return err
		case <-t.C:
		}
	}
}

func (c *Client) essayer(ctx context.Context, r Requete, essai func(context.Context) error) error {
	if !c.cfg.SansRepos && !c.repos.permet(c.cfg.Horloge()) {
		return &Erreur{Service: c.cfg.Nom, Nature: ErrIndisponible, cause: errOuvert}
	}
	delai := c.cfg.Delai
	if r.Delai > 0 {
		delai = r.Delai
	}
	borne, cancel := context.WithTimeout(ctx, delai)
	defer cancel()
	debut := c.cfg.Horloge()
	err := essai(borne)
	fin := c.cfg.Horloge()
	c.repos.noter(fin, !errors.Is(err, ErrIndisponible), ctx.Err() != nil)
	c.cfg.Journal.DebugContext(ctx, "appel sortant", "service", c.cfg.Nom, "methode", r.methode(), "statut", Statut(err), "ms", fin.Sub(debut).Milliseconds(), "echec", err != nil)
	return err
}

func (r Requete) methode() string {
	if r.Methode == "" {
		return http.MethodGet
	}
	return r.Methode
}

// envoyer sends the request and judges its status; the body of a 2xx is left to the caller.
func (c *Client) envoyer(ctx context.Context, r Requete) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, r.methode(), c.Adresse(r.Parametres, r.Segments...), bytes.NewReader(r.Corps))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.cfg.Nom, sansAdresse(err))
	}
	req.Header.Set("User-Agent", "apilos")
	req.Header.Set("Accept", "application/json")
	if r.TypeMime != "" {
		req.Header.Set("Content-Type", r.TypeMime)
	}
	for _, entetes := range []map[string]string{c.cfg.Entetes, r.Entetes} {
		for nom, valeur := range entetes {
			req.Header.Set(nom, valeur)
		}
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, &Erreur{Service: c.cfg.Nom, Nature: ErrIndisponible, cause: sansAdresse(err)}
	}
	if res.StatusCode >= 200 && res.StatusCode <= 299 {
		return res, nil
	}
	defer res.Body.Close()
	debut, _ := io.ReadAll(io.LimitReader(res.Body, 4*longueurCitee)) // only quoted
	return nil, &Erreur{Service: c.cfg.Nom, Nature: nature(res.StatusCode), Statut: res.StatusCode, Extrait: extrait(debut)}
}

func nature(statut int) error {
	switch {
	case statut >= 500, statut == http.StatusTooManyRequests, statut == http.StatusRequestTimeout, statut == http.StatusTooEarly:
		return ErrIndisponible
	}
	return ErrRefuse
}

// extrait is the beginning of an answer on one line.
func extrait(b []byte) string {
	s := strings.Join(strings.Fields(strings.ToValidUTF8(string(b), "")), " ")
	if utf8.RuneCountInString(s) > longueurCitee {
		s = string([]rune(s)[:longueurCitee]) + "…"
	}
	return s
}

// Flux makes a call whose answer is read by lire as it arrives; the deadline covers the reading.
// Errors: *Erreur, or that of lire.
func (c *Client) Flux(ctx context.Context, r Requete, lire func(io.Reader) error) error {
	return c.essayer(ctx, r, func(ctx context.Context) error {
		res, err := c.envoyer(ctx, r)
		if err != nil {
			return err
		}
		defer res.Body.Close()
		corps := &suivi{Reader: res.Body}
		err = lire(corps)
		if corps.err != nil {
			return &Erreur{Service: c.cfg.Nom, Nature: ErrIndisponible, cause: sansAdresse(corps.err)}
		}
		return err
	})
}

// suivi tells a broken connection from a reader that does not like what it reads.
type suivi struct {
	io.Reader
	err error
}

func (s *suivi) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}
