package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/operation"
)

// BaseDe implements convention.Store (AV-15).
func (d *DB) BaseDe(ctx context.Context, avenantID int64) (int64, error) {
	var id int64
	err := d.db(ctx).Raw(`
SELECT coalesce(c.base_id, (SELECT a.id FROM convention a WHERE a.parent_id = c.parent_id AND a.id <> c.id AND a.supprime_le IS NULL
     AND a.statut IN ('SIGNEE','PUBLICATION_EN_COURS','PUBLIE') AND (c.rang_avenant IS NULL OR a.rang_avenant < c.rang_avenant)
   ORDER BY a.rang_avenant DESC NULLS LAST, a.cree_le DESC, a.id DESC LIMIT 1), c.parent_id)
FROM convention c WHERE c.id = ?`, avenantID).Scan(&id).Error
	if err != nil {
		return 0, fmt.Errorf("find version amended by %d: %w", avenantID, err)
	}
	return id, nil
}

// VersionDe implements convention.Store.
func (d *DB) VersionDe(ctx context.Context, conventionID int64) (*convention.VersionComplete, error) {
	dos, err := d.dossier(ctx, conventionID)
	if err != nil {
		return nil, err
	}
	return d.Completer(ctx, dos)
}

// Completer implements convention.Store.
func (d *DB) Completer(ctx context.Context, dos *convention.Dossier) (*convention.VersionComplete, error) {
	var annexes []convention.Annexe
	err := d.db(ctx).Raw(`SELECT a.* FROM annexe a JOIN logement g ON g.id = a.logement_id JOIN lot l ON l.id = g.lot_id
		WHERE l.convention_id = ? ORDER BY g.lot_id, g.ordre, g.id, a.ordre, a.id`, dos.Convention.ID).Scan(&annexes).Error
	if err != nil {
		return nil, fmt.Errorf("load annexes: %w", err)
	}
	var locaux []convention.LocalCollectif
	err = d.db(ctx).Raw(`SELECT c.* FROM local_collectif c JOIN lot l ON l.id = c.lot_id WHERE l.convention_id = ? ORDER BY c.lot_id, c.ordre, c.id`,
		dos.Convention.ID).Scan(&locaux).Error
	if err != nil {
		return nil, fmt.Errorf("load common rooms: %w", err)
	}
	var edd []operation.LogementEDD
	if err := d.db(ctx).Where("operation_id = ?", dos.Operation.ID).Order("ordre, id").Find(&edd).Error; err != nil {
		return nil, fmt.Errorf("load edd: %w", err)
	}
	return convention.NouvelleVersion(dos, annexes, locaux, edd), nil
}

// CocherType implements convention.Store.
func (d *DB) CocherType(ctx context.Context, conventionID int64, typ string, le time.Time) error {
	err := d.db(ctx).Exec(`INSERT INTO convention_type_avenant (convention_id, type_code, coche_le) VALUES (?, ?, ?)`, conventionID, typ, le).Error
	if err != nil {
		return fmt.Errorf("check type: %w", err)
	}
	return nil
}

// RetirerType implements convention.Store.
func (d *DB) RetirerType(ctx context.Context, dos *convention.Dossier, b convention.Bloc, base int64, p auth.Principal, le time.Time) error {
	var operationSource int64
	if err := d.db(ctx).Raw(`SELECT operation_id FROM convention WHERE id = ?`, base).Scan(&operationSource).Error; err != nil {
		return fmt.Errorf("find version to restore: %w", err)
	}
	args := map[string]any{
		"source": base, "avenant": dos.Convention.ID, "racine": dos.Racine.ID, "operation": dos.Operation.ID, "operation_source": operationSource,
		"le": le, "type": b.Type, "auteur": p.UtilisateurID, "etapes": textes(b.Etapes),
	}
	for _, etape := range append(restaurationBloc(b),
		`DELETE FROM convention_type_avenant WHERE convention_id = @avenant AND type_code = @type`,
		`DELETE FROM brouillon WHERE convention_id = @avenant AND etape = ANY(@etapes)`) {
		if err := d.db(ctx).Exec(etape, args).Error; err != nil {
			return fmt.Errorf("restore %s: %w", b.Type, err)
		}
	}
	return nil
}

// NombreDeLogements implements convention.Store.
func (d *DB) NombreDeLogements(ctx context.Context, conventionID int64, f convention.Financement, n int, le time.Time) error {
	err := d.db(ctx).Exec(`UPDATE lot SET nb_logements = ?, version = version + 1, mis_a_jour_le = ? WHERE convention_id = ? AND financement = ? AND coalesce(nb_logements, 0) = 0`,
		n, le, conventionID, string(f)).Error
	if err != nil {
		return fmt.Errorf("write number of dwellings: %w", err)
	}
	return nil
}

