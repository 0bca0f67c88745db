// Package coffre gives the store of objects to the revision engine: it says in the words of the engine
// what happened to the bytes. It decides nothing about keys nor rights.
package coffre

import (
	"context"
	"errors"
	"fmt"
	"io"

	"apilos/api/revision"
	"apilos/api/storage"
)

// Coffre implements revision.Coffre.
type Coffre struct{ objets storage.Store }

// New returns the bytes of a store of objects.
func New(objets storage.Store) Coffre { return Coffre{objets} }

var _ revision.Coffre = Coffre{}

// Compartiment implements revision.Coffre.
func (c Coffre) Compartiment() string { return c.objets.Name() }

// Deposer implements revision.Coffre. The error of the reader comes back as it is: it tells what the
// sender did. Anything else is the store, which did not take the file.
func (c Coffre) Deposer(ctx context.Context, cle string, r io.Reader, max int64, typeMime string) (revision.Objet, error) {
	source := &temoin{Reader: r}
	info, err := c.objets.Put(ctx, cle, source, storage.Options{ContentType: typeMime, MaxBytes: max})
	switch {
	case err == nil:
		return revision.Objet{Taille: info.Size, SHA256: info.SHA256, MD5: info.MD5}, nil
	case errors.Is(err, storage.ErrTooLarge):
		return revision.Objet{}, revision.TropGros(max)
	case source.err != nil:
		return revision.Objet{}, fmt.Errorf("read deposit: %w", source.err)
	case ctx.Err() != nil:
		return revision.Objet{}, fmt.Errorf("store deposit: %w", ctx.Err())
	}
	return revision.Objet{}, revision.StockageIndisponible(err)
}

// Ouvrir implements revision.Coffre.
func (c Coffre) Ouvrir(ctx context.Context, cle string, debut, longueur int64) (io.ReadCloser, error) {
	var plage *storage.Range
	if debut > 0 || longueur > 0 {
		plage = &storage.Range{Offset: debut, Length: longueur}
	}
	corps, _, err := c.objets.Get(ctx, cle, plage)
	switch {
	case err == nil:
		return corps, nil
	case errors.Is(err, storage.ErrNotFound):
		return nil, revision.ObjetAbsent(err)
	case errors.Is(err, storage.ErrUnavailable):
		return nil, revision.StockageIndisponible(err)
	}
	return nil, fmt.Errorf("open object: %w", err)
}

// Retirer implements revision.Coffre.
func (c Coffre) Retirer(ctx context.Context, cle string) error { return c.objets.Delete(ctx, cle) }

// temoin remembers the error of the sender.
type temoin struct {
	io.Reader
	err error
}

// Read implements io.Reader.
func (t *temoin) Read(p []byte) (int, error) {
	n, err := t.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		t.err = err
	}
	return n, err
}
