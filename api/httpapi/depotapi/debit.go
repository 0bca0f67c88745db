package depotapi

import "apilos/api/httpapi"

// Classes of rate limits of the deposit. Publishing software works in bursts for thousands of communes, so
// what is limited is the abuse and not the ordinary use.
const (
	LimiteLecture    httpapi.LimitClass = "depot_lecture"    // anonymous reads, per address
	LimiteClient     httpapi.LimitClass = "depot_client"     // authenticated requests, per client
	LimiteRefus      httpapi.LimitClass = "depot_refus"      // refused tokens, per address
	LimiteValidation httpapi.LimitClass = "depot_validation" // validations and reports without deposit, per address
	LimiteCourriel   httpapi.LimitClass = "depot_courriel"   // codes asked for, per client
)

// Debits are the rates of these classes.
func Debits() map[httpapi.LimitClass]httpapi.Rate {
	return map[httpapi.LimitClass]httpapi.Rate{
		LimiteLecture:    {PerMinute: 12_000, Burst: 3000},
		LimiteClient:     {PerMinute: 240_000, Burst: 12_000},
		LimiteRefus:      {PerMinute: 120, Burst: 120},
		LimiteValidation: {PerMinute: 60, Burst: 300},
		LimiteCourriel:   {PerMinute: 60, Burst: 60},
	}
}
