package antivirus_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"apilos/api/antivirus"
)

// serve runs an in-process server that speaks the INSTREAM protocol and calls handle for each
// connection, once the command is read.
func serve(t *testing.T, network, address string, handle func(t *testing.T, command string, c net.Conn, r *bufio.Reader)) string {
	t.Helper()
	l, err := net.Listen(network, address)
	require.NoError(t, err)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return // closed at the end of the test
			}
			r := bufio.NewReader(c)
			if command, err := r.ReadString(0); err == nil {
				handle(t, strings.TrimSuffix(command, "\x00"), c, r)
			}
			_ = c.Close()
		}
	}()
	t.Cleanup(func() {
		require.NoError(t, l.Close())
		<-done
	})
	return l.Addr().String()
}

// receive reads chunks up to the empty one.
func receive(r io.Reader) ([]byte, error) {
	var content []byte
	for {
		var n uint32
		if err := binary.Read(r, binary.BigEndian, &n); err != nil {
			return nil, err
		}
		if n == 0 {
			return content, nil
		}
		chunk := make([]byte, n)
		if _, err := io.ReadFull(r, chunk); err != nil {
			return nil, err
		}
		content = append(content, chunk...)
	}
}

// answering is a server that receives everything, checks it, and gives one answer.
func answering(t *testing.T, want []byte, text string) *antivirus.Clamd {
	t.Helper()
	return client(t, serve(t, "tcp", "127.0.0.1:0", func(t *testing.T, command string, c net.Conn, r *bufio.Reader) {
		content, err := receive(r)
		if err != nil || command != "zINSTREAM" || !bytes.Equal(want, content) {
			t.Errorf("received %q, %d bytes instead of %d, %v", command, len(content), len(want), err)
		}
		_, _ = io.WriteString(c, text)
	}))
}

func client(t *testing.T, addr string) *antivirus.Clamd {
	t.Helper()
	c, err := antivirus.NewClamd(addr, 0)
	require.NoError(t, err)
	return c
}

func TestScanVerdicts(t *testing.T) {
	long := bytes.Repeat([]byte("APiLos "), 100_000)
	tests := []struct {
		name    string
		content []byte
		text    string
		want    antivirus.Verdict
		err     error
	}{
		{"clean", []byte("%PDF-1.7"), "stream: OK\x00", antivirus.Verdict{Statut: antivirus.Sain}, nil},
		{"clean, many chunks", long, "stream: OK\x00", antivirus.Verdict{Statut: antivirus.Sain}, nil},
		{"clean, exactly two chunks", long[:128<<10], "stream: OK\x00", antivirus.Verdict{Statut: antivirus.Sain}, nil},
		{"clean, empty", nil, "stream: OK\x00", antivirus.Verdict{Statut: antivirus.Sain}, nil},
		{"infected", long, "stream: Win.Test.EICAR_HDB-1 FOUND\x00", antivirus.Verdict{Statut: antivirus.Infecte, Signature: "Win.Test.EICAR_HDB-1"}, nil},
		{"size limit of the stream", long, "INSTREAM size limit exceeded. ERROR\x00", antivirus.Verdict{}, antivirus.ErrSizeLimit},
		{"size limit of a file", long, "stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\x00", antivirus.Verdict{}, antivirus.ErrSizeLimit},
		{"error of clamd", long, "stream: Can't allocate memory ERROR\x00", antivirus.Verdict{}, antivirus.ErrProtocol},
		{"unknown command", long, "UNKNOWN COMMAND\x00", antivirus.Verdict{}, antivirus.ErrProtocol},
		{"OK of something else", long, "OK\x00", antivirus.Verdict{}, antivirus.ErrProtocol},
		{"not quite OK", long, "stream: NOT OK\x00", antivirus.Verdict{}, antivirus.ErrProtocol},
		{"answer cut", long, "stream: OK", antivirus.Verdict{}, antivirus.ErrUnavailable},
		{"no answer", long, "", antivirus.Verdict{}, antivirus.ErrUnavailable},
		{"endless answer", long, strings.Repeat("x", 1<<20), antivirus.Verdict{}, antivirus.ErrUnavailable},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := answering(t, tt.content, tt.text).Scan(t.Context(), bytes.NewReader(tt.content))
			if tt.err != nil {
				require.ErrorIs(t, err, tt.err)
				require.Equal(t, antivirus.Verdict{Statut: antivirus.Echec}, got)
				return
			}
			require.NoError(t, err)
			require.Equal(t, tt.want, got)
		})
	}
}

// endless is a content that never ends.
type endless struct{}

func (endless) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// clamd refuses a long content in the middle of it: it answers and closes while the client still writes.
func TestScanSizeLimitInTheMiddle(t *testing.T) {
	addr := serve(t, "tcp", "127.0.0.1:0", func(_ *testing.T, _ string, c net.Conn, r *bufio.Reader) {
		_, _ = io.CopyN(io.Discard, r, 1<<20)
		_, _ = io.WriteString(c, "INSTREAM size limit exceeded. ERROR\x00")
	})
	got, err := client(t, addr).Scan(t.Context(), endless{})
	require.Error(t, err)
	// The system may drop the answer when the connection is cut: both errors are right, clean is not.
	require.True(t, errors.Is(err, antivirus.ErrSizeLimit) || errors.Is(err, antivirus.ErrUnavailable), "%v", err)
	require.Equal(t, antivirus.Echec, got.Statut)
}

