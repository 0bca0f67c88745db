package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"apilos/api/app"
	"apilos/api/config"
	"apilos/api/mesure"
	"apilos/api/pgdev"
	"apilos/api/sim"
	"apilos/api/store"

	"github.com/jackc/pgx/v5"
)

// serveur is the throw-away PostgreSQL and the folder of files of a run.
type serveur struct {
	pg      *pgdev.Server
	dossier string
	bases   int
}

func demarrerServeur(ctx context.Context) (*serveur, error) {
	dossier, err := os.MkdirTemp("", "apilos-bench-")
	if err != nil {
		return nil, fmt.Errorf("folder of the run: %w", err)
	}
	pg, err := pgdev.Start(ctx, pgdev.Options{Dir: filepath.Join(dossier, "pg")}) // durable, as in production
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dossier))
	}
	return &serveur{pg: pg, dossier: dossier}, nil
}

func (s *serveur) arreter() {
	if err := errors.Join(s.pg.Stop(), os.RemoveAll(s.dossier)); err != nil {
		fmt.Fprintln(os.Stderr, "bench :", err)
	}
}

func (s *serveur) version(ctx context.Context) string {
	conn, err := pgx.Connect(ctx, s.pg.URL(""))
	if err != nil {
		return "inconnue"
	}
	defer conn.Close(ctx)
	var v string
	if err := conn.QueryRow(ctx, `SHOW server_version`).Scan(&v); err != nil {
		return "inconnue"
	}
	return v
}

// base is the platform on a database of generated conventions.
type base struct {
	description string
	url         string // of the HTTP server
	banc        *app.Banc
	db          *store.DB // of the bench, not observed
	scenario    *sim.Scenario
	compteur    *compteur
	fermetures  []func()
}

func (b *base) fermer() {
	for i := len(b.fermetures) - 1; i >= 0; i-- {
		b.fermetures[i]()
	}
}

// preparer creates a database, fills it, and serves the platform on it.
func (s *serveur) preparer(ctx context.Context, conventions int, o options) (*base, error) {
	b := &base{compteur: nouveauCompteur(o.lentes)}
	if err := s.monter(ctx, b, conventions, o.graine, nombreOperations(o)); err != nil {
		b.fermer()
		return nil, err
	}
	return b, nil
}

func (s *serveur) monter(ctx context.Context, b *base, conventions int, graine int64, operations int) error {
	adresse, err := s.creer(ctx)
	if err != nil {
		return err
	}
	if b.db, err = store.Open(ctx, adresse, store.Options{}); err != nil {
		return err
	}
	b.fermetures = append(b.fermetures, b.db.Close)
	if err := remplir(ctx, b, adresse, conventions, graine); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	b.fermetures = append(b.fermetures, cancel)
	simulateur, err := s.simuler(ctx, b, operations)
	if err != nil {
		return err
	}
	return s.servir(ctx, b, adresse, simulateur)
}

// preparerVide serves the platform on an empty database, for the measures of the deposit.
func (s *serveur) preparerVide(ctx context.Context) (*base, error) {
	b := &base{compteur: nouveauCompteur(0)}
	if err := s.monterVide(ctx, b); err != nil {
		b.fermer()
		return nil, err
	}
	return b, nil
}

func (s *serveur) monterVide(ctx context.Context, b *base) error {
	adresse, err := s.creer(ctx)
	if err != nil {
		return err
	}
	if b.db, err = store.Open(ctx, adresse, store.Options{}); err != nil {
		return err
	}
	b.fermetures = append(b.fermetures, b.db.Close)
	if _, err := b.db.Migrer(ctx, slog.New(slog.DiscardHandler)); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	b.fermetures = append(b.fermetures, cancel)
	simulateur, err := sim.Start(ctx, sim.Options{Scenario: "demo", Environment: "test"})
	if err != nil {
		return err
	}
	return s.servir(ctx, b, adresse, simulateur)
}

