package web

import (
	"time"

	"apilos/api/convention"
	"apilos/api/operation"
	"github.com/google/uuid"
)

// OperationTrouvee is an operation found by its number.
type OperationTrouvee struct {
	Numero               string `json:"numero" validate:"required" example:"20240100777"`
	Nom                  string `json:"nom" validate:"required" example:"Quai Bleu"`
	Bailleur             string `json:"bailleur" validate:"required"`
	Commune              string `json:"commune" validate:"required"`
	NatureLogement       string `json:"nature_logement" validate:"required"`
	CorrespondanceExacte bool   `json:"correspondance_exacte" validate:"required"`
} // @name OperationTrouvee

// OperationBailleur names the bailleur of an operation; uuid is null when it is not known here, siren
// when it is a private owner.
type OperationBailleur struct {
	UUID  *string `json:"uuid" extensions:"x-nullable" format:"uuid"`
	Nom   string  `json:"nom" validate:"required"`
	Siren *string `json:"siren" extensions:"x-nullable"`
} // @name OperationBailleur

// OperationFinancement groups the conventions of one financement.
type OperationFinancement struct {
	Financement string            `json:"financement" validate:"required" example:"PLUS"`
	Libelle     string            `json:"libelle" validate:"required"`
	NbLogements int               `json:"nb_logements" validate:"required"`
	TypeHabitat string            `json:"type_habitat" validate:"required" enums:"MIXTE,INDIVIDUEL,COLLECTIF"`
	Conventions []ConventionLigne `json:"conventions" validate:"required"`
} // @name OperationFinancement

// OperationMessage is something to tell about an operation (CR-10).
type OperationMessage struct {
	Code     string         `json:"code" validate:"required" example:"PLUSIEURS_CONVENTIONS"`
	Niveau   string         `json:"niveau" validate:"required" enums:"info,warning,error"`
	Detail   string         `json:"detail" validate:"required"`
	Contexte map[string]any `json:"contexte" validate:"required" swaggertype:"object"`
} // @name OperationMessage

// OperationFiche is the page of an operation.
type OperationFiche struct {
	Numero                string                 `json:"numero" validate:"required" example:"20240100777"`
	Source                string                 `json:"source" validate:"required" enums:"siap,local"`
	LuLe                  time.Time              `json:"lu_le" validate:"required"`
	UUID                  *uuid.UUID             `json:"uuid" extensions:"x-nullable" swaggertype:"string" format:"uuid"`
	Nom                   string                 `json:"nom" validate:"required"`
	Adresse               string                 `json:"adresse" validate:"required"`
	CodePostal            string                 `json:"code_postal" validate:"required"`
	Ville                 string                 `json:"ville" validate:"required"`
	Bailleur              *OperationBailleur     `json:"bailleur" extensions:"x-nullable"`
	Administration        *AdministrationResumee `json:"administration" extensions:"x-nullable"`
	NatureLogement        string                 `json:"nature_logement" validate:"required"`
	NatureLogementLibelle string                 `json:"nature_logement_libelle" validate:"required"`
	TypeOperation         string                 `json:"type_operation" validate:"required"`
	TypeOperationLibelle  string                 `json:"type_operation_libelle" validate:"required"`
	SecondeVie            bool                   `json:"seconde_vie" validate:"required"`
	Zone123               *string                `json:"zone_123" extensions:"x-nullable"`
	ZoneABC               *string                `json:"zone_abc" extensions:"x-nullable"`
	LienSIAP              string                 `json:"lien_siap" validate:"required"`
	Financements          []OperationFinancement `json:"financements" validate:"required"`
	Avenants              []ConventionLigne      `json:"avenants" validate:"required"`
	ConventionsManquantes []string               `json:"conventions_manquantes" validate:"required"`
	Messages              []OperationMessage     `json:"messages" validate:"required"`
	PeutCreer             bool                   `json:"peut_creer" validate:"required"`
	Regroupables          []uuid.UUID            `json:"regroupables" validate:"required" swaggertype:"array,string"` // que vous pouvez grouper ou dégrouper
} // @name OperationFiche

