package app

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

const cheminInterrupteurs = "/admin/interrupteurs"

// interrupteurs reads the switches by name.
func (c *client) interrupteurs() map[string]map[string]any {
	c.t.Helper()
	r := c.lire(cheminInterrupteurs)
	require.Equal(c.t, http.StatusOK, r.Code, r.Corps)
	var liste []map[string]any
	require.NoError(c.t, json.Unmarshal([]byte(r.Corps), &liste))
	out := map[string]map[string]any{}
	for _, i := range liste {
		out[i["nom"].(string)] = i
	}
	return out
}

// superuser signs in somebody who has every right of the staff.
func (p *plateforme) superuser(t *testing.T) *client {
	t.Helper()
	c := p.connecter(t, loginEquipe)
	p.executer(t, `UPDATE utilisateur SET est_staff = true, est_superuser = true WHERE cerbere_login = $1`, loginEquipe)
	c.rafraichir(0)
	return c
}

func (c *client) interrupteurDeSession(nom string) bool {
	c.t.Helper()
	return c.lire("/session").JSON()["interrupteurs"].(map[string]any)[nom].(bool)
}

// TestSW01_interrupteurRegle: a superuser changes a switch; it counts at once, in the session and at the moment an e-mail
// leaves; the journal keeps before, after and why.
func TestSW01_interrupteurRegle(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	chef, bailleur := p.superuser(t), p.connecter(t, marie)
	avant := chef.interrupteurs()
	require.Len(t, avant, 7)
	require.Equal(t, false, avant["transactional_emails_off"]["actif"])
	require.False(t, bailleur.interrupteurDeSession("transactional_emails_off"))

	// A submission is committed with its e-mails, then the switch is turned on, then they leave.
	id := bailleur.premiere("PROJET")
	require.Equal(t, http.StatusOK, bailleur.agir(id, "soumettre", `{"confirmer_incomplet":true,"commentaire":"Soumis."}`).Code)
	attendent := lireUn[int64](t, p, `SELECT count(*) FROM message_sortant WHERE canal = 'EMAIL' AND etat = 'A_ENVOYER'`)
	require.Positive(t, attendent)
	envoyes := lireUn[int64](t, p, `SELECT count(*) FROM message_sortant WHERE canal = 'EMAIL' AND etat = 'ENVOYE'`)
	r := chef.ecrire(http.MethodPatch, cheminInterrupteurs+"/transactional_emails_off", `{"actif":true,"motif":"Maintenance de la messagerie"}`, `"1"`)
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	require.Equal(t, `"2"`, r.Entete.Get("ETag"))
	require.Equal(t, true, r.JSON()["actif"])
	require.Equal(t, "Sophie Bernard", r.JSON()["modifie_par"])
	require.True(t, bailleur.interrupteurDeSession("transactional_emails_off"), "this process uses it at once")
	p.livrerTout(t)
	require.Equal(t, envoyes, lireUn[int64](t, p, `SELECT count(*) FROM message_sortant WHERE canal = 'EMAIL' AND etat = 'ENVOYE'`))
	require.Equal(t, attendent, lireUn[int64](t, p, `SELECT count(*) FROM message_sortant WHERE canal = 'EMAIL' AND etat = 'IGNOREE'`))
	require.Equal(t, "Maintenance de la messagerie", lireUn[string](t, p, `SELECT motif FROM journal_audit WHERE commande = 'interrupteur.reglage'
		AND avant->>'actif' = 'false' AND apres->>'actif' = 'true' AND apres->>'nom' = 'transactional_emails_off' AND utilisateur_id IS NOT NULL`))
	r = chef.ecrire(http.MethodPatch, cheminInterrupteurs+"/transactional_emails_off", `{"actif":true,"motif":"Encore une fois"}`, `"2"`)
	require.Equal(t, `"2"`, r.Entete.Get("ETag"), "nothing changes: nothing is written")
	require.EqualValues(t, 1, lireUn[int64](t, p, `SELECT count(*) FROM journal_audit WHERE commande = 'interrupteur.reglage'`))
}

