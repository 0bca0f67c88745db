package alert_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"apilos/api/alert"
	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/internal/fixture"
	"apilos/api/siap"
	"apilos/api/sim"

	"github.com/stretchr/testify/require"
)

func TestAL24_supersededAlertsAreDropped(t *testing.T) {
	b := nouveauBanc(t)
	bai, ins := b.EnBailleur(), b.EnInstructeur()
	id := b.Convention(fixture.Conv{})
	b.panne(sim.Fault{Match: sim.Match{}, Times: sim.Times(-1), Status: 500})
	b.faire(bai, id, convention.Soumettre, convention.Commande{})
	b.livrerTout()
	b.faire(ins, id, convention.DemanderCorrections, convention.Commande{})
	b.sim.ClearFaults()
	b.h.Avancer(time.Minute)
	b.livrerTout()
	require.Equal(t, []string{"SG info « Convention en correction » R", "MO action « Convention à corriger » R"}, b.vues(id))
	require.Equal(t, 2, b.Compter(`SELECT count(*) FROM message_sortant WHERE type = 'alerte.creer' AND etat = 'IGNOREE'`))

	// Back to the same statut while SIAP is down: the first action alert is superseded all the same.
	autre := b.Convention(fixture.Conv{})
	b.panne(sim.Fault{Match: sim.Match{}, Times: sim.Times(-1), Status: 500})
	b.faire(bai, autre, convention.Soumettre, convention.Commande{})
	b.faire(ins, autre, convention.DemanderCorrections, convention.Commande{})
	b.faire(bai, autre, convention.RenvoyerInstruction, convention.Commande{})
	b.sim.ClearFaults()
	b.livrerTout()
	require.Equal(t, []string{"MO info « Convention en instruction » R", "SG action « Convention à instruire à nouveau » R"}, b.vues(autre))
}

// What happened for good is told however late.
func TestAL24_lastingInformationIsNeverDropped(t *testing.T) {
	b := nouveauBanc(t)
	ins := b.EnInstructeur()
	id := b.Convention(fixture.Conv{Statut: convention.ASigner})
	b.DocumentSigne(id, "SAIN")
	b.faire(ins, id, convention.Signer, convention.Commande{})
	b.faire(ins, id, convention.Rouvrir, convention.Commande{Commentaire: "erreur de date"})
	b.livrerTout()
	require.Contains(t, b.vues(id), "MO+SG info « Convention signée » P")
}

func TestAL25_clientErrorsAreNotTriedAgain(t *testing.T) {
	for _, c := range []struct {
		statut int
		repris bool
	}{{400, false}, {403, false}, {422, false}, {401, true}, {408, true}, {429, true}, {500, true}, {503, true}} {
		t.Run(strconv.Itoa(c.statut), func(t *testing.T) {
			b := nouveauBanc(t)
			id := b.Convention(fixture.Conv{})
			b.panne(sim.Fault{Match: sim.Match{Route: string(siap.CallAlerteCreate)}, Status: c.statut})
			b.faire(b.EnBailleur(), id, convention.Soumettre, convention.Commande{})
			b.livrer(b.messages(id, alert.TypePurger)[0])
			premiere := b.messages(id, alert.TypeCreer)[0]
			s := b.livrer(premiere)
			if c.repris {
				require.Equal(t, 10*time.Second, s.Attendre)
				return
			}
			require.NotEmpty(t, s.Perdu)
			require.Equal(t, alert.Echec, b.etat(premiere))
			require.Len(t, b.sim.Requests("alerte_create"), 1)
			b.livrerTout()
			require.Equal(t, []string{"SG action « Convention à instruire » R"}, b.vues(id), "the next one leaves")
		})
	}
}

