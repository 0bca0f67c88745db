package depot

import (
	"encoding/json"
	"time"
)

// Mandataire is a row of table depot_mandataire.
type Mandataire struct {
	ID         string    `gorm:"column:id;primaryKey"`
	Nom        string    `gorm:"column:nom"`
	Email      string    `gorm:"column:email"`
	CreeLe     time.Time `gorm:"column:cree_le;default:(-)"`
	MisAJourLe time.Time `gorm:"column:mis_a_jour_le;default:(-)"`
}

// TableName returns the name of the table.
func (Mandataire) TableName() string { return "depot_mandataire" }

// ChefDeFile is a row of table depot_chef_de_file.
type ChefDeFile struct {
	ID               string    `gorm:"column:id;primaryKey"`
	Nom              string    `gorm:"column:nom"`
	Email            string    `gorm:"column:email"`
	EmailPublic      bool      `gorm:"column:email_public"`
	SignataireCharte bool      `gorm:"column:signataire_charte"`
	CreeLe           time.Time `gorm:"column:cree_le;default:(-)"`
	MisAJourLe       time.Time `gorm:"column:mis_a_jour_le;default:(-)"`
}

// TableName returns the name of the table.
func (ChefDeFile) TableName() string { return "depot_chef_de_file" }

// Perimetre is a row of table depot_perimetre.
type Perimetre struct {
	ID           string `gorm:"column:id;primaryKey"`
	ChefDeFileID string `gorm:"column:chef_de_file_id"`
	Type         string `gorm:"column:type"`
	Code         string `gorm:"column:code"`
}

// TableName returns the name of the table.
func (Perimetre) TableName() string { return "depot_perimetre" }

// Client is a row of table depot_client.
type Client struct {
	ID             string    `gorm:"column:id;primaryKey"`
	MandataireID   string    `gorm:"column:mandataire_id"`
	ChefDeFileID   *string   `gorm:"column:chef_de_file_id"`
	LegacyID       *string   `gorm:"column:legacy_id"`
	Nom            string    `gorm:"column:nom"`
	Email          *string   `gorm:"column:email"`
	Actif          bool      `gorm:"column:actif"`
	JetonEmpreinte string    `gorm:"column:jeton_empreinte"`
	JetonPrefixe   string    `gorm:"column:jeton_prefixe"`
	JetonCreeLe    time.Time `gorm:"column:jeton_cree_le;default:(-)"`
	Strategie      string    `gorm:"column:strategie"`
	CreeLe         time.Time `gorm:"column:cree_le;default:(-)"`
	MisAJourLe     time.Time `gorm:"column:mis_a_jour_le;default:(-)"`
}

// TableName returns the name of the table.
func (Client) TableName() string { return "depot_client" }

// Habilitation is a row of table depot_habilitation.
type Habilitation struct {
	ID             string          `gorm:"column:id;primaryKey"`
	ClientID       string          `gorm:"column:client_id"`
	CodeCommune    string          `gorm:"column:code_commune"`
	EmailCommune   *string         `gorm:"column:email_commune"`
	Statut         string          `gorm:"column:statut;default:(-)"`
	Strategie      json.RawMessage `gorm:"column:strategie;type:jsonb"`
	PinEmpreinte   *string         `gorm:"column:pin_empreinte"`
	PinExpireLe    *time.Time      `gorm:"column:pin_expire_le"`
	PinEnvoyeLe    *time.Time      `gorm:"column:pin_envoye_le"`
	EssaisRestants *int16          `gorm:"column:essais_restants"`
	AccepteLe      *time.Time      `gorm:"column:accepte_le"`
	RejeteLe       *time.Time      `gorm:"column:rejete_le"`
	ExpireLe       *time.Time      `gorm:"column:expire_le"`
	CreeLe         time.Time       `gorm:"column:cree_le;default:(-)"`
	MisAJourLe     time.Time       `gorm:"column:mis_a_jour_le;default:(-)"`
}

// TableName returns the name of the table.
func (Habilitation) TableName() string { return "depot_habilitation" }
