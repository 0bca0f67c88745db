package storage

import (
	"context"
	"crypto/md5" // #nosec G501 -- a checksum that clients of the deposit send, not a protection
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
)

// meter reads the content of a Put: it counts, hashes, enforces the limit and the context, and
// remembers why reading stopped, since an SDK may hide the error of the reader it was given.
type meter struct {
	ctx    context.Context
	source io.Reader
	max    int64
	size   int64
	sha    hash.Hash
	md5    hash.Hash
	err    error
}

func newMeter(ctx context.Context, source io.Reader, opts Options) *meter {
	return &meter{ctx: ctx, source: source, max: opts.MaxBytes, sha: sha256.New(), md5: md5.New()} // #nosec G401
}

// Read implements io.Reader.
func (m *meter) Read(p []byte) (int, error) {
	if m.err != nil {
		return 0, m.err
	}
	if m.err = m.ctx.Err(); m.err != nil {
		return 0, m.err
	}
	n, err := m.source.Read(p)
	m.size += int64(n)
	if m.max > 0 && m.size > m.max {
		m.err = &TooLargeError{Max: m.max}
		return 0, m.err
	}
	m.sha.Write(p[:n])
	m.md5.Write(p[:n])
	if err != nil && err != io.EOF {
		m.err = err
	}
	return n, err
}

// cause prefers the error of the source over err, which only tells its consequence.
func (m *meter) cause(err error) error {
	if m.err != nil {
		return m.err
	}
	if ctxErr := m.ctx.Err(); ctxErr != nil {
		return ctxErr
	}
	return err
}

func (m *meter) sha256Hex() string { return hex.EncodeToString(m.sha.Sum(nil)) }

func (m *meter) info(key string) Info {
	return Info{Key: key, Size: m.size, SHA256: m.sha256Hex(), MD5: hex.EncodeToString(m.md5.Sum(nil))}
}

// ctxReader stops reading when its context ends.
type ctxReader struct {
	ctx context.Context
	io.Reader
	io.Closer
}

// Read implements io.Reader.
func (r ctxReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}
