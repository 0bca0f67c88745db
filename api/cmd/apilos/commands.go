package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"apilos/api/app"
	"apilos/api/config"
)

// commands lists the subcommands in the order of the help page.
func commands() []command {
	return []command{
		{"serve", "[--port N] [--reset]", "Démarre la plateforme (et les tâches de fond, sauf JOBS_IN_PROCESS=false).", defineServe},
		{"worker", "", "Exécute les tâches de fond, à côté de « serve ».", defineWorker},
		{"migrate", "up|down|status [--json]", "Met à jour le schéma de la base, annule la dernière migration ou montre leur état.", defineMigrate},
		{"seed", "[--demo] [--conventions N]", "Écrit les données de référence, et au choix les données de démonstration ou de mesure.", defineSeed},
		{"doctor", "[--json]", "Vérifie les réglages et chaque service dont la plateforme dépend.", defineDoctor},
		{"journal", "verifier [--famille UUID] [--sceaux [--empreinte HEX]] [--json] | sceller [--json]", "Relit les chaînes du journal et ses sceaux, et montre ce qui a été altéré (code de sortie 1) ; ou le scelle et affiche l'empreinte.", defineJournal},
		{"healthcheck", "[--url URL]", "Réussit si la plateforme répond (sonde de conteneur).", defineHealthcheck},
		{"siap-sim", "[--listen HÔTE:PORT] [--scenario FICHIER]", "Démarre le simulateur de SIAP. Jamais en production.", defineSimulator(app.SiapSim)},
		{"cas-sim", "[--listen HÔTE:PORT] [--scenario FICHIER]", "Démarre le simulateur de CERBERE. Jamais en production.", defineSimulator(app.CasSim)},
		{"bal", "validate FICHIER [options] | autofix FICHIER -o SORTIE", "Valide ou corrige un fichier de Base Adresse Locale (codes de sortie : 0 valide, 1 non valide, 2 illisible).", defineBal},
		{"export", "infosiap [--limit N] [--output FICHIER|-]", "Écrit toutes les conventions, une par ligne, en JSON.", defineExport},
		{"siap", "alertes [--convention UUID] [--login LOGIN --habilitation N]", "Montre les alertes que SIAP détient, une par ligne, en JSON.", defineSIAP},
		{"repair", "zonages [--run --acteur COURRIEL --motif TEXTE [--yes]]", "Corrige des données reprises d'ailleurs ; sans --run, annonce seulement les corrections.", defineRepair},
		{"convention", "terminer --mode M --fichier CSV --operateur COURRIEL [--executer]", "Dénonce ou résilie les conventions d'une liste ; sans --executer, simulation.", defineConvention},
		{"administration", "reaffecter --operations FICHIER --vers CODE [--de CODE] --acteur COURRIEL [--run --motif TEXTE [--yes]]", "Confie les opérations d'une liste à une autre administration ; sans --run, simulation.", defineAdministration},
		{"user", "create|role|promote|revoke|password|unlock|pseudonymiser IDENTIFIANT [options]", "Gère un compte : comptes locaux, droits de l'équipe. Simulation sans --run.", defineUser},
		{"token", "issue --nom N --portees L --perimetre P | list | revoke UUID", "Crée, liste ou révoque les clients de l'API et leurs jetons.", defineToken},
		{"openapi", "[apilos|siap|depot] [--format json|yaml]", "Écrit la description OpenAPI d'une des API.", defineOpenAPI},
		{"version", "[--json]", "Affiche la version.", defineVersion},
	}
}

func defineServe(p program, fs *flag.FlagSet) func(context.Context, []string) error {
	port := fs.Int("port", 0, "`N` : port d'écoute, à la place de PORT")
	reset := fs.Bool("reset", false, "efface les données locales avant de démarrer (développement)")
	return func(ctx context.Context, args []string) error {
		if err := noArguments(args); err != nil {
			return err
		}
		var overrides []string
		if isSet(fs, "port") {
			if *port < 0 || *port > 65535 {
				return usageError{"--port attend un nombre de 0 à 65535"}
			}
			overrides = append(overrides, "PORT="+strconv.Itoa(*port))
		}
		cfg, err := p.load(overrides...)
		if err != nil {
			return err
		}
		if *reset && !cfg.Environment.Local() {
			return errors.New("--reset efface les données : refusé hors développement et test")
		}
		return app.Serve(ctx, cfg, app.ServeOptions{Build: p.build, Reset: *reset, Output: p.stdout})
	}
}

func defineWorker(p program, _ *flag.FlagSet) func(context.Context, []string) error {
	return func(ctx context.Context, args []string) error {
		if err := noArguments(args); err != nil {
			return err
		}
		cfg, err := p.load()
		if err != nil {
			return err
		}
		return app.Worker(ctx, cfg)
	}
}

func defineMigrate(p program, fs *flag.FlagSet) func(context.Context, []string) error {
	asJSON := fs.Bool("json", false, "état des migrations en JSON")
	return func(ctx context.Context, args []string) error {
		if len(args) != 1 || !slices.Contains([]string{"up", "down", "status"}, args[0]) {
			return usageError{"précisez up, down ou status"}
		}
		cfg, err := p.load()
		if err != nil {
			return err
		}
		if args[0] == "status" {
			return app.MigrateStatus(ctx, cfg, p.stdout, *asJSON)
		}
		return app.Migrate(ctx, cfg, args[0])
	}
}

