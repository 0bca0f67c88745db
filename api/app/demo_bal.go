package app

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"

	"apilos/api/cog"
	"apilos/api/depot"
	"apilos/api/revision"
)

// communeDemo is a commune whose invented addresses are published: where it is, how many streets it has.
type communeDemo struct {
	code      string
	long, lat float64
	voies     int
}

var communesDemo = []communeDemo{
	{"87085", 1.2611, 45.8336, 24}, // Limoges
	{"87050", 1.2370, 45.8750, 9},  // Couzeix
	{"35238", -1.6778, 48.1173, 28},
	{"10387", 4.0744, 48.2973, 17},
}

// semerDemonstration writes the conventions and the addresses of the demonstration, once.
func semerDemonstration(ctx context.Context, p *pieces, sortie io.Writer) error {
	if err := semerDemo(ctx, p, sortie); err != nil {
		return err
	}
	if err := semerEquipe(ctx, p); err != nil {
		return err
	}
	return semerAdresses(ctx, p, sortie)
}

// semerAdresses publishes a few address files through the deposit, once: the explorer has something to show, and the
// terminal gives the token of a client to try the API with.
func semerAdresses(ctx context.Context, p *pieces, sortie io.Writer) error {
	a := depot.Acteur{Admin: true}
	etat, err := p.depot.EtatClients(ctx)
	if err != nil || etat.Nombre > 0 {
		return err
	}
	nom, email := "Communes de démonstration", "adresses@example.org"
	m, err := p.depot.CreerMandataire(ctx, a, depot.SaisieMandataire{Nom: &nom, Email: &email})
	if err != nil {
		return fmt.Errorf("demonstration addresses: %w", err)
	}
	logiciel, actif, interne := "Éditeur de démonstration", true, depot.StrategieInterne
	client, jeton, err := p.depot.CreerClient(ctx, a, depot.SaisieClient{Nom: &logiciel, MandataireID: &m.ID, Actif: &actif})
	if err != nil {
		return fmt.Errorf("demonstration addresses: %w", err)
	}
	if a.Client, err = p.depot.ModifierClient(ctx, a, client.ID, depot.SaisieClient{Strategie: &interne}); err != nil {
		return fmt.Errorf("demonstration addresses: %w", err)
	}
	for _, c := range communesDemo {
		if err := publierAdresses(ctx, p, a, c); err != nil {
			return fmt.Errorf("demonstration addresses of %s: %w", c.code, err)
		}
	}
	if sortie != nil {
		fmt.Fprintf(sortie, "Client de l'API de dépôt pour essayer (affiché cette fois seulement) : jeton %s\n", jeton)
	}
	return nil
}

func publierAdresses(ctx context.Context, p *pieces, a depot.Acteur, c communeDemo) error {
	r, err := p.depot.Creer(ctx, a, c.code, []byte(`{"organisation":"Données de démonstration"}`))
	if err != nil {
		return err
	}
	contenu := c.adresses()
	_, err = p.depot.Deposer(ctx, a, r.ID, revision.Depot{Nom: "bal-" + c.code + ".csv", TypeMime: "text/csv", Contenu: bytes.NewReader(contenu), TailleAnnoncee: int64(len(contenu))})
	if err != nil {
		return err
	}
	if _, err := p.depot.Calculer(ctx, a, r.ID); err != nil {
		return err
	}
	_, err = p.depot.Publier(ctx, a, r.ID, revision.Publication{})
	return err
}

// adresses invents streets in rings around the centre, twelve numbers each; one in three was certified.
func (c communeDemo) adresses() []byte {
	commune, _ := cog.Charger().Commune(c.code)
	voies := []string{
		"Rue des Lilas", "Avenue de la Gare", "Chemin du Moulin", "Impasse des Acacias", "Place du Marché", "Route de la Forêt", "Rue des Porcelainiers",
		"Allée des Tilleuls", "Rue du Four à Chaux", "Chemin des Prés", "Rue de la Fontaine", "Rue du Lavoir", "Avenue des Platanes", "Rue de l’Ancien Octroi",
		"Impasse du Puits", "Rue des Tanneurs", "Quai des Mariniers", "Rue du Vieux Pont", "Rue des Jardiniers", "Chemin de la Croix Haute", "Rue des Ateliers",
		"Place de la Halle", "Rue du Verger", "Allée du Parc", "Rue des Écoles", "Rue de la Poterie", "Chemin des Vignes", "Rue du Clos Saint-Jean",
	}
	var b bytes.Buffer
	b.WriteString("cle_interop;voie_nom;lieudit_complement_nom;numero;suffixe;commune_insee;commune_nom;commune_deleguee_insee;commune_deleguee_nom;position;x;y;long;lat;cad_parcelles;source;date_der_maj;certification_commune;uid_adresse\n")
	for v := range c.voies {
		angle, rayon := float64(v)*2.4, 0.002+0.0012*float64(v)
		for n := 1; n <= 12; n++ {
			long := c.long + rayon*math.Cos(angle) + 0.00025*float64(n)
			lat := c.lat + rayon*math.Sin(angle)*0.7 + 0.0001*float64(n%2)
			certifiee := 0
			if (v+n)%3 == 0 {
				certifiee = 1
			}
			fmt.Fprintf(&b, "%s_%04d_%05d;%s;;%d;;%s;%s;;;entrée;;;%.6f;%.6f;;Commune;2026-0%d-15;%d;\n",
				c.code, v+1, n, voies[v%len(voies)], n, c.code, commune.Nom, long, lat, 1+v%9, certifiee)
		}
	}
	return b.Bytes()
}
