package alert_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"apilos/api/alert"
	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/internal/fixture"
	"apilos/api/siap"
	"apilos/api/sim"
	"apilos/api/store"

	"github.com/stretchr/testify/require"
)

func TestAL03_AL04_purgeDeletesActionAlertsThenCreatesInOrder(t *testing.T) {
	b := nouveauBanc(t)
	bai, ins := b.EnBailleur(), b.EnInstructeur()
	id := b.Convention(fixture.Conv{})
	b.faire(bai, id, convention.Soumettre, convention.Commande{})
	b.livrerTout()
	require.Equal(t, []string{"MO info « Convention en instruction » R", "SG action « Convention à instruire » R"}, b.vues(id))

	b.sim.ClearRequests()
	b.faire(ins, id, convention.DemanderCorrections, convention.Commande{})
	b.livrerTout()
	require.Equal(t, []string{
		"MO info « Convention en instruction » R", "(supprimée) SG action « Convention à instruire » R",
		"SG info « Convention en correction » R", "MO action « Convention à corriger » R",
	}, b.vues(id))
	var appels []string
	for _, r := range b.sim.Requests("") {
		appels = append(appels, r.Method+" "+r.Route)
	}
	require.Equal(t, []string{"GET alertes_convention", "DELETE alerte_delete", "POST alerte_create", "POST alerte_create"}, appels)
	require.Equal(t, ins.Login, b.sim.Requests("alerte_create")[0].Login(), "with the credentials of the author")
	require.EqualValues(t, ins.HabilitationID, b.sim.Alertes(id.String())[2].HabilitationID)
}

