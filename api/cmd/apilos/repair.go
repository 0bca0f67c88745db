package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/mail"
	"os"
	"strconv"
	"strings"

	"apilos/api/app"
)

// defineRepair is the command that corrects data taken over from elsewhere (05 B.6.3). It only tells what it would do
// unless --run is given with who asks and why (06 §4.1).
func defineRepair(p program, fs *flag.FlagSet) func(context.Context, []string) error {
	run := fs.Bool("run", false, "applique les corrections ; sans lui, elles sont seulement annoncées")
	oui := fs.Bool("yes", false, "applique sans demander de confirmation ; obligatoire hors d’un terminal")
	acteur := fs.String("acteur", "", "`COURRIEL` : qui demande la correction, obligatoire avec --run")
	motif := fs.String("motif", "", "`TEXTE` : pourquoi, obligatoire avec --run")
	return func(ctx context.Context, args []string) error {
		if len(args) != 1 || args[0] != "zonages" {
			return usageError{"précisez ce qui est à corriger : zonages"}
		}
		o := app.RepairOptions{Run: *run, Acteur: strings.TrimSpace(*acteur), Motif: strings.TrimSpace(*motif), Output: p.stdout}
		if !*oui {
			o.Confirmer = func(lignes int) error { return confirmer(p.stdin, p.stdout, lignes) }
		}
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

// errSansTerminal refuses a command that nobody can confirm (06 §4.1).
var errSansTerminal = errors.New("personne ne peut confirmer hors d’un terminal : relancez avec --yes")

// confirmer has the operator of a terminal type the number of rows announced.
func confirmer(in io.Reader, out io.Writer, lignes int) error {
	f, ok := in.(*os.File)
	if !ok {
		return errSansTerminal
	}
	if etat, err := f.Stat(); err != nil || etat.Mode()&os.ModeCharDevice == 0 {
		return errSansTerminal
	}
	return repondre(in, out, lignes)
}

// repondre asks the question and reads the answer.
func repondre(in io.Reader, out io.Writer, lignes int) error {
	if _, err := fmt.Fprintf(out, "Pour appliquer, tapez le nombre de lignes annoncé : "); err != nil {
		return err
	}
	reponse, err := bufio.NewReader(in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read the confirmation: %w", err)
	}
	if strings.TrimSpace(reponse) != strconv.Itoa(lignes) {
		return errors.New("la réponse n’est pas le nombre annoncé : rien n’a été écrit")
	}
	return nil
}
