package app

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"apilos/api/httpapi/depreciation"

	"github.com/stretchr/testify/require"
)

// uuids lists the conventions of a page.
func (r reponse) uuids() []string {
	r.t.Helper()
	require.Equal(r.t, http.StatusOK, r.Code, r.Corps)
	var out []string
	for _, x := range r.JSON()["resultats"].([]any) {
		out = append(out, x.(map[string]any)["uuid"].(string))
	}
	return out
}

func (r reponse) total() int { r.t.Helper(); return int(r.JSON()["total"].(float64)) }

// TestE3FiltresDeLaListe: every filter of 05 E.3, its former names and its refusals, through HTTP.
func TestE3FiltresDeLaListe(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	c := p.connecter(t, luc)
	n := func(requete string) int {
		t.Helper()
		r := c.lire("/conventions?par_page=100&" + requete)
		require.Equal(t, http.StatusOK, r.Code, r.Corps)
		return r.total()
	}
	tout := n("")
	require.Greater(t, tout, 3)
	un := c.lire("/conventions?par_page=1&statut=SIGNEE").JSON()["resultats"].([]any)[0].(map[string]any)
	operation, bailleur := un["operation"].(map[string]any), un["bailleur"].(map[string]any)

	for _, x := range []struct{ a, b string }{ // two ways to say the same thing
		{"statut=PROJET,INSTRUCTION", "statut=PROJET&statut=INSTRUCTION"},
		{"statut=PROJET", "statut=" + url.QueryEscape("1. Projet")},
		{"statut=PROJET,INSTRUCTION", "cstatut=" + url.QueryEscape("1. Projet,2. Instruction requise")},
		{"statut=PROJET&statut=SIGNEE", "cstatut=SIGNEE&statut=PROJET"},
		{"numero=" + operation["numero"].(string), "search_numero=" + operation["numero"].(string)},
		{"lieu=limoges", "search_lieu=limoges"},
		{"operation_nom=" + url.QueryEscape(operation["nom"].(string)), "search_operation_nom=" + url.QueryEscape(operation["nom"].(string))},
		{"annee_signature=2020,2021,2022,2023,2024,2025,2026", "date_signature=2020&date_signature=2021,2022,2023,2024,2025,2026"},
		{"bailleur=" + bailleur["uuid"].(string), "bailleur=" + url.QueryEscape(bailleur["nom"].(string))},
		{"anru=true", "anru=1"}, {"avenants=inclus", ""}, {"departement=87", "region=75"},
	} {
		require.Equal(t, n(x.a), n(x.b), "%s / %s", x.a, x.b)
	}
	for requete, voulu := range map[string]int{
		"departement=35": 0, "departement=87,35": tout, "region=53": 0, "administration=AUCUNE": 0, "nature_logement=RHVS": 0,
		"type_operation=USUFRUIT": 0, "annee_signature=1950": 0, "financement=PSH": 0, "anru=true&anru=": -1, "lieu=Brest": 0, "operation_nom=zzz": 0,
		"modifie_depuis=2020-01-01T00:00:00Z&tri=ville": tout, "modifie_depuis=2150-01-01T00:00:00Z&tri=ville": 0,
	} {
		if voulu < 0 {
			require.Equal(t, http.StatusBadRequest, c.lire("/conventions?"+requete).Code, requete)
			continue
		}
		require.Equal(t, voulu, n(requete), requete)
	}
	for _, oui := range []string{"anru", "anah", "seconde_vie", "mixte"} {
		require.Equal(t, tout, n(oui+"=true")+n(oui+"=false"), oui)
	}
	require.Equal(t, tout, n("avenants=exclus")+n("avenants=seuls"))
	require.Positive(t, n("operation_nom="+url.QueryEscape(operation["nom"].(string))))
	require.Positive(t, n("administration="+un["administration"].(map[string]any)["code"].(string)))

	for requete, code := range map[string]string{
		"statut=BROUILLON": "parametre_invalide", "financement=plus": "parametre_invalide", "nature_logement=X": "parametre_invalide",
		"type_operation=X": "parametre_invalide", "annee_signature=26": "parametre_invalide", "annee_signature=1899": "parametre_invalide",
		"annee_signature=deux": "parametre_invalide", "departement=1": "parametre_invalide", "departement=2C": "parametre_invalide",
		"region=bretagne": "parametre_invalide", "avenants=oui": "parametre_invalide", "anru=peut-être": "parametre_invalide",
		"modifie_depuis=hier": "parametre_invalide", "tri=prix": "parametre_invalide", "order_by=prix": "parametre_invalide",
		"inclure=prets": "parametre_invalide", "champs=secret": "parametre_invalide", "administration=%27": "parametre_invalide",
		"search_ville=x": "parametre_inconnu", "Statut=PROJET": "parametre_inconnu",
	} {
		r := c.lire("/conventions?" + requete)
		require.Equal(t, http.StatusBadRequest, r.Code, requete)
		require.Equal(t, code, r.JSON()["code"], requete)
	}
	for _, d := range depreciation.Liste() {
		r := c.lire(fmt.Sprintf("/conventions?%s=", d.Parametre))
		require.Equal(t, http.StatusOK, r.Code, d.Parametre)
		require.NotEmpty(t, r.Entete.Get("Deprecation")+r.Entete.Get("Sunset"), d.Parametre)
	}
}

