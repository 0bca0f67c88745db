package web

import (
	"context"
	"net/http"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/httpapi"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// ServiceTypesAvenant checks and removes the types of an avenant, compares it, completes its root (convention.Service).
type ServiceTypesAvenant interface {
	Lire(ctx context.Context, p auth.Principal, id uuid.UUID) (*convention.Dossier, error)
	CocherType(ctx context.Context, p auth.Principal, id uuid.UUID, typ string, version int) (*convention.Dossier, error)
	RetirerType(ctx context.Context, p auth.Principal, id uuid.UUID, typ string, version int) (*convention.Dossier, error)
	Comparer(ctx context.Context, p auth.Principal, id uuid.UUID, avec *uuid.UUID) (convention.Comparaison, error)
	CompleterInitiale(ctx context.Context, p auth.Principal, id uuid.UUID, in convention.CompletionInitiale) (*convention.Dossier, error)
}

// TypesAvenant serves what an avenant changes (02 §3.4, §3.5).
type TypesAvenant struct {
	Service     ServiceTypesAvenant
	Conventions Conventions // shows the avenant after a change
}

// Routes implements httpapi.Resource.
func (r TypesAvenant) Routes() []httpapi.Route {
	lire, changer := httpapi.Requires(auth.ViewConvention), httpapi.Requires(auth.ChangeConvention).Write()
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/avenants/:uuid/types", Access: lire, Handler: r.lister},
		{Method: http.MethodPut, Path: "/avenants/:uuid/types/:code", Access: changer, Handler: r.cocher},
		{Method: http.MethodDelete, Path: "/avenants/:uuid/types/:code", Access: changer, Handler: r.retirer},
		{Method: http.MethodGet, Path: "/avenants/:uuid/comparaison", Access: lire, Handler: r.comparer},
		{Method: http.MethodPost, Path: "/avenants/:uuid/convention-initiale", Access: changer, Handler: r.completer},
	}
}

// TypeAvenantVu is a block that the avenant may change.
type TypeAvenantVu struct {
	Type            string `json:"type" validate:"required" enums:"bailleur,programme,cadastre,edd,duree,logements,stationnement,foyer_attribution,residence_attribution,variantes,champ_libre,commentaires,denonciation,resiliation"`
	Libelle         string `json:"libelle" validate:"required"`
	Coche           bool   `json:"coche" validate:"required"`
	FinDeConvention bool   `json:"fin_de_convention" validate:"required"`
	Disponible      bool   `json:"disponible" validate:"required"` // its form exists
	Lien            string `json:"lien" validate:"required"`       // first page of its form, else its card
} // @name TypeAvenantVu

// TypesAvenantVus says what the avenant changes and whether the caller may change that.
type TypesAvenantVus struct {
	Types      []TypeAvenantVu  `json:"types" validate:"required"`
	Modifiable bool             `json:"modifiable" validate:"required"`
	Raison     string           `json:"raison" validate:"required"`
	Initiale   InitialeACombler `json:"convention_initiale" validate:"required"`
} // @name TypesAvenantVus

// InitialeACombler is what the root lacks before the avenant is validated (AV-20).
type InitialeACombler struct {
	Complete       bool             `json:"complete" validate:"required"`
	VilleManquante bool             `json:"ville_manquante" validate:"required"`
	Lots           []LotSansNombre  `json:"lots" validate:"required"`
	Modifiable     bool             `json:"modifiable" validate:"required"`
	Parent         ConventionParent `json:"parent" validate:"required"`
	// Its signed file is recommended, never required.
	FichierManquant  bool `json:"fichier_manquant" validate:"required"`
	FichierDeposable bool `json:"fichier_deposable" validate:"required"` // by the caller, on the convention itself
} // @name InitialeACombler

// LotSansNombre is a lot of the root whose number of dwellings is not known.
type LotSansNombre struct {
	Financement        string `json:"financement" validate:"required"`
	FinancementLibelle string `json:"financement_libelle" validate:"required"`
} // @name LotSansNombre

