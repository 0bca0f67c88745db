package app

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// siapModifie is an operation of the scenario under another number, changed.
func (e *entrant) siapModifie(modele, numero string, edit func(o map[string]any)) {
	e.t.Helper()
	sc := *e.sim.Scenario()
	operations := map[string]json.RawMessage{}
	for n, brut := range sc.Operations {
		operations[n] = brut
	}
	operations[numero] = modifier(e.t, operations[modele], func(o map[string]any) {
		o["donneesOperation"].(map[string]any)["numeroOperation"] = numero
		edit(o)
	})
	sc.Operations = operations
	e.sim.SetScenario(&sc)
}

// TestB64AllerRetour is 05 B.6.3 to B.6.6 both ways: what SIAP says, and what it is then told in its own words. The last
// column is read on GET /operation, and in the table for the nature, which that answer does not hold.
func TestB64AllerRetour(t *testing.T) {
	e := entrer(t)
	donnees := func(cle string, v any) func(map[string]any) {
		return func(o map[string]any) { o["donneesOperation"].(map[string]any)[cle] = v }
	}
	lieu := func(cle string, v any) func(map[string]any) {
		return func(o map[string]any) { o["donneesLocalisation"].(map[string]any)[cle] = v }
	}
	detail := func(aide string, logement any) func(map[string]any) {
		return func(o map[string]any) {
			o["detailsOperation"] = []any{map[string]any{"aide": map[string]any{"code": aide, "libelle": aide}, "logement": logement}}
			o["plansFinancement"] = []any{}
		}
	}
	garage := func(typ string) func(map[string]any) {
		return func(o map[string]any) {
			detail("PLS", map[string]any{"nbLogementsCollectifs": 2})(o)
			d := o["detailsOperation"].([]any)[0].(map[string]any)
			d["garages"] = []any{map[string]any{"type": typ, "nbGaragesIndividuels": 1, "nbGaragesCollectifs": 3}, map[string]any{"type": typ, "nbGaragesCollectifs": 0}}
			d["loyers"] = []any{map[string]any{"type": "Collectif", "loyerGarages": []any{map[string]any{"type": typ, "loyer": 25.5}}}}
		}
	}
	plan := func(p map[string]any) func(map[string]any) {
		return func(o map[string]any) {
			detail("PLS", map[string]any{"nbLogementsCollectifs": 2})(o)
			p["codeAide"] = "PLS"
			o["plansFinancement"] = []any{p}
		}
	}
	logements := func(individuels, collectifs any) map[string]any {
		return map[string]any{"nbLogementsIndividuels": individuels, "nbLogementsCollectifs": collectifs}
	}
	prets := func(l ...any) string { b, _ := json.Marshal(l); return string(b) }
	type cas struct {
		nom   string
		edit  func(map[string]any)
		champ string // of the operation, of its only lot after "lot.", or "nature_logement"
		sort  any
	}
	liste := []cas{
		{"CNE", donnees("sousNatureOperation", "CNE"), "type_operation", "NEUF"},
		{"NEUF", donnees("sousNatureOperation", "NEUF"), "type_operation", "NEUF"},
		{"AAM", donnees("sousNatureOperation", "AAM"), "type_operation", "ACQUISAMELIORATION"},
		{"AST", donnees("sousNatureOperation", "AST"), "type_operation", "ACQUISSANSTRAVAUX"},
		{"other", donnees("sousNatureOperation", "XYZ"), "type_operation", "SANSOBJET"},
		{"null", donnees("sousNatureOperation", nil), "type_operation", "SANSOBJET"},
		{"sans travaux", donnees("sansTravaux", true), "type_operation", "SANSTRAVAUX"},
		{"sans travaux, lot", donnees("sansTravaux", true), "lot.financement", "SANS_FINANCEMENT"},
		{"sans travaux, habitat", donnees("sansTravaux", true), "lot.type_habitat", "MIXTE"},
		{"sans travaux, logements", donnees("sansTravaux", true), "lot.nb_logements", 0.},
		{"123: 01", lieu("zonage123", "01"), "zone_123", "1"},
		{"123: 1bis", lieu("zonage123", "1bis"), "zone_123", "1bis"},
		{"123: 03", lieu("zonage123", "03"), "zone_123", "3"},
		{"123: other", lieu("zonage123", "B1"), "zone_123", nil},
		{"ABC: Abis", lieu("zonageABC", "Abis"), "zone_abc", "Abis"},
		{"ABC: C", lieu("zonageABC", "C"), "zone_abc", "C"},
		{"ABC: other", lieu("zonageABC", "02"), "zone_abc", nil},
		{"address of three keys", lieu("adresseComplete", map[string]any{"adresse": " 1 rue A ", "codePostal": "87000", "commune": "Limoges"}), "adresse", "1 rue A"},
		{"address on one line", func(o map[string]any) {
			lieu("adresseComplete", nil)(o)
			lieu("adresse", "3 quai Bleu, 87100 bis 87000 ; LIMOGES")(o)
		}, "adresse", "3 quai Bleu, 87100 bis"},
		{"no individuels", detail("PLUS", logements(0, 5)), "lot.type_habitat", "COLLECTIF"},
		{"only individuels", detail("PLUS", logements(4, nil)), "lot.type_habitat", "INDIVIDUEL"},
		{"both", detail("PLUS", logements(4, 5)), "lot.type_habitat", "MIXTE"},
		{"both, sum", detail("PLUS", logements(4, 5)), "lot.nb_logements", 9.},
		{"no logement", detail("PLUS", nil), "lot.type_habitat", "MIXTE"},
		{"garage below", garage("Enterrés / Sous-sol"), "lot.type_stationnements", `[{"typologie":"GARAGE_ENTERRE","nb_stationnements":4,"loyer":"25.50"}]`},
		{"garage above", garage("Superstructure"), "lot.type_stationnements", `[{"typologie":"PARKING_SUPERSTRUCTURE","nb_stationnements":4,"loyer":"25.50"}]`},
		{"garage of another kind", garage("Autre"), "lot.type_stationnements", `[{"typologie":"PLACE_STATIONNEMENT","nb_stationnements":4,"loyer":"25.50"}]`},
		{"loans, and the subsidies of the financement", plan(map[string]any{
			"prets":       []any{map[string]any{"type": "CDC", "montant": 1000.129}, map[string]any{"type": "nul", "montant": nil}, map[string]any{"type": "zéro", "montant": 0}},
			"subventions": []any{map[string]any{"type": "PLS", "montant": 5}, map[string]any{"type": "ANRU", "montant": 7}},
		}), "lot.prets", prets(
			map[string]any{"preteur": "AUTRE", "autre": "CDC", "date_octroi": nil, "numero": nil, "duree": nil, "montant": "1000.13"},
			map[string]any{"preteur": "AUTRE", "autre": "PLS", "date_octroi": nil, "numero": nil, "duree": nil, "montant": "5.00"},
		)},
	}
	for siap, stocke := range map[string]string{
		"LOO": "LOGEMENTSORDINAIRES", "ALF": "AUTRE", "HEB": "HEBERGEMENT", "RES": "RESISDENCESOCIALE", "PEF": "PENSIONSDEFAMILLE",
		"REA": "RESIDENCEDACCUEIL", "REU": "RESIDENCEUNIVERSITAIRE", "RHVS": "RHVS", "HEBERGEMENT": "HEBERGEMENT",
	} {
		liste = append(liste, cas{"nature " + siap, donnees("natureLogement", siap), "nature_logement", stocke})
	}
	for typologie, stocke := range map[string]string{"CADA": "HEBERGEMENT", "RU": "RESIDENCEUNIVERSITAIRE", "RELS": "LOGEMENTSORDINAIRES", "LF": "AUTRE", "RHVS_IG": "RHVS"} {
		liste = append(liste, cas{"typologie " + typologie, func(o map[string]any) {
			donnees("natureLogement", nil)(o)
			donnees("typologie", typologie)(o)
		}, "nature_logement", stocke})
	}
	for _, aide := range []string{
		"PLUS", "PLUS_CD", "PLAI", "PLAI_FTM", "PLAI_RE", "PLUS-PLAI", "PLS", "PALULOS", "PALU_AV_21", "PALUCOM", "PALU_COM", "PALU_RE", "LLS",
		"LLTS", "LLTSA", "PLS_DOM", "SALLS_R", "SALLS_P", "SECD_VIE", "RENO",
	} {
		liste = append(liste, cas{"financement " + aide, detail(aide, logements(nil, 3)), "lot.financement", aide})
	}
	qui := e.en(luc, 201)
	for i, c := range liste {
		t.Run(c.nom, func(t *testing.T) {
			numero := fmt.Sprintf("2026087%04d", i)
			e.siapModifie("20240870002", numero, c.edit)
			require.Equal(t, 200, qui(http.MethodPost, "/operation/"+numero+"/").Code)
			v := qui(http.MethodGet, "/operation/"+numero+"/").JSON()
			require.Len(t, v["conventions"], 1)
			convention := v["conventions"].([]any)[0].(map[string]any)
			lot := convention["lots"].([]any)[0].(map[string]any)
			var lu any
			switch {
			case c.champ == "nature_logement":
				require.Equal(t, 1, e.compter(`SELECT count(*) FROM operation WHERE numero_operation = $1 AND nature_logement = $2`, numero, c.sort))
				return
			case len(c.champ) > 4 && c.champ[:4] == "lot.":
				lu = lot[c.champ[4:]]
			default:
				lu = v[c.champ]
				require.Equal(t, lu, convention["operation_version"].(map[string]any)[c.champ])
			}
			if attendu, ok := c.sort.(string); ok && len(attendu) > 0 && attendu[0] == '[' {
				b, err := json.Marshal(lu)
				require.NoError(t, err)
				require.JSONEq(t, attendu, string(b))
				return
			}
			require.Equal(t, c.sort, lu)
		})
	}
}
