package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"apilos/api/admin"
	"apilos/api/httpapi/web"
	"apilos/api/siap"
	"apilos/api/store"

	"github.com/prometheus/client_golang/prometheus"
)

// retardMessages is the age from which a message that is due means that nobody delivers (06 §7.2).
const retardMessages = 10 * time.Minute

// fileTaches is the readiness of the queue: it degrades the service when what is due stays.
func (p *pieces) fileTaches(ctx context.Context) error {
	n, age, err := p.messages.alertes.Attente(ctx)
	if err != nil {
		return err
	}
	if age > retardMessages && p.siap.State().Breaker != siap.Open {
		return fmt.Errorf("%d messages attendent, le plus ancien depuis %s", n, age.Round(time.Second))
	}
	return nil
}

// tableauBord is the dashboard of the staff.
func (p *pieces) tableauBord(construit BuildInfo) web.TableauxBord {
	return web.TableauxBord{Programme: web.ConstruitPar(construit), Bord: &admin.Bord{
		Store: store.NewTableaux(p.db), Horloge: p.now,
		Sondes: []admin.Sonde{
			p.sondeSIAP,
			p.sonde("stockage", func(ctx context.Context) error { return p.fichiers.Check(ctx) }, true),
			p.sonde("antivirus", func(ctx context.Context) error { return p.scanner.Check(ctx) }, p.cfg.Antivirus.Enabled()),
			p.sonde("file_taches", p.fileTaches, true),
		},
	}}
}

func (p *pieces) sonde(nom string, verifier func(context.Context) error, utilise bool) admin.Sonde {
	return func(ctx context.Context) admin.Service {
		if !utilise {
			return admin.Service{Nom: nom, Remarque: "non configuré"}
		}
		ctx, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		if err := verifier(ctx); err != nil {
			p.log.WarnContext(ctx, "service does not answer", "service", nom, "error", err.Error())
			if errors.Is(err, context.DeadlineExceeded) {
				return admin.Service{Nom: nom, Remarque: "n’a pas répondu en une seconde"}
			}
			return admin.Service{Nom: nom, Remarque: "ne répond pas ; le journal du serveur donne la cause"}
		}
		return admin.Service{Nom: nom, Repond: true}
	}
}

// sondeSIAP tells what the last calls said, without making one: a page must not wait for SIAP.
func (p *pieces) sondeSIAP(context.Context) admin.Service {
	switch etat := p.siap.State(); etat.Breaker {
	case siap.Open:
		return admin.Service{Nom: "siap", Remarque: "appels suspendus une minute après des échecs répétés, depuis " + etat.OpenedAt.UTC().Format(time.RFC3339)}
	case siap.HalfOpen:
		return admin.Service{Nom: "siap", Remarque: "nouvel essai en cours après une panne"}
	default:
		return admin.Service{Nom: "siap", Repond: true}
	}
}

// mesuresMessages tells the monitoring what waits, what is lost and what ended (02 AL-22, AL-26). It implements
// alert.Metriques and prometheus.Collector.
type mesuresMessages struct {
	traites *prometheus.CounterVec
	bilan   func(ctx context.Context) ([]compteMessages, error)
	now     func() time.Time
}

type compteMessages struct {
	canal, etat  string
	nombre       int
	plusAncienne time.Time
}

var (
	descMessages = prometheus.NewDesc("apilos_messages", "Messages that are waiting or lost, by canal and state.", []string{"canal", "etat"}, nil)
	descAge      = prometheus.NewDesc("apilos_messages_oldest_seconds", "Age of the oldest message, by canal and state.", []string{"canal", "etat"}, nil)
)

func nouvellesMesuresMessages(now func() time.Time) *mesuresMessages {
	return &mesuresMessages{now: now, traites: prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "apilos_messages_processed_total", Help: "Messages that reached their end in this process, by canal and state.",
	}, []string{"canal", "etat"})}
}

// MessageTraite implements alert.Metriques.
func (m *mesuresMessages) MessageTraite(canal, etat string) {
	m.traites.WithLabelValues(canal, etat).Inc()
}

// Describe implements prometheus.Collector.
func (m *mesuresMessages) Describe(ch chan<- *prometheus.Desc) {
	m.traites.Describe(ch)
	ch <- descMessages
	ch <- descAge
}

// Collect implements prometheus.Collector. A database that does not answer leaves out what only it knows.
func (m *mesuresMessages) Collect(ch chan<- prometheus.Metric) {
	m.traites.Collect(ch)
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	comptes, err := m.bilan(ctx)
	if err != nil {
		return
	}
	for _, c := range comptes {
		ch <- prometheus.MustNewConstMetric(descMessages, prometheus.GaugeValue, float64(c.nombre), c.canal, c.etat)
		ch <- prometheus.MustNewConstMetric(descAge, prometheus.GaugeValue, m.now().Sub(c.plusAncienne).Seconds(), c.canal, c.etat)
	}
}

// mesurerMessages registers the measures of messages.
func (p *pieces) mesurerMessages(reg prometheus.Registerer) error {
	if reg == nil {
		return nil
	}
	m := p.messages.mesures
	m.bilan = func(ctx context.Context) ([]compteMessages, error) {
		bilan, err := p.messages.alertes.Bilan(ctx)
		out := make([]compteMessages, 0, len(bilan))
		for _, c := range bilan {
			out = append(out, compteMessages{c.Canal, c.Etat, c.Nombre, c.PlusAncienne})
		}
		return out, err
	}
	return reg.Register(m)
}
