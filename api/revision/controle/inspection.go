package controle

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// Memoire is the size up to which a file is looked at in memory, in bytes.
const Memoire = 4 << 20

// source gives random access to a file, and stops with its context.
type source struct {
	ctx     context.Context
	r       io.ReaderAt
	taille  int64
	travail int64 // bytes parsed and decoded so far
}

// ReadAt implements io.ReaderAt.
func (s *source) ReadAt(p []byte, off int64) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.r.ReadAt(p, off)
}

// section reads the whole source in order.
func (s *source) section() *io.SectionReader { return io.NewSectionReader(s, 0, s.taille) }

// Inspecter looks at a file of extension, ".pdf" for instance. The error is that of reading the file or of
// ctx; anything about its content is in the verdict.
func Inspecter(ctx context.Context, contenu io.Reader, extension string) (Verdict, error) {
	s, fermer, err := ouvrir(ctx, contenu)
	if err != nil {
		return Verdict{}, err
	}
	v, err := s.inspecter(extension)
	return v, errors.Join(err, fermer())
}

func (s *source) inspecter(extension string) (v Verdict, err error) {
	defer func() {
		// A parser of the standard library or ours met something it did not expect: the file is bad.
		if p := recover(); p != nil {
			v, err = Verdict{Code: TypeInattendu}, s.ctx.Err()
		}
	}()
	if s.taille == 0 {
		return Verdict{Code: Vide}, nil
	}
	debut := make([]byte, min(tailleDebut, s.taille))
	if _, err := s.ReadAt(debut, 0); err != nil && !errors.Is(err, io.EOF) {
		return Verdict{}, fmt.Errorf("read the beginning of the file: %w", err)
	}
	for _, f := range formats() {
		if !slices.Contains(f.extensions, extension) {
			continue
		}
		if !f.reconnaitre(debut) {
			return Verdict{Code: TypeInattendu}, nil
		}
		v := Verdict{}
		if f.inspecter != nil {
			if v, err = f.inspecter(s); err != nil {
				return Verdict{}, err
			}
		}
		v.TypeMime = f.mime
		return v, s.ctx.Err()
	}
	return Verdict{Code: TypeInattendu}, nil
}

// ouvrir keeps a short file in memory, a long one in a temporary file that fermer removes.
func ouvrir(ctx context.Context, r io.Reader) (s *source, fermer func() error, err error) {
	debut, err := io.ReadAll(io.LimitReader(r, Memoire+1))
	if err != nil {
		return nil, nil, fmt.Errorf("read file: %w", err)
	}
	if len(debut) <= Memoire {
		return &source{ctx: ctx, r: bytes.NewReader(debut), taille: int64(len(debut))}, func() error { return nil }, nil
	}
	f, err := os.CreateTemp("", "apilos-controle-")
	if err != nil {
		return nil, nil, fmt.Errorf("temporary file: %w", err)
	}
	fermer = func() error { return errors.Join(f.Close(), os.Remove(f.Name())) }
	n, err := io.Copy(f, io.MultiReader(bytes.NewReader(debut), lecture{ctx, r}))
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("copy file: %w", err), fermer())
	}
	return &source{ctx: ctx, r: f, taille: n}, fermer, nil
}

// lecture stops with its context.
type lecture struct {
	ctx context.Context
	r   io.Reader
}

// Read implements io.Reader.
func (l lecture) Read(p []byte) (int, error) {
	if err := l.ctx.Err(); err != nil {
		return 0, err
	}
	return l.r.Read(p)
}
