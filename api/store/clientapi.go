package store

import (
	"context"
	"fmt"
	"time"

	"apilos/api/clientapi"
	"apilos/api/event"
	"apilos/api/fault"

	"github.com/google/uuid"
	"github.com/lib/pq"
	"gorm.io/gorm"
)

// ClientsAPI keeps API clients.
type ClientsAPI struct{ db *DB }

// NewClientsAPI returns the store of package clientapi.
func NewClientsAPI(db *DB) *ClientsAPI { return &ClientsAPI{db: db} }

var _ clientapi.Store = (*ClientsAPI)(nil)

// InTx implements clientapi.Store.
func (s *ClientsAPI) InTx(ctx context.Context, fn func(ctx context.Context) error) error {
	return s.db.InTx(ctx, fn)
}

// Journaliser implements clientapi.Store: a row of no family, hence not chained.
func (s *ClientsAPI) Journaliser(ctx context.Context, j event.Journal) error {
	if err := s.db.db(ctx).Create(&j).Error; err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return nil
}

// ParPrefixe implements clientapi.Store.
func (s *ClientsAPI) ParPrefixe(ctx context.Context, prefixe string) (*clientapi.Actrice, error) {
	return s.actrice(ctx, s.db.db(ctx).Where("prefixe = ? OR ancien_prefixe = ?", prefixe, prefixe))
}

// ParID implements clientapi.Store.
func (s *ClientsAPI) ParID(ctx context.Context, id int64) (*clientapi.Actrice, error) {
	return s.actrice(ctx, s.db.db(ctx).Where("id = ?", id))
}

func (s *ClientsAPI) actrice(ctx context.Context, q *gorm.DB) (*clientapi.Actrice, error) {
	c, err := premiere[clientapi.Client](q, "read API client")
	if err != nil || c == nil {
		return nil, err
	}
	a := &clientapi.Actrice{Client: *c}
	if c.Perimetre != clientapi.DeBailleurs {
		return a, nil
	}
	err = s.db.db(ctx).Raw(`SELECT b.id FROM bailleur b JOIN jeton_api_bailleur j ON b.id = j.bailleur_id OR b.parent_id = j.bailleur_id
		WHERE j.jeton_api_id = ? GROUP BY b.id ORDER BY b.id`, c.ID).Scan(&a.BailleurIDs).Error
	if err != nil {
		return nil, fmt.Errorf("perimeter of API client: %w", err)
	}
	return a, nil
}

// Utilise implements clientapi.Store.
func (s *ClientsAPI) Utilise(ctx context.Context, id int64, le time.Time) error {
	err := s.db.db(ctx).Exec(`UPDATE jeton_api SET derniere_utilisation_le = ?
		WHERE id = ? AND (derniere_utilisation_le IS NULL OR derniere_utilisation_le <= ?)`, le, id, le.Add(-time.Minute)).Error
	if err != nil {
		return fmt.Errorf("last use of API client: %w", err)
	}
	return nil
}

// EnService implements clientapi.Store.
func (s *ClientsAPI) EnService(ctx context.Context) (int, error) {
	var n int64
	if err := s.db.db(ctx).Model(&clientapi.Client{}).Where("revoque_le IS NULL").Count(&n).Error; err != nil {
		return 0, fmt.Errorf("count API clients: %w", err)
	}
	return int(n), nil
}

// Inserer implements clientapi.Store.
func (s *ClientsAPI) Inserer(ctx context.Context, c *clientapi.Client, bailleurs []int64) error {
	// Inactive: nobody signs in with it, acts as it, or writes to it.
	err := s.db.db(ctx).Raw(`INSERT INTO utilisateur (username, nom, est_actif, preferences_email, createur_id) VALUES (?, ?, false, 'AUCUN', ?) RETURNING id`,
		"api:"+c.UUID.String(), c.Nom, c.CreeParID).Scan(&c.UtilisateurID).Error
	if err != nil {
		return fmt.Errorf("technical account of API client: %w", err)
	}
	if err := s.db.db(ctx).Create(c).Error; err != nil {
		return erreurClient(err)
	}
	for _, id := range bailleurs {
		if err := s.db.db(ctx).Create(&clientapi.BailleurDuClient{JetonApiID: c.ID, BailleurID: id}).Error; err != nil {
			return fmt.Errorf("bailleurs of API client: %w", err)
		}
	}
	return nil
}

