package auth

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/golang-jwt/jwt/v5"
)

// minKeyLength is the shortest HMAC secret accepted, in bytes (05 A.2).
const minKeyLength = 32

// Key is one signing secret of the setting WEB_JWT_KEYS. ID is the kid written in the header of the tokens
// it signs; without ID the header has no kid.
type Key struct {
	ID     string
	Secret []byte
}

// String never shows the secret, so that a Key can be printed by mistake.
func (k Key) String() string { return k.ID + ":****" }

// GoString does the same for %#v.
func (k Key) GoString() string { return "auth.Key{" + k.String() + "}" }

// checkKeys refuses an empty list, an identifier given twice and a secret under 32 bytes. The error never
// quotes a secret.
func checkKeys(keys []Key) error {
	if len(keys) == 0 {
		return errors.New("aucune clé de signature")
	}
	seen := make(map[string]bool, len(keys))
	for _, k := range keys {
		if seen[k.ID] {
			return fmt.Errorf("l’identifiant de clé %q est donné deux fois", k.ID)
		}
		seen[k.ID] = true
		if len(k.Secret) < minKeyLength {
			return fmt.Errorf("la clé %q est trop courte : %d octets au moins", k.ID, minKeyLength)
		}
	}
	return nil
}

// Derive returns 32 bytes that only the holder of k can compute, and that differ for each label. They
// serve another purpose than signing tokens without asking the operator for a second secret.
func (k Key) Derive(label string) []byte {
	mac := hmac.New(sha256.New, k.Secret)
	mac.Write([]byte("apilos/" + label))
	return mac.Sum(nil)
}

// keyRing finds the key of a received token.
type keyRing struct {
	keys []Key
	byID map[string]Key
}

func newKeyRing(keys []Key) keyRing {
	r := keyRing{keys: keys, byID: make(map[string]Key, len(keys))}
	for _, k := range keys {
		r.byID[k.ID] = k
	}
	return r
}

// keyOf picks the key of a token by its kid. A token without kid is tried with every key (05 A.2).
func (r keyRing) keyOf(tok *jwt.Token) (any, error) {
	kid, present := tok.Header["kid"]
	if !present {
		var set jwt.VerificationKeySet
		for _, k := range r.keys {
			set.Keys = append(set.Keys, k.Secret)
		}
		return set, nil
	}
	id, _ := kid.(string)
	k, ok := r.byID[id]
	if !ok || id == "" {
		return nil, errors.New("unknown key")
	}
	return k.Secret, nil
}
