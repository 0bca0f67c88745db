package web_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"apilos/api/alert"
	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/httpapi"
	"apilos/api/httpapi/contract"
	"apilos/api/httpapi/web"
	"apilos/api/internal/fixture"
	"apilos/openapi"

	"github.com/stretchr/testify/require"
)

type muet struct{}

func (muet) Emettre(context.Context, alert.Evenement) error { return nil }

// bancExpert serves what corrects a convention in force; every answer is checked against the document of the API.
type bancExpert struct {
	*fixture.Monde
	t       *testing.T
	gens    gens
	handler http.Handler
}

func nouveauBancExpert(t *testing.T) *bancExpert {
	m := fixture.Nouveau(t)
	b := &bancExpert{Monde: m, t: t}
	service, equipe := m.EnInstructeur(), m.Utilisateur("Sophie", "Bernard")
	equipe.Superuser, equipe.Typologie = true, auth.Administrateur
	b.gens = gens{
		"service": service, "bailleur": m.EnBailleur(), "lecteur": fixture.EnLecture(service), "etranger": m.EtrangerBailleur(), "equipe": equipe,
	}
	conventions := convention.NewService(m.Store, muet{}, nil, nil, time.Now)
	vue := web.Conventions{Service: conventions, Horloge: time.Now}
	doc, _ := openapi.Apilos()
	e := contract.Echo(t)
	e.Use(contract.Load(t, doc).Checker(t))
	require.NoError(t, httpapi.Mount(e, "/api/v1", httpapi.Chain{Authenticator: b.gens, Log: contract.Logger(t)}, vue,
		web.Expert{Service: conventions, Conventions: vue}, web.Forcages{Service: conventions, Conventions: vue}))
	b.handler = e
	return b
}

// demander is a call; the mode of edition and the version are sent when they are not empty.
func (b *bancExpert) demander(qui, mode, methode, chemin, corps, version string, statut int) map[string]any {
	b.t.Helper()
	r := httptest.NewRequestWithContext(b.t.Context(), methode, "/api/v1"+chemin, strings.NewReader(corps))
	r.Header.Set("Authorization", "Bearer "+qui)
	for nom, valeur := range map[string]string{"If-Match": version, httpapi.HeaderModeEdition: mode} {
		if valeur != "" {
			r.Header.Set(nom, valeur)
		}
	}
	if corps != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, r)
	require.Equal(b.t, statut, w.Code, w.Body.String())
	var out map[string]any
	require.NoError(b.t, json.Unmarshal(w.Body.Bytes(), &out))
	return out
}

// PE-34: the convention says to each reader whether expert mode is possible; the header opens its fields to those only.
func TestPE34LeModeEstAnnonceEtDemande(t *testing.T) {
	b := nouveauBancExpert(t)
	for _, statut := range convention.Statuts() {
		chemin := "/conventions/" + b.Convention(fixture.Conv{Statut: statut}).String()
		for qui, possible := range map[string]bool{"service": true, "bailleur": false, "lecteur": false, "equipe": true} {
			v := b.demander(qui, "", http.MethodGet, chemin, "", "", http.StatusOK)
			require.Equal(t, possible && statut.Actif(), v["mode_expert_possible"], "%s, %s", qui, statut)
			if statut.Actif() {
				require.NotNil(t, v["raison_lecture"], "without the header nothing is open")
				v = b.demander(qui, httpapi.ModeExpert, http.MethodGet, chemin, "", "", http.StatusOK)
				require.Equal(t, possible, v["raison_lecture"] == nil, "%s, %s", qui, statut)
			}
		}
	}
}

