package depotapi_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"apilos/api/cog"
	"apilos/api/depot"
	"apilos/api/httpapi"
	"apilos/api/httpapi/contract"
	"apilos/api/httpapi/depotapi"
	"apilos/api/internal/fixture"
	"apilos/api/revision"
	"apilos/api/revision/coffre"
	"apilos/api/storage"
	"apilos/api/store"
	"apilos/openapi"

	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"
)

const (
	base       = "/api-depot"
	jetonAdmin = "jeton-administration-de-test"
	inconnu    = "0123456789abcdef01234567"
)

// boite keeps the messages of a test instead of queuing them.
type boite struct {
	mu       sync.Mutex
	messages []depot.Message
}

func (b *boite) Envoyer(_ context.Context, m ...depot.Message) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.messages = append(b.messages, m...)
	return nil
}

func (b *boite) derniere(t *testing.T, typ string) depot.Message {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for n := len(b.messages) - 1; n >= 0; n-- {
		if b.messages[n].Type == typ {
			return b.messages[n]
		}
	}
	require.Failf(t, "no message", "of type %s among %d", typ, len(b.messages))
	return depot.Message{}
}

func (b *boite) nombre(typ string) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := 0
	for _, m := range b.messages {
		if m.Type == typ {
			n++
		}
	}
	return n
}

// exterieur plays the outside services of the deposit.
type exterieur struct {
	courriels, sirets []string
	panne             error
	nbNumeros         int
	ids               *depot.IdentifiantsBAN
	siret             string
	etat, nonce       string
}

func (x *exterieur) Mairie(context.Context, string) ([]string, []string, error) {
	return x.courriels, x.sirets, x.panne
}
func (x *exterieur) NbNumeros(context.Context, string) int           { return x.nbNumeros }
func (x *exterieur) District(context.Context, string) (string, bool) { return "", false }
func (x *exterieur) Identifiants(context.Context, string) (*depot.IdentifiantsBAN, error) {
	return x.ids, x.panne
}
func (x *exterieur) URLAutorisation(_ context.Context, etat, nonce string) (string, error) {
	x.etat, x.nonce = etat, nonce
	return "https://proconnect.example.org/authorize?state=" + etat, nil
}
func (x *exterieur) Siret(_ context.Context, _, nonce string) (string, error) {
	if nonce != x.nonce {
		return "", fmt.Errorf("wrong nonce")
	}
	return x.siret, x.panne
}

// banc is the deposit API on a database of its own.
type banc struct {
	*testing.T
	monde   *fixture.Monde
	boite   *boite
	dehors  *exterieur
	sceau   *depot.Sceau
	objets  storage.Store
	heure   time.Time
	depot   *depot.Service
	moteur  *revision.Service
	serveur http.Handler
}

// options changes the settings of a bench before it is built.
type options struct {
	reglages depot.Reglages
	api      func(*depotapi.API)
	// sansContrat leaves the document out, for requests that it does not describe.
	sansContrat bool
	store       *store.DB // nil: that of the world
}

func nouveau(t *testing.T, o options) *banc {
	t.Helper()
	objets, err := storage.NewLocal(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, objets.Close()) })
	b := &banc{T: t, monde: fixture.Nouveau(t), boite: &boite{}, dehors: &exterieur{}, objets: objets, heure: time.Date(2026, 4, 15, 8, 0, 0, 0, time.UTC)}
	b.construire(o)
	return b
}

