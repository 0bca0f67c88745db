package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"apilos/api/convention"
	"apilos/api/internal/testdb"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
)

// toutDit says everything that a comparison can show of a version: each value, in words and as it is stored.
func toutDit(v *convention.VersionComplete) []convention.BlocCompare {
	vide := convention.NouvelleVersion(&convention.Dossier{}, nil, nil, nil)
	complet := *v.Dossier
	complet.TypesAvenant = nil
	for _, b := range convention.Blocs() {
		complet.TypesAvenant = append(complet.TypesAvenant, b.Type)
	}
	copie := *v
	copie.Dossier = &complet
	blocs := convention.Comparer(vide, &copie, false).Blocs
	for i := range blocs {
		blocs[i].Bloc = convention.Bloc{Type: blocs[i].Type} // functions are not equal to themselves
	}
	return blocs
}

// vieQuelconque changes a version in one way or another.
func vieQuelconque(t *testing.T, pool *pgxpool.Pool, hasard *rand.Rand, id int64) {
	t.Helper()
	deLot, deOperation := "lot_id IN (SELECT id FROM lot WHERE convention_id = $1)", "operation_id = (SELECT operation_id FROM convention WHERE id = $1)"
	parTable := map[string]string{
		"logement": deLot, "pret": deLot, "stationnement": deLot, "local_collectif": deLot, "reference_cadastrale": deOperation, "logement_edd": deOperation,
	}
	tables := []string{"logement", "pret", "stationnement", "local_collectif", "reference_cadastrale", "logement_edd"}
	table := tables[hasard.IntN(len(tables))]
	changements := []string{
		"DELETE FROM " + table + " WHERE id = (SELECT max(id) FROM " + table + " WHERE " + parTable[table] + ")",
		"UPDATE pret SET montant = montant + 0.01, numero = '', date_octroi = NULL WHERE " + deLot,
		fmt.Sprintf("UPDATE logement SET loyer = loyer + %d.50, coefficient = NULL WHERE %s", hasard.IntN(9), deLot),
		fmt.Sprintf("INSERT INTO logement (lot_id, tableau, designation, loyer, ordre) SELECT max(id), 'UTILE_LOYER', 'N%d', 1, 99 FROM lot WHERE convention_id = $1", hasard.Int64()),
		fmt.Sprintf("UPDATE operation SET nom = 'Opération %d', vendeur = '' WHERE id = (SELECT operation_id FROM convention WHERE id = $1)", hasard.Int64()),
		"UPDATE convention SET fond_propre = NULL, date_fin_conventionnement = DATE '2066-06-30' WHERE id = $1",
		"UPDATE lot SET types_annexes = '{}', nb_logements = NULL, loyer_derogatoire = 3.1400 WHERE convention_id = $1",
		"DELETE FROM convention_foyer_residence WHERE convention_id = $1",
		"UPDATE fichier_rattache SET remplace_le = now() WHERE " + deOperation,
		"INSERT INTO fichier_rattache (fichier_id, operation_id, rubrique) SELECT (SELECT max(id) FROM fichier), operation_id, 'EDD_CLASSIQUE' FROM convention WHERE id = $1",
	}
	_, err := pool.Exec(t.Context(), changements[hasard.IntN(len(changements))], id)
	require.NoError(t, err)
}

