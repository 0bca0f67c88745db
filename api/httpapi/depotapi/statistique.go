package depotapi

import (
	"bytes"
	"net/http"
	"time"

	"apilos/api/depot"

	"github.com/labstack/echo/v4"
)

const (
	jourISO = "2006-01-02"
	// maxJours bounds the period of a statistic: about fifty years.
	maxJours = 20_000
)

// periode reads from and to: both or none; by default the last month (07 section 9). Days are those of France.
func (r *API) periode(c echo.Context) (du, au time.Time, err error) {
	from, to := c.QueryParam("from"), c.QueryParam("to")
	switch {
	case from == "" && to == "":
		paris, err := time.LoadLocation("Europe/Paris")
		if err != nil {
			return du, au, err
		}
		y, m, d := r.Service.Maintenant().In(paris).Date()
		au = time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
		return au.AddDate(0, -1, 0), au, nil
	case from == "" || to == "":
		return du, au, depot.Scalaire("Il manque une date from ou to")
	}
	du, errDu := time.Parse(jourISO, from)
	au, errAu := time.Parse(jourISO, to)
	switch {
	case errDu != nil || errAu != nil || du.Year() < 1:
		return du, au, depot.Scalaire("Les dates ne sont pas valides")
	case du.After(au):
		return du, au, depot.Scalaire("La date from est plus vielle que la date to")
	case au.Sub(du) > maxJours*24*time.Hour:
		return du, au, depot.Scalaire("Les dates ne sont pas valides")
	}
	return du, au, nil
}

// JourPremieres is a day of the first publications.
type JourPremieres struct {
	Date           string `json:"date" validate:"required" example:"2026-04-15"`
	TotalCreations int    `json:"totalCreations" validate:"required"`
	ViaMesAdresses int    `json:"viaMesAdresses" validate:"required"`
	ViaMoissonneur int    `json:"viaMoissonneur" validate:"required"`
} // @name JourPremieres

// premieresPublications gives the communes ever published, day after day.
//
//	@Summary		Premières publications
//	@Description	Pour chaque jour de la période, le nombre cumulé de communes publiées au moins une fois. Sans période : le dernier mois.
//	@Tags			statistiques
//	@Param			from	query	string			false	"Premier jour"	format(date)
//	@Param			to		query	string			false	"Dernier jour"	format(date)
//	@Success		200		{array}	JourPremieres	"Jours"
//	@Failure		400,403,429,500,503	{object}	Erreur	"Refus"
//	@Security		AdminAuth
//	@Router			/stats/firsts-publications [get]
func (r *API) premieresPublications(c echo.Context) error {
	if _, err := r.admin(c); err != nil {
		return err
	}
	du, au, err := r.periode(c)
	if err != nil {
		return err
	}
	jours, err := r.Service.PremieresPublications(c.Request().Context(), du, au)
	if err != nil {
		return err
	}
	out := make([]JourPremieres, 0, len(jours))
	for _, j := range jours {
		out = append(out, JourPremieres{j.Jour.Format(jourISO), j.Total, j.ViaMesAdresses, j.ViaMoissonneur})
	}
	return repondre(c, http.StatusOK, out)
}

// JourPublications are the publications of a day, by commune.
type JourPublications struct {
	Date         string                        `json:"date" validate:"required" example:"2026-04-15"`
	PublishedBAL map[string]NombrePublications `json:"publishedBAL" validate:"required"`
} // @name JourPublications

// NombrePublications counts the publications of a commune on a day.
type NombrePublications struct {
	Total          int `json:"total" validate:"required"`
	ViaMesAdresses int `json:"viaMesAdresses" validate:"required"`
	ViaMoissonneur int `json:"viaMoissonneur" validate:"required"`
} // @name NombrePublications

// publications counts publications by day and commune.
//
//	@Summary		Publications par jour
//	@Description	Pour chaque jour de la période avec au moins une publication, leur nombre par commune. Sans période : le dernier mois.
//	@Tags			statistiques
//	@Param			from	query	string				false	"Premier jour"	format(date)
//	@Param			to		query	string				false	"Dernier jour"	format(date)
//	@Success		200		{array}	JourPublications	"Jours"
//	@Failure		400,403,429,500,503	{object}	Erreur	"Refus"
//	@Security		AdminAuth
//	@Router			/stats/publications [get]
func (r *API) publications(c echo.Context) error {
	if _, err := r.admin(c); err != nil {
		return err
	}
	du, au, err := r.periode(c)
	if err != nil {
		return err
	}
	lignes, err := r.Service.Publications(c.Request().Context(), du, au)
	if err != nil {
		return err
	}
	out := []JourPublications{}
	for _, l := range lignes {
		jour := l.Jour.Format(jourISO)
		if len(out) == 0 || out[len(out)-1].Date != jour {
			out = append(out, JourPublications{jour, map[string]NombrePublications{}})
		}
		out[len(out)-1].PublishedBAL[l.CodeCommune] = NombrePublications{l.Total, l.ViaMesAdresses, l.ViaMoissonneur}
	}
	return repondre(c, http.StatusOK, out)
}

