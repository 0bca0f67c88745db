package store

import (
	"context"
	"fmt"
	"strings"

	"apilos/api/depot"
)

// motif turns what a person typed into a LIKE pattern that finds it anywhere.
func motif(texte string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(texte) + "%"
}

// listeParNom reads a page ordered by name, and how many rows there are in all.
func listeParNom[T any](ctx context.Context, d *DB, quoi, table, sql, ou, texte string, f depot.Fenetre) ([]T, int, error) {
	m := motif(texte)
	args := make([]any, strings.Count(ou, "?"))
	for n := range args {
		args[n] = m
	}
	var total int
	if err := d.db(ctx).Raw(`SELECT count(*) FROM `+table+` WHERE `+ou, args...).Scan(&total).Error; err != nil {
		return nil, 0, fmt.Errorf("count %s: %w", quoi, err)
	}
	out := []T{}
	if err := d.db(ctx).Raw(sql+` WHERE `+ou+` ORDER BY lower(c.nom), c.id LIMIT ? OFFSET ?`, append(args, f.Limite, f.Decalage)...).Scan(&out).Error; err != nil {
		return nil, 0, fmt.Errorf("list %s: %w", quoi, err)
	}
	return out, total, nil
}

// ListeClients implements depot.Store.
func (s *Depots) ListeClients(ctx context.Context, texte string, f depot.Fenetre) ([]depot.ClientDetail, int, error) {
	return listeParNom[depot.ClientDetail](ctx, s.db, "deposit clients", strings.TrimPrefix(tablesClient, " FROM "), `SELECT `+colonnesClient+tablesClient,
		`(c.nom ILIKE ? OR m.nom ILIKE ? OR f.nom ILIKE ?)`, texte, f)
}

// ListeMandataires implements depot.Store.
func (s *Depots) ListeMandataires(ctx context.Context, texte string, f depot.Fenetre) ([]depot.Mandataire, int, error) {
	return listeParNom[depot.Mandataire](ctx, s.db, "mandataires", "depot_mandataire c", `SELECT * FROM depot_mandataire c`, `(c.nom ILIKE ? OR c.email ILIKE ?)`, texte, f)
}

// ListeChefs implements depot.Store.
func (s *Depots) ListeChefs(ctx context.Context, texte string, f depot.Fenetre) ([]depot.ChefDetail, int, error) {
	lignes, total, err := listeParNom[ligneChef](ctx, s.db, "chefs de file", "depot_chef_de_file c", selectChef, `(c.nom ILIKE ? OR c.email ILIKE ?)`, texte, f)
	if err != nil {
		return nil, 0, err
	}
	out := make([]depot.ChefDetail, 0, len(lignes))
	for n := range lignes {
		d, err := lignes[n].detail()
		if err != nil {
			return nil, 0, err
		}
		out = append(out, d)
	}
	return out, total, nil
}

// Departements implements depot.Store.
func (s *Depots) Departements(ctx context.Context) (map[string]string, error) {
	var rows []struct{ CodeInsee, Nom string }
	if err := s.db.db(ctx).Raw(`SELECT code_insee, nom FROM departement`).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read departements: %w", err)
	}
	out := make(map[string]string, len(rows))
	for _, r := range rows {
		out[r.CodeInsee] = r.Nom
	}
	return out, nil
}
