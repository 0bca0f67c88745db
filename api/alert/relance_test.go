package alert_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"apilos/api/alert"
	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/internal/fixture"
	"apilos/api/siap"
	"apilos/api/sim"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// equipe is somebody of the staff.
func (b *banc) equipe() auth.Principal {
	p := b.Utilisateur("Alice", "Support")
	p.Staff = true
	return p
}

// uuidDe reads the identifier of a row.
func (b *banc) uuidDe(id int64) uuid.UUID {
	b.t.Helper()
	return uuid.MustParse(b.ligne(`SELECT uuid FROM message_sortant WHERE id = $1`, id)["uuid"].(string))
}

// laisserPasser delivers as the queue would, every five minutes of the clock of the test.
func (b *banc) laisserPasser(d time.Duration) {
	b.t.Helper()
	for fin := b.h.Now().Add(d); b.h.Now().Before(fin); {
		b.h.Avancer(5 * time.Minute)
		b.livrerTout()
	}
}

// TestG8_anHourWithoutSIAP is 05 G.8: whatever the way SIAP fails, the alerts of several changes arrive once, in
// order, once it answers.
func TestG8_anHourWithoutSIAP(t *testing.T) {
	for nom, panne := range map[string]sim.Fault{
		"500":          {Times: sim.Times(-1), Status: 500},
		"503":          {Times: sim.Times(-1), Status: 503},
		"HTML":         {Times: sim.Times(-1), Status: 502, Body: []byte(`"<html>indisponible</html>"`)},
		"cut":          {Times: sim.Times(-1), Drop: true},
		"401":          {Times: sim.Times(-1), Status: 401},
		"429":          {Times: sim.Times(-1), Status: 429},
		"creation cut": {Match: sim.Match{Route: string(siap.CallAlerteCreate)}, Times: sim.Times(-1), Drop: true},
	} {
		t.Run(nom, func(t *testing.T) {
			b := nouveauBanc(t)
			bai, ins := b.EnBailleur(), b.EnInstructeur()
			id := b.Convention(fixture.Conv{})
			b.panne(panne)
			b.faire(bai, id, convention.Soumettre, convention.Commande{})
			b.livrerTout()
			b.laisserPasser(20 * time.Minute)
			b.faire(ins, id, convention.DemanderCorrections, convention.Commande{})
			b.laisserPasser(20 * time.Minute)
			b.faire(bai, id, convention.RenvoyerInstruction, convention.Commande{})
			b.laisserPasser(20 * time.Minute)
			avant := len(b.vues(id))
			require.Equal(t, 3, b.Compter(`SELECT count(DISTINCT historique_id) FROM message_sortant WHERE canal = 'ALERTE_SIAP'`))

			b.sim.ClearFaults()
			b.laisserPasser(2*time.Hour + 10*time.Minute) // the longest pause is one hour, for each of the three changes
			require.Zero(t, b.Compter(`SELECT count(*) FROM message_sortant WHERE canal = 'ALERTE_SIAP' AND etat NOT IN ('ENVOYE','IGNOREE')`))
			// What is no longer to be done, or no longer true, is not told (AL-24).
			require.Equal(t, []string{"MO info « Convention en instruction » R", "SG action « Convention à instruire à nouveau » R"}, b.vues(id)[avant:])
		})
	}
}

