package app

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
)

const (
	solene = "solene.legoff@example.org"
	sophie = "sophie.bernard@example.org"
)

// auTravail runs the workers of the platform until the end of the test.
func (p *plateforme) auTravail(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	fini := make(chan error, 1)
	go func() { fini <- p.travailler(ctx) }()
	t.Cleanup(func() { cancel(); require.NoError(t, <-fini) })
}

// equipe signs in somebody of the staff.
func (e *entrant) equipe() *client {
	e.t.Helper()
	e.connecter(e.t, sophie)
	_, err := e.db.Pool().Exec(e.t.Context(), `UPDATE utilisateur SET est_staff = true WHERE cerbere_login = $1`, sophie)
	require.NoError(e.t, err)
	return e.connecter(e.t, sophie)
}

// TestB54FusionDepuisUnAppelDuSIAP: a call of SIAP for a bailleur has its mergers read by a job, on behalf of somebody
// who has no account here, and once an hour.
func TestB54FusionDepuisUnAppelDuSIAP(t *testing.T) {
	e := entrer(t)
	require.Equal(t, 200, e.en(luc, 201)(http.MethodPost, "/operation/20230870008/").Code, "the absorbed bailleur, 999087042")
	taches := func() int { return e.compter(`SELECT count(*) FROM river_job WHERE kind = 'lire_fusions'`) }
	require.Zero(t, taches(), "a service has no mergers")
	for range 3 {
		require.Equal(t, 200, e.en(marie, 101)(http.MethodGet, "/convention_kpi/").Code)
	}
	require.Equal(t, 1, taches(), "once an hour")
	require.Zero(t, e.compter(`SELECT count(*) FROM utilisateur`), "nobody has an account")
	require.Empty(t, e.sim.Requests("fusion"), "never inline")
	require.Zero(t, e.compter(`SELECT count(*) FROM bailleur WHERE parent_id IS NOT NULL`))

	e.auTravail(t)
	require.Eventually(t, func() bool {
		return e.compter(`SELECT count(*) FROM bailleur e JOIN bailleur p ON p.id = e.parent_id WHERE p.siren = '999087018' AND e.parent_origine = 'SIAP'`) == 1
	}, 60*time.Second, 50*time.Millisecond)
	require.Equal(t, marie, e.sim.Requests("fusion")[0].Claims["user-login"])

	liste := e.en(marie, 101)(http.MethodGet, "/convention_kpi/")
	require.Contains(t, liste.Corps, `"indicateur_valeur":1`, "the conventions of the absorbed bailleur are in the perimeter")
	_, err := e.db.Pool().Exec(t.Context(), `UPDATE fusion_lecture SET demandee_le = demandee_le - interval '61 minutes'`)
	require.NoError(t, err)
	require.Equal(t, 200, e.en(marie, 101)(http.MethodGet, "/convention_kpi/").Code)
	require.Equal(t, 2, taches())
}

// TestB61NomDeLHabilitation: the operation names the bailleur; a habilitation that spells it differently is noted once
// and never renames it, and the event ends when they agree.
func TestB61NomDeLHabilitation(t *testing.T) {
	e := entrer(t)
	require.Equal(t, 200, e.en(luc, 201)(http.MethodPost, "/operation/20240870001/").Code)
	renommer := func(nom string) {
		_, err := e.db.Pool().Exec(t.Context(), `UPDATE bailleur SET nom = $1 WHERE siren = '999087018'`, nom)
		require.NoError(t, err)
		_, err = e.db.Pool().Exec(t.Context(), `DELETE FROM fusion_lecture`)
		require.NoError(t, err)
	}
	ouvertes := func() int {
		return e.compter(`SELECT count(*) FROM siap_anomalie WHERE code = 'BAILLEUR_NOM_HABILITATION' AND resolue_le IS NULL AND occurrences = 1`)
	}
	kpi := func() { require.Equal(t, 200, e.en(marie, 101)(http.MethodGet, "/convention_kpi/").Code) }
	kpi()
	require.Zero(t, ouvertes(), "same name")
	renommer("Porcelaine et Compagnie")
	kpi()
	e.connecter(t, marie)
	require.Equal(t, 1, ouvertes())
	require.Equal(t, 1, e.compter(`SELECT count(*) FROM siap_anomalie WHERE valeur = 'Porcelaine Habitat' AND champ = 'habilitation.entiteMorale.nom:999087018'`))
	require.Equal(t, 1, e.compter(`SELECT count(*) FROM bailleur WHERE nom = 'Porcelaine et Compagnie'`))
	renommer("Porcelaine Habitat")
	kpi()
	require.Zero(t, ouvertes())
}

