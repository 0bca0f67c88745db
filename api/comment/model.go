package comment

import (
	"time"

	"github.com/google/uuid"
)

// Commentaire is a row of table commentaire.
type Commentaire struct {
	ID           int64      `gorm:"column:id;primaryKey;autoIncrement"`
	UUID         uuid.UUID  `gorm:"column:uuid;type:uuid;default:(-)"`
	ConventionID int64      `gorm:"column:convention_id"`
	NomObjet     string     `gorm:"column:nom_objet"`
	ChampObjet   string     `gorm:"column:champ_objet"`
	UUIDObjet    *uuid.UUID `gorm:"column:uuid_objet;type:uuid"`
	Message      string     `gorm:"column:message"`
	Statut       Statut     `gorm:"column:statut;default:(-)"`
	AuteurID     *int64     `gorm:"column:auteur_id"`
	AuteurNom    string     `gorm:"column:auteur_nom"`
	ResoluLe     *time.Time `gorm:"column:resolu_le"`
	ResoluParID  *int64     `gorm:"column:resolu_par_id"`
	ClosLe       *time.Time `gorm:"column:clos_le"`
	ClosParID    *int64     `gorm:"column:clos_par_id"`
	ResoluPar    string     `gorm:"-"` // name of who resolved it, read with the dossier
	ClosPar      string     `gorm:"-"` // name of who closed it
	Importe      bool       `gorm:"column:importe"`
	Version      int        `gorm:"column:version;default:(-)"`
	CreeLe       time.Time  `gorm:"column:cree_le;default:(-)"`
	MisAJourLe   time.Time  `gorm:"column:mis_a_jour_le;default:(-)"`
}

// TableName returns the name of the table.
func (Commentaire) TableName() string { return "commentaire" }