// Each version of a random life is given back, value by value, as it was read at that time.
func TestComparaisonRebuildsEachKeptVersion(t *testing.T) {
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
		`INSERT INTO fichier (compartiment, cle_objet, nom_reel, nom_stockage, type_mime, taille, sha256) VALUES ('c', 'k2', 'b.png', 'b.png', 'image/png', 1, repeat('a', 64))`,
	} {
		_, err := base.Pool.Exec(t.Context(), sql)
		require.NoError(t, err, sql)
	}
	var id int64 // an avenant: every bloc may be its own
	require.NoError(t, db.InTx(t.Context(), func(ctx context.Context) error {
		id, err = db.Cloner(ctx, convention.NouvelAvenant{UUID: uuid.New(), RacineID: racine, SourceID: racine, CreeParID: 1, Types: []string{"programme"}, Le: time.Now()})
		return err
	}))
	const graine = 20260415
	hasard := rand.New(rand.NewPCG(graine, graine)) //nolint:gosec // a life that can be lived again
	var lues [][]convention.BlocCompare
	var gardees []int64
	for version := 1; version <= 25; version++ {
		if version == 12 {
			bouleverser(t, base.Pool, id)
		} else if version > 1 {
			vieQuelconque(t, base.Pool, hasard, id)
		}
		_, err := base.Pool.Exec(t.Context(), `UPDATE convention SET version = $2 WHERE id = $1`, id, version)
		require.NoError(t, err)
		v, err := db.VersionDe(t.Context(), id)
		require.NoError(t, err)
		lues = append(lues, toutDit(v))
		for range 2 { // the second time changes nothing
			donnees, err := v.Contenu()
			require.NoError(t, err)
			g, err := db.GarderVersion(t.Context(), convention.VersionGardee{ConventionID: id, Version: version, Donnees: donnees, CreeLe: time.Now()})
			require.NoError(t, err)
			gardees = append(gardees, g)
		}
	}
	require.Len(t, slices.Compact(gardees), 25, "one row for a version")
	d, err := db.dossier(t.Context(), id)
	require.NoError(t, err)
	for i := range lues {
		m, err := db.VersionGardee(t.Context(), id, i+1)
		require.NoError(t, err)
		require.Equal(t, i+1, m.Version)
		ancien, err := d.AvecContenu(m.Donnees)
		require.NoError(t, err)
		require.Equal(t, lues[i], toutDit(ancien), "version %d, seed %d", i+1, graine)
	}
	inconnue, err := db.VersionGardee(t.Context(), id, 26)
	require.NoError(t, err)
	require.Nil(t, inconnue)
}

// What nobody compares with any more goes; a submission and a last reading stay, and a reading goes with its person.
func TestComparaisonPurgeOfKeptVersions(t *testing.T) {
	t.Parallel()
	base := testdb.New(t)
	db, err := Open(t.Context(), base.URL, Options{})
	require.NoError(t, err)
	t.Cleanup(db.Close)
	id := semerVersion(t, base.Pool)
	le := time.Now().Add(-48 * time.Hour)
	garder := func(version int, le time.Time) int64 {
		g, err := db.GarderVersion(t.Context(), convention.VersionGardee{ConventionID: id, Version: version, Donnees: []byte(`{}`), CreeLe: le})
		require.NoError(t, err)
		return g
	}
	soumise, lue, relue := garder(1, le), garder(2, le), garder(3, le)
	garder(4, time.Now())
	require.NoError(t, db.GarderSoumission(t.Context(), convention.Soumission{ConventionID: id, GardeeID: soumise, SoumiseLe: le, Transition: "soumettre"}))
	for _, g := range []int64{lue, relue} {
		require.NoError(t, db.GarderLecture(t.Context(), convention.Lecture{UtilisateurID: 1, ConventionID: id, GardeeID: g, LuLe: le}))
	}
	versions := func() (out []int32) {
		require.NoError(t, base.Pool.QueryRow(t.Context(), `SELECT array_agg(version ORDER BY version) FROM convention_version`).Scan(&out))
		return out
	}
	purger := func() {
		_, err := NewEntretien(db).PurgerTemporaires(t.Context(), time.Now().Add(-24*time.Hour), time.Now().Add(-24*time.Hour))
		require.NoError(t, err)
	}
	purger()
	require.Equal(t, []int32{1, 3, 4}, versions(), "the first reading was replaced")
	require.NoError(t, NewComptes(db).EffacerTraces(context.Background(), 1, "Compte supprimé", time.Now()))
	purger()
	require.Equal(t, []int32{1, 4}, versions())
}
