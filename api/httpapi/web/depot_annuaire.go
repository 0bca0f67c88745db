package web

import (
	"context"
	"net/http"
	"time"

	"apilos/api/depot"
	"apilos/api/httpapi"

	"github.com/labstack/echo/v4"
)

// MandataireDepot is an organisation that operates clients.
type MandataireDepot struct {
	ID     string    `json:"id" validate:"required"`
	Nom    string    `json:"nom" validate:"required"`
	Email  string    `json:"email" validate:"required"`
	CreeLe time.Time `json:"cree_le" validate:"required"`
} // @name MandataireDepot

func vueMandataireDepot(m *depot.Mandataire) MandataireDepot {
	return MandataireDepot{m.ID, m.Nom, m.Email, m.CreeLe.UTC()}
}

// PageMandatairesDepot is a page of mandataires.
type PageMandatairesDepot struct {
	Resultats []MandataireDepot `json:"resultats" validate:"required"`
	Page      int               `json:"page" validate:"required" minimum:"1"`
	ParPage   int               `json:"par_page" validate:"required" minimum:"1" maximum:"100"`
	Total     int               `json:"total" validate:"required" minimum:"0"`
} // @name PageMandatairesDepot

// SaisieMandataireDepot is what may be written of a mandataire.
type SaisieMandataireDepot struct {
	Nom   *string `json:"nom,omitempty" maxLength:"255"`
	Email *string `json:"email,omitempty" maxLength:"254"`
} // @name SaisieMandataireDepot

func (r Depots) saisirMandataire(c echo.Context, creation bool) (depot.Acteur, depot.SaisieMandataire, error) {
	a, err := r.acteur(c)
	if err != nil {
		return a, depot.SaisieMandataire{}, err
	}
	var in SaisieMandataireDepot
	if err := httpapi.BindJSON(c, &in); err != nil {
		return a, depot.SaisieMandataire{}, err
	}
	var s saisie
	s.exiger(!creation && in.Nom == nil || in.Nom != nil && texteCourt(*in.Nom, 1, 255), "nom", "Le nom du mandataire compte 1 à 255 caractères.")
	s.exiger(!creation && in.Email == nil || in.Email != nil && courrielValide(*in.Email), "email", "Donnez l’adresse électronique du mandataire.")
	return a, depot.SaisieMandataire{Nom: in.Nom, Email: in.Email}, s.erreur()
}

// mandataires lists mandataires.
//
//	@Summary		Lister les mandataires du dépôt
//	@Description	Les organisations qui exploitent les clients, par nom.
//	@Tags			depot
//	@Param			q			query		string					false	"Partie du nom ou du courriel"	maxLength(1000)
//	@Param			page		query		int						false	"Page"				minimum(1)	default(1)
//	@Param			par_page	query		int						false	"Lignes par page"	minimum(1)	maximum(100)	default(20)
//	@Success		200			{object}	PageMandatairesDepot	"Page de mandataires"
//	@Failure		400,401,403,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/depot/mandataires [get]
func (r Depots) mandataires(c echo.Context) error {
	return listeDepot(c, r, r.Service.ListeMandataires, vueMandataireDepot)
}

// lireMandataire reads a mandataire.
//
//	@Summary		Lire un mandataire du dépôt
//	@Description	Le mandataire et son courriel.
//	@Tags			depot
//	@Param			id	path		string			true	"Identifiant du mandataire"
//	@Success		200	{object}	MandataireDepot	"Mandataire"
//	@Failure		400,401,403,404,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/depot/mandataires/{id} [get]
func (r Depots) lireMandataire(c echo.Context) error {
	if _, err := httpapi.Query(c); err != nil {
		return err
	}
	if _, err := r.acteur(c); err != nil {
		return err
	}
	m, err := r.Service.LireMandataire(c.Request().Context(), httpapi.PathParam(c, "id"))
	if err != nil {
		return enFrancais(err, "Ce mandataire")
	}
	return c.JSON(http.StatusOK, vueMandataireDepot(m))
}

// creerMandataire adds a mandataire.
//
//	@Summary		Créer un mandataire du dépôt
//	@Description	« nom » et « email » sont obligatoires.
//	@Tags			depot
//	@Param			corps	body		SaisieMandataireDepot	true	"Mandataire"
//	@Success		201		{object}	MandataireDepot			"Mandataire"
//	@Failure		400,401,403,409,413,415,422,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/depot/mandataires [post]
func (r Depots) creerMandataire(c echo.Context) error {
	a, in, err := r.saisirMandataire(c, true)
	if err != nil {
		return err
	}
	m, err := r.Service.CreerMandataire(c.Request().Context(), a, in)
	if err != nil {
		return err
	}
	return httpapi.Created(c, "/api/v1/depot/mandataires/"+m.ID, vueMandataireDepot(m))
}

