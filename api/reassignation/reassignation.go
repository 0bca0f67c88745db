package reassignation

import (
	"encoding/json"
	"time"

	"apilos/api/auth"

	"github.com/google/uuid"
)

// Etat of a run.
type Etat string

// States of a run. A simulation is forgotten after GardeSimulation; CONFIRMEE and ANNULATION are those of a job at work, one
// at most in the whole platform.
const (
	Simulation Etat = "SIMULATION"
	Confirmee  Etat = "CONFIRMEE"
	Terminee   Etat = "TERMINEE"
	Annulation Etat = "ANNULATION"
	Annulee    Etat = "ANNULEE"
)

// EnCours tells whether a job works, or should.
func (e Etat) EnCours() bool { return e == Confirmee || e == Annulation }

// Administration is a service.
type Administration struct {
	ID   int64
	UUID uuid.UUID
	Nom  string
	Code string
}

// Criteres say which operations are looked for; one of the lists is filled.
type Criteres struct {
	Departements []string `json:"departements,omitempty"` // INSEE codes
	Communes     []string `json:"communes,omitempty"`     // INSEE codes
	Operations   []string `json:"operations,omitempty"`   // numbers, as normalised for the search
	Fichier      string   `json:"fichier,omitempty"`      // name of the list that was sent
	// De keeps only what belongs to this service (0: whatever its service).
	De int64 `json:"de,omitempty"`
}

// Comptes are the sizes of a run. An operation is what one transaction moves with all its families.
type Comptes struct {
	Operations  int
	Familles    int
	Conventions int // roots and avenants
}

// Origine is what a service loses, or lost.
type Origine struct {
	AdministrationUUID *uuid.UUID // nil: operations without service
	Nom, Code          string
	Operations         int
	Conventions        int
}

// Exemple is one of the conventions of a simulation.
type Exemple struct {
	UUID              uuid.UUID
	Numero            string
	Statut            string
	NumeroOperation   string
	OperationNom      string
	Ville, CodePostal string
	BailleurNom       string
	AdministrationNom string // "" without service
}

// Avancee counts the operations of a run by what became of them.
type Avancee struct {
	Prevues, Deplacees, Ignorees, Rendues, Laissees int
}

// Total is the number of operations.
func (a Avancee) Total() int { return a.Prevues + a.Deplacees + a.Ignorees + a.Rendues + a.Laissees }

// Fiche is a run as its list shows it.
type Fiche struct {
	ID              int64
	UUID            uuid.UUID
	Etat            Etat
	Cible           Administration `gorm:"-"`
	Criteres        Criteres       `gorm:"-"`
	Motif           string
	AuteurNom       string
	NbCommunes      int
	SansCommune     int
	CreeLe          time.Time
	ConfirmeeLe     *time.Time
	TermineeLe      *time.Time
	AnnuleeLe       *time.Time
	AnnuleeParNom   string
	MotifAnnulation string
	TacheID         *int64
	TacheUUID       *uuid.UUID
	TacheEtat       string
	Avancee         Avancee `gorm:"-"`
}

// Interrompue tells whether the job of a run gave up: it may be launched again.
func (f Fiche) Interrompue() bool {
	return f.Etat.EnCours() && (f.TacheUUID == nil || f.TacheEtat == "ECHEC" || f.TacheEtat == "ANNULEE")
}

// Detail is a run with what it holds. Annulables is how many operations an undo would give back now, Retenues how many it
// would leave.
type Detail struct {
	Fiche
	Comptes    Comptes
	Origines   []Origine
	Exemples   []Exemple // the first MaxExemples
	Rejets     []Rejet
	Annulables int
	Retenues   int
	// Restees are operations that the execution or the undo left where they were, the first MaxRestees.
	Restees []Restee
}

// Restee is an operation that a run left where it was.
type Restee struct {
	UUID              uuid.UUID // of its first convention, Nil when it has none
	NumeroOperation   string
	OperationNom      string
	Ville             string
	AdministrationNom string // now
	Annulation        bool   // left by the undo, not by the execution
}

// Auteur is who confirmed, kept with the task so that the journal of the job names him.
type Auteur struct {
	Reassignation uuid.UUID `json:"reassignation"`
	UtilisateurID int64     `json:"utilisateur"`
	DetourneParID int64     `json:"detourne_par,omitempty"`
	Habilitation  int64     `json:"habilitation,omitempty"`
	IP            string    `json:"ip,omitempty"`
	RequeteID     string    `json:"requete,omitempty"`
}

func auteurDe(p auth.Principal, id uuid.UUID) Auteur {
	return Auteur{id, p.UtilisateurID, p.DetourneParID, p.HabilitationID, p.IP, p.RequeteID}
}

// Principal is the author for the journal; it has no rights.
func (a Auteur) Principal() auth.Principal {
	return auth.Principal{UtilisateurID: a.UtilisateurID, DetourneParID: a.DetourneParID, HabilitationID: a.Habilitation, IP: a.IP, RequeteID: a.RequeteID}
}

// Nouvelle is a simulation to keep.
type Nouvelle struct {
	UUID     uuid.UUID
	ActeurID int64
	Cible    Administration
	Criteres Criteres
	// CodesPostaux are those of the list of communes: operations there without a code of commune are counted.
	CodesPostaux []string
	Rejets       []Rejet
	Le           time.Time
}

// Tache is the row that follows a job.
type Tache struct {
	ID         int64
	UUID       uuid.UUID
	Type       string
	Total      int
	Parametres json.RawMessage
	CreeLe     time.Time
}