func TestAL05_switchOffWritesIgnoredRowsAndLogsAndCallsNobody(t *testing.T) {
	b := nouveauBanc(t)
	ins := b.EnInstructeur()
	b.Executer(`UPDATE interrupteur SET actif = false WHERE nom = 'siap_alerte_on'`)
	id := b.Convention(fixture.Conv{Statut: convention.Instruction})
	b.faire(ins, id, convention.Valider, convention.Commande{})
	b.livrerTout()
	require.Empty(t, b.sim.Requests("alerte_create"))
	require.Empty(t, b.sim.Requests("alertes_convention"))
	require.Equal(t, 3, b.Compter(`SELECT count(*) FROM message_sortant WHERE canal = 'ALERTE_SIAP' AND etat = 'IGNOREE' AND traite_le IS NOT NULL`))
	require.Equal(t, 3, b.Compter(`SELECT count(*) FROM alerte_siap_log WHERE statut = 'IGNOREE'`))
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM alerte_siap_log WHERE statut = 'IGNOREE' AND operation = 'SUPPRESSION'`))
}

// A switch closed between the commit and the sending stops the alert too.
func TestSW01_alertSwitchIsReadAgainWhenSending(t *testing.T) {
	b := nouveauBanc(t)
	id := b.Convention(fixture.Conv{})
	b.faire(b.EnBailleur(), id, convention.Soumettre, convention.Commande{})
	b.Executer(`UPDATE interrupteur SET actif = false WHERE nom = 'siap_alerte_on'`)
	b.livrerTout()
	require.Empty(t, b.vues(id))
	require.Equal(t, 3, b.Compter(`SELECT count(*) FROM message_sortant WHERE canal = 'ALERTE_SIAP' AND etat = 'IGNOREE'`))
	require.Equal(t, 3, b.Compter(`SELECT count(*) FROM alerte_siap_log WHERE statut = 'IGNOREE'`))
}

// A switch limited to some people follows the actor.
func TestAL05_switchTargetedAtPeople(t *testing.T) {
	b := nouveauBanc(t)
	b.Executer(`UPDATE interrupteur SET portee = '{"typologies": ["INSTRUCTEUR"]}' WHERE nom = 'siap_alerte_on'`)
	un, deux := b.Convention(fixture.Conv{}), b.Convention(fixture.Conv{Statut: convention.Instruction})
	b.faire(b.EnBailleur(), un, convention.Soumettre, convention.Commande{})
	b.faire(b.EnInstructeur(), deux, convention.DemanderCorrections, convention.Commande{})
	b.livrerTout()
	require.Empty(t, b.vues(un))
	require.Len(t, b.vues(deux), 2)
}

func TestAL05_switchesWithoutRowHaveTheirDefault(t *testing.T) {
	b := nouveauBanc(t)
	b.Executer(`DELETE FROM interrupteur`)
	id := b.Convention(fixture.Conv{})
	b.faire(b.EnBailleur(), id, convention.Soumettre, convention.Commande{})
	b.livrerTout()
	require.Len(t, b.vues(id), 2)
	require.Len(t, b.relais.tous(), 1)
}

func TestAL06_everyTryLeavesALine(t *testing.T) {
	b := nouveauBanc(t)
	bai := b.EnBailleur()
	id := b.Convention(fixture.Conv{})
	b.panne(sim.Fault{Match: sim.Match{Route: string(siap.CallAlerteCreate)}, Status: 500})
	b.faire(bai, id, convention.Soumettre, convention.Commande{})
	b.livrerTout()
	echec := b.ligne(`SELECT * FROM alerte_siap_log WHERE operation = 'CREATION' AND statut = 'ECHEC'`)
	require.Contains(t, echec["erreur"], "HTTP 500")
	require.Equal(t, "Convention en instruction", echec["etiquette"])
	require.Equal(t, bai.Login, echec["user_login"])
	require.EqualValues(t, 1, echec["tentative"])
	require.Equal(t, []any{map[string]any{"role": "INSTRUCTEUR", "service": "MO"}}, echec["destinataires"])
	require.Equal(t, id.String(), echec["payload"].(map[string]any)["idConvention"])
	require.Contains(t, echec["description"], "Convention en instruction")

	b.h.Avancer(11 * time.Second)
	b.livrerTout()
	require.Equal(t, 2, b.Compter(`SELECT count(*) FROM alerte_siap_log WHERE operation = 'CREATION' AND statut = 'ENVOYEE' AND alerte_id IS NOT NULL`))
	require.Equal(t, 2, b.Compter(`SELECT max(tentative) FROM alerte_siap_log`))
}

func TestAL07_CC53_aDeadSiapNeitherSlowsNorFailsTheTransition(t *testing.T) {
	b := nouveauBanc(t)
	b.panne(sim.Fault{Match: sim.Match{}, Times: sim.Times(-1), DelayMS: 60_000})
	id := b.Convention(fixture.Conv{})
	debut := time.Now()
	b.faire(b.EnBailleur(), id, convention.Soumettre, convention.Commande{})
	require.Less(t, time.Since(debut), 30*time.Second, "half of what the SIAP would take, on a machine however loaded")
	require.Empty(t, b.sim.Requests(""), "nothing is called by the transition")
	require.Equal(t, "INSTRUCTION", b.ligne(`SELECT statut FROM convention WHERE uuid = $1`, id)["statut"])
}

func TestAL08_actorWithoutSiapCredentials(t *testing.T) {
	local := func(b *banc) auth.Principal {
		p := b.Utilisateur("Admin", "Local")
		p.Superuser, p.Typologie, p.HabilitationID = true, auth.Administrateur, 0
		return p
	}
	t.Run("technical account", func(t *testing.T) {
		b := nouveauBanc(t, func(c *alert.Config) {
			c.Technique = alert.CompteTechnique{Login: "technique@example.org", HabilitationID: 99}
		})
		id := b.Convention(fixture.Conv{Statut: convention.Instruction})
		b.faire(local(b), id, convention.Valider, convention.Commande{})
		b.livrerTout()
		require.Len(t, b.vues(id), 2)
		require.Equal(t, "technique@example.org", b.sim.Alertes(id.String())[0].Login)
		require.EqualValues(t, 99, b.sim.Alertes(id.String())[0].HabilitationID)
		require.Equal(t, 3, b.Compter(`SELECT count(*) FROM alerte_siap_log WHERE user_login = 'technique@example.org' AND habilitation_id = '99'`))
	})
	t.Run("none configured: ABANDON, no crash", func(t *testing.T) {
		b := nouveauBanc(t)
		id := b.Convention(fixture.Conv{Statut: convention.Instruction})
		b.faire(local(b), id, convention.Valider, convention.Commande{})
		b.livrerTout()
		require.Equal(t, "A_SIGNER", b.ligne(`SELECT statut FROM convention WHERE uuid = $1`, id)["statut"])
		require.Empty(t, b.vues(id))
		require.Equal(t, 3, b.Compter(`SELECT count(*) FROM message_sortant WHERE canal = 'ALERTE_SIAP' AND etat = 'ABANDON'`))
		require.Equal(t, 3, b.Compter(`SELECT count(*) FROM alerte_siap_log WHERE statut = 'ABANDON'`))
	})
}

func TestAL21_laterAlertsWaitForAnEarlierOne(t *testing.T) {
	b := nouveauBanc(t)
	id := b.Convention(fixture.Conv{})
	b.panne(sim.Fault{Match: sim.Match{Route: string(siap.CallAlertesConvention)}, Times: sim.Times(2), Status: 503})
	b.faire(b.EnBailleur(), id, convention.Soumettre, convention.Commande{})
	creations, purge := b.messages(id, alert.TypeCreer), b.messages(id, alert.TypePurger)[0]

	require.Positive(t, b.livrer(creations[1]).Attendre, "the last one does not overtake")
	require.Equal(t, 10*time.Second, b.livrer(purge).Attendre)
	require.Equal(t, 10*time.Second, b.livrer(creations[0]).Attendre, "as long as the purge waits")
	require.Empty(t, b.sim.Requests("alerte_create"))

	b.h.Avancer(10 * time.Second)
	require.Equal(t, 20*time.Second, b.livrer(purge).Attendre)
	b.livrer(creations[0])
	require.Empty(t, b.sim.Requests("alerte_create"))

	b.h.Avancer(20 * time.Second)
	require.Zero(t, b.livrer(purge).Attendre)
	require.Positive(t, b.livrer(creations[1]).Attendre)
	require.Zero(t, b.livrer(creations[0]).Attendre)
	require.Zero(t, b.livrer(creations[1]).Attendre)
	require.Equal(t, []string{"MO info « Convention en instruction » R", "SG action « Convention à instruire » R"}, b.vues(id))

	autre := b.Convention(fixture.Conv{})
	b.panne(sim.Fault{Match: sim.Match{Route: string(siap.CallAlertesConvention)}, Status: 503})
	b.faire(b.EnBailleur(), autre, convention.Soumettre, convention.Commande{})
	b.livrer(b.messages(autre, alert.TypePurger)[0])
	tiers := b.Convention(fixture.Conv{})
	b.faire(b.EnBailleur(), tiers, convention.Soumettre, convention.Commande{})
	require.Zero(t, b.livrer(b.messages(tiers, alert.TypePurger)[0]).Attendre, "another convention waits for nobody")
}

func TestAL22_backoffDoublesUpToAnHourThenGivesUpAfterADay(t *testing.T) {
	b := nouveauBanc(t)
	id := b.Convention(fixture.Conv{})
	b.panne(toujours(siap.CallAlertesConvention, 500)) // 500 says nothing against the host: the breaker stays closed
	b.faire(b.EnBailleur(), id, convention.Soumettre, convention.Commande{})
	purge := b.messages(id, alert.TypePurger)[0]
	debut := b.h.Now()
	var pauses []time.Duration
	for b.etat(purge) == alert.AEnvoyer {
		s := b.livrer(purge)
		if s.Perdu != "" {
			break
		}
		pauses = append(pauses, s.Attendre)
		b.h.Avancer(s.Attendre)
	}
	require.Equal(t, []time.Duration{10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600}, secondes(pauses[:10]))
	for _, p := range pauses[9:] {
		require.Equal(t, time.Hour, p)
	}
	require.Equal(t, alert.Abandon, b.etat(purge))
	require.LessOrEqual(t, b.h.Now().Sub(debut), 24*time.Hour)
	require.Greater(t, b.h.Now().Sub(debut), 22*time.Hour)
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM alerte_siap_log WHERE statut = 'ABANDON'`))
	require.Contains(t, b.ligne(`SELECT erreur FROM message_sortant WHERE id = $1`, purge)["erreur"], "HTTP 500")
	require.Equal(t, alert.Suite{}, b.livrer(purge), "a finished row does nothing")
}

