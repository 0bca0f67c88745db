package web

import (
	"context"
	"net/http"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/httpapi"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// ServiceSecondesVies is what the routes of seconde vie need (convention.SecondesVies).
type ServiceSecondesVies interface {
	Etat(ctx context.Context, p auth.Principal, numero string) (convention.EtatSecondeVie, error)
	Candidates(ctx context.Context, p auth.Principal, f convention.FiltreOrigines) (convention.PageOrigines, error)
	Choisir(ctx context.Context, p auth.Principal, numero string, origines []uuid.UUID) (convention.SecondeVieFaite, error)
}

// SecondesVies serves the choice of the conventions that an operation replaces (02 §8.2).
type SecondesVies struct {
	Service ServiceSecondesVies
}

// Routes implements httpapi.Resource.
func (r SecondesVies) Routes() []httpapi.Route {
	lire := httpapi.Requires(auth.ViewConvention)
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/operations/:numero/seconde-vie", Access: lire, Handler: r.lire},
		{Method: http.MethodGet, Path: "/operations/:numero/seconde-vie/candidates", Access: httpapi.Requires(auth.AddConvention), Handler: r.candidates},
		{Method: http.MethodPost, Path: "/operations/:numero/seconde-vie", Access: httpapi.Requires(auth.AddConvention).Write(), Handler: r.choisir},
	}
}

// SecondeVieOrigine is a convention that a seconde vie replaces, or could replace.
type SecondeVieOrigine struct {
	UUID            uuid.UUID  `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Numero          *string    `json:"numero" extensions:"x-nullable"`
	Statut          string     `json:"statut" validate:"required" enums:"PROJET,INSTRUCTION,CORRECTION,A_SIGNER,SIGNEE,PUBLICATION_EN_COURS,PUBLIE,RESILIEE,DENONCEE,ANNULEE"`
	StatutLibelle   string     `json:"statut_libelle" validate:"required"`
	OperationNom    string     `json:"operation_nom" validate:"required"`
	NumeroOperation string     `json:"numero_operation" validate:"required"`
	Ville           string     `json:"ville" validate:"required"`
	Bailleur        string     `json:"bailleur" validate:"required"`
	Financements    []string   `json:"financements" validate:"required"`
	NbLogements     int        `json:"nb_logements" validate:"required"`
	DateSignature   *date.Date `json:"date_signature" extensions:"x-nullable" swaggertype:"string" format:"date"`
} // @name SecondeVieOrigine

// SecondeVieConvention is a convention of the operation that has origins.
type SecondeVieConvention struct {
	UUID          uuid.UUID `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Titre         string    `json:"titre" validate:"required"`
	Statut        string    `json:"statut" validate:"required"`
	StatutLibelle string    `json:"statut_libelle" validate:"required"`
	Financements  []string  `json:"financements" validate:"required"`
} // @name SecondeVieConvention

// SecondeVie is the choice as it stands.
type SecondeVie struct {
	Ouverte     bool                   `json:"ouverte" validate:"required"`
	Modifiable  bool                   `json:"modifiable" validate:"required"`
	Raison      string                 `json:"raison" validate:"required"`
	Conventions []SecondeVieConvention `json:"conventions" validate:"required"`
	Origines    []SecondeVieOrigine    `json:"origines" validate:"required"`
	Masquees    int                    `json:"origines_hors_perimetre" validate:"required"`
} // @name SecondeVie

// PageOrigines is a page of candidates.
type PageOrigines struct {
	Resultats []SecondeVieOrigine `json:"resultats" validate:"required"`
	Page      int                 `json:"page" validate:"required"`
	ParPage   int                 `json:"par_page" validate:"required"`
	Total     int                 `json:"total" validate:"required"`
} // @name PageOrigines

// SecondeVieChoix is the body of a choice.
type SecondeVieChoix struct {
	Origines []uuid.UUID `json:"origines" validate:"required" swaggertype:"array,string"`
} // @name SecondeVieChoix

// SecondeVieFaite is what a choice did.
type SecondeVieFaite struct {
	Conventions []SecondeVieConvention `json:"conventions" validate:"required"`
	Creees      []uuid.UUID            `json:"creees" validate:"required" swaggertype:"array,string"`
	Messages    []OperationMessage     `json:"messages" validate:"required"`
} // @name SecondeVieFaite

// lire reads the choice.
//
//	@Summary		Lire les conventions d’origine d’une opération seconde vie
//	@Description	Les conventions de l’opération qui ont des origines, ces origines, et si vous pouvez les changer. Cette lecture n’écrit rien et ne demande rien au SIAP.
//	@Tags			operations
//	@Produce		json
//	@Param			numero	path		string	true	"Numéro d’opération"	maxLength(255)	example(20240100777)
//	@Success		200		{object}	SecondeVie
//	@Failure		400,401,403,404,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/operations/{numero}/seconde-vie [get]
func (r SecondesVies) lire(c echo.Context) error {
	if _, err := httpapi.Query(c); err != nil {
		return err
	}
	numero, err := numeroParam(c)
	if err != nil {
		return err
	}
	p := httpapi.Principal(c)
	etat, err := r.Service.Etat(c.Request().Context(), p, numero)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, SecondeVie{
		Ouverte: etat.Ouverte, Modifiable: etat.Modifiable, Raison: etat.Raison, Conventions: conventionsSecondeVie(p, etat.Conventions),
		Origines: vueOrigines(p, etat.Origines), Masquees: etat.Masquees,
	})
}

