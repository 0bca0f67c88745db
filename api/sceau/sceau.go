package sceau

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
)

// MinCle is the least length of the secret of the platform, in bytes.
const MinCle = 16

// ErrAltere means that what is opened was not sealed here, for this use and this context.
var ErrAltere = errors.New("sceau: altered, foreign or made with another key")

// Sceau seals for one use. It is safe for concurrent use.
type Sceau struct{ aead cipher.AEAD }

// New derives the key of a use from the secret of the platform.
func New(secret []byte, usage string) (*Sceau, error) {
	if len(secret) < MinCle || usage == "" {
		return nil, fmt.Errorf("sceau: a secret of %d bytes and a use are required", MinCle)
	}
	cle, err := hkdf.Key(sha256.New, secret, nil, "apilos sceau "+usage, 32)
	if err != nil {
		return nil, fmt.Errorf("derive key: %w", err)
	}
	bloc, err := aes.NewCipher(cle)
	if err != nil {
		return nil, fmt.Errorf("prepare cipher: %w", err)
	}
	aead, err := cipher.NewGCM(bloc)
	if err != nil {
		return nil, fmt.Errorf("prepare cipher: %w", err)
	}
	return &Sceau{aead}, nil
}

// Sceller returns clair sealed, bound to contexte.
func (s *Sceau) Sceller(clair []byte, contexte string) []byte {
	nonce := make([]byte, s.aead.NonceSize(), s.aead.NonceSize()+len(clair)+s.aead.Overhead())
	_, _ = rand.Read(nonce) // never fails
	return s.aead.Seal(nonce, nonce, clair, []byte(contexte))
}

// Ouvrir returns what Sceller was given. Errors: ErrAltere.
func (s *Sceau) Ouvrir(scelle []byte, contexte string) ([]byte, error) {
	n := s.aead.NonceSize()
	if len(scelle) < n {
		return nil, ErrAltere
	}
	clair, err := s.aead.Open(nil, scelle[:n], scelle[n:], []byte(contexte))
	if err != nil {
		return nil, ErrAltere
	}
	return clair, nil
}
