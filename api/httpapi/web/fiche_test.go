package web_test

import (
	"net/http"
	"testing"
	"time"

	"apilos/api/administration"
	"apilos/api/auth"
	"apilos/api/bailleur"
	"apilos/api/httpapi"
	"apilos/api/httpapi/contract"
	"apilos/api/httpapi/web"
	"apilos/api/internal/fixture"
	"apilos/api/store"
	"apilos/openapi"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"
)

// fiches mounts the sheets of bailleurs and administrations for people known by name.
func fiches(t *testing.T, gens porteurs, m *fixture.Monde) *echo.Echo {
	t.Helper()
	doc, _ := openapi.Apilos()
	e := contract.Echo(t)
	e.Use(contract.Load(t, doc).Checker(t))
	require.NoError(t, httpapi.Mount(e, "/api/v1", httpapi.Chain{Authenticator: gens, Log: contract.Logger(t)},
		web.Bailleurs{Liste: store.NewBailleurs(m.Store), Fiches: bailleur.Fiches{Store: store.FichesBailleurs{DB: m.Store}, Horloge: time.Now}},
		web.Administrations{Liste: store.NewAdministrations(m.Store), Fiches: administration.Fiches{Store: store.FichesAdministrations{DB: m.Store}, Horloge: time.Now}}))
	return e
}

type fiche struct {
	t       *testing.T
	e       *echo.Echo
	chemin  string
	Version string
}

func (f *fiche) lire(qui string) (int, string) {
	rec := ask(f.e, "GET", f.chemin, "", "Authorization", "Bearer "+qui)
	if v := rec.Header().Get("ETag"); v != "" {
		f.Version = v
	}
	return rec.Code, rec.Body.String()
}

func (f *fiche) changer(qui, corps string) (int, string) {
	rec := ask(f.e, "PATCH", f.chemin, corps, "Authorization", "Bearer "+qui, "If-Match", f.Version, "Content-Type", "application/merge-patch+json")
	if rec.Code == http.StatusOK {
		f.Version = rec.Header().Get("ETag")
	}
	return rec.Code, rec.Body.String()
}

func uuidDe(m *fixture.Monde, table string, id int64) uuid.UUID {
	var out uuid.UUID
	require.NoError(m.T, m.Base.Pool.QueryRow(m.T.Context(), `SELECT uuid FROM `+table+` WHERE id = $1`, id).Scan(&out))
	return out
}

