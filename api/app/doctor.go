package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"apilos/api/config"
	"apilos/api/store"
)

// diagnostic is the result of one check.
type diagnostic struct {
	Nom    string `json:"nom"`
	Vital  bool   `json:"vital"`
	Bon    bool   `json:"bon"`
	Detail string `json:"detail,omitempty"`
}

// What a check may last. The journal is read whole.
const (
	delaiService = 30 * time.Second
	delaiJournal = 30 * time.Minute
)

// Doctor checks each dependency and the chain of the journal, and writes a report; it returns an error
// when one that matters does not answer.
func Doctor(ctx context.Context, cfg config.Config, w io.Writer, asJSON bool) error {
	return avecPieces(ctx, cfg, journalDe(cfg, os.Stderr), func(ctx context.Context, p *pieces) error {
		var liste []diagnostic
		verifier := func(nom string, vital bool, delai time.Duration, fn func(context.Context) error) {
			ctx, cancel := context.WithTimeout(ctx, delai)
			defer cancel()
			d := diagnostic{Nom: nom, Vital: vital, Bon: true}
			if err := fn(ctx); err != nil {
				d.Bon, d.Detail = false, err.Error()
			}
			liste = append(liste, d)
		}
		verifier("base de données", true, delaiService, p.db.Pret)
		verifier("fichiers", true, delaiService, p.fichiers.Check)
		g := p.gardeJournal()
		verifier("journal inaltéré", true, delaiJournal, func(ctx context.Context) error {
			bilan, err := verifierChaines(ctx, p.db, g)
			if err != nil {
				return err
			}
			return store.ErreurChaines(bilan)
		})
		verifier("sceaux du journal", true, delaiJournal, func(ctx context.Context) error { return sceauxIntacts(ctx, g) })
		verifier("journal scellé", false, delaiService, g.AJour)
		verifier("SIAP", false, delaiService, func(ctx context.Context) error { _, err := p.siap.Config(ctx); return err })
		verifier("antivirus", false, delaiService, p.scanner.Check)
		return rapporter(w, liste, asJSON)
	})
}

func rapporter(w io.Writer, liste []diagnostic, asJSON bool) error {
	var echec error
	for _, d := range liste {
		if d.Vital && !d.Bon {
			echec = errors.New("au moins un élément indispensable ne répond pas")
		}
		if asJSON {
			continue
		}
		etat := "ok"
		if !d.Bon {
			etat = "ÉCHEC : " + d.Detail
		}
		if _, err := fmt.Fprintf(w, "%-20s %s\n", d.Nom, etat); err != nil {
			return err
		}
	}
	if asJSON {
		if err := json.NewEncoder(w).Encode(liste); err != nil {
			return err
		}
	}
	return echec
}
