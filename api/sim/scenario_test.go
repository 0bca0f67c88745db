package sim_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"apilos/api/auth"
	"apilos/api/siap"
	"apilos/api/sim"
)

func load(t *testing.T, name string) *sim.Scenario {
	t.Helper()
	s, err := sim.Load(name)
	require.NoError(t, err)
	return s
}

func day() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) }

// TestDemoCoversB10 is the list of what scenario demo must hold (05 B.10).
func TestDemoCoversB10(t *testing.T) {
	s := load(t, "demo")
	require.GreaterOrEqual(t, len(s.Users), 8)
	require.GreaterOrEqual(t, len(s.Operations), 12)
	profils, regions := map[siap.Profil]bool{}, map[string]bool{}
	var readOnly, pending, expired, several bool
	for login, u := range s.Users {
		require.True(t, strings.HasSuffix(login, "@example.org"), login)
		require.True(t, strings.HasSuffix(u.Cerbere.Mel, "@example.org"), u.Cerbere.Mel)
		list, err := u.HabilitationsDTO()
		require.NoError(t, err)
		several = several || len(siap.Valides(list, day())) > 1
		for _, h := range list {
			d := siap.Evaluer(h, day())
			require.True(t, d.RoleConnu, h.Groupe.CodeRole)
			pending = pending || h.Statut == "A_VALIDER"
			expired = expired || h.Statut == "VALIDEE" && !siap.Valide(h, day())
			if d.Utilisable() {
				profils[d.Profil] = true
				readOnly = readOnly || d.LectureSeule && d.Profil != siap.Partenaires
			} else {
				require.Equal(t, siap.RefusHabilitation, d.Refus, "habilitation %d", h.ID)
			}
		}
	}
	require.Len(t, profils, len(siap.Profils()))
	require.True(t, readOnly && pending && expired && several)

	kinds := map[string]bool{}
	for numero := range s.Operations {
		o, err := s.OperationDTO(numero)
		require.NoError(t, err)
		regions[o.DonneesLocalisation.Region.CodeInsee.Region()] = true
		require.NotEmpty(t, o.DonneesLocalisation.Departement.CodeInsee.Departement())
		var aides []string
		for _, d := range o.DetailsOperation {
			aides = append(aides, d.Aide.Code)
			kinds["garages"] = kinds["garages"] || len(d.Garages) > 0 && len(o.PlansFinancement) > 0
			require.Positive(t, logements(d), "%s %s", numero, d.Aide.Code)
		}
		kinds[strings.Join(aides, "+")] = true
		kinds["nature "+o.DonneesOperation.NatureLogement] = true
		kinds["sans travaux"] = kinds["sans travaux"] || o.DonneesOperation.SansTravaux && o.DetailsOperation == nil
		kinds["one line"] = kinds["one line"] || o.DonneesLocalisation.AdresseComplete == nil && o.DonneesLocalisation.Adresse != ""
		kinds["entiteMorale"] = kinds["entiteMorale"] || o.EntiteMorale != nil
		kinds["privé"] = kinds["privé"] || o.MaitreOuvrage().Siren == "" && o.MaitreOuvrage().Email != ""
		if strings.HasPrefix(o.DonneesLocalisation.Departement.CodeInsee.Departement(), "97") {
			kinds["overseas "+o.DonneesOperation.NatureLogement] = true
		}
		if o.MaitreOuvrage().Siren == s.Fusions[0].SirenAbsorbe {
			kinds["fusion"] = true
		}
	}
	require.GreaterOrEqual(t, len(regions), 3)
	for _, k := range []string{"PLUS", "PLUS+PLAI", "PLAI+PLAI_ADP", "PLS", "PSH", "SECD_VIE", "garages", "sans travaux", "nature RES",
		"nature ALF", "overseas RES", "overseas LOO", "one line", "fusion", "entiteMorale", "privé"} {
		require.True(t, kinds[k], k)
	}
}

// logements counts, and checks that the typologies add up to the total.
func logements(d siap.DetailOperationDTO) int {
	total, sum := 0, 0
	for _, n := range []*int{d.Logement.NbLogementsIndividuels, d.Logement.NbLogementsCollectifs} {
		if n != nil {
			total += *n
		}
	}
	for _, x := range d.DetailsTypeLogement {
		sum += *x.NbLogements
	}
	if sum != total {
		return -1
	}
	return total
}

