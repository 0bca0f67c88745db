package web_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"testing"
	"time"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/httpapi"
	"apilos/api/httpapi/contract"
	"apilos/api/httpapi/web"
	"apilos/api/internal/fixture"
	"apilos/api/revision"
	"apilos/api/revision/coffre"
	"apilos/api/revision/genre"
	"apilos/api/storage"
	"apilos/api/store"
	"apilos/openapi"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

type bancRevisions struct {
	*fixture.Monde
	t       *testing.T
	handler http.Handler
}

func nouveauBancRevisions(t *testing.T) *bancRevisions {
	t.Helper()
	t.Parallel()
	local, err := storage.NewLocal(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { _ = local.Close() })
	b := &bancRevisions{Monde: fixture.Nouveau(t), t: t}
	ids, err := revision.NewIdentifiants(time.Now, rand.Reader)
	require.NoError(t, err)
	moteur, err := revision.New(revision.Config{Store: store.NewRevisions(b.Store), Coffre: coffre.New(local), Identifiants: ids, Horloge: time.Now})
	require.NoError(t, err)
	conv := convention.NewService(b.Store, nil, genre.Depots{Moteur: moteur, Coffre: coffre.New(local)}, nil, time.Now)
	require.NoError(t, moteur.Enregistrer(genre.Natures(conv)...))
	qui := gens{"bailleur": b.EnBailleur(), "instructeur": b.EnInstructeur(), "lecteur": fixture.EnLecture(b.EnInstructeur()), "etranger": b.EtrangerBailleur(), "sans": auth.Principal{UtilisateurID: b.Utilisateur("Sans", "Rôle").UtilisateurID}}
	raw, _ := openapi.Apilos()
	doc := contract.Load(t, seulement(t, raw, "/revisions", "/revisions:publish", "/revisions/courante", "/revisions/{id}", "/revisions/{id}/files/{type}",
		"/revisions/{id}/files/{type}/download", "/revisions/{id}/compute", "/revisions/{id}/publish", "/revisions/{id}/restore"))
	e := contract.Echo(t)
	e.Use(doc.Checker(t))
	lecture := (&bancSorties{Monde: b.Monde}).lectureSeule
	require.NoError(t, httpapi.Mount(e, "/api/v1", httpapi.Chain{Authenticator: qui, Log: contract.Logger(t), ReadGuard: lecture}, web.Revisions{Service: moteur}))
	contract.Routes(t, e, doc)
	b.handler = e
	return b
}

func (b *bancRevisions) appeler(qui, methode, chemin string, corps []byte, entetes map[string]string) *httptest.ResponseRecorder {
	b.t.Helper()
	r := httptest.NewRequest(methode, "/api/v1"+chemin, bytes.NewReader(corps))
	if qui != "" {
		r.Header.Set("Authorization", "Bearer "+qui)
	}
	if len(corps) > 0 {
		r.Header.Set("Content-Type", "application/json")
	}
	for k, v := range entetes {
		r.Header.Set(k, v)
	}
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, r)
	return w
}

func objet(t *testing.T, w *httptest.ResponseRecorder, statut int) map[string]any {
	t.Helper()
	require.Equal(t, statut, w.Code, w.Body)
	var v map[string]any
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &v))
	return v
}

func (b *bancRevisions) creer(qui, nature, cle string) string {
	b.t.Helper()
	corps, err := json.Marshal(map[string]any{"nature": nature, "portee_type": "convention", "portee_cle": cle, "contexte": map[string]any{"origine": "essai"}})
	require.NoError(b.t, err)
	v := objet(b.t, b.appeler(qui, http.MethodPost, "/revisions", corps, nil), http.StatusCreated)
	require.Equal(b.t, "pending", v["statut"])
	require.Equal(b.t, false, v["prete"])
	require.Equal(b.t, map[string]any{"origine": "essai"}, v["contexte"])
	require.Empty(b.t, v["validation"])
	return v["id"].(string)
}

var brut = map[string]string{"Content-Type": "application/pdf", "Content-Disposition": `attachment; filename="Pièce été.pdf"`}

