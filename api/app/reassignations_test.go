package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"apilos/api/reassignation"
	"apilos/api/store"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

const cheminReassignations = "/api/v1/admin/reassignations"

// administration is the uuid of a service, found by its name.
func (p *plateforme) administration(t *testing.T, nom string) string {
	t.Helper()
	return lireUn[string](t, p, `SELECT uuid::text FROM administration WHERE nom ILIKE '%' || $1 || '%' ORDER BY id LIMIT 1`, nom)
}

func (c *client) simuler(cible string, departements ...string) reponse {
	c.t.Helper()
	return c.envoyer(http.MethodPost, cheminReassignations, `{"cible":"`+cible+`","departements":["`+strings.Join(departements, `","`)+`"]}`, nil)
}

func (c *client) simulerListe(cible, nom string, contenu []byte) reponse {
	c.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreateFormFile("fichier", nom)
	require.NoError(c.t, err)
	_, err = part.Write(contenu)
	require.NoError(c.t, err)
	require.NoError(c.t, w.Close())
	return c.envoyer(http.MethodPost, cheminReassignations+"/communes?cible="+cible, b.String(), map[string]string{"Content-Type": w.FormDataContentType()})
}

func (c *client) reassigner(id, decision string) reponse {
	c.t.Helper()
	return c.envoyer(http.MethodPost, cheminReassignations+"/"+id+"/"+decision, `{"motif":"Prise de délégation au 1er janvier"}`, nil)
}

func (c *client) reassignation(id string) map[string]any {
	c.t.Helper()
	r := c.lire("/admin/reassignations/" + id)
	require.Equal(c.t, http.StatusOK, r.Code, r.Corps)
	return r.JSON()
}

// travaillerReassignation runs the job of a run, as a worker does.
func (p *plateforme) travaillerReassignation(t *testing.T, id string) {
	t.Helper()
	require.NoError(t, p.reassignations().Executer(t.Context(), lireUn[int64](t, p, `SELECT id FROM reassignation WHERE uuid = $1`, id)))
}

const conventionsDe = `SELECT count(*) FROM convention_recherche r JOIN administration a ON a.id = r.administration_id WHERE r.departement = $1 AND a.uuid = $2`

