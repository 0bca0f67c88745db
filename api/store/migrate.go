package store

import (
	"context"
	"log/slog"

	"apilos/migrations"
)

// EtatSchema compares the database with the migrations of this binary.
type EtatSchema = migrations.Etat

// Migrer brings the schema, and River's tables, to the version of this binary and returns the number
// of steps applied. Several processes may call it together (see migrations.Appliquer). It is what one runs
// after a restoration: the feed of changes is set right there.
func (d *DB) Migrer(ctx context.Context, journal *slog.Logger) (int, error) {
	n, err := migrations.Appliquer(ctx, d.pool, journal)
	if err != nil {
		return n, err
	}
	return n, d.CalerFlux(ctx)
}

// AnnulerMigrations brings the schema back to version; 0 removes everything. Data of the dropped tables
// are lost.
func (d *DB) AnnulerMigrations(ctx context.Context, journal *slog.Logger, version int64) (int, error) {
	return migrations.Annuler(ctx, d.pool, journal, version)
}

// AnnulerDerniereMigration undoes the last applied step and returns 0 when none is left.
func (d *DB) AnnulerDerniereMigration(ctx context.Context, journal *slog.Logger) (int, error) {
	return migrations.AnnulerDerniere(ctx, d.pool, journal)
}

// EtatMigrations tells where the database stands. It only reads, so a readiness probe may call it.
func (d *DB) EtatMigrations(ctx context.Context) (EtatSchema, error) {
	return migrations.LireEtat(ctx, d.pool)
}

// VersionAttendue is the schema version this binary was built for.
func VersionAttendue() (int64, error) { return migrations.VersionAttendue() }
