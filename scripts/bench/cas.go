package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/google/uuid"
)

// reference is the measure the others are compared with.
const reference = "GET /version (référence)"

// profondeur is the rank of the deep page, in pages of a hundred rows, when the list is long enough.
const profondeur = 40

// nombreOperations is how many operations all series open, warm-up included.
func nombreOperations(o options) int { return len(o.series())*ecritures(o) + echauffement }

func ecritures(o options) int { return max(o.requetes/5, o.clients) }

const echauffement = 5

// banc runs the measures on one database.
type banc struct {
	*client
	o          options
	jetons     map[string]string
	operations int // next one to open
}

// mesurer runs every measure with one client, then with several.
func mesurer(ctx context.Context, b *base, o options) ([]serie, error) {
	m := &banc{client: nouveauClient(b, o.clients), o: o, jetons: map[string]string{}}
	for _, login := range []string{national, instructeur, bailleur} {
		var err error
		if m.jetons[login], err = b.banc.Jeton(ctx, b.scenario, login); err != nil {
			return nil, err
		}
	}
	lectures, err := m.lectures(ctx)
	if err != nil {
		return nil, err
	}
	if err := m.echauffer(ctx, lectures); err != nil {
		return nil, err
	}
	var out []serie
	for _, clients := range o.series() {
		for _, l := range lectures {
			r, err := m.mesurer(ctx, l.nom, clients, l.repeter(o.requetes))
			if err != nil {
				return nil, err
			}
			out = append(out, r)
		}
		ecrites, err := m.vies(ctx, clients, ecritures(o))
		if err != nil {
			return nil, err
		}
		out = append(out, ecrites...)
		fmt.Fprintf(os.Stderr, "  %d client(s) : fait\n", clients)
	}
	return out, nil
}

// lecture is a read, or several that take turns.
type lecture struct {
	nom      string
	requetes []requete
}

func (l lecture) repeter(n int) []requete {
	out := make([]requete, n)
	for i := range out {
		out[i] = l.requetes[i%len(l.requetes)]
	}
	return out
}

func (m *banc) lire(nom, login, chemin string) lecture {
	return lecture{nom, []requete{{methode: http.MethodGet, chemin: chemin, jeton: m.jetons[login]}}}
}

type pageConventions struct {
	Resultats []struct {
		UUID   uuid.UUID `json:"uuid"`
		Numero *string   `json:"numero"`
	} `json:"resultats"`
	Total   int    `json:"total"`
	Suivant string `json:"suivant"`
}

func (m *banc) page(ctx context.Context, login, parametres string) (pageConventions, error) {
	var p pageConventions
	corps, _, err := m.envoyer(ctx, "", requete{methode: http.MethodGet, chemin: "/api/v1/conventions?" + parametres, jeton: m.jetons[login]})
	if err != nil {
		return p, err
	}
	return p, json.Unmarshal(corps, &p)
}

func (m *banc) lectures(ctx context.Context) ([]lecture, error) {
	numero, err := m.numero(ctx)
	if err != nil {
		return nil, err
	}
	curseur, err := m.curseurProfond(ctx)
	if err != nil {
		return nil, err
	}
	instruits, err := m.page(ctx, national, "statut=INSTRUCTION,CORRECTION&par_page=50")
	if err != nil {
		return nil, err
	}
	if len(instruits.Resultats) == 0 {
		return nil, errors.New("no dossier is being instructed: ask for more conventions")
	}
	detail, recapitulatif := lecture{nom: "convention"}, lecture{nom: "récapitulatif"}
	for _, l := range instruits.Resultats {
		chemin := "/api/v1/conventions/" + l.UUID.String()
		detail.requetes = append(detail.requetes, requete{methode: http.MethodGet, chemin: chemin, jeton: m.jetons[national]})
		recapitulatif.requetes = append(recapitulatif.requetes, requete{methode: http.MethodGet, chemin: chemin + "/recapitulatif", jeton: m.jetons[national]})
	}
	const liste = "/api/v1/conventions"
	sansTirets := strings.NewReplacer(".", "", "/", "").Replace(numero)
	return []lecture{
		{reference, []requete{{methode: http.MethodGet, chemin: "/version"}}},
		m.lire("liste, France entière", national, liste),
		m.lire("liste, un service", instructeur, liste),
		m.lire("liste, un bailleur", bailleur, liste),
		m.lire("liste, 100 lignes", national, liste+"?par_page=100"),
		m.lire("liste, statut", national, liste+"?statut=INSTRUCTION"),
		m.lire("liste, lieu", national, liste+"?lieu=limoges"),
		m.lire("liste, numéro entier", national, liste+"?numero="+url.QueryEscape(numero)),
		m.lire("liste, fin de numéro", national, liste+"?numero="+url.QueryEscape(sansTirets[len(sansTirets)-4:])),
		m.lire("liste, texte libre", national, liste+"?q=tilleuls"),
		m.lire("liste, page profonde (curseur)", national, liste+"?par_page=20&apres="+url.QueryEscape(curseur)),
		detail,
		recapitulatif,
	}, nil
}

