package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"

	"apilos/api/config"
	"apilos/api/httpapi"
	"apilos/api/sim"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"golang.org/x/sync/errgroup"
)

// Serve runs the HTTP server, and the jobs when the settings say so, until ctx ends. In development it
// also starts what is missing: database, simulators, demonstration data.
func Serve(ctx context.Context, cfg config.Config, opts ServeOptions) error {
	if opts.Reset {
		if err := effacer(cfg); err != nil {
			return err
		}
	}
	log := journalDe(cfg, os.Stdout)
	// Listening comes first: an address already in use must not cost a start of the database.
	ecoute, err := ecouter(ctx, cfg.Server.Host, cfg.Server.Port)
	if err != nil {
		return err
	}
	defer ecoute.Close()
	cfg, err = simulerSIAP(ctx, cfg)
	if err != nil {
		return err
	}
	b, err := ouvrirBase(ctx, cfg, log)
	if err != nil {
		return err
	}
	b.version = opts.Build.Version
	p, err := assembler(ctx, b)
	if err != nil {
		return err
	}
	defer p.fermer()
	if err := p.preparer(ctx, opts.Output); err != nil {
		return err
	}
	return p.servir(ctx, ecoute, opts)
}

func ecouter(ctx context.Context, hote string, port int) (net.Listener, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", net.JoinHostPort(hote, strconv.Itoa(port)))
	if err != nil {
		return nil, fmt.Errorf("le port %d n’est pas libre : choisissez-en un autre avec --port (%w)", port, err)
	}
	return l, nil
}

// simulerSIAP starts the simulators when the settings ask for them; they stop with ctx.
func simulerSIAP(ctx context.Context, cfg config.Config) (config.Config, error) {
	if !cfg.Simulator.Enabled {
		return cfg, nil
	}
	if _, err := sim.Start(ctx, optionsSimulateur(cfg)); err != nil {
		return cfg, err
	}
	return cfg, nil
}

// preparer brings a local installation up to date. Elsewhere the schema is the operator's business, and
// readiness says when it is late.
func (p *pieces) preparer(ctx context.Context, sortie io.Writer) error {
	if !p.cfg.Environment.Local() {
		if err := p.db.CalerFlux(ctx); err != nil { // an older schema, which readiness reports
			p.log.WarnContext(ctx, "feed of changes not checked", "error", err.Error())
		}
		return nil
	}
	if _, err := p.db.Migrer(ctx, p.log); err != nil {
		return fmt.Errorf("mise à jour du schéma : %w", err)
	}
	if p.cfg.Simulator.Enabled && p.cfg.Environment == config.Development {
		if err := semerDemonstration(ctx, p, sortie); err != nil {
			return err
		}
	}
	simule, err := p.utilisateurSimule()
	if err != nil || simule == 0 {
		return err
	}
	return p.comptes.VerifierUtilisateurSimule(ctx, simule)
}

func (p *pieces) servir(ctx context.Context, ecoute net.Listener, opts ServeOptions) error {
	mesures := prometheus.NewRegistry()
	mesures.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	e, err := p.routeur(opts.Build, mesures)
	if err != nil {
		return err
	}
	if err := p.mesureSIAP.inscrire(mesures); err != nil {
		return err
	}
	public := httpapi.NewServer("", e, p.log)
	prive := httpapi.NewServer("", mesuresSeules(mesures), p.log)
	ecouteMesures, err := ecouter(ctx, p.cfg.Server.Host, p.cfg.Server.MetricsPort)
	if err != nil {
		return err
	}
	defer ecouteMesures.Close()

	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return sauf(public.Serve(httpapi.LimitConnections(ecoute, p.cfg.Server.MaxConnections))) })
	g.Go(func() error { return sauf(prive.Serve(ecouteMesures)) })
	g.Go(func() error { return p.direct.Diffuser(ctx) })
	if p.cfg.Jobs.InProcess {
		g.Go(func() error { return p.travailler(ctx) })
	}
	g.Go(func() error {
		<-ctx.Done()
		arret, cancel := context.WithTimeout(context.WithoutCancel(ctx), p.cfg.Server.ShutdownTimeout)
		defer cancel()
		return errors.Join(public.Shutdown(arret), prive.Shutdown(arret))
	})
	p.annoncer(opts.Output)
	p.log.Info("serving", "address", ecoute.Addr().String(), "environment", string(p.cfg.Environment), "version", opts.Build.Version)
	return g.Wait()
}

func sauf(err error) error {
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

func mesuresSeules(reg *prometheus.Registry) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(reg, promhttp.HandlerOpts{Timeout: 5 * time.Second}))
	return mux
}

// annoncer tells the person at the terminal where to go.
func (p *pieces) annoncer(w io.Writer) {
	if w == nil || !p.cfg.Environment.Local() {
		return
	}
	fmt.Fprintf(w, "\nAPiLos est prêt : %s\n", p.cfg.Server.PublicBaseURL)
	if !p.cfg.Simulator.Enabled {
		return
	}
	if p.comptesLocaux() {
		fmt.Fprintln(w, "\nConnexion par mot de passe : créez un compte avec « apilos user create -h ».\n\nCtrl-C pour arrêter.")
		return
	}
	fmt.Fprintf(w, `
Comptes de démonstration (un clic sur la page de connexion, sans mot de passe) :
  Marie Durand      bailleur, Porcelaine Habitat (Limoges)
  Luc Martin        instructeur, DDT de la Haute-Vienne
  Thomas Girard     DREAL, région Nouvelle-Aquitaine
  Julien Faure      bailleur, en lecture seule
  Sophie Bernard    administration centrale et équipe (clients de l'API de dépôt, consulter en tant que)
  Camille Robin     plusieurs habilitations
SIAP simulé (alertes reçues, pannes à simuler), ProConnect, annuaire, BAN, partenaires et messagerie simulés : http://%s%s/
`, p.cfg.Simulator.Addr, sim.ControlPrefix)
	if p.boite != nil {
		fmt.Fprintf(w, "Courriels envoyés : %s/__dev/mails\n", p.cfg.Server.PublicBaseURL)
	}
	fmt.Fprintln(w, "\nCtrl-C pour arrêter.")
}