func TestPE35LesDonneesModifieesSeVoient(t *testing.T) {
	b := nouveauBancExpert(t)
	chemin := "/conventions/" + b.Convention(fixture.Conv{Statut: convention.Signee}).String()
	require.Equal(t, false, b.demander("bailleur", "", http.MethodGet, chemin, "", "", http.StatusOK)["donnees_modifiees_apres_signature"])
	const corps = `{"numero":"87.D.26.0042"}`
	b.demander("service", "", http.MethodPut, chemin+"/numero", corps, "", http.StatusPreconditionRequired)
	require.Equal(t, "CHAMP_NON_MODIFIABLE", b.demander("service", "", http.MethodPut, chemin+"/numero", corps, `"1"`, http.StatusForbidden)["code"])
	require.Equal(t, "CHAMP_NON_MODIFIABLE", b.demander("service", "EXPERTE", http.MethodPut, chemin+"/numero", corps, `"1"`, http.StatusForbidden)["code"])
	require.Equal(t, "PERMISSION_REFUSEE", b.demander("bailleur", httpapi.ModeExpert, http.MethodPut, chemin+"/numero", corps, `"1"`, http.StatusForbidden)["code"])
	b.demander("lecteur", httpapi.ModeExpert, http.MethodPut, chemin+"/numero", corps, `"1"`, http.StatusForbidden)
	b.demander("etranger", httpapi.ModeExpert, http.MethodPut, chemin+"/numero", corps, `"1"`, http.StatusNotFound)
	v := b.demander("service", httpapi.ModeExpert, http.MethodPut, chemin+"/numero", corps, `"1"`, http.StatusOK)
	require.Equal(t, "87.D.26.0042", v["convention"].(map[string]any)["numero"])
	v = b.demander("bailleur", "", http.MethodGet, chemin, "", "", http.StatusOK)
	require.Equal(t, true, v["donnees_modifiees_apres_signature"])
	require.Equal(t, "SIGNEE", v["statut"])
}

// CC-34: a superuser reads what may be forced, then forces it; for anybody else the routes say no, and say nothing of what
// he does not see.
func TestCC34ForcerParLAPI(t *testing.T) {
	b := nouveauBancExpert(t)
	fiche := "/conventions/" + b.Convention(fixture.Conv{Statut: convention.Signee}).String()
	chemin := fiche + "/forcage"
	const corps = `{"statut":"INSTRUCTION","motif":"Signée par erreur"}`
	for qui, statut := range map[string]int{"service": http.StatusForbidden, "bailleur": http.StatusForbidden, "lecteur": http.StatusForbidden, "etranger": http.StatusNotFound} {
		b.demander(qui, "", http.MethodGet, chemin, "", "", statut)
		v := b.demander(qui, "", http.MethodPost, chemin, corps, `"1"`, statut)
		if statut == http.StatusForbidden {
			require.Equal(t, "PERMISSION_REFUSEE", v["code"], qui)
			require.Equal(t, false, b.demander(qui, "", http.MethodGet, fiche, "", "", http.StatusOK)["forcage_possible"], qui)
		}
	}
	require.Equal(t, true, b.demander("equipe", "", http.MethodGet, fiche, "", "", http.StatusOK)["forcage_possible"])
	v := b.demander("equipe", "", http.MethodGet, chemin, "", "", http.StatusOK)
	possibles := map[string]bool{}
	for _, s := range v["statuts"].([]any) {
		x := s.(map[string]any)
		possibles[x["statut"].(string)] = x["possible"].(bool)
		require.Equal(t, x["possible"], len(x["refus"].([]any)) == 0)
	}
	require.Equal(t, map[string]bool{
		"PROJET": true, "INSTRUCTION": true, "CORRECTION": true, "A_SIGNER": true, "PUBLICATION_EN_COURS": true, "PUBLIE": false,
		"RESILIEE": false, "DENONCEE": false, "ANNULEE": true,
	}, possibles)
	b.demander("equipe", "", http.MethodPost, chemin, corps, "", http.StatusPreconditionRequired)
	b.demander("equipe", "", http.MethodPost, chemin, corps, `"9"`, http.StatusPreconditionFailed)
	v = b.demander("equipe", "", http.MethodPost, chemin, `{"statut":"PUBLIE","motif":""}`, `"1"`, http.StatusUnprocessableEntity)
	require.Equal(t, "FORCAGE_REFUSE", v["code"])
	require.Len(t, v["errors"], 2)
	v = b.demander("equipe", "", http.MethodPost, chemin, corps, `"1"`, http.StatusOK)
	require.Equal(t, "INSTRUCTION", v["statut"])
	for _, a := range v["transitions_possibles"].([]any) {
		require.NotEqual(t, "forcer", a.(map[string]any)["code"])
	}
}
