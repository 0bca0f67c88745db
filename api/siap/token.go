package siap

import (
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// tokenLife is the life of a token (05 A.2, B.1).
const tokenLife = 300 * time.Second

// Key signs tokens. Its secret is never printed.
type Key struct {
	Kid       string // sent in the header when not empty
	Secret    []byte
	Algorithm string // HS256 (default), HS384 or HS512
}

// Token is what a token says.
type Token struct {
	Login          string // user-login, "" for the config call
	HabilitationID int64  // left out when 0
	JTI            string
	IssuedAt       time.Time
}

// Sign returns the compact JWT of t, valid for 300 s (05 B.1).
func (k Key) Sign(t Token) (string, error) {
	method, err := k.method()
	if err != nil {
		return "", err
	}
	claims := jwt.MapClaims{
		"token_type": "access",
		"iat":        t.IssuedAt.Unix(),
		"exp":        t.IssuedAt.Add(tokenLife).Unix(),
		"jti":        t.JTI,
		"user-login": t.Login,
	}
	if t.HabilitationID != 0 {
		claims["habilitation-id"] = t.HabilitationID
	}
	signed := jwt.NewWithClaims(method, claims)
	if k.Kid != "" {
		signed.Header["kid"] = k.Kid
	}
	s, err := signed.SignedString(k.Secret)
	if err != nil {
		return "", fmt.Errorf("signature du jeton : %w", err)
	}
	return s, nil
}

func (k Key) method() (jwt.SigningMethod, error) {
	switch k.Algorithm {
	case "", "HS256":
		return jwt.SigningMethodHS256, nil
	case "HS384":
		return jwt.SigningMethodHS384, nil
	case "HS512":
		return jwt.SigningMethodHS512, nil
	}
	return nil, fmt.Errorf("algorithme de signature %q : attendu HS256, HS384 ou HS512", k.Algorithm)
}