// TestPE43_simulationPuisExecution: what is shown is what moves; the previous service is kept, each family has its line of
// journal, the lists and the perimeters follow, nobody gets one e-mail per convention; then everything comes back.
func TestPE43_simulationPuisExecution(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	chef, limoges, rennes := p.superuser(t), p.connecter(t, luc), p.connecter(t, "claire.lebreton@example.org")
	id := limoges.premiere("PROJET")
	version := limoges.version(id)
	cible := p.administration(t, "Rennes")
	autres := lireUn[int](t, p, `SELECT count(*) FROM convention_recherche WHERE departement = '87'`)
	avant := lireUn[string](t, p, `SELECT string_agg(concat_ws(':', id, administration_id, version), ',' ORDER BY id) FROM operation`)
	courriels := lireUn[int](t, p, `SELECT count(*) FROM message_sortant`)

	r := chef.simuler(cible, "87", "87")
	require.Equal(t, http.StatusCreated, r.Code, r.Corps)
	vue := r.JSON()
	run := vue["uuid"].(string)
	require.Equal(t, cheminReassignations+"/"+run, r.Entete.Get("Location"))
	require.Equal(t, "SIMULATION", vue["etat"])
	require.Equal(t, []any{"87"}, vue["departements"])
	require.EqualValues(t, autres, vue["conventions"], "every convention of the département")
	require.Positive(t, vue["conventions"])
	require.EqualValues(t, lireUn[int](t, p, `SELECT count(DISTINCT coalesce(o.origine_id, o.id)) FROM operation o WHERE o.code_insee_departement = '87'`), vue["total"])
	exemples := vue["exemples"].([]any)
	require.Len(t, exemples, min(reassignation.MaxExemples, autres))
	origines := 0.0
	for _, o := range vue["origines"].([]any) {
		origines += o.(map[string]any)["conventions"].(float64)
		require.NotEqual(t, cible, o.(map[string]any)["administration"].(map[string]any)["uuid"])
	}
	require.Equal(t, vue["conventions"], origines, "former services share the conventions")
	require.Equal(t, avant, lireUn[string](t, p, `SELECT string_agg(concat_ws(':', id, administration_id, version), ',' ORDER BY id) FROM operation`), "a simulation moves nothing")
	require.Zero(t, chef.lire("/admin/reassignations").total(), "simulations are not history")

	r = chef.envoyer(http.MethodPost, cheminReassignations+"/"+run+"/confirmation", `{"motif":"non"}`, nil)
	require.Equal(t, http.StatusUnprocessableEntity, r.Code, r.Corps)
	require.Equal(t, http.StatusConflict, chef.reassigner(run, "annulation").Code, "nothing to take back yet")
	r = chef.reassigner(run, "confirmation")
	require.Equal(t, http.StatusAccepted, r.Code, r.Corps)
	require.Equal(t, "CONFIRMEE", r.JSON()["etat"])
	require.Equal(t, http.StatusOK, chef.lire("/taches/"+r.JSON()["tache_uuid"].(string)).Code)
	require.Equal(t, r.JSON()["tache_uuid"], chef.reassigner(run, "confirmation").JSON()["tache_uuid"], "confirmed twice is confirmed")
	require.Equal(t, 1, lireUn[int](t, p, `SELECT count(*) FROM river_job WHERE kind = 'reassignation'`))

	p.auTravail(t)
	require.Eventually(t, func() bool { return chef.reassignation(run)["etat"] == "TERMINEE" }, 30*time.Second, 50*time.Millisecond)
	vue = chef.reassignation(run)
	require.Equal(t, vue["total"], vue["deplacees"])
	require.Equal(t, vue["total"], vue["annulables"])
	require.Equal(t, autres, lireUn[int](t, p, conventionsDe, "87", cible), "the lists follow")
	require.Zero(t, lireUn[int](t, p, `SELECT count(*) FROM operation o JOIN administration a ON a.id = o.administration_id
		WHERE o.code_insee_departement = '87' AND (a.uuid <> $1 OR o.administration_precedente_id IS NULL)`, cible), "the previous service is kept, on avenants too")
	require.Equal(t, http.StatusNotFound, limoges.lire("/conventions/"+id).Code, "PE-25")
	require.Equal(t, http.StatusOK, rennes.lire("/conventions/"+id).Code)
	require.NotEqual(t, version, rennes.version(id), "CC-02")
	require.Equal(t, vue["familles"], float64(lireUn[int](t, p, `SELECT count(*) FROM journal_audit WHERE commande = 'reassigner_administration' AND mode = 'LOT'
		AND racine_id IS NOT NULL AND utilisateur_id IS NOT NULL AND motif <> '' AND avant ? 'administration' AND apres ? 'reassignation'`)), "one line by family")
	require.NoError(t, p.db.VerifierJournaux(t.Context()))
	require.Equal(t, courriels, lireUn[int](t, p, `SELECT count(*) FROM message_sortant`), "no message by convention")
	tache := chef.lire("/taches/" + vue["tache_uuid"].(string)).JSON()
	require.Equal(t, []any{"TERMINEE", tache["total"]}, []any{tache["etat"], tache["avancement"]})
	require.Equal(t, 1, chef.lire("/admin/reassignations").total())

	require.Equal(t, http.StatusAccepted, chef.reassigner(run, "annulation").Code)
	require.Eventually(t, func() bool { return chef.reassignation(run)["etat"] == "ANNULEE" }, 30*time.Second, 50*time.Millisecond)
	vue = chef.reassignation(run)
	require.Equal(t, []any{vue["total"], 0.0}, []any{vue["rendues"], vue["laissees"]})
	require.Zero(t, lireUn[int](t, p, conventionsDe, "87", cible))
	require.Equal(t, http.StatusOK, limoges.lire("/conventions/"+id).Code, "seen again by its service")
	require.NoError(t, p.db.VerifierJournaux(t.Context()))
	require.Equal(t, http.StatusConflict, chef.reassigner(run, "confirmation").Code)
}

