package main

import (
	"context"
	"flag"
	"slices"
	"strings"

	"apilos/api/app"
)

// defineToken is the command that makes and ends API clients (00 decision 33), for an installation without any
// member of the staff yet and for scripts.
func defineToken(p program, fs *flag.FlagSet) func(context.Context, []string) error {
	nom := fs.String("nom", "", "issue : `NOM` du client, qui signe ce qu'il fait")
	description := fs.String("description", "", "issue : à quoi il sert")
	portees := fs.String("portees", "", "issue : `LISTE` séparée par des virgules, par exemple conventions:lire,webhooks:gerer")
	perimetre := fs.String("perimetre", "", "issue : national, region:CODE, departement:CODE, administration:UUID ou bailleurs:UUID,UUID")
	jours := fs.Int("jours", 365, "issue : `N` jours de validité ; 0 = sans échéance")
	debit := fs.Int("debit", 0, "issue : `N` requêtes par minute ; 0 = débit habituel")
	etat := fs.String("etat", "", "list : `ÉTAT` actif, expire ou revoque")
	asJSON := fs.Bool("json", false, "issue, list : réponse en JSON")
	return func(ctx context.Context, args []string) error {
		sous := ""
		if len(args) > 0 {
			sous = args[0]
		}
		attendus := map[string]int{"issue": 1, "list": 1, "revoke": 2}
		if n, ok := attendus[sous]; !ok || len(args) != n {
			return usageError{"précisez issue, list ou revoke UUID"}
		}
		if sous == "issue" && (*nom == "" || *portees == "" || *perimetre == "") {
			return usageError{"issue attend --nom, --portees et --perimetre"}
		}
		if *jours < 0 || *debit < 0 {
			return usageError{"--jours et --debit attendent un nombre positif"}
		}
		if !slices.Contains([]string{"", "actif", "expire", "revoque"}, *etat) {
			return usageError{"--etat vaut actif, expire ou revoque"}
		}
		cfg, err := p.load()
		if err != nil {
			return err
		}
		o := app.TokenOptions{Output: p.stdout, JSON: *asJSON}
		switch sous {
		case "issue":
			return app.EmettreToken(ctx, cfg, o, app.DemandeToken{
				Nom: *nom, Description: *description, Portees: strings.Split(*portees, ","), Perimetre: *perimetre, Jours: *jours, Debit: *debit,
			})
		case "list":
			return app.ListerTokens(ctx, cfg, o, strings.ToUpper(*etat))
		}
		return app.RevoquerToken(ctx, cfg, o, args[1])
	}
}
