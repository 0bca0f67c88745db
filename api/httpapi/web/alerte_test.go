package web_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"apilos/api/alert"
	"apilos/api/httpapi"
	"apilos/api/httpapi/web"
	"apilos/api/mail"
	"apilos/api/siap"
	"apilos/api/store"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// fileMuette takes the jobs that these tests do not run.
type fileMuette struct{}

func (fileMuette) LivrerMessages(context.Context, ...alert.Envoi) error { return nil }

// serviceAlertes is the service of messages, in front of a SIAP that nobody answers.
func serviceAlertes(t *testing.T, db *store.DB) *alert.Service {
	t.Helper()
	client, err := siap.New(siap.Config{Host: "http://127.0.0.1:1", Key: siap.Key{Secret: []byte("cle-de-test-du-siap-sans-usage-aucun")}})
	require.NoError(t, err)
	t.Cleanup(client.Close)
	courrier, err := mail.NewDirectory(t.TempDir(), "a@apilos.example", time.Now)
	require.NoError(t, err)
	t.Cleanup(func() { _ = courrier.Close() })
	gabarits, err := mail.NewModeles()
	require.NoError(t, err)
	s, err := alert.NewService(alert.Config{
		Store: store.NewAlertes(db), File: fileMuette{}, SIAP: client, Courrier: courrier, Gabarits: gabarits, Horloge: time.Now,
		Alea: func() float64 { return 0 }, Journal: slog.New(slog.DiscardHandler), BaseURL: "https://apilos.example.org", Domaine: "apilos.example",
	})
	require.NoError(t, err)
	return s
}

func TestAlertes_addressesAreForStaffOnly(t *testing.T) {
	b := nouveauBancSorties(t)
	conv, _ := b.document("a.pdf", "application/pdf", "%PDF", "SAIN")
	auteur := b.gens["bailleur"]
	for _, dest := range []string{"SG", "autre@example.org", auteur.Email} {
		canal, typ := "EMAIL", "EM-01"
		if dest == "SG" {
			canal, typ = "ALERTE_SIAP", "alerte.creer"
		}
		b.Executer(`INSERT INTO message_sortant (canal, type, convention_id, cle_unicite, destinataire, utilisateur_id, etat, erreur, charge)
			VALUES ($1, $2, $3, $4, $5, $6, 'ABANDON', 'technique', '{"secret": 1}')`, canal, typ, b.ID(conv), "cle "+dest, dest, auteur.UtilisateurID)
	}
	lire := func(qui string) (destinataires, erreurs []string) {
		w := b.appeler(qui, http.MethodGet, "/api/v1/alertes?convention="+conv.String(), "")
		require.Equal(t, http.StatusOK, w.Code, w.Body.String())
		require.NotContains(t, w.Body.String(), "secret")
		var page httpapi.Page[web.AlerteLigne]
		require.NoError(t, json.Unmarshal(w.Body.Bytes(), &page))
		require.Equal(t, len(page.Resultats), page.Total)
		for _, l := range page.Resultats {
			destinataires, erreurs = append(destinataires, l.Destinataire), append(erreurs, l.Erreur)
		}
		return destinataires, erreurs
	}
	d, e := lire("bailleur")
	require.ElementsMatch(t, []string{"SG", "", auteur.Email}, d)
	require.Equal(t, []string{"", "", ""}, e)
	d, e = lire("staff")
	require.ElementsMatch(t, []string{"SG", "autre@example.org", auteur.Email}, d)
	require.Equal(t, []string{"technique", "technique", "technique"}, e)
	d, _ = lire("instructeur")
	require.Empty(t, d)
	require.Equal(t, http.StatusNotFound, b.appeler("etranger", http.MethodGet, "/api/v1/alertes?convention="+conv.String(), "").Code)
	var toutes httpapi.Page[web.AlerteLigne]
	require.NoError(t, json.Unmarshal(b.appeler("bailleur", http.MethodGet, "/api/v1/alertes?canal=EMAIL&statut=ABANDON,ECHEC&tri=tentatives", "").Body.Bytes(), &toutes))
	require.Equal(t, 2, toutes.Total, "one's own, without a convention")
	demain := time.Now().Add(48 * time.Hour).Format("2006-01-02")
	for requete, statut := range map[string]int{
		"depuis=" + demain: 200, "depuis=2026-04-15T08:00:00Z": 200, "jusqua=hier": 400, "statut=INCONNU": 400, "canal=X": 400, "tri=sequence": 400, "inconnu=1": 400,
	} {
		require.Equal(t, statut, b.appeler("staff", http.MethodGet, "/api/v1/alertes?"+requete, "").Code, requete)
	}
}

