package main

import (
	"context"
	"flag"

	"apilos/api/app"

	"github.com/google/uuid"
)

func defineJournal(p program, fs *flag.FlagSet) func(context.Context, []string) error {
	famille := fs.String("famille", "", "`UUID` : ne vérifie que la famille de cette convention ou de cet avenant")
	sceaux := fs.Bool("sceaux", false, "compare aussi le journal aux sceaux du stockage des fichiers")
	empreinte := fs.String("empreinte", "", "`HEX` : avec --sceaux, empreinte d'un sceau conservée ailleurs, à retrouver")
	asJSON := fs.Bool("json", false, "rapport en JSON")
	return func(ctx context.Context, args []string) error {
		if len(args) != 1 || args[0] != "verifier" && args[0] != "sceller" {
			return usageError{"précisez verifier ou sceller"}
		}
		if args[0] == "sceller" && (*famille != "" || *sceaux || *empreinte != "") {
			return usageError{"--famille, --sceaux et --empreinte vont avec verifier"}
		}
		v := app.VerificationJournal{Sceaux: *sceaux, Empreinte: *empreinte, JSON: *asJSON}
		if *famille != "" {
			id, err := uuid.Parse(*famille)
			if err != nil {
				return usageError{"--famille attend l'identifiant d'une convention"}
			}
			v.Famille = &id
		}
		switch {
		case v.Famille != nil && v.Sceaux:
			return usageError{"--sceaux vérifie toutes les familles : retirez --famille"}
		case v.Empreinte != "" && !v.Sceaux:
			return usageError{"--empreinte va avec --sceaux"}
		}
		cfg, err := p.load()
		if err != nil {
			return err
		}
		if args[0] == "sceller" {
			return app.ScellerJournal(ctx, cfg, p.stdout, *asJSON)
		}
		return app.VerifierJournal(ctx, cfg, v, p.stdout)
	}
}
