package store

import (
	"context"
	"fmt"
	"time"

	"apilos/api/admin"
)

// Tableaux reads the numbers of the dashboard of the staff.
type Tableaux struct{ db *DB }

// NewTableaux returns the store of the dashboard.
func NewTableaux(db *DB) *Tableaux { return &Tableaux{db: db} }

var _ admin.Store = (*Tableaux)(nil)

// Comptes implements admin.Store. Waiting and lost messages, jobs by state and open anomalies have an index each;
// files are summed.
func (s *Tableaux) Comptes(ctx context.Context, le time.Time) (admin.Comptes, error) {
	var out admin.Comptes
	var err error
	if out.Messages, err = s.messages(ctx); err != nil {
		return out, err
	}
	var l struct {
		Anomalies          int
		AnomaliesDepuis    *time.Time
		Attente, Relancees int
		AttenteDepuis      *time.Time
		Perdues            int
		PerduesDepuis      *time.Time
		Fichiers           int
		Octets, Base       int64
		FichiersR, OctetsR int64
	}
	err = s.db.db(ctx).Raw(`
SELECT a.n AS anomalies, a.depuis AS anomalies_depuis, j.attente, j.attente_depuis, j.relancees, j.perdues, j.perdues_depuis,
  f.n AS fichiers, f.octets, r.n AS fichiers_r, r.octets AS octets_r, pg_database_size(current_database()) AS base
FROM (SELECT count(*) AS n, min(premiere_fois) AS depuis FROM siap_anomalie WHERE resolue_le IS NULL) a,
  (SELECT count(*) FILTER (WHERE state = 'available' AND scheduled_at <= @le) AS attente,
          min(scheduled_at) FILTER (WHERE state = 'available' AND scheduled_at <= @le) AS attente_depuis,
          count(*) FILTER (WHERE state = 'retryable') AS relancees,
          count(*) FILTER (WHERE state = 'discarded') AS perdues, min(finalized_at) FILTER (WHERE state = 'discarded') AS perdues_depuis
   FROM river_job WHERE state IN ('available','retryable','discarded')) j,
  (SELECT count(*) AS n, coalesce(sum(taille), 0) AS octets FROM fichier WHERE supprime_le IS NULL) f,
  (SELECT count(*) AS n, coalesce(sum(taille), 0) AS octets FROM revision_fichier) r`, map[string]any{"le": le}).Scan(&l).Error
	if err != nil {
		return out, fmt.Errorf("count for the dashboard: %w", err)
	}
	out.Anomalies = admin.Compte{Nombre: l.Anomalies, PlusAncienne: l.AnomaliesDepuis}
	out.Taches = admin.Taches{EnAttente: admin.Compte{Nombre: l.Attente, PlusAncienne: l.AttenteDepuis}, Relancees: l.Relancees,
		Perdues: admin.Compte{Nombre: l.Perdues, PlusAncienne: l.PerduesDepuis}}
	out.Stockage, out.Base = admin.Stockage{Fichiers: l.Fichiers + int(l.FichiersR), Octets: l.Octets + l.OctetsR}, l.Base
	etat, err := s.db.EtatMigrations(ctx)
	out.Schema = etat.Version
	return out, err
}

func (s *Tableaux) messages(ctx context.Context) ([]admin.Messages, error) {
	comptes, err := NewAlertes(s.db).Compter(ctx)
	if err != nil {
		return nil, err
	}
	var out []admin.Messages
	for _, c := range comptes { // ordered by canal
		if len(out) == 0 || out[len(out)-1].Canal != c.Canal {
			out = append(out, admin.Messages{Canal: c.Canal})
		}
		m := &out[len(out)-1]
		cible := &m.EnCours
		if c.Etat == "ECHEC" || c.Etat == "ABANDON" {
			cible = &m.Perdus
		}
		cible.Nombre += c.Nombre
		if cible.PlusAncienne == nil || c.PlusAncienne.Before(*cible.PlusAncienne) {
			le := c.PlusAncienne
			cible.PlusAncienne = &le
		}
	}
	return out, nil
}