func TestAlertes_ofAConventionWhenSIAPIsDown(t *testing.T) {
	b := nouveauBancSorties(t)
	conv, _ := b.document("a.pdf", "application/pdf", "%PDF", "SAIN")
	b.Executer(`INSERT INTO message_sortant (canal, type, convention_id, cle_unicite, destinataire, utilisateur_id, etat, identifiant_externe)
		VALUES ('ALERTE_SIAP', 'alerte.creer', $1, 'cle', 'SG', $2, 'ENVOYE', '7')`, b.ID(conv), b.gens["bailleur"].UtilisateurID)
	w := b.appeler("bailleur", http.MethodGet, "/api/v1/conventions/"+conv.String()+"/alertes", "")
	require.Equal(t, http.StatusOK, w.Code, w.Body.String())
	var vue web.AlertesConvention
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &vue))
	require.Equal(t, web.AlertesSIAP{Raison: alert.SIAPIndisponible, Alertes: []web.AlerteSIAP{}}, vue.SIAP)
	require.Len(t, vue.Resultats, 1)
	require.Empty(t, vue.Resultats[0].EtatSIAP, "nobody can tell")
	require.Equal(t, http.StatusNotFound, b.appeler("etranger", http.MethodGet, "/api/v1/conventions/"+conv.String()+"/alertes", "").Code)
}

func TestAlertes_relaunchIsForStaffAndTellsWhatHappened(t *testing.T) {
	b := nouveauBancSorties(t)
	conv, _ := b.document("a.pdf", "application/pdf", "%PDF", "SAIN")
	auteur := b.gens["bailleur"]
	var ids []string
	for i, etat := range []string{"ABANDON", "ECHEC", "ENVOYE"} {
		id := uuid.NewString()
		ids = append(ids, id)
		b.Executer(`INSERT INTO message_sortant (uuid, canal, type, convention_id, sequence, cle_unicite, destinataire, utilisateur_id, etat, erreur, charge)
			VALUES ($1, 'ALERTE_SIAP', 'alerte.creer', $2, $3::int, 'cle' || $3::int, 'SG', $4, $5, 'HTTP 500', '{"creation": {"etiquettePersonnalisee": "Convention à instruire"}}')`,
			id, b.ID(conv), i+1, auteur.UtilisateurID, etat)
	}
	adresse := func(i int) string { return "/api/v1/alertes/" + ids[i] }
	var detail web.AlerteDetail
	w := b.appeler("staff", http.MethodGet, adresse(0), "")
	require.Equal(t, http.StatusOK, w.Code, w.Body.String())
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &detail))
	require.True(t, detail.Relancable)
	require.Equal(t, "Convention à instruire", detail.Alerte.Etiquette)
	require.Contains(t, string(detail.Contenu), "Convention à instruire")
	require.Equal(t, http.StatusNotFound, b.appeler("bailleur", http.MethodGet, adresse(0), "").Code)

	require.Equal(t, http.StatusForbidden, b.appeler("bailleur", http.MethodPost, adresse(0)+"/relance", "").Code)
	require.Equal(t, http.StatusForbidden, b.appeler("bailleur", http.MethodPost, "/api/v1/alertes/relances", `{"simulation":true}`).Code)
	for range 2 { // clicked twice
		w = b.appeler("staff", http.MethodPost, adresse(0)+"/relance", "")
		require.Equal(t, http.StatusOK, w.Code, w.Body.String())
		require.NoError(t, json.Unmarshal(w.Body.Bytes(), &detail))
		require.Equal(t, 1, detail.Alerte.Relances)
		require.False(t, detail.Relancable)
	}
	w = b.appeler("staff", http.MethodPost, adresse(2)+"/relance", "")
	require.Equal(t, http.StatusConflict, w.Code)
	require.Contains(t, w.Body.String(), "MESSAGE_NON_RELANCABLE")

	require.Equal(t, http.StatusUnprocessableEntity, b.appeler("staff", http.MethodPost, "/api/v1/alertes/relances", `{"canal":["ALERTE_SIAP"]}`).Code, "without a reason")
	require.Equal(t, http.StatusUnprocessableEntity, b.appeler("staff", http.MethodPost, "/api/v1/alertes/relances", `{"statut":["ENVOYE"],"motif":"pour voir"}`).Code)
	w = b.appeler("staff", http.MethodPost, "/api/v1/alertes/relances", `{"canal":["ALERTE_SIAP"],"depuis":"2020-01-01","jusqua":"2999-12-31","motif":"Le SIAP répond"}`)
	require.Equal(t, http.StatusOK, w.Code, w.Body.String())
	require.JSONEq(t, `{"concernes":1,"relances":1,"restants":0}`, w.Body.String())
	require.Equal(t, 2, b.Compter(`SELECT count(*) FROM journal_audit WHERE commande = 'message.relancer'`))
}
