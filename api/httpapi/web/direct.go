package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"apilos/api/auth"
	"apilos/api/direct"
	"apilos/api/fault"
	"apilos/api/httpapi"

	"github.com/labstack/echo/v4"
)

// battementDirect keeps proxies from closing a silent stream, and tells whether the reader is still there.
const battementDirect = 20 * time.Second

const typeDirect = "text/event-stream"

// motifJeton ends a stream whose token has expired: rights are read again with the next one.
const motifJeton direct.Motif = "jeton"

// Abonnements opens subscriptions to live updates.
type Abonnements interface {
	Abonner(ctx context.Context, p auth.Principal, dernier *int64) (*direct.Abonne, []direct.Message, bool, error)
	Desabonner(a *direct.Abonne)
	RepereSur() int64
}

// Verificateur reads the claims of an access token.
type Verificateur interface {
	Verify(token string) (auth.Claims, error)
}

// Direct serves the stream of live updates (00 decision 30): read with fetch, since the token is in a header.
type Direct struct {
	Abonnements Abonnements
	Jetons      Verificateur
	Horloge     func() time.Time
	Battement   time.Duration // 0: 20 seconds
}

// Routes implements httpapi.Resource.
func (r Direct) Routes() []httpapi.Route {
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/direct", Access: httpapi.Requires(auth.ViewConvention), Stream: true, Timeout: -1, Handler: r.suivre},
	}
}

// ChangementDirect is the content of an event « changement ».
type ChangementDirect struct {
	Objet   string `json:"objet" validate:"required" enums:"convention,avenant" example:"convention"`
	UUID    string `json:"uuid" validate:"required" format:"uuid" example:"7d1c6b0e-5a3f-4a57-9f43-1c1f3c9a2f10"`
	Version int    `json:"version,omitempty" example:"8"`
	Statut  string `json:"statut,omitempty" example:"CORRECTION"`
	Rang    int64  `json:"rang" validate:"required" example:"120045"`
	Retrait bool   `json:"retrait,omitempty"`
} // @name ChangementDirect

// suivre streams what changes.
//
//	@Summary		Suivre les mises à jour en direct
//	@Description	Flux d’événements (text/event-stream) de ce qui change dans votre périmètre, tant que la connexion reste ouverte. Il dit ce qui a changé, jamais le contenu : relisez l’objet. Un changement peut être annoncé plusieurs fois.
//	@Description
//	@Description	Événements :
//	@Description	- `pret` `{"rejoue": bool}` : le flux est ouvert. Si `rejoue` vaut `false` après une reprise, relisez tout ce que vous affichez.
//	@Description	- `changement` `{"objet": "convention|avenant", "uuid", "version", "statut", "rang"}` : un dossier a changé. Avec `"retrait": true`, il a été supprimé ou a quitté votre périmètre.
//	@Description	- `tout` `{}` : trop de dossiers ont changé d’un coup, relisez tout ce que vous affichez.
//	@Description	- `fin` `{"motif": "jeton|droits|reprise|lent|limite|arret|indisponible"}` : le serveur ferme le flux. Revenez avec un nouveau jeton, après une attente aléatoire ; pour `limite`, seulement quand la page redevient active.
//	@Description
//	@Description	Une ligne de commentaire (`:`) passe toutes les 20 secondes. Pour reprendre, envoyez l’identifiant du dernier événement reçu dans l’en-tête `Last-Event-ID`. Le flux se ferme à l’expiration du jeton, à la fermeture de la session et quand les droits changent. Au plus 8 flux par personne : le plus ancien se ferme.
//	@Tags			conventions
//	@Produce		text/event-stream
//	@Param			Last-Event-ID	header	string	false	"Identifiant du dernier événement reçu"	example(120044)
//	@Success		200	{object}	ChangementDirect	"Flux d’événements ; ce schéma est celui de « data » pour « changement »"
//	@Failure		400,401,403,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/direct [get]
func (r Direct) suivre(c echo.Context) error {
	if _, err := httpapi.Query(c); err != nil {
		return err
	}
	dernier, err := dernierEvenement(c)
	if err != nil {
		return err
	}
	if c.Request().Method == http.MethodHead {
		c.Response().Header().Set(echo.HeaderContentType, typeDirect)
		return c.NoContent(http.StatusOK)
	}
	ctx, p := c.Request().Context(), httpapi.Principal(c)
	a, manques, rejoue, err := r.Abonnements.Abonner(ctx, p, dernier)
	if err != nil {
		return err
	}
	defer r.Abonnements.Desabonner(a)
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, typeDirect)
	h.Set(echo.HeaderCacheControl, "no-store")
	h.Set("X-Accel-Buffering", "no") // reverse proxies must pass each event on
	c.Response().WriteHeader(http.StatusOK)
	e := ecrivainDirect{c.Response(), http.NewResponseController(c.Response())}
	repere := r.Abonnements.RepereSur()
	if dernier != nil && rejoue {
		repere = *dernier
	}
	if err := e.evenement("pret", repere, map[string]bool{"rejoue": rejoue}); err != nil {
		return nil
	}
	for _, m := range manques {
		if err := e.message(m); err != nil {
			return nil
		}
	}
	r.relayer(ctx, e, a, r.expiration(c))
	return nil
}

