package jobs_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"apilos/api/alert"
	"apilos/api/jobs"
	"apilos/api/store"

	"github.com/stretchr/testify/require"
)

// destinataire refuses the first try of each message.
type destinataire struct {
	mu     sync.Mutex
	essais map[string]int
	recus  []string
}

func (d *destinataire) Livrer(_ context.Context, l *alert.Ligne) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.essais[l.CleUnicite]++; d.essais[l.CleUnicite] == 1 {
		return "", errors.New("pas prêt")
	}
	d.recus = append(d.recus, l.CleUnicite)
	return "", nil
}

func (d *destinataire) Politique() alert.Politique {
	return alert.Politique{Essais: 5, Pauses: []time.Duration{20 * time.Millisecond}}
}

func (d *destinataire) vus() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.recus)
}

// messages is the service of messages with a transport for the outside.
func (b *banc) messages(d *destinataire) *alert.Service {
	b.t.Helper()
	a, err := alert.NewService(alert.Config{
		Store: store.NewAlertes(b.db), File: b.client, SIAP: b.siap, Courrier: b.courrier, Gabarits: sansGabarit{}, Horloge: time.Now,
		Alea: func() float64 { return 0 }, Journal: slog.New(slog.DiscardHandler), BaseURL: "https://apilos.example.org", Domaine: "apilos.example",
		Transports: map[string]alert.Transport{alert.CanalPartenaire: d},
	})
	require.NoError(b.t, err)
	return a
}

type sansGabarit struct{ alert.Gabarits }

func sortant(cle string) *alert.MessageSortant {
	return &alert.MessageSortant{Canal: alert.CanalPartenaire, Type: "partenaire.creer", CleUnicite: cle, CleOrdre: "client", Charge: []byte(`{}`)}
}

// Messages to the outside have a queue of their own, leave in order and are tried again.
func TestExterieurParLaFileDansLOrdre(t *testing.T) {
	b := nouveauBanc(t)
	d := &destinataire{essais: map[string]int{}}
	a := b.messages(d)
	require.NoError(t, b.db.InTx(context.Background(), func(ctx context.Context) error {
		return a.Ajouter(ctx, sortant("1"), sortant("2"), sortant("3"))
	}))
	require.Equal(t, 3, b.Compter(`SELECT count(*) FROM river_job WHERE kind = 'livrer_exterieur' AND queue = 'exterieur'`))
	b.lancer(jobs.Travaux{Messages: a})
	bientot(t, "delivered", func() bool { return len(d.vus()) == 3 })
	require.Equal(t, []string{"1", "2", "3"}, d.vus())
}

// A message whose job was lost gets another one.
func TestExterieurSansTacheEstRelance(t *testing.T) {
	b := nouveauBanc(t)
	d := &destinataire{essais: map[string]int{}}
	a := b.messages(d)
	require.NoError(t, b.db.InTx(context.Background(), func(ctx context.Context) error { return a.Ajouter(ctx, sortant("perdu")) }))
	b.Executer(`DELETE FROM river_job`)
	b.lancer(jobs.Travaux{Messages: a})
	bientot(t, "delivered", func() bool { return len(d.vus()) == 1 })
}
