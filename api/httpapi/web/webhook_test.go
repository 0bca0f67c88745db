package web_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"apilos/api/alert"
	"apilos/api/auth"
	"apilos/api/httpapi"
	"apilos/api/httpapi/contract"
	"apilos/api/httpapi/web"
	"apilos/api/internal/fixture"
	"apilos/api/jobs"
	"apilos/api/mail"
	"apilos/api/sceau"
	"apilos/api/siap"
	"apilos/api/sim"
	"apilos/api/store"
	"apilos/api/webhook"
	"apilos/openapi"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// bancWebhooks is the API of webhooks on a database, with the queue, the worker and the simulated receiver.
type bancWebhooks struct {
	*fixture.Monde
	t       *testing.T
	handler http.Handler
	service *webhook.Service
	sim     *sim.Server
}

func nouveauBancWebhooks(t *testing.T) *bancWebhooks {
	t.Helper()
	t.Parallel()
	b := &bancWebhooks{Monde: fixture.Nouveau(t), t: t}
	silence := slog.New(slog.DiscardHandler)
	var err error
	b.sim, err = sim.Start(t.Context(), sim.Options{Scenario: "minimal", Logger: silence})
	require.NoError(t, err)
	t.Cleanup(b.sim.Close)
	cle, err := sceau.New([]byte("cle-de-la-plateforme-pour-les-tests"), webhook.UsageSceau)
	require.NoError(t, err)
	depot := store.NewWebhooks(b.Store)
	file, err := jobs.New(b.Store.Pool(), store.Tx, silence)
	require.NoError(t, err)
	s, err := siap.New(siap.Config{Host: b.sim.URL(), Key: b.sim.Key()})
	require.NoError(t, err)
	t.Cleanup(s.Close)
	courrier, err := mail.NewDirectory(t.TempDir(), "a@apilos.example", time.Now)
	require.NoError(t, err)
	t.Cleanup(func() { _ = courrier.Close() })
	gabarits, err := mail.NewModeles()
	require.NoError(t, err)
	moteur, err := alert.NewService(alert.Config{
		Store: store.NewAlertes(b.Store), File: file, SIAP: s, Courrier: courrier, Gabarits: gabarits, Horloge: time.Now, Alea: func() float64 { return 0 },
		Journal: silence, BaseURL: "https://apilos.example.org", Domaine: "apilos.example",
		Transports: map[string]alert.Transport{alert.CanalWebhook: &webhook.Livreur{Store: depot, Sceau: cle, HTTP: webhook.ClientHTTP(true), Horloge: time.Now}},
	})
	require.NoError(t, err)
	b.service, err = webhook.New(webhook.Config{Store: depot, Messages: moteur, Sceau: cle, Horloge: time.Now, NouvelID: uuid.New, Prive: true})
	require.NoError(t, err)

	ouvriers, err := jobs.NewRunner(b.Store.Pool(), jobs.Options{
		Client: file, Travaux: jobs.Travaux{Messages: moteur}, Horloge: time.Now, Journal: silence, SansCalendrier: true,
	})
	require.NoError(t, err)
	require.NoError(t, ouvriers.Start(t.Context()))
	t.Cleanup(func() { require.NoError(t, ouvriers.Stop(context.WithoutCancel(t.Context()))) })

	staff := b.Utilisateur("Alice", "Support")
	staff.Staff = true
	lecteur := staff
	lecteur.LectureSeule = true
	qui := gens{"bailleur": b.EnBailleur(), "administrateur": auth.Principal{UtilisateurID: staff.UtilisateurID, Typologie: auth.Administrateur, National: true}, "staff": staff, "lecteur": lecteur}
	raw, _ := openapi.Apilos()
	doc := contract.Load(t, seulement(t, raw, "/webhooks", "/webhooks/{uuid}", "/webhooks/{uuid}/secret", "/webhooks/{uuid}/livraisons",
		"/webhooks/{uuid}/livraisons/{id}", "/webhooks/{uuid}/livraisons/{id}/rejouer"))
	e := contract.Echo(t)
	e.Use(doc.Checker(t))
	require.NoError(t, httpapi.Mount(e, "/api/v1", httpapi.Chain{Authenticator: qui, Log: contract.Logger(t), ReadGuard: b.lectureSeule}, web.Webhooks{Service: b.service}))
	b.handler = e
	return b
}

