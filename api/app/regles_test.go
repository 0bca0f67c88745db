package app

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"apilos/api/httpapi"
	"apilos/api/httpapi/web"
	"apilos/openapi"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// ecrituresSansVersion are the only writes of the API that take no If-Match, each with its reason (05 E.1).
var ecrituresSansVersion = map[string]string{
	"DELETE /admin/detournements/courant":           "stopping twice is stopping",
	"PUT /moi/mot-de-passe":                         "guarded by the present password",
	"PUT /conventions/{uuid}/brouillons/{etape}":    "a draft is its author's alone and has no version (CC-06)",
	"DELETE /conventions/{uuid}/brouillons/{etape}": "likewise",
	"PUT /depot/chefs-de-file/{id}":                 "the contract of the deposit has no version (07 §2)",
	"PUT /depot/clients/{id}":                       "likewise",
	"PUT /depot/mandataires/{id}":                   "likewise",
	"PUT /depot/revisions/{id}/files/bal":           "a revision is guarded by its status and by Content-MD5 (07 §4)",
	"PUT /revisions/{id}/files/{type}":              "likewise",
	"PUT /session/habilitation":                     "a choice of the caller for its own session",
	"PATCH /session/utilisateur":                    "preferences of the caller: If-Match is accepted, not required",
	"DELETE /sessions/{id}":                         "closing a session twice is closing it",
}

// operationDocument is what the test reads of an operation.
type operationDocument struct {
	Parameters []struct {
		Name, In   string
		Required   bool
		Deprecated bool
	}
	Responses map[string]struct {
		Headers map[string]any
		Content map[string]any
	}
	Security []map[string][]string
}

func (o operationDocument) parametre(nom string) bool {
	for _, p := range o.Parameters {
		if p.Name == nom {
			return true
		}
	}
	return false
}

func documentV1(t *testing.T) map[string]map[string]operationDocument {
	t.Helper()
	texte, _ := openapi.Apilos()
	var d struct {
		Paths map[string]map[string]operationDocument
	}
	require.NoError(t, json.Unmarshal(texte, &d))
	require.NotEmpty(t, d.Paths)
	return d.Paths
}

// TestE1DocumentDesReglesCommunes: what 05 E.1 promises of every route is in the document, exceptions named.
func TestE1DocumentDesReglesCommunes(t *testing.T) {
	exceptions := maps.Clone(ecrituresSansVersion)
	for chemin, item := range documentV1(t) {
		for methode, op := range item {
			nom := strings.ToUpper(methode) + " " + chemin
			switch methode {
			case "put", "patch", "delete":
				if _, ok := exceptions[nom]; ok {
					delete(exceptions, nom)
					continue
				}
				require.True(t, op.parametre("If-Match"), "%s takes If-Match", nom)
				for _, statut := range []string{"412", "428"} {
					require.Contains(t, op.Responses, statut, nom)
				}
			case "get":
				if ok := op.Responses["200"]; len(ok.Content) == 1 && ok.Content["application/json"] != nil {
					require.Contains(t, ok.Headers, "ETag", nom)
					require.Contains(t, op.Responses, "304", nom)
				}
			case "post":
				if cree, ok := op.Responses["201"]; ok {
					require.Contains(t, cree.Headers, "Location", nom)
				}
			}
			if op.parametre("page") {
				require.True(t, op.parametre("par_page"), nom)
			}
		}
	}
	require.Empty(t, exceptions, "listed as exceptions but not, or not any more, in the API")
}

// TestE1CleDIdempotencePartout compares the document with the route table: a POST takes a key unless its
// answer holds a secret.
func TestE1CleDIdempotencePartout(t *testing.T) {
	p := demarrer(t)
	pol := politique(p.cfg)
	accounts, err := p.accounts(pol)
	require.NoError(t, err)
	ressources, err := p.ressources(BuildInfo{}, accounts, pol, web.NewSante(web.ConstruitPar{}, p.log, p.now))
	require.NoError(t, err)
	chemins, vus := documentV1(t), 0
	for _, res := range ressources {
		for _, r := range res.Routes() {
			if r.Method != http.MethodPost {
				continue
			}
			vus++
			op := chemins[cheminDocument(r)]["post"]
			require.Equal(t, len(op.Security) > 0 && !r.NoReplay, op.parametre("Idempotency-Key"),
				"POST %s: scripts/openapi (withoutReplay) and the route disagree", r.Path)
		}
	}
	require.Greater(t, vus, 15)
}

func cheminDocument(r httpapi.Route) string {
	parts := strings.Split(strings.ReplaceAll(r.Path, `\:`, ":"), "/")
	for i, p := range parts {
		if strings.HasPrefix(p, ":") {
			parts[i] = "{" + p[1:] + "}"
		}
	}
	return strings.Join(parts, "/")
}

