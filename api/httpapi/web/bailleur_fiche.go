package web

import (
	"context"
	"net/http"
	"time"

	"apilos/api/auth"
	"apilos/api/bailleur"
	"apilos/api/date"
	"apilos/api/fault"
	"apilos/api/httpapi"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
	"github.com/shopspring/decimal"
)

// ServiceBailleurs reads and changes one bailleur.
type ServiceBailleurs interface {
	Lire(ctx context.Context, p auth.Principal, id uuid.UUID) (bailleur.Fiche, error)
	Modifier(ctx context.Context, p auth.Principal, id uuid.UUID, version int, m bailleur.Modification) (bailleur.Fiche, error)
}

// BailleurFiche is a bailleur with all that its page shows; a private owner has neither SIREN nor SIRET.
type BailleurFiche struct {
	UUID                       uuid.UUID       `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Version                    int             `json:"version" validate:"required"`
	Nom                        string          `json:"nom" validate:"required"`
	Siren                      *string         `json:"siren" extensions:"x-nullable"`
	Siret                      *string         `json:"siret" extensions:"x-nullable"`
	NatureBailleur             string          `json:"nature_bailleur" validate:"required" enums:"AUTRES,PRIVES,HLM,SEM"`
	SousNatureBailleur         string          `json:"sous_nature_bailleur" validate:"required"`
	CapitalSocial              *string         `json:"capital_social" extensions:"x-nullable" example:"1250000.00"`
	Adresse                    string          `json:"adresse" validate:"required"`
	CodePostal                 string          `json:"code_postal" validate:"required"`
	Ville                      string          `json:"ville" validate:"required"`
	SignataireNom              string          `json:"signataire_nom" validate:"required"`
	SignataireFonction         string          `json:"signataire_fonction" validate:"required"`
	SignataireDateDeliberation *date.Date      `json:"signataire_date_deliberation" extensions:"x-nullable" swaggertype:"string" format:"date"`
	SignataireBlocSignature    string          `json:"signataire_bloc_signature" validate:"required"`
	Parent                     *BailleurResume `json:"parent,omitempty"`
	CreeLe                     time.Time       `json:"cree_le" validate:"required"`
	MisAJourLe                 time.Time       `json:"mis_a_jour_le" validate:"required"`
} // @name Bailleur

// BailleurModification is the body of a change: what is absent stays, null erases.
type BailleurModification struct {
	Nom                        httpapi.Optional[string]              `json:"nom" swaggertype:"string" extensions:"x-nullable" maxLength:"255"`
	Siret                      httpapi.Optional[string]              `json:"siret" swaggertype:"string" extensions:"x-nullable"`
	CapitalSocial              httpapi.Optional[string]              `json:"capital_social" swaggertype:"string" extensions:"x-nullable" example:"1250000.00"`
	Adresse                    httpapi.Optional[string]              `json:"adresse" swaggertype:"string" extensions:"x-nullable" maxLength:"255"`
	CodePostal                 httpapi.Optional[string]              `json:"code_postal" swaggertype:"string" extensions:"x-nullable" maxLength:"5"`
	Ville                      httpapi.Optional[string]              `json:"ville" swaggertype:"string" extensions:"x-nullable" maxLength:"255"`
	SignataireNom              httpapi.Optional[string]              `json:"signataire_nom" swaggertype:"string" extensions:"x-nullable" maxLength:"255"`
	SignataireFonction         httpapi.Optional[string]              `json:"signataire_fonction" swaggertype:"string" extensions:"x-nullable" maxLength:"255"`
	SignataireDateDeliberation httpapi.Optional[string]              `json:"signataire_date_deliberation" swaggertype:"string" format:"date" extensions:"x-nullable"`
	SignataireBlocSignature    httpapi.Optional[string]              `json:"signataire_bloc_signature" swaggertype:"string" extensions:"x-nullable" maxLength:"5000"`
	NatureBailleur             httpapi.Optional[bailleur.Nature]     `json:"nature_bailleur" swaggertype:"string" extensions:"x-nullable" enums:"AUTRES,PRIVES,HLM,SEM"`
	SousNatureBailleur         httpapi.Optional[bailleur.SousNature] `json:"sous_nature_bailleur" swaggertype:"string" extensions:"x-nullable"`
	ParentUUID                 httpapi.Optional[uuid.UUID]           `json:"parent_uuid" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
} // @name BailleurModification

func vueBailleur(f bailleur.Fiche) BailleurFiche {
	v := BailleurFiche{
		UUID: f.UUID, Version: f.Version, Nom: f.Nom, NatureBailleur: string(f.NatureBailleur), SousNatureBailleur: string(f.SousNatureBailleur),
		Adresse: f.Adresse, CodePostal: f.CodePostal, Ville: f.Ville, SignataireNom: f.SignataireNom, SignataireFonction: f.SignataireFonction,
		SignataireDateDeliberation: f.SignataireDateDeliberation, SignataireBlocSignature: f.SignataireBlocSignature,
		CreeLe: f.CreeLe, MisAJourLe: f.MisAJourLe,
	}
	if f.TypeIdentifiant != bailleur.TypeEmail { // 00 decision 11
		v.Siren, v.Siret = f.Siren, f.Siret
	}
	if f.CapitalSocial.Valid {
		s := f.CapitalSocial.Decimal.StringFixed(2)
		v.CapitalSocial = &s
	}
	if f.Parent != nil {
		v.Parent = &BailleurResume{UUID: f.Parent.UUID, Nom: f.Parent.Nom}
	}
	return v
}

