package webhook_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"apilos/api/alert"
	"apilos/api/auth"
	"apilos/api/clientapi"
	"apilos/api/internal/fixture"
	"apilos/api/mail"
	"apilos/api/sceau"
	"apilos/api/siap"
	"apilos/api/store"
	"apilos/api/webhook"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// recu is a delivery that reached the receiver.
type recu struct {
	entetes http.Header
	corps   string
}

// recepteur is a real receiver; it answers what the test says.
type recepteur struct {
	*httptest.Server
	mu     sync.Mutex
	statut int
	texte  string
	recus  []recu
}

func nouveauRecepteur(t *testing.T) *recepteur {
	t.Helper()
	r := &recepteur{statut: http.StatusOK}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		corps, _ := io.ReadAll(req.Body)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.recus = append(r.recus, recu{req.Header.Clone(), string(corps)})
		w.WriteHeader(r.statut)
		_, _ = io.WriteString(w, r.texte)
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *recepteur) repondre(statut int, texte string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.statut, r.texte = statut, texte
}

func (r *recepteur) vus() []recu {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.recus)
}

// file remembers the deliveries to make.
type file struct{ ids []int64 }

func (f *file) LivrerMessages(_ context.Context, envois ...alert.Envoi) error {
	for _, e := range envois {
		f.ids = append(f.ids, e.MessageID)
	}
	return nil
}

// banc is the service and the engine on PostgreSQL.
type banc struct {
	*fixture.Monde
	*webhook.Service
	t       *testing.T
	le      time.Time
	file    *file
	moteur  *alert.Service
	clients *clientapi.Service
	config  func(webhook.Store) webhook.Config
	staff   auth.Principal
	horsDev bool
}

func nouveauBanc(t *testing.T, horsDev ...bool) *banc {
	t.Helper()
	t.Parallel()
	b := &banc{Monde: fixture.Nouveau(t), t: t, le: time.Date(2026, 4, 15, 9, 30, 0, 0, time.UTC), file: &file{}, horsDev: len(horsDev) > 0}
	horloge := func() time.Time { return b.le }
	silence := slog.New(slog.DiscardHandler)
	sceau, err := sceau.New([]byte("cle-de-la-plateforme-pour-les-tests"), webhook.UsageSceau)
	require.NoError(t, err)
	st := store.NewWebhooks(b.Store)
	s, err := siap.New(siap.Config{Host: "http://siap.example.org", Key: siap.Key{Secret: []byte("cle-de-test-du-siap-sans-usage")}})
	require.NoError(t, err)
	t.Cleanup(s.Close)
	courrier, err := mail.NewDirectory(t.TempDir(), "a@apilos.example", horloge)
	require.NoError(t, err)
	t.Cleanup(func() { _ = courrier.Close() })
	gabarits, err := mail.NewModeles()
	require.NoError(t, err)
	b.moteur, err = alert.NewService(alert.Config{
		Store: store.NewAlertes(b.Store), File: b.file, SIAP: s, Courrier: courrier, Gabarits: gabarits, Horloge: horloge, Alea: func() float64 { return 0 },
		Journal: silence, BaseURL: "https://apilos.example.org", Domaine: "apilos.example",
		Transports: map[string]alert.Transport{alert.CanalWebhook: &webhook.Livreur{Store: st, Sceau: sceau, HTTP: webhook.ClientHTTP(!b.horsDev), Horloge: horloge}},
	})
	require.NoError(t, err)
	b.clients, err = clientapi.New(clientapi.Config{Store: store.NewClientsAPI(b.Store), Horloge: horloge, NouvelID: uuid.New, Journal: silence})
	require.NoError(t, err)
	b.config = func(st webhook.Store) webhook.Config {
		return webhook.Config{Store: st, Messages: b.moteur, Clients: b.clients, Sceau: sceau, Horloge: horloge, NouvelID: uuid.New, Prive: !b.horsDev}
	}
	b.Service, err = webhook.New(b.config(st))
	require.NoError(t, err)
	b.staff = b.Utilisateur("Alice", "Support")
	b.staff.Staff = true
	return b
}

// abonner registers a receiver and returns the webhook with its secret.
func (b *banc) abonner(r *recepteur, evenements ...string) (*webhook.Webhook, string) {
	b.t.Helper()
	if len(evenements) == 0 {
		evenements = []string{webhook.RevisionPublieeType}
	}
	adresse := r.URL + "/reception?cle=privee"
	w, secret, err := b.Creer(b.t.Context(), b.staff, webhook.Reglage{URL: &adresse, Evenements: evenements})
	require.NoError(b.t, err)
	return w, secret
}

// publier emits the publication of a revision of a commune, in a transaction.
func (b *banc) publier(revision, commune string) {
	b.t.Helper()
	require.NoError(b.t, b.Store.InTx(b.t.Context(), func(ctx context.Context) error {
		return b.Emettre(ctx, webhook.Evenement{
			Type: webhook.RevisionPublieeType, SurvenuLe: b.le, Ordre: "bal:" + commune,
			Objet:   webhook.Objet{Type: "revision", UUID: revision, URL: "https://apilos.example.org/api-depot/revisions/" + revision},
			Donnees: map[string]string{"nature": "bal", "portee_cle": commune},
		})
	}))
}

// livrerTout delivers what is due now; what must wait stays in the queue. It returns the shortest wait.
func (b *banc) livrerTout() time.Duration {
	b.t.Helper()
	for {
		ids := b.file.ids
		b.file.ids = nil
		var attente time.Duration
		for _, id := range ids {
			s, err := b.moteur.Livrer(b.t.Context(), id)
			require.NoError(b.t, err)
			if s.Attendre > 0 {
				b.file.ids = append(b.file.ids, id)
				if attente == 0 || s.Attendre < attente {
					attente = s.Attendre
				}
			}
		}
		if len(b.file.ids) == len(ids) {
			return attente
		}
	}
}
