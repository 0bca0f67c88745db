package app

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"apilos/api/convention"

	"github.com/stretchr/testify/require"
)

// TestParcoursDenonciation is the end of a convention through HTTP: start, form, submission, validation, corrected day.
func TestParcoursDenonciation(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	bailleur, service, rennes := p.connecter(t, marie), p.connecter(t, luc), p.connecter(t, "solene.legoff@example.org")
	racine := bailleur.premiere("SIGNEE")

	r := bailleur.envoyer(http.MethodPost, "/api/v1/conventions/"+racine+"/avenants", `{"types":["denonciation"]}`, nil)
	require.Equal(t, http.StatusCreated, r.Code, r.Corps)
	id := r.JSON()["uuid"].(string)
	r = service.envoyer(http.MethodPost, "/api/v1/conventions/"+racine+"/avenants", `{"types":["resiliation"]}`, nil)
	require.Equal(t, http.StatusConflict, r.Code, r.Corps)
	require.Equal(t, id, r.JSON()["avenant_uuid"], "AV-02")

	etape := "/conventions/" + id + "/denonciation"
	require.Equal(t, http.StatusOK, bailleur.lire(etape).Code)
	require.Equal(t, http.StatusNotFound, bailleur.lire("/conventions/"+id+"/resiliation").Code)
	require.Equal(t, http.StatusNotFound, bailleur.lire("/conventions/"+racine+"/denonciation").Code)
	cachee, absente := rennes.lire(etape), rennes.lire("/conventions/00000000-0000-7000-8000-000000000000/denonciation")
	require.Equal(t, []any{http.StatusNotFound, absente.JSON()["detail"]}, []any{cachee.Code, cachee.JSON()["detail"]}, "hidden is absent")

	r = bailleur.agir(id, "soumettre", `{"confirmer_incomplet":true,"commentaire":"Sans date"}`)
	require.Equal(t, []string{"DATE_DENONCIATION_REQUISE"}, r.Codes(), r.Corps)
	r = bailleur.ecrire(http.MethodPut, etape, `{"date_denonciation":"bientôt"}`, bailleur.version(id))
	require.Equal(t, http.StatusUnprocessableEntity, r.Code, r.Corps)
	require.Equal(t, http.StatusPreconditionRequired, bailleur.envoyer(http.MethodPut, "/api/v1"+etape, `{}`, nil).Code)
	require.Equal(t, http.StatusPreconditionFailed, bailleur.ecrire(http.MethodPut, etape, `{}`, `"99"`).Code)
	r = bailleur.ecrire(http.MethodPut, etape, `{"date_denonciation":"2099-01-31","motif_denonciation":"Vente"}`, bailleur.version(id))
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	r = bailleur.agir(id, "soumettre", `{}`)
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	require.Contains(t, r.Corps, convention.AvertissementEcheance, "AV-32, to the bailleur")

	r = service.lire("/conventions/" + id)
	fin := r.JSON()["fin"].(map[string]any)
	require.Equal(t, []any{"denonciation", "2099-01-31", "", true}, []any{fin["genre"], fin["date"], fin["phrase"], fin["depot_possible"]})
	require.Len(t, fin["avertissements"], 1, "AV-32, to the service")
	require.Equal(t, http.StatusForbidden, bailleur.agir(id, "denoncer", `{}`).Code)
	require.Equal(t, http.StatusConflict, service.agir(id, "valider", `{}`).Code, "AV-34")
	r = service.agir(id, "denoncer", `{}`)
	require.Equal(t, http.StatusOK, r.Code, r.Corps)

	for _, ligne := range []string{racine, id} {
		r = bailleur.lire("/conventions/" + ligne)
		require.Equal(t, "DENONCEE", r.JSON()["statut"])
		require.Equal(t, "Dénonciation prévue le 31/01/2099", r.JSON()["fin"].(map[string]any)["phrase"])
	}
	r = service.agir(racine, "corriger_date_denonciation", `{"date_denonciation":"demain"}`)
	require.Equal(t, http.StatusUnprocessableEntity, r.Code, r.Corps)
	r = service.agir(racine, "corriger_date_denonciation", `{"date_denonciation":"2098-12-31"}`)
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	require.Equal(t, "2098-12-31", bailleur.lire("/conventions/" + id).JSON()["fin"].(map[string]any)["date"], "ST-06: the whole family")
	require.Equal(t, http.StatusForbidden, bailleur.agir(racine, "corriger_date_denonciation", `{"date_denonciation":"2098-12-31"}`).Code)
	require.NoError(t, p.db.VerifierJournaux(t.Context()))
}

