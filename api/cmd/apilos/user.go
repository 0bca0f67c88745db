package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"apilos/api/app"
	"apilos/api/auth"
	"apilos/api/compte"
)

// usagesUser are the subcommands of « user » and what each wants after its name.
var usagesUser = []string{"create", "role", "promote", "revoke", "password", "unlock", "pseudonymiser"}

// defineUser is the command that manages accounts (06 §4): for deployments without CERBERE, and for the rights of the
// staff everywhere. Without --run nothing is written. Each command concerns one named account, so none asks to be
// confirmed.
func defineUser(p program, fs *flag.FlagSet) func(context.Context, []string) error {
	var o optionsUser
	o.definir(fs)
	return func(ctx context.Context, args []string) error {
		if len(args) != 2 || !slices.Contains(usagesUser, args[0]) {
			return usageError{"précisez create, role, promote, revoke, password, unlock ou pseudonymiser, puis l'identifiant du compte"}
		}
		i, err := o.intervention()
		if err != nil {
			return err
		}
		action, err := o.action(p, args[0], args[1], i)
		if err != nil {
			return err
		}
		cfg, err := p.load()
		if err != nil {
			return err
		}
		return app.GererCompte(ctx, cfg, func(ctx context.Context, s *compte.Service) error {
			u, err := action(ctx, s)
			if err != nil {
				return err
			}
			return annoncerCompte(p.stdout, u, i.Simulation)
		})
	}
}

type optionsUser struct {
	email, prenom, nom           string
	staff, superuser, motDePasse bool
	role, siren, administration  string
	region, departement          string
	national, lecture, run       bool
	acteur, motif                string
}

func (o *optionsUser) definir(fs *flag.FlagSet) {
	fs.StringVar(&o.email, "email", "", "`ADRESSE` : adresse électronique (create)")
	fs.StringVar(&o.prenom, "prenom", "", "`PRÉNOM` (create)")
	fs.StringVar(&o.nom, "nom", "", "`NOM` (create)")
	fs.BoolVar(&o.staff, "staff", false, "membre de l'équipe (create, promote)")
	fs.BoolVar(&o.superuser, "superuser", false, "super-utilisateur (create, promote)")
	fs.BoolVar(&o.motDePasse, "mot-de-passe", false, "lit le mot de passe sur l'entrée standard (create ; toujours pour password)")
	fs.StringVar(&o.role, "role", "", "`ROLE` : bailleur, instructeur ou administrateur (create, role)")
	fs.StringVar(&o.siren, "siren", "", "`SIREN` du bailleur")
	fs.StringVar(&o.administration, "administration", "", "`CODE` de l'administration d'un instructeur")
	fs.StringVar(&o.region, "region", "", "`CODE` de la région d'un administrateur")
	fs.StringVar(&o.departement, "departement", "", "`CODE` du département d'un administrateur")
	fs.BoolVar(&o.national, "national", false, "administrateur pour la France entière")
	fs.BoolVar(&o.lecture, "lecture-seule", false, "rôle qui consulte sans modifier")
	fs.BoolVar(&o.run, "run", false, "écrit ; sans cette option, simulation")
	fs.StringVar(&o.acteur, "acteur", "", "`ADRESSE` de qui intervient (obligatoire avec --run)")
	fs.StringVar(&o.motif, "motif", "", "`TEXTE` : pourquoi (obligatoire avec --run)")
}

func (o *optionsUser) intervention() (compte.Intervention, error) {
	i := compte.Intervention{Acteur: strings.TrimSpace(o.acteur), Motif: strings.TrimSpace(o.motif), Simulation: !o.run}
	if o.run && (i.Acteur == "" || i.Motif == "") {
		return i, usageError{"--run attend --acteur et --motif, gardés dans le journal"}
	}
	return i, nil
}

