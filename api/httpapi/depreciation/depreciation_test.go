package depreciation_test

import (
	"testing"

	"apilos/api/httpapi/depreciation"
	"github.com/stretchr/testify/require"
)

func TestAnEntryLeavesTimeToItsCallers(t *testing.T) {
	vus := map[string]bool{}
	for _, d := range depreciation.Liste() {
		nom := d.Methode + " " + d.Chemin + " " + d.Parametre
		require.False(t, vus[nom], nom)
		vus[nom] = true
		require.NotEmpty(t, d.Remplacant, nom)
		require.False(t, d.Retrait.Before(d.Depuis.AddDate(1, 0, 0)), "%s: a year at least", nom)
	}
	require.NotEmpty(t, depreciation.De("GET", "/conventions"))
	require.Empty(t, depreciation.De("POST", "/conventions"))
}
