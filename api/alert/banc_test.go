package alert_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"apilos/api/alert"
	"apilos/api/auth"
	"apilos/api/convention"
	"apilos/api/date"
	"apilos/api/internal/fixture"
	"apilos/api/mail"
	"apilos/api/siap"
	"apilos/api/sim"
	"apilos/api/store"

	"github.com/emersion/go-smtp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

const (
	base       = "https://apilos.example.org"
	expediteur = "APiLos <ne-pas-repondre@apilos.example>"
	bail       = 45 * time.Second
)

// horloge is a clock that only moves when told.
type horloge struct {
	mu sync.Mutex
	t  time.Time
}

func (h *horloge) Now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.t
}

func (h *horloge) Avancer(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.t = h.t.Add(d)
}

// file remembers the deliveries to make; tests of the real queue are those of package jobs.
type file struct {
	mu  sync.Mutex
	ids []int64
}

func (f *file) LivrerMessages(_ context.Context, envois ...alert.Envoi) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, e := range envois {
		f.ids = append(f.ids, e.MessageID)
	}
	return nil
}

// banc is the service on PostgreSQL, between a simulated SIAP and an SMTP server of the test.
type banc struct {
	*fixture.Monde
	t       *testing.T
	h       *horloge
	sim     *sim.Server
	siap    *siap.Client
	relais  *relais
	file    *file
	cfg     alert.Config
	alertes *alert.Service
	conv    *convention.Service
}

type reglage func(*alert.Config)

func nouveauBanc(t *testing.T, reglages ...reglage) *banc {
	t.Helper()
	t.Parallel()
	b := &banc{Monde: fixture.Nouveau(t), t: t, h: &horloge{t: time.Date(2026, 4, 15, 9, 30, 0, 0, time.UTC)}, file: &file{}, relais: nouveauRelais(t)}
	silence := slog.New(slog.DiscardHandler)
	var err error
	b.sim, err = sim.Start(t.Context(), sim.Options{Scenario: "minimal", Now: b.h.Now, Logger: silence})
	require.NoError(t, err)
	t.Cleanup(b.sim.Close)
	b.siap, err = siap.New(siap.Config{Host: b.sim.URL(), Key: b.sim.Key()}, siap.WithClock(b.h.Now), siap.WithLogger(silence),
		siap.WithPause(func(ctx context.Context, _ time.Duration) error { return ctx.Err() }, func() float64 { return 0 }),
		siap.WithAttemptTimeout(6*time.Second))
	require.NoError(t, err)
	t.Cleanup(b.siap.Close)
	courrier, err := mail.NewSMTP(mail.SMTPConfig{URL: "smtp://" + b.relais.adresse, From: expediteur, Now: b.h.Now, Log: silence})
	require.NoError(t, err)
	gabarits, err := mail.NewModeles()
	require.NoError(t, err)
	b.cfg = alert.Config{
		Store: store.NewAlertes(b.Store), File: b.file, SIAP: b.siap, Courrier: courrier, Gabarits: gabarits, Horloge: b.h.Now,
		Alea: func() float64 { return 0 }, Journal: silence, BaseURL: base + "/", Domaine: "apilos.example", Bail: bail,
	}
	for _, r := range reglages {
		r(&b.cfg)
	}
	b.alertes, err = alert.NewService(b.cfg)
	require.NoError(t, err)
	b.conv = convention.NewService(b.Store, b.alertes, nil, nil, b.h.Now)
	return b
}

// faire runs a transition as its actor.
func (b *banc) faire(p auth.Principal, id uuid.UUID, code convention.Code, cmd convention.Commande) {
	b.t.Helper()
	d, err := b.conv.Lire(context.Background(), p, id)
	require.NoError(b.t, err)
	cmd.Version, cmd.ConfirmerIncomplet, cmd.ConfirmerCommentairesOuverts = d.Convention.Version, true, true
	if cmd.Commentaire == "" {
		cmd.Commentaire = "commentaire"
	}
	if code == convention.Signer && cmd.DateSignature == nil {
		jour := date.InParis(b.h.Now())
		cmd.DateSignature = &jour
	}
	_, err = b.conv.Executer(context.Background(), p, id, code, cmd)
	require.NoError(b.t, err)
}

// livrer delivers one row.
func (b *banc) livrer(id int64) alert.Suite {
	b.t.Helper()
	s, err := b.alertes.Livrer(context.Background(), id)
	require.NoError(b.t, err)
	return s
}

