package webhook

import (
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"
)

// Webhook is a row of table webhook.
type Webhook struct {
	ID            int64          `gorm:"column:id;primaryKey;autoIncrement"`
	UUID          uuid.UUID      `gorm:"column:uuid;type:uuid;default:(-)"`
	JetonApiID    *int64         `gorm:"column:jeton_api_id"` // client that manages it; nil: the staff
	URL           string         `gorm:"column:url"`
	Evenements    pq.StringArray `gorm:"column:evenements;type:text[]"`
	SecretChiffre []byte         `gorm:"column:secret_chiffre"`
	Actif         bool           `gorm:"column:actif"`
	Version       int            `gorm:"column:version;default:(-)"`
	CreeLe        time.Time      `gorm:"column:cree_le;default:(-)"`
	MisAJourLe    time.Time      `gorm:"column:mis_a_jour_le;default:(-)"`
	Description   string         `gorm:"column:description"`
	CreeParID     *int64         `gorm:"column:cree_par_id"`
}

// TableName returns the name of the table.
func (Webhook) TableName() string { return "webhook" }

// Essai is a row of table webhook_essai: one try of a delivery.
type Essai struct {
	ID         int64     `gorm:"column:id;primaryKey;autoIncrement"`
	MessageID  int64     `gorm:"column:message_id"`
	Tentative  int       `gorm:"column:tentative"`
	StatutHTTP *int      `gorm:"column:statut_http"` // nil: no answer
	DureeMS    int       `gorm:"column:duree_ms"`
	Erreur     string    `gorm:"column:erreur"`
	Reponse    string    `gorm:"column:reponse"` // beginning of the answer
	CreeLe     time.Time `gorm:"column:cree_le;default:(-)"`
}

// TableName returns the name of the table.
func (Essai) TableName() string { return "webhook_essai" }
