package app

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"apilos/api/auth"
	"apilos/api/siap"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// routesPubliques are the only routes of the API that anybody may call.
var routesPubliques = []string{
	"GET /api/v1/sante/vie", "GET /api/v1/sante/pret", "GET /api/v1/version", "GET /api/v1/configuration", "GET /api/v1/schema",
	"GET /api/v1/docs", "GET /api/v1/docs/:fichier", "POST /api/v1/csp-reports", "POST /api/v1/auth/refresh", "POST /api/v1/auth/logout",
	"POST /api/v1/auth/login", "POST /api/v1/auth/mot-de-passe-oublie", "POST /api/v1/auth/nouveau-mot-de-passe",
	"GET /api/v1/telechargements/:jeton",
	"GET /api/v1/guide", "GET /api/v1/changements",
}

// TestAccesDeChaqueRoute exercises every mounted route of the API as somebody who may not: anonymous,
// forged, expired, signed by SIAP, and read-only on what writes.
func TestAccesDeChaqueRoute(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	lecteur := p.connecter(t, "julien.faure@example.org")
	marie := p.connecter(t, marie)
	visible := marie.premiere("CORRECTION")

	expires, err := auth.NewTokens(clesDe(p), p.cfg.Server.PublicBaseURL, func() time.Time { return time.Now().Add(-time.Hour) }, uuid.NewString)
	require.NoError(t, err)
	perime, _, err := expires.Issue(auth.Claims{Subject: uuid.NewString(), SessionID: uuid.NewString()})
	require.NoError(t, err)
	jetons := map[string]string{
		"anonyme": "", "inventé": "abc.def.ghi", "périmé": perime,
		"du SIAP": jetonSIAP(t, p),
	}
	vues := 0
	for _, r := range p.e.Routes() {
		if !strings.HasPrefix(r.Path, "/api/v1/") || r.Method == http.MethodHead {
			continue
		}
		nom := r.Method + " " + r.Path
		if contientTexte(routesPubliques, nom) {
			continue
		}
		vues++
		chemin := strings.NewReplacer(":uuid", visible, ":code", "soumettre", ":etape", "operation", ":document", uuid.NewString(),
			":numero", "20240870001", ":id", uuid.NewString(), ":type", "document", ":livraison", uuid.NewString(), `\:`, ":").Replace(r.Path)
		require.NotContains(t, chemin, "/:", nom)
		for qui, jeton := range jetons {
			anonyme := &client{t: t, adresse: p.srv.URL, http: &http.Client{}, Jeton: jeton}
			rep := anonyme.envoyer(r.Method, chemin, "", map[string]string{"If-Match": `"1"`})
			require.Equal(t, http.StatusUnauthorized, rep.Code, "%s, %s: %s", nom, qui, rep.Corps)
			require.Equal(t, "application/problem+json", strings.Split(rep.Entete.Get("Content-Type"), ";")[0], nom)
		}
		if r.Method == http.MethodGet || ouverteAuxLecteurs(nom) {
			continue
		}
		rep := lecteur.envoyer(r.Method, chemin, "{}", map[string]string{"If-Match": lecteur.version(visible), "Idempotency-Key": uuid.NewString()})
		require.Equal(t, http.StatusForbidden, rep.Code, "PE-01, read-only on %s: %s", nom, rep.Corps)
	}
	require.Greater(t, vues, 25)
}

// ouverteAuxLecteurs: what a read-only profile may still write concerns nobody but itself.
func ouverteAuxLecteurs(nom string) bool {
	return contientTexte([]string{
		"PUT /api/v1/session/habilitation", "PATCH /api/v1/session/utilisateur", "DELETE /api/v1/sessions/:id", "POST /api/v1/telechargements",
		"PUT /api/v1/moi/mot-de-passe", "POST /api/v1/exports/conventions", "POST /api/v1/exports/:uuid/telechargement", "PUT /api/v1/moi/lectures/:uuid",
	}, nom) || strings.HasPrefix(nom, "POST /api/v1/admin/detournements") || strings.HasPrefix(nom, "DELETE /api/v1/admin/detournements") ||
		strings.HasPrefix(nom, "POST /api/v1/admin/utilisateurs") || strings.HasPrefix(nom, "PATCH /api/v1/admin/utilisateurs") // the staff, whatever their habilitation: others get 404, tested with the routes
}

func contientTexte(liste []string, s string) bool {
	for _, x := range liste {
		if x == s {
			return true
		}
	}
	return false
}

func clesDe(p *plateforme) []auth.Key {
	var out []auth.Key
	for _, k := range p.cfg.Session.Keys {
		out = append(out, auth.Key{ID: k.ID, Secret: []byte(k.Secret.Reveal())})
	}
	return out
}

func jetonSIAP(t *testing.T, p *plateforme) string {
	t.Helper()
	k := siap.Key{Secret: []byte(p.cfg.SIAPClient.SignKey.Reveal())}
	j, err := k.Sign(siap.Token{Login: marie, HabilitationID: 101, IssuedAt: time.Now(), JTI: uuid.NewString()})
	require.NoError(t, err)
	return j
}

// TestPE20HorsPerimetre: list, single read, step, comments, documents and history of a convention of
// another territory answer as if it did not exist.
func TestPE20HorsPerimetre(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	rennes, limoges := p.connecter(t, "solene.legoff@example.org"), p.connecter(t, luc)
	id := rennes.premiere("INSTRUCTION")
	for _, suffixe := range []string{"", "/recapitulatif", "/actions", "/historique", "/operation", "/bailleur", "/financement", "/commentaires", "/documents", "/avenants"} {
		r := limoges.lire("/conventions/" + id + suffixe)
		require.Equal(t, http.StatusNotFound, r.Code, suffixe)
		require.NotContains(t, r.Corps, "Poterie", suffixe)
	}
	require.NotContains(t, limoges.lire("/conventions?par_page=100").Corps, id)
	r := limoges.ecrire(http.MethodPost, "/conventions/"+id+"/actions/valider", "{}", `"1"`)
	require.Equal(t, http.StatusNotFound, r.Code)
}

// TestPE12ChangementDHabilitation: the rights of one habilitation never leak into another.
func TestPE12ChangementDHabilitation(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	camille := p.connecter(t, "camille.robin@example.org") // favourite: the service of Haute-Vienne
	id := camille.premiere("INSTRUCTION")
	require.Contains(t, camille.lire("/conventions/"+id+"/actions").Corps, "demander_corrections")
	camille.rafraichir(303) // DREAL, read-only
	require.JSONEq(t, `[]`, camille.lire("/conventions/"+id+"/actions").Corps)
	r := camille.agir(id, "demander_corrections", "{}")
	require.Equal(t, http.StatusForbidden, r.Code)
	r = camille.envoyer(http.MethodPost, "/api/v1/auth/refresh", `{"habilitation_id":101}`, map[string]string{"X-Requested-With": "fetch", "Origin": p.srv.URL})
	require.Equal(t, http.StatusForbidden, r.Code, "somebody else's habilitation is never given")
}
