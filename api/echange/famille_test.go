package echange_test

import (
	"fmt"
	"testing"

	"apilos/api/convention"
	"apilos/api/fault"
	"apilos/api/internal/fixture"

	"github.com/stretchr/testify/require"
)

// 05 G.3: the number of statements does not grow with the rows.
func TestOperation_nombreDInstructionsConstant(t *testing.T) {
	b := nouveau(t)
	conv := b.Convention(fixture.Conv{})
	numero := b.numero(conv)
	compter := func() int64 {
		t.Helper()
		avant := b.sql.n.Load()
		_, err := b.service.Operation(b.ctx, b.siap, numero)
		require.NoError(t, err)
		return b.sql.n.Load() - avant
	}
	petit := compter()
	require.LessOrEqual(t, petit, int64(10))
	lot := b.Inserer(`SELECT l.id FROM lot l JOIN convention c ON c.id = l.convention_id WHERE c.uuid = $1`, conv)
	for i := range 150 {
		lgt := b.Inserer(`INSERT INTO logement (lot_id, tableau, designation, typologie, loyer, ordre) VALUES ($1, 'UTILE_LOYER', $2, 'T3', 300, $3) RETURNING id`, lot, fmt.Sprintf("L%03d", i), i)
		b.Executer(`INSERT INTO annexe (logement_id, typologie, surface_hors_surface_retenue, loyer_par_metre_carre, loyer) VALUES ($1, 'COUR', 2, 1, 2)`, lgt)
	}
	for _, f := range []convention.Financement{convention.PLAI, convention.PLS} {
		b.Avenant(b.Convention(fixture.Conv{Statut: convention.Signee, Financement: f, OperationID: b.Inserer(`SELECT operation_id FROM convention WHERE uuid = $1`, conv)}), convention.Projet)
	}
	grand := compter()
	require.LessOrEqual(t, grand, int64(10))
	require.LessOrEqual(t, grand, petit+1, "annexes are only read where there are logements")
	f, err := b.service.Operation(b.ctx, b.siap, numero)
	require.NoError(t, err)
	require.Len(t, f.Conventions, 5)
	require.Len(t, f.Logements[lot], 152)
	require.Len(t, f.Versions, 3)
}

// 05 A.6: the fields are those of the latest version; the number is compared exactly.
func TestOperation_derniereVersionEtNumeroExact(t *testing.T) {
	b := nouveau(t)
	conv := b.Convention(fixture.Conv{Statut: convention.Signee})
	numero := b.numero(conv)
	avenant := b.Avenant(conv, convention.Projet)
	b.Executer(`UPDATE operation SET nom = 'Les Tilleuls rénovés', cree_le = now() + interval '1 hour' WHERE id = (SELECT operation_id FROM convention WHERE uuid = $1)`, avenant)
	f, err := b.service.Operation(b.ctx, b.siap, numero)
	require.NoError(t, err)
	require.Equal(t, "Les Tilleuls rénovés", f.Affichee.Nom)
	for _, autre := range []string{"", " " + numero, numero[:6] + "-" + numero[6:], numero + "0"} {
		_, err = b.service.Operation(b.ctx, b.siap, autre)
		require.True(t, fault.HasCode(err, "operation_not_found"), "%q", autre)
	}
}

// 05 A.5: avenants and other perimeters are not counted.
func TestIndicateurs_sansAvenantsNiHorsPerimetre(t *testing.T) {
	b := nouveau(t)
	b.Convention(fixture.Conv{Statut: convention.Instruction})
	b.Convention(fixture.Conv{Statut: convention.Projet})
	b.Avenant(b.Convention(fixture.Conv{Statut: convention.Signee}), convention.Instruction)
	b.Convention(fixture.Conv{Statut: convention.Instruction, OperationID: b.Operation(b.BailleurID, b.Administration("DDT19", "DDT de la Corrèze"))})
	b.Convention(fixture.Conv{Statut: convention.Correction, OperationID: b.Operation(b.BailleurID, 0)})
	avant := b.sql.n.Load()
	liste, err := b.service.Indicateurs(b.ctx, b.siap)
	require.NoError(t, err)
	require.Equal(t, int64(1), b.sql.n.Load()-avant, "one statement")
	require.Len(t, liste, 3)
	require.Equal(t, []int{1, 0, 0}, []int{liste[0].Valeur, liste[1].Valeur, liste[2].Valeur})
}