// A clean answer given before the end of the content says nothing about the rest.
func TestScanCleanBeforeTheEnd(t *testing.T) {
	addr := serve(t, "tcp", "127.0.0.1:0", func(_ *testing.T, _ string, c net.Conn, r *bufio.Reader) {
		_, _ = io.CopyN(io.Discard, r, 1000)
		_, _ = io.WriteString(c, "stream: OK\x00")
	})
	got, err := client(t, addr).Scan(t.Context(), endless{})
	require.ErrorIs(t, err, antivirus.ErrUnavailable)
	require.Equal(t, antivirus.Echec, got.Statut)
}

func TestScanContentThatFails(t *testing.T) {
	addr := serve(t, "tcp", "127.0.0.1:0", func(_ *testing.T, _ string, c net.Conn, r *bufio.Reader) {
		_, _ = receive(r)
		_, _ = io.WriteString(c, "stream: OK\x00")
	})
	for _, broken := range []error{errors.New("the store went away"), io.ErrUnexpectedEOF} {
		r := io.MultiReader(strings.NewReader("half"), failing{broken})
		got, err := client(t, addr).Scan(t.Context(), r)
		require.ErrorIs(t, err, broken)
		require.Equal(t, antivirus.Echec, got.Statut)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestScanSilentServer(t *testing.T) {
	stop := make(chan struct{})
	addr := serve(t, "tcp", "127.0.0.1:0", func(_ *testing.T, _ string, _ net.Conn, _ *bufio.Reader) { <-stop })
	t.Cleanup(func() { close(stop) })
	c, err := antivirus.NewClamd(addr, 50*time.Millisecond)
	require.NoError(t, err)
	for name, content := range map[string]io.Reader{"while waiting": strings.NewReader("x"), "while sending": endless{}} {
		got, err := c.Scan(t.Context(), content)
		require.ErrorIs(t, err, antivirus.ErrUnavailable, name)
		require.Equal(t, antivirus.Echec, got.Statut, name)
	}
}

func TestScanCancelled(t *testing.T) {
	stop := make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	addr := serve(t, "tcp", "127.0.0.1:0", func(_ *testing.T, _ string, _ net.Conn, r *bufio.Reader) {
		_, _ = receive(r)
		cancel()
		<-stop
	})
	t.Cleanup(func() { close(stop) })
	got, err := client(t, addr).Scan(ctx, strings.NewReader("x"))
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, antivirus.Echec, got.Statut)
}

func TestNobodyListens(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	addr := l.Addr().String()
	require.NoError(t, l.Close())
	got, err := client(t, addr).Scan(t.Context(), strings.NewReader("x"))
	require.ErrorIs(t, err, antivirus.ErrUnavailable)
	require.Equal(t, antivirus.Echec, got.Statut)
	require.ErrorIs(t, client(t, addr).Check(t.Context()), antivirus.ErrUnavailable)
}

func TestCheckOverASocket(t *testing.T) {
	path := filepath.Join(t.TempDir(), "clamd.sock")
	replies := make(chan string, 3)
	serve(t, "unix", path, func(t *testing.T, command string, c net.Conn, _ *bufio.Reader) {
		if command != "zPING" {
			t.Errorf("received %q", command)
		}
		_, _ = io.WriteString(c, <-replies)
	})
	for _, addr := range []string{path, "unix:" + path} {
		replies <- "PONG\x00"
		require.NoError(t, client(t, addr).Check(t.Context()))
	}
	replies <- "WHAT\x00"
	require.ErrorIs(t, client(t, path).Check(t.Context()), antivirus.ErrProtocol)
}

func TestNewClamdAddress(t *testing.T) {
	for _, addr := range []string{"127.0.0.1:3310", "clamd:3310", "[::1]:3310", "unix:/run/clamd.sock", "/run/clamd.sock"} {
		_, err := antivirus.NewClamd(addr, 0)
		require.NoError(t, err, addr)
	}
	for _, addr := range []string{"", "clamd", ":3310", "clamd:", "http://clamd:3310"} {
		_, err := antivirus.NewClamd(addr, 0)
		require.Error(t, err, addr)
	}
}

func TestDisabled(t *testing.T) {
	got, err := antivirus.Disabled{}.Scan(t.Context(), endless{})
	require.NoError(t, err)
	require.Equal(t, antivirus.Verdict{Statut: antivirus.NonAnalyse}, got)
	require.NoError(t, antivirus.Disabled{}.Check(t.Context()))
}

func TestStatutServable(t *testing.T) {
	tests := []struct {
		statut            antivirus.Statut
		enabled, disabled bool
	}{
		{antivirus.EnAttente, false, false},
		{antivirus.Sain, true, true},
		{antivirus.Infecte, false, false},
		{antivirus.Echec, false, false},
		{antivirus.NonAnalyse, false, true},
		{antivirus.Statut("AUTRE"), false, false},
	}
	for _, tt := range tests {
		require.Equal(t, tt.enabled, tt.statut.Servable(true), "%s, scan enabled", tt.statut)
		require.Equal(t, tt.disabled, tt.statut.Servable(false), "%s, scan disabled", tt.statut)
		require.Equal(t, tt.statut != "AUTRE", tt.statut.Valid())
	}
}
