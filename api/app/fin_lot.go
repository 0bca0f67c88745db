package app

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"apilos/api/auth"
	"apilos/api/config"
	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/store"
)

// FinLotOptions is what the command that ends conventions of a list is given (02 AV-44).
type FinLotOptions struct {
	Genre     convention.Genre
	Fichier   io.Reader
	Operateur string // address of the superuser in whose name it is done
	Executer  bool   // without it nothing is written
	Output    io.Writer
}

// maxLot bounds a list, in lines.
const maxLot = 20_000

// TerminerConventions ends the conventions of a CSV file (columns Numéro, Date, and Motif if there is one), line by line,
// and reports each one as it goes. With Executer, lines that were not done make an error at the end.
func TerminerConventions(ctx context.Context, cfg config.Config, o FinLotOptions) error {
	lignes, err := lireLot(o.Fichier)
	if err != nil {
		return err
	}
	return avecPieces(ctx, cfg, journalDe(cfg, os.Stderr), func(ctx context.Context, p *pieces) error {
		qui, err := p.superuser(ctx, o.Operateur)
		if err != nil {
			return err
		}
		comptes := map[convention.IssueLot]int{}
		err = p.conv.TerminerParLot(ctx, qui, o.Genre, lignes, o.Executer, func(r convention.ResultatLot) error {
			comptes[r.Issue]++
			issue := string(r.Issue)
			if r.Issue == convention.LotFaite && !o.Executer {
				issue = "possible"
			}
			if r.Detail != "" {
				issue += " : " + r.Detail
			}
			_, err := fmt.Fprintf(o.Output, "[%d/%d] %s, %s : %s\n", r.Ligne.Rang, len(lignes), r.Ligne.Numero, r.Ligne.Jour.French(), issue)
			return err
		})
		if err != nil {
			return err
		}
		return conclureLot(o, len(lignes), comptes)
	})
}

func conclureLot(o FinLotOptions, total int, comptes map[convention.IssueLot]int) error {
	faites := comptes[convention.LotFaite]
	verbe := "terminées"
	if !o.Executer {
		verbe = "à terminer"
	}
	if _, err := fmt.Fprintf(o.Output, "Conventions %s : %d sur %d.\n", verbe, faites, total); err != nil {
		return err
	}
	for _, issue := range slices.Sorted(maps.Keys(comptes)) {
		if issue == convention.LotFaite {
			continue
		}
		if _, err := fmt.Fprintf(o.Output, "  %s : %d\n", issue, comptes[issue]); err != nil {
			return err
		}
	}
	if !o.Executer {
		_, err := fmt.Fprintln(o.Output, "Rien n’a été écrit : ajoutez --executer.")
		return err
	}
	if faites < total {
		return fmt.Errorf("lignes non traitées : %d", total-faites)
	}
	return nil
}

// superuser is the account of an address, who acts for the service.
func (p *pieces) superuser(ctx context.Context, adresse string) (auth.Principal, error) {
	comptes, err := store.NewComptes(p.db).ComptesParIdentifiant(ctx, adresse)
	if err != nil {
		return auth.Principal{}, err
	}
	if len(comptes) != 1 || !comptes[0].EstSuperuser {
		return auth.Principal{}, fmt.Errorf("%s n’est pas l’adresse d’un super-utilisateur actif", adresse)
	}
	u, login := comptes[0], ""
	if u.CerbereLogin != nil {
		login = *u.CerbereLogin
	}
	return auth.Principal{UtilisateurID: u.ID, Login: login, Email: u.Email, Prenom: u.Prenom, Nom: u.Nom, Typologie: auth.Administrateur, Superuser: true}, nil
}

// lireLot reads the whole list before anything is done: one wrong line and nothing starts.
func lireLot(f io.Reader) ([]convention.LigneLot, error) {
	brut, err := io.ReadAll(io.LimitReader(f, 10_000_000))
	if err != nil {
		return nil, fmt.Errorf("lecture du fichier : %w", err)
	}
	texte := strings.TrimPrefix(string(brut), "\ufeff")
	premiere, _, _ := strings.Cut(texte, "\n")
	r := csv.NewReader(strings.NewReader(texte))
	r.FieldsPerRecord, r.TrimLeadingSpace = -1, true
	if strings.Contains(premiere, ";") {
		r.Comma = ';'
	}
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("fichier CSV illisible : %w", err)
	}
	if len(rows) < 2 {
		return nil, errors.New("le fichier n’a aucune ligne sous ses titres")
	}
	colonnes := map[string]int{}
	for i, titre := range rows[0] {
		colonnes[strings.ReplaceAll(strings.ToLower(strings.TrimSpace(titre)), "é", "e")] = i
	}
	for _, titre := range []string{"numero", "date"} {
		if _, ok := colonnes[titre]; !ok {
			return nil, errors.New("les titres attendus sont « Numéro », « Date » et, au besoin, « Motif »")
		}
	}
	if len(rows)-1 > maxLot {
		return nil, fmt.Errorf("le fichier a plus de %d lignes", maxLot)
	}
	return lignesDuLot(rows[1:], colonnes)
}

func lignesDuLot(rows [][]string, colonnes map[string]int) ([]convention.LigneLot, error) {
	var out []convention.LigneLot
	var fautes []string
	for n, row := range rows {
		valeur := func(titre string) string {
			if i, ok := colonnes[titre]; ok && i < len(row) {
				return strings.TrimSpace(row[i])
			}
			return ""
		}
		l := convention.LigneLot{Rang: n + 1, Numero: valeur("numero"), Motif: valeur("motif")}
		jour, err := lireJourDuLot(valeur("date"))
		switch {
		case l.Numero == "":
			fautes = append(fautes, fmt.Sprintf("ligne %d : numéro manquant", l.Rang))
		case err != nil:
			fautes = append(fautes, fmt.Sprintf("ligne %d (%s) : date « %s » illisible, attendue sous la forme jj/mm/aaaa", l.Rang, l.Numero, valeur("date")))
		default:
			l.Jour = jour
			out = append(out, l)
		}
	}
	if len(fautes) > 0 {
		return nil, fmt.Errorf("rien n’a été fait :\n%s", strings.Join(fautes, "\n"))
	}
	return out, nil
}

// lireJourDuLot reads a day as people write it, or as spreadsheets keep it.
func lireJourDuLot(texte string) (date.Date, error) {
	if t, err := time.Parse("02/01/2006", texte); err == nil {
		return date.From(t), nil
	}
	return date.Parse(texte)
}
