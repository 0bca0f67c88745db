package migrations

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// cleVerrouMigration is the advisory lock held while migrations run ("apilos" in ASCII).
const cleVerrouMigration int64 = 0x6170696c6f73

// Appliquer applies the migrations that the database lacks, then those of River's tables, and returns
// the number of steps applied, 0 when everything was up to date. Several processes may call it at the
// same time: one works, the others wait and find nothing to do. Each step runs in its own transaction,
// so a failure leaves the database at the last complete step; calling again resumes there.
//
// It opens its own connections with the address of pool: the statement timeout of the application
// must not interrupt the creation of an index.
func Appliquer(ctx context.Context, pool *pgxpool.Pool, journal *slog.Logger) (int, error) {
	applied := 0
	err := avecMigrateur(ctx, pool, journal, func(m *migrateur) error {
		results, err := m.goose.Up(ctx)
		if err != nil {
			return fmt.Errorf("apply migrations: %w", err)
		}
		m.noter(results)
		river, err := m.river.Migrate(ctx, rivermigrate.DirectionUp, nil)
		if err != nil {
			return fmt.Errorf("apply migrations of the job queue: %w", err)
		}
		applied = len(results) + len(river.Versions)
		if _, err := m.pool.Exec(ctx, "SELECT accorder_privileges($1)", roleApplication); err != nil {
			return fmt.Errorf("grant privileges to %s: %w", roleApplication, err)
		}
		return nil
	})
	return applied, err
}

// roleApplication is the account the application connects with where it does not own the schema. It
// gets its privileges each time migrations run, so that new tables and those of River are covered; it
// need not exist (0021_create_privilege.sql).
const roleApplication = "apilos_application"

// Annuler brings the schema back to version, which must not be above the current one, and
// returns the number of steps undone. Version 0 also removes the tables of River. It destroys the data
// of the tables it drops: the command line asks before calling it.
func Annuler(ctx context.Context, pool *pgxpool.Pool, journal *slog.Logger, version int64) (int, error) {
	undone := 0
	err := avecMigrateur(ctx, pool, journal, func(m *migrateur) error {
		if version <= 0 {
			res, err := m.river.Migrate(ctx, rivermigrate.DirectionDown, &rivermigrate.MigrateOpts{TargetVersion: -1})
			if err != nil {
				return fmt.Errorf("undo migrations of the job queue: %w", err)
			}
			undone += len(res.Versions)
		}
		results, err := m.goose.DownTo(ctx, max(version, 0))
		if err != nil {
			return fmt.Errorf("undo migrations: %w", err)
		}
		m.noter(results)
		undone += len(results)
		return nil
	})
	return undone, err
}

// AnnulerDerniere undoes the last applied step only, and returns 0 when there is none left.
func AnnulerDerniere(ctx context.Context, pool *pgxpool.Pool, journal *slog.Logger) (int, error) {
	etat, err := LireEtat(ctx, pool)
	if err != nil {
		return 0, err
	}
	previous := int64(0)
	for _, m := range etat.Migrations {
		if m.Appliquee && m.Version < etat.Version {
			previous = max(previous, m.Version)
		}
	}
	if etat.Version == 0 {
		return 0, nil
	}
	return Annuler(ctx, pool, journal, previous)
}

// migrateur gathers what a run of migrations needs while the lock is held.
type migrateur struct {
	pool    *pgxpool.Pool
	goose   *goose.Provider
	river   *rivermigrate.Migrator[pgx.Tx]
	journal *slog.Logger
}

// avecMigrateur runs fn with private connections and the lock. One lock covers goose and River: each
// of them alone would let two processes create River's tables together.
func avecMigrateur(ctx context.Context, pool *pgxpool.Pool, journal *slog.Logger, fn func(*migrateur) error) error {
	cfg := pool.Config().Copy()
	cfg.MinConns, cfg.MinIdleConns, cfg.MaxConns = 0, 0, 4
	cfg.ConnConfig.RuntimeParams["statement_timeout"] = "0"
	cfg.ConnConfig.RuntimeParams["application_name"] = "apilos-migrate"
	cfg.ConnConfig.Tracer = nil
	private, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return fmt.Errorf("open connections for migrations: %w", err)
	}
	defer private.Close()
	sqlDB := stdlib.OpenDBFromPool(private)
	defer sqlDB.Close()

	unlock, err := verrouiller(ctx, private)
	if err != nil {
		return err
	}
	defer unlock()

	provider, err := fournisseur(sqlDB)
	if err != nil {
		return err
	}
	if journal == nil {
		journal = slog.New(slog.DiscardHandler)
	}
	river, err := rivermigrate.New(riverpgxv5.New(private), &rivermigrate.Config{Logger: journal})
	if err != nil {
		return fmt.Errorf("prepare migrations of the job queue: %w", err)
	}
	return fn(&migrateur{pool: private, goose: provider, river: river, journal: journal})
}

func fournisseur(db *sql.DB) (*goose.Provider, error) {
	p, err := goose.NewProvider(goose.DialectPostgres, db, SQL,
		goose.WithDisableGlobalRegistry(true),
		goose.WithLogger(goose.NopLogger()), // see noter
		goose.WithGoMigrations(Go()...))
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	return p, nil
}

func (m *migrateur) noter(results []*goose.MigrationResult) {
	for _, r := range results {
		m.journal.Info("migration", "sens", r.Direction, "version", r.Source.Version,
			"fichier", r.Source.Path, "duree_ms", r.Duration.Milliseconds())
	}
}

// verrouiller takes the advisory lock on a connection of its own. It asks again and again rather than
// wait inside one statement: a waiting statement holds a snapshot, and CREATE INDEX CONCURRENTLY run by
// the process that owns the lock would wait for it for ever.
func verrouiller(ctx context.Context, pool *pgxpool.Pool) (unlock func(), err error) {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return nil, fmt.Errorf("reach database: %w", err)
	}
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		var ok bool
		if err := conn.QueryRow(ctx, "SELECT pg_try_advisory_lock($1)", cleVerrouMigration).Scan(&ok); err != nil {
			conn.Release()
			return nil, fmt.Errorf("lock migrations: %w", err)
		}
		if ok {
			break
		}
		select {
		case <-ctx.Done():
			conn.Release()
			return nil, fmt.Errorf("wait for the migrations of another process: %w", ctx.Err())
		case <-tick.C:
		}
	}
	return func() {
		// Closing the session releases the lock even when the context is over.
		_ = conn.Conn().Close(context.WithoutCancel(ctx))
		conn.Release()
	}, nil
}
