package mail_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"log/slog"
	"math/big"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"apilos/api/mail"
)

// delivery is what the sink received.
type delivery struct {
	from string
	to   []string
	data []byte
	user string
}

// sink is an in-process SMTP server. refuse is asked at each step ("mail", "rcpt", "data") and may
// answer an error.
type sink struct {
	addr   string
	refuse func(step, value string) error

	mu       sync.Mutex
	received []delivery
}

type options struct {
	implicitTLS, starttls *tls.Config
	auth                  bool
	refuse                func(step, value string) error
}

func startSink(t *testing.T, o options) *sink {
	t.Helper()
	s := &sink{refuse: o.refuse}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		base := session{sink: s, auth: o.auth}
		if o.auth {
			return &authSession{base}, nil
		}
		return &base, nil
	}))
	server.Domain, server.TLSConfig = "relais.example", o.starttls
	server.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s.addr = l.Addr().String()
	if o.implicitTLS != nil {
		l = tls.NewListener(l, o.implicitTLS)
	}
	done := make(chan struct{})
	go func() { _ = server.Serve(l); close(done) }()
	t.Cleanup(func() {
		require.NoError(t, server.Close())
		<-done
	})
	return s
}

func (s *sink) all() []delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.received)
}

type session struct {
	sink    *sink
	auth    bool
	current delivery
	user    string
}

func (s *session) ask(step, value string) error {
	if s.sink.refuse == nil {
		return nil
	}
	return s.sink.refuse(step, value)
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if s.auth && s.user == "" {
		return smtp.ErrAuthRequired
	}
	s.current = delivery{from: from, user: s.user}
	return s.ask("mail", from)
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if err := s.ask("rcpt", to); err != nil {
		return err
	}
	s.current.to = append(s.current.to, to)
	return nil
}

func (s *session) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if err := s.ask("data", ""); err != nil {
		return err
	}
	s.current.data = data
	s.sink.mu.Lock()
	defer s.sink.mu.Unlock()
	s.sink.received = append(s.sink.received, s.current)
	return nil
}

func (s *session) Reset()        { s.current = delivery{} }
func (s *session) Logout() error { return nil }

type authSession struct{ session }

func (s *authSession) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *authSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "apilos" || password != "s3cr&t/é" {
			return smtp.ErrAuthFailed
		}
		s.user = user
		return nil
	}), nil
}

func newSMTP(t *testing.T, cfg mail.SMTPConfig) *mail.SMTP {
	t.Helper()
	if cfg.From == "" {
		cfg.From = sender
	}
	cfg.Now = clock()
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	s, err := mail.NewSMTP(cfg)
	require.NoError(t, err)
	return s
}

func TestSMTPDelivers(t *testing.T) {
	server := startSink(t, options{})
	client := newSMTP(t, mail.SMTPConfig{URL: "smtp://" + server.addr})
	want := letter("k1")
	want.Bcc = []string{"cache@apilos.example"}
	id, err := client.Send(t.Context(), want)
	require.NoError(t, err)
	require.NotEmpty(t, id)
	require.LessOrEqual(t, len(id), 255)

	all := server.all()
	require.Len(t, all, 1)
	require.Equal(t, "ne-pas-repondre@apilos.example", all[0].from)
	require.ElementsMatch(t, []string{"noel.garcon@bailleur.example", "helene.lefevre@ddt.example", "cache@apilos.example"}, all[0].to)
	got, err := mail.Parse(bytes.NewReader(all[0].data))
	require.NoError(t, err)
	requireLetter(t, want, got)
	require.NotContains(t, string(all[0].data), "cache@apilos.example")
	for line := range strings.SplitSeq(string(all[0].data), "\r\n") {
		require.LessOrEqual(t, len(line), 998, "RFC 5322 §2.1.1")
	}
}

func TestSMTPDeliversEveryTemplate(t *testing.T) {
	server := startSink(t, options{})
	client := newSMTP(t, mail.SMTPConfig{URL: "smtp://" + server.addr})
	modeles := newModeles(t)
	for i, code := range mail.Codes() {
		r, err := modeles.Render(code, mail.Exemple(code, mail.ObjetAvenant))
		require.NoError(t, err)
		_, err = client.Send(t.Context(), mail.Message{
			To: []string{"a@b.fr"}, Subject: r.Subject, Text: r.Text, HTML: r.HTML, MessageID: mail.MessageID(code, "apilos.example"),
		})
		require.NoError(t, err)
		got, err := mail.Parse(bytes.NewReader(server.all()[i].data))
		require.NoError(t, err)
		require.Equal(t, r.Subject, got.Subject)
		require.Equal(t, r.Text, got.Text)
		require.Equal(t, r.HTML, got.HTML)
	}
}

func TestSMTPConcurrentSends(t *testing.T) {
	server := startSink(t, options{})
	client, err := mail.NewSMTP(mail.SMTPConfig{URL: "smtp://" + server.addr, From: sender})
	require.NoError(t, err)
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		wg.Go(func() { _, errs[i] = client.Send(t.Context(), letter("k"+string(rune('0'+i)))) })
	}
	wg.Wait()
	require.NoError(t, errors.Join(errs...))
	require.Len(t, server.all(), len(errs))
}

