package main

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"apilos/api/event"
	"apilos/api/internal/fixture"
	"apilos/api/sim"

	"github.com/stretchr/testify/require"
)

// TestCC32_journalVerifier: the command says which link is broken and fails; a good journal is a success.
func TestCC32_journalVerifier(t *testing.T) {
	m := fixture.Nouveau(t)
	ctx := context.Background()
	bonne, autre := m.Convention(fixture.Conv{}), m.Convention(fixture.Conv{})
	for _, id := range []int64{m.ID(bonne), m.ID(autre)} {
		for range 3 {
			require.NoError(t, m.Store.InTx(ctx, func(ctx context.Context) error {
				return m.Store.Journaliser(ctx, id, event.Journal{NomTable: "convention", Action: event.Fait, Commande: "essai", Mode: "NORMAL", CreeLe: time.Now()})
			}))
		}
	}
	appeler := func(args ...string) (int, string, string) {
		t.Helper()
		o := runProgram(t, []string{"ENVIRONMENT=test", "DATABASE_URL=" + m.Base.URL, "DATA_DIR=" + t.TempDir()}, append([]string{"journal"}, args...)...)
		return o.code, o.stdout, o.stderr
	}
	code, sortie, erreurs := appeler("verifier")
	require.Equal(t, exitDone, code, erreurs)
	require.Equal(t, "6 lignes de 2 familles lues, 0 chaînes rompues.\n0 lectures de 0 chaînes lues, 0 purgées après un an.\n", sortie)

	dossier := t.TempDir()
	avecDossier := func(args ...string) (int, string, string) {
		t.Helper()
		o := runProgram(t, []string{"ENVIRONMENT=test", "DATABASE_URL=" + m.Base.URL, "DATA_DIR=" + dossier}, append([]string{"journal"}, args...)...)
		return o.code, o.stdout, o.stderr
	}
	code, sortie, erreurs = avecDossier("sceller")
	require.Equal(t, exitDone, code, erreurs)
	require.Contains(t, sortie, "Sceau n° 1 du ")
	require.Contains(t, sortie, "\n2 chaînes scellées, dans l’objet sceaux/")
	empreinte := regexp.MustCompile(`[0-9a-f]{64}`).FindString(sortie)
	code, sortie, erreurs = avecDossier("verifier", "--sceaux", "--empreinte", empreinte)
	require.Equal(t, exitDone, code, erreurs)
	require.Contains(t, sortie, "1 sceaux lus, 2 fins de chaîne retrouvées, 0 anomalies.\n")
	code, sortie, _ = avecDossier("verifier", "--sceaux", "--empreinte", strings.Repeat("0", 64), "--json")
	require.Equal(t, exitFailed, code)
	require.Contains(t, sortie, `"nature":"EMPREINTE_INCONNUE"`)

	m.Executer(`ALTER TABLE journal_audit DISABLE TRIGGER tg_journal_audit_ajout`)
	m.Executer(`UPDATE journal_audit SET acteur = 'un autre' WHERE id = (SELECT dernier_id - 1 FROM journal_ancre WHERE racine_id = $1)`, m.ID(autre))
	code, sortie, erreurs = appeler("verifier")
	require.Equal(t, exitFailed, code)
	require.Contains(t, sortie, "famille "+autre.String()+" : la ligne ")
	require.Contains(t, sortie, " a été modifiée\n6 lignes de 2 familles lues, 1 chaînes rompues.\n")
	require.Contains(t, erreurs, "le journal a été altéré")

	code, sortie, _ = appeler("verifier", "--famille", bonne.String(), "--json")
	require.Equal(t, exitDone, code)
	require.JSONEq(t, `{"familles":1,"lignes":3,"ruptures":[]}`, sortie)
	code, sortie, _ = appeler("verifier", "--famille", autre.String(), "--json")
	require.Equal(t, exitFailed, code)
	require.Contains(t, sortie, `"nature":"MODIFIEE"`)
	simulateur, err := sim.Start(t.Context(), sim.Options{Scenario: "minimal", Environment: "test"})
	require.NoError(t, err)
	defer simulateur.Close()
	o := runProgram(t, []string{"ENVIRONMENT=test", "DATABASE_URL=" + m.Base.URL, "DATA_DIR=" + t.TempDir(), "SIAP_CLIENT_HOST=" + simulateur.URL(),
		"SIAP_CLIENT_JWT_SIGN_KEY=" + string(simulateur.Key().Secret), "CERBERE_AUTH=" + simulateur.CASURL()}, "doctor")
	require.Equal(t, exitFailed, o.code, o.stderr)
	require.Contains(t, o.stdout, "chaîne rompue pour 1 famille(s) sur 2 (famille "+autre.String())
	for _, mal := range [][]string{{}, {"effacer"}, {"verifier", "--famille", "x"}, {"verifier", "--empreinte", "x"}, {"sceller", "--sceaux"},
		{"verifier", "--sceaux", "--famille", autre.String()}} {
		code, _, _ = appeler(mal...)
		require.Equal(t, exitUsage, code, mal)
	}
}
