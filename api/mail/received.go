package mail

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"strings"
	"time"
)

// maxDepth bounds nested parts: mixed, then alternative, is what we write.
const maxDepth = 5

// Envelope is the headers of a message of the mailbox.
type Envelope struct {
	ID string
	// MessageID without angle brackets.
	MessageID string
	Date      time.Time
	// From, To, Cc and ReplyTo are bare addresses.
	From    string
	To, Cc  []string
	ReplyTo string
	Subject string
	// Files counts the attachments.
	Files int
}

// Received is a message read back. Its HTML is what was sent: show it in a sandboxed frame.
type Received struct {
	Envelope
	Text, HTML  string
	Attachments []Attachment
}

// Parse reads an RFC 5322 message with its text, HTML and attachments decoded.
func Parse(r io.Reader) (*Received, error) {
	m, err := mail.ReadMessage(r)
	if err != nil {
		return nil, fmt.Errorf("read the headers: %w", err)
	}
	envelope, err := readEnvelope(m.Header)
	if err != nil {
		return nil, err
	}
	received := &Received{Envelope: envelope}
	if err := received.part(textproto.MIMEHeader(m.Header), m.Body, 0); err != nil {
		return nil, err
	}
	received.Files = len(received.Attachments)
	return received, nil
}

func readEnvelope(h mail.Header) (Envelope, error) {
	var decoder mime.WordDecoder
	subject, err := decoder.DecodeHeader(h.Get("Subject"))
	if err != nil {
		return Envelope{}, fmt.Errorf("read the subject: %w", err)
	}
	e := Envelope{MessageID: strings.Trim(h.Get("Message-Id"), "<>"), Subject: subject}
	if e.Date, err = h.Date(); err != nil {
		return Envelope{}, fmt.Errorf("read the date: %w", err)
	}
	for name, list := range map[string]*[]string{"To": &e.To, "Cc": &e.Cc} {
		if *list, err = addresses(h, name); err != nil {
			return Envelope{}, err
		}
	}
	for name, one := range map[string]*string{"From": &e.From, "Reply-To": &e.ReplyTo} {
		list, err := addresses(h, name)
		if err != nil {
			return Envelope{}, err
		}
		*one = strings.Join(list, ", ")
	}
	return e, nil
}

func addresses(h mail.Header, name string) ([]string, error) {
	list, err := h.AddressList(name)
	if errors.Is(err, mail.ErrHeaderNotPresent) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the header %s: %w", name, err)
	}
	out := make([]string, len(list))
	for i, a := range list {
		out[i] = a.Address
	}
	return out, nil
}

// part reads one part and those inside it.
func (m *Received) part(h textproto.MIMEHeader, body io.Reader, depth int) error {
	if depth > maxDepth {
		return errors.New("too many nested parts")
	}
	contentType, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		return fmt.Errorf("read the type of a part: %w", err)
	}
	if strings.HasPrefix(contentType, "multipart/") {
		return m.parts(multipart.NewReader(body, params["boundary"]), depth)
	}
	content, err := decode(h.Get("Content-Transfer-Encoding"), body)
	if err != nil {
		return fmt.Errorf("decode a part: %w", err)
	}
	disposition, dispositionParams, _ := mime.ParseMediaType(h.Get("Content-Disposition"))
	switch {
	case disposition == "attachment":
		var decoder mime.WordDecoder
		name, err := decoder.DecodeHeader(dispositionParams["filename"])
		if err != nil {
			return fmt.Errorf("read the name of an attachment: %w", err)
		}
		m.Attachments = append(m.Attachments, Attachment{Name: name, ContentType: contentType, Content: content})
	case contentType == "text/plain":
		m.Text = strings.ReplaceAll(string(content), "\r\n", "\n")
	case contentType == "text/html":
		m.HTML = strings.ReplaceAll(string(content), "\r\n", "\n")
	}
	return nil
}

func (m *Received) parts(r *multipart.Reader, depth int) error {
	for {
		p, err := r.NextRawPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read a part: %w", err)
		}
		if err := m.part(p.Header, p, depth+1); err != nil {
			return err
		}
	}
}

func decode(encoding string, body io.Reader) ([]byte, error) {
	switch strings.ToLower(encoding) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	return io.ReadAll(body)
}
