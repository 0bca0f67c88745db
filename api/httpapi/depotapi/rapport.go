package depotapi

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"

	"apilos/api/bal"
	"apilos/api/depot"
	"apilos/api/fault"

	"github.com/labstack/echo/v4"
)

// RapportVue is a validation report (07 section 10.11): its keys are those of the validator, with a summary
// by code, and rows when they are asked for.
type RapportVue struct {
	ParseOk      bool             `json:"parseOk" validate:"required"`
	Encoding     string           `json:"encoding"`
	Profile      string           `json:"profile"`
	RowsCount    int              `json:"rowsCount" validate:"required"`
	RowsInvalid  int              `json:"rowsInvalid" validate:"required"`
	Valid        bool             `json:"valid" validate:"required"`
	ProfilErrors []map[string]any `json:"profilErrors"`
	Summary      []map[string]any `json:"summary"`
	Rows         []map[string]any `json:"rows,omitempty"`
	RowsTotal    int              `json:"rowsTotal,omitempty"`
} // @name RapportValidation

// options reads what a report must hold.
func options(c echo.Context) (depot.OptionsRapport, error) {
	o := depot.OptionsRapport{Profil: c.QueryParam("profile"), Lignes: c.QueryParam("rows") == "true", Limite: 100}
	f, err := fenetre(c)
	if err != nil {
		return o, err
	}
	o.Decalage = f.Decalage
	if f.Limite > 0 {
		o.Limite = f.Limite
	}
	switch v := c.QueryParam("level"); v {
	case "":
	case "E", "W", "I":
		o.Niveau = bal.Niveau(v[0])
	default:
		return o, depot.Invalides("level must be one of the following values: E, W, I")
	}
	o.Code, o.Commune = c.QueryParam("code"), c.QueryParam("commune")
	return o, nil
}

// rapport gives the report of a revision.
//
//	@Summary		Rapport de validation d’une révision
//	@Description	Valide à nouveau le fichier de la révision et donne le rapport complet : codes, libellés, nombre et premières lignes de chacun. « rows=true » donne aussi les lignes, par pages.
//	@Tags			outils
//	@Param			revisionId	path		string		true	"Identifiant de la révision"
//	@Param			profile		query		string		false	"Profil ; sans lui, choisi selon les colonnes"
//	@Param			rows		query		bool		false	"Avec les lignes"
//	@Param			level		query		string		false	"Seulement les lignes avec un code de ce niveau"	Enums(E, W, I)
//	@Param			code		query		string		false	"Seulement les lignes avec ce code"
//	@Param			limit		query		int			false	"Lignes de la page"			minimum(1)	maximum(1000)	default(100)
//	@Param			offset		query		int			false	"Rang de la première ligne"	minimum(0)
//	@Success		200			{object}	RapportVue	"Rapport"
//	@Failure		400,404,429,500,503	{object}	Erreur	"Refus"
//	@Router			/revisions/{revisionId}/validation-report [get]
func (r *API) rapport(c echo.Context) error {
	o, err := options(c)
	if err != nil {
		return err
	}
	out, err := r.Service.Rapport(c.Request().Context(), parametre(c, "revisionId"), o)
	if err != nil {
		return err
	}
	return repondreLu(c, out)
}

// validerSansDepot reports on the body of the request.
//
//	@Summary		Valider un fichier sans le déposer
//	@Description	Le corps est le fichier. Rien n’est conservé.
//	@Tags			outils
//	@Accept			text/csv
//	@Param			profile	query		string		false	"Profil ; sans lui, choisi selon les colonnes"
//	@Param			rows	query		bool		false	"Avec les lignes"
//	@Param			level	query		string		false	"Seulement les lignes avec un code de ce niveau"	Enums(E, W, I)
//	@Param			code	query		string		false	"Seulement les lignes avec ce code"
//	@Param			commune	query		string		false	"Code INSEE attendu sur toutes les lignes"
//	@Param			limit	query		int			false	"Lignes de la page"			minimum(1)	maximum(1000)	default(100)
//	@Param			offset	query		int			false	"Rang de la première ligne"	minimum(0)
//	@Param			fichier	body		string		true	"Fichier CSV"
//	@Success		200		{object}	RapportVue	"Rapport"
//	@Failure		400,404,413,429,500,503	{object}	Erreur	"Refus"
//	@Router			/validate [post]
func (r *API) validerSansDepot(c echo.Context) error {
	o, err := options(c)
	if err != nil {
		return err
	}
	ouvrir, effacer, err := r.tampon(c)
	if err != nil {
		r.vider(c)
		return err
	}
	defer effacer()
	ctx, cancel := context.WithTimeout(c.Request().Context(), r.DelaiValidation)
	defer cancel()
	out, err := r.Service.ValiderSansDepot(ctx, ouvrir, o)
	if err != nil {
		return err
	}
	return repondre(c, http.StatusOK, out)
}

