package web

import (
	"context"
	"net/http"
	"net/url"

	"apilos/api/auth"
	"apilos/api/compte"
	"apilos/api/echange"
	"apilos/api/httpapi"
	"apilos/api/siap"

	"github.com/labstack/echo/v4"
)

// CompteurIndicateurs counts the conventions of a caller by statut (05 A.5).
type CompteurIndicateurs interface {
	Indicateurs(ctx context.Context, a compte.AppelantSIAP) ([]echange.Indicateur, error)
}

// Statistiques serves the figures of the caller's own perimeter.
type Statistiques struct{ Service CompteurIndicateurs }

// Routes implements httpapi.Resource.
func (r Statistiques) Routes() []httpapi.Route {
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/statistiques/kpi", Access: httpapi.Requires(auth.ViewConvention), Handler: r.kpi},
	}
}

// Indicateur is a number of the dashboard and the list behind it.
type Indicateur struct {
	RedirectionURL string   `json:"indicateur_redirection_url" validate:"required" example:"/conventions?statut=INSTRUCTION"`
	Valeur         int      `json:"indicateur_valeur" validate:"required" example:"2"`
	Label          string   `json:"indicateur_label" validate:"required" example:"en instruction"`
	Statuts        []string `json:"statuts" validate:"required"`
} // @name Indicateur

// kpi counts the conventions to follow.
//
//	@Summary		Lire vos indicateurs
//	@Description	Le nombre de conventions de votre périmètre par état, avenants exclus, avec l’adresse de la liste correspondante dans l’application. Les indicateurs et leur ordre dépendent de votre profil ; un nombre nul est donné.
//	@Tags			conventions
//	@Produce		json
//	@Success		200	{array}		Indicateur	"Indicateurs, dans l’ordre d’affichage"
//	@Failure		400,401,403,429,500	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/statistiques/kpi [get]
func (r Statistiques) kpi(c echo.Context) error {
	if _, err := httpapi.Query(c); err != nil {
		return err
	}
	p := httpapi.Principal(c)
	liste, err := r.Service.Indicateurs(c.Request().Context(), compte.AppelantSIAP{Principal: p, ClasseKPI: classeKPI(p)})
	if err != nil {
		return err
	}
	out := make([]Indicateur, 0, len(liste))
	for _, i := range liste {
		v, q := Indicateur{Valeur: i.Valeur, Label: i.Libelle, Statuts: []string{}}, url.Values{}
		for _, s := range i.Statuts {
			v.Statuts = append(v.Statuts, string(s))
			q.Add("statut", string(s))
		}
		v.RedirectionURL = "/conventions?" + q.Encode()
		out = append(out, v)
	}
	return c.JSON(http.StatusOK, out)
}

// classeKPI follows the profil of the habilitation; without one (local account, staff, API client), the role.
func classeKPI(p auth.Principal) siap.ClasseKPI {
	if p.Profil != "" {
		return siap.Profil(p.Profil).ClasseKPI()
	}
	switch p.Typologie {
	case auth.Bailleur:
		return siap.KPIBailleur
	case auth.Instructeur:
		return siap.KPIInstructeur
	}
	return siap.KPIAdministration
}
