package web

import (
	"context"
	"net/http"
	"time"

	"apilos/api/auth"
	"apilos/api/compte"
	"apilos/api/date"
	"apilos/api/httpapi"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// ServiceInterrupteurs is what the routes of the feature switches ask of the domain.
type ServiceInterrupteurs interface {
	FichesInterrupteurs(ctx context.Context, p auth.Principal) ([]compte.FicheInterrupteur, compte.Cibles, error)
	ReglerInterrupteur(ctx context.Context, p auth.Principal, nom string, version int, r compte.ReglageInterrupteur, a compte.Appel) (compte.FicheInterrupteur, compte.Cibles, error)
}

// Interrupteurs lets superusers set the feature switches (02 §12, P85).
type Interrupteurs struct{ Service ServiceInterrupteurs }

// maxNomInterrupteur is the length of the column.
const maxNomInterrupteur = 100

// Routes implements httpapi.Resource.
func (r Interrupteurs) Routes() []httpapi.Route {
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/admin/interrupteurs", Access: httpapi.Authenticated(), Handler: r.lister},
		{Method: http.MethodPatch, Path: "/admin/interrupteurs/:code", Access: httpapi.Authenticated().Write(), Handler: r.regler},
	}
}

// Interrupteur is a feature switch.
type Interrupteur struct {
	Nom            string              `json:"nom" validate:"required" example:"siap_alerte_on"`
	Actif          bool                `json:"actif" validate:"required"`
	Ciblable       bool                `json:"ciblable" validate:"required"` // may be on for some people only
	Portee         *PorteeInterrupteur `json:"portee" extensions:"x-nullable"`
	Note           string              `json:"note" validate:"required"`
	RetraitPrevuLe *date.Date          `json:"retrait_prevu_le" extensions:"x-nullable" swaggertype:"string" format:"date"`
	ModifiePar     string              `json:"modifie_par" validate:"required"`
	MisAJourLe     time.Time           `json:"mis_a_jour_le" validate:"required"`
	Version        int                 `json:"version" validate:"required"`
} // @name Interrupteur

// PorteeInterrupteur says for whom a switch is on; one match is enough.
type PorteeInterrupteur struct {
	Utilisateurs    []CompteNomme       `json:"utilisateurs" validate:"required"`
	Typologies      []string            `json:"typologies" validate:"required" enums:"BAILLEUR,INSTRUCTEUR,ADMINISTRATEUR"`
	Administrations []CibleInterrupteur `json:"administrations" validate:"required"`
	Departements    []CibleInterrupteur `json:"departements" validate:"required"`
} // @name PorteeInterrupteur

// CibleInterrupteur is an administration or a département.
type CibleInterrupteur struct {
	Code string `json:"code" validate:"required" example:"87085"`
	Nom  string `json:"nom" validate:"required"`
} // @name CibleInterrupteur

// ReglageInterrupteur is the body that changes a switch; what is absent stays.
type ReglageInterrupteur struct {
	Actif          *bool                       `json:"actif,omitempty"`
	Portee         *PorteeDemandee             `json:"portee,omitempty"`
	Note           *string                     `json:"note,omitempty" maxLength:"500"`
	RetraitPrevuLe httpapi.Optional[date.Date] `json:"retrait_prevu_le" swaggertype:"string" format:"date" extensions:"x-nullable"`
	Motif          string                      `json:"motif" validate:"required" minLength:"5" maxLength:"500" example:"Maintenance de la messagerie"`
} // @name ReglageInterrupteur

// PorteeDemandee is whom a switch must be on for; all lists empty is everybody.
type PorteeDemandee struct {
	Utilisateurs    []string `json:"utilisateurs,omitempty" format:"uuid" maxItems:"200"`
	Typologies      []string `json:"typologies,omitempty" enums:"BAILLEUR,INSTRUCTEUR,ADMINISTRATEUR" maxItems:"3"`
	Administrations []string `json:"administrations,omitempty" maxItems:"200"`
	Departements    []string `json:"departements,omitempty" maxItems:"200"`
} // @name PorteeDemandee

