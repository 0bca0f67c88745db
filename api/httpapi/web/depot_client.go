package web

import (
	"net/http"
	"net/mail"
	"strings"
	"time"
	"unicode/utf8"

	"apilos/api/depot"
	"apilos/api/httpapi"

	"github.com/labstack/echo/v4"
)

// ClientDepot is a client of the deposit API.
type ClientDepot struct {
	ID           string          `json:"id" validate:"required"`
	Nom          string          `json:"nom" validate:"required"`
	Email        *string         `json:"email" extensions:"x-nullable"`
	Actif        bool            `json:"actif" validate:"required"`
	Strategie    string          `json:"strategie" validate:"required" enums:"internal,chef-de-file,habilitation"`
	Mandataire   ReferenceDepot  `json:"mandataire" validate:"required"`
	ChefDeFile   *ReferenceDepot `json:"chef_de_file" extensions:"x-nullable"`
	LegacyID     *string         `json:"legacy_id" extensions:"x-nullable"`
	JetonPrefixe string          `json:"jeton_prefixe" validate:"required"`
	JetonCreeLe  time.Time       `json:"jeton_cree_le" validate:"required"`
	CreeLe       time.Time       `json:"cree_le" validate:"required"`
	Jeton        string          `json:"jeton,omitempty"` // once, when it is created
} // @name ClientDepot

func vueClientDepot(c *depot.ClientDetail) ClientDepot {
	v := ClientDepot{
		ID: c.ID, Nom: c.Nom, Email: c.Email, Actif: c.Actif, Strategie: c.Strategie, Mandataire: ReferenceDepot{c.MandataireID, c.MandataireNom},
		LegacyID: c.LegacyID, JetonPrefixe: c.JetonPrefixe, JetonCreeLe: c.JetonCreeLe.UTC(), CreeLe: c.CreeLe.UTC(),
	}
	if c.ChefDeFileID != nil && c.ChefNom != nil {
		v.ChefDeFile = &ReferenceDepot{*c.ChefDeFileID, *c.ChefNom}
	}
	return v
}

// PageClientsDepot is a page of clients.
type PageClientsDepot struct {
	Resultats []ClientDepot `json:"resultats" validate:"required"`
	Page      int           `json:"page" validate:"required" minimum:"1"`
	ParPage   int           `json:"par_page" validate:"required" minimum:"1" maximum:"100"`
	Total     int           `json:"total" validate:"required" minimum:"0"`
} // @name PageClientsDepot

// SaisieClientDepot is what may be written of a client. Absent fields stay as they are; null erases.
type SaisieClientDepot struct {
	Nom          *string                  `json:"nom,omitempty" maxLength:"255"`
	Email        httpapi.Optional[string] `json:"email" swaggertype:"string" extensions:"x-nullable"`
	Actif        *bool                    `json:"actif,omitempty"`
	MandataireID *string                  `json:"mandataire_id,omitempty"`
	ChefDeFileID httpapi.Optional[string] `json:"chef_de_file_id" swaggertype:"string" extensions:"x-nullable"`
	Strategie    *string                  `json:"strategie,omitempty" enums:"internal,chef-de-file,habilitation"`
	LegacyID     httpapi.Optional[string] `json:"legacy_id" swaggertype:"string" extensions:"x-nullable"`
} // @name SaisieClientDepot

func (in SaisieClientDepot) domaine(creation bool) (depot.SaisieClient, error) {
	var s saisie
	s.exiger(in.Nom != nil || !creation, "nom", "Donnez le nom du client.")
	s.exiger(in.Nom == nil || texteCourt(*in.Nom, 1, 255), "nom", "Le nom du client compte 1 à 255 caractères.")
	s.exiger(in.MandataireID != nil || !creation, "mandataire_id", "Choisissez le mandataire du client.")
	s.exiger(in.Email.Ptr() == nil || courrielValide(*in.Email.Ptr()), "email", "Cette adresse électronique n’est pas valide.")
	s.exiger(in.LegacyID.Ptr() == nil || texteCourt(*in.LegacyID.Ptr(), 1, 255), "legacy_id", "L’identifiant d’application compte 1 à 255 caractères.")
	strategie := in.Strategie
	s.exiger(strategie == nil || *strategie == depot.StrategieInterne || *strategie == depot.StrategieChefDeFile || *strategie == depot.StrategieHabilitation,
		"strategie", "La stratégie est internal, chef-de-file ou habilitation.")
	actif := in.Actif
	if creation && actif == nil {
		vrai := true
		actif = &vrai
	}
	return depot.SaisieClient{
		Nom: in.Nom, MandataireID: in.MandataireID, Actif: actif, Strategie: strategie, Email: option(in.Email), ChefDeFileID: option(in.ChefDeFileID), LegacyID: option(in.LegacyID),
	}, s.erreur()
}

func option(o httpapi.Optional[string]) depot.Option {
	return depot.Option{Present: o.Present, Valeur: o.Ptr()}
}

func texteCourt(s string, min, max int) bool {
	n := utf8.RuneCountInString(strings.TrimSpace(s))
	return n >= min && utf8.RuneCountInString(s) <= max
}

func courrielValide(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && len(s) <= 254 && strings.Contains(s[strings.LastIndexByte(s, '@')+1:], ".")
}

