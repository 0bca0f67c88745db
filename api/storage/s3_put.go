package storage

import (
	"bytes"
	"context"
	"crypto/md5" // #nosec G501 -- the header of the protocol, beside a SHA-256
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/minio/minio-go/v7"
)

// abortTimeout bounds the clean-up of a failed upload, which runs even when the caller has gone.
const abortTimeout = 10 * time.Second

// firstRead is the memory a Put begins with.
const firstRead = 64 << 10

// Put implements Store. A content that fits in one part takes one request; a longer one is sent part
// by part, so that memory stays at one part whatever the length. "If-None-Match: *" on the request
// that makes the object visible lets exactly one writer win.
func (s *S3) Put(ctx context.Context, key string, r io.Reader, opts Options) (Info, error) {
	if err := CheckKey(key); err != nil {
		return Info{}, err
	}
	if !opts.RetainUntil.IsZero() && !s.locks(ctx) {
		opts.RetainUntil = time.Time{}
	}
	m := newMeter(ctx, r, opts)
	content, last, err := fill(nil, m, int(s.part))
	if err == nil && last {
		err = s.putWhole(ctx, key, m, content, opts)
	} else if err == nil {
		err = s.putParts(ctx, key, m, content, opts)
	}
	if cause := m.cause(nil); err != nil && cause != nil {
		return Info{}, fmt.Errorf("put %s: %w", key, cause)
	}
	if err != nil {
		return Info{}, s3Error(ctx, "put", key, err)
	}
	return m.info(key), nil
}

// fill reads up to size bytes of r into content, reusing its memory; last tells that r has ended.
func fill(content []byte, r io.Reader, size int) (_ []byte, last bool, err error) {
	content = content[:0]
	for len(content) < size {
		if len(content) == cap(content) { // grown by steps: most files are much smaller than a part
			content = append(make([]byte, 0, min(max(4*cap(content), firstRead), size)), content...)
		}
		n, err := r.Read(content[len(content):cap(content)])
		content = content[:len(content)+n]
		if err == io.EOF {
			return content, true, nil
		}
		if err != nil {
			return content, false, err
		}
	}
	return content, false, nil
}

func (s *S3) putWhole(ctx context.Context, key string, m *meter, content []byte, opts Options) error {
	_, err := s.core.PutObject(ctx, s.bucket, key, bytes.NewReader(content), int64(len(content)), contentMD5(content, opts), m.sha256Hex(), s.options(opts, true))
	return err
}

// putParts sends the first part, already read in content, then the others, and aborts on any error.
func (s *S3) putParts(ctx context.Context, key string, m *meter, content []byte, opts Options) error {
	upload, err := s.core.NewMultipartUpload(ctx, s.bucket, key, s.options(opts, false))
	if err != nil {
		return err
	}
	parts, err := s.sendParts(ctx, key, upload, m, content, opts)
	if err == nil {
		_, err = s.core.CompleteMultipartUpload(ctx, s.bucket, key, upload, parts, s.options(opts, true))
	}
	if err != nil {
		return errors.Join(err, s.abort(ctx, key, upload))
	}
	return nil
}

func (s *S3) sendParts(ctx context.Context, key, upload string, m *meter, content []byte, opts Options) ([]minio.CompletePart, error) {
	var parts []minio.CompletePart
	for last := false; ; {
		part, err := s.putPart(ctx, key, upload, len(parts)+1, content, opts)
		if err != nil {
			return nil, fmt.Errorf("part %d: %w", len(parts)+1, err)
		}
		parts = append(parts, part)
		if last {
			return parts, nil
		}
		if content, last, err = fill(content, m, int(s.part)); err != nil {
			return nil, err
		}
		if len(content) == 0 { // the length was a multiple of the part
			return parts, nil
		}
	}
}

// putPart sends one part with its SHA-256, which the server verifies.
func (s *S3) putPart(ctx context.Context, key, upload string, number int, content []byte, opts Options) (minio.CompletePart, error) {
	sum := sha256.Sum256(content)
	part, err := s.core.PutObjectPart(ctx, s.bucket, key, upload, number, bytes.NewReader(content), int64(len(content)),
		minio.PutObjectPartOptions{Md5Base64: contentMD5(content, opts), Sha256Hex: hex.EncodeToString(sum[:]), DisableContentSha256: true})
	return minio.CompletePart{PartNumber: number, ETag: part.ETag}, err
}

func (s *S3) abort(ctx context.Context, key, upload string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), abortTimeout)
	defer cancel()
	if err := s.core.AbortMultipartUpload(ctx, s.bucket, key, upload); err != nil && responseCode(err) != minio.NoSuchUpload {
		return fmt.Errorf("abort the upload (Sweep will): %w", err)
	}
	return nil
}

// options of a request; once refuses to replace an object.
func (s *S3) options(opts Options, once bool) minio.PutObjectOptions {
	o := minio.PutObjectOptions{
		ContentType:          opts.ContentType,
		ServerSideEncryption: s.sse,
		DisableContentSha256: true, // the whole digest is given instead of one per chunk
	}
	if !opts.RetainUntil.IsZero() {
		o.Mode, o.RetainUntilDate = minio.Compliance, opts.RetainUntil
	}
	if once {
		o.SetMatchETagExcept("*")
	}
	return o
}

// locks tells whether the bucket can refuse the removal of an object. It is asked each time: a retention is rare.
func (s *S3) locks(ctx context.Context) bool {
	state, _, _, _, err := s.core.GetObjectLockConfig(ctx, s.bucket)
	return err == nil && state == "Enabled"
}

// contentMD5 is the header that servers want with a retention.
func contentMD5(content []byte, opts Options) string {
	if opts.RetainUntil.IsZero() {
		return ""
	}
	sum := md5.Sum(content) // #nosec G401 -- see the import
	return base64.StdEncoding.EncodeToString(sum[:])
}