// TestRevision_12_fourSteps: the life of a file through HTTP, its history, its restoration.
func TestRevision_12_fourSteps(t *testing.T) {
	b := nouveauBancRevisions(t)
	cle := b.Convention(fixture.Conv{}).String() + ":autre"
	pdf := fixture.PDF("premier")
	id := b.creer("bailleur", "annexe", cle)
	w := b.appeler("bailleur", http.MethodPut, "/revisions/"+id+"/files/piece:1", pdf, brut)
	f := objet(t, w, http.StatusOK)
	require.Equal(t, "Pièce été.pdf", f["nom"])
	require.Equal(t, "application/pdf", f["type_mime"])
	require.EqualValues(t, len(pdf), f["taille"])
	require.Equal(t, "piece:1", f["type"])

	v := objet(t, b.appeler("bailleur", http.MethodPost, "/revisions/"+id+"/compute", nil, nil), http.StatusOK)
	require.Equal(t, true, v["prete"])
	require.Equal(t, true, v["validation"].(map[string]any)["valid"])
	v = objet(t, b.appeler("bailleur", http.MethodPost, "/revisions/"+id+"/publish", nil, nil), http.StatusOK)
	require.Equal(t, true, v["courante"])
	require.Nil(t, v["prete"])
	require.Equal(t, http.StatusPreconditionFailed, b.appeler("bailleur", http.MethodPost, "/revisions/"+id+"/publish", nil, nil).Code)
	require.Equal(t, http.StatusPreconditionFailed, b.appeler("bailleur", http.MethodPut, "/revisions/"+id+"/files/piece:2", pdf, brut).Code)

	require.Equal(t, id, objet(t, b.appeler("lecteur", http.MethodGet, "/revisions/courante?nature=annexe&portee_cle="+cle, nil, nil), http.StatusOK)["id"])
	v = objet(t, b.appeler("bailleur", http.MethodPost, "/revisions/"+id+"/restore", nil, nil), http.StatusCreated)
	autre := v["id"].(string)
	page := objet(t, b.appeler("instructeur", http.MethodGet, "/revisions?nature=annexe&limite=1&portee_cle="+cle, nil, nil), http.StatusOK)
	require.Equal(t, autre, page["resultats"].([]any)[0].(map[string]any)["id"])
	page = objet(t, b.appeler("instructeur", http.MethodGet, "/revisions?nature=annexe&limite=1&portee_cle="+cle+"&apres="+page["suivant"].(string), nil, nil), http.StatusOK)
	require.Equal(t, id, page["resultats"].([]any)[0].(map[string]any)["id"])
	require.Empty(t, page["suivant"])
	page = objet(t, b.appeler("instructeur", http.MethodGet, "/revisions?nature=annexe&statut=published&portee_cle="+cle, nil, nil), http.StatusOK)
	require.Len(t, page["resultats"], 1)
}