// demande is the role asked, nil without --role.
func (o *optionsUser) demande() (*compte.DemandeRole, error) {
	if o.role == "" {
		return nil, nil
	}
	typologies := map[string]auth.Typologie{"bailleur": auth.Bailleur, "instructeur": auth.Instructeur, "administrateur": auth.Administrateur}
	t, ok := typologies[strings.ToLower(o.role)]
	if !ok {
		return nil, usageError{"--role vaut bailleur, instructeur ou administrateur"}
	}
	return &compte.DemandeRole{
		Typologie: t, LectureSeule: o.lecture, Siren: o.siren, Administration: o.administration,
		Region: o.region, Departement: o.departement, National: o.national,
	}, nil
}

type actionCompte func(ctx context.Context, s *compte.Service) (compte.Utilisateur, error)

func (o *optionsUser) action(p program, commande, compteVise string, i compte.Intervention) (actionCompte, error) {
	role, err := o.demande()
	if err != nil {
		return nil, err
	}
	secret := ""
	if commande == "password" || (commande == "create" && o.motDePasse) {
		if secret, err = lireSecret(p.stdin); err != nil {
			return nil, err
		}
	}
	switch commande {
	case "create":
		n := compte.NouveauCompte{
			Username: compteVise, Email: o.email, Prenom: o.prenom, Nom: o.nom, Staff: o.staff, Superuser: o.superuser, MotDePasse: secret, Role: role,
		}
		return func(ctx context.Context, s *compte.Service) (compte.Utilisateur, error) {
			return s.CreerCompte(ctx, n, i)
		}, nil
	case "role":
		if role == nil {
			return nil, usageError{"donnez le rôle avec --role"}
		}
		return func(ctx context.Context, s *compte.Service) (compte.Utilisateur, error) {
			return s.DonnerRole(ctx, compteVise, *role, i)
		}, nil
	case "promote":
		if !o.staff && !o.superuser {
			return nil, usageError{"donnez --staff ou --superuser"}
		}
		return func(ctx context.Context, s *compte.Service) (compte.Utilisateur, error) {
			return s.Promouvoir(ctx, compteVise, o.staff, o.superuser, i)
		}, nil
	case "revoke":
		return func(ctx context.Context, s *compte.Service) (compte.Utilisateur, error) {
			return s.Promouvoir(ctx, compteVise, false, false, i)
		}, nil
	case "password":
		return func(ctx context.Context, s *compte.Service) (compte.Utilisateur, error) {
			return s.PoserMotDePasse(ctx, compteVise, secret, i)
		}, nil
	}
	if commande == "pseudonymiser" {
		return func(ctx context.Context, s *compte.Service) (compte.Utilisateur, error) {
			return s.Pseudonymiser(ctx, compteVise, i)
		}, nil
	}
	return func(ctx context.Context, s *compte.Service) (compte.Utilisateur, error) {
		return s.DeverrouillerDesigne(ctx, compteVise, i)
	}, nil
}

// lireSecret reads the password on the standard input: on the command line it would stay in the history.
func lireSecret(r io.Reader) (string, error) {
	if r == nil {
		return "", errors.New("le mot de passe se lit sur l'entrée standard")
	}
	ligne, err := bufio.NewReader(io.LimitReader(r, 4<<10)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("lire le mot de passe : %w", err)
	}
	if ligne = strings.TrimRight(ligne, "\r\n"); ligne == "" {
		return "", errors.New("aucun mot de passe sur l'entrée standard")
	}
	return ligne, nil
}

func annoncerCompte(w io.Writer, u compte.Utilisateur, simulation bool) error {
	droits := "aucun droit d'équipe"
	switch {
	case u.EstSuperuser:
		droits = "super-utilisateur"
	case u.EstStaff:
		droits = "équipe"
	}
	suite := "enregistré"
	if simulation {
		suite = "simulation : rien n'est écrit, ajoutez --run, --acteur et --motif"
	}
	_, err := fmt.Fprintf(w, "%s (%s %s, %s) : %s\n", u.Username, u.Prenom, u.Nom, droits, suite)
	return err
}
