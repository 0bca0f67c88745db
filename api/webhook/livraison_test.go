package webhook_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"apilos/api/alert"
	"apilos/api/fault"
	"apilos/api/webhook"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

const revisionA = "5f9b1a2c3d4e5f6a7b8c9d0e"

func TestDecision32LivraisonSignee(t *testing.T) {
	b := nouveauBanc(t)
	r := nouveauRecepteur(t)
	w, secret := b.abonner(r)
	b.publier(revisionA, "87085")
	require.Empty(t, r.vus(), "nothing leaves before the commit and its job")
	b.livrerTout()
	require.Len(t, r.vus(), 1)
	vu := r.vus()[0]
	require.NoError(t, webhook.Verifier(secret, vu.entetes.Get(webhook.EnTete), []byte(vu.corps), b.le, time.Minute))
	require.Equal(t, "application/json; charset=utf-8", vu.entetes.Get("Content-Type"))
	require.Equal(t, "revision.publiee", vu.entetes.Get("X-Apilos-Evenement"))

	var corps map[string]any
	require.NoError(t, json.Unmarshal([]byte(vu.corps), &corps))
	require.NoError(t, uuid.Validate(corps["id"].(string)))
	delete(corps, "id")
	require.Equal(t, map[string]any{
		"type": "revision.publiee", "survenu_le": "2026-04-15T09:30:00.000Z",
		"objet":   map[string]any{"type": "revision", "uuid": revisionA, "url": "https://apilos.example.org/api-depot/revisions/" + revisionA},
		"donnees": map[string]any{"nature": "bal", "portee_cle": "87085"},
	}, corps)
	require.Regexp(t, `^\{"id":".*","type":".*","survenu_le":".*","objet":\{"type":.*\},"donnees":\{.*\}\}$`, vu.corps, "members in the order of the contract")

	liste, total, err := b.Livraisons(t.Context(), b.staff, w.UUID, "", 0, 10)
	require.NoError(t, err)
	require.Equal(t, 1, total)
	l, err := b.Livraison(t.Context(), b.staff, w.UUID, liste[0].UUID)
	require.NoError(t, err)
	require.Equal(t, vu.corps, string(l.Corps), "what is shown is what was sent")
	require.Equal(t, alert.Envoye, l.Etat)
	require.Len(t, l.Essais, 1)
	require.Equal(t, 200, *l.Essais[0].StatutHTTP)
	require.Equal(t, l.UUID.String(), vu.entetes.Get("X-Apilos-Livraison"))
}

func TestEmettreSuitLaTransaction(t *testing.T) {
	b := nouveauBanc(t)
	r := nouveauRecepteur(t)
	b.abonner(r)
	err := b.Store.InTx(t.Context(), func(ctx context.Context) error {
		require.NoError(t, b.Emettre(ctx, webhook.Evenement{Type: webhook.RevisionPublieeType, SurvenuLe: b.le, Objet: webhook.Objet{Type: "revision", UUID: revisionA}}))
		return errors.New("la publication échoue")
	})
	require.Error(t, err)
	require.Zero(t, b.Compter(`SELECT count(*) FROM message_sortant`))
	require.Error(t, b.Emettre(t.Context(), webhook.Evenement{Type: "inconnu"}))
}

func TestSeulsLesAbonnesActifsRecoivent(t *testing.T) {
	b := nouveauBanc(t)
	un, deux, trois := nouveauRecepteur(t), nouveauRecepteur(t), nouveauRecepteur(t)
	b.abonner(un)
	b.abonner(deux, "document.signe")
	w, _ := b.abonner(trois, "document.signe", "revision.publiee")
	non := false
	_, err := b.Modifier(t.Context(), b.staff, w.UUID, w.Version, webhook.Reglage{Actif: &non})
	require.NoError(t, err)
	b.publier(revisionA, "87085")
	b.livrerTout()
	require.Len(t, un.vus(), 1)
	require.Empty(t, deux.vus())
	require.Empty(t, trois.vus())
}

