package web

import (
	"net/http"
	"time"

	"apilos/api/date"
	"apilos/api/httpapi"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// Accueil is what waits for the caller.
type Accueil struct {
	Total      int                `json:"total" validate:"required"`
	Tuiles     []Tuile            `json:"tuiles" validate:"required"`
	Lignes     []LigneAFaire      `json:"lignes" validate:"required"`
	Brouillons []BrouillonEnCours `json:"brouillons" validate:"required"`
} // @name Accueil

// Tuile is a figure that opens the list behind it.
type Tuile struct {
	Code    string `json:"code" validate:"required"`
	Libelle string `json:"libelle" validate:"required"`
	Nombre  int    `json:"nombre" validate:"required"`
	Lien    string `json:"lien" validate:"required"`
} // @name Tuile

// LigneAFaire is a file that waits for the caller, with the action to do.
type LigneAFaire struct {
	UUID          uuid.UUID  `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Titre         string     `json:"titre" validate:"required"`
	SousTitre     string     `json:"sous_titre" validate:"required"`
	Statut        string     `json:"statut" validate:"required"`
	StatutLibelle string     `json:"statut_libelle" validate:"required"`
	StatutIcone   string     `json:"statut_icone" validate:"required"`
	Resume        string     `json:"resume" validate:"required"`
	Depuis        time.Time  `json:"depuis" validate:"required"`
	Action        ActionLiee `json:"action" validate:"required"`
} // @name LigneAFaire

// ActionLiee is a link to the place of an action.
type ActionLiee struct {
	Libelle string `json:"libelle" validate:"required"`
	Lien    string `json:"lien" validate:"required"`
} // @name ActionLiee

// BrouillonEnCours is unsaved input to take up again.
type BrouillonEnCours struct {
	ConventionUUID uuid.UUID `json:"convention_uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Etape          string    `json:"etape" validate:"required"`
	Libelle        string    `json:"libelle" validate:"required"`
	Titre          string    `json:"titre" validate:"required"`
	CreeLe         time.Time `json:"cree_le" validate:"required"`
	Lien           string    `json:"lien" validate:"required"`
} // @name BrouillonEnCours

// accueil returns the home page.
//
//	@Summary		Lire ce qui vous attend
//	@Description	Les dossiers qui attendent une action de votre part, du plus ancien au plus récent, et vos saisies non enregistrées.
//	@Tags			conventions
//	@Produce		json
//	@Success		200				{object}	Accueil
//	@Failure		400,401,403,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/moi/a-faire [get]
func (r Conventions) accueil(c echo.Context) error {
	if _, err := httpapi.Query(c); err != nil {
		return err
	}
	p := httpapi.Principal(c)
	a, err := r.Service.Accueillir(c.Request().Context(), p)
	if err != nil {
		return err
	}
	jour, instructeur := date.InParis(r.Horloge()), p.CoteInstructeur()
	out := Accueil{Total: a.Total, Tuiles: []Tuile{}, Lignes: []LigneAFaire{}, Brouillons: []BrouillonEnCours{}}
	for _, t := range a.Tuiles {
		out.Tuiles = append(out.Tuiles, Tuile(t))
	}
	for _, l := range a.Lignes {
		libelle, lien := l.ActionAttendue(instructeur)
		out.Lignes = append(out.Lignes, LigneAFaire{
			UUID: l.UUID, Titre: l.Titre(), SousTitre: l.SousTitre(instructeur), Statut: string(l.Statut),
			StatutLibelle: l.Statut.Libelle(instructeur, l.Genre), StatutIcone: l.Statut.Icone(),
			Resume: l.Resume(instructeur, jour), Depuis: l.StatutDepuis, Action: ActionLiee{libelle, lien},
		})
	}
	for _, b := range a.Brouillons {
		out.Brouillons = append(out.Brouillons, BrouillonEnCours{
			b.ConventionUUID, string(b.Etape), b.Etape.Libelle(), b.OperationNom, b.CreeLe,
			"/conventions/" + b.ConventionUUID.String() + "/etapes/" + string(b.Etape),
		})
	}
	return c.JSON(http.StatusOK, out)
}
