package bal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/transform"
)

// Source opens the file to read. It may be called several times: the encoding is known only at the end of a first
// reading, and the rules on the whole file may need one more.
type Source func(ctx context.Context) (io.ReadCloser, error)

// suivre tells progres how many bytes were read since each opening.
func (s Source) suivre(progres func(lu int64)) Source {
	if progres == nil {
		return s
	}
	return func(ctx context.Context) (io.ReadCloser, error) {
		lecture, err := s(ctx)
		if err != nil {
			return nil, err
		}
		return &lectureSuivie{ReadCloser: lecture, progres: progres}, nil
	}
}

type lectureSuivie struct {
	io.ReadCloser
	lu      int64
	progres func(lu int64)
}

// Read implements io.Reader.
func (l *lectureSuivie) Read(p []byte) (int, error) {
	n, err := l.ReadCloser.Read(p)
	l.lu += int64(n)
	l.progres(l.lu)
	return n, err
}

const (
	encodageUTF8        = "utf-8"
	encodageWindows1252 = "windows-1252"

	// tailleDebut is what is kept of the beginning of a file: enough to guess its dialect, and the whole of most files.
	tailleDebut = 3*portionDialecte + 64
	tailleBloc  = 256 << 10
)

// refus tells why a file is not read as text: the codes of 07 §4.4.
type refus string

const (
	refusBinaire  refus = "NonTextFile"
	refusEncodage refus = "UnsupportedEncoding"
)

func (r refus) message() string {
	if r == refusBinaire {
		return "Le fichier n’est pas un fichier texte : déposez un fichier CSV"
	}
	return "L’encodage du fichier n’est pas accepté : enregistrez le fichier en UTF-8"
}

// texte is a file recognised as text (07 §10.2): how to decode it, and its beginning decoded.
type texte struct {
	source   Source
	encodage string
	refus    refus
	taille   int64  // bytes of the file
	debut    []byte // decoded, without BOM
	entier   bool   // debut is the whole file
	bom      bool
	abime    bool // utf-8 with invalid bytes
}

// reconnaitre reads the file once.
func reconnaitre(ctx context.Context, source Source) (*texte, error) {
	lecture, err := source(ctx)
	if err != nil {
		return nil, fmt.Errorf("open the file: %w", err)
	}
	t := &texte{source: source}
	var c compteUTF8
	brut, err := t.parcourir(ctx, lecture, &c)
	if err = errors.Join(err, lecture.Close()); err != nil {
		return nil, fmt.Errorf("read the file: %w", err)
	}
	if t.refus != "" {
		return t, nil
	}
	c.terminer()
	t.encodage = encodageUTF8
	if c.invalides > 0 {
		t.abime = t.bom && c.multiples > 10*c.invalides
		if !t.abime {
			t.encodage = encodageWindows1252
		}
	}
	if t.bom {
		brut = brut[len(bom):]
	}
	t.debut = t.decoderTout(brut)
	return t, nil
}

