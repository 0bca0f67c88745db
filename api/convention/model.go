package convention

import (
	"encoding/json"
	"time"

	"apilos/api/date"
	"github.com/google/uuid"
	"github.com/lib/pq"
	"github.com/shopspring/decimal"
)

// Convention is a row of table convention.
type Convention struct {
	ID                             int64               `gorm:"column:id;primaryKey;autoIncrement"`
	UUID                           uuid.UUID           `gorm:"column:uuid;type:uuid;default:(-)"`
	OperationID                    int64               `gorm:"column:operation_id"`
	ParentID                       *int64              `gorm:"column:parent_id"`
	EstAvenant                     *bool               `gorm:"column:est_avenant;->"`
	ParentEstAvenant               *bool               `gorm:"column:parent_est_avenant;->"`
	BaseID                         *int64              `gorm:"column:base_id"`
	Statut                         Statut              `gorm:"column:statut;default:(-)"`
	StatutRang                     *int16              `gorm:"column:statut_rang;->"`
	BailleurEffectifID             *int64              `gorm:"column:bailleur_effectif_id"`
	Numero                         *string             `gorm:"column:numero"`
	NumeroPourRecherche            *string             `gorm:"column:numero_pour_recherche;->"`
	RangAvenant                    *int                `gorm:"column:rang_avenant"`
	Adresse                        string              `gorm:"column:adresse"`
	DateFinConventionnement        *date.Date          `gorm:"column:date_fin_conventionnement;type:date"`
	FondPropre                     decimal.NullDecimal `gorm:"column:fond_propre;type:numeric"`
	HistoriqueFinancementPublic    string              `gorm:"column:historique_financement_public"`
	Commentaires                   string              `gorm:"column:commentaires"`
	Type1and2                      *string             `gorm:"column:type1and2"`
	Type2Options                   pq.Int32Array       `gorm:"column:type2_options;type:smallint[];default:(-)"`
	SignataireNom                  string              `gorm:"column:signataire_nom"`
	SignataireFonction             string              `gorm:"column:signataire_fonction"`
	SignataireDateDeliberation     *date.Date          `gorm:"column:signataire_date_deliberation;type:date"`
	SignataireBlocSignature        string              `gorm:"column:signataire_bloc_signature"`
	IdentificationBailleur         bool                `gorm:"column:identification_bailleur"`
	IdentificationBailleurDetail   string              `gorm:"column:identification_bailleur_detail"`
	DescAvenant                    string              `gorm:"column:desc_avenant"`
	ChampLibreAvenant              string              `gorm:"column:champ_libre_avenant"`
	PremiereSoumissionLe           *time.Time          `gorm:"column:premiere_soumission_le"`
	SoumisLe                       *time.Time          `gorm:"column:soumis_le"`
	ValideLe                       *date.Date          `gorm:"column:valide_le;type:date"`
	SigneLe                        *date.Date          `gorm:"column:signe_le;type:date"`
	PrecisionDateSignature         string              `gorm:"column:precision_date_signature;default:(-)"`
	DonneesModifieesApresSignature bool                `gorm:"column:donnees_modifiees_apres_signature"`
	DatePublicationSPF             *date.Date          `gorm:"column:date_publication_spf;type:date"`
	ReferenceSPF                   string              `gorm:"column:reference_spf"`
	DateDenonciation               *date.Date          `gorm:"column:date_denonciation;type:date"`
	MotifDenonciation              string              `gorm:"column:motif_denonciation"`
	DateResiliation                *date.Date          `gorm:"column:date_resiliation;type:date"`
	MotifResiliation               string              `gorm:"column:motif_resiliation"`
	ActeResiliation                string              `gorm:"column:acte_resiliation"`
	Source                         string              `gorm:"column:source;default:(-)"`
	AnomalieImport                 bool                `gorm:"column:anomalie_import"`
	CreeParID                      *int64              `gorm:"column:cree_par_id"`
	FusionneeDansID                *int64              `gorm:"column:fusionnee_dans_id"`
	SupprimeLe                     *time.Time          `gorm:"column:supprime_le"`
	SupprimeParID                  *int64              `gorm:"column:supprime_par_id"`
	Version                        int                 `gorm:"column:version;default:(-)"`
	CreeLe                         time.Time           `gorm:"column:cree_le;default:(-)"`
	MisAJourLe                     time.Time           `gorm:"column:mis_a_jour_le;default:(-)"`
}

// TableName returns the name of the table.
func (Convention) TableName() string { return "convention" }

// SecondeVie is a row of table convention_seconde_vie.
type SecondeVie struct {
	ConventionID int64 `gorm:"column:convention_id;primaryKey"`
	ParentID     int64 `gorm:"column:parent_id;primaryKey"`
}

// TableName returns the name of the table.
func (SecondeVie) TableName() string { return "convention_seconde_vie" }

