package depotapi_test

import (
	"bytes"
	"crypto/md5" //nolint:gosec // what clients send
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"apilos/api/cog"
	"apilos/api/depot"

	"github.com/stretchr/testify/require"
)

// TestGuideFourSteps walks through a publication as the published guide shows it, over real connections:
// headers, keys, statuses.
func TestGuideFourSteps(t *testing.T) {
	t.Parallel()
	b := nouveau(t, options{})
	c := b.client("", nil)
	serveur := httptest.NewServer(b.serveur)
	defer serveur.Close()
	envoyer := func(methode, chemin string, corps []byte, entetes map[string]string) (int, map[string]any) {
		req, err := http.NewRequest(methode, serveur.URL+base+chemin, bytes.NewReader(corps))
		require.NoError(t, err)
		req.Header.Set("Authorization", "Token "+c.jeton)
		for k, v := range entetes {
			req.Header.Set(k, v)
		}
		res, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		defer res.Body.Close()
		texte, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		return res.StatusCode, reponse{&httptest.ResponseRecorder{Body: bytes.NewBuffer(texte)}, t}.objet()
	}
	contexte := `{"context":{"nomComplet":"Camille Martin","organisation":"Mairie de Limoges","extras":{"internalId":"42"},"secret":"oublié"}}`
	statut, r := envoyer("POST", "/communes/87085/revisions", []byte(contexte), map[string]string{"Content-Type": "application/json"})
	require.Equal(t, 201, statut)
	id := r["id"].(string)
	require.Regexp(t, `^[0-9a-f]{24}$`, id)
	require.Equal(t, "87085", r["codeCommune"])
	require.Equal(t, map[string]any{"nomComplet": "Camille Martin", "organisation": "Mairie de Limoges", "extras": map[string]any{"internalId": "42"}}, r["context"])
	require.Equal(t, map[string]any{}, r["validation"])
	require.Equal(t, "pending", r["status"])
	require.Equal(t, false, r["isReady"])
	require.Equal(t, false, r["isCurrent"])
	require.Nil(t, r["publishedAt"])
	require.Equal(t, []any{}, r["files"])
	require.Equal(t, "2026-04-15T08:00:00.000Z", r["createdAt"])
	require.Equal(t, map[string]any{
		"id": c.id, "legacyId": nil, "nom": "Logiciel", "mandataire": "Éditeur", "chefDeFile": nil, "chefDeFileEmail": nil, "name": "Logiciel", "email": "contact@editeur.example.org",
	}, r["client"])

	fichier := fichierBAL("87085", 5)
	somme := md5.Sum(fichier) //nolint:gosec // what clients send
	statut, f := envoyer("PUT", "/revisions/"+id+"/files/bal", fichier, map[string]string{"Content-Type": "text/csv", "Content-MD5": hex.EncodeToString(somme[:])})
	require.Equal(t, 200, statut, f)
	require.Equal(t, id, f["revisionId"])
	require.Equal(t, "bal", f["type"])
	require.EqualValues(t, len(fichier), f["size"])
	require.Regexp(t, `^[0-9a-f]{64}$`, f["hash"])

	statut, r = envoyer("POST", "/revisions/"+id+"/compute", nil, nil)
	require.Equal(t, 200, statut, r)
	require.Equal(t, true, r["isReady"], r["validation"])
	v := r["validation"].(map[string]any)
	require.Equal(t, true, v["valid"])
	require.Equal(t, []any{}, v["errors"])
	require.Equal(t, "1.3", v["format"])
	require.Equal(t, "3.5.2", v["validatorVersion"])
	require.EqualValues(t, 5, v["rowsCount"])
	require.Len(t, r["files"], 1)

	h := c.appeler("POST", "/communes/87085/habilitations", nil).reussit(201)
	b.admin("PUT", "/habilitations/"+h["id"].(string)+"/validate", nil).reussit(200)
	statut, r = envoyer("POST", "/revisions/"+id+"/publish", []byte(`{"habilitationId":"`+h["id"].(string)+`"}`), map[string]string{"Content-Type": "application/json"})
	require.Equal(t, 200, statut, r)
	require.Equal(t, "published", r["status"])
	require.Equal(t, true, r["isCurrent"])
	require.Nil(t, r["isReady"])
	require.Equal(t, "2026-04-15T08:00:00.000Z", r["publishedAt"])
	require.Equal(t, map[string]any{
		"id": h["id"], "codeCommune": "87085", "createdAt": "2026-04-15T08:00:00.000Z", "updatedAt": "2026-04-15T08:00:00.000Z", "strategy": map[string]any{"type": "internal"},
	}, r["habilitation"])

	telecharge := b.appeler("GET", "/communes/87085/current-revision/files/bal/download", nil)
	require.Equal(t, 200, telecharge.Code)
	require.Equal(t, fichier, telecharge.Body.Bytes())
	require.Equal(t, `attachment; filename="bal-87085.csv"`, telecharge.Header().Get("Content-Disposition"))
	require.Equal(t, "text/csv", telecharge.Header().Get("Content-Type"))
}

