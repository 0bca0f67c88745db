package web_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"testing"
	"time"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/httpapi"
	"apilos/api/httpapi/contract"
	"apilos/api/httpapi/web"
	"apilos/api/internal/fixture"
	"apilos/api/operation"
	"apilos/api/revision"
	"apilos/api/revision/coffre"
	"apilos/api/revision/genre"
	"apilos/api/siap"
	"apilos/api/storage"
	"apilos/api/store"
	"apilos/openapi"

	"github.com/stretchr/testify/require"
)

// siapMuet is SIAP when it knows nothing.
type siapMuet struct{}

func (siapMuet) Operation(context.Context, string, int64, string) (siap.OperationDTO, error) {
	return siap.OperationDTO{}, &siap.Error{Kind: siap.ErrNotFound}
}

func (s siapMuet) RefreshOperation(ctx context.Context, login string, id int64, numero string) (siap.OperationDTO, error) {
	return s.Operation(ctx, login, id, numero)
}

type ouvert bool

func (o *ouvert) Ouvert(context.Context, auth.Principal, string) (bool, error) { return bool(*o), nil }

// bancImportations is the API of what is recorded by hand, with the real engine of files; every answer is checked
// against the OpenAPI document.
type bancImportations struct {
	*bancRevisions
	interrupteur ouvert
}

func nouveauBancImportations(t *testing.T) *bancImportations {
	t.Helper()
	t.Parallel()
	local, err := storage.NewLocal(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { _ = local.Close() })
	b := &bancImportations{bancRevisions: &bancRevisions{Monde: fixture.Nouveau(t), t: t}, interrupteur: true}
	ids, err := revision.NewIdentifiants(time.Now, rand.Reader)
	require.NoError(t, err)
	moteur, err := revision.New(revision.Config{Store: store.NewRevisions(b.Store), Coffre: coffre.New(local), Identifiants: ids, Horloge: time.Now})
	require.NoError(t, err)
	depots := genre.Depots{Moteur: moteur, Coffre: coffre.New(local)}
	conv := convention.NewService(b.Store, nil, depots, nil, time.Now)
	require.NoError(t, moteur.Enregistrer(genre.Natures(conv)...))
	magasin := store.NewOperationStore(b.Store)
	operations := operation.NewService(siapMuet{}, magasin, conv, magasin, time.Now)
	qui := gens{"bailleur": b.EnBailleur(), "instructeur": b.EnInstructeur(), "lecteur": fixture.EnLecture(b.EnInstructeur()), "etranger": b.EtrangerBailleur()}
	raw, _ := openapi.Apilos()
	doc := contract.Load(t, raw)
	e := contract.Echo(t)
	e.Use(doc.Checker(t))
	lecture := (&bancSorties{Monde: b.Monde}).lectureSeule
	require.NoError(t, httpapi.Mount(e, "/api/v1", httpapi.Chain{Authenticator: qui, Log: contract.Logger(t), ReadGuard: lecture}, web.Importations{
		Service:     convention.NewImportation(conv, store.NewImportations(b.Store), operations, depots, &b.interrupteur),
		Conventions: web.Conventions{Service: conv, Horloge: time.Now},
	}))
	b.handler = e
	return b
}

// deposer sends a PDF and returns the id of its revision.
func (b *bancImportations) deposer(qui, texte string) string {
	b.t.Helper()
	corps, entetes := formulaireFichier(b.t, "fichier", fixture.PDF(texte))
	w := b.appeler(qui, http.MethodPost, "/conventions/importation/documents", corps, entetes)
	v := objet(b.t, w, http.StatusCreated)
	require.Equal(b.t, "/api/v1/revisions/"+v["revision_id"].(string), w.Header().Get("Location"))
	return v["revision_id"].(string)
}

func formulaireFichier(t *testing.T, champ string, contenu []byte) ([]byte, map[string]string) {
	t.Helper()
	var corps bytes.Buffer
	f := multipart.NewWriter(&corps)
	part, err := f.CreateFormFile(champ, "Convention signée.pdf")
	require.NoError(t, err)
	_, err = part.Write(contenu)
	require.NoError(t, err)
	require.NoError(t, f.Close())
	return corps.Bytes(), map[string]string{"Content-Type": f.FormDataContentType()}
}

func (b *bancImportations) texte(sql string, args ...any) (s string) {
	b.t.Helper()
	require.NoError(b.t, b.Base.Pool.QueryRow(context.Background(), sql, args...).Scan(&s))
	return s
}

func (b *bancImportations) poster(qui, chemin string, corps map[string]any, statut int) map[string]any {
	b.t.Helper()
	brut, err := json.Marshal(corps)
	require.NoError(b.t, err)
	return objet(b.t, b.appeler(qui, http.MethodPost, chemin, brut, nil), statut)
}