// corriger sends back the body of the request, corrected.
//
//	@Summary		Corriger un fichier sans le déposer
//	@Description	Le corps est le fichier ; la réponse est le même fichier, avec tout ce qui peut être corrigé sans choix humain. Rien n’est conservé.
//	@Tags			outils
//	@Accept			text/csv
//	@Produce		text/csv
//	@Param			fichier	body	string	true	"Fichier CSV"
//	@Success		200		{file}	file	"Fichier corrigé"
//	@Failure		400,404,412,413,429,500,503	{object}	Erreur	"Refus"
//	@Router			/autofix [post]
func (r *API) corriger(c echo.Context) error {
	ouvrir, effacer, err := r.tampon(c)
	if err != nil {
		r.vider(c)
		return err
	}
	defer effacer()
	ctx, cancel := context.WithTimeout(c.Request().Context(), r.DelaiValidation)
	defer cancel()
	sortie, err := os.CreateTemp(r.DossierTampon, "correction-*.csv")
	if err != nil {
		return fmt.Errorf("keep correction: %w", err)
	}
	defer func() {
		_ = sortie.Close()
		_ = os.Remove(sortie.Name()) // the folder is temporary
	}()
	ecrite, err := r.Service.Corriger(ctx, ouvrir, sortie)
	if err != nil {
		return err
	}
	if !ecrite {
		return fault.New(fault.Stale, "FICHIER_ILLISIBLE", "Le fichier ne peut pas être lu comme une Base Adresse Locale : il ne peut pas être corrigé")
	}
	if _, err := sortie.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read correction: %w", err)
	}
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="bal-corrigee.csv"`)
	return c.Stream(http.StatusOK, "text/csv", sortie)
}

// tampon keeps the body on disk for the time of its validation: the file is read twice, and memory must not
// follow its size.
func (r *API) tampon(c echo.Context) (ouvrir depot.Ouvreur, effacer func(), err error) {
	req, max := c.Request(), r.Service.TailleMax()
	gros := fault.New(fault.TooLarge, "FICHIER_TROP_GROS", tropGros)
	switch {
	case req.ContentLength > max:
		return nil, nil, gros
	case req.Header.Get(echo.HeaderContentEncoding) != "":
		return nil, nil, fault.New(fault.BadRequest, "ENCODAGE_REFUSE", "Aucun encodage de contenue dans l’en-tête n’est accepté.")
	}
	f, err := os.CreateTemp(r.DossierTampon, "validation-*.csv")
	if err != nil {
		return nil, nil, fmt.Errorf("keep body: %w", err)
	}
	effacer = func() {
		_ = f.Close()
		_ = os.Remove(f.Name()) // the folder is temporary
	}
	n, err := io.Copy(f, io.LimitReader(req.Body, max+1))
	switch {
	case err != nil:
		err = fault.New(fault.BadRequest, "CORPS_ILLISIBLE", "Le fichier n’a pas pu être lu en entier").Because(err)
	case n == 0:
		err = fault.New(fault.NotFound, "FICHIER_VIDE", "Fichier non fourni.")
	case n > max:
		err = gros
	}
	if err != nil {
		effacer()
		return nil, nil, err
	}
	return func(context.Context) (io.ReadCloser, error) { return os.Open(f.Name()) }, effacer, nil
}

// DifferencesVue is what a revision changes in the current one.
type DifferencesVue struct {
	RevisionID        string          `json:"revisionId" validate:"required"`
	CurrentRevisionID *string         `json:"currentRevisionId" extensions:"x-nullable"`
	Key               string          `json:"key" validate:"required" enums:"id_ban_adresse,cle_interop,adresse"`
	Added             int             `json:"added" validate:"required"`
	Removed           int             `json:"removed" validate:"required"`
	Changed           int             `json:"changed" validate:"required"`
	Unchanged         int             `json:"unchanged" validate:"required"`
	RowsBefore        int             `json:"rowsBefore" validate:"required"`
	RowsAfter         int             `json:"rowsAfter" validate:"required"`
	Items             []DifferenceVue `json:"items" validate:"required"`
} // @name Differences

// DifferenceVue is one address that changes. line is that of the new file, of the old one for a removal.
type DifferenceVue struct {
	Change   string      `json:"change" validate:"required" enums:"added,removed,changed"`
	Line     int         `json:"line" validate:"required"`
	Before   *AdresseVue `json:"before,omitempty"`
	After    *AdresseVue `json:"after,omitempty"`
	Fields   []ChampVue  `json:"fields,omitempty"`
	Distance float64     `json:"distance,omitempty"` // metres
} // @name Difference

// AdresseVue is what a row says of an address.
type AdresseVue struct {
	Numero       string `json:"numero"`
	Suffixe      string `json:"suffixe"`
	Voie         string `json:"voie"`
	Complement   string `json:"complement"`
	CommuneInsee string `json:"communeInsee"`
	CommuneNom   string `json:"communeNom"`
	Position     string `json:"position"`
	Long         string `json:"long"`
	Lat          string `json:"lat"`
	Certifiee    bool   `json:"certifiee"`
} // @name AdresseComparee

// ChampVue is a value that changes.
type ChampVue struct {
	Field  string `json:"field" validate:"required"`
	Before string `json:"before"`
	After  string `json:"after"`
} // @name ChampModifie

// differences compares a revision with the current one of its commune.
//
//	@Summary		Comparer une révision à la révision courante
//	@Description	Les adresses ajoutées, retirées et modifiées par rapport au fichier en production. Toutes sont comptées ; une page est donnée.
//	@Tags			outils
//	@Param			revisionId	path		string			true	"Identifiant de la révision"
//	@Param			change		query		string			false	"Seulement ces différences"	Enums(added, removed, changed)
//	@Param			limit		query		int				false	"Lignes de la page"			minimum(1)	maximum(1000)	default(100)
//	@Param			offset		query		int				false	"Rang de la première ligne"	minimum(0)
//	@Success		200			{object}	DifferencesVue	"Différences"
//	@Failure		400,404,412,429,500,503	{object}	Erreur	"Refus"
//	@Router			/revisions/{revisionId}/diff [get]
func (r *API) differences(c echo.Context) error {
	o := depot.OptionsDifferences{Limite: 100}
	f, err := fenetre(c)
	if err != nil {
		return err
	}
	o.Decalage = f.Decalage
	if f.Limite > 0 {
		o.Limite = f.Limite
	}
	if v := c.QueryParam("change"); v != "" {
		if o.Changement, err = changement(v); err != nil {
			return err
		}
	}
	d, err := r.Service.Differences(c.Request().Context(), parametre(c, "revisionId"), o)
	if err != nil {
		return err
	}
	return repondreLu(c, VueDifferences(d))
}

func changement(v string) (bal.Changement, error) {
	for _, x := range []bal.Changement{bal.Ajout, bal.Retrait, bal.Modification} {
		if nomChangement(x) == v {
			return x, nil
		}
	}
	return 0, depot.Invalides("change must be one of the following values: added, removed, changed")
}

func nomChangement(x bal.Changement) string {
	switch x {
	case bal.Ajout:
		return "added"
	case bal.Retrait:
		return "removed"
	}
	return "changed"
}

// VueDifferences gives a comparison the form of the API.
func VueDifferences(d *depot.Differences) DifferencesVue {
	v := DifferencesVue{
		RevisionID: d.RevisionID, Key: d.Cle, Added: d.Ajoutees, Removed: d.Retirees, Changed: d.Modifiees, Unchanged: d.Inchangees,
		RowsBefore: d.LignesAvant, RowsAfter: d.LignesApres, Items: make([]DifferenceVue, 0, len(d.Elements)),
	}
	if d.CouranteID != "" {
		v.CurrentRevisionID = &d.CouranteID
	}
	for _, e := range d.Elements {
		item := DifferenceVue{Change: nomChangement(e.Changement), Line: e.Ligne, Distance: e.Deplacement}
		if e.Avant != nil {
			a := AdresseVue(*e.Avant)
			item.Before = &a
		}
		if e.Apres != nil {
			a := AdresseVue(*e.Apres)
			item.After = &a
		}
		for _, champ := range e.Champs {
			item.Fields = append(item.Fields, ChampVue{champ.Champ, champ.Avant, champ.Apres})
		}
		v.Items = append(v.Items, item)
	}
	return v
}