func answer(code int, enhanced smtp.EnhancedCode, text string) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: enhanced, Message: text}
}

func TestSMTPFailures(t *testing.T) {
	at := func(step string, err error) func(string, string) error {
		return func(s, _ string) error {
			if s == step {
				return err
			}
			return nil
		}
	}
	tests := []struct {
		name   string
		refuse func(step, value string) error
		want   error
		code   int
	}{
		{"4xx on the recipient", at("rcpt", answer(450, smtp.EnhancedCode{4, 2, 1}, "mailbox busy")), mail.ErrTemporary, 450},
		{"greylisting", at("rcpt", answer(451, smtp.EnhancedCode{4, 7, 1}, "try again later, a@b.fr")), mail.ErrTemporary, 451},
		{"4xx on the sender", at("mail", answer(421, smtp.EnhancedCode{4, 3, 2}, "shutting down")), mail.ErrTemporary, 421},
		{"4xx on the content", at("data", answer(452, smtp.EnhancedCode{4, 3, 1}, "no space left")), mail.ErrTemporary, 452},
		{"5xx on the recipient", at("rcpt", answer(550, smtp.EnhancedCode{5, 1, 1}, "<noel.garcon@bailleur.example> unknown")), mail.ErrPermanent, 550},
		{"5xx on the sender", at("mail", answer(553, smtp.EnhancedCode{5, 7, 1}, "sender refused")), mail.ErrPermanent, 553},
		{"5xx on the content", at("data", answer(554, smtp.EnhancedCode{5, 6, 0}, "spam")), mail.ErrPermanent, 554},
		{"authentication wanted", at("mail", answer(530, smtp.EnhancedCode{5, 7, 0}, "authenticate first")), mail.ErrTemporary, 530},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server := startSink(t, options{refuse: tt.refuse})
			_, err := newSMTP(t, mail.SMTPConfig{URL: "smtp://" + server.addr}).Send(t.Context(), letter("k"))
			require.ErrorIs(t, err, tt.want)
			other := mail.ErrPermanent
			if errors.Is(tt.want, other) {
				other = mail.ErrTemporary
			}
			require.NotErrorIs(t, err, other)
			var sendErr *mail.SendError
			require.ErrorAs(t, err, &sendErr)
			require.Equal(t, tt.code, sendErr.Code)
			require.NotContains(t, err.Error(), "@", "no address in errors")
			require.Empty(t, server.all())
		})
	}
}

func TestSMTPRefusedCopyDoesNotBlockTheRecipient(t *testing.T) {
	refuse := func(step, value string) error {
		if step == "rcpt" && value == "helene.lefevre@ddt.example" {
			return answer(550, smtp.EnhancedCode{5, 1, 1}, "unknown")
		}
		return nil
	}
	server := startSink(t, options{refuse: refuse})
	var log bytes.Buffer
	client := newSMTP(t, mail.SMTPConfig{URL: "smtp://" + server.addr, Log: slog.New(slog.NewTextHandler(&log, nil))})
	_, err := client.Send(t.Context(), letter("k"))
	require.NoError(t, err)
	all := server.all()
	require.Len(t, all, 1)
	require.Equal(t, []string{"noel.garcon@bailleur.example"}, all[0].to)
	require.Contains(t, log.String(), "copies refused")
	require.NotContains(t, log.String(), "helene.lefevre")
}

func TestSMTPNobodyListens(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	addr := l.Addr().String()
	require.NoError(t, l.Close())
	_, err = newSMTP(t, mail.SMTPConfig{URL: "smtp://" + addr}).Send(t.Context(), letter("k"))
	require.ErrorIs(t, err, mail.ErrTemporary)
	require.NotErrorIs(t, err, mail.ErrPermanent)
}

// silent accepts connections and says nothing until the end of the test; called tells of each one.
func silent(t *testing.T, called func()) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	done := make(chan struct{})
	go func() {
		defer close(done)
		var open []net.Conn
		for {
			c, err := l.Accept()
			if err != nil {
				break
			}
			open = append(open, c)
			called()
		}
		for _, c := range open {
			_ = c.Close()
		}
	}()
	t.Cleanup(func() {
		require.NoError(t, l.Close())
		<-done
	})
	return l.Addr().String()
}

func TestSMTPSilentServer(t *testing.T) {
	addr := silent(t, func() {})
	client := newSMTP(t, mail.SMTPConfig{URL: "smtp://" + addr, Timeout: 50 * time.Millisecond})
	_, err := client.Send(t.Context(), letter("k"))
	require.ErrorIs(t, err, mail.ErrTemporary)
}

