package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// defaultTimeout bounds the silence of a server (06 §5.2: 30 s for a mail).
const defaultTimeout = 30 * time.Second

// maxExternalID is the length of message_sortant.identifiant_externe.
const maxExternalID = 255

// SMTPConfig describes a relay.
type SMTPConfig struct {
	// URL (SMTP_URL): smtp://[user:password@]host[:port] or smtps://… (TLS from the first byte). The
	// port defaults to 465 for smtps, 587 with a user, else 25. With smtp, STARTTLS is mandatory when
	// there is a password and the host is not this machine, else used when offered; the parameter
	// ?starttls=obligatoire|si_possible|jamais changes that.
	URL string
	// From (DEFAULT_FROM_EMAIL): "APiLos <ne-pas-repondre@exemple.fr>" or a bare address.
	From string
	// TLS is optional: private authorities, for instance.
	TLS *tls.Config
	// Timeout is the longest silence of the server; 0 means 30 seconds.
	Timeout time.Duration
	// Now gives the date of messages.
	Now func() time.Time
	// Log receives the refusal of a copy; nil: slog.Default().
	Log *slog.Logger
}

// SMTP is a Sender that hands messages to a relay, one connection per message.
type SMTP struct {
	from, helo     string
	host           string
	port           int
	user, password string
	implicitTLS    bool
	starttls       gomail.TLSPolicy
	tls            *tls.Config
	timeout        time.Duration
	now            func() time.Time
	log            *slog.Logger
}

var _ Sender = (*SMTP)(nil)

// NewSMTP reads cfg; it connects to nothing. Its errors never show the password.
func NewSMTP(cfg SMTPConfig) (*SMTP, error) {
	u, err := url.Parse(cfg.URL)
	if err != nil || u.Hostname() == "" || (u.Scheme != "smtp" && u.Scheme != "smtps") || strings.Trim(u.Path, "/") != "" {
		return nil, errors.New("mail: SMTP_URL must be smtp(s)://[user:password@]host[:port]")
	}
	if _, err := mail.ParseAddress(cfg.From); err != nil || !ValidAddress(bare(cfg.From)) {
		return nil, fmt.Errorf("mail: sender %q is not an address", cfg.From)
	}
	s := &SMTP{
		from: cfg.From, helo: Domain(cfg.From), host: u.Hostname(), implicitTLS: u.Scheme == "smtps",
		user: u.User.Username(), timeout: cfg.Timeout, now: cfg.Now, log: cfg.Log,
	}
	s.password, _ = u.User.Password()
	if s.port, err = smtpPort(u); err != nil {
		return nil, err
	}
	if s.starttls, err = s.policy(u.Query().Get("starttls")); err != nil {
		return nil, err
	}
	s.tls = &tls.Config{MinVersion: tls.VersionTLS12}
	if cfg.TLS != nil {
		s.tls = cfg.TLS.Clone()
	}
	s.tls.ServerName = s.host
	if s.timeout <= 0 {
		s.timeout = defaultTimeout
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.Default()
	}
	return s, nil
}

func bare(address string) string {
	parsed, err := mail.ParseAddress(address)
	if err != nil {
		return ""
	}
	return parsed.Address
}

func smtpPort(u *url.URL) (int, error) {
	switch {
	case u.Port() != "":
		port, err := strconv.ParseUint(u.Port(), 10, 16)
		if err != nil || port == 0 {
			return 0, fmt.Errorf("mail: port %q of SMTP_URL", u.Port())
		}
		return int(port), nil
	case u.Scheme == "smtps":
		return 465, nil
	case u.User.Username() != "":
		return 587, nil
	}
	return 25, nil
}

func (s *SMTP) policy(asked string) (gomail.TLSPolicy, error) {
	switch asked {
	case "obligatoire":
		return gomail.TLSMandatory, nil
	case "si_possible":
		return gomail.TLSOpportunistic, nil
	case "jamais":
		return gomail.NoTLS, nil
	case "":
		if s.password != "" && !isThisMachine(s.host) {
			return gomail.TLSMandatory, nil
		}
		return gomail.TLSOpportunistic, nil
	}
	return 0, fmt.Errorf("mail: starttls=%q of SMTP_URL must be obligatoire, si_possible or jamais", asked)
}

