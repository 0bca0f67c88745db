package app

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"apilos/api/auth"
	"apilos/api/export"

	"github.com/stretchr/testify/require"
)

// tableau reads an answer in CSV.
func (r reponse) tableau() [][]string {
	r.t.Helper()
	texte, marque := strings.CutPrefix(r.Corps, "\ufeff")
	require.True(r.t, marque)
	lecteur := csv.NewReader(strings.NewReader(texte))
	lecteur.Comma = ';'
	lignes, err := lecteur.ReadAll()
	require.NoError(r.t, err)
	return lignes
}

func (c *client) exporter(parametres string) reponse {
	c.t.Helper()
	return c.envoyer(http.MethodPost, "/api/v1/exports/conventions?"+parametres, "", nil)
}

// TestExport_listeEtPerimetre: an export has the rows of the list with the same filters, nobody else's, and is noted.
func TestExport_listeEtPerimetre(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	for _, login := range []string{marie, luc, "claire.lebreton@example.org", "julien.faure@example.org"} {
		c := p.connecter(t, login)
		for _, filtre := range []string{"", "statut=SIGNEE,INSTRUCTION", "avenants=seuls", "q=a&tri=ville"} {
			liste := c.lire("/conventions?par_page=100&" + filtre)
			r := c.exporter("format=csv&" + filtre)
			require.Equal(t, http.StatusOK, r.Code, r.Corps)
			lignes := r.tableau()
			require.Equal(t, export.Entetes(), lignes[0])
			var uuids []string
			for _, l := range lignes[1:] {
				uuids = append(uuids, l[19])
				require.Equal(t, p.srv.URL+"/conventions/"+l[19], l[20])
			}
			voulues := liste.uuids()
			if strings.HasPrefix(filtre, "q=") {
				require.Equal(t, voulues, uuids, "the order is that of the list")
			}
			slices.Sort(voulues)
			slices.Sort(uuids)
			require.Equal(t, voulues, uuids, "%s %s", login, filtre)
		}
	}
	c := p.connecter(t, marie)
	r := c.exporter("")
	require.Equal(t, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", r.Entete.Get("Content-Type"))
	require.Regexp(t, `^attachment; filename=conventions_\d\d-\d\d-\d{4}\.xlsx$`, r.Entete.Get("Content-Disposition"))
	_, err := zip.NewReader(bytes.NewReader([]byte(r.Corps)), int64(len(r.Corps)))
	require.NoError(t, err)
	noms := lireUn[int64](t, p, `SELECT count(*) FROM journal_audit j JOIN utilisateur u ON u.id = j.utilisateur_id
		WHERE j.commande = 'export.conventions' AND j.action = 'L' AND u.cerbere_login = $1 AND (j.apres->>'lignes')::int > 0 AND j.apres->>'format' = 'xlsx'`, marie)
	require.EqualValues(t, 1, noms, "CC-33")

	for parametres, code := range map[string]string{"format=ods": "parametre_invalide", "page=2": "parametre_inconnu", "statut=NON": "parametre_invalide"} {
		r := c.exporter(parametres)
		require.Equal(t, http.StatusBadRequest, r.Code, parametres)
		require.Equal(t, code, r.JSON()["code"], parametres)
	}
	require.Equal(t, http.StatusUnauthorized, (&client{t: t, adresse: p.srv.URL, http: &http.Client{}}).exporter("").Code)
}

// TestExport_valeurs: the columns of a convention and of its avenant.
func TestExport_valeurs(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	c := p.connecter(t, marie)
	p.executer(t, `UPDATE operation SET nom = '=cmd|''x''!A0' WHERE id = (SELECT operation_id FROM convention WHERE uuid = $1)`, c.premiere("PROJET"))
	p.executer(t, `UPDATE convention SET adresse = '3 rue des Lilas' WHERE uuid = $1`, c.premiere("SIGNEE"))
	vues := map[string]bool{}
	for _, l := range c.exporter("format=csv").tableau()[1:] {
		fiche := c.lire("/conventions/" + l[19]).JSON()
		vues[fiche["statut"].(string)] = true
		require.Equal(t, fiche["operation"].(map[string]any)["numero"], l[0])
		require.NotEmpty(t, l[9])
		require.NotContains(t, []byte("=+@"), append([]byte(l[7]), 0)[0], l[7])
		if fiche["statut"] == "SIGNEE" && l[12] != "" {
			vues["adresse"] = true
			require.Equal(t, "3 rue des Lilas, "+l[5]+" "+l[4], l[12])
			require.Regexp(t, `^\d\d/\d\d/\d{4}$`, l[15])
		}
		if fiche["statut"] == "PROJET" && strings.HasPrefix(l[7], "'=cmd") {
			vues["formule"] = true
			require.Equal(t, "-", l[15])
		}
		if parent, _ := fiche["parent_uuid"].(string); parent != "" {
			vues["avenant"] = true
			numero, _ := c.lire("/conventions/" + parent).JSON()["numero"].(string)
			require.Equal(t, numero, l[1], "the number of its parent")
		}
	}
	for _, v := range []string{"PROJET", "SIGNEE", "adresse", "formule"} {
		require.True(t, vues[v], "%s: %v", v, vues)
	}
}

// TestExport_enArrierePlan: 202, progress, the file once, its owner only.
func TestExport_enArrierePlan(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	c, autre := p.connecter(t, marie), p.connecter(t, luc)
	r := c.exporter("format=csv&differe=true")
	require.Equal(t, http.StatusAccepted, r.Code, r.Corps)
	id := r.JSON()["tache_uuid"].(string)
	require.Equal(t, "/api/v1/taches/"+id, r.Entete.Get("Location"))
	require.Equal(t, id, c.exporter("format=csv&differe=true").JSON()["tache_uuid"], "the same request while it runs is the same task")
	require.NotEqual(t, id, c.exporter("differe=true").JSON()["tache_uuid"])
	require.Equal(t, "EN_ATTENTE", c.lire("/exports/" + id).JSON()["etat"])
	require.Equal(t, http.StatusConflict, c.envoyer(http.MethodPost, "/api/v1/exports/"+id+"/telechargement", "", nil).Code)

	evenements := make(chan string, 1)
	go func() { evenements <- c.lire("/taches/" + id + "/evenements").Corps }()
	p.auTravail(t)
	var flux string
	select {
	case flux = <-evenements:
	case <-time.After(30 * time.Second):
		t.Fatal("the stream does not end")
	}
	blocs := strings.Split(strings.TrimSpace(flux), "\n\n")
	donnees, ok := strings.CutPrefix(blocs[len(blocs)-1], "event: avancement\ndata: ")
	require.True(t, ok, flux)
	var derniere map[string]any
	require.NoError(t, json.Unmarshal([]byte(donnees), &derniere))
	require.Equal(t, "TERMINEE", derniere["etat"])
	require.Equal(t, derniere["total"], derniere["avancement"])
	require.Equal(t, derniere, c.lire("/taches/"+id).JSON())

	direct := c.exporter("format=csv").tableau()
	for range 2 {
		r = c.envoyer(http.MethodPost, "/api/v1/exports/"+id+"/telechargement", "", nil)
		require.Equal(t, http.StatusOK, r.Code, r.Corps)
		adresse := r.JSON()["url"].(string)
		fichier := c.envoyer(http.MethodGet, adresse, "", nil)
		require.Equal(t, http.StatusOK, fichier.Code)
		require.Equal(t, direct, fichier.tableau())
		require.Equal(t, http.StatusNotFound, c.envoyer(http.MethodGet, adresse, "", nil).Code, "once")
	}
	require.EqualValues(t, 2, lireUn[int64](t, p, `SELECT count(*) FROM journal_audit WHERE commande = 'document.telecharge' AND racine_id IS NULL`))
	require.Equal(t, 2, c.lire("/exports").total())
	require.Zero(t, autre.lire("/exports").total())
	for _, chemin := range []string{"/exports/" + id, "/taches/" + id, "/taches/" + id + "/evenements"} {
		require.Equal(t, http.StatusNotFound, autre.lire(chemin).Code, chemin)
	}
	require.Equal(t, http.StatusNotFound, autre.envoyer(http.MethodPost, "/api/v1/exports/"+id+"/telechargement", "", nil).Code)

	p.executer(t, `UPDATE tache SET expire_le = now() - interval '25 hours' WHERE uuid = $1`, id)
	require.Equal(t, http.StatusNotFound, c.lire("/exports/"+id).Code, "seven days have passed")
	_, err := p.messages.entretien.PurgerTemporaires(t.Context(), time.Now().Add(-24*time.Hour), time.Now().Add(-30*24*time.Hour))
	require.NoError(t, err)
	require.Zero(t, lireUn[int64](t, p, `SELECT count(*) FROM tache WHERE uuid = $1`, id))
	require.EqualValues(t, 1, lireUn[int64](t, p, `SELECT count(*) FROM fichier WHERE nom_reel LIKE 'conventions\_%'`), "that of the other export")
}

// TestExport_plusDeMilleLignes is left to the background by its size alone.
func TestExport_plusDeMilleLignes(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	c := p.connecter(t, marie)
	modele := lireUn[int64](t, p, `SELECT r.convention_id FROM convention_recherche r JOIN convention c ON c.id = r.convention_id WHERE c.uuid = $1`, c.premiere("PROJET"))
	p.executer(t, fmt.Sprintf(`INSERT INTO convention (operation_id, bailleur_effectif_id) SELECT operation_id, bailleur_effectif_id FROM convention, generate_series(1, %d) WHERE id = $1`, export.MaxImmediat+1), modele)
	p.executer(t, `INSERT INTO convention_recherche
		SELECT (jsonb_populate_record(r, jsonb_build_object('convention_id', c.id, 'uuid', c.uuid))).* FROM convention_recherche r, convention c
		WHERE r.convention_id = $1 AND NOT EXISTS (SELECT FROM convention_recherche x WHERE x.convention_id = c.id)`, modele)
	r := c.exporter("format=csv")
	require.Equal(t, http.StatusAccepted, r.Code, r.Corps)
	id := r.JSON()["tache_uuid"].(string)
	total := c.lire("/exports/" + id).JSON()["total"].(float64)
	require.Greater(t, total, float64(export.MaxImmediat))
	require.NoError(t, p.exports().Executer(t.Context(), lireUn[int64](t, p, `SELECT id FROM tache WHERE uuid = $1`, id)))
	r = c.envoyer(http.MethodPost, "/api/v1/exports/"+id+"/telechargement", "", nil)
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	require.Len(t, c.envoyer(http.MethodGet, r.JSON()["url"].(string), "", nil).tableau(), int(total)+1)
}

// TestExport_echec: the owner is told when the store of files refuses until the end.
func TestExport_echec(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	c := p.connecter(t, marie)
	id := c.exporter("differe=true").JSON()["tache_uuid"].(string)
	tache := lireUn[int64](t, p, `SELECT id FROM tache WHERE uuid = $1`, id)
	s := p.exports()
	p.executer(t, `UPDATE tache SET parametres = '{"format":"xlsx","filtre":7}' WHERE id = $1`, tache)
	require.Error(t, s.Executer(t.Context(), tache))
	require.NoError(t, s.Abandonner(t.Context(), tache))
	require.Equal(t, "ECHEC", c.lire("/taches/" + id).JSON()["etat"])
	require.NoError(t, s.Executer(t.Context(), tache), "a finished task is not begun again")
	require.Equal(t, "ECHEC", c.lire("/taches/" + id).JSON()["etat"])
}

// TestExport_clientAPI: a program exports what it sees and follows its own tasks.
func TestExport_clientAPI(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	programme := p.programme(t, "Entrepôt", haute87(), auth.ConventionsLire)
	lignes := programme.exporter("format=csv").tableau()
	require.Len(t, lignes[1:], programme.lire("/conventions").total())
	id := programme.exporter("format=csv&differe=true").JSON()["tache_uuid"].(string)
	require.Equal(t, "EN_ATTENTE", programme.lire("/taches/" + id).JSON()["etat"])
	require.Equal(t, http.StatusNotFound, p.connecter(t, marie).lire("/taches/"+id).Code)
	second := p.programme(t, "Autre", haute87(), auth.ConventionsLire)
	require.Equal(t, http.StatusNotFound, second.lire("/taches/"+id).Code)
	require.Equal(t, http.StatusForbidden, p.programme(t, "Sans droit", haute87(), auth.StatistiquesLire).exporter("").Code)
	p.auTravail(t)
	require.Eventually(t, func() bool { return programme.lire("/taches/" + id).JSON()["etat"] == "TERMINEE" }, 60*time.Second, 100*time.Millisecond)
	r := programme.envoyer(http.MethodPost, "/api/v1/exports/"+id+"/telechargement", "", nil)
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	r = programme.envoyer(http.MethodGet, r.JSON()["url"].(string), "", nil)
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	require.Equal(t, lignes, r.tableau())
}
