package storage

import (
	"fmt"
	"strings"

	"github.com/google/uuid"
)

// MaxKey is the greatest length of a key, in bytes.
const MaxKey = 512

// maxSegment keeps a segment shorter than the names every file system accepts.
const maxSegment = 200

// NewKey returns prefix/id, for instance "conventions/<uuid>/convention_docs/<id>"; with an empty
// prefix, id alone. Another last part (an extension such as ".pdf") may be added to it.
func NewKey(prefix string, id uuid.UUID) string {
	if prefix = strings.Trim(prefix, "/"); prefix == "" {
		return id.String()
	}
	return prefix + "/" + id.String()
}

// CheckKey returns ErrKey unless key is made of segments separated by single slashes, each of
// lower-case ASCII letters, digits, '-', '_' and '.', starting with a letter or a digit. Lower case
// because some file systems do not tell cases apart; no leading dot so that "..", hidden files and
// our own temporary folder cannot be named.
func CheckKey(key string) error {
	if key == "" || len(key) > MaxKey {
		return fmt.Errorf("%w: length %d", ErrKey, len(key))
	}
	for segment := range strings.SplitSeq(key, "/") {
		if !validSegment(segment) {
			return fmt.Errorf("%w: %q", ErrKey, key)
		}
	}
	return nil
}

func validSegment(s string) bool {
	if s == "" || len(s) > maxSegment || !alphanumeric(s[0]) || s[len(s)-1] == '.' {
		return false
	}
	for i := range len(s) {
		if c := s[i]; !alphanumeric(c) && c != '-' && c != '_' && c != '.' {
			return false
		}
	}
	return true
}

func alphanumeric(c byte) bool { return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' }

// checkPrefix accepts what may begin a key, the empty text and a trailing slash included.
func checkPrefix(prefix string) error {
	if prefix == "" {
		return nil
	}
	if strings.HasSuffix(prefix, ".") { // "a." may begin "a.pdf" while no key ends so
		prefix += "x"
	}
	return CheckKey(strings.TrimSuffix(prefix, "/"))
}

// checkList validates the arguments of List and returns the limit to apply.
func checkList(prefix string, limit int) (int, error) {
	if err := checkPrefix(prefix); err != nil {
		return 0, err
	}
	if limit < 1 {
		return 0, fmt.Errorf("storage: limit %d of a list must be positive", limit)
	}
	return min(limit, MaxList), nil
}