// TestReadmeTellsTheTruth: others rely on the tables of scenarios/README.md.
func TestReadmeTellsTheTruth(t *testing.T) {
	raw, err := os.ReadFile("scenarios/README.md")
	require.NoError(t, err)
	s := load(t, "demo")
	habilitations, operations := 0, 0
	for _, line := range strings.Split(string(raw), "\n") {
		cells := strings.Split(strings.Trim(line, "| "), " | ")
		for i := range cells {
			cells[i] = strings.Trim(cells[i], "` ")
		}
		switch {
		case len(cells) == 8 && strings.Contains(cells[0], "@"):
			habilitations++
			u, known := s.Users[cells[0]]
			require.True(t, known, line)
			require.Equal(t, cells[1], u.Cerbere.ID)
			id, err := strconv.ParseInt(cells[2], 10, 64)
			require.NoError(t, err)
			list, err := u.HabilitationsDTO()
			require.NoError(t, err)
			h, found := siap.Trouver(list, id)
			require.True(t, found, line)
			d := siap.Evaluer(h, day())
			require.Equal(t, cells[3], string(d.Profil), line)
			require.Equal(t, cells[4], d.CodeRole, line)
			require.Equal(t, access(d, h.Favori && len(list) > 1, h.Statut), cells[7], line)
			if d.Utilisable() && d.Entite.Type != siap.EntiteAucune {
				require.True(t, strings.HasPrefix(cells[5], d.Entite.Nom), line)
				if d.Entite.Type != siap.EntiteBailleurPrive {
					require.Contains(t, cells[5], "("+d.Entite.Pivot+")", line)
				}
			}
			if d.Region != "" {
				require.Equal(t, "région "+d.Region, cells[6], line)
			}
			if d.Departement != "" {
				require.Equal(t, "département "+d.Departement, cells[6], line)
			}
		case len(cells) == 7 && regexp.MustCompile(`^\d{11}$`).MatchString(cells[0]):
			operations++
			o, err := s.OperationDTO(cells[0])
			require.NoError(t, err, line)
			require.Equal(t, cells[1], o.DonneesOperation.NomOperation)
			require.Equal(t, cells[2], fmt.Sprintf("%s (%s)", o.DonneesLocalisation.Commune.Libelle, o.DonneesLocalisation.Commune.CodeInsee))
			require.True(t, strings.HasPrefix(cells[3], o.MaitreOuvrage().Nom), line)
			require.Equal(t, cells[4], o.Gestionnaire.Code.String())
			var aides []string
			for _, a := range o.DonneesOperation.Aides {
				aides = append(aides, a.Code)
			}
			if len(aides) == 0 {
				aides = []string{"–"}
			}
			require.Equal(t, cells[5], strings.Join(aides, ", "))
		}
	}
	total := 0
	for _, u := range s.Users {
		total += len(u.Habilitations)
	}
	require.Equal(t, total, habilitations, "one line per habilitation")
	require.Equal(t, len(s.Operations), operations, "one line per operation")
}

func access(d siap.Droits, favourite bool, statut string) string {
	switch {
	case statut == "A_VALIDER":
		return "aucun (à valider)"
	case !d.Utilisable():
		return "aucun (expirée)"
	case d.LectureSeule:
		return "lecture"
	case favourite:
		return "écriture (favorite)"
	}
	return "écriture"
}

// TestMinimalIsH1H2 keeps the scenario of unit tests equal to the examples of 05 H.
func TestMinimalIsH1H2(t *testing.T) {
	s := load(t, "minimal")
	list, err := s.Users[loginUne].HabilitationsDTO()
	require.NoError(t, err)
	d := siap.Evaluer(list[0], day())
	require.Equal(t, auth.Instructeur, d.Typologie)
	require.Equal(t, siap.EntiteSIAP{Type: siap.EntiteAdministration, Pivot: "35047", Nom: "35047 - Rennes Est"}, d.Entite)
	require.Empty(t, d.Departement+d.Region, "an EPCI reach gives no perimeter")
	require.Equal(t, siap.KPIInstructeur, d.ClasseKPI)
	o, err := s.OperationDTO("20240100777")
	require.NoError(t, err)
	require.Equal(t, "1200000", o.PlansFinancement[0].Prets[0].Montant.String())
	require.Equal(t, "25", o.DetailsOperation[0].Loyers[0].LoyerGarages[0].Loyer.String())
}

const head = `{"version":1,"config":{"racineUrlAccesWeb":"x","urlAccesWeb":"/a","urlAccesWebOperation":"/b"},`

