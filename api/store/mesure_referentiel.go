package store

import (
	"context"
	"fmt"
	"slices"

	"apilos/api/administration"
	"apilos/api/bailleur"
	"apilos/api/compte"
	"apilos/api/mesure"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// lireReferentiel reads what generated conventions must fit in: places, and the numbers already given.
func (d *DB) lireReferentiel(ctx context.Context) (mesure.Referentiel, error) {
	var ref mesure.Referentiel
	// The code decides the order: rows of the database have none of their own. Places without region are left out.
	err := d.db(ctx).Raw(`
SELECT c.code, c.nom, (SELECT min(p.code_postal) FROM commune_code_postal p WHERE p.commune_code = c.code) AS code_postal, c.departement, c.region
FROM commune c WHERE c.code_insee = c.code AND c.departement IS NOT NULL AND c.region IS NOT NULL
  AND EXISTS (SELECT 1 FROM commune_code_postal p WHERE p.commune_code = c.code)
ORDER BY c.code COLLATE "C"`).Scan(&ref.Communes).Error
	if err != nil {
		return ref, fmt.Errorf("read communes: %w", err)
	}
	if err := d.db(ctx).Raw(`SELECT code_insee AS code, nom FROM departement ORDER BY code_insee COLLATE "C"`).Scan(&ref.Departements).Error; err != nil {
		return ref, fmt.Errorf("read departements: %w", err)
	}
	if err := d.db(ctx).Raw(`SELECT siren FROM bailleur WHERE siren IS NOT NULL`).Scan(&ref.Sirens).Error; err != nil {
		return ref, fmt.Errorf("read bailleurs: %w", err)
	}
	if ref.Numeros, err = d.derniersNumeros(ctx); err != nil {
		return ref, err
	}
	ref.Operations, err = d.dernieresOperations(ctx)
	return ref, err
}

// derniersNumeros gives the last rank of each sequence, by its counter or by the numbers that exist.
func (d *DB) derniersNumeros(ctx context.Context) (map[mesure.SerieNumero]int, error) {
	var lignes []struct {
		mesure.SerieNumero
		Dernier int
	}
	err := d.db(ctx).Raw(`
SELECT departement, annee, max(dernier) AS dernier FROM (
  SELECT code_departement AS departement, annee, dernier FROM compteur_numero_convention
  UNION ALL
  SELECT split_part(numero, '.', 1), extract(year FROM valide_le)::int, substring(numero from '\.([0-9]{1,6})$')::int
  FROM convention WHERE parent_id IS NULL AND valide_le IS NOT NULL AND numero ~ '^[0-9AB]{2,3}\.[^.]+\.[0-9]{2}\.[0-9]{1,6}$') x
GROUP BY departement, annee`).Scan(&lignes).Error
	if err != nil {
		return nil, fmt.Errorf("read numbers of conventions: %w", err)
	}
	out := make(map[mesure.SerieNumero]int, len(lignes))
	for _, l := range lignes {
		out[l.SerieNumero] = l.Dernier
	}
	return out, nil
}

func (d *DB) dernieresOperations(ctx context.Context) (map[int]int, error) {
	var lignes []struct{ Mois, Dernier int }
	err := d.db(ctx).Raw(`
SELECT left(numero_operation, 6)::int AS mois, max(substring(numero_operation from 7)::int) AS dernier
FROM operation WHERE origine_id IS NULL AND source <> 'ECOLOWEB' AND numero_operation ~ '^[0-9]{11,12}$' GROUP BY 1`).Scan(&lignes).Error
	if err != nil {
		return nil, fmt.Errorf("read numbers of operations: %w", err)
	}
	out := make(map[int]int, len(lignes))
	for _, l := range lignes {
		out[l.Mois] = l.Dernier
	}
	return out, nil
}

// reserver takes internal identifiers in a row. The lock keeps everybody else from inserting meanwhile, hence from
// drawing in the sequences between the two halves of the statement.
func (d *DB) reserver(ctx context.Context, nombre mesure.Premiers) (mesure.Premiers, error) {
	var premiers mesure.Premiers
	err := d.InTx(ctx, func(ctx context.Context) error {
		if err := d.db(ctx).Exec(`LOCK TABLE operation, convention, lot IN SHARE ROW EXCLUSIVE MODE`).Error; err != nil {
			return err
		}
		for _, s := range []struct {
			table  string
			nombre int64
			vers   *int64
		}{{"operation", nombre.Operation, &premiers.Operation}, {"convention", nombre.Convention, &premiers.Convention}, {"lot", nombre.Lot, &premiers.Lot}} {
			var dernier int64
			err := d.db(ctx).Raw(`SELECT setval(q, nextval(q) + ? - 1) FROM (SELECT pg_get_serial_sequence(?, 'id')::regclass AS q) x`, s.nombre, s.table).Scan(&dernier).Error
			if err != nil {
				return err
			}
			*s.vers = dernier - s.nombre + 1
		}
		return nil
	})
	if err != nil {
		return premiers, fmt.Errorf("reserve identifiers: %w", err)
	}
	return premiers, nil
}

// installer writes the actors that are not there yet, and gives all of them the identifier they have: services
// by their code, the others by their uuid.
func (d *DB) installer(ctx context.Context, a *mesure.Acteurs, graine int64) error {
	err := d.InTx(ctx, func(ctx context.Context) error {
		if err := creerAbsents(d.db(ctx), a.Administrations); err != nil {
			return fmt.Errorf("administrations: %w", err)
		}
		if err := creerAbsents(d.db(ctx), a.Bailleurs); err != nil {
			return fmt.Errorf("bailleurs: %w", err)
		}
		if err := creerAbsents(d.db(ctx), a.Utilisateurs); err != nil {
			return fmt.Errorf("utilisateurs: %w", err)
		}
		if err := d.identifier(ctx, a); err != nil {
			return err
		}
		if err := creerAbsents(d.db(ctx), a.Roles(graine)); err != nil {
			return fmt.Errorf("roles: %w", err)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("install actors: %w", err)
	}
	return nil
}

// creerAbsents leaves the rows it is given as they are: after a conflict, GORM fills them with anything.
func creerAbsents[T any](db *gorm.DB, lignes []T) error {
	copies := slices.Clone(lignes)
	return db.Clauses(clause.OnConflict{DoNothing: true}).CreateInBatches(&copies, 500).Error
}

func (d *DB) identifier(ctx context.Context, a *mesure.Acteurs) error {
	err := rapporter(d.db(ctx), `SELECT code AS cle, id FROM administration`, a.Administrations,
		func(x *administration.Administration) (string, *int64) { return x.Code, &x.ID })
	if err != nil {
		return fmt.Errorf("identify administrations: %w", err)
	}
	err = rapporter(d.db(ctx), `SELECT uuid::text AS cle, id FROM bailleur`, a.Bailleurs,
		func(x *bailleur.Bailleur) (string, *int64) { return x.UUID.String(), &x.ID })
	if err != nil {
		return fmt.Errorf("identify bailleurs: %w", err)
	}
	err = rapporter(d.db(ctx), `SELECT uuid::text AS cle, id FROM utilisateur`, a.Utilisateurs,
		func(x *compte.Utilisateur) (string, *int64) { return x.UUID.String(), &x.ID })
	if err != nil {
		return fmt.Errorf("identify utilisateurs: %w", err)
	}
	return nil
}

// rapporter writes in each row the identifier that sql gives for its key.
func rapporter[T any](db *gorm.DB, sql string, lignes []T, cle func(*T) (string, *int64)) error {
	var trouves []struct {
		Cle string
		ID  int64
	}
	if err := db.Raw(sql).Scan(&trouves).Error; err != nil {
		return err
	}
	ids := make(map[string]int64, len(trouves))
	for _, t := range trouves {
		ids[t.Cle] = t.ID
	}
	for i := range lignes {
		c, id := cle(&lignes[i])
		if *id = ids[c]; *id == 0 {
			return fmt.Errorf("%s is not there", c)
		}
	}
	return nil
}
