package app

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"apilos/api/httpapi"
	"apilos/api/store"

	"github.com/jackc/pgx/v5"
	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"
)

// enPrison serves the platform on a socket of its own with short deadlines.
func (p *plateforme) enPrison(t *testing.T, change func(*http.Server)) string {
	t.Helper()
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { p.e.ServeHTTP(w, r) }))
	change(srv.Config)
	srv.Start()
	t.Cleanup(srv.Close)
	return srv.Listener.Addr().String()
}

func appeler(t *testing.T, adresse, requete string) net.Conn {
	t.Helper()
	c, err := net.DialTimeout("tcp", adresse, 30*time.Second)
	require.NoError(t, err)
	t.Cleanup(func() { c.Close() })
	require.NoError(t, c.SetDeadline(time.Now().Add(30*time.Second)))
	_, err = io.WriteString(c, requete)
	require.NoError(t, err)
	return c
}

// activites counts the sessions of the platform on its database whose state and statement match.
func (p *plateforme) activites(t *testing.T, condition string) int {
	t.Helper()
	var n int
	require.NoError(t, p.db.Pool().QueryRow(context.Background(), `SELECT count(*) FROM pg_stat_activity
		WHERE datname = current_database() AND pid <> pg_backend_pid() AND `+condition).Scan(&n))
	return n
}

// libre waits until no request holds a connection nor a transaction.
func (p *plateforme) libre(t *testing.T) {
	t.Helper()
	bientot(t, "a connection is held", func() bool { return p.db.Pool().Stat().AcquiredConns() == 0 })
	require.Zero(t, p.activites(t, "state LIKE 'idle in transaction%'"))
}

// TestDelaiAnnuleLeSQL is 05 D: the deadline of a request stops its statement in the database, outside and inside a
// transaction, which is undone and gives its connection back.
func TestDelaiAnnuleLeSQL(t *testing.T) {
	p := demarrer(t)
	dort := func(ctx context.Context) error {
		_, err := p.db.SQL().ExecContext(ctx, `SELECT pg_sleep(120) /* abus */`)
		return err
	}
	var commence atomic.Int32
	routes := tableRoutes{
		{Method: http.MethodGet, Path: "/seul", Access: httpapi.Public(), Timeout: 3 * time.Second, Handler: func(c echo.Context) error {
			commence.Add(1)
			return dort(c.Request().Context())
		}},
		{Method: http.MethodGet, Path: "/transaction", Access: httpapi.Public(), Timeout: 3 * time.Second, Handler: func(c echo.Context) error {
			return p.db.InTx(c.Request().Context(), func(ctx context.Context) error {
				commence.Add(1)
				tx, _ := store.Tx(ctx)
				if _, err := tx.Exec(ctx, `UPDATE interrupteur SET note = 'jamais' WHERE nom = 'siap_alerte_on'`); err != nil {
					return err
				}
				_, err := tx.Exec(ctx, `SELECT pg_sleep(120) /* abus */`)
				return err
			})
		}},
	}
	require.NoError(t, httpapi.Mount(p.e, "/essai", httpapi.Chain{Log: p.log, Now: p.now}, routes))
	c := nouveauClient(t, p.srv.URL)
	for i, chemin := range []string{"/essai/seul", "/essai/transaction"} {
		r := c.envoyer(http.MethodGet, chemin, "", nil)
		require.Equal(t, http.StatusServiceUnavailable, r.Code, r.Corps)
		require.Contains(t, r.Corps, "delai_depasse")
		require.NotEmpty(t, r.Entete.Get("Retry-After"))
		require.EqualValues(t, i+1, commence.Load(), "not tried again")
		bientot(t, "the statement still runs in the database", func() bool { return p.activites(t, "state = 'active' AND query LIKE '%/* abus */%'") == 0 })
		p.libre(t)
	}
	var note string
	require.NoError(t, p.db.Pool().QueryRow(t.Context(), `SELECT note FROM interrupteur WHERE nom = 'siap_alerte_on'`).Scan(&note))
	require.NotEqual(t, "jamais", note)
}

// A client that hangs up stops its statement too.
func TestClientPartiAnnuleLeSQL(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, httpapi.Mount(p.e, "/essai", httpapi.Chain{Log: p.log, Now: p.now}, tableRoutes{
		{Method: http.MethodGet, Path: "/seul", Access: httpapi.Public(), Handler: func(c echo.Context) error {
			_, err := p.db.SQL().ExecContext(c.Request().Context(), `SELECT pg_sleep(120) /* abus */`)
			return err
		}},
	}))
	adresse := p.enPrison(t, func(*http.Server) {})
	conn := appeler(t, adresse, "GET /essai/seul HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
	const actif = "state = 'active' AND query LIKE '%/* abus */%'"
	bientot(t, "the statement never began", func() bool { return p.activites(t, actif) == 1 })
	require.NoError(t, conn.Close())
	bientot(t, "the statement still runs", func() bool { return p.activites(t, actif) == 0 })
	p.libre(t)
}

