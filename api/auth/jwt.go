package auth

import (
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Facts of the access token of the web application (05 C.3).
const (
	AccessTokenLife = 5 * time.Minute
	audienceWeb     = "web"
	maxTokenLength  = 4096
	clockLeeway     = 5 * time.Second // between two servers that both follow network time
)

// ErrToken is the one answer for a token that is not accepted: the holder learns nothing about why.
// The reason is in the chain, for the log.
var ErrToken = errors.New("jeton d’accès refusé")

// Claims is what an access token says. Rights are not in it: they are read again from the session and
// the habilitation at each request (02 §2.2).
type Claims struct {
	Subject      string // uuid of the user
	SessionID    string
	ID           string // jti
	Habilitation int64  // SIAP id of the habilitation this token acts under, 0 for none
	ReadOnly     bool
	Actor        string // uuid of the staff member who impersonates Subject, "" for none (05 C.5)
	IssuedAt     time.Time
	ExpiresAt    time.Time
}

// Tokens issues and verifies the access tokens of the web application. It is safe for concurrent use.
type Tokens struct {
	ring   keyRing
	issuer string
	now    func() time.Time
	newID  func() string
	parser *jwt.Parser
}

// NewTokens returns a signer for issuer (the public address of the platform). keys[0] signs, all verify.
// The first is the current key and the others are accepted until removed (05 A.2). It fails when there is
// no key, or one is repeated or too short.
func NewTokens(keys []Key, issuer string, now func() time.Time, newID func() string) (*Tokens, error) {
	if err := checkKeys(keys); err != nil {
		return nil, err
	}
	if issuer == "" {
		return nil, errors.New("émetteur des jetons vide")
	}
	t := &Tokens{ring: newKeyRing(keys), issuer: issuer, now: now, newID: newID}
	t.parser = jwt.NewParser(
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithIssuer(issuer),
		jwt.WithAudience(audienceWeb),
		jwt.WithExpirationRequired(),
		jwt.WithIssuedAt(),
		jwt.WithLeeway(clockLeeway),
		jwt.WithTimeFunc(now),
	)
	return t, nil
}

// Issue signs a token for c and returns it with the claims completed: ID, IssuedAt and ExpiresAt, the
// latter being that of c when it is set and comes before the nominal five minutes.
func (t *Tokens) Issue(c Claims) (string, Claims, error) {
	c.ID = t.newID()
	c.IssuedAt = t.now().UTC().Truncate(time.Second)
	end := c.IssuedAt.Add(AccessTokenLife)
	if c.ExpiresAt.IsZero() || c.ExpiresAt.After(end) {
		c.ExpiresAt = end
	}
	tok := jwt.NewWithClaims(jwt.SigningMethodHS256, toWire(c, t.issuer))
	if id := t.ring.keys[0].ID; id != "" {
		tok.Header["kid"] = id
	}
	signed, err := tok.SignedString(t.ring.keys[0].Secret)
	if err != nil {
		return "", Claims{}, fmt.Errorf("sign access token: %w", err)
	}
	return signed, c, nil
}

// Verify returns the claims of an access token. Any failure wraps ErrToken: bad signature, another
// algorithm, unknown key, other issuer or audience (the tokens of the SIAP have none), expired,
// missing claim.
func (t *Tokens) Verify(token string) (Claims, error) {
	if len(token) == 0 || len(token) > maxTokenLength {
		return Claims{}, fmt.Errorf("%w: length %d", ErrToken, len(token))
	}
	var w wireClaims
	if _, err := t.parser.ParseWithClaims(token, &w, t.ring.keyOf); err != nil {
		return Claims{}, fmt.Errorf("%w: %w", ErrToken, err)
	}
	return w.claims(), nil
}

// CurrentKey returns the key that signs, for Derive.
func (t *Tokens) CurrentKey() Key { return t.ring.keys[0] }
