package search

import (
	"time"

	"github.com/google/uuid"
)

// ConventionRetrait is a row of table convention_retrait: a convention that those who had this perimeter do
// not see any more. Written by a trigger, never by the application.
type ConventionRetrait struct {
	ID                 int64     `gorm:"column:id;primaryKey;autoIncrement"`
	ConventionID       int64     `gorm:"column:convention_id"`
	UUID               uuid.UUID `gorm:"column:uuid;type:uuid"`
	Motif              string    `gorm:"column:motif"`
	BailleurEffectifID int64     `gorm:"column:bailleur_effectif_id"`
	BailleurLectureID  *int64    `gorm:"column:bailleur_lecture_id"`
	AdministrationID   *int64    `gorm:"column:administration_id"`
	Departement        *string   `gorm:"column:departement"`
	Region             *string   `gorm:"column:region"`
	FluxRang           int64     `gorm:"column:flux_rang"`
	FluxLe             time.Time `gorm:"column:flux_le"`
}

// TableName returns the name of the table.
func (ConventionRetrait) TableName() string { return "convention_retrait" }

// FluxRepere is the only row of table flux_repere: what is added to the number of a transaction to get a rank.
type FluxRepere struct {
	ID   bool  `gorm:"column:id;primaryKey"`
	Base int64 `gorm:"column:base;default:(-)"`
}

// TableName returns the name of the table.
func (FluxRepere) TableName() string { return "flux_repere" }
