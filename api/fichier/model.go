package fichier

import (
	"time"

	"github.com/google/uuid"
)

// Fichier is a row of table fichier.
type Fichier struct {
	ID           int64      `gorm:"column:id;primaryKey;autoIncrement"`
	UUID         uuid.UUID  `gorm:"column:uuid;type:uuid;default:(-)"`
	Compartiment string     `gorm:"column:compartiment"`
	CleObjet     string     `gorm:"column:cle_objet"`
	NomReel      string     `gorm:"column:nom_reel"`
	NomStockage  string     `gorm:"column:nom_stockage"`
	TypeMime     string     `gorm:"column:type_mime;default:(-)"`
	Taille       *int64     `gorm:"column:taille"`
	Sha256       *string    `gorm:"column:sha256"`
	CleMiniature *string    `gorm:"column:cle_miniature"`
	Antivirus    string     `gorm:"column:antivirus;default:(-)"`
	DeposeParID  *int64     `gorm:"column:depose_par_id"`
	CreeLe       time.Time  `gorm:"column:cree_le;default:(-)"`
	SupprimeLe   *time.Time `gorm:"column:supprime_le"`
}

// TableName returns the name of the table.
func (Fichier) TableName() string { return "fichier" }

// FichierRattache is a row of table fichier_rattache.
type FichierRattache struct {
	ID            int64      `gorm:"column:id;primaryKey;autoIncrement"`
	UUID          uuid.UUID  `gorm:"column:uuid;type:uuid;default:(-)"`
	FichierID     int64      `gorm:"column:fichier_id"`
	OperationID   *int64     `gorm:"column:operation_id"`
	ConventionID  *int64     `gorm:"column:convention_id"`
	EvenementID   *int64     `gorm:"column:evenement_id"`
	Rubrique      string     `gorm:"column:rubrique"`
	TypePiece     *string    `gorm:"column:type_piece"`
	Description   string     `gorm:"column:description"`
	Ordre         int        `gorm:"column:ordre"`
	RevisionID    *string    `gorm:"column:revision_id"`
	CreeParID     *int64     `gorm:"column:cree_par_id"`
	RemplaceLe    *time.Time `gorm:"column:remplace_le"`
	RemplaceParID *int64     `gorm:"column:remplace_par_id"`
	CreeLe        time.Time  `gorm:"column:cree_le;default:(-)"`
}

// TableName returns the name of the table.
func (FichierRattache) TableName() string { return "fichier_rattache" }