func TestE2FicheDUnBailleur(t *testing.T) {
	t.Parallel()
	m := fixture.Nouveau(t)
	autre := m.Bailleur("Éole Habitat", "HLM")
	enfant := m.Bailleur("Absorbé", "HLM")
	prive := m.Inserer(`INSERT INTO bailleur (nom, type_identifiant, identifiant, nature_bailleur) VALUES ('Paul Privé', 'EMAIL', 'paul@example.org', 'PRIVES') RETURNING id`)
	m.Executer(`UPDATE bailleur SET siret = '73282932000074', siren = '732829320', identifiant = '732829320' WHERE id = $1`, m.BailleurID)
	moi := m.EnBailleur()
	lecteur := fixture.EnLecture(moi)
	agent := m.EnInstructeur()
	chef := m.Utilisateur("Super", "User")
	chef.Superuser = true
	gens := porteurs{
		"moi": moi, "lecteur": lecteur, "agent": agent, "super": chef,
		"voisin": {UtilisateurID: moi.UtilisateurID, Typologie: auth.Bailleur, BailleurIDs: []int64{autre}},
		"parent": {UtilisateurID: moi.UtilisateurID, Typologie: auth.Bailleur, BailleurIDs: []int64{m.BailleurID, enfant}},
	}
	f := &fiche{t: t, e: fiches(t, gens, m), chemin: "/api/v1/bailleurs/" + uuidDe(m, "bailleur", m.BailleurID).String()}

	code, corps := f.lire("voisin")
	require.Equal(t, 404, code, corps)
	code, corps = f.lire("moi")
	require.Equal(t, 200, code, corps)
	require.Contains(t, corps, `"siren":"732829320"`)
	require.Equal(t, 304, ask(f.e, "GET", f.chemin, "", "Authorization", "Bearer moi", "If-None-Match", f.Version).Code)

	require.Equal(t, 428, ask(f.e, "PATCH", f.chemin, `{}`, "Authorization", "Bearer moi", "Content-Type", "application/json").Code)
	code, corps = f.changer("moi", `{"nom":" Limousin Habitat Sud ","capital_social":"1250000.5","signataire_date_deliberation":"2026-01-15","siret":"732 829 320 00074"}`)
	require.Equal(t, 200, code, corps)
	require.Contains(t, corps, `"nom":"Limousin Habitat Sud"`)
	require.Contains(t, corps, `"capital_social":"1250000.50"`)
	require.Equal(t, `"2"`, f.Version)
	code, corps = f.changer("moi", `{"capital_social":null,"signataire_date_deliberation":null}`)
	require.Equal(t, 200, code, corps)
	require.Contains(t, corps, `"capital_social":null`)
	code, _ = f.changer("moi", `{"nom":"Limousin Habitat Sud"}`)
	require.Equal(t, 200, code)
	require.Equal(t, `"3"`, f.Version, "what changes nothing is no version")
	f.Version = `"1"`
	code, corps = f.changer("moi", `{"ville":"Limoges"}`)
	require.Equal(t, 412, code, corps)
	require.Contains(t, corps, `"version":3`)
	f.Version = `"3"`

	for corps, pointeur := range map[string]string{
		`{"nom":"  "}`: "/nom", `{"code_postal":"870"}`: "/code_postal", `{"capital_social":"-1"}`: "/capital_social", `{"capital_social":"1.234"}`: "/capital_social",
		`{"capital_social":"beaucoup"}`: "/capital_social", `{"capital_social":"1e20"}`: "/capital_social", `{"siret":"73282932000075"}`: "/siret",
		`{"siret":"55210055400013"}`: "/siret", `{"signataire_date_deliberation":"15/01/2026"}`: "/signataire_date_deliberation",
	} {
		code, reponse := f.changer("moi", corps)
		require.Equal(t, 422, code, "%s: %s", corps, reponse)
		require.Contains(t, reponse, `"pointer":"`+pointeur+`"`)
	}
	for qui, statut := range map[string]int{"lecteur": 403, "agent": 403, "voisin": 404} {
		code, reponse := f.changer(qui, `{"ville":"Tulle"}`)
		require.Equal(t, statut, code, "%s: %s", qui, reponse)
	}
	for _, corps := range []string{`{"nature_bailleur":"SEM"}`, `{"parent_uuid":null}`, `{"sous_nature_bailleur":"SEM_EPL"}`} {
		code, reponse := f.changer("moi", corps)
		require.Equal(t, 403, code, reponse)
		require.Contains(t, reponse, "CHAMP_NON_MODIFIABLE")
	}
	code, corps = f.changer("super", `{"sous_nature_bailleur":"SEM_EPL","nature_bailleur":"HLM"}`)
	require.Equal(t, 200, code, corps)
	require.Contains(t, corps, `"nature_bailleur":"SEM"`, "NA-04")
	require.Equal(t, 3, m.Compter(`SELECT count(*) FROM journal_audit WHERE nom_table = 'bailleur' AND utilisateur_id IS NOT NULL AND apres IS NOT NULL`))

	code, corps = f.changer("super", `{"parent_uuid":"`+uuidDe(m, "bailleur", autre).String()+`"}`)
	require.Equal(t, 200, code, corps)
	require.Contains(t, corps, `"parent":{"uuid":`)
	require.Equal(t, 1, m.Compter(`SELECT count(*) FROM bailleur WHERE id = $1 AND parent_origine = 'MANUEL'`, m.BailleurID))
	e := &fiche{t: t, e: f.e, chemin: "/api/v1/bailleurs/" + uuidDe(m, "bailleur", autre).String(), Version: `"1"`}
	for _, parent := range []uuid.UUID{uuidDe(m, "bailleur", autre), uuidDe(m, "bailleur", m.BailleurID), uuidDe(m, "bailleur", enfant), uuid.New()} {
		code, corps = e.changer("super", `{"parent_uuid":"`+parent.String()+`"}`)
		require.Equal(t, 422, code, "itself, its child, any while it has children, unknown: %s", corps)
	}
	code, corps = f.changer("super", `{"parent_uuid":null}`)
	require.Equal(t, 200, code, corps)
	require.NotContains(t, corps, `"parent"`)

	p := &fiche{t: t, e: f.e, chemin: "/api/v1/bailleurs/" + uuidDe(m, "bailleur", prive).String()}
	_, corps = p.lire("super")
	require.NotContains(t, corps, "@", "00 decision 11")
	code, corps = p.changer("super", `{"siret":"73282932000074"}`)
	require.Equal(t, 422, code, corps)
	x := &fiche{t: t, e: f.e, chemin: "/api/v1/bailleurs/" + uuidDe(m, "bailleur", enfant).String()}
	_, _ = x.lire("parent")
	m.Executer(`UPDATE bailleur SET siren = '732829320' WHERE id = $1`, enfant)
	code, corps = x.changer("parent", `{"siret":"73282932000074"}`)
	require.Equal(t, 422, code, corps)
	require.Contains(t, corps, `"unique"`)
}

