package conformance

import (
	"bytes"
	"context"
	"crypto/md5" // #nosec G501 -- compared with what the store computes
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"apilos/api/storage"
)

// longSize is several parts of an S3 upload, and not a multiple of one.
const longSize = 32<<20 + 7

// TestStore checks that a storage.Store keeps every promise of its interface. newStore returns an
// empty store, ready for use, that lives as long as its test.
func TestStore(t *testing.T, newStore func(t *testing.T) storage.Store) {
	tests := []struct {
		name string
		run  func(t *testing.T, s storage.Store)
	}{
		{"put then read back", putThenRead},
		{"empty content", putEmpty},
		{"32 MB of unknown length", putLong},
		{"DO-07 a key is written once", putTwice},
		{"DO-07 concurrent puts of one key, small, exactly one wins", func(t *testing.T, s storage.Store) { race(t, s, 1000, 20) }},
		{"DO-07 concurrent puts of one key, long, exactly one wins", func(t *testing.T, s storage.Store) { race(t, s, 9<<20, 4) }},
		{"limit of size", putTooLarge},
		{"a failing reader leaves nothing", putFailingReader},
		{"a cancelled context leaves nothing", putCancelled},
		{"an unfinished content is never visible", putUnfinished},
		{"ranges", getRanges},
		{"a cancelled context stops a reader", getCancelled},
		{"missing key", missingKey},
		{"DO-05 hostile keys are refused", hostileKeys},
		{"delete twice, then write again", deleteTwice},
		{"a folder of keys is not an object", folderIsNoObject},
		{"list in pages, in byte order", listPages},
		{"sweep spares objects and uploads in progress", sweep},
		{"check and name", checkAndName},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { tt.run(t, newStore(t)) })
	}
}

func newKey() string { return storage.NewKey("essai", uuid.New()) }

// content returns n bytes that look random and are the same at each call.
func content(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{byte(n)}).Read(b) // never fails
	return b
}

// unknownLength hides everything of a reader but Read, and gives odd sizes.
type unknownLength struct{ r io.Reader }

func (u unknownLength) Read(p []byte) (int, error) {
	return u.r.Read(p[:min(len(p), 70_001)])
}

func put(t *testing.T, s storage.Store, key string, b []byte) storage.Info {
	t.Helper()
	info, err := s.Put(t.Context(), key, unknownLength{bytes.NewReader(b)}, storage.Options{ContentType: "application/pdf"})
	require.NoError(t, err)
	return info
}

func read(t *testing.T, s storage.Store, key string, rng *storage.Range) []byte {
	t.Helper()
	body, _, err := s.Get(t.Context(), key, rng)
	require.NoError(t, err)
	b, err := io.ReadAll(body)
	require.NoError(t, err)
	require.NoError(t, body.Close())
	return b
}

// requireNothing fails if the key is visible by any method.
func requireNothing(t *testing.T, s storage.Store, key string) {
	t.Helper()
	_, err := s.Stat(t.Context(), key)
	require.ErrorIs(t, err, storage.ErrNotFound)
	_, _, err = s.Get(t.Context(), key, nil)
	require.ErrorIs(t, err, storage.ErrNotFound)
	list, err := s.List(t.Context(), "", "", storage.MaxList)
	require.NoError(t, err)
	require.NotContains(t, keys(list), key)
}

// requireNoLeftover fails if an interrupted Put left something that only Sweep sees.
func requireNoLeftover(t *testing.T, s storage.Store) {
	t.Helper()
	removed, err := s.Sweep(t.Context(), time.Now().Add(time.Hour))
	require.NoError(t, err)
	require.Zero(t, removed, "an interrupted Put left something behind")
}

func keys(list []storage.Info) []string {
	out := []string{}
	for _, i := range list {
		out = append(out, i.Key)
	}
	return out
}

func requireContent(t *testing.T, s storage.Store, key string, want []byte, got storage.Info) {
	t.Helper()
	sha, sum := sha256.Sum256(want), md5.Sum(want) // #nosec G401
	require.Equal(t, key, got.Key)
	require.Equal(t, int64(len(want)), got.Size)
	require.Equal(t, hex.EncodeToString(sha[:]), got.SHA256)
	require.Equal(t, hex.EncodeToString(sum[:]), got.MD5)
	require.True(t, bytes.Equal(want, read(t, s, key, nil)), "content read back differs")
	info, err := s.Stat(t.Context(), key)
	require.NoError(t, err)
	require.Equal(t, int64(len(want)), info.Size)
	require.False(t, info.ModTime.IsZero())
}

