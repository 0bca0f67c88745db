package app

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"apilos/api/auth"
	"apilos/api/webhook"
	"apilos/openapi"

	"github.com/stretchr/testify/require"
)

// bloc is a fenced block of the guide.
type bloc struct {
	langue, texte string
	statut        string // announced below, "" for a block that is not run
}

var annonce = regexp.MustCompile("^Réponse : `([0-9]{3})`$")

// blocsDuGuide reads the guide: each bash block is followed by the status of its last answer.
func blocsDuGuide(t *testing.T) []bloc {
	t.Helper()
	var out []bloc
	var courant *bloc
	for _, ligne := range strings.Split(string(openapi.Guide()), "\n") {
		switch {
		case courant == nil && strings.HasPrefix(ligne, "```"):
			courant = &bloc{langue: strings.TrimPrefix(ligne, "```")}
		case courant != nil && ligne == "```":
			out = append(out, *courant)
			courant = nil
		case courant != nil:
			courant.texte += ligne + "\n"
		case len(out) > 0 && annonce.MatchString(ligne):
			out[len(out)-1].statut = annonce.FindStringSubmatch(ligne)[1]
		}
	}
	require.Nil(t, courant, "a block is not closed")
	return out
}

// enveloppe makes each curl write its status aside, and changes nothing else.
const enveloppe = `set -u
curl() { command curl --write-out '%{stderr}\nSTATUT %{http_code}\n' "$@"; }
`

// TestGuideCurl runs the curl examples one after the other in one shell, as a reader would, with the
// token of an API client, against the real server; the status of the last call of each is the one that the guide announces.
func TestGuideCurl(t *testing.T) {
	for _, outil := range []string{"bash", "curl", "sed"} {
		if _, err := exec.LookPath(outil); err != nil {
			t.Skipf("the examples of the guide need %s, which is not installed here", outil)
		}
	}
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	c := p.programme(t, "Lecteur du guide", haute87(), auth.ConventionsLire, auth.ConventionsEcrire)
	script := bytes.NewBufferString(enveloppe)
	var voulus []string
	for _, b := range blocsDuGuide(t) {
		if b.langue != "bash" {
			continue
		}
		require.NotEmpty(t, b.statut, "the guide says what this answers:\n%s", b.texte)
		require.Contains(t, b.texte, "curl ", "a bash block is an example")
		voulus = append(voulus, b.statut)
		fmt.Fprintf(script, "echo 'BLOC' >&2\n%s", b.texte)
	}
	require.Greater(t, len(voulus), 15)
	cmd := exec.CommandContext(t.Context(), "bash", "-s")
	cmd.Stdin, cmd.Dir = script, t.TempDir()
	cmd.Env = append(os.Environ(), "APILOS_URL="+p.srv.URL+"/api/v1", "APILOS_JETON="+c.Jeton, "no_proxy=*")
	var sortie, journal bytes.Buffer
	cmd.Stdout, cmd.Stderr = &sortie, &journal
	require.NoError(t, cmd.Run(), journal.String())

	morceaux := strings.Split(journal.String(), "BLOC\n")[1:]
	require.Len(t, morceaux, len(voulus))
	for i, m := range morceaux {
		statuts := regexp.MustCompile(`STATUT (\d+)`).FindAllStringSubmatch(m, -1)
		require.NotEmpty(t, statuts, "block %d: %s", i+1, m)
		require.Equal(t, voulus[i], statuts[len(statuts)-1][1], "block %d of the guide\n%s\n%s", i+1, m, sortie.String())
	}
	require.Contains(t, sortie.String(), "Deprecation: @", "the last example shows the header")
}

// TestGuideErreur: the error that the guide shows is the one that the API gives.
func TestGuideErreur(t *testing.T) {
	p := demarrer(t)
	r := p.connecter(t, luc).lire("/conventions?status=SIGNEE")
	require.Equal(t, http.StatusBadRequest, r.Code)
	guide := string(openapi.Guide())
	for _, membre := range []string{"type", "title", "code", "instance"} {
		require.Contains(t, guide, fmt.Sprintf("%q: %q", membre, r.JSON()[membre]))
	}
}

