package siap

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestConnectTimeoutsB2 is the first column of the table of 05 B.2, which no test outside can see without a network.
func TestConnectTimeoutsB2(t *testing.T) {
	alertes := map[Call]bool{CallAlertes: true, CallAlertesConvention: true, CallAlerteCreate: true, CallAlerteDelete: true}
	for _, c := range []Call{
		CallConfig, CallHabilitations, CallMenu, CallOperation, CallFusion, CallOperations, CallUsersAdministration, CallUsersMO,
		CallAlertes, CallAlertesConvention, CallAlerteCreate, CallAlerteDelete,
	} {
		want := 2 * time.Second
		if alertes[c] {
			want = 3 * time.Second
		}
		require.Equal(t, want, c.policy().connect, c)
	}
}