func isThisMachine(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Send implements Sender. A copy (Cc, Bcc) refused for good does not keep the recipient from being
// served: the message leaves without copies, and that is logged.
func (s *SMTP) Send(ctx context.Context, m Message) (string, error) {
	id, err := s.try(ctx, m)
	if errors.Is(err, ErrPermanent) && len(m.Cc)+len(m.Bcc) > 0 {
		alone := m
		alone.Cc, alone.Bcc = nil, nil
		var retryErr error
		if id, retryErr = s.try(ctx, alone); retryErr == nil {
			s.log.WarnContext(ctx, "mail: copies refused, sent to the recipient alone", "message_id", m.MessageID, "error", err)
			return id, nil
		}
	}
	return id, err
}

func (s *SMTP) try(ctx context.Context, m Message) (string, error) {
	msg, err := compose(m, s.from, s.now())
	if err != nil {
		return "", &SendError{Err: err}
	}
	err = s.deliver(ctx, msg)
	if msg.IsDelivered() { // an error after the server took the message (QUIT) changes nothing
		return externalID(msg), nil
	}
	return "", s.classify(ctx, err)
}

// deliver opens a connection, sends msg and closes, whatever happens; the end of ctx closes too.
func (s *SMTP) deliver(ctx context.Context, msg *gomail.Msg) error {
	release := func() {}
	defer func() { release() }()
	dial := func(dialCtx context.Context, network, address string) (net.Conn, error) {
		conn, err := s.dial(dialCtx, network, address)
		if err != nil {
			return nil, err
		}
		stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
		release = func() { stop(); _ = conn.Close() }
		return conn, nil
	}
	options := []gomail.Option{
		gomail.WithPort(s.port), gomail.WithTimeout(s.timeout), gomail.WithHELO(s.helo),
		gomail.WithTLSConfig(s.tls), gomail.WithTLSPolicy(s.starttls), gomail.WithDialContextFunc(dial),
	}
	if s.implicitTLS {
		options = append(options, gomail.WithSSL())
	}
	if s.user != "" {
		options = append(options, gomail.WithUsername(s.user), gomail.WithPassword(s.password),
			gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin))
	}
	client, err := gomail.NewClient(s.host, options...)
	if err != nil {
		return fmt.Errorf("SMTP client: %w", err)
	}
	session, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return fmt.Errorf("connect to the SMTP server: %w", err)
	}
	if err := client.SendWithSMTPClient(session, msg); err != nil {
		return err
	}
	return client.CloseWithSMTPClient(session)
}

func (s *SMTP) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if s.implicitTLS {
		return (&tls.Dialer{Config: s.tls}).DialContext(ctx, network, address)
	}
	return (&net.Dialer{}).DialContext(ctx, network, address)
}

// classify tells what a second try may change. Only an answer of the server about this message is
// permanent: no connection, no TLS, refused password are faults of the network or of the settings.
func (s *SMTP) classify(ctx context.Context, err error) error {
	if ctxErr := ctx.Err(); ctxErr != nil {
		return &SendError{Temporary: true, Err: ctxErr}
	}
	var refused *gomail.SendError
	if !errors.As(err, &refused) {
		return &SendError{Temporary: true, Err: err}
	}
	code := refused.ErrorCode()
	switch {
	case code == 530 || code == 534 || code == 535 || code == 538: // about authentication
		return &SendError{Temporary: true, Code: code, Err: refused}
	case code >= 500:
		return &SendError{Code: code, Err: refused}
	}
	return &SendError{Temporary: true, Code: code, Err: refused}
}

// externalID is what the server answered when it took the message, which holds its queue identifier;
// else the Message-ID.
func externalID(msg *gomail.Msg) string {
	id := oneLine(msg.ServerResponse())
	if id == "" {
		id = strings.Trim(msg.GetMessageID(), "<>")
	}
	return strings.ToValidUTF8(id[:min(len(id), maxExternalID)], "")
}
