package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/internal/testdb"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
)

// A column that an avenant copies is changed by a type, or is said never to change: a new one fails until somebody decides.
func TestAV13_everyCopiedColumnBelongsToATypeOrNever(t *testing.T) {
	t.Parallel()
	par, lignes := map[string]bool{}, map[string]bool{}
	for _, b := range convention.Blocs() {
		for _, c := range b.Champs {
			if !c.Propre {
				par[string(c.Table)+"."+c.Colonne] = true
			}
		}
		for _, l := range b.Lignes {
			lignes[string(l.Table)] = true
		}
	}
	jamais := convention.JamaisModifieParAvenant()
	for _, c := range toutesLesCopies() {
		if lignes[c.table] {
			continue
		}
		for _, colonne := range c.copiees {
			nom := c.table + "." + colonne
			never := slices.Contains(jamais, nom) || slices.Contains(jamais, c.table)
			require.NotEqual(t, never, par[nom], "%s: in a type or never changed, exactly one", nom)
			delete(par, nom)
		}
	}
	require.Empty(t, par, "columns of a type that no avenant copies")
	// What belongs to one act starts again at the creation.
	for _, b := range convention.Blocs() {
		for _, c := range b.Champs {
			if c.Propre {
				require.Contains(t, copieAvenant().remises, c.Colonne, b.Type)
			}
		}
	}
}

// autresValeurs are other values than remplir gives, for the columns whose type is not enough.
var autresValeurs = map[string]string{
	"operation.bailleur_id": "(SELECT max(id) FROM bailleur)", "operation.administration_id": "(SELECT max(id) FROM administration)",
	"operation.code_postal": "'23000'", "operation.code_insee_commune": "'23096'", "operation.code_insee_departement": "'23'", "operation.code_insee_region": "'75x'",
	"operation.type_operation": "'ACQUIS'", "lot.type_habitat": "'INDIVIDUEL'", "lot.types_annexes": "'{LOGGIAS}'",
	"convention_foyer_residence.type_attribution": "'INCLUSIF'", "convention_foyer_residence.publics": "'{HANDICAPES_FOYER}'", "convention_foyer_residence.variantes": "'{3}'",
	"convention.adresse": "'autre'",
}

// bouleverser changes every column of every bloc of an avenant and its rows.
func bouleverser(t *testing.T, pool *pgxpool.Pool, avenant int64) {
	t.Helper()
	faire := func(sql string, args ...any) {
		_, err := pool.Exec(t.Context(), sql, args...)
		require.NoError(t, err, sql)
	}
	conditions := map[convention.Table]string{
		"operation": "id = (SELECT operation_id FROM convention WHERE id = $1)", "convention": "id = $1",
		"lot": "convention_id = $1", "convention_foyer_residence": "convention_id = $1",
	}
	for _, b := range convention.Blocs() {
		for _, c := range b.Champs {
			valeur, connue := autresValeurs[string(c.Table)+"."+c.Colonne]
			if !connue {
				var typ string
				require.NoError(t, pool.QueryRow(t.Context(), `SELECT data_type FROM information_schema.columns WHERE table_name = $1 AND column_name = $2`,
					string(c.Table), c.Colonne).Scan(&typ), c.Colonne)
				switch typ {
				case "character varying", "text":
					valeur = "'changé'"
				case "integer":
					valeur = "11"
				case "numeric":
					valeur = "8.25"
				case "boolean":
					valeur = "false"
				case "date":
					valeur = "DATE '2030-05-06'"
				default:
					require.Failf(t, "type without a value", "%s.%s is %s", c.Table, c.Colonne, typ)
				}
			}
			faire(fmt.Sprintf("UPDATE %s SET %s = %s WHERE %s", c.Table, c.Colonne, strings.Replace(valeur, "'75x'", "'76'", 1), conditions[c.Table]), avenant)
		}
	}
	deLot := "lot_id IN (SELECT id FROM lot WHERE convention_id = $1)"
	deOperation := "operation_id = (SELECT operation_id FROM convention WHERE id = $1)"
	faire("UPDATE logement SET loyer = loyer + 1 WHERE "+deLot, avenant)
	faire("DELETE FROM logement WHERE id = (SELECT min(id) FROM logement WHERE "+deLot+")", avenant)
	faire("UPDATE annexe SET loyer = loyer + 1 WHERE logement_id IN (SELECT id FROM logement WHERE "+deLot+")", avenant)
	for table, colonne := range map[string]string{"pret": "montant", "stationnement": "nb_stationnements", "local_collectif": "nombre"} {
		faire("DELETE FROM "+table+" WHERE id = (SELECT min(id) FROM "+table+" WHERE "+deLot+")", avenant)
		faire("UPDATE "+table+" SET "+colonne+" = "+colonne+" + 1 WHERE "+deLot, avenant)
	}
	for table, colonne := range map[string]string{"reference_cadastrale": "lieudit", "logement_edd": "numero_lot"} {
		faire("DELETE FROM "+table+" WHERE id = (SELECT min(id) FROM "+table+" WHERE "+deOperation+")", avenant)
		faire("UPDATE "+table+" SET "+colonne+" = 'changé' WHERE "+deOperation, avenant)
	}
	faire(`UPDATE fichier_rattache SET remplace_le = now() WHERE `+deOperation, avenant)
	nouveau := `(SELECT max(id) FROM fichier)`
	faire(`INSERT INTO fichier_rattache (fichier_id, operation_id, rubrique) SELECT `+nouveau+`, operation_id, 'VENDEUR' FROM convention WHERE id = $1`, avenant)
}

