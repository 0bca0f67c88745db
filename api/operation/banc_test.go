package operation_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"slices"
	"testing"
	"time"

	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/internal/fixture"
	"apilos/api/operation"
	"apilos/api/siap"
	"apilos/api/sim"
	"apilos/api/store"
	"github.com/stretchr/testify/require"
)

// banc is a database, a simulated SIAP and the service between them.
type banc struct {
	*fixture.Monde
	t       *testing.T
	ctx     context.Context
	sim     *sim.Server
	client  *siap.Client
	store   store.OperationStore
	service *operation.Service
	horloge time.Time
}

func nouveauBanc(t *testing.T) *banc {
	t.Helper()
	t.Parallel()
	return construireBanc(t)
}

func construireBanc(t *testing.T) *banc {
	t.Helper()
	b := &banc{Monde: fixture.Nouveau(t), t: t, ctx: t.Context(), horloge: time.Date(2026, 4, 15, 8, 0, 0, 0, time.UTC)}
	var err error
	b.sim, err = sim.Start(t.Context(), sim.Options{Scenario: "minimal"})
	require.NoError(t, err)
	t.Cleanup(b.sim.Close)
	b.client, err = siap.New(siap.Config{Host: b.sim.URL(), Key: b.sim.Key()},
		siap.WithLogger(slog.New(slog.DiscardHandler)), siap.WithPause(func(ctx context.Context, _ time.Duration) error { return ctx.Err() }, func() float64 { return 0 }))
	require.NoError(t, err)
	t.Cleanup(b.client.Close)
	b.store = store.NewOperationStore(b.Store)
	b.service = operation.NewService(b.client, b.store, b.journal(), b.store, b.now)
	return b
}

// journal is the service that records T01; what it needs for other transitions is not used here.
func (b *banc) journal() operation.Journal {
	return convention.NewService(b.Store, nil, nil, nil, b.now)
}

func (b *banc) now() time.Time { return b.horloge }

// publier puts the payload of 05 H.2, as changed, in the simulated SIAP under its own number.
func (b *banc) publier(changer ...func(o objet)) string {
	b.t.Helper()
	raw, err := os.ReadFile("testdata/h2.json")
	require.NoError(b.t, err)
	var o objet
	require.NoError(b.t, json.Unmarshal(raw, &o))
	for _, f := range changer {
		f(o)
	}
	raw, err = json.Marshal(o)
	require.NoError(b.t, err)
	numero := donnees(o)["numeroOperation"].(string)
	b.scenario(func(sc *sim.Scenario) { sc.Operations[numero] = raw })
	return numero
}

// scenario changes a copy of the scenario, one that is loaded being never changed; faults stay.
func (b *banc) scenario(changer func(sc *sim.Scenario)) {
	b.t.Helper()
	sc := *b.sim.Scenario()
	sc.Operations, sc.Users = maps.Clone(sc.Operations), maps.Clone(sc.Users)
	changer(&sc)
	pannes := b.sim.Faults()
	b.sim.SetScenario(&sc)
	for _, f := range pannes {
		require.NoError(b.t, b.sim.AddFaults(f.Fault))
	}
}

// connu adds the person of p to the scenario, with the habilitation of the scenario minimal.
func (b *banc) connu(p auth.Principal) auth.Principal {
	b.t.Helper()
	modele := b.sim.Scenario().Users["une@example.org"]
	var h objet
	require.NoError(b.t, json.Unmarshal(modele.Habilitations[0], &h))
	h["id"] = p.HabilitationID
	raw, err := json.Marshal(h)
	require.NoError(b.t, err)
	b.scenario(func(sc *sim.Scenario) {
		sc.Users[p.Login] = sim.User{Cerbere: sim.Cerbere{ID: fmt.Sprint(p.UtilisateurID), Nom: p.Nom, Prenom: p.Prenom, Mel: p.Email},
			Habilitations: []json.RawMessage{raw}}
	})
	return p
}

// national returns someone who sees and writes everywhere.
func (b *banc) national() auth.Principal {
	p := b.Utilisateur("Nadia", "Centrale")
	p.Typologie, p.Profil, p.CodeRole, p.National = auth.Administrateur, "ADM_CENTRALE", "ADM_CENTRALE_ADMIN", true
	return b.connu(p)
}

// bailleur returns someone of the bailleur of the payload of 05 H.2, whose key is the one of the world.
func (b *banc) bailleur() auth.Principal { return b.connu(b.EnBailleur()) }

func (b *banc) synchroniser(p auth.Principal, numero string) operation.Resultat {
	b.t.Helper()
	res, err := b.service.Synchroniser(b.ctx, p, operation.Demande{Numero: numero})
	require.NoError(b.t, err)
	return res
}

func (b *banc) consulter(p auth.Principal, numero string) operation.Vue {
	b.t.Helper()
	v, err := b.service.Consulter(b.ctx, p, numero)
	require.NoError(b.t, err)
	return v
}

// nombres counts the rows that a synchronisation creates: operations, conventions, lots, prêts,
// stationnements. Those of the world are left out.
func (b *banc) nombres(numero string) [5]int {
	b.t.Helper()
	const lots = `FROM operation o JOIN convention c ON c.operation_id = o.id JOIN lot l ON l.convention_id = c.id `
	const du = ` WHERE o.numero_operation = $1`
	return [5]int{
		b.Compter(`SELECT count(*) FROM operation o`+du, numero),
		b.Compter(`SELECT count(*) FROM operation o JOIN convention c ON c.operation_id = o.id`+du, numero),
		b.Compter(`SELECT count(*) `+lots+du, numero),
		b.Compter(`SELECT count(*) `+lots+`JOIN pret x ON x.lot_id = l.id`+du, numero),
		b.Compter(`SELECT count(*) `+lots+`JOIN stationnement x ON x.lot_id = l.id`+du, numero),
	}
}

// ligne reads one row as JSON.
func (b *banc) ligne(sql string, args ...any) objet {
	b.t.Helper()
	var raw []byte
	require.NoError(b.t, b.Base.Pool.QueryRow(b.ctx, `SELECT to_jsonb(x) FROM (`+sql+`) x`, args...).Scan(&raw), sql)
	var o objet
	require.NoError(b.t, json.Unmarshal(raw, &o))
	return o
}

func codes(messages []operation.Message) []string {
	out := []string{}
	for _, m := range messages {
		out = append(out, m.Code)
	}
	return out
}

func aides(refs []operation.Reference) []string {
	out := []string{}
	for _, r := range refs {
		out = append(out, string(r.Financement))
	}
	slices.Sort(out)
	return out
}

func avecAides(codes ...string) func(o objet) {
	return func(o objet) {
		var details []any
		for i, c := range codes {
			details = append(details, detail(c, objet{"nbLogementsCollectifs": i + 1}))
		}
		o["detailsOperation"] = details
	}
}

func avecNumero(n string) func(o objet) { return func(o objet) { donnees(o)["numeroOperation"] = n } }

// panne makes SIAP fail on operations until the end of the test.
func (b *banc) panne(status int) {
	b.t.Helper()
	require.NoError(b.t, b.sim.AddFaults(sim.Fault{Match: sim.Match{Route: "operation"}, Times: sim.Times(-1), Status: status}))
}