// relayer writes what the subscriber is told until one of both leaves; a client that goes away is no failure.
func (r Direct) relayer(ctx context.Context, e ecrivainDirect, a *direct.Abonne, expiration <-chan time.Time) {
	periode := r.Battement
	if periode == 0 {
		periode = battementDirect
	}
	battement := time.NewTicker(periode)
	defer battement.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-expiration:
			e.fin(motifJeton)
			return
		case m, ouvert := <-a.Messages():
			if !ouvert {
				e.fin(a.Motif())
				return
			}
			err = e.message(m)
		case <-battement.C:
			err = e.battre()
		}
		if err != nil {
			return
		}
	}
}

// expiration fires when the token of the request dies.
func (r Direct) expiration(c echo.Context) <-chan time.Time {
	_, jeton, _ := strings.Cut(c.Request().Header.Get(echo.HeaderAuthorization), " ")
	claims, err := r.Jetons.Verify(strings.TrimSpace(jeton))
	if err != nil {
		return time.After(0) // accepted a moment ago: it has just expired
	}
	return time.After(claims.ExpiresAt.Sub(r.Horloge()))
}

func dernierEvenement(c echo.Context) (*int64, error) {
	texte := strings.TrimSpace(c.Request().Header.Get("Last-Event-ID"))
	if texte == "" {
		return nil, nil
	}
	n, err := strconv.ParseInt(texte, 10, 64)
	if err != nil || n < 0 {
		return nil, fault.New(fault.BadRequest, "parametre_invalide", "L’en-tête Last-Event-ID ne vient pas de ce flux. Reprenez sans lui.")
	}
	return &n, nil
}

// ecrivainDirect writes events, each one sent at once.
type ecrivainDirect struct {
	w  http.ResponseWriter
	rc *http.ResponseController
}

func (e ecrivainDirect) evenement(nom string, id int64, donnees any) error {
	texte, err := json.Marshal(donnees)
	if err != nil {
		return fmt.Errorf("event %s: %w", nom, err)
	}
	if _, err := fmt.Fprintf(e.w, "event: %s\nid: %d\ndata: %s\n\n", nom, id, texte); err != nil {
		return fmt.Errorf("event %s: %w", nom, err)
	}
	return e.rc.Flush()
}

func (e ecrivainDirect) message(m direct.Message) error {
	if m.ToutRelire {
		return e.evenement("tout", m.Repere, struct{}{})
	}
	x := m.Changement
	return e.evenement("changement", m.Repere, ChangementDirect{
		Objet: x.Objet, UUID: x.UUID.String(), Version: x.Version, Statut: x.Statut, Rang: x.Rang, Retrait: x.Retrait,
	})
}

// fin says why the stream ends; it has no identifier, the last one received stays the right one.
func (e ecrivainDirect) fin(m direct.Motif) {
	if m == "" {
		return
	}
	_, _ = fmt.Fprintf(e.w, "event: fin\ndata: {\"motif\":%q}\n\n", string(m))
	_ = e.rc.Flush()
}

func (e ecrivainDirect) battre() error {
	if _, err := e.w.Write([]byte(": \n\n")); err != nil {
		return err
	}
	return e.rc.Flush()
}