func TestE2FicheDUneAdministration(t *testing.T) {
	t.Parallel()
	m := fixture.Nouveau(t)
	voisine := m.Administration("DD035", "DDTM d'Ille-et-Vilaine")
	agent, moi := m.EnInstructeur(), m.EnBailleur()
	gens := porteurs{
		"agent": agent, "lecteur": fixture.EnLecture(agent), "bailleur": moi,
		"rennes": {UtilisateurID: agent.UtilisateurID, Typologie: auth.Instructeur, AdministrationID: voisine},
		"dreal":  m.EnAdministrateur(),
	}
	f := &fiche{t: t, e: fiches(t, gens, m), chemin: "/api/v1/administrations/" + uuidDe(m, "administration", m.AdministrationID).String()}
	for qui, statut := range map[string]int{"agent": 200, "bailleur": 200, "dreal": 200, "rennes": 404} {
		code, corps := f.lire(qui)
		require.Equal(t, statut, code, "%s: %s", qui, corps)
	}
	code, corps := f.changer("agent", `{"ville_signature":"Limoges","nb_convention_exemplaires":5,"adresse":"Bureau 12\n8 rue Louis Longequeue"}`)
	require.Equal(t, 200, code, corps)
	require.Contains(t, corps, `"nb_convention_exemplaires":5`)
	require.Equal(t, `"2"`, f.Version)
	for qui, statut := range map[string]int{"lecteur": 403, "bailleur": 403, "dreal": 403, "rennes": 404} {
		code, corps := f.changer(qui, `{"ville":"Tulle"}`)
		require.Equal(t, statut, code, "%s: %s", qui, corps)
	}
	for corps, statut := range map[string]int{
		`{"nb_convention_exemplaires":0}`: 422, `{"nb_convention_exemplaires":21}`: 422, `{"code_postal":"ABCDE"}`: 422, `{"nom":"Autre"}`: 400, `{"code":"X"}`: 400,
		`{"ville":null}`: 200, `{"nb_convention_exemplaires":null}`: 422,
	} {
		code, reponse := f.changer("agent", corps)
		require.Equal(t, statut, code, "%s: %s", corps, reponse)
	}
	require.Zero(t, m.Compter(`SELECT count(*) FROM administration WHERE ville <> '' AND id = $1`, m.AdministrationID))
	require.Equal(t, 1, m.Compter(`SELECT count(*) FROM journal_audit WHERE nom_table = 'administration' AND commande = 'administration.modifier'`))
	f.Version = `"1"`
	code, corps = f.changer("agent", `{"ville":"Limoges"}`)
	require.Equal(t, 412, code, corps)
}