// restaurationBloc writes the statements that put a bloc back as it is in @source, one or two per table.
func restaurationBloc(b convention.Bloc) []string {
	var out []string
	parTable := map[convention.Table][]string{}
	var tables []convention.Table
	var propres []string
	for _, c := range b.Champs {
		if c.Propre {
			propres = append(propres, c.Colonne+" = DEFAULT")
			continue
		}
		if !slices.Contains(tables, c.Table) {
			tables = append(tables, c.Table)
		}
		parTable[c.Table] = append(parTable[c.Table], c.Colonne)
	}
	if propres != nil {
		out = append(out, `UPDATE convention SET `+strings.Join(propres, ", ")+` WHERE id = @avenant`)
	}
	for _, t := range tables {
		out = append(out, restaurationColonnes(t, parTable[t])...)
	}
	out = append(out, restaurationLignes(b.Lignes)...)
	return append(out, restaurationFichiers(b)...)
}

func restaurationColonnes(t convention.Table, colonnes []string) []string {
	sets := make([]string, 0, len(colonnes))
	defauts := make([]string, 0, len(colonnes))
	for _, c := range colonnes {
		sets, defauts = append(sets, c+" = s."+c), append(defauts, c+" = DEFAULT")
	}
	set := strings.Join(sets, ", ")
	switch t {
	case convention.TableOperation:
		return []string{`UPDATE operation v SET ` + set + `, version = v.version + 1, mis_a_jour_le = @le FROM operation s WHERE v.id = @operation AND s.id = @operation_source`}
	case convention.TableConvention:
		return []string{`UPDATE convention v SET ` + set + ` FROM convention s WHERE v.id = @avenant AND s.id = @source`}
	case convention.TableLots:
		return []string{`UPDATE lot v SET ` + set + `, version = v.version + 1, mis_a_jour_le = @le FROM lot s
			WHERE v.convention_id = @avenant AND s.convention_id = @source AND s.financement = v.financement`}
	}
	// A row of its own, which the previous version may not have.
	return []string{
		`UPDATE ` + string(t) + ` v SET ` + set + ` FROM ` + string(t) + ` s WHERE v.convention_id = @avenant AND s.convention_id = @source`,
		`UPDATE ` + string(t) + ` v SET ` + strings.Join(defauts, ", ") + ` WHERE v.convention_id = @avenant
			AND NOT EXISTS (SELECT 1 FROM ` + string(t) + ` s WHERE s.convention_id = @source)`,
	}
}

// restaurationLignes replaces tables of rows by copies of the previous ones, as the creation of the avenant did.
func restaurationLignes(tables []convention.LignesBloc) []string {
	var out []string
	for _, t := range tables {
		switch t.Table {
		case "reference_cadastrale", "logement_edd":
			out = append(out, `DELETE FROM `+string(t.Table)+` WHERE operation_id = @operation`)
		case "annexe": // gone with their dwellings
		default:
			out = append(out, `DELETE FROM `+string(t.Table)+` WHERE lot_id IN (SELECT id FROM lot WHERE convention_id = @avenant)`)
		}
	}
	for _, c := range copiesVersion() { // in the order of their references
		if slices.ContainsFunc(tables, func(t convention.LignesBloc) bool { return string(t.Table) == c.table }) {
			out = append(out, c.instruction())
		}
	}
	return out
}

// restaurationFichiers archives the files that the avenant added and attaches again those that it removed.
func restaurationFichiers(b convention.Bloc) []string {
	var out []string
	if b.FichiersOperation != nil {
		rubriques := "('" + strings.Join(b.FichiersOperation, "','") + "')"
		const enVigueur = `SELECT x.fichier_id FROM fichier_rattache x WHERE x.operation_id = %s AND x.rubrique = r.rubrique AND x.remplace_le IS NULL`
		out = append(out,
			`UPDATE fichier_rattache r SET remplace_le = @le, remplace_par_id = nullif(CAST(@auteur AS bigint), 0)
				WHERE r.operation_id = @operation AND r.remplace_le IS NULL AND r.rubrique IN `+rubriques+`
				AND r.fichier_id NOT IN (`+fmt.Sprintf(enVigueur, "@operation_source")+`)`,
			`INSERT INTO fichier_rattache (fichier_id, operation_id, rubrique, type_piece, description, ordre, revision_id, cree_par_id, cree_le)
				SELECT r.fichier_id, @operation, r.rubrique, r.type_piece, r.description, r.ordre, r.revision_id, r.cree_par_id, r.cree_le FROM fichier_rattache r
				WHERE r.operation_id = @operation_source AND r.remplace_le IS NULL AND r.rubrique IN `+rubriques+`
				AND r.fichier_id NOT IN (`+fmt.Sprintf(enVigueur, "@operation")+`) ORDER BY r.id`)
	}
	if b.FichiersConvention != nil {
		out = append(out, `UPDATE fichier_rattache SET remplace_le = @le, remplace_par_id = nullif(CAST(@auteur AS bigint), 0)
			WHERE convention_id = @avenant AND remplace_le IS NULL AND rubrique IN ('`+strings.Join(b.FichiersConvention, "','")+`')`)
	}
	return out
}
