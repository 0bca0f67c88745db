package web_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/httpapi"
	"apilos/api/httpapi/contract"
	"apilos/api/httpapi/web"
	"apilos/api/internal/fixture"
	"apilos/api/storage"
	"apilos/api/store"
	"apilos/api/telechargement"
	"apilos/openapi"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// bancSorties is the API of downloads and messages on a database and a folder. Every answer is checked
// against the OpenAPI document and every GET runs in a READ ONLY transaction: using a download address
// writes, but never in the transaction of the request.
type bancSorties struct {
	*fixture.Monde
	t        *testing.T
	gens     gens
	handler  http.Handler
	doc      *contract.Document
	contenus *storage.Local
}

// ouvreur opens the bytes of files on a folder.
type ouvreur struct{ *storage.Local }

func (o ouvreur) Ouvrir(ctx context.Context, cle string) (io.ReadCloser, int64, error) {
	corps, info, err := o.Get(ctx, cle, nil)
	return corps, info.Size, err
}

func nouveauBancSorties(t *testing.T) *bancSorties {
	t.Helper()
	t.Parallel()
	b := &bancSorties{Monde: fixture.Nouveau(t), t: t}
	var err error
	b.contenus, err = storage.NewLocal(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { _ = b.contenus.Close() })
	staff := b.Utilisateur("Alice", "Support")
	staff.Staff, staff.Typologie, staff.National = true, auth.Administrateur, true
	b.gens = gens{
		"bailleur": b.session(b.EnBailleur()), "instructeur": b.session(b.EnInstructeur()), "lecteur": b.session(fixture.EnLecture(b.EnInstructeur())),
		"etranger": b.session(b.EtrangerBailleur()), "staff": b.session(staff),
	}
	conv := convention.NewService(b.Store, nil, nil, nil, time.Now)
	raw, _ := openapi.Apilos()
	b.doc = contract.Load(t, seulement(t, raw, "/telechargements", "/telechargements/{jeton}", "/alertes", "/alertes/{uuid}", "/alertes/{uuid}/relance", "/alertes/relances",
		"/conventions/{uuid}/alertes"))
	e := contract.Echo(t)
	e.Use(b.doc.Checker(t))
	require.NoError(t, httpapi.Mount(e, "/api/v1", httpapi.Chain{Authenticator: b.gens, Log: contract.Logger(t), ReadGuard: b.lectureSeule},
		web.Telechargements{Service: telechargement.NewService(store.NewTelechargements(b.Store), conv, ouvreur{b.contenus}, time.Now)},
		web.Alertes{Service: serviceAlertes(t, b.Store), Conventions: conv}))
	b.handler = e
	return b
}

// seulement keeps some paths of an OpenAPI document.
func seulement(t *testing.T, raw []byte, chemins ...string) []byte {
	t.Helper()
	var doc map[string]any
	require.NoError(t, json.Unmarshal(raw, &doc))
	garde := map[string]any{}
	for _, c := range chemins {
		p, ok := doc["paths"].(map[string]any)[c]
		require.True(t, ok, "%s is not documented", c)
		garde[c] = p
	}
	doc["paths"] = garde
	out, err := json.Marshal(doc)
	require.NoError(t, err)
	return out
}

func (b *bancSorties) lectureSeule(ctx context.Context, fn func(ctx context.Context) error) error {
	return b.Store.InTx(ctx, func(ctx context.Context) error {
		tx, _ := store.Tx(ctx)
		if _, err := tx.Exec(ctx, `SET TRANSACTION READ ONLY`); err != nil {
			return err
		}
		return fn(ctx)
	})
}

func (b *bancSorties) session(p auth.Principal) auth.Principal {
	p.SessionID = uuid.NewString()
	b.Executer(`INSERT INTO session (id, utilisateur_id, expire_inactivite_le, expire_absolue_le) VALUES ($1, $2, now() + interval '1 hour', now() + interval '1 hour')`,
		p.SessionID, p.UtilisateurID)
	return p
}

// document attaches a file to a new convention and returns both uuids.
func (b *bancSorties) document(nom, typeMime, contenu, antivirus string) (conv, doc uuid.UUID) {
	b.t.Helper()
	conv = b.Convention(fixture.Conv{Statut: convention.ASigner})
	f := b.DocumentSigne(conv, antivirus)
	cle := "conventions/" + uuid.NewString()
	_, err := b.contenus.Put(context.Background(), cle, strings.NewReader(contenu), storage.Options{})
	require.NoError(b.t, err)
	b.Executer(`UPDATE fichier SET cle_objet = $2, nom_reel = $3, type_mime = $4 WHERE id = $1`, f, cle, nom, typeMime)
	require.NoError(b.t, b.Base.Pool.QueryRow(context.Background(), `SELECT uuid FROM fichier_rattache WHERE fichier_id = $1`, f).Scan(&doc))
	return conv, doc
}

func (b *bancSorties) appeler(qui, methode, chemin, corps string) *httptest.ResponseRecorder {
	b.t.Helper()
	r := httptest.NewRequest(methode, chemin, strings.NewReader(corps))
	if qui != "" {
		r.Header.Set("Authorization", "Bearer "+qui)
	}
	if corps != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, r)
	return w
}

