package validateur

import (
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"syscall"
	"time"

	"apilos/api/bal"
	"apilos/api/cog"
)

// The measures: the first three are made by this program in a process of its own, the last one by Node.
const (
	mesureRepos      = "repos" // nothing but the geographic code in memory
	mesureCSV        = "encoding/csv"
	mesureUnCoeur    = "un cœur"
	mesureTousCoeurs = "tous les cœurs"
	mesureReference  = "paquet npm"
)

// mesure is what a process says of its work, and what the system says of the process.
type mesure struct {
	Millisecondes float64  `json:"millisecondes"`
	Lignes        int      `json:"lignes"`
	Profil        string   `json:"profil"`
	Codes         []string `json:"codes"`
	Lu            bool     `json:"lu"`

	pointe int64 // largest resident size, bytes
}

func (m mesure) secondes() float64 { return m.Millisecondes / 1000 }

// memeResultat checks that two validators say the same thing.
func (m mesure) memeResultat(autre mesure) error {
	if m.Lu != autre.Lu || m.Lignes != autre.Lignes || m.Profil != autre.Profil || !slices.Equal(m.Codes, autre.Codes) {
		m.Millisecondes, autre.Millisecondes = 0, 0
		return fmt.Errorf("the validators disagree: ours %+v, npm %+v", m, autre)
	}
	return nil
}

// mediane keeps the measure whose time is in the middle, with the largest of the peaks.
func mediane(essais []mesure) mesure {
	slices.SortFunc(essais, func(a, b mesure) int { return cmp.Compare(a.Millisecondes, b.Millisecondes) })
	m := essais[len(essais)/2]
	for _, e := range essais {
		m.pointe = max(m.pointe, e.pointe)
	}
	return m
}

// dejaMesure is set in the processes that make a measure: they start no other, whatever their arguments.
const dejaMesure = "APILOS_BENCH_MESURE"

// dansUnProcessus makes a measure in a new process.
func dansUnProcessus(ctx context.Context, nom, fichier string) (m mesure, err error) {
	if os.Getenv(dejaMesure) != "" {
		return m, errors.New("a measure starts no other")
	}
	programme, err := os.Executable()
	if err != nil {
		return m, fmt.Errorf("find this program: %w", err)
	}
	processus := exec.CommandContext(ctx, programme, commande, "-mesure", nom, fichier)
	switch nom {
	case mesureReference:
		processus = exec.CommandContext(ctx, "node", "scripts/bench/validateur/reference.mjs", fichier)
	case mesureCSV, mesureUnCoeur:
		processus.Env = append(os.Environ(), "GOMAXPROCS=1")
	}
	processus.Env = append(processus.Environ(), dejaMesure+"=1")
	processus.Stderr = os.Stderr
	sortie, err := processus.Output()
	if err != nil {
		return m, fmt.Errorf("measure %s: %w", nom, err)
	}
	if err := json.Unmarshal(sortie, &m); err != nil {
		return m, fmt.Errorf("measure %s: read its result: %w", nom, err)
	}
	usage, ok := processus.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return m, errors.New("this system does not tell the memory of processes")
	}
	m.pointe = int64(usage.Maxrss) //nolint:unconvert // 32 bits on some systems
	if runtime.GOOS != "darwin" {  // where it is already in bytes
		m.pointe *= 1024
	}
	return m, nil
}

// mesurerIci makes a measure in this process and writes it.
func mesurerIci(ctx context.Context, nom, fichier string, w io.Writer) error {
	c := cog.Charger()
	debut := time.Now()
	var m mesure
	var err error
	switch nom {
	case mesureRepos:
	case mesureCSV:
		m.Lignes, err = lireCSV(fichier)
	case mesureUnCoeur, mesureTousCoeurs:
		m, err = valider(ctx, c, fichier)
	default:
		return fmt.Errorf("unknown measure %q", nom)
	}
	if err != nil {
		return err
	}
	m.Millisecondes = float64(time.Since(debut)) / float64(time.Millisecond)
	return json.NewEncoder(w).Encode(m)
}

func lireCSV(fichier string) (lignes int, err error) {
	f, err := os.Open(fichier)
	if err != nil {
		return 0, fmt.Errorf("open the file: %w", err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.ReuseRecord = ';', true
	for {
		if _, err := r.Read(); errors.Is(err, io.EOF) {
			return lignes - 1, nil
		} else if err != nil {
			return 0, fmt.Errorf("read the file: %w", err)
		}
		lignes++
	}
}

func valider(ctx context.Context, c *cog.Cog, fichier string) (mesure, error) {
	source := func(context.Context) (io.ReadCloser, error) { return os.Open(fichier) }
	r, err := bal.Valider(ctx, source, bal.Options{Horloge: time.Now(), Cog: c})
	if err != nil {
		return mesure{}, fmt.Errorf("validate: %w", err)
	}
	return mesure{Lignes: r.Lignes, Profil: r.Profil, Codes: slices.Sorted(slices.Values(r.Codes)), Lu: r.LectureReussie}, nil
}

// generer writes an invented file.
func generer(ctx context.Context, octets int, variante, fichier string) error {
	f, err := os.Create(fichier)
	if err != nil {
		return fmt.Errorf("create the file: %w", err)
	}
	node := exec.CommandContext(ctx, "node", "scripts/bal/generer.mjs", strconv.Itoa(octets), variante)
	node.Stdout, node.Stderr = f, os.Stderr
	if err := errors.Join(node.Run(), f.Close()); err != nil {
		return fmt.Errorf("generate the file %s: %w", variante, err)
	}
	return nil
}
