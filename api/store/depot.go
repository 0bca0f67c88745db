package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"apilos/api/depot"
	"apilos/api/event"
	"apilos/api/fault"

	"gorm.io/gorm/clause"
)

// Depots keeps the directory of the deposit, its habilitations, and reads its revisions.
type Depots struct{ db *DB }

// NewDepots returns the store of package depot.
func NewDepots(db *DB) *Depots { return &Depots{db: db} }

var _ depot.Store = (*Depots)(nil)

// InTx implements depot.Store.
func (s *Depots) InTx(ctx context.Context, fn func(ctx context.Context) error) error {
	return s.db.InTx(ctx, fn)
}

// Journaliser implements depot.Store. The row belongs to no family of conventions, hence to no chain.
func (s *Depots) Journaliser(ctx context.Context, j event.Journal) error {
	if err := s.db.db(ctx).Create(&j).Error; err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return nil
}

// lotDepot is how many rows of a complete list are read by one statement: between two, nothing is held
// while the caller sends them.
const lotDepot = 1000

// colonnesClient are a client and the names around it, from depot_client c.
const (
	colonnesClient = `c.*, m.nom AS mandataire_nom, m.email AS mandataire_email, f.nom AS chef_nom, f.email AS chef_email,
		coalesce(f.email_public, false) AS chef_email_public`
	tablesClient = ` FROM depot_client c JOIN depot_mandataire m ON m.id = c.mandataire_id LEFT JOIN depot_chef_de_file f ON f.id = c.chef_de_file_id`
)

// ClientParJeton implements depot.Store.
func (s *Depots) ClientParJeton(ctx context.Context, empreinte string) (*depot.ClientDetail, error) {
	return s.client(ctx, "c.jeton_empreinte = ?", empreinte)
}

// Client implements depot.Store.
func (s *Depots) Client(ctx context.Context, id string) (*depot.ClientDetail, error) {
	return s.client(ctx, "c.id = ?", id)
}

// ClientParLegacy implements depot.Store.
func (s *Depots) ClientParLegacy(ctx context.Context, legacyID string) (*depot.ClientDetail, error) {
	return s.client(ctx, "c.legacy_id = ?", legacyID)
}

func (s *Depots) client(ctx context.Context, cond, arg string) (*depot.ClientDetail, error) {
	return uneLigne[depot.ClientDetail](ctx, s.db, "read deposit client", `SELECT `+colonnesClient+tablesClient+` WHERE `+cond, arg)
}

// uneLigne reads at most one row, nil without any.
func uneLigne[T any](ctx context.Context, d *DB, quoi, sql string, args ...any) (*T, error) {
	var rows []T
	if err := d.db(ctx).Raw(sql, args...).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("%s: %w", quoi, err)
	}
	if len(rows) == 0 {
		return nil, nil
	}
	return &rows[0], nil
}

// parcourir reads a list by key: a window in one statement, or everything lot by lot. sql ends before
// WHERE-able conditions: it must hold "%s" where "cle > ?" goes, and be ordered by that key.
func parcourir[T any](ctx context.Context, d *DB, quoi, sql, cle string, f depot.Fenetre, args []any, clef func(*T) string, fn func(*T) error) error {
	derniere := ""
	for {
		limite, decalage := lotDepot, 0
		if f.Limite > 0 || f.Decalage > 0 {
			limite, decalage = f.Limite, f.Decalage
		}
		suite := fmt.Sprintf(sql, cle+" > ?") + " LIMIT ? OFFSET ?"
		var borne any = limite
		if limite <= 0 {
			borne = nil // LIMIT NULL: no limit
		}
		var rows []T
		if err := d.db(ctx).Raw(suite, append(append([]any(nil), args...), derniere, borne, decalage)...).Scan(&rows).Error; err != nil {
			return fmt.Errorf("%s: %w", quoi, err)
		}
		for n := range rows {
			if err := fn(&rows[n]); err != nil {
				return err
			}
		}
		if f.Limite > 0 || f.Decalage > 0 || len(rows) < lotDepot {
			return nil
		}
		derniere = clef(&rows[len(rows)-1])
	}
}