func putThenRead(t *testing.T, s storage.Store) {
	for _, key := range []string{newKey(), uuid.NewString(), "a/b/c/d-e_f.9.pdf", "0123456789abcdef01234567"} {
		b := content(1234)
		requireContent(t, s, key, b, put(t, s, key, b))
	}
}

func putEmpty(t *testing.T, s storage.Store) {
	key := newKey()
	requireContent(t, s, key, nil, put(t, s, key, nil))
	_, _, err := s.Get(t.Context(), key, &storage.Range{Offset: 0, Length: 1})
	require.ErrorIs(t, err, storage.ErrRange)
}

func putLong(t *testing.T, s storage.Store) {
	for _, size := range []int{longSize, 2 * storage.DefaultPartSize, storage.DefaultPartSize} {
		key, b := newKey(), content(size)
		requireContent(t, s, key, b, put(t, s, key, b))
	}
}

func putTwice(t *testing.T, s storage.Store) {
	for _, size := range []int{100, storage.DefaultPartSize + 1} {
		key, b := newKey(), content(100)
		put(t, s, key, b)
		_, err := s.Put(t.Context(), key, bytes.NewReader(content(size)), storage.Options{})
		require.ErrorIs(t, err, storage.ErrExists)
		require.Equal(t, b, read(t, s, key, nil))
	}
}

func race(t *testing.T, s storage.Store, size, writers int) {
	key, start := newKey(), make(chan struct{})
	infos, errs := make([]storage.Info, writers), make([]error, writers)
	var wg sync.WaitGroup
	for i := range writers {
		b := bytes.Repeat([]byte{byte('a' + i)}, size)
		wg.Go(func() {
			<-start
			infos[i], errs[i] = s.Put(t.Context(), key, unknownLength{bytes.NewReader(b)}, storage.Options{})
		})
	}
	close(start)
	wg.Wait()
	winner := -1
	for i, err := range errs {
		if err == nil {
			require.Equal(t, -1, winner, "two writers won")
			winner = i
			continue
		}
		require.ErrorIs(t, err, storage.ErrExists)
	}
	require.NotEqual(t, -1, winner, "no writer won")
	requireContent(t, s, key, bytes.Repeat([]byte{byte('a' + winner)}, size), infos[winner])
}

func putTooLarge(t *testing.T, s storage.Store) {
	for _, limit := range []int64{1000, storage.DefaultPartSize + 1000} {
		key := newKey()
		_, err := s.Put(t.Context(), key, unknownLength{bytes.NewReader(content(int(limit) + 1))}, storage.Options{MaxBytes: limit})
		require.ErrorIs(t, err, storage.ErrTooLarge)
		var tooLarge *storage.TooLargeError
		require.ErrorAs(t, err, &tooLarge)
		require.Equal(t, limit, tooLarge.Max)
		requireNothing(t, s, key)
		requireNoLeftover(t, s)

		b := content(int(limit))
		info, err := s.Put(t.Context(), key, unknownLength{bytes.NewReader(b)}, storage.Options{MaxBytes: limit})
		require.NoError(t, err, "the limit itself is allowed")
		requireContent(t, s, key, b, info)
	}
}

