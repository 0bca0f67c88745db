package operation

import (
	"encoding/json"
	"time"

	"apilos/api/date"
	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// Operation is a row of table operation.
type Operation struct {
	ID                                  int64               `gorm:"column:id;primaryKey;autoIncrement"`
	UUID                                uuid.UUID           `gorm:"column:uuid;type:uuid;default:(-)"`
	OrigineID                           *int64              `gorm:"column:origine_id"`
	EstVersion                          *bool               `gorm:"column:est_version;->"`
	OrigineEstVersion                   *bool               `gorm:"column:origine_est_version;->"`
	Nom                                 string              `gorm:"column:nom"`
	NumeroOperation                     string              `gorm:"column:numero_operation"`
	NumeroOperationPourRecherche        *string             `gorm:"column:numero_operation_pour_recherche;->"`
	SecondeVie                          bool                `gorm:"column:seconde_vie"`
	BailleurID                          int64               `gorm:"column:bailleur_id"`
	AdministrationID                    *int64              `gorm:"column:administration_id"`
	AdministrationPrecedenteID          *int64              `gorm:"column:administration_precedente_id"`
	Adresse                             string              `gorm:"column:adresse"`
	CodePostal                          string              `gorm:"column:code_postal"`
	Ville                               string              `gorm:"column:ville"`
	CodeInseeCommune                    string              `gorm:"column:code_insee_commune"`
	CodeInseeDepartement                *string             `gorm:"column:code_insee_departement"`
	CodeInseeRegion                     *string             `gorm:"column:code_insee_region"`
	AnneeGestionProgrammation           *int                `gorm:"column:annee_gestion_programmation"`
	Zone123                             *Zone123            `gorm:"column:zone_123"`
	ZoneAbc                             *ZoneABC            `gorm:"column:zone_abc"`
	SurfaceUtileTotale                  decimal.NullDecimal `gorm:"column:surface_utile_totale;type:numeric"`
	SurfaceCorrigeeTotale               decimal.NullDecimal `gorm:"column:surface_corrigee_totale;type:numeric"`
	TypeOperation                       TypeOperation       `gorm:"column:type_operation;default:(-)"`
	NatureLogement                      NatureLogement      `gorm:"column:nature_logement;default:(-)"`
	Anru                                bool                `gorm:"column:anru"`
	Anah                                bool                `gorm:"column:anah"`
	NbLocauxCommerciaux                 *int                `gorm:"column:nb_locaux_commerciaux"`
	NbBureaux                           *int                `gorm:"column:nb_bureaux"`
	AutresLocauxHorsConvention          string              `gorm:"column:autres_locaux_hors_convention"`
	Vendeur                             string              `gorm:"column:vendeur"`
	Acquereur                           string              `gorm:"column:acquereur"`
	DateActeNotarie                     *date.Date          `gorm:"column:date_acte_notarie;type:date"`
	ReferenceNotaire                    string              `gorm:"column:reference_notaire"`
	ReferencePublicationActe            string              `gorm:"column:reference_publication_acte"`
	ActeDePropriete                     string              `gorm:"column:acte_de_propriete"`
	EffetRelatif                        string              `gorm:"column:effet_relatif"`
	CertificatAdressage                 string              `gorm:"column:certificat_adressage"`
	ReferenceCadastrale                 string              `gorm:"column:reference_cadastrale"`
	EDDVolumetrique                     string              `gorm:"column:edd_volumetrique"`
	MentionPublicationEDDVolumetrique   string              `gorm:"column:mention_publication_edd_volumetrique"`
	EDDClassique                        string              `gorm:"column:edd_classique"`
	MentionPublicationEDDClassique      string              `gorm:"column:mention_publication_edd_classique"`
	EDDStationnements                   string              `gorm:"column:edd_stationnements"`
	PermisConstruire                    string              `gorm:"column:permis_construire"`
	DateAchevementPrevisible            *date.Date          `gorm:"column:date_achevement_previsible;type:date"`
	DateAchevement                      *date.Date          `gorm:"column:date_achevement;type:date"`
	DateAchevementCompile               *date.Date          `gorm:"column:date_achevement_compile;->;type:date"`
	DateAchat                           *date.Date          `gorm:"column:date_achat;type:date"`
	DateAutorisationHorsHabitatInclusif *date.Date          `gorm:"column:date_autorisation_hors_habitat_inclusif;type:date"`
	DateConventionLocation              *date.Date          `gorm:"column:date_convention_location;type:date"`
	AgrementIntermediationDate          *date.Date          `gorm:"column:agrement_intermediation_date;type:date"`
	AgrementIntermediationDepartement   string              `gorm:"column:agrement_intermediation_departement"`
	AgrementIntermediationVille         string              `gorm:"column:agrement_intermediation_ville"`
	RechercheNom                        *string             `gorm:"column:recherche_nom;->"`
	Source                              SourceDonnee        `gorm:"column:source;default:(-)"`
	AnomalieImport                      bool                `gorm:"column:anomalie_import"`
	SiapSynchroniseLe                   *time.Time          `gorm:"column:siap_synchronise_le"`
	Version                             int                 `gorm:"column:version;default:(-)"`
	CreeLe                              time.Time           `gorm:"column:cree_le;default:(-)"`
	MisAJourLe                          time.Time           `gorm:"column:mis_a_jour_le;default:(-)"`
}

// TableName returns the name of the table.
func (Operation) TableName() string { return "operation" }

// InstantaneSIAP is a row of table operation_instantane_siap.
type InstantaneSIAP struct {
	ID          int64           `gorm:"column:id;primaryKey;autoIncrement"`
	OperationID int64           `gorm:"column:operation_id"`
	Charge      json.RawMessage `gorm:"column:charge;type:jsonb"`
	Empreinte   string          `gorm:"column:empreinte"`
	RecuLe      time.Time       `gorm:"column:recu_le;default:(-)"`
}

// TableName returns the name of the table.
func (InstantaneSIAP) TableName() string { return "operation_instantane_siap" }

// LogementEDD is a row of table logement_edd.
type LogementEDD struct {
	ID          int64     `gorm:"column:id;primaryKey;autoIncrement"`
	UUID        uuid.UUID `gorm:"column:uuid;type:uuid;default:(-)"`
	OperationID int64     `gorm:"column:operation_id"`
	Designation string    `gorm:"column:designation"`
	Financement string    `gorm:"column:financement;default:(-)"`
	NumeroLot   string    `gorm:"column:numero_lot"`
	Ordre       int       `gorm:"column:ordre"`
	CreeLe      time.Time `gorm:"column:cree_le;default:(-)"`
	MisAJourLe  time.Time `gorm:"column:mis_a_jour_le;default:(-)"`
}

// TableName returns the name of the table.
func (LogementEDD) TableName() string { return "logement_edd" }

// ReferenceCadastrale is a row of table reference_cadastrale.
type ReferenceCadastrale struct {
	ID          int64     `gorm:"column:id;primaryKey;autoIncrement"`
	UUID        uuid.UUID `gorm:"column:uuid;type:uuid;default:(-)"`
	OperationID int64     `gorm:"column:operation_id"`
	Section     string    `gorm:"column:section"`
	Numero      string    `gorm:"column:numero"`
	Lieudit     string    `gorm:"column:lieudit"`
	Surface     string    `gorm:"column:surface"`
	SurfaceM2   *int      `gorm:"column:surface_m2"`
	Autre       string    `gorm:"column:autre"`
	Ordre       int       `gorm:"column:ordre"`
	CreeLe      time.Time `gorm:"column:cree_le;default:(-)"`
	MisAJourLe  time.Time `gorm:"column:mis_a_jour_le;default:(-)"`
}

// TableName returns the name of the table.
func (ReferenceCadastrale) TableName() string { return "reference_cadastrale" }

// AnomalieSIAP is a row of table siap_anomalie.
type AnomalieSIAP struct {
	ID              int64      `gorm:"column:id;primaryKey;autoIncrement"`
	UUID            uuid.UUID  `gorm:"column:uuid;type:uuid;default:(-)"`
	NumeroOperation string     `gorm:"column:numero_operation"`
	Code            string     `gorm:"column:code"`
	Champ           string     `gorm:"column:champ"`
	Valeur          string     `gorm:"column:valeur"`
	Message         string     `gorm:"column:message"`
	PremiereFois    time.Time  `gorm:"column:premiere_fois;default:(-)"`
	DerniereFois    time.Time  `gorm:"column:derniere_fois;default:(-)"`
	Occurrences     int        `gorm:"column:occurrences;default:(-)"`
	ResolueLe       *time.Time `gorm:"column:resolue_le"`
}

// TableName returns the name of the table.
func (AnomalieSIAP) TableName() string { return "siap_anomalie" }

// Version tells one state of the event from the next: it grows each time the event is met, and changes when it is
// resolved or opened again.
func (a AnomalieSIAP) Version() int {
	v := 2 * a.Occurrences
	if a.ResolueLe != nil {
		v++
	}
	return v
}
