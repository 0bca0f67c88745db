package mail

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// MaxAttachments is the greatest total size of the attachments of a message, in bytes (06 §7.1). Above
// it the caller sends a link instead (EM-05).
const MaxAttachments = 10 << 20

// Sender delivers messages. Implementations may be used by several goroutines.
type Sender interface {
	// Send hands m over and returns the identifier the provider gave it (at most 255 bytes, for
	// message_sortant.identifiant_externe). Errors: ErrTemporary or ErrPermanent, as *SendError.
	Send(ctx context.Context, m Message) (id string, err error)
}

// Message is one e-mail. Addresses are bare ("a@b.fr"), see Recipients.
type Message struct {
	// To has exactly one address for the mails of 02 §6 (EM-25), see PerRecipient.
	To []string
	// Cc is visible to everyone: only the author of the action may be there (EM-25).
	Cc []string
	// Bcc receives a hidden copy (SMTP_BCC).
	Bcc []string
	// Subject is one line; line breaks are turned into spaces.
	Subject string
	// Text and HTML are the two versions of the body; both are mandatory.
	Text, HTML string
	// ReplyTo is optional.
	ReplyTo string
	// MessageID is the value of the header without angle brackets; see MessageID.
	MessageID string
	// Attachments hold at most MaxAttachments bytes together.
	Attachments []Attachment
}

// Attachment is a file joined to a message.
type Attachment struct {
	// Name shown to the recipient; accents allowed.
	Name string
	// ContentType defaults to application/octet-stream.
	ContentType string
	Content     []byte
}

// MessageID derives the identifier of a message from the idempotency key of the caller (the cle_unicite
// of message_sortant) and the domain of the sender: the same key always gives the same identifier
// (EM-26).
func MessageID(key, domain string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:16]) + "@" + domain
}

// PerRecipient returns one message per address of m.To, so that nobody sees the others (EM-25). The
// first one carries Cc and Bcc, so that the author who asked for a copy gets one, not one per
// recipient. Each has a Message-ID of its own, made from key, the address and domain. m.To should come
// from Recipients.
func PerRecipient(m Message, key, domain string) []Message {
	out := make([]Message, 0, len(m.To))
	for i, to := range m.To {
		one := m
		one.To = []string{to}
		one.MessageID = MessageID(key+"\n"+strings.ToLower(to), domain)
		if i > 0 {
			one.Cc, one.Bcc = nil, nil
		}
		out = append(out, one)
	}
	return out
}

// compose builds the MIME message. Its errors are permanent: the same message would fail again.
func compose(m Message, from string, date time.Time) (*gomail.Msg, error) {
	if err := m.check(); err != nil {
		return nil, err
	}
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	errs := []error{msg.From(from), msg.To(m.To...), setAddresses(msg.Cc, m.Cc), setAddresses(msg.Bcc, m.Bcc)}
	if m.ReplyTo != "" {
		errs = append(errs, msg.ReplyTo(m.ReplyTo))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("address: %w", err)
	}
	msg.Subject(oneLine(m.Subject))
	msg.SetDateWithValue(date)
	msg.SetMessageIDWithValue(m.MessageID)
	msg.SetGenHeader("Content-Language", "fr")
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no automatic answer, please
	msg.SetGenHeader("X-Auto-Response-Suppress", "All")
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	return msg, attach(msg, m.Attachments)
}

func attach(msg *gomail.Msg, attachments []Attachment) error {
	for _, a := range attachments {
		contentType := gomail.ContentType(a.ContentType)
		if contentType == "" {
			contentType = gomail.TypeAppOctetStream
		}
		if err := msg.AttachReader(oneLine(a.Name), bytes.NewReader(a.Content), gomail.WithFileContentType(contentType)); err != nil {
			return fmt.Errorf("attachment: %w", err)
		}
	}
	return nil
}

// setAddresses skips an empty list, which would write an empty header.
func setAddresses(set func(...string) error, addresses []string) error {
	if len(addresses) == 0 {
		return nil
	}
	return set(addresses...)
}

// check refuses what no server should see.
func (m Message) check() error {
	var errs []error
	if len(m.To) == 0 {
		errs = append(errs, errors.New("no recipient"))
	}
	all := slices.Concat(m.To, m.Cc, m.Bcc)
	if m.ReplyTo != "" {
		all = append(all, m.ReplyTo)
	}
	if slices.ContainsFunc(all, func(a string) bool { return !ValidAddress(a) }) {
		errs = append(errs, errors.New("invalid address"))
	}
	if oneLine(m.Subject) == "" || m.Text == "" || m.HTML == "" {
		errs = append(errs, errors.New("subject, text and HTML are mandatory"))
	}
	if id, domain, ok := strings.Cut(m.MessageID, "@"); !ok || id == "" || domain == "" || strings.ContainsAny(m.MessageID, "<> \r\n\t") {
		errs = append(errs, errors.New("message identifier missing or malformed"))
	}
	total := 0
	for _, a := range m.Attachments {
		total += len(a.Content)
	}
	if total > MaxAttachments {
		errs = append(errs, fmt.Errorf("%d bytes of attachments, the limit is %d", total, MaxAttachments))
	}
	return errors.Join(errs...)
}

// oneLine replaces every run of blanks and control characters by one space, which also keeps headers
// from being injected. Non-breaking spaces are kept.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f || r == 0x85 || r == 0x2028 || r == 0x2029 }), " ")
}
