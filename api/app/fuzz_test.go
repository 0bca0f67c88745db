package app

import (
	"net/http"
	"os"
	"strconv"
	"testing"

	"apilos/api/auth"
	"apilos/api/httpapi/contract"
	"apilos/openapi"

	"github.com/stretchr/testify/require"
)

// The three documents are fuzzed on the whole product, with a fixed seed. FUZZ_CONTRAT_REQUETES and FUZZ_CONTRAT_GRAINE
// make longer or other runs.

func nombreReglable(nom string, defaut int) int {
	if n, err := strconv.Atoi(os.Getenv(nom)); err == nil {
		return n
	}
	return defaut
}

func cibleFuzz(h http.Handler, appelants []contract.Caller, connus map[string][]string) contract.FuzzTarget {
	return contract.FuzzTarget{
		Handler: h, Callers: appelants, Known: connus,
		Requests: nombreReglable("FUZZ_CONTRAT_REQUETES", 40), Seed: uint64(nombreReglable("FUZZ_CONTRAT_GRAINE", 1)),
	}
}

func porteur(nom, entete string) contract.Caller {
	return contract.Caller{Name: nom, Sign: func(r *http.Request) { r.Header.Set("Authorization", entete) }}
}

var personne = contract.Caller{Name: "anonyme"}

func TestFuzzAPIPublique(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	p.executer(t, `UPDATE utilisateur SET est_staff = true, est_superuser = true WHERE cerbere_login = 'sophie.bernard@example.org'`)
	bailleur, service, national := p.connecter(t, marie), p.connecter(t, luc), p.connecter(t, "sophie.bernard@example.org")
	lecteur := p.connecter(t, "julien.faure@example.org")
	programme := p.programme(t, "Essai", haute87(), auth.ConventionsLire, auth.ConventionsEcrire, auth.OperationsLire, auth.StatistiquesLire, auth.WebhooksGerer)
	cible := cibleFuzz(p.e, []contract.Caller{
		personne, porteur("bailleur", "Bearer "+bailleur.Jeton), porteur("service", "Bearer "+service.Jeton), porteur("national", "Bearer "+national.Jeton),
		porteur("lecteur", "Bearer "+lecteur.Jeton), porteur("client de l’API", "Bearer "+programme.Jeton),
	}, map[string][]string{
		"uuid":     {bailleur.premiere("PROJET"), bailleur.premiere("CORRECTION"), service.premiere("INSTRUCTION"), service.premiere("A_SIGNER"), p.texte(t, `SELECT uuid::text FROM commentaire LIMIT 1`)},
		"document": {p.texte(t, `SELECT coalesce((SELECT uuid::text FROM fichier_rattache LIMIT 1), gen_random_uuid()::text)`)},
		"numero":   {"20240870001", "20240870002", "2024 0870/001"},
		"code":     {"soumettre", "demander_corrections", "renvoyer_instruction", "valider", "signer", "annuler", "87085"},
		"etape":    {"operation"},
		"type":     {"document", "piece:1", "plan"},
		"nature":   {"annexe", "plan", "convention_signee"}, "portee_type": {"convention", "lot"},
		"portee_cle": {bailleur.premiere("PROJET") + ":vendeur", bailleur.premiere("PROJET") + ":plan"},
	})
	cible.Except = map[string]string{"POST /csp-reports": "browsers send their reports under types of their own"}
	contract.Fuzz(t, p.doc, cible)
}

func TestFuzzAPIDuSIAP(t *testing.T) {
	e := entrer(t)
	asJSON, _ := openapi.Siap()
	var appelants []contract.Caller
	for login, habilitation := range map[string]int64{marie: 101, luc: 201} {
		appelants = append(appelants, porteur(login, "Bearer "+e.jeton(login, habilitation, nil)))
	}
	appelants = append(appelants, personne, porteur("périmé", "Bearer a.b.c"), porteur("d’un autre", "Bearer "+e.jeton(luc, 101, nil)))
	cible := cibleFuzz(e.e, appelants, map[string][]string{"numero_operation": {"20240870001", "20240870002", "20240870003", "inconnue", "a/b"}})
	cible.Requests *= 4
	contract.Fuzz(t, contract.Load(t, asJSON), cible)
}

func TestFuzzAPIDeDepot(t *testing.T) {
	const admin = "jeton-administration-du-fuzz-de-contrat"
	p := demarrer(t, "ADMIN_TOKEN="+admin)
	c := &client{t: t, adresse: p.srv.URL, http: p.srv.Client()}
	creer := func(methode, chemin, corps, jeton string) map[string]any {
		r := c.envoyer(methode, "/api-depot"+chemin, corps, map[string]string{"Authorization": "Token " + jeton})
		require.Less(t, r.Code, 300, r.Corps)
		return r.JSON()
	}
	mandataire := creer(http.MethodPost, "/mandataires", `{"nom":"Fuzz","email":"fuzz@example.org"}`, admin)["id"].(string)
	chef := creer(http.MethodPost, "/chefs-de-file", `{"nom":"Chef","email":"chef@example.org","isEmailPublic":true}`, admin)["id"].(string)
	unClient := creer(http.MethodPost, "/clients", `{"nom":"Fuzz","mandataireId":"`+mandataire+`","isActive":true}`, admin)
	client, jeton := unClient["id"].(string), unClient["token"].(string)
	creer(http.MethodPut, "/clients/"+client, `{"authorizationStrategy":"internal"}`, admin)
	var revisions []string
	for range 4 {
		revisions = append(revisions, creer(http.MethodPost, "/communes/87085/revisions", `{"context":{}}`, jeton)["id"].(string))
	}
	asJSON, _ := openapi.Depot()
	cible := cibleFuzz(p.e, []contract.Caller{
		personne, porteur("client", "Token "+jeton), porteur("administration", "Token "+admin), porteur("inconnu", "Token abc"),
	}, map[string][]string{
		"codeCommune": {"87085", "35238", "99999"}, "revisionId": revisions, "clientId": {client}, "mandataireId": {mandataire}, "chefDeFileId": {chef},
		"habilitationId": {"0123456789abcdef01234567"},
	})
	cible.Tolerant = true // 07: unknown parameters and bodies are ignored, as existing callers rely on
	contract.Fuzz(t, contract.Load(t, asJSON), cible)
}

// texte reads a text from the database.
func (p *plateforme) texte(t *testing.T, sql string) string {
	t.Helper()
	var out string
	require.NoError(t, p.db.Pool().QueryRow(t.Context(), sql).Scan(&out))
	return out
}
