package migrations

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// Migration is one step of the schema and what the database knows of it.
type Migration struct {
	Version     int64
	Nom         string    // file name of the step
	Appliquee   bool      // already in the database
	AppliqueeLe time.Time // zero when not applied
}

// Etat compares the database with the migrations of this binary.
type Etat struct {
	Migrations     []Migration
	Version        int64 // last applied step, 0 for an empty database
	Attendue       int64 // last step of this binary
	River          int   // version of the job queue's own tables, 0 when absent
	RiverAttendue  int
	ServeurVersion string // as PostgreSQL says it, for example "18.4"
}

// AJour reports whether this binary can work on the database: nothing is missing. A database ahead of
// the binary is accepted, since every migration must be safe for the version before it.
func (e Etat) AJour() bool {
	for _, m := range e.Migrations {
		if !m.Appliquee {
			return false
		}
	}
	return e.River >= e.RiverAttendue
}

// LireEtat reads where the database stands. It only reads, takes no lock and creates nothing,
// so it can be called by a readiness probe and on a database that was never migrated.
func LireEtat(ctx context.Context, pool *pgxpool.Pool) (Etat, error) {
	known, err := Liste()
	if err != nil {
		return Etat{}, err
	}
	var e Etat
	for _, step := range known {
		e.Migrations = append(e.Migrations, Migration{Version: step.Version, Nom: step.Nom})
		e.Attendue = step.Version
	}
	if e.RiverAttendue, err = RiverAttendue(); err != nil {
		return Etat{}, err
	}
	applied, err := lireAppliquees(ctx, pool)
	if err != nil {
		return Etat{}, err
	}
	for i, m := range e.Migrations {
		if at, ok := applied[m.Version]; ok {
			e.Migrations[i].Appliquee, e.Migrations[i].AppliqueeLe = true, at
		}
	}
	for version := range applied {
		e.Version = max(e.Version, version)
	}
	if e.River, err = lireVersionRiver(ctx, pool); err != nil {
		return Etat{}, err
	}
	if err := pool.QueryRow(ctx, "SELECT current_setting('server_version')").Scan(&e.ServeurVersion); err != nil {
		return Etat{}, fmt.Errorf("read server version: %w", err)
	}
	return e, nil
}

// VersionAttendue is the schema version this binary was built for.
func VersionAttendue() (int64, error) {
	known, err := Liste()
	if err != nil || len(known) == 0 {
		return 0, err
	}
	return known[len(known)-1].Version, nil
}

func lireAppliquees(ctx context.Context, pool *pgxpool.Pool) (map[int64]time.Time, error) {
	out := map[int64]time.Time{}
	var version int64
	var at time.Time
	rows, err := pool.Query(ctx,
		"SELECT version_id, max(tstamp) FROM goose_db_version WHERE is_applied AND version_id > 0 GROUP BY version_id")
	if err == nil {
		_, err = pgx.ForEachRow(rows, []any{&version, &at}, func() error {
			out[version] = at
			return nil
		})
	}
	if err != nil && !tableAbsente(err) {
		return nil, fmt.Errorf("read applied migrations: %w", err)
	}
	return out, nil
}

func lireVersionRiver(ctx context.Context, pool *pgxpool.Pool) (int, error) {
	var version int
	err := pool.QueryRow(ctx, "SELECT coalesce(max(version), 0) FROM river_migration WHERE line = 'main'").Scan(&version)
	if tableAbsente(err) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read version of the job queue: %w", err)
	}
	return version, nil
}

// RiverAttendue is the version of the job queue's tables this binary was built for.
func RiverAttendue() (int, error) {
	m, err := rivermigrate.New(riverpgxv5.New(nil), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return 0, fmt.Errorf("list migrations of the job queue: %w", err)
	}
	last := 0
	for _, v := range m.AllVersions() {
		last = max(last, v.Version)
	}
	return last, nil
}

func tableAbsente(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "42P01"
}
