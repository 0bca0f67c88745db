package web

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/httpapi"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// ServiceLectures compares a convention with what it was, and remembers what each person read (convention.Service).
type ServiceLectures interface {
	Comparer(ctx context.Context, p auth.Principal, id uuid.UUID, avec *uuid.UUID) (convention.Comparaison, error)
	ComparerAvec(ctx context.Context, p auth.Principal, id uuid.UUID, r convention.Repere, version int) (convention.Comparaison, convention.Moment, error)
	Lire(ctx context.Context, p auth.Principal, id uuid.UUID) (*convention.Dossier, error)
	Reperes(ctx context.Context, p auth.Principal, id uuid.UUID) (*convention.Dossier, []convention.Moment, error)
	MarquerLu(ctx context.Context, p auth.Principal, id uuid.UUID, version int) error
	ModifieesDepuisLecture(ctx context.Context, p auth.Principal, ids []uuid.UUID) ([]uuid.UUID, error)
}

// maxLectures is how many conventions one question may name: a page of the list.
const maxLectures = 100

// Lectures serves the comparison of a convention with itself and the reading markers (ux §4).
type Lectures struct{ Service ServiceLectures }

// Routes implements httpapi.Resource.
func (r Lectures) Routes() []httpapi.Route {
	lire := httpapi.Requires(auth.ViewConvention)
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/conventions/:uuid/comparaison", Access: lire, Handler: r.comparer},
		{Method: http.MethodGet, Path: "/conventions/:uuid/reperes", Access: lire, Handler: r.reperes},
		{Method: http.MethodGet, Path: "/moi/lectures", Access: lire, Handler: r.modifiees},
		{Method: http.MethodPut, Path: "/moi/lectures/:uuid", Access: lire.OpenToReaders(), Handler: r.marquer},
	}
}

// RepereVu is a moment that a convention may be compared with.
type RepereVu struct {
	Repere  string     `json:"repere" validate:"required" enums:"parent,soumission,visite,version"`
	Version *int       `json:"version" extensions:"x-nullable"`
	Le      *time.Time `json:"le" extensions:"x-nullable" swaggertype:"string" format:"date-time"`
} // @name RepereVu

// ReperesVus lists them, the most useful first.
type ReperesVus struct {
	Reperes []RepereVu `json:"reperes" validate:"required"`
} // @name ReperesVus

// ConventionsModifiees names conventions that changed since the caller read them.
type ConventionsModifiees struct {
	Modifiees []uuid.UUID `json:"modifiees" validate:"required" swaggertype:"array,string" format:"uuid"`
} // @name ConventionsModifiees

func vueRepere(m convention.Moment) RepereVu {
	out := RepereVu{Repere: string(m.Repere)}
	if m.Version > 0 {
		out.Version, out.Le = &m.Version, &m.Le
	}
	return out
}

// comparer compares a convention.
//
//	@Summary		Comparer une convention ou un avenant avec ce qu’il était
//	@Description	« avec » vaut parent (par défaut : la version qu’un avenant modifie), soumission (ce que le bailleur a envoyé ; pour le service qui vient de recevoir un nouvel envoi, l’envoi précédent), visite (ce que vous aviez lu), le numéro d’une version gardée, ou l’identifiant d’une autre version de la même convention. Les différences sont nettes, sans auteur ni valeur intermédiaire. Un numéro de version est réservé au service. Les lignes sont rapprochées par leur identité ; les fichiers, par leur contenu puis par leur nom.
//	@Tags			conventions
//	@Produce		json
//	@Param			uuid	path		string		true	"Identifiant"	format(uuid)
//	@Param			avec	query		string		false	"parent, soumission, visite, un numéro de version ou un identifiant"
//	@Param			complet	query		boolean		false	"Donner aussi ce qui ne change pas"
//	@Success		200		{object}	Comparaison	"Différences"
//	@Header			200		{string}	ETag		"Version"
//	@Failure		400,401,403,404,429,500	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/conventions/{uuid}/comparaison [get]
func (r Lectures) comparer(c echo.Context) error {
	q, err := httpapi.Query(c, "avec", "complet")
	if err != nil {
		return err
	}
	id, err := httpapi.UUIDParam(c, "uuid")
	if err != nil {
		return err
	}
	brut, complet := q.TextMax("avec", 40), q.Bool("complet")
	if err := q.Err(); err != nil {
		return err
	}
	a, err := avecQuoi(brut)
	if err != nil {
		return err
	}
	ctx, p := c.Request().Context(), httpapi.Principal(c)
	cmp, m, err := r.comparaison(ctx, p, id, a)
	if err != nil {
		return err
	}
	out := vueComparaison(p, cmp, complet != nil && *complet)
	out.Repere = vueRepere(m)
	return c.JSON(http.StatusOK, out)
}

// avec is what « avec » asks for.
type avec struct {
	repere  convention.Repere
	version int
	autre   *uuid.UUID
}