// TestPE43_annulationLaisseCeQuiABouge: a family that changed service since the run stays there and is named; an avenant
// created since comes back with its family.
func TestPE43_annulationLaisseCeQuiABouge(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	chef, limoges := p.superuser(t), p.connecter(t, luc)
	projet, signee := limoges.premiere("PROJET"), limoges.premiere("SIGNEE")
	cible := p.administration(t, "Rennes")
	run := chef.simuler(cible, "87").JSON()["uuid"].(string)

	// since the simulation: a new avenant, which must not be parted from its root
	r := limoges.envoyer(http.MethodPost, "/api/v1/conventions/"+signee+"/avenants", `{"types":["duree"]}`, nil)
	require.Equal(t, http.StatusCreated, r.Code, r.Corps)
	premier := r.JSON()["uuid"].(string)
	require.Equal(t, http.StatusAccepted, chef.reassigner(run, "confirmation").Code)
	p.travaillerReassignation(t, run)
	service := func(convention string) string {
		return lireUn[string](t, p, `SELECT a.uuid::text FROM convention c JOIN operation o ON o.id = c.operation_id JOIN administration a ON a.id = o.administration_id WHERE c.uuid = $1`, convention)
	}
	require.Equal(t, []string{cible, cible}, []string{service(signee), service(premier)}, "never shared between two services")

	// since the run: another avenant, and a family that goes elsewhere
	rennes := p.connecter(t, "claire.lebreton@example.org")
	require.Equal(t, http.StatusOK, rennes.agir(premier, "annuler", `{"commentaire":"Créé par erreur."}`).Code)
	r = rennes.envoyer(http.MethodPost, "/api/v1/conventions/"+signee+"/avenants", `{"types":["duree"]}`, nil)
	require.Equal(t, http.StatusCreated, r.Code, r.Corps)
	second := r.JSON()["uuid"].(string)
	ailleurs := lireUn[string](t, p, `INSERT INTO administration (nom, code) VALUES ('Service de Brest', '29019') RETURNING uuid::text`)
	r = rennes.ecrire(http.MethodPost, "/conventions/"+projet+"/changement-administration", `{"administration":"`+ailleurs+`"}`, rennes.version(projet))
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	vue := chef.reassignation(run)
	require.Equal(t, 1.0, vue["retenues"], "said before the undo")

	require.Equal(t, http.StatusAccepted, chef.reassigner(run, "annulation").Code)
	p.travaillerReassignation(t, run)
	vue = chef.reassignation(run)
	require.Equal(t, []any{"ANNULEE", 1.0, vue["total"].(float64) - 1}, []any{vue["etat"], vue["laissees"], vue["rendues"]})
	restees := vue["restees"].([]any)
	require.Len(t, restees, 1)
	require.Equal(t, []any{projet, "Service de Brest", true}, []any{
		restees[0].(map[string]any)["convention_uuid"], restees[0].(map[string]any)["administration"], restees[0].(map[string]any)["annulation"]})
	require.Equal(t, ailleurs, service(projet))
	require.NotEqual(t, cible, service(signee))
	require.Equal(t, service(signee), service(second))
	require.NoError(t, p.db.VerifierJournaux(t.Context()))
}

