package antivirus

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

const (
	// chunkSize is what one INSTREAM chunk carries.
	chunkSize = 64 << 10
	// maxReply bounds the answer of clamd: one line.
	maxReply = 4 << 10

	dialTimeout = 5 * time.Second
	// lastWords is how long the answer is waited for once sending has failed.
	lastWords = time.Second
	// defaultIdle is the longest silence accepted: while sending, and while clamd works on the content.
	defaultIdle = 2 * time.Minute
)

// limitSignature begins the names clamd gives, with AlertExceedsMax, to what it did not wholly examine.
const limitSignature = "Heuristics.Limits.Exceeded"

// Clamd is a Scanner that asks a clamd daemon. It opens one connection per scan and has no state: any
// number of scans may run at once.
type Clamd struct {
	network, address string
	idle             time.Duration
}

var _ Scanner = (*Clamd)(nil)

// NewClamd returns the scanner at addr (CLAMD_ADDR): "host:port", "unix:/path" or "/path" of a socket.
// idle is the longest time without progress before ErrUnavailable; 0 means two minutes.
func NewClamd(addr string, idle time.Duration) (*Clamd, error) {
	c := &Clamd{network: "tcp", address: addr, idle: idle}
	if c.idle <= 0 {
		c.idle = defaultIdle
	}
	if path, isUnix := strings.CutPrefix(addr, "unix:"); isUnix || strings.HasPrefix(addr, "/") {
		c.network, c.address = "unix", path
		return c, nil
	}
	if host, port, err := net.SplitHostPort(addr); err != nil || host == "" || port == "" {
		return nil, fmt.Errorf("antivirus: address %q must be host:port or the path of a socket", addr)
	}
	return c, nil
}

// Scan implements Scanner.
func (c *Clamd) Scan(ctx context.Context, r io.Reader) (Verdict, error) {
	conn, done, err := c.open(ctx)
	if err != nil {
		return Verdict{Statut: Echec}, err
	}
	defer done()
	// The answer is read from the start: on a size limit clamd answers and closes in the middle of the
	// content, and the bytes still being sent would make the system drop that answer.
	answers := make(chan answer, 1)
	go func() { answers <- readAnswer(conn) }()
	source := &faulty{r: r}
	sendErr := c.send(conn, source)
	if source.err != nil {
		return Verdict{Statut: Echec}, fmt.Errorf("read the content to scan: %w", source.err)
	}
	wait := c.idle // the work of clamd starts now
	if sendErr != nil {
		wait = lastWords
	}
	_ = conn.SetReadDeadline(time.Now().Add(wait)) // fails on a closed connection, where reading fails too
	return verdict(ctx, sendErr, <-answers)
}

// Check implements Scanner.
func (c *Clamd) Check(ctx context.Context) error {
	conn, done, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer done()
	if err := conn.SetDeadline(time.Now().Add(dialTimeout)); err != nil {
		return unavailable(ctx, err)
	}
	if _, err := conn.Write([]byte("zPING\x00")); err != nil {
		return unavailable(ctx, err)
	}
	got := readAnswer(conn)
	if got.err != nil {
		return unavailable(ctx, got.err)
	}
	if got.text != "PONG" {
		return fmt.Errorf("%w: %q", ErrProtocol, got.text)
	}
	return nil
}

// open connects; done closes, and so does the end of ctx, which frees whoever reads or writes.
func (c *Clamd) open(ctx context.Context) (net.Conn, func(), error) {
	dialer := net.Dialer{Timeout: dialTimeout}
	conn, err := dialer.DialContext(ctx, c.network, c.address)
	if err != nil {
		return nil, nil, unavailable(ctx, err)
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	return conn, func() { stop(); _ = conn.Close() }, nil
}

// send writes the command, the content in chunks preceded by their length, and the empty chunk that
// ends it.
func (c *Clamd) send(conn net.Conn, r io.Reader) error {
	if err := c.write(conn, []byte("zINSTREAM\x00")); err != nil {
		return err
	}
	chunk := make([]byte, 4+chunkSize)
	for {
		n, readErr := io.ReadFull(r, chunk[4:])
		binary.BigEndian.PutUint32(chunk, uint32(n))
		if n > 0 {
			if err := c.write(conn, chunk[:4+n]); err != nil {
				return err
			}
		}
		if readErr == io.EOF || readErr == io.ErrUnexpectedEOF {
			return c.write(conn, []byte{0, 0, 0, 0})
		}
		if readErr != nil {
			return readErr
		}
	}
}

func (c *Clamd) write(conn net.Conn, b []byte) error {
	if err := conn.SetWriteDeadline(time.Now().Add(c.idle)); err != nil {
		return err
	}
	_, err := conn.Write(b)
	return err
}

// faulty remembers the error of the content, to tell it from those of the connection.
type faulty struct {
	r   io.Reader
	err error
}

// Read implements io.Reader.
func (f *faulty) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	if err != nil && err != io.EOF {
		f.err = err
	}
	return n, err
}

type answer struct {
	text string
	err  error
}

// readAnswer reads one answer, which ends with a NUL byte.
func readAnswer(r io.Reader) answer {
	line, err := bufio.NewReader(io.LimitReader(r, maxReply)).ReadString(0)
	if err != nil {
		return answer{err: fmt.Errorf("read the answer: %w", err)}
	}
	return answer{text: strings.TrimSpace(strings.TrimSuffix(line, "\x00"))}
}

// verdict translates the answer of clamd. sendErr tells that the content was not sent whole.
func verdict(ctx context.Context, sendErr error, got answer) (Verdict, error) {
	failed := Verdict{Statut: Echec}
	if got.err != nil {
		return failed, unavailable(ctx, errors.Join(sendErr, got.err))
	}
	text, _ := strings.CutPrefix(got.text, "stream: ")
	signature, found := strings.CutSuffix(text, " FOUND")
	switch {
	case strings.Contains(text, "size limit exceeded"), found && strings.HasPrefix(signature, limitSignature):
		return failed, fmt.Errorf("%w: %s", ErrSizeLimit, got.text)
	case found:
		return Verdict{Statut: Infecte, Signature: signature}, nil
	case sendErr != nil:
		return failed, unavailable(ctx, sendErr)
	case got.text == "stream: OK":
		return Verdict{Statut: Sain}, nil
	}
	return failed, fmt.Errorf("%w: %q", ErrProtocol, got.text)
}

// unavailable prefers the error of ctx, whose end closes the connection.
func unavailable(ctx context.Context, err error) error {
	if ctxErr := ctx.Err(); ctxErr != nil {
		return fmt.Errorf("antivirus: %w", ctxErr)
	}
	return fmt.Errorf("%w: %w", ErrUnavailable, err)
}