func TestRevision_12_downloads(t *testing.T) {
	b := nouveauBancRevisions(t)
	pdf := fixture.PDF("contenu")
	id := b.creer("bailleur", "annexe", b.Convention(fixture.Conv{}).String()+":autre")
	require.Equal(t, http.StatusOK, b.appeler("bailleur", http.MethodPut, "/revisions/"+id+"/files/piece:1", pdf, brut).Code)
	chemin := "/revisions/" + id + "/files/piece:1/download"
	w := b.appeler("lecteur", http.MethodGet, chemin, nil, nil)
	require.Equal(t, http.StatusOK, w.Code, w.Body)
	require.Equal(t, pdf, w.Body.Bytes())
	require.Equal(t, `attachment; filename*=utf-8''Pi%C3%A8ce%20%C3%A9t%C3%A9.pdf`, w.Header().Get("Content-Disposition"))
	require.Equal(t, "nosniff", w.Header().Get("X-Content-Type-Options"))
	etag := w.Header().Get("ETag")
	require.Len(t, etag, 66)
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM journal_audit WHERE action = 'L' AND commande = 'revision.telechargee'`), "CC-33")

	w = b.appeler("lecteur", http.MethodGet, chemin, nil, map[string]string{"If-None-Match": `"x", ` + etag})
	require.Equal(t, http.StatusNotModified, w.Code)
	require.Empty(t, w.Body.Bytes())
	n := len(pdf)
	for plage, c := range map[string]struct {
		statut     int
		debut, fin int
	}{
		"bytes=0-3": {206, 0, 4}, "bytes=5-": {206, 5, n}, "bytes=-4": {206, n - 4, n}, "bytes=2-999999": {206, 2, n}, "bytes=-999999": {206, 0, n},
		"bytes=999999-": {416, 0, 0}, "bytes=-0": {416, 0, 0}, "bytes=3-1": {200, 0, n}, "bytes=0-1,4-5": {200, 0, n}, "octets=0-1": {200, 0, n}, "bytes=x-": {200, 0, n},
	} {
		w := b.appeler("lecteur", http.MethodGet, chemin, nil, map[string]string{"Range": plage})
		require.Equal(t, c.statut, w.Code, plage)
		require.Equal(t, string(pdf[c.debut:c.fin]), w.Body.String(), plage)
	}
	w = b.appeler("lecteur", http.MethodGet, chemin, nil, map[string]string{"Range": "bytes=0-3", "If-Range": `"autre"`})
	require.Equal(t, http.StatusOK, w.Code, "another version: the whole file")
	w = b.appeler("lecteur", http.MethodHead, chemin, nil, nil)
	require.Equal(t, http.StatusOK, w.Code)
	require.Empty(t, w.Body.Bytes())
	require.Equal(t, http.StatusNotFound, b.appeler("lecteur", http.MethodGet, "/revisions/"+id+"/files/piece:2/download", nil, nil).Code)
	require.Equal(t, http.StatusNotFound, b.appeler("etranger", http.MethodGet, chemin, nil, nil).Code)
}

// TestRevision_12_whoMayCall: authentication first, then 404 for what one may not see.
func TestRevision_12_whoMayCall(t *testing.T) {
	b := nouveauBancRevisions(t)
	id := b.creer("bailleur", "annexe", b.Convention(fixture.Conv{}).String()+":autre")
	inconnue := "65f000000000000000000009"
	for _, r := range []struct{ methode, chemin string }{
		{http.MethodGet, "/revisions/%"}, {http.MethodPut, "/revisions/%/files/piece:1"}, {http.MethodPost, "/revisions/%/compute"},
		{http.MethodPost, "/revisions/%/publish"}, {http.MethodPost, "/revisions/%/restore"}, {http.MethodGet, "/revisions/%/files/piece:1/download"},
	} {
		chemin := func(id string) string { return string(bytes.Replace([]byte(r.chemin), []byte("%"), []byte(id), 1)) }
		require.Equal(t, http.StatusUnauthorized, b.appeler("", r.methode, chemin(inconnue), nil, nil).Code, r)
		cache := objet(t, b.appeler("etranger", r.methode, chemin(id), nil, nil), http.StatusNotFound)
		absente := objet(t, b.appeler("etranger", r.methode, chemin(inconnue), nil, nil), http.StatusNotFound)
		malforme := objet(t, b.appeler("etranger", r.methode, chemin("xyz"), nil, nil), http.StatusNotFound)
		require.Equal(t, absente["code"], malforme["code"])
		require.Equal(t, "introuvable", cache["code"], r)
		require.Equal(t, http.StatusForbidden, b.appeler("sans", r.methode, chemin(id), nil, nil).Code, r)
		if r.methode != http.MethodGet {
			require.Equal(t, http.StatusForbidden, b.appeler("lecteur", r.methode, chemin(id), nil, nil).Code, r)
		}
	}
	for corps, statut := range map[string]int{
		`{}`: 422, `{"nature":"annexe","portee_type":"convention","portee_cle":""}`: 422, `{"nature":"x","portee_type":"convention","portee_cle":"a"}`: 400,
		`{"nature":"annexe","portee_type":"commune","portee_cle":"` + uuid.NewString() + `:autre"}`:    400,
		`{"nature":"annexe","portee_type":"convention","portee_cle":"` + uuid.NewString() + `:autre"}`: 404,
		`{"nature":"annexe","portee_type":"convention","portee_cle":"a","contexte":[]}`:                404,
	} {
		require.Equal(t, statut, b.appeler("bailleur", http.MethodPost, "/revisions", []byte(corps), nil).Code, corps)
	}
}

// formulaire writes texts then files: pairs name, value; a value that starts with "@" is a file.
func formulaire(t *testing.T, parts ...[2]string) ([]byte, map[string]string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, p := range parts {
		if p[1] != "" && p[1][0] == '@' {
			h := textproto.MIMEHeader{}
			h.Set("Content-Disposition", `form-data; name="`+p[0]+`"; filename="a.pdf"`)
			part, err := w.CreatePart(h)
			require.NoError(t, err)
			_, err = part.Write([]byte(p[1][1:]))
			require.NoError(t, err)
			continue
		}
		require.NoError(t, w.WriteField(p[0], p[1]))
	}
	require.NoError(t, w.Close())
	return b.Bytes(), map[string]string{"Content-Type": w.FormDataContentType()}
}

func TestRevision_12_inOneCallThroughHTTP(t *testing.T) {
	b := nouveauBancRevisions(t)
	cle := b.Convention(fixture.Conv{}).String() + ":autre"
	debut := [][2]string{{"nature", "annexe"}, {"portee_type", "convention"}, {"portee_cle", cle}}
	pdf := "@" + string(fixture.PDF("x"))
	envoyer := func(parts ...[2]string) *httptest.ResponseRecorder {
		corps, entetes := formulaire(t, append(debut[:3:3], parts...)...)
		return b.appeler("bailleur", http.MethodPost, "/revisions:publish", corps, entetes)
	}
	v := objet(t, envoyer([2]string{"contexte", `{"a":1}`}, [2]string{"fichier", pdf}, [2]string{"piece:2", pdf}), http.StatusOK)
	require.Equal(t, true, v["courante"])
	require.Len(t, v["fichiers"], 2)
	require.Equal(t, 2, b.Compter(`SELECT count(*) FROM fichier_rattache WHERE rubrique = 'PIECE_JOINTE' AND remplace_le IS NULL`))

	v = objet(t, envoyer([2]string{"fichier", "@MZ"}), http.StatusUnprocessableEntity)
	require.Equal(t, "FICHIER_REFUSE", v["code"])
	require.Equal(t, "file.unexpected_type", v["errors"].([]any)[0].(map[string]any)["code"])
	require.Equal(t, http.StatusPreconditionFailed, envoyer([2]string{"version", "99"}, [2]string{"fichier", pdf}).Code)
	require.Equal(t, http.StatusUnprocessableEntity, envoyer([2]string{"version", "x"}, [2]string{"fichier", pdf}).Code)
	require.Equal(t, http.StatusNotFound, envoyer().Code, "no file")
	require.Equal(t, http.StatusNotFound, envoyer([2]string{"fichier", "@"}).Code, "empty file")
	require.Equal(t, http.StatusNotFound, envoyer([2]string{"plan", pdf}).Code, "not a type of the nature")
	require.Equal(t, http.StatusBadRequest, envoyer([2]string{"autre", "x"}).Code)
	corps, entetes := formulaire(t, append(debut[:3:3], [2]string{"fichier", pdf})...)
	require.Equal(t, http.StatusBadRequest, b.appeler("bailleur", http.MethodPost, "/revisions:publish", corps[:len(corps)-200], entetes).Code, "cut form")
	require.Equal(t, http.StatusUnsupportedMediaType, b.appeler("bailleur", http.MethodPost, "/revisions:publish", []byte("{}"), nil).Code)
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM revision`), "refused calls leave nothing")

	// A form is also a way to upload one file.
	id := b.creer("bailleur", "annexe", cle)
	corps, entetes = formulaire(t, [2]string{"fichier", pdf})
	require.Equal(t, http.StatusOK, b.appeler("bailleur", http.MethodPut, "/revisions/"+id+"/files/piece:1", corps, entetes).Code)
	for nom, c := range map[string]struct {
		corps   []byte
		entetes map[string]string
		statut  int
	}{
		"gzip":         {[]byte("x"), map[string]string{"Content-Type": "application/pdf", "Content-Encoding": "gzip", "Content-Disposition": "attachment; filename=a.pdf"}, 400},
		"MD5":          {[]byte("x"), map[string]string{"Content-Type": "application/pdf", "Content-MD5": "0", "Content-Disposition": "attachment; filename=a.pdf"}, 400},
		"empty":        {nil, map[string]string{"Content-Disposition": "attachment; filename=a.pdf"}, 404},
		"extension":    {[]byte("x"), map[string]string{"Content-Type": "application/pdf", "Content-Disposition": "attachment; filename=a.exe"}, 415},
		"without name": {[]byte("x"), map[string]string{"Content-Type": "application/pdf"}, 415},
	} {
		require.Equal(t, c.statut, b.appeler("bailleur", http.MethodPut, "/revisions/"+id+"/files/piece:2", c.corps, c.entetes).Code, nom)
	}
}