func secondes(l []time.Duration) []time.Duration {
	out := make([]time.Duration, len(l))
	for i, d := range l {
		out[i] = d / time.Second
	}
	return out
}

func TestAL22_deliveredAfterAnOutageOfTwoHours(t *testing.T) {
	b := nouveauBanc(t)
	id := b.Convention(fixture.Conv{})
	b.panne(sim.Fault{Match: sim.Match{}, Times: sim.Times(-1), Status: 503})
	b.faire(b.EnBailleur(), id, convention.Soumettre, convention.Commande{})
	for range 24 {
		b.livrerTout()
		b.h.Avancer(5 * time.Minute)
	}
	require.Empty(t, b.vues(id))
	b.sim.ClearFaults()
	for range 24 {
		b.h.Avancer(5 * time.Minute)
		b.livrerTout()
	}
	require.Equal(t, []string{"MO info « Convention en instruction » R", "SG action « Convention à instruire » R"}, b.vues(id))
}

func TestAL23_unknownResultIsLookedForBeforeSendingAgain(t *testing.T) {
	t.Run("it had reached SIAP", func(t *testing.T) {
		b := nouveauBanc(t)
		id := b.Convention(fixture.Conv{})
		b.panne(sim.Fault{Match: sim.Match{Route: string(siap.CallAlerteCreate)}, Drop: true, After: true})
		b.faire(b.EnBailleur(), id, convention.Soumettre, convention.Commande{})
		b.livrerTout()
		premiere := b.messages(id, alert.TypeCreer)[0]
		require.Equal(t, alert.EnCours, b.etat(premiere), "it may have left")
		b.h.Avancer(11 * time.Second)
		b.livrerTout()
		require.Equal(t, []string{"MO info « Convention en instruction » R", "SG action « Convention à instruire » R"}, b.vues(id), "once")
		require.Equal(t, alert.Envoye, b.etat(premiere))
		require.Equal(t, "1", b.ligne(`SELECT identifiant_externe FROM message_sortant WHERE id = $1`, premiere)["identifiant_externe"])
	})
	t.Run("it had not", func(t *testing.T) {
		b := nouveauBanc(t)
		id := b.Convention(fixture.Conv{})
		b.panne(sim.Fault{Match: sim.Match{Route: string(siap.CallAlerteCreate)}, Drop: true})
		b.faire(b.EnBailleur(), id, convention.Soumettre, convention.Commande{})
		b.livrerTout()
		b.h.Avancer(11 * time.Second)
		b.livrerTout()
		require.Len(t, b.vues(id), 2)
	})
	t.Run("an earlier alert of the same day looks the same", func(t *testing.T) {
		b := nouveauBanc(t)
		ins := b.EnInstructeur()
		id := b.Convention(fixture.Conv{Statut: convention.Instruction})
		b.faire(ins, id, convention.DemanderCorrections, convention.Commande{})
		b.livrerTout()
		b.panne(sim.Fault{Match: sim.Match{Route: string(siap.CallAlerteCreate)}, Drop: true})
		b.faire(ins, id, convention.RelancerBailleur, convention.Commande{})
		b.livrerTout()
		b.h.Avancer(11 * time.Second)
		b.livrerTout()
		require.Equal(t, []string{
			"SG info « Convention en correction » R", "(supprimée) MO action « Convention à corriger » R",
			"SG info « Convention en correction » R", "MO action « Convention à corriger » R",
		}, b.vues(id))
	})
}

