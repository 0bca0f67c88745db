// Package validateur measures the validator of address files against the published npm package and against a
// bare reading of the same file.
//
// usage: go run ./scripts/bench bal [-octets N] [-repetitions N] [-sans-reference]
//
// It writes large invented files (scripts/bal/generer.mjs, so Node and npm ci are needed), makes each measure in
// a process of its own, and prints a Markdown table: time, throughput, peak memory, and the ratios, which are
// what can be compared from a machine to another. Both validators must give the same verdict and the same codes,
// or the command fails.
package validateur

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
)

// commande is the name of these measures on the command line of the bench, which starts itself again for each.
const commande = "bal"

type options struct {
	octets, repetitions int
	sansReference       bool

	mesure string // made in this process, on the file that is the only argument
}

const usage = `usage: ./scripts/bench/run bal [-octets N] [-repetitions N] [-sans-reference]
  -octets N         taille des fichiers (50000000 par défaut)
  -repetitions N    nombre d'essais par mesure, la médiane est gardée (3) ; un seul pour le paquet npm
  -sans-reference   sans le paquet npm
`

// Mesurer makes the measures and writes the table. Errors: wrong arguments, Node missing, validators that
// disagree.
func Mesurer(ctx context.Context, args []string, w io.Writer) error {
	var o options
	fs := flag.NewFlagSet(commande, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.IntVar(&o.octets, "octets", 50_000_000, "")
	fs.IntVar(&o.repetitions, "repetitions", 3, "")
	fs.BoolVar(&o.sansReference, "sans-reference", false, "")
	fs.StringVar(&o.mesure, "mesure", "", "")
	err := fs.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(os.Stderr, usage)
		return nil
	case err != nil:
		return fmt.Errorf("%w\n%s", err, usage)
	case o.mesure != "" && fs.NArg() == 1:
		return mesurerIci(ctx, o.mesure, fs.Arg(0), w)
	case o.octets < 100_000, o.repetitions < 1, fs.NArg() > 0, o.mesure != "":
		return errors.New("wrong arguments\n" + usage)
	}
	return run(ctx, o, w)
}

// variante is a kind of file, and whether the npm package reads it too.
type variante struct {
	nom, description string
	reference        bool
}

var variantes = [...]variante{
	{"propre", "sans anomalie", true},
	{"erreurs", "deux anomalies par ligne", true},
	{"guillemets", "sans anomalie, valeurs entre guillemets", false},
	{"latin1", "sans anomalie, en Latin-1", false},
}

func run(ctx context.Context, o options, w io.Writer) error {
	dossier, err := os.MkdirTemp("", "bench-bal-")
	if err != nil {
		return fmt.Errorf("make a folder for the files: %w", err)
	}
	defer os.RemoveAll(dossier)
	r := rapport{coeurs: runtime.NumCPU(), versionGo: runtime.Version(), octets: o.octets}
	if r.repos, err = dansUnProcessus(ctx, mesureRepos, ""); err != nil {
		return err
	}
	for _, v := range variantes {
		fichier := filepath.Join(dossier, v.nom+".csv")
		if err := generer(ctx, o.octets, v.nom, fichier); err != nil {
			return err
		}
		s, err := mesurerVariante(ctx, o, v, fichier)
		if err != nil {
			return fmt.Errorf("file %s: %w", v.nom, err)
		}
		r.series = append(r.series, s)
	}
	return r.ecrire(w)
}

// mesurerVariante makes all the measures of a file, one after the other.
func mesurerVariante(ctx context.Context, o options, v variante, fichier string) (serie, error) {
	s := serie{variante: v, mesures: map[string]mesure{}}
	for _, nom := range []string{mesureCSV, mesureUnCoeur, mesureTousCoeurs} {
		fmt.Fprintf(os.Stderr, "%s, %s…\n", v.nom, nom)
		var essais []mesure
		for range o.repetitions {
			m, err := dansUnProcessus(ctx, nom, fichier)
			if err != nil {
				return s, err
			}
			essais = append(essais, m)
		}
		s.mesures[nom] = mediane(essais)
	}
	if o.sansReference || !v.reference {
		return s, nil
	}
	fmt.Fprintf(os.Stderr, "%s, %s…\n", v.nom, mesureReference)
	m, err := dansUnProcessus(ctx, mesureReference, fichier)
	if err != nil {
		return s, err
	}
	s.mesures[mesureReference] = m
	return s, s.mesures[mesureTousCoeurs].memeResultat(m)
}