// TestE1ReponsesAllegees: champs and inclure on the list and on one convention.
func TestE1ReponsesAllegees(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	c := p.connecter(t, luc)
	r := c.lire("/conventions?champs=uuid,statut&par_page=2")
	for _, x := range r.JSON()["resultats"].([]any) {
		require.Len(t, x, 2)
	}
	require.Contains(t, r.Entete.Get("Link"), "champs=uuid")
	r = c.lire("/conventions?inclure=lots&par_page=100")
	for _, x := range r.JSON()["resultats"].([]any) {
		lots := x.(map[string]any)["lots"].([]any)
		require.NotEmpty(t, lots)
		require.Regexp(t, `^\d+\.\d\d$`, lots[0].(map[string]any)["montant_prets"])
	}
	id := c.premiere("INSTRUCTION")
	r = c.lire("/conventions/" + id + "?champs=uuid,version")
	require.Len(t, r.JSON(), 2)
	require.NotContains(t, c.lire("/conventions/"+id).Corps, `"historique":`)
	require.Contains(t, c.lire("/conventions/"+id+"?inclure=historique").Corps, `"historique":[{`)
	require.Equal(t, http.StatusBadRequest, c.lire("/conventions/"+id+"?inclure=tout").Code)
}

// TestFluxDesChangements: an integrator copies the conventions, keeps its cursor, and is told of one change.
func TestFluxDesChangements(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	c := p.connecter(t, luc)
	const depart = "/conventions?modifie_depuis=2020-01-01T00:00:00Z&par_page=4"
	total := c.lire("/conventions").total()
	copie, apres := map[string]bool{}, ""
	lire := func() reponse {
		r := c.lire(depart + "&apres=" + apres)
		for _, id := range r.uuids() {
			copie[id] = true
		}
		apres = r.JSON()["suivant"].(string)
		return r
	}
	require.Eventually(t, func() bool {
		r := lire()
		return len(copie) == total && r.Entete.Get("Link") == ""
	}, 30*time.Second, 5*time.Millisecond)
	require.Empty(t, lire().uuids())
	r := c.agir(c.premiere("INSTRUCTION"), "demander_corrections", `{"commentaire":"Un point."}`)
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	change := r.JSON()["convention"].(map[string]any)["uuid"].(string)
	require.Eventually(t, func() bool {
		ids := lire().uuids()
		return len(ids) == 1 && ids[0] == change
	}, 30*time.Second, 5*time.Millisecond)

	for _, faux := range []string{"x", "Zmx1eA", strings.Repeat("A", 900)} {
		require.Equal(t, http.StatusBadRequest, c.lire(depart+"&apres="+faux).Code, faux)
	}
	ordinaire := c.lire("/conventions?par_page=1").JSON()["suivant"].(string)
	require.Equal(t, http.StatusBadRequest, c.lire(depart+"&apres="+ordinaire).Code, "the cursor of a list is not that of the feed")
	require.Equal(t, http.StatusBadRequest, c.lire("/conventions?apres="+apres).Code, "and the other way round")
}

// TestLienSuivantDesCurseurs: reading by cursor gives each row once, by following Link alone.
func TestLienSuivantDesCurseurs(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	c := p.connecter(t, luc)
	for _, tri := range []string{"pertinence", "-ville", "numero"} {
		vus := map[string]bool{}
		depart := "/conventions?q=limoges&par_page=2&tri=" + tri
		r := c.lire(depart)
		total := r.total()
		for range 50 {
			for _, id := range r.uuids() {
				require.False(t, vus[id], "%s: twice", tri)
				vus[id] = true
			}
			suivant, _ := r.JSON()["suivant"].(string)
			if suivant == "" {
				break
			}
			r = c.lire(depart + "&apres=" + suivant)
		}
		require.Len(t, vus, total, tri)
		require.Positive(t, total)
	}
}
