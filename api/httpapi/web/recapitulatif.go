package web

import (
	"net/http"

	"apilos/api/comment"
	"apilos/api/convention"
	"apilos/api/httpapi"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// Recapitulatif shows a convention in words, one card per step.
type Recapitulatif struct {
	Cartes []Carte `json:"cartes" validate:"required"`
} // @name Recapitulatif

// Carte is a step of the récapitulatif.
type Carte struct {
	Etape      string       `json:"etape" validate:"required"`
	Titre      string       `json:"titre" validate:"required"`
	Lien       string       `json:"lien" validate:"required"`
	Disponible bool         `json:"disponible" validate:"required"`
	Champs     []ChampCarte `json:"champs" validate:"required"`
	Tableaux   []Tableau    `json:"tableaux" validate:"required"`
} // @name Carte

// ChampCarte is a line of a card.
type ChampCarte struct {
	Cle         string `json:"cle" validate:"required" example:"programme__nom"`
	Libelle     string `json:"libelle" validate:"required"`
	Valeur      string `json:"valeur" validate:"required"`
	Commentable bool   `json:"commentable" validate:"required"`
} // @name ChampCarte

// Tableau is a table of a card.
type Tableau struct {
	Cle      string           `json:"cle" validate:"required" example:"logement__all"`
	Titre    string           `json:"titre" validate:"required"`
	Colonnes []ColonneTableau `json:"colonnes" validate:"required"`
	Lignes   []LigneTableau   `json:"lignes" validate:"required"`
	Total    []string         `json:"total,omitempty"`
} // @name Tableau

// ColonneTableau is the head of a column.
type ColonneTableau struct {
	Cle       string `json:"cle" validate:"required"`
	Libelle   string `json:"libelle" validate:"required"`
	Numerique bool   `json:"numerique" validate:"required"`
} // @name ColonneTableau

// LigneTableau is a row.
type LigneTableau struct {
	UUID     uuid.UUID `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Cellules []string  `json:"cellules" validate:"required"`
} // @name LigneTableau

// recapitulatif returns the cards.
//
//	@Summary	Lire le récapitulatif d’une convention
//	@Description	Une carte par étape : champs en toutes lettres et tableaux avec leurs totaux. La clé d’un champ est la cible de ses commentaires.
//	@Tags		conventions
//	@Produce	json
//	@Param		uuid				path		string	true	"Identifiant"	format(uuid)
//	@Success	200					{object}	Recapitulatif
//	@Header		200					{string}	ETag	"Version"
//	@Failure	400,401,403,404,429,500	{object}	httpapi.Problem
//	@Security	BearerAuth
//	@Router		/conventions/{uuid}/recapitulatif [get]
func (r Conventions) recapitulatif(c echo.Context) error {
	id, err := uuidSeul(c)
	if err != nil {
		return err
	}
	d, err := r.Service.Lire(c.Request().Context(), httpapi.Principal(c), id)
	if err != nil {
		return err
	}
	out := Recapitulatif{Cartes: []Carte{}}
	for _, k := range d.Recapitulatif() {
		out.Cartes = append(out.Cartes, vueCarte(d, k))
	}
	httpapi.SetETag(c, d.Convention.Version)
	return c.JSON(http.StatusOK, out)
}

func vueCarte(d *convention.Dossier, k convention.Carte) Carte {
	_, disponible := d.SectionDe(k.Etape)
	out := Carte{
		Etape: string(k.Etape), Titre: k.Etape.Libelle(), Lien: lienEtape(d, k.Etape), Disponible: disponible,
		Champs: []ChampCarte{}, Tableaux: []Tableau{},
	}
	for _, f := range k.Champs {
		out.Champs = append(out.Champs, ChampCarte{f.Cle, f.Libelle, f.Valeur, comment.CleConnue(f.Cle)})
	}
	for _, t := range k.Tableaux {
		x := Tableau{Cle: t.Cle, Titre: t.Titre, Colonnes: []ColonneTableau{}, Lignes: []LigneTableau{}, Total: t.Total}
		for _, col := range t.Colonnes {
			x.Colonnes = append(x.Colonnes, ColonneTableau(col))
		}
		for _, l := range t.Lignes {
			x.Lignes = append(x.Lignes, LigneTableau(l))
		}
		out.Tableaux = append(out.Tableaux, x)
	}
	return out
}
