package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"apilos/api/auth"
	"apilos/api/sim"
	"apilos/api/webhook"

	"github.com/stretchr/testify/require"
)

const jetonAdmin = "jeton-d-administration-des-tests"

// depotEnService is the platform with its workers and the simulated services of the deposit.
type depotEnService struct {
	*plateforme
	t        *testing.T
	autour   *sim.Server // ProConnect, directory, BAN, partners, chat, receiver of webhooks
	http     *http.Client
	jeton    string // of the client
	idClient string
}

func nouveauDepot(t *testing.T, strategie string) *depotEnService {
	t.Helper()
	autour, err := sim.Start(t.Context(), sim.Options{Scenario: "demo", Environment: "test"})
	require.NoError(t, err)
	t.Cleanup(autour.Close)
	racine := autour.URL()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	d := &depotEnService{t: t, autour: autour, http: &http.Client{
		Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	d.plateforme = demarrer(t, "ADMIN_TOKEN="+jetonAdmin, "NOTIFY_BAN=1", "BAN_API_TOKEN=jeton-ban", "BAN_API_URL="+racine+sim.RacineBAN,
		"API_ANNUAIRE="+racine+sim.RacineAnnuaire, "API_BAL_ADMIN_URL="+racine+sim.RacinePartenaires, "MATTERMOST_WEBHOOK_URL="+racine+sim.CrochetMessagerie,
		"PC_SERVICE_URL="+racine+sim.RacineProConnect, "PC_FS_ID="+sim.ProConnectID, "PC_FS_SECRET="+sim.ProConnectSecret)
	ctx, cancel := context.WithCancel(context.Background())
	fini := make(chan error, 1)
	go func() { fini <- d.travailler(ctx) }()
	t.Cleanup(func() { cancel(); require.NoError(t, <-fini) })

	m := d.demander(jetonAdmin, "POST", "/mandataires", `{"nom":"Société Exemple","email":"contact@editeur.example.org"}`)
	require.Equal(t, 200, m.Code, m.Corps)
	c := d.demander(jetonAdmin, "POST", "/clients", `{"nom":"Éditeur d’adresses","mandataireId":"`+m.JSON()["id"].(string)+`","isActive":true}`)
	require.Equal(t, 200, c.Code, c.Corps)
	d.jeton, d.idClient = c.JSON()["token"].(string), c.JSON()["id"].(string)
	d.journal.Interdire(jetonAdmin, d.jeton, "jeton-ban", sim.ProConnectSecret)
	if strategie != "habilitation" {
		r := d.demander(jetonAdmin, "PUT", "/clients/"+d.idClient, `{"authorizationStrategy":"`+strategie+`"}`)
		require.Equal(t, 200, r.Code, r.Corps)
	}
	return d
}

func (d *depotEnService) demander(jeton, methode, chemin, corps string) reponse {
	d.t.Helper()
	req, err := http.NewRequestWithContext(d.t.Context(), methode, d.srv.URL+"/api-depot"+chemin, strings.NewReader(corps))
	require.NoError(d.t, err)
	if jeton != "" {
		req.Header.Set("Authorization", "Token "+jeton)
	}
	req.Header.Set("Content-Type", "application/json")
	return d.lire(req)
}

func (d *depotEnService) lire(req *http.Request) reponse {
	d.t.Helper()
	res, err := d.http.Do(req)
	require.NoError(d.t, err)
	defer res.Body.Close()
	var b bytes.Buffer
	_, err = b.ReadFrom(io.LimitReader(res.Body, 1<<20))
	require.NoError(d.t, err)
	return reponse{d.t, res.StatusCode, b.String(), res.Header}
}

// suivre follows one redirection of a browser.
func (d *depotEnService) suivre(adresse string, statut int) reponse {
	d.t.Helper()
	req, err := http.NewRequestWithContext(d.t.Context(), http.MethodGet, adresse, nil)
	require.NoError(d.t, err)
	r := d.lire(req)
	require.Equal(d.t, statut, r.Code, "%s: %s", adresse, r.Corps)
	return r
}

// publier makes the four steps of a file of n addresses of Limoges and returns the revision.
func (d *depotEnService) publier(n int, habilitation string) string {
	d.t.Helper()
	var b strings.Builder
	b.WriteString("cle_interop;uid_adresse;voie_nom;lieudit_complement_nom;numero;suffixe;commune_insee;commune_nom;commune_deleguee_insee;commune_deleguee_nom;position;x;y;long;lat;cad_parcelles;source;date_der_maj;certification_commune\r\n")
	for i := 1; i <= n; i++ {
		fmt.Fprintf(&b, "87085_0010_%05d;;Rue de la Boucherie;;%d;;87085;Limoges;;;entrée;565600.0;6527400.0;1.26;45.83;;Commune de Limoges;2026-01-15;1\r\n", i, i)
	}
	r := d.demander(d.jeton, "POST", "/communes/87085/revisions", `{"context":{}}`)
	require.Equal(d.t, 201, r.Code, r.Corps)
	id := r.JSON()["id"].(string)
	require.Equal(d.t, 200, d.demander(d.jeton, "PUT", "/revisions/"+id+"/files/bal", b.String()).Code)
	r = d.demander(d.jeton, "POST", "/revisions/"+id+"/compute", "")
	require.Equal(d.t, true, r.JSON()["isReady"], r.Corps)
	corps := ""
	if habilitation != "" {
		corps = `{"habilitationId":"` + habilitation + `"}`
	}
	r = d.demander(d.jeton, "POST", "/revisions/"+id+"/publish", corps)
	require.Equal(d.t, 200, r.Code, r.Corps)
	return id
}

func bientot(t *testing.T, quoi string, ok func() bool) {
	t.Helper()
	require.Eventually(t, ok, 60*time.Second, 50*time.Millisecond, quoi)
}

// A publication is told to the BAN, to the chat and to the webhooks, after its commit; the client reached the
// partner directory and its token its mandataire.
func TestPublicationRacontee(t *testing.T) {
	d := nouveauDepot(t, "internal")
	equipe := auth.Principal{Staff: true}
	adresse := d.autour.URL() + sim.Recepteur
	_, secret, err := d.exterieur.webhooks.Creer(t.Context(), equipe, webhook.Reglage{URL: &adresse, Evenements: []string{webhook.RevisionPublieeType}})
	require.NoError(t, err)
	ids := []string{d.publier(6, ""), d.publier(7, "")}

	bientot(t, "webhooks", func() bool { return len(d.autour.Requests(sim.RouteRecepteur)) == 2 })
	for i, r := range d.autour.Requests(sim.RouteRecepteur) {
		var e struct {
			Type    string
			Objet   webhook.Objet
			Donnees revisionPubliee
		}
		require.NoError(t, json.Unmarshal(r.Body, &e))
		require.Equal(t, webhook.RevisionPublieeType, e.Type)
		require.Equal(t, webhook.Objet{Type: "revision", UUID: ids[i], URL: d.srv.URL + "/api-depot/revisions/" + ids[i]}, e.Objet, "in order")
		require.Equal(t, "87085", e.Donnees.PorteeCle)
		require.NoError(t, webhook.Verifier(secret, r.Headers.Get(webhook.EnTete), r.Body, time.Now(), time.Minute))
		if i == 1 {
			require.Equal(t, ids[0], e.Donnees.Remplace)
		}
		d.suivre(e.Objet.URL, http.StatusOK)
	}
	bientot(t, "BAN", func() bool { return len(d.autour.Compositions()) == 2 })
	require.Equal(t, "87085", d.autour.Compositions()[0].Code)
	bientot(t, "chat", func() bool { return len(d.autour.MessagesEquipe()) == 2 })
	textes := d.autour.MessagesEquipe()[0].Texte + d.autour.MessagesEquipe()[1].Texte
	require.Contains(t, textes, "Initialisation d’une Base Adresse Locale - *Limoges* (87085)")
	require.Contains(t, textes, "Mise à jour d’une Base Adresse Locale - *Limoges* (87085)")
	require.Contains(t, textes, "Éditeur d’adresses")
	bientot(t, "partner directory", func() bool { return len(d.autour.Partenaires()) == 1 })
	require.Equal(t, d.idClient, d.autour.Partenaires()[0].ClientID)

	bientot(t, "e-mail", func() bool {
		recus, err := d.boite.List(10)
		return err == nil && len(recus) == 1
	})
	recus, err := d.boite.List(1)
	require.NoError(t, err)
	courriel, err := d.boite.Read(recus[0].ID)
	require.NoError(t, err)
	require.Contains(t, courriel.Text, d.jeton)
}

func (d *depotEnService) habilitation() string {
	d.t.Helper()
	r := d.demander(d.jeton, "POST", "/communes/87085/habilitations", "")
	require.Equal(d.t, 201, r.Code, r.Corps)
	return r.JSON()["id"].(string)
}

// autorisation is where route 28 sends the browser.
func (d *depotEnService) autorisation(habilitation string) string {
	d.t.Helper()
	retour := url.QueryEscape(d.srv.URL + "/merci")
	depart := d.suivre(d.srv.URL+"/api-depot/habilitations/"+habilitation+"/authentication/proconnect?redirectUrl="+retour, http.StatusFound).Entete.Get("Location")
	require.True(d.t, strings.HasPrefix(depart, d.autour.URL()+"/proconnect/api/v2/authorize?"), depart)
	return depart
}

// seConnecter is the way of a browser from route 28 to route 29; it returns the address of the return.
func (d *depotEnService) seConnecter(habilitation, agent string) string {
	d.t.Helper()
	return d.suivre(d.autorisation(habilitation)+"&as="+url.QueryEscape(agent), http.StatusFound).Entete.Get("Location")
}

// Routes 28 and 29 against the simulated provider and directory (07 §7).
func TestProConnectDeBoutEnBout(t *testing.T) {
	d := nouveauDepot(t, "habilitation")
	id := d.habilitation()
	fin := d.suivre(d.seConnecter(id, "j.faucher@limoges.example.org"), http.StatusFound)
	require.Equal(t, d.srv.URL+"/merci", fin.Entete.Get("Location"))
	h := d.demander(d.jeton, "GET", "/habilitations/"+id, "").JSON()
	require.Equal(t, "accepted", h["status"])
	require.Equal(t, "proconnect", h["strategy"].(map[string]any)["type"])
	d.publier(6, id)

	// The agent of another commune is refused.
	id = d.habilitation()
	d.suivre(d.seConnecter(id, "m.bonnet@couzeix.example.org"), http.StatusFound)
	h = d.demander(d.jeton, "GET", "/habilitations/"+id, "").JSON()
	require.Equal(t, "rejected", h["status"])
	require.Equal(t, "Le siret ne correspond à la commune", h["strategy"].(map[string]any)["authenticationError"])

	// A return serves once, and only in the browser that began.
	id = d.habilitation()
	retour := d.seConnecter(id, "j.faucher@limoges.example.org")
	cookies := d.http.Jar
	neuf, err := cookiejar.New(nil)
	require.NoError(t, err)
	d.http.Jar = neuf
	d.suivre(retour, http.StatusBadRequest)
	d.http.Jar = cookies
	d.suivre(retour, http.StatusFound)
	require.Equal(t, "accepted", d.demander(d.jeton, "GET", "/habilitations/"+id, "").JSON()["status"])
	d.suivre(retour, http.StatusBadRequest)
	d.suivre(d.srv.URL+"/api-depot/habilitations/proconnect/callback?state=inconnu&code=x", http.StatusBadRequest)

	// A provider that does not answer decides nothing.
	id = d.habilitation()
	require.NoError(t, d.autour.AddFaults(sim.Fault{Match: sim.Match{Route: sim.RoutePCToken}, Status: 503}))
	d.suivre(d.seConnecter(id, "j.faucher@limoges.example.org"), http.StatusServiceUnavailable)
	require.Equal(t, "pending", d.demander(d.jeton, "GET", "/habilitations/"+id, "").JSON()["status"])

	// Nor does a person who gives up.
	fin = d.suivre(d.refuser(id), http.StatusFound)
	require.Equal(t, d.srv.URL+"/merci", fin.Entete.Get("Location"))
	require.Equal(t, "pending", d.demander(d.jeton, "GET", "/habilitations/"+id, "").JSON()["status"])
}

// refuser is the browser of somebody who does not want to sign in.
func (d *depotEnService) refuser(habilitation string) string {
	d.t.Helper()
	depart, err := url.Parse(d.autorisation(habilitation))
	require.NoError(d.t, err)
	formulaire := depart.Query()
	formulaire.Set("refuser", "1")
	req, err := http.NewRequestWithContext(d.t.Context(), http.MethodPost, d.autour.URL()+depart.Path, strings.NewReader(formulaire.Encode()))
	require.NoError(d.t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r := d.lire(req)
	require.Equal(d.t, http.StatusFound, r.Code, r.Corps)
	return r.Entete.Get("Location")
}

// Routes 22, 26 and 27: the addresses of the directory, the code in the mailbox.
func TestCodeDeLaMairieDeBoutEnBout(t *testing.T) {
	d := nouveauDepot(t, "habilitation")
	r := d.demander("", "GET", "/communes/87085/emails", "")
	require.Equal(t, 200, r.Code)
	require.JSONEq(t, `["mairie@limoges.example.org","adressage@limoges.example.org"]`, r.Corps)
	id := d.habilitation()
	r = d.demander(d.jeton, "POST", "/habilitations/"+id+"/authentication/email/send-pin-code", `{"email":"mairie@limoges.example.org"}`)
	require.Equal(t, 200, r.Code, r.Corps)
	var code string
	bientot(t, "code", func() bool {
		recus, err := d.boite.List(10)
		if err != nil {
			return false
		}
		for _, x := range recus {
			if m, err := d.boite.Read(x.ID); err == nil && strings.Contains(x.Subject, "code d’identification") {
				for _, mot := range strings.Fields(m.Text) {
					if len(mot) == 6 && strings.Trim(mot, "0123456789") == "" {
						code = mot
					}
				}
			}
		}
		return code != ""
	})
	d.journal.Interdire(code)
	r = d.demander(d.jeton, "POST", "/habilitations/"+id+"/authentication/email/validate-pin-code", `{"code":"`+code+`"}`)
	require.Equal(t, 200, r.Code, r.Corps)
	d.publier(6, id)
}