func (b *bancWebhooks) lectureSeule(ctx context.Context, fn func(ctx context.Context) error) error {
	return b.Store.InTx(ctx, func(ctx context.Context) error {
		tx, _ := store.Tx(ctx)
		if _, err := tx.Exec(ctx, `SET TRANSACTION READ ONLY`); err != nil {
			return err
		}
		return fn(ctx)
	})
}

func (b *bancWebhooks) appeler(qui, methode, chemin, corps string, entetes ...string) *httptest.ResponseRecorder {
	b.t.Helper()
	r := httptest.NewRequest(methode, "/api/v1"+chemin, strings.NewReader(corps))
	r.Header.Set("Authorization", "Bearer "+qui)
	if corps != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(entetes); i += 2 {
		r.Header.Set(entetes[i], entetes[i+1])
	}
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, r)
	return w
}

// creer registers the simulated receiver and returns the address of the webhook and its secret.
func (b *bancWebhooks) creer() (chemin, secret string) {
	b.t.Helper()
	w := b.appeler("staff", http.MethodPost, "/webhooks", `{"url":"`+b.sim.URL()+sim.Recepteur+`","evenements":["revision.publiee"],"description":"essai"}`)
	require.Equal(b.t, http.StatusCreated, w.Code, w.Body.String())
	require.Equal(b.t, `"1"`, w.Header().Get("ETag"))
	require.Equal(b.t, "no-store", w.Header().Get("Cache-Control"), "it holds a secret")
	var corps web.WebhookSecret
	require.NoError(b.t, json.Unmarshal(w.Body.Bytes(), &corps))
	chemin = "/webhooks/" + corps.Webhook.UUID.String()
	require.Equal(b.t, "/api/v1"+chemin, w.Header().Get("Location"))
	return chemin, corps.Secret
}

func TestWebhooks_acces(t *testing.T) {
	b := nouveauBancWebhooks(t)
	chemin, _ := b.creer()
	inconnue := "/livraisons/" + uuid.NewString()
	for qui, statuts := range map[string][2]int{ // of the list, of an element
		"bailleur": {http.StatusForbidden, http.StatusNotFound}, "administrateur": {http.StatusForbidden, http.StatusNotFound},
		"personne": {http.StatusUnauthorized, http.StatusUnauthorized},
	} {
		for _, r := range [][3]string{
			{"GET", "/webhooks", ""}, {"POST", "/webhooks", `{"url":"https://exemple.fr","evenements":["revision.publiee"]}`}, {"GET", chemin, ""},
			{"PATCH", chemin, `{"actif":false}`}, {"DELETE", chemin, ""}, {"POST", chemin + "/secret", ""}, {"GET", chemin + "/livraisons", ""},
			{"GET", chemin + inconnue, ""}, {"POST", chemin + inconnue + "/rejouer", ""},
		} {
			attendu := statuts[1]
			if r[1] == "/webhooks" {
				attendu = statuts[0]
			}
			w := b.appeler(qui, r[0], r[1], r[2], "If-Match", `"1"`)
			require.Equal(t, attendu, w.Code, "%s %s %s: %s", qui, r[0], r[1], w.Body)
		}
	}
	require.Equal(t, http.StatusOK, b.appeler("lecteur", "GET", chemin, "").Code)
	require.Equal(t, http.StatusForbidden, b.appeler("lecteur", "DELETE", chemin, "", "If-Match", `"1"`).Code)
}

