package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/httpapi"
	"apilos/api/operation"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// ServiceOperations is what the routes of operations need of the domain.
type ServiceOperations interface {
	Consulter(ctx context.Context, p auth.Principal, numero string) (operation.Vue, error)
	Synchroniser(ctx context.Context, p auth.Principal, d operation.Demande) (operation.Resultat, error)
	Chercher(ctx context.Context, p auth.Principal, q string) ([]operation.Trouvee, error)
}

// ListeConventions gives the lines of conventions in the perimeter of the caller.
type ListeConventions interface {
	Lister(ctx context.Context, p auth.Principal, f convention.Filtre) (convention.Page, error)
}

// Operations serves operations of SIAP and the creation of their conventions (02 §9.1).
type Operations struct {
	Service     ServiceOperations
	Conventions ListeConventions
	// LienSIAP is the page of an operation in SIAP for a habilitation, "" when it is not known; nil for none.
	LienSIAP func(ctx context.Context, numero string, habilitationID int64) string
	// Regroupables lists the conventions that the caller may group or ungroup (02 §8.1); nil for none.
	Regroupables func(ctx context.Context, p auth.Principal, operationIDs []int64) ([]uuid.UUID, error)
}

// Routes implements httpapi.Resource.
func (r Operations) Routes() []httpapi.Route {
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/operations", Access: httpapi.Requires(auth.ViewConvention), Handler: r.chercher},
		{Method: http.MethodGet, Path: "/operations/:numero", Access: httpapi.Requires(auth.ViewConvention), Handler: r.consulter},
		{Method: http.MethodPost, Path: "/operations/:numero/synchronisation", Access: httpapi.Requires(auth.AddConvention).Write(), Handler: r.synchroniser},
	}
}

// chercher finds operations by number.
//
//	@Summary		Chercher une opération par son numéro
//	@Description	L’opération du SIAP, sinon celle de votre périmètre qui porte exactement ce numéro, sinon au plus dix numéros ressemblants. La recherche ignore les barres, les tirets, les espaces et les points.
//	@Tags			operations
//	@Produce		json
//	@Param			q	query		string	false	"Numéro d’opération"	maxLength(255)	example(20240100777)
//	@Success		200	{array}		OperationTrouvee
//	@Failure		400,401,403,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/operations [get]
func (r Operations) chercher(c echo.Context) error {
	q, err := httpapi.Query(c, "q")
	if err != nil {
		return err
	}
	texte := q.TextMax("q", 255)
	if err := q.Err(); err != nil {
		return err
	}
	trouvees, err := r.Service.Chercher(c.Request().Context(), httpapi.Principal(c), texte)
	if err != nil {
		return err
	}
	out := make([]OperationTrouvee, 0, len(trouvees))
	for _, t := range trouvees {
		out = append(out, OperationTrouvee{
			Numero: t.Numero, Nom: t.Nom, Bailleur: t.Bailleur, Commune: t.Commune,
			NatureLogement: string(t.NatureLogement), CorrespondanceExacte: t.CorrespondanceExacte,
		})
	}
	return c.JSON(http.StatusOK, out)
}

// consulter shows an operation with its conventions.
//
//	@Summary		Consulter une opération
//	@Description	L’opération telle que le SIAP la décrit, ou telle qu’elle est connue ici si le SIAP ne répond pas, avec les conventions de votre périmètre. Cette lecture n’écrit rien : les conventions manquantes se créent par « synchronisation ». Le numéro est encodé dans l’adresse (une barre s’écrit %2F).
//	@Tags			operations
//	@Produce		json
//	@Param			numero	path		string	true	"Numéro d’opération"	maxLength(255)	example(20240100777)
//	@Success		200		{object}	OperationFiche
//	@Failure		400,401,403,404,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/operations/{numero} [get]
func (r Operations) consulter(c echo.Context) error {
	if _, err := httpapi.Query(c); err != nil {
		return err
	}
	numero, err := numeroParam(c)
	if err != nil {
		return err
	}
	ctx, p := c.Request().Context(), httpapi.Principal(c)
	vue, err := r.Service.Consulter(ctx, p, numero)
	if err != nil {
		return err
	}
	lignes, err := r.lignes(ctx, p, vue)
	if err != nil {
		return err
	}
	fiche := ficheOperation(vue, lignes)
	if r.LienSIAP != nil && p.HabilitationID != 0 {
		fiche.LienSIAP = r.LienSIAP(ctx, fiche.Numero, p.HabilitationID)
	}
	if r.Regroupables != nil {
		if fiche.Regroupables, err = r.Regroupables(ctx, p, vue.OperationIDs); err != nil {
			return err
		}
	}
	return c.JSON(http.StatusOK, fiche)
}

