package depotapi

import (
	"context"
	"net/http"

	"apilos/api/depot"

	"github.com/labstack/echo/v4"
)

// SaisieChef is the body of the routes of chefs de file.
type SaisieChef struct {
	Nom                string            `json:"nom,omitempty" minLength:"3" maxLength:"200" example:"Département de la Haute-Vienne"`
	Email              string            `json:"email,omitempty" example:"adresse@example.org"`
	IsEmailPublic      bool              `json:"isEmailPublic,omitempty"`
	IsSignataireCharte bool              `json:"isSignataireCharte,omitempty"`
	Perimeters         []SaisiePerimetre `json:"perimeters,omitempty"`
} // @name SaisieChef

func (b *corps) chef(requis bool) depot.SaisieChef {
	in := depot.SaisieChef{
		Email: b.email("email", requis), EmailPublic: b.bool("isEmailPublic", false), SignataireCharte: b.bool("isSignataireCharte", false),
		Perimetres: b.perimetres("perimeters", false),
	}
	if _, donne := b.present("nom"); donne || requis {
		in.Nom = b.texte("nom", regleTexte{requis: true, min: 3, max: 200})
	}
	return in
}

// chefs lists chefs de file.
//
//	@Summary		Lister les chefs de file
//	@Description	Les organisations à compétence géographique et leurs périmètres. Leur courriel n’est montré qu’aux administrateurs, sauf s’il est public.
//	@Tags			clients
//	@Param			limit	query	int		false	"Taille de la page"			minimum(1)	maximum(1000)
//	@Param			offset	query	int		false	"Rang de la première ligne"	minimum(0)
//	@Success		200		{array}	ChefVue	"Chefs de file"
//	@Failure		400,429,500,503	{object}	Erreur	"Refus"
//	@Router			/chefs-de-file [get]
func (r *API) chefs(c echo.Context) error {
	f, err := fenetre(c)
	if err != nil {
		return err
	}
	e, err := r.Service.EtatChefs(c.Request().Context())
	if err != nil {
		return err
	}
	courriels := r.courrielsVisibles(c)
	return envoyer(c, selonLecteur(c, e, courriels), f, func(ctx context.Context, fn func(ChefVue) error) error {
		return r.Service.ParcourirChefs(ctx, f, func(d depot.ChefDetail) error { return fn(vueChef(&d, courriels)) })
	})
}

// creerChef adds a chef de file.
//
//	@Summary		Créer un chef de file
//	@Description	« nom » et « email » sont obligatoires. Un code de territoire inconnu est accepté.
//	@Tags			clients
//	@Param			corps	body		SaisieChef	true	"Chef de file"
//	@Success		200		{object}	ChefVue		"Chef de file"
//	@Failure		400,403,413,429,500,503	{object}	Erreur	"Refus"
//	@Security		AdminAuth
//	@Router			/chefs-de-file [post]
func (r *API) creerChef(c echo.Context) error {
	a, err := r.admin(c)
	if err != nil {
		return err
	}
	b, err := lireCorps(c)
	if err != nil {
		return err
	}
	in := b.chef(true)
	if err := b.erreur(); err != nil {
		return err
	}
	chef, err := r.Service.CreerChef(c.Request().Context(), a, in)
	if err != nil {
		return err
	}
	return repondre(c, http.StatusOK, vueChef(chef, true))
}

// lireChef reads a chef de file.
//
//	@Summary		Lire un chef de file
//	@Description	Le chef de file et ses périmètres.
//	@Tags			clients
//	@Param			chefDeFileId	path		string	true	"Identifiant du chef de file"
//	@Success		200				{object}	ChefVue	"Chef de file"
//	@Failure		400,404,429,500,503	{object}	Erreur	"Refus"
//	@Router			/chefs-de-file/{chefDeFileId} [get]
func (r *API) lireChef(c echo.Context) error {
	chef, err := r.Service.LireChef(c.Request().Context(), parametre(c, "chefDeFileId"))
	if err != nil {
		return err
	}
	return repondreLu(c, vueChef(chef, r.courrielsVisibles(c)))
}

// modifierChef changes a chef de file.
//
//	@Summary		Modifier un chef de file
//	@Description	Seuls les champs donnés changent ; « perimeters » remplace toute la liste.
//	@Tags			clients
//	@Param			chefDeFileId	path		string		true	"Identifiant du chef de file"
//	@Param			corps			body		SaisieChef	true	"Champs à modifier"
//	@Success		200				{object}	ChefVue		"Chef de file"
//	@Failure		400,403,404,413,429,500,503	{object}	Erreur	"Refus"
//	@Security		AdminAuth
//	@Router			/chefs-de-file/{chefDeFileId} [put]
func (r *API) modifierChef(c echo.Context) error {
	ctx, id := c.Request().Context(), parametre(c, "chefDeFileId")
	if _, err := r.Service.LireChef(ctx, id); err != nil {
		return err
	}
	a, err := r.admin(c)
	if err != nil {
		return err
	}
	b, err := lireCorps(c)
	if err != nil {
		return err
	}
	in := b.chef(false)
	if err := b.erreur(); err != nil {
		return err
	}
	chef, err := r.Service.ModifierChef(ctx, a, id, in)
	if err != nil {
		return err
	}
	return repondre(c, http.StatusOK, vueChef(chef, true))
}
