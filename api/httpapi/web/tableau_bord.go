package web

import (
	"context"
	"net/http"
	"time"

	"apilos/api/admin"
	"apilos/api/auth"
	"apilos/api/httpapi"

	"github.com/labstack/echo/v4"
)

// LectureTableau reads the dashboard (admin.Bord).
type LectureTableau interface {
	Lire(ctx context.Context, p auth.Principal) (admin.Tableau, error)
}

// TableauxBord shows the staff what waits for somebody (06 P80).
type TableauxBord struct {
	Bord      LectureTableau
	Programme ConstruitPar
}

// Routes implements httpapi.Resource.
func (r TableauxBord) Routes() []httpapi.Route {
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/admin/tableau-de-bord", Access: httpapi.Authenticated(), Handler: r.lire},
	}
}

// CompteAttente is a number of things, with the age of the oldest.
type CompteAttente struct {
	Nombre       int        `json:"nombre" validate:"required"`
	PlusAncienne *time.Time `json:"plus_ancienne" extensions:"x-nullable"`
} // @name CompteAttente

// MessagesCanal are the messages of a canal that are not gone.
type MessagesCanal struct {
	Canal   string        `json:"canal" validate:"required" enums:"ALERTE_SIAP,EMAIL,BAN,MESSAGERIE,PARTENAIRE,WEBHOOK"`
	EnCours CompteAttente `json:"en_cours" validate:"required"`
	Perdus  CompteAttente `json:"perdus" validate:"required"`
} // @name MessagesCanal

// TachesFond are the background jobs.
type TachesFond struct {
	EnAttente CompteAttente `json:"en_attente" validate:"required"`
	Relancees int           `json:"relancees" validate:"required"` // failed, to be tried again
	Perdues   CompteAttente `json:"perdues" validate:"required"`
} // @name TachesFond

// StockageFichiers is what is kept of files.
type StockageFichiers struct {
	Fichiers int   `json:"fichiers" validate:"required"`
	Octets   int64 `json:"octets" validate:"required"`
	Base     int64 `json:"base_octets" validate:"required"` // size of the database
} // @name StockageFichiers

// ServicePlateforme is a part of the platform and whether it answers.
type ServicePlateforme struct {
	Nom      string `json:"nom" validate:"required" example:"siap"`
	Repond   bool   `json:"repond" validate:"required"`
	Remarque string `json:"remarque" validate:"required"`
} // @name ServicePlateforme

// TableauBord is the dashboard of the staff.
type TableauBord struct {
	Messages  []MessagesCanal     `json:"messages" validate:"required"`
	Anomalies CompteAttente       `json:"anomalies_siap" validate:"required"`
	Taches    TachesFond          `json:"taches" validate:"required"`
	Stockage  StockageFichiers    `json:"stockage" validate:"required"`
	Services  []ServicePlateforme `json:"services" validate:"required"`
	Programme VersionProgramme    `json:"programme" validate:"required"`
	Schema    int64               `json:"schema" validate:"required"` // last migration
	LuLe      time.Time           `json:"lu_le" validate:"required"`
} // @name TableauBord

// lire returns the dashboard.
//
//	@Summary		Lire le tableau de bord
//	@Description	Réservé à l’équipe de la plateforme : messages en attente et perdus, anomalies des données du SIAP, tâches de fond, stockage, services, version.
//	@Tags			admin
//	@Produce		json
//	@Success		200		{object}	TableauBord
//	@Failure		400,401,403,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/admin/tableau-de-bord [get]
func (r TableauxBord) lire(c echo.Context) error {
	if _, err := httpapi.Query(c); err != nil {
		return err
	}
	t, err := r.Bord.Lire(c.Request().Context(), httpapi.Principal(c))
	if err != nil {
		return err
	}
	out := TableauBord{
		Messages: make([]MessagesCanal, 0, len(t.Messages)), Anomalies: vueCompte(t.Anomalies),
		Taches:   TachesFond{EnAttente: vueCompte(t.Taches.EnAttente), Relancees: t.Taches.Relancees, Perdues: vueCompte(t.Taches.Perdues)},
		Stockage: StockageFichiers{Fichiers: t.Stockage.Fichiers, Octets: t.Stockage.Octets, Base: t.Base},
		Services: make([]ServicePlateforme, 0, len(t.Services)), Schema: t.Schema, LuLe: t.LuLe,
		Programme: VersionProgramme{Version: r.Programme.Version, Commit: r.Programme.Commit, ConstruitLe: r.Programme.Date},
	}
	for _, m := range t.Messages {
		out.Messages = append(out.Messages, MessagesCanal{Canal: m.Canal, EnCours: vueCompte(m.EnCours), Perdus: vueCompte(m.Perdus)})
	}
	for _, s := range t.Services {
		out.Services = append(out.Services, ServicePlateforme{Nom: s.Nom, Repond: s.Repond, Remarque: s.Remarque})
	}
	return c.JSON(http.StatusOK, out)
}

func vueCompte(c admin.Compte) CompteAttente {
	return CompteAttente{Nombre: c.Nombre, PlusAncienne: c.PlusAncienne}
}
