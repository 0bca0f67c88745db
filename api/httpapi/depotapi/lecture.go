package depotapi

import (
	"context"
	"slices"
	"strings"
	"time"

	"apilos/api/depot"
	"apilos/api/revision"

	"github.com/labstack/echo/v4"
)

// lire reads one revision.
//
//	@Summary		Lire une révision
//	@Description	La révision, publiée ou non, avec son fichier.
//	@Tags			revisions
//	@Param			revisionId	path		string		true	"Identifiant de la révision"
//	@Success		200			{object}	RevisionVue	"Révision"
//	@Failure		400,404,429,500,503	{object}	Erreur	"Refus"
//	@Router			/revisions/{revisionId} [get]
func (r *API) lire(c echo.Context) error {
	rev, err := r.Service.Revision(c.Request().Context(), parametre(c, "revisionId"))
	if err != nil {
		return err
	}
	return repondreLu(c, r.vueRevision(rev))
}

// parClient lists the last revisions of a client.
//
//	@Summary		Dernière révision de chaque commune d’un client
//	@Description	Une ligne par commune : la révision la plus récente créée par ce client, dans l’ordre des communes.
//	@Tags			revisions
//	@Param			clientId	path	string			true	"Identifiant du client"
//	@Param			limit		query	int				false	"Taille de la page"			minimum(1)	maximum(1000)
//	@Param			offset		query	int				false	"Rang de la première ligne"	minimum(0)
//	@Success		200			{array}	RevisionClient	"Révisions"
//	@Failure		400,404,429,500,503	{object}	Erreur	"Refus"
//	@Router			/revisions/client/{clientId} [get]
func (r *API) parClient(c echo.Context) error {
	client, err := r.Service.LireClient(c.Request().Context(), parametre(c, "clientId"))
	if err != nil {
		return err
	}
	return listerDernieres(r, c, client.ID, vueClientRevision)
}

// dernieres lists the last revision of every commune.
//
//	@Summary		Dernière révision de chaque commune
//	@Description	Une ligne par commune : la révision la plus récente, quel que soit son état, dans l’ordre des communes.
//	@Tags			revisions
//	@Param			limit	query	int					false	"Taille de la page"			minimum(1)	maximum(1000)
//	@Param			offset	query	int					false	"Rang de la première ligne"	minimum(0)
//	@Success		200		{array}	DerniereRevision	"Révisions"
//	@Failure		400,429,500,503	{object}	Erreur	"Refus"
//	@Router			/last-revisions [get]
func (r *API) dernieres(c echo.Context) error { return listerDernieres(r, c, "", vueDerniere) }

func listerDernieres[T any](r *API, c echo.Context, clientID string, vue func(*depot.RevisionLue) T) error {
	f, err := fenetre(c)
	if err != nil {
		return err
	}
	e, err := r.Service.EtatDernieres(c.Request().Context(), clientID)
	if err != nil {
		return err
	}
	return envoyer(c, e, f, func(ctx context.Context, fn func(T) error) error {
		return r.Service.ParcourirDernieres(ctx, clientID, f, func(rev *depot.RevisionLue) error { return fn(vue(rev)) })
	})
}

// parCommune lists the revisions of a commune.
//
//	@Summary		Lister les révisions d’une commune
//	@Description	De la plus ancienne à la plus récente ; seulement les publiées, sauf demande contraire.
//	@Tags			revisions
//	@Param			codeCommune				path	string		true	"Code INSEE"	example(87085)
//	@Param			ancienneCommuneAllowed	query	string		false	"« true » : un ancien code de commune est accepté"
//	@Param			status					query	string		false	"État"	Enums(pending, published, all)	default(published)
//	@Param			limit					query	int			false	"Taille de la page"			minimum(1)	maximum(1000)
//	@Param			offset					query	int			false	"Rang de la première ligne"	minimum(0)
//	@Success		200						{array}	RevisionVue	"Révisions, sans leurs fichiers"
//	@Failure		400,404,429,500,503	{object}	Erreur	"Refus"
//	@Router			/communes/{codeCommune}/revisions [get]
func (r *API) parCommune(c echo.Context) error {
	code, err := r.commune(c)
	if err != nil {
		return err
	}
	f := depot.FiltreRevisions{CodeCommune: code, Statut: revision.Publiee}
	if q := c.QueryParams(); q.Has("status") {
		f.Statut = q.Get("status")
		if !slices.Contains([]string{revision.EnAttente, revision.Publiee, "all"}, f.Statut) {
			return depot.Invalides("status must be one of the following values: pending, published, all")
		}
		if f.Statut == "all" {
			f.Statut = ""
		}
	}
	return listerRevisions(r, c, f, r.vueListe)
}

