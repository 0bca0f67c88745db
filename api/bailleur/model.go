package bailleur

import (
	"time"

	"apilos/api/date"
	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// Bailleur is a row of table bailleur.
type Bailleur struct {
	ID                         int64               `gorm:"column:id;primaryKey;autoIncrement"`
	UUID                       uuid.UUID           `gorm:"column:uuid;type:uuid;default:(-)"`
	ParentID                   *int64              `gorm:"column:parent_id"`
	ParentOrigine              *OrigineParent      `gorm:"column:parent_origine"`
	Nom                        string              `gorm:"column:nom"`
	TypeIdentifiant            TypeIdentifiant     `gorm:"column:type_identifiant;default:(-)"`
	Identifiant                string              `gorm:"column:identifiant"`
	Siret                      *string             `gorm:"column:siret"`
	Siren                      *string             `gorm:"column:siren"`
	CapitalSocial              decimal.NullDecimal `gorm:"column:capital_social;type:numeric"`
	Adresse                    string              `gorm:"column:adresse"`
	CodePostal                 string              `gorm:"column:code_postal"`
	Ville                      string              `gorm:"column:ville"`
	SignataireNom              string              `gorm:"column:signataire_nom"`
	SignataireFonction         string              `gorm:"column:signataire_fonction"`
	SignataireDateDeliberation *date.Date          `gorm:"column:signataire_date_deliberation;type:date"`
	SignataireBlocSignature    string              `gorm:"column:signataire_bloc_signature"`
	NatureBailleur             Nature              `gorm:"column:nature_bailleur;default:(-)"`
	SousNatureBailleur         SousNature          `gorm:"column:sous_nature_bailleur;default:(-)"`
	Version                    int                 `gorm:"column:version;default:(-)"`
	CreeLe                     time.Time           `gorm:"column:cree_le;default:(-)"`
	MisAJourLe                 time.Time           `gorm:"column:mis_a_jour_le;default:(-)"`
}

// TableName returns the name of the table.
func (Bailleur) TableName() string { return "bailleur" }
