package alert_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"apilos/api/alert"
	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/siap"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

const (
	uuidConvention = "6f1c1d52-6a0b-4c43-9a53-0c7a8f0c1a11"
	uuidRacine     = "0b5d4c1e-8a0e-4b7e-9d2f-3c5a6b7c8d9e"
)

func genres() []string { return []string{"convention", "avenant", "denonciation", "resiliation"} }

func evenement(transition, genre string) alert.Evenement {
	numero := "35/3/06/2025/1"
	return alert.Evenement{
		Transition: transition, HistoriqueID: 7, Le: time.Date(2025, 6, 2, 8, 0, 0, 0, time.UTC), ConventionID: 3, RacineID: 3,
		ConventionUUID: uuid.MustParse(uuidConvention), RacineUUID: uuid.MustParse(uuidRacine), Genre: genre, Statut: "INSTRUCTION", Numero: &numero,
		OperationNom: "Quai Bleu", NumeroOperation: "20240100777", CodeInseeCommune: "35238", CodeGestion: "35047",
		BailleurNom: "OPH Exemple", BailleurSiren: "900000001", FichierID: 12,
	}
}

// creationsDe reads the payloads of the alerts of a plan.
func creationsDe(t *testing.T, plan []alert.Message) []siap.AlerteCreation {
	t.Helper()
	var out []siap.AlerteCreation
	for _, m := range plan {
		if m.Type != alert.TypeCreer {
			continue
		}
		raw, err := json.Marshal(m.Charge)
		require.NoError(t, err)
		var charge struct{ Creation siap.AlerteCreation }
		require.NoError(t, json.Unmarshal(raw, &charge))
		out = append(out, charge.Creation)
	}
	return out
}

// resume writes an alert as the table of 02 §5.2 does: "SG action "label" R".
func resume(c siap.AlerteCreation) string {
	var services []string
	for _, d := range c.Destinataires {
		services = append(services, d.Service)
	}
	categorie := map[string]string{siap.AlerteInformation: "info", siap.AlerteAction: "action"}[c.CategorieInformation]
	page := "R"
	if strings.HasPrefix(c.URLDirection, "/conventions/preview/") {
		page = "P"
	}
	return strings.Join(services, "+") + " " + categorie + " « " + c.EtiquettePersonnalisee + " » " + page
}

// TestAL00 executes every trigger for every kind and compares the exact list of calls.
func TestAL00_triggersByKind(t *testing.T) {
	t.Parallel()
	table := []struct {
		triggers []string
		want     []string // {O} and {e} by kind
	}{
		{[]string{"soumettre"}, []string{"MO info « {O} en instruction » R", "SG action « {O} à instruire » R"}},
		{[]string{"demander_relecture", "demander_corrections", "relancer_bailleur"}, []string{"SG info « {O} en correction » R", "MO action « {O} à corriger » R"}},
		{[]string{"renvoyer_instruction", "notifier_instructeur", "revenir_instruction", "rouvrir"}, []string{"MO info « {O} en instruction » R", "SG action « {O} à instruire à nouveau » R"}},
		{[]string{"valider"}, []string{"MO action « {O} validé{e} à signer » P", "SG action « {O} validé{e} à signer » P"}},
		{[]string{"signer", "annuler_publication"}, []string{"MO+SG info « {O} signé{e} » P"}},
		{[]string{"envoyer_publication", "rouvrir_publication"}, []string{"SG info « {O} en cours de publication » R"}},
		{[]string{"publier"}, []string{"SG info « {O} publié{e} » R"}},
		{[]string{"refuser_publication"}, []string{"SG action « Publication refusée » R"}},
		{[]string{"denoncer", "resilier"}, []string{"MO+SG info « {O} validé{e} » R"}},
		{[]string{"annuler"}, []string{"MO+SG info « {O} annulé{e} » R"}},
		{[]string{"virus"}, []string{"SG+MO info « Virus détecté sur un document » R"}},
		{[]string{"creer", "corriger_signature", "corriger_date_denonciation", "corriger_date_resiliation", "corriger_date_publication", "reactiver", "supprimer", "importer"}, nil},
	}
	mots := map[string][2]string{"convention": {"Convention", "e"}, "avenant": {"Avenant", ""}, "denonciation": {"Dénonciation", "e"}, "resiliation": {"Résiliation", "e"}}
	for _, line := range table {
		for _, trigger := range line.triggers {
			for _, genre := range genres() {
				t.Run(trigger+"/"+genre, func(t *testing.T) {
					plan := alert.Planifier(evenement(trigger, genre), alert.Interrupteurs{Alertes: true})
					var want, got []string
					for _, w := range line.want {
						want = append(want, strings.NewReplacer("{O}", mots[genre][0], "{e}", mots[genre][1]).Replace(w))
					}
					for _, c := range creationsDe(t, plan) {
						got = append(got, resume(c))
						require.Empty(t, c.Missing())
					}
					require.Equal(t, want, got)
					if len(want) > 0 && trigger != "virus" {
						require.Equal(t, alert.TypePurger, plan[0].Type, "AL-03: the purge leaves first")
					}
					purges := 0
					for _, m := range plan {
						if m.Type == alert.TypePurger {
							purges++
						}
					}
					require.LessOrEqual(t, purges, 1)
					if trigger == "virus" {
						require.Zero(t, purges, "a virus is no transition")
					}
				})
			}
		}
	}
}

