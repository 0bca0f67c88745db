package revision

import (
	"encoding/json"
	"time"
)

// Revision is a row of table revision.
type Revision struct {
	ID               string          `gorm:"column:id;primaryKey"`
	Nature           string          `gorm:"column:nature"`
	PorteeType       string          `gorm:"column:portee_type"`
	PorteeCle        string          `gorm:"column:portee_cle"`
	ClientID         *string         `gorm:"column:client_id"`
	AuteurID         *int64          `gorm:"column:auteur_id"`
	Statut           string          `gorm:"column:statut;default:(-)"`
	Prete            *bool           `gorm:"column:prete"`
	Courante         bool            `gorm:"column:courante"`
	Contexte         json.RawMessage `gorm:"column:contexte;type:jsonb;default:(-)"`
	Validation       json.RawMessage `gorm:"column:validation;type:jsonb;default:(-)"`
	Habilitation     json.RawMessage `gorm:"column:habilitation;type:jsonb"`
	CalculeeContreID *string         `gorm:"column:calculee_contre_id"`
	PublieLe         *time.Time      `gorm:"column:publie_le"`
	CreeLe           time.Time       `gorm:"column:cree_le;default:(-)"`
	MisAJourLe       time.Time       `gorm:"column:mis_a_jour_le;default:(-)"`

	// Fichiers are the files of the revision, when it was loaded with them.
	Fichiers []RevisionFichier `gorm:"-"`
}

// TableName returns the name of the table.
func (Revision) TableName() string { return "revision" }

// RevisionFichier is a row of table revision_fichier.
type RevisionFichier struct {
	ID           string    `gorm:"column:id;primaryKey"`
	RevisionID   string    `gorm:"column:revision_id"`
	Type         string    `gorm:"column:type"`
	Nom          string    `gorm:"column:nom"`
	TypeMime     string    `gorm:"column:type_mime;default:(-)"`
	Taille       int64     `gorm:"column:taille"`
	Sha256       string    `gorm:"column:sha256"`
	Compartiment string    `gorm:"column:compartiment"`
	CleObjet     string    `gorm:"column:cle_objet"`
	Antivirus    string    `gorm:"column:antivirus;default:(-)"`
	FichierID    *int64    `gorm:"column:fichier_id"`
	CreeLe       time.Time `gorm:"column:cree_le;default:(-)"`
}

// TableName returns the name of the table.
func (RevisionFichier) TableName() string { return "revision_fichier" }
