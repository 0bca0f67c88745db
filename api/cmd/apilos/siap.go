package main

import (
	"context"
	"flag"

	"apilos/api/app"

	"github.com/google/uuid"
)

// defineSIAP asks SIAP what it holds, for the operators (05 B.3).
func defineSIAP(p program, fs *flag.FlagSet) func(context.Context, []string) error {
	login := fs.String("login", "", "`LOGIN` : au nom de qui appeler ; le compte technique si absent")
	habilitation := fs.Int64("habilitation", 0, "`N` : habilitation de cette personne")
	convention := fs.String("convention", "", "`UUID` : convention ; toutes les alertes si absent, ce qui est lourd pour SIAP")
	return func(ctx context.Context, args []string) error {
		switch {
		case len(args) != 1 || args[0] != "alertes":
			return usageError{"précisez ce qui est demandé à SIAP : alertes"}
		case (*login == "") != (*habilitation == 0) || *habilitation < 0:
			return usageError{"--login et --habilitation se donnent ensemble"}
		}
		if *convention != "" {
			if _, err := uuid.Parse(*convention); err != nil {
				return usageError{"--convention attend un identifiant (uuid)"}
			}
		}
		cfg, err := p.load()
		if err != nil {
			return err
		}
		return app.AlertesSIAP(ctx, cfg, app.AlertesOptions{Login: *login, HabilitationID: *habilitation, Convention: *convention, Output: p.stdout})
	}
}
