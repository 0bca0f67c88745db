package app

import (
	"context"
	"fmt"

	"apilos/api/direct"
	"apilos/api/httpapi"
	"apilos/api/httpapi/web"
	"apilos/api/store"

	"github.com/prometheus/client_golang/prometheus"
)

// ouvrirDirect prepares the live updates; only serve has them run (suivreDirect).
func (p *pieces) ouvrirDirect(context.Context) error {
	lecteur := store.NewDirect(p.db)
	p.direct = direct.New(lecteur, lecteur, direct.Limites{ParProcessus: max(p.cfg.Server.MaxConnections/2, 1)}, p.now, p.log)
	return nil
}

func (p *pieces) ressourceDirect() httpapi.Resource {
	return web.Direct{Abonnements: p.direct, Jetons: p.jetons, Horloge: p.now}
}

// mesurerDirect registers the figures of the subscriptions of this process; nil measures nothing.
func (p *pieces) mesurerDirect(reg prometheus.Registerer) error {
	if reg == nil {
		return nil
	}
	mesure := func(nom, aide string, lire func(direct.Etat) float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: nom, Help: aide}, func() float64 { return lire(p.direct.Etat()) })
	}
	compteur := func(nom, aide string, lire func(direct.Etat) float64) prometheus.Collector {
		return prometheus.NewCounterFunc(prometheus.CounterOpts{Name: nom, Help: aide}, func() float64 { return lire(p.direct.Etat()) })
	}
	for _, c := range []prometheus.Collector{
		mesure("apilos_direct_abonnes", "Open pages that follow live updates.", func(e direct.Etat) float64 { return float64(e.Abonnes) }),
		mesure("apilos_direct_ecoute", "1 when the process listens to the database.", func(e direct.Etat) float64 {
			if e.Ecoute {
				return 1
			}
			return 0
		}),
		compteur("apilos_direct_messages_total", "Live messages put in the buffer of a page.", func(e direct.Etat) float64 { return float64(e.Diffuses) }),
		compteur("apilos_direct_abandons_total", "Pages dropped because they did not read.", func(e direct.Etat) float64 { return float64(e.Abandons) }),
	} {
		if err := reg.Register(c); err != nil {
			return fmt.Errorf("register measures of live updates: %w", err)
		}
	}
	return nil
}