func TestSMTPCancelled(t *testing.T) {
	for _, step := range []string{"greeting", "rcpt", "data"} {
		t.Run(step, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			release := make(chan struct{})
			addr := ""
			if step == "greeting" {
				addr = silent(t, cancel)
			} else {
				server := startSink(t, options{refuse: func(s, _ string) error {
					if s == step {
						cancel()
						<-release // it would answer only after the client has left
					}
					return nil
				}})
				addr = server.addr
			}
			t.Cleanup(func() { close(release) })
			client, result := newSMTP(t, mail.SMTPConfig{URL: "smtp://" + addr, Timeout: time.Hour}), make(chan error, 1)
			go func() {
				_, err := client.Send(ctx, letter("k"))
				result <- err
			}()
			select {
			case err := <-result:
				require.ErrorIs(t, err, context.Canceled)
				require.ErrorIs(t, err, mail.ErrTemporary)
			case <-time.After(20 * time.Second):
				t.Fatal("Send does not return when its context ends")
			}
		})
	}
}

// certificate returns a server configuration for 127.0.0.1 and a client configuration that trusts it.
func certificate(t *testing.T) (server, client *tls.Config) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "relais"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	parsed, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, &tls.Config{RootCAs: roots}
}

func TestSMTPEncryptionAndPassword(t *testing.T) {
	serverTLS, trusted := certificate(t)
	const good, bad = "apilos:s3cr%26t%2F%C3%A9@", "apilos:wrong@"
	tests := []struct {
		name    string
		options options
		scheme  string
		user    string
		query   string
		tls     *tls.Config
		fails   bool
	}{
		{"smtps with password", options{implicitTLS: serverTLS, auth: true}, "smtps", good, "", trusted, false},
		{"STARTTLS with password", options{starttls: serverTLS, auth: true}, "smtp", good, "", trusted, false},
		{"STARTTLS without password", options{starttls: serverTLS}, "smtp", "", "?starttls=obligatoire", trusted, false},
		{"wrong password", options{implicitTLS: serverTLS, auth: true}, "smtps", bad, "", trusted, true},
		{"unknown authority, smtps", options{implicitTLS: serverTLS}, "smtps", "", "", nil, true},
		{"unknown authority, STARTTLS", options{starttls: serverTLS}, "smtp", "", "", nil, true},
		{"STARTTLS wanted, not offered", options{}, "smtp", "", "?starttls=obligatoire", trusted, true},
		{"STARTTLS refused by configuration", options{starttls: serverTLS}, "smtp", "", "?starttls=jamais", nil, false},
		{"password wanted, none given", options{implicitTLS: serverTLS, auth: true}, "smtps", "", "", trusted, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server := startSink(t, tt.options)
			client := newSMTP(t, mail.SMTPConfig{URL: tt.scheme + "://" + tt.user + server.addr + tt.query, TLS: tt.tls})
			_, err := client.Send(t.Context(), letter("k"))
			if tt.fails {
				require.Error(t, err)
				require.NotContains(t, err.Error(), "wrong")
				if !strings.HasPrefix(tt.name, "password wanted") { // 502 to MAIL is the choice of this sink
					require.ErrorIs(t, err, mail.ErrTemporary, "a fault of the settings, not of the message")
				}
				require.Empty(t, server.all())
				return
			}
			require.NoError(t, err)
			require.Len(t, server.all(), 1)
			if tt.user != "" {
				require.Equal(t, "apilos", server.all()[0].user)
			}
		})
	}
}

// A password must not cross the network in clear, whatever the server offers.
func TestSMTPPasswordNeedsEncryption(t *testing.T) {
	server := startSink(t, options{auth: true})
	_, port, err := net.SplitHostPort(server.addr)
	require.NoError(t, err)
	client := newSMTP(t, mail.SMTPConfig{URL: "smtp://apilos:secret@127.0.0.1:" + port + "?starttls=obligatoire"})
	_, err = client.Send(t.Context(), letter("k"))
	require.ErrorIs(t, err, mail.ErrTemporary)
	require.Empty(t, server.all())
}

func TestSMTPConfiguration(t *testing.T) {
	for _, url := range []string{
		"smtp://relais.example", "smtp://relais.example:2525", "smtps://relais.example", "smtp://u:p@relais.example/", "smtp://[::1]:25",
	} {
		_, err := mail.NewSMTP(mail.SMTPConfig{URL: url, From: "a@b.fr"})
		require.NoError(t, err, url)
	}
	for _, url := range []string{
		"", "relais.example", "http://relais.example", "smtp://", "smtp://u:motdepasse@relais.example:port", "smtp://u:motdepasse@relais.example:99999",
		"smtp://u:motdepasse@relais.example/chemin", "smtp://u:motdepasse@relais.example?starttls=oui", "smtp://u:motde%zzpasse@relais.example",
	} {
		_, err := mail.NewSMTP(mail.SMTPConfig{URL: url, From: "a@b.fr"})
		require.Error(t, err, url)
		require.NotContains(t, err.Error(), "motde", "no password in errors")
	}
	for _, from := range []string{"", "foo", "APiLos <foo>", "a@b.fr\r\nBcc: c@d.fr"} {
		_, err := mail.NewSMTP(mail.SMTPConfig{URL: "smtp://relais.example", From: from})
		require.Error(t, err, from)
	}
}
