package app

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"testing"

	"apilos/api/httpapi/contract"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

const (
	marie = "marie.durand@example.org"
	luc   = "luc.martin@example.org"
)

// TestParcoursOperationASignature is the journey of the issue without its pages: operation, step,
// submission, comment, correction, validation, signed file, signature.
func TestParcoursOperationASignature(t *testing.T) {
	p := demarrer(t)
	bailleur, service := p.connecter(t, marie), p.connecter(t, luc)

	r := bailleur.envoyer(http.MethodPost, "/api/v1/operations/20240870002/synchronisation", "{}", nil)
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	id := r.JSON()["creees"].([]any)[0].(map[string]any)["uuid"].(string)

	r = bailleur.ecrire(http.MethodPut, "/conventions/"+id+"/operation", `{"adresse":"8 quai Louis Goujaud\n10 quai Louis Goujaud","nb_bureaux":1}`, bailleur.version(id))
	require.Equal(t, http.StatusOK, r.Code, r.Corps)

	// incomplete: the other steps do not exist yet, the missing items are confirmed with a comment
	r = bailleur.agir(id, "soumettre", `{}`)
	require.Equal(t, http.StatusUnprocessableEntity, r.Code, r.Corps)
	require.Contains(t, r.Codes(), "CONVENTION_INCOMPLETE")
	r = bailleur.agir(id, "soumettre", `{"confirmer_incomplet":true,"commentaire":"Logements transmis par ailleurs."}`)
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	require.Equal(t, "INSTRUCTION", r.JSON()["convention"].(map[string]any)["statut"])

	r = service.envoyer(http.MethodPost, "/api/v1/conventions/"+id+"/commentaires", `{"nom_objet":"programme","champ_objet":"nom","message":"Nom complet ?"}`, nil)
	require.Equal(t, http.StatusCreated, r.Code, r.Corps)
	commentaire := r.JSON()["uuid"].(string)
	r = service.agir(id, "demander_corrections", `{"commentaire":"Un point à revoir.","copie":true}`)
	require.Equal(t, http.StatusOK, r.Code, r.Corps)

	r = bailleur.ecrire(http.MethodPut, "/conventions/"+id+"/operation", `{"nom":"Résidence du Pont","ville":"Isle"}`, bailleur.version(id))
	require.Equal(t, http.StatusForbidden, r.Code, r.Corps)
	require.Equal(t, []string{"CHAMP_NON_MODIFIABLE"}, r.Codes())
	r = bailleur.ecrire(http.MethodPut, "/conventions/"+id+"/operation", `{"nom":"Résidence du Pont","commentaires_resolus":["`+commentaire+`"]}`, bailleur.version(id))
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	r = bailleur.agir(id, "renvoyer_instruction", `{"confirmer_incomplet":true,"commentaire":"Corrigé."}`)
	require.Equal(t, http.StatusOK, r.Code, r.Corps)

	actions := service.lire("/conventions/" + id + "/actions")
	require.Contains(t, actions.Corps, `"numero_propose":"87.D.`)
	r = service.agir(id, "valider", `{"confirmer_incomplet":true,"commentaire":"Vu avec le bailleur."}`)
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	require.Equal(t, "A_SIGNER", r.JSON()["convention"].(map[string]any)["statut"])

	r = bailleur.deposer(id, "signee.pdf", pdfDemo("signe"))
	require.Equal(t, http.StatusCreated, r.Code, r.Corps)
	r = bailleur.agir(id, "signer", `{"date_signature":"2020-01-01"}`)
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	require.Contains(t, r.Corps, "DATE_ANTERIEURE_VALIDATION")
	require.Equal(t, "SIGNEE", r.JSON()["convention"].(map[string]any)["statut"])

	r = service.lire("/conventions/" + id + "/historique?categorie=statut")
	require.Len(t, r.JSON()["evenements"], 6)
	require.NoError(t, p.db.VerifierJournaux(t.Context()))
}

// deposer sends a signed file as a browser does.
func (c *client) deposer(id, nom string, contenu []byte) reponse {
	c.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	require.NoError(c.t, w.WriteField("rubrique", "DOCUMENT_SIGNE"))
	h := textproto.MIMEHeader{}
	h.Set("Content-Disposition", fmt.Sprintf(`form-data; name="fichier"; filename=%q`, nom))
	h.Set("Content-Type", "application/pdf")
	part, err := w.CreatePart(h)
	require.NoError(c.t, err)
	_, err = part.Write(contenu)
	require.NoError(c.t, err)
	require.NoError(c.t, w.Close())
	return c.envoyer(http.MethodPost, "/api/v1/conventions/"+id+"/documents", b.String(),
		map[string]string{"If-Match": c.version(id), "Content-Type": w.FormDataContentType()})
}

// TestDepotRefuse: DO-06 and ST-T12, seen through HTTP.
func TestDepotRefuse(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	bailleur := p.connecter(t, marie)
	id := bailleur.premiere("A_SIGNER")
	r := bailleur.deposer(id, "virus.exe", []byte("MZ\x90\x00 pas un pdf"))
	require.Equal(t, http.StatusUnprocessableEntity, r.Code, r.Corps)
	require.Equal(t, []string{"PDF_REQUIS"}, r.Codes())
	r = bailleur.deposer(id, "", nil)
	require.Equal(t, http.StatusUnprocessableEntity, r.Code, r.Corps)
	projet := bailleur.premiere("PROJET")
	r = bailleur.deposer(projet, "signee.pdf", pdfDemo("x"))
	require.Equal(t, http.StatusConflict, r.Code, r.Corps)
}

// premiere returns a visible convention in a statut.
func (c *client) premiere(statut string) string {
	c.t.Helper()
	r := c.lire("/conventions?statut=" + statut)
	require.Equal(c.t, http.StatusOK, r.Code, r.Corps)
	lignes := r.JSON()["resultats"].([]any)
	require.NotEmpty(c.t, lignes, statut)
	return lignes[0].(map[string]any)["uuid"].(string)
}

// TestRoutesDocumentees: mounted routes and documented ones are the same, both ways.
func TestRoutesDocumentees(t *testing.T) {
	p := demarrer(t)
	contract.Routes(t, p.e, p.doc)
}

// TestMauvaisesEntreesPartout sends what no page would send to every documented operation.
func TestMauvaisesEntreesPartout(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	bailleur := p.connecter(t, marie)
	rennes := p.connecter(t, "solene.legoff@example.org")
	contract.Walk(t, p.doc, contract.Target{
		Handler: p.e, Token: bailleur.Jeton,
		Path:    map[string]string{"uuid": bailleur.premiere("CORRECTION"), "numero": "20240870001", "code": "soumettre", "etape": "operation"},
		Foreign: map[string]string{"uuid": rennes.premiere("INSTRUCTION"), "document": uuid.NewString()},
	})
}
