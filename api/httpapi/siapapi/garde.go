package siapapi

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"log/slog"
	"net/http"
	"strings"

	"apilos/api/auth"
	"apilos/api/compte"
	"apilos/api/fault"
	"apilos/api/httpapi"
	"apilos/api/securite"

	"github.com/labstack/echo/v4"
)

// Codes of the refusals of the guard (05 A.2).
const (
	codeSansJeton    = "not_authenticated"
	codeEntete       = "bad_authorization_header"
	codeJeton        = "token_not_valid"
	codeSansPersonne = "user_not_found"
	codeLectureSeule = "readonly_habilitation"
)

// Verificateur verifies the tokens of SIAP.
type Verificateur interface {
	Verify(token string) (auth.SIAPClaims, error)
}

// Appelants works out who calls, from the habilitation that the token names.
type Appelants interface {
	AppelantSIAP(ctx context.Context, login string, habilitationID int64) (compte.AppelantSIAP, error)
}

// metier is a handler that knows who calls.
type metier func(c echo.Context, a compte.AppelantSIAP) error

// parJeton wants a valid token and nothing more: the route of the configuration.
func (r *API) parJeton(h echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if _, err := r.jeton(c); err != nil {
			return err
		}
		return h(c)
	}
}

// lire wants a usable habilitation.
func (r *API) lire(h metier) echo.HandlerFunc { return r.garder(h, false) }

// ecrire wants a habilitation that may write, in both modes of scope (00 decision 9).
func (r *API) ecrire(h metier) echo.HandlerFunc { return r.garder(h, true) }

func (r *API) garder(h metier, ecriture bool) echo.HandlerFunc {
	return func(c echo.Context) error {
		a, err := r.appelant(c)
		if err != nil {
			return err
		}
		if ecriture && a.Principal.EnLecture() {
			return fault.New(fault.Forbidden, codeLectureSeule,
				"Cette habilitation permet de consulter mais pas de modifier. Utilisez une habilitation qui permet d’écrire.")
		}
		if c.Request().Method == http.MethodPost {
			if _, err := io.Copy(io.Discard, c.Request().Body); err != nil { // ignored, up to the limit of the route
				return err
			}
		}
		if err := h(c, a); err != nil {
			return err
		}
		if ecriture {
			httpapi.SecurityEvent(c, r.Journal, securite.EcritureSIAP, securite.OK, "route", c.Path())
		}
		return nil
	}
}

// appelant verifies the token and asks SIAP what the habilitation allows. The answer lives in the context of the
// request and nowhere else.
func (r *API) appelant(c echo.Context) (compte.AppelantSIAP, error) {
	j, err := r.jeton(c)
	if err != nil {
		return compte.AppelantSIAP{}, err
	}
	if j.Login == "" || j.HabilitationID == 0 {
		return compte.AppelantSIAP{}, r.refuser(c, fault.New(fault.Unauthenticated, codeSansPersonne,
			"Le jeton ne désigne pas une personne et son habilitation : « user-login » et « habilitation-id » sont obligatoires."))
	}
	if err := httpapi.TakeLimit(c, LimiteLogin, empreinte(j.Login)); err != nil {
		return compte.AppelantSIAP{}, err
	}
	a, err := r.Appelants.AppelantSIAP(c.Request().Context(), j.Login, j.HabilitationID)
	if err != nil {
		return compte.AppelantSIAP{}, err
	}
	a.Principal.RequeteID, a.Principal.IP = httpapi.RequestID(c), httpapi.TruncateIP(c.RealIP())
	c.SetRequest(c.Request().WithContext(auth.With(c.Request().Context(), a.Principal)))
	return a, nil
}

// jeton verifies the token of the request and notes the call, never the token itself.
func (r *API) jeton(c echo.Context) (auth.SIAPClaims, error) {
	texte, f := bearer(c.Request().Header.Values(echo.HeaderAuthorization))
	if f != nil {
		return auth.SIAPClaims{}, r.refuser(c, f)
	}
	j, err := r.Jetons.Verify(texte)
	if err != nil {
		return auth.SIAPClaims{}, r.refuser(c, jetonRefuse().Because(err))
	}
	r.Journal.LogAttrs(c.Request().Context(), slog.LevelInfo, "appel du SIAP",
		slog.String("request_id", httpapi.RequestID(c)), slog.String("jti", tronquer(j.ID, 100)), slog.String("jeton_sha256", empreinte(texte)),
		slog.String("user_login", tronquer(j.Login, 255)), slog.Int64("habilitation", j.HabilitationID))
	return j, httpapi.TakeLimit(c, LimiteTotal, "")
}

// refuser draws on the allowance of the address of a caller that gets 401.
func (r *API) refuser(c echo.Context, f *fault.Error) error {
	if err := httpapi.TakeLimitByAddress(c, LimiteRefus); err != nil {
		return err
	}
	return f
}

// bearer reads the header. Another scheme counts as no credentials (05 A.2).
func bearer(entetes []string) (string, *fault.Error) {
	absent := fault.New(fault.Unauthenticated, codeSansJeton,
		"Aucun jeton n’a été reçu. Envoyez l’en-tête « Authorization: Bearer » suivi du jeton.")
	if len(entetes) == 0 {
		return "", absent
	}
	mots := strings.Fields(strings.Join(entetes, " "))
	switch {
	case len(mots) == 0 || !strings.EqualFold(mots[0], "Bearer"):
		return "", absent
	case len(mots) != 2:
		return "", fault.New(fault.Unauthenticated, codeEntete,
			"L’en-tête Authorization doit compter deux mots : « Bearer » et le jeton.")
	}
	return mots[1], nil
}

func jetonRefuse() *fault.Error {
	return fault.New(fault.Unauthenticated, codeJeton, "Le jeton n’est pas accepté : signature, durée ou contenu incorrects. Demandez-en un nouveau.").
		With(extraMessages, []MessageJeton{{TokenClass: "AccessToken", TokenType: "access", Message: "Le jeton est invalide ou a expiré."}})
}

// empreinte is the beginning of a digest: it recognises a value in the log without telling it.
func empreinte(s string) string {
	somme := sha256.Sum256([]byte(s))
	return hex.EncodeToString(somme[:8])
}

func tronquer(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}
