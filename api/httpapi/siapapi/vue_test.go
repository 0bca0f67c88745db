package siapapi

import (
	"encoding/json"
	"testing"

	"apilos/api/bailleur"
	"apilos/api/convention"
	"apilos/api/echange"
	"apilos/api/operation"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

func decimale(s string) decimal.NullDecimal {
	return decimal.NewNullDecimal(decimal.RequireFromString(s))
}

func texteDe(s string) *string { return &s }

// 05 A.6: names of the keys, fixed decimals, nulls never left out, labels of statuts.
func TestVueOperation_formeDuContrat(t *testing.T) {
	zone := operation.Zone123("1bis")
	parent := int64(1)
	f := &echange.Famille{
		Affichee: operation.Operation{ID: 7, Nom: "Quai Bleu", NumeroOperation: "20240100777", TypeOperation: operation.Neuf, Zone123: &zone},
		Bailleur: bailleur.Bailleur{Nom: "Une personne", TypeIdentifiant: bailleur.TypeEmail, Identifiant: "une@example.org", Siren: texteDe("900000001"), CapitalSocial: decimale("1500.50"), SousNatureBailleur: bailleur.NonRenseigne},
		Versions: map[int64]operation.Operation{7: {ID: 7, Nom: "Quai Bleu", Anru: true}},
		Contenu: echange.Contenu{
			Conventions: []convention.Convention{
				{ID: 1, OperationID: 7, Statut: convention.Publie, Numero: texteDe("35/3/1"), FondPropre: decimale("12345678.9")},
				{ID: 2, OperationID: 7, ParentID: &parent, Statut: convention.Annulee},
			},
			Lots:           map[int64][]convention.Lot{1: {{ID: 3, Financement: convention.PLS, TypeHabitat: "COLLECTIF"}}},
			Logements:      map[int64][]convention.Logement{3: {{ID: 4, Designation: "A1", Typologie: "T1bis", SurfaceHabitable: decimale("45"), Coefficient: decimale("0.9"), Loyer: decimale("312.345")}}},
			Annexes:        map[int64][]convention.Annexe{4: {{Typologie: "COUR", Loyer: decimal.RequireFromString("2")}}},
			Prets:          map[int64][]convention.Pret{3: {{Preteur: "AUTRE", Autre: "PLS", Montant: decimal.RequireFromString("1200000")}}},
			Stationnements: map[int64][]convention.Stationnement{3: {{Typologie: "PARKING_SUPERSTRUCTURE", NbStationnements: 4, Loyer: decimal.RequireFromString("25")}}},
		},
	}
	got, err := json.Marshal(vueOperation(f))
	require.NoError(t, err)
	require.JSONEq(t, `{
 "nom":"Quai Bleu","code_postal":"","ville":"","adresse":"","numero_operation":"20240100777","zone_123":"1bis","zone_abc":null,"type_operation":"NEUF","anru":false,
 "date_achevement_previsible":null,"date_achat":null,"date_achevement":null,"administration":null,
 "bailleur":{"nom":"Une personne","siren":null,"siret":null,"adresse":null,"code_postal":null,"ville":null,"capital_social":1500.5,"sous_nature_bailleur":"NONRENSEIGNE"},
 "conventions":[
  {"date_fin_conventionnement":null,"fond_propre":12345678.9,"numero":"35/3/1","statut":"7. Publié",
   "operation_version":{"nom":"Quai Bleu","code_postal":"","ville":"","adresse":"","numero_operation":"","zone_123":null,"zone_abc":null,"type_operation":"","anru":true,
     "date_achevement_previsible":null,"date_achat":null,"date_achevement":null},
   "lots":[{"nb_logements":null,"financement":"PLS","type_habitat":"COLLECTIF",
     "prets":[{"preteur":"AUTRE","autre":"PLS","date_octroi":null,"numero":null,"duree":null,"montant":"1200000.00"}],
     "logements":[{"designation":"A1","typologie":"T1bis","surface_habitable":"45.00","surface_annexes":null,"surface_annexes_retenue":null,"surface_utile":null,
       "loyer_par_metre_carre":null,"coeficient":"0.9000","loyer":"312.35","annexes":[{"typologie":"COUR","surface_hors_surface_retenue":"0.00","loyer_par_metre_carre":"0.00","loyer":"2.00"}]}],
     "type_stationnements":[{"typologie":"PARKING_SUPERSTRUCTURE","nb_stationnements":4,"loyer":"25.00"}]}]},
  {"date_fin_conventionnement":null,"fond_propre":null,"numero":null,"statut":"8. Annulée en suivi","lots":[],
   "operation_version":{"nom":"Quai Bleu","code_postal":"","ville":"","adresse":"","numero_operation":"","zone_123":null,"zone_abc":null,"type_operation":"","anru":true,
     "date_achevement_previsible":null,"date_achat":null,"date_achevement":null}}]}`, string(got))
	require.NotContains(t, string(got), "@")
}

// 05 A.5: the address holds the labels as they are.
func TestAdresseRecherche(t *testing.T) {
	require.Equal(t, "/conventions/recherche?cstatut=1. Projet,4. A signer", adresseRecherche(echange.Indicateur{Statuts: []convention.Statut{convention.Projet, convention.ASigner}}))
}

// 05 A.2: another scheme is no credentials; anything but two words is a bad header.
func TestBearer(t *testing.T) {
	for _, c := range []struct {
		entetes []string
		jeton   string
		code    string
	}{
		{nil, "", codeSansJeton},
		{[]string{""}, "", codeSansJeton},
		{[]string{"Basic dXNlcg=="}, "", codeSansJeton},
		{[]string{"Bearer"}, "", codeEntete},
		{[]string{"Bearer a b"}, "", codeEntete},
		{[]string{"Bearer a", "Bearer b"}, "", codeEntete},
		{[]string{"BEARER a"}, "a", ""},
	} {
		jeton, f := bearer(c.entetes)
		require.Equal(t, c.jeton, jeton)
		if c.code == "" {
			require.Nil(t, f)
			continue
		}
		require.Equal(t, c.code, f.Code, "%q", c.entetes)
	}
}

// The routes answered without method are the ones that are mounted.
func TestMethodesSuiventLesRoutes(t *testing.T) {
	for _, r := range (&API{}).Routes() {
		require.Contains(t, methodes(r.Path), r.Method, r.Path)
	}
	for _, chemin := range []string{"", "/", "/dummy/", "/operation/", "/operation/a/b/", "/config/x/"} {
		require.Empty(t, methodes(chemin), chemin)
	}
}
