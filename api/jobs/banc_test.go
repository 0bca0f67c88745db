package jobs_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"apilos/api/alert"
	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/internal/fixture"
	"apilos/api/jobs"
	"apilos/api/mail"
	"apilos/api/siap"
	"apilos/api/sim"
	"apilos/api/store"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// reglages of a platform under test; they travel to a worker process as JSON.
type reglages struct {
	Base, SIAP, Courriels string
	Bail                  time.Duration
}

// plateforme is what the composition root builds, reduced to what leaves the platform.
type plateforme struct {
	db       *store.DB
	client   *jobs.Client
	alertes  *alert.Service
	conv     *convention.Service
	siap     *siap.Client
	courrier *mail.Directory
	journal  *slog.Logger
}

func monter(ctx context.Context, r reglages, journal *slog.Logger) (*plateforme, error) {
	p := &plateforme{journal: journal}
	var err error
	if p.db, err = store.Open(ctx, r.Base, store.Options{}); err != nil {
		return nil, err
	}
	if p.client, err = jobs.New(p.db.Pool(), store.Tx, journal); err != nil {
		return nil, err
	}
	if p.siap, err = siap.New(siap.Config{Host: r.SIAP, Key: siap.Key{Secret: []byte(sim.DevelopmentSecret)}}, siap.WithLogger(journal)); err != nil {
		return nil, err
	}
	if p.courrier, err = mail.NewDirectory(r.Courriels, "ne-pas-repondre@apilos.example", time.Now); err != nil {
		return nil, err
	}
	gabarits, err := mail.NewModeles()
	if err != nil {
		return nil, err
	}
	p.alertes, err = alert.NewService(alert.Config{
		Store: store.NewAlertes(p.db), File: p.client, SIAP: p.siap, Courrier: p.courrier, Gabarits: gabarits, Horloge: time.Now,
		Alea: rand.Float64, Journal: journal, BaseURL: "https://apilos.example.org", Domaine: "apilos.example", Bail: r.Bail,
	})
	if err != nil {
		return nil, err
	}
	p.conv = convention.NewService(p.db, p.alertes, nil, p.client, time.Now)
	return p, nil
}

func (p *plateforme) fermer() {
	p.siap.Close()
	_ = p.courrier.Close()
	p.db.Close()
}

func (p *plateforme) ouvrier(t jobs.Travaux) (*jobs.Runner, error) {
	if t.Messages == nil {
		t.Messages = p.alertes
	}
	if t.Entretien == nil {
		t.Entretien = store.NewEntretien(p.db)
	}
	return jobs.NewRunner(p.db.Pool(), jobs.Options{Client: p.client, Travaux: t, Horloge: time.Now, Journal: p.journal})
}

// TestMain runs the tests, or is the worker process that some of them start and kill.
func TestMain(m *testing.M) {
	if raw := os.Getenv(envOuvrier); raw != "" {
		if err := processusOuvrier(raw); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

const envOuvrier = "APILOS_ESSAI_OUVRIER"

// processusOuvrier works until it is killed or its standard input ends.
func processusOuvrier(raw string) error {
	var r reglages
	if err := json.Unmarshal([]byte(raw), &r); err != nil {
		return err
	}
	ctx := context.Background()
	p, err := monter(ctx, r, slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})))
	if err != nil {
		return err
	}
	defer p.fermer()
	w, err := p.ouvrier(jobs.Travaux{})
	if err != nil {
		return err
	}
	if err := w.Start(ctx); err != nil {
		return err
	}
	fmt.Println("pret")
	_, _ = os.Stdin.Read(make([]byte, 1))
	return w.Stop(ctx)
}

// banc is a platform in this process, on a database of its own and a simulated SIAP.
type banc struct {
	*fixture.Monde
	*plateforme
	t   *testing.T
	r   reglages
	sim *sim.Server
}

func nouveauBanc(t *testing.T) *banc {
	t.Helper()
	t.Parallel()
	b := &banc{Monde: fixture.Nouveau(t), t: t}
	silence := slog.New(slog.DiscardHandler)
	var err error
	b.sim, err = sim.Start(t.Context(), sim.Options{Scenario: "minimal", Logger: silence})
	require.NoError(t, err)
	t.Cleanup(b.sim.Close)
	b.r = reglages{Base: b.Base.URL, SIAP: b.sim.URL(), Courriels: filepath.Join(t.TempDir(), "mails"), Bail: 6 * time.Second}
	b.plateforme, err = monter(context.Background(), b.r, silence)
	require.NoError(t, err)
	t.Cleanup(b.fermer)
	return b
}

// lancer starts workers in this process; they stop with the test.
func (b *banc) lancer(t jobs.Travaux) *jobs.Runner {
	b.t.Helper()
	w, err := b.ouvrier(t)
	require.NoError(b.t, err)
	require.NoError(b.t, w.Start(context.Background()))
	b.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		require.NoError(b.t, w.Stop(ctx))
	})
	return w
}

// processus starts a worker in a process of its own, ready when it returns.
func (b *banc) processus() *exec.Cmd {
	b.t.Helper()
	raw, err := json.Marshal(b.r)
	require.NoError(b.t, err)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), envOuvrier+"="+string(raw))
	cmd.Stderr = os.Stderr
	entree, err := cmd.StdinPipe()
	require.NoError(b.t, err)
	sortie, err := cmd.StdoutPipe()
	require.NoError(b.t, err)
	require.NoError(b.t, cmd.Start())
	b.t.Cleanup(func() {
		_ = entree.Close()
		_ = cmd.Wait()
	})
	mot := make([]byte, 5)
	_, err = sortie.Read(mot)
	require.NoError(b.t, err, "the worker process did not start")
	return cmd
}

func (b *banc) soumettre(p auth.Principal, id uuid.UUID) error {
	d, err := b.conv.Lire(context.Background(), p, id)
	if err != nil {
		return err
	}
	_, err = b.conv.Executer(context.Background(), p, id, convention.Soumettre,
		convention.Commande{Version: d.Convention.Version, ConfirmerIncomplet: true, Commentaire: "essai"})
	return err
}

// bientot waits for a condition that other goroutines or processes bring about.
func bientot(t *testing.T, quoi string, ok func() bool) {
	t.Helper()
	require.Eventually(t, ok, 60*time.Second, 50*time.Millisecond, quoi)
}

func (b *banc) finis() bool {
	return b.Compter(`SELECT count(*) FROM message_sortant WHERE etat IN ('A_ENVOYER','EN_COURS')`) == 0 &&
		b.Compter(`SELECT count(*) FROM message_sortant`) > 0
}

func (b *banc) etiquettes(id uuid.UUID) []string {
	var out []string
	for _, a := range b.sim.Alertes(id.String()) {
		out = append(out, a.EtiquettePersonnalisee)
	}
	return out
}

var errForcee = errors.New("forced")
