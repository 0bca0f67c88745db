package revision_test

import (
	"bufio"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	mathrand "math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"apilos/api/internal/fixture"
	"apilos/api/jobs"
	"apilos/api/revision"
	"apilos/api/revision/coffre"
	"apilos/api/storage"
	"apilos/api/store"

	"github.com/stretchr/testify/require"
)

// Variables that turn the test program into the child that is killed.
const (
	envBase  = "APILOS_ESSAI_REVISION_BASE"
	envMedia = "APILOS_ESSAI_REVISION_MEDIA"
)

// octetsEnfant is the size of the files of the child: several writes, so that a kill falls between them.
const octetsEnfant = 400_000

func TestMain(m *testing.M) {
	if base := os.Getenv(envBase); base != "" {
		fmt.Fprintln(os.Stderr, publierSansFin(base, os.Getenv(envMedia)))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func genreTue() *genre {
	return &genre{nature: revision.Annexe, types: []revision.TypeFichier{{Type: "document", Max: 1_000_000, Obligatoire: true}}}
}

func serviceTue(db *store.DB, objets storage.Store) (*revision.Service, error) {
	ids, err := revision.NewIdentifiants(time.Now, rand.Reader)
	if err != nil {
		return nil, err
	}
	s, err := revision.New(revision.Config{Store: store.NewRevisions(db), Coffre: coffre.New(objets), Identifiants: ids, Horloge: time.Now})
	if err != nil {
		return nil, err
	}
	return s, s.Enregistrer(genreTue())
}

// publierSansFin is the child: it publishes one revision after the other and says on its output which step
// begins, until it is killed.
func publierSansFin(base, media string) error {
	ctx := context.Background()
	db, err := store.Open(ctx, base, store.Options{})
	if err != nil {
		return err
	}
	objets, err := storage.NewLocal(media)
	if err != nil {
		return err
	}
	s, err := serviceTue(db, objets)
	if err != nil {
		return err
	}
	a := revision.Acteur{Nom: "enfant"}
	for n := 0; ; n++ {
		r, err := s.Creer(ctx, a, revision.Creation{Nature: revision.Annexe, PorteeType: "convention", PorteeCle: fmt.Sprint("p", n%2)})
		if err != nil {
			return err
		}
		fmt.Println("depot")
		d := revision.Depot{Type: "document", TailleAnnoncee: octetsEnfant, Contenu: io.LimitReader(rand.Reader, octetsEnfant)}
		if _, err := s.Deposer(ctx, a, r.ID, d); err != nil {
			return err
		}
		fmt.Println("calcul")
		if _, err := s.Calculer(ctx, a, r.ID); err != nil {
			return err
		}
		fmt.Println("publication")
		if _, err := s.Publier(ctx, a, r.ID, revision.Publication{}); err != nil {
			return err
		}
	}
}

// TestRevision_killedAnywhere kills a process 30 times, in turn during upload, compute and publish: each
// scope keeps exactly one current revision, every published file has its bytes, and the sweep collects
// what was left.
func TestRevision_killedAnywhere(t *testing.T) {
	t.Parallel()
	m, media := fixture.Nouveau(t), t.TempDir()
	objets, err := storage.NewLocal(media)
	require.NoError(t, err)
	t.Cleanup(func() { _ = objets.Close() })
	s, err := serviceTue(m.Store, objets)
	require.NoError(t, err)
	for _, cle := range []string{"p0", "p1"} { // both scopes start with a current revision
		depots := func(yield func(revision.Depot, error) bool) {
			yield(revision.Depot{Type: "document", TailleAnnoncee: 3, Contenu: strings.NewReader("abc")}, nil)
		}
		_, err := s.PublierEnUnAppel(context.Background(), revision.Acteur{Nom: "depart"}, revision.Creation{Nature: revision.Annexe, PorteeType: "convention", PorteeCle: cle}, depots, revision.Publication{})
		require.NoError(t, err)
	}
	for i := range 30 {
		tuerPendant(t, m.Base.URL, media, []string{"depot", "calcul", "publication"}[i%3])
		require.Equal(t, 2, m.Compter(`SELECT count(*) FROM revision WHERE courante`), "kill %d", i)
		require.Equal(t, 2, m.Compter(`SELECT count(DISTINCT portee_cle) FROM revision WHERE courante`), "kill %d", i)
		require.Zero(t, m.Compter(`SELECT count(*) FROM revision r WHERE r.statut = 'published' AND NOT EXISTS (SELECT FROM revision_fichier f WHERE f.revision_id = r.id)`))
	}
	require.Greater(t, m.Compter(`SELECT count(*) FROM revision WHERE statut = 'published'`), 5, "the children worked")
	verifierOctets(t, m, objets)

	// A day later the sweep removes the objects of nobody, and nothing else.
	demain := func() time.Time { return time.Now().Add(25 * time.Hour) }
	balai := jobs.Balayage{Objets: objets, Inventaire: store.NewEntretien(m.Store), Horloge: demain, Journal: slog.New(slog.DiscardHandler)}
	require.NoError(t, balai.Passer(context.Background()))
	verifierOctets(t, m, objets)
	liste, err := objets.List(context.Background(), "", "", storage.MaxList)
	require.NoError(t, err)
	require.Equal(t, m.Compter(`SELECT count(DISTINCT cle_objet) FROM revision_fichier`), len(liste), "orphans are collected")
	partiels, err := os.ReadDir(media + "/.partiel")
	require.NoError(t, err)
	require.Empty(t, partiels)
}

// tuerPendant starts a child, waits for a step to begin for the second time, and kills it a moment later.
func tuerPendant(t *testing.T, base, media, etape string) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), envBase+"="+base, envMedia+"="+media)
	erreurs := &strings.Builder{}
	cmd.Stderr = erreurs
	sortie, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	vues := 0
	for lignes := bufio.NewScanner(sortie); lignes.Scan(); {
		if lignes.Text() != etape {
			continue
		}
		if vues++; vues == 2 {
			time.Sleep(time.Duration(mathrand.IntN(4000)) * time.Microsecond) // anywhere inside the step
			return
		}
	}
	require.Fail(t, "the child stopped by itself", "%s", erreurs)
}

// verifierOctets: each published file has an object of its size, whole.
func verifierOctets(t *testing.T, m *fixture.Monde, objets storage.Store) {
	t.Helper()
	rows, err := m.Base.Pool.Query(context.Background(), `SELECT f.cle_objet, f.taille FROM revision_fichier f`)
	require.NoError(t, err)
	defer rows.Close()
	n := 0
	for rows.Next() {
		var cle string
		var taille int64
		require.NoError(t, rows.Scan(&cle, &taille))
		info, err := objets.Stat(context.Background(), cle)
		require.NoError(t, err, cle)
		require.Equal(t, taille, info.Size)
		n++
	}
	require.NoError(t, rows.Err())
	require.Positive(t, n)
}
