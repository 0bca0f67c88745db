package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/event"
	"apilos/api/export"
	"apilos/api/fichier"

	"github.com/google/uuid"
	"github.com/lib/pq"
	"gorm.io/gorm"
)

// Exports reads what is exported, and keeps the tasks of the long exports.
type Exports struct{ db *DB }

// NewExports returns the store of package export.
func NewExports(db *DB) *Exports { return &Exports{db: db} }

var _ export.Store = (*Exports)(nil)

// InTx implements export.Store.
func (s *Exports) InTx(ctx context.Context, fn func(ctx context.Context) error) error {
	return s.db.InTx(ctx, fn)
}

// Journaliser implements export.Store.
func (s *Exports) Journaliser(ctx context.Context, j event.Journal) error {
	return NewComptes(s.db).Journaliser(ctx, j)
}

// Compter implements export.Store.
func (s *Exports) Compter(ctx context.Context, p auth.Principal, f convention.Filtre, max int) (int, error) {
	var n int64
	err := s.db.db(ctx).Table("(?) x", s.db.filtrer(ctx, p, f).Select("1").Limit(max+1)).Count(&n).Error
	return int(n), err
}

const colonnesExport = `r.convention_id AS id, r.uuid, o.numero_operation,
  coalesce(CASE WHEN r.est_avenant THEN parent.numero ELSE c.numero END, '') AS numero_convention,
  coalesce(CASE WHEN r.est_avenant THEN c.numero END, '') AS numero_avenant,
  r.statut, o.ville, o.code_postal, o.code_insee_commune AS code_insee, o.nom AS operation_nom, coalesce(a.nom, '') AS administration_nom,
  r.financements AS finances, r.nb_logements, r.nature_logement AS nature, c.adresse, b.nom AS bailleur_nom, coalesce(b.siret, '') AS siret,
  r.date_signature, r.date_livraison, c.date_fin_conventionnement AS date_fin_conventionnee,
  (SELECT g.loyer_par_metre_carre FROM logement g WHERE g.lot_id = (SELECT l.id FROM lot l WHERE l.convention_id = r.convention_id ORDER BY l.id LIMIT 1)
   ORDER BY g.id LIMIT 1) AS loyer_m2`

type ligneExport struct {
	export.Ligne
	Finances pq.StringArray `gorm:"column:finances;type:text[]"`
}

// Parcourir implements export.Store: one statement read as it comes, in a transaction of its own that no deadline of
// statements cuts; what fn writes is outside of it.
func (s *Exports) Parcourir(ctx context.Context, p auth.Principal, f convention.Filtre, max int, fn func(export.Ligne) error) error {
	if f.Tri == convention.TriPertinence { // ranks a thousand rows only
		f.Tri = convention.TriRecents
	}
	tri := ordreDe(f.Tri)
	return s.db.InTx(context.WithValue(ctx, txKey{}, nil), func(ctx context.Context) (err error) {
		if err := s.db.db(ctx).Exec("SET LOCAL statement_timeout = 0").Error; err != nil {
			return err
		}
		db := s.db.db(ctx)
		rows, err := s.db.filtrer(ctx, p, f).Joins("JOIN convention c ON c.id = r.convention_id").
			Joins("LEFT JOIN administration a ON a.id = r.administration_id").
			Joins("LEFT JOIN convention parent ON parent.id = r.parent_id").
			Select(colonnesExport).Order(tri.expr + " " + tri.sens + ", r.convention_id " + tri.sens).Limit(max).Rows()
		if err != nil {
			return fmt.Errorf("read what is exported: %w", err)
		}
		defer func() { err = errors.Join(err, rows.Close()) }()
		for rows.Next() {
			var l ligneExport
			if err := db.ScanRows(rows, &l); err != nil {
				return fmt.Errorf("read a row to export: %w", err)
			}
			l.Ligne.Financements = l.Finances
			if err := fn(l.Ligne); err != nil {
				return err
			}
		}
		return rows.Err()
	})
}

// selectTache reads tasks with the name and size of their file.
func (s *Exports) selectTache(ctx context.Context) *gorm.DB {
	return s.db.db(ctx).Table("tache t").Joins("LEFT JOIN fichier f ON f.id = t.fichier_id").
		Select(`t.id, t.uuid, t.type, t.etat, t.avancement, t.total, t.parametres, t.resultat, t.fichier_id, coalesce(f.nom_reel, '') AS nom_fichier,
			f.taille, t.cree_le, t.termine_le, t.expire_le`)
}