// TestAL23_everyAnswerOfAnHourIsLost: SIAP does what it is asked but we never hear of it.
func TestAL23_everyAnswerOfAnHourIsLost(t *testing.T) {
	b := nouveauBanc(t)
	bai, ins := b.EnBailleur(), b.EnInstructeur()
	id := b.Convention(fixture.Conv{})
	b.panne(sim.Fault{Match: sim.Match{Method: "POST"}, Times: sim.Times(-1), Drop: true, After: true}, sim.Fault{Match: sim.Match{Method: "DELETE"}, Times: sim.Times(-1), Drop: true, After: true})
	b.faire(bai, id, convention.Soumettre, convention.Commande{})
	b.laisserPasser(30 * time.Minute)
	b.faire(ins, id, convention.DemanderCorrections, convention.Commande{})
	b.laisserPasser(30 * time.Minute)
	b.sim.ClearFaults()
	b.laisserPasser(2*time.Hour + 10*time.Minute)
	require.Equal(t, []string{
		"MO info « Convention en instruction » R", "(supprimée) SG action « Convention à instruire » R",
		"SG info « Convention en correction » R", "MO action « Convention à corriger » R",
	}, b.vues(id))
	require.Zero(t, b.Compter(`SELECT count(*) FROM message_sortant WHERE canal = 'ALERTE_SIAP' AND etat <> 'ENVOYE'`))
}

// abandonner makes a submission whose alerts are all given up.
func (b *banc) abandonner(p auth.Principal, code convention.Code, id uuid.UUID) {
	b.t.Helper()
	b.panne(toujours("", 500))
	b.faire(p, id, code, convention.Commande{})
	b.livrerTout()
	for range 40 {
		b.h.Avancer(time.Hour + time.Minute)
		b.livrerTout()
	}
	b.sim.ClearFaults()
}

func TestAL22_lostAlertsAreSentAgainInOrderWithAFreshDay(t *testing.T) {
	b := nouveauBanc(t)
	staff := b.equipe()
	id := b.Convention(fixture.Conv{})
	b.abandonner(b.EnBailleur(), convention.Soumettre, id)
	require.Equal(t, 3, b.Compter(`SELECT count(*) FROM message_sortant WHERE canal = 'ALERTE_SIAP' AND etat = 'ABANDON'`))
	require.Empty(t, b.vues(id))

	r, err := b.alertes.RelancerPerdus(t.Context(), staff, alert.FiltreRegistre{Canaux: []string{alert.CanalAlerte}}, "", true)
	require.NoError(t, err)
	require.Equal(t, alert.Relances{Concernes: 3, Restants: 3}, r, "a simulation changes nothing")
	require.Equal(t, 3, b.Compter(`SELECT count(*) FROM message_sortant WHERE etat = 'ABANDON'`))

	b.panne(toujours("", 500)) // still away: the new day of tries begins with short pauses
	r, err = b.alertes.RelancerPerdus(t.Context(), staff, alert.FiltreRegistre{Canaux: []string{alert.CanalAlerte}}, "Le SIAP répond de nouveau", false)
	require.NoError(t, err)
	require.Equal(t, alert.Relances{Concernes: 3, Relances: 3}, r)
	require.Equal(t, 3, b.Compter(`SELECT count(*) FROM journal_audit WHERE commande = 'message.relancer' AND motif = 'Le SIAP répond de nouveau' AND utilisateur_id = $1`, staff.UtilisateurID))
	b.livrerTout()
	purge := b.messages(id, alert.TypePurger)[0]
	suite := b.livrer(purge)
	require.Positive(t, suite.Attendre)
	require.LessOrEqual(t, suite.Attendre, 11*time.Second, "not the hour of the last try of yesterday")
	b.sim.ClearFaults()
	b.laisserPasser(15 * time.Minute)
	require.Equal(t, []string{"MO info « Convention en instruction » R", "SG action « Convention à instruire » R"}, b.vues(id))
}

// Two clicks at once make one relaunch, one job, one line of audit.
func TestRelance_isIdempotentUnderConcurrency(t *testing.T) {
	b := nouveauBanc(t)
	staff := b.equipe()
	id := b.Convention(fixture.Conv{})
	b.abandonner(b.EnBailleur(), convention.Soumettre, id)
	m := b.messages(id, alert.TypeCreer)[0]
	b.file.ids = nil
	var erreurs atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := b.alertes.RelancerPerdu(context.Background(), staff, b.uuidDe(m), ""); err != nil {
				erreurs.Add(1)
			}
		})
	}
	wg.Wait()
	require.Zero(t, erreurs.Load())
	require.Equal(t, []int64{m}, b.file.ids)
	require.Equal(t, 1, b.Compter(`SELECT relances FROM message_sortant WHERE id = $1`, m))
	require.Equal(t, 1, b.Compter(`SELECT count(*) FROM journal_audit WHERE commande = 'message.relancer'`))
}

