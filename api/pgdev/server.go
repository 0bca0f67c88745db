package pgdev

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"sync"
	"time"
)

// Options tells Start what is wanted.
type Options struct {
	// DatabaseURL, when set, is the server to use; nothing is started.
	DatabaseURL string
	// Dir is where data, password and logs are kept, created when missing. Empty with Test means a
	// throw-away folder, removed by Stop.
	Dir string
	// Test trades durability for speed: a crash loses everything. Never for data one wants to keep.
	Test bool
	// Logger receives what was chosen and why; nil is silent.
	Logger *slog.Logger

	recherche *recherche // replaced by tests
}

// Server is a PostgreSQL server that can be reached. It is safe for concurrent use.
type Server struct {
	base    *url.URL // address of the database postgres
	version int      // major version, 0 when the server was given
	dossier string
	jetable bool // dossier is removed by Stop

	processus *processus // nil when the server belongs to somebody else
	gardien   *gardien
	arret     sync.Once
	errArret  error
}

// delaiDemarrage covers the recovery of a database that was not stopped in order.
const delaiDemarrage = 60 * time.Second

// delaiArret is how long Stop waits for the fast shutdown, which takes a few milliseconds.
const delaiArret = 20 * time.Second

// superutilisateur owns the development server.
const superutilisateur = "apilos"

// Start returns a server that answers. It reuses the one that already runs on Dir, if any, and that
// one then stops with the process that started it. Errors begin with a French sentence for
// the person at the terminal.
func Start(ctx context.Context, o Options) (*Server, error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.DatabaseURL != "" {
		return serveurDonne(ctx, o.DatabaseURL)
	}
	if o.Dir == "" && !o.Test {
		return nil, errors.New("pgdev: indiquez le dossier des données")
	}
	r := rechercheParDefaut()
	if o.recherche != nil {
		r = *o.recherche
	}
	b, err := r.trouver(ctx)
	if err != nil {
		return nil, err
	}
	e, err := preparer(o, b)
	if err != nil {
		return nil, err
	}
	verrou, err := verrouillerFichier(e.verrou())
	if err != nil {
		return nil, fmt.Errorf("PostgreSQL de développement : %w", err)
	}
	defer verrou.Close()
	if s := e.reprendre(ctx); s != nil {
		o.Logger.Info("PostgreSQL de développement déjà démarré", "version", b.majeure, "port", s.base.Port())
		return s, nil
	}
	if err := e.initialiser(ctx); err != nil {
		return nil, e.nettoyer(err)
	}
	s, err := e.demarrer(ctx)
	if err != nil {
		return nil, e.nettoyer(err)
	}
	o.Logger.Info("PostgreSQL de développement démarré", "version", b.majeure, "port", s.base.Port(),
		"binaires", e.binaires.dossier, "donnees", e.donnees)
	return s, nil
}

func serveurDonne(ctx context.Context, adresse string) (*Server, error) {
	u, err := url.Parse(adresse)
	if err != nil || u.Host == "" || (u.Scheme != "postgres" && u.Scheme != "postgresql") {
		// The address holds a password: it is not repeated.
		return nil, errors.New("l'adresse de la base n'est pas de la forme postgres://utilisateur:mot_de_passe@hôte:port/base")
	}
	if err := joindre(ctx, adresse); err != nil {
		return nil, fmt.Errorf("la base de données indiquée ne répond pas : %w", err)
	}
	return &Server{base: u}, nil
}

// URL returns the address of a database of the server, which need not exist yet. An empty name means
// the maintenance database, or the one of the given address.
func (s *Server) URL(db string) string {
	u := *s.base
	if db != "" {
		u.Path = "/" + db
	}
	return u.String()
}

// Version is the major version of PostgreSQL, 0 when the server was given by its address.
func (s *Server) Version() int { return s.version }

// Owned tells whether Stop will stop the server: false when it was given or already running.
func (s *Server) Owned() bool { return s.processus != nil }

// Stop stops the server if this process started it, waits for its end and removes its folder when it
// was a throw-away one. Calling it again returns the same result.
func (s *Server) Stop() error {
	s.arret.Do(func() {
		if s.processus == nil {
			return
		}
		s.errArret = s.processus.arreter(delaiArret)
		s.gardien.congedier()
		if s.jetable {
			s.errArret = errors.Join(s.errArret, os.RemoveAll(s.dossier))
		}
	})
	return s.errArret
}