func (b *banc) construire(o options) {
	b.Helper()
	horloge := func() time.Time { return b.heure }
	ids, err := revision.NewIdentifiants(time.Now, rand.Reader)
	require.NoError(b, err)
	b.sceau, err = depot.NewSceau([]byte("cle-de-test-de-trente-deux-octets-au-moins"))
	require.NoError(b, err)
	db := b.monde.Store
	if o.store != nil {
		db = o.store
	}
	b.moteur, err = revision.New(revision.Config{Store: store.NewRevisions(db), Coffre: coffre.New(b.objets), Identifiants: ids, Horloge: horloge})
	require.NoError(b, err)
	b.depot, err = depot.New(depot.Config{
		Store: store.NewDepots(db), Cog: cog.Charger(), Identifiants: ids, Moteur: b.moteur, Messages: b.boite, Annuaire: b.dehors, BAN: b.dehors,
		ProConnect: b.dehors, Sceau: b.sceau, Alea: rand.Reader, Horloge: horloge, Journal: contract.Logger(b.T), Reglages: o.reglages,
	})
	require.NoError(b, err)
	require.NoError(b, b.moteur.Enregistrer(b.depot.Genre()))
	e, err := httpapi.New(httpapi.Config{
		Log: contract.Logger(b.T), AllowedHosts: []string{"*"}, ProblemWriters: map[string]httpapi.ProblemWriter{base: depotapi.EcrireErreur},
	})
	require.NoError(b, err)
	asJSON, asYAML := openapi.Depot()
	if !o.sansContrat {
		e.Use(contract.Load(b.T, asJSON).Checker(b.T))
	}
	document, err := depotapi.NouveauDocument(asJSON, asYAML, base, httpapi.PagePolicy{})
	require.NoError(b, err)
	api := &depotapi.API{
		Service: b.depot, JetonAdmin: jetonAdmin, Signeur: b.sceau, Base: base, CookieSansTLS: true, DelaiValidation: time.Minute,
		DossierTampon: b.TempDir(), Idempotence: rejeux{db}, Document: document, Journal: contract.Logger(b.T),
	}
	if o.api != nil {
		o.api(api)
	}
	require.NoError(b, depotapi.Monter(e, httpapi.Chain{Log: contract.Logger(b.T), Now: horloge, Limits: httpapi.NewLimits(depotapi.Debits(), httpapi.NewMemoryLimits(nil))}, api))
	b.serveur = e
	contract.Routes(b.T, e, contract.Load(b.T, asJSON))
}

// rejeux is the store of idempotency keys.
type rejeux struct{ db *store.DB }

func (r rejeux) Begin(ctx context.Context, caller, key, fingerprint string) (httpapi.ReplayRecord, error) {
	neuve, connue, err := r.db.ReserverRequete(ctx, caller, key, fingerprint)
	switch {
	case err != nil:
		return httpapi.ReplayRecord{}, err
	case neuve:
		return httpapi.ReplayRecord{State: httpapi.ReplayNew, Fingerprint: fingerprint}, nil
	case connue.StatutHttp == nil:
		return httpapi.ReplayRecord{State: httpapi.ReplayRunning, Fingerprint: connue.Empreinte}, nil
	}
	return httpapi.ReplayRecord{State: httpapi.ReplayDone, Fingerprint: connue.Empreinte, Status: *connue.StatutHttp, Answer: connue.Reponse}, nil
}
func (r rejeux) Complete(ctx context.Context, caller, key string, status int, answer []byte) error {
	return r.db.GarderReponse(ctx, caller, key, status, answer)
}
func (r rejeux) Release(ctx context.Context, caller, key string) error {
	return r.db.LibererRequete(ctx, caller, key)
}

// reponse is an answer of the API.
type reponse struct {
	*httptest.ResponseRecorder
	t *testing.T
}

// objet reads the body as an object.
func (r reponse) objet() map[string]any {
	r.t.Helper()
	var out map[string]any
	require.NoError(r.t, json.Unmarshal(r.Body.Bytes(), &out), r.Body.String())
	return out
}

func (r reponse) liste() []map[string]any {
	r.t.Helper()
	var out []map[string]any
	require.NoError(r.t, json.Unmarshal(r.Body.Bytes(), &out), r.Body.String())
	return out
}

// refuse checks a refusal: status and message, byte for byte.
func (r reponse) refuse(statut int, message string) {
	r.t.Helper()
	require.Equal(r.t, statut, r.Code, r.Body.String())
	o := r.objet()
	require.Equal(r.t, message, o["message"])
	require.EqualValues(r.t, statut, o["statusCode"])
}

// reussit checks the status and gives the object.
func (r reponse) reussit(statut int) map[string]any {
	r.t.Helper()
	require.Equal(r.t, statut, r.Code, r.Body.String())
	return r.objet()
}

