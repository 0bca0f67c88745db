package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"apilos/api/bal"
	"apilos/api/cog"
)

// verdict ends the program with a code that says something of the file, and no other message: the report is written.
type verdict struct{ code int }

func (v verdict) Error() string { return fmt.Sprintf("exit code %d", v.code) }

// Exit codes of `apilos bal`, besides 0 for a valid or a corrected file.
const (
	exitInvalid    = 1
	exitUnreadable = 2
)

// balOptions are the flags of `apilos bal`.
type balOptions struct {
	profil, horloge, districts, sortie string
	enJSON, lignes                     bool
}

func defineBal(p program, flags *flag.FlagSet) func(context.Context, []string) error {
	var o balOptions
	flags.StringVar(&o.profil, "profile", "", "`PROFIL` : 1.5, 1.4, 1.3, 1.3-relax, 1.3-strict, 1.2-strict ou 1.1-strict, à la place du choix automatique")
	flags.BoolVar(&o.enJSON, "json", false, "rapport en JSON")
	flags.BoolVar(&o.lignes, "lignes", false, "ajoute au JSON les lignes qui ont un code ou une correction")
	flags.StringVar(&o.horloge, "horloge", "", "`INSTANT` : date de comparaison (RFC 3339), à la place de maintenant")
	flags.StringVar(&o.districts, "districts", "", "`FICHIER` : identifiants BAN des communes, {\"INSEE\": \"uuid\"}")
	flags.StringVar(&o.sortie, "o", "", "`FICHIER` : fichier corrigé à écrire (autofix)")
	return func(ctx context.Context, args []string) error {
		if len(args) != 2 {
			return usageError{"précisez validate ou autofix, puis un fichier"}
		}
		options, err := o.lire()
		if err != nil {
			return err
		}
		switch action, chemin := args[0], args[1]; action {
		case "validate":
			return p.validerBal(ctx, chemin, o, options)
		case "autofix":
			return p.corrigerBal(ctx, chemin, o.sortie, options)
		default:
			return usageError{"précisez validate ou autofix, puis un fichier"}
		}
	}
}

// lire turns the flags into options of the validator.
func (o balOptions) lire() (bal.Options, error) {
	options := bal.Options{Profil: o.profil, Horloge: time.Now(), Cog: cog.Charger()}
	if _, connu := bal.ProfilDe(o.profil); o.profil != "" && !connu {
		return options, usageError{"profil inconnu « " + o.profil + " »"}
	}
	if o.horloge != "" {
		instant, err := time.Parse(time.RFC3339, o.horloge)
		if err != nil {
			return options, usageError{"--horloge attend un instant comme 2026-06-15T12:00:00Z"}
		}
		options.Horloge = instant
	}
	if o.districts == "" {
		return options, nil
	}
	texte, err := os.ReadFile(o.districts)
	if err != nil {
		return options, usageError{"le fichier de --districts ne peut pas être lu : " + raison(err)}
	}
	var connus bal.DistrictsConnus
	if err := json.Unmarshal(texte, &connus); err != nil {
		return options, usageError{"le fichier de --districts n'est pas un objet JSON de codes INSEE et d'identifiants"}
	}
	options.Districts = connus
	return options, nil
}

// fichierLocal opens a file of the machine as many times as the validator asks.
func fichierLocal(chemin string) bal.Source {
	return func(context.Context) (io.ReadCloser, error) { return os.Open(chemin) }
}

func (p program) validerBal(ctx context.Context, chemin string, o balOptions, options bal.Options) error {
	barre := p.nouvelleBarre(chemin, "Validation")
	options.Progres = barre.avancer
	var lignes []json.RawMessage
	if o.enJSON && o.lignes {
		lignes = []json.RawMessage{}
		options.Ligne = func(l bal.Ligne) error {
			compacte, utile := l.Compacter()
			if !utile {
				return nil
			}
			texte, err := enJSON(compacte)
			lignes = append(lignes, texte)
			return err
		}
	}
	rapport, err := bal.Valider(ctx, fichierLocal(chemin), options)
	barre.effacer()
	if err != nil {
		return p.illisible(chemin, err)
	}
	if o.enJSON {
		if !rapport.LectureReussie {
			lignes = nil
		}
		texte, err := enJSON(struct {
			bal.Compact
			Lignes []json.RawMessage `json:"rows,omitzero"`
		}{rapport.Compacter(), lignes})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(p.stdout, "%s\n", texte)
		return errors.Join(err, jugement(rapport))
	}
	return errors.Join(ecrireRapportBal(p.stdout, filepath.Base(chemin), rapport), jugement(rapport))
}

// jugement is the exit code of a report.
func jugement(r *bal.Rapport) error {
	switch {
	case r.Valide:
		return nil
	case r.Refuse():
		return verdict{exitUnreadable}
	}
	return verdict{exitInvalid}
}

// illisible says why the file could not be read, and ends with the code of an unreadable file. An interruption ends in
// the same way: nothing is known of the file.
func (p program) illisible(chemin string, err error) error {
	message := raison(err)
	if errors.Is(err, context.Canceled) {
		message = "lecture interrompue"
	}
	fmt.Fprintf(p.stderr, "apilos bal : %s : %s\n", chemin, message)
	return verdict{exitUnreadable}
}

// raison is the part of an error of the file system that people understand.
func raison(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "le fichier n'existe pas"
	case errors.Is(err, fs.ErrPermission):
		return "la lecture ou l'écriture n'est pas permise"
	}
	var chemin *fs.PathError
	if errors.As(err, &chemin) {
		return chemin.Err.Error()
	}
	return err.Error()
}

// enJSON keeps the characters of codes and names as they are.
func enJSON(valeur any) (json.RawMessage, error) {
	texte, err := json.Marshal(valeur)
	if err != nil {
		return nil, fmt.Errorf("encode the report: %w", err)
	}
	return texte, nil
}

// corrigerBal writes the corrected file beside its destination, then renames it: an interruption leaves nothing behind,
// and a file may replace itself.
func (p program) corrigerBal(ctx context.Context, chemin, sortie string, options bal.Options) error {
	if sortie == "" {
		return usageError{"précisez le fichier à écrire avec -o"}
	}
	provisoire, err := os.CreateTemp(filepath.Dir(sortie), ".apilos-*.csv")
	if err != nil {
		return usageError{"le fichier de -o ne peut pas être écrit : " + raison(err)}
	}
	defer func() { _ = os.Remove(provisoire.Name()) }() // fails once renamed
	barre := p.nouvelleBarre(chemin, "Correction")
	options.Progres = barre.avancer
	correction, err := bal.Corriger(ctx, fichierLocal(chemin), provisoire, options)
	barre.effacer()
	if err = errors.Join(err, provisoire.Close()); err != nil {
		return p.illisible(chemin, err)
	}
	if !correction.Ecrite {
		return errors.Join(ecrireRapportBal(p.stdout, filepath.Base(chemin), correction.Rapport), verdict{exitUnreadable})
	}
	if err := os.Chmod(provisoire.Name(), 0o644); err != nil {
		return fmt.Errorf("écriture de %s : %w", sortie, err)
	}
	if err := os.Rename(provisoire.Name(), sortie); err != nil {
		return fmt.Errorf("écriture de %s : %w", sortie, err)
	}
	return ecrireCorrectionBal(p.stdout, sortie, correction)
}