// TestPE43_deuxALaFois: two runs cannot mix; what the first one moved, the second one leaves and says so.
func TestPE43_deuxALaFois(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	chef := p.superuser(t)
	brest := lireUn[string](t, p, `INSERT INTO administration (nom, code) VALUES ('Service de Brest', '29019') RETURNING uuid::text`)
	runs := []string{chef.simuler(p.administration(t, "Rennes"), "87").JSON()["uuid"].(string), chef.simuler(brest, "87", "35").JSON()["uuid"].(string)}
	codes := make([]int, 2)
	var fin sync.WaitGroup
	for i, run := range runs {
		fin.Go(func() { codes[i] = chef.reassigner(run, "confirmation").Code })
	}
	fin.Wait()
	require.ElementsMatch(t, []int{http.StatusAccepted, http.StatusConflict}, codes)
	gagnant, perdant := runs[0], runs[1]
	if codes[1] == http.StatusAccepted {
		gagnant, perdant = perdant, gagnant
	}
	require.Equal(t, "REASSIGNATION_EN_COURS", chef.reassigner(perdant, "confirmation").JSON()["code"])

	// several workers on one run: each family moves once
	interne := lireUn[int64](t, p, `SELECT id FROM reassignation WHERE uuid = $1`, gagnant)
	erreurs := make([]error, 3)
	for i := range erreurs {
		s := p.reassignations()
		s.TailleLot = 1
		fin.Go(func() { erreurs[i] = s.Executer(t.Context(), interne) })
	}
	fin.Wait()
	require.NoError(t, errors.Join(erreurs...))
	require.Equal(t, "TERMINEE", chef.reassignation(gagnant)["etat"])
	require.Equal(t, lireUn[int](t, p, `SELECT count(DISTINCT racine_id) FROM journal_audit WHERE commande = 'reassigner_administration'`),
		lireUn[int](t, p, `SELECT count(*) FROM journal_audit WHERE commande = 'reassigner_administration' AND racine_id IS NOT NULL`))

	require.Equal(t, http.StatusAccepted, chef.reassigner(perdant, "confirmation").Code)
	p.travaillerReassignation(t, perdant)
	vue := chef.reassignation(perdant)
	require.Equal(t, "TERMINEE", vue["etat"])
	require.Positive(t, vue["ignorees"], "what is confirmed is what was shown")
	require.Equal(t, vue["total"].(float64), vue["ignorees"].(float64)+vue["deplacees"].(float64))
	require.NotEmpty(t, vue["restees"])
	require.NoError(t, p.db.VerifierJournaux(t.Context()))
}

// enPanne is a store that breaks down after some batches.
type enPanne struct {
	*store.Reassignations
	apres int
}

func (s *enPanne) Deplacer(ctx context.Context, id int64, limite int, le time.Time) (reassignation.Lot, error) {
	if s.apres--; s.apres < 0 {
		return reassignation.Lot{}, errors.New("broken")
	}
	return s.Reassignations.Deplacer(ctx, id, limite, le)
}

// TestPE43_interrompue: a run that stops in the middle goes on where it was; given up, somebody launches it again.
func TestPE43_interrompue(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	chef := p.superuser(t)
	run := chef.simuler(p.administration(t, "Rennes"), "87").JSON()["uuid"].(string)
	require.Equal(t, http.StatusAccepted, chef.reassigner(run, "confirmation").Code)
	interne := lireUn[int64](t, p, `SELECT id FROM reassignation WHERE uuid = $1`, run)
	s := p.reassignations()
	s.TailleLot, s.Store = 1, &enPanne{store.NewReassignations(p.db), 2}
	require.ErrorContains(t, s.Executer(t.Context(), interne), "broken")
	vue := chef.reassignation(run)
	require.Equal(t, []any{"CONFIRMEE", 2.0, false}, []any{vue["etat"], vue["deplacees"], vue["interrompue"]}, "what is done stays done")
	require.Equal(t, 2.0, chef.lire("/taches/" + vue["tache_uuid"].(string)).JSON()["avancement"])

	require.NoError(t, s.Abandonner(t.Context(), interne))
	vue = chef.reassignation(run)
	require.Equal(t, true, vue["interrompue"])
	require.NoError(t, p.reassignations().Executer(t.Context(), interne), "nobody works it any more")
	require.Equal(t, 2.0, chef.reassignation(run)["deplacees"])
	r := chef.reassigner(run, "confirmation")
	require.Equal(t, http.StatusAccepted, r.Code, r.Corps)
	require.NotEqual(t, vue["tache_uuid"], r.JSON()["tache_uuid"])
	p.travaillerReassignation(t, run)
	vue = chef.reassignation(run)
	require.Equal(t, []any{"TERMINEE", vue["total"]}, []any{vue["etat"], vue["deplacees"]})
	require.Equal(t, lireUn[int](t, p, `SELECT count(DISTINCT racine_id) FROM journal_audit WHERE commande = 'reassigner_administration'`),
		lireUn[int](t, p, `SELECT count(*) FROM journal_audit WHERE commande = 'reassigner_administration' AND racine_id IS NOT NULL`), "no family twice")
	require.NoError(t, p.db.VerifierJournaux(t.Context()))
}