// TestAL08CompteTechnique: what SIAP cancels for somebody without account leaves with the technical account.
func TestAL08CompteTechnique(t *testing.T) {
	e := entrer(t, "SIAP_TECHNICAL_LOGIN=technique@example.org", "SIAP_TECHNICAL_HABILITATION_ID=909")
	require.Equal(t, 200, e.en(luc, 201)(http.MethodPost, "/operation/20240870002/").Code)
	require.JSONEq(t, `{"status":"SUCCESS"}`, e.en(luc, 201)(http.MethodPost, "/cancel_operation/20240870002/").Corps)
	e.auTravail(t)
	require.Eventually(t, func() bool { return len(e.sim.Requests("alerte_create")) > 0 }, 60*time.Second, 50*time.Millisecond)
	for _, r := range append(e.sim.Requests("alerte_create"), e.sim.Requests("alertes_convention")...) {
		require.Equal(t, "technique@example.org", r.Claims["user-login"])
		require.EqualValues(t, "909", r.Claims["habilitation-id"].(json.Number))
	}
}

// TestB2Mesures: each attempt is counted by call and outcome, and the breaker is a gauge.
func TestB2Mesures(t *testing.T) {
	e := entrer(t)
	reg := prometheus.NewRegistry()
	require.NoError(t, e.mesureSIAP.inscrire(reg))
	e.pannes(`[{"match":{"route":"operation"},"times":-1,"status":503}]`)
	for range 2 {
		e.en(luc, 201)(http.MethodPost, "/operation/20240870001/").refusee(503, "siap_unavailable")
	}
	vues := map[string]float64{}
	familles, err := reg.Gather()
	require.NoError(t, err)
	for _, f := range familles {
		for _, m := range f.GetMetric() {
			cle := f.GetName()
			for _, l := range m.GetLabel() {
				cle += " " + l.GetValue()
			}
			vues[cle] = m.GetCounter().GetValue() + m.GetGauge().GetValue() + float64(m.GetHistogram().GetSampleCount())
		}
	}
	require.EqualValues(t, 1, vues["apilos_siap_calls_total habilitations ok"], "kept for a minute")
	require.EqualValues(t, 5, vues["apilos_siap_calls_total operation unavailable"])
	require.EqualValues(t, 5, vues["apilos_siap_call_duration_seconds operation unavailable"])
	require.EqualValues(t, 1, vues["apilos_siap_calls_total operation breaker_open"], "open after five failures in a row")
	require.EqualValues(t, 1, vues["apilos_siap_breaker_open"])
}

// TestB63CommandeZonages: the command tells, then writes, then finds nothing.
func TestB63CommandeZonages(t *testing.T) {
	e := entrer(t)
	require.Equal(t, 200, e.en(luc, 201)(http.MethodPost, "/operation/20240870002/").Code)
	commande := func(o RepairOptions) string {
		var sortie strings.Builder
		o.Output = &sortie
		require.NoError(t, ReparerZonages(t.Context(), e.cfg, o))
		return sortie.String()
	}
	require.Contains(t, commande(RepairOptions{}), "Aucune opération")
	for _, sql := range []string{
		`ALTER TABLE operation DROP CONSTRAINT operation_zone_123_check, DROP CONSTRAINT operation_zone_abc_check`,
		`UPDATE operation SET zone_123 = 'C', zone_abc = '1bis'`,
	} {
		_, err := e.db.Pool().Exec(t.Context(), sql)
		require.NoError(t, err)
	}
	annonce := commande(RepairOptions{})
	require.Contains(t, annonce, "20240870002 : zone 123 C → 1bis, zone ABC 1bis → C")
	require.Contains(t, annonce, "Rien n’a été écrit")
	refus := errors.New("non")
	announced := 0
	err := ReparerZonages(t.Context(), e.cfg, RepairOptions{
		Run: true, Acteur: "a@example.org", Motif: "reprise", Output: io.Discard, Confirmer: func(n int) error { announced = n; return refus },
	})
	require.ErrorIs(t, err, refus)
	require.Equal(t, 1, announced)
	require.Zero(t, e.compter(`SELECT count(*) FROM operation WHERE zone_123 = '1bis'`), "nothing is written before the answer")
	require.Contains(t, commande(RepairOptions{Run: true, Acteur: "a@example.org", Motif: "reprise"}), "Opérations corrigées : 1.")
	require.Equal(t, 1, e.compter(`SELECT count(*) FROM operation WHERE zone_123 = '1bis' AND zone_abc = 'C'`))
}

