package storage_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/stretchr/testify/require"

	"apilos/api/internal/conformance"
	"apilos/api/internal/s3test"
	"apilos/api/storage"
)

func newLocal(t *testing.T, dir string) *storage.Local {
	t.Helper()
	l, err := storage.NewLocal(dir)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, l.Close()) })
	return l
}

func TestLocalConformance(t *testing.T) {
	conformance.TestStore(t, func(t *testing.T) storage.Store { return newLocal(t, t.TempDir()) })
}

func TestS3Conformance(t *testing.T) {
	server := s3test.Start(t)
	conformance.TestStore(t, func(t *testing.T) storage.Store { return server.NewStore(t) })
}

// Two stores on one directory stand for two processes.
func TestLocalSharedDirectory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "created", "by", "us")
	one, two := newLocal(t, dir), newLocal(t, dir)
	_, err := one.Put(t.Context(), "a/b", strings.NewReader("one"), storage.Options{})
	require.NoError(t, err)
	_, err = two.Put(t.Context(), "a/b", strings.NewReader("two"), storage.Options{})
	require.ErrorIs(t, err, storage.ErrExists)
	body, _, err := two.Get(t.Context(), "a/b", nil)
	require.NoError(t, err)
	b, err := io.ReadAll(body)
	require.NoError(t, err)
	require.NoError(t, body.Close())
	require.Equal(t, "one", string(b))
}

func TestLocalLeftoverOfACrash(t *testing.T) {
	dir := t.TempDir()
	l := newLocal(t, dir)
	_, err := l.Put(t.Context(), "a/b", strings.NewReader("whole"), storage.Options{})
	require.NoError(t, err)
	leftover := filepath.Join(dir, ".partiel", "INTERRUPTED")
	require.NoError(t, os.WriteFile(leftover, []byte("half a document"), 0o600))

	list, err := l.List(t.Context(), "", "", 10)
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Equal(t, "a/b", list[0].Key)

	removed, err := l.Sweep(t.Context(), time.Now().Add(-time.Hour))
	require.NoError(t, err)
	require.Zero(t, removed, "it may still be written")
	require.FileExists(t, leftover)
	removed, err = l.Sweep(t.Context(), time.Now().Add(time.Hour))
	require.NoError(t, err)
	require.Equal(t, 1, removed)
	require.NoFileExists(t, leftover)
}

func TestLocalIgnoresWhatIsNotAnObject(t *testing.T) {
	dir, outside := t.TempDir(), filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(outside, []byte("secret"), 0o600))
	l := newLocal(t, dir)
	require.NoError(t, os.Symlink(outside, filepath.Join(dir, "link")))
	require.NoError(t, os.Symlink(filepath.Dir(outside), filepath.Join(dir, "folder")))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "Foreign Name"), nil, 0o600))

	_, _, err := l.Get(t.Context(), "link", nil)
	require.ErrorIs(t, err, storage.ErrNotFound)
	_, _, err = l.Get(t.Context(), "folder/secret", nil)
	require.Error(t, err)
	_, err = l.Put(t.Context(), "folder/written", strings.NewReader("x"), storage.Options{})
	require.Error(t, err)
	require.NoFileExists(t, filepath.Join(filepath.Dir(outside), "written"))
	list, err := l.List(t.Context(), "", "", 10)
	require.NoError(t, err)
	require.Empty(t, list)
}

func TestLocalUnusableDirectory(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	_, err := storage.NewLocal(filepath.Join(file, "below"))
	require.Error(t, err)

	dir := filepath.Join(t.TempDir(), "media")
	l := newLocal(t, dir)
	require.NoError(t, os.RemoveAll(dir))
	require.ErrorIs(t, l.Check(t.Context()), storage.ErrUnavailable)
}

// A process killed in the middle of a long upload leaves parts on the server: nobody sees them and
// Sweep removes them.
func TestS3LeftoverOfACrash(t *testing.T) {
	server := s3test.Start(t)
	s := server.NewStore(t)
	r, w := io.Pipe()
	done := make(chan error, 1)
	go func() {
		_, err := s.Put(context.WithoutCancel(t.Context()), "a/b", r, storage.Options{})
		done <- err
	}()
	_, err := w.Write(make([]byte, storage.DefaultPartSize+1000)) // one part sent, the writer stops here
	require.NoError(t, err)

	removed, err := s.Sweep(t.Context(), time.Now().Add(time.Hour))
	require.NoError(t, err)
	require.Equal(t, 1, removed)
	list, err := s.List(t.Context(), "", "", 10)
	require.NoError(t, err)
	require.Empty(t, list)
	require.NoError(t, w.Close())
	require.Error(t, <-done, "its parts are gone")
	_, err = s.Stat(t.Context(), "a/b")
	require.ErrorIs(t, err, storage.ErrNotFound)
}

func TestS3ServerSideEncryption(t *testing.T) {
	server := s3test.Start(t)
	cfg := server.Config(server.NewStore(t).Name())
	cfg.ServerSideEncryption = true
	s, err := storage.NewS3(cfg)
	require.NoError(t, err)
	for _, size := range []int{10, storage.DefaultPartSize + 10} {
		key := storage.NewKey("", uuid.New())
		_, err = s.Put(t.Context(), key, bytes.NewReader(make([]byte, size)), storage.Options{})
		require.NoError(t, err)
	}
}

