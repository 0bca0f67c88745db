package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"apilos/api/convention"
	"apilos/api/internal/testdb"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
)

func toutesLesCopies() []copieTable {
	return append([]copieTable{copieOperationVersion(), copieAvenant()}, copiesVersion()...)
}

// Each column of each copied table is copied, computed or reset, once: a new column fails here until somebody decides.
func TestAV09_everyColumnIsDecided(t *testing.T) {
	t.Parallel()
	base := testdb.New(t)
	for _, c := range append(toutesLesCopies(), copieDetachee()) {
		var colonnes []string
		require.NoError(t, base.Pool.QueryRow(t.Context(), `SELECT array_agg(column_name::text ORDER BY column_name::text) FROM information_schema.columns
			WHERE table_schema = 'public' AND table_name = $1 AND is_generated = 'NEVER'`, c.table).Scan(&colonnes))
		decidees := append(append(slices.Clone(c.copiees), c.remises...), slices.Collect(maps.Keys(c.calculees))...)
		require.ElementsMatch(t, colonnes, decidees, c.table)
	}
}

// valeursRemplies are the values of the columns whose type is not enough to fill them; "" leaves the column alone: it is a
// reference, or it only holds null here.
var valeursRemplies = map[string]string{
	"operation.numero_operation": "", "operation.bailleur_id": "", "operation.administration_id": "", "operation.administration_precedente_id": "administration_id",
	"operation.code_postal": "", "operation.code_insee_commune": "", "operation.code_insee_departement": "", "operation.code_insee_region": "",
	"operation.annee_gestion_programmation": "2001", "operation.zone_123": "'1bis'", "operation.zone_abc": "'Abis'", "operation.type_operation": "'VEFA'",
	"operation.nature_logement": "'AUTRE'", "operation.source": "'SIAP'",
	"convention.type1and2": "'Type1'", "convention.type2_options": "'{1,2}'",
	"convention_foyer_residence.type_attribution": "'AGEES'", "convention_foyer_residence.publics": "'{AGEES_EPHAD}'", "convention_foyer_residence.variantes": "'{1,2}'",
	"lot.financement": "", "lot.type_habitat": "'COLLECTIF'", "lot.types_annexes": "'{CAVES}'",
	"logement.tableau": "'CORRIGEE_LOYER'", "logement.typologie": "'T3'", "logement.designation": "'B' || id", "logement.ordre": "10 - ordre",
	"annexe.typologie": "'COUR'", "pret.preteur": "'VILLE'", "stationnement.typologie": "'CARPORT'", "repartition_surface.typologie": "'T4'",
	"repartition_surface.type_habitat": "'COLLECTIF'", "logement_edd.financement": "'PLAI'",
	"fichier_rattache.fichier_id": "", "fichier_rattache.rubrique": "", "fichier_rattache.type_piece": "", "fichier_rattache.revision_id": "", "fichier_rattache.cree_par_id": "",
}

var nulsPermis = []string{"fichier_rattache.type_piece", "fichier_rattache.revision_id"}

// remplir gives a value of its own to every column that is copied.
func remplir(t *testing.T, pool *pgxpool.Pool, c copieTable) {
	t.Helper()
	var sets []string
	for _, colonne := range c.copiees {
		valeur, connue := valeursRemplies[c.table+"."+colonne]
		if !connue {
			var typ string
			var max *int
			require.NoError(t, pool.QueryRow(t.Context(), `SELECT data_type, character_maximum_length FROM information_schema.columns
				WHERE table_name = $1 AND column_name = $2`, c.table, colonne).Scan(&typ, &max))
			switch typ {
			case "character varying", "text":
				valeur = fmt.Sprintf("'%s'", colonne[:min(len(colonne), 20)])
			case "integer":
				valeur = "7"
			case "numeric":
				valeur = "3.5"
			case "boolean":
				valeur = "true"
			case "date":
				valeur = "DATE '2026-01-02'"
			case "timestamp with time zone":
				valeur = "TIMESTAMPTZ '2026-01-02 03:04:05Z'"
			default:
				require.Failf(t, "type without a value", "%s.%s is %s", c.table, colonne, typ)
			}
		}
		if valeur != "" {
			sets = append(sets, colonne+" = "+valeur)
		}
	}
	_, err := pool.Exec(t.Context(), "UPDATE "+c.table+" SET "+strings.Join(sets, ", "))
	require.NoError(t, err, c.table)
	for _, colonne := range c.copiees {
		if slices.Contains(nulsPermis, c.table+"."+colonne) {
			continue
		}
		var vides int
		require.NoError(t, pool.QueryRow(t.Context(), fmt.Sprintf(`SELECT count(*) FROM %s WHERE %[2]s IS NULL OR %[2]s::text IN ('', '0', 'f', 'false', '{}')`, c.table, colonne)).Scan(&vides))
		if !strings.HasSuffix(colonne, "ordre") {
			require.Zero(t, vides, "%s.%s is filled", c.table, colonne)
		}
	}
}

