package convention

import (
	"strings"
	"time"

	"apilos/api/date"
	"apilos/api/operation"
	"github.com/google/uuid"
)

// Filtre narrows a list (05 E.3). Empty fields narrow nothing; several values of one field add up.
type Filtre struct {
	Statuts         []Statut
	Financements    []Financement
	Natures         []operation.NatureLogement
	TypesOperation  []operation.TypeOperation
	Annees          []int // of signature
	Administrations []string
	Departements    []string
	Regions         []string
	Avenants        PlaceAvenants
	Anru, Anah      *bool
	SecondeVie      *bool
	Mixte           *bool // several financements
	ModifieDepuis   *time.Time
	Bailleur        *uuid.UUID
	BailleurTexte   string // name or siren
	Lieu            string // town or postcode
	Numero          string // number of the convention or of the operation
	OperationNom    string // words of the name of the operation
	Texte           string // name of the operation, town, bailleur or number
	OperationID     int64
	AMoi            bool // the caller has the ball
	Tri             Tri
	ParPage         int // 1 to 100
	Page            int // from 1; ignored with Apres
	Apres           *Curseur

	jour date.Date
}

// PlaceAvenants says what becomes of avenants in a list.
type PlaceAvenants string

// Places of avenants.
const (
	AvenantsInclus PlaceAvenants = ""
	AvenantsExclus PlaceAvenants = "exclus"
	AvenantsSeuls  PlaceAvenants = "seuls"
)

// ParTexte tells whether f has a criterion that results match more or less well (06 §1.5).
func (f Filtre) ParTexte() bool {
	return f.Texte != "" || f.OperationNom != "" || f.Numero != "" || f.Lieu != ""
}

// Jour is the day that decides planned ends (ST-01).
func (f Filtre) Jour() date.Date { return f.jour }

// Tri is an order of the list, with a leading "-" for descending; each ends with the id so that pages are
// stable, and rows without value come last.
type Tri string

// Orders that code names; Tris lists the others.
const (
	TriRecents Tri = "-cree_le" // default
	TriAttente Tri = "attente"  // in its statut for the longest time first
	// TriPertinence puts the best matches of the text criteria first (06 §1.6); without any it is TriRecents.
	TriPertinence Tri = "pertinence"
	TriMisAJour   Tri = "mis_a_jour_le"
)

// MaxClasses is how many rows are ranked by TriPertinence: the most recent ones that match (06 §1.8).
const MaxClasses = 1000

// Tris lists the allowed orders (05 E.3).
func Tris() []Tri {
	out := []Tri{TriPertinence}
	for _, t := range []Tri{"cree_le", "mis_a_jour_le", "attente", "ville", "bailleur", "numero", "statut", "date_signature", "date_livraison", "nb_logements"} {
		out = append(out, t, "-"+t)
	}
	return out
}

// Colonne is the criterion of an order, and whether it is descending.
func (t Tri) Colonne() (colonne string, descendant bool) {
	return strings.CutPrefix(string(t), "-")
}

// Curseur is the last row of a page (keyset): value of the order and id.
type Curseur struct {
	Valeur string
	ID     int64
}

// Page is a part of a list.
type Page struct {
	Lignes []Ligne
	Total  int
	// Tronque says that more than MaxClasses rows match: only the most recent ones are ranked.
	Tronque bool
	Suivant *Curseur // nil on the last page
}

// Ligne is a row of the list.
type Ligne struct {
	ID                  int64
	UUID                uuid.UUID
	ParentUUID          *uuid.UUID
	Genre               Genre
	Statut              Statut
	Numero              *string
	NumeroOperation     string
	OperationNom        string
	BailleurUUID        uuid.UUID
	BailleurNom         string
	AdministrationNom   string
	AdministrationCode  string
	Financements        []string `gorm:"-"`
	Ville               string
	CodePostal          string
	NbLogements         int
	CreeLe              time.Time
	MisAJourLe          time.Time
	StatutDepuis        time.Time // last change of statut
	DateSignature       *date.Date
	CommentairesOuverts int
	CommentairesResolus int
	PremierCommentaire  *uuid.UUID // oldest comment OUVERT
	PremierResolu       *uuid.UUID // oldest comment RESOLU
	CreeParInstructeur  bool
}

// Main says which side must act now on a row (ux §2.1, §2.3).
type Main string

// Sides.
const (
	MainBailleur    Main = "bailleur"
	MainInstructeur Main = "instructeur"
	MainDeux        Main = "deux"
	MainPersonne    Main = "personne"
)

// MainDe returns the side that must act in a statut. A project created by the service is the service's.
func MainDe(s Statut, creeParInstructeur bool) Main {
	switch s {
	case Projet:
		if creeParInstructeur {
			return MainInstructeur
		}
		return MainBailleur
	case Instruction, PublicationEnCours: // what the land registry answers is for the service to record (T14, T15)
		return MainInstructeur
	case Correction:
		return MainBailleur
	case ASigner:
		return MainDeux
	}
	return MainPersonne
}

// Revient tells whether the side of the caller must act.
func (m Main) Revient(coteInstructeur bool) bool {
	return m == MainDeux || (m == MainInstructeur) == coteInstructeur && m != MainPersonne
}
