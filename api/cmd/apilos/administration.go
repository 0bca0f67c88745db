package main

import (
	"context"
	"flag"
	"fmt"
	"net/mail"
	"os"
	"strings"

	"apilos/api/app"
)

// defineAdministration is the command that moves the operations of a list to another service (06 §4.2, 02 PE-43). It only
// tells what it would do unless --run is given with why.
func defineAdministration(p program, fs *flag.FlagSet) func(context.Context, []string) error {
	operations := fs.String("operations", "", "`FICHIER` : numéros d'opération, en liste JSON ou un par ligne")
	vers := fs.String("vers", "", "`CODE` : administration qui reçoit les opérations")
	de := fs.String("de", "", "`CODE` : ne déplace que les opérations de cette administration")
	run := fs.Bool("run", false, "déplace les opérations ; sans lui, elles sont seulement annoncées")
	oui := fs.Bool("yes", false, "déplace sans demander de confirmation ; obligatoire hors d’un terminal")
	acteur := fs.String("acteur", "", "`COURRIEL` : super-utilisateur au nom duquel la commande agit")
	motif := fs.String("motif", "", "`TEXTE` : pourquoi, obligatoire avec --run")
	return func(ctx context.Context, args []string) error {
		o := app.ReaffecterOptions{
			Vers: strings.TrimSpace(*vers), De: strings.TrimSpace(*de), Run: *run,
			Acteur: strings.TrimSpace(*acteur), Motif: strings.TrimSpace(*motif), Output: p.stdout,
		}
		switch {
		case len(args) != 1 || args[0] != "reaffecter":
			return usageError{"précisez reaffecter"}
		case *operations == "":
			return usageError{"--operations attend le chemin d'une liste"}
		case o.Vers == "":
			return usageError{"--vers attend le code d'une administration"}
		}
		if _, err := mail.ParseAddress(o.Acteur); err != nil {
			return usageError{"--acteur attend une adresse électronique"}
		}
		if n := len([]rune(o.Motif)); o.Run && (n < 5 || n > 500) {
			return usageError{"--motif est obligatoire avec --run (5 à 500 caractères)"}
		}
		if !*oui {
			o.Confirmer = func(lignes int) error { return confirmer(p.stdin, p.stdout, lignes) }
		}
		f, err := os.Open(*operations)
		if err != nil {
			return fmt.Errorf("ouverture de la liste : %w", err)
		}
		defer func() { _ = f.Close() }()
		o.Operations = f
		cfg, err := p.load()
		if err != nil {
			return err
		}
		return app.ReaffecterOperations(ctx, cfg, o)
	}
}
