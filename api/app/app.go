// Package app is the composition root: from the settings it builds the database, the stores, the services
// and the router, and runs them. Nothing else wires.
//
// Where things are: app.go the entry points of the command line; base.go the database; pieces.go the
// services; routes.go the HTTP server; serve.go and worker.go the two long-running programs;
// simulateur.go the bundled simulators; demo*.go the demonstration data.
package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"apilos/api/config"
	"apilos/openapi"
)

// BuildInfo identifies the binary; it is shown on /version.
type BuildInfo struct {
	Version string `json:"version"`
	Commit  string `json:"commit"`
	Date    string `json:"date"`
}

// ServeOptions holds what the command line adds to the settings.
type ServeOptions struct {
	Build  BuildInfo
	Reset  bool      // forget the local data before starting; development and test only
	Output io.Writer // where the address and the demo accounts are shown to the person who started the program
}

// SeedOptions says which data to write besides the reference data, which migrations keep up to date.
type SeedOptions struct {
	Demo        bool  // the demo operations, conventions and users
	Conventions int   // number of generated conventions, for measurements
	Graine      int64 // seed of the generator: the same seed gives the same data
	Output      io.Writer
}

// journalDe returns the logger that the settings ask for. Long-running programs write it on standard
// output (06 §7.3), commands on standard error: their output is their answer.
func journalDe(cfg config.Config, w io.Writer) *slog.Logger {
	options := options(cfg.Log.Level.Slog())
	if cfg.Log.Format == config.LogText {
		return slog.New(slog.NewTextHandler(w, options))
	}
	return slog.New(slog.NewJSONHandler(w, options))
}

// options gives the lines the names of 06 §7.3: the instant is ts.
func options(niveau slog.Level) *slog.HandlerOptions {
	return &slog.HandlerOptions{Level: niveau, ReplaceAttr: func(groupes []string, a slog.Attr) slog.Attr {
		if len(groupes) == 0 && a.Key == slog.TimeKey {
			a.Key = "ts"
		}
		return a
	}}
}

// Migrate brings the schema up to date ("up") or undoes the last migration ("down").
func Migrate(ctx context.Context, cfg config.Config, direction string) error {
	return avecBase(ctx, cfg, func(ctx context.Context, b *base) error {
		if direction == "down" {
			n, err := b.db.AnnulerDerniereMigration(ctx, b.log)
			b.log.Info("migrations undone", "steps", n)
			return err
		}
		n, err := b.db.Migrer(ctx, b.log)
		b.log.Info("migrations applied", "steps", n)
		return err
	})
}

// MigrateStatus writes the list of migrations and their state.
func MigrateStatus(ctx context.Context, cfg config.Config, w io.Writer, asJSON bool) error {
	return avecBase(ctx, cfg, func(ctx context.Context, b *base) error {
		etat, err := b.db.EtatMigrations(ctx)
		if err != nil {
			return err
		}
		return ecrireEtat(w, etat, asJSON)
	})
}

// Seed writes what the options ask for; doing it again changes nothing.
func Seed(ctx context.Context, cfg config.Config, opts SeedOptions) error {
	return avecPieces(ctx, cfg, journalDe(cfg, os.Stderr), func(ctx context.Context, p *pieces) error {
		if _, err := p.db.Migrer(ctx, p.log); err != nil {
			return err
		}
		if opts.Demo {
			if err := semerDemonstration(ctx, p, opts.Output); err != nil {
				return err
			}
		}
		if opts.Conventions > 0 {
			return semerMesures(ctx, p, opts)
		}
		return nil
	})
}

// OpenAPI writes one of the embedded API documents as json or yaml.
func OpenAPI(w io.Writer, document, format string) error {
	var asJSON, asYAML []byte
	switch document {
	case "apilos":
		asJSON, asYAML = openapi.Apilos()
	case "depot":
		asJSON, asYAML = openapi.Depot()
	case "siap":
		asJSON, asYAML = openapi.Siap()
	default:
		return fmt.Errorf("document « %s » inconnu : cette version publie « apilos », « siap » et « depot »", document)
	}
	switch format {
	case "", "json":
		_, err := w.Write(asJSON)
		return err
	case "yaml":
		_, err := w.Write(asYAML)
		return err
	}
	return errors.New("format attendu : json ou yaml")
}
