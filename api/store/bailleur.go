package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"apilos/api/auth"
	"apilos/api/bailleur"
	"apilos/api/compte"

	"github.com/lib/pq"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Bailleurs keeps landlords.
type Bailleurs struct{ db *DB }

// NewBailleurs returns the store of bailleurs.
func NewBailleurs(db *DB) *Bailleurs { return &Bailleurs{db: db} }

var _ compte.Bailleurs = (*Bailleurs)(nil)

// ParIdentifiant returns the bailleur of a key, nil when there is none.
func (s *Bailleurs) ParIdentifiant(ctx context.Context, identifiant string) (*bailleur.Bailleur, error) {
	var b bailleur.Bailleur
	err := s.db.db(ctx).Where("identifiant = ?", identifiant).Take(&b).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read bailleur: %w", err)
	}
	return &b, nil
}

// CreerSiAbsent inserts b unless a bailleur has its identifiant, and fills b with the row that is there; two
// transactions that create the same one give one row (PE-13). A siret already held by another bailleur is
// left out rather than refused: the key is identifiant.
func (s *Bailleurs) CreerSiAbsent(ctx context.Context, b *bailleur.Bailleur) (bool, error) {
	for range 2 {
		row := *b
		res := s.db.db(ctx).Clauses(clause.OnConflict{DoNothing: true}, clause.Returning{}).Create(&row)
		if res.Error != nil {
			return false, fmt.Errorf("create bailleur: %w", res.Error)
		}
		if res.RowsAffected == 1 {
			*b = row
			return true, nil
		}
		existing, err := s.ParIdentifiant(ctx, b.Identifiant)
		if err != nil {
			return false, err
		}
		if existing != nil {
			*b = *existing
			return false, nil
		}
		b.Siret = nil // the other unique column: somebody else has it
	}
	return false, errors.New("create bailleur: neither inserted nor found")
}

// ChangerIdentifiant gives a private bailleur the new e-mail of its owner.
func (s *Bailleurs) ChangerIdentifiant(ctx context.Context, id int64, identifiant string, le time.Time) error {
	res := s.db.db(ctx).Exec(`UPDATE bailleur SET identifiant = ?, version = version + 1, mis_a_jour_le = ?
		WHERE id = ? AND type_identifiant = ?`, identifiant, le, id, bailleur.TypeEmail)
	if res.Error == nil && res.RowsAffected != 1 {
		return fmt.Errorf("bailleur %d is not a private one", id)
	}
	return res.Error
}

// Lister returns a page of the bailleurs that p may know of: its own for a BAILLEUR, otherwise those of an
// operation in its perimeter. q searches the name, or the beginning of the SIREN.
func (s *Bailleurs) Lister(ctx context.Context, p auth.Principal, q string, limite, decalage int) ([]compte.LigneEntite, int, error) {
	cond, args := perimetreBailleurs(p)
	if q != "" {
		cond += " AND (sans_accent(b.nom) LIKE ? OR (b.type_identifiant <> 'EMAIL' AND b.siren LIKE ?))"
		args = append(args, "%"+echapper(sansAccent(q))+"%", echapper(chiffresSeuls(q))+"%")
	}
	return s.db.listerEntites(ctx, `bailleur b`,
		`b.uuid, b.nom, CASE WHEN b.type_identifiant = 'EMAIL' THEN '' ELSE coalesce(b.siren, '') END AS code`,
		"sans_accent(b.nom), b.id", cond, args, limite, decalage)
}

func perimetreBailleurs(p auth.Principal) (string, []any) {
	if p.Typologie == auth.Bailleur && !p.Superuser {
		return "b.id = ANY(?)", []any{pq.Int64Array(p.BailleurIDs)}
	}
	cond, args := perimetre(p, vueOperation)
	if cond == "TRUE" {
		return cond, args
	}
	return "EXISTS (SELECT FROM operation o WHERE o.bailleur_id = b.id AND " + cond + ")", args
}
