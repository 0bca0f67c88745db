package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"apilos/api/depot"

	"github.com/lib/pq"
)

// Habilitation implements depot.Store.
func (s *Depots) Habilitation(ctx context.Context, id string) (*depot.Habilitation, error) {
	return uneLigne[depot.Habilitation](ctx, s.db, "read habilitation", `SELECT * FROM depot_habilitation WHERE id = ?`, id)
}

// VerrouillerHabilitation implements depot.Store.
func (s *Depots) VerrouillerHabilitation(ctx context.Context, id string) (*depot.Habilitation, error) {
	return uneLigne[depot.Habilitation](ctx, s.db, "lock habilitation", `SELECT * FROM depot_habilitation WHERE id = ? FOR UPDATE`, id)
}

// InsererHabilitation implements depot.Store.
func (s *Depots) InsererHabilitation(ctx context.Context, h *depot.Habilitation) error {
	if err := s.db.db(ctx).Create(h).Error; err != nil {
		return fmt.Errorf("create habilitation: %w", err)
	}
	return nil
}

// ModifierHabilitation implements depot.Store.
func (s *Depots) ModifierHabilitation(ctx context.Context, id string, colonnes map[string]any) error {
	return s.modifier(ctx, "depot_habilitation", id, colonnes)
}

// ConsommerEssai implements depot.Store.
func (s *Depots) ConsommerEssai(ctx context.Context, id string, le time.Time) (int, bool, error) {
	var restes []int
	err := s.db.db(ctx).Raw(`UPDATE depot_habilitation SET essais_restants = essais_restants - 1, mis_a_jour_le = ?
		WHERE id = ? AND essais_restants > 0 RETURNING essais_restants`, le, id).Scan(&restes).Error
	if err != nil {
		return 0, false, fmt.Errorf("count attempt: %w", err)
	}
	if len(restes) == 0 {
		return 0, false, nil
	}
	return restes[0], true, nil
}

// Habilitations implements depot.Store.
func (s *Depots) Habilitations(ctx context.Context, ids []string) ([]depot.Habilitation, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var out []depot.Habilitation
	if err := s.db.db(ctx).Raw(`SELECT * FROM depot_habilitation WHERE id IN ?`, ids).Scan(&out).Error; err != nil {
		return nil, fmt.Errorf("read habilitations: %w", err)
	}
	return out, nil
}

// HabilitationsDuClient implements depot.Store.
func (s *Depots) HabilitationsDuClient(ctx context.Context, clientID, codeCommune string) ([]depot.Habilitation, error) {
	out := []depot.Habilitation{}
	err := s.db.db(ctx).Raw(`SELECT * FROM depot_habilitation WHERE client_id = ? AND code_commune = ? ORDER BY id DESC LIMIT 100`, clientID, codeCommune).Scan(&out).Error
	if err != nil {
		return nil, fmt.Errorf("habilitations of a client: %w", err)
	}
	return out, nil
}

// ListeHabilitations implements depot.Store.
func (s *Depots) ListeHabilitations(ctx context.Context, f depot.FiltreHabilitations) ([]depot.HabilitationDetail, int, error) {
	conditions, args := []string{"true"}, []any{}
	if f.Statut != "" {
		conditions, args = append(conditions, "h.statut = ?"), append(args, f.Statut)
	}
	if f.Texte != "" {
		conditions = append(conditions, "(c.nom ILIKE ? OR h.code_commune = ANY(?))")
		args = append(args, motif(f.Texte), pq.StringArray(f.CodesCommune))
	}
	ou := " WHERE " + strings.Join(conditions, " AND ")
	var total int
	if err := s.db.db(ctx).Raw(`SELECT count(*) FROM depot_habilitation h JOIN depot_client c ON c.id = h.client_id`+ou, args...).Scan(&total).Error; err != nil {
		return nil, 0, fmt.Errorf("count habilitations: %w", err)
	}
	var rows []struct {
		depot.Habilitation
		Client ligneClient `gorm:"embedded;embeddedPrefix:c_"`
	}
	sql := `SELECT h.*, ` + colonnesClientPrefixees + ` FROM depot_habilitation h JOIN depot_client c ON c.id = h.client_id` + jointuresClient + ou +
		` ORDER BY h.id DESC LIMIT ? OFFSET ?`
	if err := s.db.db(ctx).Raw(sql, append(args, f.Fenetre.Limite, f.Fenetre.Decalage)...).Scan(&rows).Error; err != nil {
		return nil, 0, fmt.Errorf("list habilitations: %w", err)
	}
	out := make([]depot.HabilitationDetail, 0, len(rows))
	for n := range rows {
		out = append(out, depot.HabilitationDetail{Habilitation: rows[n].Habilitation, Client: *rows[n].Client.detail()})
	}
	return out, total, nil
}

// GarderEtat implements depot.Store.
func (s *Depots) GarderEtat(ctx context.Context, empreinte string, objet json.RawMessage, expire time.Time) error {
	err := s.db.db(ctx).Exec(`INSERT INTO jeton_unique (empreinte, usage, objet, expire_le) VALUES (?, 'PROCONNECT', ?::jsonb, ?)`, empreinte, string(objet), expire).Error
	if err != nil {
		return fmt.Errorf("keep state: %w", err)
	}
	return nil
}

// ConsommerEtat implements depot.Store: one statement, so a state serves once.
func (s *Depots) ConsommerEtat(ctx context.Context, empreinte string, le time.Time) (json.RawMessage, error) {
	var rows []struct{ Objet json.RawMessage }
	err := s.db.db(ctx).Raw(`UPDATE jeton_unique SET utilise_le = ? WHERE empreinte = ? AND usage = 'PROCONNECT' AND utilise_le IS NULL AND expire_le > ?
		RETURNING objet`, le, empreinte, le).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("use state: %w", err)
	}
	if len(rows) == 0 {
		return nil, nil
	}
	return rows[0].Objet, nil
}
