package operation_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"apilos/api/bailleur"
	"apilos/api/fault"
	"apilos/api/operation"
	"apilos/api/siap"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

// objet is a JSON object under edition.
type objet = map[string]any

// charge returns the payload of example 05 H.2 as changed, read like an answer of SIAP.
func charge(t testing.TB, changer ...func(o objet)) siap.OperationDTO {
	t.Helper()
	raw, err := os.ReadFile("testdata/h2.json")
	require.NoError(t, err)
	var o objet
	require.NoError(t, json.Unmarshal(raw, &o))
	for _, f := range changer {
		f(o)
	}
	raw, err = json.Marshal(o)
	require.NoError(t, err)
	var dto siap.OperationDTO
	require.NoError(t, json.Unmarshal(raw, &dto))
	return dto
}

func donnees(o objet) objet      { return o["donneesOperation"].(objet) }
func mo(o objet) objet           { return o["donneesMo"].(objet) }
func localisation(o objet) objet { return o["donneesLocalisation"].(objet) }
func detail(code string, logement any) objet {
	return objet{"aide": objet{"code": code}, "logement": logement}
}

func lire(t testing.TB, changer ...func(o objet)) operation.Plan {
	t.Helper()
	plan, err := operation.LirePlan(charge(t, changer...))
	require.NoError(t, err)
	return plan
}

func refuse(t *testing.T, code, champ string, changer ...func(o objet)) {
	t.Helper()
	_, err := operation.LirePlan(charge(t, changer...))
	f := fault.As(err)
	require.NotNil(t, f, "expected %s", code)
	require.Equal(t, fault.Invalid, f.Kind)
	require.Equal(t, code, f.Code)
	if champ != "" {
		require.Equal(t, champ, f.Extra["field"])
	}
}

func anomalies(p operation.Plan) []string {
	var out []string
	for _, a := range p.Anomalies {
		out = append(out, a.Code+" "+a.Champ)
	}
	return out
}

func euros(s string) decimal.Decimal { return decimal.RequireFromString(s) }

// The example of the contract with SIAP: every value of 05 H.2 is stored as written there.
func TestH2Plan(t *testing.T) {
	p := lire(t)

	b := p.Bailleur
	require.Equal(t, bailleur.TypeSiren, b.TypeIdentifiant)
	require.Equal(t, "900000001", b.Identifiant)
	require.Equal(t, "900000001", *b.Siren)
	require.Equal(t, "900000001", *b.Siret)
	require.Equal(t, "OPH Exemple", b.Nom)
	require.Equal(t, []string{"1 rue du Test", "35000", "RENNES"}, []string{b.Adresse, b.CodePostal, b.Ville})
	require.Equal(t, bailleur.HLM, b.NatureBailleur)

	require.Equal(t, "35047", p.Administration.Code)
	require.Equal(t, "35047 - Rennes Est", p.Administration.Nom)

	o := p.Operation
	require.Equal(t, "20240100777", o.NumeroOperation)
	require.Equal(t, "Quai Bleu", o.Nom)
	require.Equal(t, []string{"3 quai Bleu", "35000", "Rennes"}, []string{o.Adresse, o.CodePostal, o.Ville})
	require.Equal(t, []string{"35238", "35", "53"}, []string{o.CodeInseeCommune, *o.CodeInseeDepartement, *o.CodeInseeRegion})
	require.Equal(t, operation.Zone2, *o.Zone123)
	require.Equal(t, operation.ZoneB1, *o.ZoneAbc)
	require.Equal(t, operation.Neuf, o.TypeOperation)
	require.Equal(t, operation.LogementsOrdinaires, o.NatureLogement)
	require.False(t, o.SecondeVie)

	require.Len(t, p.Lots, 1)
	l := p.Lots[0]
	require.EqualValues(t, "PLS", l.Aide)
	require.Equal(t, "COLLECTIF", l.TypeHabitat)
	require.Equal(t, 14, l.NbLogements)
	require.Nil(t, l.NbLogementsPlaiAdp)
	require.Len(t, l.Prets, 1)
	require.Equal(t, "PLS", l.Prets[0].Autre)
	require.Equal(t, "1200000.00", l.Prets[0].Montant.StringFixed(2))
	require.Len(t, l.Stationnements, 1)
	require.Equal(t, "PARKING_SUPERSTRUCTURE", l.Stationnements[0].Typologie)
	require.Equal(t, 4, l.Stationnements[0].Nombre)
	require.Equal(t, "25.00", l.Stationnements[0].Loyer.StringFixed(2))

	require.Empty(t, p.Anomalies)
}