func defineSeed(p program, fs *flag.FlagSet) func(context.Context, []string) error {
	demo := fs.Bool("demo", false, "ajoute les données de démonstration (hors production)")
	conventions := fs.Int("conventions", 0, "`N` : ajoute N conventions générées (hors production)")
	graine := fs.Int64("graine", 1, "`N` : graine du générateur ; la même donne les mêmes données")
	return func(ctx context.Context, args []string) error {
		if err := noArguments(args); err != nil {
			return err
		}
		if *conventions < 0 {
			return usageError{"--conventions attend un nombre positif"}
		}
		cfg, err := p.load()
		if err != nil {
			return err
		}
		if cfg.Environment == config.Production && (*demo || *conventions > 0) {
			return errors.New("les données inventées ne s'écrivent pas en production")
		}
		return app.Seed(ctx, cfg, app.SeedOptions{Demo: *demo, Conventions: *conventions, Graine: *graine, Output: p.stdout})
	}
}

func defineDoctor(p program, fs *flag.FlagSet) func(context.Context, []string) error {
	asJSON := fs.Bool("json", false, "rapport en JSON")
	return func(ctx context.Context, args []string) error {
		if err := noArguments(args); err != nil {
			return err
		}
		cfg, err := p.load()
		if err != nil {
			return err
		}
		return app.Doctor(ctx, cfg, p.stdout, *asJSON)
	}
}

func defineSimulator(run func(context.Context, config.Config, app.SimOptions) error) func(program, *flag.FlagSet) func(context.Context, []string) error {
	return func(p program, fs *flag.FlagSet) func(context.Context, []string) error {
		listen := fs.String("listen", "", "`HÔTE:PORT` : adresse d'écoute, à la place de SIAP_SIMULATOR_ADDR")
		scenario := fs.String("scenario", "", "`FICHIER` : scénario à jouer, à la place de SIAP_SIMULATOR_SCENARIO")
		return func(ctx context.Context, args []string) error {
			if err := noArguments(args); err != nil {
				return err
			}
			overrides := []string{"USE_SIAP_SIMULATOR=true"}
			if *listen != "" {
				overrides = append(overrides, "SIAP_SIMULATOR_ADDR="+*listen)
			}
			if *scenario != "" {
				overrides = append(overrides, "SIAP_SIMULATOR_SCENARIO="+*scenario)
			}
			cfg, err := p.load(overrides...)
			if err != nil {
				return err
			}
			return run(ctx, cfg, app.SimOptions{Listen: cfg.Simulator.Addr, Scenario: cfg.Simulator.Scenario})
		}
	}
}

func defineOpenAPI(p program, fs *flag.FlagSet) func(context.Context, []string) error {
	format := fs.String("format", "json", "`FORMAT` : json ou yaml")
	return func(_ context.Context, args []string) error {
		document := "apilos"
		if len(args) > 0 {
			document = args[0]
		}
		if len(args) > 1 || !slices.Contains([]string{"apilos", "siap", "depot"}, document) {
			return usageError{"précisez une API : apilos, siap ou depot"}
		}
		if *format != "json" && *format != "yaml" {
			return usageError{"--format vaut json ou yaml"}
		}
		return app.OpenAPI(p.stdout, document, *format)
	}
}

func defineVersion(p program, fs *flag.FlagSet) func(context.Context, []string) error {
	asJSON := fs.Bool("json", false, "version en JSON")
	return func(_ context.Context, args []string) error {
		if err := noArguments(args); err != nil {
			return err
		}
		if *asJSON {
			return json.NewEncoder(p.stdout).Encode(struct {
				app.BuildInfo
				Go string `json:"go"`
			}{p.build, runtime.Version()})
		}
		details := strings.Join(slices.DeleteFunc([]string{p.build.Commit, p.build.Date, runtime.Version()},
			func(part string) bool { return part == "" }), ", ")
		_, err := fmt.Fprintf(p.stdout, "apilos %s (%s)\n", p.build.Version, details)
		return err
	}
}

func defineHealthcheck(p program, fs *flag.FlagSet) func(context.Context, []string) error {
	address := fs.String("url", "", "`URL` : adresse à interroger, à la place de /sante/vie sur PORT")
	return func(ctx context.Context, args []string) error {
		if err := noArguments(args); err != nil {
			return err
		}
		if *address == "" {
			cfg, err := p.load()
			if err != nil {
				return err
			}
			*address = "http://127.0.0.1:" + strconv.Itoa(cfg.Server.Port) + "/sante/vie"
		}
		return probe(ctx, *address)
	}
}

// probe succeeds when address answers 200 within three seconds.
func probe(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return usageError{"adresse refusée : " + address}
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("pas de réponse : %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 1<<20))
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("réponse %d", response.StatusCode)
	}
	return nil
}

// isSet reports whether the person gave the flag, even with its default value.
func isSet(fs *flag.FlagSet, name string) bool {
	found := false
	fs.Visit(func(f *flag.Flag) { found = found || f.Name == name })
	return found
}

// buildInfo takes what the linker wrote, completed by what the Go toolchain recorded.
func buildInfo() app.BuildInfo {
	info := app.BuildInfo{Version: version, Commit: commit, Date: date}
	if recorded, ok := debug.ReadBuildInfo(); ok && info.Commit == "" {
		for _, setting := range recorded.Settings {
			if setting.Key == "vcs.revision" {
				info.Commit = setting.Value
			}
		}
	}
	return info
}