// lire returns one bailleur.
//
//	@Summary		Lire un bailleur
//	@Description	Un bailleur de votre périmètre. « siren » et « siret » sont nuls pour un bailleur privé, dont l’adresse électronique n’est jamais donnée.
//	@Tags			referentiels
//	@Produce		json
//	@Param			uuid	path		string			true	"Identifiant"	format(uuid)
//	@Success		200		{object}	BailleurFiche	"Bailleur"
//	@Failure		400,401,403,404,429,500	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/bailleurs/{uuid} [get]
func (r Bailleurs) lire(c echo.Context) error {
	id, err := uuidSeul(c)
	if err != nil {
		return err
	}
	f, err := r.Fiches.Lire(c.Request().Context(), httpapi.Principal(c), id)
	if err != nil {
		return err
	}
	httpapi.SetETag(c, f.Version)
	return c.JSON(http.StatusOK, vueBailleur(f))
}

// modifier changes a bailleur.
//
//	@Summary		Modifier un bailleur
//	@Description	Par une personne de ce bailleur, ou de celui auquel il est rattaché. La nature, la sous-nature et le rattachement (« parent_uuid », nul pour détacher) sont réservés à l’administration de la plateforme. Les conventions déjà validées gardent leur copie.
//	@Tags			referentiels
//	@Accept			application/merge-patch+json,json
//	@Produce		json
//	@Param			uuid		path		string					true	"Identifiant"	format(uuid)
//	@Param			If-Match	header		string					true	"Version lue, entre guillemets"
//	@Param			corps		body		BailleurModification	true	"Informations à changer"
//	@Success		200			{object}	BailleurFiche			"Bailleur à jour"
//	@Header			200			{string}	ETag					"Nouvelle version"
//	@Failure		400,401,403,404,412,413,415,422,428,429,500	{object}	httpapi.Problem	"Problème"
//	@Security		BearerAuth
//	@Router			/bailleurs/{uuid} [patch]
func (r Bailleurs) modifier(c echo.Context) error {
	id, err := httpapi.UUIDParam(c, "uuid")
	if err != nil {
		return err
	}
	version, err := httpapi.IfMatch(c)
	if err != nil {
		return err
	}
	var corps BailleurModification
	if err := httpapi.BindJSON(c, &corps); err != nil {
		return err
	}
	m, err := corps.modification()
	if err != nil {
		return err
	}
	f, err := r.Fiches.Modifier(c.Request().Context(), httpapi.Principal(c), id, version, m)
	if err != nil {
		return err
	}
	httpapi.SetETag(c, f.Version)
	return c.JSON(http.StatusOK, vueBailleur(f))
}

// modification reads the amounts and the days, which come as text.
func (b BailleurModification) modification() (bailleur.Modification, error) {
	m := bailleur.Modification{
		Nom: fusionne(b.Nom), Adresse: fusionne(b.Adresse), CodePostal: fusionne(b.CodePostal), Ville: fusionne(b.Ville),
		SignataireNom: fusionne(b.SignataireNom), SignataireFonction: fusionne(b.SignataireFonction), SignataireBlocSignature: fusionne(b.SignataireBlocSignature),
		Nature: fusionne(b.NatureBailleur), SousNature: fusionne(b.SousNatureBailleur),
		Siret:                      bailleur.Champ[string]{Donne: b.Siret.Present, Valeur: b.Siret.Ptr()},
		Parent:                     bailleur.Champ[uuid.UUID]{Donne: b.ParentUUID.Present, Valeur: b.ParentUUID.Ptr()},
		CapitalSocial:              bailleur.Champ[decimal.Decimal]{Donne: b.CapitalSocial.Present},
		SignataireDateDeliberation: bailleur.Champ[date.Date]{Donne: b.SignataireDateDeliberation.Present},
	}
	if s := b.CapitalSocial.Ptr(); s != nil {
		d, err := decimal.NewFromString(*s)
		if err != nil || len(*s) > 20 {
			return m, champInvalide("/capital_social", "format", "Saisissez un montant positif, à deux décimales au plus.")
		}
		m.CapitalSocial.Valeur = &d
	}
	if s := b.SignataireDateDeliberation.Ptr(); s != nil {
		d, err := date.Parse(*s)
		if err != nil {
			return m, champInvalide("/signataire_date_deliberation", "not_date", "Saisissez une date (jj/mm/aaaa).")
		}
		m.SignataireDateDeliberation.Valeur = &d
	}
	return m, nil
}

func champInvalide(pointeur, code, detail string) error {
	return fault.New(fault.Invalid, "invalide", "Des informations sont à corriger : rien n’a été enregistré.").
		WithFields(fault.Field{Pointer: pointeur, Code: code, Detail: detail})
}

// fusionne reads a member of a merge patch whose column is never null: null erases it (RFC 7396).
func fusionne[T any](o httpapi.Optional[T]) *T {
	if !o.Present {
		return nil
	}
	return &o.Value
}
