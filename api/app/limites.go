package app

import (
	"context"
	"maps"

	"apilos/api/httpapi"
	"apilos/api/httpapi/depotapi"
	"apilos/api/httpapi/siapapi"
	"apilos/api/store"
)

// limites builds the rate limits of 05 D: each process counts alone, or all together in the database.
func (p *pieces) limites() *httpapi.Limits {
	if p.cfg.Server.RateLimitShared {
		return httpapi.NewLimits(debits(), limitesPartagees{store.NewDebits(p.db)})
	}
	return httpapi.NewLimits(debits(), httpapi.NewMemoryLimits(p.now))
}

// debits are the rates of every audience.
func debits() map[httpapi.LimitClass]httpapi.Rate {
	rates := httpapi.DefaultRates()
	maps.Copy(rates, depotapi.Debits())
	maps.Copy(rates, siapapi.Debits())
	return rates
}

// limitesPartagees gives the buckets of the database to the transport.
type limitesPartagees struct{ debits *store.Debits }

// Take implements httpapi.LimitStore.
func (l limitesPartagees) Take(ctx context.Context, key string, rate httpapi.Rate) (httpapi.Decision, error) {
	reste, pris, err := l.debits.Prendre(ctx, key, rate.PerSecond(), float64(rate.Burst))
	if err != nil {
		return httpapi.Decision{}, err
	}
	return rate.Decide(reste, pris), nil
}

// Give implements httpapi.LimitStore.
func (l limitesPartagees) Give(ctx context.Context, key string, rate httpapi.Rate, n int) error {
	return l.debits.Rendre(ctx, key, float64(rate.Burst), n)
}
