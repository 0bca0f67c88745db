package app

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

func (p *plateforme) executer(t *testing.T, sql string, args ...any) {
	t.Helper()
	_, err := p.db.Pool().Exec(t.Context(), sql, args...)
	require.NoError(t, err, sql)
}

func lireUn[T any](t *testing.T, p *plateforme, sql string, args ...any) T {
	t.Helper()
	var v T
	require.NoError(t, p.db.Pool().QueryRow(t.Context(), sql, args...).Scan(&v), sql)
	return v
}

// detourner begins an impersonation from a signed-in member of the staff and returns the tab that acts as somebody.
func (c *client) detourner(p *plateforme, login, mode string) *client {
	c.t.Helper()
	id := lireUn[string](c.t, p, `SELECT uuid::text FROM utilisateur WHERE cerbere_login = $1`, login)
	r := c.envoyer(http.MethodPost, "/api/v1/admin/detournements", `{"user_uuid":"`+id+`","motif":"Appel de la personne","mode":"`+mode+`"}`, nil)
	require.Equal(c.t, http.StatusCreated, r.Code, r.Corps)
	return &client{t: c.t, adresse: c.adresse, http: c.http, Jeton: r.JSON()["access_token"].(string)}
}

// TestC5DoubleAuteur: G.11. Every kind of write made by a superuser acting as somebody bears both names, in the history
// and in the journal, and the e-mails say so.
func TestC5DoubleAuteur(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	p.connecter(t, marie)
	p.connecter(t, luc)
	p.connecter(t, "sophie.bernard@example.org")
	p.executer(t, `UPDATE utilisateur SET est_staff = true, est_superuser = true WHERE cerbere_login = 'sophie.bernard@example.org'`)
	chef := p.connecter(t, "sophie.bernard@example.org")
	cible := lireUn[int64](t, p, `SELECT id FROM utilisateur WHERE cerbere_login = $1`, marie)
	staff := lireUn[int64](t, p, `SELECT id FROM utilisateur WHERE cerbere_login = 'sophie.bernard@example.org'`)
	avantJournal := lireUn[int64](t, p, `SELECT coalesce(max(id), 0) FROM journal_audit`)
	avantHistorique := lireUn[int64](t, p, `SELECT coalesce(max(id), 0) FROM convention_historique`)

	elle := chef.detourner(p, marie, "complet")
	// a step, a comment answered, a transition
	id := elle.premiere("PROJET")
	r := elle.ecrire(http.MethodPut, "/conventions/"+id+"/operation", `{"nb_bureaux":3}`, elle.version(id))
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	r = elle.agir(id, "soumettre", `{"confirmer_incomplet":true,"commentaire":"Soumis pour vous."}`)
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	correction := elle.premiere("CORRECTION")
	r = elle.envoyer(http.MethodPost, "/api/v1/conventions/"+correction+"/commentaires", `{"nom_objet":"programme","champ_objet":"nom","message":"Vu au téléphone."}`, nil)
	require.Equal(t, http.StatusCreated, r.Code, r.Corps)
	// a document, and the transition that mode complet allows
	signer := elle.premiere("A_SIGNER")
	r = elle.deposer(signer, "signee.pdf", pdfDemo("signe"))
	require.Equal(t, http.StatusCreated, r.Code, r.Corps)
	r = elle.agir(signer, "signer", `{"date_signature":"2026-01-05"}`)
	require.Equal(t, http.StatusOK, r.Code, r.Corps)

	rows, err := p.db.Pool().Query(t.Context(), `SELECT nom_table || ':' || commande, utilisateur_id, detourne_par_id FROM journal_audit
		WHERE id > $1 AND commande NOT IN ('detournement.debut', 'session.ouverture')`, avantJournal)
	require.NoError(t, err)
	vues := map[string]int{}
	for rows.Next() {
		var quoi string
		var qui, derriere *int64
		require.NoError(t, rows.Scan(&quoi, &qui, &derriere))
		require.NotNil(t, qui, quoi)
		require.Equal(t, cible, *qui, quoi)
		require.NotNil(t, derriere, quoi)
		require.Equal(t, staff, *derriere, quoi)
		vues[quoi]++
	}
	require.NoError(t, rows.Err())
	require.GreaterOrEqual(t, len(vues), 4, "%v", vues)
	require.Equal(t, 2, lireUn[int](t, p, `SELECT count(*) FROM convention_historique WHERE id > $1 AND utilisateur_id = $2 AND detourne_par_id = $3`, avantHistorique, cible, staff))
	require.Zero(t, lireUn[int](t, p, `SELECT count(*) FROM convention_historique WHERE id > $1 AND detourne_par_id IS NULL`, avantHistorique))
	require.NoError(t, p.db.VerifierJournaux(t.Context()))

	histoire := elle.lire("/conventions/" + id + "/historique").Corps
	require.Contains(t, histoire, "Marie Durand")
	require.Contains(t, histoire, "Sophie Bernard", "the page shows who was behind")

	corps := p.courrielsDe(t, "soumis")
	require.Contains(t, corps, "par l’intermédiaire de Sophie Bernard")
}