// A worker that dies between the acceptance of SIAP and our commit leaves a claimed row: the next one finds
// the alert and sends nothing.
func TestAL23_workerKilledAfterSiapAccepted(t *testing.T) {
	b := nouveauBanc(t)
	bai := b.EnBailleur()
	id := b.Convention(fixture.Conv{})
	b.faire(bai, id, convention.Soumettre, convention.Commande{})
	b.livrer(b.messages(id, alert.TypePurger)[0])
	premiere := b.messages(id, alert.TypeCreer)[0]
	r, err := store.NewAlertes(b.Store).Reclamer(context.Background(), premiere, b.h.Now(), bail)
	require.NoError(t, err)
	require.NotNil(t, r.Ligne)
	var charge struct{ Creation siap.AlerteCreation }
	require.NoError(t, json.Unmarshal(r.Ligne.Charge, &charge))
	_, err = b.siap.CreateAlerte(context.Background(), bai.Login, bai.HabilitationID, charge.Creation)
	require.NoError(t, err) // and the worker dies here

	require.Equal(t, time.Second, b.livrer(premiere).Attendre, "the lease is respected")
	require.Positive(t, b.livrer(b.messages(id, alert.TypeCreer)[1]).Attendre, "and the order too")
	b.h.Avancer(bail)
	b.livrerTout()
	require.Equal(t, []string{"MO info « Convention en instruction » R", "SG action « Convention à instruire » R"}, b.vues(id))
}