// Every transition of the engine that the table of 02 §1.4 does not mark "no alert call" has alerts.
func TestAL00_everyTransitionOfTheEngineIsPlanned(t *testing.T) {
	t.Parallel()
	muettes := map[convention.Code]bool{convention.Creer: true, convention.CorrigerSignature: true, convention.CorrigerDateDenonciation: true, convention.CorrigerDateResiliation: true,
		convention.CorrigerDatePublication: true, convention.Reactiver: true, convention.Supprimer: true}
	for _, code := range convention.CodesTransition() {
		plan := alert.Planifier(evenement(string(code), "convention"), alert.Interrupteurs{Alertes: true})
		require.Equal(t, !muettes[code], len(plan) > 0, string(code))
	}
}

func TestAL01_urlsHoldTheUuidNeverTheNumber(t *testing.T) {
	t.Parallel()
	for _, trigger := range []string{"soumettre", "valider", "denoncer", "virus"} {
		for _, c := range creationsDe(t, alert.Planifier(evenement(trigger, "convention"), alert.Interrupteurs{Alertes: true})) {
			require.NotContains(t, c.URLDirection, "2025/1")
			want := map[string]string{
				"soumettre": "/conventions/recapitulatif/" + uuidConvention, "valider": "/conventions/preview/" + uuidConvention,
				"denoncer": "/conventions/recapitulatif/" + uuidRacine, "virus": "/conventions/recapitulatif/" + uuidConvention,
			}[trigger]
			require.Equal(t, want, c.URLDirection)
		}
	}
}

func TestAL02_labelsAreUnder50Characters(t *testing.T) {
	t.Parallel()
	longest := 0
	for _, trigger := range declencheurs() {
		for _, genre := range genres() {
			for _, c := range creationsDe(t, alert.Planifier(evenement(trigger, genre), alert.Interrupteurs{Alertes: true})) {
				n := utf8.RuneCountInString(c.EtiquettePersonnalisee)
				require.Less(t, n, 50, c.EtiquettePersonnalisee)
				longest = max(longest, n)
			}
		}
	}
	require.Greater(t, longest, 30, "the table was read")
}

func declencheurs() []string {
	return []string{"soumettre", "demander_corrections", "renvoyer_instruction", "valider", "signer", "envoyer_publication", "publier", "refuser_publication", "denoncer", "resilier", "annuler", "virus"}
}

// TestB8Payload compares a payload with the example of 05 H.4, to the letter.
func TestB8Payload(t *testing.T) {
	t.Parallel()
	c := creationsDe(t, alert.Planifier(evenement("publier", "convention"), alert.Interrupteurs{Alertes: true}))
	require.Len(t, c, 1)
	got, err := json.Marshal(c[0])
	require.NoError(t, err)
	require.JSONEq(t, `{"module": "APILOS", "dateCreation": "2025-06-02", "categorieInformation": "CATEGORIE_ALERTE_INFORMATION",
	 "destinataires": [{"role": "INSTRUCTEUR", "service": "SG"}], "etiquette": "CUSTOM", "etiquettePersonnalisee": "Convention publiée",
	 "typeAlerte": "Changement de statut", "urlDirection": "/conventions/recapitulatif/6f1c1d52-6a0b-4c43-9a53-0c7a8f0c1a11",
	 "idConvention": "6f1c1d52-6a0b-4c43-9a53-0c7a8f0c1a11", "numConvention": "35/3/06/2025/1", "codeCommune": "35238", "codeGestion": "35047",
	 "nomOperation": "Quai Bleu", "numOperation": "20240100777", "siren": "900000001"}`, string(got))
}

func TestB8PayloadDetails(t *testing.T) {
	t.Parallel()
	e := evenement("virus", "avenant")
	e.Numero, e.OperationNom, e.Le = nil, strings.Repeat("é", 120), time.Date(2025, 12, 31, 23, 30, 0, 0, time.UTC)
	c := creationsDe(t, alert.Planifier(e, alert.Interrupteurs{Alertes: true}))[0]
	require.Equal(t, "Détection de virus", c.TypeAlerte)
	require.Nil(t, c.NumConvention)
	require.Equal(t, strings.Repeat("é", 98)+"…", *c.NomOperation)
	require.Equal(t, "2026-01-01", c.DateCreation, "the day is that of Paris")

	e.BailleurSiren = ""
	require.Equal(t, []string{"siren"}, creationsDe(t, alert.Planifier(e, alert.Interrupteurs{Alertes: true}))[0].Missing(), "a private owner has none")
}