// TestInterrupteurPortee: a flag may be on for a person, a kind of role, an administration (02 §12); a switch may not.
func TestInterrupteurPortee(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	chef, bailleur, service := p.superuser(t), p.connecter(t, marie), p.connecter(t, luc)
	uuidDe := func(login string) string {
		return lireUn[string](t, p, `SELECT uuid::text FROM utilisateur WHERE cerbere_login = $1`, login)
	}
	administration := lireUn[string](t, p, `SELECT a.code FROM administration a JOIN role r ON r.administration_id = a.id
		JOIN utilisateur u ON u.id = r.utilisateur_id WHERE u.cerbere_login = $1 LIMIT 1`, luc)
	version := `"1"`
	for nom, c := range map[string]struct {
		portee            string
		bailleur, service bool
	}{
		"a person":          {`{"utilisateurs":["` + uuidDe(marie) + `"]}`, true, false},
		"a kind of role":    {`{"typologies":["INSTRUCTEUR"]}`, false, true},
		"an administration": {`{"administrations":["` + administration + `"]}`, false, true},
		"everybody":         {`{}`, true, true},
	} {
		r := chef.ecrire(http.MethodPatch, cheminInterrupteurs+"/ajout_convention", `{"actif":true,"portee":`+c.portee+`,"motif":"Essai en vraie grandeur"}`, version)
		require.Equal(t, http.StatusOK, r.Code, "%s: %s", nom, r.Corps)
		version = r.Entete.Get("ETag")
		require.Equal(t, c.bailleur, bailleur.interrupteurDeSession("ajout_convention"), nom)
		require.Equal(t, c.service, service.interrupteurDeSession("ajout_convention"), nom)
	}
	r := chef.ecrire(http.MethodPatch, cheminInterrupteurs+"/ajout_convention",
		`{"portee":{"utilisateurs":["`+uuidDe(marie)+`"],"departements":["87"]},"retrait_prevu_le":"2027-06-30","motif":"Essai en vraie grandeur"}`, version)
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	version = r.Entete.Get("ETag")
	portee := r.JSON()["portee"].(map[string]any)
	require.Equal(t, "Marie Durand", portee["utilisateurs"].([]any)[0].(map[string]any)["nom"])
	require.Equal(t, map[string]any{"code": "87", "nom": "Haute-Vienne"}, portee["departements"].([]any)[0])
	require.Equal(t, "2027-06-30", r.JSON()["retrait_prevu_le"])
	require.Equal(t, portee, chef.interrupteurs()["ajout_convention"]["portee"])

	for nom, c := range map[string]struct{ chemin, corps, pointeur string }{
		"a switch is for everybody": {"/siap_alerte_on", `{"portee":{"typologies":["BAILLEUR"]},"motif":"Pour essai"}`, "/portee"},
		"and stays":                 {"/siap_alerte_on", `{"retrait_prevu_le":"2027-06-30","motif":"Pour essai"}`, "/retrait_prevu_le"},
		"unknown person":            {"/ajout_convention", `{"portee":{"utilisateurs":["` + "00000000-0000-4000-8000-000000000000" + `"]},"motif":"Pour essai"}`, "/portee/utilisateurs/0"},
		"not a uuid":                {"/ajout_convention", `{"portee":{"utilisateurs":["moi"]},"motif":"Pour essai"}`, "/portee/utilisateurs/0"},
		"unknown administration":    {"/ajout_convention", `{"portee":{"administrations":["` + administration + `","X"]},"motif":"Pour essai"}`, "/portee/administrations/1"},
		"unknown kind":              {"/ajout_convention", `{"portee":{"typologies":["CHEF"]},"motif":"Pour essai"}`, "/portee/typologies/0"},
		"no reason":                 {"/ajout_convention", `{"actif":false,"motif":"non"}`, "/motif"},
	} {
		v := version
		if c.chemin == "/siap_alerte_on" {
			v = `"1"`
		}
		r := chef.ecrire(http.MethodPatch, cheminInterrupteurs+c.chemin, c.corps, v)
		require.Equal(t, http.StatusUnprocessableEntity, r.Code, "%s: %s", nom, r.Corps)
		require.Contains(t, r.Corps, `"pointer":"`+c.pointeur+`"`, nom)
	}
	require.Equal(t, http.StatusPreconditionFailed, chef.ecrire(http.MethodPatch, cheminInterrupteurs+"/ajout_convention", `{"actif":false,"motif":"Pour essai"}`, `"1"`).Code)
	require.Equal(t, http.StatusPreconditionRequired, chef.envoyer(http.MethodPatch, "/api/v1"+cheminInterrupteurs+"/ajout_convention", `{"actif":false,"motif":"Pour essai"}`, nil).Code)
	require.Equal(t, http.StatusNotFound, chef.ecrire(http.MethodPatch, cheminInterrupteurs+"/inconnu", `{"actif":false,"motif":"Pour essai"}`, `"1"`).Code)
}

// TestInterrupteursReservesAuxSuperutilisateurs: the staff is refused, others do not know that it exists (06 §3.3), and a
// superuser who acts as somebody is that person.
func TestInterrupteursReservesAuxSuperutilisateurs(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	bailleur, staff, chef := p.connecter(t, marie), p.connecter(t, luc), p.superuser(t)
	p.executer(t, `UPDATE utilisateur SET est_staff = true WHERE cerbere_login = $1`, luc)
	staff.rafraichir(0)
	const corps = `{"actif":false,"motif":"Pour essai"}`
	for nom, c := range map[string]struct {
		client *client
		code   int
	}{"bailleur": {bailleur, http.StatusNotFound}, "staff": {staff, http.StatusForbidden}, "as somebody": {chef.detourner(p, marie, "complet"), http.StatusNotFound}} {
		require.Equal(t, c.code, c.client.lire(cheminInterrupteurs).Code, nom)
		require.Equal(t, c.code, c.client.ecrire(http.MethodPatch, cheminInterrupteurs+"/siap_alerte_on", corps, `"1"`).Code, nom)
	}
	require.Zero(t, lireUn[int64](t, p, `SELECT count(*) FROM journal_audit WHERE commande = 'interrupteur.reglage'`))
}
