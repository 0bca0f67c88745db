package depotapi

import (
	"context"
	"net/http"
	"time"

	"apilos/api/depot"

	"github.com/labstack/echo/v4"
)

// SaisieClient is the body of the routes of clients.
type SaisieClient struct {
	Nom                   string  `json:"nom,omitempty" maxLength:"255" example:"Mes Adresses"`
	MandataireID          string  `json:"mandataireId,omitempty" example:"66f2c0ffee00000000000003"`
	ChefDeFileID          *string `json:"chefDeFileId,omitempty" extensions:"x-nullable"`
	Email                 *string `json:"email,omitempty" extensions:"x-nullable" example:"support@example.org"`
	IsActive              *bool   `json:"isActive,omitempty" example:"true"`
	AuthorizationStrategy string  `json:"authorizationStrategy,omitempty" enums:"internal,chef-de-file,habilitation"` // PUT only
} // @name SaisieClient

func strategies() []string {
	return []string{depot.StrategieInterne, depot.StrategieChefDeFile, depot.StrategieHabilitation}
}

// clients lists clients.
//
//	@Summary		Lister les clients
//	@Description	Les clients, dans l’ordre de leur création, sans leur jeton.
//	@Tags			clients
//	@Param			limit	query	int			false	"Taille de la page"			minimum(1)	maximum(1000)
//	@Param			offset	query	int			false	"Rang de la première ligne"	minimum(0)
//	@Success		200		{array}	ClientVue	"Clients"
//	@Failure		400,429,500,503	{object}	Erreur	"Refus"
//	@Router			/clients [get]
func (r *API) clients(c echo.Context) error {
	f, err := fenetre(c)
	if err != nil {
		return err
	}
	e, err := r.Service.EtatClients(c.Request().Context())
	if err != nil {
		return err
	}
	admin := r.estAdmin(c)
	return envoyer(c, selonLecteur(c, e, admin), f, func(ctx context.Context, fn func(ClientVue) error) error {
		return r.Service.ParcourirClients(ctx, f, func(d depot.ClientDetail) error { return fn(vueClient(&d, admin)) })
	})
}

// selonLecteur gives an administrator another ETag than others, since they do not read the same list.
func selonLecteur(c echo.Context, e depot.Etat, admin bool) depot.Etat {
	c.Response().Header().Add("Vary", echo.HeaderAuthorization)
	if admin {
		e.Modifie = e.Modifie.Add(time.Microsecond) // the precision of the ETag
	}
	return e
}

// creerClient adds a client.
//
//	@Summary		Créer un client
//	@Description	« nom », « mandataireId » et « isActive » sont obligatoires. Le jeton n’est donné que dans cette réponse et dans le courriel envoyé au mandataire. La stratégie est « chef-de-file » avec un chef de file, « habilitation » sinon.
//	@Tags			clients
//	@Param			corps	body		SaisieClient	true	"Client"
//	@Success		200		{object}	ClientVue		"Client, avec son jeton"
//	@Failure		400,403,404,413,429,500,503	{object}	Erreur	"Refus"
//	@Security		AdminAuth
//	@Router			/clients [post]
func (r *API) creerClient(c echo.Context) error {
	a, err := r.admin(c)
	if err != nil {
		return err
	}
	b, err := lireCorps(c)
	if err != nil {
		return err
	}
	in := depot.SaisieClient{
		Nom: b.texte("nom", regleTexte{requis: true, max: 255}), MandataireID: b.id("mandataireId", true), Actif: b.bool("isActive", true),
		ChefDeFileID: b.option("chefDeFileId", b.id), Email: b.option("email", b.email),
	}
	if err := b.erreur(); err != nil {
		return err
	}
	client, jeton, err := r.Service.CreerClient(c.Request().Context(), a, in)
	if err != nil {
		return err
	}
	v := vueClient(client, true)
	v.Token = jeton
	return repondre(c, http.StatusOK, v)
}

// lireClient reads a client.
//
//	@Summary		Lire un client
//	@Description	Le client, sans son jeton. Un administrateur voit aussi le début du jeton et sa date.
//	@Tags			clients
//	@Param			clientId	path		string		true	"Identifiant du client"
//	@Success		200			{object}	ClientVue	"Client"
//	@Failure		400,404,429,500,503	{object}	Erreur	"Refus"
//	@Router			/clients/{clientId} [get]
func (r *API) lireClient(c echo.Context) error {
	client, err := r.Service.LireClient(c.Request().Context(), parametre(c, "clientId"))
	if err != nil {
		return err
	}
	return repondreLu(c, vueClient(client, r.estAdmin(c)))
}