func TestWebhooks_vie(t *testing.T) {
	b := nouveauBancWebhooks(t)
	chemin, secret := b.creer()
	w := b.appeler("staff", "GET", chemin, "")
	require.Equal(t, http.StatusOK, w.Code)
	require.NotContains(t, w.Body.String(), secret)
	require.Regexp(t, `^"1-[0-9a-f]{16}"$`, w.Header().Get("ETag"))

	require.Equal(t, http.StatusPreconditionRequired, b.appeler("staff", "PATCH", chemin, `{"actif":false}`).Code)
	w = b.appeler("staff", "PATCH", chemin, `{"actif":false,"description":"arrêté"}`, "If-Match", `"1"`)
	require.Equal(t, http.StatusOK, w.Code, w.Body.String())
	require.Equal(t, `"2"`, w.Header().Get("ETag"))
	require.Contains(t, w.Body.String(), `"arrêté"`)
	require.Equal(t, http.StatusPreconditionFailed, b.appeler("staff", "PATCH", chemin, `{"actif":true}`, "If-Match", `"1"`).Code)
	w = b.appeler("staff", "PATCH", chemin, `{"evenements":[],"url":"pas une adresse"}`, "If-Match", `"2"`)
	require.Equal(t, http.StatusUnprocessableEntity, w.Code)
	require.Contains(t, w.Body.String(), `"/url"`)
	require.Contains(t, w.Body.String(), `"/evenements"`)

	w = b.appeler("staff", "POST", chemin+"/secret", "", "If-Match", `"2"`)
	require.Equal(t, http.StatusOK, w.Code, w.Body.String())
	require.NotContains(t, w.Body.String(), secret)
	require.Contains(t, w.Body.String(), `"apwh_`)

	w = b.appeler("staff", "GET", "/webhooks?par_page=1", "")
	require.Equal(t, http.StatusOK, w.Code)
	require.Contains(t, w.Body.String(), `"total":1`)
	require.Equal(t, http.StatusPreconditionRequired, b.appeler("staff", "DELETE", chemin, "").Code)
	w = b.appeler("staff", "DELETE", chemin, "", "If-Match", `"2"`)
	require.Equal(t, http.StatusPreconditionFailed, w.Code, w.Body.String())
	require.Contains(t, w.Body.String(), `"version":3`)
	require.Equal(t, http.StatusNoContent, b.appeler("staff", "DELETE", chemin, "", "If-Match", `"3"`).Code)
	require.Equal(t, http.StatusNotFound, b.appeler("staff", "GET", chemin, "").Code)
	require.Equal(t, http.StatusNotFound, b.appeler("staff", "GET", "/webhooks/pas-un-uuid", "").Code)
}

// The whole way: an event committed with its job, a worker, a signed delivery to a real receiver, its log, a replay.
func TestWebhooks_livraisonJournalEtRejeu(t *testing.T) {
	b := nouveauBancWebhooks(t)
	chemin, _ := b.creer()
	require.NoError(t, b.sim.AddFaults(sim.Fault{Match: sim.Match{Route: sim.RouteRecepteur}, Status: http.StatusGone}))
	require.NoError(t, b.Store.InTx(t.Context(), func(ctx context.Context) error {
		return b.service.Emettre(ctx, webhook.Evenement{
			Type: webhook.RevisionPublieeType, SurvenuLe: time.Now(), Objet: webhook.Objet{Type: "revision", UUID: "5f9b1a2c3d4e5f6a7b8c9d0e"},
		})
	}))
	l := b.attendre(chemin, alert.Echec)
	adresse := chemin + "/livraisons/" + l.UUID.String()
	w := b.appeler("staff", "GET", adresse, "")
	require.Equal(t, http.StatusOK, w.Code, w.Body.String())
	var detail web.LivraisonDetail
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &detail))
	require.Len(t, detail.Essais, 1)
	require.Equal(t, http.StatusGone, *detail.Essais[0].StatutHTTP)
	require.Contains(t, *detail.Corps, "5f9b1a2c3d4e5f6a7b8c9d0e")

	require.Equal(t, http.StatusOK, b.appeler("staff", "POST", adresse+"/rejouer", "").Code)
	b.attendre(chemin, alert.Envoye)
	recus := b.sim.Requests(sim.RouteRecepteur)
	require.Len(t, recus, 2)
	require.NotEmpty(t, recus[1].Headers.Get(webhook.EnTete))
	require.Equal(t, http.StatusOK, b.appeler("staff", "GET", adresse, "").Code)
	require.Equal(t, http.StatusNotFound, b.appeler("staff", "GET", chemin+"/livraisons/"+uuid.NewString(), "").Code)
	require.Equal(t, http.StatusBadRequest, b.appeler("staff", "GET", chemin+"/livraisons?etat=PERDU", "").Code)
}

// attendre waits until the only delivery of a webhook is in an état.
func (b *bancWebhooks) attendre(chemin, etat string) web.LivraisonWebhook {
	b.t.Helper()
	var trouvee web.LivraisonWebhook
	require.Eventually(b.t, func() bool {
		w := b.appeler("staff", "GET", chemin+"/livraisons?etat="+etat, "")
		var page web.PageLivraisons
		if w.Code != http.StatusOK || json.Unmarshal(w.Body.Bytes(), &page) != nil || page.Total != 1 {
			return false
		}
		trouvee = page.Resultats[0]
		return true
	}, 30*time.Second, 50*time.Millisecond)
	return trouvee
}