// TestPE43_listeDeCommunes: by exact communes; refused lines come back with their number and value, and are kept.
func TestPE43_listeDeCommunes(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	chef := p.superuser(t)
	cible := p.administration(t, "Rennes")
	commune := lireUn[string](t, p, `SELECT o.code_insee_commune FROM operation o WHERE o.code_insee_departement = '87' AND o.origine_id IS NULL AND o.code_insee_commune <> '' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1`)
	nom := lireUn[string](t, p, `SELECT nom FROM commune WHERE code_insee = $1`, commune)
	postal := lireUn[string](t, p, `SELECT min(code_postal) FROM commune_code_postal p JOIN commune c ON c.code = p.commune_code WHERE c.code_insee = $1`, commune)
	attendues := lireUn[int](t, p, `SELECT count(*) FROM operation WHERE code_insee_commune = $1 AND origine_id IS NULL`, commune)

	r := chef.simulerListe(cible, "communes.csv", []byte("Code postal;Commune\n"+postal+";"+strings.ToUpper(nom)+"\n00000;Nulle-Part\n"))
	require.Equal(t, http.StatusCreated, r.Code, r.Corps)
	vue := chef.reassignation(r.JSON()["uuid"].(string))
	require.EqualValues(t, attendues, vue["total"])
	require.Equal(t, []any{"communes.csv", 1.0}, []any{vue["fichier"], vue["communes"]})
	require.Equal(t, []any{map[string]any{"ligne": 3.0, "code_postal": "00000", "commune": "Nulle-Part", "code": "code_postal_inconnu", "detail": "Aucune commune n’a ce code postal."}}, vue["rejets"])

	r = chef.simulerListe(cible, "communes.csv", []byte("Code postal;Commune\n00000;Nulle-Part\n"))
	require.Equal(t, http.StatusCreated, r.Code, "a list without any commune is shown as such")
	require.Zero(t, r.JSON()["total"])
	require.Equal(t, "REASSIGNATION_VIDE", chef.reassigner(r.JSON()["uuid"].(string), "confirmation").JSON()["code"])
	r = chef.simulerListe(cible, "photo.png", []byte("\x89PNG\r\n\x1a\n\x00"))
	require.Equal(t, []any{http.StatusUnprocessableEntity, "fichier_communes_invalide"}, []any{r.Code, r.JSON()["code"]})
	require.Equal(t, http.StatusRequestEntityTooLarge, chef.simulerListe(cible, "gros.csv", bytes.Repeat([]byte("x"), reassignation.MaxFichier+(1<<17))).Code)
	for corps, champ := range map[string]string{
		`{"cible":"` + uuid.NewString() + `","departements":["87"]}`: "/cible",
		`{"cible":"` + cible + `","departements":[]}`:                "/departements",
		`{"cible":"` + cible + `","departements":["87","99"]}`:       "/departements",
	} {
		r := chef.envoyer(http.MethodPost, cheminReassignations, corps, nil)
		require.Equal(t, http.StatusUnprocessableEntity, r.Code, r.Corps)
		require.Contains(t, r.Corps, fmt.Sprintf("%q", champ))
	}
}

