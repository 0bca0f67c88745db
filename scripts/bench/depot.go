package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// jetonAdministration is the ADMIN_TOKEN of the measured server.
const jetonAdministration = "jeton-du-banc-de-mesure"

// octetsMax is the largest file that the deposit takes (07 §4.3).
const octetsMax = 50_000_000

// depot measures the deposit API: complete publications of four requests (07 §14).
type depot struct {
	base   *base
	http   *http.Client
	jeton  string
	rang   atomic.Int64 // next commune
	listes []string
}

// mesurerDepot publishes small and middle files with one client then several, then looks at step 1 while a file of
// 50 MB is validated. Without -publications the small series has 400.
func mesurerDepot(ctx context.Context, args []string, w io.Writer) error {
	fs := flag.NewFlagSet("bench depot", flag.ContinueOnError)
	publications := fs.Int("publications", 400, "complete publications of the series of small files")
	clients := fs.Int("clients", 8, "simultaneous clients")
	if err := fs.Parse(args); err != nil {
		return err
	}
	s, err := demarrerServeur(ctx)
	if err != nil {
		return err
	}
	defer s.arreter()
	b, err := s.preparerVide(ctx)
	if err != nil {
		return err
	}
	defer b.fermer()
	d, err := nouveauDepot(ctx, b, *clients)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "PostgreSQL %s, %s, %d cœurs partagés entre les clients, le serveur et PostgreSQL.\n\n", s.version(ctx), runtime.Version(), runtime.NumCPU())
	fmt.Fprint(w, "| mesure | p50 (ms) | p95 (ms) | par seconde | p50 / référence |\n|---|---:|---:|---:|---:|\n")
	return d.tout(ctx, w, *publications, *clients)
}

func (d *depot) tout(ctx context.Context, w io.Writer, publications, clients int) error {
	petit, moyen, gros := fichierBAL(2_000), fichierBAL(1_000_000), fichierBAL(octetsMax)
	ref, err := d.serie(ctx, reference, 1, 2000, func(ctx context.Context) error {
		_, err := d.appeler(ctx, http.MethodGet, "/version", "", nil, http.StatusOK)
		return err
	})
	if err != nil {
		return err
	}
	ligne := func(m serie) {
		fmt.Fprintf(w, "| %s | %s | %s | %.0f | %.0f |\n", m.nom, ms(m.centile(50)), ms(m.centile(95)), m.parSeconde(), rapporter(m, ref))
	}
	ligne(ref)
	if err := d.publier(ctx, petit); err != nil { // also warms every path
		return err
	}
	for _, x := range []struct {
		nom        string
		clients, n int
		contenu    gabarit
	}{
		{"publication de 2 ko, 1 client", 1, publications / 2, petit},
		{fmt.Sprintf("publication de 2 ko, %d clients", clients), clients, publications, petit},
		{"publication de 1 Mo, 1 client", 1, 20, moyen},
		{fmt.Sprintf("publication de 1 Mo, %d clients", clients), clients, 40, moyen},
	} {
		m, err := d.serie(ctx, x.nom, x.clients, x.n, func(ctx context.Context) error { return d.publier(ctx, x.contenu) })
		if err != nil {
			return err
		}
		ligne(m)
	}
	m, duree, err := d.pendantUnGrosCalcul(ctx, gros)
	if err != nil {
		return err
	}
	ligne(m)
	fmt.Fprintf(w, "\nLe calcul de 50 Mo a duré %s. Instructions SQL par requête :", duree.Round(time.Millisecond))
	for _, e := range etapes {
		n := d.base.compteur.prendre(e.nom)
		slices.Sort(n)
		fmt.Fprintf(w, " étape %s %s ;", e.nom, instructions(n))
	}
	_, err = fmt.Fprintln(w)
	return err
}

// pendantUnGrosCalcul times step 1 for as long as a file of 50 MB is being validated.
func (d *depot) pendantUnGrosCalcul(ctx context.Context, gros gabarit) (serie, time.Duration, error) {
	commune := d.commune()
	id, err := d.creer(ctx, commune)
	if err != nil {
		return serie{}, 0, err
	}
	contenu := gros.pour(commune)[:octetsMax] // names are longer than their marks
	contenu = contenu[:bytes.LastIndexByte(contenu, '\n')+1]
	if err := d.deposer(ctx, id, contenu); err != nil {
		return serie{}, 0, err
	}
	fini := make(chan error, 1)
	debut := time.Now()
	var duree time.Duration
	go func() {
		err := d.calculer(ctx, id)
		duree = time.Since(debut)
		fini <- err
	}()
	m := serie{nom: "étape 1 pendant un calcul de 50 Mo", clients: 1}
	for {
		select {
		case err := <-fini:
			m.total = time.Since(debut)
			slices.Sort(m.durees)
			return m, duree, err
		default:
		}
		depart := time.Now()
		if _, err := d.creer(ctx, d.commune()); err != nil {
			return m, 0, err
		}
		m.durees = append(m.durees, time.Since(depart))
	}
}

