package export

import (
	"encoding/json"
	"time"

	"apilos/api/auth"
	"apilos/api/convention"

	"github.com/google/uuid"
)

// TypeConventions is the type of the task, and the kind of its job.
const TypeConventions = "export_conventions"

// Etat of a task.
type Etat string

// States of a task.
const (
	EnAttente Etat = "EN_ATTENTE"
	EnCours   Etat = "EN_COURS"
	Terminee  Etat = "TERMINEE"
	EnEchec   Etat = "ECHEC"
	Annulee   Etat = "ANNULEE"
)

// Finie tells whether nothing more will happen.
func (e Etat) Finie() bool { return e == Terminee || e == EnEchec || e == Annulee }

// Tache is a long job, as its owner follows it.
type Tache struct {
	ID         int64
	UUID       uuid.UUID
	Type       string
	Etat       Etat
	Avancement int  // rows written
	Total      *int // rows to write
	Parametres json.RawMessage
	Resultat   json.RawMessage
	FichierID  *int64
	NomFichier string
	Taille     *int64 // bytes
	CreeLe     time.Time
	TermineLe  *time.Time
	ExpireLe   *time.Time
}

// Parametres are what the job needs: the filters, and the perimeter that the caller had when asking. They hold ids and
// what was searched, no name of a person.
type Parametres struct {
	Format    Format            `json:"format"`
	Filtre    convention.Filtre `json:"filtre"`
	Perimetre perimetre         `json:"perimetre"`
}

type perimetre struct {
	Typologie          auth.Typologie `json:"typologie,omitempty"`
	BailleurIDs        []int64        `json:"bailleurs,omitempty"`
	AdministrationID   int64          `json:"administration,omitempty"`
	Region             string         `json:"region,omitempty"`
	Departement        string         `json:"departement,omitempty"`
	National           bool           `json:"national,omitempty"`
	FiltreDepartements []string       `json:"filtre_departements,omitempty"`
	Superuser          bool           `json:"superuser,omitempty"`
}

func perimetreDe(p auth.Principal) perimetre {
	return perimetre{p.Typologie, p.BailleurIDs, p.AdministrationID, p.Region, p.Departement, p.National, p.FiltreDepartements, p.Superuser}
}

func (p perimetre) principal() auth.Principal {
	return auth.Principal{
		Typologie: p.Typologie, BailleurIDs: p.BailleurIDs, AdministrationID: p.AdministrationID, Region: p.Region, Departement: p.Departement,
		National: p.National, FiltreDepartements: p.FiltreDepartements, Superuser: p.Superuser,
	}
}