func TestB61BailleurTexts(t *testing.T) {
	cases := []struct {
		name                         string
		change                       func(o objet)
		nom, adresse, cp, ville, raw string
	}{
		{"raisonSociale when nom is null", func(o objet) { mo(o)["nom"] = nil; mo(o)["raisonSociale"] = "OPH du Nord" }, "OPH du Nord", "1 rue du Test", "35000", "RENNES", ""},
		{"own keys win over the lines", func(o objet) {
			mo(o)["adresseLigne"], mo(o)["codePostal"], mo(o)["ville"] = "9 place Haute", "35200", "Rennes Sud"
		}, "OPH Exemple", "9 place Haute", "35200", "Rennes Sud", ""},
		{"postcode sent as a number", func(o objet) { mo(o)["codePostal"] = 1000 }, "OPH Exemple", "1 rue du Test", "01000", "RENNES", ""},
		{"town with digits after the name", func(o objet) { mo(o)["adresseLigne6"] = "13004 MARSEILLE 4" }, "OPH Exemple", "1 rue du Test", "13004", "MARSEILLE 4", ""},
		{"line 6 without postcode", func(o objet) { mo(o)["adresseLigne6"] = "RENNES CEDEX" }, "OPH Exemple", "1 rue du Test", "", "RENNES CEDEX", ""},
		{"nothing", func(o objet) { mo(o)["adresseLigne4"], mo(o)["adresseLigne6"] = nil, nil }, "OPH Exemple", "", "", "", ""},
		{"entiteMorale wins over donneesMo", func(o objet) {
			o["entiteMorale"] = objet{"nom": "SEM Exemple", "siren": "900000019", "codeFamilleMO": "SEM"}
		}, "SEM Exemple", "", "", "", ""},
		{"entiteMorale null is ignored", func(o objet) { o["entiteMorale"] = nil }, "OPH Exemple", "1 rue du Test", "35000", "RENNES", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b := lire(t, c.change).Bailleur
			require.Equal(t, []string{c.nom, c.adresse, c.cp, c.ville}, []string{b.Nom, b.Adresse, b.CodePostal, b.Ville})
		})
	}
}

func TestB61BailleurNature(t *testing.T) {
	for _, c := range []struct {
		famille any
		want    bailleur.Nature
		given   bool
	}{
		{"HLM", bailleur.HLM, true}, {"SEM", bailleur.SEM, true}, {"Collectivités", bailleur.Autres, true},
		{nil, bailleur.Autres, false}, {"", bailleur.Autres, false},
	} {
		b := lire(t, func(o objet) { mo(o)["codeFamilleMO"] = c.famille }).Bailleur
		require.Equal(t, c.want, b.NatureBailleur, "%v", c.famille)
		require.Equal(t, c.given, b.NatureDonnee, "%v", c.famille)
	}
}

