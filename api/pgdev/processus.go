package pgdev

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// processus is a server started by this program.
type processus struct {
	cmd  *exec.Cmd
	fini chan struct{} // closed when the server has ended
}

// lancer starts cmd on a thread that lives as long as the server: on Linux the kernel signals the
// server when the thread that started it ends, and Go ends idle threads.
func lancer(cmd *exec.Cmd) (*processus, error) {
	p := &processus{cmd: cmd, fini: make(chan struct{})}
	demarre := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		if err := cmd.Start(); err != nil {
			demarre <- err
			return
		}
		demarre <- nil
		_ = cmd.Wait() // the exit status after a requested stop says nothing more
		close(p.fini)
	}()
	if err := <-demarre; err != nil {
		return nil, err
	}
	return p, nil
}

// arreter asks for a fast shutdown and waits; past the delay the server is killed.
func (p *processus) arreter(delai time.Duration) error {
	if err := arreterVite(p.cmd.Process); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stop PostgreSQL: %w", err)
	}
	select {
	case <-p.fini:
		return nil
	case <-time.After(delai):
	}
	_ = p.cmd.Process.Kill()
	<-p.fini
	return fmt.Errorf("stop PostgreSQL: killed after %s", delai)
}

// reprendre returns the server that already runs on the folder, or nil. The password proves that it
// is ours, not another program that took the port since.
func (e *emplacement) reprendre(ctx context.Context) *Server {
	pm, err := lirePostmaster(e.donnees)
	if err != nil || !enVie(pm.pid) || !present(e.secret()) {
		return nil
	}
	secret, err := e.motDePasse()
	if err != nil {
		return nil
	}
	u := e.adresse(pm.port, secret)
	if err := joindre(ctx, u.String()); err != nil {
		return nil
	}
	return &Server{base: u, version: e.majeure, dossier: e.dossier}
}

// demarrer starts the server on a free port and waits until it answers. Another program may take the
// port in between, hence the new tries.
func (e *emplacement) demarrer(ctx context.Context) (*Server, error) {
	secret, err := e.motDePasse()
	if err != nil {
		return nil, err
	}
	const essais = 3
	for essai := 1; ; essai++ {
		s, err := e.essayer(ctx, secret)
		if err == nil {
			return s, nil
		}
		if essai == essais || ctx.Err() != nil || !strings.Contains(err.Error(), "could not bind") {
			return nil, err
		}
	}
}

func (e *emplacement) essayer(ctx context.Context, secret string) (*Server, error) {
	port, err := portLibre()
	if err != nil {
		return nil, err
	}
	sortie, err := os.Create(e.journal())
	if err != nil {
		return nil, fmt.Errorf("journal de PostgreSQL : %w", err)
	}
	defer sortie.Close() // the server keeps its own descriptor
	cmd := exec.Command(e.chemin("postgres"), e.arguments(port)...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = e.donnees, environnement(), sortie, sortie
	e.compte.appliquer(cmd)
	suivreParent(cmd)
	p, err := lancer(cmd)
	if err != nil {
		return nil, fmt.Errorf("démarrage de PostgreSQL (%s) : %w", e.chemin("postgres"), err)
	}
	s := &Server{
		base: e.adresse(port, secret), version: e.majeure, dossier: e.dossier,
		jetable: e.jetable, processus: p,
	}
	if e.jetable {
		if s.gardien, err = lancerGardien(cmd.Process.Pid, e.dossier); err != nil {
			return nil, errors.Join(err, s.Stop())
		}
	}
	if err := e.attendre(ctx, s); err != nil {
		s.jetable = false // demarrer may try again in the same folder
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

// arguments keeps the server on loopback, without a socket file: its path may be too long.
func (e *emplacement) arguments(port int) []string {
	args := []string{
		"-D", e.donnees, "-p", strconv.Itoa(port),
		"-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
		"-c", "timezone=UTC", "-c", "log_timezone=UTC", "-c", "logging_collector=off",
	}
	if e.test {
		args = append(args,
			"-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off",
			"-c", "wal_level=minimal", "-c", "max_wal_senders=0", "-c", "max_connections=300",
			"-c", "max_wal_size=2GB", "-c", "checkpoint_timeout=1h")
	}
	return args
}

func (e *emplacement) attendre(ctx context.Context, s *Server) error {
	ctx, cancel := context.WithTimeout(ctx, delaiDemarrage)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		err := joindre(ctx, s.base.String())
		if err == nil {
			return nil
		}
		select {
		case <-s.processus.fini:
			return fmt.Errorf("PostgreSQL s'est arrêté pendant son démarrage :\n%s", finDe(e.journal()))
		case <-ctx.Done():
			return fmt.Errorf("PostgreSQL ne répond pas : %w\n%s", err, finDe(e.journal()))
		case <-tick.C:
		}
	}
}

// joindre opens and closes one connection.
func joindre(ctx context.Context, adresse string) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, adresse)
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

func portLibre() (int, error) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("aucun port libre pour PostgreSQL : %w", err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// finDe returns the last lines of a log, enough to understand a failure.
func finDe(chemin string) string {
	contenu, err := os.ReadFile(chemin)
	if err != nil {
		return "(journal illisible : " + err.Error() + ")"
	}
	lignes := strings.Split(strings.TrimSpace(string(contenu)), "\n")
	return strings.Join(lignes[max(0, len(lignes)-15):], "\n")
}
