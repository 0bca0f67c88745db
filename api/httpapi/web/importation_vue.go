package web

import (
	"fmt"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/fault"
	"apilos/api/operation"

	"github.com/google/uuid"
)

// EntiteAuChoix is a bailleur or an administration that a form proposes; code is the SIREN of a bailleur, empty for a
// private owner.
type EntiteAuChoix struct {
	UUID uuid.UUID `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Nom  string    `json:"nom" validate:"required"`
	Code string    `json:"code" validate:"required"`
} // @name EntiteAuChoix

// OperationDecrite is an operation described by hand.
type OperationDecrite struct {
	BailleurUUID       string `json:"bailleur_uuid" validate:"required" format:"uuid"`
	AdministrationUUID string `json:"administration_uuid" validate:"required" format:"uuid"`
	Nom                string `json:"nom" validate:"required" maxLength:"255" example:"Quai Bleu"`
	Financement        string `json:"financement" validate:"required" enums:"PLUS,PLUS_CD,PLAI,PLS,SANS_FINANCEMENT"`
	NatureLogement     string `json:"nature_logement" validate:"required" enums:"LOGEMENTSORDINAIRES,AUTRE,HEBERGEMENT,RESISDENCESOCIALE,PENSIONSDEFAMILLE,RESIDENCEDACCUEIL,RESIDENCEUNIVERSITAIRE,RHVS"`
	NbLogements        int    `json:"nb_logements" validate:"required" minimum:"1" maximum:"100000"`
	CodePostal         string `json:"code_postal" validate:"required" example:"87000"`
	Ville              string `json:"ville" validate:"required" maxLength:"255" example:"Limoges"`
}

func (o OperationDecrite) saisie() (convention.OperationSaisie, error) {
	bailleur, err := uuidDuCorps("/bailleur_uuid", o.BailleurUUID)
	if err != nil {
		return convention.OperationSaisie{}, err
	}
	administration, err := uuidDuCorps("/administration_uuid", o.AdministrationUUID)
	if err != nil {
		return convention.OperationSaisie{}, err
	}
	return convention.OperationSaisie{
		BailleurUUID: bailleur, AdministrationUUID: administration, Nom: o.Nom, Financement: convention.Financement(o.Financement),
		NatureLogement: operation.NatureLogement(o.NatureLogement), NbLogements: o.NbLogements, CodePostal: o.CodePostal, Ville: o.Ville,
	}, nil
}

// uuidDuCorps reads an identifier; an empty one is refused later, with the other fields.
func uuidDuCorps(pointeur, texte string) (uuid.UUID, error) {
	if texte == "" {
		return uuid.Nil, nil
	}
	id, err := uuid.Parse(texte)
	if err != nil {
		return uuid.Nil, fault.New(fault.Invalid, "invalide", "Un identifiant n’a pas la forme d’un uuid.").
			WithFields(fault.Field{Pointer: pointeur, Code: "format", Detail: "Donnez l’identifiant d’un élément de la liste."}).Because(err)
	}
	return id, nil
}

// ConventionManuelle is a convention without agreement of SIAP.
type ConventionManuelle struct {
	OperationDecrite
	NumeroOperation string `json:"numero_operation" validate:"required" maxLength:"255" example:"20240100777"`
	TypeHabitat     string `json:"type_habitat" validate:"required" enums:"MIXTE,INDIVIDUEL,COLLECTIF"`
	// UtiliserOperation adds the convention to the operation that already has this number.
	UtiliserOperation bool `json:"utiliser_operation"`
	// RevisionID is always refused: a signed document does not sign a convention made here.
	RevisionID string `json:"revision_id"`
} // @name ConventionManuelle

// ConventionDeclaree is a convention unknown of the platform, with the number of the avenant to start.
type ConventionDeclaree struct {
	OperationDecrite
	Numero         string `json:"numero" validate:"required" maxLength:"255" example:"75.D.12.0042"`
	AnneeSignature int    `json:"annee_signature" validate:"required" minimum:"1900" maximum:"2200" example:"2012"`
	NumeroAvenant  string `json:"numero_avenant" validate:"required" maxLength:"255" example:"3"`
	RevisionID     string `json:"revision_id"` // of the signed document, if any
} // @name ConventionDeclaree

// DocumentImporte is a signed document received before its convention.
type DocumentImporte struct {
	RevisionID string `json:"revision_id" validate:"required"`
	Nom        string `json:"nom" validate:"required"`
	Taille     int64  `json:"taille" validate:"required"`
	Sha256     string `json:"sha256" validate:"required"`
} // @name DocumentImporte

// ConventionDejaSignee is a convention signed outside the platform.
type ConventionDejaSignee struct {
	NumeroOperation string `json:"numero_operation" validate:"required" maxLength:"255" example:"20240100777"`
	Numero          string `json:"numero" validate:"required" maxLength:"255" example:"87.D.98.0012"`
	NbLogements     int    `json:"nb_logements" validate:"required" minimum:"1" maximum:"100000"`
	Financement     string `json:"financement" validate:"required" enums:"PLUS,PLUS_CD,PLAI,PLS,SANS_FINANCEMENT"`
	TypeHabitat     string `json:"type_habitat" enums:"MIXTE,INDIVIDUEL,COLLECTIF"` // MIXTE when it is not known
	AnneeSignature  int    `json:"annee_signature" validate:"required" minimum:"1900" maximum:"2200" example:"1998"`
	RevisionID      string `json:"revision_id" validate:"required"`
} // @name ConventionDejaSignee

// LotApresAvenant is the number of dwellings of a lot after an avenant.
type LotApresAvenant struct {
	Financement string `json:"financement" validate:"required" example:"PLUS"`
	NbLogements int    `json:"nb_logements" validate:"required" minimum:"1" maximum:"100000"`
} // @name LotApresAvenant

// AvenantDejaSigne is an avenant signed outside the platform.
type AvenantDejaSigne struct {
	Numero         string            `json:"numero" validate:"required" maxLength:"255" example:"1"`
	AnneeSignature int               `json:"annee_signature" validate:"required" minimum:"1900" maximum:"2200" example:"1998"`
	RevisionID     string            `json:"revision_id" validate:"required"`
	BailleurUUID   string            `json:"bailleur_uuid" format:"uuid"`               // after this avenant, when it changes
	NbLogements    int               `json:"nb_logements" minimum:"1" maximum:"100000"` // after this avenant, of a convention with one financement
	Lots           []LotApresAvenant `json:"lots"`                                      // idem, with several
	ChampLibre     string            `json:"champ_libre_avenant" maxLength:"5000"`      // printed text
	Description    string            `json:"desc_avenant" maxLength:"5000"`             // what the avenant is about
	Types          []string          `json:"types" enums:"bailleur,programme,cadastre,edd,duree,logements,stationnement,foyer_attribution,residence_attribution,variantes,champ_libre,commentaires"`
} // @name AvenantDejaSigne

func (a AvenantDejaSigne) demande() (convention.ImportAvenant, error) {
	in := convention.ImportAvenant{
		Numero: a.Numero, AnneeSignature: a.AnneeSignature, RevisionID: a.RevisionID, ChampLibre: a.ChampLibre, Description: a.Description, Types: a.Types,
	}
	bailleur, err := uuidDuCorps("/bailleur_uuid", a.BailleurUUID)
	if err != nil {
		return in, err
	}
	if bailleur != uuid.Nil {
		in.BailleurUUID = &bailleur
	}
	if a.NbLogements != 0 {
		in.NbLogements = &a.NbLogements
	}
	for i := range a.Lots {
		f := convention.Financement(a.Lots[i].Financement)
		if !f.Valid() {
			return in, fault.New(fault.Invalid, "invalide", "Un financement n’est pas connu.").
				WithFields(fault.Field{Pointer: fmt.Sprintf("/lots/%d/financement", i), Code: "enum", Detail: "Donnez un financement de la convention."})
		}
		in.Lots = append(in.Lots, convention.LotVersion{Financement: f, NbLogements: &a.Lots[i].NbLogements})
	}
	return in, nil
}

// ConventionInitiale is a convention that may be amended.
type ConventionInitiale struct {
	UUID           uuid.UUID  `json:"uuid" validate:"required" swaggertype:"string" format:"uuid"`
	Numero         string     `json:"numero" validate:"required"`
	Statut         string     `json:"statut" validate:"required" enums:"PROJET,INSTRUCTION,CORRECTION,A_SIGNER,SIGNEE,PUBLICATION_EN_COURS,PUBLIE,RESILIEE,DENONCEE,ANNULEE"`
	StatutLibelle  string     `json:"statut_libelle" validate:"required"`
	StatutIcone    string     `json:"statut_icone" validate:"required"`
	Nom            string     `json:"nom" validate:"required"`
	Ville          string     `json:"ville" validate:"required"`
	CodePostal     string     `json:"code_postal" validate:"required"`
	Bailleur       string     `json:"bailleur" validate:"required"`
	Financements   []string   `json:"financements" validate:"required"` // labels
	NbLogements    int        `json:"nb_logements" validate:"required"`
	ValideLe       *date.Date `json:"valide_le" extensions:"x-nullable" swaggertype:"string" format:"date"`
	DateSignature  *date.Date `json:"date_signature" extensions:"x-nullable" swaggertype:"string" format:"date"`
	AvenantEnCours *uuid.UUID `json:"avenant_en_cours" extensions:"x-nullable" swaggertype:"string" format:"uuid"`
	// AvenantPossible tells whether an avenant may be started now.
	AvenantPossible bool `json:"avenant_possible" validate:"required"`
} // @name ConventionInitiale

func vueConventionInitiale(p auth.Principal, c convention.ConventionInitiale) ConventionInitiale {
	out := ConventionInitiale{
		UUID: c.UUID, Numero: c.Numero, Statut: string(c.Statut), StatutLibelle: c.Statut.Libelle(p.CoteInstructeur(), convention.GenreConvention),
		StatutIcone: c.Statut.Icone(), Nom: c.Nom, Ville: c.Ville, CodePostal: c.CodePostal, Bailleur: c.Bailleur, Financements: []string{},
		NbLogements: c.NbLogements, ValideLe: c.ValideLe, DateSignature: c.SigneLe, AvenantEnCours: c.AvenantEnCours, AvenantPossible: c.AvenantPossible(),
	}
	for _, f := range c.Financements {
		out.Financements = append(out.Financements, f.Libelle())
	}
	return out
}
