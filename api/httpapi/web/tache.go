package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"apilos/api/auth"
	"apilos/api/export"
	"apilos/api/httpapi"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// Taches follows the long jobs of the caller.
type Taches struct{ Service ServiceExports }

const (
	rythmeTache = time.Second // between two readings of a followed task
	dureeSuivi  = 10 * time.Minute
)

// Routes implements httpapi.Resource.
func (r Taches) Routes() []httpapi.Route {
	lecture := httpapi.Requires(auth.ViewConvention)
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/taches/:uuid", Access: lecture, Handler: r.lire},
		{Method: http.MethodGet, Path: "/taches/:uuid/evenements", Access: lecture, Handler: r.suivre, Stream: true, Timeout: dureeSuivi + time.Minute},
	}
}

// TacheLancee names the task that a request began.
type TacheLancee struct {
	TacheUUID uuid.UUID `json:"tache_uuid" validate:"required" swaggertype:"string" format:"uuid"`
} // @name TacheLancee

// Tache is a long job of the caller.
type Tache struct {
	UUID       uuid.UUID  `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Type       string     `json:"type" validate:"required" example:"export_conventions"`
	Etat       string     `json:"etat" validate:"required" enums:"EN_ATTENTE,EN_COURS,TERMINEE,ECHEC,ANNULEE"`
	Avancement int        `json:"avancement" validate:"required"`
	Total      *int       `json:"total" extensions:"x-nullable"`
	CreeLe     time.Time  `json:"cree_le" validate:"required"`
	TermineLe  *time.Time `json:"termine_le" extensions:"x-nullable"`
	ExpireLe   *time.Time `json:"expire_le" extensions:"x-nullable"`
} // @name Tache

func vueTache(t *export.Tache) Tache {
	return Tache{
		UUID: t.UUID, Type: t.Type, Etat: string(t.Etat), Avancement: t.Avancement, Total: t.Total,
		CreeLe: t.CreeLe.UTC(), TermineLe: enUTC(t.TermineLe), ExpireLe: enUTC(t.ExpireLe),
	}
}

// lire reads a task.
//
//	@Summary		Lire une tâche
//	@Description	Avancement d’un travail long que vous avez demandé. Celui d’une autre personne donne 404.
//	@Tags			exports
//	@Produce		json
//	@Param			uuid	path		string	true	"Identifiant de la tâche"	format(uuid)
//	@Success		200		{object}	Tache	"Tâche"
//	@Failure		400,401,403,404,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/taches/{uuid} [get]
func (r Taches) lire(c echo.Context) error {
	id, err := uuidSeul(c)
	if err != nil {
		return err
	}
	t, err := r.Service.Suivre(c.Request().Context(), httpapi.Principal(c), id)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, vueTache(t))
}

// suivre sends the progress of a task until it ends.
//
//	@Summary		Suivre une tâche
//	@Description	Événements « avancement », dont les données sont la tâche (comme GET /taches/{uuid}) ; le flux se ferme quand elle est finie, et au bout de dix minutes.
//	@Tags			exports
//	@Produce		text/event-stream
//	@Param			uuid	path		string	true	"Identifiant de la tâche"	format(uuid)
//	@Success		200		{string}	string	"Événements"
//	@Failure		400,401,403,404,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/taches/{uuid}/evenements [get]
func (r Taches) suivre(c echo.Context) error {
	id, err := uuidSeul(c)
	if err != nil {
		return err
	}
	ctx, p := c.Request().Context(), httpapi.Principal(c)
	t, err := r.Service.Suivre(ctx, p, id)
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // a proxy must not wait for the end
	fin, tic := time.NewTimer(dureeSuivi), time.NewTicker(rythmeTache)
	defer fin.Stop()
	defer tic.Stop()
	var dernier string
	for {
		donnees, err := json.Marshal(vueTache(t))
		if err != nil {
			return fmt.Errorf("describe a task: %w", err)
		}
		if s := string(donnees); s != dernier {
			dernier = s
			if _, err := fmt.Fprintf(c.Response(), "event: avancement\ndata: %s\n\n", donnees); err != nil {
				return fmt.Errorf("send the progress of a task: %w", err)
			}
			c.Response().Flush()
		}
		if t.Etat.Finie() {
			return nil
		}
		select {
		case <-ctx.Done():
			return nil
		case <-fin.C:
			return nil
		case <-tic.C:
		}
		if t, err = r.Service.Suivre(ctx, p, id); err != nil {
			return nil // the answer has begun: its end tells the reader to ask again
		}
	}
}
