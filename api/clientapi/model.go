package clientapi

import (
	"slices"
	"time"

	"apilos/api/auth"

	"github.com/google/uuid"
	"github.com/lib/pq"
)

// Client is a row of table jeton_api.
type Client struct {
	ID                    int64          `gorm:"column:id;primaryKey;autoIncrement"`
	UUID                  uuid.UUID      `gorm:"column:uuid;type:uuid;default:(-)"`
	Nom                   string         `gorm:"column:nom"`
	Description           string         `gorm:"column:description"`
	UtilisateurID         int64          `gorm:"column:utilisateur_id"` // technical account
	Portees               pq.StringArray `gorm:"column:portees;type:text[]"`
	Perimetre             Genre          `gorm:"column:perimetre"`
	Region                *string        `gorm:"column:region"`
	Departement           *string        `gorm:"column:departement"`
	AdministrationID      *int64         `gorm:"column:administration_id"`
	LoginSiap             string         `gorm:"column:login_siap"`
	HabilitationID        *int           `gorm:"column:habilitation_id"`
	DebitParMinute        *int           `gorm:"column:debit_par_minute"`
	Prefixe               string         `gorm:"column:prefixe"`
	Empreinte             string         `gorm:"column:empreinte"`
	AncienPrefixe         *string        `gorm:"column:ancien_prefixe"`
	AncienneEmpreinte     *string        `gorm:"column:ancienne_empreinte"`
	AncienExpireLe        *time.Time     `gorm:"column:ancien_expire_le"`
	TourneLe              *time.Time     `gorm:"column:tourne_le"`
	CreeParID             *int64         `gorm:"column:cree_par_id"`
	CreeLe                time.Time      `gorm:"column:cree_le;default:(-)"`
	ExpireLe              *time.Time     `gorm:"column:expire_le"`
	DerniereUtilisationLe *time.Time     `gorm:"column:derniere_utilisation_le"`
	RevoqueLe             *time.Time     `gorm:"column:revoque_le"`
	Version               int            `gorm:"column:version;default:(-)"`
	MisAJourLe            time.Time      `gorm:"column:mis_a_jour_le;default:(-)"`
}

// TableName returns the name of the table.
func (Client) TableName() string { return "jeton_api" }

// BailleurDuClient is a row of table jeton_api_bailleur.
type BailleurDuClient struct {
	JetonApiID int64 `gorm:"column:jeton_api_id;primaryKey"`
	BailleurID int64 `gorm:"column:bailleur_id;primaryKey"`
}

// TableName returns the name of the table.
func (BailleurDuClient) TableName() string { return "jeton_api_bailleur" }

// Etat says whether a client works.
type Etat string

// States of a client.
const (
	Actif   Etat = "ACTIF"
	Expire  Etat = "EXPIRE"
	Revoque Etat = "REVOQUE"
)

// Libelle names a state.
func (e Etat) Libelle() string {
	return map[Etat]string{Actif: "Actif", Expire: "Expiré", Revoque: "Révoqué"}[e]
}

// Etat says whether the client works at the instant now.
func (c *Client) Etat(now time.Time) Etat {
	switch {
	case c.RevoqueLe != nil:
		return Revoque
	case c.ExpireLe != nil && !now.Before(*c.ExpireLe):
		return Expire
	}
	return Actif
}

// AncienJeton tells until when the token before the last rotation works, nil when it does not at now.
func (c *Client) AncienJeton(now time.Time) *time.Time {
	if c.AncienExpireLe == nil || !now.Before(*c.AncienExpireLe) || c.Etat(now) != Actif {
		return nil
	}
	return c.AncienExpireLe
}

func (c *Client) portees() []auth.Portee {
	out := make([]auth.Portee, 0, len(c.Portees))
	for _, p := range c.Portees {
		out = append(out, auth.Portee(p))
	}
	return out
}

// Entite is a bailleur or an administration of a perimeter.
type Entite struct {
	ID   int64
	UUID uuid.UUID
	Nom  string
	Code string // SIREN or administration code, in a search only; "" for a private owner
}

// Fiche is a client with what its perimeter names.
type Fiche struct {
	Client
	RegionNom, DepartementNom string
	Administration            *Entite
	Bailleurs                 []Entite // perimetre BAILLEURS: those that were chosen, by name
	CreeParNom                string   // "" when it was made from the command line
}

// trierPortees puts scopes in the order of auth.Portees, without repetition.
func trierPortees(liste []auth.Portee) pq.StringArray {
	out := pq.StringArray{}
	for _, p := range auth.Portees() {
		if slices.Contains(liste, p) {
			out = append(out, string(p))
		}
	}
	return out
}