func TestT23ConventionPuisAvenantParLAPI(t *testing.T) {
	b := nouveauBancImportations(t)
	demande := map[string]any{
		"numero_operation": b.texte(`SELECT numero_operation FROM operation WHERE id = $1`, b.OperationID), "numero": "87.D.98.0012", "nb_logements": 12,
		"financement": "PLUS", "annee_signature": 1998, "revision_id": b.deposer("bailleur", "racine"),
	}
	v := b.poster("bailleur", "/conventions/importation", demande, http.StatusCreated)
	require.Equal(t, "SIGNEE", v["statut"])
	require.Equal(t, "1998-01-01", v["televersement_convention_signee_le"])
	require.Equal(t, "ANNEE", v["precision_date_signature"])
	require.Equal(t, v["uuid"], b.poster("bailleur", "/conventions/importation", demande, http.StatusOK)["uuid"], "CC-12")
	chemin := "/conventions/" + v["uuid"].(string) + "/avenants/importation"
	a := b.poster("bailleur", chemin, map[string]any{
		"numero": "1", "annee_signature": 2003, "nb_logements": 14, "desc_avenant": "Deux logements de plus", "revision_id": b.deposer("bailleur", "avenant"),
	}, http.StatusCreated)
	require.Equal(t, "SIGNEE", a["statut"])
	require.EqualValues(t, 14, a["nb_logements"])
	p := b.poster("bailleur", chemin, map[string]any{"numero": "1", "annee_signature": 2004, "revision_id": b.deposer("bailleur", "other")}, http.StatusUnprocessableEntity)
	require.Equal(t, "NUMERO_AVENANT_EXISTANT", p["code"])
	b.poster("etranger", chemin, map[string]any{"numero": "2", "annee_signature": 2004, "revision_id": "x"}, http.StatusNotFound)
	b.poster("lecteur", chemin, map[string]any{}, http.StatusForbidden)

	b.interrupteur = false
	p = b.poster("bailleur", "/conventions/importation", demande, http.StatusNotFound)
	require.Equal(t, "AJOUT_CONVENTION_FERME", p["code"])
}

func TestDO06DocumentRefuseAvantLEnregistrement(t *testing.T) {
	b := nouveauBancImportations(t)
	corps, entetes := formulaireFichier(t, "fichier", []byte("MZ ceci n’est pas un PDF"))
	require.Equal(t, "PDF_REQUIS", objet(t, b.appeler("bailleur", http.MethodPost, "/conventions/importation/documents", corps, entetes), http.StatusUnprocessableEntity)["code"])
	corps, entetes = formulaireFichier(t, "piece", fixture.PDF("x"))
	objet(t, b.appeler("bailleur", http.MethodPost, "/conventions/importation/documents", corps, entetes), http.StatusBadRequest)
	objet(t, b.appeler("bailleur", http.MethodPost, "/conventions/importation/documents", []byte("{}"), nil), http.StatusUnsupportedMediaType)
	corps, entetes = formulaireFichier(t, "fichier", fixture.PDF("x"))
	objet(t, b.appeler("lecteur", http.MethodPost, "/conventions/importation/documents", corps, entetes), http.StatusForbidden)
	require.Zero(t, b.Compter(`SELECT count(*) FROM revision`))
}

func TestCR20AV26CreationsParLAPI(t *testing.T) {
	b := nouveauBancImportations(t)
	demande := map[string]any{
		"bailleur_uuid": b.texte(`SELECT uuid::text FROM bailleur WHERE id = $1`, b.BailleurID), "administration_uuid": b.texte(`SELECT uuid::text FROM administration WHERE id = $1`, b.AdministrationID),
		"nom": "Quai Bleu", "numero_operation": "ANRU 1", "financement": "PLAI", "nature_logement": "LOGEMENTSORDINAIRES", "type_habitat": "COLLECTIF",
		"nb_logements": 4, "code_postal": "87000", "ville": "Limoges",
	}
	v := b.poster("bailleur", "/conventions", demande, http.StatusCreated)
	require.Equal(t, "PROJET", v["statut"])
	require.Equal(t, "CONVENTION_EXISTANTE", b.poster("bailleur", "/conventions", demande, http.StatusConflict)["code"])
	demande["financement"] = "PLUS"
	require.Equal(t, "OPERATION_EXISTANTE", b.poster("bailleur", "/conventions", demande, http.StatusConflict)["code"])
	demande["bailleur_uuid"] = "pas un uuid"
	b.poster("bailleur", "/conventions", demande, http.StatusUnprocessableEntity)

	demande["bailleur_uuid"] = b.texte(`SELECT uuid::text FROM bailleur WHERE id = $1`, b.BailleurID)
	delete(demande, "numero_operation")
	delete(demande, "type_habitat")
	demande["numero"], demande["annee_signature"], demande["numero_avenant"] = "87.D.12.0042", 2012, "3"
	a := b.poster("instructeur", "/avenants/declaration", demande, http.StatusCreated)
	require.Equal(t, "PROJET", a["statut"])
	require.Equal(t, "3", a["numero"])

	w := b.appeler("instructeur", http.MethodGet, "/avenants/recherche?departement=87&annee=2012&numero=0042", nil, nil)
	require.Equal(t, http.StatusOK, w.Code, w.Body)
	var trouvees []map[string]any
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &trouvees))
	require.Len(t, trouvees, 1)
	require.Equal(t, a["uuid"], trouvees[0]["avenant_en_cours"])
	require.Equal(t, false, trouvees[0]["avenant_possible"])
	require.Equal(t, "[]\n", b.appeler("etranger", http.MethodGet, "/avenants/recherche?departement=87&annee=2012&numero=0042", nil, nil).Body.String())
	require.Equal(t, http.StatusUnprocessableEntity, b.appeler("instructeur", http.MethodGet, "/avenants/recherche?departement=87&annee=2012&numero=-", nil, nil).Code)
	for _, chemin := range []string{"/conventions/creation/bailleurs?q=limousin", "/conventions/creation/administrations?q=DDT"} {
		w := b.appeler("bailleur", http.MethodGet, chemin, nil, nil)
		require.Equal(t, http.StatusOK, w.Code, w.Body)
		require.NoError(t, json.Unmarshal(w.Body.Bytes(), &trouvees))
		require.Len(t, trouvees, 1, chemin)
		require.Equal(t, http.StatusForbidden, b.appeler("lecteur", http.MethodGet, chemin, nil, nil).Code, chemin)
	}
}
