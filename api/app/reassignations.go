package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"apilos/api/config"
	"apilos/api/httpapi"
	"apilos/api/httpapi/web"
	"apilos/api/reassignation"
	"apilos/api/store"

	"github.com/google/uuid"
)

// reassignations moves many operations to another service, for the routes, the workers and the command line (02 PE-43).
func (p *pieces) reassignations() *reassignation.Service {
	return &reassignation.Service{Store: store.NewReassignations(p.db), File: p.messages.Client, Horloge: p.now, NouvelID: uuid.New}
}

func (p *pieces) ressourceReassignations() httpapi.Resource {
	return web.Reassignations{Service: p.reassignations()}
}

// ReaffecterOptions is what the command that moves operations of a list to another service is given (06 §4.1, §4.2).
type ReaffecterOptions struct {
	Operations    io.Reader // JSON list of operation numbers, or one number per line
	Vers, De      string    // codes of services; De may be empty
	Run           bool      // without it nothing moves
	Acteur, Motif string    // superuser in whose name it is done, and why
	Output        io.Writer
	// Confirmer asks, before anything moves, whether so many operations may; nil: nobody is asked (--yes).
	Confirmer func(lignes int) error
}

// ReaffecterOperations moves the operations of a list, with their conventions: the same run as on the page, worked here.
func ReaffecterOperations(ctx context.Context, cfg config.Config, o ReaffecterOptions) error {
	numeros, err := lireNumeros(o.Operations)
	if err != nil {
		return err
	}
	return avecPieces(ctx, cfg, journalDe(cfg, os.Stderr), func(ctx context.Context, p *pieces) error {
		qui, err := p.superuser(ctx, o.Acteur)
		if err != nil {
			return err
		}
		s := p.reassignations()
		d, err := s.Simuler(ctx, qui, reassignation.Demande{CodeCible: o.Vers, CodeDe: o.De, Operations: numeros})
		if err != nil {
			return err
		}
		if err := annoncerReaffectation(o.Output, d); err != nil {
			return err
		}
		switch {
		case d.Avancee.Total() == 0:
			return nil
		case !o.Run:
			_, err := fmt.Fprintln(o.Output, "Rien n’a été écrit : ajoutez --run et --motif.")
			return err
		case o.Confirmer != nil:
			if err := o.Confirmer(d.Avancee.Total()); err != nil {
				return err
			}
		}
		if _, err := s.Confirmer(ctx, qui, d.UUID, o.Motif); err != nil {
			return err
		}
		if err := s.Executer(ctx, d.ID); err != nil {
			return fmt.Errorf("réaffectation %s arrêtée, à relancer depuis la page des délégataires : %w", d.UUID, err)
		}
		if d, err = s.Lire(ctx, qui, d.UUID); err != nil {
			return err
		}
		_, err = fmt.Fprintf(o.Output, "Opérations réaffectées : %d ; laissées, leur administration ayant changé : %d.\n", d.Avancee.Deplacees, d.Avancee.Ignorees)
		return err
	})
}

func annoncerReaffectation(w io.Writer, d *reassignation.Detail) error {
	for _, r := range d.Rejets {
		if _, err := fmt.Fprintf(w, "%d, %s : %s\n", r.Ligne, r.Commune, r.Detail); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "Opérations à réaffecter à %s : %d (conventions et avenants : %d).\n", d.Cible.Nom, d.Avancee.Total(), d.Comptes.Conventions)
	return err
}

// lireNumeros reads a JSON list of texts, or a text of one number per line.
func lireNumeros(r io.Reader) ([]string, error) {
	brut, err := io.ReadAll(io.LimitReader(r, 10_000_000))
	if err != nil {
		return nil, fmt.Errorf("lecture de la liste : %w", err)
	}
	texte := strings.TrimSpace(strings.TrimPrefix(string(brut), "\ufeff"))
	var out []string
	if strings.HasPrefix(texte, "[") {
		if err := json.Unmarshal([]byte(texte), &out); err != nil {
			return nil, fmt.Errorf("la liste JSON attend des numéros entre guillemets : %w", err)
		}
	} else {
		for ligne := range strings.Lines(texte) {
			out = append(out, strings.TrimSpace(ligne))
		}
	}
	if out = slices.DeleteFunc(out, func(s string) bool { return strings.TrimSpace(s) == "" }); len(out) == 0 {
		return nil, errors.New("la liste n’a aucun numéro d’opération")
	}
	if len(out) > maxLot {
		return nil, fmt.Errorf("la liste a plus de %d numéros", maxLot)
	}
	return out, nil
}