// TestInvalidScenarios: each error says where and what.
func TestInvalidScenarios(t *testing.T) {
	user := func(habilitation string) string {
		return head + `"users":{"a@b.c":{"cerbere":{"id":"1","nom":"A","prenom":"B","mel":"a@b.c"},"habilitations":[` + habilitation + `]}}}`
	}
	for _, c := range []struct{ name, in, path, message string }{
		{"not an object", `- 1`, "(racine)", "objet attendu, liste reçu"},
		{"no version", `{"config":{},"users":{}}`, "(racine)", "clé « version » absente"},
		{"other version", `{"version":2,"config":{"racineUrlAccesWeb":"x","urlAccesWeb":"/a","urlAccesWebOperation":"/b"},"users":{}}`, "version", "valeur 2 inconnue"},
		{"no users", strings.TrimSuffix(head, ",") + "}", "(racine)", "clé « users » absente"},
		{"unknown key", head + `"users":{},"user":{}}`, "user", "clé inconnue"},
		{"config key missing", `{"version":1,"config":{"urlAccesWeb":"/a","urlAccesWebOperation":"/b"},"users":{}}`, "config", "clé « racineUrlAccesWeb » absente"},
		{"config key empty", `{"version":1,"config":{"racineUrlAccesWeb":"","urlAccesWeb":"/a","urlAccesWebOperation":"/b"},"users":{}}`, "config.racineUrlAccesWeb", "trop court"},
		{"user without cerbere", head + `"users":{"a@b.c":{}}}`, "users.a@b.c", "clé « cerbere » absente"},
		{"misspelt user key", head + `"users":{"a@b.c":{"cerbere":{"id":"1","nom":"A","prenom":"B","mel":"a@b.c"},"habilitation":[]}}}`, "users.a@b.c.habilitation", "clé inconnue"},
		{"habilitation without statut", user(`{"id":1,"groupe":null}`), "users.a@b.c.habilitations[0]", "clé « statut » absente"},
		{"habilitation id as text", user(`{"id":"1","statut":"VALIDEE","groupe":null}`), "users.a@b.c.habilitations[0].id", "nombre entier attendu, texte reçu"},
		{"habilitation id zero", user(`{"id":0,"statut":"VALIDEE","groupe":null}`), "users.a@b.c.habilitations[0].id", "inférieur à 1"},
		{"date", user(`{"id":1,"statut":"VALIDEE","groupe":null,"dateExpiration":"31/12/2030"}`), "users.a@b.c.habilitations[0].dateExpiration", "n'a pas la forme attendue"},
		{"profil missing", user(`{"id":1,"statut":"VALIDEE","groupe":{"codeRole":"X"}}`), "users.a@b.c.habilitations[0].groupe", "clé « profil » absente"},
		{"siren without Luhn key", user(`{"id":1,"statut":"VALIDEE","groupe":null,"entiteMorale":{"siren":"900000002"}}`), "users.a@b.c.habilitations[0].entiteMorale.siren", "n'est pas un SIREN"},
		{"habilitation twice", user(`{"id":1,"statut":"V","groupe":null},{"id":1,"statut":"V","groupe":null}`), "users.a@b.c.habilitations[1].id", "déjà donnée à a@b.c"},
		{"CERBERE id twice", head + `"users":{"a@b.c":{"cerbere":{"id":"1","nom":"A","prenom":"B","mel":"a@b.c"}},"d@e.f":{"cerbere":{"id":"1","nom":"A","prenom":"B","mel":"a@b.c"}}}}`, "users.d@e.f.cerbere.id", "déjà donné à a@b.c"},
		{"operation under another number", head + `"users":{},"operations":{"1":{"donneesOperation":{"numeroOperation":"2"}}}}`, "operations.1.donneesOperation.numeroOperation", "ne correspond pas à la clé"},
		{"operation without donneesOperation", head + `"users":{},"operations":{"1":{}}}`, "operations.1", "clé « donneesOperation » absente"},
		{"amount as text", head + `"users":{},"operations":{"1":{"donneesOperation":{"numeroOperation":"1"},"plansFinancement":[{"prets":[{"montant":"1 000"}]}]}}}`, "operations.1.plansFinancement[0].prets[0].montant", "nombre ou null attendu, texte reçu"},
		{"count with decimals", head + `"users":{},"operations":{"1":{"donneesOperation":{"numeroOperation":"1"},"detailsOperation":[{"logement":{"nbLogementsCollectifs":1.5}}]}}}`, "operations.1.detailsOperation[0].logement.nbLogementsCollectifs", "nombre entier ou null attendu, nombre reçu"},
		{"self merger", head + `"users":{},"fusions":[{"sirenAbsorbe":"900000001","sirenAbsorbant":"900000001"}]}`, "fusions[0]", "ne s'absorbe pas elle-même"},
		{"fault on an unknown route", head + `"users":{},"faults":[{"match":{"route":"operatoin"},"status":503}]}`, "faults[0].match.route", "route « operatoin » inconnue"},
		{"fault that does nothing", head + `"users":{},"faults":[{"match":{}}]}`, "faults[0]", "ne fait rien"},
		{"fault zero times", head + `"users":{},"faults":[{"match":{},"drop":true,"times":0}]}`, "faults[0].times", "-1 pour toujours"},
		{"alerte without convention", head + `"users":{},"alertes":[{"categorie":"CATEGORIE_ALERTE_ACTION"}]}`, "alertes[0]", "clé « idConvention » absente"},
		{"alerte of unknown category", head + `"users":{},"alertes":[{"idConvention":"x","categorie":"ACTION"}]}`, "alertes[0].categorie", "valeur ACTION inconnue"},
		{"perimetre", head + `"users":{},"perimetre":"large"}`, "perimetre", "attendu libre, strict"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := sim.Parse([]byte(c.in))
			var invalid *sim.InvalidScenario
			require.ErrorAs(t, err, &invalid)
			var found bool
			for _, p := range invalid.Problems {
				found = found || p.Path == c.path && strings.Contains(p.Message, c.message)
			}
			require.True(t, found, "%s : %s not in\n%v", c.path, c.message, err)
			require.Contains(t, err.Error(), c.path+" : ")
		})
	}
}

