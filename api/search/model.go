package search

import (
	"encoding/json"
	"time"

	"apilos/api/date"
	"github.com/google/uuid"
	"github.com/lib/pq"
)

// ConventionRecherche is a row of table convention_recherche.
type ConventionRecherche struct {
	ConventionID       int64          `gorm:"column:convention_id;primaryKey;autoIncrement:false"`
	UUID               uuid.UUID      `gorm:"column:uuid;type:uuid"`
	ParentID           *int64         `gorm:"column:parent_id"`
	OperationID        int64          `gorm:"column:operation_id"`
	BailleurEffectifID int64          `gorm:"column:bailleur_effectif_id"`
	BailleurLectureID  *int64         `gorm:"column:bailleur_lecture_id"`
	BailleurID         int64          `gorm:"column:bailleur_id"`
	AdministrationID   *int64         `gorm:"column:administration_id"`
	CommuneCode        *string        `gorm:"column:commune_code"`
	CodePostal         string         `gorm:"column:code_postal"`
	Departement        *string        `gorm:"column:departement"`
	Region             *string        `gorm:"column:region"`
	Statut             string         `gorm:"column:statut"`
	StatutRang         int16          `gorm:"column:statut_rang"`
	DateFinEffet       *date.Date     `gorm:"column:date_fin_effet;type:date"`
	NatureLogement     string         `gorm:"column:nature_logement"`
	TypeOperation      string         `gorm:"column:type_operation"`
	Financements       pq.StringArray `gorm:"column:financements;type:text[];default:(-)"`
	AnneeSignature     *int           `gorm:"column:annee_signature"`
	DateSignature      *date.Date     `gorm:"column:date_signature;type:date"`
	DateLivraison      *date.Date     `gorm:"column:date_livraison;type:date"`
	NbLogements        int            `gorm:"column:nb_logements"`
	Anru               bool           `gorm:"column:anru"`
	Anah               bool           `gorm:"column:anah"`
	SecondeVie         bool           `gorm:"column:seconde_vie"`
	EstAvenant         bool           `gorm:"column:est_avenant"`
	NumeroNorm         *string        `gorm:"column:numero_norm"`
	NumeroRev          *string        `gorm:"column:numero_rev"`
	ParentNumeroNorm   *string        `gorm:"column:parent_numero_norm"`
	ParentNumeroRev    *string        `gorm:"column:parent_numero_rev"`
	OperationNorm      string         `gorm:"column:operation_norm"`
	Numeros            string         `gorm:"column:numeros"`
	NomNorm            string         `gorm:"column:nom_norm"`
	NomTsv             string         `gorm:"column:nom_tsv"`
	CreeLe             time.Time      `gorm:"column:cree_le"`
	MisAJourLe         time.Time      `gorm:"column:mis_a_jour_le"`
	FluxRang           int64          `gorm:"column:flux_rang;default:(-)"` // written by a trigger, whatever is given
	FluxLe             time.Time      `gorm:"column:flux_le;default:(-)"`   // likewise
}

// TableName returns the name of the table.
func (ConventionRecherche) TableName() string { return "convention_recherche" }

// RechercheSauvegardee is a row of table recherche_sauvegardee.
type RechercheSauvegardee struct {
	ID                    int64           `gorm:"column:id;primaryKey;autoIncrement"`
	UUID                  uuid.UUID       `gorm:"column:uuid;type:uuid;default:(-)"`
	UtilisateurID         int64           `gorm:"column:utilisateur_id"`
	HabilitationID        *int            `gorm:"column:habilitation_id"`
	Nom                   *string         `gorm:"column:nom"`
	Parametres            json.RawMessage `gorm:"column:parametres;type:jsonb"`
	Version               int             `gorm:"column:version;default:(-)"`
	CreeLe                time.Time       `gorm:"column:cree_le;default:(-)"`
	DerniereUtilisationLe time.Time       `gorm:"column:derniere_utilisation_le;default:(-)"`
}

// TableName returns the name of the table.
func (RechercheSauvegardee) TableName() string { return "recherche_sauvegardee" }