// TestCreationRefusals checks each message of step 1, and the order: commune, then caller, then body.
func TestCreationRefusals(t *testing.T) {
	t.Parallel()
	b := nouveau(t, options{})
	c := b.client("", nil)
	arrete := b.client("", nil)
	b.admin("PUT", "/clients/"+arrete.id, `{"isActive":false}`).reussit(200)
	const chemin = "/communes/87085/revisions"
	long := strings.Repeat("a", 17<<10)
	for nom, cas := range map[string]struct {
		chemin, autorisation, corps string
		statut                      int
		message                     any
	}{
		"unknown commune wins over everything": {"/communes/00000/revisions", "", "", 404, "Le code commune n’existe pas"},
		"lower case is another code":           {"/communes/2a004/revisions", "Token " + c.jeton, `{"context":{}}`, 404, "Le code commune n’existe pas"},
		"former commune":                       {"/communes/" + ancienne() + "/revisions", "", "", 401, "Une authentification est nécessaire"},
		"no header":                            {chemin, "", `{}`, 401, "Une authentification est nécessaire"},
		"no second word":                       {chemin, "Token", `{}`, 401, "Le token d'authentification est manquant"},
		"unknown token":                        {chemin, "Token nimporte", `{}`, 401, "Authentification refusée"},
		"other scheme":                         {chemin, "Basic " + c.jeton, `{}`, 401, "Authentification refusée"},
		"admin token is no client":             {chemin, "Token " + jetonAdmin, `{}`, 401, "Authentification refusée"},
		"stopped client":                       {chemin, "Token " + arrete.jeton, `{"context":{}}`, 403, "Le client est actuellement désactivé"},
		"no body":                              {chemin, "Token " + c.jeton, ``, 400, []any{"context must be an object"}},
		"no context":                           {chemin, "Bearer " + c.jeton, `{}`, 400, []any{"context must be an object"}},
		"context of another kind":              {chemin, "bEaReR " + c.jeton, `{"context":[]}`, 400, []any{"context must be an object"}},
		"fields of another kind":               {chemin, "token " + c.jeton, `{"context":{"nomComplet":3,"organisation":{},"extras":"x"}}`, 400, []any{"context.nomComplet must be a string", "context.organisation must be a string", "context.extras must be an object"}},
		"extras too large":                     {chemin, "Token " + c.jeton, `{"context":{"extras":{"a":"` + long + `"}}}`, 400, []any{"context.extras must not exceed 16384 bytes"}},
		"malformed":                            {chemin, "Token " + c.jeton, `{"context"`, 400, "Le corps de la requête n’est pas du JSON valide"},
		"body too large":                       {chemin, "Token " + c.jeton, `{"context":{"extras":{"a":"` + strings.Repeat("a", 2<<20) + `"}}}`, 413, "request entity too large"},
	} {
		t.Run(nom, func(t *testing.T) {
			entetes := []string{}
			if cas.autorisation != "" {
				entetes = []string{"Authorization", cas.autorisation}
			}
			if nom == "former commune" {
				b.appeler("POST", cas.chemin, cas.corps, entetes...).refuse(404, "Le code commune n’existe pas")
				cas.chemin += "?ancienneCommuneAllowed=true"
			}
			r := b.appeler("POST", cas.chemin, cas.corps, entetes...)
			require.Equal(t, cas.statut, r.Code, r.Body.String())
			require.Equal(t, cas.message, r.objet()["message"])
			require.Equal(t, cas.statut == 400, r.objet()["error"] == "Bad Request")
		})
	}
}

