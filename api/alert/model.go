package alert

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"
)

// MessageSortant is a row of table message_sortant.
type MessageSortant struct {
	ID                 int64           `gorm:"column:id;primaryKey;autoIncrement"`
	UUID               uuid.UUID       `gorm:"column:uuid;type:uuid;default:(-)"`
	Canal              string          `gorm:"column:canal"`
	Type               string          `gorm:"column:type"`
	ConventionID       *int64          `gorm:"column:convention_id"`
	HistoriqueID       *int64          `gorm:"column:historique_id"`
	RevisionID         *string         `gorm:"column:revision_id"`
	Sequence           int             `gorm:"column:sequence"`
	Destinataire       string          `gorm:"column:destinataire"`
	CleUnicite         string          `gorm:"column:cle_unicite"`
	Charge             json.RawMessage `gorm:"column:charge;type:jsonb"`
	UtilisateurID      *int64          `gorm:"column:utilisateur_id"`
	HabilitationID     *int            `gorm:"column:habilitation_id"`
	Etat               string          `gorm:"column:etat;default:(-)"`
	Tentatives         int             `gorm:"column:tentatives"`
	ProchainEssaiLe    time.Time       `gorm:"column:prochain_essai_le;default:(-)"`
	IdentifiantExterne string          `gorm:"column:identifiant_externe"`
	Erreur             string          `gorm:"column:erreur"`
	CreeLe             time.Time       `gorm:"column:cree_le;default:(-)"`
	TraiteLe           *time.Time      `gorm:"column:traite_le"`
	WebhookID          *int64          `gorm:"column:webhook_id"`
	CleOrdre           string          `gorm:"column:cle_ordre"`
	RelanceLe          *time.Time      `gorm:"column:relance_le"`
	Relances           int             `gorm:"column:relances"`
	EssaisAvant        int             `gorm:"column:essais_avant"`
}

// TableName returns the name of the table.
func (MessageSortant) TableName() string { return "message_sortant" }

// AlerteSIAPLog is a row of table alerte_siap_log.
type AlerteSIAPLog struct {
	ID             int64           `gorm:"column:id;primaryKey;autoIncrement"`
	UUID           uuid.UUID       `gorm:"column:uuid;type:uuid;default:(-)"`
	ConventionID   int64           `gorm:"column:convention_id"`
	AlerteID       *int            `gorm:"column:alerte_id"`
	Operation      string          `gorm:"column:operation"`
	MessageID      *int64          `gorm:"column:message_id"`
	Statut         string          `gorm:"column:statut"`
	Tentative      int             `gorm:"column:tentative;default:(-)"`
	Description    string          `gorm:"column:description"`
	Destinataires  json.RawMessage `gorm:"column:destinataires;type:jsonb;default:(-)"`
	Etiquette      string          `gorm:"column:etiquette"`
	UserLogin      string          `gorm:"column:user_login"`
	HabilitationID string          `gorm:"column:habilitation_id"`
	Erreur         string          `gorm:"column:erreur"`
	Payload        json.RawMessage `gorm:"column:payload;type:jsonb"`
	CreeLe         time.Time       `gorm:"column:cree_le;default:(-)"`
}

// TableName returns the name of the table.
func (AlerteSIAPLog) TableName() string { return "alerte_siap_log" }
