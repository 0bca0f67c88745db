package admin

import (
	"encoding/json"
	"time"

	"apilos/api/date"
	"github.com/google/uuid"
	"github.com/lib/pq"
)

// Interrupteur is a row of table interrupteur.
type Interrupteur struct {
	Nom            string          `gorm:"column:nom;primaryKey"`
	Actif          bool            `gorm:"column:actif"`
	Portee         json.RawMessage `gorm:"column:portee;type:jsonb"`
	Note           string          `gorm:"column:note"`
	ModifieParID   *int64          `gorm:"column:modifie_par_id"`
	RetraitPrevuLe *date.Date      `gorm:"column:retrait_prevu_le;type:date"`
	Version        int             `gorm:"column:version;default:(-)"`
	MisAJourLe     time.Time       `gorm:"column:mis_a_jour_le;default:(-)"`
}

// TableName returns the name of the table.
func (Interrupteur) TableName() string { return "interrupteur" }

// Bandeau is a row of table bandeau.
type Bandeau struct {
	ID       int64          `gorm:"column:id;primaryKey;autoIncrement"`
	UUID     uuid.UUID      `gorm:"column:uuid;type:uuid;default:(-)"`
	Titre    string         `gorm:"column:titre"`
	Texte    string         `gorm:"column:texte"`
	Niveau   string         `gorm:"column:niveau;default:(-)"`
	Debut    time.Time      `gorm:"column:debut;default:(-)"`
	Fin      *time.Time     `gorm:"column:fin"`
	Publics  pq.StringArray `gorm:"column:publics;type:text[];default:(-)"`
	Fermable bool           `gorm:"column:fermable"`
	Version  int            `gorm:"column:version;default:(-)"`
}

// TableName returns the name of the table.
func (Bandeau) TableName() string { return "bandeau" }

// RapportSQL is a row of table rapport_sql.
type RapportSQL struct {
	ID             int64           `gorm:"column:id;primaryKey;autoIncrement"`
	UUID           uuid.UUID       `gorm:"column:uuid;type:uuid;default:(-)"`
	Titre          string          `gorm:"column:titre"`
	TexteSQL       string          `gorm:"column:texte_sql"`
	Parametres     json.RawMessage `gorm:"column:parametres;type:jsonb;default:(-)"`
	ProprietaireID *int64          `gorm:"column:proprietaire_id"`
	Version        int             `gorm:"column:version;default:(-)"`
	CreeLe         time.Time       `gorm:"column:cree_le;default:(-)"`
	MisAJourLe     time.Time       `gorm:"column:mis_a_jour_le;default:(-)"`
}

// TableName returns the name of the table.
func (RapportSQL) TableName() string { return "rapport_sql" }

// ImportExecution is a row of table import_execution.
type ImportExecution struct {
	ID          int64      `gorm:"column:id;primaryKey;autoIncrement"`
	Source      string     `gorm:"column:source"`
	Departement *string    `gorm:"column:departement"`
	DernierID   string     `gorm:"column:dernier_id"`
	Lus         int64      `gorm:"column:lus"`
	Crees       int64      `gorm:"column:crees"`
	MisAJour    int64      `gorm:"column:mis_a_jour"`
	Ignores     int64      `gorm:"column:ignores"`
	Erreurs     int64      `gorm:"column:erreurs"`
	DebutLe     time.Time  `gorm:"column:debut_le;default:(-)"`
	FinLe       *time.Time `gorm:"column:fin_le"`
}

// TableName returns the name of the table.
func (ImportExecution) TableName() string { return "import_execution" }

// ReferenceExterne is a row of table reference_externe.
type ReferenceExterne struct {
	ID          int64     `gorm:"column:id;primaryKey;autoIncrement"`
	Source      string    `gorm:"column:source"`
	Modele      string    `gorm:"column:modele"`
	IDExterne   string    `gorm:"column:id_externe"`
	TableCible  string    `gorm:"column:table_cible"`
	IDCible     int64     `gorm:"column:id_cible"`
	Departement *string   `gorm:"column:departement"`
	ImporteLe   time.Time `gorm:"column:importe_le;default:(-)"`
	EstSupprime bool      `gorm:"column:est_supprime"`
}

// TableName returns the name of the table.
func (ReferenceExterne) TableName() string { return "reference_externe" }

// AnomalieImport is a row of table anomalie_import.
type AnomalieImport struct {
	ID         int64           `gorm:"column:id;primaryKey;autoIncrement"`
	TableCible string          `gorm:"column:table_cible"`
	IDCible    *int64          `gorm:"column:id_cible"`
	Modele     string          `gorm:"column:modele"`
	IDExterne  string          `gorm:"column:id_externe"`
	Regle      string          `gorm:"column:regle"`
	Detail     json.RawMessage `gorm:"column:detail;type:jsonb;default:(-)"`
	ResolueLe  *time.Time      `gorm:"column:resolue_le"`
	CreeLe     time.Time       `gorm:"column:cree_le;default:(-)"`
}

// TableName returns the name of the table.
func (AnomalieImport) TableName() string { return "anomalie_import" }

// SiapCache is a row of table siap_cache.
type SiapCache struct {
	Cle    string          `gorm:"column:cle;primaryKey"`
	Valeur json.RawMessage `gorm:"column:valeur;type:jsonb"`
	RecuLe time.Time       `gorm:"column:recu_le;default:(-)"`
}

// TableName returns the name of the table.
func (SiapCache) TableName() string { return "siap_cache" }

// Tache is a row of table tache.
type Tache struct {
	ID             int64           `gorm:"column:id;primaryKey;autoIncrement"`
	UUID           uuid.UUID       `gorm:"column:uuid;type:uuid;default:(-)"`
	Type           string          `gorm:"column:type"`
	UtilisateurID  *int64          `gorm:"column:utilisateur_id"`
	HabilitationID *int            `gorm:"column:habilitation_id"`
	Parametres     json.RawMessage `gorm:"column:parametres;type:jsonb;default:(-)"`
	Etat           string          `gorm:"column:etat;default:(-)"`
	Avancement     int             `gorm:"column:avancement"`
	Total          *int            `gorm:"column:total"`
	Resultat       json.RawMessage `gorm:"column:resultat;type:jsonb;default:(-)"`
	FichierID      *int64          `gorm:"column:fichier_id"`
	RiverJobID     *int64          `gorm:"column:river_job_id"`
	CreeLe         time.Time       `gorm:"column:cree_le;default:(-)"`
	TermineLe      *time.Time      `gorm:"column:termine_le"`
	ExpireLe       *time.Time      `gorm:"column:expire_le"`
}

// TableName returns the name of the table.
func (Tache) TableName() string { return "tache" }

// RequeteIdempotente is a row of table requete_idempotente.
type RequeteIdempotente struct {
	Appelant   string    `gorm:"column:appelant;primaryKey"`
	Cle        string    `gorm:"column:cle;primaryKey"`
	Empreinte  string    `gorm:"column:empreinte"`
	StatutHttp *int      `gorm:"column:statut_http"`
	Reponse    []byte    `gorm:"column:reponse"`
	CreeLe     time.Time `gorm:"column:cree_le;default:(-)"`
}

// TableName returns the name of the table.
func (RequeteIdempotente) TableName() string { return "requete_idempotente" }

// LimiteDebit is a row of table limite_debit.
type LimiteDebit struct {
	Cle    string    `gorm:"column:cle;primaryKey"`
	Jetons float64   `gorm:"column:jetons"`
	MajLe  time.Time `gorm:"column:maj_le;default:(-)"`
}

// TableName returns the name of the table.
func (LimiteDebit) TableName() string { return "limite_debit" }
