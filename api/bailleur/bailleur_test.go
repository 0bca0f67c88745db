package bailleur_test

import (
	"testing"

	"apilos/api/bailleur"
	"apilos/api/fault"
	"github.com/stretchr/testify/require"
)

// The table is the one of 01 §2.1.
func TestNA04NatureFollowsSousNature(t *testing.T) {
	want := map[bailleur.SousNature]bailleur.Nature{
		"ASSOCIATIONS": "AUTRES", "ANAH": "AUTRES", "COMMERCIALES": "AUTRES", "COMMUNE": "AUTRES", "COOPERATIVE_HLM_SCIC": "HLM",
		"CROUS": "AUTRES", "DEPARTEMENT": "AUTRES", "DRE_DDE_CETE_AC_PREF": "AUTRES", "EPCI": "AUTRES", "ETC_PUBLIQUE_LOCAL": "AUTRES",
		"ETS_HOSTIPATIERS_PRIVES": "AUTRES", "FONDATION": "AUTRES", "FONDATION_HLM": "AUTRES", "FRONCIERE_LOGEMENT": "AUTRES",
		"GIP": "AUTRES", "MUTUELLE": "AUTRES", "OFFICE_PUBLIC_HLM": "HLM", "PACT_ARIM": "AUTRES", "PARTICULIERS": "PRIVES",
		"SA_HLM_ESH": "HLM", "SACI_CAP": "AUTRES", "SEM_EPL": "SEM", "UES": "AUTRES",
	}
	require.Len(t, bailleur.SousNatures(), len(want)+1)
	for s, n := range want {
		require.True(t, s.Valid())
		require.Equal(t, n, bailleur.NatureRetenue(s, "PRIVES"), s)
		require.NotEqual(t, string(s), "")
		require.NotEmpty(t, s.Libelle())
	}
	for _, recue := range bailleur.Natures() {
		require.Equal(t, recue, bailleur.NatureRetenue(bailleur.NonRenseigne, recue))
		require.Equal(t, recue, bailleur.NatureRetenue("INVENTEE", recue))
	}
}

func TestNA03TypeUnDeux(t *testing.T) {
	require.Equal(t, []bool{true, true, false, false}, []bool{
		bailleur.Autres.TypeUnDeux(), bailleur.Prives.TypeUnDeux(), bailleur.HLM.TypeUnDeux(), bailleur.SEM.TypeUnDeux(),
	})
}

func TestIdentifierKeys(t *testing.T) {
	for _, c := range []struct {
		texte string
		typ   bailleur.TypeIdentifiant
		val   string
		siren string
		ok    bool // accepted for a new bailleur
	}{
		{"900000001", bailleur.TypeSiren, "900000001", "900000001", true},
		{" 900 000 001 ", bailleur.TypeSiren, "900000001", "900000001", true},
		{"900000002", bailleur.TypeSiren, "900000002", "900000002", false}, // wrong key
		{"90000000100017", bailleur.TypeSiret, "90000000100017", "900000001", true},
		{"90000000100018", bailleur.TypeSiret, "90000000100018", "900000001", false},
		{"35600000000048", bailleur.TypeSiret, "35600000000048", "356000000", true},  // head office of La Poste: plain key
		{"35600000049837", bailleur.TypeSiret, "35600000049837", "356000000", true},  // establishment: sum of digits 45
		{"35600000049838", bailleur.TypeSiret, "35600000049838", "356000000", false}, // sum of digits 46, and no plain key
		{"Une.Proprietaire@Example.org", bailleur.TypeEmail, "une.proprietaire@example.org", "", true},
		{"@example.org", bailleur.TypeEmail, "@example.org", "", false},
		{"a@b", bailleur.TypeEmail, "a@b", "", false},
		{"XXXXXXXXXXXXXX", bailleur.TypeHistorique, "XXXXXXXXXXXXXX", "", false},
		{"12345678", bailleur.TypeHistorique, "12345678", "", false},
		{"９０００００００１", bailleur.TypeHistorique, "９０００００００１", "", false}, // digits of another script
		{"", bailleur.TypeHistorique, "", "", false},
	} {
		t.Run(c.texte, func(t *testing.T) {
			id := bailleur.Classer(c.texte)
			require.Equal(t, bailleur.Identifiant{Type: c.typ, Valeur: c.val, Siren: c.siren}, id)
			_, err := bailleur.NouvelIdentifiant(c.texte)
			if c.ok {
				require.NoError(t, err)
				return
			}
			require.True(t, fault.HasCode(err, "BAILLEUR_NON_IDENTIFIE"))
		})
	}
}

func TestDecision23PrivateOwnerKeepsNoSiret(t *testing.T) {
	b := bailleur.Bailleur{NatureBailleur: bailleur.Prives}
	bailleur.Classer("une@example.org").Appliquer(&b, "90000000100017")
	require.Nil(t, b.Siren)
	require.Nil(t, b.Siret)

	b = bailleur.Bailleur{NatureBailleur: bailleur.HLM}
	bailleur.Classer("900000001").Appliquer(&b, "900 000 001 00017")
	require.Equal(t, "90000000100017", *b.Siret)
	bailleur.Classer("900000001").Appliquer(&b, "une@example.org")
	require.Equal(t, "900000001", *b.Siret, "an e-mail is never a siret")
}
