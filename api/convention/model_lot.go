package convention

import (
	"time"

	"apilos/api/date"
	"github.com/google/uuid"
	"github.com/lib/pq"
	"github.com/shopspring/decimal"
)

// Lot is a row of table lot.
type Lot struct {
	ID                                  int64               `gorm:"column:id;primaryKey;autoIncrement"`
	UUID                                uuid.UUID           `gorm:"column:uuid;type:uuid;default:(-)"`
	ConventionID                        int64               `gorm:"column:convention_id"`
	OrigineID                           *int64              `gorm:"column:origine_id"`
	Financement                         Financement         `gorm:"column:financement;default:(-)"`
	TypeHabitat                         TypeHabitat         `gorm:"column:type_habitat;default:(-)"`
	NbLogements                         *int                `gorm:"column:nb_logements"`
	NbLogementsPlaiAdp                  *int                `gorm:"column:nb_logements_plai_adp"`
	OperationUniciteID                  *int64              `gorm:"column:operation_unicite_id;->"`
	TypesAnnexes                        pq.StringArray      `gorm:"column:types_annexes;type:text[];default:(-)"`
	LgtsMixiteSocialeNegocies           int                 `gorm:"column:lgts_mixite_sociale_negocies"`
	LoyerDerogatoire                    decimal.NullDecimal `gorm:"column:loyer_derogatoire;type:numeric"`
	LoyerAssociationsFoncieres          decimal.NullDecimal `gorm:"column:loyer_associations_foncieres;type:numeric"`
	SurfaceHabitableTotale              decimal.NullDecimal `gorm:"column:surface_habitable_totale;type:numeric"`
	SurfaceLocauxCollectifsResidentiels decimal.Decimal     `gorm:"column:surface_locaux_collectifs_residentiels;type:numeric"`
	FoyerResidenceNbGarageParking       *int                `gorm:"column:foyer_residence_nb_garage_parking"`
	FoyerResidenceDependance            string              `gorm:"column:foyer_residence_dependance"`
	FoyerResidenceLocauxHorsConvention  string              `gorm:"column:foyer_residence_locaux_hors_convention"`
	Version                             int                 `gorm:"column:version;default:(-)"`
	CreeLe                              time.Time           `gorm:"column:cree_le;default:(-)"`
	MisAJourLe                          time.Time           `gorm:"column:mis_a_jour_le;default:(-)"`
}

// TableName returns the name of the table.
func (Lot) TableName() string { return "lot" }

// Logement is a row of table logement.
type Logement struct {
	ID                    int64               `gorm:"column:id;primaryKey;autoIncrement"`
	UUID                  uuid.UUID           `gorm:"column:uuid;type:uuid;default:(-)"`
	LotID                 int64               `gorm:"column:lot_id"`
	Tableau               string              `gorm:"column:tableau"`
	Ordre                 int                 `gorm:"column:ordre"`
	Designation           string              `gorm:"column:designation"`
	Typologie             string              `gorm:"column:typologie;default:(-)"`
	SurfaceHabitable      decimal.NullDecimal `gorm:"column:surface_habitable;type:numeric"`
	SurfaceAnnexes        decimal.NullDecimal `gorm:"column:surface_annexes;type:numeric"`
	SurfaceAnnexesRetenue decimal.NullDecimal `gorm:"column:surface_annexes_retenue;type:numeric"`
	SurfaceUtile          decimal.NullDecimal `gorm:"column:surface_utile;type:numeric"`
	SurfaceCorrigee       decimal.NullDecimal `gorm:"column:surface_corrigee;type:numeric"`
	LoyerParMetreCarre    decimal.NullDecimal `gorm:"column:loyer_par_metre_carre;type:numeric"`
	Coefficient           decimal.NullDecimal `gorm:"column:coefficient;type:numeric"`
	Loyer                 decimal.NullDecimal `gorm:"column:loyer;type:numeric"`
	Importe               bool                `gorm:"column:importe"`
	CreeLe                time.Time           `gorm:"column:cree_le;default:(-)"`
	MisAJourLe            time.Time           `gorm:"column:mis_a_jour_le;default:(-)"`
}

// TableName returns the name of the table.
func (Logement) TableName() string { return "logement" }

