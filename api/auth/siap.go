package auth

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// SIAPClaims is what a token of SIAP says (05 A.2). Login is "" and HabilitationID 0 when the claim is missing
// or not usable: only the route of the configuration does without them.
type SIAPClaims struct {
	ID             string // jti, logged and never consumed: SIAP uses a token until it expires
	Login          string // CERBERE login of the person on whose behalf SIAP calls
	HabilitationID int64
	IssuedAt       time.Time // zero when the token does not say
	ExpiresAt      time.Time
}

// SIAPTokensConfig is what NewSIAPTokens needs. Keys and Algorithms are required.
type SIAPTokensConfig struct {
	Keys        []Key         // the first is current, the others are accepted until removed
	Algorithms  []string      // HS256, HS384 or HS512; nothing else can be allowed
	MaxLifetime time.Duration // of a token, 0 for none
	Leeway      time.Duration // both ways
	Now         func() time.Time
}

// SIAPTokens verifies the tokens that SIAP signs when it calls the platform. It is safe for concurrent use and
// never signs: the key of our own calls is another setting.
type SIAPTokens struct {
	ring        keyRing
	maxLifetime time.Duration
	leeway      time.Duration
	now         func() time.Time
	parser      *jwt.Parser
}

// NewSIAPTokens returns a verifier. It fails on an empty list of keys, a repeated or short key, and an
// algorithm that is not a keyed digest.
func NewSIAPTokens(c SIAPTokensConfig) (*SIAPTokens, error) {
	if err := checkKeys(c.Keys); err != nil {
		return nil, err
	}
	if len(c.Algorithms) == 0 {
		return nil, errors.New("aucun algorithme accepté")
	}
	for _, a := range c.Algorithms {
		if !slices.Contains([]string{"HS256", "HS384", "HS512"}, a) {
			return nil, fmt.Errorf("l’algorithme %q ne peut pas être accepté", a)
		}
	}
	if c.Now == nil {
		return nil, errors.New("horloge absente")
	}
	return &SIAPTokens{
		ring: newKeyRing(c.Keys), maxLifetime: c.MaxLifetime, leeway: c.Leeway, now: c.Now,
		parser: jwt.NewParser(
			jwt.WithValidMethods(c.Algorithms), jwt.WithExpirationRequired(), jwt.WithIssuedAt(),
			jwt.WithLeeway(c.Leeway), jwt.WithTimeFunc(c.Now), jwt.WithJSONNumber(),
		),
	}, nil
}

// Verify returns the claims of a token of SIAP. Any failure wraps ErrToken.
func (t *SIAPTokens) Verify(token string) (SIAPClaims, error) {
	if len(token) == 0 || len(token) > maxTokenLength {
		return SIAPClaims{}, fmt.Errorf("%w: length %d", ErrToken, len(token))
	}
	wire := jwt.MapClaims{}
	if _, err := t.parser.ParseWithClaims(token, wire, t.ring.keyOf); err != nil {
		return SIAPClaims{}, fmt.Errorf("%w: %w", ErrToken, err)
	}
	c, err := readSIAPClaims(wire)
	if err != nil {
		return SIAPClaims{}, fmt.Errorf("%w: %w", ErrToken, err)
	}
	if err := t.checkLifetime(c); err != nil {
		return SIAPClaims{}, fmt.Errorf("%w: %w", ErrToken, err)
	}
	return c, nil
}

// checkLifetime refuses a token made to live too long; without issue date its life is counted from now.
func (t *SIAPTokens) checkLifetime(c SIAPClaims) error {
	if t.maxLifetime <= 0 {
		return nil
	}
	limit := c.IssuedAt.Add(t.maxLifetime)
	if c.IssuedAt.IsZero() {
		limit = t.now().Add(t.maxLifetime + t.leeway)
	}
	if c.ExpiresAt.After(limit) {
		return errors.New("lifetime above the limit")
	}
	return nil
}

func readSIAPClaims(wire jwt.MapClaims) (SIAPClaims, error) {
	if wire["token_type"] != "access" {
		return SIAPClaims{}, errors.New("token_type is not access")
	}
	jti, _ := wire["jti"].(string)
	if strings.TrimSpace(jti) == "" {
		return SIAPClaims{}, errors.New("jti is missing")
	}
	c := SIAPClaims{ID: jti, HabilitationID: positiveInt(wire["habilitation-id"])}
	if login, ok := wire["user-login"].(string); ok {
		c.Login = strings.TrimSpace(login)
	}
	exp, err := wire.GetExpirationTime()
	if err != nil || exp == nil {
		return SIAPClaims{}, errors.New("exp is missing")
	}
	c.ExpiresAt = exp.UTC()
	iat, err := wire.GetIssuedAt()
	if err != nil {
		return SIAPClaims{}, errors.New("iat is not a date")
	}
	c.IssuedAt = utc(iat)
	return c, nil
}

// positiveInt reads an integer or a numeric text, 0 for anything else.
func positiveInt(v any) int64 {
	text := ""
	switch v := v.(type) {
	case json.Number:
		text = v.String()
	case string:
		text = strings.TrimSpace(v)
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 {
		return 0
	}
	return n
}
