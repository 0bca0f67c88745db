package operation_test

import (
	"testing"

	"apilos/api/fault"
	"apilos/api/operation"
	"apilos/api/sim"
	"github.com/stretchr/testify/require"
)

// The operations shown to newcomers are read without any anomaly, and each can be followed or says why
// not.
func TestDemoScenarioIsReadWithoutAnomaly(t *testing.T) {
	sc, err := sim.Load("demo")
	require.NoError(t, err)
	require.NotEmpty(t, sc.Operations)
	for numero := range sc.Operations {
		dto, err := sc.OperationDTO(numero)
		require.NoError(t, err)
		plan, err := operation.LirePlan(dto)
		if err != nil {
			require.True(t, fault.HasCode(err, "AUCUN_CONVENTIONNEMENT"), "%s: %v", numero, err)
		} else {
			require.NotEmpty(t, plan.Lots, numero)
		}
		require.Empty(t, plan.Anomalies, numero)
		require.NotNil(t, plan.Operation.CodeInseeRegion, numero)
	}
}