// Annexe is a row of table annexe.
type Annexe struct {
	ID                        int64           `gorm:"column:id;primaryKey;autoIncrement"`
	UUID                      uuid.UUID       `gorm:"column:uuid;type:uuid;default:(-)"`
	LogementID                int64           `gorm:"column:logement_id"`
	Typologie                 string          `gorm:"column:typologie;default:(-)"`
	SurfaceHorsSurfaceRetenue decimal.Decimal `gorm:"column:surface_hors_surface_retenue;type:numeric"`
	LoyerParMetreCarre        decimal.Decimal `gorm:"column:loyer_par_metre_carre;type:numeric"`
	Loyer                     decimal.Decimal `gorm:"column:loyer;type:numeric"`
	Importe                   bool            `gorm:"column:importe"`
	Ordre                     int             `gorm:"column:ordre"`
	CreeLe                    time.Time       `gorm:"column:cree_le;default:(-)"`
	MisAJourLe                time.Time       `gorm:"column:mis_a_jour_le;default:(-)"`
}

// TableName returns the name of the table.
func (Annexe) TableName() string { return "annexe" }

// LocalCollectif is a row of table local_collectif.
type LocalCollectif struct {
	ID               int64           `gorm:"column:id;primaryKey;autoIncrement"`
	UUID             uuid.UUID       `gorm:"column:uuid;type:uuid;default:(-)"`
	LotID            int64           `gorm:"column:lot_id"`
	TypeLocal        string          `gorm:"column:type_local"`
	SurfaceHabitable decimal.Decimal `gorm:"column:surface_habitable;type:numeric"`
	Nombre           int             `gorm:"column:nombre"`
	Ordre            int             `gorm:"column:ordre"`
	CreeLe           time.Time       `gorm:"column:cree_le;default:(-)"`
	MisAJourLe       time.Time       `gorm:"column:mis_a_jour_le;default:(-)"`
}

// TableName returns the name of the table.
func (LocalCollectif) TableName() string { return "local_collectif" }

// Stationnement is a row of table stationnement.
type Stationnement struct {
	ID               int64           `gorm:"column:id;primaryKey;autoIncrement"`
	UUID             uuid.UUID       `gorm:"column:uuid;type:uuid;default:(-)"`
	LotID            int64           `gorm:"column:lot_id"`
	Typologie        string          `gorm:"column:typologie;default:(-)"`
	NbStationnements int             `gorm:"column:nb_stationnements"`
	Loyer            decimal.Decimal `gorm:"column:loyer;type:numeric"`
	Ordre            int             `gorm:"column:ordre"`
	CreeLe           time.Time       `gorm:"column:cree_le;default:(-)"`
	MisAJourLe       time.Time       `gorm:"column:mis_a_jour_le;default:(-)"`
}

// TableName returns the name of the table.
func (Stationnement) TableName() string { return "stationnement" }

// RepartitionSurface is a row of table repartition_surface.
type RepartitionSurface struct {
	ID          int64       `gorm:"column:id;primaryKey;autoIncrement"`
	UUID        uuid.UUID   `gorm:"column:uuid;type:uuid;default:(-)"`
	LotID       int64       `gorm:"column:lot_id"`
	Typologie   string      `gorm:"column:typologie"`
	TypeHabitat TypeHabitat `gorm:"column:type_habitat"`
	Quantite    int         `gorm:"column:quantite"`
}

// TableName returns the name of the table.
func (RepartitionSurface) TableName() string { return "repartition_surface" }

// Pret is a row of table pret.
type Pret struct {
	ID         int64           `gorm:"column:id;primaryKey;autoIncrement"`
	UUID       uuid.UUID       `gorm:"column:uuid;type:uuid;default:(-)"`
	LotID      int64           `gorm:"column:lot_id"`
	Preteur    string          `gorm:"column:preteur;default:(-)"`
	Autre      string          `gorm:"column:autre"`
	Numero     string          `gorm:"column:numero"`
	DateOctroi *date.Date      `gorm:"column:date_octroi;type:date"`
	Duree      *int            `gorm:"column:duree"`
	Montant    decimal.Decimal `gorm:"column:montant;type:numeric"`
	Ordre      int             `gorm:"column:ordre"`
	CreeLe     time.Time       `gorm:"column:cree_le;default:(-)"`
	MisAJourLe time.Time       `gorm:"column:mis_a_jour_le;default:(-)"`
}

// TableName returns the name of the table.
func (Pret) TableName() string { return "pret" }