// candidates searches origins.
//
//	@Summary		Chercher des conventions d’origine
//	@Description	Les conventions signées et en vigueur de votre périmètre, d’une autre opération, qui ne sont ni des avenants ni des secondes vies. « q » cherche dans les numéros, le nom de l’opération et la commune, sans tenir compte des accents.
//	@Tags			operations
//	@Produce		json
//	@Param			numero		path		string	true	"Numéro de l’opération seconde vie"	maxLength(255)	example(20240100777)
//	@Param			q			query		string	false	"Texte cherché"	maxLength(255)
//	@Param			statut		query		string	false	"Statut"	Enums(SIGNEE, PUBLICATION_EN_COURS, PUBLIE)
//	@Param			page		query		int		false	"Page"	minimum(1)	default(1)
//	@Param			par_page	query		int		false	"Résultats par page"	minimum(1)	maximum(100)	default(10)
//	@Success		200			{object}	PageOrigines
//	@Failure		400,401,403,404,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/operations/{numero}/seconde-vie/candidates [get]
func (r SecondesVies) candidates(c echo.Context) error {
	q, err := httpapi.Query(c, "q", "statut", "page", "par_page")
	if err != nil {
		return err
	}
	f := convention.FiltreOrigines{
		Texte:  q.TextMax("q", 255),
		Statut: convention.Statut(q.Choice("statut", "", string(convention.Signee), string(convention.PublicationEnCours), string(convention.Publie))),
		Page:   q.Int("page", 1, 1, 10_000), ParPage: q.Int("par_page", 10, 1, 100),
	}
	if err := q.Err(); err != nil {
		return err
	}
	if f.NumeroOperation, err = numeroParam(c); err != nil {
		return err
	}
	p := httpapi.Principal(c)
	res, err := r.Service.Candidates(c.Request().Context(), p, f)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, PageOrigines{Resultats: vueOrigines(p, res.Resultats), Page: f.Page, ParPage: f.ParPage, Total: res.Total})
}

// choisir writes the choice.
//
//	@Summary		Choisir les conventions d’origine d’une opération seconde vie
//	@Description	La première fois, crée une convention par financement de l’opération, les relie aux origines et les groupe si elles sont plusieurs. Ensuite, remplace les origines ; une liste vide les retire toutes. Chaque origine est vérifiée à nouveau. Les origines elles-mêmes ne changent pas.
//	@Tags			operations
//	@Accept			json
//	@Produce		json
//	@Param			numero			path		string			true	"Numéro d’opération"	maxLength(255)	example(20240100777)
//	@Param			Idempotency-Key	header		string			false	"Clé d’idempotence"
//	@Param			corps			body		SecondeVieChoix	true	"Conventions d’origine"
//	@Success		200				{object}	SecondeVieFaite
//	@Failure		400,401,403,404,409,413,415,422,429,500,502,503	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/operations/{numero}/seconde-vie [post]
func (r SecondesVies) choisir(c echo.Context) error {
	numero, err := numeroParam(c)
	if err != nil {
		return err
	}
	var corps SecondeVieChoix
	if err := httpapi.BindJSON(c, &corps); err != nil {
		return err
	}
	p := httpapi.Principal(c)
	res, err := r.Service.Choisir(c.Request().Context(), p, numero, corps.Origines)
	if err != nil {
		return err
	}
	out := SecondeVieFaite{Conventions: conventionsSecondeVie(p, res.Conventions), Creees: append([]uuid.UUID{}, res.Creees...), Messages: messagesOperation(res.Messages)}
	return c.JSON(http.StatusOK, out)
}

func conventionsSecondeVie(p auth.Principal, dossiers []*convention.Dossier) []SecondeVieConvention {
	out := make([]SecondeVieConvention, 0, len(dossiers))
	for _, d := range dossiers {
		out = append(out, SecondeVieConvention{
			UUID: d.Convention.UUID, Titre: d.Titre(), Statut: string(d.Convention.Statut),
			StatutLibelle: d.Convention.Statut.Libelle(p.CoteInstructeur(), d.Genre()), Financements: financements(d),
		})
	}
	return out
}

func vueOrigines(p auth.Principal, origines []convention.Origine) []SecondeVieOrigine {
	out := make([]SecondeVieOrigine, 0, len(origines))
	for _, o := range origines {
		out = append(out, SecondeVieOrigine{
			UUID: o.UUID, Numero: o.Numero, Statut: string(o.Statut), StatutLibelle: o.Statut.Libelle(p.CoteInstructeur(), convention.GenreConvention),
			OperationNom: o.OperationNom, NumeroOperation: o.NumeroOperation, Ville: o.Ville, Bailleur: o.Bailleur,
			Financements: append([]string{}, o.Financements...), NbLogements: o.NbLogements, DateSignature: o.SigneLe,
		})
	}
	return out
}
