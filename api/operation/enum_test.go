package operation_test

import (
	"testing"

	"apilos/api/bailleur"
	"apilos/api/convention"
	"apilos/api/internal/fixture"
	"apilos/api/operation"
	"github.com/stretchr/testify/require"
)

// Every value of an enumeration is one that the schema accepts (I8), and has a label.
func TestI8EnumerationsAreThoseOfTheSchema(t *testing.T) {
	t.Parallel()
	m := fixture.Nouveau(t)
	accepte := func(colonne, valeur string) {
		t.Helper()
		m.Executer(`UPDATE operation SET `+colonne+` = $1 WHERE id = $2`, valeur, m.OperationID)
	}
	for _, v := range operation.TypesOperation() {
		require.NotEmpty(t, v.Libelle())
		accepte("type_operation", string(v))
	}
	for _, v := range operation.NaturesLogement() {
		require.NotEmpty(t, v.Libelle())
		accepte("nature_logement", string(v))
	}
	for _, v := range []operation.Zone123{operation.Zone1, operation.Zone1bis, operation.Zone2, operation.Zone3} {
		accepte("zone_123", string(v))
	}
	for _, v := range []operation.ZoneABC{operation.ZoneA, operation.ZoneAbis, operation.ZoneB1, operation.ZoneB2, operation.ZoneC, operation.ZoneDROM} {
		accepte("zone_abc", string(v))
	}
	for _, v := range bailleur.Natures() {
		m.Executer(`UPDATE bailleur SET nature_bailleur = $1`, string(v))
	}
	for _, v := range bailleur.SousNatures() {
		m.Executer(`UPDATE bailleur SET sous_nature_bailleur = $1`, string(v))
	}
	for _, a := range operation.AidesConventionnees() {
		require.True(t, convention.Financement(a).Valid(), a)
	}
	require.Equal(t, []string{"01", "1bis", "02", "03"}, []string{
		operation.Zone1.Libelle(), operation.Zone1bis.Libelle(), operation.Zone2.Libelle(), operation.Zone3.Libelle(),
	})
}

func TestNormaliserNumeroIsTheGeneratedColumn(t *testing.T) {
	t.Parallel()
	m := fixture.Nouveau(t)
	for _, n := range []string{"20221000003", "34/860-00.006407", " a b/c ", "é-É", ""} {
		m.Executer(`UPDATE operation SET numero_operation = $1 WHERE id = $2`, n, m.OperationID)
		require.Equal(t, 1, m.Compter(`SELECT count(*) FROM operation WHERE id = $1 AND numero_operation_pour_recherche = $2`,
			m.OperationID, operation.NormaliserNumero(n)), n)
	}
}