// parcourir reads everything, keeps the beginning and stops at the first reason to refuse.
func (t *texte) parcourir(ctx context.Context, lecture io.Reader, c *compteUTF8) ([]byte, error) {
	brut, err := lireDebut(lecture)
	if err != nil {
		return nil, err
	}
	t.taille = int64(len(brut))
	t.bom = bytes.HasPrefix(brut, bom)
	if t.refus = refuser(brut); t.refus != "" {
		return nil, nil
	}
	c.ajouter(brut)
	if t.entier = len(brut) < tailleDebut; t.entier {
		return brut, nil
	}
	bloc := make([]byte, tailleBloc)
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		n, err := lecture.Read(bloc)
		t.taille += int64(n)
		if bytes.IndexByte(bloc[:n], 0) >= 0 {
			t.refus = refusEncodage
			return nil, nil
		}
		c.ajouter(bloc[:n])
		if err == io.EOF {
			return brut, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// lireDebut reads at most tailleDebut bytes; less means the whole file.
func lireDebut(lecture io.Reader) ([]byte, error) {
	var tampon bytes.Buffer
	tampon.Grow(16 << 10)
	if _, err := tampon.ReadFrom(io.LimitReader(lecture, tailleDebut)); err != nil {
		return nil, err
	}
	return tampon.Bytes(), nil
}

var bom = []byte("\xEF\xBB\xBF")

func refuser(debut []byte) refus {
	switch {
	case bytes.HasPrefix(debut, []byte("\xFF\xFE")), bytes.HasPrefix(debut, []byte("\xFE\xFF")),
		bytes.HasPrefix(debut, []byte("\x00\x00\xFE\xFF")):
		return refusEncodage
	case estBinaire(debut):
		return refusBinaire
	case bytes.IndexByte(debut, 0) >= 0:
		return refusEncodage
	}
	return ""
}

// decodeur gives the transformation into clean UTF-8, nil when there is nothing to do.
func (t *texte) decodeur() transform.Transformer {
	switch {
	case t.encodage == encodageWindows1252:
		return windows1252{}
	case t.abime:
		return utf8Repare{}
	}
	return nil
}

// decoderTout decodes the beginning of the file. When the file goes on, its last character may be cut: that beginning
// only serves to guess.
func (t *texte) decoderTout(brut []byte) []byte {
	d := t.decodeur()
	if d == nil {
		return brut
	}
	decode, _, _ := transform.Bytes(d, brut) // the transformations accept every byte
	return decode
}

// ouvrir gives the decoded text from the beginning, without BOM.
func (t *texte) ouvrir(ctx context.Context) (io.ReadCloser, error) {
	if t.entier {
		return io.NopCloser(bytes.NewReader(t.debut)), nil
	}
	lecture, err := t.source(ctx)
	if err != nil {
		return nil, fmt.Errorf("open the file again: %w", err)
	}
	if t.bom {
		if _, err := io.CopyN(io.Discard, lecture, int64(len(bom))); err != nil {
			return nil, errors.Join(fmt.Errorf("skip the byte order mark: %w", err), lecture.Close())
		}
	}
	d := t.decodeur()
	if d == nil {
		return lecture, nil
	}
	return struct {
		io.Reader
		io.Closer
	}{transform.NewReader(lecture, d), lecture}, nil
}

// compteUTF8 counts the sequences of several bytes and the invalid bytes of a text read piece by piece.
type compteUTF8 struct {
	multiples, invalides int
	reste                []byte // a sequence cut by the end of a piece
}

func (c *compteUTF8) ajouter(bloc []byte) {
	if len(c.reste) > 0 {
		n := min(len(bloc), utf8.UTFMax)
		jonction := append(c.reste, bloc[:n]...)
		debut := len(c.reste)
		c.reste = nil
		i := 0
		for i < debut {
			if !utf8.FullRune(jonction[i:]) {
				c.reste = bytes.Clone(jonction[i:]) // pieces of a few bytes
				return
			}
			i += c.compter(jonction[i:])
		}
		bloc = bloc[i-debut:]
	}
	for i := 0; i < len(bloc); {
		if bloc[i] < utf8.RuneSelf {
			i += longueurASCII(bloc[i:])
			continue
		}
		if !utf8.FullRune(bloc[i:]) {
			c.reste = bytes.Clone(bloc[i:])
			return
		}
		i += c.compter(bloc[i:])
	}
}

// compter counts the sequence at the beginning of v and returns its length.
func (c *compteUTF8) compter(v []byte) int {
	r, n := utf8.DecodeRune(v)
	switch {
	case r == utf8.RuneError && n == 1:
		c.invalides++
	case n > 1:
		c.multiples++
	}
	return n
}

// terminer counts what was left of a sequence cut by the end of the file.
func (c *compteUTF8) terminer() { c.invalides += len(c.reste) }
