package depotapi_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"apilos/api/depot"
	"apilos/api/httpapi/depotapi"

	"github.com/stretchr/testify/require"
)

// TestAdminGuard: no token, a client's or an empty setting are all refused with the same words.
func TestAdminGuard(t *testing.T) {
	t.Parallel()
	b := nouveau(t, options{})
	c := b.client("", nil)
	sans := nouveau(t, options{api: func(a *depotapi.API) { a.JetonAdmin = "" }})
	for _, r := range []struct{ methode, chemin string }{
		{"POST", "/clients"}, {"PUT", "/clients/" + c.id}, {"POST", "/clients/" + c.id + "/token"}, {"PUT", "/clients/" + c.id + "/chef_de_file/perimeter"},
		{"POST", "/mandataires"}, {"POST", "/chefs-de-file"}, {"GET", "/stats/firsts-publications"}, {"GET", "/stats/publications"},
	} {
		b.appeler(r.methode, r.chemin, nil).refuse(403, "Non autorisé")
		c.appeler(r.methode, r.chemin, nil).refuse(403, "Non autorisé")
	}
	sans.appeler("POST", "/mandataires", `{}`, "Authorization", "Token ").refuse(403, "Non autorisé")
	b.appeler("POST", "/mandataires", `{"nom":"A","email":"a@example.org"}`, "Authorization", "Bearer "+jetonAdmin).reussit(200)
}

// TestDirectoryMessages checks identifiers and fields of clients, mandataires and chefs de file.
func TestDirectoryMessages(t *testing.T) {
	t.Parallel()
	b := nouveau(t, options{})
	for chemin, nom := range map[string]string{
		"/clients/": "Client", "/mandataires/": "Mandataire", "/chefs-de-file/": "Chef de file", "/revisions/": "Revision", "/revisions/client/": "Client",
	} {
		b.appeler("GET", chemin+"xyz", nil).refuse(400, nom+" Id xyz is not ObjectId")
		b.appeler("GET", chemin+inconnu, nil).refuse(404, nom+" "+inconnu+" not found")
	}
	m := b.admin("POST", "/mandataires", `{"nom":"A","email":"a@example.org","id":"injecté"}`).reussit(200)
	for _, cas := range []struct {
		methode, chemin, corps string
		phrases                []any
	}{
		{"POST", "/clients", `{}`, []any{"nom should not be empty", "nom must be a string", "mandataireId must be a mongodb id", "isActive must be a boolean value"}},
		{"POST", "/clients", `{"nom":" ","mandataireId":"x","isActive":"oui","chefDeFileId":"y","email":"z"}`, []any{"nom should not be empty", "mandataireId must be a mongodb id", "isActive must be a boolean value", "chefDeFileId must be a mongodb id", "email must be an email"}},
		{"POST", "/mandataires", `{"nom":3,"email":"x@y"}`, []any{"nom must be a string", "email must be an email"}},
		{"PUT", "/mandataires/" + m["id"].(string), `{"email":"x"}`, []any{"email must be an email"}},
		{"POST", "/chefs-de-file", `{"nom":"ab","email":"a@example.org","perimeters":[{"type":"region","code":"75"}]}`, []any{"perimeters.0.type must be one of the following values: commune, departement, epci", "nom must be longer than or equal to 3 characters"}},
		{"POST", "/chefs-de-file", `{"nom":"abc","email":"a@example.org","isEmailPublic":1,"perimeters":{}}`, []any{"isEmailPublic must be a boolean value", "perimeters must be an array"}},
	} {
		r := b.admin(cas.methode, cas.chemin, cas.corps)
		require.Equal(t, http.StatusBadRequest, r.Code, cas.corps)
		require.Equal(t, cas.phrases, r.objet()["message"], cas.corps)
		require.Equal(t, "Bad Request", r.objet()["error"])
	}
	b.admin("POST", "/clients", `{"nom":"A","isActive":true,"mandataireId":"`+inconnu+`"}`).refuse(404, "Mandataire "+inconnu+" not found")
	b.admin("POST", "/clients", `{"nom":"A","isActive":true,"mandataireId":"`+m["id"].(string)+`","chefDeFileId":"`+inconnu+`"}`).refuse(404, "Chef de file "+inconnu+" not found")
	c := b.client("", nil)
	b.admin("PUT", "/clients/"+c.id+"/chef_de_file/perimeter", `{"perimeters":[]}`).refuse(412, "Le client n’a pas de chef de file")
}

