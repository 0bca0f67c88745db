package pgdev

import (
	"context"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// installations lists the PostgreSQL of this machine, each under its own search.
func installations(t *testing.T) map[string]*recherche {
	t.Helper()
	out := map[string]*recherche{}
	defaut := rechercheParDefaut()
	for nom, r := range map[string]recherche{
		"npm":     {racines: defaut.racines},
		"systeme": {motifs: defaut.motifs},
	} {
		if _, err := r.trouver(context.Background()); err == nil {
			out[nom] = &r
		}
	}
	if len(out) == 0 {
		if os.Getenv("CI") == "true" {
			t.Fatal("no PostgreSQL on this machine")
		}
		t.Skip("no PostgreSQL on this machine")
	}
	return out
}

// uneInstallation returns any of them.
func uneInstallation(t *testing.T) *recherche {
	t.Helper()
	for _, r := range installations(t) {
		return r
	}
	return nil
}

func contexte(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 90*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// dossierOuvert is a temporary folder that the account of the server can enter, unlike t.TempDir.
func dossierOuvert(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "apilos-pgdev-")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	require.NoError(t, os.Chmod(dir, 0o755))
	return dir
}

func demarrerTest(t *testing.T, o Options) *Server {
	t.Helper()
	s, err := Start(contexte(t), o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Stop()) })
	return s
}

func interroger(t *testing.T, adresse, sql string) string {
	t.Helper()
	ctx := contexte(t)
	conn, err := pgx.Connect(ctx, adresse)
	require.NoError(t, err)
	defer conn.Close(ctx)
	var out string
	require.NoError(t, conn.QueryRow(ctx, sql).Scan(&out))
	return out
}

func TestStart_eachInstallationAnswersAndStopsAtOnce(t *testing.T) {
	for nom, r := range installations(t) {
		t.Run(nom, func(t *testing.T) {
			s, err := Start(contexte(t), Options{Test: true, recherche: r})
			require.NoError(t, err)
			defer s.Stop()
			require.True(t, s.Owned())
			require.Equal(t, strconv.Itoa(s.Version()), strings.Split(interroger(t, s.URL(""), "SHOW server_version"), ".")[0])
			require.Equal(t, "off", interroger(t, s.URL(""), "SHOW fsync"))
			require.Equal(t, "UTF8", interroger(t, s.URL(""), "SHOW server_encoding"))
			require.Equal(t, "été", interroger(t, s.URL(""), "SELECT lower('ÉTÉ')"))

			pid, dossier := s.processus.cmd.Process.Pid, s.dossier
			start := time.Now()
			require.NoError(t, s.Stop())
			require.Less(t, time.Since(start), 30*time.Second, "at once, on a machine however loaded")
			require.False(t, enVie(pid), "no process is left")
			require.NoDirExists(t, dossier)
			require.NoError(t, s.Stop(), "stopping again changes nothing")
		})
	}
}

func TestStart_dataAndPasswordSurviveAndARunningServerIsReused(t *testing.T) {
	o := Options{Dir: dossierOuvert(t), recherche: uneInstallation(t)}
	first := demarrerTest(t, o)
	require.Equal(t, "on", interroger(t, first.URL(""), "SHOW fsync"), "only tests give up durability")
	interroger(t, first.URL(""), "WITH x AS (SELECT set_config('a.b', '1', false)) SELECT 'ok' FROM x")
	_, err := execSQL(t, first.URL(""), "CREATE DATABASE demo")
	require.NoError(t, err)

	second := demarrerTest(t, o)
	require.False(t, second.Owned())
	require.Equal(t, first.URL(""), second.URL(""))
	require.NoError(t, second.Stop())
	require.Equal(t, "demo", interroger(t, first.URL("demo"), "SELECT current_database()::text"), "a borrowed server goes on")

	require.NoError(t, first.Stop())
	third := demarrerTest(t, o)
	require.True(t, third.Owned())
	require.Equal(t, "demo", interroger(t, third.URL("demo"), "SELECT current_database()::text"))
}

func execSQL(t *testing.T, adresse, sql string) (string, error) {
	t.Helper()
	ctx := contexte(t)
	conn, err := pgx.Connect(ctx, adresse)
	if err != nil {
		return "", err
	}
	defer conn.Close(ctx)
	tag, err := conn.Exec(ctx, sql)
	return tag.String(), err
}

// Two programs started at the same moment share one server.
func TestStart_togetherOnTheSameFolder(t *testing.T) {
	o := Options{Dir: dossierOuvert(t), Test: true, recherche: uneInstallation(t)}
	type resultat struct {
		s   *Server
		err error
	}
	out := make(chan resultat, 3)
	for range cap(out) {
		go func() {
			s, err := Start(contexte(t), o)
			out <- resultat{s, err}
		}()
	}
	owners, adresses := 0, map[string]bool{}
	for range cap(out) {
		r := <-out
		require.NoError(t, r.err)
		t.Cleanup(func() { require.NoError(t, r.s.Stop()) })
		if r.s.Owned() {
			owners++
		}
		adresses[r.s.URL("")] = true
	}
	require.Equal(t, 1, owners)
	require.Len(t, adresses, 1)
}