// clients lists the clients of the deposit.
//
//	@Summary		Lister les clients du dépôt
//	@Description	Les logiciels autorisés à déposer des Bases Adresses Locales, par nom.
//	@Tags			depot
//	@Param			q			query		string				false	"Partie du nom du client, du mandataire ou du chef de file"	maxLength(1000)
//	@Param			page		query		int					false	"Page"				minimum(1)	default(1)
//	@Param			par_page	query		int					false	"Lignes par page"	minimum(1)	maximum(100)	default(20)
//	@Success		200			{object}	PageClientsDepot	"Page de clients"
//	@Failure		400,401,403,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/depot/clients [get]
func (r Depots) clients(c echo.Context) error {
	return listeDepot(c, r, r.Service.ListeClients, vueClientDepot)
}

// lireClient reads a client.
//
//	@Summary		Lire un client du dépôt
//	@Description	Le client, son mandataire, son chef de file et le début de son jeton.
//	@Tags			depot
//	@Param			id	path		string		true	"Identifiant du client"
//	@Success		200	{object}	ClientDepot	"Client"
//	@Failure		400,401,403,404,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/depot/clients/{id} [get]
func (r Depots) lireClient(c echo.Context) error {
	if _, err := httpapi.Query(c); err != nil {
		return err
	}
	if _, err := r.acteur(c); err != nil {
		return err
	}
	client, err := r.Service.LireClient(c.Request().Context(), httpapi.PathParam(c, "id"))
	if err != nil {
		return enFrancais(err, "Ce client")
	}
	return c.JSON(http.StatusOK, vueClientDepot(client))
}

// creerClient adds a client.
//
//	@Summary		Créer un client du dépôt
//	@Description	« nom » et « mandataire_id » sont obligatoires. Le jeton n’est donné que dans cette réponse et dans le courriel envoyé au mandataire.
//	@Tags			depot
//	@Param			corps	body		SaisieClientDepot	true	"Client"
//	@Success		201		{object}	ClientDepot			"Client, avec son jeton"
//	@Failure		400,401,403,404,409,413,415,422,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/depot/clients [post]
func (r Depots) creerClient(c echo.Context) error {
	a, in, err := r.saisirClient(c, true)
	if err != nil {
		return err
	}
	client, jeton, err := r.Service.CreerClient(c.Request().Context(), a, in)
	if err != nil {
		return enFrancais(err, "Ce mandataire ou ce chef de file")
	}
	if in.Strategie != nil && *in.Strategie != client.Strategie { // the contract sets it by PUT only
		if client, err = r.Service.ModifierClient(c.Request().Context(), a, client.ID, depot.SaisieClient{Strategie: in.Strategie}); err != nil {
			return err
		}
	}
	v := vueClientDepot(client)
	v.Jeton = jeton
	return httpapi.Created(c, "/api/v1/depot/clients/"+v.ID, v)
}

func (r Depots) saisirClient(c echo.Context, creation bool) (depot.Acteur, depot.SaisieClient, error) {
	a, err := r.acteur(c)
	if err != nil {
		return a, depot.SaisieClient{}, err
	}
	var corps SaisieClientDepot
	if err := httpapi.BindJSON(c, &corps); err != nil {
		return a, depot.SaisieClient{}, err
	}
	in, err := corps.domaine(creation)
	return a, in, err
}

// modifierClient changes a client.
//
//	@Summary		Modifier un client du dépôt
//	@Description	Seuls les champs donnés changent. Sans stratégie donnée, elle suit le chef de file, sauf « internal ».
//	@Tags			depot
//	@Param			id		path		string				true	"Identifiant du client"
//	@Param			corps	body		SaisieClientDepot	true	"Champs à modifier"
//	@Success		200		{object}	ClientDepot			"Client"
//	@Failure		400,401,403,404,409,413,415,422,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/depot/clients/{id} [put]
func (r Depots) modifierClient(c echo.Context) error {
	a, in, err := r.saisirClient(c, false)
	if err != nil {
		return err
	}
	client, err := r.Service.ModifierClient(c.Request().Context(), a, httpapi.PathParam(c, "id"), in)
	if err != nil {
		return enFrancais(err, "Ce client, ce mandataire ou ce chef de file")
	}
	return c.JSON(http.StatusOK, vueClientDepot(client))
}

// renouvelerJeton replaces the token of a client.
//
//	@Summary		Renouveler le jeton d’un client du dépôt
//	@Description	L’ancien jeton ne fonctionne plus dès la réponse, qui est la seule à donner le nouveau.
//	@Tags			depot
//	@Param			id	path		string		true	"Identifiant du client"
//	@Success		200	{object}	ClientDepot	"Client, avec son nouveau jeton"
//	@Failure		400,401,403,404,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/depot/clients/{id}/jeton [post]
func (r Depots) renouvelerJeton(c echo.Context) error {
	a, err := r.acteur(c)
	if err != nil {
		return err
	}
	client, jeton, err := r.Service.RenouvelerJeton(c.Request().Context(), a, httpapi.PathParam(c, "id"))
	if err != nil {
		return enFrancais(err, "Ce client")
	}
	v := vueClientDepot(client)
	v.Jeton = jeton
	return c.JSON(http.StatusOK, v)
}