// etatDe reads every column and every row of the blocs of a version: one entry per thing that a type restores.
func etatDe(t *testing.T, pool *pgxpool.Pool, b convention.Bloc, conventionID int64) map[string]string {
	t.Helper()
	jointures := map[convention.Table]string{"operation": "x.id = c.operation_id", "convention": "x.id = c.id", "lot": "x.convention_id = c.id", "convention_foyer_residence": "x.convention_id = c.id"}
	tri := map[convention.Table]string{"lot": "x.financement"}
	out := map[string]string{}
	for _, c := range b.Champs {
		var v string
		ordre := tri[c.Table]
		if ordre == "" {
			ordre = "1"
		}
		require.NoError(t, pool.QueryRow(t.Context(), fmt.Sprintf(`SELECT coalesce(string_agg(coalesce(x.%s::text, '∅'), '|' ORDER BY %s), '') FROM %s x, convention c WHERE c.id = $1 AND %s`,
			c.Colonne, ordre, c.Table, jointures[c.Table]), conventionID).Scan(&v), c.Colonne)
		out[string(c.Table)+"."+c.Colonne] = v
	}
	for _, l := range b.Lignes {
		for _, c := range copiesVersion() {
			if c.table == string(l.Table) {
				out[c.table] = strings.Join(lignesDe(t, pool, c, conventionID), "\n")
			}
		}
	}
	if b.FichiersOperation != nil {
		var v string
		require.NoError(t, pool.QueryRow(t.Context(), `SELECT coalesce(string_agg(r.fichier_id || r.rubrique, ',' ORDER BY r.rubrique, r.fichier_id), '') FROM fichier_rattache r JOIN convention c ON c.operation_id = r.operation_id
			WHERE c.id = $1 AND r.remplace_le IS NULL AND r.rubrique = ANY($2)`, conventionID, b.FichiersOperation).Scan(&v))
		out["fichiers"] = v
	}
	return out
}

// AV-1A, AV-14, AV-15, AV-19: for each of the 14 types, everything changed, the type removed: its columns and rows are
// those of the previous version, lot by lot, and those of other types are untouched.
func TestAV1A_eachTypeRestoresItsBlocAlone(t *testing.T) {
	t.Parallel()
	base := testdb.New(t)
	db, err := Open(t.Context(), base.URL, Options{})
	require.NoError(t, err)
	t.Cleanup(db.Close)
	racine := semerVersion(t, base.Pool)
	for _, c := range toutesLesCopies() {
		remplir(t, base.Pool, c)
	}
	for _, sql := range []string{
		`INSERT INTO bailleur (nom, type_identifiant, identifiant, siret, siren, nature_bailleur) VALUES ('C', 'SIREN', '900000002', '900000002', '900000002', 'HLM')`,
		`INSERT INTO administration (code, nom) VALUES ('Z', 'Z')`,
		`INSERT INTO fichier (compartiment, cle_objet, nom_reel, nom_stockage, type_mime, taille) VALUES ('c', 'k2', 'b.png', 'b.png', 'image/png', 1)`,
	} {
		_, err := base.Pool.Exec(t.Context(), sql)
		require.NoError(t, err, sql)
	}
	types := 0
	for _, b := range convention.Blocs() {
		types++
		var avenant int64
		require.NoError(t, db.InTx(t.Context(), func(ctx context.Context) error {
			avenant, err = db.Cloner(ctx, convention.NouvelAvenant{UUID: uuid.New(), RacineID: racine, SourceID: racine, CreeParID: 1, Types: []string{b.Type}, Le: time.Now()})
			return err
		}))
		copie := map[string]map[string]string{}
		for _, x := range convention.Blocs() {
			copie[x.Type] = etatDe(t, base.Pool, x, avenant)
		}
		bouleverser(t, base.Pool, avenant)
		change := map[string]map[string]string{}
		for _, x := range convention.Blocs() {
			change[x.Type] = etatDe(t, base.Pool, x, avenant)
			for nom := range change[x.Type] {
				if nom == "fichiers" && x.Type == "edd" {
					continue // the version holds no file of the EDD
				}
				require.NotEqual(t, copie[x.Type][nom], change[x.Type][nom], "%s of %s really changed", nom, x.Type)
			}
		}
		_, err := base.Pool.Exec(t.Context(), `INSERT INTO brouillon (utilisateur_id, habilitation_id, convention_id, etape, valeurs, base_version) VALUES (1, 1, $1, $2, '{}', 1)`, avenant, string(b.Etapes[0]))
		require.NoError(t, err)

		require.NoError(t, db.InTx(t.Context(), func(ctx context.Context) error {
			d, err := db.dossier(ctx, avenant)
			if err != nil {
				return err
			}
			source, err := db.BaseDe(ctx, avenant)
			require.Equal(t, racine, source, "AV-15")
			if err != nil {
				return err
			}
			return db.RetirerType(ctx, d, b, source, auth.Principal{UtilisateurID: 1}, time.Now())
		}), b.Type)

		retabli := etatDe(t, base.Pool, b, avenant)
		require.Equal(t, copie[b.Type], retabli, "%s is as when the avenant was created", b.Type)
		for _, x := range convention.Blocs() {
			for nom, v := range etatDe(t, base.Pool, x, avenant) {
				if _, sien := retabli[nom]; !sien {
					require.Equal(t, change[x.Type][nom], v, "%s of %s is untouched by the removal of %s", nom, x.Type, b.Type)
				}
			}
		}
		var restes int
		require.NoError(t, base.Pool.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM convention_type_avenant WHERE convention_id = $1) + (SELECT count(*) FROM brouillon WHERE convention_id = $1)`, avenant).Scan(&restes))
		require.Zero(t, restes, b.Type)
		_, err = base.Pool.Exec(t.Context(), `UPDATE convention SET statut = 'ANNULEE' WHERE id = $1`, avenant)
		require.NoError(t, err)
	}
	require.Equal(t, 14, types)
}
