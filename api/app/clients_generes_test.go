package app

import (
	"context"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	apilos "apilos/openapi/clients/go"

	"github.com/stretchr/testify/require"
)

// TestClientGo drives the generated Go client against the real server: pages, changes, versions, keys, errors.
func TestClientGo(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	navigateur := p.connecter(t, luc)
	ctx := t.Context()
	c := apilos.New(p.srv.URL+"/api/v1/", navigateur.Jeton)

	total := navigateur.lire("/conventions").total()
	vues := map[string]bool{}
	require.NoError(t, c.Toutes(ctx, apilos.GetConventionsParams{ParPage: 2, Tri: "ville"}, func(l apilos.ConventionLigne) error {
		vues[l.Uuid] = true
		return nil
	}))
	require.Len(t, vues, total)

	copie := map[string]string{}
	lire := func(marque string) string {
		suite, err := c.Changements(ctx, time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), marque,
			func(r apilos.ConventionRetiree) error { delete(copie, r.Uuid); return nil },
			func(l apilos.ConventionLigne) error { copie[l.Uuid] = l.Statut; return nil })
		require.NoError(t, err)
		return suite
	}
	marque := ""
	require.Eventually(t, func() bool { marque = lire(marque); return len(copie) == total }, 30*time.Second, 5*time.Millisecond)

	page, err := c.GetConventions(ctx, apilos.GetConventionsParams{Statut: []string{"INSTRUCTION", "CORRECTION"}, Avenants: "exclus", ParPage: 1, Inclure: []string{"lots"}})
	require.NoError(t, err)
	require.NotEmpty(t, page.Corps.Resultats[0].Lots)
	id := navigateur.premiere("INSTRUCTION")
	fiche, err := c.GetConventionsUuid(ctx, id, apilos.GetConventionsUuidParams{})
	require.NoError(t, err)
	inchange, err := c.GetConventionsUuid(ctx, id, apilos.GetConventionsUuidParams{}, apilos.SiChange(fiche.Version))
	require.NoError(t, err)
	require.True(t, inchange.InChange())

	cree := func(message string) (*apilos.Reponse[apilos.Commentaire], error) {
		return c.PostConventionsUuidCommentaires(ctx, id, apilos.CommentaireCreation{NomObjet: "programme", ChampObjet: "nom", Message: message}, apilos.Cle("cle-du-client-go"))
	}
	premier, err := cree("Nom complet ?")
	require.NoError(t, err)
	require.Equal(t, http.StatusCreated, premier.Statut)
	second, err := cree("Nom complet ?")
	require.NoError(t, err)
	require.Equal(t, premier.Corps.Uuid, second.Corps.Uuid, "sent twice, done once")
	_, err = cree("Autre chose")
	exiger(t, err, 422, "cle_idempotence_reutilisee")

	statut := "CLOS"
	_, err = c.PatchCommentairesUuid(ctx, premier.Corps.Uuid, apilos.CommentaireModification{Statut: &statut})
	exiger(t, err, 428, "VERSION_REQUISE")
	modifie, err := c.PatchCommentairesUuid(ctx, premier.Corps.Uuid, apilos.CommentaireModification{Statut: &statut}, apilos.SiVersion(second.Version))
	require.NoError(t, err)
	require.Equal(t, "CLOS", modifie.Corps.Statut)
	_, err = c.PostConventionsUuidActionsCode(ctx, id, "signer", apilos.ActionDemandee{}, apilos.SiVersion(fiche.Version))
	exiger(t, err, 409, "TRANSITION_INTERDITE")
	fait, err := c.PostConventionsUuidActionsCode(ctx, id, "demander_corrections", apilos.ActionDemandee{Commentaire: texteGo("Un point.")}, apilos.SiVersion(fiche.Version))
	require.NoError(t, err)
	require.Equal(t, "CORRECTION", fait.Corps.Convention.Statut)
	require.Eventually(t, func() bool { marque = lire(marque); return copie[id] == "CORRECTION" }, 30*time.Second, 5*time.Millisecond)

	kpi, err := c.GetStatistiquesKpi(ctx)
	require.NoError(t, err)
	require.Len(t, kpi.Corps, 3)
	_, err = c.GetConventions(ctx, apilos.GetConventionsParams{Tri: "prix"})
	exiger(t, err, 400, "parametre_invalide")
	_, err = apilos.New(p.srv.URL+"/api/v1", "apl_faux").GetOperations(ctx, apilos.GetOperationsParams{})
	exiger(t, err, 401, "non_authentifie")
	arrete, arreter := context.WithCancel(ctx)
	arreter()
	_, err = c.GetStatistiquesKpi(arrete)
	require.ErrorIs(t, err, context.Canceled)
}

func texteGo(s string) *string { return &s }

func exiger(t *testing.T, err error, statut int, code string) {
	t.Helper()
	var p *apilos.Probleme
	require.ErrorAs(t, err, &p)
	require.Equal(t, statut, p.Status)
	require.Equal(t, code, p.Code)
	require.NotEmpty(t, p.RequestID)
	require.False(t, errors.Is(err, context.Canceled))
}

// TestClientTypeScript compiles the example with the types of the document, then runs it.
func TestClientTypeScript(t *testing.T) {
	racine, err := filepath.Abs("../..")
	require.NoError(t, err)
	tsc := filepath.Join(racine, "node_modules", "typescript", "bin", "tsc")
	if _, err := os.Stat(tsc); err != nil {
		t.Skip("the TypeScript client needs node_modules (npm ci)")
	}
	// inside of the repository, where node finds openapi-fetch
	require.NoError(t, os.MkdirAll(filepath.Join(racine, ".build"), 0o755))
	sortie, err := os.MkdirTemp(filepath.Join(racine, ".build"), "client-ts-")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(sortie)) })
	out, err := exec.CommandContext(t.Context(), "node", tsc, "-p", filepath.Join(racine, "openapi", "clients", "typescript"), "--outDir", sortie).CombinedOutput()
	require.NoError(t, err, string(out))

	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	c := p.connecter(t, luc)
	lancer := func(jeton string, args ...string) (string, error) {
		cmd := exec.CommandContext(t.Context(), "node", append([]string{filepath.Join(sortie, "exemple.mjs")}, args...)...)
		cmd.Env = append(os.Environ(), "APILOS_URL="+p.srv.URL+"/api/v1", "APILOS_JETON="+jeton)
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	total := c.lire("/conventions").total()
	require.Greater(t, total, 5, "more than one page")
	marque := ""
	require.Eventually(t, func() bool {
		texte, err := lancer(c.Jeton)
		require.NoError(t, err, texte)
		lignes := strings.Split(strings.TrimSpace(texte), "\n")
		require.Len(t, lignes, total+2, texte)
		marque = lignes[total+1]
		return lignes[total] == strconv.Itoa(total)+" à remplacer, 0 à oublier"
	}, time.Minute, 100*time.Millisecond)
	r := c.agir(c.premiere("INSTRUCTION"), "demander_corrections", `{"commentaire":"Un point."}`)
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	require.Eventually(t, func() bool {
		texte, err := lancer(c.Jeton, marque)
		require.NoError(t, err, texte)
		return strings.Contains(texte, "\n1 à remplacer, 0 à oublier\n")
	}, time.Minute, 100*time.Millisecond)

	texte, err := lancer("apl_faux")
	require.Error(t, err)
	require.Contains(t, texte, "non_authentifie 401 non_authentifie : ")
}
