package store_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"apilos/api/internal/fixture"
	"apilos/api/internal/testdb"
	"apilos/api/mesure"
	"apilos/api/store"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
)

func charger(t *testing.T, db *store.DB, o mesure.Options) store.BilanMesure {
	t.Helper()
	bilan, err := db.ChargerMesure(context.Background(), o, nil)
	require.NoError(t, err)
	return bilan
}

func compter(t *testing.T, pool *pgxpool.Pool, sql string, args ...any) int {
	t.Helper()
	var n int
	require.NoError(t, pool.QueryRow(context.Background(), sql, args...).Scan(&n), sql)
	return n
}

func ouvrir(t *testing.T, adresse string) *store.DB {
	t.Helper()
	db, err := store.Open(context.Background(), adresse, store.Options{})
	require.NoError(t, err)
	t.Cleanup(db.Close)
	return db
}

// A superuser loads without foreign keys nor triggers: what they check is checked here, row by row, beside
// conventions that were there before.
func TestChargerMesure_respectsForeignKeysAndTriggers(t *testing.T) {
	t.Parallel()
	m := fixture.Nouveau(t)
	m.Convention(fixture.Conv{Statut: "SIGNEE"})
	bilan := charger(t, m.Store, mesure.Options{Conventions: 2500, Graine: 1})
	require.Equal(t, 2500, bilan.Conventions)
	require.Equal(t, 2501, m.Compter(`SELECT count(*) FROM convention`))
	require.Equal(t, 2501, m.Compter(`SELECT count(*) FROM convention_recherche`))

	orphelins := clesSansParent(t, m.Base.Pool)
	require.Greater(t, len(orphelins), 50, "every foreign key of the schema is tried")
	for cle, n := range orphelins {
		require.Zero(t, n, cle)
	}
	require.Zero(t, m.Compter(`SELECT count(*) FROM lot WHERE operation_unicite_id IS DISTINCT FROM lot_operation_unicite(convention_id)`))
	require.Zero(t, m.Compter(`SELECT count(*) FROM pg_index WHERE NOT indisvalid OR NOT indisready`))
	// The next rows take identifiers after those of the generator.
	m.Convention(fixture.Conv{})
}

// clesSansParent counts, for every foreign key, the rows whose parent is missing.
func clesSansParent(t *testing.T, pool *pgxpool.Pool) map[string]int {
	t.Helper()
	rows, err := pool.Query(context.Background(), `
SELECT c.conname, c.conrelid::regclass::text, c.confrelid::regclass::text,
  (SELECT string_agg(format('e.%I = p.%I', e.attname, p.attname), ' AND ')
   FROM unnest(c.conkey, c.confkey) AS k(e, p) JOIN pg_attribute e ON e.attrelid = c.conrelid AND e.attnum = k.e
        JOIN pg_attribute p ON p.attrelid = c.confrelid AND p.attnum = k.p),
  (SELECT string_agg(format('e.%I IS NOT NULL', e.attname), ' AND ')
   FROM unnest(c.conkey) AS k(e) JOIN pg_attribute e ON e.attrelid = c.conrelid AND e.attnum = k.e)
FROM pg_constraint c WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace`)
	require.NoError(t, err)
	requetes := map[string]string{}
	for rows.Next() {
		var nom, enfant, parent, jointure, remplie string
		require.NoError(t, rows.Scan(&nom, &enfant, &parent, &jointure, &remplie))
		requetes[enfant+" "+nom] = fmt.Sprintf(`SELECT count(*) FROM %s e WHERE %s AND NOT EXISTS (SELECT 1 FROM %s p WHERE %s)`, enfant, remplie, parent, jointure)
	}
	require.NoError(t, rows.Err())
	out := map[string]int{}
	for cle, sql := range requetes {
		out[cle] = compter(t, pool, sql)
	}
	return out
}

// An account that is not a superuser gets every check of PostgreSQL, and must succeed all the same.
func TestChargerMesure_withoutSuperuser(t *testing.T) {
	t.Parallel()
	base := testdb.New(t)
	role := "r" + strings.TrimPrefix(base.Pool.Config().ConnConfig.Database, "apilos_t_")
	executer := func(sql string) {
		_, err := base.Pool.Exec(context.Background(), sql)
		require.NoError(t, err)
	}
	executer(`CREATE ROLE ` + role + ` NOLOGIN`)
	t.Cleanup(func() {
		executer(`DROP OWNED BY ` + role)
		executer(`DROP ROLE ` + role)
	})
	executer(`GRANT ALL ON ALL TABLES IN SCHEMA public TO ` + role)
	executer(`GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO ` + role)
	u, err := url.Parse(base.URL)
	require.NoError(t, err)
	q := u.Query()
	q.Set("options", "-c role="+role)
	u.RawQuery = strings.ReplaceAll(q.Encode(), "+", "%20")
	db := ouvrir(t, u.String())
	bilan := charger(t, db, mesure.Options{Conventions: 600, Graine: 2})
	require.Equal(t, 600, bilan.Conventions)
	require.Equal(t, 600, compter(t, base.Pool, `SELECT count(*) FROM convention_recherche`))
}