// FoyerResidence is a row of table convention_foyer_residence.
type FoyerResidence struct {
	ConventionID                           int64          `gorm:"column:convention_id;primaryKey;autoIncrement:false"`
	Gestionnaire                           string         `gorm:"column:gestionnaire"`
	GestionnaireSignataireNom              string         `gorm:"column:gestionnaire_signataire_nom"`
	GestionnaireSignataireFonction         string         `gorm:"column:gestionnaire_signataire_fonction"`
	GestionnaireSignataireDateDeliberation *date.Date     `gorm:"column:gestionnaire_signataire_date_deliberation;type:date"`
	GestionnaireSignataireBlocSignature    string         `gorm:"column:gestionnaire_signataire_bloc_signature"`
	GestionnaireBlocInfoComplementaire     string         `gorm:"column:gestionnaire_bloc_info_complementaire"`
	TypeAttribution                        *string        `gorm:"column:type_attribution"`
	Publics                                pq.StringArray `gorm:"column:publics;type:text[];default:(-)"`
	AgeesAutreDetail                       string         `gorm:"column:agees_autre_detail"`
	HandicapesAutreDetail                  string         `gorm:"column:handicapes_autre_detail"`
	InclusifConditionsSpecifiques          string         `gorm:"column:inclusif_conditions_specifiques"`
	InclusifConditionsAdmission            string         `gorm:"column:inclusif_conditions_admission"`
	InclusifModalitesAttribution           string         `gorm:"column:inclusif_modalites_attribution"`
	InclusifPartenariats                   string         `gorm:"column:inclusif_partenariats"`
	InclusifActivites                      string         `gorm:"column:inclusif_activites"`
	ReservationPrefectoralePct             *int           `gorm:"column:reservation_prefectorale_pct"`
	ModalitesReservations                  string         `gorm:"column:modalites_reservations"`
	ModalitesChoixPersonnes                string         `gorm:"column:modalites_choix_personnes"`
	PrestationsIntegrees                   string         `gorm:"column:prestations_integrees"`
	PrestationsFacultatives                string         `gorm:"column:prestations_facultatives"`
	Variantes                              pq.Int32Array  `gorm:"column:variantes;type:smallint[];default:(-)"`
	Variante2Travaux                       string         `gorm:"column:variante_2_travaux"`
	Variante2NbAnnees                      *int           `gorm:"column:variante_2_nb_annees"`
	Variante2NbTranches                    *int           `gorm:"column:variante_2_nb_tranches"`
}

// TableName returns the name of the table.
func (FoyerResidence) TableName() string { return "convention_foyer_residence" }

// TypeAvenant is a row of table type_avenant.
type TypeAvenant struct {
	Code            string `gorm:"column:code;primaryKey"`
	Libelle         string `gorm:"column:libelle"`
	Description     string `gorm:"column:description"`
	Ordre           int    `gorm:"column:ordre"`
	FinDeConvention bool   `gorm:"column:fin_de_convention"`
}

// TableName returns the name of the table.
func (TypeAvenant) TableName() string { return "type_avenant" }

// ConventionTypeAvenant is a row of table convention_type_avenant.
type ConventionTypeAvenant struct {
	ConventionID int64     `gorm:"column:convention_id;primaryKey"`
	EstAvenant   bool      `gorm:"column:est_avenant"`
	TypeCode     string    `gorm:"column:type_code;primaryKey"`
	CocheLe      time.Time `gorm:"column:coche_le;default:(-)"`
}

// TableName returns the name of the table.
func (ConventionTypeAvenant) TableName() string { return "convention_type_avenant" }

// CompteurNumero is a row of table compteur_numero_convention.
type CompteurNumero struct {
	CodeDepartement string `gorm:"column:code_departement;primaryKey"`
	Annee           int    `gorm:"column:annee;primaryKey"`
	Dernier         int    `gorm:"column:dernier"`
}

// TableName returns the name of the table.
func (CompteurNumero) TableName() string { return "compteur_numero_convention" }

// Instantane is a row of table convention_instantane.
type Instantane struct {
	ID            int64           `gorm:"column:id;primaryKey;autoIncrement"`
	ConventionID  int64           `gorm:"column:convention_id"`
	Motif         string          `gorm:"column:motif"`
	SchemaVersion int             `gorm:"column:schema_version"`
	Donnees       json.RawMessage `gorm:"column:donnees;type:jsonb"`
	Empreinte     string          `gorm:"column:empreinte"`
	CreeLe        time.Time       `gorm:"column:cree_le;default:(-)"`
}

// TableName returns the name of the table.
func (Instantane) TableName() string { return "convention_instantane" }

// PublicationSPF is a row of table publication_spf.
type PublicationSPF struct {
	ID              int64      `gorm:"column:id;primaryKey;autoIncrement"`
	ConventionID    int64      `gorm:"column:convention_id"`
	DateEnvoi       *date.Date `gorm:"column:date_envoi;type:date"`
	DatePublication *date.Date `gorm:"column:date_publication;type:date"`
	Reference       string     `gorm:"column:reference"`
	DateRefus       *date.Date `gorm:"column:date_refus;type:date"`
	MotifRefus      string     `gorm:"column:motif_refus"`
	AnnuleLe        *time.Time `gorm:"column:annule_le"`
	Importe         bool       `gorm:"column:importe"`
	CreeLe          time.Time  `gorm:"column:cree_le;default:(-)"`
	MisAJourLe      time.Time  `gorm:"column:mis_a_jour_le;default:(-)"`
}

// TableName returns the name of the table.
func (PublicationSPF) TableName() string { return "publication_spf" }