// TestGuideWebhook: the three examples of verification accept what the platform signs, and nothing else.
func TestGuideWebhook(t *testing.T) {
	secret, corps, le := "apwh_"+strings.Repeat("ab", 32), `{"id":"1","type":"convention.statut_change","é":"ü"}`, time.Now()
	bonne, vieille := webhook.Signer(secret, le, []byte(corps)), webhook.Signer(secret, le.Add(-10*time.Minute), []byte(corps))
	cas := [][3]string{ // signature, body, expected
		{bonne, corps, "true"}, {bonne, corps + " ", "false"}, {vieille, corps, "false"},
		{strings.Replace(bonne, "v1=", "v1=0", 1), corps, "false"}, {"", corps, "false"}, {"t=x,v1=y", corps, "false"},
	}
	programmes := map[string]struct{ fichier, suite string }{
		"go":     {"main.go", "\nfunc main() {\n\tif Verifier(os.Args[1], os.Args[2], []byte(os.Args[3]), time.Now()) {\n\t\tos.Stdout.WriteString(\"true\")\n\t} else {\n\t\tos.Stdout.WriteString(\"false\")\n\t}\n}\n"},
		"js":     {"main.cjs", "\nprocess.stdout.write(String(verifier(process.argv[2], process.argv[3], Buffer.from(process.argv[4]))));\n"},
		"python": {"main.py", "\nimport sys\nsys.stdout.write(str(verifier(sys.argv[1], sys.argv[2], sys.argv[3].encode())).lower())\n"},
	}
	for _, b := range blocsDuGuide(t) {
		prog, ok := programmes[b.langue]
		if !ok {
			continue
		}
		delete(programmes, b.langue)
		t.Run(b.langue, func(t *testing.T) {
			fichier := filepath.Join(t.TempDir(), prog.fichier)
			texte := strings.Replace(b.texte, "\t\"strconv\"", "\t\"os\"\n\t\"strconv\"", 1) + prog.suite
			require.NoError(t, os.WriteFile(fichier, []byte(texte), 0o600))
			commande := interprete(t, b.langue, fichier)
			for _, x := range cas {
				out, err := exec.CommandContext(t.Context(), commande[0], append(commande[1:], secret, x[0], x[1])...).CombinedOutput()
				require.NoError(t, err, string(out))
				require.Equal(t, x[2], string(out), x[0])
			}
		})
	}
	require.Empty(t, programmes, "languages that the guide does not show")
}

// interprete returns the command that runs an example; the Go one is compiled.
func interprete(t *testing.T, langue, fichier string) []string {
	t.Helper()
	switch langue {
	case "go":
		binaire := filepath.Join(filepath.Dir(fichier), "verifier")
		out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binaire, fichier).CombinedOutput()
		require.NoError(t, err, string(out))
		return []string{binaire}
	case "js":
		return []string{"node", fichier}
	}
	for _, nom := range []string{"python3", "python"} {
		if exec.CommandContext(t.Context(), nom, "-c", "import sys; sys.exit(sys.version_info < (3, 10))").Run() == nil {
			return []string{nom, fichier}
		}
	}
	t.Skip("the Python example of the guide needs Python 3.10, which is not installed here")
	return nil
}

// TestPagesDeDocumentation: guide, changes and errors are pages of the site, without script.
func TestPagesDeDocumentation(t *testing.T) {
	p := demarrer(t)
	c := nouveauClient(t, p.srv.URL)
	for chemin, voulu := range map[string][]string{
		"/api/v1/guide":                 {"<h1 id=", "Suivre les changements", `<a href="/api/v1/docs">`, "<pre tabindex"},
		"/api/v1/changements":           {"modifie_depuis", "<code>GET /conventions</code>", "cstatut", "31/12/2028"},
		"/problemes":                    {`href="/problemes/introuvable"`},
		"/problemes/PERMISSION_REFUSEE": {"Que faire"},
	} {
		r := c.envoyer(http.MethodGet, chemin, "", nil)
		require.Equal(t, http.StatusOK, r.Code, chemin)
		for _, x := range append(voulu, `<html lang="fr">`, `href="/accounts/style.css"`, `aria-label="Documentation"`) {
			require.Contains(t, r.Corps, x, chemin)
		}
		require.NotContains(t, r.Corps, "<script", chemin)
		require.NotContains(t, r.Corps, "style=", chemin)
		require.Contains(t, r.Entete.Get("Content-Security-Policy"), "default-src 'none'", chemin)
	}
	r := c.envoyer(http.MethodGet, "/api/v1/guide", "", map[string]string{"Accept": "text/markdown"})
	require.Contains(t, r.Entete.Get("Content-Type"), "text/markdown")
	require.Equal(t, string(openapi.Guide()), r.Corps)
	require.Equal(t, http.StatusBadRequest, c.envoyer(http.MethodGet, "/api/v1/guide?x=1", "", nil).Code)
	require.Equal(t, http.StatusOK, c.envoyer(http.MethodGet, "/accounts/style.css", "", nil).Code)
}