// MesuresUsage are the usage metrics.
type MesuresUsage struct {
	Count   int             `json:"count" validate:"required"`
	Results []MesureCommune `json:"results" validate:"required"`
} // @name MesuresUsage

// MesureCommune is the usage of one commune.
type MesureCommune struct {
	Insee   string       `json:"insee" validate:"required" example:"87085"`
	Metrics MesureUsages `json:"metrics" validate:"required"`
} // @name MesureCommune

// MesureUsages tells how recent the last publication is.
type MesureUsages struct {
	TU  int `json:"tu" validate:"required" enums:"1"`
	YAU int `json:"yau" validate:"required" enums:"0,1"` // within a year
	MAU int `json:"mau" validate:"required" enums:"0,1"` // within a month
	WAU int `json:"wau" validate:"required" enums:"0,1"` // within a week
} // @name MesureUsages

// mesures gives the usage metrics.
//
//	@Summary		Mesures d’usage
//	@Description	Les communes publiées au moins une fois, et la fraîcheur de leur dernière publication.
//	@Tags			statistiques
//	@Param			limit	query		int				false	"Taille de la page"			minimum(1)	maximum(1000)
//	@Param			offset	query		int				false	"Rang de la première ligne"	minimum(0)
//	@Success		200		{object}	MesuresUsage	"Mesures"
//	@Failure		400,429,500,503	{object}	Erreur	"Refus"
//	@Router			/stats/metrics-incubateur [get]
func (r *API) mesures(c echo.Context) error {
	f, err := fenetre(c)
	if err != nil {
		return err
	}
	lignes, total, err := r.Service.DernieresPublications(c.Request().Context(), f)
	if err != nil {
		return err
	}
	le := r.Service.Maintenant()
	depuis := func(t, limite time.Time) int {
		if t.Before(limite) {
			return 0
		}
		return 1
	}
	out := MesuresUsage{Count: total, Results: make([]MesureCommune, 0, len(lignes))}
	for _, l := range lignes {
		out.Results = append(out.Results, MesureCommune{l.CodeCommune, MesureUsages{
			1, depuis(l.PublieLe, le.AddDate(-1, 0, 0)), depuis(l.PublieLe, le.AddDate(0, -1, 0)), depuis(l.PublieLe, le.AddDate(0, 0, -7)),
		}})
	}
	return repondreLu(c, out)
}

// EtatService is the answer of the health route.
type EtatService struct {
	Status           string `json:"status" validate:"required" enums:"ok"`
	CogMillesime     string `json:"cogMillesime" validate:"required" example:"2026"`
	CogSource        string `json:"cogSource" validate:"required"`
	ValidatorVersion string `json:"validatorVersion" validate:"required" example:"3.5.2"`
	Demo             bool   `json:"demo" validate:"required"`
} // @name EtatService

// sante tells which data the service works with.
//
//	@Summary		État du service
//	@Description	Le millésime du code officiel géographique, la version des règles de validation, et si le service est en démonstration.
//	@Tags			outils
//	@Success		200	{object}	EtatService	"État"
//	@Failure		429,500	{object}	Erreur	"Refus"
//	@Router			/health [get]
func (r *API) sante(c echo.Context) error {
	s := r.Service.Sante()
	return repondre(c, http.StatusOK, EtatService{"ok", s.Millesime, s.SourceCog, s.Validateur, s.Demo})
}

// schema answers the OpenAPI document.
//
//	@Summary		Document OpenAPI
//	@Description	Ce document, en JSON, ou en YAML avec « format=yaml ».
//	@Produce		json,application/yaml
//	@Tags			outils
//	@Param			format	query		string	false	"Forme"	Enums(json, yaml)
//	@Success		200		{object}	object	"Document"
//	@Failure		400,429,500	{object}	Erreur	"Refus"
//	@Router			/api-json [get]
func (r *API) schema(c echo.Context) error { return r.Document.Schema(c) }

// page answers the interactive documentation.
//
//	@Summary		Documentation interactive
//	@Description	La page de documentation.
//	@Tags			outils
//	@Produce		html
//	@Success		200	{string}	string	"Page"
//	@Failure		429,500	{object}	Erreur	"Refus"
//	@Router			/api [get]
func (r *API) page(c echo.Context) error { return r.Document.Page(c) }

// fichierPage answers a file of the page.
//
//	@Summary		Fichier de la documentation
//	@Description	Un fichier de la page de documentation.
//	@Tags			outils
//	@Produce		text/javascript,text/css
//	@Param			fichier	path		string	true	"Nom du fichier"
//	@Success		200		{string}	string	"Fichier"
//	@Failure		404,429,500	{object}	Erreur	"Refus"
//	@Router			/api/{fichier} [get]
func (r *API) fichierPage(c echo.Context) error { return r.Document.File(c) }

// AdapterDocument gives a document the path under which the API is mounted.
func AdapterDocument(document []byte, base string) []byte {
	return bytes.ReplaceAll(document, []byte("/api-depot"), []byte(base))
}
