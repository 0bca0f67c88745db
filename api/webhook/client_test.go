package webhook_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"apilos/api/alert"
	"apilos/api/auth"
	"apilos/api/clientapi"
	"apilos/api/fault"
	"apilos/api/internal/fixture"
	"apilos/api/webhook"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

const statutChange = "convention.statut_change"

// client makes an API client and returns who it is.
func (b *banc) client(nom string, per clientapi.Perimetre, portees ...auth.Portee) (*clientapi.Fiche, auth.Principal) {
	b.t.Helper()
	if len(portees) == 0 {
		portees = []auth.Portee{auth.ConventionsLire, auth.WebhooksGerer}
	}
	f, jeton, err := b.clients.Creer(b.t.Context(), b.staff, clientapi.Demande{Nom: nom, Portees: portees, Perimetre: per})
	require.NoError(b.t, err)
	p, err := b.clients.Authenticate(b.t.Context(), jeton)
	require.NoError(b.t, err)
	return f, p
}

func departement(code string) clientapi.Perimetre {
	return clientapi.Perimetre{Genre: clientapi.Departemental, Departement: code}
}

func (b *banc) abonnerPour(p auth.Principal, r *recepteur, evenements ...string) *webhook.Webhook {
	b.t.Helper()
	w, _, err := b.Creer(b.t.Context(), p, webhook.Reglage{URL: &r.URL, Evenements: evenements})
	require.NoError(b.t, err)
	return w
}

// changer emits a change of statut of a convention, in a transaction.
func (b *banc) changer(id uuid.UUID, rang int) {
	b.t.Helper()
	require.NoError(b.t, b.Store.InTx(b.t.Context(), func(ctx context.Context) error {
		return b.Emettre(ctx, webhook.Evenement{
			Type: statutChange, SurvenuLe: b.le, ConventionID: b.ID(id), Ordre: "convention:" + id.String(),
			Objet: webhook.Objet{Type: "convention", UUID: id.String()}, Donnees: map[string]int{"rang": rang},
		})
	}))
}

func TestClient_neConnaitQueSesWebhooks(t *testing.T) {
	b := nouveauBanc(t)
	r := nouveauRecepteur(t)
	_, un := b.client("Un", departement("87"))
	_, deux := b.client("Deux", departement("87"))
	duStaff, _ := b.abonner(r)
	w := b.abonnerPour(un, r, statutChange)
	require.Equal(t, un.Client.ID, *w.JetonApiID)
	for nom, tt := range map[string]struct {
		p       auth.Principal
		visible uuid.UUID
		cache   uuid.UUID
		n       int
	}{"le client": {un, w.UUID, duStaff.UUID, 1}, "l’équipe": {b.staff, duStaff.UUID, w.UUID, 1}, "un autre client": {deux, uuid.Nil, w.UUID, 0}} {
		liste, total, err := b.Lister(t.Context(), tt.p, 0, 10)
		require.NoError(t, err, nom)
		require.Equal(t, tt.n, total, nom)
		require.Len(t, liste, tt.n, nom)
		if tt.n > 0 {
			require.Equal(t, tt.visible, liste[0].UUID, nom)
			_, err = b.Lire(t.Context(), tt.p, tt.visible)
			require.NoError(t, err, nom)
		}
		for _, f := range []func() error{
			func() error { _, err := b.Lire(t.Context(), tt.p, tt.cache); return err },
			func() error { _, err := b.Modifier(t.Context(), tt.p, tt.cache, 1, webhook.Reglage{}); return err },
			func() error { _, _, err := b.RenouvelerSecret(t.Context(), tt.p, tt.cache, 1); return err },
			func() error { return b.Supprimer(t.Context(), tt.p, tt.cache, 1) },
			func() error { _, _, err := b.Livraisons(t.Context(), tt.p, tt.cache, "", 0, 1); return err },
			func() error { _, err := b.Livraison(t.Context(), tt.p, tt.cache, uuid.New()); return err },
			func() error { _, err := b.Rejouer(t.Context(), tt.p, tt.cache, uuid.New()); return err },
		} {
			require.True(t, fault.Is(f(), fault.NotFound), nom)
		}
	}
	sans := un
	sans.Client = &auth.Client{ID: un.Client.ID, Portees: []auth.Portee{auth.ConventionsLire}}
	_, _, err := b.Lister(t.Context(), sans, 0, 10)
	require.True(t, fault.Is(err, fault.Forbidden))
	_, err = b.Lire(t.Context(), sans, w.UUID)
	require.True(t, fault.Is(err, fault.NotFound))
}