func TestStart_passwordIsRequiredAndKeptPrivate(t *testing.T) {
	s := demarrerTest(t, Options{Dir: dossierOuvert(t), Test: true, recherche: uneInstallation(t)})
	u, err := url.Parse(s.URL(""))
	require.NoError(t, err)
	require.Equal(t, "127.0.0.1", u.Hostname())
	u.User = url.UserPassword(superutilisateur, "autre")
	_, err = execSQL(t, u.String(), "SELECT 1")
	require.ErrorContains(t, err, "28P01")
	info, err := os.Stat(filepath.Join(s.dossier, "pg"+strconv.Itoa(s.Version())+".secret"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

func TestStart_interruptedInitialisationIsBegunAgain(t *testing.T) {
	r := uneInstallation(t)
	dir := dossierOuvert(t)
	b, err := r.trouver(contexte(t))
	require.NoError(t, err)
	donnees := filepath.Join(dir, "pg"+strconv.Itoa(b.majeure))
	require.NoError(t, os.MkdirAll(donnees, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(donnees, "PG_VERSION"), []byte("x"), 0o600))
	s := demarrerTest(t, Options{Dir: dir, Test: true, recherche: r})
	require.Equal(t, "1", interroger(t, s.URL(""), "SELECT '1'"))
}

func TestStart_givenAddressIsUsedAsItIs(t *testing.T) {
	own := demarrerTest(t, Options{Test: true, recherche: uneInstallation(t)})
	s := demarrerTest(t, Options{DatabaseURL: own.URL("")})
	require.False(t, s.Owned())
	require.Equal(t, own.URL("autre"), s.URL("autre"))
	require.NoError(t, s.Stop())
	require.Equal(t, "1", interroger(t, own.URL(""), "SELECT '1'"))
}

func TestStart_wrongAddressIsRefusedWithoutShowingThePassword(t *testing.T) {
	for _, adresse := range []string{"mysql://u:s3cret@h/x", "postgres://u:s3cret@127.0.0.1:1/x", ":// s3cret"} {
		_, err := Start(contexte(t), Options{DatabaseURL: adresse})
		require.Error(t, err)
		require.NotContains(t, err.Error(), "s3cret")
	}
}

func TestStart_nothingFoundTellsTheThreeWaysOut(t *testing.T) {
	_, err := Start(contexte(t), Options{Dir: dossierOuvert(t), recherche: &recherche{racines: []string{t.TempDir()}}})
	require.ErrorIs(t, err, ErrIntrouvable)
	for _, issue := range []string{"DATABASE_URL=", "npm ci", "installer PostgreSQL"} {
		require.ErrorContains(t, err, issue)
	}
}

func TestStart_failureShowsTheLogOfTheServer(t *testing.T) {
	r := uneInstallation(t)
	o := Options{Dir: dossierOuvert(t), Test: true, recherche: r}
	s, err := Start(contexte(t), o)
	require.NoError(t, err)
	require.NoError(t, s.Stop())
	conf := filepath.Join(s.dossier, "pg"+strconv.Itoa(s.Version()), "postgresql.conf")
	f, err := os.OpenFile(conf, os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = f.WriteString("\nparametre_inconnu = 1\n")
	require.NoError(t, err)
	require.NoError(t, f.Close())
	_, err = Start(contexte(t), o)
	require.ErrorContains(t, err, "parametre_inconnu")
}

// A program that is killed leaves neither its server nor its throw-away folder.
func TestStart_killedProgramLeavesNothing(t *testing.T) {
	if os.Getenv("PGDEV_TEST_ENFANT") == "1" {
		s, err := Start(contexte(t), Options{Test: true, recherche: uneInstallation(t)})
		require.NoError(t, err)
		_, err = os.Stdout.WriteString("PRET " + strconv.Itoa(s.processus.cmd.Process.Pid) + " " + s.dossier + "\n")
		require.NoError(t, err)
		select {} // until killed
	}
	uneInstallation(t)
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), "PGDEV_TEST_ENFANT=1")
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	defer cmd.Process.Kill()

	buf := make([]byte, 4096)
	var ligne string
	for !strings.Contains(ligne, "\n") || !strings.Contains(ligne, "PRET ") {
		n, err := out.Read(buf)
		require.NoError(t, err, ligne)
		ligne += string(buf[:n])
	}
	champs := strings.Fields(ligne[strings.Index(ligne, "PRET "):])
	pid, err := strconv.Atoi(champs[1])
	require.NoError(t, err)
	require.True(t, enVie(pid))
	require.DirExists(t, champs[2])

	require.NoError(t, cmd.Process.Kill())
	_ = cmd.Wait()
	require.Eventually(t, func() bool { return !enVie(pid) }, 60*time.Second, 20*time.Millisecond)
	require.Eventually(t, func() bool {
		_, err := os.Stat(champs[2])
		return os.IsNotExist(err)
	}, 60*time.Second, 20*time.Millisecond)
}
