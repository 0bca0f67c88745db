package siapapi

import (
	"net/http"
	"strings"

	"apilos/api/compte"
	"apilos/api/echange"

	"github.com/labstack/echo/v4"
)

// Indicateur is a number of the dashboard of SIAP (05 A.5).
type Indicateur struct {
	RedirectionURL string `json:"indicateur_redirection_url" validate:"required" example:"/conventions/recherche?cstatut=2. Instruction requise"`
	Valeur         int    `json:"indicateur_valeur" validate:"required" example:"2"`
	Label          string `json:"indicateur_label" validate:"required" example:"en instruction"`
} // @name ConventionKPI

// pageRecherche is followed by labels of statuts joined by commas, not percent-encoded: SIAP expects them so.
const pageRecherche = "/conventions/recherche?cstatut="

// indicateurs counts the conventions of the habilitation.
//
//	@Summary		Indicateurs de l’habilitation
//	@Description	Le nombre de conventions visibles avec l’habilitation, par état, avenants exclus, et l’adresse de la recherche correspondante. La liste dépend du profil ; elle est vide pour un partenaire.
//	@Tags			statistics
//	@Success		200	{array}		Indicateur	"Indicateurs, dans l’ordre d’affichage"
//	@Failure		401,403,405,422,429,500,502,503	{object}	Erreur	"Refus"
//	@Security		jwtAuth
//	@Router			/convention_kpi/ [get]
func (r *API) indicateurs(c echo.Context, a compte.AppelantSIAP) error {
	liste, err := r.Service.Indicateurs(c.Request().Context(), a)
	if err != nil {
		return err
	}
	out := make([]Indicateur, 0, len(liste))
	for _, i := range liste {
		out = append(out, Indicateur{RedirectionURL: adresseRecherche(i), Valeur: i.Valeur, Label: i.Libelle})
	}
	return repondre(c, http.StatusOK, out)
}

func adresseRecherche(i echange.Indicateur) string {
	statuts := make([]string, 0, len(i.Statuts))
	for _, s := range i.Statuts {
		statuts = append(statuts, s.Stocke())
	}
	return pageRecherche + strings.Join(statuts, ",")
}