func TestDecision32DouzeEssaisSurVingtQuatreHeures(t *testing.T) {
	b := nouveauBanc(t)
	r := nouveauRecepteur(t)
	w, _ := b.abonner(r)
	r.repondre(http.StatusInternalServerError, "base <b>absente</b>\x00")
	debut := b.le
	b.publier(revisionA, "87085")
	for range 20 {
		attente := b.livrerTout()
		if attente == 0 {
			break
		}
		b.le = b.le.Add(attente)
	}
	require.Len(t, r.vus(), 12)
	require.InDelta(t, 24*time.Hour, b.le.Sub(debut), float64(30*time.Minute))
	liste, _, err := b.Livraisons(t.Context(), b.staff, w.UUID, alert.Abandon, 0, 10)
	require.NoError(t, err)
	require.Len(t, liste, 1)
	l, err := b.Livraison(t.Context(), b.staff, w.UUID, liste[0].UUID)
	require.NoError(t, err)
	require.Len(t, l.Essais, 12)
	require.Equal(t, 500, *l.Essais[11].StatutHTTP)
	require.Equal(t, "base <b>absente</b>", l.Essais[11].Reponse)
	require.Equal(t, "réponse HTTP 500", l.Essais[11].Erreur)

	premier := r.vus()[0]
	for _, vu := range r.vus() {
		require.Equal(t, premier.corps, vu.corps, "the same event, each time")
	}
	require.NotEqual(t, premier.entetes.Get(webhook.EnTete), r.vus()[11].entetes.Get(webhook.EnTete), "signed anew")
}

func TestDecision32OrdreParObjet(t *testing.T) {
	b := nouveauBanc(t)
	r := nouveauRecepteur(t)
	b.abonner(r)
	r.repondre(http.StatusServiceUnavailable, "")
	b.publier("000000000000000000000001", "87085")
	b.livrerTout()
	r.repondre(http.StatusOK, "")
	b.publier("000000000000000000000002", "87085")
	b.publier("000000000000000000000003", "87050")
	b.livrerTout()
	require.Equal(t, []string{"000000000000000000000001", "000000000000000000000003"}, objets(t, r), "the second one of Limoges waits for the first")
	b.le = b.le.Add(time.Minute)
	b.livrerTout()
	require.Equal(t, []string{"000000000000000000000001", "000000000000000000000003", "000000000000000000000001", "000000000000000000000002"}, objets(t, r))
}

func objets(t *testing.T, r *recepteur) []string {
	t.Helper()
	var out []string
	for _, vu := range r.vus() {
		var c struct{ Objet webhook.Objet }
		require.NoError(t, json.Unmarshal([]byte(vu.corps), &c))
		out = append(out, c.Objet.UUID)
	}
	return out
}

func TestReponsesDuDestinataire(t *testing.T) {
	tests := map[int]string{200: alert.Envoye, 202: alert.Envoye, 204: alert.Envoye, 301: alert.AEnvoyer, 400: alert.AEnvoyer, 404: alert.AEnvoyer, 410: alert.Echec, 429: alert.AEnvoyer, 503: alert.AEnvoyer}
	b := nouveauBanc(t)
	for statut, etat := range tests {
		r := nouveauRecepteur(t)
		w, _ := b.abonner(r)
		r.repondre(statut, "")
		b.publier(revisionA, "87085")
		b.livrerTout()
		liste, _, err := b.Livraisons(t.Context(), b.staff, w.UUID, "", 0, 10)
		require.NoError(t, err)
		require.Equal(t, etat, liste[0].Etat, "HTTP %d", statut)
		require.NoError(t, b.Supprimer(t.Context(), b.staff, w.UUID, w.Version))
	}
}

func TestErreursSansAdresseNiSecret(t *testing.T) {
	b := nouveauBanc(t)
	r := nouveauRecepteur(t)
	w, secret := b.abonner(r)
	r.Close()
	b.publier(revisionA, "87085")
	b.livrerTout()
	liste, _, err := b.Livraisons(t.Context(), b.staff, w.UUID, "", 0, 10)
	require.NoError(t, err)
	require.Contains(t, liste[0].Erreur, "pas de réponse")
	require.NotContains(t, liste[0].Erreur, "cle=privee")
	l, err := b.Livraison(t.Context(), b.staff, w.UUID, liste[0].UUID)
	require.NoError(t, err)
	require.Nil(t, l.Essais[0].StatutHTTP)
	require.NotContains(t, l.Essais[0].Erreur, secret)
}

