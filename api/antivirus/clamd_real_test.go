package antivirus_test

import (
	"archive/zip"
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"apilos/api/antivirus"
)

// eicar is the standard test signature, in two parts so that this file is not itself detected.
const eicar = `X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-` + `STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`

// Limits given to the real clamd, small enough for a quick test.
const (
	maxFile   = 2 << 20
	maxStream = 6 << 20
)

// startClamd runs the installed clamd with our own signature base until the end of the test. Without
// clamd the test is skipped, and fails when CI=true.
func startClamd(t *testing.T) *antivirus.Clamd {
	t.Helper()
	path, err := exec.LookPath("clamd")
	if err != nil {
		path = "/usr/sbin/clamd" // not in the PATH of everyone on Debian
		if _, err := os.Stat(path); err != nil {
			const reason = "clamd is not installed (Debian: apt-get install clamav-daemon)"
			if os.Getenv("CI") == "true" {
				t.Fatal(reason)
			}
			t.Skip(reason)
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	addr := l.Addr().String()
	require.NoError(t, l.Close())
	_, port, err := net.SplitHostPort(addr)
	require.NoError(t, err)

	base := t.TempDir()
	signature := "Essai.Eicar:0:*:" + hex.EncodeToString([]byte(eicar)) + "\n"
	require.NoError(t, os.WriteFile(filepath.Join(base, "essai.ndb"), []byte(signature), 0o600))
	config := filepath.Join(t.TempDir(), "clamd.conf")
	require.NoError(t, os.WriteFile(config, fmt.Appendf(nil, "DatabaseDirectory %s\nTCPSocket %s\nTCPAddr 127.0.0.1\n"+
		"Foreground yes\nStreamMaxLength %d\nMaxFileSize %d\nMaxScanSize %d\nAlertExceedsMax yes\n",
		base, port, maxStream, maxFile, 4*maxFile), 0o600))

	var output bytes.Buffer
	cmd := exec.Command(path, "--config-file="+config)
	cmd.Stdout, cmd.Stderr = &output, &output
	require.NoError(t, cmd.Start())
	exited := make(chan struct{})
	go func() { _ = cmd.Wait(); close(exited) }()
	t.Cleanup(func() { _ = cmd.Process.Kill(); <-exited })
	c := client(t, addr)
	waitReady(t, c, exited, &output)
	return c
}

func waitReady(t *testing.T, c *antivirus.Clamd, exited <-chan struct{}, output *bytes.Buffer) {
	t.Helper()
	poll, limit := time.NewTicker(20*time.Millisecond), time.After(30*time.Second)
	defer poll.Stop()
	for c.Check(t.Context()) != nil {
		select {
		case <-poll.C:
		case <-exited:
			t.Fatalf("clamd exited: %s", output)
		case <-limit:
			t.Fatal("clamd does not answer")
		}
	}
}

func zipped(t *testing.T, content string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.Create("dossier/pièce.txt")
	require.NoError(t, err)
	_, err = io.WriteString(f, content)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.Bytes()
}

func TestRealClamd(t *testing.T) {
	c := startClamd(t)
	tests := []struct {
		name    string
		content []byte
		want    antivirus.Statut
		err     error
	}{
		{"clean", []byte("un document sain"), antivirus.Sain, nil},
		{"empty", nil, antivirus.Sain, nil},
		{"clean, many chunks", bytes.Repeat([]byte("x"), maxFile-1), antivirus.Sain, nil},
		{"clean archive", zipped(t, "sain"), antivirus.Sain, nil},
		{"DO-06 infected", []byte(eicar), antivirus.Infecte, nil},
		{"DO-06 infected inside an archive", zipped(t, eicar), antivirus.Infecte, nil},
		{"DO-06 infected after many chunks", append(bytes.Repeat([]byte("x"), 1<<20), eicar...), antivirus.Infecte, nil},
		{"longer than the longest file examined", bytes.Repeat([]byte("x"), maxFile+1), antivirus.Echec, antivirus.ErrSizeLimit},
		{"longer than the longest stream", bytes.Repeat([]byte("x"), maxStream+1), antivirus.Echec, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := c.Scan(t.Context(), bytes.NewReader(tt.content))
			require.Equal(t, tt.want, got.Statut, "%v", err)
			require.Equal(t, tt.want == antivirus.Echec, err != nil)
			if tt.err != nil {
				require.ErrorIs(t, err, tt.err)
			}
			if tt.want == antivirus.Infecte {
				require.True(t, strings.HasPrefix(got.Signature, "Essai.Eicar"), got.Signature)
			}
		})
	}
}