// ancienne is the code of a commune that is no more.
func ancienne() string {
	for c := range cog.Charger().Communes() {
		if len(c.AnciensCodes) > 0 {
			return c.AnciensCodes[0]
		}
	}
	return ""
}

func TestCreationIdempotency(t *testing.T) {
	t.Parallel()
	b := nouveau(t, options{})
	c, autre := b.client("", nil), b.client("", nil)
	premiere := c.appeler("POST", "/communes/87085/revisions", `{"context":{}}`, "Idempotency-Key", "cle-1").reussit(201)
	seconde := c.appeler("POST", "/communes/87085/revisions", `{"context":{}}`, "Idempotency-Key", "cle-1")
	require.Equal(t, premiere, seconde.reussit(201))
	require.Equal(t, "true", seconde.Header().Get("Idempotency-Replayed"))
	require.NotEqual(t, premiere["id"], autre.appeler("POST", "/communes/87085/revisions", `{"context":{}}`, "Idempotency-Key", "cle-1").reussit(201)["id"])
	require.Equal(t, 422, c.appeler("POST", "/communes/87085/revisions", `{"context":{"extras":{}}}`, "Idempotency-Key", "cle-1").Code)
	require.Equal(t, 2, b.monde.Compter(`SELECT count(*) FROM revision`))
}

// TestDepositRefusals checks each message of step 2; nothing is kept of a refused file.
func TestDepositRefusals(t *testing.T) {
	t.Parallel()
	b := nouveau(t, options{reglages: depot.Reglages{TailleMax: 2000}, sansContrat: true})
	c, autre := b.client("internal", nil), b.client("", nil)
	fichier := fichierBAL("87085", 2)
	publiee := c.publier("87085", fichier)
	deposee := c.creer("87085")
	c.appeler("PUT", "/revisions/"+deposee+"/files/bal", fichier).reussit(200)
	libre := c.creer("87085")
	objets := b.nombreObjets()
	for nom, cas := range map[string]struct {
		id, jeton string
		corps     []byte
		entetes   []string
		statut    int
		message   string
	}{
		"bad id wins":        {"zzz", "", nil, nil, 400, "Revision Id zzz is not ObjectId"},
		"unknown id":         {inconnu, "", nil, nil, 404, "Revision " + inconnu + " not found"},
		"no token":           {libre, "", fichier, nil, 401, "Une authentification est nécessaire"},
		"somebody else":      {libre, autre.jeton, make([]byte, 3000), nil, 403, "Vous n’êtes pas autorisé à accéder à cette révision"},
		"too large":          {libre, c.jeton, bytes.Repeat([]byte("a"), 2001), nil, 413, "request entity too large"},
		"too large, chunked": {libre, c.jeton, bytes.Repeat([]byte("a"), 2001), []string{"Transfer-Encoding", "chunked"}, 413, "request entity too large"},
		"too large wins":     {publiee, c.jeton, bytes.Repeat([]byte("a"), 2001), []string{"Content-Encoding", "gzip"}, 413, "request entity too large"},
		"empty":              {libre, c.jeton, []byte{}, nil, 404, "Fichier non fourni."},
		"empty wins":         {publiee, c.jeton, nil, []string{"Content-Encoding", "gzip", "Content-MD5", "00"}, 404, "Fichier non fourni."},
		"wrong MD5":          {libre, c.jeton, fichier, []string{"Content-MD5", "00"}, 400, "La valeur de l’en-tête Content-MD5 ne correspond pas à la signature MD5 du contenu soumis."},
		"encoding":           {libre, c.jeton, fichier, []string{"Content-Encoding", "gzip"}, 400, "Aucun encodage de contenue dans l’en-tête n’est accepté."},
		"wrong length":       {libre, c.jeton, fichier, []string{"X-Longueur", "1"}, 400, "La longueur de contenue dans l’en-tête ne correspond pas a la taille en octet du fichier."},
		"published":          {publiee, c.jeton, fichier, nil, 412, "La révision n’est plus modifiable"},
		"second file":        {deposee, c.jeton, fichier, nil, 412, "Fichier déjà attaché a la révision"},
	} {
		t.Run(nom, func(t *testing.T) {
			req := httptest.NewRequest("PUT", base+"/revisions/"+cas.id+"/files/bal", bytes.NewReader(cas.corps))
			if cas.jeton != "" {
				req.Header.Set("Authorization", "Token "+cas.jeton)
			}
			for n := 0; n+1 < len(cas.entetes); n += 2 {
				switch cas.entetes[n] {
				case "Transfer-Encoding":
					req.ContentLength = -1
				case "X-Longueur":
					req.ContentLength++
				default:
					req.Header.Set(cas.entetes[n], cas.entetes[n+1])
				}
			}
			rec := httptest.NewRecorder()
			b.serveur.ServeHTTP(rec, req)
			reponse{rec, t}.refuse(cas.statut, cas.message)
		})
	}
	require.Equal(t, objets, b.nombreObjets(), "a refused file leaves no object")
}