// lien asks for the address of a document.
func (b *bancSorties) lien(qui string, doc uuid.UUID, enLigne bool) string {
	b.t.Helper()
	corps, err := json.Marshal(map[string]any{"document_uuid": doc, "en_ligne": enLigne})
	require.NoError(b.t, err)
	w := b.appeler(qui, http.MethodPost, "/api/v1/telechargements", string(corps))
	require.Equal(b.t, http.StatusOK, w.Code, w.Body.String())
	var lien web.LienTelechargement
	require.NoError(b.t, json.Unmarshal(w.Body.Bytes(), &lien))
	require.WithinDuration(b.t, time.Now().Add(time.Minute), lien.ExpireLe, 10*time.Second)
	require.Equal(b.t, "no-store", w.Header().Get("Cache-Control"))
	return lien.URL
}

func TestDownload_headersOfUserFiles(t *testing.T) {
	b := nouveauBancSorties(t)
	_, doc := b.document("Convention signée n° 2.pdf", "application/pdf", "%PDF-1.7 é", "SAIN")
	w := b.appeler("", http.MethodGet, b.lien("lecteur", doc, false), "")
	require.Equal(t, http.StatusOK, w.Code)
	require.Equal(t, "%PDF-1.7 é", w.Body.String())
	for nom, want := range map[string]string{
		"Content-Type": "application/pdf", "Content-Disposition": "attachment; filename*=utf-8''Convention%20sign%C3%A9e%20n%C2%B0%202.pdf",
		"Content-Security-Policy": "sandbox; default-src 'none'", "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store",
		"Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY", "Content-Length": "11", "Accept-Ranges": "none",
	} {
		require.Equal(t, want, w.Header().Get(nom), nom)
	}

	w = b.appeler("", http.MethodGet, b.lien("lecteur", doc, true), "")
	require.True(t, strings.HasPrefix(w.Header().Get("Content-Disposition"), "inline;"))
	require.Equal(t, "sandbox; default-src 'none'; frame-ancestors 'self'", w.Header().Get("Content-Security-Policy"))
	require.Equal(t, "SAMEORIGIN", w.Header().Get("X-Frame-Options"))

	_, page := b.document("page.html", "text/html", "<script>alert(1)</script>", "SAIN")
	w = b.appeler("", http.MethodGet, b.lien("bailleur", page, true), "")
	require.Equal(t, "application/octet-stream", w.Header().Get("Content-Type"))
	require.Equal(t, `attachment; filename=page.html`, w.Header().Get("Content-Disposition"))
}

func TestDownload_oneUseOnly(t *testing.T) {
	b := nouveauBancSorties(t)
	_, doc := b.document("a.pdf", "application/pdf", "%PDF", "SAIN")
	url := b.lien("instructeur", doc, false)
	require.Equal(t, http.StatusNotFound, b.appeler("", http.MethodHead, url, "").Code, "a look does not use the address")
	require.Equal(t, http.StatusOK, b.appeler("", http.MethodGet, url, "").Code)
	w := b.appeler("", http.MethodGet, url, "")
	require.Equal(t, http.StatusNotFound, w.Code)
	require.Contains(t, w.Body.String(), "ne sert qu’une fois")

	url = b.lien("instructeur", doc, false)
	b.Executer(`UPDATE session SET revoquee_le = now() WHERE id = $1`, b.gens["instructeur"].SessionID)
	require.Equal(t, http.StatusNotFound, b.appeler("", http.MethodGet, url, "").Code)
}

func TestDownload_refusals(t *testing.T) {
	b := nouveauBancSorties(t)
	_, doc := b.document("a.pdf", "application/pdf", "%PDF", "SAIN")
	_, attente := b.document("a.pdf", "application/pdf", "%PDF", "EN_ATTENTE")
	corps := func(d uuid.UUID) string { return `{"document_uuid":"` + d.String() + `"}` }
	for _, c := range []struct {
		nom, qui, corps string
		statut          int
		code            string
	}{
		{"anonymous", "", corps(doc), 401, "non_authentifie"},
		{"other perimeter", "etranger", corps(doc), 404, "introuvable"},
		{"unknown", "bailleur", corps(uuid.New()), 404, "introuvable"},
		{"not scanned", "bailleur", corps(attente), 409, "FICHIER_NON_VERIFIE"},
		{"no document", "bailleur", `{}`, 422, "invalide"},
		{"unknown field", "bailleur", `{"document_uuid":"` + doc.String() + `","x":1}`, 400, "json_invalide"},
	} {
		w := b.appeler(c.qui, http.MethodPost, "/api/v1/telechargements", c.corps)
		require.Equal(t, c.statut, w.Code, "%s: %s", c.nom, w.Body.String())
		require.Contains(t, w.Body.String(), `"code":"`+c.code+`"`, c.nom)
	}
	require.Zero(t, b.Compter(`SELECT count(*) FROM jeton_unique`))
}

func TestSorties_badInputEverywhere(t *testing.T) {
	b := nouveauBancSorties(t)
	contract.Walk(t, b.doc, contract.Target{Handler: b.handler, Token: "bailleur"})
}
