package depotapi

import (
	"net/http"
	"strconv"
	"strings"

	"apilos/api/depot"

	"github.com/labstack/echo/v4"
)

// CommuneVue is a commune of the geographic code.
type CommuneVue struct {
	Code        string   `json:"code" validate:"required" example:"87085"`
	Nom         string   `json:"nom" validate:"required" example:"Limoges"`
	Departement string   `json:"departement" validate:"required" example:"87"`
	Region      string   `json:"region" validate:"required" example:"75"`
	EPCI        *EPCIVue `json:"epci" extensions:"x-nullable"`
} // @name Commune

// EPCIVue is the group of a commune.
type EPCIVue struct {
	Siren string `json:"siren" validate:"required" example:"248719312"`
	Nom   string `json:"nom" validate:"required"`
} // @name EPCI

func vueCommune(t depot.Territoire) CommuneVue {
	v := CommuneVue{Code: t.Code, Nom: t.Nom, Departement: t.Departement, Region: t.Region}
	if t.EPCI != "" {
		v.EPCI = &EPCIVue{t.EPCI, t.NomEPCI}
	}
	return v
}

// maxTerritoires is the greatest number of territories of an answer.
const maxTerritoires = 100

func limiteTerritoires(c echo.Context) int {
	n, err := strconv.Atoi(c.QueryParam("limit"))
	if err != nil || n < 1 {
		return 10
	}
	return min(n, maxTerritoires)
}

// communes finds communes.
//
//	@Summary		Chercher une commune
//	@Description	Les communes actuelles dont le nom contient le texte, ou dont le code commence par lui ; accents et majuscules sont ignorés.
//	@Tags			outils
//	@Param			q			query	string		false	"Partie du nom, ou début du code"
//	@Param			departement	query	string		false	"Code du département"
//	@Param			limit		query	int			false	"Nombre de réponses"	minimum(1)	maximum(100)	default(10)
//	@Success		200			{array}	CommuneVue	"Communes"
//	@Failure		429,500,503	{object}	Erreur	"Refus"
//	@Router			/communes [get]
func (r *API) communes(c echo.Context) error {
	trouvees, err := r.Service.Territoires(c.Request().Context(), depot.FiltreTerritoires{
		Texte: c.QueryParam("q"), Departement: c.QueryParam("departement"), Limite: limiteTerritoires(c),
	})
	if err != nil {
		return err
	}
	out := make([]CommuneVue, 0, len(trouvees))
	for _, t := range trouvees {
		out = append(out, vueCommune(t))
	}
	return repondreLu(c, out)
}

// lireCommune describes a commune.
//
//	@Summary		Lire une commune
//	@Description	La commune du code officiel géographique.
//	@Tags			outils
//	@Param			codeCommune	path		string		true	"Code INSEE"	example(87085)
//	@Success		200			{object}	CommuneVue	"Commune"
//	@Failure		404,429,500	{object}	Erreur	"Refus"
//	@Router			/communes/{codeCommune} [get]
func (r *API) lireCommune(c echo.Context) error {
	t, err := r.Service.Commune(parametre(c, "codeCommune"))
	if err != nil {
		return err
	}
	return repondreLu(c, vueCommune(t))
}

// TerritoireVue is a commune, a département or an EPCI.
type TerritoireVue struct {
	Type string `json:"type" validate:"required" enums:"commune,departement,epci"`
	Code string `json:"code" validate:"required" example:"87"`
	Nom  string `json:"nom" validate:"required" example:"Haute-Vienne"`
} // @name Territoire

// territoires finds territories, for perimetres.
//
//	@Summary		Chercher un territoire
//	@Description	Les communes, départements ou EPCI dont le nom contient le texte, ou ceux dont les codes sont donnés.
//	@Tags			outils
//	@Param			type	query	string			false	"Sorte de territoire"	Enums(commune, departement, epci)	default(commune)
//	@Param			q		query	string			false	"Partie du nom, ou début du code"
//	@Param			codes	query	string			false	"Codes séparés par des virgules"
//	@Param			limit	query	int				false	"Nombre de réponses"	minimum(1)	maximum(100)	default(10)
//	@Success		200		{array}	TerritoireVue	"Territoires"
//	@Failure		429,500,503	{object}	Erreur	"Refus"
//	@Router			/territoires [get]
func (r *API) territoires(c echo.Context) error {
	f := depot.FiltreTerritoires{Type: c.QueryParam("type"), Texte: c.QueryParam("q"), Limite: limiteTerritoires(c)}
	if codes := c.QueryParam("codes"); codes != "" {
		f.Codes = strings.Split(codes, ",")
	}
	trouves, err := r.Service.Territoires(c.Request().Context(), f)
	if err != nil {
		return err
	}
	out := make([]TerritoireVue, 0, len(trouves))
	for _, t := range trouves {
		out = append(out, TerritoireVue{t.Type, t.Code, t.Nom})
	}
	return repondreLu(c, out)
}

// MoiVue is the client who calls, with the names around it.
type MoiVue struct {
	ClientVue
	Mandataire string  `json:"mandataire" validate:"required"`
	ChefDeFile *string `json:"chefDeFile" extensions:"x-nullable"`
} // @name Moi

// moi tells whose token it is.
//
//	@Summary		Lire le client du jeton
//	@Description	Le client auquel appartient le jeton de la requête.
//	@Tags			clients
//	@Success		200	{object}	MoiVue	"Client"
//	@Failure		401,403,429,500,503	{object}	Erreur	"Refus"
//	@Security		ClientAuth
//	@Router			/me [get]
func (r *API) moi(c echo.Context) error {
	a, err := r.client(c)
	if err != nil {
		return err
	}
	return repondre(c, http.StatusOK, MoiVue{vueClient(a.Client, false), a.Client.MandataireNom, a.Client.ChefNom})
}

// mesHabilitations lists the habilitations of the client who calls.
//
//	@Summary		Lister vos habilitations pour une commune
//	@Description	Les habilitations demandées par votre client pour cette commune, de la plus récente à la plus ancienne.
//	@Tags			habilitations
//	@Param			codeCommune	path	string			true	"Code INSEE"	example(87085)
//	@Success		200			{array}	HabilitationVue	"Habilitations"
//	@Failure		401,403,404,429,500,503	{object}	Erreur	"Refus"
//	@Security		ClientAuth
//	@Router			/communes/{codeCommune}/habilitations [get]
func (r *API) mesHabilitations(c echo.Context) error {
	code := parametre(c, "codeCommune")
	if err := r.Service.CommuneHabilitable(code); err != nil {
		return err
	}
	a, err := r.client(c)
	if err != nil {
		return err
	}
	liste, err := r.Service.HabilitationsDuClient(c.Request().Context(), a, code)
	if err != nil {
		return err
	}
	out := make([]HabilitationVue, 0, len(liste))
	for n := range liste {
		out = append(out, vueHabilitation(&liste[n]))
	}
	return repondre(c, http.StatusOK, out)
}