func (b *banc) nombreObjets() int {
	b.Helper()
	liste, err := b.objets.List(b.Context(), "", "", 1000)
	require.NoError(b, err)
	return len(liste)
}

// TestDepositAcceptsEveryMediaType: the body is raw whatever its type says, and the MD5 may come in both forms.
func TestDepositAcceptsEveryMediaType(t *testing.T) {
	t.Parallel()
	b := nouveau(t, options{sansContrat: true})
	c := b.client("", nil)
	fichier := fichierBAL("87085", 2)
	somme := md5.Sum(fichier) //nolint:gosec // what clients send
	for n, entetes := range [][]string{
		{"Content-Type", "application/json"}, {"Content-Type", "application/x-www-form-urlencoded"}, {"Content-Type", "multipart/form-data; boundary=x"}, {"Content-Type", ""},
		{"Content-MD5", strings.ToUpper(hex.EncodeToString(somme[:]))}, {"Content-MD5", base64.StdEncoding.EncodeToString(somme[:])},
	} {
		t.Run(fmt.Sprint(n, entetes[1]), func(t *testing.T) {
			c.appeler("PUT", "/revisions/"+c.creer("87085")+"/files/bal", fichier, entetes...).reussit(200)
		})
	}
}

// TestComputeRefusals checks the messages of step 3 and the answers to files that are not tables of addresses.
func TestComputeAnswers(t *testing.T) {
	t.Parallel()
	b := nouveau(t, options{})
	c := b.client("internal", nil)
	publiee := c.publier("87085", fichierBAL("87085", 2))
	vide := c.creer("87085")
	c.appeler("POST", "/revisions/"+publiee+"/compute", nil).refuse(412, "La révision n’est plus modifiable")
	c.appeler("POST", "/revisions/"+vide+"/compute", nil).refuse(404, "Aucun fichier de type 'bal' associé à la révision "+vide)
	b.appeler("GET", "/revisions/"+vide+"/files/bal/download", nil).refuse(404, "Aucun fichier de type 'bal' associé à la révision "+vide)
	perdue := c.creer("87085")
	f := c.appeler("PUT", "/revisions/"+perdue+"/files/bal", fichierBAL("87085", 2)).reussit(200)
	require.NoError(t, b.objets.Delete(t.Context(), f["id"].(string)))
	c.appeler("POST", "/revisions/"+perdue+"/compute", nil).refuse(404, "Fichier non trouvé sur S3")
	b.appeler("GET", "/revisions/"+perdue+"/files/bal/download", nil).refuse(404, "Fichier non trouvé sur S3")

	for nom, cas := range map[string]struct {
		fichier []byte
		code    string
	}{
		"binary":  {[]byte("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x00\x01\x02\x03"), "NonTextFile"},
		"UTF-16":  {[]byte("\xff\xfea\x00;\x00b\x00\n\x00"), ""},
		"one row": {[]byte("bonjour"), ""},
	} {
		t.Run(nom, func(t *testing.T) {
			id := c.creer("87085")
			c.appeler("PUT", "/revisions/"+id+"/files/bal", cas.fichier).reussit(200)
			r := c.appeler("POST", "/revisions/"+id+"/compute", nil).reussit(200)
			v := r["validation"].(map[string]any)
			require.Equal(t, false, v["valid"])
			require.Equal(t, false, r["isReady"])
			require.IsType(t, []any{}, v["errors"])
			if cas.code != "" {
				require.Equal(t, []any{}, v["errors"])
				require.Equal(t, cas.code, v["parseErrors"].([]any)[0].(map[string]any)["code"])
				require.NotContains(t, v, "rowsCount")
			}
		})
	}
}

