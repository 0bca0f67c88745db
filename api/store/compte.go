package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"time"

	"apilos/api/compte"
	"apilos/api/event"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Comptes keeps accounts, sessions, one-time tokens and the memory of roles.
type Comptes struct{ db *DB }

// NewComptes returns the store of package compte.
func NewComptes(db *DB) *Comptes { return &Comptes{db: db} }

var (
	_ compte.Store        = (*Comptes)(nil)
	_ compte.StoreFusions = (*Comptes)(nil)
)

// InTx implements compte.Store.
func (s *Comptes) InTx(ctx context.Context, fn func(ctx context.Context) error) error {
	return s.db.InTx(ctx, fn)
}

// Journaliser implements compte.Store. The row belongs to no family of conventions, hence to no chain.
func (s *Comptes) Journaliser(ctx context.Context, j event.Journal) error {
	if err := s.db.db(ctx).Create(&j).Error; err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return nil
}

// VerrouillerParUsername implements compte.Store.
func (s *Comptes) VerrouillerParUsername(ctx context.Context, username string) (*compte.Utilisateur, error) {
	return s.utilisateur(ctx, true, "username = ?", username)
}

// VerrouillerParLogin implements compte.Store.
func (s *Comptes) VerrouillerParLogin(ctx context.Context, login string) (*compte.Utilisateur, error) {
	return s.utilisateur(ctx, true, "cerbere_login = ?", login)
}

// Utilisateur implements compte.Store.
func (s *Comptes) Utilisateur(ctx context.Context, id int64) (*compte.Utilisateur, error) {
	return s.utilisateur(ctx, false, "id = ?", id)
}

func (s *Comptes) utilisateur(ctx context.Context, lock bool, cond string, arg any) (*compte.Utilisateur, error) {
	q := s.db.db(ctx)
	if lock {
		q = q.Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate})
	}
	var u compte.Utilisateur
	err := q.Where(cond, arg).Take(&u).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read account: %w", err)
	}
	return &u, nil
}

// CreerUtilisateur implements compte.Store. Any unique column may be the one that a sign-in at the same
// instant took first: the conflict names none.
func (s *Comptes) CreerUtilisateur(ctx context.Context, u *compte.Utilisateur) (bool, error) {
	res := s.db.db(ctx).Clauses(clause.OnConflict{DoNothing: true}, clause.Returning{}).Create(u)
	if res.Error != nil {
		return false, fmt.Errorf("create account: %w", res.Error)
	}
	return res.RowsAffected == 1, nil
}

// ModifierUtilisateur implements compte.Store.
func (s *Comptes) ModifierUtilisateur(ctx context.Context, id int64, version int, colonnes map[string]any, le time.Time) (bool, error) {
	set := maps.Clone(colonnes)
	set["version"], set["mis_a_jour_le"] = version+1, le
	res := s.db.db(ctx).Table("utilisateur").Where("id = ? AND version = ?", id, version).Updates(set)
	if res.Error != nil {
		return false, fmt.Errorf("write account: %w", res.Error)
	}
	return res.RowsAffected == 1, nil
}

// NoterConnexion implements compte.Store.
func (s *Comptes) NoterConnexion(ctx context.Context, id int64, le time.Time) error {
	err := s.db.db(ctx).Exec("UPDATE utilisateur SET derniere_connexion_le = ? WHERE id = ?", le, id).Error
	if err != nil {
		return fmt.Errorf("note sign-in: %w", err)
	}
	return nil
}

// DejaConnecte implements compte.Store.
func (s *Comptes) DejaConnecte(ctx context.Context, id int64) (bool, error) {
	var yes bool
	err := s.db.db(ctx).Raw(`SELECT EXISTS (SELECT FROM journal_audit
		WHERE utilisateur_id = ? AND commande = ? AND apres->>'cerbere' = 'true')`, id, compte.FaitOuverture).Scan(&yes).Error
	if err != nil {
		return false, fmt.Errorf("read journal: %w", err)
	}
	return yes, nil
}

// Interrupteurs implements compte.Store.
func (s *Comptes) Interrupteurs(ctx context.Context) ([]compte.Interrupteur, error) {
	var rows []struct {
		Nom    string
		Actif  bool
		Portee json.RawMessage
	}
	if err := s.db.db(ctx).Raw("SELECT nom, actif, portee FROM interrupteur ORDER BY nom").Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read switches: %w", err)
	}
	out := make([]compte.Interrupteur, 0, len(rows))
	for _, r := range rows {
		portee, err := compte.DecoderPortee(r.Portee)
		if err != nil {
			return nil, fmt.Errorf("switch %s: %w", r.Nom, err)
		}
		out = append(out, compte.Interrupteur{Nom: r.Nom, Actif: r.Actif, Portee: portee})
	}
	return out, nil
}