// numero is the number of a signed convention.
func (m *banc) numero(ctx context.Context) (string, error) {
	p, err := m.page(ctx, national, "statut=PUBLIE&par_page=100")
	if err != nil {
		return "", err
	}
	for _, l := range p.Resultats {
		if l.Numero != nil && len(*l.Numero) > 6 {
			return *l.Numero, nil
		}
	}
	return "", errors.New("no published convention has a number: ask for more conventions")
}

// curseurProfond goes down the list, and answers a cursor far from its beginning.
func (m *banc) curseurProfond(ctx context.Context) (string, error) {
	curseur := ""
	for range profondeur {
		p, err := m.page(ctx, national, "par_page=100&apres="+url.QueryEscape(curseur))
		if err != nil {
			return "", err
		}
		if p.Suivant == "" {
			break
		}
		curseur = p.Suivant
	}
	if curseur == "" {
		return "", errors.New("the list has one page: ask for more conventions")
	}
	return curseur, nil
}

// echauffer fills the caches of the server and of PostgreSQL, and the statement caches of every connection.
func (m *banc) echauffer(ctx context.Context, lectures []lecture) error {
	for _, l := range lectures {
		if _, err := m.mesurer(ctx, "échauffement", m.o.clients, l.repeter(4*m.o.clients)); err != nil {
			return err
		}
	}
	_, err := m.vies(ctx, 1, echauffement)
	m.base.compteur.prendre("échauffement")
	return err
}

// vies opens operations, then leads their conventions from the submission to the second reading.
func (m *banc) vies(ctx context.Context, clients, nombre int) ([]serie, error) {
	var ouvertures []requete
	for range nombre {
		ouvertures = append(ouvertures, requete{
			methode: http.MethodPost, chemin: "/api/v1/operations/" + numeroOperation(m.operations) + "/synchronisation", jeton: m.jetons[bailleur],
		})
		m.operations++
	}
	ouverture, err := m.mesurer(ctx, "ouverture d’une opération (SIAP)", clients, ouvertures)
	if err != nil {
		return nil, err
	}
	out := []serie{ouverture}
	crees, err := m.crees(ctx, nombre)
	if err != nil {
		return nil, err
	}
	for _, t := range []struct{ nom, code, login, corps string }{
		{"soumettre (T02)", "soumettre", bailleur, `{}`},
		{"demander des corrections (T04)", "demander_corrections", instructeur, `{"commentaire": "Le nom de l’opération est à reprendre."}`},
		{"renvoyer à l’instruction (T06)", "renvoyer_instruction", bailleur, `{"commentaire": "Le nom est repris."}`},
	} {
		requetes, err := m.transitions(ctx, crees, t.code, t.login, t.corps)
		if err != nil {
			return nil, err
		}
		r, err := m.mesurer(ctx, t.nom, clients, requetes)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

// crees lists the conventions of the last operations opened, and fills them.
func (m *banc) crees(ctx context.Context, operations int) ([]uuid.UUID, error) {
	var out []uuid.UUID
	for i := m.operations - operations; i < m.operations; i++ {
		corps, _, err := m.envoyer(ctx, "", requete{methode: http.MethodGet, chemin: "/api/v1/conventions?numero=" + numeroOperation(i), jeton: m.jetons[bailleur]})
		if err != nil {
			return nil, err
		}
		var p pageConventions
		if err := json.Unmarshal(corps, &p); err != nil {
			return nil, err
		}
		if len(p.Resultats) != 2 {
			return nil, fmt.Errorf("operation %s has %d conventions instead of 2", numeroOperation(i), len(p.Resultats))
		}
		for _, l := range p.Resultats {
			if err := m.base.banc.Completer(ctx, l.UUID); err != nil {
				return nil, err
			}
			out = append(out, l.UUID)
		}
	}
	return out, nil
}

func (m *banc) transitions(ctx context.Context, ids []uuid.UUID, code, login, corps string) ([]requete, error) {
	out := make([]requete, 0, len(ids))
	for _, id := range ids {
		chemin := "/api/v1/conventions/" + id.String()
		_, entetes, err := m.envoyer(ctx, "", requete{methode: http.MethodGet, chemin: chemin, jeton: m.jetons[login]})
		if err != nil {
			return nil, err
		}
		out = append(out, requete{
			methode: http.MethodPost, chemin: chemin + "/actions/" + code, jeton: m.jetons[login], corps: corps, version: entetes.Get("ETag"),
		})
	}
	return out, nil
}
