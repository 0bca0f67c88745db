package mail

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"
)

// ErrNotFound means that the mailbox has no message with this identifier.
var ErrNotFound = errors.New("mail: no such message")

const (
	stampLayout = "20060102T150405.000Z"
	extension   = ".eml"
)

// Directory is a Sender that writes messages to files instead of sending them, and reads them back: the
// mailbox of development and tests (06 §7.4: SMTP_URL empty, refused in production).
type Directory struct {
	root *os.Root
	from string
	now  func() time.Time
}

var _ Sender = (*Directory)(nil)

// NewDirectory opens the mailbox in dir, creating it if needed. from is as in SMTPConfig; now gives the
// date of messages. Close it at the end.
func NewDirectory(dir, from string, now func() time.Time) (*Directory, error) {
	if !ValidAddress(bare(from)) {
		return nil, fmt.Errorf("mail: sender %q is not an address", from)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("create the mailbox: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the mailbox: %w", err)
	}
	return &Directory{root: root, from: from, now: now}, nil
}

// Close releases the directory.
func (d *Directory) Close() error { return d.root.Close() }

// Send implements Sender: it writes a complete file or none. A message already there (same Message-ID)
// is not written again. The identifier returned is that of List and Read.
func (d *Directory) Send(ctx context.Context, m Message) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", &SendError{Temporary: true, Err: err}
	}
	date := d.now()
	msg, err := compose(m, d.from, date)
	if err != nil {
		return "", &SendError{Err: err}
	}
	var content bytes.Buffer
	if _, err := msg.WriteTo(&content); err != nil {
		return "", &SendError{Err: err}
	}
	id, err := d.write(m.MessageID, date, content.Bytes())
	if err != nil {
		return "", &SendError{Temporary: true, Err: err}
	}
	return id, nil
}

func (d *Directory) write(messageID string, date time.Time, content []byte) (string, error) {
	sum := sha256.Sum256([]byte(messageID))
	suffix := "-" + hex.EncodeToString(sum[:16])
	ids, err := d.ids()
	if err != nil {
		return "", err
	}
	if i := slices.IndexFunc(ids, func(id string) bool { return strings.HasSuffix(id, suffix) }); i >= 0 {
		return ids[i], nil
	}
	id := date.UTC().Format(stampLayout) + suffix
	temp := "." + id
	if err := d.root.WriteFile(temp, content, 0o600); err != nil {
		return "", fmt.Errorf("write the message: %w", err)
	}
	if err := d.root.Rename(temp, id+extension); err != nil {
		return "", fmt.Errorf("write the message: %w", err)
	}
	return id, nil
}

// ids returns the identifiers of all messages, newest first.
func (d *Directory) ids() ([]string, error) {
	entries, err := fs.ReadDir(d.root.FS(), ".")
	if err != nil {
		return nil, fmt.Errorf("read the mailbox: %w", err)
	}
	var ids []string
	for _, e := range entries {
		if id, ok := strings.CutSuffix(e.Name(), extension); ok && validID(id) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	slices.Reverse(ids)
	return ids, nil
}

// validID accepts the names that write gives.
func validID(id string) bool {
	stamp, digest, ok := strings.Cut(id, "-")
	if _, err := time.Parse(stampLayout, stamp); err != nil || !ok {
		return false
	}
	sum, err := hex.DecodeString(digest)
	return err == nil && len(sum) == 16 && digest == strings.ToLower(digest)
}

// List returns the headers of the newest messages, at most limit, newest first. A file that is not a
// message is ignored.
func (d *Directory) List(limit int) ([]Envelope, error) {
	ids, err := d.ids()
	if err != nil {
		return nil, err
	}
	out := make([]Envelope, 0, min(limit, len(ids)))
	for _, id := range ids {
		if len(out) >= limit {
			break
		}
		if received, err := d.Read(id); err == nil {
			out = append(out, received.Envelope)
		}
	}
	return out, nil
}

// Read returns a whole message. Errors: ErrNotFound.
func (d *Directory) Read(id string) (*Received, error) {
	raw, err := d.Raw(id)
	if err != nil {
		return nil, err
	}
	received, err := Parse(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("message %s: %w", id, err)
	}
	received.ID = id
	return received, nil
}

// Raw returns the file of a message, as it would have been sent. Errors: ErrNotFound.
func (d *Directory) Raw(id string) ([]byte, error) {
	if !validID(id) {
		return nil, ErrNotFound
	}
	raw, err := d.root.ReadFile(id + extension)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotFound
	}
	return raw, err
}
