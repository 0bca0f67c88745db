package echange_test

import (
	"context"
	"io"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"apilos/api/alert"
	"apilos/api/auth"
	"apilos/api/compte"
	"apilos/api/convention"
	"apilos/api/echange"
	"apilos/api/internal/fixture"
	"apilos/api/operation"
	"apilos/api/siap"
	"apilos/api/store"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// sortie records what would leave the platform, and breaks at the event of a convention when asked to.
type sortie struct {
	mu    sync.Mutex
	recus []alert.Evenement
	panne uuid.UUID
}

func (s *sortie) Emettre(_ context.Context, e alert.Evenement) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.recus = append(s.recus, e)
	if e.ConventionUUID == s.panne {
		return io.ErrUnexpectedEOF
	}
	return nil
}

// muette is a SIAP that knows no operation.
type muette struct{}

func (muette) Operation(context.Context, string, int64, string) (siap.OperationDTO, error) {
	return siap.OperationDTO{}, &siap.Error{Call: siap.CallOperation, Kind: siap.ErrNotFound}
}

func (m muette) RefreshOperation(ctx context.Context, l string, h int64, n string) (siap.OperationDTO, error) {
	return m.Operation(ctx, l, h, n)
}

// instructions counts statements.
type instructions struct{ n atomic.Int64 }

func (i *instructions) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	i.n.Add(1)
	return ctx
}

func (*instructions) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

type banc struct {
	*fixture.Monde
	t       *testing.T
	ctx     context.Context
	sortie  *sortie
	sql     *instructions
	heure   time.Time
	service *echange.Service
	siap    compte.AppelantSIAP
}

func nouveau(t *testing.T) *banc {
	t.Helper()
	b := &banc{Monde: fixture.Nouveau(t), t: t, ctx: t.Context(), sortie: &sortie{}, sql: &instructions{}, heure: time.Date(2026, 4, 15, 9, 30, 0, 0, time.UTC)}
	db, err := store.Open(b.ctx, b.Base.URL, store.Options{Tracer: b.sql})
	require.NoError(t, err)
	t.Cleanup(db.Close)
	horloge := func() time.Time { return b.heure }
	conv := convention.NewService(db, b.sortie, nil, nil, horloge)
	operations := store.NewOperationStore(db)
	b.service, err = echange.New(echange.Config{
		Store: store.NewEchanges(db), Operations: operation.NewService(muette{}, operations, conv, operations, horloge), Conventions: conv, Horloge: horloge,
	})
	require.NoError(t, err)
	p := b.EnInstructeur()
	b.siap = compte.AppelantSIAP{UtilisateurID: p.UtilisateurID, ClasseKPI: siap.KPIInstructeur, Principal: auth.Principal{
		Login: p.Login, HabilitationID: 201, Typologie: auth.Instructeur, AdministrationID: b.AdministrationID, RequeteID: uuid.NewString(),
	}}
	return b
}

// numero is that of the operation of a convention.
func (b *banc) numero(conv uuid.UUID) string {
	b.t.Helper()
	var n string
	require.NoError(b.t, b.Base.Pool.QueryRow(b.ctx, `SELECT o.numero_operation FROM operation o JOIN convention c ON c.operation_id = o.id WHERE c.uuid = $1`, conv).Scan(&n))
	return n
}

func (b *banc) statut(conv uuid.UUID) string {
	b.t.Helper()
	var s string
	require.NoError(b.t, b.Base.Pool.QueryRow(b.ctx, `SELECT statut FROM convention WHERE uuid = $1`, conv).Scan(&s))
	return s
}