// lister lists the blocks of an avenant.
//
//	@Summary		Lister ce qu’un avenant modifie et peut modifier
//	@Description	Les types qui concernent la nature de logements de la convention, cochés ou non, avec ce qui manque à la convention d’origine avant la validation. Pour une convention, ceux qu’un avenant pourrait modifier.
//	@Tags			avenants
//	@Produce		json
//	@Param			uuid	path		string			true	"Identifiant de l’avenant"	format(uuid)
//	@Param			X-Mode-Edition	header		string	false	"« expert » : corriger une convention en vigueur ; toute autre valeur est sans effet"	example(expert)
//	@Success		200		{object}	TypesAvenantVus	"Types de l’avenant"
//	@Header			200		{string}	ETag			"Version"
//	@Failure		400,401,403,404,429,500	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/avenants/{uuid}/types [get]
func (r TypesAvenant) lister(c echo.Context) error {
	id, err := uuidSeul(c)
	if err != nil {
		return err
	}
	p := httpapi.Principal(c)
	d, err := r.Service.Lire(c.Request().Context(), p, id)
	if err != nil {
		return err
	}
	httpapi.SetETag(c, d.Convention.Version)
	return c.JSON(http.StatusOK, vueTypes(p, d))
}

func vueTypes(p auth.Principal, d *convention.Dossier) TypesAvenantVus {
	out := TypesAvenantVus{Types: []TypeAvenantVu{}, Modifiable: true, Initiale: vueInitiale(p, d)}
	if !d.EstAvenant() {
		out.Modifiable, out.Raison = false, "Une convention signée se modifie par un avenant."
	} else if err := d.TypesOuverts(p); err != nil {
		out.Modifiable, out.Raison = false, fault.As(err).Message
	}
	coches := map[string]bool{}
	for _, t := range d.TypesAvenant {
		coches[t] = true
	}
	for _, b := range convention.Blocs() {
		if !coches[b.Type] && (!b.Concerne(d) || b.FinDeConvention() || d.Genre() == convention.GenreDenonciation || d.Genre() == convention.GenreResiliation) {
			continue // the end of a convention goes with nothing else (AV-18)
		}
		out.Types = append(out.Types, TypeAvenantVu{
			Type: b.Type, Libelle: b.Libelle, Coche: coches[b.Type], FinDeConvention: b.FinDeConvention(), Disponible: b.Formulaire() != "", Lien: lienBloc(d, b),
		})
	}
	return out
}

// lienBloc leads to the first form of a block, else to its card.
func lienBloc(d *convention.Dossier, b convention.Bloc) string {
	if e := b.Formulaire(); e != "" {
		return "/conventions/" + d.Convention.UUID.String() + "/etapes/" + string(e)
	}
	return lienRecapitulatif(d) + "#" + string(b.Etapes[0])
}

func vueInitiale(p auth.Principal, d *convention.Dossier) InitialeACombler {
	out := InitialeACombler{
		Complete: d.Initiale.Complete(), VilleManquante: d.Initiale.Ville == "", Lots: []LotSansNombre{},
		Modifiable: d.EstAvenant() && d.Convention.Statut.EnCours() && !d.LectureSeule(p) && (p.CoteInstructeur() || p.Superuser || p.Staff) && p.Peut(auth.ValidateConvention),
		Parent:     ConventionParent{d.Racine.UUID, d.Racine.Numero}, FichierManquant: d.EstAvenant() && d.Initiale.SansFichier,
		FichierDeposable: d.FichierInitialeDeposable(p),
	}
	for _, f := range d.Initiale.LotsSansNombre {
		out.Lots = append(out.Lots, LotSansNombre{string(f), f.Libelle()})
	}
	return out
}

// cocher opens a block.
//
//	@Summary		Cocher une modification de l’avenant
//	@Description	Ouvre les champs de ce bloc. Cocher ce qui est déjà coché ne change rien. Une dénonciation ou une résiliation ne se combine avec aucun autre type.
//	@Tags			avenants
//	@Produce		json
//	@Param			uuid		path		string		true	"Identifiant de l’avenant"	format(uuid)
//	@Param			code		path		string		true	"Type"						Enums(bailleur, programme, cadastre, edd, duree, logements, stationnement, foyer_attribution, residence_attribution, variantes, champ_libre, commentaires, denonciation, resiliation)
//	@Param			If-Match	header		string		true	"Version lue, entre guillemets"
//	@Param			X-Mode-Edition	header		string	false	"« expert » : corriger une convention en vigueur ; toute autre valeur est sans effet"	example(expert)
//	@Success		200			{object}	Convention	"L’avenant"
//	@Header			200			{string}	ETag		"Nouvelle version"
//	@Failure		400,401,403,404,409,412,422,428,429,500	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/avenants/{uuid}/types/{code} [put]
func (r TypesAvenant) cocher(c echo.Context) error { return r.changer(c, r.Service.CocherType) }