// 00 decisions 11 and 23: the e-mail is the key, and never a siren nor a siret.
func TestB61PrivateOwner(t *testing.T) {
	prive := func(o objet) {
		mo(o)["codeFamilleMO"], mo(o)["email"], mo(o)["siren"] = "Bailleurs privés", " Une.Proprietaire@Example.ORG ", nil
	}
	b := lire(t, prive).Bailleur
	require.Equal(t, bailleur.TypeEmail, b.TypeIdentifiant)
	require.Equal(t, "une.proprietaire@example.org", b.Identifiant)
	require.Nil(t, b.Siren)
	require.Nil(t, b.Siret)

	b = lire(t, prive, func(o objet) { mo(o)["email"], mo(o)["siret"] = nil, "90000000100017" }).Bailleur
	require.Equal(t, bailleur.TypeSiret, b.TypeIdentifiant)
	require.Equal(t, "90000000100017", b.Identifiant)
	require.Nil(t, b.Siret)

	b = lire(t, prive, func(o objet) { mo(o)["siret"] = "90000000100017" }).Bailleur
	require.Nil(t, b.Siret, "a private owner keeps no siret even when one is sent")

	anonyme := lire(t, prive, func(o objet) { mo(o)["nom"] = nil })
	require.Equal(t, "Bailleur privé", anonyme.Bailleur.Nom)
	require.Contains(t, anomalies(anonyme), "BAILLEUR_SANS_NOM donneesMo.nom")
}

func TestB68Errors(t *testing.T) {
	sans := func(cle string) func(o objet) { return func(o objet) { delete(o, cle) } }
	t.Run("BAILLEUR_NON_IDENTIFIE", func(t *testing.T) {
		refuse(t, "BAILLEUR_NON_IDENTIFIE", "donneesMo.siren", func(o objet) { mo(o)["siren"] = nil })
		refuse(t, "BAILLEUR_NON_IDENTIFIE", "donneesMo.siren", func(o objet) { mo(o)["siren"] = "SANS SIREN" })
		refuse(t, "BAILLEUR_NON_IDENTIFIE", "entiteMorale.siren", func(o objet) { o["entiteMorale"] = objet{"nom": "X"} })
		refuse(t, "BAILLEUR_NON_IDENTIFIE", "donneesMo.email", func(o objet) {
			mo(o)["codeFamilleMO"] = "Bailleurs privés" // its siren is no key
		})
	})
	t.Run("OPERATION_INCOMPLETE", func(t *testing.T) {
		refuse(t, "OPERATION_INCOMPLETE", "donneesMo", sans("donneesMo"))
		refuse(t, "OPERATION_INCOMPLETE", "gestionnaire.code", sans("gestionnaire"))
		refuse(t, "OPERATION_INCOMPLETE", "gestionnaire.code", func(o objet) { o["gestionnaire"].(objet)["code"] = nil })
		refuse(t, "OPERATION_INCOMPLETE", "donneesOperation", sans("donneesOperation"))
		refuse(t, "OPERATION_INCOMPLETE", "donneesOperation.numeroOperation", func(o objet) { donnees(o)["numeroOperation"] = " - " })
		refuse(t, "OPERATION_INCOMPLETE", "donneesLocalisation", sans("donneesLocalisation"))
		refuse(t, "OPERATION_INCOMPLETE", "donneesLocalisation.adresse", func(o objet) {
			delete(localisation(o), "adresse")
			delete(localisation(o), "adresseComplete")
		})
		refuse(t, "OPERATION_INCOMPLETE", "donneesOperation.natureLogement", func(o objet) { donnees(o)["natureLogement"] = nil })
		refuse(t, "OPERATION_INCOMPLETE", "donneesOperation.natureLogement", func(o objet) { donnees(o)["natureLogement"] = "INCONNUE" })
	})
	t.Run("AUCUN_CONVENTIONNEMENT", func(t *testing.T) {
		refuse(t, "AUCUN_CONVENTIONNEMENT", "", func(o objet) { o["detailsOperation"] = []any{detail("PSH", nil)} })
		refuse(t, "AUCUN_CONVENTIONNEMENT", "", func(o objet) { o["detailsOperation"] = []any{detail("PLAI_ADP", nil)} })
		refuse(t, "AUCUN_CONVENTIONNEMENT", "", func(o objet) { o["detailsOperation"] = nil })
		refuse(t, "AUCUN_CONVENTIONNEMENT", "", func(o objet) { o["detailsOperation"] = []any{objet{"aide": nil}} })
	})
}