// serie runs f n times, shared between clients.
func (d *depot) serie(ctx context.Context, nom string, clients, n int, f func(context.Context) error) (serie, error) {
	durees := make([]time.Duration, n)
	var suivant atomic.Int64
	debut := time.Now()
	g, ctx := errgroup.WithContext(ctx)
	for range clients {
		g.Go(func() error {
			for {
				i := int(suivant.Add(1)) - 1
				if i >= n {
					return nil
				}
				depart := time.Now()
				if err := f(ctx); err != nil {
					return fmt.Errorf("%s: %w", nom, err)
				}
				durees[i] = time.Since(depart)
			}
		})
	}
	if err := g.Wait(); err != nil {
		return serie{}, err
	}
	m := serie{nom: nom, clients: clients, durees: durees, total: time.Since(debut)}
	slices.Sort(m.durees)
	fmt.Fprintf(os.Stderr, "  %s : fait\n", nom)
	return m, nil
}

// publier makes the four requests for the next commune.
func (d *depot) publier(ctx context.Context, contenu gabarit) error {
	commune := d.commune()
	id, err := d.creer(ctx, commune)
	if err != nil {
		return err
	}
	if err := d.deposer(ctx, id, contenu.pour(commune)); err != nil {
		return err
	}
	if err := d.calculer(ctx, id); err != nil {
		return err
	}
	_, err = d.appeler(ctx, http.MethodPost, "/revisions/"+id+"/publish", d.jeton, nil, http.StatusOK)
	return err
}

func (d *depot) creer(ctx context.Context, commune string) (string, error) {
	corps, err := d.appeler(ctx, http.MethodPost, "/communes/"+commune+"/revisions", d.jeton, []byte(`{"context":{"nomComplet":"Banc"}}`), http.StatusCreated)
	if err != nil {
		return "", err
	}
	var r struct {
		ID string `json:"id"`
	}
	return r.ID, json.Unmarshal(corps, &r)
}

func (d *depot) deposer(ctx context.Context, id string, contenu []byte) error {
	_, err := d.appeler(ctx, http.MethodPut, "/revisions/"+id+"/files/bal", d.jeton, contenu, http.StatusOK)
	return err
}

// calculer validates the file, which must be accepted.
func (d *depot) calculer(ctx context.Context, id string) error {
	corps, err := d.appeler(ctx, http.MethodPost, "/revisions/"+id+"/compute", d.jeton, nil, http.StatusOK)
	if err != nil {
		return err
	}
	if !bytes.Contains(corps, []byte(`"isReady":true`)) {
		return fmt.Errorf("revision %s is not ready: %.600s", id, corps)
	}
	return nil
}

func (d *depot) appeler(ctx context.Context, methode, chemin, jeton string, corps []byte, attendu int) ([]byte, error) {
	adresse := d.base.url + "/api-depot" + chemin
	if chemin == "/version" {
		adresse = d.base.url + chemin
	}
	req, err := http.NewRequestWithContext(ctx, methode, adresse, bytes.NewReader(corps))
	if err != nil {
		return nil, err
	}
	if jeton != "" {
		req.Header.Set("Authorization", "Token "+jeton)
	}
	req.Header.Set("Content-Type", "application/json")
	if strings.HasSuffix(chemin, "/files/bal") {
		req.Header.Set("Content-Type", "text/csv")
	}
	req.Header.Set(enTete, etapeDe(methode, chemin))
	res, err := d.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	lu, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	if res.StatusCode != attendu {
		return nil, fmt.Errorf("%s %s: status %d, body %.400s", methode, chemin, res.StatusCode, lu)
	}
	return lu, nil
}

// etapes are the four requests of a publication, by the end of their path.
var etapes = []struct{ nom, methode, fin string }{
	{"1, créer", http.MethodPost, "/revisions"}, {"2, déposer", http.MethodPut, "/files/bal"},
	{"3, calculer", http.MethodPost, "/compute"}, {"4, publier", http.MethodPost, "/publish"},
}

func etapeDe(methode, chemin string) string {
	for _, e := range etapes {
		if e.methode == methode && strings.HasSuffix(chemin, e.fin) {
			return e.nom
		}
	}
	return ""
}

// commune gives each publication its own commune: what is measured is not a queue for one lock.
func (d *depot) commune() string {
	return d.listes[int(d.rang.Add(1))%len(d.listes)]
}

// nouveauDepot creates a mandataire and a client that needs no habilitation.
func nouveauDepot(ctx context.Context, b *base, clients int) (*depot, error) {
	transport := &http.Transport{MaxIdleConns: clients, MaxIdleConnsPerHost: clients, MaxConnsPerHost: clients + 1}
	b.fermetures = append(b.fermetures, transport.CloseIdleConnections)
	d := &depot{base: b, http: &http.Client{Transport: transport, Timeout: 3 * time.Minute}, listes: communes()}
	var mandataire struct {
		ID string `json:"id"`
	}
	if err := d.administrer(ctx, http.MethodPost, "/mandataires", `{"nom":"Banc de mesure","email":"banc@example.org"}`, &mandataire); err != nil {
		return nil, err
	}
	var client struct {
		ID    string `json:"id"`
		Token string `json:"token"`
	}
	if err := d.administrer(ctx, http.MethodPost, "/clients", fmt.Sprintf(`{"nom":"Banc","mandataireId":%q,"isActive":true}`, mandataire.ID), &client); err != nil {
		return nil, err
	}
	d.jeton = client.Token
	return d, d.administrer(ctx, http.MethodPut, "/clients/"+client.ID, `{"authorizationStrategy":"internal"}`, &client)
}

func (d *depot) administrer(ctx context.Context, methode, chemin, corps string, v any) error {
	lu, err := d.appeler(ctx, methode, chemin, jetonAdministration, []byte(corps), http.StatusOK)
	if err != nil {
		return err
	}
	return json.Unmarshal(lu, v)
}
