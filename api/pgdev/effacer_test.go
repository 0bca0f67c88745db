package pgdev

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// Data that were put elsewhere, because their folder cannot be entered, are erased too.
func TestEffacer_dataPutElsewhere(t *testing.T) {
	t.Parallel()
	dossier := filepath.Join(t.TempDir(), "postgres")
	ailleurs := remplacement(dossier)
	for _, d := range []string{dossier, ailleurs} {
		require.NoError(t, os.Mkdir(d, 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(d, "PG_VERSION"), nil, 0o600))
	}
	t.Cleanup(func() { _ = os.RemoveAll(ailleurs) })
	require.NoError(t, Effacer(dossier))
	require.NoDirExists(t, dossier)
	require.NoDirExists(t, ailleurs)
	require.NoError(t, Effacer(dossier), "nothing left to erase")
}