// TestClientLife: token once, digest stored, rotation, strategy that follows the chef de file, allow-list, journal.
func TestClientLife(t *testing.T) {
	t.Parallel()
	b := nouveau(t, options{reglages: depot.Reglages{Partenaire: true, URLAPI: "https://exemple.fr/api-depot"}})
	c := b.client("", nil)
	require.Regexp(t, `^[A-Za-z0-9]{32}$`, c.jeton)
	require.Equal(t, 0, b.monde.Compter(`SELECT count(*) FROM depot_client WHERE jeton_empreinte = $1 OR jeton_prefixe = $1`, c.jeton))
	courriel := b.boite.derniere(t, depot.TypeJeton)
	charge := courriel.Charge.(depot.ChargeJeton)
	clair, err := b.sceau.Ouvrir(charge.JetonScelle)
	require.NoError(t, err)
	require.Equal(t, c.jeton, clair)
	require.Equal(t, "contact@editeur.example.org", courriel.Destinataire)

	vu := b.appeler("GET", "/clients/"+c.id, nil).reussit(200)
	require.NotContains(t, vu, "token")
	require.NotContains(t, vu, "tokenPrefix")
	require.Equal(t, "habilitation", vu["authorizationStrategy"])
	require.Equal(t, c.jeton[:4], b.admin("GET", "/clients/"+c.id, nil).reussit(200)["tokenPrefix"])

	nouveauJeton := b.admin("POST", "/clients/"+c.id+"/token", nil).reussit(200)["token"].(string)
	c.appeler("GET", "/me", nil).refuse(401, "Authentification refusée")
	require.Equal(t, c.id, b.appeler("GET", "/me", nil, "Authorization", "Token "+nouveauJeton).reussit(200)["id"])

	chef := b.admin("POST", "/chefs-de-file", `{"nom":"Chef","email":"chef@example.org","perimeters":[{"type":"commune","code":"00000"}]}`).reussit(200)
	maj := b.admin("PUT", "/clients/"+c.id, `{"chefDeFileId":"`+chef["id"].(string)+`","token":"pirate","id":"pirate","legacyId":"mes-adresses"}`).reussit(200)
	require.Equal(t, "chef-de-file", maj["authorizationStrategy"])
	require.Nil(t, maj["legacyId"], "not in the allow-list")
	require.Equal(t, true, maj["isActive"], "absent is not false")
	require.Equal(t, "habilitation", b.admin("PUT", "/clients/"+c.id, `{"chefDeFileId":null}`).reussit(200)["authorizationStrategy"])
	b.admin("PUT", "/clients/"+c.id, `{"authorizationStrategy":"internal"}`).reussit(200)
	require.Equal(t, "internal", b.admin("PUT", "/clients/"+c.id, `{"chefDeFileId":"`+chef["id"].(string)+`"}`).reussit(200)["authorizationStrategy"])
	b.admin("PUT", "/clients/"+c.id, `{"isActive":false}`).reussit(200)
	b.admin("PUT", "/clients/"+c.id, `{"isActive":true}`).reussit(200)
	for _, typ := range []string{depot.TypePartenaireCreer, depot.TypePartenaireModif, depot.TypePartenaireArret, depot.TypePartenaireReprise} {
		require.Positive(t, b.boite.nombre(typ), typ)
	}
	require.GreaterOrEqual(t, b.monde.Compter(`SELECT count(*) FROM journal_audit WHERE nom_table = 'depot_client' AND acteur = 'administrateur du dépôt'`), 7)
	require.Equal(t, 0, b.monde.Compter(`SELECT count(*) FROM journal_audit WHERE apres::text LIKE '%' || $1 || '%'`, nouveauJeton))
}

// TestEmailsAreHidden: from anonymous callers, unless they are public or the setting says so (07 section 6.3).
func TestEmailsAreHidden(t *testing.T) {
	t.Parallel()
	b := nouveau(t, options{})
	b.client("", nil)
	b.admin("POST", "/chefs-de-file", `{"nom":"Discret","email":"discret@example.org"}`).reussit(200)
	b.admin("POST", "/chefs-de-file", `{"nom":"Public","email":"public@example.org","isEmailPublic":true}`).reussit(200)
	require.NotContains(t, b.appeler("GET", "/mandataires", nil).Body.String(), "@")
	chefs := b.appeler("GET", "/chefs-de-file", nil)
	require.NotContains(t, chefs.Body.String(), "discret@")
	require.Contains(t, chefs.Body.String(), "public@")
	require.Contains(t, b.admin("GET", "/mandataires", nil).Body.String(), "contact@editeur.example.org")
	require.Contains(t, b.admin("GET", "/chefs-de-file", nil).Body.String(), "discret@")
	require.NotEqual(t, chefs.Header().Get("ETag"), b.admin("GET", "/chefs-de-file", nil).Header().Get("ETag"))
}

