package auth

import (
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// wireClaims is the payload as 05 C.3 writes it. It holds the audience as one string, not a list.
type wireClaims struct {
	Issuer       string           `json:"iss"`
	Aud          jwt.ClaimStrings `json:"aud"`
	Sub          string           `json:"sub"`
	SessionID    string           `json:"sid"`
	ID           string           `json:"jti"`
	IssuedAt     *jwt.NumericDate `json:"iat"`
	ExpiresAt    *jwt.NumericDate `json:"exp"`
	NotBefore    *jwt.NumericDate `json:"nbf,omitempty"`
	Habilitation int64            `json:"hab"`
	ReadOnly     bool             `json:"ro"`
	Act          *actClaim        `json:"act,omitempty"`
}

// signedClaims is wireClaims on its way out: RFC 7519 lets a single audience be a plain string.
type signedClaims struct {
	wireClaims
	Aud string `json:"aud"`
}

// actClaim names who acts behind the subject (RFC 8693).
type actClaim struct {
	Sub string `json:"sub"`
}

func toWire(c Claims, issuer string) jwt.Claims {
	w := signedClaims{Aud: audienceWeb, wireClaims: wireClaims{
		Issuer: issuer, Sub: c.Subject, SessionID: c.SessionID, ID: c.ID,
		IssuedAt: jwt.NewNumericDate(c.IssuedAt), ExpiresAt: jwt.NewNumericDate(c.ExpiresAt),
		Habilitation: c.Habilitation, ReadOnly: c.ReadOnly,
	}}
	if c.Actor != "" {
		w.Act = &actClaim{Sub: c.Actor}
	}
	return w
}

func (w *wireClaims) claims() Claims {
	c := Claims{Subject: w.Sub, SessionID: w.SessionID, ID: w.ID, Habilitation: w.Habilitation, ReadOnly: w.ReadOnly}
	if w.Act != nil {
		c.Actor = w.Act.Sub
	}
	c.IssuedAt, c.ExpiresAt = utc(w.IssuedAt), utc(w.ExpiresAt)
	return c
}

func utc(d *jwt.NumericDate) time.Time {
	if d == nil {
		return time.Time{}
	}
	return d.UTC()
}

// Validate is called by the parser after its own checks: it requires what RFC 7519 leaves optional.
func (w *wireClaims) Validate() error {
	switch {
	case !isUUID(w.Sub):
		return errors.New("sub is not a uuid")
	case !isUUID(w.SessionID):
		return errors.New("sid is not a uuid")
	case strings.TrimSpace(w.ID) == "":
		return errors.New("jti is missing")
	case w.IssuedAt == nil:
		return errors.New("iat is missing")
	case len(w.Aud) != 1:
		return errors.New("aud is not exactly one audience")
	case w.Habilitation < 0:
		return errors.New("hab is negative")
	case w.Act != nil && (!isUUID(w.Act.Sub) || w.Act.Sub == w.Sub):
		return errors.New("act is not another user")
	}
	return nil
}

// isUUID accepts the canonical lower-case form alone, the one Issue writes.
func isUUID(s string) bool {
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' || strings.ToLower(s) != s {
		return false
	}
	raw := strings.ReplaceAll(s, "-", "")
	if len(raw) != 32 {
		return false
	}
	_, err := hex.DecodeString(raw)
	return err == nil
}

// The six accessors implement jwt.Claims.

// GetExpirationTime returns exp.
func (w wireClaims) GetExpirationTime() (*jwt.NumericDate, error) { return w.ExpiresAt, nil }

// GetIssuedAt returns iat.
func (w wireClaims) GetIssuedAt() (*jwt.NumericDate, error) { return w.IssuedAt, nil }

// GetNotBefore returns nbf.
func (w wireClaims) GetNotBefore() (*jwt.NumericDate, error) { return w.NotBefore, nil }

// GetIssuer returns iss.
func (w wireClaims) GetIssuer() (string, error) { return w.Issuer, nil }

// GetSubject returns sub.
func (w wireClaims) GetSubject() (string, error) { return w.Sub, nil }

// GetAudience returns aud.
func (w wireClaims) GetAudience() (jwt.ClaimStrings, error) { return w.Aud, nil }