// TestDepositRules checks the four rules of 07 section 4.4, with their integer thresholds.
func TestDepositRules(t *testing.T) {
	t.Parallel()
	b := nouveau(t, options{})
	c := b.client("internal", nil)
	calculer := func(c client, commune string, fichier []byte) map[string]any {
		id := c.creer(commune)
		c.appeler("PUT", "/revisions/"+id+"/files/bal", fichier).reussit(200)
		return c.appeler("POST", "/revisions/"+id+"/compute", nil).reussit(200)["validation"].(map[string]any)
	}
	v := calculer(c, "87050", fichierBAL("87085", 3))
	require.Equal(t, []any{"commune_insee.valeur_inattendue"}, v["errors"])
	require.Equal(t, false, v["valid"])

	c.publier("87085", fichierBAL("87085", 10))
	for nouveau, attendu := range map[int]struct{ erreur, avertissement bool }{
		10: {false, false}, 8: {false, false}, 7: {false, true}, 2: {false, true}, 1: {true, true},
	} {
		v := calculer(c, "87085", fichierBAL("87085", nouveau))
		require.Equal(t, attendu.erreur, contient(v["errors"], "rows.delete_too_many_addresses"), nouveau)
		require.Equal(t, attendu.avertissement, contient(v["warnings"], "rows.delete_many_addresses"), nouveau)
		require.Equal(t, !attendu.erreur, v["valid"], nouveau)
	}
	b.dehors.nbNumeros = 100
	require.Contains(t, calculer(c, "87050", fichierBAL("87050", 19))["errors"], "rows.delete_too_many_addresses", "first publication: compared with the BAN")

	b.dehors.nbNumeros = 0
	chef := b.admin("POST", "/chefs-de-file", map[string]any{"nom": "Chef", "email": "chef@example.org", "perimeters": []map[string]any{{"type": "departement", "code": "19"}}}).reussit(200)
	limite := b.client("", map[string]any{"chefDeFileId": chef["id"]})
	require.Contains(t, calculer(limite, "87050", fichierBAL("87050", 2))["errors"], "commune_insee.out_of_perimeter")
	for _, p := range []map[string]any{{"type": "departement", "code": "87"}, {"type": "commune", "code": "87050"}, {"type": "epci", "code": "248719312"}} {
		b.admin("PUT", "/clients/"+limite.id+"/chef_de_file/perimeter", map[string]any{"perimeters": []any{p}}).reussit(200)
		require.Equal(t, true, calculer(limite, "87050", fichierBAL("87050", 2))["valid"], p)
	}
	b.admin("PUT", "/clients/"+limite.id+"/chef_de_file/perimeter", `{"perimeters":[{"type":"commune","code":"75056"}]}`).reussit(200)
	require.NotContains(t, calculer(limite, "75101", fichierBAL("75101", 2))["errors"], "commune_insee.out_of_perimeter", "the mother commune of an arrondissement is tried as well")
	b.admin("PUT", "/clients/"+limite.id+"/chef_de_file/perimeter", `{"perimeters":[]}`).reussit(200)
	require.Contains(t, calculer(limite, "87050", fichierBAL("87050", 2))["errors"], "commune_insee.out_of_perimeter", "no perimetre refuses everything")
}