func premiereTache(q *gorm.DB) (*export.Tache, error) {
	var rows []export.Tache
	if err := q.Limit(1).Scan(&rows).Error; err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}

// CreerTache implements export.Store.
func (s *Exports) CreerTache(ctx context.Context, t *export.Tache, utilisateurID, habilitation int64) error {
	var row struct{ ID int64 }
	err := s.db.db(ctx).Raw(`INSERT INTO tache (uuid, type, utilisateur_id, habilitation_id, parametres, etat, total, cree_le, expire_le)
		VALUES (?, ?, nullif(?, 0), nullif(?, 0), ?, ?, ?, ?, ?) RETURNING id`,
		t.UUID, t.Type, utilisateurID, habilitation, string(t.Parametres), t.Etat, t.Total, t.CreeLe, t.ExpireLe).Scan(&row).Error
	t.ID = row.ID
	return err
}

// TacheEnCours implements export.Store. Requests of one owner wait for each other.
func (s *Exports) TacheEnCours(ctx context.Context, utilisateurID int64, typ string, parametres json.RawMessage) (*export.Tache, error) {
	if err := s.db.db(ctx).Exec("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", fmt.Sprintf("tache %s %d", typ, utilisateurID)).Error; err != nil {
		return nil, err
	}
	return premiereTache(s.selectTache(ctx).
		Where("t.utilisateur_id = ? AND t.type = ? AND t.parametres = ?::jsonb AND t.etat IN ('EN_ATTENTE','EN_COURS')", utilisateurID, typ, string(parametres)).Order("t.id DESC"))
}

// Tache implements export.Store.
func (s *Exports) Tache(ctx context.Context, utilisateurID int64, id uuid.UUID, typ string) (*export.Tache, error) {
	return premiereTache(s.selectTache(ctx).Where("t.utilisateur_id = ? AND t.uuid = ? AND (? = '' OR t.type = ?)", utilisateurID, id, typ, typ))
}

// Taches implements export.Store.
func (s *Exports) Taches(ctx context.Context, utilisateurID int64, typ string, decalage, limite int) ([]export.Tache, int, error) {
	var total int64
	q := func() *gorm.DB {
		return s.selectTache(ctx).Where("t.utilisateur_id = ? AND t.type = ? AND (t.expire_le IS NULL OR t.expire_le > now())", utilisateurID, typ)
	}
	if err := q().Count(&total).Error; err != nil {
		return nil, 0, err
	}
	var rows []export.Tache
	err := q().Order("t.cree_le DESC, t.id DESC").Offset(decalage).Limit(limite).Scan(&rows).Error
	return rows, int(total), err
}

// Demarrer implements export.Store.
func (s *Exports) Demarrer(ctx context.Context, id int64) (*export.Tache, error) {
	res := s.db.db(ctx).Exec(`UPDATE tache SET etat = 'EN_COURS', avancement = 0 WHERE id = ? AND etat IN ('EN_ATTENTE','EN_COURS')`, id)
	if res.Error != nil || res.RowsAffected == 0 {
		return nil, res.Error
	}
	return premiereTache(s.selectTache(ctx).Where("t.id = ?", id))
}

// Avancer implements export.Store.
func (s *Exports) Avancer(ctx context.Context, id int64, lignes int) error {
	return s.db.db(ctx).Exec(`UPDATE tache SET avancement = ? WHERE id = ?`, lignes, id).Error
}

// Terminer implements export.Store.
func (s *Exports) Terminer(ctx context.Context, id int64, f fichier.Fichier, lignes int, le, expireLe time.Time) error {
	return s.db.InTx(ctx, func(ctx context.Context) error {
		if err := s.db.db(ctx).Create(&f).Error; err != nil {
			return err
		}
		return s.db.db(ctx).Exec(`UPDATE tache SET etat = 'TERMINEE', avancement = ?, total = ?, fichier_id = ?, termine_le = ?, expire_le = ?,
			resultat = jsonb_build_object('lignes', ?::integer) WHERE id = ?`, lignes, lignes, f.ID, le, expireLe, lignes, id).Error
	})
}

// Echouer implements export.Store.
func (s *Exports) Echouer(ctx context.Context, id int64, le, expireLe time.Time) error {
	return s.db.db(ctx).Exec(`UPDATE tache SET etat = 'ECHEC', termine_le = ?, expire_le = ? WHERE id = ? AND etat IN ('EN_ATTENTE','EN_COURS')`, le, expireLe, id).Error
}
