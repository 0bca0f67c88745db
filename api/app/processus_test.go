package app

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"apilos/api/convention"
	"apilos/api/internal/fixture"
	"apilos/api/internal/journaux"
	"apilos/api/sim"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// processus is one running program, as in production: its own memory, its own connections.
type processus struct {
	cmd     *exec.Cmd
	adresse string
	sortie  *bytes.Buffer
}

// ferme is two programs on one database and one simulated SIAP.
type ferme struct {
	*fixture.Monde
	t         *testing.T
	sim       *sim.Server
	programme string
	fichiers  string
}

func nouvelleFerme(t *testing.T) *ferme {
	t.Helper()
	f := &ferme{Monde: fixture.Nouveau(t), t: t, programme: filepath.Join(t.TempDir(), "apilos"), fichiers: t.TempDir()}
	out, err := exec.Command("go", "build", "-o", f.programme, "apilos/api/cmd/apilos").CombinedOutput()
	require.NoError(t, err, string(out))
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	f.sim, err = sim.Start(ctx, sim.Options{Scenario: "demo", Environment: "test"})
	require.NoError(t, err)
	// The people of the scenario belong to this service.
	f.Executer(`UPDATE administration SET code = 'DD087' WHERE id = $1`, f.AdministrationID)
	return f
}

// lancer starts a program and waits until it is ready.
func (f *ferme) lancer(plus ...string) *processus {
	f.t.Helper()
	port, metriques := portLibre(f.t), portLibre(f.t)
	p := &processus{adresse: fmt.Sprintf("http://127.0.0.1:%d", port), sortie: &bytes.Buffer{}}
	p.cmd = exec.Command(f.programme, "serve", "--port", fmt.Sprint(port))
	p.cmd.Env = append(os.Environ(),
		"ENVIRONMENT=test", "DATABASE_URL="+f.Base.URL, "DATA_DIR="+f.t.TempDir(), "MEDIA_ROOT="+f.fichiers, "PUBLIC_BASE_URL="+p.adresse,
		fmt.Sprintf("METRICS_PORT=%d", metriques), "SIAP_CLIENT_HOST="+f.sim.URL(), "SIAP_CLIENT_JWT_SIGN_KEY="+string(f.sim.Key().Secret),
		"CERBERE_AUTH="+f.sim.CASURL(), "LOGLEVEL=debug", "ALLOWED_HOSTS=127.0.0.1")
	p.cmd.Env = append(p.cmd.Env, plus...)
	p.cmd.Stdout, p.cmd.Stderr = p.sortie, p.sortie
	require.NoError(f.t, p.cmd.Start())
	f.t.Cleanup(func() {
		p.tuer()
		require.Empty(f.t, journaux.Reconnus(p.sortie.String()), "a secret in the log of a process")
	})
	require.Eventually(f.t, func() bool {
		res, err := http.Get(p.adresse + "/sante/pret")
		if err != nil {
			return false
		}
		res.Body.Close()
		return res.StatusCode == http.StatusOK
	}, 60*time.Second, 50*time.Millisecond, "%s", p.sortie)
	return p
}

// tuer is kill -9: nothing is flushed, nothing is said.
func (p *processus) tuer() {
	if p.cmd.ProcessState == nil {
		_ = p.cmd.Process.Kill()
		_ = p.cmd.Wait()
	}
}

