package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"apilos/api/httpapi"
	"apilos/api/httpapi/contract"
	"apilos/api/httpapi/web"
	"apilos/api/mail"

	"github.com/stretchr/testify/require"
)

func nouvelleBoite(t *testing.T) (*mail.Directory, http.Handler) {
	t.Helper()
	d, err := mail.NewDirectory(t.TempDir(), "ne-pas-repondre@apilos.example", func() time.Time { return time.Date(2026, 4, 15, 9, 30, 0, 0, time.UTC) })
	require.NoError(t, err)
	t.Cleanup(func() { _ = d.Close() })
	e := contract.Echo(t)
	require.NoError(t, httpapi.Mount(e, "", httpapi.Chain{Log: contract.Logger(t)}, web.CourrielsDev{Boite: d}))
	return d, e
}

func obtenir(h http.Handler, chemin string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, chemin, nil))
	return w
}

func TestDevMailbox_listsAndShowsMessages(t *testing.T) {
	d, h := nouvelleBoite(t)
	vide := obtenir(h, "/__dev/mails")
	require.Contains(t, vide.Body.String(), "Aucun message")

	modeles, err := mail.NewModeles()
	require.NoError(t, err)
	r, err := modeles.Render("EM-03", mail.Exemple("EM-03", mail.ObjetAvenant))
	require.NoError(t, err)
	id, err := d.Send(t.Context(), mail.Message{To: []string{"noel@bailleur.example"}, Cc: []string{"helene@ddt.example"},
		Subject: r.Subject + ` <script>alert("x")</script>`, Text: r.Text, HTML: r.HTML, MessageID: mail.MessageID("k", "apilos.example")})
	require.NoError(t, err)

	liste := obtenir(h, "/__dev/mails")
	for _, mot := range []string{"1 message,", "noel@bailleur.example", "helene@ddt.example", "/__dev/mails/" + id, "15/04/2026 à 11:30:00", `lang="fr"`, `name="viewport"`} {
		require.Contains(t, liste.Body.String(), mot)
	}
	page := obtenir(h, "/__dev/mails/"+id)
	for _, mot := range []string{"Version texte", "/__dev/mails/" + id + "/corps", `sandbox="allow-popups`, `href="https://apilos.example/conventions/`} {
		require.Contains(t, page.Body.String(), mot)
	}
	for _, w := range []*httptest.ResponseRecorder{vide, liste, page} {
		require.Equal(t, http.StatusOK, w.Code)
		require.Equal(t, "text/html; charset=UTF-8", w.Header().Get("Content-Type"))
		require.NotContains(t, w.Body.String(), "<script>")
		csp := w.Header().Get("Content-Security-Policy")
		require.True(t, strings.HasPrefix(csp, "default-src 'none'; style-src 'self'; frame-src 'self';"), csp)
		require.NotContains(t, csp, "unsafe")
		require.NotContains(t, w.Body.String(), "style=", "no inline style under this policy")
	}

	corps := obtenir(h, "/__dev/mails/"+id+"/corps")
	require.Equal(t, http.StatusOK, corps.Code)
	csp := corps.Header().Get("Content-Security-Policy")
	require.True(t, strings.HasPrefix(csp, "sandbox allow-popups"), csp)
	require.NotContains(t, csp, "allow-scripts")
	require.Equal(t, "SAMEORIGIN", corps.Header().Get("X-Frame-Options"))
	require.Contains(t, corps.Body.String(), `<base target="_blank">`)

	require.Equal(t, "text/css; charset=utf-8", obtenir(h, "/__dev/mails/style.css").Header().Get("Content-Type"))
	for _, inconnu := range []string{"x", "20260415T093000.000Z-" + strings.Repeat("0", 32), "..%2F..%2Fetc%2Fpasswd"} {
		require.Equal(t, http.StatusNotFound, obtenir(h, "/__dev/mails/"+inconnu).Code, inconnu)
	}
}
