package store

import (
	"context"
	"fmt"
	"maps"
	"time"

	"apilos/api/administration"
	"apilos/api/auth"
	"apilos/api/bailleur"
	"apilos/api/event"
	"apilos/api/fault"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

// FichesBailleurs implements bailleur.StoreFiches.
type FichesBailleurs struct{ *DB }

// FichesAdministrations implements administration.StoreFiches.
type FichesAdministrations struct{ *DB }

var (
	_ bailleur.StoreFiches       = FichesBailleurs{}
	_ administration.StoreFiches = FichesAdministrations{}
)

// verrouiller keeps the rows read until the end of the transaction.
func verrouiller(verrou bool) string {
	if verrou {
		return " FOR UPDATE OF x"
	}
	return ""
}

// Fiche implements bailleur.StoreFiches, in the perimeter of the lists.
func (s FichesBailleurs) Fiche(ctx context.Context, p auth.Principal, id uuid.UUID, verrou bool) (bailleur.Fiche, error) {
	cond, args := perimetreBailleurs(p)
	var f bailleur.Fiche
	err := s.db(ctx).Raw(`SELECT x.* FROM bailleur x WHERE x.id = (SELECT b.id FROM bailleur b WHERE b.uuid = ? AND `+cond+`)`+verrouiller(verrou),
		append([]any{id}, args...)...).Scan(&f.Bailleur).Error
	if err != nil {
		return f, fmt.Errorf("read bailleur: %w", err)
	}
	if f.ID == 0 {
		return f, fault.Introuvable("Ce bailleur")
	}
	if f.ParentID == nil {
		return f, nil
	}
	f.Parent = &bailleur.Lien{}
	if err := s.db(ctx).Raw(`SELECT id, uuid, nom FROM bailleur WHERE id = ?`, *f.ParentID).Scan(f.Parent).Error; err != nil {
		return f, fmt.Errorf("read parent of bailleur: %w", err)
	}
	return f, nil
}

// ParentPossible implements bailleur.StoreFiches. The possible parent is locked: it cannot be attached
// elsewhere meanwhile.
func (s FichesBailleurs) ParentPossible(ctx context.Context, id uuid.UUID, enfant int64) (*bailleur.Lien, bool, bool, error) {
	var row struct {
		bailleur.Lien
		Rattache bool
	}
	if err := s.db(ctx).Raw(`SELECT id, uuid, nom, parent_id IS NOT NULL AS rattache FROM bailleur WHERE uuid = ? FOR UPDATE`, id).Scan(&row).Error; err != nil {
		return nil, false, false, fmt.Errorf("read parent: %w", err)
	}
	if row.ID == 0 {
		return nil, false, false, nil
	}
	var enfants bool
	if err := s.db(ctx).Raw(`SELECT EXISTS (SELECT FROM bailleur WHERE parent_id = ?)`, enfant).Scan(&enfants).Error; err != nil {
		return nil, false, false, fmt.Errorf("read children: %w", err)
	}
	return &row.Lien, row.Rattache, enfants, nil
}

// EcrireFiche implements bailleur.StoreFiches.
func (s FichesBailleurs) EcrireFiche(ctx context.Context, id int64, version int, colonnes map[string]any, le time.Time) error {
	err := s.ecrireFiche(ctx, "bailleur", id, version, colonnes, le)
	if constraint(err) == "bailleur_siret_key" {
		return fault.New(fault.Invalid, "invalide", "Des informations sont à corriger : rien n’a été enregistré.").
			WithFields(fault.Field{Pointer: "/siret", Code: "unique", Detail: "Ce SIRET est déjà celui d’un autre bailleur."}).Because(err)
	}
	return err
}

// Journaliser implements bailleur.StoreFiches, outside any family of conventions.
func (s FichesBailleurs) Journaliser(ctx context.Context, j event.Journal) error {
	return journaliserSeul(s.db(ctx), j)
}

// Fiche implements administration.StoreFiches, in the perimeter of the lists.
func (s FichesAdministrations) Fiche(ctx context.Context, p auth.Principal, id uuid.UUID, verrou bool) (administration.Administration, error) {
	cond, args := perimetreAdministrations(p)
	var a administration.Administration
	err := s.db(ctx).Raw(`SELECT x.* FROM administration x WHERE x.id = (SELECT a.id FROM administration a WHERE a.uuid = ? AND `+cond+`)`+verrouiller(verrou),
		append([]any{id}, args...)...).Scan(&a).Error
	if err != nil {
		return a, fmt.Errorf("read administration: %w", err)
	}
	if a.ID == 0 {
		return a, fault.Introuvable("Cette administration")
	}
	return a, nil
}

// EcrireFiche implements administration.StoreFiches.
func (s FichesAdministrations) EcrireFiche(ctx context.Context, id int64, version int, colonnes map[string]any, le time.Time) error {
	return s.ecrireFiche(ctx, "administration", id, version, colonnes, le)
}

// Journaliser implements administration.StoreFiches, outside any family of conventions.
func (s FichesAdministrations) Journaliser(ctx context.Context, j event.Journal) error {
	return journaliserSeul(s.db(ctx), j)
}

func (d *DB) ecrireFiche(ctx context.Context, table string, id int64, version int, colonnes map[string]any, le time.Time) error {
	set := maps.Clone(colonnes)
	set["version"], set["mis_a_jour_le"] = version+1, le
	res := d.db(ctx).Table(table).Where("id = ? AND version = ?", id, version).Updates(set)
	if res.Error != nil {
		return fmt.Errorf("write %s: %w", table, res.Error)
	}
	if res.RowsAffected == 0 { // the row is locked since it was read: nobody can have moved it
		return fmt.Errorf("write %s %d: version %d is not there", table, id, version)
	}
	return nil
}

func journaliserSeul(db *gorm.DB, j event.Journal) error {
	if err := db.Create(&j).Error; err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return nil
}
