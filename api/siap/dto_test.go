package siap_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"apilos/api/siap"
)

func TestHabilitationRoundTrip(t *testing.T) {
	const sent = `{"id": 71, "statut": "VALIDEE", "favori": true, "dateExpiration": "2030-03-01", "entete": null,
 "groupe": {"id": 20, "profil": {"code": "SER_GEST", "libelle": "x"}, "codeRole": "SERV_INSTR_LECTEUR", "isSignataire": null},
 "gestionnaire": {"id": 31, "code": 35047, "libelle": "Rennes Est", "anneeDebutDelegation": 2023, "actions": ["VALIDER"]},
 "porteeTerritComp": {"codePortee": "DEP", "regComp": {"code": 53}, "depComp": {"code": "35"}}, "inconnue": {"a": 1}}`
	var h, again siap.HabilitationDTO
	require.NoError(t, json.Unmarshal([]byte(sent), &h))
	require.Equal(t, "35047", h.Gestionnaire.Code.String())
	require.Equal(t, "53", h.PorteeTerritComp.RegComp.Code.String())
	require.Empty(t, h.Entete)
	b, err := json.Marshal(h)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(b, &again))
	require.Equal(t, siap.Evaluer(h, now()), siap.Evaluer(again, now()), "a session stores habilitations as JSON")
	require.Equal(t, h.Gestionnaire, again.Gestionnaire)
}

func TestAdresseComplete(t *testing.T) {
	for _, c := range []struct {
		name, in string
		complete bool
	}{
		{"all keys", `{"adresse":"3 quai Bleu ","codePostal":35000,"commune":"Rennes"}`, true},
		{"nulls count as sent", `{"adresse":null,"codePostal":null,"commune":null}`, true},
		{"a key is missing", `{"adresse":"3 quai Bleu","commune":"Rennes"}`, false},
		{"empty", `{}`, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			var a, again siap.AdresseCompleteDTO
			require.NoError(t, json.Unmarshal([]byte(c.in), &a))
			require.Equal(t, c.complete, a.Complete)
			b, err := json.Marshal(a)
			require.NoError(t, err)
			require.NoError(t, json.Unmarshal(b, &again))
			require.Equal(t, a, again)
		})
	}
}

func TestMaitreOuvragePrecedence(t *testing.T) {
	var o siap.OperationDTO
	require.NoError(t, json.Unmarshal([]byte(`{"donneesMo":{"nom":"A"},"entiteMorale":null}`), &o))
	require.Equal(t, "A", o.MaitreOuvrage().Nom)
	require.NoError(t, json.Unmarshal([]byte(`{"entiteMorale":{"nom":"B"}}`), &o))
	require.Equal(t, "B", o.MaitreOuvrage().Nom)
	require.Nil(t, siap.OperationDTO{}.MaitreOuvrage())
}

// TestAmountsAreDecimals protects the amounts from binary floating point.
func TestAmountsAreDecimals(t *testing.T) {
	var p siap.PlanFinancementDTO
	require.NoError(t, json.Unmarshal([]byte(`{"prets":[{"type":"PLS","montant":1200000.10},{"type":"X","montant":"0.3"},{"type":"Y","montant":null}],"aidesFisclaes":[{"id":1,"idTypeAideFiscale":2,"montant":3}]}`), &p))
	require.Equal(t, "1200000.1", p.Prets[0].Montant.String())
	require.Equal(t, "0.3", p.Prets[1].Montant.String())
	require.Nil(t, p.Prets[2].Montant)
	require.Equal(t, "2", p.AidesFiscales[0].IDTypeAideFiscal.String())
}

