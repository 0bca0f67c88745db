package main

import (
	"context"
	"flag"
	"fmt"
	"net/mail"
	"os"
	"strings"

	"apilos/api/app"
	"apilos/api/convention"
)

// defineConvention is the command that ends many conventions at once (02 AV-44), for the staff. It only tells what it
// would do unless --executer is given.
func defineConvention(p program, fs *flag.FlagSet) func(context.Context, []string) error {
	mode := fs.String("mode", "", "`MODE` : denonciation ou resiliation")
	fichier := fs.String("fichier", "", "`FICHIER` : liste en CSV, de colonnes Numéro, Date et, au besoin, Motif")
	executer := fs.Bool("executer", false, "met fin aux conventions ; sans lui, le rapport est celui d'une simulation")
	operateur := fs.String("operateur", "", "`COURRIEL` : super-utilisateur au nom duquel la commande agit")
	return func(ctx context.Context, args []string) (err error) {
		if len(args) != 1 || args[0] != "terminer" {
			return usageError{"précisez terminer"}
		}
		genre := convention.Genre(*mode)
		if !genre.EstFin() {
			return usageError{"--mode vaut denonciation ou resiliation"}
		}
		if _, err := mail.ParseAddress(*operateur); err != nil {
			return usageError{"--operateur attend une adresse électronique"}
		}
		if *fichier == "" {
			return usageError{"--fichier attend le chemin d'une liste en CSV"}
		}
		f, err := os.Open(*fichier)
		if err != nil {
			return fmt.Errorf("ouverture de la liste : %w", err)
		}
		defer func() { _ = f.Close() }()
		cfg, err := p.load()
		if err != nil {
			return err
		}
		return app.TerminerConventions(ctx, cfg, app.FinLotOptions{
			Genre: genre, Fichier: f, Operateur: strings.TrimSpace(*operateur), Executer: *executer, Output: p.stdout,
		})
	}
}
