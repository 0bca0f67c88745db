// Command bench measures the platform: a throw-away PostgreSQL filled with generated conventions, the SIAP
// simulator, the services and routes of `apilos serve`, and clients on the loopback interface.
//
// usage: go run ./scripts/bench [-conventions N] [-petite N] [-requetes N] [-clients N] [-graine N] [-lentes DUREE]
//
//	go run ./scripts/bench siap [-conventions N] [-requetes N] [-clients N]   what SIAP reads, at 1 000 000 conventions
//	go run ./scripts/bench depot [-publications N] [-clients N]   the deposit of address files, see depot.go
//	go run ./scripts/bench bal [-octets N] [-repetitions N]            the validator of address files
//
// Each measure is made on two sizes of database. It prints a Markdown table: times, requests per second, times
// relative to those of GET /version in the same run (the reference: the same HTTP stack, without database nor
// session), and the number of SQL statements per request at both sizes, which must be the same (CC-51).
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"apilos/scripts/bench/validateur"
)

type options struct {
	conventions, petite int
	requetes, clients   int
	graine              int64
	lentes              time.Duration
}

// series are the numbers of clients to measure with.
func (o options) series() []int {
	if o.clients == 1 {
		return []int{1}
	}
	return []int{1, o.clients}
}

const usage = `usage: go run ./scripts/bench [-conventions N] [-petite N] [-requetes N] [-clients N] [-graine N] [-lentes DUREE]
`

// sousCommandes are the measures of one part of the product, each with its own flags.
var sousCommandes = map[string]func(ctx context.Context, args []string, w io.Writer) error{
	"depot": mesurerDepot,
	"bal":   validateur.Mesurer,
	"siap":  mesurerSIAP,
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if len(os.Args) > 1 {
		if mesurer, ok := sousCommandes[os.Args[1]]; ok {
			finir(stop, mesurer(ctx, os.Args[2:], os.Stdout))
			return
		}
	}
	var o options
	fs := flag.NewFlagSet("bench", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.IntVar(&o.conventions, "conventions", 20_000, "conventions and avenants in the large database")
	fs.IntVar(&o.petite, "petite", 2_000, "in the small one")
	fs.IntVar(&o.requetes, "requetes", 200, "requests per measure; a fifth of it for writes")
	fs.IntVar(&o.clients, "clients", 8, "simultaneous clients of the second series")
	fs.Int64Var(&o.graine, "graine", 1, "seed of the data")
	fs.DurationVar(&o.lentes, "lentes", 0, "also list the statements slower than this, 20ms for example")
	err := fs.Parse(os.Args[1:])
	if errors.Is(err, flag.ErrHelp) || err == nil && (fs.NArg() > 0 || o.conventions < 1 || o.petite < 1 || o.requetes < 10 || o.clients < 1) || err != nil {
		fmt.Fprint(os.Stderr, usage)
		fs.SetOutput(os.Stderr)
		fs.PrintDefaults()
		if errors.Is(err, flag.ErrHelp) {
			return
		}
		os.Exit(2)
	}
	finir(stop, run(ctx, o, mesurer, os.Stdout))
}

func finir(stop func(), err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench :", err)
		stop()
		os.Exit(1)
	}
}

// campagne measures one database.
type campagne func(ctx context.Context, b *base, o options) ([]serie, error)

// run measures the small database, then the large one, and writes the report.
func run(ctx context.Context, o options, mesurer campagne, w io.Writer) error {
	s, err := demarrerServeur(ctx)
	if err != nil {
		return err
	}
	defer s.arreter()
	r := rapport{coeurs: runtime.NumCPU(), versionGo: runtime.Version(), postgres: s.version(ctx), series: o.series()}
	for _, taille := range []int{o.petite, o.conventions} {
		fmt.Fprintf(os.Stderr, "Base de %d conventions…\n", taille)
		b, err := s.preparer(ctx, taille, o)
		if err != nil {
			return err
		}
		r.bases = append(r.bases, b.description)
		mesures, err := mesurer(ctx, b, o)
		b.fermer()
		b.compteur.ecrireLentes(os.Stderr)
		if err != nil {
			return err
		}
		r.mesures = append(r.mesures, mesures)
	}
	return r.ecrire(w)
}