// retirer closes a block and restores it.
//
//	@Summary		Retirer une modification de l’avenant
//	@Description	Remet tous les champs et tous les tableaux de ce bloc dans l’état de la version que l’avenant modifie. Les valeurs saisies dans ce bloc sont perdues ; le journal les garde. Retirer ce qui n’est pas coché répond 204 et n’écrit rien.
//	@Tags			avenants
//	@Produce		json
//	@Param			uuid		path		string		true	"Identifiant de l’avenant"	format(uuid)
//	@Param			code		path		string		true	"Type"
//	@Param			If-Match	header		string		true	"Version lue, entre guillemets"
//	@Param			X-Mode-Edition	header		string	false	"« expert » : corriger une convention en vigueur ; toute autre valeur est sans effet"	example(expert)
//	@Success		200			{object}	Convention	"L’avenant"
//	@Success		204			"Ce type n’était pas coché"
//	@Header			200			{string}	ETag	"Nouvelle version"
//	@Failure		400,401,403,404,409,412,422,428,429,500	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/avenants/{uuid}/types/{code} [delete]
func (r TypesAvenant) retirer(c echo.Context) error { return r.changer(c, r.Service.RetirerType) }

func (r TypesAvenant) changer(c echo.Context, faire func(context.Context, auth.Principal, uuid.UUID, string, int) (*convention.Dossier, error)) error {
	id, err := uuidSeul(c)
	if err != nil {
		return err
	}
	typ, err := httpapi.TextParam(c, "code", 30)
	if err != nil {
		return err
	}
	version, err := httpapi.IfMatchOrNone(c)
	if err != nil {
		return err
	}
	d, err := faire(c.Request().Context(), httpapi.Principal(c), id, typ, version)
	if err != nil {
		return err
	}
	if d == nil {
		return c.NoContent(http.StatusNoContent)
	}
	return r.repondre(c, d)
}

func (r TypesAvenant) repondre(c echo.Context, d *convention.Dossier) error {
	v, err := r.Conventions.vue(c.Request().Context(), httpapi.Principal(c), d)
	if err != nil {
		return err
	}
	httpapi.SetETag(c, d.Convention.Version)
	return c.JSON(http.StatusOK, v)
}

// InitialeSaisie is what the instructeur gives of the root (AV-20).
type InitialeSaisie struct {
	Ville string          `json:"ville" maxLength:"255" example:"Troyes"`
	Lots  []LotNombreLogs `json:"lots"`
} // @name InitialeSaisie

// LotNombreLogs is the number of dwellings of a lot.
type LotNombreLogs struct {
	Financement string `json:"financement" validate:"required" maxLength:"20" example:"PLUS"`
	NbLogements int    `json:"nb_logements" validate:"required" minimum:"1" maximum:"999999"`
} // @name LotNombreLogs

// completer gives the root what it lacks.
//
//	@Summary		Compléter la convention d’origine d’un avenant
//	@Description	Écrit la ville et le nombre de logements qui manquent à la convention d’origine, et à l’avenant où ils sont vides aussi. Son statut et ses dates ne changent pas. Sans cela, l’avenant ne peut pas être validé (CONVENTION_INITIALE_INCOMPLETE).
//	@Tags			avenants
//	@Accept			json
//	@Produce		json
//	@Param			uuid			path		string			true	"Identifiant de l’avenant"	format(uuid)
//	@Param			If-Match		header		string			true	"Version lue de l’avenant, entre guillemets"
//	@Param			Idempotency-Key	header		string			false	"Clé d’une intention : la même requête n’agit qu’une fois"
//	@Param			corps			body		InitialeSaisie	true	"Ce qui manque"
//	@Success		200				{object}	Convention		"L’avenant"
//	@Header			200				{string}	ETag			"Nouvelle version"
//	@Failure		400,401,403,404,409,412,413,415,422,428,429,500	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/avenants/{uuid}/convention-initiale [post]
func (r TypesAvenant) completer(c echo.Context) error {
	id, err := uuidSeul(c)
	if err != nil {
		return err
	}
	version, err := httpapi.IfMatchOrNone(c)
	if err != nil {
		return err
	}
	var corps InitialeSaisie
	if err := httpapi.BindJSON(c, &corps); err != nil {
		return err
	}
	in := convention.CompletionInitiale{Version: version, Ville: corps.Ville, Lots: map[convention.Financement]int{}}
	for _, l := range corps.Lots {
		in.Lots[convention.Financement(l.Financement)] = l.NbLogements
	}
	d, err := r.Service.CompleterInitiale(c.Request().Context(), httpapi.Principal(c), id, in)
	if err != nil {
		return err
	}
	return r.repondre(c, d)
}