// TestB9CodesInconnus: a role or a profil that is in no list is noted once, by a sign-in or by a call of SIAP.
func TestB9CodesInconnus(t *testing.T) {
	e := entrer(t)
	groupe := func(cle string, v any) func(map[string]any) {
		return func(h map[string]any) { h["groupe"].(map[string]any)[cle] = v }
	}
	e.habilitation(marie, 0, groupe("codeRole", "MO_ROLE_NEUF"))
	e.habilitation(solene, 0, groupe("profil", map[string]any{"code": "PROFIL_NEUF"}))
	for range 2 {
		require.Equal(t, 200, e.en(marie, 101)(http.MethodGet, "/convention_kpi/").Code, "PE-10: read-only, not refused")
		e.en(solene, 111)(http.MethodGet, "/convention_kpi/").refusee(403, "profil_not_supported")
	}
	e.connecter(t, marie)
	require.Equal(t, 1, e.compter(`SELECT count(*) FROM siap_anomalie WHERE champ = 'habilitation.groupe.codeRole' AND valeur = 'MO_ROLE_NEUF' AND occurrences = 1`))
	require.Equal(t, 1, e.compter(`SELECT count(*) FROM siap_anomalie WHERE champ = 'habilitation.groupe.profil.code' AND valeur = 'PROFIL_NEUF' AND occurrences = 1`))
	require.Equal(t, 2, e.compter(`SELECT count(*) FROM siap_anomalie WHERE code = 'VALEUR_INCONNUE'`))
}

// TestB3CommandeAlertes is calls 6 and 9 from the command line.
func TestB3CommandeAlertes(t *testing.T) {
	e := entrer(t)
	require.Equal(t, 200, e.en(luc, 201)(http.MethodPost, "/operation/20240870001/").Code)
	e.auTravail(t)
	bailleur := e.connecter(t, marie)
	id := bailleur.premiere("PROJET")
	require.Equal(t, 200, bailleur.agir(id, "soumettre", `{"confirmer_incomplet":true,"commentaire":"essai"}`).Code)
	require.Eventually(t, func() bool { return len(e.sim.Alertes(id)) == 2 }, 60*time.Second, 50*time.Millisecond)
	lire := func(o AlertesOptions) ([]string, error) {
		var sortie strings.Builder
		o.Output = &sortie
		err := AlertesSIAP(t.Context(), e.cfg, o)
		return strings.Split(strings.TrimSpace(sortie.String()), "\n"), err
	}
	_, err := lire(AlertesOptions{})
	require.ErrorContains(t, err, "SIAP_TECHNICAL_LOGIN")
	toutes, err := lire(AlertesOptions{Login: luc, HabilitationID: 201})
	require.NoError(t, err)
	require.Len(t, toutes, 2)
	e.cfg.SIAPClient.TechnicalLogin, e.cfg.SIAPClient.TechnicalHabilitationID = "technique@example.org", 9
	une, err := lire(AlertesOptions{Convention: id})
	require.NoError(t, err)
	require.Equal(t, toutes, une)
	require.Contains(t, une[0], `"libelleAlerte":"Convention en instruction"`)
}