func TestAV44LectureDeLaListe(t *testing.T) {
	t.Parallel()
	lignes, err := lireLot(strings.NewReader("\ufeffNuméro;Date;Motif\r\n 87.D.26.0001 ;30/06/2031;\"Vente ; partielle\"\r\n87.D.26.0002;2031-06-30\r\n"))
	require.NoError(t, err)
	require.Len(t, lignes, 2)
	require.Equal(t, []any{1, "87.D.26.0001", "30/06/2031", "Vente ; partielle"}, []any{lignes[0].Rang, lignes[0].Numero, lignes[0].Jour.French(), lignes[0].Motif})
	require.Equal(t, "30/06/2031", lignes[1].Jour.French())
	for texte, attendu := range map[string]string{
		"":                                       "aucune ligne",
		"numéro,date\n":                          "aucune ligne",
		"Convention,Jour\nA,2031-06-30\n":        "les titres attendus",
		"numero,date\nA,2031-06-30\n,2031-01-01": "ligne 2 : numéro manquant",
		"numero,date\nA,31/02/2031\n":            "ligne 1 (A) : date « 31/02/2031 » illisible",
	} {
		_, err := lireLot(strings.NewReader(texte))
		require.ErrorContains(t, err, attendu)
	}
}

// TestAV44Commande is the command itself: a dry run writes nothing, then each line is reported.
func TestAV44Commande(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	chef, bailleur := p.connecter(t, "sophie.bernard@example.org"), p.connecter(t, marie)
	require.NotEmpty(t, chef.Jeton)
	p.executer(t, `UPDATE utilisateur SET est_staff = true, est_superuser = true WHERE cerbere_login = 'sophie.bernard@example.org'`)
	racine := bailleur.premiere("SIGNEE")
	numero := bailleur.lire("/conventions/" + racine).JSON()["numero"].(string)
	lancer := func(operateur string, executer bool) (string, error) {
		var sortie bytes.Buffer
		err := TerminerConventions(t.Context(), p.cfg, FinLotOptions{
			Genre: convention.GenreDenonciation, Fichier: strings.NewReader("Numéro,Date\n" + numero + ",31/12/2098\nINCONNU,31/12/2098\n"),
			Operateur: operateur, Executer: executer, Output: &sortie,
		})
		return sortie.String(), err
	}
	_, err := lancer(marie, true)
	require.ErrorContains(t, err, "super-utilisateur")

	sortie, err := lancer("sophie.bernard@example.org", false)
	require.NoError(t, err)
	require.Contains(t, sortie, "[1/2] "+numero+", 31/12/2098 : possible\n[2/2] INCONNU, 31/12/2098 : introuvable")
	require.Contains(t, sortie, "Rien n’a été écrit")
	require.Equal(t, "SIGNEE", bailleur.lire("/conventions/" + racine).JSON()["statut"])

	sortie, err = lancer("sophie.bernard@example.org", true)
	require.ErrorContains(t, err, "lignes non traitées : 1")
	require.Contains(t, sortie, "Conventions terminées : 1 sur 2.\n  introuvable : 1")
	require.Equal(t, "DENONCEE", bailleur.lire("/conventions/" + racine).JSON()["statut"])
	sortie, err = lancer("sophie.bernard@example.org", true)
	require.Error(t, err)
	require.Contains(t, sortie, numero+", 31/12/2098 : déjà terminée")
}