func validAlerte() siap.AlerteCreation {
	nom, numero := "Quai Bleu", "20240100777"
	return siap.AlerteCreation{
		Module: siap.AlerteModule, DateCreation: "2026-03-02", CategorieInformation: siap.AlerteInformation,
		Destinataires: []siap.DestinataireDTO{{Role: "INSTRUCTEUR", Service: "SG"}}, Etiquette: siap.AlerteEtiquette,
		EtiquettePersonnalisee: "Convention publiée", TypeAlerte: siap.AlerteChangementStatut,
		URLDirection: "/conventions/recapitulatif/6f1c1d52-6a0b-4c43-9a53-0c7a8f0c1a11",
		IDConvention: "6f1c1d52-6a0b-4c43-9a53-0c7a8f0c1a11", CodeCommune: "35238", CodeGestion: "35047",
		NomOperation: &nom, NumOperation: &numero, Siren: "900000001",
	}
}

// TestAlertePayloadKeys is example H.4 of 05: every key is sent, null included.
func TestAlertePayloadKeys(t *testing.T) {
	b, err := json.Marshal(validAlerte())
	require.NoError(t, err)
	require.JSONEq(t, `{"module":"APILOS","dateCreation":"2026-03-02","categorieInformation":"CATEGORIE_ALERTE_INFORMATION",
 "destinataires":[{"role":"INSTRUCTEUR","service":"SG"}],"etiquette":"CUSTOM","etiquettePersonnalisee":"Convention publiée",
 "typeAlerte":"Changement de statut","urlDirection":"/conventions/recapitulatif/6f1c1d52-6a0b-4c43-9a53-0c7a8f0c1a11",
 "idConvention":"6f1c1d52-6a0b-4c43-9a53-0c7a8f0c1a11","numConvention":null,"codeCommune":"35238","codeGestion":"35047",
 "nomOperation":"Quai Bleu","numOperation":"20240100777","siren":"900000001"}`, string(b))
}

func TestAlerteMissing(t *testing.T) {
	require.Empty(t, validAlerte().Missing())
	a := validAlerte()
	a.CodeCommune, a.Siren, a.Destinataires = "", " ", nil
	require.Equal(t, []string{"codeCommune", "siren", "destinataires"}, a.Missing())
	a = validAlerte()
	a.EtiquettePersonnalisee = strings.Repeat("é", 50)
	require.Equal(t, []string{"etiquettePersonnalisee"}, a.Missing())
	a.EtiquettePersonnalisee = strings.Repeat("é", 49)
	require.Empty(t, a.Missing(), "AL-02: 49 characters pass")
	long := strings.Repeat("x", 101)
	a.NomOperation = &long
	require.Equal(t, []string{"nomOperation"}, a.Missing())
}

func TestNomOperationAlerte(t *testing.T) {
	require.Equal(t, strings.Repeat("é", 98), siap.NomOperationAlerte(strings.Repeat("é", 98)))
	for _, n := range []int{99, 100, 300} {
		require.Equal(t, strings.Repeat("é", 98)+"…", siap.NomOperationAlerte(strings.Repeat("é", n)))
	}
}

// TestSameAsAL23 tells an alerte that already reached the SIAP from another one.
func TestSameAsAL23(t *testing.T) {
	a := siap.AlerteDTO{ID: 1, Categorie: siap.AlerteInformation, LibelleAlerte: "Convention publiée", DateCreation: "2026-03-02T10:00:00"}
	require.True(t, a.SameAs(validAlerte()))
	other := a
	other.LibelleAlerte = "Convention signée"
	require.False(t, other.SameAs(validAlerte()))
	other = a
	other.DateCreation = "2026-03-01"
	require.False(t, other.SameAs(validAlerte()))
	other = a
	other.Categorie = siap.AlerteAction
	require.False(t, other.SameAs(validAlerte()))
	require.True(t, other.Action())
}

func TestUserHasProfil(t *testing.T) {
	u := siap.UtilisateurGroupeDTO{Groupes: []siap.GroupeDTO{{Profil: siap.ProfilDTO{Code: siap.SerGest}}}}
	require.True(t, u.AProfil(siap.SerGest))
	require.False(t, u.AProfil(siap.DirReg))
}
