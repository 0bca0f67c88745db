package depot

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"

	"apilos/api/sceau"
)

// usageSceau names what is sealed here, so that it opens nowhere else.
const usageSceau = "depot.message"

// Sceau keeps short secrets (token, code) unreadable between the transaction that writes a message and its
// delivery, digests PIN codes and signs the state of ProConnect. It is made of the key of the platform.
type Sceau struct {
	sceau     *sceau.Sceau
	pin, etat []byte
}

// NewSceau derives its keys from secret (SECRET_KEY).
func NewSceau(secret []byte) (*Sceau, error) {
	s, err := sceau.New(secret, usageSceau)
	if err != nil {
		return nil, fmt.Errorf("depot: %w", err)
	}
	out := &Sceau{sceau: s}
	for usage, cle := range map[string]*[]byte{"depot.pin": &out.pin, "depot.proconnect": &out.etat} {
		if *cle, err = hkdf.Key(sha256.New, secret, nil, "apilos "+usage, 32); err != nil {
			return nil, fmt.Errorf("depot: derive key: %w", err)
		}
	}
	return out, nil
}

// Sceller hides a text; the result is safe in JSON.
func (s *Sceau) Sceller(clair string) string {
	return base64.RawURLEncoding.EncodeToString(s.sceau.Sceller([]byte(clair), ""))
}

// Ouvrir gives back what Sceller hid; it fails on anything else. The delivery of messages calls it on
// ChargeJeton.JetonScelle and ChargeCode.CodeScelle.
func (s *Sceau) Ouvrir(scelle string) (string, error) {
	brut, err := base64.RawURLEncoding.DecodeString(scelle)
	if err != nil {
		return "", sceau.ErrAltere
	}
	clair, err := s.sceau.Ouvrir(brut, "")
	return string(clair), err
}

// empreintePIN is keyed and bound to its habilitation: six digits alone would be found from any digest.
func (s *Sceau) empreintePIN(habilitationID, code string) string {
	return hex.EncodeToString(mac(s.pin, habilitationID+":"+code))
}

// SignerEtat returns the state with its signature, for the cookie of the browser.
func (s *Sceau) SignerEtat(etat string) string {
	return etat + "." + base64.RawURLEncoding.EncodeToString(mac(s.etat, etat))
}

// EtatSigne tells whether the cookie holds this state, signed by us.
func (s *Sceau) EtatSigne(cookie, etat string) bool {
	return etat != "" && hmac.Equal([]byte(cookie), []byte(s.SignerEtat(etat)))
}

func mac(cle []byte, texte string) []byte {
	h := hmac.New(sha256.New, cle)
	_, _ = io.WriteString(h, texte) // never fails
	return h.Sum(nil)
}
