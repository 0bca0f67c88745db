package siapapi

import "apilos/api/httpapi"

// Classes of rate limits of this audience (05 D).
const (
	LimiteLogin httpapi.LimitClass = "siap_login" // per user-login
	LimiteTotal httpapi.LimitClass = "siap_total" // of all verified calls together
	LimiteRefus httpapi.LimitClass = "siap_refus" // answers 401, per address
)

// Debits are the rates of these classes.
func Debits() map[httpapi.LimitClass]httpapi.Rate {
	return map[httpapi.LimitClass]httpapi.Rate{
		LimiteLogin: {PerMinute: 120, Burst: 60},
		LimiteTotal: {PerMinute: 50 * 60, Burst: 50},
		LimiteRefus: {PerMinute: 30, Burst: 30},
	}
}
