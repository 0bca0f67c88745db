package document

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"
)

// Modele is a row of table modele_document.
type Modele struct {
	ID               int64           `gorm:"column:id;primaryKey;autoIncrement"`
	UUID             uuid.UUID       `gorm:"column:uuid;type:uuid;default:(-)"`
	Emplacement      string          `gorm:"column:emplacement"`
	AdministrationID *int64          `gorm:"column:administration_id"`
	NumeroVersion    int             `gorm:"column:numero_version"`
	FichierID        int64           `gorm:"column:fichier_id"`
	Sha256           string          `gorm:"column:sha256"`
	Actif            bool            `gorm:"column:actif"`
	Rapport          json.RawMessage `gorm:"column:rapport;type:jsonb;default:(-)"`
	CreeParID        *int64          `gorm:"column:cree_par_id"`
	Version          int             `gorm:"column:version;default:(-)"`
	CreeLe           time.Time       `gorm:"column:cree_le;default:(-)"`
	MisAJourLe       time.Time       `gorm:"column:mis_a_jour_le;default:(-)"`
}

// TableName returns the name of the table.
func (Modele) TableName() string { return "modele_document" }

// Genere is a row of table document_genere.
type Genere struct {
	ID                int64      `gorm:"column:id;primaryKey;autoIncrement"`
	UUID              uuid.UUID  `gorm:"column:uuid;type:uuid;default:(-)"`
	ConventionID      int64      `gorm:"column:convention_id"`
	Nature            string     `gorm:"column:nature"`
	VersionConvention int        `gorm:"column:version_convention"`
	InstantaneID      *int64     `gorm:"column:instantane_id"`
	ModeleID          *int64     `gorm:"column:modele_id"`
	ModeleSha256      string     `gorm:"column:modele_sha256"`
	Filigrane         string     `gorm:"column:filigrane"`
	Etat              string     `gorm:"column:etat;default:(-)"`
	FichierID         *int64     `gorm:"column:fichier_id"`
	Erreur            string     `gorm:"column:erreur"`
	DemandeParID      *int64     `gorm:"column:demande_par_id"`
	CreeLe            time.Time  `gorm:"column:cree_le;default:(-)"`
	TermineLe         *time.Time `gorm:"column:termine_le"`
}

// TableName returns the name of the table.
func (Genere) TableName() string { return "document_genere" }
