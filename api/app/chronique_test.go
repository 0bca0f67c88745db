package app

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// publierPieces sends the files of a fact as a browser does, in one call.
func (c *client) publierPieces(evenement, version string, fichiers map[string]string) reponse {
	c.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, champ := range [][2]string{{"nature", "evenement"}, {"portee_type", "evenement"}, {"portee_cle", evenement}, {"version", version}} {
		require.NoError(c.t, w.WriteField(champ[0], champ[1]))
	}
	for piece, contenu := range fichiers {
		part, err := w.CreateFormFile(piece, strings.ReplaceAll(piece, ":", "-")+".pdf")
		require.NoError(c.t, err)
		_, err = part.Write([]byte(contenu))
		require.NoError(c.t, err)
	}
	require.NoError(c.t, w.Close())
	return c.envoyer(http.MethodPost, "/api/v1/revisions:publish", b.String(), map[string]string{"Content-Type": w.FormDataContentType()})
}

// TestJO10JournalDeBord is the journal de bord through HTTP: a fact, its files, its correction, its end.
func TestJO10JournalDeBord(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	bailleur, service, chef := p.connecter(t, marie), p.connecter(t, luc), p.connecter(t, "sophie.bernard@example.org")
	p.executer(t, `UPDATE utilisateur SET est_staff = true, est_superuser = true WHERE cerbere_login = 'sophie.bernard@example.org'`)
	chef.rafraichir(0)
	id := service.premiere("SIGNEE")

	require.Equal(t, 24, strings.Count(service.lire("/referentiels/types-evenement").Corps, `"code"`))
	r := service.envoyer(http.MethodPost, "/api/v1/conventions/"+id+"/evenements", `{"type_evenement":"RETOUR_PREFET","description":"Deux exemplaires","survenu_le":"2026-02-30"}`, nil)
	require.Equal(t, []string{"not_date"}, r.Codes(), r.Corps)
	r = service.envoyer(http.MethodPost, "/api/v1/conventions/"+id+"/evenements", `{"type_evenement":"RETOUR_PREFET","description":"Deux exemplaires","survenu_le":"2026-02-03"}`, nil)
	require.Equal(t, http.StatusCreated, r.Code, r.Corps)
	e := r.JSON()["uuid"].(string)
	require.Equal(t, "/api/v1/evenements/"+e, r.Entete.Get("Location"))
	require.Equal(t, "Retour de la convention signée par le préfet", r.JSON()["type_libelle"])

	r = service.publierPieces(e, "1", map[string]string{"piece:1": string(pdfDemo("courrier"))})
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	require.Equal(t, http.StatusPreconditionFailed, service.publierPieces(e, "1", map[string]string{"piece:1": string(pdfDemo("autre"))}).Code, "CC-01")
	require.Equal(t, http.StatusForbidden, bailleur.publierPieces(e, "2", map[string]string{"piece:1": string(pdfDemo("autre"))}).Code, "JO-12")
	absent := service.publierPieces(uuid.NewString(), "1", map[string]string{"piece:1": string(pdfDemo("autre"))})
	require.Equal(t, http.StatusNotFound, absent.Code)

	r = service.lire("/evenements/" + e)
	require.Equal(t, float64(2), r.JSON()["version"])
	require.True(t, strings.HasPrefix(r.Entete.Get("ETag"), `"2`))
	piece := r.JSON()["pieces"].([]any)[0].(map[string]any)
	require.Equal(t, "piece-1.pdf", piece["nom"])
	require.Equal(t, true, piece["utilisable"])
	lien := service.envoyer(http.MethodPost, "/api/v1/telechargements", `{"document_uuid":"`+piece["uuid"].(string)+`"}`, nil)
	require.Equal(t, http.StatusOK, lien.Code, lien.Corps)
	contenu := service.envoyer(http.MethodGet, lien.JSON()["url"].(string), "", nil)
	require.Equal(t, string(pdfDemo("courrier")), contenu.Corps)
	require.Equal(t, http.StatusNotFound, bailleur.envoyer(http.MethodPost, "/api/v1/telechargements", `{"document_uuid":"`+piece["uuid"].(string)+`"}`, nil).Code)

	r = service.ecrire(http.MethodPatch, "/evenements/"+e, `{"description":"Trois exemplaires"}`, `"2"`)
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	require.Len(t, r.JSON()["pieces"], 1, "a correction keeps the files")
	require.Equal(t, http.StatusForbidden, service.lire("/evenements/"+e+"/versions").Code)
	r = chef.lire("/evenements/" + e + "/versions")
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	require.Equal(t, 2, strings.Count(r.Corps, `"remplacee_le"`))

	r = service.publierPieces(e, "3", map[string]string{"piece:1": string(pdfDemo("courrier")), "piece:2": string(pdfDemo("plan"))})
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	deux := service.lire("/evenements/" + e).JSON()["pieces"].([]any)
	require.Len(t, deux, 2)
	retiree := deux[1].(map[string]any)["uuid"].(string)
	retrait := "/evenements/" + e + "/pieces/" + retiree
	require.Equal(t, http.StatusForbidden, bailleur.ecrire(http.MethodDelete, retrait, "", `"4"`).Code, "JO-12")
	require.Equal(t, http.StatusPreconditionFailed, service.ecrire(http.MethodDelete, retrait, "", `"3"`).Code, "CC-01")
	require.Equal(t, http.StatusNotFound, service.ecrire(http.MethodDelete, "/evenements/"+e+"/pieces/"+piece["uuid"].(string), "", `"4"`).Code, "replaced by the new files")
	r = service.ecrire(http.MethodDelete, retrait, "", `"4"`)
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	require.Equal(t, float64(5), r.JSON()["version"])
	require.Equal(t, []any{deux[0]}, r.JSON()["pieces"], "the other file stays")
	require.Equal(t, http.StatusNotFound, service.ecrire(http.MethodDelete, retrait, "", `"5"`).Code, "no longer in force")
	r = chef.lire("/evenements/" + e + "/versions")
	require.Contains(t, r.Corps, retiree, "JO-11: kept with the version that had it")
	lien = service.envoyer(http.MethodPost, "/api/v1/telechargements", `{"document_uuid":"`+retiree+`"}`, nil)
	require.Equal(t, http.StatusOK, lien.Code, "DO-07: the bytes are kept")
	require.Contains(t, service.lire("/conventions/"+id+"/historique?limite=2").Corps, "Pièce d’un événement du journal de bord retirée")

	r = service.envoyer(http.MethodPost, "/api/v1/evenements/"+e+"/annulation", "", map[string]string{"If-Match": `"5"`})
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	require.Equal(t, false, r.JSON()["modifiable"])

	r = service.lire("/conventions/" + id + "/evenements?par_page=1")
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	require.Equal(t, []any{float64(1), true}, []any{r.JSON()["total"], r.JSON()["ecriture_possible"]})
	require.Equal(t, http.StatusForbidden, bailleur.lire("/conventions/"+id+"/evenements").Code, "JO-12")
	require.Equal(t, http.StatusOK, bailleur.lire("/conventions/"+id+"/chronologie").Code)

	r = service.lire("/conventions/" + id + "/historique?limite=2")
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	require.Contains(t, r.Corps, "Événement du journal de bord annulé")
	r = service.lire("/conventions/" + id + "/historique?limite=2&apres=" + r.JSON()["suivant"].(string))
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	require.Equal(t, http.StatusBadRequest, service.lire("/conventions/"+id+"/historique?apres=42").Code)
	require.NotContains(t, bailleur.lire("/conventions/"+id+"/historique").Corps, "journal de bord")
	require.NoError(t, p.db.VerifierJournaux(t.Context()))
}