func avecQuoi(brut string) (avec, error) {
	switch r := convention.Repere(brut); r {
	case "":
		return avec{repere: convention.RepereParent}, nil
	case convention.RepereParent, convention.RepereSoumission, convention.RepereVisite:
		return avec{repere: r}, nil
	}
	if n, err := strconv.ParseInt(brut, 10, 32); err == nil && n > 0 {
		return avec{repere: convention.RepereVersion, version: int(n)}, nil
	}
	if id, err := uuid.Parse(brut); err == nil {
		return avec{repere: convention.RepereParent, autre: &id}, nil
	}
	detail := "Le paramètre « avec » vaut parent, soumission, visite, un numéro de version ou un identifiant."
	return avec{}, fault.New(fault.BadRequest, "parametre_invalide", detail).
		WithFields(fault.Field{Pointer: "avec", Code: "parametre_invalide", Detail: detail})
}

func (r Lectures) comparaison(ctx context.Context, p auth.Principal, id uuid.UUID, a avec) (convention.Comparaison, convention.Moment, error) {
	if a.repere != convention.RepereParent {
		return r.Service.ComparerAvec(ctx, p, id, a.repere, a.version)
	}
	d, err := r.Service.Lire(ctx, p, id)
	if err != nil {
		return convention.Comparaison{}, convention.Moment{}, err
	}
	if !d.EstAvenant() {
		return convention.Comparaison{}, convention.Moment{}, convention.SansRepere(convention.RepereParent)
	}
	cmp, err := r.Service.Comparer(ctx, p, id, a.autre)
	return cmp, convention.Moment{Repere: convention.RepereParent}, err
}

// reperes lists the moments of a convention.
//
//	@Summary		Lister ce avec quoi comparer une convention
//	@Description	Votre dernière visite, la dernière soumission et, pour un avenant, la version qu’il modifie ; seulement ce qui existe, dans cet ordre.
//	@Tags			conventions
//	@Produce		json
//	@Param			uuid	path		string		true	"Identifiant"	format(uuid)
//	@Success		200		{object}	ReperesVus	"Repères"
//	@Header			200		{string}	ETag		"Version"
//	@Failure		400,401,403,404,429,500	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/conventions/{uuid}/reperes [get]
func (r Lectures) reperes(c echo.Context) error {
	id, err := uuidSeul(c)
	if err != nil {
		return err
	}
	d, moments, err := r.Service.Reperes(c.Request().Context(), httpapi.Principal(c), id)
	if err != nil {
		return err
	}
	out := ReperesVus{Reperes: []RepereVu{}}
	for _, m := range moments {
		out.Reperes = append(out.Reperes, vueRepere(m))
	}
	httpapi.SetETag(c, d.Convention.Version)
	return c.JSON(http.StatusOK, out)
}

// modifiees tells what changed since the caller read it.
//
//	@Summary		Savoir ce qui a changé depuis votre lecture
//	@Description	Parmi les conventions nommées, cent au plus, celles que vous avez lues et qui ont changé depuis. Celles que vous n’avez jamais lues n’y sont pas.
//	@Tags			moi
//	@Produce		json
//	@Param			conventions	query		[]string				false	"Identifiants, séparés par des virgules"	collectionFormat(csv)
//	@Success		200			{object}	ConventionsModifiees	"Conventions modifiées"
//	@Header			200			{string}	ETag					"Version"
//	@Failure		400,401,403,429,500	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/moi/lectures [get]
func (r Lectures) modifiees(c echo.Context) error {
	q, err := httpapi.Query(c, "conventions")
	if err != nil {
		return err
	}
	noms := q.List("conventions")
	if err := q.Err(); err != nil {
		return err
	}
	ids := make([]uuid.UUID, 0, len(noms))
	for _, n := range noms {
		id, err := uuid.Parse(n)
		if err != nil || len(noms) > maxLectures {
			detail := "Le paramètre « conventions » donne cent identifiants au plus."
			return fault.New(fault.BadRequest, "parametre_invalide", detail).
				WithFields(fault.Field{Pointer: "conventions", Code: "parametre_invalide", Detail: detail})
		}
		ids = append(ids, id)
	}
	modifiees, err := r.Service.ModifieesDepuisLecture(c.Request().Context(), httpapi.Principal(c), ids)
	if err != nil {
		return err
	}
	if modifiees == nil {
		modifiees = []uuid.UUID{}
	}
	return c.JSON(http.StatusOK, ConventionsModifiees{Modifiees: modifiees})
}

// marquer remembers that the caller read a convention.
//
//	@Summary		Marquer une convention comme lue
//	@Description	Retient, pour vous et votre habilitation, que vous avez lu la version donnée par « If-Match » : « depuis ma dernière visite » part de là. Personnel, absent du journal, ouvert aux profils de consultation ; refusé pendant un détournement.
//	@Tags			moi
//	@Param			uuid		path	string	true	"Identifiant"	format(uuid)
//	@Param			If-Match	header	string	true	"Version lue"
//	@Success		204
//	@Failure		400,401,403,404,412,428,429,500	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/moi/lectures/{uuid} [put]
func (r Lectures) marquer(c echo.Context) error {
	id, err := uuidSeul(c)
	if err != nil {
		return err
	}
	version, err := httpapi.IfMatch(c)
	if err != nil {
		return err
	}
	if err := r.Service.MarquerLu(c.Request().Context(), httpapi.Principal(c), id, version); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
