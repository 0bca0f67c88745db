package app

import (
	"fmt"
	"time"

	"apilos/api/siap"

	"github.com/prometheus/client_golang/prometheus"
)

// mesuresSIAP counts the calls made to SIAP (05 B.2): by call and outcome, with their duration, and the position
// of the circuit breaker. Labels are the short names of the calls, never an address nor a number of operation.
type mesuresSIAP struct {
	appels      *prometheus.CounterVec
	duree       *prometheus.HistogramVec
	disjoncteur prometheus.Gauge
}

var _ siap.Metrics = (*mesuresSIAP)(nil)

func nouvellesMesuresSIAP() *mesuresSIAP {
	return &mesuresSIAP{
		appels: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "apilos_siap_calls_total", Help: "Attempts of calls to SIAP, by call and outcome.",
		}, []string{"call", "outcome"}),
		duree: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "apilos_siap_call_duration_seconds", Help: "Time of an attempt, by call and outcome.",
			Buckets: []float64{.025, .05, .1, .25, .5, 1, 2, 3, 5, 10},
		}, []string{"call", "outcome"}),
		disjoncteur: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "apilos_siap_breaker_open", Help: "1 while the circuit breaker of SIAP is open.",
		}),
	}
}

// ObserveSIAPCall implements siap.Metrics. An attempt refused by the breaker has no duration.
func (m *mesuresSIAP) ObserveSIAPCall(call, outcome string, elapsed time.Duration) {
	m.appels.WithLabelValues(call, outcome).Inc()
	if outcome != "breaker_open" {
		m.duree.WithLabelValues(call, outcome).Observe(elapsed.Seconds())
	}
}

// SetSIAPBreaker implements siap.Metrics.
func (m *mesuresSIAP) SetSIAPBreaker(open bool) {
	m.disjoncteur.Set(0)
	if open {
		m.disjoncteur.Set(1)
	}
}

// inscrire adds the measures to those of the private port; nil is no registry.
func (m *mesuresSIAP) inscrire(reg prometheus.Registerer) error {
	if reg == nil {
		return nil
	}
	for _, c := range []prometheus.Collector{m.appels, m.duree, m.disjoncteur} {
		if err := reg.Register(c); err != nil {
			return fmt.Errorf("register SIAP metrics: %w", err)
		}
	}
	return nil
}
