package administration

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"
)

// Administration is a row of table administration.
type Administration struct {
	ID                      int64     `gorm:"column:id;primaryKey;autoIncrement"`
	UUID                    uuid.UUID `gorm:"column:uuid;type:uuid;default:(-)"`
	Nom                     string    `gorm:"column:nom"`
	Code                    string    `gorm:"column:code"`
	VilleSignature          string    `gorm:"column:ville_signature"`
	Adresse                 string    `gorm:"column:adresse"`
	CodePostal              string    `gorm:"column:code_postal"`
	Ville                   string    `gorm:"column:ville"`
	NbConventionExemplaires int       `gorm:"column:nb_convention_exemplaires;default:(-)"`
	SignataireBlocSignature string    `gorm:"column:signataire_bloc_signature"`
	Version                 int       `gorm:"column:version;default:(-)"`
	CreeLe                  time.Time `gorm:"column:cree_le;default:(-)"`
	MisAJourLe              time.Time `gorm:"column:mis_a_jour_le;default:(-)"`
}

// TableName returns the name of the table.
func (Administration) TableName() string { return "administration" }

// Reassignation is a row of table reassignation.
type Reassignation struct {
	ID        int64           `gorm:"column:id;primaryKey;autoIncrement"`
	UUID      uuid.UUID       `gorm:"column:uuid;type:uuid;default:(-)"`
	ActeurID  int64           `gorm:"column:acteur_id"`
	Motif     string          `gorm:"column:motif"`
	Criteres  json.RawMessage `gorm:"column:criteres;type:jsonb"`
	CibleID   int64           `gorm:"column:cible_id"`
	Nb        int             `gorm:"column:nb"`
	Etat      string          `gorm:"column:etat;default:(-)"`
	CreeLe    time.Time       `gorm:"column:cree_le;default:(-)"`
	AnnuleeLe *time.Time      `gorm:"column:annulee_le"`

	Rejets          json.RawMessage `gorm:"column:rejets;type:jsonb;default:(-)"`
	NbCommunes      int             `gorm:"column:nb_communes"`
	SansCommune     int             `gorm:"column:sans_commune"`
	TacheID         *int64          `gorm:"column:tache_id"`
	ConfirmeeLe     *time.Time      `gorm:"column:confirmee_le"`
	TermineeLe      *time.Time      `gorm:"column:terminee_le"`
	AnnuleeParID    *int64          `gorm:"column:annulee_par_id"`
	MotifAnnulation string          `gorm:"column:motif_annulation"`
}

// TableName returns the name of the table.
func (Reassignation) TableName() string { return "reassignation" }

// ReassignationLigne is a row of table reassignation_ligne.
type ReassignationLigne struct {
	ReassignationID          int64  `gorm:"column:reassignation_id;primaryKey"`
	OperationID              int64  `gorm:"column:operation_id;primaryKey"`
	AncienneAdministrationID *int64 `gorm:"column:ancienne_administration_id"`

	GroupeID  int64      `gorm:"column:groupe_id"`
	Etat      string     `gorm:"column:etat;default:(-)"`
	TraiteeLe *time.Time `gorm:"column:traitee_le"`
}

// TableName returns the name of the table.
func (ReassignationLigne) TableName() string { return "reassignation_ligne" }