func (s *serveur) creer(ctx context.Context) (string, error) {
	s.bases++
	nom := fmt.Sprintf("bench_%d", s.bases)
	conn, err := pgx.Connect(ctx, s.pg.URL(""))
	if err != nil {
		return "", fmt.Errorf("create database: %w", err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, `CREATE DATABASE `+nom); err != nil {
		return "", fmt.Errorf("create database: %w", err)
	}
	return s.pg.URL(nom), nil
}

func remplir(ctx context.Context, b *base, adresse string, conventions int, graine int64) error {
	if _, err := b.db.Migrer(ctx, slog.New(slog.DiscardHandler)); err != nil {
		return err
	}
	bilan, err := b.db.ChargerMesure(ctx, mesure.Options{Conventions: conventions, Graine: graine}, nil)
	if err != nil {
		return err
	}
	b.description = fmt.Sprintf("%d conventions et avenants (écrits en %.1f s)", conventions, (bilan.Copie + bilan.Index).Seconds())
	// What autovacuum would have done after a while: its absence would be measured otherwise.
	conn, err := pgx.Connect(ctx, adresse)
	if err != nil {
		return fmt.Errorf("vacuum: %w", err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, `VACUUM ANALYZE`); err != nil {
		return fmt.Errorf("vacuum: %w", err)
	}
	return nil
}

// simuler plays SIAP with operations to open, for the largest of the generated bailleurs.
func (s *serveur) simuler(ctx context.Context, b *base, operations int) (*sim.Server, error) {
	var siren string
	err := b.db.Pool().QueryRow(ctx, `SELECT b.siren FROM bailleur b JOIN convention_recherche r ON r.bailleur_effectif_id = b.id
		WHERE b.siren IS NOT NULL GROUP BY b.id ORDER BY count(*) DESC, b.id LIMIT 1`).Scan(&siren)
	if err != nil {
		return nil, fmt.Errorf("largest bailleur: %w", err)
	}
	document, err := ecrireScenario(siren, operations)
	if err != nil {
		return nil, err
	}
	chemin := filepath.Join(s.dossier, fmt.Sprintf("scenario_%d.json", s.bases))
	if err := os.WriteFile(chemin, document, 0o600); err != nil {
		return nil, fmt.Errorf("write scenario: %w", err)
	}
	if b.scenario, err = sim.Load(chemin); err != nil {
		return nil, err
	}
	return sim.Start(ctx, sim.Options{Scenario: chemin, Environment: "test"})
}

func (s *serveur) servir(ctx context.Context, b *base, adresse string, simulateur *sim.Server) error {
	var lc net.ListenConfig
	ecoute, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	b.url = "http://" + ecoute.Addr().String()
	cfg, err := config.Load([]string{
		"ENVIRONMENT=test", "DATABASE_URL=" + adresse, "DATA_DIR=" + filepath.Join(s.dossier, fmt.Sprint(s.bases)), "PUBLIC_BASE_URL=" + b.url,
		"SIAP_CLIENT_HOST=" + simulateur.URL(), "SIAP_CLIENT_JWT_SIGN_KEY=" + string(simulateur.Key().Secret), "CERBERE_AUTH=" + simulateur.CASURL(),
		"LOGLEVEL=error", "ADMIN_TOKEN=" + jetonAdministration, "JWT_SIGN_KEYS=banc:" + cleEntrante,
	})
	if err != nil {
		return errors.Join(err, ecoute.Close())
	}
	if b.banc, err = app.OuvrirBanc(ctx, cfg, b.compteur, slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))); err != nil {
		return errors.Join(err, ecoute.Close())
	}
	b.fermetures = append(b.fermetures, b.banc.Fermer)
	front := &http.Server{Handler: b.compteur.entourer(b.banc.Handler()), ReadHeaderTimeout: 5 * time.Second}
	ctx, cancel := context.WithCancel(ctx)
	travaux, requetes := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(travaux)
		if err := b.banc.Travailler(ctx); err != nil && ctx.Err() == nil {
			fmt.Fprintln(os.Stderr, "bench : jobs:", err)
		}
	}()
	go func() {
		defer close(requetes)
		if err := front.Serve(ecoute); !errors.Is(err, http.ErrServerClosed) {
			fmt.Fprintln(os.Stderr, "bench : serve:", err)
		}
	}()
	b.fermetures = append(b.fermetures, func() {
		cancel()
		_ = front.Close()
		<-requetes
		<-travaux
	})
	return nil
}
