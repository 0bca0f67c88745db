package sim

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"apilos/api/siap"
)

const (
	headerSIAP = "Siap-Authorization"
	leeway     = 30 * time.Second
	maxLife    = 24 * time.Hour
)

// tokenCheck is what a credential says; reason is empty when it is accepted (05 A.2).
type tokenCheck struct {
	claims        map[string]any
	login         string
	habilitation  int64
	withoutPerson bool // no usable user-login or habilitation-id
	reason        string
}

// verifier checks the tokens of the platform with the rules of 05 A.2.
type verifier struct {
	keys []siap.Key
	now  func() time.Time
}

// check reads the header. Claims are returned even when the token is refused, for the journal.
func (v verifier) check(header string) tokenCheck {
	fields := strings.Fields(header)
	if len(fields) == 0 || !strings.EqualFold(fields[0], "Bearer") {
		return tokenCheck{reason: "Informations d'authentification absentes : en-tête siap-Authorization: Bearer <jeton> attendu."}
	}
	if len(fields) != 2 {
		return tokenCheck{reason: "L'en-tête siap-Authorization doit contenir deux mots, Bearer et le jeton."}
	}
	claims := jwt.MapClaims{}
	_, err := jwt.NewParser(
		jwt.WithValidMethods(v.algorithms()), jwt.WithLeeway(leeway), jwt.WithTimeFunc(v.now),
		jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithJSONNumber(),
	).ParseWithClaims(fields[1], claims, v.key)
	out := tokenCheck{claims: claims}
	if err != nil {
		out.reason = "Jeton refusé : " + french401(err)
		return out
	}
	out.reason = v.rules(claims)
	out.login, out.habilitation, out.withoutPerson = holder(claims)
	return out
}

// key chooses the keys to try: the one named by kid, or all of them without kid.
func (v verifier) key(t *jwt.Token) (any, error) {
	kid, named := t.Header["kid"].(string)
	if _, present := t.Header["kid"]; present && !named {
		return nil, errors.New("kid illisible")
	}
	var set jwt.VerificationKeySet
	for _, k := range v.keys {
		if named && k.Kid != kid {
			continue
		}
		set.Keys = append(set.Keys, k.Secret)
	}
	if len(set.Keys) == 0 {
		return nil, errors.New("kid inconnu")
	}
	return set, nil
}

func (v verifier) algorithms() []string {
	var out []string
	for _, k := range v.keys {
		if k.Algorithm == "" {
			out = append(out, "HS256")
		} else {
			out = append(out, k.Algorithm)
		}
	}
	return out
}

// rules checks what the JWT library does not: token_type, jti and the length of the life.
func (v verifier) rules(claims jwt.MapClaims) string {
	if claims["token_type"] != "access" {
		return "Jeton refusé : token_type doit valoir access."
	}
	if jti, _ := claims["jti"].(string); jti == "" {
		return "Jeton refusé : jti absent."
	}
	exp, err := claims.GetExpirationTime()
	if err != nil || exp == nil {
		return "Jeton refusé : exp absent."
	}
	iat, err := claims.GetIssuedAt()
	if err == nil && iat != nil && exp.Sub(iat.Time) > maxLife {
		return "Jeton refusé : durée de vie supérieure à 24 heures."
	}
	return ""
}

// holder reads who calls; a numeric text is accepted as habilitation-id.
func holder(claims jwt.MapClaims) (login string, habilitation int64, without bool) {
	login, _ = claims["user-login"].(string)
	switch h := claims["habilitation-id"].(type) {
	case json.Number:
		habilitation, _ = h.Int64()
	case string:
		habilitation, _ = strconv.ParseInt(h, 10, 64)
	}
	return login, habilitation, login == "" || habilitation <= 0
}

func french401(err error) string {
	switch {
	case errors.Is(err, jwt.ErrTokenExpired):
		return "il a expiré."
	case errors.Is(err, jwt.ErrTokenUsedBeforeIssued), errors.Is(err, jwt.ErrTokenNotValidYet):
		return "il vient du futur, vérifiez l'heure du serveur."
	case errors.Is(err, jwt.ErrTokenSignatureInvalid):
		return "sa signature ou son algorithme n'est pas accepté."
	case errors.Is(err, jwt.ErrTokenMalformed):
		return "il n'est pas un JWT."
	case errors.Is(err, jwt.ErrTokenRequiredClaimMissing):
		return "exp absent."
	}
	return "il n'est pas valide."
}