func portLibre(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// service signs an instructeur of the world in at a program.
func (f *ferme) service(p *processus) *client {
	c := nouveauClient(f.t, p.adresse)
	c.entrer(luc)
	return c
}

// TestFI04DeuxProcessusCinquanteValidations: 50 validations at once, through two programs, give 50
// consecutive numbers.
func TestFI04DeuxProcessusCinquanteValidations(t *testing.T) {
	f := nouvelleFerme(t)
	const n = 50
	ids := make([]uuid.UUID, n)
	for i := range ids {
		ids[i] = f.Convention(fixture.Conv{Statut: convention.Instruction})
	}
	clients := []*client{f.service(f.lancer()), f.service(f.lancer())}
	codes := make([]int, n)
	var wg sync.WaitGroup
	for i, id := range ids {
		wg.Go(func() {
			codes[i] = clients[i%2].ecrire(http.MethodPost, "/conventions/"+id.String()+"/actions/valider", "{}", `"1"`).Code
		})
	}
	wg.Wait()
	for i, code := range codes {
		require.Equal(t, http.StatusOK, code, ids[i])
	}
	require.Equal(t, n, f.Compter(`SELECT count(DISTINCT numero) FROM convention WHERE statut = 'A_SIGNER'`))
	require.Equal(t, n, f.Compter(`SELECT max(substring(numero from '[0-9]+$')::int) FROM convention`), "no hole")
}

// TestCC03DeuxProcessusUneTransition: of 20 transitions of one convention through two programs, one wins.
func TestCC03DeuxProcessusUneTransition(t *testing.T) {
	f := nouvelleFerme(t)
	id := f.Convention(fixture.Conv{Statut: convention.Instruction})
	clients := []*client{f.service(f.lancer()), f.service(f.lancer())}
	reponses := make([]reponse, 20)
	var wg sync.WaitGroup
	for i := range reponses {
		action := []string{"valider", "demander_corrections"}[(i/2)%2]
		wg.Go(func() {
			reponses[i] = clients[i%2].ecrire(http.MethodPost, "/conventions/"+id.String()+"/actions/"+action, "{}", `"1"`)
		})
	}
	wg.Wait()
	gagnants := 0
	for _, r := range reponses {
		if r.Code == http.StatusOK {
			gagnants++
			continue
		}
		require.Equal(t, http.StatusPreconditionFailed, r.Code, r.Corps)
	}
	require.Equal(t, 1, gagnants)
	require.Equal(t, 2, f.Compter(`SELECT count(*) FROM convention_historique WHERE convention_id = $1`, f.ID(id)))
}

// TestAL20AL23ProgrammeTueAvantLesAlertes: a program killed between the commit and the delivery of its
// alerts loses none and sends none twice.
func TestAL20AL23ProgrammeTueAvantLesAlertes(t *testing.T) {
	f := nouvelleFerme(t)
	id := f.Convention(fixture.Conv{Statut: convention.Instruction})
	// SIAP is so slow that no alert can leave before the program dies.
	toujours := -1
	require.NoError(t, f.sim.AddFaults(
		sim.Fault{Match: sim.Match{Route: "alertes_convention"}, Times: &toujours, DelayMS: 8000},
		sim.Fault{Match: sim.Match{Route: "alerte_create"}, Times: &toujours, DelayMS: 8000},
	))
	premier := f.lancer()
	r := f.service(premier).ecrire(http.MethodPost, "/conventions/"+id.String()+"/actions/demander_corrections", `{"commentaire":"à revoir"}`, `"1"`)
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	premier.tuer()
	require.Empty(t, f.sim.Alertes(id.String()))
	require.Equal(t, 1, f.Compter(`SELECT count(*) FROM convention WHERE uuid = $1 AND statut = 'CORRECTION'`, id))
	f.sim.ClearFaults()

	f.lancer()
	// The lease of the dead process (45 s), then the next search for lost messages (each minute), then the queue.
	require.Eventually(t, func() bool { return len(f.sim.Alertes(id.String())) == 2 }, 150*time.Second, 100*time.Millisecond, "alerts after the restart")
	// Nothing is left to send, so nothing can come twice.
	require.Eventually(t, func() bool {
		return f.Compter(`SELECT count(*) FROM message_sortant WHERE canal = 'ALERTE_SIAP' AND etat IN ('A_ENVOYER','EN_COURS')`) == 0
	}, 60*time.Second, 100*time.Millisecond)
	require.Equal(t, []string{"Convention en correction", "Convention à corriger"}, etiquettes(f.sim.Alertes(id.String())), "AL-00: order and labels")
}

func etiquettes(alertes []sim.Alerte) []string {
	var out []string
	for _, a := range alertes {
		out = append(out, a.EtiquettePersonnalisee)
	}
	return out
}