// appeler sends a request; headers come by pairs.
func (b *banc) appeler(methode, chemin string, corps any, entetes ...string) reponse {
	b.Helper()
	var lecteur io.Reader = http.NoBody
	typ := ""
	switch c := corps.(type) {
	case nil:
	case string:
		lecteur, typ = strings.NewReader(c), "application/json"
	case []byte:
		lecteur, typ = bytes.NewReader(c), "text/csv"
	default:
		brut, err := json.Marshal(c)
		require.NoError(b, err)
		lecteur, typ = bytes.NewReader(brut), "application/json"
	}
	req := httptest.NewRequest(methode, base+chemin, lecteur)
	if typ != "" {
		req.Header.Set(echo.HeaderContentType, typ)
	}
	for n := 0; n+1 < len(entetes); n += 2 {
		req.Header.Set(entetes[n], entetes[n+1])
	}
	rec := httptest.NewRecorder()
	b.serveur.ServeHTTP(rec, req)
	return reponse{rec, b.T}
}

func (b *banc) admin(methode, chemin string, corps any) reponse {
	b.Helper()
	return b.appeler(methode, chemin, corps, "Authorization", "Token "+jetonAdmin)
}

// client is a client of the deposit with its token.
type client struct {
	b         *banc
	id, jeton string
}

// client adds a client; strategie "" keeps that of its creation.
func (b *banc) client(strategie string, champs map[string]any) client {
	b.Helper()
	m := b.admin("POST", "/mandataires", map[string]any{"nom": "Éditeur", "email": "contact@editeur.example.org"}).reussit(200)
	corps := map[string]any{"nom": "Logiciel", "mandataireId": m["id"], "isActive": true}
	for k, v := range champs {
		corps[k] = v
	}
	c := b.admin("POST", "/clients", corps).reussit(200)
	out := client{b, c["id"].(string), c["token"].(string)}
	if strategie != "" {
		b.admin("PUT", "/clients/"+out.id, map[string]any{"authorizationStrategy": strategie}).reussit(200)
	}
	return out
}

func (c client) appeler(methode, chemin string, corps any, entetes ...string) reponse {
	c.b.Helper()
	return c.b.appeler(methode, chemin, corps, append([]string{"Authorization", "Token " + c.jeton}, entetes...)...)
}

// creer opens a revision and returns its id.
func (c client) creer(commune string) string {
	c.b.Helper()
	return c.appeler("POST", "/communes/"+commune+"/revisions", `{"context":{}}`).reussit(201)["id"].(string)
}

// prete opens a revision, sends a file and computes it.
func (c client) prete(commune string, fichier []byte) string {
	c.b.Helper()
	id := c.creer(commune)
	c.appeler("PUT", "/revisions/"+id+"/files/bal", fichier).reussit(200)
	r := c.appeler("POST", "/revisions/"+id+"/compute", nil).reussit(200)
	require.Equal(c.b, true, r["isReady"], r["validation"])
	return id
}

func (c client) publier(commune string, fichier []byte) string {
	c.b.Helper()
	id := c.prete(commune, fichier)
	c.appeler("POST", "/revisions/"+id+"/publish", nil).reussit(200)
	return id
}

// fichierBAL is a valid file of n addresses.
func fichierBAL(commune string, n int) []byte {
	var b bytes.Buffer
	b.WriteString("cle_interop;uid_adresse;voie_nom;lieudit_complement_nom;numero;suffixe;commune_insee;commune_nom;commune_deleguee_insee;commune_deleguee_nom;position;x;y;long;lat;cad_parcelles;source;date_der_maj;certification_commune\r\n")
	nom := "Limoges"
	if c, ok := cog.Charger().Commune(commune); ok {
		nom = c.Nom
	}
	for i := 1; i <= n; i++ {
		fmt.Fprintf(&b, "%s_0010_%05d;;Rue de la Boucherie;;%d;;%s;%s;;;entrée;564900.1;6527000.2;1.258;45.829;;Commune;2026-01-10;1\r\n", commune, i, i, commune, nom)
	}
	return b.Bytes()
}

// bytesDe is the body of a request, none when it is nil.
func bytesDe(corps []byte) io.Reader {
	if corps == nil {
		return http.NoBody
	}
	return bytes.NewReader(corps)
}