// livrerTout delivers what is enqueued, new rows included, until nothing more can leave now.
func (b *banc) livrerTout() {
	b.t.Helper()
	for passe := 0; ; passe++ {
		require.Less(b.t, passe, 50, "deliveries never end")
		ids := b.file.ids
		b.file.ids = nil
		attendent := 0
		for _, id := range ids {
			if s := b.livrer(id); s.Attendre > 0 {
				b.file.ids = append(b.file.ids, id)
				attendent++
			}
		}
		if len(ids) == attendent && len(b.file.ids) == attendent {
			return
		}
	}
}

// panne plans a fault of the simulated SIAP.
func (b *banc) panne(f ...sim.Fault) {
	b.t.Helper()
	require.NoError(b.t, b.sim.AddFaults(f...))
}

func toujours(c siap.Call, statut int) sim.Fault {
	return sim.Fault{Match: sim.Match{Route: string(c)}, Times: sim.Times(-1), Status: statut}
}

// vues lists the alerts that SIAP received for a convention, deleted ones marked.
func (b *banc) vues(id uuid.UUID) []string {
	var out []string
	for _, a := range b.sim.Alertes(id.String()) {
		s := resume(a.AlerteCreation)
		if a.Supprimee() {
			s = "(supprimée) " + s
		}
		out = append(out, s)
	}
	return out
}

// ligne reads one row as JSON.
func (b *banc) ligne(sql string, args ...any) map[string]any {
	b.t.Helper()
	var raw []byte
	require.NoError(b.t, b.Base.Pool.QueryRow(context.Background(), "SELECT to_json(t) FROM ("+sql+") t", args...).Scan(&raw), sql)
	var out map[string]any
	require.NoError(b.t, json.Unmarshal(raw, &out))
	return out
}

// messages lists the ids of rows of a type, in order.
func (b *banc) messages(id uuid.UUID, typ string) []int64 {
	b.t.Helper()
	rows, err := b.Base.Pool.Query(context.Background(), `SELECT m.id FROM message_sortant m JOIN convention c ON c.id = m.convention_id
		WHERE c.uuid = $1 AND m.type = $2 ORDER BY m.sequence, m.id`, id, typ)
	require.NoError(b.t, err)
	defer rows.Close()
	var out []int64
	for rows.Next() {
		var id int64
		require.NoError(b.t, rows.Scan(&id))
		out = append(out, id)
	}
	require.NoError(b.t, rows.Err())
	return out
}

func (b *banc) etat(id int64) string {
	return b.ligne(`SELECT etat FROM message_sortant WHERE id = $1`, id)["etat"].(string)
}

// preference changes what a user wants to receive.
func (b *banc) preference(p auth.Principal, valeur string) auth.Principal {
	b.Executer(`UPDATE utilisateur SET preferences_email = $2 WHERE id = $1`, p.UtilisateurID, valeur)
	return p
}

// envoi is an e-mail the relay accepted.
type envoi struct {
	a    []string // SMTP recipients
	mail *mail.Received
}

// relais is an in-process SMTP server. refuser is asked for each recipient.
type relais struct {
	adresse string
	refuser func(a string) error

	mu    sync.Mutex
	recus []envoi
}

func nouveauRelais(t *testing.T) *relais {
	t.Helper()
	r := &relais{}
	serveur := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &boite{relais: r}, nil }))
	serveur.Domain, serveur.ErrorLog = "relais.example", slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	r.adresse = l.Addr().String()
	fini := make(chan struct{})
	go func() { _ = serveur.Serve(l); close(fini) }()
	t.Cleanup(func() { require.NoError(t, serveur.Close()); <-fini })
	return r
}

type boite struct {
	relais *relais
	a      []string
}

func (s *boite) Mail(string, *smtp.MailOptions) error { s.a = nil; return nil }

func (s *boite) Rcpt(a string, _ *smtp.RcptOptions) error {
	s.relais.mu.Lock()
	refuser := s.relais.refuser
	s.relais.mu.Unlock()
	if refuser != nil {
		if err := refuser(a); err != nil {
			return err
		}
	}
	s.a = append(s.a, a)
	return nil
}

func (s *boite) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m, err := mail.Parse(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	s.relais.mu.Lock()
	defer s.relais.mu.Unlock()
	s.relais.recus = append(s.relais.recus, envoi{slices.Clone(s.a), m})
	return nil
}

func (s *boite) Reset()        { s.a = nil }
func (s *boite) Logout() error { return nil }

func (r *relais) tous() []envoi {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.recus)
}

// vider forgets what was received.
func (r *relais) vider() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.recus = nil
}

func (r *relais) refus(f func(a string) error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.refuser = f
}