// An alert that reached SIAP although we gave it up is found, not sent again (AL-23).
func TestAL23_relaunchLooksInSIAPFirst(t *testing.T) {
	b := nouveauBanc(t)
	staff := b.equipe()
	id := b.Convention(fixture.Conv{})
	b.faire(b.EnBailleur(), id, convention.Soumettre, convention.Commande{})
	b.livrerTout()
	require.Len(t, b.vues(id), 2)
	m := b.messages(id, alert.TypeCreer)[1]
	b.Executer(`UPDATE message_sortant SET etat = 'ABANDON', identifiant_externe = '' WHERE id = $1`, m) // the answer was lost
	_, err := b.alertes.RelancerPerdu(t.Context(), staff, b.uuidDe(m), "")
	require.NoError(t, err)
	b.livrerTout()
	require.Len(t, b.vues(id), 2, "no alert twice")
	require.Equal(t, alert.Envoye, b.etat(m))
}

// A purge given up long ago must not delete the alerts of a later change; its creations are told of nobody.
func TestAL03_aLatePurgeSparesWhatCameAfter(t *testing.T) {
	b := nouveauBanc(t)
	staff := b.equipe()
	id := b.Convention(fixture.Conv{})
	b.abandonner(b.EnBailleur(), convention.Soumettre, id)
	b.faire(b.EnInstructeur(), id, convention.DemanderCorrections, convention.Commande{})
	b.livrerTout()
	voulu := []string{"SG info « Convention en correction » R", "MO action « Convention à corriger » R"}
	require.Equal(t, voulu, b.vues(id))
	_, err := b.alertes.RelancerPerdus(t.Context(), staff, alert.FiltreRegistre{}, "tout relancer", false)
	require.NoError(t, err)
	b.livrerTout()
	require.Equal(t, voulu, b.vues(id))
	require.Equal(t, 2, b.Compter(`SELECT count(*) FROM message_sortant WHERE type = 'alerte.creer' AND etat = 'IGNOREE'`), "AL-24")
}

// Data completed since then is what the relaunch sends (05 B.8).
func TestB8_relaunchAfterTheDataWasCompleted(t *testing.T) {
	b := nouveauBanc(t)
	staff := b.equipe()
	id := b.Convention(fixture.Conv{})
	b.Executer(`UPDATE operation SET code_insee_commune = ''`)
	b.faire(b.EnBailleur(), id, convention.Soumettre, convention.Commande{})
	b.livrerTout()
	require.Equal(t, 2, b.Compter(`SELECT count(*) FROM message_sortant WHERE type = 'alerte.creer' AND etat = 'ECHEC'`))
	b.Executer(`UPDATE operation SET code_insee_commune = '87085'`)
	for _, m := range b.messages(id, alert.TypeCreer) {
		_, err := b.alertes.RelancerPerdu(t.Context(), staff, b.uuidDe(m), "")
		require.NoError(t, err)
	}
	b.livrerTout()
	require.Len(t, b.vues(id), 2)
	require.Equal(t, "87085", b.sim.Alertes(id.String())[0].CodeCommune)
}

