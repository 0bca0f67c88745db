package depotapi

import (
	"context"
	"net/http"

	"apilos/api/depot"

	"github.com/labstack/echo/v4"
)

// SaisieMandataire is the body of the routes of mandataires.
type SaisieMandataire struct {
	Nom   string `json:"nom,omitempty" maxLength:"255" example:"Éditeur SARL"`
	Email string `json:"email,omitempty" example:"contact@example.org"`
} // @name SaisieMandataire

// courrielsVisibles tells whether the caller may read e-mail addresses (07 section 6.3).
func (r *API) courrielsVisibles(c echo.Context) bool { return r.EmailsPublics || r.estAdmin(c) }

// mandataires lists mandataires.
//
//	@Summary		Lister les mandataires
//	@Description	Les organisations qui exploitent les clients. Leur courriel n’est montré qu’aux administrateurs.
//	@Tags			clients
//	@Param			limit	query	int				false	"Taille de la page"			minimum(1)	maximum(1000)
//	@Param			offset	query	int				false	"Rang de la première ligne"	minimum(0)
//	@Success		200		{array}	MandataireVue	"Mandataires"
//	@Failure		400,429,500,503	{object}	Erreur	"Refus"
//	@Router			/mandataires [get]
func (r *API) mandataires(c echo.Context) error {
	f, err := fenetre(c)
	if err != nil {
		return err
	}
	e, err := r.Service.EtatMandataires(c.Request().Context())
	if err != nil {
		return err
	}
	courriels := r.courrielsVisibles(c)
	return envoyer(c, selonLecteur(c, e, courriels), f, func(ctx context.Context, fn func(MandataireVue) error) error {
		return r.Service.ParcourirMandataires(ctx, f, func(m depot.Mandataire) error { return fn(vueMandataire(&m, courriels)) })
	})
}

// creerMandataire adds a mandataire.
//
//	@Summary		Créer un mandataire
//	@Description	« nom » et « email » sont obligatoires.
//	@Tags			clients
//	@Param			corps	body		SaisieMandataire	true	"Mandataire"
//	@Success		200		{object}	MandataireVue		"Mandataire"
//	@Failure		400,403,413,429,500,503	{object}	Erreur	"Refus"
//	@Security		AdminAuth
//	@Router			/mandataires [post]
func (r *API) creerMandataire(c echo.Context) error {
	a, err := r.admin(c)
	if err != nil {
		return err
	}
	b, err := lireCorps(c)
	if err != nil {
		return err
	}
	in := depot.SaisieMandataire{Nom: b.texte("nom", regleTexte{requis: true, max: 255}), Email: b.email("email", true)}
	if err := b.erreur(); err != nil {
		return err
	}
	m, err := r.Service.CreerMandataire(c.Request().Context(), a, in)
	if err != nil {
		return err
	}
	return repondre(c, http.StatusOK, vueMandataire(m, true))
}

// lireMandataire reads a mandataire.
//
//	@Summary		Lire un mandataire
//	@Description	Le mandataire ; son courriel n’est montré qu’aux administrateurs.
//	@Tags			clients
//	@Param			mandataireId	path		string			true	"Identifiant du mandataire"
//	@Success		200				{object}	MandataireVue	"Mandataire"
//	@Failure		400,404,429,500,503	{object}	Erreur	"Refus"
//	@Router			/mandataires/{mandataireId} [get]
func (r *API) lireMandataire(c echo.Context) error {
	m, err := r.Service.LireMandataire(c.Request().Context(), parametre(c, "mandataireId"))
	if err != nil {
		return err
	}
	return repondreLu(c, vueMandataire(m, r.courrielsVisibles(c)))
}

// modifierMandataire changes a mandataire.
//
//	@Summary		Modifier un mandataire
//	@Description	Seuls les champs donnés changent.
//	@Tags			clients
//	@Param			mandataireId	path		string				true	"Identifiant du mandataire"
//	@Param			corps			body		SaisieMandataire	true	"Champs à modifier"
//	@Success		200				{object}	MandataireVue		"Mandataire"
//	@Failure		400,403,404,413,429,500,503	{object}	Erreur	"Refus"
//	@Security		AdminAuth
//	@Router			/mandataires/{mandataireId} [put]
func (r *API) modifierMandataire(c echo.Context) error {
	ctx, id := c.Request().Context(), parametre(c, "mandataireId")
	if _, err := r.Service.LireMandataire(ctx, id); err != nil {
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
	in := depot.SaisieMandataire{Nom: b.nonVide("nom", 255), Email: b.email("email", false)}
	if err := b.erreur(); err != nil {
		return err
	}
	m, err := r.Service.ModifierMandataire(ctx, a, id, in)
	if err != nil {
		return err
	}
	return repondre(c, http.StatusOK, vueMandataire(m, true))
}
