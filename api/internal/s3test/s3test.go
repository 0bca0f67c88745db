package s3test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"apilos/api/storage"
)

const (
	program = "versitygw"
	module  = "github.com/versity/versitygw/cmd/versitygw@v1.8.0"
	region  = "eu-west-3"
	// startTimeout is generous: the server answers in well under 2 s on an idle machine.
	startTimeout = 30 * time.Second
	// startTries covers the case where another process takes the port between its choice and its use.
	startTries = 3
)

// Server is a running S3 server.
type Server struct {
	// Endpoint is its URL, "http://127.0.0.1:port".
	Endpoint string
	// Region, AccessKey and SecretKey are what clients must use.
	Region, AccessKey, SecretKey string
}

// Start runs a server until the end of the test. Without the program it skips the test, saying how to
// install it; with CI=true it fails.
func Start(t testing.TB) *Server {
	t.Helper()
	path, err := find()
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	var s *Server
	for try := 1; ; try++ {
		s, err = start(t, path)
		if err == nil || try == startTries {
			break
		}
		t.Logf("S3 server, try %d: %v", try, err)
	}
	require.NoError(t, err, "start the S3 server")
	return s
}

// Config returns the configuration of a store in the given bucket of the server.
func (s *Server) Config(bucket string) storage.S3Config {
	return storage.S3Config{
		Endpoint: s.Endpoint, Region: s.Region, Bucket: bucket,
		AccessKey: s.AccessKey, SecretKey: s.SecretKey, PathStyle: true,
	}
}

// NewStore returns a store in a new, empty bucket of the server.
func (s *Server) NewStore(t testing.TB) *storage.S3 {
	t.Helper()
	store, err := storage.NewS3(s.Config("test-" + uuid.NewString()))
	require.NoError(t, err)
	require.NoError(t, store.EnsureBucket(t.Context()))
	return store
}

// find returns the path of the server program.
func find() (string, error) {
	name := program
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	var places []string
	if dir := os.Getenv("APILOS_TOOLS"); dir != "" {
		places = append(places, filepath.Join(dir, name))
	}
	if path, err := exec.LookPath(name); err == nil {
		places = append(places, path)
	}
	if home, err := os.UserHomeDir(); err == nil {
		places = append(places, filepath.Join(home, ".cache", "apilos", "tools", name))
	}
	for _, path := range places {
		if fi, err := os.Stat(path); err == nil && fi.Mode().IsRegular() {
			return path, nil
		}
	}
	return "", fmt.Errorf("no S3 server for tests: %s is not in $APILOS_TOOLS, PATH nor ~/.cache/apilos/tools; "+
		"install it with: GOBIN=~/.cache/apilos/tools go install %s", program, module)
}

func start(t testing.TB, path string) (*Server, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	s := &Server{Endpoint: "http://" + address, Region: region, AccessKey: "test-access", SecretKey: uuid.NewString()}
	// The metadata must lie outside the data, or the server refuses to start.
	data, meta := t.TempDir(), t.TempDir()
	cmd := exec.Command(path, "--port", address, "--region", region, "--quiet", "posix", "--sidecar", meta, data)
	cmd.Env = append(environment(), "ROOT_ACCESS_KEY="+s.AccessKey, "ROOT_SECRET_KEY="+s.SecretKey)
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	exited, err := run(cmd)
	if err != nil {
		return nil, err
	}
	stop := func() {
		_ = cmd.Process.Kill() // it may have exited already
		<-exited
	}
	if err := s.waitReady(t.Context(), exited); err != nil {
		stop()
		return nil, fmt.Errorf("%w: %s", err, strings.TrimSpace(output.String()))
	}
	t.Cleanup(stop)
	return s, nil
}

// environment is that of the test without the settings the server would read.
func environment() []string {
	var kept []string
	for _, kv := range os.Environ() {
		if !strings.HasPrefix(kv, "VGW_") && !strings.HasPrefix(kv, "ROOT_") && !strings.HasPrefix(kv, "AWS_") {
			kept = append(kept, kv)
		}
	}
	return kept
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// run starts cmd and returns a channel closed when it has exited. The thread that starts the process
// is kept until then, since on Linux the process is tied to it (see dieWithParent).
func run(cmd *exec.Cmd) (<-chan struct{}, error) {
	started, exited := make(chan error, 1), make(chan struct{})
	go func() {
		runtime.LockOSThread()
		defer close(exited)
		dieWithParent(cmd)
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // killed on purpose at the end
		}
	}()
	return exited, <-started
}

// waitReady returns when the server answers HTTP, which it does with 403 to an unsigned request.
func (s *Server) waitReady(ctx context.Context, exited <-chan struct{}) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	poll := time.NewTicker(20 * time.Millisecond)
	defer poll.Stop()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.Endpoint, nil)
		if err != nil {
			return err
		}
		if response, err := http.DefaultClient.Do(request); err == nil {
			return response.Body.Close()
		}
		select {
		case <-poll.C:
		case <-exited:
			return errors.New("the server exited")
		case <-ctx.Done():
			return errors.New("the server does not answer")
		}
	}
}