// lister lists the switches.
//
//	@Summary		Lister les interrupteurs
//	@Description	Fonctions que l’on peut suspendre sans livrer, dans l’ordre des noms. Réservé aux super-utilisateurs : 403 pour le reste de l’équipe, 404 pour les autres. « ciblable » dit si l’interrupteur peut ne valoir que pour certaines personnes ; « portee » nulle, il vaut pour tout le monde.
//	@Tags			admin
//	@Produce		json
//	@Success		200	{array}		Interrupteur	"Interrupteurs"
//	@Failure		400,401,403,404,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/admin/interrupteurs [get]
func (r Interrupteurs) lister(c echo.Context) error {
	if _, err := httpapi.Query(c); err != nil {
		return err
	}
	fiches, cibles, err := r.Service.FichesInterrupteurs(c.Request().Context(), httpapi.Principal(c))
	if err != nil {
		return err
	}
	out := make([]Interrupteur, 0, len(fiches))
	for _, f := range fiches {
		out = append(out, vueInterrupteur(f, cibles))
	}
	return c.JSON(http.StatusOK, out)
}

// regler changes a switch.
//
//	@Summary		Régler un interrupteur
//	@Description	Réservé aux super-utilisateurs. Le changement est journalisé avec son motif et vaut partout en 30 secondes au plus. Une portée se donne aux seuls interrupteurs « ciblables » : personnes (uuid), typologies de rôle, codes d’administration, codes de département ; une seule correspondance suffit, et toutes les listes vides valent pour tout le monde.
//	@Tags			admin
//	@Accept			application/merge-patch+json,json
//	@Produce		json
//	@Param			code		path		string				true	"Nom de l’interrupteur"	maxlength(100)
//	@Param			If-Match	header		string				true	"Version lue, entre guillemets"
//	@Param			corps		body		ReglageInterrupteur	true	"Champs à modifier, et le motif"
//	@Success		200			{object}	Interrupteur		"Interrupteur réglé"
//	@Header			200			{string}	ETag				"Nouvelle version"
//	@Failure		400,401,403,404,412,413,415,422,428,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/admin/interrupteurs/{code} [patch]
func (r Interrupteurs) regler(c echo.Context) error {
	nom, err := httpapi.TextParam(c, "code", maxNomInterrupteur)
	if err != nil {
		return err
	}
	version, err := httpapi.IfMatch(c)
	if err != nil {
		return err
	}
	var corps ReglageInterrupteur
	if err := httpapi.BindJSON(c, &corps); err != nil {
		return err
	}
	f, cibles, err := r.Service.ReglerInterrupteur(c.Request().Context(), httpapi.Principal(c), nom, version, corps.reglage(), appel(c))
	if err != nil {
		return err
	}
	httpapi.SetETag(c, f.Version)
	return c.JSON(http.StatusOK, vueInterrupteur(f, cibles))
}

func (r ReglageInterrupteur) reglage() compte.ReglageInterrupteur {
	out := compte.ReglageInterrupteur{Actif: r.Actif, Note: r.Note, Motif: r.Motif}
	if p := r.Portee; p != nil {
		out.Portee = &compte.Portee{Utilisateurs: p.Utilisateurs, Typologies: p.Typologies, Administrations: p.Administrations, Departements: p.Departements}
	}
	if r.RetraitPrevuLe.Present {
		le := r.RetraitPrevuLe.Ptr()
		out.RetraitPrevuLe = &le
	}
	return out
}

func vueInterrupteur(f compte.FicheInterrupteur, cibles compte.Cibles) Interrupteur {
	out := Interrupteur{
		Nom: f.Nom, Actif: f.Actif, Ciblable: f.Ciblable(), Note: f.Note, RetraitPrevuLe: f.RetraitPrevuLe, ModifiePar: f.ModifiePar,
		MisAJourLe: f.MisAJourLe.UTC(), Version: f.Version,
	}
	if p := f.Portee; p != nil {
		vue := PorteeInterrupteur{
			Utilisateurs: []CompteNomme{}, Typologies: append([]string{}, p.Typologies...),
			Administrations: codesNommes(p.Administrations, cibles.Administrations), Departements: codesNommes(p.Departements, cibles.Departements),
		}
		for _, cle := range p.Utilisateurs {
			if id, err := uuid.Parse(cle); err == nil { // one that no longer exists has no name
				vue.Utilisateurs = append(vue.Utilisateurs, CompteNomme{id, nomDeCible(cle, cibles.Utilisateurs)})
			}
		}
		out.Portee = &vue
	}
	return out
}

func codesNommes(codes []string, connues []compte.Cible) []CibleInterrupteur {
	out := make([]CibleInterrupteur, 0, len(codes))
	for _, code := range codes {
		out = append(out, CibleInterrupteur{code, nomDeCible(code, connues)})
	}
	return out
}

func nomDeCible(cle string, connues []compte.Cible) string {
	for _, c := range connues {
		if c.Cle == cle {
			return c.Nom
		}
	}
	return ""
}