func TestB64TypeOperation(t *testing.T) {
	for _, c := range []struct {
		sousNature any
		sans       bool
		want       operation.TypeOperation
		anomalies  int
	}{
		{"CNE", false, operation.Neuf, 0}, {"NEUF", false, operation.Neuf, 0},
		{"AAM", false, operation.AcquisAmelioration, 0}, {"ACQUISAMELIORATION", false, operation.AcquisAmelioration, 0},
		{"AST", false, operation.AcquisSansTravaux, 0}, {"ACQUISSANSTRAVAUX", false, operation.AcquisSansTravaux, 0},
		{nil, false, operation.SansObjet, 0}, {"XYZ", false, operation.SansObjet, 1},
		{"CNE", true, operation.SansTravaux, 0}, {nil, true, operation.SansTravaux, 0},
	} {
		p := lire(t, func(o objet) { donnees(o)["sousNatureOperation"], donnees(o)["sansTravaux"] = c.sousNature, c.sans })
		require.Equal(t, c.want, p.Operation.TypeOperation, "%v", c)
		require.Len(t, p.Anomalies, c.anomalies, "%v", c)
	}
}

func TestB64NatureLogement(t *testing.T) {
	type cas struct {
		nature, typologie any
		want              operation.NatureLogement
	}
	cases := []cas{
		{"LOO", nil, operation.LogementsOrdinaires}, {"ALF", nil, operation.AutreFoyer}, {"HEB", nil, operation.Hebergement},
		{"RES", nil, "RESISDENCESOCIALE"}, {"PEF", nil, operation.PensionsDeFamille}, {"REA", nil, operation.ResidenceDAccueil},
		{"REU", nil, operation.ResidenceUniversitaire}, {"RHVS", nil, operation.Rhvs},
		{"LOO", "RU", operation.LogementsOrdinaires}, // the nature wins
		{"", "RU", operation.ResidenceUniversitaire}, {nil, "LLS", operation.LogementsOrdinaires}, {nil, "RELS", operation.LogementsOrdinaires},
		{nil, "LF", operation.AutreFoyer}, {nil, "RELF", operation.AutreFoyer}, {nil, "RHVS_M", operation.Rhvs}, {nil, "RHVS_IG", operation.Rhvs},
	}
	for _, typ := range []string{"CADA", "CPH", "CHRS", "LHSS", "LAM"} {
		cases = append(cases, cas{nil, typ, operation.Hebergement})
	}
	for _, n := range operation.NaturesLogement() { // a platform value is itself
		cases = append(cases, cas{string(n), nil, n})
	}
	for _, c := range cases {
		p := lire(t, func(o objet) { donnees(o)["natureLogement"], donnees(o)["typologie"] = c.nature, c.typologie })
		require.Equal(t, c.want, p.Operation.NatureLogement, "%v", c)
	}
}

// Every accepted aide makes one lot, in the order of SIAP; the others make none.
func TestB64Financements(t *testing.T) {
	accepted := []string{
		"PLUS", "PLUS_CD", "PLAI", "PLAI_FTM", "PLAI_RE", "PLUS-PLAI", "PLS", "PALULOS", "PALU_AV_21", "PALUCOM", "PALU_COM",
		"PALU_RE", "SANS_FINANCEMENT", "LLS", "LLTS", "LLTSA", "PLS_DOM", "SALLS_R", "SALLS_P", "SECD_VIE", "RENO",
	}
	p := lire(t, func(o objet) {
		var details []any
		for _, code := range append(slices.Clone(accepted), "PSH", "PLAI_ADP", "", "NOUVEAU") {
			details = append(details, detail(code, nil))
		}
		o["detailsOperation"] = details
	})
	var got []string
	for _, l := range p.Lots {
		got = append(got, string(l.Aide))
	}
	require.Equal(t, accepted, got)
}

