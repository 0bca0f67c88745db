package storage

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// partialDir holds the files being written, on the same file system as the objects. No key can name
// it (CheckKey refuses a leading dot).
const partialDir = ".partiel"

const (
	dirMode  = 0o750
	fileMode = 0o640
)

// Local is a Store in a directory: the key is the path. It stores bytes only, no side file.
type Local struct {
	// root confines every access to the directory, symbolic links included.
	root *os.Root
}

var _ Store = (*Local)(nil)

// NewLocal opens the store of the directory dir (MEDIA_ROOT), creating it if needed. It fails when dir
// cannot be written or when its file system has no hard links, without which a key could not be
// written once. Close it at the end.
func NewLocal(dir string) (*Local, error) {
	if err := os.MkdirAll(dir, dirMode); err != nil {
		return nil, fmt.Errorf("create the storage directory: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the storage directory: %w", err)
	}
	l := &Local{root: root}
	if err = l.makeDir(partialDir); err == nil {
		err = l.Check(context.Background())
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("use the storage directory %s: %w", dir, err), root.Close())
	}
	return l, nil
}

// Close releases the directory. Readers already open stay usable.
func (l *Local) Close() error { return l.root.Close() }

// Name implements Store.
func (l *Local) Name() string { return "local" }

// Put implements Store: the content goes to a temporary file, is forced to disk, then gets its key by
// a hard link, which, unlike a rename, fails when the key exists.
func (l *Local) Put(ctx context.Context, key string, r io.Reader, opts Options) (Info, error) {
	if err := CheckKey(key); err != nil {
		return Info{}, err
	}
	if _, err := l.Stat(ctx, key); err == nil {
		return Info{}, fmt.Errorf("put %s: %w", key, ErrExists)
	}
	m := newMeter(ctx, r, opts)
	temp, err := l.writeTemp(m)
	if err != nil {
		return Info{}, fmt.Errorf("put %s: %w", key, m.cause(err))
	}
	defer func() { _ = l.root.Remove(temp) }() // else Sweep will
	if err := ctx.Err(); err != nil {
		return Info{}, fmt.Errorf("put %s: %w", key, err)
	}
	if err := l.publish(temp, key); err != nil {
		return Info{}, fmt.Errorf("put %s: %w", key, err)
	}
	return m.info(key), nil
}

// writeTemp writes r to a new temporary file, durable, and returns its path. On error it leaves none.
func (l *Local) writeTemp(r io.Reader) (string, error) {
	temp := path.Join(partialDir, rand.Text())
	f, err := l.root.OpenFile(temp, os.O_CREATE|os.O_EXCL|os.O_WRONLY, fileMode)
	if err != nil {
		return "", err
	}
	_, err = io.Copy(f, r)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return "", errors.Join(err, l.root.Remove(temp))
	}
	return temp, nil
}

// publish gives the temporary file its key and makes the directory entry durable.
func (l *Local) publish(temp, key string) error {
	dir := path.Dir(key)
	if err := l.makeDir(dir); err != nil {
		return err
	}
	if err := l.root.Link(temp, key); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return ErrExists
		}
		return err
	}
	if err := l.syncDir(dir); err != nil {
		return errors.Join(err, l.root.Remove(key))
	}
	return nil
}

// makeDir creates the missing directories down to dir, each one durable in its parent.
func (l *Local) makeDir(dir string) error {
	if dir == "." {
		return nil
	}
	err := l.root.Mkdir(dir, dirMode)
	switch {
	case errors.Is(err, fs.ErrExist):
		return nil
	case errors.Is(err, fs.ErrNotExist):
		if err := l.makeDir(path.Dir(dir)); err != nil {
			return err
		}
		return l.makeDir(dir)
	case err != nil:
		return err
	}
	return l.syncDir(path.Dir(dir))
}

func (l *Local) syncDir(dir string) error {
	if runtime.GOOS == "windows" { // directories cannot be forced to disk there
		return nil
	}
	d, err := l.root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Stat implements Store.
func (l *Local) Stat(ctx context.Context, key string) (Info, error) {
	if err := errors.Join(CheckKey(key), ctx.Err()); err != nil {
		return Info{}, err
	}
	fi, err := l.root.Lstat(key)
	if err != nil {
		return Info{}, localError("stat", key, err)
	}
	if !fi.Mode().IsRegular() {
		return Info{}, fmt.Errorf("stat %s: %w", key, ErrNotFound)
	}
	return Info{Key: key, Size: fi.Size(), ModTime: fi.ModTime()}, nil
}

// Get implements Store.
func (l *Local) Get(ctx context.Context, key string, rng *Range) (io.ReadCloser, Info, error) {
	info, err := l.Stat(ctx, key)
	if err != nil {
		return nil, Info{}, err
	}
	if rng != nil && (rng.Offset < 0 || rng.Offset >= info.Size) {
		return nil, Info{}, fmt.Errorf("get %s: %w", key, ErrRange)
	}
	f, err := l.root.Open(key)
	if err != nil {
		return nil, Info{}, localError("get", key, err)
	}
	body := ctxReader{ctx: ctx, Reader: f, Closer: f}
	if rng != nil {
		length := info.Size - rng.Offset
		if rng.Length > 0 {
			length = min(length, rng.Length)
		}
		body.Reader = io.NewSectionReader(f, rng.Offset, length)
	}
	return body, info, nil
}

// Delete implements Store.
func (l *Local) Delete(ctx context.Context, key string) error {
	_, err := l.Stat(ctx, key) // a directory is not an object: Stat hides it
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := l.root.Remove(key); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("delete %s: %w", key, err)
	}
	return l.syncDir(path.Dir(key))
}

// Sweep implements Store: it removes the temporary files last written before that instant.
func (l *Local) Sweep(ctx context.Context, before time.Time) (int, error) {
	entries, err := fs.ReadDir(l.root.FS(), partialDir)
	if err != nil {
		return 0, fmt.Errorf("sweep temporary files: %w", err)
	}
	removed := 0
	for _, e := range entries {
		if err := ctx.Err(); err != nil {
			return removed, err
		}
		fi, err := e.Info()
		if err != nil || !fi.ModTime().Before(before) {
			continue // gone meanwhile, or still being written
		}
		if err := l.root.Remove(path.Join(partialDir, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return removed, fmt.Errorf("sweep temporary files: %w", err)
		}
		removed++
	}
	return removed, nil
}

// Check implements Store: it writes, links and removes an empty file, so that a full or read-only
// disk is seen.
func (l *Local) Check(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	temp, err := l.writeTemp(strings.NewReader(""))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	defer func() { _ = l.root.Remove(temp) }() // else Sweep will
	probe := temp + ".lien"
	if err := l.root.Link(temp, probe); err != nil {
		return fmt.Errorf("%w: the file system must support hard links: %w", ErrUnavailable, err)
	}
	return l.root.Remove(probe)
}

// localError translates the error of a file system call on a key.
func localError(action, key string, err error) error {
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return fmt.Errorf("%s %s: %w", action, key, ErrNotFound)
	}
	return fmt.Errorf("%s %s: %w", action, key, err)
}
