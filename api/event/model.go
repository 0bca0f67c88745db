package event

import (
	"encoding/json"
	"time"

	"apilos/api/date"
	"github.com/google/uuid"
	"github.com/lib/pq"
)

// Historique is a row of table convention_historique.
type Historique struct {
	ID                 int64           `gorm:"column:id;primaryKey;autoIncrement"`
	UUID               uuid.UUID       `gorm:"column:uuid;type:uuid;default:(-)"`
	ConventionID       int64           `gorm:"column:convention_id"`
	Statut             string          `gorm:"column:statut"`
	StatutPrecedent    *string         `gorm:"column:statut_precedent"`
	Transition         string          `gorm:"column:transition"`
	Commentaire        string          `gorm:"column:commentaire"`
	ElementsIncomplets json.RawMessage `gorm:"column:elements_incomplets;type:jsonb;default:(-)"`
	UtilisateurID      *int64          `gorm:"column:utilisateur_id"`
	DetourneParID      *int64          `gorm:"column:detourne_par_id"`
	Origine            string          `gorm:"column:origine;default:(-)"`
	RoleTypologie      *string         `gorm:"column:role_typologie"`
	HabilitationID     *int            `gorm:"column:habilitation_id"`
	ProfilSiap         string          `gorm:"column:profil_siap"`
	CodeRoleSiap       string          `gorm:"column:code_role_siap"`
	Entite             string          `gorm:"column:entite"`
	RequeteID          *uuid.UUID      `gorm:"column:requete_id;type:uuid"`
	CreeLe             time.Time       `gorm:"column:cree_le;default:(-)"`
}

// TableName returns the name of the table.
func (Historique) TableName() string { return "convention_historique" }

// Journal is a row of table journal_audit.
type Journal struct {
	ID                  int64           `gorm:"column:id;primaryKey;autoIncrement"`
	RacineID            *int64          `gorm:"column:racine_id"`
	NomTable            string          `gorm:"column:nom_table"`
	LigneID             *int64          `gorm:"column:ligne_id"`
	ObjetUUID           *uuid.UUID      `gorm:"column:objet_uuid;type:uuid"`
	Action              string          `gorm:"column:action"`
	Commande            string          `gorm:"column:commande"`
	Mode                string          `gorm:"column:mode;default:(-)"`
	Avant               json.RawMessage `gorm:"column:avant;type:jsonb"`
	Apres               json.RawMessage `gorm:"column:apres;type:jsonb"`
	Motif               string          `gorm:"column:motif"`
	UtilisateurID       *int64          `gorm:"column:utilisateur_id"`
	DetourneParID       *int64          `gorm:"column:detourne_par_id"`
	Acteur              string          `gorm:"column:acteur"`
	HabilitationID      *int            `gorm:"column:habilitation_id"`
	IP                  string          `gorm:"column:ip"`
	RequeteID           *uuid.UUID      `gorm:"column:requete_id;type:uuid"`
	EmpreintePrecedente *string         `gorm:"column:empreinte_precedente"`
	Empreinte           *string         `gorm:"column:empreinte"`
	ChaineID            *int64          `gorm:"column:chaine_id"` // chain of readings, given by the database
	CreeLe              time.Time       `gorm:"column:cree_le;default:(-)"`
}

// TableName returns the name of the table.
func (Journal) TableName() string { return "journal_audit" }

// Ancre is a row of table journal_ancre: where the chain of a family ends (CC-32). A trigger writes it.
type Ancre struct {
	RacineID  int64  `gorm:"column:racine_id;primaryKey;autoIncrement:false"`
	Lignes    int64  `gorm:"column:lignes"`
	DernierID int64  `gorm:"column:dernier_id"`
	Empreinte string `gorm:"column:empreinte"`
}

// TableName returns the name of the table.
func (Ancre) TableName() string { return "journal_ancre" }

// ChaineLectures is a row of table journal_lecture: the end of a chain of readings of a month (CC-33). A trigger writes it;
// it stays when its rows are purged.
type ChaineLectures struct {
	ID                int64      `gorm:"column:id;primaryKey;autoIncrement:false"`
	Mois              date.Date  `gorm:"column:mois;type:date"`
	Lignes            int64      `gorm:"column:lignes"`
	PremierID         *int64     `gorm:"column:premier_id"`
	PremiereEmpreinte *string    `gorm:"column:premiere_empreinte"`
	DernierID         *int64     `gorm:"column:dernier_id"`
	Empreinte         *string    `gorm:"column:empreinte"`
	PurgeeLe          *time.Time `gorm:"column:purgee_le"`
	Signature         *string    `gorm:"column:signature"`
}

// TableName returns the name of the table.
func (ChaineLectures) TableName() string { return "journal_lecture" }

// SceauInscrit is a row of table journal_sceau: a seal that was put in the file storage.
type SceauInscrit struct {
	Numero    int64     `gorm:"column:numero;primaryKey;autoIncrement:false"`
	CleObjet  string    `gorm:"column:cle_objet"`
	Empreinte string    `gorm:"column:empreinte"`
	CreeLe    time.Time `gorm:"column:cree_le"`
}

// TableName returns the name of the table.
func (SceauInscrit) TableName() string { return "journal_sceau" }

// Evenement is a row of table evenement.
type Evenement struct {
	ID            int64      `gorm:"column:id;primaryKey;autoIncrement"`
	UUID          uuid.UUID  `gorm:"column:uuid;type:uuid;default:(-)"`
	ConventionID  int64      `gorm:"column:convention_id"`
	TypeEvenement string     `gorm:"column:type_evenement;default:(-)"`
	SurvenuLe     date.Date  `gorm:"column:survenu_le;type:date;default:(-)"`
	Description   string     `gorm:"column:description"`
	CreeParID     *int64     `gorm:"column:cree_par_id"`
	AnnuleLe      *time.Time `gorm:"column:annule_le"`
	AnnuleParID   *int64     `gorm:"column:annule_par_id"`
	Version       int        `gorm:"column:version;default:(-)"`
	CreeLe        time.Time  `gorm:"column:cree_le;default:(-)"`
	MisAJourLe    time.Time  `gorm:"column:mis_a_jour_le;default:(-)"`
}

// TableName returns the name of the table.
func (Evenement) TableName() string { return "evenement" }

// EvenementVersion is a row of table evenement_version.
type EvenementVersion struct {
	EvenementID   int64          `gorm:"column:evenement_id;primaryKey"`
	Version       int            `gorm:"column:version;primaryKey"`
	TypeEvenement string         `gorm:"column:type_evenement"`
	SurvenuLe     date.Date      `gorm:"column:survenu_le;type:date"`
	Description   string         `gorm:"column:description"`
	Fichiers      pq.StringArray `gorm:"column:fichiers;type:uuid[];default:(-)"`
	ModifieParID  *int64         `gorm:"column:modifie_par_id"`
	CreeLe        time.Time      `gorm:"column:cree_le;default:(-)"`
}

// TableName returns the name of the table.
func (EvenementVersion) TableName() string { return "evenement_version" }
