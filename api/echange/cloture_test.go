package echange_test

import (
	"testing"
	"time"

	"apilos/api/convention"
	"apilos/api/echange"
	"apilos/api/internal/fixture"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func derniers(c *echange.Cloture) []uuid.UUID {
	var out []uuid.UUID
	for _, v := range c.DernierEtat {
		out = append(out, v.UUID)
	}
	return out
}

// CR-31, 05 G.6: one entry per line of life; an avenant replaces its parent only once validated.
func TestCR31_parLigneDeVie(t *testing.T) {
	b := nouveau(t)
	a := b.Convention(fixture.Conv{Statut: convention.Signee})
	op := b.Inserer(`SELECT operation_id FROM convention WHERE uuid = $1`, a)
	c := b.Convention(fixture.Conv{Statut: convention.Publie, Financement: convention.PLAI, OperationID: op})
	b.Convention(fixture.Conv{Statut: convention.Annulee, Financement: convention.PLS, OperationID: op})
	numero := b.numero(a)
	lire := func() *echange.Cloture {
		t.Helper()
		cl, err := b.service.Cloture(b.ctx, b.siap, numero)
		require.NoError(t, err)
		return cl
	}
	require.Equal(t, []uuid.UUID{a, c}, derniers(lire()), "a cancelled convention is no state")
	require.True(t, lire().ToutesSignees)

	avenant := b.Avenant(a, convention.ASigner)
	require.Equal(t, []uuid.UUID{a, c}, derniers(lire()))
	require.False(t, lire().ToutesSignees, "an avenant before its signature is in progress")

	b.Executer(`UPDATE convention SET statut = 'SIGNEE', signe_le = DATE '2026-04-02' WHERE uuid = $1`, avenant)
	require.Equal(t, []uuid.UUID{avenant, c}, derniers(lire()), "in the order of the parents")
	require.True(t, lire().ToutesSignees)

	b.Executer(`UPDATE convention SET supprime_le = now() WHERE uuid = $1`, c)
	require.Equal(t, []uuid.UUID{avenant}, derniers(lire()), "deleted rows are left out")
}

func TestCR31_sansConvention(t *testing.T) {
	b := nouveau(t)
	annulee := b.Convention(fixture.Conv{Statut: convention.Annulee})
	cl, err := b.service.Cloture(b.ctx, b.siap, b.numero(annulee))
	require.NoError(t, err)
	require.True(t, cl.ToutesSignees)
	require.Empty(t, cl.DernierEtat)
}

// 05 A.7: the closing is noted once a day in France; reading it writes nothing.
func TestCR31_uneFoisParJour(t *testing.T) {
	b := nouveau(t)
	numero := b.numero(b.Convention(fixture.Conv{Statut: convention.Signee}))
	notes := func() int { return b.Compter(`SELECT count(*) FROM journal_audit WHERE commande = 'siap.cloture'`) }
	_, err := b.service.Cloture(b.ctx, b.siap, numero)
	require.NoError(t, err)
	require.Zero(t, notes())
	b.heure = time.Date(2026, 4, 15, 21, 59, 0, 0, time.UTC) // 23 h 59 in France
	for range 3 {
		_, err = b.service.Clore(b.ctx, b.siap, numero)
		require.NoError(t, err)
	}
	require.Equal(t, 1, notes())
	b.heure = b.heure.Add(2 * time.Minute)
	_, err = b.service.Clore(b.ctx, b.siap, numero)
	require.NoError(t, err)
	require.Equal(t, 2, notes())
}