// synchroniser brings an operation of SIAP and its missing conventions.
//
//	@Summary		Créer les conventions d’une opération
//	@Description	Lit l’opération dans le SIAP et crée ce qui manque : bailleur, administration, opération, une convention par financement. Relancer la commande ne crée rien de plus. Ce qui empêche la création est dit dans « messages ».
//	@Tags			operations
//	@Accept			json
//	@Produce		json
//	@Param			numero			path		string					true	"Numéro d’opération"	maxLength(255)	example(20240100777)
//	@Param			Idempotency-Key	header		string					false	"Identifiant unique de la demande"
//	@Param			corps			body		SynchronisationDemande	false	"Réponse au choix d’une seconde vie"
//	@Success		200				{object}	OperationSynchronisation
//	@Failure		400,401,403,404,409,413,415,422,429,500	{object}	httpapi.Problem
//	@Security		BearerAuth
//	@Router			/operations/{numero}/synchronisation [post]
func (r Operations) synchroniser(c echo.Context) error {
	numero, err := numeroParam(c)
	if err != nil {
		return err
	}
	var corps SynchronisationDemande
	if err := httpapi.BindOptionalJSON(c, &corps); err != nil {
		return err
	}
	res, err := r.Service.Synchroniser(c.Request().Context(), httpapi.Principal(c),
		operation.Demande{Numero: numero, JamaisConventionnee: corps.JamaisConventionnee})
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, OperationSynchronisation{
		Numero: res.Numero, OperationUUID: res.OperationUUID, Creees: referencesConvention(res.Creees),
		Existantes: referencesConvention(res.Existantes), Messages: messagesOperation(res.Messages),
	})
}

// maxNumero is the length of the longest number of an operation, in characters.
const maxNumero = 255

// numeroParam reads the number of the path. Echo leaves a segment encoded when the address needed it,
// as a slash does.
func numeroParam(c echo.Context) (string, error) {
	numero := c.Param("numero")
	if c.Request().URL.RawPath != "" {
		var err error
		if numero, err = url.PathUnescape(numero); err != nil {
			return "", fault.Introuvable("Cette opération").Because(err)
		}
	}
	if !utf8.ValidString(numero) || strings.ContainsRune(numero, 0) || utf8.RuneCountInString(numero) > maxNumero {
		return "", fault.Introuvable("Cette opération")
	}
	return numero, nil
}

// Bounds of the lines of one operation: a few financements and their avenants.
const (
	lignesParLecture = 100
	lecturesMax      = 10
)

// lignes loads the lines of the conventions of an operation, by uuid.
func (r Operations) lignes(ctx context.Context, p auth.Principal, vue operation.Vue) (map[string]ConventionLigne, error) {
	out := map[string]ConventionLigne{}
	for _, id := range vue.OperationIDs {
		for page := 1; page <= lecturesMax; page++ {
			res, err := r.Conventions.Lister(ctx, p, convention.Filtre{
				OperationID: id, Tri: "cree_le", ParPage: lignesParLecture, Page: page,
			})
			if err != nil {
				return nil, err
			}
			for _, l := range res.Lignes {
				out[l.UUID.String()] = ligne(p, l)
			}
			if page*lignesParLecture >= res.Total {
				break
			}
		}
	}
	return out, nil
}