// Modifier implements clientapi.Store.
func (s *ClientsAPI) Modifier(ctx context.Context, c *clientapi.Client, version int) (bool, error) {
	res := s.db.db(ctx).Model(&clientapi.Client{}).Where("id = ? AND version = ?", c.ID, version).Updates(map[string]any{
		"nom": c.Nom, "description": c.Description, "portees": c.Portees, "login_siap": c.LoginSiap, "habilitation_id": c.HabilitationID,
		"debit_par_minute": c.DebitParMinute, "expire_le": c.ExpireLe, "revoque_le": c.RevoqueLe, "prefixe": c.Prefixe, "empreinte": c.Empreinte,
		"ancien_prefixe": c.AncienPrefixe, "ancienne_empreinte": c.AncienneEmpreinte, "ancien_expire_le": c.AncienExpireLe, "tourne_le": c.TourneLe,
		"version": version + 1, "mis_a_jour_le": c.MisAJourLe,
	})
	if res.Error != nil {
		return false, erreurClient(res.Error)
	}
	if res.RowsAffected == 0 {
		return false, nil
	}
	c.Version = version + 1
	err := s.db.db(ctx).Exec(`UPDATE utilisateur SET nom = ?, version = version + 1, mis_a_jour_le = ? WHERE id = ? AND nom <> ?`,
		c.Nom, c.MisAJourLe, c.UtilisateurID, c.Nom).Error
	if err != nil {
		return false, fmt.Errorf("name of API client: %w", err)
	}
	return true, nil
}

func erreurClient(err error) error {
	if constraint(err) == "ux_jeton_api_nom" {
		return fault.New(fault.Conflict, "NOM_CLIENT_PRIS", "Un autre client d’API en service porte déjà ce nom. Choisissez-en un autre.").
			WithFields(fault.Field{Pointer: "/nom", Code: "NOM_CLIENT_PRIS", Detail: "Ce nom est déjà pris."})
	}
	return fmt.Errorf("write API client: %w", err)
}

// RegionExiste implements clientapi.Store.
func (s *ClientsAPI) RegionExiste(ctx context.Context, code string) (bool, error) {
	return s.existe(ctx, `SELECT EXISTS (SELECT FROM region WHERE code_insee = ?)`, code)
}

// DepartementExiste implements clientapi.Store.
func (s *ClientsAPI) DepartementExiste(ctx context.Context, code string) (bool, error) {
	return s.existe(ctx, `SELECT EXISTS (SELECT FROM departement WHERE code_insee = ?)`, code)
}

func (s *ClientsAPI) existe(ctx context.Context, sql, code string) (ok bool, err error) {
	if err = s.db.db(ctx).Raw(sql, code).Scan(&ok).Error; err != nil {
		err = fmt.Errorf("find territory: %w", err)
	}
	return ok, err
}

// Administration implements clientapi.Store.
func (s *ClientsAPI) Administration(ctx context.Context, id uuid.UUID) (*clientapi.Entite, error) {
	return premiere[clientapi.Entite](s.db.db(ctx).Table("administration").Select("id", "uuid", "nom").Where("uuid = ?", id), "find administration")
}

// Bailleurs implements clientapi.Store.
func (s *ClientsAPI) Bailleurs(ctx context.Context, ids []uuid.UUID) ([]clientapi.Entite, error) {
	liste := make(pq.StringArray, 0, len(ids))
	for _, id := range ids {
		liste = append(liste, id.String())
	}
	var out []clientapi.Entite
	if err := s.db.db(ctx).Raw(`SELECT id, uuid, nom FROM bailleur WHERE uuid = ANY(?::uuid[])`, liste).Scan(&out).Error; err != nil {
		return nil, fmt.Errorf("find bailleurs: %w", err)
	}
	return out, nil
}