func TestChargerMesure_readModelIsTheOneOfTheProduct(t *testing.T) {
	t.Parallel()
	base := testdb.New(t)
	db := ouvrir(t, base.URL)
	charger(t, db, mesure.Options{Conventions: 1500, Graine: 3})
	const contenu = `SELECT md5(string_agg((to_jsonb(r) - 'flux_rang' - 'flux_le')::text, E'\n' ORDER BY r.convention_id)) FROM convention_recherche r`
	avant := texte(t, base.Pool, contenu)
	effectifs := texte(t, base.Pool, `SELECT md5(string_agg(c.bailleur_effectif_id::text, ',' ORDER BY c.id)) FROM convention c`)

	var ids, racines []int64
	require.NoError(t, base.Pool.QueryRow(context.Background(), `SELECT array_agg(id), array_agg(id) FILTER (WHERE id IN (SELECT parent_id FROM convention)) FROM convention`).Scan(&ids, &racines))
	require.Len(t, ids, 1500)
	require.NoError(t, db.InTx(context.Background(), func(ctx context.Context) error {
		for _, id := range racines {
			if err := db.RecalculerBailleurEffectif(ctx, id); err != nil {
				return err
			}
		}
		return db.RafraichirRecherche(ctx, ids...)
	}))
	require.Equal(t, avant, texte(t, base.Pool, contenu))
	require.Equal(t, effectifs, texte(t, base.Pool, `SELECT md5(string_agg(c.bailleur_effectif_id::text, ',' ORDER BY c.id)) FROM convention c`), "PE-21")
	require.Positive(t, compter(t, base.Pool, `SELECT count(*) FROM convention_recherche WHERE bailleur_effectif_id <> bailleur_id`))
}

func TestChargerMesure_sameSeedGivesTheSameRows(t *testing.T) {
	t.Parallel()
	var contenus []map[string]string
	for _, graine := range []int64{7, 7, 8} {
		base := testdb.New(t)
		charger(t, ouvrir(t, base.URL), mesure.Options{Conventions: 700, Graine: graine})
		tables := map[string]string{}
		for _, table := range []string{
			"bailleur", "administration", "utilisateur", "role", "operation", "reference_cadastrale", "convention", "convention_foyer_residence",
			"convention_type_avenant", "publication_spf", "lot", "logement", "pret", "convention_historique", "commentaire", "convention_recherche",
			"compteur_numero_convention",
		} {
			// the rank of a change is that of its transaction, its instant that of the load
			tables[table] = texte(t, base.Pool, `SELECT count(*) || ' ' || md5(string_agg(y, E'\n' ORDER BY y))
				FROM (SELECT (to_jsonb(x) - 'flux_rang' - 'flux_le')::text AS y FROM `+table+` x) z`)
			require.False(t, strings.HasPrefix(tables[table], "0 "), table)
		}
		contenus = append(contenus, tables)
	}
	require.Equal(t, contenus[0], contenus[1])
	for table, contenu := range contenus[2] {
		require.NotEqual(t, contenus[0][table], contenu, "another seed gives other rows of %s", table)
	}
}

func TestChargerMesure_againAddsNothing(t *testing.T) {
	t.Parallel()
	base := testdb.New(t)
	db := ouvrir(t, base.URL)
	o := mesure.Options{Conventions: 300, Graine: 5}
	charger(t, db, o)
	bilan := charger(t, db, o)
	require.Zero(t, bilan.Conventions)
	require.Equal(t, 300, bilan.Presentes)

	for _, n := range []int{299, 301} {
		_, err := db.ChargerMesure(context.Background(), mesure.Options{Conventions: n, Graine: 5}, nil)
		require.ErrorIs(t, err, store.ErrGraineServie, n)
	}
	require.Equal(t, 300, compter(t, base.Pool, `SELECT count(*) FROM convention`))
	require.Equal(t, 1, charger(t, db, mesure.Options{Conventions: 1, Graine: 6}).Conventions, "another seed comes in addition")
}

func TestChargerMesure_interruptedIsCompletedByTheSameCommand(t *testing.T) {
	t.Parallel()
	base := testdb.New(t)
	db := ouvrir(t, base.URL)
	o := mesure.Options{Conventions: 3*mesure.TailleTranche/2 + 1, Graine: 4}
	ctx, cancel := context.WithCancel(context.Background())
	_, err := db.ChargerMesure(ctx, o, func(faites, total int) {
		require.Equal(t, o.Conventions, total)
		cancel() // as soon as a Tranche is written
	})
	faites := compter(t, base.Pool, `SELECT count(*) FROM convention`)
	if faites < o.Conventions { // the other Tranche may have been committed meanwhile
		require.True(t, errors.Is(err, context.Canceled), "%v", err)
	}
	require.Contains(t, []int{o.Taille(0), o.Taille(1), o.Conventions}, faites, "a Tranche is whole or absent")
	bilan := charger(t, db, o)
	require.Equal(t, faites, bilan.Presentes)
	require.Equal(t, o.Conventions, compter(t, base.Pool, `SELECT count(*) FROM convention_recherche`))
}

func TestChargerMesure_numbersGoOnAfterThoseOfTheDatabase(t *testing.T) {
	t.Parallel()
	m := fixture.Nouveau(t)
	m.Executer(`INSERT INTO compteur_numero_convention SELECT code_insee, 2025, 500 FROM departement`)
	charger(t, m.Store, mesure.Options{Conventions: 2000, Graine: 1})
	require.Zero(t, m.Compter(`SELECT count(*) FROM convention WHERE numero ~ '\.25\.[0-9]{4}$' AND right(numero, 4)::int <= 500`))
	require.Positive(t, m.Compter(`SELECT count(*) FROM convention WHERE numero ~ '\.25\.[0-9]{4}$'`))
	require.Zero(t, m.Compter(`
SELECT count(*) FROM (SELECT split_part(numero, '.', 1) AS dep, extract(year FROM valide_le)::int AS annee, max(split_part(numero, '.', 4)::int) AS rang
  FROM convention WHERE parent_id IS NULL AND numero ~ '\.[0-9]{4}$' GROUP BY 1, 2) x
LEFT JOIN compteur_numero_convention k ON k.code_departement = x.dep AND k.annee = x.annee WHERE k.dernier IS DISTINCT FROM x.rang`), "FI-01")
}
