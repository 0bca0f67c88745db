package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// Store keeps immutable objects under keys. Every method may be called from any number of goroutines
// and, for the same directory or bucket, from any number of processes.
type Store interface {
	// Name is the value of fichier.compartiment: "local" on disk, the name of the bucket on S3.
	Name() string

	// Put writes what r gives, of any length, under key, which must not exist yet. The Info it returns
	// is the only one with digests. Errors: ErrKey, ErrExists, ErrTooLarge (as *TooLargeError), the
	// error of r or of ctx as they are, ErrUnavailable. After an error nothing is visible under key,
	// with one exception on S3: when the answer of the last request is lost, the object may exist.
	Put(ctx context.Context, key string, r io.Reader, opts Options) (Info, error)

	// Get opens an object, whole when rng is nil. The caller closes the reader; reading stops with the
	// error of ctx when it is cancelled. Info.Size is the size of the whole object. Errors: ErrKey,
	// ErrNotFound, ErrRange, ErrUnavailable.
	Get(ctx context.Context, key string, rng *Range) (io.ReadCloser, Info, error)

	// Stat tells size and time of an object. Errors: ErrKey, ErrNotFound, ErrUnavailable.
	Stat(ctx context.Context, key string) (Info, error)

	// Delete removes an object; an absent one is not an error, so that a job may be run again.
	Delete(ctx context.Context, key string) error

	// List gives at most limit objects (1 to MaxList) whose key starts with prefix and comes strictly
	// after the key after, in byte order. It serves the collection of orphans.
	List(ctx context.Context, prefix, after string, limit int) ([]Info, error)

	// Sweep removes what writes interrupted before that instant left behind (a temporary file, the
	// parts of an unfinished upload), which no other method can see, and tells how many.
	Sweep(ctx context.Context, before time.Time) (int, error)

	// Check tells whether the store can be used now (readiness, 06 §7.2).
	Check(ctx context.Context) error
}

// MaxList is the greatest limit of List; a greater one is lowered to it.
const MaxList = 1000

// Options of a Put.
type Options struct {
	// ContentType is handed to the S3 server for its own consoles; the truth is fichier.type_mime.
	ContentType string
	// MaxBytes refuses a longer content (00 decision 25); 0 means no limit.
	MaxBytes int64
	// RetainUntil asks an S3 server to refuse the removal of the object until then, by anybody. It is ignored on disk and
	// by a bucket without object lock.
	RetainUntil time.Time
}

// Info describes an object.
type Info struct {
	Key string
	// Size of the whole object, in bytes.
	Size int64
	// ModTime is when the object became visible; zero in the answer of Put.
	ModTime time.Time
	// SHA256 and MD5 in lower-case hexadecimal; only Put fills them, they are then kept in the database.
	SHA256 string
	MD5    string
}

// Range selects bytes of an object.
type Range struct {
	// Offset of the first byte; it must lie inside the object.
	Offset int64
	// Length is the number of bytes; 0 or less means up to the end, and so does a length that goes beyond it.
	Length int64
}

// Errors of a Store, to be tested with errors.Is.
var (
	// ErrKey means that the key is not one of ours: a mistake of the caller, or an attack.
	ErrKey = errors.New("storage: invalid key")
	// ErrNotFound means that no complete object has this key.
	ErrNotFound = errors.New("storage: object not found")
	// ErrExists means that the key is already taken; the object that holds it is untouched.
	ErrExists = errors.New("storage: object already exists")
	// ErrTooLarge means that the content is longer than Options.MaxBytes; see TooLargeError.
	ErrTooLarge = errors.New("storage: content too large")
	// ErrRange means that the range begins at or after the end of the object.
	ErrRange = errors.New("storage: range outside the object")
	// ErrUnavailable means that the store does not answer; trying later may succeed.
	ErrUnavailable = errors.New("storage: unavailable")
)

// TooLargeError is the error of a content over its limit; errors.Is(err, ErrTooLarge) holds.
type TooLargeError struct {
	// Max is the limit that was passed, in bytes.
	Max int64
}

// Error implements error.
func (e *TooLargeError) Error() string {
	return fmt.Sprintf("%v: more than %d bytes", ErrTooLarge, e.Max)
}

// Is makes errors.Is(err, ErrTooLarge) true.
func (e *TooLargeError) Is(target error) bool { return target == ErrTooLarge }