func TestB64PlaiAdapte(t *testing.T) {
	p := lire(t, func(o objet) {
		o["detailsOperation"] = []any{
			detail("PLAI_ADP", objet{"nbLogementsCollectifs": 3}),
			detail("PLAI", objet{"nbLogementsCollectifs": 10}),
			detail("PLUS", objet{"nbLogementsCollectifs": 5}),
		}
	})
	require.Len(t, p.Lots, 2)
	require.Equal(t, 10, p.Lots[0].NbLogements, "PLAI keeps its own count")
	require.Equal(t, 3, *p.Lots[0].NbLogementsPlaiAdp)
	require.Nil(t, p.Lots[1].NbLogementsPlaiAdp)
}

func TestB64SameFinancementTwice(t *testing.T) {
	p := lire(t, func(o objet) {
		o["detailsOperation"] = []any{
			detail("PLUS", objet{"nbLogementsCollectifs": 5}), detail("PLUS", objet{"nbLogementsIndividuels": 2}),
		}
	})
	require.Len(t, p.Lots, 1)
	require.Equal(t, 7, p.Lots[0].NbLogements)
	require.Equal(t, "MIXTE", p.Lots[0].TypeHabitat)
	require.Equal(t, []string{"FINANCEMENT_EN_DOUBLE detailsOperation.aide.code"}, anomalies(p))
}

func TestCR03SansTravaux(t *testing.T) {
	for _, details := range []any{nil, []any{detail("PLUS", objet{"nbLogementsCollectifs": 5})}, []any{detail("PSH", nil)}} {
		p := lire(t, func(o objet) { donnees(o)["sansTravaux"], o["detailsOperation"] = true, details })
		require.True(t, p.SansTravaux)
		require.Equal(t, []operation.LotPrevu{{Aide: "SANS_FINANCEMENT", TypeHabitat: "MIXTE"}}, p.Lots)
	}
}

func TestB66TypeHabitat(t *testing.T) {
	for _, c := range []struct {
		logement any
		habitat  string
		nb       int
	}{
		{nil, "MIXTE", 0},
		{objet{}, "COLLECTIF", 0},
		{objet{"nbLogementsIndividuels": 3, "nbLogementsCollectifs": 4}, "MIXTE", 7},
		{objet{"nbLogementsIndividuels": 3, "nbLogementsCollectifs": nil}, "INDIVIDUEL", 3},
		{objet{"nbLogementsIndividuels": 3, "nbLogementsCollectifs": 0}, "INDIVIDUEL", 3}, // a 0 is a null
		{objet{"nbLogementsIndividuels": 0, "nbLogementsCollectifs": 4}, "COLLECTIF", 4},
		{objet{"nbLogementsIndividuels": nil, "nbLogementsCollectifs": 4}, "COLLECTIF", 4},
		{objet{"nbLogementsIndividuels": 0, "nbLogementsCollectifs": 0}, "COLLECTIF", 0},
		{objet{"nbLogementsIndividuels": -2, "nbLogementsCollectifs": 4}, "COLLECTIF", 4},
	} {
		l := lire(t, func(o objet) { o["detailsOperation"] = []any{detail("PLUS", c.logement)} }).Lots[0]
		require.Equal(t, c.habitat, l.TypeHabitat, "%v", c.logement)
		require.Equal(t, c.nb, l.NbLogements, "%v", c.logement)
	}
}

func TestB66Prets(t *testing.T) {
	p := lire(t, func(o objet) {
		o["plansFinancement"] = []any{
			objet{"codeAide": "PLUS", "prets": []any{objet{"type": "Ailleurs", "montant": 1}}},
			objet{"codeAide": "PLS",
				"prets": []any{
					objet{"type": "CDC", "montant": 1000.555}, objet{"type": "Vide", "montant": 0},
					objet{"type": "Nul", "montant": nil}, objet{"type": nil, "montant": "12.5"},
				},
				"subventions": []any{
					objet{"type": "PLS", "montant": 300}, objet{"type": "Région", "montant": 400}, objet{"type": "PLS", "montant": 0},
				}},
		}
		o["planFinancement"] = objet{"prets": []any{objet{"type": "Ancien", "montant": 9}}} // older form, ignored
	})
	got := p.Lots[0].Prets
	require.Len(t, got, 3)
	for i, want := range []operation.PretPrevu{{Autre: "CDC", Montant: euros("1000.56")}, {Autre: "", Montant: euros("12.50")}, {Autre: "PLS", Montant: euros("300")}} {
		require.Equal(t, want.Autre, got[i].Autre)
		require.True(t, want.Montant.Equal(got[i].Montant), "%s", got[i].Montant)
	}
}

