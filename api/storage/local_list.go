package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// List implements Store. It reads only the directories that can hold a wanted key.
func (l *Local) List(ctx context.Context, prefix, after string, limit int) ([]Info, error) {
	limit, err := checkList(prefix, limit)
	if err != nil {
		return nil, err
	}
	w := walk{ctx: ctx, tree: l.root.FS(), prefix: prefix, after: after, limit: limit}
	if err := w.dir("."); err != nil {
		return nil, fmt.Errorf("list %q: %w", prefix, err)
	}
	return w.found, nil
}

// walk lists the objects of a tree in the byte order of their keys.
type walk struct {
	ctx           context.Context
	tree          fs.FS
	prefix, after string
	limit         int
	found         []Info
}

func (w *walk) dir(dir string) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	entries, err := fs.ReadDir(w.tree, dir)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(sortName(a), sortName(b)) })
	for _, e := range entries {
		if len(w.found) == w.limit {
			return nil
		}
		if err := w.entry(path.Join(dir, e.Name()), e); err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) entry(name string, e fs.DirEntry) error {
	if e.IsDir() {
		if w.mayHold(name + "/") {
			return w.dir(name)
		}
		return nil
	}
	if wellFormed := CheckKey(name) == nil; !wellFormed || !e.Type().IsRegular() || !strings.HasPrefix(name, w.prefix) || name <= w.after {
		return nil
	}
	fi, err := e.Info()
	if errors.Is(err, fs.ErrNotExist) {
		return nil // deleted since the directory was read
	}
	if err != nil {
		return err
	}
	w.found = append(w.found, Info{Key: name, Size: fi.Size(), ModTime: fi.ModTime()})
	return nil
}

// mayHold tells whether keys that start with dir (with its final slash) can be wanted.
func (w *walk) mayHold(dir string) bool {
	if strings.HasPrefix(dir, ".") {
		return false
	}
	inPrefix := strings.HasPrefix(dir, w.prefix) || strings.HasPrefix(w.prefix, dir)
	passed := dir < w.after && !strings.HasPrefix(w.after, dir)
	return inPrefix && !passed
}

// sortName gives the place of an entry among keys: those of a directory all start with name + "/",
// and '/' sorts after '-' and '.'.
func sortName(e fs.DirEntry) string {
	if e.IsDir() {
		return e.Name() + "/"
	}
	return e.Name()
}