func TestAL05_EM20_switchesMarkMessagesAsIgnored(t *testing.T) {
	t.Parallel()
	for _, i := range []alert.Interrupteurs{{}, {Alertes: true}, {CourrielsCoupes: true}, {Alertes: true, CourrielsCoupes: true}} {
		for _, m := range alert.Planifier(evenement("valider", "convention"), i) {
			want := i.CourrielsCoupes
			if m.Canal == alert.CanalAlerte {
				want = !i.Alertes
			}
			require.Equal(t, want, m.Ignoree, "%+v %s", i, m.Type)
		}
	}
}

// The keys tell convention, change, template and recipient apart, and nothing else (AL-23, EM-26).
func TestAL23_CC11_keysAreUniqueAndStable(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, hist := range []int64{7, 8} {
		e := evenement("valider", "convention")
		e.HistoriqueID = hist
		for _, m := range alert.Planifier(e, alert.Interrupteurs{Alertes: true}) {
			require.False(t, seen[m.CleUnicite], m.CleUnicite)
			require.LessOrEqual(t, len(m.CleUnicite), 200)
			seen[m.CleUnicite] = true
		}
		for _, m := range alert.Planifier(e, alert.Interrupteurs{}) {
			require.True(t, seen[m.CleUnicite], "switches do not change a key")
		}
	}
}

// Which e-mail leaves at which transition (02 §6).
func TestCourrielsByTransition(t *testing.T) {
	t.Parallel()
	bailleur, instructeur := auth.Principal{UtilisateurID: 1, Typologie: auth.Bailleur}, auth.Principal{UtilisateurID: 2, Typologie: auth.Instructeur}
	for _, c := range []struct {
		transition string
		acteur     auth.Principal
		want       []string
	}{
		{"soumettre", bailleur, []string{"EM-01", "EM-02", "EM-11"}},
		{"soumettre", auth.Principal{UtilisateurID: 3, Superuser: true}, []string{"EM-01", "EM-02"}},
		{"demander_relecture", instructeur, []string{"EM-03"}},
		{"demander_corrections", instructeur, []string{"EM-03"}},
		{"relancer_bailleur", instructeur, []string{"EM-03"}},
		{"renvoyer_instruction", bailleur, []string{"EM-04"}},
		{"notifier_instructeur", bailleur, []string{"EM-04"}},
		{"valider", instructeur, []string{"EM-05", "EM-12"}},
		{"revenir_instruction", instructeur, nil},
		{"rouvrir", instructeur, nil},
		{"signer", bailleur, []string{"EM-13"}},
		{"annuler", instructeur, []string{"EM-14"}},
		{"denoncer", instructeur, []string{"EM-14"}},
		{"resilier", instructeur, []string{"EM-14"}},
		{"virus", auth.Principal{Login: "antivirus"}, []string{"EM-06"}},
		{"publier", instructeur, nil},
	} {
		e := evenement(c.transition, "convention")
		e.Acteur = c.acteur
		var got []string
		for _, m := range alert.Planifier(e, alert.Interrupteurs{Alertes: true}) {
			if m.Canal == alert.CanalCourriel {
				require.True(t, alert.APreparer(m.Type))
				got = append(got, strings.TrimPrefix(m.Type, "preparer."))
			}
		}
		require.Equal(t, c.want, got, c.transition)
	}
}

// TestAL03_rowsThatFollow: a row that ends with its family loses its action alerts and tells nobody; the avenant of the
// procedure does (AV-30).
func TestAL03_rowsThatFollow(t *testing.T) {
	t.Parallel()
	e := evenement("denoncer", "convention")
	e.Entraine = true
	plan := alert.Planifier(e, alert.Interrupteurs{Alertes: true})
	require.Len(t, plan, 1)
	require.Equal(t, alert.TypePurger, plan[0].Type)
	require.True(t, alert.Planifier(e, alert.Interrupteurs{})[0].Ignoree, "AL-05")
}

// EM-14: an end is validated by the side of the service only, so the other side is the bailleur, even when a list of the
// staff does it in the name of somebody without any role (AV-44).
func TestEM14UneFinPrevientLeBailleur(t *testing.T) {
	for _, transition := range []string{"denoncer", "resilier"} {
		for nom, acteur := range map[string]auth.Principal{
			"service": {Typologie: auth.Instructeur}, "staff": {Superuser: true, Staff: true},
		} {
			e := evenement(transition, transition)
			e.Acteur = acteur
			var vers []string
			for _, m := range alert.Planifier(e, alert.Interrupteurs{Alertes: true}) {
				if m.Canal != alert.CanalCourriel {
					continue
				}
				raw, err := json.Marshal(m.Charge)
				require.NoError(t, err)
				var charge struct{ Code, Vers string }
				require.NoError(t, json.Unmarshal(raw, &charge))
				vers = append(vers, charge.Code+" "+charge.Vers)
			}
			require.Equal(t, []string{"EM-14 BAILLEUR"}, vers, "%s, %s", transition, nom)
		}
	}
}
