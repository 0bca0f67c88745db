package store_test

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
)

// descriptions list everything a migration can create, as text that does not depend on internal
// numbers. What belongs to an extension is described by the extension alone.
var descriptions = []string{
	`SELECT concat_ws(' ', 'extension', extname) FROM pg_extension`,
	`SELECT concat_ws(' ', 'relation', c.relname, c.relkind, c.relpersistence, c.relacl::text)
	   FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND ` + horsExtension("c.oid"),
	`SELECT concat_ws(' ', 'column', a.attrelid::regclass, a.attname, format_type(a.atttypid, a.atttypmod),
	        a.attnotnull, a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid))
	   FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
	   LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
	  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'p') AND a.attnum > 0 AND NOT a.attisdropped`,
	`SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid))
	   FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> 0`,
	`SELECT concat_ws(' ', 'index', indexdef) FROM pg_indexes WHERE schemaname = 'public'`,
	`SELECT concat_ws(' ', 'trigger', pg_get_triggerdef(oid), tgenabled) FROM pg_trigger WHERE NOT tgisinternal`,
	`SELECT concat_ws(' ', 'function', pg_get_functiondef(p.oid), p.proacl::text)
	   FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prokind = 'f' AND ` + horsExtension("p.oid"),
	`SELECT concat_ws(' ', 'type', t.typname, t.typtype) FROM pg_type t
	  WHERE t.typnamespace = 'public'::regnamespace AND t.typtype IN ('e', 'd', 'c') AND ` + horsExtension("t.oid"),
	`SELECT concat_ws(' ', 'enum', enumtypid::regtype, enumsortorder, enumlabel) FROM pg_enum`,
	`SELECT concat_ws(' ', 'search configuration', cfg.cfgname, m.maptokentype, m.mapseqno, m.mapdict::regdictionary)
	   FROM pg_ts_config cfg JOIN pg_ts_config_map m ON m.mapcfg = cfg.oid WHERE cfg.cfgnamespace = 'public'::regnamespace`,
	`SELECT concat_ws(' ', 'default privilege', defaclobjtype, defaclacl::text) FROM pg_default_acl`,
	`SELECT concat_ws(' ', 'comment', classoid::regclass, description) FROM pg_description WHERE objoid >= 16384 AND ` + horsExtension("objoid"),
}

func horsExtension(oid string) string {
	return "NOT EXISTS (SELECT FROM pg_depend x WHERE x.objid = " + oid + " AND x.deptype = 'e')"
}

// catalogue describes the schema, sorted, with the number of rows of each table of reference data.
func catalogue(t *testing.T, pool *pgxpool.Pool) []string {
	t.Helper()
	rows, err := pool.Query(context.Background(),
		"SELECT d FROM ("+strings.Join(descriptions, "\nUNION ALL\n")+`) AS x (d) ORDER BY d COLLATE "C"`)
	require.NoError(t, err)
	out, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	for _, table := range []string{"region", "departement", "commune", "commune_code_postal", "type_avenant", "interrupteur",
		"indice_evolution_loyer", "indice_evolution_loyer_departement"} {
		var exists bool
		require.NoError(t, pool.QueryRow(context.Background(), "SELECT to_regclass($1) IS NOT NULL", "public."+table).Scan(&exists))
		if !exists {
			continue
		}
		var digest string
		require.NoError(t, pool.QueryRow(context.Background(),
			`SELECT count(*) || ' ' || coalesce(md5(string_agg(l, '|' ORDER BY l COLLATE "C")), '') FROM (
			   SELECT (to_jsonb(x) - ARRAY['id', 'uuid', 'indice_id', 'departement_id', 'mis_a_jour_le'])::text FROM `+table+` x) AS y (l)`).Scan(&digest))
		out = append(out, "rows "+table+" "+digest)
	}
	return out
}

// sansGoose leaves out the table where goose keeps versions, which outlives all of them.
func sansGoose(lines []string) []string {
	var out []string
	for _, l := range lines {
		if !strings.Contains(l, "goose_db_version") {
			out = append(out, l)
		}
	}
	return out
}
