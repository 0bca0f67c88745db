package store_test

import (
	"context"
	"crypto/rand"
	"strings"
	"testing"

	"apilos/api/internal/testdb"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
)

func textes(t *testing.T, pool *pgxpool.Pool, sql string, args ...any) []string {
	t.Helper()
	rows, err := pool.Query(context.Background(), sql, args...)
	require.NoError(t, err)
	out, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	return out
}

func texte(t *testing.T, pool *pgxpool.Pool, sql string, args ...any) string {
	t.Helper()
	out := textes(t, pool, sql, args...)
	require.Len(t, out, 1)
	return out[0]
}

func TestSeed_territoire(t *testing.T) {
	p := testdb.New(t).Pool
	require.Equal(t, "18", texte(t, p, `SELECT count(*)::text FROM region`))
	require.Equal(t, "107", texte(t, p, `SELECT count(*)::text FROM departement`))
	require.Equal(t, []string{"2A", "2B"}, textes(t, p, `SELECT code_insee FROM departement WHERE prefixe_postal = '20' ORDER BY 1`))
	require.Equal(t, []string{"975", "977", "978", "986", "987", "988"},
		textes(t, p, `SELECT code_insee FROM departement WHERE code_insee_region IS NULL ORDER BY 1`))
	require.Equal(t, "Normandie", texte(t, p, `SELECT r.nom FROM departement d JOIN region r ON r.code_insee = d.code_insee_region WHERE d.code_insee = '14'`))
	require.Equal(t, "96", texte(t, p, `SELECT count(*)::text FROM departement WHERE length(code_insee) = 2`))
}

func TestSeed_communes(t *testing.T) {
	p := testdb.New(t).Pool
	require.Equal(t, "35008", texte(t, p, `SELECT count(*)::text FROM commune WHERE millesime = 2026 AND code = code_insee`))
	require.Equal(t, "0", texte(t, p, `SELECT count(*)::text FROM commune WHERE departement IS NULL OR nom_norm <> sans_accent(nom)`))
	require.Equal(t, "0", texte(t, p, `SELECT count(*)::text FROM commune c JOIN departement d ON d.code_insee = c.departement
		WHERE c.region IS DISTINCT FROM d.code_insee_region`))
	cases := []struct{ code, attendu string }{
		{"2A004", "Ajaccio ajaccio 2A 94 20000,20090,20167"},
		{"97411", "Saint-Denis saint-denis 974 04 97400,97417,97490"},
		{"97502", "Saint-Pierre saint-pierre 975 - 97500"},
		{"75112", "Paris 12e Arrondissement paris 12e arrondissement 75 11 75012"},
		{"44109", "Nantes nantes 44 52 44000,44100,44200,44300"},
	}
	for _, c := range cases {
		require.Equal(t, c.attendu, texte(t, p, `
			SELECT concat_ws(' ', nom, nom_norm, departement, coalesce(region, '-'),
			       (SELECT string_agg(code_postal, ',' ORDER BY code_postal) FROM commune_code_postal WHERE commune_code = code))
			  FROM commune WHERE code = $1`, c.code))
	}
	require.Equal(t, "œuilly oeuilly", texte(t, p, `SELECT lower(nom) || ' ' || nom_norm FROM commune WHERE code = '02565'`))
}

func TestSeed_typesAvenant(t *testing.T) {
	p := testdb.New(t).Pool
	require.Equal(t, []string{"bailleur", "programme", "cadastre", "edd", "duree", "logements", "foyer_attribution", "residence_attribution",
		"variantes", "stationnement", "champ_libre", "commentaires", "denonciation", "resiliation"},
		textes(t, p, `SELECT code FROM type_avenant ORDER BY ordre`))
	require.Equal(t, []string{"denonciation", "resiliation"}, textes(t, p, `SELECT code FROM type_avenant WHERE fin_de_convention ORDER BY 1`))
	require.Equal(t, "0", texte(t, p, `SELECT count(*)::text FROM type_avenant WHERE libelle = '' OR description = ''`))
}

func TestSeed_interrupteurs(t *testing.T) {
	p := testdb.New(t).Pool
	require.Equal(t, []string{"ajout_convention true", "convention_mixte_on true", "override_cerfa true", "seconde_vie_on true",
		"siap_alerte_on true", "transactional_emails_off false", "visibilite_avenant_bailleur true"},
		textes(t, p, `SELECT nom || ' ' || actif FROM interrupteur ORDER BY nom COLLATE "C"`))
}

