package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// DB is the access to PostgreSQL: one pgx pool shared by GORM, River and goose.
type DB struct {
	pool *pgxpool.Pool
	sql  *sql.DB
	gorm *gorm.DB
}

// Options limits the pool.
type Options struct {
	MaxOpen          int           // connections, default 20
	StatementTimeout time.Duration // per statement, default 15 s
	// Tracer observes statements, for example to count them per request.
	Tracer pgx.QueryTracer
}

// Open connects to the database at url. It fails when the server cannot be reached.
func Open(ctx context.Context, url string, o Options) (*DB, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("read database address: %w", err)
	}
	cfg.MaxConns = int32(max(o.MaxOpen, 4))
	if o.MaxOpen == 0 {
		cfg.MaxConns = 20
	}
	if o.StatementTimeout == 0 {
		o.StatementTimeout = 15 * time.Second
	}
	cfg.ConnConfig.RuntimeParams["statement_timeout"] = fmt.Sprint(o.StatementTimeout.Milliseconds())
	cfg.ConnConfig.RuntimeParams["timezone"] = "UTC"
	cfg.ConnConfig.RuntimeParams["application_name"] = "apilos"
	cfg.ConnConfig.Tracer = o.Tracer
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("open database pool: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("reach database: %w", err)
	}
	return New(pool)
}

// New wraps an open pool, which Close then closes.
func New(pool *pgxpool.Pool) (*DB, error) {
	sqlDB := stdlib.OpenDBFromPool(pool)
	g, err := gorm.Open(postgres.New(postgres.Config{Conn: sqlDB}), &gorm.Config{
		SkipDefaultTransaction: true,
		TranslateError:         false, // errors keep their constraint name, read by conflict.go
		Logger:                 logger.Discard,
		NowFunc:                func() time.Time { return time.Now().UTC().Truncate(time.Microsecond) },
	})
	if err != nil {
		return nil, fmt.Errorf("open gorm: %w", err)
	}
	return &DB{pool: pool, sql: sqlDB, gorm: g}, nil
}

// Pool returns the pool, for River, health checks and COPY.
func (d *DB) Pool() *pgxpool.Pool { return d.pool }

// SQL returns the database/sql handle on the same pool, for goose.
func (d *DB) SQL() *sql.DB { return d.sql }

// Close releases the connections.
func (d *DB) Close() {
	_ = d.sql.Close()
	d.pool.Close()
}

type txKey struct{}

type transaction struct {
	pgx  pgx.Tx
	gorm *gorm.DB
}

const maxAttempts = 3 // first try included; serialization failures and deadlocks only

// InTx runs fn in one transaction, or in the one ctx already carries. Serialization failures and
// deadlocks are tried again up to three times in all, so fn must touch nothing outside the database.
func (d *DB) InTx(ctx context.Context, fn func(ctx context.Context) error) error {
	if _, ok := ctx.Value(txKey{}).(*transaction); ok {
		return fn(ctx)
	}
	var err error
	for attempt := 1; ; attempt++ {
		err = interruption(ctx, d.once(ctx, fn))
		if err == nil || attempt == maxAttempts || !retryable(err) {
			return err
		}
		pause := time.Duration(attempt*20+rand.IntN(30)) * time.Millisecond
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pause):
		}
	}
}

// interruption names the end of the context as the reason of an error: the driver, cut in the middle of a write, reports
// the deadline it put on the socket ("i/o timeout") and says nothing of why.
func interruption(ctx context.Context, err error) error {
	if err == nil || ctx.Err() == nil || errors.Is(err, ctx.Err()) {
		return err
	}
	return fmt.Errorf("%w: %w", ctx.Err(), err)
}

func (d *DB) once(ctx context.Context, fn func(ctx context.Context) error) (err error) {
	conn, err := d.sql.Conn(ctx)
	if err != nil {
		return fmt.Errorf("take a connection: %w", err)
	}
	defer conn.Close()
	var raw *pgx.Conn
	if err := conn.Raw(func(c any) error {
		raw = c.(*stdlib.Conn).Conn()
		return nil
	}); err != nil {
		return fmt.Errorf("take a connection: %w", err)
	}
	tx, err := raw.Begin(ctx)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() {
		if p := recover(); p != nil {
			_ = tx.Rollback(context.WithoutCancel(ctx))
			panic(p)
		}
		if err != nil {
			_ = tx.Rollback(context.WithoutCancel(ctx))
		}
	}()
	g := d.gorm.Session(&gorm.Session{NewDB: true, SkipDefaultTransaction: true, Context: ctx})
	g.Statement.ConnPool = conn
	if err = fn(context.WithValue(ctx, txKey{}, &transaction{pgx: tx, gorm: g})); err != nil {
		return err
	}
	if err = tx.Commit(ctx); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// Tx returns the transaction that ctx carries, for jobs that must be enqueued in it.
func Tx(ctx context.Context) (pgx.Tx, bool) {
	t, ok := ctx.Value(txKey{}).(*transaction)
	if !ok {
		return nil, false
	}
	return t.pgx, true
}

// db returns the GORM session of ctx: the one of the transaction it carries, otherwise the pool.
// Models declare no association, so nothing is ever loaded or saved implicitly.
func (d *DB) db(ctx context.Context) *gorm.DB {
	if t, ok := ctx.Value(txKey{}).(*transaction); ok {
		return t.gorm.WithContext(ctx)
	}
	return d.gorm.WithContext(ctx)
}

func retryable(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01")
}

// constraint returns the name of the constraint or unique index that err violates, or "".
func constraint(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) && (pg.Code == "23001" || pg.Code == "23505" || pg.Code == "23514" || pg.Code == "23503" || pg.Code == "23P01") {
		return pg.ConstraintName
	}
	return ""
}
