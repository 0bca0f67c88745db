package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"apilos/api/config"
	"apilos/api/pgdev"
	"apilos/api/store"

	"github.com/jackc/pgx/v5"
)

// base is the open database, with the development server when the platform started one.
type base struct {
	cfg     config.Config
	log     *slog.Logger
	db      *store.DB
	version string        // of the program, told to SIAP; may be empty
	serveur *pgdev.Server // nil when the settings give an address
}

// nomBase is the database of the development server.
const nomBase = "apilos"

func ouvrirBase(ctx context.Context, cfg config.Config, log *slog.Logger) (*base, error) {
	b := &base{cfg: cfg, log: log}
	url := cfg.Database.URL.Reveal()
	if url == "" {
		if !cfg.Environment.Local() {
			return nil, errors.New("DATABASE_URL est obligatoire")
		}
		var err error
		if url, err = b.demarrerServeur(ctx); err != nil {
			return nil, err
		}
	}
	db, err := store.Open(ctx, url, store.Options{MaxOpen: cfg.Database.MaxOpen, StatementTimeout: cfg.Database.StatementTimeout})
	if err != nil {
		b.fermer()
		return nil, fmt.Errorf("base de données inaccessible : %w", err)
	}
	b.db = db
	return b, nil
}

func (b *base) demarrerServeur(ctx context.Context) (string, error) {
	s, err := pgdev.Start(ctx, pgdev.Options{Dir: filepath.Join(b.cfg.DataDir, "postgres"), Logger: b.log})
	if err != nil {
		return "", err
	}
	b.serveur = s
	if err := creerBase(ctx, s.URL("postgres")); err != nil {
		b.fermer()
		return "", err
	}
	return s.URL(nomBase), nil
}

func creerBase(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return fmt.Errorf("reach development server: %w", err)
	}
	defer conn.Close(ctx)
	var existe bool
	if err := conn.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)`, nomBase).Scan(&existe); err != nil {
		return fmt.Errorf("look for development database: %w", err)
	}
	if existe {
		return nil
	}
	if _, err := conn.Exec(ctx, `CREATE DATABASE `+nomBase); err != nil {
		return fmt.Errorf("create development database: %w", err)
	}
	return nil
}

func (b *base) fermer() {
	if b.db != nil {
		b.db.Close()
	}
	if b.serveur != nil {
		if err := b.serveur.Stop(); err != nil {
			b.log.Error("stop development database", "error", err.Error())
		}
	}
}

// effacer removes the local data of development: database, files, mails.
func effacer(cfg config.Config) error {
	if err := pgdev.Effacer(filepath.Join(cfg.DataDir, "postgres")); err != nil {
		return fmt.Errorf("effacer les données locales : %w", err)
	}
	for _, dossier := range []string{cfg.Storage.MediaRoot, cfg.MailDir()} {
		if err := os.RemoveAll(dossier); err != nil {
			return fmt.Errorf("effacer les données locales : %w", err)
		}
	}
	return nil
}

func avecBase(ctx context.Context, cfg config.Config, fn func(context.Context, *base) error) error {
	b, err := ouvrirBase(ctx, cfg, journalDe(cfg, os.Stderr))
	if err != nil {
		return err
	}
	defer b.fermer()
	return fn(ctx, b)
}

func ecrireEtat(w io.Writer, etat store.EtatSchema, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(etat)
	}
	for _, m := range etat.Migrations {
		marque := "à appliquer"
		if m.Appliquee {
			marque = "appliquée le " + m.AppliqueeLe.Format("02/01/2006 15:04")
		}
		if _, err := fmt.Fprintf(w, "%s  %s\n", m.Nom, marque); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "version %d sur %d, file de tâches %d sur %d\n", etat.Version, etat.Attendue, etat.River, etat.RiverAttendue)
	return err
}
