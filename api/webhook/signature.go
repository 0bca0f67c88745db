package webhook

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"time"
)

// EnTete is the header of the signature.
const EnTete = "X-Apilos-Signature"

// prefixeSecret tells what a leaked text is.
const prefixeSecret = "apwh_"

// ErrSignature means that a body was not signed with this secret, or too long ago.
var ErrSignature = errors.New("webhook: bad signature")

// nouveauSecret draws 32 bytes.
func nouveauSecret() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails
	return prefixeSecret + hex.EncodeToString(b)
}

// Signer returns the header of a body sent at an instant: t=<unix>,v1=<hex HMAC-SHA256 of "t.body">. The key
// is the whole secret as it was shown.
func Signer(secret string, le time.Time, contenu []byte) string {
	t := strconv.FormatInt(le.Unix(), 10)
	return "t=" + t + ",v1=" + empreinte(secret, t, contenu)
}

func empreinte(secret, t string, contenu []byte) string {
	h := hmac.New(sha256.New, []byte(secret))
	h.Write([]byte(t + "."))
	h.Write(contenu)
	return hex.EncodeToString(h.Sum(nil))
}

// Verifier is what a receiver does: the signature is that of the body, and not older (or newer) than ecart.
func Verifier(secret, entete string, contenu []byte, maintenant time.Time, ecart time.Duration) error {
	t, reste, ok := strings.Cut(entete, ",v1=")
	t, debut := strings.CutPrefix(t, "t=")
	unix, err := strconv.ParseInt(t, 10, 64)
	if !ok || !debut || err != nil || !hmac.Equal([]byte(reste), []byte(empreinte(secret, t, contenu))) {
		return ErrSignature
	}
	if d := maintenant.Sub(time.Unix(unix, 0)); d > ecart || d < -ecart {
		return ErrSignature
	}
	return nil
}