// modifierMandataire changes a mandataire.
//
//	@Summary		Modifier un mandataire du dépôt
//	@Description	Seuls les champs donnés changent.
//	@Tags			depot
//	@Param			id		path		string					true	"Identifiant du mandataire"
//	@Param			corps	body		SaisieMandataireDepot	true	"Champs à modifier"
//	@Success		200		{object}	MandataireDepot			"Mandataire"
//	@Failure		400,401,403,404,413,415,422,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/depot/mandataires/{id} [put]
func (r Depots) modifierMandataire(c echo.Context) error {
	a, in, err := r.saisirMandataire(c, false)
	if err != nil {
		return err
	}
	m, err := r.Service.ModifierMandataire(c.Request().Context(), a, httpapi.PathParam(c, "id"), in)
	if err != nil {
		return enFrancais(err, "Ce mandataire")
	}
	return c.JSON(http.StatusOK, vueMandataireDepot(m))
}

// ChefDepot is a chef de file with its perimetres.
type ChefDepot struct {
	ID               string           `json:"id" validate:"required"`
	Nom              string           `json:"nom" validate:"required"`
	Email            string           `json:"email" validate:"required"`
	EmailPublic      bool             `json:"email_public" validate:"required"`
	SignataireCharte bool             `json:"signataire_charte" validate:"required"`
	Perimetres       []PerimetreDepot `json:"perimetres" validate:"required"`
	CreeLe           time.Time        `json:"cree_le" validate:"required"`
} // @name ChefDepot

// PerimetreDepot is a perimetre with its name, null for a code that nobody knows.
type PerimetreDepot struct {
	Type string  `json:"type" validate:"required" enums:"commune,departement,epci"`
	Code string  `json:"code" validate:"required"`
	Nom  *string `json:"nom" extensions:"x-nullable"`
} // @name PerimetreDepot

// PageChefsDepot is a page of chefs de file.
type PageChefsDepot struct {
	Resultats []ChefDepot `json:"resultats" validate:"required"`
	Page      int         `json:"page" validate:"required" minimum:"1"`
	ParPage   int         `json:"par_page" validate:"required" minimum:"1" maximum:"100"`
	Total     int         `json:"total" validate:"required" minimum:"0"`
} // @name PageChefsDepot

// SaisieChefDepot is what may be written of a chef de file; perimetres replaces the list.
type SaisieChefDepot struct {
	Nom              *string                 `json:"nom,omitempty" maxLength:"200"`
	Email            *string                 `json:"email,omitempty" maxLength:"254"`
	EmailPublic      *bool                   `json:"email_public,omitempty"`
	SignataireCharte *bool                   `json:"signataire_charte,omitempty"`
	Perimetres       *[]SaisiePerimetreDepot `json:"perimetres,omitempty"`
} // @name SaisieChefDepot

// SaisiePerimetreDepot is a perimetre to write.
type SaisiePerimetreDepot struct {
	Type string `json:"type" validate:"required" enums:"commune,departement,epci"`
	Code string `json:"code" validate:"required" maxLength:"20"`
} // @name SaisiePerimetreDepot

// vueChef names the perimetres: one search by type.
func (r Depots) vueChef(ctx context.Context, c *depot.ChefDetail) (ChefDepot, error) {
	v := ChefDepot{
		ID: c.ID, Nom: c.Nom, Email: c.Email, EmailPublic: c.EmailPublic, SignataireCharte: c.SignataireCharte, CreeLe: c.CreeLe.UTC(),
		Perimetres: make([]PerimetreDepot, 0, len(c.Perimetres)),
	}
	codes := map[string][]string{}
	for _, p := range c.Perimetres {
		codes[p.Type] = append(codes[p.Type], p.Code)
	}
	noms := map[string]string{}
	for typ, liste := range codes {
		trouves, err := r.Service.Territoires(ctx, depot.FiltreTerritoires{Type: typ, Codes: liste})
		if err != nil {
			return v, err
		}
		for _, t := range trouves {
			noms[typ+t.Code] = t.Nom
		}
	}
	for _, p := range c.Perimetres {
		vue := PerimetreDepot{Type: p.Type, Code: p.Code}
		if nom, ok := noms[p.Type+p.Code]; ok {
			vue.Nom = &nom
		}
		v.Perimetres = append(v.Perimetres, vue)
	}
	return v, nil
}

