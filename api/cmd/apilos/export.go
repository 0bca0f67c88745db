package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"

	"apilos/api/app"
)

// defineExport is the command that writes the export of every convention (05 A.9).
func defineExport(p program, fs *flag.FlagSet) func(context.Context, []string) error {
	limite := fs.Int("limit", 0, "`N` : nombre de lignes au plus ; 0 = toutes")
	sortie := fs.String("output", "-", "`FICHIER` : fichier à écrire ; - = sortie standard")
	return func(ctx context.Context, args []string) error {
		if len(args) != 1 || args[0] != "infosiap" {
			return usageError{"précisez un export : infosiap"}
		}
		if *limite < 0 {
			return usageError{"--limit attend un nombre positif"}
		}
		cfg, err := p.load()
		if err != nil {
			return err
		}
		return versSortie(*sortie, p.stdout, func(w io.Writer) error { return app.ExporterInfoSIAP(ctx, cfg, w, *limite) })
	}
}

// versSortie gives fn the file to write, or stdout for "-"; a file that could not be finished is removed.
func versSortie(chemin string, stdout io.Writer, fn func(io.Writer) error) error {
	if chemin == "-" {
		return fn(stdout)
	}
	f, err := os.Create(chemin)
	if err != nil {
		return fmt.Errorf("écrire %s : %w", chemin, err)
	}
	err = fn(f)
	if fin := f.Close(); err == nil {
		err = fin
	}
	if err != nil {
		_ = os.Remove(chemin)
		return fmt.Errorf("écrire %s : %w", chemin, err)
	}
	return nil
}
