package clientapi

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
)

// MarqueJeton begins every token, so that people, and scanners of leaked secrets, recognise it.
const MarqueJeton = "apl_"

// A token is apl_<prefix>_<secret>, in lower-case letters and digits 2 to 7: a double click selects each part whole.
const (
	octetsPrefixe   = 5  // 8 characters, stored in clear: the prefix finds the client and names the token to people
	octetsSecret    = 32 // 256 bits: a plain digest is enough
	longueurPrefixe = octetsPrefixe * 8 / 5
	longueurSecret  = (octetsSecret*8 + 4) / 5
)

func enBase32(b []byte) string {
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b))
}

// tirerJeton draws a token.
func tirerJeton(alea io.Reader) (prefixe, jeton string, err error) {
	var b [octetsPrefixe + octetsSecret]byte
	if _, err := io.ReadFull(alea, b[:]); err != nil {
		return "", "", fmt.Errorf("draw token: %w", err)
	}
	prefixe = enBase32(b[:octetsPrefixe])
	return prefixe, MarqueJeton + prefixe + "_" + enBase32(b[octetsPrefixe:]), nil
}

// prefixeDe returns the prefix of what has the form of a token.
func prefixeDe(jeton string) (string, bool) {
	reste, ok := strings.CutPrefix(jeton, MarqueJeton)
	if !ok || len(reste) != longueurPrefixe+1+longueurSecret || reste[longueurPrefixe] != '_' {
		return "", false
	}
	dehors := func(r rune) bool { return (r < 'a' || r > 'z') && (r < '2' || r > '7') }
	if strings.ContainsFunc(reste[:longueurPrefixe], dehors) || strings.ContainsFunc(reste[longueurPrefixe+1:], dehors) {
		return "", false
	}
	return reste[:longueurPrefixe], true
}

// empreinte is what is stored of a token.
func empreinte(jeton string) string {
	s := sha256.Sum256([]byte(jeton))
	return hex.EncodeToString(s[:])
}

// egales compares digests in a time that does not depend on them.
func egales(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
