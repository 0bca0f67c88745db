package store

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"apilos/api/convention"

	"gorm.io/gorm/clause"
)

// lignesDeLot are the tables whose rows hang from a lot and that a step may write: their columns besides the dates.
var lignesDeLot = map[convention.Table][]string{
	convention.TablePrets: {"uuid", "lot_id", "ordre", "preteur", "autre", "numero", "date_octroi", "duree", "montant"},
}

// ecrireLignes applies what a save does to the rows of a table: at most three statements, whatever their number. Every
// statement is held to the lots of the convention, so that a row of another one can never be written.
func (d *DB) ecrireLignes(ctx context.Context, dos *convention.Dossier, table convention.Table, diff convention.Difference, le time.Time) error {
	colonnes, ok := lignesDeLot[table]
	if !ok {
		return fmt.Errorf("write rows of %s: no step writes this table", table)
	}
	const lots = `(SELECT l.id FROM lot l WHERE l.convention_id = @convention)`
	args := map[string]any{"convention": dos.Convention.ID, "le": le}
	if len(diff.Supprimees) > 0 {
		args["uuids"] = diff.Supprimees
		if err := d.db(ctx).Exec(`DELETE FROM `+string(table)+` WHERE lot_id IN `+lots+` AND uuid IN @uuids`, args).Error; err != nil {
			return fmt.Errorf("delete rows of %s: %w", table, err)
		}
	}
	if len(diff.Modifiees) > 0 {
		lignes, err := json.Marshal(diff.Modifiees)
		if err != nil {
			return fmt.Errorf("change rows of %s: %w", table, err)
		}
		args["lignes"] = string(lignes)
		err = d.db(ctx).Exec(`UPDATE `+string(table)+` t SET (`+strings.Join(colonnes, ", ")+`, mis_a_jour_le) = (x.`+strings.Join(colonnes, ", x.")+`, CAST(@le AS timestamptz))
FROM jsonb_populate_recordset(NULL::`+string(table)+`, CAST(@lignes AS jsonb)) x
WHERE t.uuid = x.uuid AND t.lot_id IN `+lots+` AND x.lot_id IN `+lots, args).Error
		if err != nil {
			return fmt.Errorf("change rows of %s: %w", table, err)
		}
	}
	if len(diff.Creees) == 0 {
		return nil
	}
	lignes, err := json.Marshal(diff.Creees)
	if err != nil {
		return fmt.Errorf("create rows of %s: %w", table, err)
	}
	args["lignes"] = string(lignes)
	err = d.db(ctx).Exec(`INSERT INTO `+string(table)+` (`+strings.Join(colonnes, ", ")+`, cree_le, mis_a_jour_le)
SELECT x.`+strings.Join(colonnes, ", x.")+`, CAST(@le AS timestamptz), CAST(@le AS timestamptz) FROM jsonb_populate_recordset(NULL::`+string(table)+`, CAST(@lignes AS jsonb)) x
WHERE x.lot_id IN `+lots, args).Error
	if err != nil {
		return fmt.Errorf("create rows of %s: %w", table, err)
	}
	return nil
}

// ecrireFoyerResidence writes columns of the part of a foyer or résidence, whose row is made at the first write.
func (d *DB) ecrireFoyerResidence(ctx context.Context, dos *convention.Dossier, set map[string]any) error {
	colonnes := slices.Sorted(maps.Keys(set))
	ligne := maps.Clone(set)
	ligne["convention_id"] = dos.Convention.ID
	err := d.db(ctx).Table(string(convention.TableFoyerResidence)).
		Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "convention_id"}}, DoUpdates: clause.AssignmentColumns(colonnes)}).
		Create(ligne).Error
	if err != nil {
		return fmt.Errorf("write foyer or résidence: %w", err)
	}
	return nil
}
