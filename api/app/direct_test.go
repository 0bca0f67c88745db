package app

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/internal/fixture"

	"github.com/stretchr/testify/require"
)

// evenementDirect is one event as a page reads it.
type evenementDirect struct{ nom, id, donnees string }

// fluxDirect reads a stream in the background.
type fluxDirect struct {
	t          *testing.T
	entete     http.Header
	evenements chan evenementDirect
	fermer     context.CancelFunc
}

func (c *client) suivreDirect(entetes map[string]string) *fluxDirect {
	c.t.Helper()
	ctx, cancel := context.WithCancel(c.t.Context())
	c.t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.adresse+"/api/v1/direct", nil)
	require.NoError(c.t, err)
	req.Header.Set("Authorization", "Bearer "+c.Jeton)
	for k, v := range entetes {
		req.Header.Set(k, v)
	}
	res, err := c.http.Do(req)
	require.NoError(c.t, err)
	require.Equal(c.t, http.StatusOK, res.StatusCode)
	f := &fluxDirect{t: c.t, entete: res.Header, evenements: make(chan evenementDirect, 100), fermer: cancel}
	go func() {
		defer close(f.evenements)
		defer res.Body.Close()
		var e evenementDirect
		for lignes := bufio.NewScanner(res.Body); lignes.Scan(); {
			switch nom, valeur, _ := strings.Cut(lignes.Text(), ": "); nom {
			case "event":
				e.nom = valeur
			case "id":
				e.id = valeur
			case "data":
				e.donnees = valeur
			case "":
				if e.nom != "" {
					f.evenements <- e
				}
				e = evenementDirect{}
			}
		}
	}()
	return f
}

func (f *fluxDirect) suivant() evenementDirect {
	f.t.Helper()
	select {
	case e := <-f.evenements:
		return e
	case <-time.After(30 * time.Second):
		require.Fail(f.t, "nothing was told")
		return evenementDirect{}
	}
}

// TestDirectSuitLesChangementsDansLePerimetre: the service of Limoges hears of its conventions, the one of Rennes does
// not; signing out ends the stream, and one that comes back asks for what it missed.
func TestDirectSuitLesChangementsDansLePerimetre(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	ctx, arreter := context.WithCancel(t.Context())
	defer arreter()
	go func() { _ = p.direct.Diffuser(ctx) }()
	require.Eventually(t, func() bool { return p.direct.Etat().Ecoute }, 30*time.Second, time.Millisecond)
	limoges, rennes, bailleur := p.connecter(t, luc), p.connecter(t, "claire.lebreton@example.org"), p.connecter(t, marie)
	ici, labas := bailleur.premiere("INSTRUCTION"), rennes.premiere("INSTRUCTION")

	f, autre := limoges.suivreDirect(nil), rennes.suivreDirect(nil)
	require.Equal(t, "text/event-stream", f.entete.Get("Content-Type"))
	require.Equal(t, "no-store", f.entete.Get("Cache-Control"))
	require.Equal(t, "pret", f.suivant().nom)
	require.Equal(t, "pret", autre.suivant().nom)
	require.Equal(t, http.StatusOK, limoges.agir(ici, "demander_corrections", `{"commentaire":"Voir les remarques"}`).Code)
	e := f.suivant()
	require.Equal(t, "changement", e.nom)
	require.Contains(t, e.donnees, `"uuid":"`+ici+`"`)
	require.Contains(t, e.donnees, `"statut":"CORRECTION"`)
	require.NotContains(t, e.donnees, "remarques")
	require.Equal(t, http.StatusOK, rennes.agir(labas, "demander_corrections", `{"commentaire":"Voir les remarques"}`).Code)
	require.Contains(t, autre.suivant().donnees, labas, "the first thing that Rennes hears is its own")

	f.fermer()
	require.Equal(t, http.StatusOK, bailleur.agir(ici, "renvoyer_instruction", `{"commentaire":"Fait"}`).Code)
	repris := limoges.suivreDirect(map[string]string{"Last-Event-ID": e.id})
	require.Equal(t, `{"rejoue":true}`, repris.suivant().donnees)
	// The replay starts at a rank below which everything was committed: with a transaction open elsewhere on the server,
	// it tells again what is older. It never forgets what was missed.
	for e = repris.suivant(); !strings.Contains(e.donnees, ici) || !strings.Contains(e.donnees, `"statut":"INSTRUCTION"`); e = repris.suivant() {
		require.Equal(t, "changement", e.nom)
	}

	require.Equal(t, http.StatusOK, limoges.envoyer(http.MethodPost, "/api/v1/auth/logout", "", map[string]string{"X-Requested-With": "fetch", "Origin": limoges.adresse}).Code)
	for e = repris.suivant(); e.nom == "changement"; e = repris.suivant() {
	}
	require.Equal(t, evenementDirect{nom: "fin", donnees: `{"motif":"droits"}`}, e)
	require.Equal(t, http.StatusBadRequest, rennes.envoyer(http.MethodGet, "/api/v1/direct", "", map[string]string{"Last-Event-ID": "x"}).Code)
	require.Equal(t, http.StatusUnauthorized, limoges.lire("/direct").Code)
	head := rennes.envoyer(http.MethodHead, "/api/v1/direct", "", nil)
	require.Equal(t, http.StatusOK, head.Code, "and does not stay open")
}

// TestDirectDeuxProcessus: what is written through one program is told by the other, which stops at once although
// pages follow it.
func TestDirectDeuxProcessus(t *testing.T) {
	f := nouvelleFerme(t)
	id := f.Convention(fixture.Conv{Statut: convention.Instruction})
	premier, second := f.lancer(), f.lancer()
	flux := f.service(premier).suivreDirect(nil)
	require.Equal(t, "pret", flux.suivant().nom)
	r := f.service(second).ecrire(http.MethodPost, "/conventions/"+id.String()+"/actions/demander_corrections", `{"commentaire":"à revoir"}`, `"1"`)
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	e := flux.suivant()
	require.Equal(t, "changement", e.nom)
	require.Contains(t, e.donnees, id.String())

	debut := time.Now()
	require.NoError(t, premier.cmd.Process.Signal(syscall.SIGTERM))
	for e = flux.suivant(); e.nom == "changement"; e = flux.suivant() {
	}
	require.Equal(t, evenementDirect{nom: "fin", donnees: `{"motif":"arret"}`}, e)
	require.NoError(t, premier.cmd.Wait(), "%s", premier.sortie)
	require.Less(t, time.Since(debut), 20*time.Second, "open pages do not hold the program back")
}

// TestDirectLeJetonBorneLeFlux: rights are read again at least as often as tokens expire.
func TestDirectLeJetonBorneLeFlux(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	go func() { _ = p.direct.Diffuser(t.Context()) }()
	require.Eventually(t, func() bool { return p.direct.Etat().Ecoute }, 30*time.Second, time.Millisecond)
	c := p.connecter(t, luc)
	claims, err := p.jetons.Verify(c.Jeton)
	require.NoError(t, err)
	claims.ExpiresAt = time.Now().Add(2 * time.Second)
	c.Jeton, _, err = p.jetons.Issue(auth.Claims{
		Subject: claims.Subject, SessionID: claims.SessionID, Habilitation: claims.Habilitation, ExpiresAt: claims.ExpiresAt,
	})
	require.NoError(t, err)
	f := c.suivreDirect(nil)
	require.Equal(t, "pret", f.suivant().nom)
	require.Equal(t, evenementDirect{nom: "fin", donnees: `{"motif":"jeton"}`}, f.suivant())
	_, ouvert := <-f.evenements
	require.False(t, ouvert)
}