// TestS3Retention: in a bucket whose objects can be locked nobody removes a retained object; elsewhere it is written all
// the same.
func TestS3Retention(t *testing.T) {
	server := s3test.Start(t)
	until := time.Now().Add(24 * time.Hour)
	simple := server.NewStore(t)
	_, err := simple.Put(t.Context(), "a/b", strings.NewReader("x"), storage.Options{RetainUntil: until})
	require.NoError(t, err, "a bucket without object lock")
	require.NoError(t, simple.Delete(t.Context(), "a/b"))

	cfg := server.Config("locked-" + uuid.NewString())
	client, err := minio.New(strings.TrimPrefix(server.Endpoint, "http://"), &minio.Options{
		Creds: credentials.NewStaticV4(server.AccessKey, server.SecretKey, ""), Region: server.Region, BucketLookup: minio.BucketLookupPath,
	})
	require.NoError(t, err)
	require.NoError(t, client.MakeBucket(t.Context(), cfg.Bucket, minio.MakeBucketOptions{Region: server.Region, ObjectLocking: true}))
	locked, err := storage.NewS3(cfg)
	require.NoError(t, err)
	for _, size := range []int{10, storage.DefaultPartSize + 10} {
		key := storage.NewKey("sceaux", uuid.New())
		_, err = locked.Put(t.Context(), key, bytes.NewReader(make([]byte, size)), storage.Options{RetainUntil: until})
		require.NoError(t, err, size)
		info, err := client.StatObject(t.Context(), cfg.Bucket, key, minio.StatObjectOptions{})
		require.NoError(t, err, size)
		require.Equal(t, "COMPLIANCE", info.Metadata.Get("X-Amz-Object-Lock-Mode"))
		require.Error(t, client.RemoveObject(t.Context(), cfg.Bucket, key, minio.RemoveObjectOptions{VersionID: info.VersionID, GovernanceBypass: true}), "nobody removes it")
		_, err = locked.Stat(t.Context(), key)
		require.NoError(t, err)
	}
}

func TestS3Unavailable(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := l.Addr().String()
	require.NoError(t, l.Close()) // nobody listens there any more
	s, err := storage.NewS3(storage.S3Config{Endpoint: "http://" + address, Bucket: "absent", AccessKey: "a", SecretKey: "b"})
	require.NoError(t, err)
	require.ErrorIs(t, s.Check(t.Context()), storage.ErrUnavailable)
	_, err = s.Stat(t.Context(), "a")
	require.ErrorIs(t, err, storage.ErrUnavailable)
	_, err = s.Put(t.Context(), "a", strings.NewReader("x"), storage.Options{})
	require.ErrorIs(t, err, storage.ErrUnavailable)
}

func TestS3RefusedAccess(t *testing.T) {
	server := s3test.Start(t)
	good := server.NewStore(t)
	tests := []struct {
		name   string
		change func(*storage.S3Config)
	}{
		{"wrong secret", func(c *storage.S3Config) { c.SecretKey = "wrong" }},
		{"unknown access key", func(c *storage.S3Config) { c.AccessKey = "unknown" }},
		{"no such bucket", func(c *storage.S3Config) { c.Bucket = "nowhere" }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cfg := server.Config(good.Name())
			tt.change(&cfg)
			s, err := storage.NewS3(cfg)
			require.NoError(t, err)
			require.Error(t, s.Check(t.Context()))
			_, err = s.Put(t.Context(), "a", strings.NewReader("x"), storage.Options{})
			require.Error(t, err)
			_, _, err = s.Get(t.Context(), "a", nil)
			require.Error(t, err)
		})
	}
}

func TestS3Configuration(t *testing.T) {
	valid := storage.S3Config{Endpoint: "https://s3.example.org", Bucket: "files", AccessKey: "a", SecretKey: "b"}
	tests := []struct {
		name   string
		change func(*storage.S3Config)
		fails  bool
	}{
		{"valid", func(*storage.S3Config) {}, false},
		{"Amazon", func(c *storage.S3Config) { c.Endpoint = ""; c.Region = "eu-west-3" }, false},
		{"trailing slash", func(c *storage.S3Config) { c.Endpoint += "/" }, false},
		{"no bucket", func(c *storage.S3Config) { c.Bucket = "" }, true},
		{"no key", func(c *storage.S3Config) { c.AccessKey = "" }, true},
		{"no secret", func(c *storage.S3Config) { c.SecretKey = "" }, true},
		{"no scheme", func(c *storage.S3Config) { c.Endpoint = "s3.example.org" }, true},
		{"other scheme", func(c *storage.S3Config) { c.Endpoint = "ftp://s3.example.org" }, true},
		{"with a path", func(c *storage.S3Config) { c.Endpoint = "https://example.org/s3" }, true},
		{"part too small", func(c *storage.S3Config) { c.PartSize = 1 << 20 }, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cfg := valid
			tt.change(&cfg)
			s, err := storage.NewS3(cfg)
			if tt.fails {
				require.Error(t, err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, "files", s.Name())
		})
	}
}

func TestNewKey(t *testing.T) {
	id := uuid.MustParse("0b5d4c1e-8a0e-4b7e-9d2f-3c5a6b7c8d9e")
	for _, tt := range []struct{ prefix, want string }{
		{"", id.String()},
		{"essai", "essai/" + id.String()},
		{"/conventions/x/convention_docs/", "conventions/x/convention_docs/" + id.String()},
	} {
		got := storage.NewKey(tt.prefix, id)
		require.Equal(t, tt.want, got)
		require.NoError(t, storage.CheckKey(got))
		require.NoError(t, storage.CheckKey(got+".pdf"))
	}
}