// courrielsDe delivers what waits and returns the e-mails about the submission.
func (p *plateforme) courrielsDe(t *testing.T, _ string) string {
	t.Helper()
	p.livrerTout(t)
	enveloppes, err := p.boite.List(100)
	require.NoError(t, err)
	var textes []string
	for _, e := range enveloppes {
		m, err := p.boite.Read(e.ID)
		require.NoError(t, err)
		textes = append(textes, m.Text)
	}
	return strings.Join(textes, "\n")
}

// livrerTout delivers the messages that wait, without the workers.
func (p *plateforme) livrerTout(t *testing.T) {
	t.Helper()
	for range 20 {
		rows, err := p.db.Pool().Query(t.Context(), `SELECT id FROM message_sortant WHERE etat = 'A_ENVOYER' AND canal = 'EMAIL' AND prochain_essai_le <= now() ORDER BY id`)
		require.NoError(t, err)
		var ids []int64
		for rows.Next() {
			var id int64
			require.NoError(t, rows.Scan(&id))
			ids = append(ids, id)
		}
		require.NoError(t, rows.Err())
		if len(ids) == 0 {
			return
		}
		for _, id := range ids {
			_, err := p.messages.alertes.Livrer(t.Context(), id)
			require.NoError(t, err)
		}
	}
}

// TestC5ModeLecture: every mounted route but the GETs is refused to somebody who only looks, and the one that stops
// is open.
func TestC5ModeLecture(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	p.connecter(t, marie)
	p.connecter(t, luc)
	p.executer(t, `UPDATE utilisateur SET est_staff = true WHERE cerbere_login = $1`, luc)
	elle := p.connecter(t, luc).detourner(p, marie, "lecture")
	visible := elle.premiere("CORRECTION")
	vues := 0
	for _, r := range p.e.Routes() {
		if !strings.HasPrefix(r.Path, "/api/v1/") || slices.Contains([]string{http.MethodGet, http.MethodHead}, r.Method) ||
			contientTexte(routesPubliques, r.Method+" "+r.Path) || strings.HasSuffix(r.Path, "/detournements/courant") {
			continue
		}
		vues++
		chemin := strings.ReplaceAll(regexp.MustCompile(`/:[a-zA-Z]+`).ReplaceAllString(r.Path, "/"+visible), `\:`, ":")
		rep := elle.envoyer(r.Method, chemin, "{}", map[string]string{"If-Match": `"1"`})
		require.Equal(t, http.StatusForbidden, rep.Code, "%s %s: %s", r.Method, r.Path, rep.Corps)
		require.Equal(t, "detournement_lecture", rep.JSON()["code"], "%s %s", r.Method, r.Path)
	}
	require.Greater(t, vues, 20)
	require.Equal(t, http.StatusNoContent, elle.envoyer(http.MethodDelete, "/api/v1/admin/detournements/courant", "", nil).Code)
}