func TestClient_sAbonneACeQuIlPeutLire(t *testing.T) {
	b := nouveauBanc(t)
	r := nouveauRecepteur(t)
	_, aveugle := b.client("Aveugle", departement("87"), auth.WebhooksGerer, auth.OperationsLire)
	_, _, err := b.Creer(t.Context(), aveugle, webhook.Reglage{URL: &r.URL, Evenements: []string{statutChange}})
	require.True(t, fault.HasCode(err, "webhook_invalide"), "%v", err)
	require.Equal(t, "PORTEE_MANQUANTE", fault.As(err).Fields[0].Code)
	b.abonnerPour(aveugle, r, webhook.RevisionPublieeType)

	_, client := b.client("Bavard", departement("87"))
	for range 10 {
		b.abonnerPour(client, r, statutChange)
	}
	_, _, err = b.Creer(t.Context(), client, webhook.Reglage{URL: &r.URL, Evenements: []string{statutChange}})
	require.True(t, fault.HasCode(err, "WEBHOOKS_TROP_NOMBREUX"), "%v", err)
}

// The perimeter is asked when the event is written, by the predicate that answers requests (PE-20).
func TestPE20_webhookDUnClient(t *testing.T) {
	b := nouveauBanc(t)
	var r [5]*recepteur
	for i := range r {
		r[i] = nouveauRecepteur(t)
	}
	var bailleur uuid.UUID
	require.NoError(t, b.Base.Pool.QueryRow(t.Context(), `SELECT uuid FROM bailleur WHERE id = $1`, b.BailleurID).Scan(&bailleur))
	_, vienne := b.client("Haute-Vienne", departement("87"))
	_, rennes := b.client("Ille-et-Vilaine", departement("35"))
	_, proprietaire := b.client("Bailleur", clientapi.Perimetre{Genre: clientapi.DeBailleurs, Bailleurs: []uuid.UUID{bailleur}})
	f, france := b.client("France", clientapi.Perimetre{Genre: clientapi.National})
	b.abonner(r[0], statutChange)
	b.abonnerPour(vienne, r[1], statutChange)
	b.abonnerPour(rennes, r[2], statutChange)
	b.abonnerPour(proprietaire, r[3], statutChange)
	b.abonnerPour(france, r[4], statutChange)
	recus := func() []int {
		b.livrerTout()
		var out []int
		for _, x := range r {
			out = append(out, len(x.vus()))
		}
		return out
	}
	id := b.Convention(fixture.Conv{})
	b.changer(id, 1)
	require.Equal(t, []int{1, 1, 0, 1, 1}, recus())

	// moved to another territory: the next event follows it
	b.Executer(`UPDATE operation SET code_insee_departement = '35', code_insee_region = '53', code_insee_commune = '35238' WHERE id = (SELECT operation_id FROM convention WHERE uuid = $1)`, id)
	b.Rafraichir(id)
	b.changer(id, 2)
	require.Equal(t, []int{2, 1, 1, 2, 2}, recus())

	// the scope withdrawn, then the client revoked: nothing more, and what waited does not leave
	sansLecture := []auth.Portee{auth.WebhooksGerer}
	f, err := b.clients.Modifier(t.Context(), b.staff, f.UUID, f.Version, clientapi.Reglage{Portees: &sansLecture})
	require.NoError(t, err)
	b.changer(id, 3)
	require.Equal(t, []int{3, 1, 2, 3, 2}, recus())
	avec := []auth.Portee{auth.ConventionsLire, auth.WebhooksGerer}
	f, err = b.clients.Modifier(t.Context(), b.staff, f.UUID, f.Version, clientapi.Reglage{Portees: &avec})
	require.NoError(t, err)
	b.changer(id, 4)
	require.NoError(t, b.clients.Revoquer(t.Context(), b.staff, f.UUID, f.Version))
	b.changer(id, 5)
	require.Equal(t, []int{5, 1, 4, 5, 2}, recus())
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM message_sortant m JOIN webhook w ON w.id = m.webhook_id WHERE w.jeton_api_id = $1 AND m.etat = $2`, f.ID, alert.Echec))
}

// What is about no convention and is not public stays with the staff; what is public goes to every client.
func TestClient_evenementsSansConvention(t *testing.T) {
	b := nouveauBanc(t)
	duStaff, duClient := nouveauRecepteur(t), nouveauRecepteur(t)
	_, p := b.client("France", clientapi.Perimetre{Genre: clientapi.National})
	b.abonner(duStaff)
	b.abonnerPour(p, duClient, webhook.RevisionPublieeType)
	for i, public := range []bool{false, true} {
		require.NoError(t, b.Emettre(t.Context(), webhook.Evenement{
			Type: webhook.RevisionPublieeType, SurvenuLe: b.le, Public: public, Objet: webhook.Objet{Type: "revision", UUID: fmt.Sprintf("%024x", i)},
		}))
	}
	b.livrerTout()
	require.Len(t, duStaff.vus(), 2)
	require.Len(t, duClient.vus(), 1)
	require.Contains(t, duClient.vus()[0].corps, fmt.Sprintf("%024x", 1))
}

// Events of one convention arrive in the order in which they were written, whatever they are about.
func TestDecision32_ordreParConvention(t *testing.T) {
	b := nouveauBanc(t)
	r := nouveauRecepteur(t)
	_, p := b.client("Haute-Vienne", departement("87"))
	b.abonnerPour(p, r, statutChange)
	un, deux := b.Convention(fixture.Conv{}), b.Convention(fixture.Conv{})
	r.repondre(503, "")
	for i := range 3 {
		b.changer(un, i)
		b.changer(deux, i)
	}
	b.livrerTout()
	require.Len(t, r.vus(), 2, "the first of each convention; the others wait for it")
	r.repondre(200, "")
	for range 10 {
		b.le = b.le.Add(time.Minute)
		b.livrerTout()
	}
	rangs := map[string][]int{}
	for _, x := range r.vus()[2:] {
		var e struct {
			Objet   webhook.Objet
			Donnees struct{ Rang int }
		}
		require.NoError(t, json.Unmarshal([]byte(x.corps), &e))
		rangs[e.Objet.UUID] = append(rangs[e.Objet.UUID], e.Donnees.Rang)
	}
	require.Equal(t, map[string][]int{un.String(): {0, 1, 2}, deux.String(): {0, 1, 2}}, rangs)
}

// sansAbonne answers that nobody listens; any other call panics.
type sansAbonne struct {
	webhook.Store
	lectures int
}

func (s *sansAbonne) Abonnes(context.Context, string) ([]webhook.Webhook, error) {
	s.lectures++
	return nil, nil
}

func TestEmettre_uneLectureQuandPersonneNEcoute(t *testing.T) {
	b := nouveauBanc(t)
	s := &sansAbonne{}
	service, err := webhook.New(b.config(s))
	require.NoError(t, err)
	require.NoError(t, service.Emettre(t.Context(), webhook.Evenement{Type: statutChange, ConventionID: 1}))
	require.Equal(t, 1, s.lectures)
}