// A name that was public when it was registered may lead inside later.
func TestReseauPriveRefuseALaLivraison(t *testing.T) {
	b := nouveauBanc(t, true)
	r := nouveauRecepteur(t)
	adresse := "https://exemple.fr/"
	w, _, err := b.Creer(t.Context(), b.staff, webhook.Reglage{URL: &adresse, Evenements: []string{"revision.publiee"}})
	require.NoError(t, err)
	b.Executer(`UPDATE webhook SET url = $1`, r.URL)
	b.publier(revisionA, "87085")
	b.livrerTout()
	require.Empty(t, r.vus())
	liste, _, err := b.Livraisons(t.Context(), b.staff, w.UUID, "", 0, 10)
	require.NoError(t, err)
	require.Equal(t, alert.Echec, liste[0].Etat, "not tried again")
}

func TestRejouer(t *testing.T) {
	b := nouveauBanc(t)
	r := nouveauRecepteur(t)
	w, _ := b.abonner(r)
	r.repondre(http.StatusGone, "")
	b.publier(revisionA, "87085")
	liste, _, err := b.Livraisons(t.Context(), b.staff, w.UUID, "", 0, 10)
	require.NoError(t, err)
	id := liste[0].UUID
	_, err = b.Rejouer(t.Context(), b.staff, w.UUID, id)
	require.True(t, fault.HasCode(err, "LIVRAISON_NON_REJOUABLE"), "still waiting")
	b.livrerTout()

	r.repondre(http.StatusOK, "")
	b.le = b.le.Add(48 * time.Hour)
	l, err := b.Rejouer(t.Context(), b.staff, w.UUID, id)
	require.NoError(t, err)
	require.Equal(t, alert.AEnvoyer, l.Etat)
	b.livrerTout()
	require.Len(t, r.vus(), 2)
	require.Equal(t, r.vus()[0].corps, r.vus()[1].corps)
	l, err = b.Livraison(t.Context(), b.staff, w.UUID, id)
	require.NoError(t, err)
	require.Equal(t, alert.Envoye, l.Etat)
	require.Len(t, l.Essais, 2, "the log keeps both")
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM journal_audit WHERE commande = 'webhook.rejouer' AND utilisateur_id = $1`, b.staff.UtilisateurID))

	b.Executer(`UPDATE message_sortant SET charge = NULL`)
	_, err = b.Rejouer(t.Context(), b.staff, w.UUID, id)
	require.True(t, fault.HasCode(err, "LIVRAISON_NON_REJOUABLE"), "nothing left to send")
	_, err = b.Rejouer(t.Context(), b.staff, w.UUID, uuid.New())
	require.True(t, fault.Is(err, fault.NotFound))
}

func TestSecretRenouvele(t *testing.T) {
	b := nouveauBanc(t)
	r := nouveauRecepteur(t)
	w, ancien := b.abonner(r)
	require.True(t, strings.HasPrefix(ancien, "apwh_"))
	_, nouveau, err := b.RenouvelerSecret(t.Context(), b.staff, w.UUID, w.Version)
	require.NoError(t, err)
	require.NotEqual(t, ancien, nouveau)
	b.publier(revisionA, "87085")
	b.livrerTout()
	vu := r.vus()[0]
	require.NoError(t, webhook.Verifier(nouveau, vu.entetes.Get(webhook.EnTete), []byte(vu.corps), b.le, time.Minute))
	require.Error(t, webhook.Verifier(ancien, vu.entetes.Get(webhook.EnTete), []byte(vu.corps), b.le, time.Minute))
	require.Zero(t, b.Compter(`SELECT count(*) FROM webhook WHERE position($1::bytea in secret_chiffre) > 0`, []byte(nouveau)), "never in clear")
	require.Zero(t, b.Compter(`SELECT count(*) FROM journal_audit WHERE coalesce(apres::text, '') || coalesce(avant::text, '') LIKE '%apwh_%'`))
}