func (s *Depots) etat(ctx context.Context, quoi, sql string, args ...any) (depot.Etat, error) {
	var row struct {
		Nombre  int
		Modifie *time.Time
	}
	if err := s.db.db(ctx).Raw(sql, args...).Scan(&row).Error; err != nil {
		return depot.Etat{}, fmt.Errorf("%s: %w", quoi, err)
	}
	e := depot.Etat{Nombre: row.Nombre}
	if row.Modifie != nil {
		e.Modifie = row.Modifie.UTC()
	}
	return e, nil
}

// EtatClients implements depot.Store.
func (s *Depots) EtatClients(ctx context.Context) (depot.Etat, error) {
	return s.etat(ctx, "count deposit clients", `SELECT count(*) AS nombre, max(mis_a_jour_le) AS modifie FROM depot_client`)
}

// ParcourirClients implements depot.Store.
func (s *Depots) ParcourirClients(ctx context.Context, f depot.Fenetre, fn func(depot.ClientDetail) error) error {
	return parcourir(ctx, s.db, "list deposit clients", `SELECT `+colonnesClient+tablesClient+` WHERE %s ORDER BY c.id`, "c.id", f, nil,
		func(c *depot.ClientDetail) string { return c.ID }, func(c *depot.ClientDetail) error { return fn(*c) })
}

// InsererClient implements depot.Store.
func (s *Depots) InsererClient(ctx context.Context, c *depot.Client) error {
	if err := s.db.db(ctx).Create(c).Error; err != nil {
		return conflitDepot("create deposit client", err)
	}
	return nil
}

// ModifierClient implements depot.Store.
func (s *Depots) ModifierClient(ctx context.Context, id string, colonnes map[string]any) error {
	return s.modifier(ctx, "depot_client", id, colonnes)
}

func (s *Depots) modifier(ctx context.Context, table, id string, colonnes map[string]any) error {
	for nom, v := range colonnes { // a raw message would be sent as bytes
		if brut, ok := v.(json.RawMessage); ok {
			colonnes[nom] = string(brut)
		}
	}
	if err := s.db.db(ctx).Table(table).Where("id = ?", id).Updates(colonnes).Error; err != nil {
		return conflitDepot("write "+table, err)
	}
	return nil
}

// conflitDepot gives its words to the rule of the schema that a person can break.
func conflitDepot(quoi string, err error) error {
	if constraint(err) == "ux_depot_client_legacy" {
		return fault.New(fault.Conflict, "IDENTIFIANT_PARTENAIRE_PRIS", "Cet identifiant d’application est déjà celui d’un autre client.").Because(err)
	}
	return fmt.Errorf("%s: %w", quoi, err)
}

// Mandataire implements depot.Store.
func (s *Depots) Mandataire(ctx context.Context, id string) (*depot.Mandataire, error) {
	return uneLigne[depot.Mandataire](ctx, s.db, "read mandataire", `SELECT * FROM depot_mandataire WHERE id = ?`, id)
}

// EtatMandataires implements depot.Store.
func (s *Depots) EtatMandataires(ctx context.Context) (depot.Etat, error) {
	return s.etat(ctx, "count mandataires", `SELECT count(*) AS nombre, max(mis_a_jour_le) AS modifie FROM depot_mandataire`)
}

// ParcourirMandataires implements depot.Store.
func (s *Depots) ParcourirMandataires(ctx context.Context, f depot.Fenetre, fn func(depot.Mandataire) error) error {
	return parcourir(ctx, s.db, "list mandataires", `SELECT * FROM depot_mandataire WHERE %s ORDER BY id`, "id", f, nil,
		func(m *depot.Mandataire) string { return m.ID }, func(m *depot.Mandataire) error { return fn(*m) })
}

// InsererMandataire implements depot.Store.
func (s *Depots) InsererMandataire(ctx context.Context, m *depot.Mandataire) error {
	if err := s.db.db(ctx).Create(m).Error; err != nil {
		return conflitDepot("create mandataire", err)
	}
	return nil
}

// ModifierMandataire implements depot.Store.
func (s *Depots) ModifierMandataire(ctx context.Context, id string, colonnes map[string]any) error {
	return s.modifier(ctx, "depot_mandataire", id, colonnes)
}

// ChefDeFile implements depot.Store.
func (s *Depots) ChefDeFile(ctx context.Context, id string) (*depot.ChefDeFile, error) {
	return uneLigne[depot.ChefDeFile](ctx, s.db, "read chef de file", `SELECT * FROM depot_chef_de_file WHERE id = ?`, id)
}

