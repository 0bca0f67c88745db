package store

import (
	"context"
	"fmt"
	"math"

	"apilos/api/auth"
	"apilos/api/convention"

	"github.com/lib/pq"
	"gorm.io/gorm"
)

// horizonFlux is the rank that no running transaction can still write below (migration 0055). It must be read
// in the statement that reads the rows: both then see the same snapshot.
const horizonFlux = `(SELECT base + pg_snapshot_xmin(pg_current_snapshot())::text::bigint FROM flux_repere)`

// vueRetrait is the perimeter that a withdrawn convention had, alias x.
var vueRetrait = vue{"x.bailleur_effectif_id", "x.bailleur_lecture_id", "x.administration_id", "x.departement", "x.region"}

type cleFlux struct {
	Rang    int64
	Retrait bool
	ID      int64
}

// Flux implements convention.Store: the keys of the page in one statement, then their rows.
func (d *DB) Flux(ctx context.Context, p auth.Principal, f convention.Filtre, apres *convention.CurseurFlux) (convention.PageFlux, error) {
	var page convention.PageFlux
	var total int64
	if apres != nil {
		total = apres.Total
	} else if err := d.filtrer(ctx, p, f).Count(&total).Error; err != nil {
		return page, fmt.Errorf("count changed conventions: %w", err)
	}
	page.Total = int(total)
	parPage := min(max(f.ParPage, 1), 100)
	cles, err := d.clesFlux(ctx, p, f, apres, parPage+1)
	if err != nil {
		return page, err
	}
	switch page.Fini = len(cles) <= parPage; {
	case !page.Fini:
		cles = cles[:parPage]
		fallthrough
	case len(cles) > 0:
		k := cles[len(cles)-1]
		page.Suivant = convention.CurseurFlux{Rang: k.Rang, Retrait: k.Retrait, ID: k.ID}
	case apres != nil:
		page.Suivant = *apres
	default:
		if page.Suivant, err = d.finFlux(ctx); err != nil {
			return page, err
		}
	}
	page.Suivant.Total = total
	return page, d.completerFlux(ctx, p, cles, &page)
}

// clesFlux reads conventions and withdrawals in the order of their ranks. A withdrawal is for those who saw
// the convention and do not any more.
func (d *DB) clesFlux(ctx context.Context, p auth.Principal, f convention.Filtre, apres *convention.CurseurFlux, limite int) ([]cleFlux, error) {
	conventions := d.filtrer(ctx, p, f).Select("r.flux_rang AS rang, false AS retrait, r.convention_id AS id").
		Where("r.flux_rang < " + horizonFlux).Order("r.flux_rang, r.convention_id").Limit(limite)
	perdu, perduArgs := perimetre(p, vueRetrait)
	vu, vuArgs := perimetre(p, vueRecherche)
	retraits := d.db(ctx).Table("convention_retrait x").Select("x.flux_rang AS rang, true AS retrait, x.id AS id").
		Where("x.flux_rang < "+horizonFlux).Where(perdu, perduArgs...).
		Where("NOT EXISTS (SELECT FROM convention_recherche r WHERE r.convention_id = x.convention_id AND "+vu+")", vuArgs...).
		Order("x.flux_rang, x.id").Limit(limite)
	if f.ModifieDepuis != nil {
		retraits = retraits.Where("x.flux_le >= ?", *f.ModifieDepuis)
	}
	if apres != nil {
		conventions, retraits = apresFlux(conventions, retraits, *apres)
	}
	var cles []cleFlux
	err := d.db(ctx).Raw("SELECT * FROM ((?) UNION ALL (?)) u ORDER BY rang, retrait, id LIMIT ?", conventions, retraits, limite).Scan(&cles).Error
	if err != nil {
		return nil, fmt.Errorf("read changes: %w", err)
	}
	return cles, nil
}

// apresFlux keeps what follows the cursor, with conditions that the indexes serve whole: after a load in bulk a
// million rows share one rank.
func apresFlux(conventions, retraits *gorm.DB, c convention.CurseurFlux) (*gorm.DB, *gorm.DB) {
	if c.Retrait {
		return conventions.Where("r.flux_rang > ?", c.Rang), retraits.Where("(x.flux_rang, x.id) > (?, ?)", c.Rang, c.ID)
	}
	return conventions.Where("(r.flux_rang, r.convention_id) > (?, ?)", c.Rang, c.ID), retraits.Where("x.flux_rang >= ?", c.Rang)
}

// finFlux is the cursor of somebody who has read all that there is.
func (d *DB) finFlux(ctx context.Context) (convention.CurseurFlux, error) {
	var horizon int64
	if err := d.db(ctx).Raw("SELECT " + horizonFlux).Scan(&horizon).Error; err != nil {
		return convention.CurseurFlux{}, fmt.Errorf("read horizon of changes: %w", err)
	}
	return convention.CurseurFlux{Rang: horizon - 1, Retrait: true, ID: math.MaxInt64}, nil
}

// completerFlux reads the rows behind the keys. A convention that left between the two statements is not
// there any more: its withdrawal comes with a later call.
func (d *DB) completerFlux(ctx context.Context, p auth.Principal, cles []cleFlux, page *convention.PageFlux) error {
	var conventions, retraits pq.Int64Array
	for _, k := range cles {
		if k.Retrait {
			retraits = append(retraits, k.ID)
		} else {
			conventions = append(conventions, k.ID)
		}
	}
	if len(conventions) > 0 {
		var lignes []ligneListe
		err := detailler(d.filtrer(ctx, p, convention.Filtre{})).Select(colonnesLigne+", '' AS cle_tri").
			Where("r.convention_id = ANY(?)", conventions).Order("r.flux_rang, r.convention_id").Scan(&lignes).Error
		if err != nil {
			return fmt.Errorf("read changed conventions: %w", err)
		}
		for _, l := range lignes {
			page.Lignes = append(page.Lignes, l.ligne())
		}
	}
	if len(retraits) == 0 {
		return nil
	}
	err := d.db(ctx).Raw(`SELECT uuid, motif, flux_le AS le FROM convention_retrait WHERE id = ANY(?) ORDER BY flux_rang, id`, retraits).Scan(&page.Retraits).Error
	if err != nil {
		return fmt.Errorf("read withdrawn conventions: %w", err)
	}
	return nil
}

// CalerFlux raises the base of the ranks when the numbers of transactions have started again: the database
// was restored in another cluster. Readers then go on from the cursor they kept. Called at start, before any
// write; it changes nothing otherwise.
func (d *DB) CalerFlux(ctx context.Context) error {
	err := d.db(ctx).Exec(`
WITH dernier AS (SELECT greatest((SELECT max(flux_rang) FROM convention_recherche), (SELECT max(flux_rang) FROM convention_retrait)) AS rang)
UPDATE flux_repere SET base = dernier.rang FROM dernier
WHERE dernier.rang >= flux_repere.base + pg_snapshot_xmax(pg_current_snapshot())::text::bigint`).Error
	if err != nil {
		return fmt.Errorf("set the base of the feed of changes: %w", err)
	}
	return nil
}
