package stats

import (
	"encoding/json"

	"apilos/api/date"
	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// Mesure is a row of table statistique_mesure.
type Mesure struct {
	Jour       date.Date       `gorm:"column:jour;primaryKey;type:date"`
	Cle        string          `gorm:"column:cle;primaryKey"`
	Dimensions json.RawMessage `gorm:"column:dimensions;primaryKey;type:jsonb;default:(-)"`
	Valeur     decimal.Decimal `gorm:"column:valeur;type:numeric"`
}

// TableName returns the name of the table.
func (Mesure) TableName() string { return "statistique_mesure" }

// IndiceEvolutionLoyer is a row of table indice_evolution_loyer.
type IndiceEvolutionLoyer struct {
	ID             int64           `gorm:"column:id;primaryKey;autoIncrement"`
	UUID           uuid.UUID       `gorm:"column:uuid;type:uuid;default:(-)"`
	IsLoyer        bool            `gorm:"column:is_loyer"`
	NatureLogement *string         `gorm:"column:nature_logement"`
	Annee          int             `gorm:"column:annee"`
	DateDebut      date.Date       `gorm:"column:date_debut;type:date"`
	DateFin        date.Date       `gorm:"column:date_fin;type:date"`
	Evolution      decimal.Decimal `gorm:"column:evolution;type:numeric"`
	Portee         string          `gorm:"column:portee;default:(-)"`
	Version        int             `gorm:"column:version;default:(-)"`
}

// TableName returns the name of the table.
func (IndiceEvolutionLoyer) TableName() string { return "indice_evolution_loyer" }

// IndiceDepartement is a row of table indice_evolution_loyer_departement.
type IndiceDepartement struct {
	IndiceID      int64 `gorm:"column:indice_id;primaryKey"`
	DepartementID int64 `gorm:"column:departement_id;primaryKey"`
}

// TableName returns the name of the table.
func (IndiceDepartement) TableName() string { return "indice_evolution_loyer_departement" }