// TestLists: complete without parameter, pages, links, totals, and nothing sent again when nothing changed.
func TestLists(t *testing.T) {
	t.Parallel()
	b := nouveau(t, options{})
	for range 3 {
		b.client("", nil)
	}
	tout := b.appeler("GET", "/clients", nil)
	require.Len(t, tout.liste(), 3)
	require.Equal(t, "3", tout.Header().Get("X-Total-Count"))
	page := b.appeler("GET", "/clients?limit=1&offset=1", nil)
	require.Equal(t, tout.liste()[1:2], page.liste())
	require.Equal(t, `</api-depot/clients?limit=1&offset=0>; rel="first", </api-depot/clients?limit=1&offset=0>; rel="prev", </api-depot/clients?limit=1&offset=2>; rel="next", </api-depot/clients?limit=1&offset=2>; rel="last"`, page.Header().Get("Link"))
	require.Equal(t, http.StatusNotModified, b.appeler("GET", "/clients", nil, "If-None-Match", tout.Header().Get("ETag")).Code)
	b.client("", nil)
	require.Equal(t, http.StatusOK, b.appeler("GET", "/clients", nil, "If-None-Match", tout.Header().Get("ETag")).Code)
	for _, q := range []string{"limit=0", "limit=1001", "limit=x", "offset=-1"} {
		require.Equal(t, http.StatusBadRequest, b.appeler("GET", "/clients?"+q, nil).Code, q)
	}
	require.Equal(t, "[]", b.appeler("GET", "/current-revisions", nil).Body.String())
}