// modifierClient changes a client.
//
//	@Summary		Modifier un client
//	@Description	Seuls les champs donnés changent. Sans stratégie donnée, elle suit le chef de file, sauf « internal ».
//	@Tags			clients
//	@Param			clientId	path		string			true	"Identifiant du client"
//	@Param			corps		body		SaisieClient	true	"Champs à modifier"
//	@Success		200			{object}	ClientVue		"Client"
//	@Failure		400,403,404,413,429,500,503	{object}	Erreur	"Refus"
//	@Security		AdminAuth
//	@Router			/clients/{clientId} [put]
func (r *API) modifierClient(c echo.Context) error {
	id, a, b, err := r.clientAdmin(c)
	if err != nil {
		return err
	}
	in := depot.SaisieClient{
		Nom: b.nonVide("nom", 255), MandataireID: b.id("mandataireId", false), Actif: b.bool("isActive", false),
		ChefDeFileID: b.option("chefDeFileId", b.id), Email: b.option("email", b.email), Strategie: b.choix("authorizationStrategy", false, strategies()...),
	}
	if err := b.erreur(); err != nil {
		return err
	}
	client, err := r.Service.ModifierClient(c.Request().Context(), a, id, in)
	if err != nil {
		return err
	}
	return repondre(c, http.StatusOK, vueClient(client, true))
}

// clientAdmin checks the client of the path, the administrator, then reads the body.
func (r *API) clientAdmin(c echo.Context) (id string, a depot.Acteur, b *corps, err error) {
	id = parametre(c, "clientId")
	if _, err = r.Service.LireClient(c.Request().Context(), id); err != nil {
		return id, a, nil, err
	}
	if a, err = r.admin(c); err != nil {
		return id, a, nil, err
	}
	b, err = lireCorps(c)
	return id, a, b, err
}

// renouvelerJeton replaces the token of a client.
//
//	@Summary		Renouveler le jeton d’un client
//	@Description	L’ancien jeton ne fonctionne plus dès la réponse, qui est la seule à donner le nouveau.
//	@Tags			clients
//	@Param			clientId	path		string		true	"Identifiant du client"
//	@Success		200			{object}	ClientVue	"Client, avec son nouveau jeton"
//	@Failure		400,403,404,429,500,503	{object}	Erreur	"Refus"
//	@Security		AdminAuth
//	@Router			/clients/{clientId}/token [post]
func (r *API) renouvelerJeton(c echo.Context) error {
	id, a, _, err := r.clientAdmin(c)
	if err != nil {
		return err
	}
	client, jeton, err := r.Service.RenouvelerJeton(c.Request().Context(), a, id)
	if err != nil {
		return err
	}
	v := vueClient(client, true)
	v.Token = jeton
	return repondre(c, http.StatusOK, v)
}

// SaisiePerimetres is the body of the route of perimetres.
type SaisiePerimetres struct {
	Perimeters []SaisiePerimetre `json:"perimeters" validate:"required"`
} // @name SaisiePerimetres

// SaisiePerimetre is a perimetre to write.
type SaisiePerimetre struct {
	Type string `json:"type" validate:"required" enums:"commune,departement,epci"`
	Code string `json:"code" validate:"required" maxLength:"20" example:"87"`
} // @name SaisiePerimetre

// perimetresDuClient replaces the perimetres of the chef de file of a client.
//
//	@Summary		Remplacer les périmètres du chef de file d’un client
//	@Description	La liste donnée remplace la précédente.
//	@Tags			clients
//	@Param			clientId	path		string				true	"Identifiant du client"
//	@Param			corps		body		SaisiePerimetres	true	"Périmètres"
//	@Success		200			{object}	ChefVue				"Chef de file"
//	@Failure		400,403,404,412,413,429,500,503	{object}	Erreur	"Refus"
//	@Security		AdminAuth
//	@Router			/clients/{clientId}/chef_de_file/perimeter [put]
func (r *API) perimetresDuClient(c echo.Context) error {
	id, a, b, err := r.clientAdmin(c)
	if err != nil {
		return err
	}
	ps := b.perimetres("perimeters", true)
	if err := b.erreur(); err != nil {
		return err
	}
	chef, err := r.Service.PerimetresDuClient(c.Request().Context(), a, id, *ps)
	if err != nil {
		return err
	}
	return repondre(c, http.StatusOK, vueChef(chef, true))
}