// TestPE43_reserveALEquipe: nobody else knows of it, whatever the right.
func TestPE43_reserveALEquipe(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	chef := p.superuser(t)
	cible := p.administration(t, "Rennes")
	run := chef.simuler(cible, "87").JSON()["uuid"].(string)
	for _, login := range []string{marie, luc, "julien.faure@example.org"} {
		c := p.connecter(t, login)
		require.Equal(t, http.StatusForbidden, c.simuler(cible, "87").Code, login)
		require.Equal(t, http.StatusForbidden, c.simulerListe(cible, "c.csv", []byte("Code postal;Commune\n87000;Limoges\n")).Code, login)
		require.Equal(t, http.StatusForbidden, c.lire("/admin/reassignations").Code, login)
		require.Equal(t, http.StatusNotFound, c.lire("/admin/reassignations/"+run).Code, login)
		require.Equal(t, http.StatusForbidden, c.reassigner(run, "confirmation").Code, login)
		require.Equal(t, http.StatusForbidden, c.reassigner(run, "annulation").Code, login)
	}
	p.executer(t, `UPDATE reassignation SET cree_le = now() - interval '25 hours' WHERE uuid = $1`, run)
	require.Equal(t, http.StatusCreated, chef.simuler(cible, "87").Code)
	require.Equal(t, http.StatusNotFound, chef.lire("/admin/reassignations/"+run).Code, "a simulation is kept a day")
}

// TestPE43_commande: the command line says what it would do, then does the same as the page.
func TestPE43_commande(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	p.superuser(t)
	numero := lireUn[string](t, p, `SELECT numero_operation FROM operation WHERE code_insee_departement = '87' AND origine_id IS NULL AND numero_operation <> '' ORDER BY id LIMIT 1`)
	code := lireUn[string](t, p, `SELECT code FROM administration WHERE nom ILIKE '%Rennes%' ORDER BY id LIMIT 1`)
	ancien := lireUn[string](t, p, `SELECT a.code FROM administration a JOIN operation o ON o.administration_id = a.id WHERE o.numero_operation = $1 AND o.origine_id IS NULL`, numero)
	lancer := func(change func(*ReaffecterOptions)) (string, error) {
		var sortie bytes.Buffer
		o := ReaffecterOptions{
			Operations: strings.NewReader(`["` + strings.ToLower(numero) + `", "INCONNU-1"]`), Vers: code, Acteur: loginEquipe, Motif: "Prise de délégation", Output: &sortie,
		}
		change(&o)
		err := ReaffecterOperations(t.Context(), p.cfg, o)
		return sortie.String(), err
	}
	_, err := lancer(func(o *ReaffecterOptions) { o.Acteur = marie })
	require.ErrorContains(t, err, "super-utilisateur")
	_, err = lancer(func(o *ReaffecterOptions) { o.Vers = "ZZ" })
	require.ErrorContains(t, err, "administration")
	sortie, err := lancer(func(o *ReaffecterOptions) { o.De = code })
	require.NoError(t, err)
	require.Contains(t, sortie, ": 0 (", "only what belongs to that service")
	sortie, err = lancer(func(o *ReaffecterOptions) { o.De = ancien })
	require.NoError(t, err)
	require.Contains(t, sortie, "2, INCONNU-1 : Aucune opération n’a ce numéro.")
	require.Contains(t, sortie, "Rien n’a été écrit")
	_, err = lancer(func(o *ReaffecterOptions) {
		o.Run, o.Confirmer = true, func(int) error { return errors.New("refused") }
	})
	require.ErrorContains(t, err, "refused")
	service := `SELECT a.code FROM operation o JOIN administration a ON a.id = o.administration_id WHERE o.numero_operation = $1 AND o.origine_id IS NULL`
	require.Equal(t, ancien, lireUn[string](t, p, service, numero))
	sortie, err = lancer(func(o *ReaffecterOptions) { o.Run, o.Operations = true, strings.NewReader(numero+"\n\n") })
	require.NoError(t, err)
	require.Contains(t, sortie, "Opérations réaffectées : 1")
	require.Equal(t, code, lireUn[string](t, p, service, numero))
}