func (r Depots) saisirChef(c echo.Context, creation bool) (depot.Acteur, depot.SaisieChef, error) {
	a, err := r.acteur(c)
	if err != nil {
		return a, depot.SaisieChef{}, err
	}
	var in SaisieChefDepot
	if err := httpapi.BindJSON(c, &in); err != nil {
		return a, depot.SaisieChef{}, err
	}
	var s saisie
	s.exiger(!creation && in.Nom == nil || in.Nom != nil && texteCourt(*in.Nom, 3, 200), "nom", "Le nom du chef de file compte 3 à 200 caractères.")
	s.exiger(!creation && in.Email == nil || in.Email != nil && courrielValide(*in.Email), "email", "Donnez l’adresse électronique du chef de file.")
	out := depot.SaisieChef{Nom: in.Nom, Email: in.Email, EmailPublic: in.EmailPublic, SignataireCharte: in.SignataireCharte}
	if in.Perimetres != nil {
		ps := make([]depot.SaisiePerimetre, 0, len(*in.Perimetres))
		for _, p := range *in.Perimetres {
			s.exiger(p.Type == depot.PerimetreCommune || p.Type == depot.PerimetreDepartement || p.Type == depot.PerimetreEPCI, "perimetres",
				"Un périmètre est une commune, un département ou un EPCI.")
			s.exiger(texteCourt(p.Code, 1, 20), "perimetres", "Le code d’un périmètre compte 1 à 20 caractères.")
			ps = append(ps, depot.SaisiePerimetre(p))
		}
		out.Perimetres = &ps
	}
	return a, out, s.erreur()
}

// chefs lists chefs de file.
//
//	@Summary		Lister les chefs de file du dépôt
//	@Description	Les organisations à compétence géographique, par nom, et leurs périmètres.
//	@Tags			depot
//	@Param			q			query		string			false	"Partie du nom ou du courriel"	maxLength(1000)
//	@Param			page		query		int				false	"Page"				minimum(1)	default(1)
//	@Param			par_page	query		int				false	"Lignes par page"	minimum(1)	maximum(100)	default(20)
//	@Success		200			{object}	PageChefsDepot	"Page de chefs de file"
//	@Failure		400,401,403,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/depot/chefs-de-file [get]
func (r Depots) chefs(c echo.Context) error {
	lister := func(ctx context.Context, a depot.Acteur, texte string, f depot.Fenetre) ([]ChefDepot, int, error) {
		chefs, total, err := r.Service.ListeChefs(ctx, a, texte, f)
		out := make([]ChefDepot, len(chefs))
		for n := 0; n < len(chefs) && err == nil; n++ {
			out[n], err = r.vueChef(ctx, &chefs[n])
		}
		return out, total, err
	}
	return listeDepot(c, r, lister, func(v *ChefDepot) ChefDepot { return *v })
}

// lireChef reads a chef de file.
//
//	@Summary		Lire un chef de file du dépôt
//	@Description	Le chef de file et ses périmètres.
//	@Tags			depot
//	@Param			id	path		string		true	"Identifiant du chef de file"
//	@Success		200	{object}	ChefDepot	"Chef de file"
//	@Failure		400,401,403,404,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/depot/chefs-de-file/{id} [get]
func (r Depots) lireChef(c echo.Context) error {
	if _, err := httpapi.Query(c); err != nil {
		return err
	}
	if _, err := r.acteur(c); err != nil {
		return err
	}
	d, err := r.Service.LireChef(c.Request().Context(), httpapi.PathParam(c, "id"))
	return r.repondreChef(c, http.StatusOK, d, err)
}

func (r Depots) repondreChef(c echo.Context, statut int, d *depot.ChefDetail, err error) error {
	if err != nil {
		return enFrancais(err, "Ce chef de file")
	}
	v, err := r.vueChef(c.Request().Context(), d)
	if err != nil {
		return err
	}
	return c.JSON(statut, v)
}

// creerChef adds a chef de file.
//
//	@Summary		Créer un chef de file du dépôt
//	@Description	« nom » et « email » sont obligatoires.
//	@Tags			depot
//	@Param			corps	body		SaisieChefDepot	true	"Chef de file"
//	@Success		201		{object}	ChefDepot		"Chef de file"
//	@Failure		400,401,403,409,413,415,422,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/depot/chefs-de-file [post]
func (r Depots) creerChef(c echo.Context) error {
	a, in, err := r.saisirChef(c, true)
	if err != nil {
		return err
	}
	d, err := r.Service.CreerChef(c.Request().Context(), a, in)
	if err == nil {
		c.Response().Header().Set(echo.HeaderLocation, "/api/v1/depot/chefs-de-file/"+d.ID)
	}
	return r.repondreChef(c, http.StatusCreated, d, err)
}

// modifierChef changes a chef de file.
//
//	@Summary		Modifier un chef de file du dépôt
//	@Description	Seuls les champs donnés changent ; « perimetres » remplace toute la liste.
//	@Tags			depot
//	@Param			id		path		string			true	"Identifiant du chef de file"
//	@Param			corps	body		SaisieChefDepot	true	"Champs à modifier"
//	@Success		200		{object}	ChefDepot		"Chef de file"
//	@Failure		400,401,403,404,413,415,422,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/depot/chefs-de-file/{id} [put]
func (r Depots) modifierChef(c echo.Context) error {
	a, in, err := r.saisirChef(c, false)
	if err != nil {
		return err
	}
	d, err := r.Service.ModifierChef(c.Request().Context(), a, httpapi.PathParam(c, "id"), in)
	return r.repondreChef(c, http.StatusOK, d, err)
}