// SynchronisationDemande is the optional body of a synchronisation.
type SynchronisationDemande struct {
	// JamaisConventionnee answers the choice of a seconde vie: no convention to replace.
	JamaisConventionnee bool `json:"jamais_conventionnee"`
} // @name SynchronisationDemande

// ConventionReference names a convention by one of its financements.
type ConventionReference struct {
	UUID        uuid.UUID `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Financement string    `json:"financement" validate:"required"`
} // @name ConventionReference

// OperationSynchronisation is what a synchronisation did.
type OperationSynchronisation struct {
	Numero        string                `json:"numero" validate:"required"`
	OperationUUID *uuid.UUID            `json:"operation_uuid" extensions:"x-nullable" swaggertype:"string" format:"uuid"`
	Creees        []ConventionReference `json:"creees" validate:"required"`
	Existantes    []ConventionReference `json:"existantes" validate:"required"`
	Messages      []OperationMessage    `json:"messages" validate:"required"`
} // @name OperationSynchronisation

// ficheOperation maps a view; lignes gives the line of each convention, those of a convention deleted
// meanwhile are left out.
func ficheOperation(v operation.Vue, lignes map[string]ConventionLigne) OperationFiche {
	o := v.Operation
	f := OperationFiche{
		Numero: o.NumeroOperation, Source: string(v.Provenance), LuLe: v.LuLe, Nom: o.Nom, Adresse: o.Adresse,
		CodePostal: o.CodePostal, Ville: o.Ville, NatureLogement: string(o.NatureLogement), NatureLogementLibelle: o.NatureLogement.Libelle(),
		TypeOperation: string(o.TypeOperation), TypeOperationLibelle: o.TypeOperation.Libelle(), SecondeVie: o.SecondeVie,
		Zone123: (*string)(o.Zone123), ZoneABC: (*string)(o.ZoneAbc), PeutCreer: v.PeutCreer,
		Financements: []OperationFinancement{}, ConventionsManquantes: []string{}, Regroupables: []uuid.UUID{},
		Avenants: lignesDe(v.Avenants, lignes), Messages: messagesOperation(v.Messages),
	}
	if o.ID != 0 {
		f.UUID = &o.UUID
	}
	if v.Bailleur.Nom != "" {
		f.Bailleur = &OperationBailleur{UUID: texteOuNul(v.Bailleur.UUID), Nom: v.Bailleur.Nom, Siren: texteOuNul(v.Bailleur.Siren)}
	}
	if v.Administration != nil {
		f.Administration = &AdministrationResumee{Nom: v.Administration.Nom, Code: v.Administration.Code}
	}
	for _, g := range v.Financements {
		f.Financements = append(f.Financements, OperationFinancement{
			Financement: string(g.Financement), Libelle: convention.Financement(g.Financement).Libelle(),
			NbLogements: g.NbLogements, TypeHabitat: g.TypeHabitat, Conventions: lignesDe(g.Conventions, lignes),
		})
	}
	for _, m := range v.Manquantes {
		f.ConventionsManquantes = append(f.ConventionsManquantes, string(m))
	}
	return f
}

func lignesDe(conventions []operation.ConventionOperation, lignes map[string]ConventionLigne) []ConventionLigne {
	out := make([]ConventionLigne, 0, len(conventions))
	for _, c := range conventions {
		if l, ok := lignes[c.UUID.String()]; ok {
			out = append(out, l)
		}
	}
	return out
}

func messagesOperation(messages []operation.Message) []OperationMessage {
	out := make([]OperationMessage, 0, len(messages))
	for _, m := range messages {
		contexte := m.Contexte
		if contexte == nil {
			contexte = map[string]any{}
		}
		out = append(out, OperationMessage{m.Code, string(m.Niveau), m.Detail, contexte})
	}
	return out
}

func referencesConvention(refs []operation.Reference) []ConventionReference {
	out := make([]ConventionReference, 0, len(refs))
	for _, r := range refs {
		out = append(out, ConventionReference{r.UUID, string(r.Financement)})
	}
	return out
}

func texteOuNul(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