func TestAL26_openBreakerMakesNoCall(t *testing.T) {
	b := nouveauBanc(t)
	id := b.Convention(fixture.Conv{})
	b.panne(sim.Fault{Match: sim.Match{}, Times: sim.Times(5), Status: 503})
	for range 5 {
		_, err := b.siap.ListAlertes(context.Background(), "x", 1, id.String())
		require.ErrorIs(t, err, siap.ErrUnavailable)
	}
	require.Equal(t, siap.Open, b.siap.State().Breaker)
	require.False(t, b.alertes.SIAPJoignable())
	b.faire(b.EnBailleur(), id, convention.Soumettre, convention.Commande{})
	b.sim.ClearRequests()
	purge := b.messages(id, alert.TypePurger)[0]
	s := b.livrer(purge)
	require.Greater(t, s.Attendre, 55*time.Second)
	require.Less(t, s.Attendre, 70*time.Second)
	require.Empty(t, b.sim.Requests(""))
	require.EqualValues(t, 0, b.ligne(`SELECT tentatives FROM message_sortant WHERE id = $1`, purge)["tentatives"], "it is no try")
	n, age, err := b.alertes.Attente(context.Background())
	require.NoError(t, err)
	require.Positive(t, n)
	require.Zero(t, age)
	b.h.Avancer(s.Attendre)
	_, age, err = b.alertes.Attente(context.Background())
	require.NoError(t, err)
	require.Equal(t, s.Attendre, age, "age of the oldest row, for the health page")
	b.livrerTout()
	require.Len(t, b.vues(id), 2)
}

// A private owner has no SIREN on the wire (decision 11): the alert is not sent, and somebody is told.
func TestB8_missingDataIsReportedNotSent(t *testing.T) {
	b := nouveauBanc(t)
	b.Executer(`UPDATE bailleur SET siren = NULL, siret = NULL, type_identifiant = 'EMAIL', identifiant = 'jean@example.org', nature_bailleur = 'PRIVES' WHERE id = $1`, b.BailleurID)
	id := b.Convention(fixture.Conv{})
	b.faire(b.EnBailleur(), id, convention.Soumettre, convention.Commande{})
	b.livrerTout()
	require.Empty(t, b.vues(id))
	require.Equal(t, 2, b.Compter(`SELECT count(*) FROM message_sortant WHERE type = 'alerte.creer' AND etat = 'ECHEC' AND erreur LIKE '%siren%'`))
	a := b.ligne(`SELECT code, champ, occurrences, message FROM siap_anomalie`)
	require.Equal(t, "ALERTE_DONNEE_ABSENTE", a["code"])
	require.Equal(t, "siren", a["champ"])
	require.EqualValues(t, 2, a["occurrences"])
	require.NotContains(t, a["message"], "@")
	require.Zero(t, b.Compter(`SELECT count(*) FROM message_sortant WHERE charge::text LIKE '%jean@example.org%'`), "never an e-mail for a SIREN")
}

// A purge that is run again after a crash half-way deletes what is left.
func TestAL03_purgeIsIdempotent(t *testing.T) {
	b := nouveauBanc(t)
	ins := b.EnInstructeur()
	id := b.Convention(fixture.Conv{Statut: convention.Instruction})
	b.faire(ins, id, convention.Valider, convention.Commande{})
	b.livrerTout()
	b.panne(sim.Fault{Match: sim.Match{Route: string(siap.CallAlerteDelete)}, After: true, Drop: true})
	b.faire(ins, id, convention.RevenirInstruction, convention.Commande{})
	b.livrerTout()
	b.h.Avancer(11 * time.Second)
	b.livrerTout()
	require.Equal(t, []string{
		"(supprimée) MO action « Convention validée à signer » P", "(supprimée) SG action « Convention validée à signer » P",
		"MO info « Convention en instruction » R", "SG action « Convention à instruire à nouveau » R",
	}, b.vues(id))
}

func TestAlertes_listedForTheirAuthorAndForStaff(t *testing.T) {
	b := nouveauBanc(t)
	bai, ins := b.EnBailleur(), b.EnInstructeur()
	id := b.Convention(fixture.Conv{})
	b.faire(bai, id, convention.Soumettre, convention.Commande{})
	b.livrerTout()
	lister := func(p auth.Principal) int {
		l, n, err := b.alertes.Lister(context.Background(), p, alert.FiltreRegistre{ConventionID: b.ID(id), Limite: 100})
		require.NoError(t, err)
		require.Len(t, l, n)
		for i := 1; i < len(l); i++ {
			require.False(t, l[i].CreeLe.After(l[i-1].CreeLe), "newest first")
		}
		return n
	}
	require.Positive(t, lister(bai))
	require.Zero(t, lister(ins))
	require.Equal(t, lister(bai), lister(auth.Principal{UtilisateurID: ins.UtilisateurID, Staff: true}))
	require.Zero(t, lister(auth.Principal{}))
}
