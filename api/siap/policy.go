package siap

import "time"

// Call is the short name of a call (05 B.3); it labels metrics, logs and the faults of the simulator.
type Call string

// The twelve calls.
const (
	CallConfig              Call = "config"
	CallHabilitations       Call = "habilitations"
	CallMenu                Call = "menu"
	CallOperation           Call = "operation"
	CallFusion              Call = "fusion"
	CallAlertesConvention   Call = "alertes_convention"
	CallAlerteCreate        Call = "alerte_create"
	CallAlerteDelete        Call = "alerte_delete"
	CallAlertes             Call = "alertes"
	CallOperations          Call = "operations"
	CallUsersAdministration Call = "users_administration"
	CallUsersMO             Call = "users_mo"
)

// Service prefixes of the SIAP (05 B.1).
const (
	serviceNone         = ""
	serviceHabilitation = "/services/habilitation"
	serviceOperation    = "/services/operation"
	serviceTableau      = "/services/tableaubord"
)

// policy is how a call is made (05 B.2). The timeouts bound one attempt; calls that write make one
// attempt only, the job that sent them tries again (02 AL-22).
type policy struct {
	service  string
	connect  time.Duration
	total    time.Duration
	attempts int
}

func (a Call) policy() policy {
	const s = time.Second
	switch a {
	case CallConfig:
		return policy{serviceNone, 2 * s, 5 * s, 3}
	case CallHabilitations:
		return policy{serviceHabilitation, 2 * s, 3 * s, 3}
	case CallMenu:
		return policy{serviceNone, 2 * s, 3 * s, 2}
	case CallOperation:
		return policy{serviceOperation, 2 * s, 5 * s, 3}
	case CallFusion:
		return policy{serviceOperation, 2 * s, 5 * s, 2}
	case CallOperations:
		return policy{serviceOperation, 2 * s, 5 * s, 2}
	case CallUsersAdministration, CallUsersMO:
		return policy{serviceHabilitation, 2 * s, 3 * s, 2}
	default: // the alertes
		return policy{serviceTableau, 3 * s, 10 * s, 1}
	}
}

// Lifetimes of what is kept (05 B.2).
const (
	configTTL        = 60 * time.Minute
	habilitationsTTL = 60 * time.Second
	menuTTL          = 15 * time.Minute
	menuKeep         = 24 * time.Hour // a menu that old is still better than none (06 §6)
	operationTTL     = 30 * time.Second
	fusionTTL        = 60 * time.Minute

	// configRetryAfter is how long a failed background refresh of the configuration is not tried again.
	configRetryAfter = 30 * time.Second
)

// pause is the wait before the attempt that follows attempt n (1, 2…): 100 ms, 400 ms, with a
// quarter of jitter each way; random is in [0, 1).
func pause(n int, random float64) time.Duration {
	d := 100 * time.Millisecond
	for i := 1; i < n; i++ {
		d *= 4
	}
	return time.Duration(float64(d) * (0.75 + random/2))
}
