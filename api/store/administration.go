package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"apilos/api/administration"
	"apilos/api/auth"
	"apilos/api/compte"

	"gorm.io/gorm/clause"
)

// Administrations keeps instructing services.
type Administrations struct{ db *DB }

// NewAdministrations returns the store of administrations.
func NewAdministrations(db *DB) *Administrations { return &Administrations{db: db} }

var _ compte.Administrations = (*Administrations)(nil)

// CreerSiAbsente inserts a unless its code exists, and fills a with the row that is there; an existing one
// is not renamed (05 B.6.2).
func (s *Administrations) CreerSiAbsente(ctx context.Context, a *administration.Administration) (bool, error) {
	row := *a
	res := s.db.db(ctx).Clauses(
		clause.OnConflict{Columns: []clause.Column{{Name: "code"}}, DoNothing: true}, clause.Returning{},
	).Create(&row)
	if res.Error != nil {
		return false, fmt.Errorf("create administration: %w", res.Error)
	}
	if res.RowsAffected == 1 {
		*a = row
		return true, nil
	}
	var rows []administration.Administration
	if err := s.db.db(ctx).Where("code = ?", a.Code).Limit(1).Find(&rows).Error; err != nil {
		return false, fmt.Errorf("read administration: %w", err)
	}
	if len(rows) == 0 {
		return false, errors.New("create administration: neither inserted nor found")
	}
	*a = rows[0]
	return false, nil
}

// Lister returns a page of the administrations that p may know of: its own for an INSTRUCTEUR or the service
// of a département, and those in charge of an operation in its perimeter. q searches the name or the code.
func (s *Administrations) Lister(ctx context.Context, p auth.Principal, q string, limite, decalage int) ([]compte.LigneEntite, int, error) {
	cond, args := perimetreAdministrations(p)
	if q != "" {
		cond += " AND (sans_accent(a.nom) LIKE ? OR upper(a.code) LIKE ?)"
		args = append(args, "%"+echapper(sansAccent(q))+"%", echapper(strings.ToUpper(strings.TrimSpace(q)))+"%")
	}
	return s.db.listerEntites(ctx, "administration a", "a.uuid, a.nom, a.code", "sans_accent(a.nom), a.id", cond, args, limite, decalage)
}

func perimetreAdministrations(p auth.Principal) (string, []any) {
	if p.Typologie == auth.Instructeur && !p.Superuser {
		return "a.id = ?", []any{p.AdministrationID}
	}
	cond, args := perimetre(p, vueOperation)
	if cond == "TRUE" {
		return cond, args
	}
	own := "FALSE"
	if p.AdministrationID != 0 {
		own, args = "a.id = ?", append([]any{p.AdministrationID}, args...)
	}
	return "(" + own + " OR EXISTS (SELECT FROM operation o WHERE o.administration_id = a.id AND " + cond + "))", args
}

// listerEntites reads one page and the total in two statements.
func (d *DB) listerEntites(ctx context.Context, table, columns, order, cond string, args []any, limite, decalage int) ([]compte.LigneEntite, int, error) {
	var total int64
	if err := d.db(ctx).Raw("SELECT count(*) FROM "+table+" WHERE "+cond, args...).Scan(&total).Error; err != nil {
		return nil, 0, fmt.Errorf("count %s: %w", table, err)
	}
	var rows []compte.LigneEntite
	err := d.db(ctx).Raw("SELECT "+columns+" FROM "+table+" WHERE "+cond+" ORDER BY "+order+" LIMIT ? OFFSET ?",
		append(append([]any(nil), args...), limite, decalage)...).Scan(&rows).Error
	if err != nil {
		return nil, 0, fmt.Errorf("list %s: %w", table, err)
	}
	return rows, int(total), nil
}

// chiffresSeuls keeps the digits of what people type for a number; text without any matches nothing.
func chiffresSeuls(s string) string {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
	if digits == "" {
		return "aucun"
	}
	return digits
}