// EtatChefs implements depot.Store. A change of perimetres moves the date of its chef de file.
func (s *Depots) EtatChefs(ctx context.Context) (depot.Etat, error) {
	return s.etat(ctx, "count chefs de file", `SELECT count(*) AS nombre, max(mis_a_jour_le) AS modifie FROM depot_chef_de_file`)
}

// ligneChef is a chef de file with its perimetres as one JSON value: one statement for a page.
type ligneChef struct {
	depot.ChefDeFile
	Territoires json.RawMessage
}

func (l *ligneChef) detail() (depot.ChefDetail, error) {
	d := depot.ChefDetail{ChefDeFile: l.ChefDeFile}
	var ps []struct{ ID, Type, Code string }
	if err := json.Unmarshal(l.Territoires, &ps); err != nil {
		return d, fmt.Errorf("perimetres of %s: %w", l.ID, err)
	}
	for _, p := range ps {
		d.Perimetres = append(d.Perimetres, depot.Perimetre{ID: p.ID, ChefDeFileID: l.ID, Type: p.Type, Code: p.Code})
	}
	return d, nil
}

// selectChef reads a ligneChef.
const selectChef = `SELECT c.*, coalesce((SELECT jsonb_agg(jsonb_build_object('id', p.id, 'type', p.type, 'code', p.code) ORDER BY p.id)
	FROM depot_perimetre p WHERE p.chef_de_file_id = c.id), '[]') AS territoires FROM depot_chef_de_file c`

// ParcourirChefs implements depot.Store.
func (s *Depots) ParcourirChefs(ctx context.Context, f depot.Fenetre, fn func(depot.ChefDetail) error) error {
	return parcourir(ctx, s.db, "list chefs de file", selectChef+` WHERE %s ORDER BY c.id`, "c.id", f, nil, func(l *ligneChef) string { return l.ID }, func(l *ligneChef) error {
		d, err := l.detail()
		if err != nil {
			return err
		}
		return fn(d)
	})
}

// InsererChef implements depot.Store.
func (s *Depots) InsererChef(ctx context.Context, c *depot.ChefDeFile) error {
	if err := s.db.db(ctx).Create(c).Error; err != nil {
		return conflitDepot("create chef de file", err)
	}
	return nil
}

// ModifierChef implements depot.Store.
func (s *Depots) ModifierChef(ctx context.Context, id string, colonnes map[string]any) error {
	return s.modifier(ctx, "depot_chef_de_file", id, colonnes)
}

// Perimetres implements depot.Store, in the order of their creation.
func (s *Depots) Perimetres(ctx context.Context, chefID string) ([]depot.Perimetre, error) {
	out := []depot.Perimetre{}
	if err := s.db.db(ctx).Raw(`SELECT * FROM depot_perimetre WHERE chef_de_file_id = ? ORDER BY id`, chefID).Scan(&out).Error; err != nil {
		return nil, fmt.Errorf("read perimetres: %w", err)
	}
	return out, nil
}

// RemplacerPerimetres implements depot.Store; the row of the chef de file is locked, so that two changes
// at the same time do not mix their lists.
func (s *Depots) RemplacerPerimetres(ctx context.Context, chefID string, ps []depot.Perimetre) error {
	db := s.db.db(ctx)
	var verrou []string
	if err := db.Raw(`SELECT id FROM depot_chef_de_file WHERE id = ? FOR UPDATE`, chefID).Scan(&verrou).Error; err != nil {
		return fmt.Errorf("lock chef de file: %w", err)
	}
	if err := db.Exec(`DELETE FROM depot_perimetre WHERE chef_de_file_id = ?`, chefID).Error; err != nil {
		return fmt.Errorf("replace perimetres: %w", err)
	}
	if len(ps) == 0 {
		return nil
	}
	if err := db.Clauses(clause.OnConflict{DoNothing: true}).CreateInBatches(ps, lotDepot).Error; err != nil {
		return fmt.Errorf("replace perimetres: %w", err)
	}
	return nil
}

// ClientsDuChef implements depot.Store.
func (s *Depots) ClientsDuChef(ctx context.Context, chefID string) ([]depot.Client, error) {
	var out []depot.Client
	if err := s.db.db(ctx).Raw(`SELECT * FROM depot_client WHERE chef_de_file_id = ? ORDER BY id`, chefID).Scan(&out).Error; err != nil {
		return nil, fmt.Errorf("clients of a chef de file: %w", err)
	}
	return out, nil
}
