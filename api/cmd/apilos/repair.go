package main

import (
	"context"
	"flag"
	"net/mail"
	"strings"

	"apilos/api/app"
)

// defineRepair is the command that corrects data taken over from elsewhere (05 B.6.3). It only tells what it would do
// unless --run is given with who asks and why (06 §4.1).
func defineRepair(p program, fs *flag.FlagSet) func(context.Context, []string) error {
	run := fs.Bool("run", false, "applique les corrections ; sans lui, elles sont seulement annoncées")
	acteur := fs.String("acteur", "", "`COURRIEL` : qui demande la correction, obligatoire avec --run")
	motif := fs.String("motif", "", "`TEXTE` : pourquoi, obligatoire avec --run")
	return func(ctx context.Context, args []string) error {
		if len(args) != 1 || args[0] != "zonages" {
			return usageError{"précisez ce qui est à corriger : zonages"}
		}
		o := app.RepairOptions{Run: *run, Acteur: strings.TrimSpace(*acteur), Motif: strings.TrimSpace(*motif), Output: p.stdout}
		if o.Run {
			if _, err := mail.ParseAddress(o.Acteur); err != nil || len(o.Acteur) > 320 {
				return usageError{"--acteur attend une adresse électronique"}
			}
			if n := len([]rune(o.Motif)); n == 0 || n > 500 {
				return usageError{"--motif est obligatoire avec --run (500 caractères au plus)"}
			}
		}
		cfg, err := p.load()
		if err != nil {
			return err
		}
		return app.ReparerZonages(ctx, cfg, o)
	}
}
