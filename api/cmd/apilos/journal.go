package main

import (
	"context"
	"flag"

	"apilos/api/app"

	"github.com/google/uuid"
)

func defineJournal(p program, fs *flag.FlagSet) func(context.Context, []string) error {
	famille := fs.String("famille", "", "`UUID` : ne vérifie que la famille de cette convention ou de cet avenant")
	asJSON := fs.Bool("json", false, "rapport en JSON")
	return func(ctx context.Context, args []string) error {
		if len(args) != 1 || args[0] != "verifier" {
			return usageError{"précisez verifier"}
		}
		var seule *uuid.UUID
		if *famille != "" {
			id, err := uuid.Parse(*famille)
			if err != nil {
				return usageError{"--famille attend l'identifiant d'une convention"}
			}
			seule = &id
		}
		cfg, err := p.load()
		if err != nil {
			return err
		}
		return app.VerifierJournal(ctx, cfg, seule, p.stdout, *asJSON)
	}
}
