package depotapi

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"

	"apilos/api/fault"
	"apilos/api/httpapi"

	"github.com/labstack/echo/v4"
)

// uneFois answers what faire gives, and the same answer to the same client for 24 h when the request carries
// an Idempotency-Key. Refusals are not kept: they wrote nothing.
func (r *API) uneFois(c echo.Context, clientID string, corps []byte, faire func() (int, any, error)) error {
	cle := c.Request().Header.Get("Idempotency-Key")
	if cle == "" || r.Idempotence == nil {
		statut, v, err := faire()
		if err != nil {
			return err
		}
		return repondre(c, statut, v)
	}
	if len(cle) > 255 || !visible(cle) {
		return fault.New(fault.BadRequest, "cle_idempotence_invalide", "L’en-tête « Idempotency-Key » doit compter 255 caractères visibles au plus, sans accent")
	}
	appelant := "depot:" + clientID
	empreinte := empreinteRequete(c, corps)
	connu, err := r.Idempotence.Begin(c.Request().Context(), appelant, cle, empreinte)
	if err != nil {
		return err
	}
	switch {
	case connu.State != httpapi.ReplayNew && connu.Fingerprint != empreinte:
		return fault.New(fault.Invalid, "cle_idempotence_reutilisee", "Cette clé « Idempotency-Key » a déjà servi pour une autre requête")
	case connu.State == httpapi.ReplayRunning:
		return fault.New(fault.Conflict, "requete_en_cours", "La même requête est en cours de traitement").With("retry_after", 1)
	case connu.State == httpapi.ReplayDone:
		c.Response().Header().Set("Idempotency-Replayed", "true")
		return c.Blob(connu.Status, echo.MIMEApplicationJSON+"; charset=utf-8", connu.Answer)
	}
	return r.premiereFois(c, appelant, cle, faire)
}

// premiereFois settles the key whatever happens, even when the client leaves.
func (r *API) premiereFois(c echo.Context, appelant, cle string, faire func() (int, any, error)) error {
	ctx := context.WithoutCancel(c.Request().Context())
	garde := false
	defer func() {
		if garde {
			return
		}
		if err := r.Idempotence.Release(ctx, appelant, cle); err != nil {
			r.Journal.ErrorContext(ctx, "release idempotency key", "request_id", httpapi.RequestID(c), "error", err.Error())
		}
	}()
	statut, v, err := faire()
	if err != nil {
		return err
	}
	reponse, err := encoder(v)
	if err != nil {
		return err
	}
	if err := r.Idempotence.Complete(ctx, appelant, cle, statut, reponse); err != nil {
		// The action is done: only the replay is lost.
		r.Journal.ErrorContext(ctx, "keep idempotent answer", "request_id", httpapi.RequestID(c), "error", err.Error())
	} else {
		garde = true
	}
	return c.Blob(statut, echo.MIMEApplicationJSON+"; charset=utf-8", reponse)
}

func empreinteRequete(c echo.Context, corps []byte) string {
	h := sha256.New()
	for _, s := range []string{http.MethodPost, c.Request().URL.EscapedPath(), c.Request().URL.RawQuery} {
		_, _ = h.Write([]byte(s + "\n"))
	}
	_, _ = h.Write(corps)
	return hex.EncodeToString(h.Sum(nil))
}

func visible(s string) bool {
	for _, r := range s {
		if r <= ' ' || r > '~' {
			return false
		}
	}
	return true
}