// TestHabilitationByEmail checks each message of routes 21 to 27.
func TestHabilitationByEmail(t *testing.T) {
	t.Parallel()
	b := nouveau(t, options{})
	c, autre := b.client("", nil), b.client("", nil)
	b.dehors.courriels = []string{"Mairie@limoges.example.org"}
	c.appeler("POST", "/communes/00000/habilitations", nil).refuse(404, "Le code commune n'existe pas")
	b.appeler("POST", "/communes/87085/habilitations", nil).refuse(401, "Une authentification est nécessaire")
	h := c.appeler("POST", "/communes/87085/habilitations", nil).reussit(201)
	id := h["id"].(string)
	require.Equal(t, "pending", h["status"])
	require.Nil(t, h["strategy"])
	require.Nil(t, h["emailCommune"])
	envoi, essai := "/habilitations/"+id+"/authentication/email/send-pin-code", "/habilitations/"+id+"/authentication/email/validate-pin-code"

	c.appeler("GET", "/habilitations/xyz", nil).refuse(400, "Habilitation Id xyz is not ObjectId")
	c.appeler("GET", "/habilitations/"+inconnu, nil).refuse(404, "Habilitation "+inconnu+" not found")
	autre.appeler("GET", "/habilitations/"+id, nil).refuse(403, "Vous n’êtes pas autorisé à accéder à cette habilitation")
	autre.appeler("POST", envoi, `{"email":"x"}`).refuse(403, "Vous n’êtes pas autorisé à accéder à cette habilitation")
	require.Equal(t, []any{"email must be an email"}, c.appeler("POST", envoi, `{}`).objet()["message"])
	c.appeler("POST", envoi, `{"email":"pirate@example.org"}`).refuse(412, "Impossible d’envoyer le code, l’email préconisé n’appartient pas à la commune")
	require.Equal(t, []any{"code must be a number string"}, c.appeler("POST", essai, `{"code":"12a"}`).objet()["message"])
	c.appeler("POST", essai, `{"code":"123456"}`).refuse(412, "Aucun code n’a été envoyé")

	r := c.appeler("POST", envoi, `{"email":"mairie@limoges.example.org"}`)
	require.Equal(t, 200, r.Code)
	require.Equal(t, "OK", r.Body.String())
	c.appeler("POST", envoi, `{"email":"mairie@limoges.example.org"}`).refuse(409, "Un courriel a déjà été envoyé, merci de patienter")
	vue := c.appeler("GET", "/habilitations/"+id, nil).reussit(200)
	require.Equal(t, "Mairie@limoges.example.org", vue["emailCommune"])
	require.Equal(t, map[string]any{"type": "email", "createdAt": "2026-04-15T08:00:00.000Z", "pinCodeExpiration": "2026-04-16T08:00:00.000Z", "remainingAttempts": 10.0}, vue["strategy"])
	require.Equal(t, c.id, vue["client"].(map[string]any)["id"])
	code, err := b.sceau.Ouvrir(b.boite.derniere(t, depot.TypeCode).Charge.(depot.ChargeCode).CodeScelle)
	require.NoError(t, err)
	require.Regexp(t, `^[0-9]{6}$`, code)
	require.Equal(t, 0, b.monde.Compter(`SELECT count(*) FROM depot_habilitation h, journal_audit j WHERE h::text LIKE '%' || $1 || '%' OR j.apres::text LIKE '%"' || $1 || '"%'`, code))

	faux := "000000"
	if code == faux {
		faux = "000001"
	}
	c.appeler("POST", essai, `{"code":"`+faux+`"}`).refuse(412, "Code non valide, 9 tentatives restantes")
	b.heure = b.heure.Add(25 * time.Hour)
	c.appeler("POST", essai, `{"code":"`+code+`"}`).refuse(412, "Code expiré")
	b.heure = b.heure.Add(-24 * time.Hour)
	require.Equal(t, "OK", c.appeler("POST", essai, `{"code":"`+code+`"}`).Body.String())
	c.appeler("POST", essai, `{"code":"`+code+`"}`).refuse(412, "Cette habilitation est déjà validée")
	c.appeler("POST", envoi, `{"email":"mairie@limoges.example.org"}`).refuse(412, "Cette habilitation est déjà validée")

	rejetee := c.appeler("POST", "/communes/87085/habilitations", nil).reussit(201)["id"].(string)
	c.appeler("POST", "/habilitations/"+rejetee+"/authentication/email/send-pin-code", `{"email":"mairie@limoges.example.org"}`)
	chemin := "/habilitations/" + rejetee + "/authentication/email/validate-pin-code"
	for reste := 9; reste >= 2; reste-- {
		require.Equal(t, 412, c.appeler("POST", chemin, `{"code":"9999999"}`).Code)
	}
	c.appeler("POST", chemin, `{"code":"9999999"}`).refuse(412, "Code non valide, 1 tentative restante")
	c.appeler("POST", chemin, `{"code":"9999999"}`).refuse(412, "Code non valide. Demande rejetée.")
	c.appeler("POST", chemin, `{"code":"9999999"}`).refuse(412, "Cette habilitation est rejetée")
	require.Equal(t, "Trop de tentative de code raté", c.appeler("GET", "/habilitations/"+rejetee, nil).reussit(200)["strategy"].(map[string]any)["authenticationError"])

	valides := c.appeler("POST", "/habilitations/are-valid", map[string]any{"ids": []string{id, rejetee, inconnu}}).reussit(200)
	require.Equal(t, map[string]any{id: true, rejetee: false, inconnu: false}, valides)
	require.Equal(t, []any{"ids must be an array"}, c.appeler("POST", "/habilitations/are-valid", `{}`).objet()["message"])
	require.Equal(t, []any{"each value in ids must be a mongodb id"}, c.appeler("POST", "/habilitations/are-valid", `{"ids":["x"]}`).objet()["message"])
	require.Len(t, c.appeler("GET", "/communes/87085/habilitations", nil).liste(), 2)
	require.Equal(t, `["Mairie@limoges.example.org"]`, b.appeler("GET", "/communes/87085/emails", nil).Body.String())
	b.dehors.panne = errors.New("annuaire en panne")
	b.dehors.courriels = nil
	require.Equal(t, `[]`, b.appeler("GET", "/communes/87085/emails", nil).Body.String())
	b.appeler("GET", "/communes/00000/emails", nil).refuse(404, "Le code commune n’existe pas")
}

