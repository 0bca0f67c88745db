// Package migrations carries the schema of the database: numbered goose migrations, embedded in the
// binary so that a deployment needs nothing else.
//
// A file NNNN_verb_object.sql is plain SQL with an Up and a Down section. Once released a migration is
// never edited: a change is a new migration, which an older binary must survive while it is rolled out.
// Everything runs on PostgreSQL 15 and later, so no uuidv7() and no virtual generated column. The few
// migrations written in Go (Go) load data that would be unreadable as SQL.
//
// Appliquer runs them, then those of River's own tables, under one lock. The package knows nothing of
// the domain, so that tests of any package can build a database with it.
package migrations

import (
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"slices"

	"github.com/pressly/goose/v3"
)

// SQL holds the migrations written in SQL, at its root.
//
//go:embed *.sql
var SQL embed.FS

// Etape is one migration of this binary.
type Etape struct {
	Version int64
	Nom     string // file name
}

// Liste returns every migration of this binary, in the order in which they apply.
func Liste() ([]Etape, error) {
	names, err := fs.Glob(SQL, "*.sql")
	if err != nil {
		return nil, fmt.Errorf("list migrations: %w", err)
	}
	var out []Etape
	for _, name := range names {
		version, err := goose.NumericComponent(name)
		if err != nil {
			return nil, fmt.Errorf("read number of migration %s: %w", name, err)
		}
		out = append(out, Etape{Version: version, Nom: name})
	}
	for _, m := range Go() {
		out = append(out, Etape{Version: m.Version, Nom: m.Source})
	}
	slices.SortFunc(out, func(a, b Etape) int { return cmp.Compare(a.Version, b.Version) })
	return out, nil
}

// Go returns the migrations written in Go, to be given to goose beside SQL.
func Go() []*goose.Migration {
	communes := goose.NewGoMigration(17, &goose.GoFunc{RunTx: chargerCommunes}, &goose.GoFunc{RunTx: retirerCommunes})
	communes.Source = "0017_seed_commune.go"
	return []*goose.Migration{communes}
}

// Empreinte is a digest of every migration and of the data they load. Two binaries with the same
// digest build the same schema from nothing: tests name their template database after it.
func Empreinte() (string, error) {
	h := sha256.New()
	names, err := fs.Glob(SQL, "*.sql")
	if err != nil {
		return "", fmt.Errorf("list migrations: %w", err)
	}
	for _, name := range names {
		content, err := fs.ReadFile(SQL, name)
		if err != nil {
			return "", fmt.Errorf("read migration %s: %w", name, err)
		}
		fmt.Fprintf(h, "%s %d\n", name, len(content))
		h.Write(content)
	}
	for _, m := range Go() {
		fmt.Fprintf(h, "%s\n", m.Source)
	}
	h.Write(communes2026)
	return hex.EncodeToString(h.Sum(nil)), nil
}