// A worker that comes back after its lease can no longer write anything.
func TestAL21_claimIsFenced(t *testing.T) {
	b := nouveauBanc(t)
	id := b.Convention(fixture.Conv{})
	b.faire(b.EnBailleur(), id, convention.Soumettre, convention.Commande{})
	purge := b.messages(id, alert.TypePurger)[0]
	st, ctx := store.NewAlertes(b.Store), context.Background()
	vieux, err := st.Reclamer(ctx, purge, b.h.Now(), bail)
	require.NoError(t, err)
	b.h.Avancer(bail)
	neuf, err := st.Reclamer(ctx, purge, b.h.Now(), bail)
	require.NoError(t, err)
	require.True(t, neuf.Doute)

	nous, err := st.Conclure(ctx, vieux.Ligne, alert.Issue{Etat: alert.Abandon, Le: b.h.Now()})
	require.NoError(t, err)
	require.False(t, nous)
	nous, err = st.Prolonger(ctx, vieux.Ligne, b.h.Now().Add(time.Hour))
	require.NoError(t, err)
	require.False(t, nous)
	nous, err = st.Conclure(ctx, neuf.Ligne, alert.Issue{Etat: alert.Envoye, Le: b.h.Now()})
	require.NoError(t, err)
	require.True(t, nous)
}

// Twenty workers on the same row: one call.
// The second worker read its clock a little before the first, and waited for the lock: what it meets is a
// lease, not a back-off, and it must not sleep the whole of it.
func TestAL21_leaseTakenLaterThanOurClockIsALease(t *testing.T) {
	b := nouveauBanc(t)
	id := b.Convention(fixture.Conv{})
	b.faire(b.EnBailleur(), id, convention.Soumettre, convention.Commande{})
	b.livrer(b.messages(id, alert.TypePurger)[0])
	creations := b.messages(id, alert.TypeCreer)
	st, ctx := store.NewAlertes(b.Store), context.Background()
	premier, err := st.Reclamer(ctx, creations[0], b.h.Now().Add(80*time.Millisecond), bail)
	require.NoError(t, err)
	require.NotNil(t, premier.Ligne)
	second, err := st.Reclamer(ctx, creations[1], b.h.Now(), bail)
	require.NoError(t, err)
	require.Nil(t, second.Ligne)
	require.Positive(t, second.Attendre)
	require.Less(t, second.Attendre, 5*time.Second)
}

func TestAL21_concurrentWorkersSendOnce(t *testing.T) {
	b := nouveauBanc(t)
	id := b.Convention(fixture.Conv{})
	b.faire(b.EnBailleur(), id, convention.Soumettre, convention.Commande{})
	ids := append(b.messages(id, alert.TypePurger), b.messages(id, alert.TypeCreer)...)
	fini := make(chan error, 60)
	for _, m := range ids {
		for range 20 {
			go func() {
				_, err := b.alertes.Livrer(context.Background(), m)
				fini <- err
			}()
		}
	}
	for range 60 {
		require.NoError(t, <-fini)
	}
	b.file.ids = ids
	b.livrerTout()
	require.Equal(t, []string{"MO info « Convention en instruction » R", "SG action « Convention à instruire » R"}, b.vues(id))
	require.Len(t, b.sim.Requests("alerte_create"), 2)
}