// semerVersion writes a root with two lots and rows of every kind.
func semerVersion(t *testing.T, pool *pgxpool.Pool) (racine int64) {
	t.Helper()
	id := func(sql string, args ...any) (out int64) {
		require.NoError(t, pool.QueryRow(t.Context(), sql, args...).Scan(&out), sql)
		return out
	}
	bailleur := id(`INSERT INTO bailleur (nom, type_identifiant, identifiant, siret, siren, nature_bailleur) VALUES ('B', 'SIREN', '900000001', '900000001', '900000001', 'HLM') RETURNING id`)
	administration := id(`INSERT INTO administration (code, nom) VALUES ('A', 'A') RETURNING id`)
	auteur := id(`INSERT INTO utilisateur (prenom, nom, email, username, cerbere_login) VALUES ('A', 'B', 'a@example.org', '1', 'a') RETURNING id`)
	operation := id(`INSERT INTO operation (nom, numero_operation, bailleur_id, administration_id, code_postal, code_insee_commune, code_insee_departement, code_insee_region)
		VALUES ('O', '20260001', $1, $2, '87000', '87085', '87', '75') RETURNING id`, bailleur, administration)
	racine = id(`INSERT INTO convention (operation_id, bailleur_effectif_id, statut, numero, valide_le, signe_le) VALUES ($1, $2, 'SIGNEE', 'N1', '2026-01-01', '2026-01-02') RETURNING id`, operation, bailleur)
	id(`INSERT INTO convention_foyer_residence (convention_id) VALUES ($1) RETURNING convention_id`, racine)
	for _, financement := range []string{"PLUS", "PLAI"} {
		lot := id(`INSERT INTO lot (convention_id, financement) VALUES ($1, $2) RETURNING id`, racine, financement)
		for i := range 3 {
			logement := id(`INSERT INTO logement (lot_id, tableau, designation, loyer, ordre) VALUES ($1, 'UTILE_LOYER', 'A' || CAST($2::int AS text), 1, $2::int + 1) RETURNING id`, lot, i)
			for j := range 2 {
				id(`INSERT INTO annexe (logement_id, surface_hors_surface_retenue, loyer_par_metre_carre, loyer, ordre) VALUES ($1, 2, 1, 1, $2) RETURNING id`, logement, j)
			}
		}
		for i := range 2 {
			id(`INSERT INTO pret (lot_id, montant, ordre) VALUES ($1, 10, $2) RETURNING id`, lot, i)
			id(`INSERT INTO stationnement (lot_id, nb_stationnements, loyer, ordre) VALUES ($1, 1, 1, $2) RETURNING id`, lot, i)
			id(`INSERT INTO local_collectif (lot_id, type_local, surface_habitable, nombre, ordre) VALUES ($1, 'x', 1, 1, $2) RETURNING id`, lot, i)
		}
		id(`INSERT INTO repartition_surface (lot_id, typologie, type_habitat, quantite) VALUES ($1, 'T1', 'INDIVIDUEL', 3) RETURNING id`, lot)
	}
	for i := range 4 {
		id(`INSERT INTO reference_cadastrale (operation_id, section, ordre) VALUES ($1, 'AB', $2) RETURNING id`, operation, i)
		id(`INSERT INTO logement_edd (operation_id, designation, ordre) VALUES ($1, 'L', $2) RETURNING id`, operation, i)
	}
	fichier := id(`INSERT INTO fichier (compartiment, cle_objet, nom_reel, nom_stockage, type_mime, taille) VALUES ('c', 'k', 'a.png', 'a.png', 'image/png', 1) RETURNING id`)
	id(`INSERT INTO fichier_rattache (fichier_id, operation_id, rubrique, cree_par_id) VALUES ($1, $2, 'VENDEUR', $3) RETURNING id`, fichier, operation, auteur)
	return racine
}

