package testdb

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"hash/fnv"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"apilos/migrations"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Base is a database that belongs to one test. It is dropped when the test ends, with the sessions
// that are still open on it.
type Base struct {
	URL  string        // for code that opens its own connections
	Pool *pgxpool.Pool // closed when the test ends
}

// delai bounds every step of the preparation, so that a stuck server fails the test with a reason.
const delai = 2 * time.Minute

// New returns a database with the whole schema and the reference data of the migrations.
func New(t testing.TB) *Base {
	t.Helper()
	u := serveur(t)
	ctx, cancel := context.WithTimeout(context.Background(), delai)
	defer cancel()
	modele, err := gabarit(ctx, u)
	if err != nil {
		t.Fatalf("testdb: build the template database: %v", err)
	}
	return creer(t, u, modele)
}

// NewVide returns an empty database, for tests of the migrations themselves.
func NewVide(t testing.TB) *Base {
	t.Helper()
	return creer(t, serveur(t), "template0")
}

func creer(t testing.TB, u *url.URL, modele string) *Base {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), delai)
	defer cancel()
	nom := "apilos_t_" + strings.ToLower(rand.Text())
	if err := executer(ctx, u.String(), "CREATE DATABASE "+identifiant(nom)+" TEMPLATE "+identifiant(modele)); err != nil {
		t.Fatalf("testdb: create database: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), delai)
		defer cancel()
		if err := executer(ctx, u.String(), "DROP DATABASE IF EXISTS "+identifiant(nom)+" WITH (FORCE)"); err != nil {
			t.Errorf("testdb: drop database: %v", err)
		}
	})
	adresse := avecBase(u, nom)
	cfg, err := pgxpool.ParseConfig(adresse)
	if err != nil {
		t.Fatalf("testdb: read address: %v", err)
	}
	cfg.MaxConns, cfg.MinConns = 10, 0
	cfg.ConnConfig.RuntimeParams["timezone"] = "UTC"
	cfg.ConnConfig.RuntimeParams["application_name"] = "apilos-test"
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		t.Fatalf("testdb: open database: %v", err)
	}
	t.Cleanup(func() { fermer(t, pool) }) // runs before the drop
	return &Base{URL: adresse, Pool: pool}
}

// fermer closes the pool, or fails the test when it kept a connection: Close would wait for ever.
func fermer(t testing.TB, pool *pgxpool.Pool) {
	t.Helper()
	ferme := make(chan struct{})
	go func() {
		pool.Close()
		close(ferme)
	}()
	select {
	case <-ferme:
	case <-time.After(10 * time.Second):
		t.Errorf("testdb: %d connection(s) or row set(s) were never released", pool.Stat().AcquiredConns())
	}
}

// modeles remembers the templates this program has already found complete, by server.
var modeles sync.Map

// gabarit returns the name of the complete template database, building it if nobody has. Programs that
// need it at the same time wait for the first: the lock is in the server, taken on the maintenance
// database.
func gabarit(ctx context.Context, u *url.URL) (string, error) {
	empreinte, err := migrations.Empreinte()
	if err != nil {
		return "", err
	}
	river, err := migrations.RiverAttendue()
	if err != nil {
		return "", err
	}
	nom := fmt.Sprintf("apilos_m_%s_r%d", empreinte[:16], river)
	if _, ok := modeles.Load(u.String() + nom); ok {
		return nom, nil
	}
	conn, err := pgx.Connect(ctx, u.String())
	if err != nil {
		return "", fmt.Errorf("reach the server: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx)) // releases the lock
	cle := fnv.New64a()
	_, _ = cle.Write([]byte(nom)) // never fails
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", int64(cle.Sum64())); err != nil {
		return "", fmt.Errorf("lock the template: %w", err)
	}
	var existe bool
	if err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", nom).Scan(&existe); err != nil {
		return "", fmt.Errorf("look for the template: %w", err)
	}
	if !existe {
		if err := batir(ctx, conn, u, nom); err != nil {
			return "", err
		}
	}
	modeles.Store(u.String()+nom, struct{}{})
	return nom, nil
}

// batir migrates a database under a provisional name and renames it once it is complete. The template
// then refuses connections: one session on it would prevent every copy.
func batir(ctx context.Context, conn *pgx.Conn, u *url.URL, nom string) error {
	provisoire := nom + "_tmp"
	for _, sql := range []string{
		"DROP DATABASE IF EXISTS " + identifiant(provisoire) + " WITH (FORCE)",
		"CREATE DATABASE " + identifiant(provisoire) + " TEMPLATE template0",
	} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return fmt.Errorf("create the template: %w", err)
		}
	}
	if err := migrer(ctx, avecBase(u, provisoire)); err != nil {
		return err
	}
	for _, sql := range []string{
		"ALTER DATABASE " + identifiant(provisoire) + " ALLOW_CONNECTIONS false",
		"ALTER DATABASE " + identifiant(provisoire) + " RENAME TO " + identifiant(nom),
	} {
		if err := insister(ctx, func() error { _, err := conn.Exec(ctx, sql); return err }); err != nil {
			return fmt.Errorf("finish the template: %w", err)
		}
	}
	return nil
}

func migrer(ctx context.Context, adresse string) error {
	pool, err := pgxpool.New(ctx, adresse)
	if err != nil {
		return fmt.Errorf("open the template: %w", err)
	}
	defer pool.Close()
	_, err = migrations.Appliquer(ctx, pool, nil)
	if err != nil {
		return err
	}
	// Statistics are copied with the template, so that plans in tests are realistic.
	_, err = pool.Exec(ctx, "VACUUM (ANALYZE, FREEZE)")
	return err
}

// insister tries again while the server still counts a session that has just been closed.
func insister(ctx context.Context, fn func() error) error {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		err := fn()
		var pg *pgconn.PgError
		if err == nil || !errors.As(err, &pg) || pg.Code != "55006" { // object_in_use
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-tick.C:
		}
	}
}

func executer(ctx context.Context, adresse, sql string) error {
	conn, err := pgx.Connect(ctx, adresse)
	if err != nil {
		return fmt.Errorf("reach the server: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	return insister(ctx, func() error { _, err := conn.Exec(ctx, sql); return err })
}
