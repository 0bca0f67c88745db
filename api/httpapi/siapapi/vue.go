package siapapi

import (
	"encoding/json"

	"apilos/api/administration"
	"apilos/api/bailleur"
	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/echange"
	"apilos/api/operation"

	"github.com/shopspring/decimal"
)

// Operation is an operation with its conventions (05 A.6).
type Operation struct {
	VersionOperation
	Bailleur       Bailleur        `json:"bailleur" validate:"required"`
	Administration *Administration `json:"administration" validate:"required" extensions:"x-nullable"`
	Conventions    []Convention    `json:"conventions" validate:"required"`
} // @name Operation

// OperationCloture is an operation with what decides of its closing (05 A.7).
type OperationCloture struct {
	Operation
	ToutesSignees bool         `json:"all_conventions_are_signed" validate:"required"`
	DernierEtat   []Convention `json:"last_conventions_state" validate:"required"`
} // @name ClosingOperation

// VersionOperation is what describes an operation, in general or as one of its conventions knows it (05 A.6.8).
type VersionOperation struct {
	Nom                      string     `json:"nom" validate:"required" example:"Quai Bleu"`
	CodePostal               string     `json:"code_postal" validate:"required" example:"35000"`
	Ville                    string     `json:"ville" validate:"required" example:"Rennes"`
	Adresse                  string     `json:"adresse" validate:"required" example:"3 quai Bleu"`
	NumeroOperation          string     `json:"numero_operation" validate:"required" example:"20240100777"`
	Zone123                  *string    `json:"zone_123" validate:"required" extensions:"x-nullable" enums:"1,1bis,2,3" example:"2"`
	ZoneABC                  *string    `json:"zone_abc" validate:"required" extensions:"x-nullable" enums:"A,Abis,B1,B2,C,DROM" example:"B1"`
	TypeOperation            string     `json:"type_operation" validate:"required" enums:"SANSOBJET,NEUF,VEFA,ACQUIS,ACQUISAMELIORATION,REHABILITATION,ACQUISSANSTRAVAUX,SANSTRAVAUX,USUFRUIT" example:"NEUF"`
	Anru                     bool       `json:"anru" validate:"required"`
	DateAchevementPrevisible *date.Date `json:"date_achevement_previsible" validate:"required" format:"date" extensions:"x-nullable"`
	DateAchat                *date.Date `json:"date_achat" validate:"required" format:"date" extensions:"x-nullable"`
	DateAchevement           *date.Date `json:"date_achevement" validate:"required" format:"date" extensions:"x-nullable"`
} // @name OperationVersion

// Bailleur is a landlord (05 A.6.1). A private owner has neither siren nor siret (00 decision 11).
type Bailleur struct {
	Nom                string       `json:"nom" validate:"required" example:"OPH Exemple"`
	Siren              *string      `json:"siren" validate:"required" extensions:"x-nullable" example:"900000001"`
	Siret              *string      `json:"siret" validate:"required" extensions:"x-nullable" example:"900000001"`
	Adresse            *string      `json:"adresse" validate:"required" extensions:"x-nullable"`
	CodePostal         *string      `json:"code_postal" validate:"required" extensions:"x-nullable"`
	Ville              *string      `json:"ville" validate:"required" extensions:"x-nullable"`
	CapitalSocial      *json.Number `json:"capital_social" validate:"required" swaggertype:"number" extensions:"x-nullable"`
	SousNatureBailleur string       `json:"sous_nature_bailleur" validate:"required" example:"NONRENSEIGNE"`
} // @name Bailleur

// Administration is an instructing service (05 A.6.2).
type Administration struct {
	Nom            string  `json:"nom" validate:"required" example:"35047 - Rennes Est"`
	Code           string  `json:"code" validate:"required" example:"35047"`
	VilleSignature *string `json:"ville_signature" validate:"required" extensions:"x-nullable"`
} // @name Administration

