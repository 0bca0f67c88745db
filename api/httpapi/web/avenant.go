package web

import (
	"context"
	"net/http"
	"time"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/httpapi"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// ServiceAvenants starts and lists avenants (convention.Service).
type ServiceAvenants interface {
	Avenants(ctx context.Context, p auth.Principal, id uuid.UUID) ([]convention.Avenant, error)
	CreerAvenant(ctx context.Context, p auth.Principal, id uuid.UUID, types []string) (*convention.Dossier, error)
}

// Avenants serves the avenants of a convention (02 §3).
type Avenants struct {
	Service     ServiceAvenants
	Conventions Conventions // shows what was created
}

// Routes implements httpapi.Resource.
func (r Avenants) Routes() []httpapi.Route {
	return []httpapi.Route{
		{Method: http.MethodGet, Path: "/conventions/:uuid/avenants", Access: httpapi.Requires(auth.ViewConvention), Handler: r.lister},
		{Method: http.MethodPost, Path: "/conventions/:uuid/avenants", Access: httpapi.Requires(auth.AddConvention).Write(), Handler: r.creer},
	}
}

// AvenantLigne is an avenant in the list of its convention.
type AvenantLigne struct {
	UUID          uuid.UUID  `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Genre         string     `json:"genre" validate:"required" enums:"avenant,denonciation,resiliation"`
	Statut        string     `json:"statut" validate:"required" enums:"PROJET,INSTRUCTION,CORRECTION,A_SIGNER,SIGNEE,PUBLICATION_EN_COURS,PUBLIE,RESILIEE,DENONCEE,ANNULEE"`
	StatutLibelle string     `json:"statut_libelle" validate:"required"`
	StatutIcone   string     `json:"statut_icone" validate:"required"`
	Numero        *string    `json:"numero" extensions:"x-nullable"`
	Rang          *int       `json:"rang" extensions:"x-nullable"`
	Types         []string   `json:"types" validate:"required"`
	DateSignature *date.Date `json:"date_signature" extensions:"x-nullable" swaggertype:"string" format:"date"`
	// PrecisionSignature is ANNEE when only the year of the signature is known.
	PrecisionSignature string     `json:"precision_date_signature" validate:"required" enums:"JOUR,ANNEE"`
	ValideLe           *date.Date `json:"valide_le" extensions:"x-nullable" swaggertype:"string" format:"date"`
	CreeLe             time.Time  `json:"cree_le" validate:"required"`
	MisAJourLe         time.Time  `json:"mis_a_jour_le" validate:"required"`
	CreePar            string     `json:"cree_par" validate:"required"`
	Bailleur           string     `json:"bailleur" validate:"required"`
} // @name AvenantLigne

// NouvelAvenant is the body of a creation.
type NouvelAvenant struct {
	Types []string `json:"types" enums:"bailleur,programme,cadastre,edd,duree,logements,stationnement,foyer_attribution,residence_attribution,variantes,champ_libre,commentaires,denonciation,resiliation"`
} // @name NouvelAvenant

// lister lists the avenants of a convention.
//
//	@Summary		Lister les avenants d’une convention
//	@Description	Ceux de toute la famille que vous voyez, dans l’ordre de leur signature, puis de leur création.
//	@Tags			avenants
//	@Produce		json
//	@Param			uuid	path	string			true	"Identifiant de la convention ou d’un de ses avenants"	format(uuid)
//	@Success		200		{array}	AvenantLigne	"Avenants"
//	@Failure		400,401,403,404,429,500	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/conventions/{uuid}/avenants [get]
func (r Avenants) lister(c echo.Context) error {
	if _, err := httpapi.Query(c); err != nil {
		return err
	}
	id, err := httpapi.UUIDParam(c, "uuid")
	if err != nil {
		return err
	}
	p := httpapi.Principal(c)
	avenants, err := r.Service.Avenants(c.Request().Context(), p, id)
	if err != nil {
		return err
	}
	out := make([]AvenantLigne, 0, len(avenants))
	for _, a := range avenants {
		out = append(out, AvenantLigne{
			UUID: a.UUID, Genre: string(a.Genre()), Statut: string(a.Statut), StatutLibelle: a.Statut.Libelle(p.CoteInstructeur(), a.Genre()),
			StatutIcone: a.Statut.Icone(), Numero: a.Numero, Rang: a.Rang, Types: a.Types, DateSignature: a.SigneLe, PrecisionSignature: a.PrecisionSignature, ValideLe: a.ValideLe,
			CreeLe: a.CreeLe, MisAJourLe: a.MisAJourLe, CreePar: a.CreePar, Bailleur: a.Bailleur,
		})
	}
	return c.JSON(http.StatusOK, out)
}

// creer starts an avenant.
//
//	@Summary		Créer un avenant
//	@Description	Copie la dernière version en vigueur de la convention (opération, lots, logements, annexes, prêts, stationnements, cadastre…) dans un avenant au statut PROJET. Un seul avenant peut être en cours : sinon, 409 AVENANT_EN_COURS donne son identifiant.
//	@Tags			avenants
//	@Accept			json
//	@Produce		json
//	@Param			uuid			path		string			true	"Identifiant de la convention ou d’un de ses avenants"	format(uuid)
//	@Param			Idempotency-Key	header		string			false	"Clé d’idempotence"
//	@Param			corps			body		NouvelAvenant	false	"Ce que l’avenant modifie"
//	@Success		201				{object}	Convention		"Avenant créé"
//	@Header			201				{string}	Location		"Adresse de l’avenant"
//	@Header			201				{string}	ETag			"Version"
//	@Failure		400,401,403,404,409,413,415,422,429,500,503	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/conventions/{uuid}/avenants [post]
func (r Avenants) creer(c echo.Context) error {
	id, err := httpapi.UUIDParam(c, "uuid")
	if err != nil {
		return err
	}
	var corps NouvelAvenant
	if err := httpapi.BindOptionalJSON(c, &corps); err != nil {
		return err
	}
	p := httpapi.Principal(c)
	d, err := r.Service.CreerAvenant(c.Request().Context(), p, id, corps.Types)
	if err != nil {
		return err
	}
	v, err := r.Conventions.vue(c.Request().Context(), p, d)
	if err != nil {
		return err
	}
	httpapi.SetETag(c, d.Convention.Version)
	return httpapi.Created(c, "/api/v1/conventions/"+d.Convention.UUID.String(), v)
}
