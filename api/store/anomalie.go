package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"apilos/api/anomalie"
	"apilos/api/event"
	"apilos/api/operation"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Anomalies keeps the data-quality events of SIAP for the staff.
type Anomalies struct{ *DB }

var _ anomalie.Store = Anomalies{}

// NewAnomalies returns the store of package anomalie.
func NewAnomalies(d *DB) Anomalies { return Anomalies{d} }

func (s Anomalies) filtrer(ctx context.Context, f anomalie.Filtre) *gorm.DB {
	q := s.db(ctx).Model(&anomalie.Anomalie{})
	switch f.Etat {
	case anomalie.Toutes:
	case anomalie.Resolues:
		q = q.Where("resolue_le IS NOT NULL")
	case anomalie.Ouvertes, "":
		q = q.Where("resolue_le IS NULL")
	}
	if len(f.Codes) > 0 {
		q = q.Where("code IN ?", f.Codes)
	}
	if f.Numero != "" {
		q = q.Where(`upper(regexp_replace(numero_operation, '[-/. ]', '', 'g')) = ?`, operation.NormaliserNumero(f.Numero))
	}
	if f.Texte != "" {
		motif := contient(f.Texte)
		q = q.Where("(sans_accent(numero_operation) LIKE ? OR sans_accent(champ) LIKE ? OR sans_accent(valeur) LIKE ? OR sans_accent(message) LIKE ?)", motif, motif, motif, motif)
	}
	if f.Depuis != nil {
		q = q.Where("derniere_fois >= ?", *f.Depuis)
	}
	return q
}

// Lister implements anomalie.Store.
func (s Anomalies) Lister(ctx context.Context, f anomalie.Filtre, t anomalie.Tri, decalage, limite int) ([]anomalie.Anomalie, int, error) {
	var total int64
	if err := s.filtrer(ctx, f).Count(&total).Error; err != nil {
		return nil, 0, fmt.Errorf("count anomalies: %w", err)
	}
	var out []anomalie.Anomalie
	err := s.filtrer(ctx, f).
		Order(clause.OrderByColumn{Column: clause.Column{Name: colonneTri(t.Ordre)}, Desc: t.Decroissant}).Order("id DESC").
		Offset(decalage).Limit(limite).Find(&out).Error
	if err != nil {
		return nil, 0, fmt.Errorf("list anomalies: %w", err)
	}
	return out, int(total), nil
}

func colonneTri(o anomalie.Ordre) string {
	switch o {
	case anomalie.ParPremiere, anomalie.ParOccurrences, anomalie.ParNumero:
		return string(o)
	case anomalie.ParDate:
	}
	return string(anomalie.ParDate)
}

// portionAnomalies is how many events an export reads at once.
const portionAnomalies = 500

// Parcourir implements anomalie.Store with a cursor on (date, id).
func (s Anomalies) Parcourir(ctx context.Context, f anomalie.Filtre, fn func(anomalie.Anomalie) error) error {
	var dernier *anomalie.Anomalie
	for {
		q := s.filtrer(ctx, f).Order("derniere_fois DESC, id DESC").Limit(portionAnomalies)
		if dernier != nil {
			q = q.Where("(derniere_fois, id) < (?, ?)", dernier.DerniereFois, dernier.ID)
		}
		var lignes []anomalie.Anomalie
		if err := q.Find(&lignes).Error; err != nil {
			return fmt.Errorf("read anomalies: %w", err)
		}
		for i := range lignes {
			if err := fn(lignes[i]); err != nil {
				return err
			}
		}
		if len(lignes) < portionAnomalies {
			return nil
		}
		dernier = &lignes[len(lignes)-1]
	}
}

// Lire implements anomalie.Store.
func (s Anomalies) Lire(ctx context.Context, id uuid.UUID) (*anomalie.Anomalie, error) {
	return prendreAnomalie(s.db(ctx), id)
}

// Verrouiller implements anomalie.Store.
func (s Anomalies) Verrouiller(ctx context.Context, id uuid.UUID) (*anomalie.Anomalie, error) {
	return prendreAnomalie(s.db(ctx).Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate}), id)
}

func prendreAnomalie(q *gorm.DB, id uuid.UUID) (*anomalie.Anomalie, error) {
	var a anomalie.Anomalie
	err := q.Where("uuid = ?", id).Take(&a).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read anomaly: %w", err)
	}
	return &a, nil
}

// Dater implements anomalie.Store.
func (s Anomalies) Dater(ctx context.Context, id int64, resolueLe *time.Time) error {
	if err := s.db(ctx).Exec(`UPDATE siap_anomalie SET resolue_le = ? WHERE id = ?`, resolueLe, id).Error; err != nil {
		return fmt.Errorf("write anomaly: %w", err)
	}
	return nil
}

// Journaliser implements anomalie.Store, outside any family of conventions.
func (s Anomalies) Journaliser(ctx context.Context, j event.Journal) error {
	if err := s.db(ctx).Create(&j).Error; err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return nil
}
