package territoire_test

import (
	"testing"

	"apilos/api/internal/testdb"
	"apilos/api/territoire"
	"github.com/stretchr/testify/require"
)

func TestSeedOfTerritory(t *testing.T) { // 01 §10.3
	require.Len(t, territoire.Regions(), 18)
	require.Len(t, territoire.Departements(), 96+5+6)
	require.NotContains(t, territoire.Departements(), "20")
	for _, d := range []string{"975", "977", "978", "986", "987", "988"} {
		r, ok := territoire.RegionDe(d)
		require.True(t, ok)
		require.Empty(t, r)
	}
}

// 01 §4.4 and CR-23.
func TestDepartementOfPostcode(t *testing.T) {
	for cp, want := range map[string]string{
		"35000": "35", "01500": "01", "20000": "2A", "20137": "2A", "20200": "2B", "20620": "2B", "20300": "", "20900": "",
		"97100": "971", "97410": "974", "97500": "975", "97600": "976", "98714": "987", "98000": "", // Monaco
		"96999": "", "00100": "", "3500": "", "350000": "", "35O00": "", "": "",
	} {
		require.Equal(t, want, territoire.DepartementDeCodePostal(cp), cp)
	}
}

func TestDepartementOfCommune(t *testing.T) {
	for commune, want := range map[string]string{
		"35238": "35", "2A004": "2A", "2B033": "2B", "97411": "974", "97701": "977", "98735": "987", "99351": "",
		"20004": "", "A5238": "", "3523": "", "1A004": "", "": "",
	} {
		require.Equal(t, want, territoire.DepartementDeCommune(commune), commune)
	}
}

func TestCompleterKeepsWhatIsRight(t *testing.T) {
	require.Equal(t, territoire.Codes{Commune: "2B033", Departement: "2B", Region: "94"},
		territoire.Codes{Commune: "2B033", Departement: "20"}.Completer("20000"), "the commune wins over the postcode, 20 is no département")
	require.Equal(t, territoire.Codes{Departement: "35", Region: "53"}, territoire.Codes{Departement: "35"}.Completer("20000"))
	require.Equal(t, territoire.Codes{Departement: "35", Region: "11"}, territoire.Codes{Departement: "35", Region: "11"}.Completer(""))
	require.Equal(t, territoire.Codes{Departement: "975"}, territoire.Codes{}.Completer("97500"))
	require.Equal(t, territoire.Codes{}, territoire.Codes{Region: "20"}.Completer("20500"))
}

func TestNA07OutreMer(t *testing.T) {
	for _, d := range territoire.Departements() {
		want := d == "971" || d == "972" || d == "973" || d == "974" || d == "976"
		require.Equal(t, want, territoire.OutreMer(d), d)
	}
}

func TestNormaliser(t *testing.T) {
	for in, want := range map[string]string{"1": "01", " 93 ": "93", "2a": "2A", "974": "974", "": ""} {
		require.Equal(t, want, territoire.Normaliser(in))
	}
}

// The codes in memory are those the migrations put in the tables.
func TestCodesAreThoseOfTheDatabase(t *testing.T) {
	base := testdb.New(t)
	rows, err := base.Pool.Query(t.Context(), `SELECT code_insee, coalesce(code_insee_region, '') FROM departement ORDER BY code_insee`)
	require.NoError(t, err)
	var codes []string
	for rows.Next() {
		var departement, region string
		require.NoError(t, rows.Scan(&departement, &region))
		got, ok := territoire.RegionDe(departement)
		require.True(t, ok, departement)
		require.Equal(t, region, got, departement)
		codes = append(codes, departement)
	}
	require.NoError(t, rows.Err())
	require.Equal(t, territoire.Departements(), codes)
	var regions []string
	require.NoError(t, base.Pool.QueryRow(t.Context(), `SELECT array_agg(code_insee::text ORDER BY code_insee) FROM region`).Scan(&regions))
	require.Equal(t, territoire.Regions(), regions)
}