func TestB66Stationnements(t *testing.T) {
	p := lire(t, func(o objet) {
		o["detailsOperation"] = []any{objet{
			"aide": objet{"code": "PLS"},
			"garages": []any{
				objet{"type": "Enterrés / Sous-sol", "nbGaragesIndividuels": 1, "nbGaragesCollectifs": 2},
				objet{"type": "Superstructure", "nbGaragesIndividuels": 0, "nbGaragesCollectifs": nil}, // none: not kept
				objet{"type": "Aérien", "nbGaragesCollectifs": 5},
			},
			"loyers": []any{
				objet{"loyerGarages": []any{objet{"type": "Enterrés / Sous-sol", "loyer": 30.5}}},
				objet{"loyerGarages": []any{objet{"type": "Aérien", "loyer": 99}}}, // only the first item counts
			},
		}}
	})
	got := p.Lots[0].Stationnements
	require.Len(t, got, 2)
	require.Equal(t, "GARAGE_ENTERRE", got[0].Typologie)
	require.Equal(t, 3, got[0].Nombre)
	require.True(t, euros("30.50").Equal(got[0].Loyer))
	require.Equal(t, "PLACE_STATIONNEMENT", got[1].Typologie)
	require.Equal(t, 5, got[1].Nombre)
	require.True(t, got[1].Loyer.IsZero())
	require.Equal(t, []string{"VALEUR_INCONNUE detailsOperation.garages.type"}, anomalies(p))
}

// 00 decision 10: each zonage goes to its own column.
func TestB63ZonagesStraight(t *testing.T) {
	for _, c := range []struct{ z123, want string }{{"01", "1"}, {"02", "2"}, {"03", "3"}, {"1bis", "1bis"}} {
		o := lire(t, func(o objet) { localisation(o)["zonage123"] = c.z123 }).Operation
		require.EqualValues(t, c.want, *o.Zone123)
		require.EqualValues(t, "B1", *o.ZoneAbc)
	}
	for _, z := range []string{"A", "Abis", "B1", "B2", "C", "DROM"} {
		o := lire(t, func(o objet) { localisation(o)["zonageABC"] = z }).Operation
		require.EqualValues(t, z, *o.ZoneAbc)
		require.EqualValues(t, "2", *o.Zone123)
	}
	swapped := lire(t, func(o objet) { localisation(o)["zonage123"], localisation(o)["zonageABC"] = "B1", "02" })
	require.Nil(t, swapped.Operation.Zone123)
	require.Nil(t, swapped.Operation.ZoneAbc)
	require.Len(t, swapped.Anomalies, 2)
	empty := lire(t, func(o objet) { localisation(o)["zonage123"], localisation(o)["zonageABC"] = nil, nil })
	require.Nil(t, empty.Operation.Zone123)
	require.Nil(t, empty.Operation.ZoneAbc)
	require.Empty(t, empty.Anomalies)
}

