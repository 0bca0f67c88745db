package store

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"time"

	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/event"
	"apilos/api/fault"
	"gorm.io/gorm"
)

// Modifier implements convention.Store: only the given columns are written, the version is the one
// that was read (CC-03), and a rule of the schema comes back as a fault.
func (d *DB) Modifier(ctx context.Context, dos *convention.Dossier, colonnes map[string]any, le time.Time) error {
	c := &dos.Convention
	set := maps.Clone(colonnes)
	set["version"], set["mis_a_jour_le"] = c.Version+1, le
	res := d.db(ctx).Table("convention").Where("id = ? AND version = ?", c.ID, c.Version).Updates(set)
	if res.Error != nil {
		return conflitConvention(res.Error)
	}
	if res.RowsAffected == 0 {
		return convention.VersionPerimee(c.Version)
	}
	c.Version++
	return nil
}

// conflitConvention gives their words to the rules that the schema enforces (01 §9.1).
func conflitConvention(err error) error {
	switch constraint(err) {
	case "ux_lot_operation_financement":
		return fault.New(fault.Conflict, "CONVENTION_EXISTANTE", "Une autre convention active existe déjà pour ce financement de l’opération.").Because(err)
	case "ux_convention_avenant_en_cours":
		return fault.New(fault.Conflict, "AVENANT_EN_COURS", "Un avenant est déjà en cours.").Because(err)
	case "ux_convention_numero":
		return fault.New(fault.Conflict, "NUMERO_PRIS", "Ce numéro vient d’être attribué à une autre convention.").Because(err)
	case "ux_convention_numero_avenant":
		return fault.New(fault.Invalid, "NUMERO_AVENANT_EXISTANT", "Un autre avenant de cette convention porte déjà ce numéro.").
			WithFields(fault.Field{Pointer: "/numero", Code: "NUMERO_AVENANT_EXISTANT", Detail: "Ce numéro est déjà celui d’un autre avenant."}).Because(err)
	}
	return fmt.Errorf("write convention: %w", err)
}

// Ecrire implements convention.Store: one UPDATE per table; the convention's version always moves
// (CC-02), and when the shared operation changes, so do its version and its siblings' (CC-05).
func (d *DB) Ecrire(ctx context.Context, dos *convention.Dossier, ecritures []convention.Ecriture, le time.Time) error {
	parTable := map[convention.Table]map[string]any{}
	for _, e := range ecritures {
		if diff, ok := e.Valeur.(convention.Difference); ok {
			if err := d.ecrireLignes(ctx, dos, e.Table, diff, le); err != nil {
				return err
			}
			continue
		}
		if parTable[e.Table] == nil {
			parTable[e.Table] = map[string]any{}
		}
		parTable[e.Table][e.Colonne] = e.Valeur
	}
	if set := parTable[convention.TableOperation]; set != nil {
		if err := d.ecrireOperation(ctx, dos, set, le); err != nil {
			return err
		}
	}
	if set := parTable[convention.TableLots]; set != nil {
		set["version"], set["mis_a_jour_le"] = gorm.Expr("version + 1"), le
		if err := d.db(ctx).Table("lot").Where("convention_id = ?", dos.Convention.ID).Updates(set).Error; err != nil {
			return fmt.Errorf("write lots: %w", err)
		}
	}
	if set := parTable[convention.TableFoyerResidence]; set != nil {
		if err := d.ecrireFoyerResidence(ctx, dos, set); err != nil {
			return err
		}
	}
	set := parTable[convention.TableConvention]
	if set == nil {
		set = map[string]any{}
	}
	return d.Modifier(ctx, dos, set, le)
}

func (d *DB) ecrireOperation(ctx context.Context, dos *convention.Dossier, set map[string]any, le time.Time) error {
	// Every convention of the operation is locked already (VerrouillerOperation).
	var voisines []int64
	err := d.db(ctx).Raw(`SELECT id FROM convention WHERE operation_id = ? AND id <> ? ORDER BY id`,
		dos.Operation.ID, dos.Convention.ID).Scan(&voisines).Error
	if err != nil {
		return fmt.Errorf("find sibling conventions: %w", err)
	}
	set["version"], set["mis_a_jour_le"] = gorm.Expr("version + 1"), le
	if err := d.db(ctx).Table("operation").Where("id = ?", dos.Operation.ID).Updates(set).Error; err != nil {
		if constraint(err) == "ux_operation_numero" {
			return fault.New(fault.Invalid, "NUMERO_OPERATION_EXISTANT", "Ce numéro d’opération est déjà celui d’une autre opération.").
				WithFields(fault.Field{Pointer: "/numero_operation", Code: "NUMERO_OPERATION_EXISTANT", Detail: "Ce numéro est déjà celui d’une autre opération."}).Because(err)
		}
		return fmt.Errorf("write operation: %w", err)
	}
	if len(voisines) == 0 {
		return nil
	}
	err = d.db(ctx).Exec(`UPDATE convention SET version = version + 1, mis_a_jour_le = ? WHERE id IN ?`, le, voisines).Error
	if err != nil {
		return fmt.Errorf("raise sibling versions: %w", err)
	}
	return d.RafraichirRecherche(ctx, voisines...)
}

// InsererHistorique implements convention.Store.
func (d *DB) InsererHistorique(ctx context.Context, h *event.Historique) error {
	if err := d.db(ctx).Create(h).Error; err != nil {
		return fmt.Errorf("insert history: %w", err)
	}
	return nil
}

// Figer implements convention.Store: an append-only copy of the aggregate with its digest (DO-02).
func (d *DB) Figer(ctx context.Context, dos *convention.Dossier, motif string) error {
	donnees, err := json.Marshal(dos.Instantane())
	if err != nil {
		return fmt.Errorf("freeze convention: %w", err)
	}
	i := convention.Instantane{
		ConventionID: dos.Convention.ID, Motif: motif, SchemaVersion: convention.VersionInstantane,
		Donnees: donnees, Empreinte: empreinte(donnees),
	}
	if err := d.db(ctx).Create(&i).Error; err != nil {
		return fmt.Errorf("freeze convention: %w", err)
	}
	return nil
}

// ClasserAvenant gives the avenant its rank by signature date and renumbers the later ones (AV-10).
func (d *DB) ClasserAvenant(ctx context.Context, dos *convention.Dossier, signature date.Date) error {
	if err := d.db(ctx).Exec(`UPDATE convention SET rang_avenant = NULL WHERE parent_id = ? AND rang_avenant IS NOT NULL`, dos.Racine.ID).Error; err != nil {
		return fmt.Errorf("rank avenants: %w", err)
	}
	err := d.db(ctx).Exec(`
UPDATE convention c SET rang_avenant = x.rang FROM (
  SELECT a.id, row_number() OVER (ORDER BY coalesce(CASE WHEN a.id = @id THEN CAST(@jour AS date) END, a.signe_le) NULLS LAST, a.cree_le, a.id) AS rang
  FROM convention a WHERE a.parent_id = @racine AND a.supprime_le IS NULL AND a.statut <> 'ANNULEE'
    AND (a.signe_le IS NOT NULL OR a.id = @id)) x WHERE x.id = c.id`,
		map[string]any{"id": dos.Convention.ID, "jour": signature.String(), "racine": dos.Racine.ID}).Error
	if err != nil {
		return fmt.Errorf("rank avenants: %w", err)
	}
	return nil
}
