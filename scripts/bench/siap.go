package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
)

// cleEntrante signs the calls that the bench makes in the name of SIAP.
const cleEntrante = "cle-du-banc-de-mesure-pour-les-appels-du-siap"

// echantillon is how many operations the reads of an operation take turns on: their pages do not all stay warm.
const echantillon = 2_000

// mesurerSIAP measures what SIAP reads (05 A): indicators of three profiles, operations taken anywhere, the operation that
// holds most rows. The target is 50 ms for 95 % of the requests at 1 000 000 conventions, with eight clients.
func mesurerSIAP(ctx context.Context, args []string, w io.Writer) error {
	o := options{}
	fs := flag.NewFlagSet("bench siap", flag.ContinueOnError)
	fs.IntVar(&o.conventions, "conventions", 1_000_000, "conventions and avenants in the large database")
	fs.IntVar(&o.petite, "petite", 20_000, "in the small one")
	fs.IntVar(&o.requetes, "requetes", 2_000, "requests per measure")
	fs.IntVar(&o.clients, "clients", 8, "simultaneous clients of the second series")
	fs.Int64Var(&o.graine, "graine", 1, "seed of the data")
	fs.DurationVar(&o.lentes, "lentes", 0, "also list the statements slower than this, 20ms for example")
	if err := fs.Parse(args); err != nil {
		return err
	}
	return run(ctx, o, mesurerEchanges, w)
}

// mesurerEchanges runs every measure with one client, then with several.
func mesurerEchanges(ctx context.Context, b *base, o options) ([]serie, error) {
	lectures, err := echanges(ctx, b)
	if err != nil {
		return nil, err
	}
	c := nouveauClient(b, o.clients)
	for _, l := range lectures {
		if _, err := c.mesurer(ctx, "échauffement", o.clients, l.repeter(o.requetes/4)); err != nil {
			return nil, err
		}
	}
	b.compteur.prendre("échauffement")
	var out []serie
	for _, clients := range o.series() {
		for _, l := range lectures {
			m, err := c.mesurer(ctx, l.nom, clients, l.repeter(o.requetes))
			if err != nil {
				return nil, err
			}
			out = append(out, m)
		}
		fmt.Fprintf(os.Stderr, "  %d client(s) : fait\n", clients)
	}
	return out, nil
}

// echanges lists what is measured.
func echanges(ctx context.Context, b *base) ([]lecture, error) {
	jetons := map[string]string{}
	for _, login := range []string{national, instructeur, bailleur} {
		jeton, err := signerEntrant(b, login)
		if err != nil {
			return nil, err
		}
		jetons[login] = jeton
	}
	quelconques, err := numeros(ctx, b, `SELECT numero_operation FROM operation WHERE origine_id IS NULL AND numero_operation <> ''
		ORDER BY hashint8(id) LIMIT $1`, echantillon)
	if err != nil {
		return nil, err
	}
	grande, err := numeros(ctx, b, `SELECT o.numero_operation FROM operation o JOIN convention c ON c.operation_id = o.id JOIN lot l ON l.convention_id = c.id
		JOIN logement g ON g.lot_id = l.id WHERE o.origine_id IS NULL AND o.numero_operation <> '' GROUP BY o.id ORDER BY count(*) DESC, o.id LIMIT $1`, 1)
	if err != nil {
		return nil, err
	}
	kpi := func(nom, login string) lecture {
		return lecture{nom, []requete{{methode: http.MethodGet, chemin: "/api-siap/v0/convention_kpi/", jeton: jetons[login]}}}
	}
	operations := func(nom string, numeros []string) lecture {
		l := lecture{nom: nom}
		for _, n := range numeros {
			l.requetes = append(l.requetes, requete{methode: http.MethodGet, chemin: "/api-siap/v0/operation/" + url.PathEscape(n) + "/", jeton: jetons[national]})
		}
		return l
	}
	return []lecture{
		{reference, []requete{{methode: http.MethodGet, chemin: "/version"}}},
		kpi("indicateurs, France entière", national), kpi("indicateurs, un service", instructeur), kpi("indicateurs, un bailleur", bailleur),
		operations(fmt.Sprintf("GET operation, %d au hasard", echantillon), quelconques), operations("GET operation, la plus grande", grande),
	}, nil
}

func numeros(ctx context.Context, b *base, sql string, limite int) ([]string, error) {
	lignes, err := b.db.Pool().Query(ctx, sql, limite)
	if err != nil {
		return nil, fmt.Errorf("choose operations: %w", err)
	}
	defer lignes.Close()
	var out []string
	for lignes.Next() {
		var n string
		if err := lignes.Scan(&n); err != nil {
			return nil, fmt.Errorf("choose operations: %w", err)
		}
		out = append(out, n)
	}
	return out, lignes.Err()
}

// signerEntrant makes the token with which SIAP would call for someone of the scenario.
func signerEntrant(b *base, login string) (string, error) {
	habilitations, err := b.scenario.Users[login].HabilitationsDTO()
	if err != nil {
		return "", err
	}
	maintenant := time.Now()
	jeton := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
		"token_type": "access", "jti": uuid.NewString(), "iat": maintenant.Unix(), "exp": maintenant.Add(time.Hour).Unix(),
		"user-login": login, "habilitation-id": habilitations[0].ID,
	})
	return jeton.SignedString([]byte(cleEntrante))
}