// TestE1EtiquettesEtVersions reads every documented GET, then writes without a version wherever one is due.
func TestE1EtiquettesEtVersions(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	c, service := p.connecter(t, marie), p.connecter(t, luc)
	convention := c.premiere("CORRECTION")
	fiche := c.lire("/conventions/" + convention).JSON()
	bailleur := fiche["bailleur"].(map[string]any)["uuid"].(string)
	administration := service.lire("/administrations").JSON()["resultats"].([]any)[0].(map[string]any)["uuid"].(string)
	adresse := func(chemin string) string {
		id := convention
		switch {
		case strings.HasPrefix(chemin, "/bailleurs"):
			id = bailleur
		case strings.HasPrefix(chemin, "/administrations"):
			id = administration
		}
		return strings.NewReplacer("{uuid}", id, "{numero}", "20240870001", "{etape}", "operation", "{code}", "soumettre",
			"{document}", uuid.NewString(), "{id}", uuid.NewString(), "{type}", "document").Replace(chemin)
	}
	chemins := documentV1(t)
	lus, refuses := 0, 0
	for _, chemin := range slices.Sorted(maps.Keys(chemins)) {
		for methode, op := range chemins[chemin] {
			nom := strings.ToUpper(methode) + " " + chemin
			switch {
			case methode == "get" && op.Responses["304"].Content == nil && op.parametre("If-None-Match"):
				r := service.lire(adresse(chemin))
				// These three tell when they were read: each answer is another one.
				if r.Code != http.StatusOK || slices.Contains([]string{"/sante/pret", "/session", "/operations/{numero}"}, chemin) {
					continue
				}
				lus++
				etiquette := r.Entete.Get("ETag")
				require.Regexp(t, `^"(\d+|\d*-[0-9a-f]{16})"$`, etiquette, nom)
				r = service.envoyer(http.MethodGet, "/api/v1"+adresse(chemin), "", map[string]string{"If-None-Match": etiquette})
				require.Equal(t, http.StatusNotModified, r.Code, nom)
				require.Empty(t, r.Corps, nom)
			case op.parametre("If-Match") && ecrituresSansVersion[nom] == "" && !strings.Contains(chemin, "documents") && !strings.Contains(chemin, "webhooks"):
				qui := c
				if strings.HasPrefix(chemin, "/administrations") {
					qui = service
				}
				r := qui.envoyer(strings.ToUpper(methode), "/api/v1"+adresse(chemin), "{}", nil)
				if r.Code == http.StatusNotFound && r.JSON()["code"] == "introuvable" {
					continue // no object of that name: it is said before the version is looked at (02 §1.3)
				}
				refuses++
				require.Equal(t, http.StatusPreconditionRequired, r.Code, "%s: %s", nom, r.Corps)
				require.Equal(t, "VERSION_REQUISE", r.JSON()["code"], nom)
			}
		}
	}
	require.Greater(t, lus, 15)
	require.GreaterOrEqual(t, refuses, 12)
}

// TestE2Suppression: DELETE is the transition « supprimer », with its checks (02 T22).
func TestE2Suppression(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	c := p.connecter(t, marie)
	id := c.premiere("PROJET")
	r := c.ecrire(http.MethodDelete, "/conventions/"+id, "", c.version(id))
	require.Equal(t, http.StatusConflict, r.Code, r.Corps)
	require.Equal(t, "TRANSITION_INTERDITE", r.JSON()["code"])
	require.Equal(t, http.StatusOK, c.agir(id, "annuler", `{"commentaire":"Doublon."}`).Code)
	require.Equal(t, http.StatusPreconditionFailed, c.ecrire(http.MethodDelete, "/conventions/"+id, "", `"1"`).Code)
	r = c.ecrire(http.MethodDelete, "/conventions/"+id, "", c.version(id))
	require.Equal(t, http.StatusNoContent, r.Code, r.Corps)
	require.Equal(t, http.StatusNotFound, c.lire("/conventions/"+id).Code)
	require.NotContains(t, c.lire("/conventions?par_page=100").Corps, id)
	require.Equal(t, 1, compterLignes(t, p, `SELECT count(*) FROM convention WHERE uuid = $1 AND supprime_le IS NOT NULL`, id))
}

// TestE2Indicateurs: each profil has its own, the links are encoded and lead to as many conventions.
func TestE2Indicateurs(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	for qui, libelles := range map[string][]string{
		marie: {"en projet", "en correction", "à signer"}, luc: {"en instruction", "en correction", "à signer"},
	} {
		c := p.connecter(t, qui)
		r := c.lire("/statistiques/kpi")
		require.Equal(t, http.StatusOK, r.Code, r.Corps)
		var liste []web.Indicateur
		require.NoError(t, json.Unmarshal([]byte(r.Corps), &liste))
		var vus []string
		for _, i := range liste {
			vus = append(vus, i.Label)
			require.NotContains(t, i.RedirectionURL, " ")
			require.Equal(t, i.Valeur, c.lire(i.RedirectionURL+"&avenants=exclus").total(), i.Label)
		}
		require.Equal(t, libelles, vus)
	}
}

func compterLignes(t *testing.T, p *plateforme, requete string, args ...any) int {
	t.Helper()
	var n int
	require.NoError(t, p.db.Pool().QueryRow(t.Context(), requete, args...).Scan(&n))
	return n
}
