package migrations

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	_ "embed"
	"fmt"
	"strings"
)

// millesimeCommunes is the year of the geographic code this migration loads.
const millesimeCommunes = 2026

// communes2026 is written by scripts/cog, which tells its source and its licence.
//
//go:embed donnees/communes_2026.tsv.gz
var communes2026 []byte

// chargerCommunes fills the dictionary of places. Whole columns travel as arrays in two statements,
// which is as fast as COPY for this size and, unlike it, runs in the transaction of the migration.
func chargerCommunes(ctx context.Context, tx *sql.Tx) error {
	l, err := lireCommunes(communes2026)
	if err != nil {
		return err
	}
	// The departement is the beginning of the code: three characters overseas, two elsewhere.
	if _, err := tx.ExecContext(ctx, `
		INSERT INTO commune (code, code_insee, nom, nom_norm, departement, region, millesime)
		SELECT c.code, c.code, c.nom, sans_accent(c.nom), d.code_insee, d.code_insee_region, $3
		  FROM unnest($1::text[], $2::text[]) AS c (code, nom)
		  JOIN departement d ON d.code_insee = left(c.code, CASE WHEN c.code ~ '^9[78]' THEN 3 ELSE 2 END)`,
		l.codes, l.noms, millesimeCommunes); err != nil {
		return fmt.Errorf("load communes: %w", err)
	}
	if _, err := tx.ExecContext(ctx, `
		INSERT INTO commune_code_postal (commune_code, code_postal)
		SELECT * FROM unnest($1::text[], $2::text[])`,
		l.postalCommunes, l.postaux); err != nil {
		return fmt.Errorf("load postcodes: %w", err)
	}
	return nil
}

// retirerCommunes removes what chargerCommunes added; postcodes follow. Places made from unresolved
// addresses have no vintage and stay.
func retirerCommunes(ctx context.Context, tx *sql.Tx) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM commune WHERE millesime = $1`, millesimeCommunes); err != nil {
		return fmt.Errorf("remove communes: %w", err)
	}
	return nil
}

// listeCommunes holds columns: codes and names of communes, then pairs (commune, postcode).
type listeCommunes struct {
	codes, noms             []string
	postalCommunes, postaux []string
}

func lireCommunes(compresse []byte) (listeCommunes, error) {
	gz, err := gzip.NewReader(bytes.NewReader(compresse))
	if err != nil {
		return listeCommunes{}, fmt.Errorf("read communes: %w", err)
	}
	var l listeCommunes
	lines := bufio.NewScanner(gz)
	for lines.Scan() {
		line := lines.Text()
		if strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Split(line, "\t")
		if len(fields) != 3 {
			return listeCommunes{}, fmt.Errorf("read communes: unexpected line %q", line)
		}
		l.codes, l.noms = append(l.codes, fields[0]), append(l.noms, fields[1])
		for _, postal := range strings.Fields(fields[2]) {
			l.postalCommunes, l.postaux = append(l.postalCommunes, fields[0]), append(l.postaux, postal)
		}
	}
	if err := lines.Err(); err != nil {
		return listeCommunes{}, fmt.Errorf("read communes: %w", err)
	}
	return l, nil
}
