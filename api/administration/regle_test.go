package administration_test

import (
	"testing"

	"apilos/api/administration"
	"github.com/stretchr/testify/require"
)

func TestNouvelleTakesCodeWithoutLabel(t *testing.T) {
	a := administration.Nouvelle("35047", " 35047 - Rennes Est ")
	require.Equal(t, "35047 - Rennes Est", a.Nom)
	require.Equal(t, 3, a.NbConventionExemplaires)
	require.Equal(t, "35047", administration.Nouvelle("35047", " ").Nom)
}

func TestDepartementOfStateService(t *testing.T) {
	for code, want := range map[string]string{
		"DD075": "75", "DD02A": "2A", "DD974": "974", "DD001": "01", "DD020": "", "DD999": "", "DR013": "", "13055": "", "DD": "",
	} {
		require.Equal(t, want, administration.Administration{Code: code, CodePostal: "69000"}.Departement(), code)
	}
	require.True(t, administration.Administration{Code: "DD075"}.EstDDT())
	require.False(t, administration.Administration{Code: "13055"}.EstDDT())
}

func TestBlocSignature(t *testing.T) {
	require.Equal(t, "La directrice,", administration.BlocSignature("  La directrice ,, "))
	require.Equal(t, "", administration.BlocSignature(" , "))
}
