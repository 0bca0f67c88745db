package alert_test

import (
	"testing"
	"time"

	"apilos/api/convention"
	"apilos/api/internal/fixture"
	"apilos/api/siap"
	"apilos/api/sim"

	"github.com/stretchr/testify/require"
)

// TestAL21_AL22_AL23_eachFaultOnEachCall: whichever call of a change of statut SIAP fails, and however, its alerts end up
// as if nothing had happened: once, in order, the former action deleted.
func TestAL21_AL22_AL23_eachFaultOnEachCall(t *testing.T) {
	fautes := map[string]sim.Fault{
		"timeout":                  {DelayMS: 8000}, // longer than an attempt of the client of the tests
		"slow":                     {DelayMS: 300},
		"500":                      {Status: 500},
		"401":                      {Status: 401},
		"cut before anything":      {Drop: true},
		"cut after it was written": {Drop: true, After: true},
	}
	for _, appel := range []siap.Call{siap.CallAlertesConvention, siap.CallAlerteDelete, siap.CallAlerteCreate} {
		for nom, f := range fautes {
			t.Run(string(appel)+" "+nom, func(t *testing.T) {
				b := nouveauBanc(t)
				id := b.Convention(fixture.Conv{})
				b.faire(b.EnBailleur(), id, convention.Soumettre, convention.Commande{})
				b.livrerTout()
				f.Match = sim.Match{Route: string(appel)}
				b.panne(f)
				b.faire(b.EnInstructeur(), id, convention.DemanderCorrections, convention.Commande{})
				b.livrerTout()
				b.laisserPasser(30 * time.Minute)
				require.Equal(t, []string{
					"MO info « Convention en instruction » R", "(supprimée) SG action « Convention à instruire » R",
					"SG info « Convention en correction » R", "MO action « Convention à corriger » R",
				}, b.vues(id))
				require.Zero(t, b.Compter(`SELECT count(*) FROM message_sortant WHERE canal = 'ALERTE_SIAP' AND etat <> 'ENVOYE'`))
			})
		}
	}
}

// TestEM21_preferenceAucun: who wants no e-mail gets none, but the copy that they ask for.
func TestEM21_preferenceAucun(t *testing.T) {
	b := nouveauBanc(t)
	bai, muet := b.EnBailleur(), b.preference(b.EnBailleur(), "AUCUN")
	ins := b.preference(b.EnInstructeur(), "AUCUN")
	b.preference(bai, "TOUS")
	id := b.Convention(fixture.Conv{})
	b.faire(bai, id, convention.Soumettre, convention.Commande{})
	b.livrerTout()
	b.relais.vider()
	b.faire(ins, id, convention.DemanderCorrections, convention.Commande{})
	b.livrerTout()
	for _, e := range b.relais.tous() {
		require.NotContains(t, e.a, muet.Email)
		require.NotContains(t, e.a, ins.Email, "not asked for")
	}
	require.Equal(t, adresses(bai), b.recus(""))
	b.relais.vider()
	b.faire(ins, id, convention.RelancerBailleur, convention.Commande{Copie: true})
	b.livrerTout()
	require.Len(t, b.relais.tous(), 1)
	require.ElementsMatch(t, []string{bai.Email, ins.Email}, b.relais.tous()[0].a)
}