// lignesDe reads the rows of a version, in the order of the form, without the columns that the copy decides.
func lignesDe(t *testing.T, pool *pgxpool.Pool, c copieTable, conventionID int64) []string {
	t.Helper()
	tables := map[string]string{
		"operation": "x.id = c.operation_id", "convention": "x.id = c.id", "convention_foyer_residence": "x.convention_id = c.id", "lot": "x.convention_id = c.id",
		"reference_cadastrale": "x.operation_id = c.operation_id", "logement_edd": "x.operation_id = c.operation_id", "fichier_rattache": "x.operation_id = c.operation_id",
		"annexe": "x.logement_id IN (SELECT g.id FROM logement g JOIN lot l ON l.id = g.lot_id WHERE l.convention_id = c.id)",
	}
	cond, ok := tables[c.table]
	if !ok {
		cond = "x.lot_id IN (SELECT id FROM lot WHERE convention_id = c.id)"
	}
	// What a row hangs on, by what people call it.
	parent := map[string]string{
		"annexe": "(SELECT l.financement || g.designation || g.ordre FROM logement g JOIN lot l ON l.id = g.lot_id WHERE g.id = x.logement_id)",
	}[c.table]
	if parent == "" && strings.HasPrefix(cond, "x.lot_id") {
		parent = "(SELECT financement FROM lot WHERE id = x.lot_id)"
	}
	if parent == "" {
		parent = "''"
	}
	var out []string
	require.NoError(t, pool.QueryRow(t.Context(), fmt.Sprintf(`SELECT array_agg(%s || ' ' || (SELECT jsonb_object_agg(k, v) FROM jsonb_each(to_jsonb(x)) AS e (k, v) WHERE k = ANY($2))::text
		ORDER BY 1) FROM %s x, convention c WHERE c.id = $1 AND %s`, parent, c.table, cond), conventionID, c.copiees).Scan(&out), c.table)
	slices.Sort(out)
	return out
}

func TestAV09_cloneIsEqual(t *testing.T) {
	t.Parallel()
	base := testdb.New(t)
	db, err := Open(t.Context(), base.URL, Options{})
	require.NoError(t, err)
	t.Cleanup(db.Close)
	racine := semerVersion(t, base.Pool)
	for _, c := range toutesLesCopies() {
		remplir(t, base.Pool, c)
	}
	cloner := func(source int64) (id int64) {
		require.NoError(t, db.InTx(t.Context(), func(ctx context.Context) error {
			id, err = db.Cloner(ctx, convention.NouvelAvenant{UUID: uuid.New(), RacineID: racine, SourceID: source, CreeParID: 1, Types: []string{"duree"}, Le: time.Now()})
			return err
		}))
		return id
	}
	premier := cloner(racine)
	for _, c := range toutesLesCopies() {
		attendues := lignesDe(t, base.Pool, c, racine)
		require.NotEmpty(t, attendues, c.table)
		require.Equal(t, attendues, lignesDe(t, base.Pool, c, premier), c.table)
	}
	compter := func(sql string, args ...any) (n int) {
		require.NoError(t, base.Pool.QueryRow(t.Context(), sql, args...).Scan(&n))
		return n
	}
	// What starts again.
	require.Equal(t, 1, compter(`SELECT count(*) FROM convention WHERE id = $1 AND parent_id = $2 AND base_id = $2 AND statut = 'PROJET' AND numero IS NULL AND signe_le IS NULL
		AND valide_le IS NULL AND bailleur_effectif_id IS NULL AND source = 'APILOS' AND version = 1 AND cree_par_id = 1`, premier, racine))
	require.Equal(t, 1, compter(`SELECT count(*) FROM operation o JOIN convention c ON c.operation_id = o.id JOIN convention r ON r.operation_id = o.origine_id WHERE c.id = $1 AND r.id = $2`, premier, racine))
	require.Equal(t, 2, compter(`SELECT count(*) FROM lot n JOIN lot r ON r.id = n.origine_id AND r.financement = n.financement AND r.convention_id = $2 WHERE n.convention_id = $1`, premier, racine))
	require.Equal(t, 1, compter(`SELECT count(*) FROM convention_type_avenant WHERE convention_id = $1 AND type_code = 'duree'`, premier))

	// A version of a version hangs on the root, with what its source changed.
	_, err = base.Pool.Exec(t.Context(), `UPDATE convention SET statut = 'SIGNEE', valide_le = '2026-02-01', signe_le = '2026-02-02', numero = '1' WHERE id = $1`, premier)
	require.NoError(t, err)
	_, err = base.Pool.Exec(t.Context(), `UPDATE pret SET montant = 99 WHERE lot_id = (SELECT id FROM lot WHERE convention_id = $1 AND financement = 'PLAI')`, premier)
	require.NoError(t, err)
	second := cloner(premier)
	require.Equal(t, 2, compter(`SELECT count(*) FROM pret p JOIN lot l ON l.id = p.lot_id WHERE l.convention_id = $1 AND p.montant = 99 AND l.financement = 'PLAI'`, second))
	require.Equal(t, 2, compter(`SELECT count(*) FROM lot n JOIN lot r ON r.id = n.origine_id WHERE n.convention_id = $1 AND r.convention_id = $2`, second, racine))
	require.Equal(t, 1, compter(`SELECT count(*) FROM convention c JOIN operation o ON o.id = c.operation_id JOIN convention r ON r.operation_id = o.origine_id WHERE c.id = $1 AND r.id = $2 AND c.base_id = $3`,
		second, racine, premier))
}