// TestPINAttemptsAreAllCounted: parallel wrong codes cost one attempt each.
func TestPINAttemptsAreAllCounted(t *testing.T) {
	t.Parallel()
	b := nouveau(t, options{})
	c := b.client("", nil)
	b.dehors.courriels = []string{"mairie@limoges.example.org"}
	id := c.appeler("POST", "/communes/87085/habilitations", nil).reussit(201)["id"].(string)
	c.appeler("POST", "/habilitations/"+id+"/authentication/email/send-pin-code", `{"email":"mairie@limoges.example.org"}`)
	var attente sync.WaitGroup
	var mu sync.Mutex
	messages := map[any]int{}
	for range 20 {
		attente.Go(func() {
			r := c.appeler("POST", "/habilitations/"+id+"/authentication/email/validate-pin-code", `{"code":"9999999"}`)
			mu.Lock()
			defer mu.Unlock()
			messages[r.objet()["message"]]++
		})
	}
	attente.Wait()
	require.Equal(t, 1, messages["Code non valide. Demande rejetée."], messages)
	require.Equal(t, 10, messages["Cette habilitation est rejetée"], messages)
	require.Equal(t, "rejected", c.appeler("GET", "/habilitations/"+id, nil).reussit(200)["status"])
}

// TestProConnect: allow-list, browser bound to its state, state single use, SIRET that decides.
func TestProConnect(t *testing.T) {
	t.Parallel()
	b := nouveau(t, options{reglages: depot.Reglages{OriginesRetour: []string{"https://editeur.example.org"}}})
	c := b.client("", nil)
	b.dehors.sirets = []string{"21870850000017"}
	const retour = "https://editeur.example.org/fin?a=1"
	commencer := func() (id, etat string, cookie *http.Cookie) {
		id = c.appeler("POST", "/communes/87085/habilitations", nil).reussit(201)["id"].(string)
		r := b.appeler("GET", "/habilitations/"+id+"/authentication/proconnect?redirectUrl="+url.QueryEscape(retour), nil)
		require.Equal(t, http.StatusFound, r.Code, r.Body.String())
		require.True(t, strings.HasPrefix(r.Header().Get("Location"), "https://proconnect.example.org/"))
		return id, b.dehors.etat, r.Result().Cookies()[0]
	}
	id, etat, cookie := commencer()
	require.True(t, cookie.HttpOnly)
	b.appeler("GET", "/habilitations/"+id+"/authentication/proconnect", nil).refuse(400, "redirectUrl param is mandatory")
	require.Equal(t, 400, b.appeler("GET", "/habilitations/"+id+"/authentication/proconnect?redirectUrl=https://pirate.example.org/", nil).Code)
	rappel := "/habilitations/proconnect/callback?code=abc&state=" + etat
	b.appeler("GET", rappel, nil).refuse(400, "Session invalide")
	b.appeler("GET", rappel, nil, "Cookie", cookie.Name+"="+etat+".faux").refuse(400, "Session invalide")
	b.dehors.siret = "21870850000017"
	fini := b.appeler("GET", rappel, nil, "Cookie", cookie.Name+"="+cookie.Value)
	require.Equal(t, http.StatusFound, fini.Code, fini.Body.String())
	require.Equal(t, retour, fini.Header().Get("Location"))
	b.appeler("GET", rappel, nil, "Cookie", cookie.Name+"="+cookie.Value).refuse(400, "Session invalide")
	vue := c.appeler("GET", "/habilitations/"+id, nil).reussit(200)
	require.Equal(t, "accepted", vue["status"])
	require.Equal(t, "proconnect", vue["strategy"].(map[string]any)["type"])
	deja := b.appeler("GET", "/habilitations/"+id+"/authentication/proconnect?redirectUrl="+url.QueryEscape(retour), nil)
	require.Equal(t, retour, deja.Header().Get("Location"), "nothing to sign in for")

	id, etat, cookie = commencer()
	b.dehors.siret = "22870000000014"
	require.Equal(t, http.StatusFound, b.appeler("GET", "/habilitations/proconnect/callback?code=abc&state="+etat, nil, "Cookie", cookie.Name+"="+cookie.Value).Code)
	vue = c.appeler("GET", "/habilitations/"+id, nil).reussit(200)
	require.Equal(t, "rejected", vue["status"])
	require.Equal(t, "Le siret ne correspond à la commune", vue["strategy"].(map[string]any)["authenticationError"])

	id, etat, cookie = commencer()
	b.dehors.panne = errors.New("ProConnect en panne")
	require.Equal(t, http.StatusBadGateway, b.appeler("GET", "/habilitations/proconnect/callback?code=abc&state="+etat, nil, "Cookie", cookie.Name+"="+cookie.Value).Code)
	b.dehors.panne = nil
	require.Equal(t, "pending", c.appeler("GET", "/habilitations/"+id, nil).reussit(200)["status"], "a failure decides nothing")
}
