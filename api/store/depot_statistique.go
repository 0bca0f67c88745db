package store

import (
	"context"
	"fmt"
	"time"

	"apilos/api/depot"
)

// Days are those of France; the applications that statistics tell apart are known by their legacy id.
const (
	jourPublication = `(r.publie_le AT TIME ZONE 'Europe/Paris')::date`
	filtreVia       = `count(*) FILTER (WHERE legacy_id = 'mes-adresses') AS via_mes_adresses, count(*) FILTER (WHERE legacy_id = 'moissonneur-bal') AS via_moissonneur`
	jourSQL         = "2006-01-02"
)

// PremieresPublications implements depot.Store. What came before the first day is counted on it, then the
// sums run along the days.
func (s *Depots) PremieresPublications(ctx context.Context, du, au time.Time) ([]depot.JourPremieres, error) {
	var out []depot.JourPremieres
	err := s.db.db(ctx).Raw(`
WITH premiere AS (
  SELECT DISTINCT ON (r.portee_cle) greatest(`+jourPublication+`, ?::date) AS jour, c.legacy_id
  FROM revision r JOIN depot_client c ON c.id = r.client_id
  WHERE r.nature = 'bal' AND r.statut = 'published' ORDER BY r.portee_cle, r.publie_le, r.id),
par_jour AS (SELECT jour, count(*) AS total, `+filtreVia+` FROM premiere GROUP BY jour)
SELECT g.jour::date AS jour, coalesce(sum(p.total) OVER w, 0)::bigint AS total, coalesce(sum(p.via_mes_adresses) OVER w, 0)::bigint AS via_mes_adresses,
  coalesce(sum(p.via_moissonneur) OVER w, 0)::bigint AS via_moissonneur
FROM generate_series(?::date, ?::date, interval '1 day') AS g(jour) LEFT JOIN par_jour p ON p.jour = g.jour::date
WINDOW w AS (ORDER BY g.jour) ORDER BY 1`, du.Format(jourSQL), du.Format(jourSQL), au.Format(jourSQL)).Scan(&out).Error
	if err != nil {
		return nil, fmt.Errorf("first publications: %w", err)
	}
	return out, nil
}

// Publications implements depot.Store.
func (s *Depots) Publications(ctx context.Context, du, au time.Time) ([]depot.JourPublications, error) {
	var out []depot.JourPublications
	err := s.db.db(ctx).Raw(`
SELECT `+jourPublication+` AS jour, r.portee_cle AS code_commune, count(*) AS total, `+filtreVia+`
FROM revision r JOIN depot_client c ON c.id = r.client_id
WHERE r.nature = 'bal' AND r.statut = 'published'
  AND r.publie_le >= ?::date::timestamp AT TIME ZONE 'Europe/Paris' AND r.publie_le < (?::date + 1)::timestamp AT TIME ZONE 'Europe/Paris'
GROUP BY 1, 2 ORDER BY 1, 2`, du.Format(jourSQL), au.Format(jourSQL)).Scan(&out).Error
	if err != nil {
		return nil, fmt.Errorf("publications: %w", err)
	}
	return out, nil
}

// DernieresPublications implements depot.Store.
func (s *Depots) DernieresPublications(ctx context.Context, f depot.Fenetre) ([]depot.DernierePublication, int, error) {
	var total int
	if err := s.db.db(ctx).Raw(`SELECT count(DISTINCT portee_cle) FROM revision WHERE nature = 'bal' AND statut = 'published'`).Scan(&total).Error; err != nil {
		return nil, 0, fmt.Errorf("count published communes: %w", err)
	}
	var limite any
	if f.Limite > 0 {
		limite = f.Limite
	}
	var out []depot.DernierePublication
	err := s.db.db(ctx).Raw(`SELECT portee_cle AS code_commune, max(publie_le) AS publie_le FROM revision
		WHERE nature = 'bal' AND statut = 'published' GROUP BY portee_cle ORDER BY portee_cle LIMIT ? OFFSET ?`, limite, f.Decalage).Scan(&out).Error
	if err != nil {
		return nil, 0, fmt.Errorf("last publications: %w", err)
	}
	return out, total, nil
}
