package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"apilos/api/auth"
	"apilos/api/clientapi"
	"apilos/api/config"
	"apilos/api/fault"
	"apilos/api/httpapi/web"

	"github.com/google/uuid"
)

// TokenOptions is where and how the commands about API clients answer.
type TokenOptions struct {
	Output io.Writer
	JSON   bool
}

// DemandeToken is a new API client, as the command line says it.
type DemandeToken struct {
	Nom, Description string
	Portees          []string
	Perimetre        string // national, region:75, departement:87, administration:UUID, bailleurs:UUID,UUID
	Jours, Debit     int    // 0: no end, usual rate
}

// operateur is who acts from the command line: the journal says so.
func operateur() auth.Principal { return auth.Principal{Login: "apilos token", Superuser: true} }

// EmettreToken makes an API client and writes its token, which is shown nowhere else.
func EmettreToken(ctx context.Context, cfg config.Config, o TokenOptions, d DemandeToken) error {
	per, err := lirePerimetre(d.Perimetre)
	if err != nil {
		return err
	}
	return avecClients(ctx, cfg, func(ctx context.Context, p *pieces) error {
		demande := clientapi.Demande{Nom: d.Nom, Description: d.Description, Perimetre: per}
		for _, x := range d.Portees {
			demande.Portees = append(demande.Portees, auth.Portee(strings.TrimSpace(x)))
		}
		if d.Jours > 0 {
			fin := p.now().Add(time.Duration(d.Jours) * 24 * time.Hour)
			demande.ExpireLe = &fin
		}
		if d.Debit > 0 {
			demande.DebitParMinute = &d.Debit
		}
		f, jeton, err := p.clientsAPI.Creer(ctx, operateur(), demande)
		if err != nil {
			return err
		}
		if o.JSON {
			return json.NewEncoder(o.Output).Encode(web.JetonDe(f, jeton, p.now()))
		}
		_, err = fmt.Fprintf(o.Output, "Client %s (%s), %s.\nPortées : %s.\n\n%s\n\nCe jeton n’est montré qu’une fois : gardez-le comme un mot de passe.\n",
			f.Nom, f.UUID, f.Libelle(), strings.Join(f.Portees, ", "), jeton)
		return err
	})
}

// ListerTokens writes the API clients in a state, "" for all.
func ListerTokens(ctx context.Context, cfg config.Config, o TokenOptions, etat string) error {
	return avecClients(ctx, cfg, func(ctx context.Context, p *pieces) error {
		const parPage = 100
		var tous []clientapi.Fiche
		for {
			page, total, err := p.clientsAPI.Lister(ctx, operateur(), clientapi.Filtre{Etat: clientapi.Etat(etat), Decalage: len(tous), Limite: parPage})
			if err != nil {
				return err
			}
			tous = append(tous, page...)
			if len(page) == 0 || len(tous) >= total {
				return ecrireTokens(o, tous, p.now())
			}
		}
	})
}

func ecrireTokens(o TokenOptions, tous []clientapi.Fiche, now time.Time) error {
	if o.JSON {
		return json.NewEncoder(o.Output).Encode(web.ClientsDe(tous, now))
	}
	if len(tous) == 0 {
		_, err := fmt.Fprintln(o.Output, "Aucun client d’API.")
		return err
	}
	for _, f := range tous {
		usage := "jamais utilisé"
		if f.DerniereUtilisationLe != nil {
			usage = "utilisé le " + f.DerniereUtilisationLe.Format("02/01/2006 15:04")
		}
		if _, err := fmt.Fprintf(o.Output, "%s  %s%s  %-8s %s, %s : %s, %s\n", f.UUID, clientapi.MarqueJeton, f.Prefixe, f.Etat(now).Libelle(),
			f.Nom, f.Libelle(), strings.Join(f.Portees, ", "), usage); err != nil {
			return err
		}
	}
	return nil
}

// RevoquerToken ends an API client for good.
func RevoquerToken(ctx context.Context, cfg config.Config, o TokenOptions, id string) error {
	client, err := uuid.Parse(id)
	if err != nil {
		return fmt.Errorf("« %s » n’est pas l’identifiant d’un client : « apilos token list » les donne", id)
	}
	return avecClients(ctx, cfg, func(ctx context.Context, p *pieces) error {
		f, err := p.clientsAPI.Lire(ctx, operateur(), client)
		if err != nil {
			return err
		}
		if err := p.clientsAPI.Revoquer(ctx, operateur(), client, f.Version); err != nil {
			return err
		}
		_, err = fmt.Fprintf(o.Output, "Client %s révoqué : ses jetons sont refusés.\n", f.Nom)
		return err
	})
}

// avecClients runs fn with the services, and gives refusals the words that people read.
func avecClients(ctx context.Context, cfg config.Config, fn func(context.Context, *pieces) error) error {
	err := avecPieces(ctx, cfg, journalDe(cfg, os.Stderr), fn)
	f := fault.As(err)
	if f == nil {
		return err
	}
	lignes := []string{f.Message}
	for _, x := range f.Fields {
		lignes = append(lignes, strings.TrimPrefix(x.Pointer, "/")+" : "+x.Detail)
	}
	return errors.New(strings.Join(lignes, "\n"))
}

func lirePerimetre(s string) (clientapi.Perimetre, error) {
	genre, valeur, _ := strings.Cut(strings.TrimSpace(s), ":")
	per := clientapi.Perimetre{Genre: clientapi.Genre(strings.ToUpper(genre))}
	switch per.Genre {
	case clientapi.Regional:
		per.Region = valeur
	case clientapi.Departemental:
		per.Departement = valeur
	case clientapi.DAdministration:
		id, err := uuid.Parse(valeur)
		if err != nil {
			return per, fmt.Errorf("périmètre « %s » : donnez l’identifiant (uuid) de l’administration", s)
		}
		per.Administration = &id
	case clientapi.DeBailleurs:
		for _, x := range strings.Split(valeur, ",") {
			id, err := uuid.Parse(strings.TrimSpace(x))
			if err != nil {
				return per, fmt.Errorf("périmètre « %s » : donnez les identifiants (uuid) des bailleurs, séparés par des virgules", s)
			}
			per.Bailleurs = append(per.Bailleurs, id)
		}
	case clientapi.National:
	default:
		return per, fmt.Errorf("périmètre « %s » : national, region:CODE, departement:CODE, administration:UUID ou bailleurs:UUID,UUID", s)
	}
	return per, nil
}
