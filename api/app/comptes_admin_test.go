package app

import (
	"net/http"
	"testing"

	"apilos/api/auth"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func (c *client) compte(id string) (map[string]any, string) {
	c.t.Helper()
	r := c.lire("/admin/utilisateurs/" + id)
	require.Equal(c.t, http.StatusOK, r.Code, r.Corps)
	return r.JSON(), r.Entete.Get("ETag")
}

// regler sends a change of an account with its present version.
func (c *client) regler(id, corps string) reponse {
	c.t.Helper()
	_, version := c.compte(id)
	return c.ecrire(http.MethodPatch, "/admin/utilisateurs/"+id, corps, version)
}

// TestComptesAdmin_quiRegleQui: the staff sets people, a superuser sets the staff, nobody raises themself (06 §3.3).
func TestComptesAdmin_quiRegleQui(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	bailleur, staff, chef := p.connecter(t, marie), p.connecter(t, luc), p.superuser(t)
	p.executer(t, `UPDATE utilisateur SET est_staff = true WHERE cerbere_login = $1`, luc)
	staff.rafraichir(0)
	id := func(login string) string {
		return lireUn[string](t, p, `SELECT uuid::text FROM utilisateur WHERE cerbere_login = $1`, login)
	}
	const motif = `"motif":"Demande du service"}`

	require.Equal(t, http.StatusNotFound, bailleur.lire("/admin/utilisateurs/"+id(marie)).Code, "06 §3.3: not even their own")
	fiche, _ := staff.compte(id(marie))
	require.Equal(t, map[string]any{"activation": true, "roles": false, "equipe": false}, fiche["reglages"], "a CERBERE account has the roles of its habilitations")
	require.NotEmpty(t, fiche["roles"])
	fiche, _ = staff.compte(id(luc))
	require.Equal(t, map[string]any{"activation": false, "roles": false, "equipe": false}, fiche["reglages"])

	for nom, c := range map[string]struct {
		qui   *client
		cible string
		corps string
		code  int
	}{
		"a staff raises himself":             {staff, luc, `{"superuser":true,` + motif, http.StatusForbidden},
		"a staff raises somebody":            {staff, marie, `{"staff":true,` + motif, http.StatusForbidden},
		"a staff closes a superuser":         {staff, loginEquipe, `{"actif":false,` + motif, http.StatusForbidden},
		"a staff lowers a superuser":         {staff, loginEquipe, `{"superuser":false,` + motif, http.StatusForbidden},
		"a superuser lowers himself":         {chef, loginEquipe, `{"superuser":false,` + motif, http.StatusForbidden},
		"without a reason":                   {chef, marie, `{"actif":false,"motif":"non"}`, http.StatusUnprocessableEntity},
		"nothing changes, whoever asks":      {staff, luc, `{"superuser":false,` + motif, http.StatusOK},
		"a superuser acting as somebody, no": {chef.detourner(p, luc, "complet"), marie, `{"actif":false,` + motif, http.StatusNotFound},
	} {
		_, version := chef.compte(id(c.cible))
		r := c.qui.ecrire(http.MethodPatch, "/admin/utilisateurs/"+id(c.cible), c.corps, version)
		require.Equal(t, c.code, r.Code, "%s: %s", nom, r.Corps)
	}
	require.Zero(t, lireUn[int64](t, p, `SELECT count(*) FROM journal_audit WHERE commande = 'utilisateur.droits' AND utilisateur_id IS NOT NULL`))

	// Closing ends the sessions at once; opening does not bring them back.
	r := staff.regler(id(marie), `{"actif":false,`+motif)
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	require.Equal(t, false, r.JSON()["actif"])
	require.Equal(t, http.StatusUnauthorized, bailleur.lire("/session").Code)
	require.Equal(t, "Demande du service", lireUn[string](t, p, `SELECT j.motif FROM journal_audit j JOIN utilisateur u ON u.id = j.utilisateur_id
		WHERE j.commande = 'utilisateur.droits' AND u.cerbere_login = $1 AND j.avant->>'est_actif' = 'true' AND j.apres->>'est_actif' = 'false'`, luc))
	require.Equal(t, http.StatusOK, staff.regler(id(marie), `{"actif":true,`+motif).Code)
	require.Equal(t, http.StatusUnauthorized, bailleur.lire("/session").Code)

	// A superuser gives and withdraws the rights of the staff; being a superuser is being staff.
	r = chef.regler(id(marie), `{"superuser":true,`+motif)
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	require.Equal(t, true, r.JSON()["staff"])
	require.Equal(t, http.StatusForbidden, staff.regler(id(marie), `{"actif":false,`+motif).Code)
	require.Equal(t, http.StatusOK, chef.regler(id(marie), `{"superuser":false,"staff":false,`+motif).Code)

	require.Equal(t, http.StatusPreconditionFailed, chef.ecrire(http.MethodPatch, "/admin/utilisateurs/"+id(marie), `{"actif":false,`+motif, `"1000"`).Code)
	require.Equal(t, http.StatusPreconditionRequired, chef.envoyer(http.MethodPatch, "/api/v1/admin/utilisateurs/"+id(marie), `{"actif":false,`+motif, nil).Code)
	require.Equal(t, http.StatusNotFound, chef.ecrire(http.MethodPatch, "/admin/utilisateurs/"+uuid.NewString(), `{"actif":false,`+motif, `"1"`).Code)
}

// TestComptesAdmin_roles: an account of the platform gets its role from the staff; the technical account of a program
// is set with its client.
func TestComptesAdmin_roles(t *testing.T) {
	p := demarrer(t)
	require.NoError(t, semerDemo(t.Context(), p.pieces, nil))
	staff := p.connecter(t, luc)
	p.executer(t, `UPDATE utilisateur SET est_staff = true WHERE cerbere_login = $1`, luc)
	staff.rafraichir(0)
	p.executer(t, `INSERT INTO utilisateur (username, email, prenom, nom) VALUES ('nora', 'nora@example.org', 'Nora', 'Essai')`)
	id := lireUn[string](t, p, `SELECT uuid::text FROM utilisateur WHERE username = 'nora'`)
	donner := func(cible, corps string) reponse {
		_, version := staff.compte(cible)
		return staff.ecrire(http.MethodPost, "/admin/utilisateurs/"+cible+"/roles", corps, version)
	}
	r := donner(id, `{"typologie":"ADMINISTRATEUR","departement":"87","lecture_seule":true,"motif":"Prise de poste"}`)
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	role := r.JSON()["roles"].([]any)[0].(map[string]any)
	require.Equal(t, "87", role["departement"])
	require.Equal(t, true, role["lecture_seule"])
	r = donner(id, `{"typologie":"ADMINISTRATEUR","region":"75","motif":"Changement de poste"}`)
	require.Equal(t, http.StatusOK, r.Code, r.Corps)
	roles := r.JSON()["roles"].([]any)
	require.Nil(t, roles[0].(map[string]any)["expire_le"])
	require.NotNil(t, roles[1].(map[string]any)["expire_le"], "one role at a time")
	require.EqualValues(t, 2, lireUn[int64](t, p, `SELECT count(*) FROM journal_audit WHERE commande = 'utilisateur.role' AND objet_uuid = $1 AND motif <> ''`, id))

	cerbere := lireUn[string](t, p, `SELECT uuid::text FROM utilisateur WHERE cerbere_login = $1`, "claire.lebreton@example.org")
	for nom, c := range map[string]struct {
		cible, corps string
		code         int
	}{
		"unknown SIREN":      {id, `{"typologie":"BAILLEUR","siren":"000000000","motif":"Prise de poste"}`, http.StatusUnprocessableEntity},
		"no perimeter":       {id, `{"typologie":"ADMINISTRATEUR","motif":"Prise de poste"}`, http.StatusUnprocessableEntity},
		"a CERBERE account":  {cerbere, `{"typologie":"ADMINISTRATEUR","national":true,"motif":"Prise de poste"}`, http.StatusUnprocessableEntity},
		"nobody's own":       {lireUn[string](t, p, `SELECT uuid::text FROM utilisateur WHERE cerbere_login = $1`, luc), `{"typologie":"ADMINISTRATEUR","national":true,"motif":"Prise de poste"}`, http.StatusForbidden},
		"an unknown account": {uuid.NewString(), "", 0},
	} {
		if c.code == 0 {
			require.Equal(t, http.StatusNotFound, staff.ecrire(http.MethodPost, "/admin/utilisateurs/"+c.cible+"/roles", `{"typologie":"BAILLEUR","motif":"Prise de poste"}`, `"1"`).Code)
			continue
		}
		r := donner(c.cible, c.corps)
		require.Equal(t, c.code, r.Code, "%s: %s", nom, r.Corps)
	}

	p.programme(t, "Entrepôt", haute87(), auth.ConventionsLire)
	technique := lireUn[string](t, p, `SELECT u.uuid::text FROM utilisateur u JOIN jeton_api a ON a.utilisateur_id = u.id`)
	fiche, _ := staff.compte(technique)
	require.Equal(t, true, fiche["client_api"])
	require.Equal(t, http.StatusForbidden, staff.regler(technique, `{"actif":true,"motif":"Pour voir"}`).Code)
}