// TestAllProblemsAtOnce: a scenario is repaired in one go.
func TestAllProblemsAtOnce(t *testing.T) {
	_, err := sim.Parse([]byte(`{"version":1,"config":{},"users":{"a":{}},"x":1}`))
	var invalid *sim.InvalidScenario
	require.ErrorAs(t, err, &invalid)
	require.Len(t, invalid.Problems, 5, err.Error())
}

func TestUnreadableScenarios(t *testing.T) {
	for name, in := range map[string]string{
		"empty": "  ", "broken JSON": `{"version":`, "JSON followed by something": `{} {}`, "broken YAML": "a: [", "tab": "\ta: 1",
		"key twice": "version: 1\nversion: 1", "merge": "a: &x {b: 1}\nc: {<<: *x}", "list as key": "[1]: 2",
		"aliases that multiply": "a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := sim.Parse([]byte(in))
			require.Error(t, err)
		})
	}
	_, err := sim.Load(filepath.Join(t.TempDir(), "absent.yaml"))
	require.ErrorContains(t, err, "introuvable")
	file := filepath.Join(t.TempDir(), "s.json")
	require.NoError(t, os.WriteFile(file, []byte(head+`"users":{}}`), 0o600))
	s, err := sim.Load(file)
	require.NoError(t, err)
	require.Equal(t, 1, s.Version)
	require.NoError(t, os.WriteFile(file, []byte(head+`"users":[]}`), 0o600))
	_, err = sim.Load(file)
	require.ErrorContains(t, err, file)
}

// TestYAMLKeepsTexts: 01 and 2024-03-01 are texts, as in the JSON they stand for.
func TestYAMLKeepsTexts(t *testing.T) {
	s, err := sim.Parse([]byte(`
version: 1
config: {racineUrlAccesWeb: x, urlAccesWeb: /a, urlAccesWebOperation: /b}
users: {}
operations:
  "1":
    donneesLocalisation: {zonage123: 01, region: {codeInsee: 53}, departement: {codeInsee: 2A}}
    donneesOperation: {numeroOperation: 1, nomOperation: "a", sansTravaux: false, statutOperation: null}
    plansFinancement: [{fondsPropres: 9.10}]
fusions: [{sirenAbsorbe: "900000001", sirenAbsorbant: "999087018", dateFinValidite: 2024-03-01}]
`))
	require.NoError(t, err)
	require.JSONEq(t, `{"donneesLocalisation":{"zonage123":"01","region":{"codeInsee":53},"departement":{"codeInsee":"2A"}},
 "donneesOperation":{"numeroOperation":1,"nomOperation":"a","sansTravaux":false,"statutOperation":null},"plansFinancement":[{"fondsPropres":9.10}]}`, string(s.Operations["1"]))
	require.Equal(t, "2024-03-01", s.Fusions[0].DateFinValidite)
}

func TestSchemaIsServedAndDescribesTheScenario(t *testing.T) {
	var schema map[string]any
	require.NoError(t, json.Unmarshal(sim.Schema(), &schema))
	require.Equal(t, "https://json-schema.org/draft/2020-12/schema", schema["$schema"])
	keys := schema["properties"].(map[string]any)
	for _, k := range []string{"version", "config", "users", "menu", "operations", "fusions", "alertes", "faults", "perimetre"} {
		require.Contains(t, keys, k)
	}
}
