package convention

import (
	"fmt"
	"strings"

	"apilos/api/auth"
	"apilos/api/date"
	"apilos/api/fault"
	"apilos/api/operation"

	"github.com/google/uuid"
)

// InterrupteurSecondeVie opens the pages and the commands of seconde vie (02 §8.2).
const InterrupteurSecondeVie = "seconde_vie_on"

// Refusals of the choice of origins (02 §8.2).
const (
	CodeSecondeVieFermee    = "SECONDE_VIE_FERMEE"
	CodeSansSecondeVie      = "OPERATION_SANS_SECONDE_VIE"
	CodeOrigineRequise      = "ORIGINE_REQUISE"
	CodeOrigineInvalide     = "ORIGINE_INVALIDE"
	CodeOriginesFigees      = "ORIGINES_FIGEES"
	CodeSecondeVieSansObjet = "SECONDE_VIE_SANS_CONVENTION"
)

// ChoisirOrigines is the code of history and journal for a change of origins; the statut stays the same.
const ChoisirOrigines Code = "choisir_origines"

// originesMax bounds one choice.
const originesMax = 50

// Origine is a convention that a seconde vie replaces, or could replace (SV-02).
type Origine struct {
	UUID            uuid.UUID
	Numero          *string
	Statut          Statut
	OperationNom    string
	NumeroOperation string
	Ville           string
	Bailleur        string
	Financements    []string
	NbLogements     int
	SigneLe         *date.Date
}

// FiltreOrigines is a search of origins.
type FiltreOrigines struct {
	NumeroOperation string // normalised, of the seconde vie: its own conventions are not candidates
	Texte           string // in a number, the name of the operation or the town; "" for the latest ones
	Statut          Statut // among the ACTIF ones; "" for all
	Page, ParPage   int
}

// PageOrigines is a page of candidates.
type PageOrigines struct {
	Resultats []Origine
	Total     int
}

// EtatSecondeVie is the choice as it stands for an operation.
type EtatSecondeVie struct {
	Ouverte     bool // switch seconde_vie_on
	Conventions []*Dossier
	Origines    []Origine
	Masquees    int  // origins outside the perimeter of the reader
	Modifiable  bool // the reader may choose now (SV-07, SV-09)
	Raison      string
}

// ModeleSecondeVie tells whether documents follow the template of seconde vie (SV-08).
func (d *Dossier) ModeleSecondeVie() bool {
	return d.Operation.SecondeVie && d.SecondeVieOrigines > 0
}

// candidateOrigine is SV-02, on a dossier that the actor sees; the reason is "" when it may be an origin.
func (d *Dossier) candidateOrigine(operationNumero string) string {
	switch {
	case d.EstAvenant():
		return "un avenant ne peut pas être une origine"
	case !d.Convention.Statut.Actif():
		return "seule une convention signée et en vigueur peut être une origine"
	case operation.NormaliserNumero(d.Operation.NumeroOperation) == operationNumero:
		return "cette convention est de la même opération"
	case d.Operation.SecondeVie || d.SecondeVieOrigines > 0:
		return "cette convention est elle-même une seconde vie"
	}
	return ""
}

func refusOrigine(i int, detail string) fault.Field {
	return fault.Field{Pointer: fmt.Sprintf("/origines/%d", i), Code: CodeOrigineInvalide, Detail: detail}
}

// originesFigees is SV-07.
func originesFigees(p auth.Principal, d *Dossier) error {
	if d.Convention.Statut.EnCours() {
		return nil
	}
	return fault.Newf(fault.Conflict, CodeOriginesFigees,
		"Les conventions d’origine ne changent plus : %s est au statut « %s ».", d.Titre(), d.Convention.Statut.Libelle(p.CoteInstructeur(), d.Genre())).
		With("statut_courant", string(d.Convention.Statut))
}

func secondeVieFermee() error {
	return fault.New(fault.NotFound, CodeSecondeVieFermee, "La fonctionnalité Seconde Vie n’est pas disponible pour le moment.")
}

func origineRequise() error {
	return fault.New(fault.Invalid, CodeOrigineRequise, "Sélectionnez au moins une convention d’origine.").
		WithFields(fault.Field{Pointer: "/origines", Code: CodeOrigineRequise, Detail: "Au moins une convention d’origine."})
}

// libelleOrigines names origins for the history.
func libelleOrigines(origines []*Dossier) string {
	if len(origines) == 0 {
		return "Plus aucune convention d’origine."
	}
	noms := make([]string, 0, len(origines))
	for _, o := range origines {
		nom := o.Titre()
		if o.Convention.Numero != nil {
			nom = *o.Convention.Numero + " (" + nom + ")"
		}
		noms = append(noms, nom)
	}
	return "Conventions d’origine : " + strings.Join(noms, " ; ") + "."
}