func listerRevisions[T any](r *API, c echo.Context, f depot.FiltreRevisions, vue func(*depot.RevisionLue) T) error {
	var err error
	if f.Fenetre, err = fenetre(c); err != nil {
		return err
	}
	e, err := r.Service.EtatRevisions(c.Request().Context(), f)
	if err != nil {
		return err
	}
	return envoyer(c, e, f.Fenetre, func(ctx context.Context, fn func(T) error) error {
		return r.Service.ParcourirRevisions(ctx, f, func(rev *depot.RevisionLue) error { return fn(vue(rev)) })
	})
}

// courante reads the current revision of a commune.
//
//	@Summary		Lire la révision courante d’une commune
//	@Description	La révision en production.
//	@Tags			revisions
//	@Param			codeCommune				path		string		true	"Code INSEE"	example(87085)
//	@Param			ancienneCommuneAllowed	query		string		false	"« true » : un ancien code de commune est accepté"
//	@Success		200						{object}	RevisionVue	"Révision"
//	@Failure		404,429,500,503	{object}	Erreur	"Refus"
//	@Router			/communes/{codeCommune}/current-revision [get]
func (r *API) courante(c echo.Context) error {
	code, err := r.commune(c)
	if err != nil {
		return err
	}
	rev, err := r.Service.Courante(c.Request().Context(), code)
	if err != nil {
		return err
	}
	return repondreLu(c, r.vueRevision(rev))
}

// courantes lists all current revisions.
//
//	@Summary		Lister les révisions courantes
//	@Description	Une ligne par commune qui existe encore, dans l’ordre des communes. « context » ne contient que « extras ».
//	@Tags			revisions
//	@Param			publishedSince	query	string				false	"Date ISO 8601 : seulement celles publiées strictement après"
//	@Param			codesCommunes	query	[]string			false	"Codes INSEE, répétés ou séparés par des virgules"	collectionFormat(multi)
//	@Param			q				query	string				false	"Partie du nom de la commune, ou début de son code"
//	@Param			departement		query	string				false	"Code du département"
//	@Param			sort			query	string				false	"Ordre ; sans lui, celui des codes de communes"	Enums(-publishedAt)
//	@Param			limit			query	int					false	"Taille de la page"			minimum(1)	maximum(1000)
//	@Param			offset			query	int					false	"Rang de la première ligne"	minimum(0)
//	@Success		200				{array}	RevisionCourante	"Révisions"
//	@Failure		400,429,500,503	{object}	Erreur	"Refus"
//	@Router			/current-revisions [get]
func (r *API) courantes(c echo.Context) error {
	f := depot.FiltreRevisions{Courantes: true, Statut: revision.Publiee}
	q := c.QueryParams()
	f.Texte, f.Departement = q.Get("q"), q.Get("departement")
	switch q.Get("sort") {
	case "":
	case "-publishedAt":
		f.Recentes = true
	default:
		return depot.Invalides("sort must be one of the following values: -publishedAt")
	}
	if v := q.Get("publishedSince"); v != "" {
		t, ok := dateISO(v)
		if !ok {
			return depot.Scalaire("Invalid date")
		}
		f.PublieDepuis = &t
	}
	if q.Has("codesCommunes") {
		for _, groupe := range q["codesCommunes"] {
			for _, code := range strings.Split(groupe, ",") {
				if !r.Service.CommuneConnue(code) {
					return depot.Scalaire("Code commune " + strings.ToValidUTF8(code, "\uFFFD") + " invalide")
				}
				f.CodesCommune = append(f.CodesCommune, code)
			}
		}
	}
	return listerRevisions(r, c, f, r.vueCourante)
}

// dateISO reads any ISO 8601 date; without zone it is UTC.
func dateISO(v string) (time.Time, bool) {
	v = strings.ReplaceAll(v, " ", "+") // a plus that was not escaped in the address
	for _, forme := range []string{
		time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05.999999999", "2006-01-02T15:04", "2006-01-02", "2006-01", "2006",
	} {
		if t, err := time.Parse(forme, v); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}
