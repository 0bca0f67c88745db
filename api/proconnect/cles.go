package proconnect

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/url"
	"strings"
	"time"

	"apilos/api/distant"

	"github.com/golang-jwt/jwt/v5"
)

// How long what the provider publishes is kept, and how often an unknown key makes it be read again.
const (
	gardeCles       = time.Hour
	relectureCles   = time.Minute
	tailleMinRSA    = 2048 // bits
	maxExposantRSA  = 1 << 31
	segmentsJetons  = 3
	segmentDecouvre = ".well-known"
)

// fournisseur is what the discovery document says.
type fournisseur struct {
	Emetteur string `json:"issuer"`
	Cles     string `json:"jwks_uri"`
	lu       time.Time
}

// trousseau is the set of keys of the provider, by kid.
type trousseau struct {
	cles map[string]any // *rsa.PublicKey or *ecdsa.PublicKey
	lues time.Time
}

// revendications are the claims we look at.
type revendications struct {
	jwt.RegisteredClaims
	Nonce string `json:"nonce"`
	Siret string `json:"siret"`
}

// decouvrir reads the discovery document, once an hour. Issuer and keys must be those of the configured host:
// a document that points elsewhere is not trusted.
func (c *Client) decouvrir(ctx context.Context) (*fournisseur, error) {
	c.mu.Lock()
	f := c.fournisseur
	c.mu.Unlock()
	if f != nil && c.cfg.Horloge().Sub(f.lu) < gardeCles {
		return f, nil
	}
	lu := &fournisseur{}
	if err := c.appel.Lire(ctx, distant.Requete{Segments: []string{segmentDecouvre, "openid-configuration"}}, lu); err != nil {
		return nil, traduire("discovery", err)
	}
	if !memeHote(c.appel.Base(), lu.Emetteur) || !memeHote(c.appel.Base(), lu.Cles) {
		return nil, fmt.Errorf("%w: discovery document of another host", ErrRefuse)
	}
	lu.lu = c.cfg.Horloge()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fournisseur = lu
	return lu, nil
}

func memeHote(a, b string) bool {
	x, errX := url.Parse(a)
	y, errY := url.Parse(b)
	return errX == nil && errY == nil && x.Scheme == y.Scheme && strings.EqualFold(x.Host, y.Host)
}

// verifier checks signature, issuer, audience and dates of a token of the provider.
func (c *Client) verifier(ctx context.Context, f *fournisseur, jeton string) (*revendications, error) {
	if strings.Count(jeton, ".") != segmentsJetons-1 {
		return nil, fmt.Errorf("%w: not a signed token", ErrRefuse)
	}
	var r revendications
	var panne error
	_, err := jwt.ParseWithClaims(jeton, &r, func(t *jwt.Token) (any, error) {
		kid, _ := t.Header["kid"].(string)
		cle, err := c.cle(ctx, f, kid)
		if errors.Is(err, ErrIndisponible) {
			panne = err
		}
		return cle, err
	}, jwt.WithValidMethods([]string{"RS256", "ES256"}), jwt.WithIssuer(f.Emetteur), jwt.WithAudience(c.cfg.ID),
		jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithLeeway(tampon), jwt.WithTimeFunc(c.cfg.Horloge))
	switch {
	case panne != nil:
		return nil, panne
	case err != nil:
		return nil, fmt.Errorf("%w: %s", ErrRefuse, motif(err))
	}
	return &r, nil
}

// motif names what is wrong with a token, without quoting it.
func motif(err error) string {
	for _, m := range []error{jwt.ErrTokenSignatureInvalid, jwt.ErrTokenExpired, jwt.ErrTokenInvalidIssuer, jwt.ErrTokenInvalidAudience,
		jwt.ErrTokenUsedBeforeIssued, jwt.ErrTokenNotValidYet, jwt.ErrTokenRequiredClaimMissing, jwt.ErrTokenUnverifiable, jwt.ErrTokenMalformed} {
		if errors.Is(err, m) {
			return m.Error()
		}
	}
	return "token refused"
}

// cle finds the key of a token; an unknown one makes the set be read again, at most once a minute.
func (c *Client) cle(ctx context.Context, f *fournisseur, kid string) (any, error) {
	c.mu.Lock()
	t := c.cles
	c.mu.Unlock()
	le := c.cfg.Horloge()
	cle, connue := t.cles[kid]
	age := le.Sub(t.lues)
	if connue && age < gardeCles {
		return cle, nil
	}
	if t.cles == nil || age >= relectureCles {
		nouveau, err := c.lireCles(ctx, f)
		if err != nil {
			return nil, err
		}
		nouveau.lues = le
		c.mu.Lock()
		c.cles = nouveau
		c.mu.Unlock()
		cle, connue = nouveau.cles[kid]
	}
	if !connue {
		return nil, errors.New("unknown key")
	}
	return cle, nil
}

// jwk is a public key as the provider writes it (RFC 7517).
type jwk struct {
	Kty, Kid, Use, Alg string
	N, E               string
	Crv, X, Y          string
}

func (c *Client) lireCles(ctx context.Context, f *fournisseur) (trousseau, error) {
	chemin := strings.TrimPrefix(f.Cles, c.appel.Base()+"/")
	if chemin == f.Cles {
		return trousseau{}, fmt.Errorf("%w: keys outside of the API of the provider", ErrRefuse)
	}
	var doc struct{ Keys []json.RawMessage }
	if err := c.appel.Lire(ctx, distant.Requete{Segments: strings.Split(chemin, "/")}, &doc); err != nil {
		return trousseau{}, traduire("keys", err)
	}
	t := trousseau{cles: map[string]any{}}
	for _, brut := range doc.Keys {
		var k jwk
		if json.Unmarshal(brut, &k) != nil || (k.Use != "" && k.Use != "sig") {
			continue
		}
		if cle, err := k.publique(); err == nil {
			t.cles[k.Kid] = cle
		}
	}
	return t, nil
}

func (k jwk) publique() (any, error) {
	switch {
	case k.Kty == "RSA":
		n, errN := nombre(k.N)
		e, errE := nombre(k.E)
		if errN != nil || errE != nil || n.BitLen() < tailleMinRSA || !e.IsInt64() || e.Int64() < 3 || e.Int64() >= maxExposantRSA {
			return nil, errors.New("RSA key unusable")
		}
		return &rsa.PublicKey{N: n, E: int(e.Int64())}, nil
	case k.Kty == "EC" && k.Crv == "P-256":
		x, errX := base64.RawURLEncoding.DecodeString(k.X)
		y, errY := base64.RawURLEncoding.DecodeString(k.Y)
		if errX != nil || errY != nil || len(x) != 32 || len(y) != 32 {
			return nil, errors.New("EC key unusable")
		}
		// The parser refuses a point that is not on the curve.
		return ecdsa.ParseUncompressedPublicKey(elliptic.P256(), append(append([]byte{4}, x...), y...))
	}
	return nil, fmt.Errorf("key of kind %q", k.Kty)
}

func nombre(s string) (*big.Int, error) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) == 0 {
		return nil, errors.New("number unreadable")
	}
	return new(big.Int).SetBytes(b), nil
}