// Convention is a convention or an avenant (05 A.6.3).
type Convention struct {
	DateFinConventionnement *date.Date       `json:"date_fin_conventionnement" validate:"required" format:"date" extensions:"x-nullable"`
	FondPropre              *json.Number     `json:"fond_propre" validate:"required" swaggertype:"number" extensions:"x-nullable"`
	Lots                    []Lot            `json:"lots" validate:"required"`
	OperationVersion        VersionOperation `json:"operation_version" validate:"required"`
	Numero                  *string          `json:"numero" validate:"required" extensions:"x-nullable"`
	Statut                  string           `json:"statut" validate:"required" enums:"1. Projet,2. Instruction requise,3. Corrections requises,4. A signer,5. Signée,5. Publication en cours,6. Résiliée,7. Dénoncée,7. Publié,8. Annulée en suivi" example:"1. Projet"`
} // @name Convention

func vueOperation(f *echange.Famille) Operation {
	out := Operation{VersionOperation: vueVersion(f.Affichee), Bailleur: vueBailleur(f.Bailleur), Conventions: vueConventions(f, f.Conventions)}
	if f.Administration != nil {
		a := vueAdministration(*f.Administration)
		out.Administration = &a
	}
	return out
}

func vueCloture(c *echange.Cloture) OperationCloture {
	return OperationCloture{Operation: vueOperation(c.Famille), ToutesSignees: c.ToutesSignees, DernierEtat: vueConventions(c.Famille, c.DernierEtat)}
}

func vueConventions(f *echange.Famille, liste []convention.Convention) []Convention {
	out := make([]Convention, 0, len(liste))
	for _, c := range liste {
		out = append(out, Convention{
			DateFinConventionnement: c.DateFinConventionnement, FondPropre: nombre(c.FondPropre), Lots: vueLots(&f.Contenu, c.ID),
			OperationVersion: vueVersion(f.Versions[c.OperationID]), Numero: texte(c.Numero), Statut: c.Statut.Stocke(),
		})
	}
	return out
}

func vueVersion(o operation.Operation) VersionOperation {
	return VersionOperation{
		Nom: o.Nom, CodePostal: o.CodePostal, Ville: o.Ville, Adresse: o.Adresse, NumeroOperation: o.NumeroOperation,
		Zone123: code(o.Zone123), ZoneABC: code(o.ZoneAbc), TypeOperation: string(o.TypeOperation), Anru: o.Anru,
		DateAchevementPrevisible: o.DateAchevementPrevisible, DateAchat: o.DateAchat, DateAchevement: o.DateAchevement,
	}
}

func vueBailleur(b bailleur.Bailleur) Bailleur {
	out := Bailleur{
		Nom: b.Nom, Adresse: texte(&b.Adresse), CodePostal: texte(&b.CodePostal), Ville: texte(&b.Ville),
		CapitalSocial: nombre(b.CapitalSocial), SousNatureBailleur: string(b.SousNatureBailleur),
	}
	if b.TypeIdentifiant != bailleur.TypeEmail {
		out.Siren, out.Siret = texte(b.Siren), texte(b.Siret)
	}
	return out
}

func vueAdministration(a administration.Administration) Administration {
	return Administration{Nom: a.Nom, Code: a.Code, VilleSignature: texte(&a.VilleSignature)}
}

// texte writes an absent text as null: the database keeps it empty.
func texte(s *string) *string {
	if s == nil || *s == "" {
		return nil
	}
	return s
}

func code[T ~string](v *T) *string {
	if v == nil || *v == "" {
		return nil
	}
	s := string(*v)
	return &s
}

// nombre writes a decimal as a JSON number, without going through binary.
func nombre(d decimal.NullDecimal) *json.Number {
	if !d.Valid {
		return nil
	}
	n := json.Number(d.Decimal.String())
	return &n
}

// fixe writes a decimal as a text with exactly n decimals.
func fixe(d decimal.NullDecimal, n int32) *string {
	if !d.Valid {
		return nil
	}
	s := d.Decimal.StringFixed(n)
	return &s
}