func TestRelance_refusals(t *testing.T) {
	b := nouveauBanc(t)
	staff := b.equipe()
	id := b.Convention(fixture.Conv{})
	bai := b.EnBailleur()
	b.faire(bai, id, convention.Soumettre, convention.Commande{})
	b.livrerTout()
	envoye := b.uuidDe(b.messages(id, alert.TypeCreer)[0])
	code := func(err error) string {
		require.Error(t, err)
		return fault.As(err).Code
	}
	relancer := func(p auth.Principal, m uuid.UUID, motif string) string {
		_, err := b.alertes.RelancerPerdu(t.Context(), p, m, motif)
		return code(err)
	}
	require.Equal(t, "MESSAGE_NON_RELANCABLE", relancer(staff, envoye, ""))
	require.Equal(t, "introuvable", relancer(staff, uuid.New(), ""))
	require.Equal(t, "PERMISSION_REFUSEE", relancer(bai, envoye, ""))
	require.Equal(t, "motif_invalide", relancer(staff, envoye, "abc"))
	lecteur := staff
	lecteur.LectureSeule = true
	require.Equal(t, "PERMISSION_REFUSEE", relancer(lecteur, envoye, ""))
	_, err := b.alertes.RelancerPerdus(t.Context(), staff, alert.FiltreRegistre{}, " ", false)
	require.Equal(t, "motif_invalide", code(err))
	b.Executer(`UPDATE message_sortant SET etat = 'ABANDON', charge = NULL WHERE uuid = $1`, envoye)
	require.Equal(t, "MESSAGE_NON_RELANCABLE", relancer(staff, envoye, ""), "its content is gone")
}

func TestRegistre_filtersAndDetail(t *testing.T) {
	b := nouveauBanc(t)
	staff, bai := b.equipe(), b.EnBailleur()
	un, deux := b.Convention(fixture.Conv{}), b.Convention(fixture.Conv{})
	b.panne(sim.Fault{Match: sim.Match{Route: string(siap.CallAlerteCreate)}, Status: 400, Body: []byte(`{"detail":"refus"}`)})
	b.faire(bai, un, convention.Soumettre, convention.Commande{})
	b.livrerTout()
	b.h.Avancer(48 * time.Hour)
	b.faire(bai, deux, convention.Soumettre, convention.Commande{})
	b.livrerTout()
	compter := func(p auth.Principal, f alert.FiltreRegistre) int {
		f.Limite = 100
		l, n, err := b.alertes.Lister(t.Context(), p, f)
		require.NoError(t, err)
		require.Len(t, l, n)
		return n
	}
	alertes := []string{alert.CanalAlerte}
	hier := b.h.Now().Add(-24 * time.Hour)
	require.Equal(t, 6, compter(staff, alert.FiltreRegistre{Canaux: alertes}))
	require.Equal(t, 3, compter(staff, alert.FiltreRegistre{Canaux: alertes, Depuis: &hier}))
	require.Equal(t, 3, compter(staff, alert.FiltreRegistre{Canaux: alertes, Jusqua: &hier}))
	require.Equal(t, 1, compter(staff, alert.FiltreRegistre{Etats: []string{alert.Echec}}))
	require.Equal(t, 3, compter(staff, alert.FiltreRegistre{Canaux: alertes, ConventionID: b.ID(deux)}))
	numero := b.ligne(`SELECT numero_operation FROM operation o JOIN convention c ON c.operation_id = o.id WHERE c.uuid = $1`, un)["numero_operation"].(string)
	require.GreaterOrEqual(t, compter(staff, alert.FiltreRegistre{Canaux: alertes, Operation: numero}), 3)
	require.Zero(t, compter(staff, alert.FiltreRegistre{Operation: "inconnue"}))
	require.Equal(t, 6, compter(bai, alert.FiltreRegistre{Canaux: alertes}))
	require.Zero(t, compter(b.EnInstructeur(), alert.FiltreRegistre{}))
	ailleurs := bai
	ailleurs.BailleurIDs = []int64{1 << 40}
	require.Zero(t, compter(ailleurs, alert.FiltreRegistre{}), "another habilitation of the same person sees other conventions (PE-12)")

	l, _, err := b.alertes.Lister(t.Context(), staff, alert.FiltreRegistre{Etats: []string{alert.Echec}, Limite: 1})
	require.NoError(t, err)
	require.Equal(t, "Convention en instruction", l[0].Etiquette)
	require.Equal(t, un, *l[0].ConventionUUID)
	require.Empty(t, l[0].Charge, "lists do not read contents")
	fiche, err := b.alertes.Lire(t.Context(), staff, l[0].UUID)
	require.NoError(t, err)
	require.Equal(t, un.String(), fiche.Contenu.IDConvention)
	require.Len(t, fiche.Essais, 1)
	require.True(t, fiche.Relancable)
	_, err = b.alertes.Lire(t.Context(), bai, l[0].UUID)
	require.Equal(t, "introuvable", fault.As(err).Code)

	comptes, err := b.alertes.Compter(t.Context(), staff)
	require.NoError(t, err)
	require.Contains(t, comptes, alert.Compte{Canal: alert.CanalAlerte, Etat: alert.Echec, Nombre: 1, PlusAncienne: l[0].CreeLe})
	_, err = b.alertes.Compter(t.Context(), bai)
	require.Equal(t, "PERMISSION_REFUSEE", fault.As(err).Code)
}