// The worked examples of 01 5.6 hold with the loaded indices: the product of the periods that the
// update crosses.
func TestSeed_indices(t *testing.T) {
	p := testdb.New(t).Pool
	require.Equal(t, "51", texte(t, p, `SELECT count(*)::text FROM indice_evolution_loyer WHERE portee = 'NATIONALE'`))
	require.Equal(t, []string{"2A", "2B"}, textes(t, p, `
		SELECT d.code_insee FROM indice_evolution_loyer i JOIN indice_evolution_loyer_departement l ON l.indice_id = i.id
		  JOIN departement d ON d.id = l.departement_id
		 WHERE i.is_loyer AND i.annee = 2023 AND i.portee = 'DEPARTEMENT' AND i.evolution = 2.0 ORDER BY 1`))
	const produit = `
		SELECT round($1::numeric * exp(sum(ln(1 + coalesce(dep.evolution, n.evolution) / 100))), 4)::text
		  FROM indice_evolution_loyer n
		  LEFT JOIN LATERAL (SELECT i.evolution FROM indice_evolution_loyer i
		         JOIN indice_evolution_loyer_departement l ON l.indice_id = i.id JOIN departement d ON d.id = l.departement_id
		        WHERE i.annee = n.annee AND i.nature_logement IS NOT DISTINCT FROM n.nature_logement AND d.code_insee = $5) dep ON true
		 WHERE n.portee = 'NATIONALE' AND n.nature_logement IS NOT DISTINCT FROM nullif($2, '')
		   AND ((n.date_debut > $3::date AND n.date_fin < $4::date) OR $3::date BETWEEN n.date_debut AND n.date_fin)`
	cases := []struct{ montant, nature, d0, d1, dep, attendu string }{
		{"10.00", "", "2008-04-06", "2023-04-06", "10", "11.9550"},
		{"400.00", "", "2013-07-12", "2014-03-18", "10", "404.8000"},
		{"100.00", "", "2014-02-01", "2023-06-01", "10", "108.3533"},
		{"1000.00", "RESISDENCESOCIALE", "2022-07-12", "2023-03-18", "2A", "1020.0000"},
		{"1000.00", "RESISDENCESOCIALE", "2022-07-12", "2023-03-18", "10", "1036.0000"},
	}
	for _, c := range cases {
		require.Equal(t, c.attendu, texte(t, p, produit, c.montant, c.nature, c.d0, c.d1, c.dep))
	}
}

// CC_30: the account of the application may add to the append-only tables and read them, nothing else.
func TestCC_30_applicationRoleOnlyAddsToAppendOnlyTables(t *testing.T) {
	ctx := context.Background()
	b := testdb.New(t)
	role := "apilos_test_" + strings.ToLower(rand.Text())
	require.Equal(t, "false", texte(t, b.Pool, `SELECT accorder_privileges($1)::text`, role), "an absent account is no error")

	_, err := b.Pool.Exec(ctx, `CREATE ROLE `+role)
	require.NoError(t, err)
	t.Cleanup(func() {
		_, err := b.Pool.Exec(ctx, `DROP OWNED BY `+role+`; DROP ROLE `+role)
		require.NoError(t, err)
	})
	require.Equal(t, "true", texte(t, b.Pool, `SELECT accorder_privileges($1)::text`, role))
	_, err = b.Pool.Exec(ctx, `CREATE TABLE table_suivante (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY)`)
	require.NoError(t, err)

	conn, err := b.Pool.Acquire(ctx)
	require.NoError(t, err)
	defer conn.Release()
	_, err = conn.Exec(ctx, `SET ROLE `+role)
	require.NoError(t, err)

	allowed := []string{
		`INSERT INTO journal_audit (action, commande) VALUES ('E', 'test')`,
		`SELECT count(*) FROM journal_audit`,
		`INSERT INTO journal_audit (racine_id, action, empreinte) VALUES (7, 'E', repeat('a', 64))`, // the trigger anchors it
		`INSERT INTO journal_audit (racine_id, action, empreinte_precedente, empreinte) VALUES (7, 'E', repeat('a', 64), repeat('b', 64))`,
		`INSERT INTO journal_audit (action, commande) VALUES ('L', 'test')`, // the trigger chains it
		`SELECT purger_lectures(99, '', now(), 'x')`,                        // nothing to purge
		`SELECT count(*) FROM convention_historique`,
		`INSERT INTO siap_cache (cle, valeur) VALUES ('x', '{}')`,
		`UPDATE siap_cache SET valeur = '[]'`,
		`DELETE FROM siap_cache`,
		`INSERT INTO bailleur (nom, identifiant, siren) VALUES ('X', '123456789', '123456789')`,
		`SELECT max(version_id) FROM goose_db_version`,
		`INSERT INTO river_job (kind, args, max_attempts) VALUES ('x', '{}', 1)`,
		`INSERT INTO table_suivante DEFAULT VALUES`,
	}
	for _, sql := range allowed {
		_, err := conn.Exec(ctx, sql)
		require.NoError(t, err, sql)
	}
	var refused []string
	for _, table := range []string{"journal_audit", "convention_historique", "convention_instantane"} {
		refused = append(refused, `UPDATE `+table+` SET cree_le = now()`, `DELETE FROM `+table, `TRUNCATE `+table,
			`ALTER TABLE `+table+` DISABLE TRIGGER ALL`)
	}
	refused = append(refused, `UPDATE journal_ancre SET lignes = 1`, `DELETE FROM journal_ancre`, `TRUNCATE journal_ancre`,
		`UPDATE journal_lecture SET lignes = 0`, `DELETE FROM journal_lecture`, `TRUNCATE journal_lecture`,
		`UPDATE journal_sceau SET numero = 7`, `DELETE FROM journal_sceau`, `TRUNCATE journal_sceau`,
		`SET apilos.purge_lectures = '1'; DELETE FROM journal_audit WHERE chaine_id = 1`)
	refused = append(refused, `UPDATE goose_db_version SET is_applied = true`, `TRUNCATE convention`, `DROP TABLE siap_cache`,
		`CREATE TABLE a (b int)`, `SELECT accorder_privileges('`+role+`')`)
	for _, sql := range refused {
		_, err := conn.Exec(ctx, sql)
		var pg *pgconn.PgError
		require.ErrorAs(t, err, &pg, sql)
		require.Equal(t, "42501", pg.Code, sql)
	}
	_, err = conn.Exec(ctx, `RESET ROLE`)
	require.NoError(t, err)
}