// TestC6LienParCourriel: from the request to the new password, through the real queue of messages and the real e-mail.
func TestC6LienParCourriel(t *testing.T) {
	p := demarrer(t, "CERBERE_AUTH=aucun")
	p.executer(t, `INSERT INTO utilisateur (username, email, prenom, nom, est_staff) VALUES ('nora', 'nora@example.org', 'Nora', 'Essai', true)`)
	c := nouveauClient(t, p.srv.URL)
	entetes := map[string]string{"X-Requested-With": "fetch", "Origin": p.srv.URL}
	for _, identifiant := range []string{"NORA", "personne@example.org"} {
		r := c.envoyer(http.MethodPost, "/api/v1/auth/mot-de-passe-oublie", `{"identifiant":"`+identifiant+`"}`, entetes)
		require.Equal(t, http.StatusAccepted, r.Code, r.Corps)
	}
	require.Equal(t, 2, lireUn[int](t, p, `SELECT count(*) FROM message_sortant WHERE type = 'compte.mot_de_passe'`), "the same work for both")
	require.Zero(t, lireUn[int](t, p, `SELECT count(*) FROM message_sortant WHERE charge::text ILIKE '%nora%' OR charge::text ILIKE '%personne%'`), "what was typed is sealed")
	p.livrerTout(t)
	require.Equal(t, 2, lireUn[int](t, p, `SELECT count(*) FROM message_sortant WHERE etat = 'ENVOYE'`), "nothing tells them apart afterwards")
	enveloppes, err := p.boite.List(10)
	require.NoError(t, err)
	require.Len(t, enveloppes, 1)
	require.Equal(t, []string{"nora@example.org"}, enveloppes[0].To)
	courriel, err := p.boite.Read(enveloppes[0].ID)
	require.NoError(t, err)
	lien := regexp.MustCompile(regexp.QuoteMeta(p.srv.URL) + `/connexion/mot-de-passe-oublie/reinitialiser#([A-Za-z0-9_-]{43})`).FindStringSubmatch(courriel.Text)
	require.NotNil(t, lien, courriel.Text)

	r := c.envoyer(http.MethodPost, "/api/v1/auth/nouveau-mot-de-passe", `{"jeton":"`+lien[1]+`","mot_de_passe":"grue bleuet ancre mercure"}`, entetes)
	require.Equal(t, http.StatusNoContent, r.Code, r.Corps)
	r = c.envoyer(http.MethodPost, "/api/v1/auth/login", `{"identifiant":"nora@example.org","mot_de_passe":"grue bleuet ancre mercure"}`, entetes)
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	c.Jeton = r.JSON()["access_token"].(string)
	require.Equal(t, http.StatusOK, c.lire("/admin/utilisateurs?q=essai").Code)
	require.Contains(t, c.lire("/configuration").Corps, `"mode_connexion":"local"`)
}

// registre keeps the lines of a log that goroutines share.
type registre struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (r *registre) Write(octets []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.b.Write(octets)
}

// TestJournalDeSecurite: 05 D. Each kind of event leaves one line with the named keys, and no line holds a secret.
func TestJournalDeSecurite(t *testing.T) {
	lignes := &registre{}
	p := demarrerAvec(t, slog.New(slog.NewJSONHandler(lignes, options(slog.LevelDebug))))
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	depart := len(lignes.b.String())
	sophie := "sophie.bernard@example.org"
	camille := p.connecter(t, "camille.robin@example.org")
	camille.rafraichir(0)
	r := camille.envoyer(http.MethodPut, "/api/v1/session/habilitation", `{"habilitation_id":303}`, nil)
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	r = camille.envoyer(http.MethodPut, "/api/v1/session/habilitation", `{"habilitation_id":101}`, nil)
	require.Equal(t, http.StatusForbidden, r.Code)
	p.connecter(t, sophie)
	p.executer(t, `UPDATE utilisateur SET est_staff = true, est_superuser = true WHERE cerbere_login = $1`, sophie)
	chef := p.connecter(t, sophie)
	chef.detourner(p, "camille.robin@example.org", "lecture").envoyer(http.MethodDelete, "/api/v1/admin/detournements/courant", "", nil)
	r = chef.envoyer(http.MethodPost, "/api/v1/webhooks", `{"url":"http://127.0.0.1:9/x","evenements":["revision.publiee"]}`, nil)
	require.Equal(t, http.StatusCreated, r.Code, r.Corps)
	camille.envoyer(http.MethodPost, "/api/v1/auth/logout", "", map[string]string{"X-Requested-With": "fetch", "Origin": p.srv.URL})

	vus := map[string][]string{}
	lignes.mu.Lock()
	texte := lignes.b.String()[depart:]
	lignes.mu.Unlock()
	for _, brut := range strings.Split(strings.TrimSpace(texte), "\n") {
		var ligne map[string]any
		require.NoError(t, json.Unmarshal([]byte(brut), &ligne), brut)
		if ligne["msg"] != "security" {
			continue
		}
		for _, cle := range []string{"ts", "event", "user", "habilitation", "ip", "request_id", "outcome"} {
			require.Contains(t, ligne, cle, brut)
		}
		nom, _ := ligne["event"].(string)
		issue, _ := ligne["outcome"].(string)
		vus[nom] = append(vus[nom], issue)
	}
	for nom, issue := range map[string]string{
		"session.ouverture": "ok", "habilitation.switch": "ok", "acces.refuse": "refused", "detournement.debut": "ok", "detournement.fin": "ok",
		"configuration.webhooks": "ok", "session.fermeture": "ok",
	} {
		require.Contains(t, vus[nom], issue, "%s: %v", nom, vus)
	}
	require.Contains(t, vus["habilitation.switch"], "refused")
	for _, secret := range []string{camille.Jeton, chef.Jeton, "ST-", "apwh_", "camille.robin@example.org"} {
		require.NotContains(t, texte, secret)
	}
}