func putFailingReader(t *testing.T, s storage.Store) {
	broken := errors.New("the browser went away")
	for _, size := range []int{0, 1000, storage.DefaultPartSize + 1000} {
		key := newKey()
		r := io.MultiReader(bytes.NewReader(content(size)), failing{broken})
		_, err := s.Put(t.Context(), key, r, storage.Options{})
		require.ErrorIs(t, err, broken)
		requireNothing(t, s, key)
		requireNoLeftover(t, s)
		put(t, s, key, content(10)) // the key is free
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func putCancelled(t *testing.T, s storage.Store) {
	before, cancel := context.WithCancel(t.Context())
	cancel()
	key := newKey()
	_, err := s.Put(before, key, bytes.NewReader(content(10)), storage.Options{})
	require.ErrorIs(t, err, context.Canceled)
	requireNothing(t, s, key)

	for _, size := range []int{1000, storage.DefaultPartSize + 1000} {
		during, cancel := context.WithCancel(t.Context())
		key := newKey()
		r := io.MultiReader(bytes.NewReader(content(size)), calling{cancel}, bytes.NewReader(content(1000)))
		_, err := s.Put(during, key, r, storage.Options{})
		require.ErrorIs(t, err, context.Canceled)
		requireNothing(t, s, key)
		requireNoLeftover(t, s)
		put(t, s, key, content(10)) // the key is free
	}
}

// calling runs a function once in the middle of a content.
type calling struct{ f func() }

func (c calling) Read([]byte) (int, error) { c.f(); return 0, io.EOF }

// putUnfinished looks at the store while a writer is in the middle of its content, as another process
// would after a crash of this one.
func putUnfinished(t *testing.T, s storage.Store) {
	for _, size := range []int{1000, storage.DefaultPartSize + 1000} {
		key, b := newKey(), content(size)
		r, w := io.Pipe()
		done := make(chan error, 1)
		go func() {
			_, err := s.Put(t.Context(), key, r, storage.Options{})
			done <- err
		}()
		_, err := w.Write(b)
		require.NoError(t, err)
		requireNothing(t, s, key)
		require.NoError(t, w.Close())
		require.NoError(t, <-done)
		require.True(t, bytes.Equal(b, read(t, s, key, nil)))
	}
}

func getRanges(t *testing.T, s storage.Store) {
	key, b := newKey(), content(storage.DefaultPartSize+5000)
	put(t, s, key, b)
	size := int64(len(b))
	tests := []struct {
		name string
		rng  storage.Range
		want []byte // nil: ErrRange
	}{
		{"first byte", storage.Range{Offset: 0, Length: 1}, b[:1]},
		{"whole", storage.Range{}, b},
		{"middle, over two parts", storage.Range{Offset: storage.DefaultPartSize - 10, Length: 20}, b[storage.DefaultPartSize-10 : storage.DefaultPartSize+10]},
		{"to the end", storage.Range{Offset: size - 7}, b[size-7:]},
		{"beyond the end", storage.Range{Offset: size - 7, Length: 1000}, b[size-7:]},
		{"length that overflows", storage.Range{Offset: size - 7, Length: 1<<63 - 1}, b[size-7:]},
		{"last byte", storage.Range{Offset: size - 1, Length: 1}, b[size-1:]},
		{"starts at the end", storage.Range{Offset: size, Length: 1}, nil},
		{"starts after the end", storage.Range{Offset: size + 1000}, nil},
		{"negative", storage.Range{Offset: -1, Length: 5}, nil},
	}
	for _, tt := range tests {
		body, info, err := s.Get(t.Context(), key, &tt.rng)
		if tt.want == nil {
			require.ErrorIs(t, err, storage.ErrRange, tt.name)
			continue
		}
		require.NoError(t, err, tt.name)
		got, err := io.ReadAll(body)
		require.NoError(t, err, tt.name)
		require.NoError(t, body.Close(), tt.name)
		require.True(t, bytes.Equal(tt.want, got), "%s: %d bytes instead of %d", tt.name, len(got), len(tt.want))
		require.Equal(t, size, info.Size, "%s: size of the whole object", tt.name)
	}
}

func getCancelled(t *testing.T, s storage.Store) {
	key := newKey()
	put(t, s, key, content(longSize))
	ctx, cancel := context.WithCancel(t.Context())
	body, _, err := s.Get(ctx, key, nil)
	require.NoError(t, err)
	_, err = io.ReadFull(body, make([]byte, 1000))
	require.NoError(t, err)
	cancel()
	_, err = io.Copy(io.Discard, body)
	require.ErrorIs(t, err, context.Canceled)
	require.NoError(t, body.Close())
}

func missingKey(t *testing.T, s storage.Store) {
	for _, key := range []string{newKey(), "a", "a/b/c/d"} {
		requireNothing(t, s, key)
		_, _, err := s.Get(t.Context(), key, &storage.Range{Length: 1})
		require.ErrorIs(t, err, storage.ErrNotFound)
		require.NoError(t, s.Delete(t.Context(), key))
	}
}

func hostileKeys(t *testing.T, s storage.Store) {
	hostile := []string{
		"", "/", "/etc/passwd", "../secret", "a/../../secret", "a/..", "..", ".", "./a", "a/./b", "a//b", "a/", "/a",
		".partiel/x", "a/.cache", `a\b`, `..\..\a`, "a\x00b", "a\nb", "a b", "A", "éte", "convention/été.pdf", "e\u0301", "\u202egpj",
		"a:b", "a*", "a?b", "a%2e%2e", "~root", "$home", "c:/windows", "a.", "con.", "-a", "_a", "\xff\xfe", "🏠",
		strings.Repeat("a", storage.MaxKey+1), strings.Repeat("a/", storage.MaxKey/2) + "a", strings.Repeat("a", 255),
	}
	for _, key := range hostile {
		_, err := s.Put(t.Context(), key, strings.NewReader("x"), storage.Options{})
		require.ErrorIs(t, err, storage.ErrKey, "put %q", key)
		_, _, err = s.Get(t.Context(), key, nil)
		require.ErrorIs(t, err, storage.ErrKey, "get %q", key)
		_, err = s.Stat(t.Context(), key)
		require.ErrorIs(t, err, storage.ErrKey, "stat %q", key)
		require.ErrorIs(t, s.Delete(t.Context(), key), storage.ErrKey, "delete %q", key)
	}
	for _, prefix := range []string{"../", "/", "a//", "é", ".", "A"} {
		_, err := s.List(t.Context(), prefix, "", 10)
		require.ErrorIs(t, err, storage.ErrKey, "list %q", prefix)
	}
	list, err := s.List(t.Context(), "", "", 10)
	require.NoError(t, err)
	require.Empty(t, list)
}

func deleteTwice(t *testing.T, s storage.Store) {
	key, other := "a/b/"+uuid.NewString(), "a/b/"+uuid.NewString()
	put(t, s, key, content(10))
	put(t, s, other, content(20))
	require.NoError(t, s.Delete(t.Context(), key))
	require.NoError(t, s.Delete(t.Context(), key))
	requireNothing(t, s, key)
	require.Equal(t, content(20), read(t, s, other, nil))
	put(t, s, key, content(30))
	require.Equal(t, content(30), read(t, s, key, nil))
}

func folderIsNoObject(t *testing.T, s storage.Store) {
	put(t, s, "a/b/c", content(10))
	for _, key := range []string{"a", "a/b"} {
		requireNothing(t, s, key)
		require.NoError(t, s.Delete(t.Context(), key))
	}
	require.Equal(t, content(10), read(t, s, "a/b/c", nil))
}

func listPages(t *testing.T, s storage.Store) {
	// Byte order is not the order of folders: '-' and '.' come before '/', '0' after.
	all := []string{"a-b", "a.b", "a/1", "a/2/x", "a/20", "a0", "b/1", "b/2"}
	for i := len(all) - 1; i >= 0; i-- {
		put(t, s, all[i], content(i+1))
	}
	for _, size := range []int{1, 3, 1000, 5000} {
		var got []string
		for after, page := "", 0; ; page++ {
			require.Less(t, page, 20, "the pages never end")
			list, err := s.List(t.Context(), "", after, size)
			require.NoError(t, err)
			require.LessOrEqual(t, len(list), size)
			if len(list) == 0 {
				break
			}
			got = append(got, keys(list)...)
			after = got[len(got)-1]
		}
		require.Equal(t, all, got, "pages of %d", size)
	}
	tests := []struct {
		prefix, after string
		want          []string
	}{
		{"a/", "", []string{"a/1", "a/2/x", "a/20"}},
		{"a/2", "", []string{"a/2/x", "a/20"}},
		{"a", "a/1", []string{"a/2/x", "a/20", "a0"}},
		{"a/", "a/2/x", []string{"a/20"}},
		{"a.", "", []string{"a.b"}},
		{"b/1", "", []string{"b/1"}},
		{"b", "b/2", []string{}},
		{"b", "c", []string{}},
		{"nothing/here", "", []string{}},
	}
	for _, tt := range tests {
		list, err := s.List(t.Context(), tt.prefix, tt.after, 100)
		require.NoError(t, err)
		require.Equal(t, tt.want, keys(list), "prefix %q after %q", tt.prefix, tt.after)
	}
	list, err := s.List(t.Context(), "a/20", "", 1)
	require.NoError(t, err)
	require.Equal(t, int64(5), list[0].Size)
	require.WithinDuration(t, time.Now(), list[0].ModTime, time.Hour)
	_, err = s.List(t.Context(), "", "", 0)
	require.Error(t, err)
}

// sweep runs while a long upload is half way, with an instant in the past then in the future.
func sweep(t *testing.T, s storage.Store) {
	key := newKey()
	put(t, s, key, content(10))
	r, w := io.Pipe()
	done, inProgress := make(chan error, 1), newKey()
	go func() {
		_, err := s.Put(t.Context(), inProgress, r, storage.Options{})
		done <- err
	}()
	_, err := w.Write(content(storage.DefaultPartSize + 1000))
	require.NoError(t, err)
	removed, err := s.Sweep(t.Context(), time.Now().Add(-time.Hour))
	require.NoError(t, err)
	require.Zero(t, removed, "an upload in progress was removed")
	require.NoError(t, w.Close())
	require.NoError(t, <-done)

	requireNoLeftover(t, s)
	list, err := s.List(t.Context(), "", "", 100)
	require.NoError(t, err)
	require.ElementsMatch(t, []string{key, inProgress}, keys(list))
}

func checkAndName(t *testing.T, s storage.Store) {
	require.NoError(t, s.Check(t.Context()))
	require.NotEmpty(t, s.Name())
	require.LessOrEqual(t, len(s.Name()), 63, "fichier.compartiment")
	list, err := s.List(t.Context(), "", "", 10)
	require.NoError(t, err)
	require.Empty(t, list, fmt.Sprintf("Check left something in %s", s.Name()))
}