func TestB63InseeCodes(t *testing.T) {
	type codes struct{ commune, dep, reg, cp any }
	for _, c := range []struct {
		name string
		in   codes
		want [3]string
	}{
		{"all given", codes{"35238", "35", "53", "35000"}, [3]string{"35238", "35", "53"}},
		{"numbers", codes{1004, 1, 1, "01500"}, [3]string{"01004", "01", "01"}},
		{"from the commune", codes{"2A004", nil, nil, "35000"}, [3]string{"2A004", "2A", "94"}},
		{"Corsica is never 20", codes{nil, "20", nil, "20200"}, [3]string{"", "2B", "94"}},
		{"Corse-du-Sud by postcode", codes{nil, nil, nil, "20137"}, [3]string{"", "2A", "94"}},
		{"overseas by postcode", codes{nil, nil, nil, "97410"}, [3]string{"", "974", "04"}},
		{"overseas by commune", codes{"97411", nil, nil, ""}, [3]string{"97411", "974", "04"}},
		{"région alone is missing", codes{nil, "971", nil, ""}, [3]string{"", "971", "01"}},
		{"nothing", codes{nil, nil, nil, ""}, [3]string{"", "", ""}},
		{"unknown codes", codes{"XX", "99", "99", "35000"}, [3]string{"", "35", "53"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := lire(t, func(o objet) {
				loc := localisation(o)
				loc["commune"], loc["departement"], loc["region"] = objet{"codeInsee": c.in.commune}, objet{"codeInsee": c.in.dep}, objet{"codeInsee": c.in.reg}
				loc["adresseComplete"].(objet)["codePostal"] = c.in.cp
			}).Operation
			got := [3]string{o.CodeInseeCommune, "", ""}
			if o.CodeInseeDepartement != nil {
				got[1] = *o.CodeInseeDepartement
			}
			if o.CodeInseeRegion != nil {
				got[2] = *o.CodeInseeRegion
			}
			require.Equal(t, c.want, got)
		})
	}
	vide := lire(t, func(o objet) {
		loc := localisation(o)
		loc["commune"], loc["departement"], loc["region"] = nil, nil, nil
		loc["adresseComplete"].(objet)["codeInseeCommune"] = "35238"
	})
	require.Equal(t, "35238", vide.Operation.CodeInseeCommune, "the address in parts carries it too")
}

func TestNA07OutreMer(t *testing.T) {
	dep := func(s string) *string { return &s }
	for _, d := range []string{"971", "972", "973", "974", "976"} {
		for _, n := range operation.NaturesLogement() {
			require.Equal(t, !n.FoyerOuResidence(), operation.HorsRegleOutreMer(dep(d), n), "%s %s", d, n)
		}
	}
	for _, d := range []*string{dep("975"), dep("35"), nil} {
		require.False(t, operation.HorsRegleOutreMer(d, operation.LogementsOrdinaires))
	}
}

func TestSecondeVieFlag(t *testing.T) {
	p := lire(t, func(o objet) { donnees(o)["aides"] = []any{objet{"code": "PLUS"}, objet{"code": "SECD_VIE"}} })
	require.True(t, p.Operation.SecondeVie)
}

// What PostgreSQL cannot hold never reaches it, and is told.
func TestUnstorableValues(t *testing.T) {
	long := strings.Repeat("é", 300)
	p := lire(t, func(o objet) {
		donnees(o)["nomOperation"] = "Quai\x00 Bleu"
		mo(o)["nom"] = long
		o["detailsOperation"] = []any{detail("PLS", objet{"nbLogementsCollectifs": 3_000_000})}
		o["plansFinancement"] = []any{objet{"codeAide": "PLS", "prets": []any{
			objet{"type": "Trop", "montant": json.Number("1e13")},
			objet{"type": "Infini", "montant": json.Number("1e9000")},
			objet{"type": "Négatif", "montant": -5},
		}}}
	})
	require.Equal(t, "Quai Bleu", p.Operation.Nom)
	require.Len(t, []rune(p.Bailleur.Nom), 255)
	require.Zero(t, p.Lots[0].NbLogements)
	require.Empty(t, p.Lots[0].Prets)
	require.ElementsMatch(t, []string{
		"TEXTE_TRONQUE donneesMo.nom",
		"VALEUR_INVALIDE detailsOperation[0].logement.nbLogementsCollectifs",
		"VALEUR_INVALIDE plansFinancement[0].prets[0].montant",
		"VALEUR_INVALIDE plansFinancement[0].prets[1].montant",
		"VALEUR_INVALIDE plansFinancement[0].prets[2].montant",
	}, anomalies(p))
}