func contient(liste any, code string) bool {
	l, _ := liste.([]any)
	for _, x := range l {
		if x == code {
			return true
		}
	}
	return false
}

// TestPublishRefusals checks each message of step 4, state before habilitation.
func TestPublishRefusals(t *testing.T) {
	t.Parallel()
	b := nouveau(t, options{})
	c, autre := b.client("", map[string]any{"nom": "Éditeur d’adresses"}), b.client("", nil)
	pasPrete := c.creer("87085")
	prete := c.prete("87085", fichierBAL("87085", 2))
	attente := c.appeler("POST", "/communes/87085/habilitations", nil).reussit(201)["id"].(string)
	ailleurs := c.appeler("POST", "/communes/87050/habilitations", nil).reussit(201)["id"].(string)
	etrangere := autre.appeler("POST", "/communes/87085/habilitations", nil).reussit(201)["id"].(string)
	for _, id := range []string{ailleurs, etrangere} {
		b.admin("PUT", "/habilitations/"+id+"/validate", nil).reussit(200)
	}
	c.appeler("POST", "/revisions/"+pasPrete+"/publish", `{"habilitationId":"`+attente+`"}`).refuse(412, "La publication n’est pas possible")
	c.appeler("POST", "/revisions/"+prete+"/publish", nil).refuse(400, "Le client Éditeur d’adresses nécessite une habilitation pour publier")
	r := c.appeler("POST", "/revisions/"+prete+"/publish", `{"habilitationId":"x"}`)
	require.Equal(t, 400, r.Code)
	require.Equal(t, []any{"habilitationId must be a mongodb id"}, r.objet()["message"])
	for _, id := range []string{attente, ailleurs, etrangere, inconnu} {
		c.appeler("POST", "/revisions/"+prete+"/publish", `{"habilitationId":"`+id+`"}`).refuse(404, "L’habilitation "+id+" n’est pas valide")
	}
	autre.appeler("POST", "/revisions/"+prete+"/publish", nil).refuse(403, "Vous n’êtes pas autorisé à accéder à cette révision")
	b.admin("PUT", "/habilitations/"+attente+"/validate", nil).reussit(200)
	c.appeler("POST", "/revisions/"+prete+"/publish", `{"habilitationId":"`+attente+`"}`).reussit(200)
	c.appeler("POST", "/revisions/"+prete+"/publish", `{"habilitationId":"`+attente+`"}`).refuse(412, "La publication n’est pas possible")
}

// TestPublishInvalidatesCompetitors: a slower competitor must compute again.
func TestPublishInvalidatesCompetitors(t *testing.T) {
	t.Parallel()
	b := nouveau(t, options{})
	c := b.client("internal", nil)
	premiere, seconde := c.prete("87085", fichierBAL("87085", 2)), c.prete("87085", fichierBAL("87085", 3))
	c.appeler("POST", "/revisions/"+premiere+"/publish", nil).reussit(200)
	c.appeler("POST", "/revisions/"+seconde+"/publish", nil).refuse(412, "La publication n’est pas possible")
	require.Equal(t, false, b.appeler("GET", "/revisions/"+seconde, nil).reussit(200)["isReady"])
	c.appeler("POST", "/revisions/"+seconde+"/compute", nil).reussit(200)
	c.appeler("POST", "/revisions/"+seconde+"/publish", nil).reussit(200)
	require.Equal(t, seconde, b.appeler("GET", "/communes/87085/current-revision", nil).reussit(200)["id"])
}