// TestDO10PiecesJointes: an imported attachment becomes the signed document, by the service, once, without moving the
// statut.
func TestDO10PiecesJointes(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	bailleur, service := p.connecter(t, marie), p.connecter(t, luc)
	id := service.premiere("SIGNEE")
	joindre := func(typ, mime string) string {
		return lireUn[string](t, p, `WITH f AS (INSERT INTO fichier (compartiment, cle_objet, nom_reel, nom_stockage, type_mime, taille, antivirus)
			VALUES ('reprise', $1, 'piece.pdf', 'piece.pdf', $3, 10, 'SAIN') RETURNING id)
			INSERT INTO fichier_rattache (fichier_id, convention_id, rubrique, type_piece, description) SELECT f.id, c.id, 'PIECE_JOINTE', $2, 'Reprise' FROM f, convention c WHERE c.uuid = $4 RETURNING uuid::text`,
			uuid.NewString(), typ, mime, id)
	}
	photo, image, piece := joindre("PHOTO", "image/png"), joindre("CONVENTION", "image/png"), joindre("CONVENTION", "application/pdf")
	avenant := joindre("AVENANT", "application/pdf")
	promouvoir := func(c *client, piece, version string) reponse {
		return c.envoyer(http.MethodPost, "/api/v1/conventions/"+id+"/pieces-jointes/"+piece+"/promotion", "", map[string]string{"If-Match": version})
	}
	r := promouvoir(service, piece, service.version(id))
	require.Equal(t, http.StatusForbidden, r.Code, "not from the former system: %s", r.Corps)
	require.Equal(t, "PROMOTION_INTERDITE", r.JSON()["code"])
	p.executer(t, `UPDATE convention SET source = 'ECOLOWEB' WHERE uuid = $1`, id)
	r = promouvoir(service, piece, service.version(id))
	require.Equal(t, http.StatusForbidden, r.Code, "it has a signed document")
	p.executer(t, `UPDATE fichier_rattache SET remplace_le = now() WHERE rubrique = 'DOCUMENT_SIGNE' AND convention_id = (SELECT id FROM convention WHERE uuid = $1)`, id)

	liste := service.lire("/conventions/" + id + "/pieces-jointes")
	require.Equal(t, http.StatusOK, liste.Code, liste.Corps)
	require.Equal(t, 1, strings.Count(liste.Corps, `"promouvable":true`), liste.Corps)
	require.Equal(t, 3, strings.Count(liste.Corps, `"raison_refus":"Seule`)+strings.Count(liste.Corps, `"raison_refus":"Cette`), liste.Corps)
	require.NotContains(t, bailleur.lire("/conventions/"+id+"/pieces-jointes").Corps, `"promouvable":true`)

	for nom, refus := range map[string]reponse{
		"bailleur": promouvoir(bailleur, piece, service.version(id)), "photo": promouvoir(service, photo, service.version(id)),
		"image": promouvoir(service, image, service.version(id)), "avenant on a root": promouvoir(service, avenant, service.version(id)),
	} {
		require.Equal(t, http.StatusForbidden, refus.Code, "%s: %s", nom, refus.Corps)
	}
	require.Equal(t, http.StatusNotFound, promouvoir(service, uuid.NewString(), service.version(id)).Code)
	require.Equal(t, http.StatusPreconditionFailed, promouvoir(service, piece, `"1"`).Code)
	r = promouvoir(service, piece, service.version(id))
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	require.Equal(t, "SIGNEE", r.JSON()["statut"], "the statut does not change")
	require.Contains(t, r.Corps, `"rubrique":"DOCUMENT_SIGNE"`)
	require.Equal(t, http.StatusForbidden, promouvoir(service, piece, service.version(id)).Code, "once")
	require.NoError(t, p.db.VerifierJournaux(t.Context()))
}
