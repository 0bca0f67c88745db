package depot

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"io"
)

// Form of a token (07 section 2.2): the length and the alphabet that clients already know.
const (
	longueurJeton = 32
	alphabetJeton = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	// longueurPrefixe is what remains readable, for people to tell one token from another.
	longueurPrefixe = 4
)

// tirerJeton draws a token, every character with the same chance: bytes above the last whole multiple of
// the alphabet are drawn again.
func tirerJeton(alea io.Reader) (string, error) {
	const borne = 256 - 256%len(alphabetJeton)
	jeton := make([]byte, 0, longueurJeton)
	var b [64]byte
	for len(jeton) < longueurJeton {
		if _, err := io.ReadFull(alea, b[:]); err != nil {
			return "", fmt.Errorf("draw token: %w", err)
		}
		for _, v := range b {
			if int(v) < borne && len(jeton) < longueurJeton {
				jeton = append(jeton, alphabetJeton[int(v)%len(alphabetJeton)])
			}
		}
	}
	return string(jeton), nil
}

// empreinteJeton is what is stored of a token. It has 190 bits of chance: a plain digest is enough.
func empreinteJeton(jeton string) string {
	s := sha256.Sum256([]byte(jeton))
	return hex.EncodeToString(s[:])
}

// JetonAdmin compares a token with that of the administrator in a time that does not depend on them. It is
// always false when attendu is empty: no token, no administrator.
func JetonAdmin(attendu, recu string) bool {
	a, r := sha256.Sum256([]byte(attendu)), sha256.Sum256([]byte(recu))
	return subtle.ConstantTimeCompare(a[:], r[:]) == 1 && attendu != ""
}