// TestClientsLents is 05 D: a slow header, a slow body and a slow reader hold neither a connection to the database nor
// a transaction, and others are served meanwhile.
func TestClientsLents(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	bailleur := p.connecter(t, marie)
	id := bailleur.premiere("A_SIGNER")
	etag := bailleur.version(id)
	adresse := p.enPrison(t, func(s *http.Server) { s.ReadHeaderTimeout, s.ReadTimeout = 3*time.Second, 4*time.Second })
	autorise := "Host: 127.0.0.1\r\nAuthorization: Bearer " + bailleur.Jeton + "\r\n"

	lents := map[string]string{
		"header": "GET /api/v1/conventions HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Lent: ",
		"comment": "POST /api/v1/conventions/" + id + "/commentaires HTTP/1.1\r\n" + autorise +
			"Content-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"message\":",
		"step": "PUT /api/v1/conventions/" + id + "/operation HTTP/1.1\r\n" + autorise + "If-Match: " + etag +
			"\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"nom\":",
		"once only": "POST /api/v1/conventions/" + id + "/commentaires HTTP/1.1\r\n" + autorise +
			"Idempotency-Key: cle-lente-00000001\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"message\":",
		"signed file": "POST /api/v1/conventions/" + id + "/documents HTTP/1.1\r\n" + autorise + "If-Match: " + etag +
			"\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 5000000\r\n\r\n--x\r\nContent-Disposition: form-data; name=\"fichier\"; filename=\"a.pdf\"\r\n\r\n%PDF-1.7",
		"SIAP":    "POST /api-siap/v0/operation/20240870001/ HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + jetonSIAP(t, p) + "\r\nContent-Length: 500\r\n\r\nx",
		"deposit": "PUT /api-depot/revisions/000000000000000000000000/files/bal HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000000\r\n\r\ncle",
	}
	conns := map[string]net.Conn{}
	for nom, requete := range lents {
		for range 5 {
			conns[nom] = appeler(t, adresse, requete)
		}
	}
	p.libre(t)
	require.Equal(t, http.StatusOK, bailleur.lire("/conventions").Code, "others are served")
	for _, nom := range []string{"comment", "step"} {
		reponse, err := io.ReadAll(conns[nom])
		require.NoError(t, err, nom)
		require.Contains(t, string(reponse), "400 Bad Request", nom)
		require.Contains(t, string(reponse), "corps_illisible", nom)
	}
	reponse, err := io.ReadAll(conns["header"])
	require.NoError(t, err)
	require.NotContains(t, string(reponse), "200 OK")
	p.libre(t)

	// A reader that reads nothing of a large file.
	petit := pdfDemo("gros")
	fin := petit[bytes.LastIndex(petit, []byte("startxref")):]
	gros := append(append(petit, []byte(strings.Repeat("% remplissage\n", 1<<21))...), fin...)
	depot := bailleur.deposer(id, "gros.pdf", gros)
	require.Equal(t, http.StatusCreated, depot.Code, depot.Corps)
	document := premierUUID(t, bailleur.lire("/conventions/"+id+"/documents"))
	lien := bailleur.envoyer(http.MethodPost, "/api/v1/telechargements", `{"document_uuid":"`+document+`"}`, nil).JSON()["url"].(string)
	lent := appeler(t, adresse, "GET "+lien+" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
	require.NoError(t, lent.(*net.TCPConn).SetReadBuffer(4<<10))
	debut := make([]byte, len("HTTP/1.1 200"))
	_, err = io.ReadFull(lent, debut)
	require.NoError(t, err)
	require.Equal(t, "HTTP/1.1 200", string(debut), "the file is on its way")
	p.libre(t)
	require.Equal(t, http.StatusOK, bailleur.lire("/conventions").Code)
}

// TestCorpsTropGrands: 2 MiB of JSON, whether the length is announced or not; what is announced is not even read.
func TestCorpsTropGrands(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	bailleur := p.connecter(t, marie)
	id := bailleur.premiere("CORRECTION")
	adresse := p.enPrison(t, func(*http.Server) {})
	entete := "POST /api/v1/conventions/" + id + "/commentaires HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + bailleur.Jeton + "\r\nContent-Type: application/json\r\n"
	for nom, suite := range map[string]string{
		"announced": "Content-Length: 2097153\r\n\r\n",
		"chunked":   "Transfer-Encoding: chunked\r\n\r\n" + fmt.Sprintf("%x\r\n", 2<<20+1) + strings.Repeat(" ", 2<<20+1) + "\r\n0\r\n\r\n",
	} {
		c := appeler(t, adresse, entete+suite)
		reponse, err := io.ReadAll(io.LimitReader(c, 64))
		require.NoError(t, err, nom)
		require.Contains(t, string(reponse), "413 ", nom)
	}
	p.libre(t)
}

// TestQuotasPartages is RATE_LIMIT_SHARED: two processes on one database count together; apart, each counts alone.
func TestQuotasPartages(t *testing.T) {
	for nom, partages := range map[string]bool{"shared": true, "apart": false} {
		t.Run(nom, func(t *testing.T) {
			un := demarrer(t, fmt.Sprint("RATE_LIMIT_SHARED=", partages))
			cfg := un.cfg
			b, err := ouvrirBase(t.Context(), cfg, un.journal.Logger())
			require.NoError(t, err)
			deux, err := assembler(t.Context(), b)
			require.NoError(t, err)
			t.Cleanup(deux.fermer)
			serveurs := make([]*echo.Echo, 2)
			for i, p := range []*pieces{un.pieces, deux} {
				p.debits = p.limites()
				serveurs[i], err = p.routeur(BuildInfo{Version: "essai"}, nil)
				require.NoError(t, err)
			}
			refuses := 0
			for i := range 160 { // anonymous routes: 120 in a burst
				req := httptest.NewRequest(http.MethodGet, "/api/v1/version", nil)
				w := httptest.NewRecorder()
				serveurs[i%2].ServeHTTP(w, req)
				require.NotEmpty(t, w.Header().Get("RateLimit-Limit"))
				require.NotEmpty(t, w.Header().Get("RateLimit-Remaining"))
				require.NotEmpty(t, w.Header().Get("RateLimit-Reset"))
				if w.Code == http.StatusTooManyRequests {
					refuses++
					require.NotEmpty(t, w.Header().Get("Retry-After"))
				}
			}
			if partages {
				require.Positive(t, refuses)
			} else {
				require.Zero(t, refuses)
			}
		})
	}
}

// TestQuotasDeChaqueLigne is the table of 05 D on the real routes: who is counted, how much, with which headers.
func TestQuotasDeChaqueLigne(t *testing.T) {
	e := entrer(t)
	require.NoError(t, semerDemo(t.Context(), e.pieces, nil))
	bailleur, autre := e.connecter(t, marie), e.connecter(t, luc)
	e.Executer(t, `UPDATE utilisateur SET est_staff = true WHERE cerbere_login = $1`, luc)
	id := bailleur.premiere("A_SIGNER")
	e.debits = e.limites()
	var err error
	e.e, err = e.routeur(BuildInfo{Version: "essai"}, nil)
	require.NoError(t, err)
	epuiser := func(quoi string, rafale int, appel func() reponse) {
		t.Helper()
		var r reponse
		for range rafale + 40 { // what flows back meanwhile
			if r = appel(); r.Code == http.StatusTooManyRequests {
				break
			}
		}
		require.Equal(t, http.StatusTooManyRequests, r.Code, quoi)
		require.NotEmpty(t, r.Entete.Get("Retry-After"), quoi)
		require.Equal(t, "0", r.Entete.Get("RateLimit-Remaining"), quoi)
	}
	epuiser("uploads per user", 60, func() reponse { return bailleur.deposer(id, "", nil) })
	require.Equal(t, "60", bailleur.deposer(id, "", nil).Entete.Get("RateLimit-Limit"))
	epuiser("exports per user", 10, func() reponse { return autre.lire("/exports/infosiap?limite=1") })
	epuiser("session", 120, func() reponse { return bailleur.lire("/bailleurs") })
	require.Equal(t, http.StatusOK, autre.lire("/bailleurs").Code, "another session is not touched")
	epuiser("SIAP per login", 60, func() reponse { return e.en(luc, 201)(http.MethodGet, "/convention_kpi/") })
	bientot(t, "another login is not touched", func() bool { // the total of all logins flows back at 50 a second
		return e.en(marie, 101)(http.MethodGet, "/convention_kpi/").Code == http.StatusOK
	})
	anonyme := nouveauClient(t, e.srv.URL)
	epuiser("sign-in per address", 20, func() reponse {
		return anonyme.envoyer(http.MethodPost, "/api/v1/auth/refresh", "{}", map[string]string{"X-Requested-With": "fetch", "Origin": e.srv.URL})
	})
	epuiser("anonymous per address", 120, func() reponse { return anonyme.lire("/version") })
	require.Equal(t, http.StatusOK, anonyme.envoyer(http.MethodGet, "/sante/vie", "", nil).Code, "probes are never limited")
	require.Empty(t, anonyme.envoyer(http.MethodGet, "/sante/vie", "", nil).Entete.Get("RateLimit-Limit"))
}

// tableRoutes is a Resource made of routes.
type tableRoutes []httpapi.Route

func (r tableRoutes) Routes() []httpapi.Route { return r }

// Executer changes the database behind the platform.
func (p *plateforme) Executer(t *testing.T, sql string, args ...any) {
	t.Helper()
	_, err := p.db.Pool().Exec(context.Background(), sql, append([]any{pgx.QueryExecModeExec}, args...)...)
	require.NoError(t, err)
}