func TestAuSIAP_neverFailsThePage(t *testing.T) {
	b := nouveauBanc(t)
	bai := b.EnBailleur()
	id := b.Convention(fixture.Conv{})
	b.faire(bai, id, convention.Soumettre, convention.Commande{})
	b.livrerTout()
	liste, raison := b.alertes.AuSIAP(t.Context(), bai, id)
	require.Empty(t, raison)
	require.Len(t, liste, 2)
	l, _, err := b.alertes.Lister(t.Context(), bai, alert.FiltreRegistre{Canaux: []string{alert.CanalAlerte}, Limite: 10})
	require.NoError(t, err)
	etats := map[string]int{}
	for _, i := range l {
		etats[alert.EtatSIAP(i.MessageSortant, liste)]++
	}
	require.Equal(t, map[string]int{"PRESENTE": 2, "": 1}, etats)
	require.Equal(t, "RETIREE", alert.EtatSIAP(l[0].MessageSortant, nil))

	b.panne(toujours("", 500))
	_, raison = b.alertes.AuSIAP(t.Context(), bai, id)
	require.Equal(t, alert.SIAPIndisponible, raison)
	local := b.equipe()
	local.Login = ""
	_, raison = b.alertes.AuSIAP(t.Context(), local, id)
	require.Equal(t, alert.SIAPSansIdentifiants, raison)
	b.sim.ClearFaults()
	liste, raison = b.alertes.AuSIAP(t.Context(), bai, uuid.New())
	require.Empty(t, raison)
	require.Empty(t, liste)
}

// The antivirus has no account in SIAP: the technical one tells both sides.
func TestAL12_infectedFileIsToldThroughTheTechnicalAccount(t *testing.T) {
	b := nouveauBanc(t, func(c *alert.Config) {
		c.Technique = alert.CompteTechnique{Login: "technique@example.org", HabilitationID: 99}
	})
	id := b.Convention(fixture.Conv{Statut: convention.ASigner})
	e := evenement("virus", "convention")
	e.ConventionID, e.RacineID, e.ConventionUUID = b.ID(id), b.ID(id), id
	e.HistoriqueID, e.FichierID, e.FichierNom, e.Acteur = 0, b.DocumentSigne(id, "INFECTE"), "signé.pdf", auth.Principal{Login: "antivirus"}
	require.NoError(t, b.Store.InTx(t.Context(), func(ctx context.Context) error { return b.alertes.Emettre(ctx, e) }))
	b.livrerTout()
	require.Equal(t, []string{"SG+MO info « Virus détecté sur un document » R"}, b.vues(id))
	require.Equal(t, "technique@example.org", b.sim.Alertes(id.String())[0].Login)
	require.Equal(t, "Détection de virus", b.sim.Alertes(id.String())[0].TypeAlerte)
}
